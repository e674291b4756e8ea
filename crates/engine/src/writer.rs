//! The writer: every decision of the node is made and committed here, one batch after the other.
//!
//! Whoever wants something sends a job and waits. The writer takes what has queued up, decides all of it in
//! memory, and commits it in one transaction; then it answers. There is no timer: while a commit is under way
//! the next batch gathers. A job is never half done, and a caller that goes away cannot stop one.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use decurion_core::access::Actor;
use decurion_core::alert::SignalEffect;
use decurion_core::decide::{Command, Context, Loaded, Outcome, Reply, State, Stop, Streams, execute};
use decurion_core::id::{IncidentId, NotificationId};
use decurion_core::journal::{Draft, StreamId};
use decurion_core::record::Record;
use decurion_store::{
    AlertRepeat, AlertRow, Batch, CommitError, IdempotencyRow, IntegrationRow, LastSignalRow, PackRow,
    RosterEntryRow, SignalRow, Store, TimerRow,
};
use lru::LruCache;
use tokio::sync::{broadcast, mpsc, oneshot};

use crate::counters::Counters;
use crate::crash;
use crate::delivery::Ready;
use crate::live::{self, Live};
use crate::project::{self, Lease, Looks};
use crate::sample::Samples;
use crate::{Clock, Done, EngineError, IdempotencyKey, Recorded};

/// Jobs decided in one transaction at most.
const MAX_BATCH: usize = 128;
/// Streams kept in memory.
const MAX_STREAMS: usize = 20_000;
/// How often a job is decided again after another node was faster.
const MAX_TRIES: usize = 8;
/// How long the node that decided has to send before another takes over: a little longer than a channel may
/// take, because on a shared database this is how late a page is whose node died.
pub(crate) const LEASE_US: i64 = 12_000_000;

/// Something to decide, and what else its commit writes.
pub(crate) struct Job {
    pub(crate) actor: Actor,
    /// Decided in order, all or none.
    pub(crate) commands: Vec<(StreamId, Command)>,
    pub(crate) idempotency: Option<IdempotencyKey>,
    pub(crate) extra: Extra,
    pub(crate) answer: oneshot::Sender<Result<Done, EngineError>>,
}

/// Rows and changes that go with a job.
#[derive(Default)]
pub(crate) struct Extra {
    pub(crate) signal: Option<SignalRow>,
    /// The body is kept even if it only repeats.
    pub(crate) keep_signal: bool,
    /// The message of a notification as it was sent.
    pub(crate) message: Option<(NotificationId, String)>,
    /// Entries that no stream's state shows.
    pub(crate) roster_entries: Vec<RosterEntryRow>,
    pub(crate) packs: Vec<PackRow>,
    pub(crate) integrations: Vec<IntegrationRow>,
    pub(crate) changes: Vec<live::Change>,
}

/// What the writer needs of the node.
pub(crate) struct Surroundings {
    pub(crate) store: Store,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) live: Arc<Live>,
    pub(crate) node: String,
    pub(crate) counters: Arc<Counters>,
    pub(crate) recorded: broadcast::Sender<Recorded>,
    pub(crate) ready: mpsc::Sender<Ready>,
    /// Told the earliest moment at which something new is due.
    pub(crate) wake: tokio::sync::watch::Sender<i64>,
}

pub(crate) struct Writer {
    around: Surroundings,
    cache: LruCache<StreamId, Loaded>,
    samples: Samples,
    last_us: i64,
    /// Commits tried so far.
    commits: u64,
}

/// A job that was decided and waits for its commit.
struct Decided {
    job: Job,
    result: Result<Done, EngineError>,
}

/// The streams of a batch in the making, over those in memory.
struct Pending<'a> {
    staged: &'a BTreeMap<StreamId, Loaded>,
    cache: &'a LruCache<StreamId, Loaded>,
}

impl Streams for Pending<'_> {
    fn get(&self, stream: &StreamId) -> Option<&Loaded> {
        self.staged.get(stream).or_else(|| self.cache.peek(stream))
    }
}

/// Everything that a batch has led to so far.
#[derive(Default)]
struct Making {
    staged: BTreeMap<StreamId, Loaded>,
    batch: Batch,
    alerts: BTreeMap<String, AlertRow>,
    messages: BTreeMap<NotificationId, String>,
    changes: Vec<live::Change>,
    /// Timers that fired without effect: their rows are written anew from the state.
    resync: BTreeSet<StreamId>,
}

impl Writer {
    pub(crate) fn new(around: Surroundings) -> Self {
        let capacity = std::num::NonZeroUsize::new(MAX_STREAMS).unwrap_or(std::num::NonZeroUsize::MIN);
        Self { around, cache: LruCache::new(capacity), samples: Samples::default(), last_us: 0, commits: 0 }
    }

    /// Works until every sender of jobs is gone.
    pub(crate) async fn run(mut self, mut jobs: mpsc::Receiver<Job>) {
        let mut waiting = Vec::with_capacity(MAX_BATCH);
        while jobs.recv_many(&mut waiting, MAX_BATCH).await > 0 {
            let batch = std::mem::take(&mut waiting);
            self.batch(batch, 1).await;
        }
    }

    async fn batch(&mut self, jobs: Vec<Job>, attempt: usize) {
        if let Err(error) = self.preload(&jobs).await {
            for job in jobs {
                let _ = job.answer.send(Err(EngineError::Store(error.to_string())));
            }
            return;
        }
        let now_us = self.around.clock.now_us().max(self.last_us);
        self.last_us = now_us;
        let mut making = Making::default();
        let mut decided = Vec::with_capacity(jobs.len());
        for job in jobs {
            let result = self.decide(&job, &mut making, now_us).await;
            decided.push(Decided { job, result });
        }
        self.commit(making, decided, now_us, attempt).await;
    }

    /// Loads what the jobs name, in one query.
    async fn preload(&mut self, jobs: &[Job]) -> decurion_store::Result<()> {
        let mut missing = BTreeSet::new();
        for (stream, command) in jobs.iter().flat_map(|job| &job.commands) {
            let grouping = match command {
                Command::Alert(command) => command.grouping(),
                _ => None,
            };
            for stream in std::iter::once(stream).chain(grouping) {
                if self.cache.get(stream).is_none() {
                    missing.insert(stream.clone());
                }
            }
        }
        self.load(missing.into_iter().collect()).await
    }

    async fn load(&mut self, streams: Vec<StreamId>) -> decurion_store::Result<()> {
        if streams.is_empty() {
            return Ok(());
        }
        let mut loaded: BTreeMap<StreamId, Loaded> =
            streams.iter().map(|stream| (stream.clone(), Loaded::empty(stream))).collect();
        for entry in self.around.store.load(&streams).await? {
            let Some(state) = loaded.get_mut(&entry.stream) else { continue };
            match entry.payload.as_deref().map(|payload| Record::decode(&entry.kind, payload)) {
                Some(Ok(record)) => state.apply(entry.version, entry.at_us, &record),
                Some(Err(error)) => tracing::error!(seq = entry.seq, %error, "a record cannot be read"),
                None => state.version = entry.version,
            }
        }
        for (stream, loaded) in loaded {
            self.cache.put(stream, loaded);
        }
        Ok(())
    }

    async fn decide(&mut self, job: &Job, making: &mut Making, now_us: i64) -> Result<Done, EngineError> {
        if let Some(key) = &job.idempotency
            && let Some(done) = self.answered(key).await?
        {
            return Ok(done);
        }
        let config = self.around.live.config();
        let mut staged = Vec::with_capacity(job.commands.len());
        let mut over = BTreeMap::new();
        for (stream, command) in &job.commands {
            let context = Context { now_us, actor: &job.actor, config: &config };
            let outcome = self.execute(making, &mut over, context, stream, command).await;
            match outcome {
                Ok(outcome) => {
                    if is_timer(command) && outcome.records.is_empty() {
                        making.resync.insert(stream.clone());
                    }
                    staged.push(outcome);
                }
                Err(error) => {
                    if is_timer(command) {
                        making.resync.insert(stream.clone());
                    }
                    return Err(error);
                }
            }
        }
        Ok(self.take(job, staged, over, making, now_us))
    }

    /// What was answered under the key before, if anything was.
    async fn answered(&self, key: &IdempotencyKey) -> Result<Option<Done>, EngineError> {
        let known = self.around.store.idempotency_get(&key.scope, &key.key).await?;
        let Some(known) = known else { return Ok(None) };
        if known.request_digest != key.request_digest {
            let message = "this Idempotency-Key was used for another request";
            return Err(decurion_core::decide::Refusal::new("idempotency_key_reused", message).into());
        }
        let reply = crate::reply_from_json(&known.response_json);
        Ok(Some(Done { reply, seq: 0, replayed: true, alerts: Vec::new() }))
    }

    async fn execute(
        &mut self,
        making: &Making,
        over: &mut BTreeMap<StreamId, Loaded>,
        context: Context<'_>,
        stream: &StreamId,
        command: &Command,
    ) -> Result<Outcome, EngineError> {
        loop {
            let result = {
                let pending = Pending { staged: &making.staged, cache: &self.cache };
                let streams = Over { over, below: &pending };
                execute(&streams, context, stream, command.clone())
            };
            match result {
                Ok(outcome) => {
                    over.extend(
                        outcome.streams.iter().map(|(stream, loaded)| (stream.clone(), loaded.clone())),
                    );
                    return Ok(outcome);
                }
                Err(Stop::Refused(refusal)) => return Err(refusal.into()),
                Err(Stop::Need(missing)) => self.load(vec![missing]).await?,
            }
        }
    }

    /// Adds what a job led to, to the batch.
    fn take(
        &mut self,
        job: &Job,
        outcomes: Vec<Outcome>,
        over: BTreeMap<StreamId, Loaded>,
        making: &mut Making,
        now_us: i64,
    ) -> Done {
        let actor = job.actor.to_string();
        let mut reply = Reply::Done;
        let mut signal = job.extra.signal.clone();
        let mut keep = job.extra.keep_signal || job.commands.is_empty();
        let mut effects = Vec::new();
        for outcome in outcomes {
            for placed in &outcome.records {
                making.batch.drafts.push(draft(placed, &actor, now_us));
                crate::roster::follow(placed, &actor, now_us, &mut making.batch, &mut making.changes);
            }
            for (stream, loaded) in &outcome.streams {
                if let State::Alert(state) = &loaded.state
                    && let Some(row) = project::alert_row(stream.as_str(), state)
                {
                    making.alerts.insert(row.id.clone(), row);
                }
            }
            if let Reply::Signal(said) = &outcome.reply {
                effects.push(said.clone());
            }
            reply = outcome.reply;
        }
        making.staged.extend(over);
        for ((_, command), said) in job.commands.iter().zip(&effects) {
            let Some(alert) = &said.alert else {
                keep = true;
                continue;
            };
            keep |= said.effect != SignalEffect::Repeated || self.samples.take(alert);
            if let Some(signal) = &mut signal {
                signal.alert_ids.push(alert.to_string());
            }
            if matches!(said.effect, SignalEffect::Repeated | SignalEffect::Worsened) {
                making.batch.repeats.push(repeat(alert.as_str(), command, signal.as_ref(), now_us));
            }
        }
        if !keep && let Some(signal) = &signal {
            making.batch.last_signals.extend(signal.alert_ids.iter().map(|alert| last_signal(alert, signal)));
        }
        if let Some(mut signal) = signal.filter(|_| keep) {
            if signal.outcome == "interpreted" && signal.alert_ids.is_empty() {
                "ignored".clone_into(&mut signal.outcome);
                signal.reason = Some("no alert is open for this key".to_owned());
            }
            making.batch.signals.push(signal);
        }
        take_extra(job, making, now_us, &reply);
        let alerts = effects.iter().filter_map(|said| said.alert.as_ref()).map(ToString::to_string).collect();
        Done { reply, seq: 0, replayed: false, alerts }
    }

    async fn commit(&mut self, mut making: Making, decided: Vec<Decided>, now_us: i64, attempt: usize) {
        let (ready, looks) = self.fill(&mut making, now_us);
        let Making { staged, batch, changes, .. } = making;
        if batch == Batch::default() {
            return answer(decided, None);
        }
        let recorded: Vec<Recorded> = batch.drafts.iter().map(recorded).collect();
        let wake_us = batch
            .timers
            .iter()
            .map(|timer| timer.due_us)
            .chain(batch.outbox.iter().map(|row| row.due_us))
            .min();
        self.commits += 1;
        crash::at("before", self.commits);
        let began = std::time::Instant::now();
        let result = self.around.store.commit(batch, rand::random::<[u8; 16]>).await;
        match result {
            Ok(committed) => {
                crash::at("after", self.commits);
                let took_us = u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX);
                self.around.counters.committed(took_us);
                Counters::add(&self.around.counters.records, recorded.len());
                for (stream, loaded) in staged {
                    self.cache.put(stream, loaded);
                }
                for change in changes {
                    self.around.live.apply(change, committed.head.seq);
                }
                answer(decided, Some(committed.head.seq));
                self.publish(recorded, committed.first_seq);
                self.hand_over(ready, &looks, &committed.numbers);
                if let Some(wake_us) = wake_us {
                    self.around.wake.send_modify(|due| *due = (*due).min(wake_us));
                }
            }
            Err(CommitError::Conflict) => {
                Counters::add(&self.around.counters.conflicts, 1);
                Box::pin(self.again(staged, decided, attempt)).await;
            }
            Err(CommitError::Database(error)) => {
                self.forget(staged.keys());
                tracing::error!(%error, "a batch was not committed");
                for decided in decided {
                    let _ = decided.job.answer.send(Err(EngineError::Store(error.to_string())));
                }
            }
        }
    }

    /// Somebody else was faster with one of the streams: each job is decided again on what is there now.
    async fn again(&mut self, staged: BTreeMap<StreamId, Loaded>, decided: Vec<Decided>, attempt: usize) {
        self.forget(staged.keys());
        for decided in decided {
            if attempt >= MAX_TRIES {
                let _ = decided.job.answer.send(Err(EngineError::Busy));
                continue;
            }
            self.forget(decided.job.commands.iter().map(|(stream, _)| stream));
            self.batch(vec![decided.job], attempt + 1).await;
        }
    }

    fn forget<'a>(&mut self, streams: impl Iterator<Item = &'a StreamId>) {
        for stream in streams {
            self.cache.pop(stream);
        }
    }

    /// Fills the batch's rows from the states as they stand after it. Returns what is to be sent at once.
    fn fill(&self, making: &mut Making, now_us: i64) -> (Vec<project::ToSend>, BTreeMap<IncidentId, Looks>) {
        let config = self.around.live.config();
        let lease = Lease { node: &self.around.node, now_us, until_us: now_us + LEASE_US };
        let mut ready = Vec::new();
        let mut looks = BTreeMap::new();
        for (stream, loaded) in &making.staged {
            let before = self.cache.peek(stream);
            timers(stream, before, loaded, &mut making.batch);
            match &loaded.state {
                State::Incident(state) => {
                    let look = project::incident_looks(state, loaded.version, &config, now_us);
                    making.batch.incidents.push(look.row.clone());
                    let was_over = before.is_some_and(
                        |before| matches!(&before.state, State::Incident(state) if state.is_over()),
                    );
                    if let (Some(at_us), false) = (state.resolved_us, was_over) {
                        making.batch.resolved_incidents.push((state.id.clone(), at_us));
                    }
                    looks.insert(state.id.clone(), look);
                }
                State::Page(state) => {
                    making.batch.pages.push(project::page_row(state));
                    for mut row in project::notification_rows(state) {
                        row.message_json = making.messages.remove(&NotificationId::from(row.id.as_str()));
                        making.batch.notifications.push(row);
                    }
                    ready.extend(project::outbox(before, state, &lease, &mut making.batch));
                }
                State::Roster(state) => {
                    let rows = crate::roster::rows(before, state, now_us);
                    making.batch.roster_entries.extend(rows);
                }
                State::Alert(_) | State::Grouping(_) | State::Feed(_) | State::Verification(_) => {}
            }
        }
        for stream in &making.resync {
            if let (false, Some(loaded)) = (making.staged.contains_key(stream), self.cache.peek(stream)) {
                resync(stream, loaded, &mut making.batch);
            }
        }
        making.batch.alerts.extend(std::mem::take(&mut making.alerts).into_values());
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

/// What a job has changed, over what the batch has changed, over what is in memory.
struct Over<'a> {
    over: &'a BTreeMap<StreamId, Loaded>,
    below: &'a Pending<'a>,
}

impl Streams for Over<'_> {
    fn get(&self, stream: &StreamId) -> Option<&Loaded> {
        self.over.get(stream).or_else(|| self.below.get(stream))
    }
}

fn answer(decided: Vec<Decided>, seq: Option<i64>) {
    for Decided { job, result } in decided {
        let result = result.map(|done| Done { seq: seq.unwrap_or(done.seq), ..done });
        let _ = job.answer.send(result);
    }
}

/// Adds the rows that come with a job.
fn take_extra(job: &Job, making: &mut Making, now_us: i64, reply: &Reply) {
    let extra = &job.extra;
    making.batch.roster_entries.extend(extra.roster_entries.iter().cloned());
    making.batch.packs.extend(extra.packs.iter().cloned());
    making.batch.integrations.extend(extra.integrations.iter().cloned());
    making.changes.extend(extra.changes.iter().cloned());
    making.messages.extend(extra.message.iter().cloned());
    if let Some(key) = &job.idempotency {
        making.batch.idempotency.push(IdempotencyRow {
            scope: key.scope.clone(),
            key: key.key.clone(),
            request_digest: key.request_digest.clone(),
            response_json: crate::reply_to_json(reply),
            created_us: now_us,
        });
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

fn is_timer(command: &Command) -> bool {
    use decurion_core::{alert, incident, notify, roster};
    matches!(
        command,
        Command::Alert(alert::Command::Expire { .. })
            | Command::Incident(incident::Command::TimerFired { .. })
            | Command::Page(notify::Command::TimerFired { .. })
            | Command::Roster(roster::Command::TimerFired { .. })
    )
}

fn draft(placed: &decurion_core::decide::Placed, actor: &str, at_us: i64) -> Draft {
    Draft {
        stream: placed.stream.clone(),
        version: placed.version,
        kind: placed.record.kind().to_owned(),
        record_version: 1,
        at_us,
        actor: actor.to_owned(),
        subject: placed.subject.clone(),
        payload: placed.record.encode().unwrap_or_else(|_| "null".to_owned()),
    }
}

fn repeat(alert: &str, command: &Command, signal: Option<&SignalRow>, now_us: i64) -> AlertRepeat {
    let expires_at_us = match command {
        Command::Alert(decurion_core::alert::Command::Signal(signal)) => signal.event.expires_at_us,
        _ => None,
    };
    AlertRepeat {
        alert_id: alert.to_owned(),
        count: 1,
        last_us: now_us,
        last_signal_id: signal.map(|signal| signal.id.clone()).unwrap_or_default(),
        expires_at_us,
    }
}

fn last_signal(alert: &str, signal: &SignalRow) -> LastSignalRow {
    LastSignalRow {
        alert_id: alert.to_owned(),
        id: signal.id.clone(),
        integration_id: signal.integration_id.clone(),
        received_us: signal.received_us,
        content_type: signal.content_type.clone(),
        body: signal.body.clone(),
        body_base64: signal.body_base64,
        body_bytes: signal.body_bytes,
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
