//! What the check of a pack says: each finding points at a place in a file.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::config::Config;

/// How bad a finding is. A pack with an error is refused; the rest is for people to weigh.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FindingSeverity {
    /// The pack cannot be applied.
    Error,
    /// The pack can be applied, and its coverage is not proven.
    Fail,
    /// The pack can be applied, and something in it is weak.
    Warning,
}

/// One thing that is wrong or weak in a pack.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Finding {
    /// Path of the file within the pack.
    pub file: String,
    /// Line in that file, from 1.
    pub line: usize,
    /// Character in that line, from 1.
    pub column: usize,
    pub severity: FindingSeverity,
    /// Stable name of the rule, `PACK-…` or `COV-…`; docs/packs.md explains each.
    pub rule: String,
    /// What is wrong, in a sentence.
    pub message: String,
    /// What would be right, where that can be guessed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suggestion: Option<String>,
    /// By what name a finding about coverage is accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
}

impl fmt::Display for Finding {
    /// `file:line:column: error PACK-REFERENCE: message (suggestion)`, as editors and terminals link it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severity = match self.severity {
            FindingSeverity::Error => "error",
            FindingSeverity::Fail => "fail",
            FindingSeverity::Warning => "warning",
        };
        write!(f, "{}:{}:{}: {severity} {}: {}", self.file, self.line, self.column, self.rule, self.message)?;
        self.suggestion.as_ref().map_or(Ok(()), |suggestion| write!(f, " ({suggestion})"))
    }
}

/// What a check found, and the configuration where nothing stands against it.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// By file, line and column.
    pub findings: Vec<Finding>,
    /// Present exactly when no finding is an error.
    pub config: Option<Config>,
}

impl Report {
    /// The findings that refuse the pack.
    pub fn errors(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.severity == FindingSeverity::Error)
    }

    /// The findings that stand against the proof of coverage.
    pub fn failures(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.severity == FindingSeverity::Fail)
    }

    /// The findings that are for people to weigh.
    pub fn warnings(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.severity == FindingSeverity::Warning)
    }
}
