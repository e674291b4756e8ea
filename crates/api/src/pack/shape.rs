//! What the operations on packs take and answer.

use std::collections::BTreeMap;

use decurion_core::pack::{self, Files, FindingSeverity};
use decurion_engine::PackVersion as Version;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A version of the pack.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Pack {
    /// Counts the versions; 0 before the first.
    pub version: i64,
    /// The last version that was applied as a whole: what a folder without a memory of its own came from.
    pub base_version: i64,
    pub origin: PackOrigin,
    /// SHA-256 over the files, hex.
    pub digest: String,
    /// Text by path.
    pub files: BTreeMap<String, String>,
    pub author: String,
    pub reason: String,
    pub applied_us: i64,
}

impl Pack {
    pub(super) fn of(found: Version, base_version: i64) -> Self {
        Self {
            version: found.version,
            base_version,
            origin: PackOrigin::of(&found.origin),
            digest: found.digest,
            files: found.files,
            author: found.author,
            reason: found.reason,
            applied_us: found.applied_us,
        }
    }
}

/// How a version came about.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PackOrigin {
    /// All files were applied.
    Apply,
    /// One object was changed.
    Edit,
    /// One object was brought back as it was.
    Restore,
}

impl PackOrigin {
    pub(super) fn of(word: &str) -> Self {
        match word {
            "edit" => Self::Edit,
            "restore" => Self::Restore,
            _ => Self::Apply,
        }
    }
}

/// One thing that is wrong or weak in a pack.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PackFinding {
    pub file: String,
    /// From 1.
    pub line: i64,
    /// From 1.
    pub column: i64,
    pub severity: PackFindingSeverity,
    /// Stable name of the rule; docs/packs.md explains each.
    pub rule: String,
    pub message: String,
    pub suggestion: Option<String>,
    /// By what name a finding about coverage is accepted.
    pub key: Option<String>,
}

/// How bad a finding is.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PackFindingSeverity {
    /// The pack cannot be applied.
    Error,
    /// Its coverage is not proven.
    Fail,
    Warning,
}

impl From<pack::Finding> for PackFinding {
    fn from(finding: pack::Finding) -> Self {
        Self {
            file: finding.file,
            line: i64::try_from(finding.line).unwrap_or(i64::MAX),
            column: i64::try_from(finding.column).unwrap_or(i64::MAX),
            severity: match finding.severity {
                FindingSeverity::Error => PackFindingSeverity::Error,
                FindingSeverity::Fail => PackFindingSeverity::Fail,
                FindingSeverity::Warning => PackFindingSeverity::Warning,
            },
            rule: finding.rule,
            message: finding.message,
            suggestion: finding.suggestion,
            key: finding.key,
        }
    }
}

/// One thing that differs.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct PackChange {
    /// Where, in words: `escalation L1 step 1 timeout`, `person leila contact sms`.
    pub path: String,
    pub kind: PackChangeKind,
    /// What it was.
    pub before: Option<String>,
    /// What it becomes.
    pub after: Option<String>,
}

impl From<pack::Change> for PackChange {
    fn from(change: pack::Change) -> Self {
        let kind = match change.kind {
            pack::ChangeKind::Added => PackChangeKind::Added,
            pack::ChangeKind::Removed => PackChangeKind::Removed,
            pack::ChangeKind::Changed => PackChangeKind::Changed,
        };
        Self { path: change.path, kind, before: change.before, after: change.after }
    }
}

/// A file that differs.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct PackFileChange {
    pub path: String,
    pub kind: PackChangeKind,
}

/// How something differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PackChangeKind {
    Added,
    Changed,
    Removed,
}

/// How two packs differ.
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
pub(crate) struct PackDifference {
    /// Thing by thing. Empty where one of the two does not compile, or where only the wording differs.
    pub changes: Vec<PackChange>,
    pub files: Vec<PackFileChange>,
}

impl PackDifference {
    pub(super) fn between(before: &Files, after: &Files) -> Self {
        let changes = match (pack::config(before), pack::config(after)) {
            _ if before == after => Vec::new(),
            // Everything is new before the first pack.
            (None, Some(new)) if before.is_empty() => {
                pack::diff(&decurion_core::config::Config::default(), &new)
            }
            (Some(old), Some(new)) => pack::diff(&old, &new),
            _ => Vec::new(),
        };
        Self { changes: changes.into_iter().map(PackChange::from).collect(), files: files(before, after) }
    }
}

fn files(before: &Files, after: &Files) -> Vec<PackFileChange> {
    let paths: std::collections::BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let change = |path: &String| {
        let kind = match (before.get(path), after.get(path)) {
            (None, _) => PackChangeKind::Added,
            (_, None) => PackChangeKind::Removed,
            (old, new) if old == new => return None,
            _ => PackChangeKind::Changed,
        };
        Some(PackFileChange { path: path.clone(), kind })
    };
    paths.into_iter().filter_map(change).collect()
}

/// Something that both sides changed, each in another way.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct PackConflict {
    pub file: String,
    /// `person leila`; null where it is about the file as a whole.
    pub object: Option<String>,
    /// What it was when both began.
    pub base: Option<String>,
    /// What it is in the files that were sent; null where they lack it.
    pub mine: Option<String>,
    /// What it is on the server; null where it was removed.
    pub theirs: Option<String>,
}

impl From<pack::Conflict> for PackConflict {
    fn from(conflict: pack::Conflict) -> Self {
        let pack::Conflict { file, object, base, mine, theirs } = conflict;
        Self { file, object: object.map(|key| key.to_string()), base, mine, theirs }
    }
}

#[cfg(test)]
mod tests {
    use super::{Files, PackChangeKind, files};

    #[test]
    fn only_what_differs_is_a_change() {
        let pack = |pairs: &[(&str, &str)]| -> Files {
            pairs.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect()
        };
        let found =
            files(&pack(&[("a", "1"), ("b", "1"), ("c", "1")]), &pack(&[("b", "2"), ("c", "1"), ("d", "1")]));
        let kinds: Vec<_> = found.iter().map(|change| (change.path.as_str(), change.kind)).collect();
        assert!(matches!(
            kinds[..],
            [("a", PackChangeKind::Removed), ("b", PackChangeKind::Changed), ("d", PackChangeKind::Added)]
        ));
    }
}
