//! Checks of the product against data from outside, for its developers.

mod vectors;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "decurion-sim", version, about = "Checks Decurion against data from outside")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run test vectors: a line per case, then `N passed, N failed`; exit code 1 when a case fails, 2 when
    /// the file cannot be read
    Vectors {
        #[command(subcommand)]
        area: Area,
    },
}

#[derive(Subcommand)]
enum Area {
    /// On-call schedules: handoffs, clock changes, windows, layers, overrides
    Oncall {
        /// A JSON file `{"cases": [{"id", "kind", "input", "expected"}]}`
        file: PathBuf,
    },
}

fn main() -> ExitCode {
    let Command::Vectors { area: Area::Oncall { file } } = Cli::parse().command;
    match vectors::run(&file, vectors::oncall::check) {
        Ok(report) => {
            print!("{report}");
            if report.failed() == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(error) => {
            eprintln!("decurion-sim: {error:#}");
            ExitCode::from(2)
        }
    }
}
