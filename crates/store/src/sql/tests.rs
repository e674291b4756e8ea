#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use std::fs;
use std::path::Path;

use super::bulk::{drawn_out, pieces};
use super::{Pool, Sql, latest, to_json};

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

/// Statements that read a whole table on purpose: it is small, or the rows are counted.
const WHOLE_TABLES: [&str; 5] = ["account", "integration", "schedule_override", "outbox", "timer"];

async fn sqlite() -> (tempfile::TempDir, crate::Store) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("test.db").to_string_lossy().into_owned();
    (folder, crate::Store::open(crate::Options::new(path)).await.unwrap())
}

#[tokio::test]
async fn no_statement_reads_or_sorts_a_growing_table() {
    let (_folder, store) = sqlite().await;
    let mut growing = Vec::new();
    for statement in crate::statements() {
        let explain: &'static str = format!("EXPLAIN QUERY PLAN {}", statement.sqlite).leak();
        let plan: Vec<(i64, i64, i64, String)> = store.readers.all(Sql::one(explain), vec![]).await.unwrap();
        for (.., step) in plan {
            let sorts = step.contains("TEMP B-TREE") && !sorts_little(statement.sqlite);
            // The last row by the key is found from the end, though the plan calls it a scan.
            let last_row = statement.sqlite.ends_with("DESC LIMIT 1");
            if sorts || (reads_all_of_a_growing_table(&step) && !last_row) {
                growing.push((step, statement.sqlite));
            }
        }
    }
    assert!(growing.is_empty(), "{growing:#?}");
}

fn reads_all_of_a_growing_table(step: &str) -> bool {
    let Some(scanned) = step.strip_prefix("SCAN ") else { return false };
    let from_argument = scanned.contains("VIRTUAL TABLE") || scanned.starts_with("CONSTANT ROW");
    let small = WHOLE_TABLES.iter().any(|table| scanned.split(' ').next() == Some(table));
    !from_argument && !small && !step.contains(" USING ")
}

/// Few rows are sorted: a small table, or what one account or one signal has.
fn sorts_little(statement: &str) -> bool {
    let few =
        ["FROM account", "FROM integration", "FROM schedule_override", "FROM session", "signal_id = $1"];
    few.iter().any(|part| statement.contains(part))
}

#[tokio::test]
async fn sqlite_syncs_every_commit_and_readers_cannot_write() {
    let (_folder, store) = sqlite().await;
    let writer = store.writer().unwrap();
    let pragma = async |pool: &Pool, text: &'static str| {
        let value: Option<(i64,)> = pool.first(Sql::one(text), vec![]).await.unwrap();
        value.map(|(value,)| value)
    };
    let full = Some(2);
    assert_eq!(pragma(writer, "PRAGMA synchronous").await, full);
    assert_eq!(pragma(writer, "PRAGMA foreign_keys").await, Some(1));
    assert_eq!(pragma(writer, "PRAGMA journal_size_limit").await, Some(67_108_864));
    assert_eq!(pragma(&store.readers, "PRAGMA query_only").await, Some(1));
    let mode: Option<(String,)> = writer.first(Sql::one("PRAGMA journal_mode"), vec![]).await.unwrap();
    assert_eq!(mode.unwrap().0, "wal");
    let delete = Sql::one("DELETE FROM timer");
    assert!(store.readers.execute(delete, vec![]).await.is_err());
}

#[tokio::test]
async fn postgres_gives_up_on_what_hangs_and_readers_cannot_write() {
    let Ok(server) = std::env::var("DECURION_TEST_POSTGRES") else {
        eprintln!("DECURION_TEST_POSTGRES is not set: this test needs a server");
        return;
    };
    let options = crate::Options::new(server);
    let pools = crate::connect::connect(&options, true).await.unwrap();
    let show = async |pool: &Pool, text: &'static str| {
        let value: Option<(String,)> = pool.first(Sql::one(text), vec![]).await.unwrap();
        value.unwrap().0
    };
    for pool in [pools.writer.as_ref().unwrap(), &pools.readers] {
        assert_eq!(show(pool, "SHOW statement_timeout").await, "30s");
        assert_eq!(show(pool, "SHOW lock_timeout").await, "10s");
        assert_eq!(show(pool, "SHOW idle_in_transaction_session_timeout").await, "30s");
    }
    let create = Sql::one("CREATE TABLE readers_cannot_write (id TEXT)");
    let refusal = pools.readers.execute(create, vec![]).await.unwrap_err().to_string();
    assert!(refusal.contains("read-only"), "{refusal}");
}

#[test]
fn a_bulk_statement_is_drawn_out_to_its_rows() {
    let one = "INSERT INTO t (a, b) VALUES (?, ?) ON CONFLICT (a) DO NOTHING";
    assert_eq!(drawn_out(one, 1), one);
    assert_eq!(drawn_out(one, 2), "INSERT INTO t (a, b) VALUES (?, ?),(?, ?) ON CONFLICT (a) DO NOTHING");
}

#[test]
fn rows_are_written_in_pieces_of_few_sizes_and_in_their_order() {
    let rows: Vec<u32> = (0..300).collect();
    let sizes: Vec<usize> = pieces(&rows).map(<[u32]>::len).collect();
    assert_eq!(sizes, [128, 128, 32, 8, 4]);
    assert_eq!(pieces(&rows).flatten().copied().collect::<Vec<_>>(), rows);
    assert_eq!(pieces::<u32>(&[]).count(), 0);
}
