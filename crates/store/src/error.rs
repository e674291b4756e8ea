//! What can go wrong with a database, said so that the operator knows what to do.

use std::path::PathBuf;

use decurion_core::journal::Broken;

/// Why the store could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database cannot be reached or opened.
    #[error("cannot open the database {name}: {reason}")]
    Open {
        /// The file, or the address without its password.
        name: String,
        /// What the driver said.
        reason: sqlx::Error,
    },
    /// A newer version has written to the database.
    #[error(
        "the database has schema version {found}, this program knows up to {known}: start the newer version, \
         or restore the backup from before the upgrade"
    )]
    SchemaNewer {
        /// Version in the database.
        found: i64,
        /// Newest version that this program knows.
        known: i64,
    },
    /// An older version has written it, and it was opened for reading only.
    #[error(
        "the database has schema version {found}, but {known} is needed: start the server once, it upgrades \
         the database"
    )]
    SchemaOlder {
        /// Version in the database; 0 when it is empty.
        found: i64,
        /// Version needed.
        known: i64,
    },
    /// It was opened for reading only.
    #[error("the database was opened for reading only")]
    ReadOnly,
    /// Another process uses the data directory.
    #[error("another process uses the data directory {path}: stop it first")]
    Locked {
        /// The data directory.
        path: PathBuf,
    },
    /// A file of the data directory cannot be used.
    #[error("cannot use {path}: {reason}")]
    File {
        /// The file or directory.
        path: PathBuf,
        /// What the operating system said.
        reason: std::io::Error,
    },
    /// The export could not be written.
    #[error("cannot write the export: {0}")]
    Export(std::io::Error),
    /// The journal does not verify.
    #[error(transparent)]
    Broken(#[from] Broken),
    /// The address is taken.
    #[error("there is an account with the address {email}")]
    AccountExists {
        /// The address, in lower case.
        email: String,
    },
    /// The database refused a statement or went away.
    #[error("the database failed: {0}")]
    Database(#[from] sqlx::Error),
}
