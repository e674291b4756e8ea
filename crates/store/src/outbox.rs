//! The outbox: what must be sent. A row is there until its notification is settled.

use decurion_core::id::NotificationId;

use crate::sql::{Sql, Tx, args, bulk, latest, table, text, to_json};
use crate::{Result, Store};

pub(crate) const STATEMENTS: &[Sql] = &[UPSERT, DONE, CLAIM, OLDEST_DUE];

table! {
    /// Something to send.
    pub struct OutboxRow {
        /// The notification.
        notification_id: String,
        /// Its page.
        page_id: String,
        /// Its incident.
        incident_id: String,
        /// Not before this instant.
        due_us: i64,
        /// Who is sending it; `None` when nobody is.
        owner: Option<String>,
        /// Until when nobody else may; 0 when anybody may.
        lease_until_us: i64,
        /// What the sender needs, a JSON object.
        payload_json: String,
    }
}

const UPSERT: Sql = bulk!(
    OutboxRow,
    "outbox",
    "ON CONFLICT (notification_id) DO UPDATE SET
       due_us = excluded.due_us, owner = excluded.owner, lease_until_us = excluded.lease_until_us,
       payload_json = excluded.payload_json"
);

/// Writes rows to send.
pub(crate) async fn upsert(tx: &mut Tx, rows: &[OutboxRow]) -> sqlx::Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    tx.write(UPSERT, &latest(rows, |row| &row.notification_id)).await
}

/// Served by the primary key.
const DONE: Sql = Sql::pair(
    "DELETE FROM outbox WHERE notification_id IN (SELECT value FROM json_each($1))",
    "DELETE FROM outbox WHERE notification_id IN (SELECT json_array_elements_text($1::json))",
);

/// Takes out what is settled.
pub(crate) async fn done(tx: &mut Tx, ids: &[NotificationId]) -> sqlx::Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    tx.execute(DONE, args![to_json(ids)?]).await.map(drop)
}

/// Served by `outbox_by_due`. On PostgreSQL, rows that another node is taking are passed over.
const CLAIM: Sql = Sql::pair(
    text!(
        "UPDATE outbox SET owner = $1, lease_until_us = $3
         WHERE notification_id IN (
           SELECT notification_id FROM outbox
           WHERE due_us <= $2 AND lease_until_us <= $2
           ORDER BY due_us, notification_id LIMIT $4
         )
         RETURNING ",
        OutboxRow::COLUMNS
    ),
    text!(
        "UPDATE outbox SET owner = $1, lease_until_us = $3
         WHERE notification_id IN (
           SELECT notification_id FROM outbox
           WHERE due_us <= $2 AND lease_until_us <= $2
           ORDER BY due_us, notification_id LIMIT $4
           FOR UPDATE SKIP LOCKED
         )
         RETURNING ",
        OutboxRow::COLUMNS
    ),
);

/// Served by `outbox_by_due`.
const OLDEST_DUE: Sql = Sql::one("SELECT due_us FROM outbox ORDER BY due_us, notification_id LIMIT 1");

impl Store {
    /// Leases to `owner`, until `lease_until_us`, at most `limit` rows that are due and not leased; the
    /// oldest due first.
    pub async fn outbox_claim(
        &self,
        owner: &str,
        now_us: i64,
        lease_until_us: i64,
        limit: u32,
    ) -> Result<Vec<OutboxRow>> {
        let arguments = args![owner, now_us, lease_until_us, i64::from(limit)];
        let mut rows: Vec<OutboxRow> = self.writer()?.all(CLAIM, arguments).await?;
        // RETURNING promises no order.
        rows.sort_by(|a, b| (a.due_us, &a.notification_id).cmp(&(b.due_us, &b.notification_id)));
        Ok(rows)
    }

    /// When the oldest row that is still here was due, leased or not; `None` when all is settled.
    pub async fn outbox_oldest_due(&self) -> Result<Option<i64>> {
        let oldest: Option<(i64,)> = self.readers.first(OLDEST_DUE, args![]).await?;
        Ok(oldest.map(|(due_us,)| due_us))
    }
}
