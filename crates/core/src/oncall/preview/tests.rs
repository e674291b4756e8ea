#![allow(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeMap;

use jiff::Timestamp;
use proptest::prelude::*;

use super::spans::Spans;
use super::{Preview, preview};
use crate::config::Config;
use crate::oncall::{Change, Override, Schedule};

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// One week each, from Monday 2 November 2026 on.
fn config(people: &str) -> Config {
    let text = format!(
        "{{id: duty, name: Duty, zone: UTC, layers: [{{name: weeks, rotation: \
         {{unit: weekly, start: 2026-11-02T00:00:00, participants: [{people}]}}}}]}}"
    );
    let schedule: Schedule = serde_saphyr::from_str(&text).unwrap();
    Config { schedules: BTreeMap::from([(schedule.id.clone(), schedule)]), ..Config::default() }
}

fn november(before: &Config, after: &Config) -> Preview {
    preview(before, after, at("2026-11-02T00:00:00Z"), at("2026-11-30T00:00:00Z"))
}

fn told(preview: &Preview) -> Vec<String> {
    let day = |at: Timestamp| at.strftime("%d").to_string();
    let one = |sign: char, shifts: &[super::PreviewShift]| -> String {
        let days = shifts.iter().map(|shift| format!(" {sign}{}-{}", day(shift.start), day(shift.end)));
        days.collect::<Vec<_>>().concat()
    };
    let line = |own: &super::PersonPreview| {
        format!("{}{}{}", own.person, one('+', &own.gained), one('-', &own.lost))
    };
    preview.people.iter().map(line).collect()
}

#[test]
fn nothing_changes_for_anybody_when_nothing_changes() {
    assert_eq!(november(&config("a, b"), &config("a, b")), Preview::default());
}

#[test]
fn a_third_person_in_a_rotation_takes_shifts_from_both() {
    let told = told(&november(&config("a, b"), &config("a, b, c")));
    assert_eq!(told, ["a +23-30 -16-23", "b -23-30", "c +16-23"]);
}

#[test]
fn an_override_cuts_a_shift() {
    let (before, mut after) = (config("a, b"), config("a, b"));
    let entry = Override {
        id: "o".into(),
        schedule: "duty".into(),
        start: at("2026-11-04T00:00:00Z"),
        end: at("2026-11-05T00:00:00Z"),
        change: Change::Replace { person: "a".into(), by: "b".into() },
        priority: 0,
        author: "b".into(),
        reason: String::new(),
    };
    after.overrides.insert("duty".into(), vec![entry]);
    let preview = november(&before, &after);
    assert_eq!(told(&preview), ["a -04-05", "b +04-05"]);
    assert_eq!((preview.people[0].lost_s(), preview.people[1].gained_s()), (86_400, 86_400));
}

#[test]
fn a_schedule_that_is_gone_takes_every_shift_away() {
    assert_eq!(told(&november(&config("a"), &Config::default())), ["a -02-30"]);
    assert_eq!(told(&november(&Config::default(), &config("a"))), ["a +02-30"]);
}

fn second(s: i64) -> Timestamp {
    Timestamp::from_second(s).unwrap()
}

/// A set of seconds as stretches, and back by asking second by second.
fn spans(seconds: &[bool]) -> Spans {
    let mut spans = Spans::default();
    for (s, _) in (0..).zip(seconds).filter(|(_, held)| **held) {
        spans.push(second(s), second(s + 1));
    }
    spans
}

proptest! {
    #[test]
    fn a_difference_is_the_difference_second_by_second(
        mine in prop::collection::vec(any::<bool>(), 40),
        other in prop::collection::vec(any::<bool>(), 40),
    ) {
        let left: Vec<bool> = mine.iter().zip(&other).map(|(mine, other)| *mine && !*other).collect();
        prop_assert_eq!(spans(&mine).without(&spans(&other)), spans(&left));
    }
}
