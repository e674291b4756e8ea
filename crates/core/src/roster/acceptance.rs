//! Findings of the coverage check that somebody accepts on a server, for a while and with a reason.
//!
//! They stand beside the pack, as overrides and absences do: applying a pack changes nothing about them, and
//! none of them is exported. An acceptance ends by itself; nothing has to happen for the finding to count again.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::deciding::Deciding;
use super::rights::is_manager;
use crate::coverage::{ACCEPTANCE, Accepted, is_key};
use crate::decide::Refusal;
use crate::id::{AcceptanceId, PersonId};

/// The longest time for which a finding is accepted: whoever needs more changes the roster, or says so again.
pub const LONGEST_DAYS: i64 = 366;
const LONGEST_US: i64 = LONGEST_DAYS * 86_400 * 1_000_000;

/// A finding that somebody accepted on the server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acceptance {
    pub id: AcceptanceId,
    #[serde(flatten)]
    pub finding: Accepted,
}

/// An acceptance and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AcceptanceState {
    #[serde(flatten)]
    pub acceptance: Acceptance,
    pub accepted_us: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked: Option<Revocation>,
}

/// Somebody took an acceptance back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revocation {
    pub by: PersonId,
    pub at_us: i64,
}

/// Somebody accepted a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FindingAccepted {
    pub acceptance: Acceptance,
}

/// An acceptance was taken back before its end: the finding counts again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AcceptanceRevoked {
    pub id: AcceptanceId,
    /// The key that was accepted, for whoever reads the record.
    pub key: String,
    pub by: PersonId,
}

impl AcceptanceState {
    /// First instant at which it holds no more.
    pub fn end_us(&self) -> i64 {
        let until_us = self.acceptance.finding.until.as_microsecond();
        self.revoked.as_ref().map_or(until_us, |revoked| revoked.at_us.min(until_us))
    }

    /// Whether the finding is accepted at an instant, in microseconds.
    pub fn holds(&self, at_us: i64) -> bool {
        self.revoked.is_none() && at_us < self.end_us()
    }
}

impl Deciding<'_> {
    pub(super) fn accept(&mut self, acceptance: &Acceptance) -> Result<(), Refusal> {
        self.runs_the_roster("accept a finding")?;
        let Accepted { key, reason, until, .. } = &acceptance.finding;
        if !is_key(key) {
            let message = "this is not the key of a finding; copy it from the check, such as COV-8/leila";
            return Err(Refusal::field("invalid_field", "key", message));
        }
        if key.starts_with(&format!("{ACCEPTANCE}/")) {
            let message = "this says that an acceptance is about nothing; revoke that one";
            return Err(Refusal::field("invalid_field", "key", message));
        }
        if reason.trim().is_empty() {
            return Err(Refusal::field("invalid_field", "reason", "say why the organisation lives with it"));
        }
        self.ends_in_time(*until)?;
        if let Some(known) = self.in_force(key) {
            let message = format!("{} accepts this already; revoke it first", known.acceptance.id);
            return Err(Refusal::new("already_accepted", message));
        }
        self.push(FindingAccepted { acceptance: acceptance.clone() });
        Ok(())
    }

    pub(super) fn revoke_acceptance(&mut self, id: &AcceptanceId, by: &PersonId) -> Result<(), Refusal> {
        let now_us = self.now_us();
        let known = self.state.acceptances.get(id).filter(|known| known.holds(now_us));
        let key = known.map(|known| known.acceptance.finding.key.clone()).ok_or_else(|| {
            Refusal::new("not_found", format!("there is no acceptance {id} that can be revoked"))
        })?;
        self.runs_the_roster("revoke an acceptance")?;
        self.push(AcceptanceRevoked { id: id.clone(), key, by: by.clone() });
        Ok(())
    }

    fn runs_the_roster(&self, what: &str) -> Result<(), Refusal> {
        let context = self.context;
        if is_manager(context.actor, context.config, context.now_us) {
            return Ok(());
        }
        let message = format!("only those who run the roster and administrators may {what}");
        Err(Refusal::new("not_yours", message))
    }

    fn ends_in_time(&self, until: Timestamp) -> Result<(), Refusal> {
        let ahead_us = until.as_microsecond() - self.now_us();
        if ahead_us <= 0 {
            return Err(Refusal::field("invalid_field", "until_us", "the end is over by now"));
        }
        if ahead_us > LONGEST_US {
            let message = format!("{LONGEST_DAYS} days is the most; accept it again then");
            return Err(Refusal::field("invalid_field", "until_us", message));
        }
        Ok(())
    }

    fn in_force(&self, key: &str) -> Option<&AcceptanceState> {
        let now_us = self.now_us();
        let known = self.state.acceptances.values();
        known.into_iter().find(|known| known.holds(now_us) && known.acceptance.finding.key == key)
    }
}
