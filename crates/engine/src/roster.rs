//! The life of duty on a node: rows and configuration follow the records, schedules are looked at when the
//! configuration changes, and what only the record knows is gathered for a handoff note.

use decurion_core::access::{Action, Actor, Permit, permit};
use decurion_core::decide::{Loaded, Placed, State};
use decurion_core::id::{HandoffNoteId, PersonId, ScheduleId};
use decurion_core::journal::StreamId;
use decurion_core::record::Record;
use decurion_core::roster::{
    self, Absence, Acceptance, AcceptanceState, HandoffNote, OpenIncident, Swap, WriteNote, next_handoff,
};
use decurion_store::{Batch, IncidentFilter, OverrideRow, RosterEntryFilter, RosterEntryRow, Window};
use serde::de::DeserializeOwned;

use crate::live::Change;
use crate::project::json;
use crate::{Done, Engine, EngineError};

/// The kind of a swap among the entries of the roster.
pub const SWAP: &str = "swap";
/// The kind of an absence.
pub const ABSENCE: &str = "absence";
/// The kind of a handoff note.
pub const HANDOFF_NOTE: &str = "handoff_note";
/// The kind of an accepted finding.
pub const ACCEPTANCE: &str = "acceptance";
/// The state of an absence or an acceptance that was not taken back.
pub const ENTERED: &str = "entered";
/// The state of one that was taken back.
pub const REMOVED: &str = "removed";
/// Open incidents that a handoff note lists at most.
const MOST_INCIDENTS: u32 = 100;

/// What a record changes beside its stream: the overrides, absences and acceptances that are configuration.
pub(crate) fn follow(
    placed: &Placed,
    actor: &str,
    now_us: i64,
    batch: &mut Batch,
    changes: &mut Vec<Change>,
) {
    match &placed.record {
        Record::OverrideAdded(added) => {
            batch.overrides_removed.retain(|id| *id != added.entry.id);
            batch.overrides.push(OverrideRow {
                id: added.entry.id.to_string(),
                schedule_id: added.entry.schedule.to_string(),
                body_json: json(&added.entry),
                created_us: now_us,
                actor: actor.to_owned(),
            });
            changes.push(Change::OverrideAdded(Box::new(added.entry.clone())));
        }
        Record::OverrideRemoved(removed) => {
            batch.overrides.retain(|row| row.id != removed.id.as_str());
            batch.overrides_removed.push(removed.id.clone());
            let (schedule, id) = (removed.schedule.clone(), removed.id.clone());
            changes.push(Change::OverrideRemoved { schedule, id });
        }
        Record::AbsenceAdded(added) => changes.push(Change::AbsenceAdded(Box::new(added.absence.clone()))),
        Record::AbsenceRemoved(removed) => changes.push(Change::AbsenceRemoved(removed.id.clone())),
        Record::FindingAccepted(accepted) => {
            changes.push(Change::FindingAccepted(Box::new(accepted.acceptance.clone())));
        }
        Record::AcceptanceRevoked(revoked) => changes.push(Change::AcceptanceRevoked(revoked.id.clone())),
        _ => {}
    }
}

/// The rows of what changed in a stream.
pub(crate) fn rows(before: Option<&Loaded>, after: &roster::State, now_us: i64) -> Vec<RosterEntryRow> {
    let nothing = roster::State::default();
    let before = match before.map(|loaded| &loaded.state) {
        Some(State::Roster(state)) => state,
        _ => &nothing,
    };
    let swaps = after.swaps.values().filter(|swap| before.swaps.get(&swap.id) != Some(swap));
    let notes = after.notes.values().filter(|note| before.notes.get(&note.id) != Some(note));
    let absences = after.absences.iter().filter(|(id, absence)| before.absences.get(id) != Some(absence));
    let absences = absences.map(|(_, absence)| absence_row(absence, now_us));
    let accepted = after.acceptances.iter().filter(|(id, known)| before.acceptances.get(id) != Some(known));
    let accepted = accepted.map(|(_, known)| acceptance_row(known, now_us));
    swaps
        .map(|swap| swap_row(swap, now_us))
        .chain(notes.map(|note| note_row(note, now_us)))
        .chain(absences)
        .chain(accepted)
        .collect()
}

fn swap_row(swap: &Swap, now_us: i64) -> RosterEntryRow {
    RosterEntryRow {
        id: swap.id.to_string(),
        kind: SWAP.to_owned(),
        schedule_id: Some(swap.schedule.to_string()),
        person_id: Some(swap.person.to_string()),
        state: swap.state.as_str().to_owned(),
        start_us: Some(swap.span.start_us),
        end_us: Some(swap.span.end_us),
        body_json: json(swap),
        created_us: swap.asked_us,
        updated_us: now_us,
        actor: swap.actor.clone(),
    }
}

fn note_row(note: &HandoffNote, now_us: i64) -> RosterEntryRow {
    RosterEntryRow {
        id: note.id.to_string(),
        kind: HANDOFF_NOTE.to_owned(),
        schedule_id: Some(note.schedule.to_string()),
        person_id: Some(note.from.to_string()),
        state: note.state.as_str().to_owned(),
        start_us: Some(note.at_us),
        end_us: Some(note.at_us + 1),
        body_json: json(note),
        created_us: note.created_us,
        updated_us: now_us,
        actor: format!("person:{}", note.from),
    }
}

fn absence_row(state: &roster::AbsenceState, now_us: i64) -> RosterEntryRow {
    let absence = &state.absence;
    let span = absence.span();
    RosterEntryRow {
        id: absence.id.to_string(),
        kind: ABSENCE.to_owned(),
        schedule_id: None,
        person_id: Some(absence.person.to_string()),
        state: if state.is_entered() { ENTERED } else { REMOVED }.to_owned(),
        start_us: Some(span.start_us),
        end_us: Some(span.end_us),
        body_json: json(absence),
        created_us: state.added_us,
        updated_us: now_us,
        actor: absence.author.to_string(),
    }
}

fn acceptance_row(state: &AcceptanceState, now_us: i64) -> RosterEntryRow {
    let finding = &state.acceptance.finding;
    RosterEntryRow {
        id: state.acceptance.id.to_string(),
        kind: ACCEPTANCE.to_owned(),
        schedule_id: None,
        person_id: None,
        state: if state.revoked.is_none() { ENTERED } else { REMOVED }.to_owned(),
        start_us: Some(state.accepted_us),
        end_us: Some(finding.until.as_microsecond()),
        body_json: json(state),
        created_us: state.accepted_us,
        updated_us: now_us,
        actor: finding.author.to_string(),
    }
}

/// The absences that are not over.
pub(crate) async fn absences(engine: &Engine, permit: &Permit) -> Result<Vec<Absence>, EngineError> {
    entered(engine, ABSENCE, permit).await
}

/// The accepted findings whose time is not over, in the order of entry.
pub(crate) async fn acceptances(engine: &Engine, permit: &Permit) -> Result<Vec<Acceptance>, EngineError> {
    let states: Vec<AcceptanceState> = entered(engine, ACCEPTANCE, permit).await?;
    Ok(states.into_iter().rev().map(|state| state.acceptance).collect())
}

/// What of one kind holds now or will, newest first.
pub(crate) async fn entered<T: DeserializeOwned>(
    engine: &Engine,
    kind: &str,
    permit: &Permit,
) -> Result<Vec<T>, EngineError> {
    let filter = RosterEntryFilter {
        kind: kind.to_owned(),
        states: vec![ENTERED.to_owned()],
        from_us: Some(engine.now_us()),
        ..RosterEntryFilter::default()
    };
    let rows = engine.store().roster_entry_all(&filter, permit).await?;
    let body = |row: RosterEntryRow| {
        serde_json::from_str(&row.body_json).map_err(|error| EngineError::Store(error.to_string()))
    };
    rows.into_iter().map(body).collect()
}

/// Looks at every schedule that tells people of their duty, and at everybody who is away: the configuration
/// is another one, or time has passed while nothing ran.
pub(crate) async fn review(engine: &Engine) {
    let Ok(permit) = permit(&Actor::System, Action::Configure) else { return };
    let config = engine.config();
    let telling = config.schedules.values().filter(|schedule| schedule.notices.is_some());
    let mut streams: Vec<StreamId> = telling.map(|schedule| StreamId::schedule(&schedule.id)).collect();
    streams.extend(config.absences.iter().map(|absence| StreamId::person(&absence.person)));
    streams.sort();
    streams.dedup();
    for stream in streams {
        if let Err(error) = engine.submit(&permit, stream.clone(), roster::Command::Review, None).await {
            tracing::error!(%stream, %error, "a schedule was not looked at");
        }
    }
}

/// What a note for somebody's next handoff would be about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandoffDraft {
    /// None when the person hands over to nobody.
    pub next: Option<roster::Next>,
    pub incidents: Vec<OpenIncident>,
}

impl Engine {
    /// The next handoff of a person on a schedule, and what is open now.
    pub async fn handoff_draft(
        &self,
        permit: &Permit,
        schedule: &ScheduleId,
        from: &PersonId,
    ) -> Result<HandoffDraft, EngineError> {
        let config = self.config();
        let known = config.schedules.get(schedule).ok_or(EngineError::NotFound("schedule"))?;
        let next = next_handoff(known, config.overrides_of(schedule), from, None, self.now_us());
        Ok(HandoffDraft { next, incidents: self.open_incidents(permit).await? })
    }

    /// Writes a handoff note, or writes it anew; the open incidents come from the record.
    pub async fn handoff_write(
        &self,
        permit: &Permit,
        schedule: &ScheduleId,
        note: WriteNote,
    ) -> Result<Done, EngineError> {
        let note = WriteNote { incidents: self.open_incidents(permit).await?, ..note };
        let command = roster::Command::WriteNote(Box::new(note));
        self.submit(permit, StreamId::schedule(schedule), command, None).await
    }

    /// The note as it stands.
    pub async fn handoff_note(
        &self,
        permit: &Permit,
        id: &HandoffNoteId,
    ) -> Result<HandoffNote, EngineError> {
        let row = self.store().roster_entry_get(id.as_str(), permit).await?;
        let row = row.filter(|row| row.kind == HANDOFF_NOTE).ok_or(EngineError::NotFound("handoff note"))?;
        serde_json::from_str(&row.body_json).map_err(|error| EngineError::Store(error.to_string()))
    }

    async fn open_incidents(&self, permit: &Permit) -> Result<Vec<OpenIncident>, EngineError> {
        let window = Window::first(MOST_INCIDENTS);
        let listed = self.store().incident_list(&IncidentFilter::Open, &window, permit).await?;
        Ok(listed.rows.into_iter().map(|row| open_incident(&row)).collect())
    }
}

fn open_incident(row: &decurion_store::IncidentRow) -> OpenIncident {
    OpenIncident {
        id: row.id.as_str().into(),
        number: row.number,
        title: row.title.clone(),
        severity: row.severity.clone(),
        status: row.status.clone(),
        holder: row.holder.as_deref().map(PersonId::from),
    }
}
