//! `decurion check`: what is wrong with a pack, without a server.

use std::path::{Path, PathBuf};

use decurion_core::pack::{self, Finding};

use crate::exit::Said;
use crate::output::{Output, now, say, say_json};
use crate::pack_folder;

/// Check a pack: errors, weaknesses, and 90 days of coverage
///
/// Ends with 1 when the pack cannot be applied, and when its coverage fails in a way that nobody accepted.
#[derive(Debug, clap::Args)]
pub(crate) struct Check {
    /// The folder of the pack
    dir: PathBuf,
    /// End with 0 although the coverage fails; errors still end with 1
    #[arg(long)]
    allow_failing: bool,
}

pub(crate) fn run(check: &Check, output: Output) -> anyhow::Result<()> {
    let files = pack_folder::read(&check.dir)?;
    let report = pack::check(&files, now());
    let counts = Counts {
        errors: report.errors().count(),
        failures: report.failures().count(),
        warnings: report.warnings().count(),
    };
    match output {
        Output::Json => say_json(&serde_json::to_value(&report.findings)?)?,
        Output::Table => {
            say_findings(&check.dir, &report.findings)?;
            say(&counts.summary())?;
        }
    }
    let stopped = counts.errors > 0 || (counts.failures > 0 && !check.allow_failing);
    if stopped { Err(Said.into()) } else { Ok(()) }
}

/// One line each, with the path as editors and terminals open it: the worst first, then by file and place.
pub(crate) fn say_findings(dir: &Path, findings: &[Finding]) -> std::io::Result<()> {
    let line = |finding: &Finding| {
        let file = dir.join(&finding.file).display().to_string();
        let key = finding.key.as_ref().map_or_else(String::new, |key| format!(" [{key}]"));
        let finding = Finding { file, ..finding.clone() };
        format!("{finding}{key}\n")
    };
    let mut worst_first: Vec<&Finding> = findings.iter().collect();
    worst_first.sort_by_key(|finding| finding.severity);
    let lines: String = worst_first.into_iter().map(line).collect();
    if lines.is_empty() { Ok(()) } else { say(&lines) }
}

struct Counts {
    errors: usize,
    failures: usize,
    warnings: usize,
}

impl Counts {
    fn summary(&self) -> String {
        let count = |count: usize, word: &str| format!("{count} {word}{}", if count == 1 { "" } else { "s" });
        let warnings = count(self.warnings, "warning");
        if self.errors > 0 {
            return format!("The pack cannot be applied: {}, {warnings}.", count(self.errors, "error"));
        }
        match (self.failures, self.warnings) {
            (0, 0) => "The pack is right, and its coverage is proven.".to_owned(),
            (0, _) => format!("The pack can be applied, and its coverage is proven; {warnings}."),
            (failures, _) => format!(
                "The pack can be applied. Its coverage is not proven: {}, {warnings}.",
                count(failures, "failure")
            ),
        }
    }
}
