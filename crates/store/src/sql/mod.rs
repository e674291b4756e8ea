//! The seam: one SQL text with `$1` placeholders for both databases, a pair where they must differ.
//!
//! Native drivers stand behind it, because a common driver knows no more than the poorest database. To
//! add a statement, write a `const NAME: Sql` next to the function that runs it and name it in the
//! module's `STATEMENTS`; a test finds the ones that are not named, and another one prepares them all.

mod bulk;
mod table;
#[cfg(test)]
mod tests;
pub(crate) mod text;
mod value;

use sqlx::{AssertSqlSafe, PgPool, Postgres, Sqlite, SqlitePool, Transaction};

pub(crate) use bulk::{Row, latest, to_json};
pub(crate) use table::{Column, bulk, place, table};
pub(crate) use text::text;
pub(crate) use value::{Value, args, without_nul};

/// One statement, as each database takes it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sql {
    pub(crate) sqlite: &'static str,
    pub(crate) postgres: &'static str,
}

impl Sql {
    /// The same text on both databases.
    pub(crate) const fn one(text: &'static str) -> Self {
        Self { sqlite: text, postgres: text }
    }

    /// A text for each database.
    pub(crate) const fn pair(sqlite: &'static str, postgres: &'static str) -> Self {
        Self { sqlite, postgres }
    }
}

/// What can be read as `T` from a row of either database.
pub(crate) trait Record:
    for<'r> sqlx::FromRow<'r, sqlx::sqlite::SqliteRow>
    + for<'r> sqlx::FromRow<'r, sqlx::postgres::PgRow>
    + Send
    + Unpin
{
}

impl<T> Record for T where
    T: for<'r> sqlx::FromRow<'r, sqlx::sqlite::SqliteRow>
        + for<'r> sqlx::FromRow<'r, sqlx::postgres::PgRow>
        + Send
        + Unpin
{
}

/// Connections to one of the databases.
#[derive(Debug, Clone)]
pub(crate) enum Pool {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

/// A transaction; dropped without [`Tx::commit`], it leaves nothing behind.
pub(crate) enum Tx {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

macro_rules! bind {
    ($query:expr, $args:expr) => {{
        let mut query = $query;
        for value in $args {
            query = match value {
                Value::Text(text) => query.bind(text),
                Value::Integer(number) => query.bind(number),
                Value::Boolean(flag) => query.bind(flag),
            };
        }
        query
    }};
}

/// The three ways to run a statement, for a type that holds either database.
macro_rules! run {
    ($type:ident, $this:ident: ($($receiver:tt)+), $held:ident => $executor:expr) => {
        impl $type {
            /// All rows.
            pub(crate) async fn all<T: Record>($($receiver)+, sql: Sql, args: Vec<Value>) -> sqlx::Result<Vec<T>> {
                match $this {
                    Self::Sqlite($held) => {
                        bind!(sqlx::query_as::<Sqlite, T>(sql.sqlite), args).fetch_all($executor).await
                    }
                    Self::Postgres($held) => {
                        bind!(sqlx::query_as::<Postgres, T>(sql.postgres), args).fetch_all($executor).await
                    }
                }
            }

            /// The first row, when there is one.
            pub(crate) async fn first<T: Record>(
                $($receiver)+,
                sql: Sql,
                args: Vec<Value>,
            ) -> sqlx::Result<Option<T>> {
                match $this {
                    Self::Sqlite($held) => {
                        bind!(sqlx::query_as::<Sqlite, T>(sql.sqlite), args).fetch_optional($executor).await
                    }
                    Self::Postgres($held) => {
                        bind!(sqlx::query_as::<Postgres, T>(sql.postgres), args).fetch_optional($executor).await
                    }
                }
            }

            /// Runs a bulk statement over the rows; no rows cost nothing.
            pub(crate) async fn write<T: Row>($($receiver)+, sql: Sql, rows: &[T]) -> sqlx::Result<()> {
                if rows.is_empty() {
                    return Ok(());
                }
                if let Self::Postgres(_) = $this {
                    return $this.execute(sql, args![to_json(rows)?]).await.map(drop);
                }
                for piece in bulk::pieces(rows) {
                    let mut values = Vec::new();
                    for row in piece {
                        row.values(&mut values);
                    }
                    let text = bulk::drawn_out(sql.sqlite, piece.len());
                    if let Self::Sqlite($held) = $this {
                        bind!(sqlx::query::<Sqlite>(AssertSqlSafe(text)), values).execute($executor).await?;
                    }
                }
                Ok(())
            }

            /// Runs the statement; returns how many rows it changed.
            pub(crate) async fn execute($($receiver)+, sql: Sql, args: Vec<Value>) -> sqlx::Result<u64> {
                match $this {
                    Self::Sqlite($held) => {
                        let done = bind!(sqlx::query::<Sqlite>(sql.sqlite), args).execute($executor).await?;
                        Ok(done.rows_affected())
                    }
                    Self::Postgres($held) => {
                        let done = bind!(sqlx::query::<Postgres>(sql.postgres), args).execute($executor).await?;
                        Ok(done.rows_affected())
                    }
                }
            }
        }
    };
}

run!(Pool, self: (&self), pool => pool);
run!(Tx, self: (&mut self), tx => &mut **tx);

impl Pool {
    /// Starts a transaction that writes. SQLite takes its write lock at once: one that starts by reading
    /// cannot wait for the lock later, it can only fail.
    pub(crate) async fn begin(&self) -> sqlx::Result<Tx> {
        match self {
            Self::Sqlite(pool) => pool.begin_with("BEGIN IMMEDIATE").await.map(Tx::Sqlite),
            Self::Postgres(pool) => pool.begin().await.map(Tx::Postgres),
        }
    }

    /// Waits until every connection is closed.
    pub(crate) async fn close(&self) {
        match self {
            Self::Sqlite(pool) => pool.close().await,
            Self::Postgres(pool) => pool.close().await,
        }
    }

    /// Has the database check a statement without running it.
    pub(crate) async fn prepare(&self, sql: Sql) -> sqlx::Result<()> {
        use sqlx::{Executor as _, SqlStr};
        match self {
            Self::Sqlite(pool) => {
                pool.acquire().await?.prepare(SqlStr::from_static(sql.sqlite)).await.map(drop)
            }
            Self::Postgres(pool) => {
                pool.acquire().await?.prepare(SqlStr::from_static(sql.postgres)).await.map(drop)
            }
        }
    }
}

impl Tx {
    /// Makes everything written lasting.
    pub(crate) async fn commit(self) -> sqlx::Result<()> {
        match self {
            Self::Sqlite(tx) => tx.commit().await,
            Self::Postgres(tx) => tx.commit().await,
        }
    }

    /// Runs several statements at once, as a migration does.
    pub(crate) async fn script(&mut self, text: &'static str) -> sqlx::Result<()> {
        match self {
            Self::Sqlite(tx) => sqlx::raw_sql(text).execute(&mut **tx).await.map(drop),
            Self::Postgres(tx) => sqlx::raw_sql(text).execute(&mut **tx).await.map(drop),
        }
    }
}
