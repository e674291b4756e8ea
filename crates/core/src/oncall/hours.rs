//! Hours of the week on the clocks of a zone, for whatever comes and goes with them.

use super::schedule::Window;
use super::wall::{END_S, FIRST_S, UnknownZone, Zone};
use super::windows::Windows;

const SECOND_US: i64 = 1_000_000;

/// Windows of the week, ready for questions. Clock changes are dealt with as for the layers of a schedule.
#[derive(Debug, Clone)]
pub struct Hours {
    zone: Zone,
    windows: Windows,
}

impl Hours {
    /// Prepares windows. None at all hold always.
    pub fn new(zone: &str, windows: &[Window]) -> Result<Self, UnknownZone> {
        Ok(Self { zone: Zone::named(zone)?, windows: Windows::new(windows) })
    }

    /// Whether a window holds at an instant, and the first instant at which that may be different. Instants are
    /// microseconds since the epoch; before 1970 and after 2199 none holds.
    pub fn at(&self, at_us: i64) -> (bool, i64) {
        let at = at_us.div_euclid(SECOND_US);
        if !(FIRST_S..END_S).contains(&at) {
            return (false, i64::MAX);
        }
        let activity = self.windows.at(&self.zone, at);
        (activity.active, activity.until.saturating_mul(SECOND_US))
    }
}
