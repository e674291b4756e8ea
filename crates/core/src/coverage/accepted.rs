//! Findings that an organisation lives with: by whom, why, and until when.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::finding::{ACCEPTANCE, Acceptance, CoverageFinding, CoverageSeverity};
use super::scope::Scope;
use crate::id::PersonId;

/// A finding that somebody accepted. It is still shown, marked, and counts again when the time is over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accepted {
    /// The key of the finding, or the part of it before `@`: every finding of that rule about that subject.
    pub key: String,
    pub author: PersonId,
    /// Why the organisation lives with it, in the author's words.
    pub reason: String,
    /// First instant at which it no longer holds.
    pub until: Timestamp,
}

impl Accepted {
    /// Whether a finding is what was accepted.
    fn covers(&self, key: &str) -> bool {
        key.strip_prefix(self.key.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('@'))
    }
}

/// Marks what is accepted, and finds acceptances that are over or about nothing.
pub(super) fn mark(accepted: &[Accepted], findings: &mut Vec<CoverageFinding>, scope: &Scope<'_>) {
    let mut idle = Vec::new();
    for entry in accepted {
        let mut matched = findings.iter_mut().filter(|finding| entry.covers(&finding.key)).peekable();
        if entry.until <= scope.from {
            idle.push(weak(entry, format!("the acceptance of {} has ended", entry.key), scope));
        } else if matched.peek().is_none() {
            idle.push(weak(entry, format!("{} is accepted and no longer found", entry.key), scope));
        }
        for finding in matched.filter(|finding| entry.until > scope.from && finding.accepted.is_none()) {
            finding.accepted = Some(Acceptance {
                author: entry.author.clone(),
                reason: entry.reason.clone(),
                until: entry.until,
            });
        }
    }
    findings.extend(idle);
}

fn weak(entry: &Accepted, message: String, scope: &Scope<'_>) -> CoverageFinding {
    CoverageFinding {
        message,
        mend: "withdraw the acceptance; a finding that is still there needs a new one, with its reason"
            .to_owned(),
        ..scope.standing(ACCEPTANCE, CoverageSeverity::Warn, &entry.key, &[])
    }
}
