//! How connections are made and what each of them promises.

use std::path::Path;
use std::str::FromStr as _;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions as _, Connection as _, PgConnection};

use crate::sql::Pool;
use crate::{Error, Result};

/// Statements kept prepared on each connection: more than the crate has.
const STATEMENTS_KEPT: usize = 256;
/// How long a caller waits for a connection.
const ACQUIRE: Duration = Duration::from_secs(10);
/// How long SQLite waits for the write lock of another process.
const SQLITE_BUSY: Duration = Duration::from_secs(10);
/// A statement that takes longer is logged.
const SLOW: Duration = Duration::from_millis(500);
/// A PostgreSQL connection that was idle for longer is asked whether it is still there.
const IDLE_TRUSTED: Duration = Duration::from_secs(5);

/// Which database, and how.
#[derive(Debug, Clone)]
pub struct Options {
    /// A file for SQLite (a path, `sqlite:` before it is allowed), or `postgres://…`.
    pub url: String,
    /// Connections that only read.
    pub read_connections: u32,
    /// Make the file when it is absent, and bring the schema up to date.
    pub create: bool,
}

impl Options {
    /// A database with 4 reading connections, made when absent.
    pub fn new(url: impl Into<String>) -> Self {
        Self { url: url.into(), read_connections: 4, create: true }
    }
}

/// The pool for the one writing connection, and that for reading.
pub(crate) struct Pools {
    pub(crate) writer: Option<Pool>,
    pub(crate) readers: Pool,
}

/// Opens what the options name. Without `write`, nothing on disk or in the database can change.
pub(crate) async fn connect(options: &Options, write: bool) -> Result<Pools> {
    if options.url.starts_with("postgres://") || options.url.starts_with("postgresql://") {
        return postgres(options, write).await;
    }
    let path = options.url.strip_prefix("sqlite:").unwrap_or(&options.url);
    let path = path.strip_prefix("//").unwrap_or(path);
    sqlite(Path::new(path), options, write)
        .await
        .map_err(|reason| Error::Open { name: path.to_owned(), reason })
}

async fn sqlite(path: &Path, options: &Options, write: bool) -> sqlx::Result<Pools> {
    let pool = || SqlitePoolOptions::new().acquire_timeout(ACQUIRE).test_before_acquire(false);
    let file = sqlite_file(path);
    // The writer comes first: it makes the file and puts it into WAL mode.
    let writer = if write {
        let writing = file
            .clone()
            .create_if_missing(options.create)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full);
        let pool = pool().max_connections(1).idle_timeout(None).max_lifetime(None);
        Some(Pool::Sqlite(pool.connect_with(writing).await?))
    } else {
        None
    };
    let reading = file.create_if_missing(false).read_only(!write).pragma("query_only", "on");
    let readers = pool().max_connections(options.read_connections.max(1)).connect_with(reading).await?;
    Ok(Pools { writer, readers: Pool::Sqlite(readers) })
}

fn sqlite_file(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .foreign_keys(true)
        .busy_timeout(SQLITE_BUSY)
        .statement_cache_capacity(STATEMENTS_KEPT)
        .pragma("journal_size_limit", "67108864")
        .pragma("cache_size", "-32768")
        .pragma("wal_autocheckpoint", "8000")
        .pragma("temp_store", "memory")
        .log_statements(log::LevelFilter::Off)
        .log_slow_statements(log::LevelFilter::Warn, SLOW)
}

async fn postgres(options: &Options, write: bool) -> Result<Pools> {
    let server = postgres_server(&options.url)?;
    let open = async |connections: u32, server: PgConnectOptions| {
        let pool = PgPoolOptions::new().max_connections(connections).acquire_timeout(ACQUIRE);
        let pool = pool.test_before_acquire(false).before_acquire(|connection: &mut PgConnection, use_| {
            Box::pin(async move {
                if use_.idle_for > IDLE_TRUSTED {
                    connection.ping().await?;
                }
                Ok(true)
            })
        });
        pool.connect_with(server.clone()).await.map(Pool::Postgres).map_err(|reason| Error::Open {
            name: format!("postgres://{}:{}", server.get_host(), server.get_port()),
            reason,
        })
    };
    let writer = if write { Some(open(1, server.clone()).await?) } else { None };
    let reading = server.options([("default_transaction_read_only", "on")]);
    Ok(Pools { writer, readers: open(options.read_connections.max(1), reading).await? })
}

fn postgres_server(url: &str) -> Result<PgConnectOptions> {
    let server = PgConnectOptions::from_str(url)
        .map_err(|reason| Error::Open { name: "postgres://…".to_owned(), reason })?;
    Ok(server
        .application_name("decurion")
        .statement_cache_capacity(STATEMENTS_KEPT)
        .options([
            ("statement_timeout", "30s"),
            ("lock_timeout", "10s"),
            ("idle_in_transaction_session_timeout", "30s"),
        ])
        .log_statements(log::LevelFilter::Off)
        .log_slow_statements(log::LevelFilter::Warn, SLOW))
}
