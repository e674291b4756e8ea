//! A process that is killed while it commits leaves whole commits behind, and every one it acknowledged.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use decurion_core::journal::StreamId;
use decurion_store::{AlertRow, Batch, Options, Store};

use crate::bed::{Bed, commit, on_both};
use crate::rows::{T0, alert, draft, outbox, signal, timer};

/// Names the child's database.
const CHILD_URL: &str = "DECURION_TEST_CRASH_URL";

on_both!(a_killed_process_leaves_whole_commits_and_all_that_it_acknowledged);

async fn a_killed_process_leaves_whole_commits_and_all_that_it_acknowledged(bed: Bed) {
    let mut acknowledged = 0;
    for kill in 1..=8_u64 {
        let child = start(&bed.url);
        let last = acknowledged_until_killed(child, Duration::from_millis(40 + 7 * kill)).await;
        acknowledged = last.max(acknowledged);
    }
    let counts = settled_counts(&bed).await;
    let batches = counts.timers;
    assert!(acknowledged > 0, "no child came as far as one commit");
    assert!(batches >= acknowledged, "{acknowledged} were acknowledged, {batches} are there");
    assert_eq!((counts.journal, counts.alerts_open, counts.outbox), (2 * batches, batches, batches));
    assert_eq!(bed.store.verify().await.unwrap().head.seq, 2 * batches);
}

/// PostgreSQL may still be ending the last child's transaction.
async fn settled_counts(bed: &Bed) -> decurion_store::Counts {
    let mut before = bed.store.counts().await.unwrap();
    loop {
        tokio::time::sleep(Duration::from_millis(200)).await;
        let counts = bed.store.counts().await.unwrap();
        if counts == before {
            return counts;
        }
        before = counts;
    }
}

fn start(url: &str) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "--nocapture", "crash::child"])
        .env(CHILD_URL, url)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Lets the child run for a while after its first commit, kills it, returns the last one it spoke of.
async fn acknowledged_until_killed(mut child: Child, alive: Duration) -> i64 {
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let number = |line: &String| line.strip_prefix("acknowledged ")?.parse::<i64>().ok();
    let first = lines.by_ref().map_while(Result::ok).find_map(|line| number(&line)).unwrap();
    tokio::time::sleep(alive).await;
    child.kill().unwrap();
    child.wait().unwrap();
    lines.map_while(Result::ok).filter_map(|line| number(&line)).last().unwrap_or(first)
}

#[tokio::test]
#[ignore = "is the process that the crash test kills"]
async fn child() {
    let Ok(url) = std::env::var(CHILD_URL) else { return };
    let store = Store::open(Options::new(url)).await.unwrap();
    for number in store.counts().await.unwrap().timers + 1.. {
        commit(&store, batch(number)).await;
        let mut out = std::io::stdout().lock();
        writeln!(out, "\nacknowledged {number}").unwrap();
        out.flush().unwrap();
    }
}

fn batch(number: i64) -> Batch {
    let (alert_id, signal_id) = (format!("alr_{number}"), format!("sig_{number}"));
    let stream = StreamId::alert(&number.to_string());
    Batch {
        drafts: vec![draft(stream.as_str(), 1), draft(&format!("incident:{number}"), 1)],
        signals: vec![signal(&signal_id, &[&alert_id])],
        alerts: vec![AlertRow { stream: stream.to_string(), ..alert(&alert_id) }],
        outbox: vec![outbox(&format!("ntf_{number}"), T0)],
        timers: vec![timer(stream.as_str(), "silence", T0)],
        ..Batch::default()
    }
}
