//! Maintenance windows: silences that hold at certain hours of the week, and come and go with them.

use serde::{Deserialize, Serialize};

use super::Silence;
use crate::decide::Refusal;
use crate::oncall::{Hours, TimeOfDay, Window};

/// Windows of one silence.
const MOST_WINDOWS: usize = 20;

/// The hours at which a silence holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Repeat {
    /// The zone on whose clocks they are, by its IANA name.
    pub zone: String,
    /// At least one; in the words of the schedules.
    pub windows: Vec<Window>,
}

/// A time at which a repeating silence holds, half-open, microseconds since the epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Occurrence {
    pub start_us: i64,
    pub end_us: i64,
}

impl Repeat {
    /// Prepares the hours. Refused where the zone is unknown, or a window is none.
    pub(super) fn hours(&self) -> Result<Hours, Refusal> {
        let refuse = |message: String| Err(Refusal::field("invalid_field", "repeat", message));
        if self.windows.is_empty() || self.windows.len() > MOST_WINDOWS {
            return refuse(format!("a silence that repeats needs 1 to {MOST_WINDOWS} windows"));
        }
        if self.windows.iter().any(|window| window.start >= TimeOfDay::END_OF_DAY) {
            return refuse("a window cannot begin at 24:00; begin the next day at 00:00".to_owned());
        }
        Hours::new(&self.zone, &self.windows).or_else(|error| refuse(error.to_string()))
    }
}

impl Silence {
    /// The times at which it holds from an instant on, the one that holds then whole from there, at most
    /// `most`. One that does not repeat holds once.
    pub fn occurrences(&self, from_us: i64, most: usize) -> Vec<Occurrence> {
        let mut at_us = from_us.max(self.start_us);
        let Some(repeat) = &self.repeat else {
            let once = Occurrence { start_us: at_us, end_us: self.end_us };
            return (at_us < self.end_us && most > 0).then_some(once).into_iter().collect();
        };
        let Ok(hours) = repeat.hours() else { return Vec::new() };
        let mut found: Vec<Occurrence> = Vec::new();
        while at_us < self.end_us {
            let (holds, until_us) = hours.at(at_us);
            let end_us = until_us.min(self.end_us);
            if holds {
                let full = found.len() == most;
                match found.last_mut() {
                    // Windows that meet are one.
                    Some(last) if last.end_us == at_us => last.end_us = end_us,
                    _ if full => break,
                    _ => found.push(Occurrence { start_us: at_us, end_us }),
                }
            }
            at_us = until_us;
        }
        found
    }
}
