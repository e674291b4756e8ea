//! Committing a batch: rows are made from the states as they stand after it, everything is written in one
//! transaction, and then whoever waits is answered.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

use decurion_core::decide::{Loaded, State};
use decurion_core::id::{IncidentId, NotificationId};
use decurion_core::journal::{Draft, StreamId};
use decurion_store::{AlertRow, Batch, CommitError, TimerRow};

use super::{Job, LEASE_US, Surroundings};
use crate::counters::Counters;
use crate::crash;
use crate::delivery::Ready;
use crate::project::{self, Lease, Looks};
use crate::{Done, EngineError, Recorded, live};

/// A job that was decided and waits for its commit.
pub(super) struct Decided {
    pub(super) job: Job,
    pub(super) result: Result<Done, EngineError>,
}

/// A stream that a batch changes.
pub(super) struct Changed {
    pub(super) stream: StreamId,
    pub(super) before: Option<Arc<Loaded>>,
    pub(super) after: Arc<Loaded>,
}

/// A batch that was decided.
pub(super) struct Committing {
    pub(super) around: Arc<Surroundings>,
    pub(super) changed: Vec<Changed>,
    pub(super) batch: Batch,
    pub(super) alerts: BTreeMap<String, AlertRow>,
    pub(super) messages: BTreeMap<NotificationId, String>,
    pub(super) changes: Vec<live::Change>,
    /// Streams whose timers are written anew.
    pub(super) resync: Vec<(StreamId, Arc<Loaded>)>,
    pub(super) decided: Vec<Decided>,
    pub(super) now_us: i64,
    /// Which commit of this process it is.
    pub(super) number: u64,
}

/// A batch of which nothing was written.
pub(super) struct Failed {
    pub(super) error: CommitError,
    pub(super) decided: Vec<Decided>,
}

impl Committing {
    pub(super) const fn changes_configuration(&self) -> bool {
        !self.changes.is_empty()
    }

    /// Writes the batch and answers. When that fails, nobody has been answered.
    pub(super) async fn run(mut self) -> Result<(), Failed> {
        let (ready, looks) = self.fill();
        let batch = std::mem::take(&mut self.batch);
        if batch == Batch::default() {
            answer(self.decided, None);
            return Ok(());
        }
        let recorded: Vec<Recorded> = batch.drafts.iter().map(recorded).collect();
        let timers = batch.timers.iter().map(|timer| timer.due_us);
        let over = batch.silences_over.iter().map(|_| self.now_us);
        let wake_us = timers.chain(batch.outbox.iter().map(|row| row.due_us)).chain(over).min();
        crash::at("before", self.number);
        let began = Instant::now();
        let committed = match self.around.store.commit(batch, rand::random::<[u8; 16]>).await {
            Ok(committed) => committed,
            Err(error) => return Err(Failed { error, decided: self.decided }),
        };
        crash::at("after", self.number);
        let took_us = u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX);
        self.around.counters.committed(took_us);
        Counters::add(&self.around.counters.records, recorded.len());
        for change in std::mem::take(&mut self.changes) {
            self.around.live.apply(change, committed.head.seq);
        }
        answer(std::mem::take(&mut self.decided), Some(committed.head.seq));
        self.publish(recorded, committed.first_seq);
        self.hand_over(ready, &looks, &committed.numbers);
        if let Some(wake_us) = wake_us {
            self.around.wake.send_modify(|due| *due = (*due).min(wake_us));
        }
        Ok(())
    }

    /// Fills the batch's rows from the states as they stand after it. Returns what is to be sent at once.
    fn fill(&mut self) -> (Vec<project::ToSend>, BTreeMap<IncidentId, Looks>) {
        let now_us = self.now_us;
        let config = self.around.live.config();
        let lease = Lease { node: &self.around.node, now_us, until_us: now_us + LEASE_US };
        let mut ready = Vec::new();
        let mut looks = BTreeMap::new();
        for Changed { stream, before, after } in &self.changed {
            let before = before.as_deref();
            timers(stream, before, after, &mut self.batch);
            match &after.state {
                State::Incident(state) => {
                    let look = project::incident_looks(state, after.version, &config, now_us);
                    self.batch.incidents.push(look.row.clone());
                    let was_over = before.is_some_and(
                        |before| matches!(&before.state, State::Incident(state) if state.is_over()),
                    );
                    if let (Some(at_us), false) = (state.resolved_us, was_over) {
                        self.batch.resolved_incidents.push((state.id.clone(), at_us));
                    }
                    looks.insert(state.id.clone(), look);
                }
                State::Page(state) => {
                    self.batch.pages.push(project::page_row(state));
                    for mut row in project::notification_rows(state) {
                        row.message_json = self.messages.remove(&NotificationId::from(row.id.as_str()));
                        self.batch.notifications.push(row);
                    }
                    ready.extend(project::outbox(before, state, &lease, &mut self.batch));
                }
                State::Roster(state) => {
                    let rows = crate::roster::rows(before, state, now_us);
                    self.batch.roster_entries.extend(rows);
                }
                State::Silence(state) => {
                    self.batch.roster_entries.extend(crate::silences::row(state, now_us));
                }
                State::Alert(_)
                | State::Grouping(_)
                | State::Feed(_)
                | State::Verification(_)
                | State::Source(_) => {}
            }
        }
        for (stream, loaded) in &self.resync {
            resync(stream, loaded, &mut self.batch);
        }
        self.batch.alerts.extend(std::mem::take(&mut self.alerts).into_values());
        (ready, looks)
    }

    fn publish(&self, recorded: Vec<Recorded>, first_seq: i64) {
        for (seq, recorded) in (first_seq..).zip(recorded) {
            let _ = self.around.recorded.send(Recorded { seq, ..recorded });
        }
    }

    /// Gives messages to the workers. What does not fit stays in the outbox until its lease ends.
    fn hand_over(
        &self,
        ready: Vec<project::ToSend>,
        looks: &BTreeMap<IncidentId, Looks>,
        numbers: &BTreeMap<IncidentId, i64>,
    ) {
        for to_send in ready {
            let look = looks.get(&to_send.incident).map(|look| {
                let mut look = look.clone();
                look.row.number = numbers.get(&to_send.incident).copied().unwrap_or(look.row.number);
                look
            });
            let _ = self.around.ready.try_send(Ready { to_send, look });
        }
    }
}

pub(super) fn answer(decided: Vec<Decided>, seq: Option<i64>) {
    for Decided { job, result } in decided {
        let result = result.map(|done| Done { seq: seq.unwrap_or(done.seq), ..done });
        let _ = job.answer.send(result);
    }
}

/// What is told of an entry; its place is known once it is committed.
fn recorded(draft: &Draft) -> Recorded {
    Recorded {
        seq: 0,
        kind: draft.kind.clone(),
        stream: draft.stream.clone(),
        subject: draft.subject.clone(),
    }
}

/// Writes the difference between the timers before and after.
fn timers(stream: &StreamId, before: Option<&Loaded>, after: &Loaded, batch: &mut Batch) {
    let old = before.map(|loaded| loaded.state.timers()).unwrap_or_default();
    let new = after.state.timers();
    for gone in old.iter().filter(|old| !new.iter().any(|new| new.name == old.name)) {
        batch.clear_timer(stream.clone(), gone.name.clone());
    }
    for timer in new.into_iter().filter(|timer| !old.contains(timer)) {
        batch.set_timer(timer_row(stream, timer));
    }
}

/// Writes the timers of a stream as its state has them, whatever the rows say.
fn resync(stream: &StreamId, loaded: &Loaded, batch: &mut Batch) {
    let wanted = loaded.state.timers();
    for name in decurion_core::decide::TIMER_NAMES {
        if !wanted.iter().any(|timer| timer.name == *name) {
            batch.clear_timer(stream.clone(), (*name).to_owned());
        }
    }
    for timer in wanted {
        batch.set_timer(timer_row(stream, timer));
    }
}

fn timer_row(stream: &StreamId, timer: decurion_core::decide::Timer) -> TimerRow {
    TimerRow {
        stream: stream.to_string(),
        name: timer.name,
        generation: timer.generation,
        due_us: timer.due_us,
    }
}
