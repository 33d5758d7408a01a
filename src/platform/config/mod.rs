//! Configuration in layers: defaults, a TOML file, environment variables, flags; the later ones win.

mod files;

use std::path::PathBuf;

use config::{Config as Layers, Environment, File, FileFormat};
pub use files::{FilesConfig, S3Config};
use ipnet::IpNet;
use serde::Deserialize;

/// Everything that can be set. Each name is a key of the TOML file, and of the environment as `PILOTS_` plus the path
/// in capitals with `__` between the parts: `server.listen` is `PILOTS_SERVER__LISTEN`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The socket side.
    pub server: ServerConfig,
    /// The database.
    pub database: DatabaseConfig,
    /// Logins.
    pub auth: AuthConfig,
    /// Files that people hand in.
    pub files: FilesConfig,
    /// The log.
    pub log: LogConfig,
}

/// The socket side.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServerConfig {
    /// Address and port to listen on.
    pub listen: String,
    /// Async workers; 0 is as many as there are cores.
    pub workers: usize,
    /// The largest request body, in bytes, unpacked.
    pub body_limit: usize,
    /// Seconds for a request's headers to arrive.
    pub header_timeout_seconds: u64,
    /// Seconds for requests in flight to finish when the process is told to stop.
    pub shutdown_seconds: u64,
    /// Origins whose pages may call us from a browser, each exact; empty is none.
    pub cors_origins: Vec<String>,
    /// Networks of our own proxies, whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
}

/// The database.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DatabaseConfig {
    /// `sqlite://path` or `postgres://…`; also `DATABASE_URL`.
    pub url: String,
    /// A PostgreSQL replica to read from; also `DATABASE_READ_URL`.
    pub read_url: Option<String>,
    /// Connections to read with, and on PostgreSQL as many to write with.
    pub connections: u32,
    /// Milliseconds that a request waits for a connection before it is told to come back.
    pub wait_milliseconds: u64,
}

/// Logins.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuthConfig {
    /// The folder of the signing keys; instances that share a database must share it.
    pub keys: PathBuf,
    /// `iss` of access tokens.
    pub issuer: String,
    /// `aud` of access tokens.
    pub audience: String,
}

/// The log.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogConfig {
    /// A filter such as `info` or `info,http=warn`.
    pub filter: String,
    /// `text` for people, `json` for machines.
    pub format: LogFormat,
}

/// How log lines look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// For people.
    Text,
    /// For machines.
    Json,
}

/// Values given on the command line.
#[derive(Clone, Debug, Default)]
pub struct Flags {
    /// The TOML file.
    pub config: Option<PathBuf>,
    /// Overrides `server.listen`.
    pub listen: Option<String>,
    /// Overrides `database.url`.
    pub database_url: Option<String>,
}

const DEFAULTS: &str = include_str!("defaults.toml");

impl Config {
    /// Puts the layers together.
    ///
    /// # Errors
    /// A sentence naming the key or file that is wrong.
    pub fn load(flags: &Flags) -> Result<Self, String> {
        let mut layers = Layers::builder().add_source(File::from_str(DEFAULTS, FileFormat::Toml));
        if let Some(path) = &flags.config {
            layers = layers.add_source(File::from(path.as_path()).format(FileFormat::Toml));
        }
        layers = layers.add_source(
            Environment::with_prefix("PILOTS")
                .prefix_separator("_")
                .separator("__")
                .try_parsing(true)
                .list_separator(",")
                .with_list_parse_key("server.cors_origins")
                .with_list_parse_key("server.trusted_proxies"),
        );
        for (variable, key) in [("DATABASE_URL", "database.url"), ("DATABASE_READ_URL", "database.read_url")] {
            layers = layers.set_override_option(key, environment(variable)).map_err(|error| error.to_string())?;
        }
        layers = layers
            .set_override_option("server.listen", flags.listen.clone())
            .and_then(|layers| layers.set_override_option("database.url", flags.database_url.clone()))
            .map_err(|error| error.to_string())?;
        layers.build().and_then(Layers::try_deserialize).map_err(|error| error.to_string())
    }
}

#[expect(clippy::disallowed_methods, reason = "the one home of environment variables")]
fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
