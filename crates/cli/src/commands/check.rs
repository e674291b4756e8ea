//! `decurion check`: what is wrong with a pack, without a server.

use std::path::{Path, PathBuf};

use decurion_core::pack::{self, Finding};

use crate::exit::Said;
use crate::output::{Output, now, say, say_json};
use crate::pack_folder;

/// Check a pack: errors, weaknesses, and 90 days of coverage
#[derive(Debug, clap::Args)]
pub(crate) struct Check {
    /// The folder of the pack
    dir: PathBuf,
}

pub(crate) fn run(check: &Check, output: Output) -> anyhow::Result<()> {
    let files = pack_folder::read(&check.dir)?;
    let report = pack::check(&files, now());
    let (errors, warnings) = (report.errors().count(), report.warnings().count());
    match output {
        Output::Json => say_json(&serde_json::to_value(&report.findings)?)?,
        Output::Table => {
            say_findings(&check.dir, &report.findings)?;
            say(&summary(errors, warnings))?;
        }
    }
    if errors == 0 { Ok(()) } else { Err(Said.into()) }
}

/// One line each, with the path as editors and terminals open it.
pub(crate) fn say_findings(dir: &Path, findings: &[Finding]) -> std::io::Result<()> {
    let line = |finding: &Finding| {
        let file = dir.join(&finding.file).display().to_string();
        let finding = Finding { file, ..finding.clone() };
        format!("{finding}\n")
    };
    let lines: String = findings.iter().map(line).collect();
    if lines.is_empty() { Ok(()) } else { say(&lines) }
}

fn summary(errors: usize, warnings: usize) -> String {
    let count = |count: usize, word: &str| format!("{count} {word}{}", if count == 1 { "" } else { "s" });
    match (errors, warnings) {
        (0, 0) => "The pack is right.".to_owned(),
        (0, _) => format!("The pack can be applied; {}.", count(warnings, "warning")),
        _ => {
            format!("The pack cannot be applied: {}, {}.", count(errors, "error"), count(warnings, "warning"))
        }
    }
}
