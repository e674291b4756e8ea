//! Counts for metrics.

use crate::sql::{Sql, args, table};
use crate::{Result, Store};

pub(crate) const STATEMENTS: &[Sql] = &[COUNTS];

table! {
    /// How much of everything there is.
    pub struct Counts {
        /// Alerts not resolved.
        alerts_open: i64,
        /// Incidents not resolved.
        incidents_open: i64,
        /// Incidents that nobody has acknowledged.
        incidents_triggered: i64,
        /// Notifications to send.
        outbox: i64,
        /// Timers set.
        timers: i64,
        /// Entries in the journal.
        journal: i64,
    }
}

/// Served by the partial indexes over what is open; the journal's places have no gaps, so its last one
/// counts it.
const COUNTS: Sql = Sql::one(
    "SELECT (SELECT COUNT(*) FROM alert WHERE status <> 'resolved') AS alerts_open,
            (SELECT COUNT(*) FROM incident WHERE status <> 'resolved') AS incidents_open,
            (SELECT COUNT(*) FROM incident WHERE status = 'triggered') AS incidents_triggered,
            (SELECT COUNT(*) FROM outbox) AS outbox,
            (SELECT COUNT(*) FROM timer) AS timers,
            (SELECT COALESCE(MAX(seq), 0) FROM journal) AS journal",
);

impl Store {
    /// How much of everything there is.
    pub async fn counts(&self) -> Result<Counts> {
        Ok(self.readers.first(COUNTS, args![]).await?.unwrap_or_default())
    }
}
