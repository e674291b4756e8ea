//! Answers already given, so that a request sent twice is decided once.

use crate::sql::{Sql, Tx, args, bulk, table, text};
use crate::{Result, Store};

pub(crate) const STATEMENTS: &[Sql] = &[INSERT, KEEP, GET, PRUNE];

table! {
    /// The answer given under a key.
    pub struct IdempotencyRow {
        /// Whose keys these are: the route and the caller.
        scope: String,
        /// The caller's key.
        key: String,
        /// Digest of the request: the same key with another request is the caller's mistake.
        request_digest: String,
        /// The answer.
        response_json: String,
        /// When it was given.
        created_us: i64,
    }
}

const INSERT: Sql = bulk!(IdempotencyRow, "idempotency", "");

/// Writes answers. A key that is there already fails the whole commit: somebody else has just decided.
pub(crate) async fn insert(tx: &mut Tx, rows: &[IdempotencyRow]) -> sqlx::Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    tx.write(INSERT, rows).await
}

const KEEP: Sql = bulk!(IdempotencyRow, "idempotency", "ON CONFLICT (scope, key) DO NOTHING");

/// Served by the primary key.
const GET: Sql =
    Sql::one(text!("SELECT ", IdempotencyRow::COLUMNS, " FROM idempotency WHERE scope = $1 AND key = $2"));

/// Served by `idempotency_by_created`.
const PRUNE: Sql = Sql::one("DELETE FROM idempotency WHERE created_us < $1");

impl Store {
    /// The answer given under a key.
    pub async fn idempotency_get(&self, scope: &str, key: &str) -> Result<Option<IdempotencyRow>> {
        Ok(self.readers.first(GET, args![scope, key]).await?)
    }

    /// Keeps an answer that no commit carries; one that is there under the key stays.
    pub async fn idempotency_keep(&self, row: &IdempotencyRow) -> Result<()> {
        Ok(self.writer()?.write(KEEP, &[row]).await?)
    }

    /// Forgets answers given before `before_us`; returns how many.
    pub async fn idempotency_prune(&self, before_us: i64) -> Result<u64> {
        Ok(self.writer()?.execute(PRUNE, args![before_us]).await?)
    }
}
