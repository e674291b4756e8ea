//! Files of test vectors: reading them, and reporting how each case went.

pub(crate) mod oncall;

use std::fmt;
use std::path::Path;

use anyhow::{Context, bail};
use serde::Deserialize;
use serde_json::Value;

/// One case of a file. What `input` and `expected` hold depends on the kind.
#[derive(Debug, Deserialize)]
pub(crate) struct Case {
    pub(crate) id: String,
    pub(crate) kind: String,
    #[serde(default)]
    pub(crate) input: Value,
    #[serde(default)]
    pub(crate) expected: Value,
}

/// How a case went.
#[derive(Debug)]
pub(crate) enum Outcome {
    Passed,
    /// What was expected and what came, or why the case cannot be run.
    Failed(String),
}

/// The outcomes of all cases of a file, in its order.
#[derive(Debug)]
pub(crate) struct Report(Vec<Line>);

#[derive(Debug)]
struct Line {
    id: String,
    outcome: Outcome,
}

/// Runs every case of a file. A case that is malformed fails with a reason; only a file that holds no
/// list of cases is an error.
pub(crate) fn run(file: &Path, check: impl Fn(&Case) -> Outcome) -> anyhow::Result<Report> {
    let text = std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    let document: Value =
        serde_json::from_slice(&text).with_context(|| format!("{} is not JSON", file.display()))?;
    let Some(cases) = document.get("cases").and_then(Value::as_array) else {
        bail!("{} holds no list `cases`", file.display());
    };
    if cases.is_empty() {
        bail!("{} holds no cases", file.display());
    }
    let lines = cases.iter().enumerate().map(|(index, case)| run_case(index, case, &check));
    Ok(Report(lines.collect()))
}

fn run_case(index: usize, case: &Value, check: impl Fn(&Case) -> Outcome) -> Line {
    match Case::deserialize(case) {
        Ok(case) => Line { outcome: check(&case), id: case.id },
        Err(error) => {
            let id = case.get("id").and_then(Value::as_str);
            let id = id.map_or_else(|| format!("case {index}"), str::to_owned);
            Line { id, outcome: Outcome::Failed(format!("malformed case: {error}")) }
        }
    }
}

impl Report {
    /// How many cases failed.
    pub(crate) fn failed(&self) -> usize {
        self.0.iter().filter(|line| matches!(line.outcome, Outcome::Failed(_))).count()
    }

    fn passed(&self) -> usize {
        self.0.iter().filter(|line| matches!(line.outcome, Outcome::Passed)).count()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for Line { id, outcome } in &self.0 {
            match outcome {
                Outcome::Passed => writeln!(f, "ok {id}")?,
                Outcome::Failed(why) => writeln!(f, "FAIL {id}: {why}")?,
            }
        }
        writeln!(f, "{} passed, {} failed", self.passed(), self.failed())
    }
}
