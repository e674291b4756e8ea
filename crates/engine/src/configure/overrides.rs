//! Overrides of schedules: entered and taken back.

use decurion_core::access::Permit;
use decurion_core::decide::Command;
use decurion_core::id::{OverrideId, ScheduleId};
use decurion_core::journal::StreamId;
use decurion_core::oncall::Override;
use decurion_core::roster;
use decurion_store::OverrideRow;

use crate::live::Change;
use crate::project::json;
use crate::writer::Extra;
use crate::{Engine, EngineError};

impl Engine {
    /// Enters an override of a schedule.
    pub async fn override_add(&self, permit: &Permit, entry: Override) -> Result<(), EngineError> {
        let row = OverrideRow {
            id: entry.id.to_string(),
            schedule_id: entry.schedule.to_string(),
            body_json: json(&entry),
            created_us: self.now_us(),
            actor: permit.actor().to_string(),
        };
        let stream = StreamId::schedule(&entry.schedule);
        let change = Change::OverrideAdded(Box::new(entry.clone()));
        let extra = Extra { overrides: vec![row], changes: vec![change], ..Extra::default() };
        let commands: Vec<(StreamId, Command)> =
            vec![(stream, roster::Command::AddOverride(Box::new(entry)).into())];
        self.job(permit.actor().clone(), commands, None, extra).await.map(drop)
    }

    /// Takes an override back.
    pub async fn override_remove(
        &self,
        permit: &Permit,
        schedule: &ScheduleId,
        id: &OverrideId,
    ) -> Result<(), EngineError> {
        let command = roster::Command::RemoveOverride { id: id.clone(), schedule: schedule.clone() };
        let extra = Extra {
            overrides_removed: vec![id.clone()],
            changes: vec![Change::OverrideRemoved { schedule: schedule.clone(), id: id.clone() }],
            ..Extra::default()
        };
        let commands: Vec<(StreamId, Command)> = vec![(StreamId::schedule(schedule), command.into())];
        self.job(permit.actor().clone(), commands, None, extra).await.map(drop)
    }
}
