//! A database for one test, on either kind.

use decurion_core::access::{Action, Actor, Permit, permit};
use decurion_store::{Batch, Committed, Options, Store};
use sqlx::{Connection as _, PgConnection};
use tempfile::TempDir;

/// Which database a test runs on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    Sqlite,
    Postgres,
}

/// A database that nobody else uses, and what must live as long as it is used.
pub(crate) struct Bed {
    pub(crate) kind: Kind,
    pub(crate) store: Store,
    pub(crate) url: String,
    _folder: TempDir,
}

impl Bed {
    /// `None` when there is no server of that kind to test on.
    pub(crate) async fn new(kind: Kind) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let url = match kind {
            Kind::Sqlite => folder.path().join("test.db").to_string_lossy().into_owned(),
            Kind::Postgres => fresh_schema().await?,
        };
        let store = Store::open(Options::new(&url)).await.unwrap();
        Some(Self { kind, store, url, _folder: folder })
    }

    /// Another node on the same database.
    pub(crate) async fn second_node(&self) -> Store {
        Store::open(Options::new(&self.url)).await.unwrap()
    }

    /// Runs a statement as somebody with direct access to the database would.
    pub(crate) async fn tamper(&self, statement: &'static str) -> sqlx::Result<()> {
        match self.kind {
            Kind::Sqlite => {
                let mut connection = sqlx::SqliteConnection::connect(&self.url).await?;
                sqlx::raw_sql(statement).execute(&mut connection).await?;
            }
            Kind::Postgres => {
                let mut connection = PgConnection::connect(&self.url).await?;
                sqlx::raw_sql(statement).execute(&mut connection).await?;
            }
        }
        Ok(())
    }

    pub(crate) async fn commit(&self, batch: Batch) -> Committed {
        commit(&self.store, batch).await
    }
}

pub(crate) async fn commit(store: &Store, batch: Batch) -> Committed {
    store.commit(batch, salts()).await.unwrap()
}

/// Salts that differ from call to call; tests need no more.
pub(crate) fn salts() -> impl FnMut() -> [u8; 16] + Send {
    let mut next = 0_u128;
    move || {
        next += 1;
        next.to_be_bytes()
    }
}

pub(crate) fn anybody() -> Permit {
    permit(&Actor::System, Action::Read).unwrap()
}

async fn fresh_schema() -> Option<String> {
    use std::sync::atomic::{AtomicU32, Ordering};
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let Ok(server) = std::env::var("DECURION_TEST_POSTGRES") else {
        eprintln!("DECURION_TEST_POSTGRES is not set: this ran on SQLite only");
        return None;
    };
    let schema = format!("t{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    let mut connection = PgConnection::connect(&server).await.unwrap();
    let create = format!("DROP SCHEMA IF EXISTS {schema} CASCADE; CREATE SCHEMA {schema}");
    sqlx::raw_sql(sqlx::AssertSqlSafe(create)).execute(&mut connection).await.unwrap();
    let separator = if server.contains('?') { '&' } else { '?' };
    Some(format!("{server}{separator}options[search_path]={schema}"))
}

/// Makes a test of each function on each kind of database.
macro_rules! on_both {
    ($($name:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test]
            async fn $name() {
                super::$name(crate::bed::Bed::new(crate::bed::Kind::Sqlite).await.unwrap()).await;
            })+
        }
        mod postgres {
            $(#[tokio::test]
            async fn $name() {
                if let Some(bed) = crate::bed::Bed::new(crate::bed::Kind::Postgres).await {
                    super::$name(bed).await;
                }
            })+
        }
    };
}
pub(crate) use on_both;
