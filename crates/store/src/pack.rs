//! Packs: every configuration that was ever in force.

use decurion_core::access::Permit;

use crate::sql::{Sql, Tx, args, bulk, table, text};
use crate::{Result, Store};

pub(crate) const STATEMENTS: &[Sql] = &[INSERT, LATEST, LATEST_OF, GET, FILES, LIST];

table! {
    /// One version of the configuration.
    pub struct PackRow {
        /// From 1; the highest is in force.
        version: i64,
        /// Digest over its files.
        digest: String,
        /// Its files, a JSON object of name to text. Empty in lists.
        files_json: String,
        /// Who applied it.
        author: String,
        /// Why.
        reason: String,
        /// When.
        applied_us: i64,
        /// `apply`, `edit` or `restore`: how it came about.
        origin: String,
    }
}

const INSERT: Sql = bulk!(PackRow, "pack", "");

/// Writes versions; one that is there already fails the whole commit.
pub(crate) async fn insert(tx: &mut Tx, rows: &[PackRow]) -> sqlx::Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    tx.write(INSERT, rows).await
}

/// Served by the primary key.
const LATEST: Sql = Sql::one(text!("SELECT ", PackRow::COLUMNS, " FROM pack ORDER BY version DESC LIMIT 1"));

/// Walks the primary key down from the newest version.
const LATEST_OF: Sql = Sql::one("SELECT MAX(version) FROM pack WHERE origin = $1");

/// Served by the primary key.
const GET: Sql = Sql::one(text!("SELECT ", PackRow::COLUMNS, " FROM pack WHERE version = $1"));

/// Served by the primary key.
const FILES: Sql = Sql::one("SELECT files_json FROM pack WHERE version = $1");

/// Served by the primary key.
const LIST: Sql = Sql::one(
    "SELECT version, digest, '' AS files_json, author, reason, applied_us, origin FROM pack
     WHERE version < $1 ORDER BY version DESC LIMIT $2",
);

impl Store {
    /// The configuration in force.
    pub async fn pack_latest(&self, _permit: &Permit) -> Result<Option<PackRow>> {
        Ok(self.readers.first(LATEST, args![]).await?)
    }

    /// A version.
    pub async fn pack_get(&self, version: i64, _permit: &Permit) -> Result<Option<PackRow>> {
        Ok(self.readers.first(GET, args![version]).await?)
    }

    /// The highest version that came about in that way.
    pub async fn pack_latest_of(&self, origin: &str, _permit: &Permit) -> Result<Option<i64>> {
        let found: Option<(Option<i64>,)> = self.readers.first(LATEST_OF, args![origin]).await?;
        Ok(found.and_then(|(version,)| version))
    }

    /// The files of a version, a JSON object of name to text.
    pub async fn pack_files(&self, version: i64, _permit: &Permit) -> Result<Option<String>> {
        let files: Option<(String,)> = self.readers.first(FILES, args![version]).await?;
        Ok(files.map(|(files_json,)| files_json))
    }

    /// Versions before `before` (`i64::MAX` for the newest), newest first, without their files.
    pub async fn pack_list(&self, before: i64, limit: u32, _permit: &Permit) -> Result<Vec<PackRow>> {
        Ok(self.readers.all(LIST, args![before, i64::from(limit)]).await?)
    }
}
