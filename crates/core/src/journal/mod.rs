//! The journal: every decision, in one order, each entry bound to the one before it by a hash.
//!
//! What the chain proves and what it does not is told in `docs/journal.md`, with the exact bytes that are
//! hashed, so that anybody can check an export without this program.

mod chain;
mod stream;
#[cfg(test)]
mod tests;
mod verify;

use serde::{Deserialize, Serialize};

pub use chain::{chain, payload_digest};
pub use stream::StreamId;
pub use verify::{Broken, Verifier};

/// The hash that stands before the first entry: 64 zeros.
pub const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// What was decided, before it has its place in the journal.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Draft {
    /// The thing decided on.
    pub stream: StreamId,
    /// Its place within the stream, from 1. Two decisions on one state take the same place: one is refused.
    pub version: i64,
    /// What happened, as noun and past participle: `alert.opened`.
    pub kind: String,
    /// Version of the payload's shape for this kind.
    pub record_version: i64,
    /// When it was decided, in microseconds since 1970 UTC.
    pub at_us: i64,
    /// Who decided: a person, or the part of the product that did.
    pub actor: String,
    /// The incident whose timeline shows this entry; empty when none does.
    pub subject: String,
    /// The record as JSON text. These bytes are hashed and stored; nothing serialises them again.
    pub payload: String,
}

/// An entry of the journal.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Entry {
    /// Place in the journal, from 1, without gaps and in the order of commits.
    pub seq: i64,
    /// The thing decided on.
    pub stream: StreamId,
    /// Place within the stream, from 1, without gaps.
    pub version: i64,
    /// What happened: `alert.opened`.
    pub kind: String,
    /// Version of the payload's shape for this kind.
    pub record_version: i64,
    /// When it was decided, in microseconds since 1970 UTC.
    pub at_us: i64,
    /// Who decided.
    pub actor: String,
    /// The incident whose timeline shows this entry; empty when none does.
    pub subject: String,
    /// 16 random bytes in hex, so that a short payload cannot be guessed from its digest. Empty once erased.
    pub salt: String,
    /// The record as JSON text, byte for byte as it was decided; `None` once erased.
    pub payload: Option<String>,
    /// SHA-256 over salt and payload, in hex.
    pub payload_digest: String,
    /// SHA-256 over the previous hash, the fields above and the payload digest, in hex.
    pub hash: String,
}

impl Entry {
    /// The entry as one line of JSON, without the line break.
    pub fn to_json_line(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(self)
    }

    /// Reads what [`Entry::to_json_line`] wrote.
    pub fn from_json_line(line: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(line)
    }
}

/// The end of the journal: what the next entry is chained to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// Place of the last entry; 0 when there is none.
    pub seq: i64,
    /// Hash of the last entry; [`GENESIS`] when there is none.
    pub hash: String,
}

impl Default for Head {
    fn default() -> Self {
        Self { seq: 0, hash: GENESIS.to_owned() }
    }
}

impl From<&Entry> for Head {
    fn from(entry: &Entry) -> Self {
        Self { seq: entry.seq, hash: entry.hash.clone() }
    }
}
