//! How long it takes to say who is on call.

use std::hint::black_box;
use std::time::Instant;

use decurion_core::oncall::{Override, Roster, Schedule, on_call};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

/// Questions per batch, and batches; the median batch is told.
const QUESTIONS: u32 = 2_000;
const BATCHES: usize = 25;

/// Days, nights and weekends as `packs/ten` has them, with a shadow, a fair rotation and a later version.
fn schedule() -> anyhow::Result<Schedule> {
    let weekdays = ["mon", "tue", "wed", "thu", "fri"];
    let eight = ["a", "b", "c", "d", "e", "f", "g", "h"];
    Ok(serde_json::from_value(json!({
        "id": "l1", "name": "First line", "zone": "Europe/Stockholm",
        "layers": [
            { "name": "days", "active": [{ "days": weekdays, "start": "08:00", "end": "17:00" }],
              "rotation": { "participants": ["mira"] } },
            { "name": "nights", "active": [{ "days": weekdays, "start": "17:00", "end": "08:00" }],
              "rotation": { "unit": "daily", "advance": "active", "start": "2026-01-05T17:00", "participants": eight } },
            { "name": "weekends", "active": [{ "days": ["sat"], "start": "08:00", "end_day": "mon", "end": "08:00" }],
              "rotation": { "turns": ["12h", "12h"], "advance": "fair", "start": "2026-01-10T08:00", "participants": eight } },
            { "name": "newcomers", "shadow": true, "rotation": { "participants": ["z"] } },
        ],
        "versions": [{ "effective_from": "2026-06-01T08:00", "rollout": "after_full_turn",
            "layers": [{ "name": "everybody",
                "rotation": { "unit": "daily", "start": "2026-06-01T08:00", "participants": eight } }] }],
    }))?)
}

/// Prints the time of an answer in nanoseconds: from a roster that is kept, and from the schedule alone.
pub(crate) fn oncall() -> anyhow::Result<()> {
    let schedule = schedule()?;
    let roster = Roster::new(&schedule);
    let overrides: [Override; 0] = [];
    let kept = median_ns(|at| drop(black_box(roster.on_call(&overrides, at))));
    let alone = median_ns(|at| drop(black_box(on_call(&schedule, &overrides, at))));
    println!("who is on call, from a kept roster: {kept} ns");
    println!("who is on call, from the schedule:  {alone} ns");
    Ok(())
}

/// Instants through 2026, a prime number of minutes apart.
fn instants() -> impl Iterator<Item = Timestamp> {
    let first = Timestamp::from_second(1_767_225_600).unwrap_or(Timestamp::UNIX_EPOCH);
    (0..i64::from(QUESTIONS)).map(move |number| first + SignedDuration::from_mins(number * 257))
}

fn median_ns(ask: impl Fn(Timestamp)) -> u128 {
    let batch = |_| {
        let begin = Instant::now();
        instants().for_each(&ask);
        begin.elapsed().as_nanos() / u128::from(QUESTIONS)
    };
    let mut batches: Vec<u128> = (0..BATCHES).map(batch).collect();
    batches.sort_unstable();
    batches.get(BATCHES / 2).copied().unwrap_or_default()
}
