//! `audit verify | checkpoint`: whether the audit trail is what was written, and what proves it later.

use std::time::Duration;

use clap::Subcommand;

use super::say;
use crate::platform::{
    audit::{Checkpoint, head, verify::verify},
    config::Config,
    db::{DatabaseUrl, Db, DbConnection, DbSettings},
    error::AppError,
};

#[derive(clap::Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    step: Step,
}

#[derive(Subcommand)]
enum Step {
    /// Walk the chain from its beginning and name the first broken entry; exit code 1 if there is one.
    Verify {
        /// A checkpoint that was kept outside the database, seq:hash; may be repeated. Without one, a chain that was
        /// cut short or computed anew by someone with full access to the database can look sound.
        #[arg(long, value_name = "SEQ:HASH")]
        checkpoint: Vec<Checkpoint>,
    },
    /// Print the last link as seq:hash, to be kept where whoever runs the database cannot change it.
    Checkpoint,
}

pub(super) fn run(config: &Config, arguments: Arguments) -> Result<(), String> {
    match arguments.step {
        Step::Verify { checkpoint } => {
            let report = on_database(config, move |connection| verify(connection, &checkpoint))?;
            let end = report.head.map(|head| format!(", the last one {head}")).unwrap_or_default();
            say(&format!("{} links are sound{end}", report.sound));
            if report.waiting > 0 {
                say(&format!("{} entries wait to be sealed", report.waiting));
            }
            report.fault.map_or(Ok(()), |fault| Err(format!("the audit trail is broken: {fault}")))
        }
        Step::Checkpoint => {
            let last = on_database(config, head)?.ok_or("nothing has been sealed yet")?;
            say(&last.to_string());
            Ok(())
        }
    }
}

/// Reads only, from the database that is written to: a replica may be behind.
fn on_database<T: Send + 'static>(
    config: &Config,
    work: impl FnOnce(&mut DbConnection) -> Result<T, AppError> + Send + 'static,
) -> Result<T, String> {
    let settings = DbSettings {
        url: DatabaseUrl::parse(&config.database.url)?,
        read_url: None,
        connections: 1,
        wait: Duration::from_secs(30),
    };
    actix_web::rt::System::new()
        .block_on(async { Db::open(&settings)?.read(work).await })
        .map_err(|error| error.to_string())
}
