//! Two helpers of `bench/run`: `fill` makes a database of so many pilots, `bare` serves its rows with nothing of ours
//! above the query.

mod bare;
mod fill;
mod rows;
mod words;
mod writers;

use clap::{Parser, Subcommand};

#[derive(Parser)]
struct Arguments {
    /// `sqlite://path` or `postgres://…`, migrated.
    #[arg(long)]
    database: String,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Fills an empty database and prints what to ask for, as JSON.
    Fill {
        /// How many pilots.
        #[arg(long)]
        pilots: usize,
        /// Whose are the drafts.
        #[arg(long)]
        owner: String,
    },
    /// Serves reads, lists, searches and writes.
    Bare {
        /// Address and port.
        #[arg(long)]
        listen: String,
        /// Whose are the created pilots.
        #[arg(long)]
        owner: String,
    },
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments = Arguments::parse();
    match arguments.command {
        Command::Fill { pilots, owner } => fill::fill(&arguments.database, pilots, &owner),
        Command::Bare { listen, owner } => bare::serve(&arguments.database, &listen, &owner),
    }
}
