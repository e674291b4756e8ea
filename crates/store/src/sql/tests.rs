#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use std::fs;
use std::path::Path;

use super::{latest, to_json};

fn constants_declared(folder: &Path) -> usize {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let count = |path: &Path| {
        let source = fs::read_to_string(path).unwrap();
        source.lines().filter(|line| line.starts_with("const ") && line.contains(": Sql")).count()
    };
    entries.map(|path| if path.is_dir() { constants_declared(&path) } else { count(&path) }).sum()
}

#[test]
fn every_statement_is_among_those_that_are_prepared() {
    let declared = constants_declared(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"));
    assert!(declared > 40, "the search finds the declarations: {declared}");
    assert_eq!(crate::statements().count(), declared);
}

#[test]
fn a_nul_becomes_a_replacement_character_and_nothing_else_changes() {
    let rows = ["a\0b", "\\u0000", "\\\0", "\u{1}"];
    let json = to_json(&rows).unwrap();
    let back: Vec<String> = serde_json::from_str(&json).unwrap();
    assert_eq!(back, ["a\u{fffd}b", "\\u0000", "\\\u{fffd}", "\u{1}"]);
}

#[test]
fn the_last_row_of_a_key_is_the_one_written() {
    let rows = [("b", 1), ("a", 2), ("b", 3)];
    assert_eq!(latest(&rows, |row| row.0), [&("a", 2), &("b", 3)]);
}
