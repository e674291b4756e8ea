//! Where a schedule leaves nobody on call.

use jiff::Timestamp;

use super::answer::{Gap, Shift};
use super::overrides::Override;
use super::schedule::Schedule;
use super::timeline::shifts;

/// Every stretch within `[from, to)` in which nobody is on call, with the reason; exact to the instant.
/// Stretches with different reasons that follow each other are separate.
pub fn gaps(schedule: &Schedule, overrides: &[Override], from: Timestamp, to: Timestamp) -> Vec<Gap> {
    let gap = |shift: Shift| {
        let Shift { start, end, nobody, .. } = shift;
        nobody.map(|reason| Gap { start, end, reason })
    };
    shifts(schedule, overrides, from, to).into_iter().filter_map(gap).collect()
}
