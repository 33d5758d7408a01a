//! `import LIST FILE [--dry-run]`: the same as `POST /v1/imports`, for the first filling of a new database.

use std::{fs::File, path::PathBuf, sync::Arc, time::Duration};

use super::{migrate, say};
use crate::{
    features::imports::{Imported, ListName, import, read_table},
    platform::{
        audit::{self, AuditEvent},
        clock::Clock,
        config::Config,
        db::{DatabaseUrl, Db, DbSettings},
        error::AppError,
    },
};

#[derive(clap::Args)]
pub(super) struct Arguments {
    /// organisations, services, sectors or upazilas.
    #[arg(value_parser = list)]
    list: ListName,
    /// CSV in UTF-8 with a heading.
    file: PathBuf,
    /// Only say what would happen.
    #[arg(long)]
    dry_run: bool,
}

pub(super) fn run(config: &Config, arguments: &Arguments) -> Result<(), String> {
    let clock = Clock::system();
    let file = File::open(&arguments.file).map_err(|error| format!("{}: {error}", arguments.file.display()))?;
    let (list, dry_run) = (arguments.list, arguments.dry_run);
    let table = Arc::new(read_table(list, &file).map_err(|error| explain(&error))?);
    let url = DatabaseUrl::parse(&config.database.url)?;
    migrate::up(&url, &clock)?;
    let wait = Duration::from_millis(config.database.wait_milliseconds);
    let db = Db::open(&DbSettings { url, read_url: None, connections: 1, wait }).map_err(|error| explain(&error))?;
    let work = db.write(move |connection| {
        let now = clock.now();
        let done = import(connection, &clock, now, list, &table, dry_run)?;
        if !dry_run && done.report.total == 0 {
            let event = AuditEvent {
                service_account_id: None,
                at: now,
                actor_id: None,
                operation: "cli.import".to_owned(),
                record_type: "import",
                record_id: list.as_str().to_owned(),
                request_id: "command-line".to_owned(),
                address: None,
                before_sha256: None,
                after_sha256: Some(audit::digest(&(list, done.created, done.updated))?),
            };
            audit::record(connection, clock.new_uuid(now).into(), event)?;
        }
        Ok(done)
    });
    let done = actix_web::rt::System::new().block_on(work).map_err(|error| explain(&error))?;
    tell(&done, dry_run)
}

fn tell(done: &Imported, dry_run: bool) -> Result<(), String> {
    for error in done.report.errors() {
        let column = error.column.as_deref().unwrap_or("-");
        say(&format!("row {}, {column}: {} ({})", error.row, error.detail.en, error.code));
    }
    if done.report.total > 0 {
        return Err(format!("{} errors; nothing was changed", done.report.total));
    }
    let begin = if dry_run { "dry run, nothing was changed: " } else { "" };
    say(&format!("{begin}{} created, {} updated, {} unchanged", done.created, done.updated, done.unchanged));
    Ok(())
}

fn list(text: &str) -> Result<ListName, String> {
    ListName::parse(text).ok_or_else(|| {
        let known: Vec<&str> = ListName::ALL.iter().map(|list| list.as_str()).collect();
        format!("the lists are: {}", known.join(", "))
    })
}

fn explain(error: &AppError) -> String {
    let details: Vec<String> = error.errors.iter().map(|error| error.detail.en.to_string()).collect();
    if details.is_empty() || error.detail.is_some() {
        error.to_string()
    } else {
        format!("{error} {}", details.join(" "))
    }
}
