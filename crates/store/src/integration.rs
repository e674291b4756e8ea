//! Integrations: the sources that may send.

use decurion_core::access::Permit;

use crate::sql::{Sql, Tx, args, bulk, latest, table, text};
use crate::{Result, Store};

pub(crate) const STATEMENTS: &[Sql] = &[UPSERT, QUIET, NOT_QUIET, GET, BY_KEY_DIGEST, LIST];

table! {
    /// A source of signals.
    pub struct IntegrationRow {
        /// `int_…`, or the name that the pack gives.
        id: String,
        /// What people call it.
        name: String,
        /// Which kind of source.
        kind: String,
        /// Digest of its key; empty when it has none.
        key_digest: String,
        /// `pack` or `console`: where it is configured.
        origin: String,
        /// Its configuration, a JSON object.
        body_json: String,
        /// Whether it may send.
        enabled: bool,
        /// When it was made.
        created_us: i64,
        /// When it was last heard of; the store moves it with each signal.
        last_signal_us: Option<i64>,
        /// Since when it is quiet though it must be heard from; the store moves it with the decision.
        quiet_since_us: Option<i64>,
    }
}

const UPSERT: Sql = bulk!(
    IntegrationRow,
    "integration",
    "ON CONFLICT (id) DO UPDATE SET
       name = excluded.name, kind = excluded.kind, key_digest = excluded.key_digest,
       origin = excluded.origin, body_json = excluded.body_json, enabled = excluded.enabled"
);

/// Served by the primary key.
const QUIET: Sql =
    Sql::one("UPDATE integration SET quiet_since_us = COALESCE(quiet_since_us, $2) WHERE id = $1");

/// Served by the primary key.
const NOT_QUIET: Sql = Sql::one("UPDATE integration SET quiet_since_us = NULL WHERE id = $1");

/// Notes since when sources are quiet, or that they are not any more. One that stays quiet keeps its instant.
pub(crate) async fn quiet(tx: &mut Tx, sources: &[(String, Option<i64>)]) -> sqlx::Result<()> {
    for (id, since_us) in sources {
        match since_us {
            Some(since_us) => tx.execute(QUIET, args![id.as_str(), *since_us]).await?,
            None => tx.execute(NOT_QUIET, args![id.as_str()]).await?,
        };
    }
    Ok(())
}

/// Writes integrations; when one was last heard of, and since when it is quiet, stay.
pub(crate) async fn upsert(tx: &mut Tx, rows: &[IntegrationRow]) -> sqlx::Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    tx.write(UPSERT, &latest(rows, |row| &row.id)).await
}

/// Served by the primary key.
const GET: Sql = Sql::one(text!("SELECT ", IntegrationRow::COLUMNS, " FROM integration WHERE id = $1"));

/// Served by `integration_by_key_digest`.
const BY_KEY_DIGEST: Sql = Sql::one(text!(
    "SELECT ",
    IntegrationRow::COLUMNS,
    " FROM integration WHERE key_digest = $1 AND key_digest <> ''"
));

/// Reads the whole table: sources are few.
const LIST: Sql = Sql::one(text!("SELECT ", IntegrationRow::COLUMNS, " FROM integration ORDER BY name, id"));

impl Store {
    /// All integrations, by name.
    pub async fn integration_list(&self, _permit: &Permit) -> Result<Vec<IntegrationRow>> {
        Ok(self.readers.all(LIST, args![]).await?)
    }

    /// One integration.
    pub async fn integration_get(&self, id: &str, _permit: &Permit) -> Result<Option<IntegrationRow>> {
        Ok(self.readers.first(GET, args![id]).await?)
    }

    /// The integration whose key has this digest. Asked before anybody is known, hence without a permit.
    pub async fn integration_by_key_digest(&self, key_digest: &str) -> Result<Option<IntegrationRow>> {
        Ok(self.readers.first(BY_KEY_DIGEST, args![key_digest]).await?)
    }
}
