//! Checks of the product against data from outside, for its developers.

mod bench;
mod vectors;

use std::path::{Path, PathBuf};
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
    /// Measure how long it takes to say who is on call
    Bench,
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
    let ran = match Cli::parse().command {
        Command::Vectors { area: Area::Oncall { file } } => run_vectors(&file),
        Command::Bench => bench::oncall().map(|()| ExitCode::SUCCESS),
    };
    ran.unwrap_or_else(|error| {
        eprintln!("decurion-sim: {error:#}");
        ExitCode::from(2)
    })
}

fn run_vectors(file: &Path) -> anyhow::Result<ExitCode> {
    let report = vectors::run(file, vectors::oncall::check)?;
    print!("{report}");
    Ok(if report.failed() == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
