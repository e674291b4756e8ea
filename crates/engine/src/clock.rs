//! The one clock of a node.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// What time it is, and how fast it passes.
pub trait Clock: Send + Sync + 'static {
    /// Microseconds since the epoch.
    fn now_us(&self) -> i64;

    /// How many seconds of this clock pass in a second of the machine's.
    fn speed(&self) -> f64 {
        1.0
    }

    /// How long the machine must wait until this clock shows `until_us`.
    fn until(&self, until_us: i64) -> Duration {
        let left_us = until_us.saturating_sub(self.now_us()).max(0);
        #[expect(clippy::cast_precision_loss, reason = "a wait of centuries may be off by a second")]
        let seconds = left_us as f64 / 1_000_000.0 / self.speed().max(0.001);
        Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX)
    }
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place where the machine's clock is read")]
    fn now_us(&self) -> i64 {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        i64::try_from(since.as_micros()).unwrap_or(i64::MAX)
    }
}

/// A clock that starts somewhere and runs faster, for demonstrations.
#[derive(Debug, Clone, Copy)]
pub struct ScaledClock {
    real_start_us: i64,
    start_us: i64,
    speed: f64,
}

impl ScaledClock {
    /// Shows `start_us` at this moment.
    pub fn starting_at(start_us: i64, speed: f64) -> Self {
        Self { real_start_us: SystemClock.now_us(), start_us, speed }
    }
}

impl Clock for ScaledClock {
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        reason = "a demonstration is over long before microseconds are lost"
    )]
    fn now_us(&self) -> i64 {
        let passed_us = SystemClock.now_us() - self.real_start_us;
        self.start_us + (passed_us as f64 * self.speed) as i64
    }

    fn speed(&self) -> f64 {
        self.speed
    }
}
