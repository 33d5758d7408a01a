//! What production mode demands before it starts. All that is missing is said in one message, so that whoever installs it
//! does not find out one start at a time.

use std::time::Duration;

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl, TextExpressionMethods};

use crate::platform::{
    auth::KeyRing,
    config::{Config, MailTransport},
    db::{DatabaseUrl, Db, DbSettings, Engine, schema::users},
    mail::Mailer,
    outbound::is_public_https,
};

/// The addresses of the demo's people end so; their password is in the README.
const DEMO: &str = "@demo.innovation.gov.bd";

/// Refuses to go on unless everything is as it has to be.
///
/// # Errors
/// All that is missing.
pub(super) fn demand(config: &Config, url: &DatabaseUrl, demo: bool) -> Result<(), String> {
    if url.engine() == Engine::Sqlite {
        tracing::warn!("production with SQLite: one instance only, on a disk of its own, with a backup of yours");
    }
    let faults = faults(config, url, demo);
    if faults.is_empty() {
        return Ok(());
    }
    Err(format!("production mode does not start like this:\n- {}", faults.join("\n- ")))
}

/// All that production mode refuses.
pub(super) fn faults(config: &Config, url: &DatabaseUrl, demo: bool) -> Vec<String> {
    let mut faults = KeyRing::faults(&config.auth.keys);
    let mut refuse = |when: bool, fault: String| {
        if when {
            faults.push(fault);
        }
    };
    refuse(demo, "--demo: demo accounts have a password that everyone knows".into());
    refuse(!config.auth.require_second_factor_for_staff, "auth.require_second_factor_for_staff: has to be true".into());
    let public = config.server.public_url.as_deref().unwrap_or_default();
    refuse(!is_public_https(public), "server.public_url: has to be a public https:// address".to_owned());
    for origin in config.server.cors_origins.iter().filter(|origin| !origin.starts_with("https://")) {
        refuse(true, format!("server.cors_origins: {origin} is not https://"));
    }
    for domain in
        config.auth.registration_domains.iter().filter(|domain| !domain.trim_matches(['.', '@']).contains('.'))
    {
        refuse(true, format!("auth.registration_domains: {domain} is a whole top-level domain"));
    }
    refuse(
        !config.webhooks.test_networks.is_empty(),
        "webhooks.test_networks: has to be empty; webhooks would reach into networks of ours".into(),
    );
    match config.mail.transport {
        MailTransport::Folder => refuse(true, "mail.transport: has to be smtp; a folder reaches nobody".into()),
        MailTransport::Smtp => {
            let smtp = config.mail.smtp_url.as_str();
            let is_tls = smtp.starts_with("smtps://") || smtp.starts_with("smtp://") && smtp.contains("tls=required");
            refuse(!is_tls, "mail.smtp_url: has to be smtps://…, or smtp://…?tls=required".into());
            let password = password_of(smtp).filter(|_| config.mail.smtp_user.is_empty());
            let password = password.unwrap_or(config.mail.smtp_password.as_str());
            refuse(!password.is_empty() && is_weak(password), "mail.smtp_password: is weak".into());
            if let Err(error) = Mailer::check(&config.mail) {
                refuse(true, error);
            }
        }
    }
    refuse(config.mail.from.contains("example"), "mail.from: is an example".into());
    for (key, url) in
        [("database.url", Some(&config.database.url)), ("database.read_url", config.database.read_url.as_ref())]
    {
        let password = url.and_then(|url| password_of(url));
        refuse(password.is_some_and(is_weak), format!("{key}: its password is weak"));
    }
    match demo_accounts(config, url) {
        Ok(0) => {}
        Ok(count) => {
            refuse(true, format!("database.url: {count} active demo accounts; disable them, or use a new database"))
        }
        Err(error) => refuse(true, format!("database.url: cannot be asked for demo accounts: {error}")),
    }
    faults
}

/// The password in a URL.
fn password_of(url: &str) -> Option<&str> {
    let (login, _) = url.split_once("://")?.1.rsplit_once('@')?;
    login.split_once(':').map(|(_, password)| password)
}

/// Short, or soon guessed.
fn is_weak(password: &str) -> bool {
    let head: String = password.chars().take(100).collect();
    password.chars().count() < 12 || u8::from(zxcvbn::zxcvbn(&head, &["pilots", "innovation", "postgres"]).score()) < 3
}

/// How many people of the demo can log in. A database that is not there yet, or has no tables yet, has none.
fn demo_accounts(config: &Config, url: &DatabaseUrl) -> Result<i64, String> {
    if let DatabaseUrl::Sqlite(path) = url
        && !path.exists()
    {
        return Ok(0);
    }
    let wait = Duration::from_millis(config.database.wait_milliseconds);
    let settings = DbSettings { url: url.clone(), read_url: None, connections: 1, wait };
    let db = Db::open(&settings).map_err(|error| error.to_string())?;
    let count = actix_web::rt::System::new().block_on(db.read(|connection| {
        let active = users::table.filter(users::email.like(format!("%{DEMO}"))).filter(users::status.eq("active"));
        Ok(active.count().get_result::<i64>(connection)?)
    }));
    count.or_else(|error| {
        let text = error.to_string();
        let has_no_tables = text.contains("no such table") || text.contains("does not exist") && text.contains("users");
        if has_no_tables { Ok(0) } else { Err(error.code.as_str().to_owned()) }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::config::Flags;

    #[test]
    fn all_that_is_missing_is_said_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let mut config = Config::load(&Flags::default()).unwrap();
        config.auth.keys = folder.path().join("keys");
        config.database.url = format!("sqlite://{}/pilots.sqlite3", folder.path().display());
        config.server.cors_origins = vec!["http://front.example".into()];
        config.auth.registration_domains = vec!["bd".into()];
        config.webhooks.test_networks = vec!["10.0.0.0/8".parse().unwrap()];
        let url = DatabaseUrl::parse(&config.database.url).unwrap();
        let message = demand(&config, &url, true).unwrap_err();
        for part in [
            "*.ed25519.der",
            "*.vault.key",
            "cursor.key",
            "--demo",
            "auth.require_second_factor_for_staff",
            "server.public_url",
            "server.cors_origins: http://front.example",
            "auth.registration_domains: bd",
            "webhooks.test_networks",
            "mail.transport",
        ] {
            assert!(message.contains(part), "{part} is not in:\n{message}");
        }
        assert_eq!(message.lines().count(), 11, "{message}");
    }

    #[test]
    fn weak_passwords_and_plain_connections_are_seen() {
        assert!(is_weak("pilots") && is_weak("innovation2026") && is_weak("aaaaaaaaaaaaaaaa"));
        assert!(!is_weak("q7Vx0m1cVxJkqj0cHh3n"));
        assert_eq!(password_of("postgres://pilots:a@b:c@db/pilots"), Some("a@b:c"));
        assert_eq!(password_of("postgres://pilots@db/pilots"), None);
        for (url, good) in [
            ("https://pilots.gov.bd", true),
            ("https://pilots.gov.bd:8443/front", true),
            ("http://pilots.gov.bd", false),
            ("https://", false),
            ("https://localhost:3000", false),
            ("https://127.0.0.1", false),
            ("https://[::1]:8080", false),
            ("https://[::ffff:127.0.0.1]", false),
            ("https://[::ffff:7f00:1]:8443", false),
            ("https://2130706433", false),
            ("https://0x7f.1", false),
            ("https://0.0.0.0", false),
            ("https://10.1.2.3", false),
            ("https://172.20.0.1", false),
            ("https://192.168.1.10:8443", false),
            ("https://169.254.169.254", false),
            ("https://100.64.0.1", false),
            ("https://[fd00::1]", false),
            ("https://[fe80::1]", false),
            ("https://localhost.", false),
            ("https://front.localhost", false),
            ("https://someone@127.0.0.1", false),
            ("https://103.48.16.1", true),
            ("https://[2400:cb00::1]", true),
        ] {
            assert_eq!(is_public_https(url), good, "{url}");
        }
    }

    #[test]
    fn what_is_all_there_starts() {
        let folder = tempfile::tempdir().unwrap();
        let mut config = Config::load(&Flags::default()).unwrap();
        config.auth.keys = folder.path().join("keys");
        config.database.url = format!("sqlite://{}/pilots.sqlite3", folder.path().display());
        KeyRing::open(&config.auth.keys, true).unwrap();
        // As if someone had provided them.
        std::fs::remove_file(config.auth.keys.join("made-in-development.txt")).unwrap();
        config.auth.require_second_factor_for_staff = true;
        config.server.public_url = Some("https://pilots.gov.bd".into());
        config.mail.transport = MailTransport::Smtp;
        config.mail.smtp_url = "smtps://pilots:q7Vx0m1cVxJkqj0cHh3n@mail.gov.bd".into();
        let url = DatabaseUrl::parse(&config.database.url).unwrap();
        assert_eq!(demand(&config, &url, false), Ok(()));
        config.mail.smtp_url = "smtp://pilots:secret@mail.gov.bd".into();
        let faults = faults(&config, &url, false);
        assert_eq!(faults.len(), 2, "{faults:?}");
    }
}
