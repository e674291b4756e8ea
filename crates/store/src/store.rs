//! The open database.

use std::path::Path;

use crate::connect::{Options, Pools, connect};
use crate::sql::Pool;
use crate::{Error, Result, migrate, statements};

/// An open database; clones share its connections.
#[derive(Debug, Clone)]
pub struct Store {
    pub(crate) writer: Option<Pool>,
    pub(crate) readers: Pool,
}

impl Store {
    /// Opens the database and, with `options.create`, brings its schema up to date.
    ///
    /// Refuses a schema that a newer version has written, and an older one that it may not change.
    pub async fn open(options: Options) -> Result<Self> {
        let Pools { writer, readers } = connect(&options, true).await?;
        let store = Self { writer, readers };
        if options.create {
            migrate::up(store.writer()?).await?;
        }
        migrate::check(store.writer()?).await?;
        Ok(store)
    }

    /// Opens a database so that nothing in it can change, as tools do that only look.
    ///
    /// Takes the file of a SQLite database, or `postgres://…`.
    pub async fn open_read_only(path: impl AsRef<Path>) -> Result<Self> {
        let url = path.as_ref().to_string_lossy().into_owned();
        let options = Options { url, read_connections: 1, create: false };
        let Pools { writer, readers } = connect(&options, false).await?;
        migrate::check(&readers).await?;
        Ok(Self { writer, readers })
    }

    /// The connection that writes; there is one for each process.
    pub(crate) fn writer(&self) -> Result<&Pool> {
        self.writer.as_ref().ok_or(Error::ReadOnly)
    }

    /// Whether it is PostgreSQL that keeps the data.
    pub const fn is_postgres(&self) -> bool {
        matches!(self.readers, Pool::Postgres(_))
    }

    /// Closes every connection, waiting for what is under way.
    pub async fn close(&self) {
        self.readers.close().await;
        if let Some(writer) = &self.writer {
            writer.close().await;
        }
    }

    /// Has the database check every statement of the program against its schema, running none of them.
    /// Returns how many there are.
    pub async fn prepare_all(&self) -> Result<usize> {
        let mut prepared = 0;
        for statement in statements() {
            self.writer.as_ref().unwrap_or(&self.readers).prepare(statement).await?;
            prepared += 1;
        }
        Ok(prepared)
    }
}
