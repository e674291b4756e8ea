//! The journal on disk, and what happens to it when somebody writes into it.

#![allow(clippy::unwrap_used, reason = "tests")]

use serde_json::{Value, json};

use crate::bed::{Bed, stderr, stdout};

const NOTE: &str = "The zebra crossed at noon.";

/// A server that has recorded a note and ended; the records of its journal.
fn recorded() -> (Bed, Vec<Value>) {
    let mut bed = Bed::serving();
    bed.ok(&["incident", "declare", "--title", "By hand"]);
    bed.ok(&["incident", "note", "INC-1", NOTE]);
    assert_eq!(bed.stop(), 0);
    let lines = bed.ok(&["journal", "export", "--data", &bed.text("data")]);
    let records = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    (bed, records)
}

fn noted(records: &[Value]) -> &Value {
    records
        .iter()
        .find(|record| record["payload"].as_str().is_some_and(|payload| payload.contains(NOTE)))
        .unwrap()
}

#[test]
fn one_changed_byte_in_the_database_is_named() {
    let (bed, records) = recorded();
    let record = noted(&records);
    let payload = record["payload"].as_str().unwrap();
    let forged = payload.replace("zebra", "zebrA");
    let database = bed.path("data/decurion.db");
    let bytes = std::fs::read(&database).unwrap();
    let place = bytes.windows(payload.len()).position(|window| window == payload.as_bytes()).unwrap();
    let mut tampered = bytes;
    tampered[place..place + payload.len()].copy_from_slice(forged.as_bytes());
    std::fs::write(&database, tampered).unwrap();

    let verdict = bed.run(&["journal", "verify", "--data", &bed.text("data")]);
    assert_eq!(verdict.status.code(), Some(1), "{}", stderr(&verdict));
    let said = stdout(&verdict);
    let stream = record["stream"].as_str().unwrap();
    assert!(said.contains(&format!("BROKEN at record {} (stream {stream})", record["seq"])), "{said}");
    assert!(said.contains("payload does not match its digest"), "{said}");

    let verdict = bed.run(&["journal", "verify", "--data", &bed.text("data"), "--output", "json"]);
    let verdict: Value = serde_json::from_str(&stdout(&verdict)).unwrap();
    assert_eq!((&verdict["ok"], &verdict["broken"]["seq"]), (&json!(false), &record["seq"]));
}

#[test]
fn an_export_verifies_until_a_line_is_changed_cut_or_left_out() {
    let (bed, _) = recorded();
    let whole = bed.text("journal.jsonl");
    bed.ok(&["journal", "export", "--data", &bed.text("data"), "--out", &whole]);
    bed.ok(&["journal", "verify", &whole]);

    let text = std::fs::read_to_string(&whole).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let forged = text.replace("zebra", "zebrA");
    let without_third = [&lines[..2], &lines[3..]].concat().join("\n");
    let half_a_line = text[..text.len() - 40].to_owned();
    for (name, text, seq) in
        [("forged", forged, None), ("gap", without_third, Some(4)), ("cut", half_a_line, Some(lines.len()))]
    {
        std::fs::write(bed.path(name), text).unwrap();
        let verdict = bed.run(&["journal", "verify", &bed.text(name), "--output", "json"]);
        assert_eq!(verdict.status.code(), Some(1), "{name}");
        let verdict: Value = serde_json::from_str(&stdout(&verdict)).unwrap();
        assert!(seq.is_none_or(|seq| verdict["broken"]["seq"] == seq), "{name}: {verdict}");
    }
}

#[test]
fn looking_at_a_journal_makes_nothing() {
    let bed = Bed::new();
    let done = bed.run(&["journal", "verify", "--data", &bed.text("absent")]);
    assert_eq!(done.status.code(), Some(1));
    assert!(!bed.path("absent").exists());
    assert_eq!(bed.run(&["journal", "verify"]).status.code(), Some(2));
}
