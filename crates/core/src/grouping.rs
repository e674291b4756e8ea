//! Grouping keys: which incident is open for alerts that belong together.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::decide::Decision;
use crate::id::{IncidentId, IntegrationId};
use crate::journal::StreamId;
use crate::record::Record;

/// The incident that is open for the key, if one is.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct State {
    pub incident: Option<IncidentId>,
}

/// What can be asked of a key.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// An incident was opened for the key.
    Claim { incident: IncidentId },
    /// That incident is over.
    Release { incident: IncidentId },
}

/// The key has an incident.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Claimed {
    pub incident: IncidentId,
}

/// The key has none any more.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Released {
    pub incident: IncidentId,
}

/// The stream of a grouping key of an integration.
pub fn stream(integration: &IntegrationId, key: &str) -> StreamId {
    let mut hasher = Sha256::new();
    hasher.update((integration.as_str().len() as u64).to_be_bytes());
    hasher.update(integration.as_str().as_bytes());
    hasher.update(key.as_bytes());
    StreamId::grouping(&hex::encode(&hasher.finalize()[..16]))
}

/// Decides about one key. A release by an incident that does not hold the key changes nothing.
pub fn decide(state: &State, command: &Command) -> Decision {
    let records = match command {
        Command::Claim { incident } => vec![Claimed { incident: incident.clone() }.into()],
        Command::Release { incident } if state.incident.as_ref() == Some(incident) => {
            vec![Released { incident: incident.clone() }.into()]
        }
        Command::Release { .. } => Vec::new(),
    };
    Decision { records, ..Decision::default() }
}

impl State {
    /// Follows one record.
    pub fn apply(&mut self, record: &Record) {
        match record {
            Record::GroupingClaimed(claimed) => self.incident = Some(claimed.incident.clone()),
            Record::GroupingReleased(_) => self.incident = None,
            _ => {}
        }
    }
}
