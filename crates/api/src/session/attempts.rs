//! Failed attempts to sign in are counted, by address of the account and of the caller.

use std::collections::HashMap;
use std::sync::Mutex;

/// Failures within the window after which nothing is looked at any more.
const MAX_FAILURES: u32 = 8;
const WINDOW_US: i64 = 5 * 60 * 1_000_000;
/// Keys that are remembered; beyond that, the oldest windows go first.
const MAX_KEYS: usize = 10_000;

/// Failures by key.
#[derive(Debug, Default)]
pub(crate) struct Attempts {
    failures: Mutex<HashMap<String, Window>>,
}

#[derive(Debug, Clone, Copy)]
struct Window {
    since_us: i64,
    failures: u32,
}

impl Attempts {
    /// Whether another attempt may be made.
    pub(crate) fn may_try(&self, key: &str, now_us: i64) -> bool {
        let failures = self.failures.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        failures.get(key).is_none_or(|window| window.is_over(now_us) || window.failures < MAX_FAILURES)
    }

    /// An attempt failed.
    pub(crate) fn failed(&self, key: &str, now_us: i64) {
        let mut failures = self.failures.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if failures.len() >= MAX_KEYS {
            failures.retain(|_, window| !window.is_over(now_us));
        }
        if failures.len() >= MAX_KEYS {
            failures.clear();
        }
        let window = failures.entry(key.to_owned()).or_insert(Window { since_us: now_us, failures: 0 });
        if window.is_over(now_us) {
            *window = Window { since_us: now_us, failures: 0 };
        }
        window.failures += 1;
    }

    /// An attempt succeeded: what was before is forgotten.
    pub(crate) fn succeeded(&self, key: &str) {
        self.failures.lock().unwrap_or_else(std::sync::PoisonError::into_inner).remove(key);
    }
}

impl Window {
    const fn is_over(self, now_us: i64) -> bool {
        now_us - self.since_us > WINDOW_US
    }
}

#[cfg(test)]
mod tests {
    use super::{Attempts, MAX_FAILURES, WINDOW_US};

    #[test]
    fn too_many_failures_close_the_door_for_a_while() {
        let attempts = Attempts::default();
        for _ in 0..MAX_FAILURES {
            assert!(attempts.may_try("a", 0));
            attempts.failed("a", 0);
        }
        assert!(!attempts.may_try("a", WINDOW_US));
        assert!(attempts.may_try("b", 0), "another key has its own count");
        assert!(attempts.may_try("a", WINDOW_US + 1));
    }

    #[test]
    fn success_forgets_failures() {
        let attempts = Attempts::default();
        (0..MAX_FAILURES).for_each(|_| attempts.failed("a", 0));
        attempts.succeeded("a");
        assert!(attempts.may_try("a", 0));
    }
}
