//! Bringing the schema up to date: forward only, one transaction for each step, under a lock.

use crate::sql::{Pool, Sql, Tx, args};
use crate::{Error, Result};

pub(crate) const STATEMENTS: &[Sql] = &[FOUND, APPLIED, LOCK_SCHEMA];

/// A step, as each database takes it. A step that was released never changes.
struct Step {
    version: i64,
    sqlite: &'static str,
    postgres: &'static str,
}

const STEPS: &[Step] = &[
    Step {
        version: 1,
        sqlite: include_str!("../migrations/sqlite/0001_start.sql"),
        postgres: include_str!("../migrations/postgres/0001_start.sql"),
    },
    Step {
        version: 2,
        sqlite: include_str!("../migrations/sqlite/0002_roster.sql"),
        postgres: include_str!("../migrations/postgres/0002_roster.sql"),
    },
    Step {
        version: 3,
        sqlite: include_str!("../migrations/sqlite/0003_pack_origin.sql"),
        postgres: include_str!("../migrations/postgres/0003_pack_origin.sql"),
    },
    Step {
        version: 4,
        sqlite: include_str!("../migrations/sqlite/0004_silence.sql"),
        postgres: include_str!("../migrations/postgres/0004_silence.sql"),
    },
    Step {
        version: 5,
        sqlite: include_str!("../migrations/sqlite/0005_change.sql"),
        postgres: include_str!("../migrations/postgres/0005_change.sql"),
    },
    Step {
        version: 6,
        sqlite: include_str!("../migrations/sqlite/0006_quiet_source.sql"),
        postgres: include_str!("../migrations/postgres/0006_quiet_source.sql"),
    },
];

/// Kept apart from the steps, because it says which of them are there.
const TABLE: &str = "CREATE TABLE IF NOT EXISTS schema_migration (version BIGINT NOT NULL PRIMARY KEY)";

const FOUND: Sql = Sql::one("SELECT COALESCE(MAX(version), 0) FROM schema_migration");

const APPLIED: Sql = Sql::one("INSERT INTO schema_migration (version) VALUES ($1)");

/// Two nodes that start at once upgrade one after the other. SQLite's write transaction is its own lock.
const LOCK_SCHEMA: Sql =
    Sql::pair("SELECT 1", "SELECT pg_advisory_xact_lock(1145393997, hashtext(current_schema()))");

/// Applies the steps that are missing.
pub(crate) async fn up(pool: &Pool) -> Result<()> {
    let mut tx = pool.begin().await?;
    tx.execute(LOCK_SCHEMA, args![]).await?;
    tx.script(TABLE).await?;
    let found: Option<(i64,)> = tx.first(FOUND, args![]).await?;
    let found = found.map_or(0, |(version,)| version);
    refuse_newer(found)?;
    for step in STEPS.iter().filter(|step| step.version > found) {
        tx.script(step.text(&tx)).await?;
        tx.execute(APPLIED, args![step.version]).await?;
    }
    Ok(tx.commit().await?)
}

/// Refuses a schema that this program does not know or that it needs newer.
pub(crate) async fn check(pool: &Pool) -> Result<()> {
    let found: Option<(i64,)> = match pool.first(FOUND, args![]).await {
        Err(error) if is_absent_table(&error) => None,
        other => other?,
    };
    let (found, known) = (found.map_or(0, |(version,)| version), known());
    refuse_newer(found)?;
    if found < known { Err(Error::SchemaOlder { found, known }) } else { Ok(()) }
}

fn known() -> i64 {
    STEPS.last().map_or(0, |step| step.version)
}

fn refuse_newer(found: i64) -> Result<()> {
    let known = known();
    if found > known { Err(Error::SchemaNewer { found, known }) } else { Ok(()) }
}

/// SQLite has no code of its own for this; PostgreSQL's is `undefined_table`.
fn is_absent_table(error: &sqlx::Error) -> bool {
    let error = error.as_database_error();
    error.is_some_and(|e| e.code().as_deref() == Some("42P01") || e.message().starts_with("no such table"))
}

impl Step {
    fn text(&self, tx: &Tx) -> &'static str {
        match tx {
            Tx::Sqlite(_) => self.sqlite,
            Tx::Postgres(_) => self.postgres,
        }
    }
}
