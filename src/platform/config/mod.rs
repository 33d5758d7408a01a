//! Configuration in layers: defaults, a TOML file, environment variables, flags; the later ones win.

mod files;

use std::{collections::HashMap, path::PathBuf};

use config::{Config as Layers, Environment, File, FileFormat};
pub use files::{FilesConfig, S3Config};
use ipnet::IpNet;
use serde::{Deserialize, Serialize};

/// Everything that can be set. Each name is a key of the TOML file, and of the environment as `PILOTS_` plus the path
/// in capitals with `__` between the parts: `server.listen` is `PILOTS_SERVER__LISTEN`.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Whether people try it out or public money hangs on it.
    pub mode: Mode,
    /// The socket side.
    pub server: ServerConfig,
    /// The database.
    pub database: DatabaseConfig,
    /// Logins.
    pub auth: AuthConfig,
    /// Letters.
    pub mail: MailConfig,
    /// Files that people hand in.
    pub files: FilesConfig,
    /// The log.
    pub log: LogConfig,
    /// Messages to addresses that users name.
    pub webhooks: WebhooksConfig,
    /// Rate limits.
    pub limits: LimitsConfig,
    /// Metrics for Prometheus.
    pub metrics: MetricsConfig,
    /// Traces for OpenTelemetry.
    pub telemetry: TelemetryConfig,
}

/// The socket side.
#[derive(Clone, Debug, Deserialize, Serialize)]
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
    /// Seconds for a request's body to arrive.
    pub body_timeout_seconds: u64,
    /// Seconds for which an idle connection is kept; longer than the proxy in front keeps its own.
    pub keep_alive_seconds: u64,
    /// Connections held open by each async worker; more wait in the backlog.
    pub max_connections: usize,
    /// Requests served at once; more are told to come back. 0 is no bound.
    pub max_in_flight: usize,
    /// Seconds for requests in flight to finish when the process is told to stop.
    pub shutdown_seconds: u64,
    /// Origins whose pages may call us from a browser, each exact; empty is none.
    pub cors_origins: Vec<String>,
    /// Networks of our own proxies, whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// Where people reach the front end; links in letters begin with it. Without it, the address that is listened on.
    #[serde(default)]
    pub public_url: Option<String>,
}

/// The database.
#[derive(Clone, Debug, Deserialize, Serialize)]
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
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct AuthConfig {
    /// The folder of the signing keys; instances that share a database must share it.
    pub keys: PathBuf,
    /// `iss` of access tokens.
    pub issuer: String,
    /// `aud` of access tokens.
    pub audience: String,
    /// Mail domains whose people may register, and all below them; empty closes registration.
    pub registration_domains: Vec<String>,
    /// Whether staff can do nothing before they have set up a second factor; production demands it.
    pub require_second_factor_for_staff: bool,
}

/// Letters.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct MailConfig {
    /// How letters leave.
    pub transport: MailTransport,
    /// Where they are written to by the transport `folder`.
    pub folder: PathBuf,
    /// Who they are from, such as `Innovation Pilots <pilots@example.gov.bd>`.
    pub from: String,
    /// For the transport `smtp`: `smtps://host:465`, or `smtp://host:587?tls=required`.
    pub smtp_url: String,
    /// The login there, unless the URL has it.
    pub smtp_user: String,
    /// And its password.
    pub smtp_password: String,
}

/// How letters leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MailTransport {
    /// One file a letter.
    Folder,
    /// To a server.
    Smtp,
}

/// Whether people try it out or public money hangs on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Makes keys it does not find, takes demo data, writes letters to a folder.
    Development,
    /// Starts only when all is as `production` demands.
    Production,
}

/// Messages to addresses that users name.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct WebhooksConfig {
    /// For development only: networks of our own that may be posted to, and without TLS. Empty: https, and public
    /// addresses alone.
    pub test_networks: Vec<IpNet>,
}

/// The log.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct LogConfig {
    /// A filter such as `info` or `info,http=warn`.
    pub filter: String,
    /// `text` for people, `json` for machines.
    pub format: LogFormat,
}

/// Rate limits, each instance counting for itself. 0 a minute is no limit.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct LimitsConfig {
    /// Whether requests are counted at all.
    pub enabled: bool,
    /// Requests a minute of one account.
    pub account_per_minute: u32,
    /// Requests a minute of one key of a service account.
    pub key_per_minute: u32,
    /// Requests a minute of one address that is not logged in.
    pub address_per_minute: u32,
    /// Requests a minute of one address to `/v1/auth/…`, besides the limits above.
    pub auth_per_minute: u32,
    /// Callers remembered by each limit.
    pub most_callers: u64,
}

/// Metrics for Prometheus. With neither address nor token `/metrics` is 404.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct MetricsConfig {
    /// An address and port of their own, without a token.
    pub listen: Option<String>,
    /// A bearer token for `/metrics` on the main port.
    pub token: Option<String>,
}

/// Traces for OpenTelemetry.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct TelemetryConfig {
    /// Where spans are sent by OTLP over HTTP, such as `http://127.0.0.1:4318/v1/traces`; none is off.
    pub otlp_endpoint: Option<String>,
    /// The share of traces that begin here and are kept, from 0 to 1; a caller's decision is followed.
    pub sample_ratio: f64,
}

/// How log lines look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
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
        Self::layered(flags, std_environment())
    }

    /// With these environment variables.
    fn layered(flags: &Flags, variables: HashMap<String, String>) -> Result<Self, String> {
        let set = |name: &str| variables.get(name).filter(|value| !value.is_empty()).cloned();
        // A list is written with commas.
        let lists = LISTS.map(|key| {
            let variable = format!("PILOTS_{}", key.replace('.', "__").to_uppercase());
            let list = set(&variable).map(|text| text.split(',').map(|one| one.trim().to_owned()).collect::<Vec<_>>());
            (key, list.map(|list| list.into_iter().filter(|one| !one.is_empty()).collect::<Vec<_>>()))
        });
        let urls = [("database.url", set("DATABASE_URL")), ("database.read_url", set("DATABASE_READ_URL"))];
        let mut layers = Layers::builder().add_source(File::from_str(DEFAULTS, FileFormat::Toml));
        if let Some(path) = &flags.config {
            layers = layers.add_source(File::from(path.as_path()).format(FileFormat::Toml));
        }
        // Each value as it stands, for the key to say what it is: read as a number, the password 0123 would be 123.
        layers = layers.add_source(
            Environment::with_prefix("PILOTS")
                .prefix_separator("_")
                .separator("__")
                // Compose passes a variable that nobody set on as an empty one.
                .ignore_empty(true)
                .source(Some(variables)),
        );
        for (key, list) in lists {
            layers = layers.set_override_option(key, list).map_err(|error| error.to_string())?;
        }
        for (key, url) in urls {
            layers = layers.set_override_option(key, url).map_err(|error| error.to_string())?;
        }
        layers = layers
            .set_override_option("server.listen", flags.listen.clone())
            .and_then(|layers| layers.set_override_option("database.url", flags.database_url.clone()))
            .map_err(|error| error.to_string())?;
        layers.build().and_then(Layers::try_deserialize).map_err(|error| error.to_string())
    }
}

/// The keys that hold a list.
const LISTS: [&str; 4] =
    ["server.cors_origins", "server.trusted_proxies", "webhooks.test_networks", "auth.registration_domains"];

#[expect(clippy::disallowed_methods, reason = "the one home of environment variables")]
fn std_environment() -> HashMap<String, String> {
    // What is no UTF-8 is none of ours.
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect()
}

/// `NO_COLOR`, which is everyone's and no setting of ours.
pub fn no_color() -> Option<String> {
    std_environment().remove("NO_COLOR")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(variables: &[(&str, &str)]) -> Result<Config, String> {
        let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Config::layered(&Flags::default(), variables)
    }

    #[test]
    fn a_text_stays_as_it_was_written() {
        for text in ["0123", "1e5", "true", "FALSE", "-0", "1.50", "a,b", "  spaces ", "১২৩", "0x10", "inf"] {
            let config = load(&[
                ("PILOTS_MAIL__SMTP_PASSWORD", text),
                ("PILOTS_MAIL__SMTP_USER", text),
                ("PILOTS_METRICS__TOKEN", text),
                ("PILOTS_AUTH__ISSUER", text),
                ("PILOTS_FILES__S3__BUCKET", text),
                ("PILOTS_FILES__S3__SECRET_ACCESS_KEY", text),
            ])
            .unwrap();
            let s3 = config.files.s3.unwrap();
            assert_eq!([config.mail.smtp_password.as_str(), &config.mail.smtp_user], [text, text]);
            assert_eq!([config.metrics.token.as_deref(), s3.secret_access_key.as_deref()], [Some(text), Some(text)]);
            assert_eq!([config.auth.issuer, s3.bucket], [text, text]);
        }
    }

    #[test]
    fn what_is_no_text_is_read_as_what_it_is() {
        let config = load(&[
            ("PILOTS_SERVER__BODY_LIMIT", "2048"),
            ("PILOTS_LIMITS__ENABLED", "false"),
            ("PILOTS_TELEMETRY__SAMPLE_RATIO", "0.25"),
            ("PILOTS_MODE", "production"),
            ("PILOTS_SERVER__CORS_ORIGINS", "https://a.gov.bd, https://b.gov.bd"),
            ("PILOTS_SERVER__TRUSTED_PROXIES", "10.0.0.0/8"),
            ("PILOTS_AUTH__REGISTRATION_DOMAINS", ""),
            ("DATABASE_URL", "postgres://db/pilots"),
        ])
        .unwrap();
        assert_eq!(config.server.body_limit, 2048);
        assert!(!config.limits.enabled);
        assert!((config.telemetry.sample_ratio - 0.25).abs() < f64::EPSILON);
        assert_eq!(config.mode, Mode::Production);
        assert_eq!(config.server.cors_origins, ["https://a.gov.bd", "https://b.gov.bd"]);
        assert_eq!(config.server.trusted_proxies, ["10.0.0.0/8".parse::<IpNet>().unwrap()]);
        assert_eq!(config.auth.registration_domains, ["gov.bd"]);
        assert_eq!(config.database.url, "postgres://db/pilots");
        for (variable, value) in [("PILOTS_SERVER__BODY_LIMIT", "much"), ("PILOTS_LIMITS__ENABLED", "perhaps")] {
            assert!(load(&[(variable, value)]).is_err(), "{variable}={value}");
        }
    }
}
