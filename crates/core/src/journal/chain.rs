//! How an entry is bound to the one before it.

use sha2::{Digest, Sha256};

use super::{Draft, Entry, Head};

/// Names the format, so that no hash of another kind of text can stand for an entry.
const FORMAT: &str = "decurion.journal.1";

/// Gives the draft its place after `head`. The next head is `Head::from(&entry)`.
///
/// `salt` must be random: it keeps an erased payload from being guessed by its digest.
pub fn chain(head: &Head, draft: Draft, salt: [u8; 16]) -> Entry {
    let mut entry = Entry {
        seq: head.seq + 1,
        stream: draft.stream,
        version: draft.version,
        kind: draft.kind,
        record_version: draft.record_version,
        at_us: draft.at_us,
        actor: draft.actor,
        subject: draft.subject,
        salt: hex::encode(salt),
        payload_digest: payload_digest(&salt, &draft.payload),
        payload: Some(draft.payload),
        hash: String::new(),
    };
    entry.hash = entry_hash(&head.hash, &entry);
    entry
}

/// SHA-256 over the salt and the payload's bytes, in hex.
pub fn payload_digest(salt: &[u8], payload: &str) -> String {
    let mut hasher = Sha256::new();
    hasher.update(salt);
    hasher.update(payload.as_bytes());
    hex::encode(hasher.finalize())
}

/// SHA-256 over the fields of `docs/journal.md` in their order, each behind its length, in hex.
pub(super) fn entry_hash(previous: &str, entry: &Entry) -> String {
    let mut hasher = Sha256::new();
    let mut field = |bytes: &[u8]| {
        hasher.update((bytes.len() as u64).to_be_bytes());
        hasher.update(bytes);
    };
    field(FORMAT.as_bytes());
    field(previous.as_bytes());
    field(&entry.seq.to_be_bytes());
    field(entry.stream.as_str().as_bytes());
    field(&entry.version.to_be_bytes());
    field(entry.kind.as_bytes());
    field(&entry.record_version.to_be_bytes());
    field(&entry.at_us.to_be_bytes());
    field(entry.actor.as_bytes());
    field(entry.subject.as_bytes());
    field(entry.payload_digest.as_bytes());
    hex::encode(hasher.finalize())
}
