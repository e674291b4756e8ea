//! What must hold of a record, given what was before it.

use std::collections::{BTreeMap, BTreeSet};

use super::{Found, Violation};
use crate::decide::{Loaded, Placed, State, Streams};
use crate::escalation::Level;
use crate::id::PageId;
use crate::incident::{self, Cause, TargetState, TimerName};
use crate::journal::StreamId;
use crate::notify::{self, MessageKind, PageDecided, Progress};
use crate::record::Record;

/// Follows records in their order and checks each against the states that the records before it made.
///
/// It folds the states itself, so what it ends with must be what the decisions left (I6).
#[derive(Default)]
pub struct History<'a> {
    /// Where streams are taken from whose first records are not followed.
    before: Option<&'a dyn Streams>,
    streams: BTreeMap<StreamId, Loaded>,
    pages: BTreeSet<PageId>,
    /// Incidents that somebody let go of, and when: their levels begin again whatever runs.
    let_go: BTreeMap<StreamId, i64>,
}

impl<'a> History<'a> {
    /// Starts before the first record.
    pub fn new() -> Self {
        Self::default()
    }

    /// Starts in the middle, with the streams as they stand.
    pub(super) fn after(before: &'a dyn Streams) -> Self {
        Self { before: Some(before), ..Self::default() }
    }

    /// The streams as the records made them.
    pub const fn streams(&self) -> &BTreeMap<StreamId, Loaded> {
        &self.streams
    }

    /// Checks the next record, made at `at_us`, and follows it.
    pub fn follow(&mut self, at_us: i64, placed: &Placed) -> Vec<Violation> {
        let stream = &placed.stream;
        let loaded = self.load(stream);
        let mut found = Found::about(stream);
        found.check("I7", placed.version == loaded.version + 1, || {
            format!("version {} follows version {}", placed.version, loaded.version)
        });
        match &loaded.state {
            State::Incident(state) => self.of_incident(&mut found, state, at_us, &placed.record),
            State::Page(state) => self.of_page(&mut found, state, loaded.version, at_us, &placed.record),
            State::Alert(_)
            | State::Grouping(_)
            | State::Roster(_)
            | State::Feed(_)
            | State::Verification(_)
            | State::Silence(_)
            | State::Source(_) => {}
        }
        let mut loaded = loaded;
        loaded.apply(placed.version, at_us, &placed.record);
        self.streams.insert(stream.clone(), loaded);
        found.violations
    }

    fn load(&self, stream: &StreamId) -> Loaded {
        let known = self.streams.get(stream);
        let known = known.or_else(|| self.before.and_then(|before| before.get(stream)));
        known.cloned().unwrap_or_else(|| Loaded::empty(stream))
    }

    fn of_incident(&mut self, found: &mut Found<'_>, state: &incident::State, at_us: i64, record: &Record) {
        let after_the_end = matches!(record, Record::IncidentNoted(_) | Record::IncidentLinked(_));
        found.check("I5", !state.is_over() || after_the_end, || {
            format!("{} after it was resolved", record.kind())
        });
        if let Some(name) = ends(record) {
            let due_us = state.timers.get(&name).map(|due| due.due_us);
            found.check("I3", due_us.is_some_and(|due_us| due_us <= at_us), || {
                format!("{} at {at_us}, when {name} was due at {due_us:?}", record.kind())
            });
        }
        match record {
            Record::IncidentAcknowledgementExpired(_) | Record::IncidentSnoozeEnded(_) => {
                self.let_go.insert(found.stream.clone(), at_us);
            }
            Record::IncidentAcknowledged(acknowledged) => answers(found, state, acknowledged),
            Record::IncidentLevelEngaged(engaged) => climbs(found, state, engaged),
            Record::IncidentStepStarted(started) => {
                let let_go = self.let_go.get(found.stream) == Some(&at_us);
                begins(found, state, started, let_go);
            }
            Record::IncidentRepeatDue(due) => {
                let step = state.timers.keys().any(|name| matches!(name, TimerName::Step(_)));
                let again = state.timers.contains_key(&TimerName::Repeat);
                found.check("I3", due.at_us.is_none_or(|due_us| due_us > at_us && !step && !again), || {
                    format!("a repeat at {:?}; step runs: {step}, repeat runs: {again}", due.at_us)
                });
            }
            _ => {}
        }
    }

    fn of_page(
        &mut self,
        found: &mut Found<'_>,
        state: &notify::State,
        version: i64,
        at_us: i64,
        record: &Record,
    ) {
        match record {
            Record::PageDecided(decided) => {
                let first = self.pages.insert(decided.page.clone()) && version == 0;
                found.check("I1", first, || "the page is decided a second time".to_owned());
                self.is_wanted(found, decided);
            }
            Record::NoticeDecided(decided) => {
                let first = self.pages.insert(decided.page.clone()) && version == 0;
                found.check("I1", first, || "the notice is decided a second time".to_owned());
            }
            Record::NotificationDecided(decided) => {
                found.check("I5", state.is_open(), || "a message begins after the page ended".to_owned());
                let due_us = state.next_way().map(|(_, due_us)| due_us);
                let due = due_us.is_some_and(|due_us| due_us <= at_us);
                found.check("I3", due || decided.fallback || state.notifications.is_empty(), || {
                    format!("a message at {at_us}, when the next was due at {due_us:?}")
                });
            }
            Record::NotificationDelivered(delivered) => in_flight(found, state, delivered.late),
            Record::NotificationSent(sent) => in_flight(found, state, sent.late),
            Record::NotificationFailed(failed) => in_flight(found, state, failed.late),
            Record::PageAnswered(_) | Record::PageSuperseded(_) => {
                found.check("I2", state.is_open(), || format!("{}, but it had ended", record.kind()));
            }
            Record::PageGivenUp(_) => {
                let lost = state.notifications.values().all(|known| known.progress == Progress::Failed);
                found.check("I2", state.is_open() && lost && state.next_way().is_none(), || {
                    "it is given up, and a way is left".to_owned()
                });
            }
            _ => {}
        }
    }

    /// I5: a page is decided for somebody whom an open incident asks or tells.
    fn is_wanted(&self, found: &mut Found<'_>, decided: &PageDecided) {
        let incident = self.load(&StreamId::incident(&decided.incident));
        let State::Incident(incident) = &incident.state else { return };
        let wanted = match decided.kind {
            MessageKind::Page => TargetState::Paged,
            MessageKind::Tell => TargetState::Told,
            MessageKind::Notice => {
                return found.check("I5", false, || "a notice is about no incident".to_owned());
            }
        };
        let asked = incident
            .levels
            .get(&decided.level)
            .filter(|level| !level.stood_down)
            .and_then(|level| level.targets.get(&decided.person))
            .is_some_and(|target| target.page == decided.page && target.state == wanted);
        found.check("I5", asked && !incident.is_over(), || {
            format!("{} is paged at {}, where nobody asks for them", decided.person, decided.level)
        });
    }
}

/// The timer whose end a record tells of.
fn ends(record: &Record) -> Option<TimerName> {
    match record {
        Record::IncidentStepSilent(silent) => Some(TimerName::Step(silent.level)),
        Record::IncidentAcknowledgementExpired(_) => Some(TimerName::Acknowledgement),
        Record::IncidentSnoozeEnded(_) => Some(TimerName::Snooze),
        Record::IncidentLowerLapsed(_) => Some(TimerName::Lowering),
        Record::IncidentRepeatDue(due) if due.at_us.is_none() => Some(TimerName::Repeat),
        _ => None,
    }
}

/// I5: an answer counts for the levels up to the one where its person is asked, and for those that nothing
/// but silence engaged. No other is left in peace.
fn answers(found: &mut Found<'_>, state: &incident::State, acknowledged: &incident::Acknowledged) {
    let by_silence = |level: &Level| {
        state.levels.get(level).is_some_and(|level| matches!(level.cause, Cause::Silence { .. }))
    };
    let counts = |level: &Level| *level <= acknowledged.level || by_silence(level);
    let (satisfied, settled) = (&acknowledged.satisfied, &acknowledged.settled);
    found.check("I5", satisfied.iter().all(counts) && settled.iter().all(|l| satisfied.contains(l)), || {
        format!("an answer at {} satisfies {satisfied:?} and settles {settled:?}", acknowledged.level)
    });
    let asked = acknowledged.person.as_ref().is_some_and(|person| {
        let target = state.levels.get(&acknowledged.level).and_then(|level| level.targets.get(person));
        target.is_some_and(|target| target.state != TargetState::Told)
    });
    found.check("I5", asked || acknowledged.level == Level::L1, || {
        format!("{:?} answers at {}, where nobody asked", acknowledged.person, acknowledged.level)
    });
}

/// I3: silence climbs from a level that is not asking anybody and has no answer.
fn climbs(found: &mut Found<'_>, state: &incident::State, engaged: &incident::LevelEngaged) {
    if let Cause::Silence { from } = engaged.cause {
        let asks = state.timers.contains_key(&TimerName::Step(from));
        let answered = state.holder.is_some() && state.levels.get(&from).is_some_and(|level| level.satisfied);
        found.check("I3", !asks && !answered, || {
            format!("{} by silence of {from}; asks: {asks}, answered: {answered}", engaged.level)
        });
    }
    let takes_part = state.is_engaged(engaged.level);
    let anew = matches!(engaged.cause, Cause::Silence { .. } | Cause::Opened);
    found.check("I3", !(takes_part && anew), || format!("{} is engaged a second time", engaged.level));
}

/// I3: a step begins after the one before it in its round is over, in a level that takes part.
fn begins(found: &mut Found<'_>, state: &incident::State, started: &incident::StepStarted, let_go: bool) {
    let level: Level = started.level;
    let Some(at_level) = state.levels.get(&level).filter(|at_level| !at_level.stood_down) else {
        return found.check("I3", false, || format!("a step of {level} begins, which takes no part"));
    };
    let asks = state.timers.contains_key(&TimerName::Step(level));
    found.check("I3", !asks || (let_go && started.step == 0), || {
        format!("step {} of {level} begins while the one before still has time", started.step)
    });
    let follows = match started.step {
        0 => started.round == at_level.round + 1,
        step => started.round == at_level.round && at_level.step == Some(step - 1),
    };
    found.check("I3", follows, || {
        let (step, round) = (at_level.step, at_level.round);
        format!("step {} of round {} follows {step:?} of {round}", started.step, started.round)
    });
}

/// I5: what arrives after the end was on its way, and is marked so.
fn in_flight(found: &mut Found<'_>, state: &notify::State, late: bool) {
    let open = state.is_open();
    found.check("I5", late != open, || format!("an answer marked late: {late}, while open: {open}"));
}
