//! Which bodies of a storm are kept.

use std::num::NonZeroUsize;

use decurion_core::id::AlertId;
use lru::LruCache;

/// Repeats of one alert that are kept in any case.
const FIRST: u64 = 10;
/// Alerts whose repeats are counted.
const MAX_ALERTS: usize = 10_000;

/// Counts the repeats of each alert and picks a sample that grows with the logarithm of their number: the
/// first ten, then those whose number is a power of two.
pub(crate) struct Samples {
    seen: LruCache<AlertId, u64>,
}

impl Default for Samples {
    fn default() -> Self {
        Self { seen: LruCache::new(NonZeroUsize::new(MAX_ALERTS).unwrap_or(NonZeroUsize::MIN)) }
    }
}

impl Samples {
    /// Counts one more signal of the alert. True when its body is kept.
    pub(crate) fn take(&mut self, alert: &AlertId) -> bool {
        let seen = self.seen.get_or_insert_mut(alert.clone(), || 0);
        *seen += 1;
        *seen <= FIRST || seen.is_power_of_two()
    }
}

#[cfg(test)]
mod tests {
    use super::Samples;

    #[test]
    fn a_storm_of_a_million_keeps_few_bodies() {
        let mut samples = Samples::default();
        let kept = (0..1_000_000).filter(|_| samples.take(&"alr_1".into())).count();
        assert!((20..=40).contains(&kept), "{kept}");
    }
}
