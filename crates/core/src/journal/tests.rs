#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use super::{Draft, Entry, GENESIS, Head, StreamId, Verifier, chain};
use crate::id::IncidentId;

fn draft(stream: &str, version: i64, payload: &str) -> Draft {
    Draft {
        stream: stream.into(),
        version,
        kind: "alert.opened".to_owned(),
        record_version: 1,
        at_us: 1_760_000_000_000_000,
        actor: "intake".to_owned(),
        subject: "inc_1".to_owned(),
        payload: payload.to_owned(),
    }
}

fn three() -> Vec<Entry> {
    let mut head = Head::default();
    let drafts = [draft("alert:a", 1, r#"{"n":1}"#), draft("alert:b", 1, "{}"), draft("alert:a", 2, "{}")];
    let salts = [[1; 16], [2; 16], [3; 16]];
    let chained = drafts.into_iter().zip(salts).map(|(draft, salt)| {
        let entry = chain(&head, draft, salt);
        head = Head::from(&entry);
        entry
    });
    chained.collect()
}

/// The reason given for the first entry that does not fit.
fn reason(entries: &[Entry]) -> String {
    let mut verifier = Verifier::new();
    let broken = entries.iter().find_map(|entry| verifier.check(entry).err());
    broken.expect("the journal verifies").reason
}

#[test]
fn an_untouched_journal_verifies_to_its_head() {
    let entries = three();
    let mut verifier = Verifier::new();
    for entry in &entries {
        verifier.check(entry).unwrap();
    }
    assert_eq!(verifier.finish(), Head::from(&entries[2]));
}

/// The expected values were computed by the recipe of `docs/journal.md` in another language.
#[test]
fn the_format_does_not_drift() {
    let first = &three()[0];
    assert_eq!(first.payload_digest, "3229fbb9eb8deb896bc3a8a54a6f06b46d5e11f7ee173908fba8b1074d1eadfb");
    assert_eq!(first.hash, "943dd44d98d79af93cc8434e5719fae4a42e6f6e070e5d9d6fd2c4b1a6c446e4");
}

#[test]
fn an_empty_journal_ends_at_the_genesis_hash() {
    assert_eq!(Verifier::new().finish(), Head { seq: 0, hash: GENESIS.to_owned() });
}

#[test]
fn every_field_of_an_entry_is_covered() {
    let changes: [fn(&mut Entry); 10] = [
        |entry| entry.kind.push('x'),
        |entry| entry.record_version += 1,
        |entry| entry.at_us += 1,
        |entry| entry.actor.push('x'),
        |entry| entry.subject.push('x'),
        |entry| entry.salt.replace_range(..2, "ff"),
        |entry| entry.payload = Some("{\"n\":2}".to_owned()),
        |entry| entry.payload_digest.replace_range(..2, "zz"),
        |entry| entry.hash.replace_range(..2, "zz"),
        |entry| entry.stream = "alert:c".into(),
    ];
    for (number, change) in changes.iter().enumerate() {
        let mut entries = three();
        change(&mut entries[0]);
        let mut verifier = Verifier::new();
        let broken = entries.iter().find_map(|entry| verifier.check(entry).err());
        assert_eq!(broken.map(|broken| broken.seq), Some(1), "change {number} was not found");
    }
}

#[test]
fn moving_text_between_neighbouring_fields_is_found() {
    let mut entries = three();
    entries[0].actor = "intakeinc".to_owned();
    entries[0].subject = "_1".to_owned();
    assert!(reason(&entries).contains("its hash does not follow"));
}

#[test]
fn a_missing_entry_is_found() {
    let mut entries = three();
    entries.remove(1);
    assert_eq!(reason(&entries), "entry 2 is expected here");
}

#[test]
fn a_gap_in_a_stream_is_found() {
    let first = chain(&Head::default(), draft("alert:a", 1, "{}"), [0; 16]);
    let third = chain(&Head::from(&first), draft("alert:a", 3, "{}"), [0; 16]);
    assert_eq!(reason(&[first, third]), "version 3 of the stream, but 2 is expected");
}

#[test]
fn an_erased_payload_leaves_the_chain_whole() {
    let mut entries = three();
    entries[1].payload = None;
    entries[1].salt.clear();
    let mut verifier = Verifier::new();
    for entry in &entries {
        verifier.check(entry).unwrap();
    }
    assert_eq!(verifier.erased(), 1);
}

#[test]
fn a_line_of_json_keeps_the_payload_byte_for_byte() {
    let entry = chain(&Head::default(), draft("alert:a", 1, "{ \"b\": 1.0, \"a\":\"\\u0041\n\" }"), [9; 16]);
    let line = entry.to_json_line().unwrap();
    assert!(!line.contains('\n'));
    assert_eq!(Entry::from_json_line(&line).unwrap(), entry);
}

#[test]
fn a_stream_names_its_kind_and_which_one() {
    let stream = StreamId::incident(&IncidentId::from("inc_1"));
    assert_eq!((stream.as_str(), stream.kind(), stream.key()), ("incident:inc_1", "incident", "inc_1"));
    assert_eq!((StreamId::config().kind(), StreamId::config().key()), ("config", ""));
}
