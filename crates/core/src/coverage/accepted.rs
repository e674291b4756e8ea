//! Findings that an organisation lives with: by whom, why, and until when.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::finding::{ACCEPTANCE, Acceptance, CoverageFinding, CoverageSeverity};
use super::scope::Scope;
use crate::config::Config;
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
    /// Whether a finding, by its key, is what was accepted.
    pub fn covers(&self, key: &str) -> bool {
        key.strip_prefix(self.key.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('@'))
    }

    /// Whether it is about one moment only, and that is over.
    fn began_before(&self, at: Timestamp) -> bool {
        let moment = self.key.rsplit_once('@').and_then(|(_, moment)| moment.parse::<Timestamp>().ok());
        moment.is_some_and(|moment| moment < at)
    }
}

/// Marks what is accepted, and finds acceptances that are over or about nothing. One that was entered on a
/// server ends in silence: it stands in no pack that somebody would have to take it out of.
pub(super) fn mark(config: &Config, findings: &mut Vec<CoverageFinding>, scope: &Scope<'_>) {
    let written = config.accepted.iter().map(|entry| (entry, None));
    let entered = config.acceptances.iter().map(|entered| (&entered.finding, Some(&entered.id)));
    let entered = entered.filter(|(entry, _)| entry.until > scope.from);
    let mut idle = Vec::new();
    for (entry, id) in written.chain(entered) {
        let mut matched = findings.iter_mut().filter(|finding| entry.covers(&finding.key)).peekable();
        if entry.until <= scope.from {
            idle.push(weak(entry, format!("the acceptance of {} has ended", entry.key), scope));
        } else if matched.peek().is_none() && !(id.is_some() && entry.began_before(scope.from)) {
            idle.push(weak(entry, format!("{} is accepted and no longer found", entry.key), scope));
        }
        for finding in matched.filter(|finding| entry.until > scope.from && finding.accepted.is_none()) {
            finding.accepted = Some(Acceptance {
                id: id.cloned(),
                author: entry.author.clone(),
                reason: entry.reason.clone(),
                until: entry.until,
            });
        }
    }
    // The same may be accepted in the pack and on the server, and is said once.
    let mut said = BTreeSet::new();
    findings.extend(idle.into_iter().filter(|finding| said.insert(finding.key.clone())));
}

fn weak(entry: &Accepted, message: String, scope: &Scope<'_>) -> CoverageFinding {
    CoverageFinding {
        message,
        mend: "withdraw the acceptance; a finding that is still there needs a new one, with its reason"
            .to_owned(),
        ..scope.standing(ACCEPTANCE, CoverageSeverity::Warn, &entry.key, &[])
    }
}
