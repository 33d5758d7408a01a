//! Parses the arguments and hands over to the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    innovation_pilots::cli::main()
}
