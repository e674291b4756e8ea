//! What applying a pack would change, in words.

mod outline;
mod policy;

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::config::Config;
use outline::Outline;

/// What happens to a part of the configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    Added,
    Removed,
    Changed,
}

/// One difference between two configurations.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// Where, in words: `escalation L1 step 1 timeout`, `person leila contact sms`.
    pub path: String,
    pub kind: ChangeKind,
    /// What it was; nothing where it is added.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// What it becomes; nothing where it is removed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

impl Change {
    const fn new(path: String, kind: ChangeKind, before: Option<String>, after: Option<String>) -> Self {
        Self { path, kind, before, after }
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let nothing = |text: &Option<String>| match text.as_deref() {
            None | Some("") => "nothing".to_owned(),
            Some(text) => text.to_owned(),
        };
        match self.kind {
            ChangeKind::Changed => {
                write!(f, "{} {} -> {}", self.path, nothing(&self.before), nothing(&self.after))
            }
            ChangeKind::Removed => write!(f, "{} removed", self.path),
            ChangeKind::Added => match self.after.as_deref() {
                None | Some("") => write!(f, "{} added", self.path),
                Some(after) => write!(f, "{} added: {after}", self.path),
            },
        }
    }
}

/// What changes from `old` to `new`: people and roles first, then schedules, policies, routing and
/// integrations.
///
/// Overrides are left out: people enter them on the server, and no pack touches them.
pub fn diff(old: &Config, new: &Config) -> Vec<Change> {
    let mut changes = Vec::new();
    compare("", &Outline::of(old), &Outline::of(new), &mut changes);
    changes
}

fn compare(path: &str, old: &Outline, new: &Outline, changes: &mut Vec<Change>) {
    let (Outline::Branch(old), Outline::Branch(new)) = (old, new) else {
        let (before, after) = (old.summary(), new.summary());
        if before != after {
            changes.push(Change::new(path.to_owned(), ChangeKind::Changed, Some(before), Some(after)));
        }
        return;
    };
    let missing = |name: &str, parts: &[(String, Outline)]| parts.iter().all(|(other, _)| other != name);
    for (name, before) in old.iter().filter(|(name, _)| missing(name, new)) {
        changes.push(Change::new(join(path, name), ChangeKind::Removed, Some(before.summary()), None));
    }
    for (name, after) in new {
        match old.iter().find(|(other, _)| other == name) {
            Some((_, before)) => compare(&join(path, name), before, after, changes),
            None => {
                changes.push(Change::new(join(path, name), ChangeKind::Added, None, Some(after.summary())));
            }
        }
    }
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path} {name}") }
}
