//! The writer: every decision of the node is made and committed here, one batch after the other.
//!
//! Whoever wants something sends a job and waits. The writer takes what has queued up, decides all of it in
//! memory, and commits it in one transaction; then it answers. There is no timer: while a commit is under way
//! the next batch gathers and is decided on what that commit will leave. Should the commit fail, what was
//! decided on it is decided again, and nobody was answered in between. A job is never half done, and a caller
//! that goes away cannot stop one.

mod commit;
mod decide;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use decurion_core::access::Actor;
use decurion_core::decide::{Command, Loaded};
use decurion_core::id::NotificationId;
use decurion_core::journal::StreamId;
use decurion_core::record::Record;
use decurion_store::{CommitError, IntegrationRow, PackRow, RosterEntryRow, SignalRow, Store, TimerRow};
use lru::LruCache;
use tokio::sync::{broadcast, mpsc, oneshot};
use tokio::task::{JoinError, JoinHandle};

use crate::counters::Counters;
use crate::delivery::Ready;
use crate::live::{self, Live};
use crate::sample::Samples;
use crate::{Clock, Done, EngineError, IdempotencyKey, Recorded};
use commit::{Changed, Committing, Decided, Failed};
use decide::Making;

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
    /// Timers that move without a decision.
    pub(crate) timers: Vec<TimerRow>,
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
    around: Arc<Surroundings>,
    /// The streams as the last batch leaves them, which may still be under way.
    cache: LruCache<StreamId, Arc<Loaded>>,
    samples: Samples,
    last_us: i64,
    /// Commits tried so far.
    commits: u64,
}

/// What gathers while another batch is under way.
#[derive(Default)]
struct Gathered {
    making: Making,
    decided: Vec<Decided>,
}

/// A batch that is being committed.
struct UnderWay {
    task: JoinHandle<Result<(), Failed>>,
    /// It changes what everything is decided by, so nothing is decided before it has ended.
    alone: bool,
}

/// Waits for the end of the batch that is under way, forever when there is none.
async fn ended(under_way: &mut Option<UnderWay>) -> Result<Result<(), Failed>, JoinError> {
    match under_way {
        Some(under_way) => (&mut under_way.task).await,
        None => std::future::pending().await,
    }
}

impl Writer {
    pub(crate) fn new(around: Surroundings) -> Self {
        let capacity = std::num::NonZeroUsize::new(MAX_STREAMS).unwrap_or(std::num::NonZeroUsize::MIN);
        Self {
            around: Arc::new(around),
            cache: LruCache::new(capacity),
            samples: Samples::default(),
            last_us: 0,
            commits: 0,
        }
    }

    /// Works until every sender of jobs is gone.
    pub(crate) async fn run(mut self, mut jobs: mpsc::Receiver<Job>) {
        let mut arrived = Vec::with_capacity(MAX_BATCH);
        let mut gathered = Gathered::default();
        let mut under_way: Option<UnderWay> = None;
        let mut open = true;
        while open || under_way.is_some() || !gathered.decided.is_empty() {
            if under_way.is_none() && !gathered.decided.is_empty() {
                under_way = self.start(std::mem::take(&mut gathered));
                continue;
            }
            let room = MAX_BATCH.saturating_sub(gathered.decided.len());
            let free = open && room > 0 && under_way.as_ref().is_none_or(|under_way| !under_way.alone);
            tokio::select! {
                biased;
                end = ended(&mut under_way), if under_way.is_some() => {
                    under_way = None;
                    self.settle(end, &mut gathered).await;
                }
                count = jobs.recv_many(&mut arrived, room), if free => {
                    open = count > 0;
                    self.gather(std::mem::take(&mut arrived), &mut gathered).await;
                }
            }
        }
    }

    /// Decides jobs on top of what has gathered.
    async fn gather(&mut self, jobs: Vec<Job>, gathered: &mut Gathered) {
        if let Err(error) = self.preload(&jobs).await {
            for job in jobs {
                let _ = job.answer.send(Err(EngineError::Store(error.to_string())));
            }
            return;
        }
        let now_us = self.around.clock.now_us().max(self.last_us);
        self.last_us = now_us;
        for job in jobs {
            let result = self.decide(&job, &mut gathered.making, now_us).await;
            gathered.decided.push(Decided { job, result });
        }
    }

    /// Sends a batch on its way, unless it changes nothing. From here on decisions build on it.
    fn start(&mut self, gathered: Gathered) -> Option<UnderWay> {
        let committing = self.committing(gathered)?;
        let alone = committing.changes_configuration();
        Some(UnderWay { task: tokio::spawn(committing.run()), alone })
    }

    fn committing(&mut self, Gathered { making, decided }: Gathered) -> Option<Committing> {
        if making.is_empty() {
            commit::answer(decided, None);
            return None;
        }
        let resync = making.resync.iter().filter(|stream| !making.staged.contains_key(stream));
        let resync = resync
            .filter_map(|stream| Some((stream.clone(), Arc::clone(self.cache.peek(stream)?))))
            .collect();
        let changed = making.staged.into_iter().map(|(stream, after)| {
            let before = self.cache.put(stream.clone(), Arc::clone(&after));
            Changed { stream, before, after }
        });
        self.commits += 1;
        Some(Committing {
            changed: changed.collect(),
            around: Arc::clone(&self.around),
            batch: making.batch,
            alerts: making.alerts,
            messages: making.messages,
            changes: making.changes,
            resync,
            decided,
            now_us: self.last_us,
            number: self.commits,
        })
    }

    /// After a batch that failed nothing of what was decided on it counts.
    async fn settle(&mut self, end: Result<Result<(), Failed>, JoinError>, gathered: &mut Gathered) {
        let failed = match end {
            Ok(Ok(())) => return,
            Ok(Err(failed)) => Some(failed),
            Err(error) => {
                tracing::error!(%error, "a batch broke off");
                None
            }
        };
        self.cache.clear();
        let jobs = std::mem::take(gathered).decided.into_iter().map(|decided| decided.job);
        if let Some(failed) = failed {
            self.again(failed, 1).await;
        }
        self.gather(jobs.collect(), gathered).await;
    }

    /// Somebody else was faster with one of the streams: each job is decided again on what is there now. When
    /// the database failed, whoever waits is told.
    async fn again(&mut self, failed: Failed, attempt: usize) {
        if let CommitError::Database(error) = failed.error {
            tracing::error!(%error, "a batch was not committed");
            for decided in failed.decided {
                let _ = decided.job.answer.send(Err(EngineError::Store(error.to_string())));
            }
            return;
        }
        Counters::add(&self.around.counters.conflicts, 1);
        for decided in failed.decided {
            if attempt >= MAX_TRIES {
                let _ = decided.job.answer.send(Err(EngineError::Busy));
                continue;
            }
            self.forget(decided.job.commands.iter().map(|(stream, _)| stream));
            let mut gathered = Gathered::default();
            self.gather(vec![decided.job], &mut gathered).await;
            let Some(committing) = self.committing(gathered) else { continue };
            if let Err(failed) = committing.run().await {
                self.cache.clear();
                Box::pin(self.again(failed, attempt + 1)).await;
            }
        }
    }

    fn forget<'a>(&mut self, streams: impl Iterator<Item = &'a StreamId>) {
        for stream in streams {
            self.cache.pop(stream);
        }
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
            self.cache.put(stream, Arc::new(loaded));
        }
        Ok(())
    }
}
