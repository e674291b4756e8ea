//! What the node has done since it started, for metrics.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use decurion_core::org::Channel;

/// Upper bounds of the histogram of commits, in microseconds.
pub const COMMIT_BUCKETS_US: [u64; 10] =
    [500, 1_000, 2_000, 5_000, 10_000, 25_000, 50_000, 100_000, 500_000, 1_000_000];

/// Counts that only grow.
#[derive(Debug, Default)]
pub struct Counters {
    pub signals: AtomicU64,
    pub signals_uninterpretable: AtomicU64,
    pub commands: AtomicU64,
    pub refusals: AtomicU64,
    pub records: AtomicU64,
    pub commits: AtomicU64,
    pub commit_us: AtomicU64,
    pub conflicts: AtomicU64,
    pub timers_fired: AtomicU64,
    commit_buckets: [AtomicU64; 10],
    deliveries: Mutex<BTreeMap<(Channel, bool), u64>>,
}

impl Counters {
    pub(crate) fn add(counter: &AtomicU64, by: usize) {
        counter.fetch_add(by as u64, Ordering::Relaxed);
    }

    pub(crate) fn committed(&self, took_us: u64) {
        Self::add(&self.commits, 1);
        self.commit_us.fetch_add(took_us, Ordering::Relaxed);
        for (bound, bucket) in COMMIT_BUCKETS_US.iter().zip(&self.commit_buckets) {
            if took_us <= *bound {
                bucket.fetch_add(1, Ordering::Relaxed);
            }
        }
    }

    pub(crate) fn delivered(&self, channel: Channel, ok: bool) {
        let mut deliveries = self.deliveries.lock().unwrap_or_else(PoisonError::into_inner);
        *deliveries.entry((channel, ok)).or_default() += 1;
    }

    /// Attempts to deliver by channel, and whether the provider took them.
    pub fn deliveries(&self) -> BTreeMap<(Channel, bool), u64> {
        self.deliveries.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Commits that took at most the bound of the same place in [`COMMIT_BUCKETS_US`].
    pub fn commit_buckets(&self) -> [u64; 10] {
        std::array::from_fn(|index| self.commit_buckets[index].load(Ordering::Relaxed))
    }
}
