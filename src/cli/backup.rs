//! `backup FILE` and `restore FILE`, for SQLite. What is not in a backup: the signing keys and uploaded files, which are
//! files already.

use std::path::PathBuf;

use super::{ending, migrate, say};
use crate::platform::{
    audit::verify::verify,
    clock::Clock,
    config::Config,
    db::{DatabaseUrl, DbConnection, snapshot},
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
    /// Restore although the audit trail of the backup does not verify.
    #[arg(long)]
    accept_broken_audit_trail: bool,
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
    let clock = Clock::system();
    let stamp: String = clock.now().to_string().chars().filter(char::is_ascii_alphanumeric).collect();
    let backup = arguments.file.display();
    let restored = snapshot::restore(
        &url,
        &arguments.file,
        &stamp,
        |copy| migrate::up(copy, &clock).map(|_| ()),
        |connection, former| {
            check_trail(connection, arguments)?;
            ending::end(connection, former, &clock, arguments.keep_sessions)
                .map_err(|error| format!("{backup}: {error}"))
        },
    )?;
    say(&format!(
        "{backup} is restored as {url}: schema {}, {} bytes.",
        restored.snapshot.version, restored.snapshot.bytes
    ));
    for line in restored.prepared.lines() {
        say(&line);
    }
    if let Some(former) = restored.former {
        say(&format!("The former database is kept as {}.", former.display()));
    }
    Ok(())
}

/// A copy whose audit trail is not what was sealed may have been changed by hand.
fn check_trail(connection: &mut DbConnection, arguments: &RestoreArguments) -> Result<(), String> {
    let backup = arguments.file.display();
    let fault = match verify(connection, &[]) {
        Ok(report) => report.fault.map(|fault| fault.to_string()),
        Err(error) => Some(error.to_string()),
    };
    match fault {
        None => Ok(()),
        Some(fault) if arguments.accept_broken_audit_trail => {
            say(&format!("{backup}: its audit trail is broken: {fault}. It is restored all the same, as you said."));
            Ok(())
        }
        Some(fault) => Err(format!(
            "{backup}: its audit trail is broken: {fault}. Look for another backup, or say --accept-broken-audit-trail"
        )),
    }
}
