//! Changes of what decisions are made under: overrides of schedules, packs, integrations.
//!
//! The things themselves are read as configuration; these streams keep who changed them, when and why, and
//! refuse what does not fit. Streams: `schedule:<id>` for overrides, `config` for the rest.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::decide::{Context, Decision, Refusal};
use crate::escalation::turns::{TurnTaken, Turns};
use crate::id::{IntegrationId, OverrideId, ScheduleId};
use crate::intake::IntegrationKind;
use crate::oncall::Override;
use crate::record::Record;

/// What is there to be changed.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct State {
    /// Overrides that were entered and not taken back, by id.
    pub overrides: BTreeMap<OverrideId, Override>,
    /// Counts the packs that were applied.
    pub pack_version: i64,
    pub integrations: BTreeSet<IntegrationId>,
    /// Whose turn it is at the steps of an escalation policy that go round.
    pub turns: Turns,
}

/// What can be asked.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    AddOverride(Box<Override>),
    RemoveOverride {
        id: OverrideId,
        schedule: ScheduleId,
    },
    ApplyPack {
        digest: String,
        author: String,
        reason: String,
        /// The version that the author looked at; another one in between refuses the change.
        base_version: Option<i64>,
    },
    /// An incident has its turn at a step that goes round.
    TakeTurn(TurnTaken),
    CreateIntegration(IntegrationCreated),
    ChangeIntegration(IntegrationChanged),
    RemoveIntegration {
        id: IntegrationId,
    },
}

/// Somebody changed a schedule for a while.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OverrideAdded {
    pub entry: Override,
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

/// Decides about a change of configuration.
pub fn decide(state: &State, command: &Command, context: Context<'_>) -> Result<Decision, Refusal> {
    let record: Record = match command {
        Command::AddOverride(entry) => add_override(entry, context)?.into(),
        Command::RemoveOverride { id, schedule } => {
            if !state.overrides.contains_key(id) {
                return Err(Refusal::new("not_found", format!("{schedule} has no override {id}")));
            }
            OverrideRemoved { id: id.clone(), schedule: schedule.clone() }.into()
        }
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
    };
    Ok(Decision { records: vec![record], ..Decision::default() })
}

fn add_override(entry: &Override, context: Context<'_>) -> Result<OverrideAdded, Refusal> {
    if !context.config.schedules.contains_key(&entry.schedule) {
        return Err(Refusal::field("not_found", "schedule_id", format!("no schedule {}", entry.schedule)));
    }
    if entry.end <= entry.start {
        return Err(Refusal::field("invalid_field", "end_us", "the override must end after it starts"));
    }
    for person in entry.change.people() {
        if !context.config.organisation.people.contains_key(person) {
            return Err(Refusal::field("not_found", "person_id", format!("no person {person}")));
        }
    }
    Ok(OverrideAdded { entry: entry.clone() })
}

fn known(state: &State, id: &IntegrationId) -> Result<(), Refusal> {
    if state.integrations.contains(id) {
        Ok(())
    } else {
        Err(Refusal::new("not_found", format!("no integration {id}")))
    }
}

impl State {
    /// Follows one record.
    pub fn apply(&mut self, record: &Record) {
        match record {
            Record::OverrideAdded(added) => {
                self.overrides.insert(added.entry.id.clone(), added.entry.clone());
            }
            Record::OverrideRemoved(removed) => {
                self.overrides.remove(&removed.id);
            }
            Record::TurnTaken(taken) => self.turns.apply(taken),
            Record::PackApplied(applied) => self.pack_version = applied.version,
            Record::IntegrationCreated(created) => {
                self.integrations.insert(created.id.clone());
            }
            Record::IntegrationRemoved(removed) => {
                self.integrations.remove(&removed.id);
            }
            _ => {}
        }
    }
}

impl From<Command> for crate::decide::Command {
    fn from(command: Command) -> Self {
        Self::Roster(command)
    }
}
