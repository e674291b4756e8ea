//! The journal as a table: appending, reading, verifying, exporting.

use std::io::Write;

use decurion_core::access::Permit;
use decurion_core::journal::{Draft, Entry, Head, StreamId, Verifier, chain};

use crate::sql::{Pool, Sql, Tx, args, bulk, table, text, to_json, without_nul};
use crate::{Error, Result, Store};

pub(crate) const STATEMENTS: &[Sql] =
    &[APPEND, HEAD, LOCK_HEAD, LOAD, PAGE, LIST, LIST_STREAM, LIST_BACK, LIST_STREAM_BACK, TIMELINE];

/// Entries read at once when all of them are read.
const CHUNK: i64 = 1_000;

table! {
    /// An entry as its columns.
    pub(crate) struct JournalRow {
        /// Place in the journal.
        seq: i64,
        /// The thing decided on.
        stream: String,
        /// Place within the stream.
        version: i64,
        /// What happened.
        kind: String,
        /// Version of the payload's shape.
        record_version: i64,
        /// When.
        at_us: i64,
        /// Who.
        actor: String,
        /// The incident it is shown at.
        subject: String,
        /// Salt of the payload's digest, in hex.
        salt: String,
        /// The record, byte for byte.
        payload: Option<String>,
        /// SHA-256 over salt and payload.
        payload_digest: String,
        /// SHA-256 over the previous hash and the fields.
        hash: String,
    }
}

/// Which entries of the journal.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct JournalFilter {
    /// Entries after this place; 0 for all.
    pub after_seq: i64,
    /// Kinds that start so (`alert.`); empty for all.
    pub kind_prefix: String,
    /// Only this stream.
    pub stream: Option<StreamId>,
}

/// What a verification found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// The head: compare it with one kept elsewhere.
    pub head: Head,
    /// How many payloads have been erased.
    pub erased: i64,
}

const APPEND: Sql = bulk!(JournalRow, "journal", "");

/// Served by the primary key.
const HEAD: Sql = Sql::one("SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1");

/// Writers of all nodes take turns from here to their commit; so `seq` has no gaps and follows the order
/// of commits. SQLite's write transaction is that lock.
const LOCK_HEAD: Sql =
    Sql::pair("SELECT 1", "SELECT pg_advisory_xact_lock(1145393998, hashtext(current_schema()))");

/// Takes the turn of this writer.
pub(crate) async fn lock(tx: &mut Tx) -> sqlx::Result<()> {
    match tx {
        Tx::Sqlite(_) => Ok(()),
        Tx::Postgres(_) => tx.execute(LOCK_HEAD, args![]).await.map(drop),
    }
}

/// Where the journal ends for this transaction.
pub(crate) async fn head_of(tx: &mut Tx) -> sqlx::Result<Head> {
    let head: Option<(i64, String)> = tx.first(HEAD, args![]).await?;
    Ok(head.map_or_else(Head::default, |(seq, hash)| Head { seq, hash }))
}

/// Chains the drafts to `head` and writes them; returns the new head.
pub(crate) async fn append(
    tx: &mut Tx,
    mut head: Head,
    drafts: Vec<Draft>,
    mut entropy: impl FnMut() -> [u8; 16],
) -> sqlx::Result<Head> {
    if drafts.is_empty() {
        return Ok(head);
    }
    let mut rows = Vec::with_capacity(drafts.len());
    for draft in drafts {
        let entry = chain(&head, storable(draft), entropy());
        head = Head::from(&entry);
        rows.push(JournalRow::from(entry));
    }
    tx.write(APPEND, &rows).await?;
    Ok(head)
}

/// What is hashed must be what is stored, so a NUL goes before the hash is made.
fn storable(draft: Draft) -> Draft {
    Draft {
        stream: StreamId::new(without_nul(draft.stream.as_str().to_owned())),
        kind: without_nul(draft.kind),
        actor: without_nul(draft.actor),
        subject: without_nul(draft.subject),
        payload: without_nul(draft.payload),
        ..draft
    }
}

/// Served by the unique index over stream and version.
const LOAD: Sql = Sql::pair(
    text!(
        "SELECT ",
        JournalRow::COLUMNS,
        " FROM journal
         WHERE stream IN (SELECT value FROM json_each($1))
         ORDER BY stream, version"
    ),
    text!(
        "SELECT ",
        JournalRow::COLUMNS,
        " FROM journal
         WHERE stream IN (SELECT json_array_elements_text($1::json))
         ORDER BY stream, version"
    ),
);

/// Served by the primary key.
const PAGE: Sql =
    Sql::one(text!("SELECT ", JournalRow::COLUMNS, " FROM journal WHERE seq > $1 ORDER BY seq LIMIT $2"));

/// Served by the primary key.
const LIST: Sql = Sql::one(text!(
    "SELECT ",
    JournalRow::COLUMNS,
    " FROM journal
     WHERE seq > $1 AND kind >= $3 AND kind < $4
     ORDER BY seq LIMIT $2"
));

/// Served by the unique index over stream and version.
const LIST_STREAM: Sql = Sql::one(text!(
    "SELECT ",
    JournalRow::COLUMNS,
    " FROM journal
     WHERE stream = $5 AND seq > $1 AND kind >= $3 AND kind < $4
     ORDER BY version LIMIT $2"
));

/// Served by the primary key, backwards.
const LIST_BACK: Sql = Sql::one(text!(
    "SELECT ",
    JournalRow::COLUMNS,
    " FROM journal
     WHERE seq < $1 AND kind >= $3 AND kind < $4
     ORDER BY seq DESC LIMIT $2"
));

/// Served by the unique index over streams and versions, backwards.
const LIST_STREAM_BACK: Sql = Sql::one(text!(
    "SELECT ",
    JournalRow::COLUMNS,
    " FROM journal
     WHERE stream = $5 AND seq < $1 AND kind >= $3 AND kind < $4
     ORDER BY version DESC LIMIT $2"
));

/// Served by `journal_by_subject`.
const TIMELINE: Sql = Sql::one(text!(
    "SELECT ",
    JournalRow::COLUMNS,
    " FROM journal
     WHERE subject = $3 AND subject <> '' AND seq > $1
     ORDER BY seq LIMIT $2"
));

impl Store {
    /// All entries of these streams, ordered by stream and version.
    pub async fn load(&self, streams: &[StreamId]) -> Result<Vec<Entry>> {
        if streams.is_empty() {
            return Ok(Vec::new());
        }
        let names: Vec<&str> = streams.iter().map(StreamId::as_str).collect();
        entries(&self.readers, LOAD, args![to_json(&names)?]).await
    }

    /// Where the journal ends.
    pub async fn head(&self) -> Result<Head> {
        let head: Option<(i64, String)> = self.readers.first(HEAD, args![]).await?;
        Ok(head.map_or_else(Head::default, |(seq, hash)| Head { seq, hash }))
    }

    /// Entries in the order of the journal, at most `limit`.
    pub async fn journal_list(
        &self,
        filter: &JournalFilter,
        limit: u32,
        _permit: &Permit,
    ) -> Result<Vec<Entry>> {
        let end = format!("{}\u{10ffff}", filter.kind_prefix);
        let mut arguments = args![filter.after_seq, i64::from(limit), filter.kind_prefix.as_str(), end];
        let sql = match &filter.stream {
            None => LIST,
            Some(stream) => {
                arguments.extend(args![stream.as_str()]);
                LIST_STREAM
            }
        };
        entries(&self.readers, sql, arguments).await
    }

    /// Entries before the place `before_seq` (`i64::MAX` for the newest), the newest first, at most `limit`.
    /// The filter's own place does not count.
    pub async fn journal_list_back(
        &self,
        filter: &JournalFilter,
        before_seq: i64,
        limit: u32,
        _permit: &Permit,
    ) -> Result<Vec<Entry>> {
        let end = format!("{}\u{10ffff}", filter.kind_prefix);
        let mut arguments = args![before_seq, i64::from(limit), filter.kind_prefix.as_str(), end];
        let sql = match &filter.stream {
            None => LIST_BACK,
            Some(stream) => {
                arguments.extend(args![stream.as_str()]);
                LIST_STREAM_BACK
            }
        };
        entries(&self.readers, sql, arguments).await
    }

    /// The timeline of an incident: entries whose subject it is, after the place `after_seq`.
    pub async fn incident_timeline(
        &self,
        incident_id: &str,
        after_seq: i64,
        limit: u32,
        _permit: &Permit,
    ) -> Result<Vec<Entry>> {
        entries(&self.readers, TIMELINE, args![after_seq, i64::from(limit), incident_id]).await
    }

    /// Checks the whole journal, holding one chunk of it at a time.
    pub async fn verify(&self) -> Result<Verified> {
        let mut verifier = Verifier::new();
        self.each_entry(|entry| Ok(verifier.check(entry)?)).await?;
        Ok(Verified { erased: verifier.erased(), head: verifier.finish() })
    }

    /// Writes the whole journal as lines of JSON, checking it on the way; returns its head.
    pub async fn export(&self, mut writer: impl Write) -> Result<Head> {
        let mut verifier = Verifier::new();
        self.each_entry(|entry| {
            verifier.check(entry)?;
            let line = entry.to_json_line().map_err(|error| Error::Export(error.into()))?;
            writeln!(writer, "{line}").map_err(Error::Export)
        })
        .await?;
        writer.flush().map_err(Error::Export)?;
        Ok(verifier.finish())
    }

    async fn each_entry(&self, mut take: impl FnMut(&Entry) -> Result<()>) -> Result<()> {
        let mut seq = 0;
        loop {
            let chunk = entries(&self.readers, PAGE, args![seq, CHUNK]).await?;
            let Some(last) = chunk.last() else { return Ok(()) };
            seq = last.seq;
            chunk.iter().try_for_each(&mut take)?;
        }
    }
}

async fn entries(pool: &Pool, sql: Sql, arguments: Vec<crate::sql::Value>) -> Result<Vec<Entry>> {
    let rows: Vec<JournalRow> = pool.all(sql, arguments).await?;
    Ok(rows.into_iter().map(Entry::from).collect())
}

impl From<Entry> for JournalRow {
    fn from(entry: Entry) -> Self {
        Self {
            seq: entry.seq,
            stream: entry.stream.to_string(),
            version: entry.version,
            kind: entry.kind,
            record_version: entry.record_version,
            at_us: entry.at_us,
            actor: entry.actor,
            subject: entry.subject,
            salt: entry.salt,
            payload: entry.payload,
            payload_digest: entry.payload_digest,
            hash: entry.hash,
        }
    }
}

impl From<JournalRow> for Entry {
    fn from(row: JournalRow) -> Self {
        Self {
            seq: row.seq,
            stream: StreamId::new(row.stream),
            version: row.version,
            kind: row.kind,
            record_version: row.record_version,
            at_us: row.at_us,
            actor: row.actor,
            subject: row.subject,
            salt: row.salt,
            payload: row.payload,
            payload_digest: row.payload_digest,
            hash: row.hash,
        }
    }
}
