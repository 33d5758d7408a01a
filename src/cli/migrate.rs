//! `migrate up | down | status`.

use clap::Subcommand;

use super::say;
use crate::{
    features::seed,
    platform::{
        clock::Clock,
        config::Config,
        db::{DatabaseUrl, migrations},
    },
};

#[derive(clap::Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    step: Step,
}

#[derive(Subcommand)]
enum Step {
    /// Apply all that is pending and fill in the lists that come with the program.
    Up,
    /// Take the latest one back; what it had stored is lost.
    Down,
    /// List them.
    Status,
}

pub(super) fn run(config: &Config, arguments: &Arguments) -> Result<(), String> {
    let url = DatabaseUrl::parse(&config.database.url)?;
    match arguments.step {
        Step::Up => up(&url, &Clock::system())?.iter().for_each(|name| say(&format!("applied {name}"))),
        Step::Down => match migrations::down(&url).map_err(|error| error.to_string())? {
            Some(name) => say(&format!("took back {name}")),
            None => say("nothing to take back"),
        },
        Step::Status => {
            for migration in migrations::status(&url).map_err(|error| error.to_string())? {
                say(&format!("{} {}", if migration.applied { "applied" } else { "pending" }, migration.name));
            }
        }
    }
    Ok(())
}

/// Applies what is pending, under a lock; any number of instances may do it at once.
pub(super) fn up(url: &DatabaseUrl, clock: &Clock) -> Result<Vec<String>, String> {
    migrations::up(url, |connection| seed(connection, clock)).map_err(|error| error.to_string())
}
