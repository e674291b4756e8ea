//! The journal: read, verified, exported, and not changed.

use decurion_core::journal::{Entry, StreamId, Verifier};
use decurion_store::{Batch, Error, JournalFilter};

use crate::bed::{Bed, Kind, anybody, on_both};
use crate::rows::draft;

on_both!(
    streams_are_loaded_in_their_order,
    entries_are_found_by_kind_and_by_stream,
    entries_are_read_backwards_too,
    a_timeline_is_made_of_the_entries_about_an_incident,
    a_journal_longer_than_one_chunk_verifies_and_exports,
    an_empty_journal_verifies,
    entries_can_be_neither_changed_nor_deleted,
    a_changed_entry_is_found_behind_the_back_of_the_database,
    an_erased_payload_is_counted_and_the_rest_verifies,
    the_checker_of_the_handbook_checks_an_export,
);

async fn write_four(bed: &Bed) {
    let mut drafts =
        vec![draft("alert:a", 1), draft("incident:1", 1), draft("alert:b", 1), draft("alert:a", 2)];
    drafts[1].kind = "incident.opened".into();
    drafts[2].kind = "alert_rule.changed".into();
    drafts[2].subject = String::new();
    bed.commit(Batch { drafts, ..Batch::default() }).await;
}

fn places(entries: &[Entry]) -> Vec<i64> {
    entries.iter().map(|entry| entry.seq).collect()
}

async fn streams_are_loaded_in_their_order(bed: Bed) {
    write_four(&bed).await;
    let streams = ["incident:1", "alert:none", "alert:a"].map(StreamId::from);
    assert_eq!(places(&bed.store.load(&streams).await.unwrap()), [1, 4, 2]);
    assert_eq!(bed.store.load(&[]).await.unwrap(), []);
}

async fn entries_are_found_by_kind_and_by_stream(bed: Bed) {
    write_four(&bed).await;
    let store = &bed.store;
    let permit = anybody();
    let found = async |after_seq, kind_prefix: &str, stream: Option<&str>, limit| {
        let filter =
            JournalFilter { after_seq, kind_prefix: kind_prefix.into(), stream: stream.map(StreamId::from) };
        places(&store.journal_list(&filter, limit, &permit).await.unwrap())
    };
    assert_eq!(found(0, "", None, 10).await, [1, 2, 3, 4]);
    assert_eq!(found(1, "", None, 2).await, [2, 3]);
    assert_eq!(found(0, "alert.", None, 10).await, [1, 4]);
    assert_eq!(found(0, "", Some("alert:a"), 10).await, [1, 4]);
    assert_eq!(found(1, "alert.", Some("alert:a"), 10).await, [4]);
    assert_eq!(found(0, "incident.", Some("alert:a"), 10).await, Vec::<i64>::new());
}

async fn entries_are_read_backwards_too(bed: Bed) {
    write_four(&bed).await;
    let found = async |before, kind_prefix: &str, stream: Option<&str>, limit| {
        let stream = stream.map(StreamId::from);
        let filter = JournalFilter { after_seq: 0, kind_prefix: kind_prefix.into(), stream };
        places(&bed.store.journal_list_back(&filter, before, limit, &anybody()).await.unwrap())
    };
    assert_eq!(found(i64::MAX, "", None, 3).await, [4, 3, 2]);
    assert_eq!(found(2, "", None, 3).await, [1]);
    assert_eq!(found(i64::MAX, "alert.", None, 3).await, [4, 1]);
    assert_eq!(found(4, "", Some("alert:a"), 3).await, [1]);
}

async fn a_timeline_is_made_of_the_entries_about_an_incident(bed: Bed) {
    write_four(&bed).await;
    let timeline = async |subject: &str, after_seq| {
        places(&bed.store.incident_timeline(subject, after_seq, 10, &anybody()).await.unwrap())
    };
    assert_eq!(timeline("inc_1", 0).await, [1, 2, 4]);
    assert_eq!(timeline("inc_1", 2).await, [4]);
    assert_eq!(timeline("", 0).await, Vec::<i64>::new());
}

async fn a_journal_longer_than_one_chunk_verifies_and_exports(bed: Bed) {
    const ENTRIES: i64 = 2_345;
    let drafts = (1..=ENTRIES).map(|version| draft("alert:a", version)).collect();
    let committed = bed.commit(Batch { drafts, ..Batch::default() }).await;
    let verified = bed.store.verify().await.unwrap();
    assert_eq!((verified.head.seq, verified.erased), (ENTRIES, 0));
    assert_eq!(verified.head, committed.head);

    let mut export = Vec::new();
    assert_eq!(bed.store.export(&mut export).await.unwrap(), committed.head);
    let mut outside = Verifier::new();
    for line in String::from_utf8(export).unwrap().lines() {
        outside.check(&Entry::from_json_line(line).unwrap()).unwrap();
    }
    assert_eq!(outside.finish(), committed.head);
}

async fn an_empty_journal_verifies(bed: Bed) {
    assert_eq!(bed.store.verify().await.unwrap().head, bed.store.head().await.unwrap());
    assert_eq!(bed.store.head().await.unwrap().seq, 0);
}

async fn entries_can_be_neither_changed_nor_deleted(bed: Bed) {
    write_four(&bed).await;
    for statement in [
        "UPDATE journal SET actor = 'somebody else' WHERE seq = 1",
        "UPDATE journal SET payload = '{}' WHERE seq = 1",
        "UPDATE journal SET payload = NULL WHERE seq = 1",
        "UPDATE journal SET payload = NULL, salt = '', kind = 'x' WHERE seq = 1",
        "DELETE FROM journal WHERE seq = 4",
    ] {
        let refusal = bed.tamper(statement).await.unwrap_err().to_string();
        assert!(refusal.contains("the journal is append-only"), "{statement}: {refusal}");
    }
    assert_eq!(bed.store.verify().await.unwrap().head.seq, 4);
}

async fn a_changed_entry_is_found_behind_the_back_of_the_database(bed: Bed) {
    write_four(&bed).await;
    bed.tamper(match bed.kind {
        Kind::Sqlite => "DROP TRIGGER journal_keeps_fields",
        Kind::Postgres => "DROP TRIGGER journal_keeps_entries ON journal",
    })
    .await
    .unwrap();
    bed.tamper("UPDATE journal SET at_us = at_us + 1 WHERE seq = 3").await.unwrap();
    let Err(Error::Broken(broken)) = bed.store.verify().await else { panic!("the change was not found") };
    assert_eq!((broken.seq, broken.stream.as_str()), (3, "alert:b"));
    let mut export = Vec::new();
    assert!(matches!(bed.store.export(&mut export).await, Err(Error::Broken(_))));
}

async fn an_erased_payload_is_counted_and_the_rest_verifies(bed: Bed) {
    write_four(&bed).await;
    let head = bed.store.head().await.unwrap();
    bed.tamper("UPDATE journal SET payload = NULL, salt = '' WHERE seq = 2").await.unwrap();
    let verified = bed.store.verify().await.unwrap();
    assert_eq!((verified.head, verified.erased), (head, 1));
}

/// Runs the Python program that `docs/journal.md` prints, on an export; returns what it said, or its error.
fn checked_by_the_handbook(export: &[u8]) -> Result<String, String> {
    let handbook = include_str!("../../../../docs/journal.md");
    let program = handbook.split("```python\n").nth(1).unwrap().split("```").next().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("export.jsonl");
    std::fs::write(&file, export).unwrap();
    let ran = std::process::Command::new("python3").arg("-c").arg(program).arg(&file).output();
    let ran = ran.expect("the scripts of this repository need python3");
    if ran.status.success() {
        return Ok(String::from_utf8(ran.stdout).unwrap());
    }
    Err(String::from_utf8(ran.stderr).unwrap())
}

async fn the_checker_of_the_handbook_checks_an_export(bed: Bed) {
    write_four(&bed).await;
    bed.commit(Batch { drafts: vec![draft("alert:\u{fc}\u{2028}", 1)], ..Batch::default() }).await;
    bed.tamper("UPDATE journal SET payload = NULL, salt = '' WHERE seq = 2").await.unwrap();
    let mut export = Vec::new();
    let head = bed.store.export(&mut export).await.unwrap();
    assert_eq!(checked_by_the_handbook(&export), Ok(format!("4 streams, head {}\n", head.hash)));

    let changed = String::from_utf8(export).unwrap().replacen("disk full", "disk fine", 1);
    assert!(checked_by_the_handbook(changed.as_bytes()).unwrap_err().contains("entry 1: another payload"));
}
