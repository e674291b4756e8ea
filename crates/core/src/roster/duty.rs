//! Duty as a person sees it: from when to when it is theirs, whatever layers and overrides it is made of.

use jiff::Timestamp;

use crate::id::PersonId;
use crate::oncall::{Override, Schedule, shifts};

/// A time for which one person is on call, `[start_us, end_us)`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duty {
    pub person: PersonId,
    pub start_us: i64,
    pub end_us: i64,
}

/// The duties of everybody over `[from_us, to_us)`, by their start.
///
/// Times that are less than `gap_us` apart are one duty: somebody who is on call every working day of a week
/// has one duty, not five. With 0, each handoff ends a duty. What the window cuts ends at its edge.
pub fn duties(
    schedule: &Schedule,
    overrides: &[Override],
    (from_us, to_us): (i64, i64),
    gap_us: i64,
) -> Vec<Duty> {
    let (Ok(from), Ok(to)) = (Timestamp::from_microsecond(from_us), Timestamp::from_microsecond(to_us))
    else {
        return Vec::new();
    };
    let mut found: Vec<Duty> = Vec::new();
    for shift in shifts(schedule, overrides, from, to) {
        let (start_us, end_us) = (shift.start.as_microsecond(), shift.end.as_microsecond());
        for person in shift.people {
            let last = found.iter_mut().rev().find(|duty| duty.person == person);
            match last {
                Some(duty) if start_us - duty.end_us < gap_us.max(1) => duty.end_us = end_us,
                _ => found.push(Duty { person, start_us, end_us }),
            }
        }
    }
    found.sort_by_key(|duty| duty.start_us);
    found
}
