//! Packs and integrations, and the records of overrides.

use serde::{Deserialize, Serialize};

use super::{Command, State};
use crate::decide::Refusal;
use crate::id::{IntegrationId, OverrideId, ScheduleId, SwapId};
use crate::intake::IntegrationKind;
use crate::oncall::Override;
use crate::record::Record;

/// Somebody changed a schedule for a while.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OverrideAdded {
    pub entry: Override,
    /// The trade that it is the other half of; none for everything else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trade: Option<Trade>,
}

/// A swap on another schedule, whose other half is here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trade {
    pub schedule: ScheduleId,
    pub swap: SwapId,
}

impl From<Override> for OverrideAdded {
    fn from(entry: Override) -> Self {
        Self { entry, trade: None }
    }
}

/// Somebody took such a change back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OverrideRemoved {
    pub id: OverrideId,
    pub schedule: ScheduleId,
}

/// A pack became the configuration.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PackApplied {
    pub version: i64,
    /// SHA-256 over the files, hex.
    pub digest: String,
    pub author: String,
    pub reason: String,
}

/// A source of alerts was made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct IntegrationCreated {
    pub id: IntegrationId,
    pub name: String,
    pub kind: IntegrationKind,
}

/// A source of alerts was changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct IntegrationChanged {
    pub id: IntegrationId,
    /// In words: `key rotated`, `disabled`, `mapping changed`.
    pub change: String,
}

/// A source of alerts was removed; its key no longer opens anything.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct IntegrationRemoved {
    pub id: IntegrationId,
}

/// Decides about packs and integrations; none for another command.
pub(super) fn decide(state: &State, command: &Command) -> Result<Option<Record>, Refusal> {
    let record: Record = match command {
        Command::ApplyPack { digest, author, reason, base_version } => {
            if base_version.is_some_and(|base| base != state.pack_version) {
                let message = format!(
                    "the configuration is at version {} by now; look at the difference again",
                    state.pack_version
                );
                return Err(Refusal::field("changed_meanwhile", "base_version", message));
            }
            let version = state.pack_version + 1;
            PackApplied { version, digest: digest.clone(), author: author.clone(), reason: reason.clone() }
                .into()
        }
        Command::TakeTurn(taken) => taken.clone().into(),
        Command::CreateIntegration(created) => created.clone().into(),
        Command::ChangeIntegration(changed) => {
            known(state, &changed.id)?;
            changed.clone().into()
        }
        Command::RemoveIntegration { id } => {
            known(state, id)?;
            IntegrationRemoved { id: id.clone() }.into()
        }
        _ => return Ok(None),
    };
    Ok(Some(record))
}

fn known(state: &State, id: &IntegrationId) -> Result<(), Refusal> {
    if state.integrations.contains(id) {
        Ok(())
    } else {
        Err(Refusal::new("not_found", format!("no integration {id}")))
    }
}
