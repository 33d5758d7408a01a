//! The commands of the program.

mod demo;
mod import;
mod migrate;
mod openapi;
mod serve;
mod user;

use std::{path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};

use crate::platform::config::{Config, Flags, LogFormat};

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
    /// Import organisations, services, sectors or upazilas from CSV.
    Import(import::Arguments),
    /// Print the OpenAPI document.
    Openapi,
}

/// Runs the command that the arguments name.
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let listen = match &arguments.command {
        Command::Serve(serve) => serve.listen.clone(),
        _ => None,
    };
    let flags = Flags { config: arguments.config, listen, database_url: arguments.database_url };
    let outcome = Config::load(&flags).and_then(|config| {
        if matches!(arguments.command, Command::Serve(_)) {
            start_log(&config)?;
        }
        match arguments.command {
            Command::Serve(arguments) => serve::run(&config, &arguments),
            Command::Migrate(arguments) => migrate::run(&config, &arguments),
            Command::User(arguments) => user::run(&config, arguments),
            Command::Import(arguments) => import::run(&config, &arguments),
            Command::Openapi => openapi::run(),
        }
    });
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&error);
            ExitCode::FAILURE
        }
    }
}

fn start_log(config: &Config) -> Result<(), String> {
    let filter =
        tracing_subscriber::EnvFilter::try_new(&config.log.filter).map_err(|error| format!("log.filter: {error}"))?;
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match config.log.format {
        LogFormat::Text => builder.with_target(false).try_init(),
        LogFormat::Json => builder.json().flatten_event(true).try_init(),
    }
    .map_err(|error| error.to_string())
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
