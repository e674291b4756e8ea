//! Timers: what happens by itself, and when. Set, moved and cleared in the commit that decides it.

use decurion_core::alert;
use decurion_core::id::SilenceId;
use decurion_core::journal::StreamId;

use crate::sql::{Sql, Tx, args, bulk, latest, table, text, to_json};
use crate::{Result, Store};

pub(crate) const STATEMENTS: &[Sql] = &[UPSERT, CLEAR, SILENCES_OVER, DUE, NEXT];

table! {
    /// A timer of a stream.
    pub struct TimerRow {
        /// Whose timer.
        stream: String,
        /// Which of its timers.
        name: String,
        /// Counts how often it was set: a decision refuses one that fires with an older generation.
        generation: i64,
        /// When it fires.
        due_us: i64,
    }
}

const UPSERT: Sql = bulk!(
    TimerRow,
    "timer",
    "ON CONFLICT (stream, name) DO UPDATE SET
       generation = excluded.generation, due_us = excluded.due_us"
);

/// Sets or moves timers.
pub(crate) async fn upsert(tx: &mut Tx, timers: &[TimerRow]) -> sqlx::Result<()> {
    if timers.is_empty() {
        return Ok(());
    }
    tx.write(UPSERT, &latest(timers, |row| (&row.stream, &row.name))).await
}

/// Served by the primary key.
const CLEAR: Sql = Sql::pair(
    "DELETE FROM timer
     WHERE (stream, name) IN (SELECT value ->> 0, value ->> 1 FROM jsonb_each($1))",
    "DELETE FROM timer
     WHERE (stream, name) IN (SELECT value ->> 0, value ->> 1 FROM json_array_elements($1::json))",
);

/// Clears timers.
pub(crate) async fn clear(tx: &mut Tx, timers: &[(StreamId, String)]) -> sqlx::Result<()> {
    if timers.is_empty() {
        return Ok(());
    }
    tx.execute(CLEAR, args![to_json(timers)?]).await.map(drop)
}

/// Served by the primary key and by `alert_held_by_silence`.
const SILENCES_OVER: Sql = Sql::pair(
    "UPDATE timer SET due_us = 0
     WHERE name = $2 AND stream IN
       (SELECT stream FROM alert
        WHERE suppressed_by IN (SELECT value FROM jsonb_each($1)) AND status <> 'resolved')",
    "UPDATE timer SET due_us = 0
     WHERE name = $2 AND stream IN
       (SELECT stream FROM alert
        WHERE suppressed_by IN (SELECT value FROM json_array_elements_text($1::json) AS given (value))
          AND status <> 'resolved')",
);

/// Has every alert that one of these silences holds back looked at now.
pub(crate) async fn silences_over(tx: &mut Tx, silences: &[SilenceId]) -> sqlx::Result<()> {
    if silences.is_empty() {
        return Ok(());
    }
    tx.execute(SILENCES_OVER, args![to_json(silences)?, alert::SILENCE]).await.map(drop)
}

/// Served by `timer_by_due`.
const DUE: Sql = Sql::one(text!(
    "SELECT ",
    TimerRow::COLUMNS,
    " FROM timer WHERE due_us <= $1
     ORDER BY due_us, stream, name LIMIT $2"
));

/// Served by `timer_by_due`.
const NEXT: Sql = Sql::one("SELECT due_us FROM timer ORDER BY due_us, stream, name LIMIT 1");

impl Store {
    /// Timers that are due, the oldest first, at most `limit`.
    pub async fn timers_due(&self, now_us: i64, limit: u32) -> Result<Vec<TimerRow>> {
        Ok(self.readers.all(DUE, args![now_us, i64::from(limit)]).await?)
    }

    /// When the next timer fires; in the past when it should have fired already.
    pub async fn timer_next(&self) -> Result<Option<i64>> {
        let next: Option<(i64,)> = self.readers.first(NEXT, args![]).await?;
        Ok(next.map(|(due_us,)| due_us))
    }

    /// When the oldest timer that has not fired was or is due: the watch over the timer loop asks this.
    pub async fn timer_oldest_due(&self) -> Result<Option<i64>> {
        self.timer_next().await
    }
}
