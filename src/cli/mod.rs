//! The commands of the program.

mod audit;
mod backup;
mod demo;
mod effective;
mod ending;
mod healthcheck;
mod import;
mod log;
mod migrate;
mod openapi;
mod production;
mod serve;
mod user;

use std::{path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};

use crate::platform::config::{Config, Flags};

/// The backend of Bangladesh's public-service innovation pilots.
#[derive(Parser)]
#[command(version, about)]
struct Arguments {
    /// A TOML file with configuration.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// sqlite://path or postgres://user@host/database; overrides file and environment.
    #[arg(long, global = true, value_name = "URL")]
    database_url: Option<String>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the API; migrates the database first.
    Serve(serve::Arguments),
    /// Bring the database's tables up to date, back one step, or list the migrations.
    Migrate(migrate::Arguments),
    /// Make accounts and keep their roles, passwords and status.
    User(user::Arguments),
    /// Look after the chain of the audit trail.
    Audit(audit::Arguments),
    /// Write a consistent copy of the SQLite database to a new file, while the server goes on.
    Backup(backup::BackupArguments),
    /// Put a backup in the place of the SQLite database, which is kept aside.
    Restore(backup::RestoreArguments),
    /// Ask the running server whether it is ready.
    Healthcheck,
    /// Import organisations, services, sectors or upazilas from CSV.
    Import(import::Arguments),
    /// Print the OpenAPI document.
    Openapi,
    /// Print the effective configuration, secrets hidden, and what production mode would still demand.
    Config,
}

/// Runs the command that the arguments name.
pub fn main() -> ExitCode {
    allocator::give_back_soon();
    let arguments = Arguments::parse();
    let listen = match &arguments.command {
        Command::Serve(serve) => serve.listen.clone(),
        _ => None,
    };
    let flags = Flags { config: arguments.config, listen, database_url: arguments.database_url };
    let outcome = Config::load(&flags).and_then(|config| match arguments.command {
        Command::Serve(arguments) => {
            let exporter = log::start(&config)?;
            let outcome = serve::run(&config, &arguments);
            if let Some(exporter) = exporter {
                exporter.close().unwrap_or_else(|error| tracing::warn!(error, "the last spans were not taken"));
            }
            outcome
        }
        Command::Backup(arguments) => backup::backup(&config, &arguments),
        Command::Restore(arguments) => backup::restore(&config, &arguments),
        Command::Healthcheck => healthcheck::run(&config),
        Command::Migrate(arguments) => migrate::run(&config, &arguments),
        Command::User(arguments) => user::run(&config, arguments),
        Command::Audit(arguments) => audit::run(&config, arguments),
        Command::Import(arguments) => import::run(&config, &arguments),
        Command::Openapi => openapi::run(),
        Command::Config => effective::run(&config),
    });
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&error);
            ExitCode::FAILURE
        }
    }
}

/// Prints a line of a command's result.
#[expect(clippy::print_stdout, reason = "the one home of what commands print")]
fn say(line: &str) {
    println!("{line}");
}

#[expect(clippy::print_stderr, reason = "why a command failed belongs to standard error")]
fn complain(error: &str) {
    eprintln!("innovation-pilots: {error}");
}
