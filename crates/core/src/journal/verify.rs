//! Checking a journal from its first entry on.

use std::collections::BTreeMap;

use super::chain::{entry_hash, payload_digest};
use super::{Entry, Head, StreamId};

/// The first entry that does not fit, and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the journal is broken at entry {seq} (stream {stream}): {reason}")]
pub struct Broken {
    /// Place at which the check failed.
    pub seq: i64,
    /// Stream of the entry at fault.
    pub stream: StreamId,
    /// What does not fit.
    pub reason: String,
}

/// Checks entries in their order. Holds one number for each stream seen, and nothing else that grows.
#[derive(Debug, Default)]
pub struct Verifier {
    head: Head,
    versions: BTreeMap<StreamId, i64>,
    erased: i64,
}

impl Verifier {
    /// Starts before the first entry.
    pub fn new() -> Self {
        Self::default()
    }

    /// Checks the next entry: its place, its place in its stream, its payload's digest and its hash.
    pub fn check(&mut self, entry: &Entry) -> Result<(), Broken> {
        self.check_place(entry)
            .and_then(|()| check_payload(entry))
            .and_then(|()| self.check_hash(entry))
            .map_err(|reason| Broken { seq: entry.seq, stream: entry.stream.clone(), reason })?;
        self.versions.insert(entry.stream.clone(), entry.version);
        self.erased += i64::from(entry.payload.is_none());
        self.head = Head::from(entry);
        Ok(())
    }

    /// How many of the entries have had their payload erased.
    pub fn erased(&self) -> i64 {
        self.erased
    }

    /// The head reached: compare it with one that was kept elsewhere.
    pub fn finish(self) -> Head {
        self.head
    }

    fn check_place(&self, entry: &Entry) -> Result<(), String> {
        let expected_seq = self.head.seq + 1;
        if entry.seq != expected_seq {
            return Err(format!("entry {expected_seq} is expected here"));
        }
        let expected_version = self.versions.get(&entry.stream).copied().unwrap_or(0) + 1;
        if entry.version == expected_version {
            return Ok(());
        }
        Err(format!("version {} of the stream, but {expected_version} is expected", entry.version))
    }

    fn check_hash(&self, entry: &Entry) -> Result<(), String> {
        if entry_hash(&self.head.hash, entry) == entry.hash {
            return Ok(());
        }
        Err("its hash does not follow from the entry before it and its own fields".to_owned())
    }
}

/// The digest of an erased payload is taken as it is: the entry's hash still covers it.
fn check_payload(entry: &Entry) -> Result<(), String> {
    let Some(payload) = &entry.payload else { return Ok(()) };
    let salt = hex::decode(&entry.salt).map_err(|_| "its salt is not hexadecimal".to_owned())?;
    if payload_digest(&salt, payload) == entry.payload_digest {
        return Ok(());
    }
    Err("its payload does not match its digest".to_owned())
}
