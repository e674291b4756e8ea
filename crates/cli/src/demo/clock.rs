//! A clock that runs fast while the demo plays, and at the pace of people afterwards.

use std::sync::{Mutex, MutexGuard, PoisonError};

use decurion_engine::clock::{Clock, SystemClock};

/// The clock of a demo.
#[derive(Debug)]
pub(super) struct DemoClock {
    pace: Mutex<Pace>,
}

/// From which instant on it runs how fast.
#[derive(Debug, Clone, Copy)]
struct Pace {
    machine_us: i64,
    shown_us: i64,
    speed: f64,
}

impl Pace {
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        reason = "a demo is over long before microseconds are lost"
    )]
    fn shows(self, machine_us: i64) -> i64 {
        self.shown_us + ((machine_us - self.machine_us) as f64 * self.speed) as i64
    }
}

impl DemoClock {
    /// Shows `start_us` at this moment.
    pub(super) fn new(start_us: i64, speed: f64) -> Self {
        Self { pace: Mutex::new(Pace { machine_us: SystemClock.now_us(), shown_us: start_us, speed }) }
    }

    /// From now on a second takes a second. What waits was told too short a wait, looks again, and waits on.
    pub(super) fn slow_down(&self) {
        let machine_us = SystemClock.now_us();
        let mut pace = self.pace();
        *pace = Pace { machine_us, shown_us: pace.shows(machine_us), speed: 1.0 };
    }

    fn pace(&self) -> MutexGuard<'_, Pace> {
        self.pace.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clock for DemoClock {
    fn now_us(&self) -> i64 {
        self.pace().shows(SystemClock.now_us())
    }

    fn speed(&self) -> f64 {
        self.pace().speed
    }
}

#[cfg(test)]
mod tests {
    use decurion_engine::clock::Clock as _;

    use super::DemoClock;

    #[test]
    fn slowing_down_never_sets_the_clock_back() {
        let clock = DemoClock::new(1_000, 1_000.0);
        let before = clock.now_us();
        clock.slow_down();
        assert!(before >= 1_000 && clock.now_us() >= before);
        assert!((clock.speed() - 1.0).abs() < f64::EPSILON);
    }
}
