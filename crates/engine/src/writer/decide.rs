//! Deciding the jobs of a batch in memory.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use decurion_core::alert::SignalEffect;
use decurion_core::decide::{Command, Context, Loaded, Outcome, Reply, State, Stop, Streams, execute};
use decurion_core::id::NotificationId;
use decurion_core::journal::{Draft, StreamId};
use decurion_store::{AlertRepeat, AlertRow, Batch, IdempotencyRow, LastSignalRow, SignalRow};
use lru::LruCache;

use super::{Job, Writer};
use crate::{Done, EngineError, IdempotencyKey, live, project};

/// Everything that a batch has led to so far.
#[derive(Default)]
pub(super) struct Making {
    pub(super) staged: BTreeMap<StreamId, Arc<Loaded>>,
    pub(super) batch: Batch,
    pub(super) alerts: BTreeMap<String, AlertRow>,
    pub(super) messages: BTreeMap<NotificationId, String>,
    pub(super) changes: Vec<live::Change>,
    /// Timers that fired without effect: their rows are written anew from the state.
    pub(super) resync: BTreeSet<StreamId>,
}

impl Making {
    /// Nothing is to be written.
    pub(super) fn is_empty(&self) -> bool {
        self.staged.is_empty()
            && self.resync.is_empty()
            && self.alerts.is_empty()
            && self.batch == Batch::default()
    }
}

/// The streams of a batch in the making, over those in memory.
struct Pending<'a> {
    staged: &'a BTreeMap<StreamId, Arc<Loaded>>,
    cache: &'a LruCache<StreamId, Arc<Loaded>>,
}

impl Streams for Pending<'_> {
    fn get(&self, stream: &StreamId) -> Option<&Loaded> {
        self.staged.get(stream).or_else(|| self.cache.peek(stream)).map(Arc::as_ref)
    }
}

/// What a job has changed, over what the batch has changed, over what is in memory.
struct Over<'a> {
    over: &'a BTreeMap<StreamId, Arc<Loaded>>,
    below: &'a Pending<'a>,
}

impl Streams for Over<'_> {
    fn get(&self, stream: &StreamId) -> Option<&Loaded> {
        self.over.get(stream).map(Arc::as_ref).or_else(|| self.below.get(stream))
    }
}

/// What one command led to.
struct Made {
    /// Its streams stand in the job's own.
    outcome: Outcome,
    /// Rows of the alerts it touched: a stream may go on to the next alert of its key within a batch.
    alerts: Vec<AlertRow>,
}

impl Writer {
    pub(super) async fn decide(
        &mut self,
        job: &Job,
        making: &mut Making,
        now_us: i64,
    ) -> Result<Done, EngineError> {
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
                Ok(made) => {
                    if is_timer(command) && made.outcome.records.is_empty() {
                        making.resync.insert(stream.clone());
                    }
                    staged.push(made);
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
        over: &mut BTreeMap<StreamId, Arc<Loaded>>,
        context: Context<'_>,
        stream: &StreamId,
        command: &Command,
    ) -> Result<Made, EngineError> {
        loop {
            let result = {
                let pending = Pending { staged: &making.staged, cache: &self.cache };
                let streams = Over { over, below: &pending };
                execute(&streams, context, stream, command.clone())
            };
            match result {
                Ok(mut outcome) => {
                    let streams = std::mem::take(&mut outcome.streams);
                    let alerts = streams.iter().filter_map(|(stream, loaded)| match &loaded.state {
                        State::Alert(state) => project::alert_row(stream.as_str(), state),
                        _ => None,
                    });
                    let alerts = alerts.collect();
                    over.extend(streams.into_iter().map(|(stream, loaded)| (stream, Arc::new(loaded))));
                    return Ok(Made { outcome, alerts });
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
        staged: Vec<Made>,
        over: BTreeMap<StreamId, Arc<Loaded>>,
        making: &mut Making,
        now_us: i64,
    ) -> Done {
        let actor = job.actor.to_string();
        let mut reply = Reply::Done;
        let mut signal = job.extra.signal.clone();
        let mut keep = job.extra.keep_signal || job.commands.is_empty();
        let mut effects = Vec::new();
        for Made { outcome, alerts } in staged {
            for placed in &outcome.records {
                making.batch.drafts.push(draft(placed, &actor, now_us));
                crate::roster::follow(placed, &actor, now_us, &mut making.batch, &mut making.changes);
                crate::silences::follow(placed, now_us, &mut making.batch, &mut making.changes);
                crate::sources::follow(placed, now_us, &mut making.batch);
            }
            making.alerts.extend(alerts.into_iter().map(|row| (row.id.clone(), row)));
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
        if !keep && let Some(signal) = signal.as_ref().filter(|signal| signal.alert_ids.is_empty()) {
            making.batch.heard.push((signal.integration_id.clone(), signal.received_us));
        }
        if let Some(mut signal) = signal.filter(|_| keep) {
            if signal.outcome == "interpreted" && signal.alert_ids.is_empty() {
                "ignored".clone_into(&mut signal.outcome);
                let silent = job.commands.is_empty();
                let reason =
                    if silent { "it says nothing of an alert" } else { "no alert is open for this key" };
                signal.reason = Some(reason.to_owned());
            }
            making.batch.signals.push(signal);
        }
        take_extra(job, making, now_us, &reply);
        let alerts = effects.iter().filter_map(|said| said.alert.as_ref()).map(ToString::to_string).collect();
        Done { reply, seq: 0, replayed: false, alerts }
    }
}

/// Adds the rows that come with a job.
fn take_extra(job: &Job, making: &mut Making, now_us: i64, reply: &Reply) {
    let extra = &job.extra;
    making.batch.timers.extend(extra.timers.iter().cloned());
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

fn is_timer(command: &Command) -> bool {
    use decurion_core::{alert, incident, notify, roster, source};
    matches!(
        command,
        Command::Alert(alert::Command::Expire { .. } | alert::Command::SilenceEnded { .. })
            | Command::Incident(incident::Command::TimerFired { .. })
            | Command::Page(notify::Command::TimerFired { .. })
            | Command::Roster(roster::Command::TimerFired { .. })
            | Command::Source(source::Command::TimerFired { .. })
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
