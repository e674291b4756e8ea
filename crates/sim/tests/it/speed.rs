//! Questions about schedules are asked in the paging path and, for coverage, over months. The bounds here
//! are far above what is measured, so that only a change of the order of magnitude fails.

use std::time::{Duration, Instant};

use decurion_core::oncall::{Schedule, coverage, on_call};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

/// A duty by days and nights, above an hourly rotation that has run for 25 years.
fn schedule() -> Schedule {
    serde_json::from_value(json!({
        "id": "l1", "name": "First line", "zone": "Europe/Stockholm",
        "layers": [
            { "name": "days", "priority": 2, "rotation": { "participants": ["mira"] },
              "active": [{ "days": ["mon", "tue", "wed", "thu", "fri"], "start": "08:00", "end": "18:00" }] },
            { "name": "nights", "priority": 1, "active": [{ "start": "18:00", "end": "07:00" }],
              "rotation": { "unit": "daily", "start": "2020-01-05T08:00", "participants": ["a", "b", "NOBODY", "c"] } },
            { "name": "hours", "zone": "America/Santiago",
              "rotation": { "unit": "hourly", "start": "2001-01-05T08:00", "participants": ["a", "b", "NOBODY"] } },
        ],
    }))
    .unwrap()
}

fn day(number: i64) -> Timestamp {
    Timestamp::from_second(1_795_000_000).unwrap() + SignedDuration::from_hours(24 * number)
}

#[test]
fn ninety_days_of_coverage_take_less_than_a_second() {
    let begin = Instant::now();
    let gaps = coverage::gaps(&schedule(), &[], day(0), day(90));
    assert!(begin.elapsed() < Duration::from_secs(1), "{:?}", begin.elapsed());
    assert!(gaps.len() > 100, "hours that nobody has: {}", gaps.len());
}

#[test]
fn a_thousand_answers_take_less_than_a_second() {
    let schedule = schedule();
    let begin = Instant::now();
    let answered =
        (0..1_000).filter(|number| !on_call(&schedule, &[], day(*number)).people.is_empty()).count();
    assert!(begin.elapsed() < Duration::from_secs(1), "{:?}", begin.elapsed());
    assert!(answered > 500);
}
