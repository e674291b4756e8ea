//! Overrides of schedules: entered and taken back.

use decurion_core::access::Permit;
use decurion_core::id::{OverrideId, ScheduleId};
use decurion_core::journal::StreamId;
use decurion_core::oncall::Override;
use decurion_core::roster;

use crate::{Engine, EngineError};

impl Engine {
    /// Enters an override of a schedule.
    pub async fn override_add(&self, permit: &Permit, entry: Override) -> Result<(), EngineError> {
        let stream = StreamId::schedule(&entry.schedule);
        self.submit(permit, stream, roster::Command::AddOverride(Box::new(entry)), None).await.map(drop)
    }

    /// Takes an override back.
    pub async fn override_remove(
        &self,
        permit: &Permit,
        schedule: &ScheduleId,
        id: &OverrideId,
    ) -> Result<(), EngineError> {
        let command = roster::Command::RemoveOverride { id: id.clone(), schedule: schedule.clone() };
        self.submit(permit, StreamId::schedule(schedule), command, None).await.map(drop)
    }
}
