//! Calendars of other tools, entered as overrides of a schedule.

use decurion_core::access::Permit;
use decurion_core::decide::Command;
use decurion_core::id::{OverrideId, ScheduleId};
use decurion_core::journal::StreamId;
use decurion_core::oncall::Override;
use decurion_core::roster;

use crate::writer::Extra;
use crate::{Engine, EngineError};

impl Engine {
    /// Which of these overrides are there already.
    pub fn overrides_entered(&self, schedule: &ScheduleId, entries: &[Override]) -> Vec<OverrideId> {
        let config = self.config();
        let there = config.overrides_of(schedule);
        let known = entries.iter().filter(|entry| there.iter().any(|other| other.id == entry.id));
        known.map(|entry| entry.id.clone()).collect()
    }

    /// Enters overrides of one schedule in one commit: all of them or none.
    pub async fn override_add_all(
        &self,
        permit: &Permit,
        schedule: &ScheduleId,
        entries: Vec<Override>,
    ) -> Result<(), EngineError> {
        let stream = StreamId::schedule(schedule);
        let mut commands: Vec<(StreamId, Command)> = Vec::with_capacity(entries.len());
        for entry in entries {
            commands.push((stream.clone(), roster::Command::AddOverride(Box::new(entry)).into()));
        }
        if commands.is_empty() {
            return Ok(());
        }
        self.job(permit.actor().clone(), commands, None, Extra::default()).await.map(drop)
    }
}
