//! Opening a database: what is refused and what is promised.

use decurion_store::{Batch, CommitError, DataDir, Error, Options, Store};

use crate::bed::{Bed, on_both, salts};
use crate::rows::draft;

on_both!(
    the_database_knows_every_statement,
    what_was_written_is_there_after_opening_again,
    a_database_opened_for_reading_is_read_and_not_written,
    a_newer_schema_is_refused,
    nodes_that_start_at_once_upgrade_once,
);

async fn the_database_knows_every_statement(bed: Bed) {
    assert!(bed.store.prepare_all().await.unwrap() > 60);
}

async fn what_was_written_is_there_after_opening_again(bed: Bed) {
    let head = bed.commit(Batch { drafts: vec![draft("alert:a", 1)], ..Batch::default() }).await.head;
    bed.store.close().await;
    let again = Store::open(Options::new(&bed.url)).await.unwrap();
    assert_eq!(again.head().await.unwrap(), head);
}

async fn a_database_opened_for_reading_is_read_and_not_written(bed: Bed) {
    bed.commit(Batch { drafts: vec![draft("alert:a", 1)], ..Batch::default() }).await;
    let reader = Store::open_read_only(&bed.url).await.unwrap();
    assert_eq!(reader.verify().await.unwrap().head.seq, 1);
    let refused =
        reader.commit(Batch { drafts: vec![draft("alert:a", 2)], ..Batch::default() }, salts()).await;
    assert!(matches!(refused, Err(CommitError::Database(Error::ReadOnly))), "{refused:?}");
    assert!(matches!(reader.outbox_claim("a", 0, 0, 1).await, Err(Error::ReadOnly)));
    bed.store.close().await;
    // After a clean end there is no write-ahead log; the file alone must do.
    let offline = Store::open_read_only(&bed.url).await.unwrap();
    assert_eq!(offline.verify().await.unwrap().head.seq, 1);
}

async fn a_newer_schema_is_refused(bed: Bed) {
    bed.tamper("INSERT INTO schema_migration (version) VALUES (999)").await.unwrap();
    let refused = Store::open(Options::new(&bed.url)).await;
    assert!(matches!(refused, Err(Error::SchemaNewer { found: 999, .. })), "{refused:?}");
    let refused = Store::open_read_only(&bed.url).await;
    assert!(matches!(refused, Err(Error::SchemaNewer { found: 999, .. })), "{refused:?}");
}

async fn nodes_that_start_at_once_upgrade_once(bed: Bed) {
    bed.tamper("DROP TABLE session; DROP TABLE account; DELETE FROM schema_migration").await.unwrap();
    for table in
        ["journal", "signal", "alert_signal", "alert", "incident", "page", "notification", "outbox", "timer"]
    {
        drop_table(&bed, table).await;
    }
    for table in [
        "alert_last_signal",
        "change",
        "idempotency",
        "schedule_override",
        "pack",
        "integration",
        "roster_entry",
    ] {
        drop_table(&bed, table).await;
    }
    if bed.kind == crate::bed::Kind::Postgres {
        bed.tamper("DROP FUNCTION journal_refuses_change()").await.unwrap();
    }
    let starts = (0..4).map(|_| Store::open(Options::new(&bed.url)));
    let mut running = tokio::task::JoinSet::new();
    starts.for_each(|start| drop(running.spawn(start)));
    for opened in running.join_all().await {
        opened.unwrap().prepare_all().await.unwrap();
    }
}

async fn drop_table(bed: &Bed, table: &str) {
    let statement: &'static str = format!("DROP TABLE {table}").leak();
    bed.tamper(statement).await.unwrap();
}

#[tokio::test]
async fn a_database_that_is_not_there_is_an_error_where_none_may_be_made() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("absent.db");
    let options = Options { create: false, ..Options::new(path.to_string_lossy()) };
    assert!(matches!(Store::open(options).await, Err(Error::Open { .. })));
    assert!(matches!(Store::open_read_only(&path).await, Err(Error::Open { .. })));
    assert!(!path.exists());
    let unreachable = Store::open(Options::new("postgres://nobody:secret@127.0.0.1:1/none")).await;
    let message = unreachable.unwrap_err().to_string();
    assert!(message.contains("127.0.0.1:1") && !message.contains("secret"), "{message}");
}

#[tokio::test]
async fn an_empty_file_is_not_taken_for_a_database() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("empty.db");
    std::fs::write(&path, "").unwrap();
    assert!(matches!(Store::open_read_only(&path).await, Err(Error::SchemaOlder { found: 0, .. })));
}

#[test]
fn a_data_directory_serves_one_process() {
    let folder = tempfile::tempdir().unwrap();
    let directory = DataDir::open(folder.path().join("data")).unwrap();
    let held = directory.lock().unwrap();
    assert!(matches!(directory.lock(), Err(Error::Locked { .. })));
    drop(held);
    directory.lock().unwrap();
    assert!(directory.database().starts_with(directory.path()));
}
