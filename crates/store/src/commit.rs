//! The commit: everything that a batch of decisions changes, in one transaction.

use std::collections::BTreeMap;

use decurion_core::id::{IncidentId, NotificationId, OverrideId, SilenceId};
use decurion_core::journal::{Draft, Head, StreamId};

use crate::sql::Tx;
use crate::{
    AlertRepeat, AlertRow, Error, IdempotencyRow, IncidentRow, IntegrationRow, LastSignalRow,
    NotificationRow, OutboxRow, OverrideRow, PackRow, PageRow, RosterEntryRow, SignalRow, Store, TimerRow,
};
use crate::{alert, idempotency, incident, integration, journal, notification, outbox, pack, page, schedule};
use crate::{roster, signal, timer};

/// What a batch of decisions changes. Each list is one statement; an empty one costs nothing.
///
/// Where rows are written over ("upsert"), the last one of a key counts. One timer or outbox row can be put in
/// and taken out by several decisions of a batch: the methods keep the last word of each. For lists filled
/// by hand, what is taken out is taken out before rows are written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Batch {
    /// Entries for the journal, in their order.
    pub drafts: Vec<Draft>,
    /// Signals that arrived. Of one that is there already, only what became of it is written over.
    pub signals: Vec<SignalRow>,
    /// The newest of repeats whose bodies are not all kept; upsert by alert.
    pub last_signals: Vec<LastSignalRow>,
    /// When integrations were heard that said nothing worth keeping: their ids with microseconds since the epoch.
    pub heard: Vec<(String, i64)>,
    /// Sources that fell quiet, with since when, and those that are not quiet any more.
    pub quiet: Vec<(String, Option<i64>)>,
    /// Alerts; upsert.
    pub alerts: Vec<AlertRow>,
    /// More signals for alerts that are there, or are in `alerts`.
    pub repeats: Vec<AlertRepeat>,
    /// Incidents; upsert.
    pub incidents: Vec<IncidentRow>,
    /// Incidents that were resolved, and when: their open alerts are resolved with them.
    pub resolved_incidents: Vec<(IncidentId, i64)>,
    /// Pages; upsert.
    pub pages: Vec<PageRow>,
    /// Notifications; upsert.
    pub notifications: Vec<NotificationRow>,
    /// What must be sent; upsert.
    pub outbox: Vec<OutboxRow>,
    /// What need not be sent any more.
    pub outbox_done: Vec<NotificationId>,
    /// Timers set or moved; upsert by stream and name.
    pub timers: Vec<TimerRow>,
    /// Timers cleared.
    pub timers_cleared: Vec<(StreamId, String)>,
    /// Silences that somebody ended: what they hold back is looked at now.
    pub silences_over: Vec<SilenceId>,
    /// Answers given. A key that is there already is a conflict.
    pub idempotency: Vec<IdempotencyRow>,
    /// Overrides of schedules; upsert.
    pub overrides: Vec<OverrideRow>,
    /// Overrides removed.
    pub overrides_removed: Vec<OverrideId>,
    /// Swaps, absences, handoff notes, silences and the like; upsert.
    pub roster_entries: Vec<RosterEntryRow>,
    /// New versions of the configuration. One that is there already is a conflict.
    pub packs: Vec<PackRow>,
    /// Integrations; upsert.
    pub integrations: Vec<IntegrationRow>,
}

impl Batch {
    /// Sets or moves a timer.
    pub fn set_timer(&mut self, timer: TimerRow) {
        self.timers_cleared.retain(|(stream, name)| stream.as_str() != timer.stream || *name != timer.name);
        self.timers.push(timer);
    }

    /// Clears a timer.
    pub fn clear_timer(&mut self, stream: StreamId, name: String) {
        self.timers.retain(|timer| timer.stream != stream.as_str() || timer.name != name);
        self.timers_cleared.push((stream, name));
    }

    /// Has a notification sent.
    pub fn send(&mut self, row: OutboxRow) {
        self.outbox_done.retain(|id| id.as_str() != row.notification_id);
        self.outbox.push(row);
    }

    /// Has a notification not sent, or not sent again.
    pub fn send_no_more(&mut self, id: NotificationId) {
        self.outbox.retain(|row| row.notification_id != id.as_str());
        self.outbox_done.push(id);
    }
}

/// What a commit gave.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Committed {
    /// The head after the batch.
    pub head: Head,
    /// Place of the batch's first entry; when it has none, the place that the next entry will take.
    pub first_seq: i64,
    /// The number of each incident of the batch.
    pub numbers: BTreeMap<IncidentId, i64>,
}

/// Why nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum CommitError {
    /// Somebody else has decided on one of the streams, or answered under one of the keys: load, decide
    /// and commit again.
    #[error("somebody else has decided on the same thing in the meantime")]
    Conflict,
    /// The database failed. When the connection broke while committing, nobody knows whether the batch is
    /// there; load and decide again in either case: what is there already then shows, or conflicts.
    #[error(transparent)]
    Database(#[from] Error),
}

impl From<sqlx::Error> for CommitError {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(Error::Database(error))
    }
}

impl Store {
    /// Writes a batch: all of it, lasting, or nothing.
    ///
    /// `entropy` gives the random salt of each journal entry. Dropping the future before it is done writes
    /// nothing, or everything.
    pub async fn commit(
        &self,
        batch: Batch,
        entropy: impl FnMut() -> [u8; 16] + Send,
    ) -> std::result::Result<Committed, CommitError> {
        let mut tx = self.writer()?.begin().await?;
        // The transaction is rolled back when an error drops it.
        let committed = write(&mut tx, batch, entropy).await?;
        tx.commit().await?;
        Ok(committed)
    }
}

async fn write(
    tx: &mut Tx,
    batch: Batch,
    entropy: impl FnMut() -> [u8; 16] + Send,
) -> std::result::Result<Committed, CommitError> {
    // Taking the turn first keeps nodes from waiting for each other's rows in a circle.
    journal::lock(tx).await?;
    let before = journal::head_of(tx).await?;
    let first_seq = before.seq + 1;
    let head = journal::append(tx, before, batch.drafts, entropy).await.map_err(conflict)?;
    idempotency::insert(tx, &batch.idempotency).await.map_err(conflict)?;
    pack::insert(tx, &batch.packs).await.map_err(conflict)?;
    signal::insert(tx, &batch.signals).await?;
    signal::upsert_last(tx, &batch.last_signals).await?;
    signal::heard(tx, &batch.heard).await?;
    alert::upsert(tx, batch.alerts).await?;
    alert::repeat(tx, batch.repeats).await?;
    let numbers = incident::upsert(tx, &batch.incidents).await?;
    alert::close_with(tx, &batch.resolved_incidents).await?;
    page::upsert(tx, &batch.pages).await?;
    notification::upsert(tx, &batch.notifications).await?;
    outbox::done(tx, &batch.outbox_done).await?;
    outbox::upsert(tx, &batch.outbox).await?;
    timer::clear(tx, &batch.timers_cleared).await?;
    timer::upsert(tx, &batch.timers).await?;
    timer::silences_over(tx, &batch.silences_over).await?;
    schedule::remove(tx, &batch.overrides_removed).await?;
    schedule::upsert(tx, &batch.overrides).await?;
    roster::upsert(tx, &batch.roster_entries).await?;
    integration::upsert(tx, &batch.integrations).await?;
    integration::quiet(tx, &batch.quiet).await?;
    Ok(Committed { head, first_seq, numbers })
}

/// What a broken uniqueness means in the tables whose keys decide who was first.
fn conflict(error: sqlx::Error) -> CommitError {
    match error.as_database_error() {
        Some(refusal) if refusal.is_unique_violation() => CommitError::Conflict,
        _ => error.into(),
    }
}
