//! The senders.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crate::Format;
use crate::body;
use crate::client::{Connection, Target};

/// What is sent, and how fast.
#[derive(Debug)]
pub(crate) struct Load {
    pub(crate) target: Target,
    pub(crate) format: Format,
    pub(crate) key: String,
    pub(crate) connections: usize,
    pub(crate) count: usize,
    /// Alert `n` carries the mark `n % distinct`.
    pub(crate) distinct: usize,
    pub(crate) pace: Pace,
}

/// When the next alert is sent.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Pace {
    /// As soon as a connection has its answer.
    Closed,
    /// At fixed instants, whether or not earlier ones were answered.
    PerSecond(f64),
}

/// One alert that was sent.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sent {
    pub(crate) mark: usize,
    /// The instant it was due: lateness of the sender counts against the target, never for it.
    pub(crate) due: Instant,
    pub(crate) answered: Instant,
    pub(crate) status: u16,
}

/// Everything that was sent, and when the run began.
#[derive(Debug)]
pub(crate) struct Sendings {
    pub(crate) began: Instant,
    pub(crate) sent: Vec<Sent>,
}

impl Sendings {
    pub(crate) fn accepted(&self) -> impl Iterator<Item = &Sent> {
        self.sent.iter().filter(|sent| (200..300).contains(&sent.status))
    }

    /// How many different alerts were accepted.
    pub(crate) fn accepted_distinct(&self) -> usize {
        self.accepted().map(|sent| sent.mark).collect::<BTreeSet<_>>().len()
    }
}

impl Load {
    /// Sends everything and returns when the last answer is there.
    pub(crate) async fn run(self) -> anyhow::Result<Sendings> {
        let load = Arc::new(self);
        let next = Arc::new(AtomicUsize::new(0));
        let mut connections = Vec::new();
        for _ in 0..load.connections {
            connections.push(Connection::open(&load.target).await?);
        }
        let began = Instant::now();
        let senders: Vec<_> = connections
            .into_iter()
            .map(|connection| tokio::spawn(send(load.clone(), connection, next.clone(), began)))
            .collect();
        let mut sent = Vec::with_capacity(load.count);
        for sender in senders {
            sent.extend(sender.await??);
        }
        Ok(Sendings { began, sent })
    }

    fn due(&self, number: usize, began: Instant) -> Instant {
        match self.pace {
            Pace::Closed => Instant::now(),
            #[expect(clippy::cast_precision_loss, reason = "counts of a run are far below 2^52")]
            Pace::PerSecond(rate) => began + Duration::from_secs_f64(number as f64 / rate),
        }
    }
}

async fn send(
    load: Arc<Load>,
    mut connection: Connection,
    next: Arc<AtomicUsize>,
    began: Instant,
) -> anyhow::Result<Vec<Sent>> {
    let mut sent = Vec::new();
    loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        if number >= load.count {
            return Ok(sent);
        }
        let due = load.due(number, began);
        tokio::time::sleep_until(due.into()).await;
        let mark = number % load.distinct;
        let status = connection.post(&body::alert(load.format, &load.key, mark)).await?;
        sent.push(Sent { mark, due, answered: Instant::now(), status });
    }
}
