//! A decision in the making: records are followed as they are made, notices go to the people they are for.

use super::state::State;
use super::watch::look;
use super::{Command, DutyWatched, OverrideAdded, OverrideRemoved};
use crate::decide::{Context, Decision, Refusal};
use crate::id::{OverrideId, PageId, PersonId, ScheduleId, derive};
use crate::journal::StreamId;
use crate::notify::{self, DecideNotice, Notice, Topic};
use crate::oncall::{Override, Schedule};
use crate::record::Record;

pub(super) struct Deciding<'a> {
    pub(super) state: State,
    pub(super) stream: &'a StreamId,
    pub(super) version: i64,
    pub(super) context: Context<'a>,
    pub(super) decision: Decision,
}

impl<'a> Deciding<'a> {
    pub(super) fn new(state: &State, stream: &'a StreamId, version: i64, context: Context<'a>) -> Self {
        Self { state: state.clone(), stream, version, context, decision: Decision::default() }
    }

    pub(super) const fn now_us(&self) -> i64 {
        self.context.now_us
    }

    pub(super) fn push(&mut self, record: impl Into<Record>) {
        let record = record.into();
        self.version += 1;
        self.state.apply(self.version, self.context.now_us, &record);
        self.decision.records.push(record);
    }

    pub(super) fn then(&mut self, stream: StreamId, command: Command) {
        self.decision.then.push((stream, command.into()));
    }

    /// A notice to one person. Whoever is not in the organisation is told nothing.
    pub(super) fn tell(
        &mut self,
        person: &PersonId,
        topic: Topic,
        (title, text): (String, String),
        path: &str,
    ) {
        if !self.context.config.organisation.people.contains_key(person) {
            return;
        }
        let place = (self.version, self.decision.then.len());
        let parts = [self.stream.as_str(), person.as_str(), &format!("{}.{}", place.0, place.1)];
        let page = PageId::new(derive("pag", self.now_us(), &parts));
        let notice = Notice { topic, title, text, path: path.to_owned() };
        let decide = DecideNotice { page: page.clone(), person: person.clone(), notice, only: None };
        let command = notify::Command::Notify(Box::new(decide));
        self.decision.then.push((StreamId::page(&page), command.into()));
    }

    pub(super) fn schedule_id(&self) -> ScheduleId {
        ScheduleId::new(self.stream.key())
    }

    pub(super) fn schedule(&self) -> Result<&'a Schedule, Refusal> {
        let id = self.schedule_id();
        let unknown = || Refusal::field("not_found", "schedule_id", format!("no schedule {id}"));
        self.context.config.schedules.get(&id).ok_or_else(unknown)
    }

    /// The overrides as the stream knows them: those of this very decision are among them.
    pub(super) fn overrides(&self) -> Vec<Override> {
        self.state.overrides.values().cloned().collect()
    }

    pub(super) fn add_override(&mut self, entry: &Override) -> Result<(), Refusal> {
        if !self.context.config.schedules.contains_key(&entry.schedule) {
            let message = format!("no schedule {}", entry.schedule);
            return Err(Refusal::field("not_found", "schedule_id", message));
        }
        if entry.end <= entry.start {
            return Err(Refusal::field("invalid_field", "end_us", "the override must end after it starts"));
        }
        for person in entry.change.people() {
            if !self.context.config.organisation.people.contains_key(person) {
                return Err(Refusal::field("not_found", "person_id", format!("no person {person}")));
            }
        }
        self.push(OverrideAdded::from(entry.clone()));
        self.look();
        Ok(())
    }

    /// An override that a swap made is given back with the swap.
    pub(super) fn remove_override(
        &mut self,
        part: &OverrideId,
        schedule: &ScheduleId,
    ) -> Result<(), Refusal> {
        if !self.state.overrides.contains_key(part) {
            return Err(Refusal::new("not_found", format!("{schedule} has no override {part}")));
        }
        if let Some((swap, _)) = self.state.swap_of(part) {
            let swap = swap.id.clone();
            return self.undo(&swap, Some(part), "");
        }
        if let Some(trade) = self.state.trades.get(part).cloned() {
            let (id, reason) = (trade.swap, String::new());
            let undo = Command::UndoSwap { id, part: Some(part.clone()), reason };
            self.then(StreamId::schedule(&trade.schedule), undo);
            return Ok(());
        }
        self.push(OverrideRemoved { id: part.clone(), schedule: schedule.clone() });
        self.look();
        Ok(())
    }

    /// What is due by now. A timer that was moved in between means nothing.
    pub(super) fn fire(&mut self, generation: i64) {
        if self.state.generation() != Some(generation) {
            return;
        }
        self.swaps_go_on();
        self.notes_go_on();
        self.absences_go_on();
        self.look();
    }

    /// Another configuration may have moved whose duty is when.
    pub(super) fn review(&mut self) {
        self.absences_are_covered();
        self.look();
    }

    /// Tells those whose duty begins or ends, and finds out when to look again.
    pub(super) fn look(&mut self) {
        if self.stream.kind() != "schedule" {
            return;
        }
        let notices =
            self.schedule().ok().and_then(|schedule| schedule.notices.as_ref().map(|n| (schedule, n)));
        let Some((schedule, notices)) = notices else {
            if self.state.watch.due_us.is_some() {
                self.push(DutyWatched { told: Vec::new(), due_us: None });
            }
            return;
        };
        let seen = look(schedule, notices, &self.state, self.now_us());
        if seen.told.is_empty() && Some(seen.due_us) == self.state.watch.due_us {
            return;
        }
        let told = seen.told.iter().map(|(told, _)| told.clone()).collect();
        self.push(DutyWatched { told, due_us: Some(seen.due_us) });
        for (told, duty) in seen.told.into_iter().filter_map(|(told, duty)| Some((told, duty?))) {
            self.tell_duty(&told, &duty);
        }
    }
}
