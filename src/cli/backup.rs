//! `backup FILE` and `restore FILE`, for SQLite. What is not in a backup: the signing keys and uploaded files, which are
//! files already.

use std::path::PathBuf;

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl, update};

use super::say;
use crate::platform::{
    clock::Clock,
    config::Config,
    db::{DatabaseUrl, schema::sessions, snapshot},
};

#[derive(clap::Args)]
pub(super) struct BackupArguments {
    /// Where to write it; must not exist.
    file: PathBuf,
}

#[derive(clap::Args)]
pub(super) struct RestoreArguments {
    /// What `backup` wrote.
    file: PathBuf,
    /// Let those who were logged in at the time of the backup stay so.
    #[arg(long)]
    keep_sessions: bool,
}

pub(super) fn backup(config: &Config, arguments: &BackupArguments) -> Result<(), String> {
    let url = DatabaseUrl::parse(&config.database.url)?;
    let snapshot = snapshot::backup(&url, &arguments.file)?;
    say(&format!(
        "{}: {} bytes, checked, schema {}. Back up the signing keys ({}) apart from it.",
        arguments.file.display(),
        snapshot.bytes,
        snapshot.version,
        config.auth.keys.display()
    ));
    Ok(())
}

pub(super) fn restore(config: &Config, arguments: &RestoreArguments) -> Result<(), String> {
    let url = DatabaseUrl::parse(&config.database.url)?;
    let now = Clock::system().now();
    let stamp: String = now.to_string().chars().filter(char::is_ascii_alphanumeric).collect();
    let keep = arguments.keep_sessions;
    let restored = snapshot::restore(&url, &arguments.file, &stamp, |connection| {
        if !keep {
            // A session that was ended after the backup would live again.
            update(sessions::table.filter(sessions::revoked_at.is_null()))
                .set(sessions::revoked_at.eq(now))
                .execute(connection)?;
        }
        Ok(())
    })?;
    say(&format!("{url}: schema {}, {} bytes.", restored.snapshot.version, restored.snapshot.bytes));
    if !keep {
        say("All sessions are ended; everyone logs in again.");
    }
    if let Some(former) = restored.former {
        say(&format!("The former database is kept as {}.", former.display()));
    }
    Ok(())
}
