//! `config`: what is in force when all layers are put together. Secrets are hidden wherever they stand, those in URLs
//! too, so that the output can be shown to whoever helps.

use serde_json::{Map, Value};

use super::{production, say};
use crate::platform::{config::Config, db::DatabaseUrl};

/// What stands in the place of a secret.
const HIDDEN: &str = "********";

pub(super) fn run(config: &Config) -> Result<(), String> {
    say(effective(config)?.trim_end());
    let url = DatabaseUrl::parse(&config.database.url)?;
    say("");
    match production::faults(config, &url, false).as_slice() {
        [] => say("# Production mode would start with this."),
        faults => {
            say("# Production mode would refuse this:");
            faults.iter().for_each(|fault| say(&format!("# - {fault}")));
        }
    }
    Ok(())
}

/// As a TOML file that would mean the same, but for the secrets.
fn effective(config: &Config) -> Result<String, String> {
    let Value::Object(mut all) = serde_json::to_value(config).map_err(|error| error.to_string())? else {
        return Err("the configuration is no table".into());
    };
    all.sort_keys();
    Ok(section("", &all))
}

/// A table: its keys first, then the tables in it, each under its whole path.
fn section(path: &str, table: &Map<String, Value>) -> String {
    let mut text = if path.is_empty() { String::new() } else { format!("\n[{path}]\n") };
    let (tables, keys): (Vec<_>, Vec<_>) = table.iter().partition(|(_, value)| value.is_object());
    text.extend(keys.into_iter().map(|(key, value)| line(key, value)));
    for (key, value) in tables {
        let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
        text.extend(value.as_object().map(|table| section(&path, table)));
    }
    text
}

fn line(key: &str, value: &Value) -> String {
    match value {
        Value::Null => format!("# {key} is not set\n"),
        Value::String(text) if is_secret(key) && !text.is_empty() => format!("{key} = \"{HIDDEN}\"\n"),
        Value::String(text) => format!("{key} = {}\n", Value::String(without_secrets(text))),
        other => format!("{key} = {other}\n"),
    }
}

fn is_secret(key: &str) -> bool {
    ["password", "secret", "token", "access_key"].iter().any(|word| key.contains(word))
}

/// A URL without what may be a secret in it: the password before its host, or for http, where a name alone is a key as a
/// rule, all that stands there; the values of parameters but for those that are known to be harmless; the fragment.
/// A password that is not encoded may hold any sign, so the host begins behind the last `@`.
fn without_secrets(text: &str) -> String {
    let Some((scheme, rest)) = text.split_once("://") else { return text.to_owned() };
    let is_http = scheme.starts_with("http");
    let rest = match rest.rsplit_once('@') {
        Some((_, place)) if is_http => format!("{HIDDEN}@{place}"),
        Some((login, place)) => match login.split_once(':') {
            Some((user, _)) => format!("{user}:{HIDDEN}@{place}"),
            // A name alone, or an `@` in the parameters, which are looked at below.
            None => rest.to_owned(),
        },
        None => rest.to_owned(),
    };
    let (rest, fragment) = match rest.split_once('#') {
        Some((rest, _)) => (rest, format!("#{HIDDEN}")),
        None => (rest.as_str(), String::new()),
    };
    let Some((place, query)) = rest.split_once('?') else { return format!("{scheme}://{rest}{fragment}") };
    let query: Vec<String> = query.split('&').map(parameter).collect();
    format!("{scheme}://{place}?{}{fragment}", query.join("&"))
}

/// Parameters of libpq and lettre whose values are no secrets.
const HARMLESS: [&str; 21] = [
    "application_name",
    "channel_binding",
    "client_encoding",
    "connect_timeout",
    "dbname",
    "gssencmode",
    "host",
    "hostaddr",
    "keepalives",
    "keepalives_idle",
    "load_balance_hosts",
    "port",
    "sslcert",
    "sslkey",
    "sslmode",
    "sslnegotiation",
    "sslrootcert",
    "target_session_attrs",
    "tcp_user_timeout",
    "tls",
    "user",
];

fn parameter(pair: &str) -> String {
    match pair.split_once('=') {
        Some((name, _)) if HARMLESS.contains(&name.to_lowercase().as_str()) => pair.to_owned(),
        Some((name, _)) => format!("{name}={HIDDEN}"),
        None if pair.is_empty() => String::new(),
        None => HIDDEN.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::config::Flags;

    #[test]
    fn passwords_are_hidden_wherever_they_stand() {
        for (url, shown) in [
            ("postgres://pilots:geheim@db/pilots", "postgres://pilots:********@db/pilots"),
            (
                "postgres://pilots:ge/h@e:im@db/pilots?sslmode=require",
                "postgres://pilots:********@db/pilots?sslmode=require",
            ),
            ("postgres://db/pilots?user=x&password=geheim", "postgres://db/pilots?user=x&password=********"),
            ("postgres://db/pilots?PASSWORD=geheim", "postgres://db/pilots?PASSWORD=********"),
            ("smtps://geheim-user:geheim@mail:465", "smtps://geheim-user:********@mail:465"),
            ("sqlite://./data/pilots.sqlite3", "sqlite://./data/pilots.sqlite3"),
            ("postgres://pilots@db/pilots", "postgres://pilots@db/pilots"),
            ("Pilots <a@b.c>", "Pilots <a@b.c>"),
            ("http://geheim@collector:4318/v1/traces", "http://********@collector:4318/v1/traces"),
            ("https://pilots:geheim@s3.gov.bd", "https://********@s3.gov.bd"),
            (
                "https://collector/v1/traces?api-key=geheim&X=geheim&geheim",
                "https://collector/v1/traces?api-key=********&X=********&********",
            ),
            ("https://collector/v1/traces#geheim", "https://collector/v1/traces#********"),
            ("postgres://db/pilots?passfile=geheim", "postgres://db/pilots?passfile=********"),
            ("postgres://db/pilots?options=-c%20x=geheim", "postgres://db/pilots?options=********"),
            ("smtp://mail:587?tls=required", "smtp://mail:587?tls=required"),
        ] {
            assert_eq!(without_secrets(url), shown);
        }
    }

    #[test]
    fn what_is_printed_is_toml_and_names_every_key() {
        let mut config = Config::load(&Flags::default()).unwrap();
        config.mail.smtp_password = "geheim".into();
        config.files.s3 = serde_json::from_str(r#"{"bucket": "pilots", "endpoint": "https://geheim:geheim@s3.gov.bd/?sig=geheim", "access_key_id": "geheim", "secret_access_key": "geheim"}"#).unwrap();
        config.database.url = "postgres://pilots:geheim@db/pilots".into();
        config.database.read_url = Some("postgres://db/pilots?user=x&password=geheim".into());
        config.telemetry.otlp_endpoint = Some("https://geheim@collector/v1/traces?key=geheim".into());
        config.mail.smtp_url = "smtps://pilots:geheim@mail.gov.bd".into();
        let text = effective(&config).unwrap();
        assert!(!text.contains("geheim"), "{text}");
        for key in [
            "mode = \"development\"",
            "[mail]",
            "smtp_password = \"********\"",
            "[files.s3]",
            "registration_domains = [\"gov.bd\"]",
        ] {
            assert!(text.contains(key), "{text}");
        }
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("pilots.toml");
        std::fs::write(&file, text).unwrap();
        assert!(Config::load(&Flags { config: Some(file), ..Flags::default() }).is_ok());
    }
}
