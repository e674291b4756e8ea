#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::float_cmp, reason = "tests")]

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use proptest::prelude::*;

use super::*;
use crate::oncall::{Change, Override, Schedule};
use crate::org::{Organisation, Person};

fn at(text: &str) -> i64 {
    text.parse::<Timestamp>().unwrap().as_microsecond()
}

fn person(id: &str, zone: &str) -> Person {
    Person {
        id: id.into(),
        name: id.to_owned(),
        email: None,
        zone: zone.to_owned(),
        team: None,
        title: None,
        holidays: None,
        external: false,
        certified: Vec::new(),
        contacts: Vec::new(),
        rules: Vec::new(),
    }
}

/// One schedule of that JSON over `ann` in Stockholm and `bob` in New York.
fn config(layers: &str) -> Config {
    let text = format!(r#"{{"id": "l1", "name": "L1", "zone": "Europe/Stockholm", "layers": {layers}}}"#);
    let schedule: Schedule = serde_json::from_str(&text).unwrap();
    let people = [person("ann", "Europe/Stockholm"), person("bob", "America/New_York")];
    Config {
        organisation: Organisation {
            name: "Test".into(),
            zone: "Europe/Stockholm".into(),
            people: people.into_iter().map(|person| (person.id.clone(), person)).collect(),
            roles: BTreeMap::new(),
        },
        schedules: BTreeMap::from([("l1".into(), schedule)]),
        ..Config::default()
    }
}

const ANN_ALWAYS: &str = r#"[{"name": "all", "rotation": {"participants": ["ann"]}}]"#;
const BOTH_ALWAYS: &str = r#"[{"name": "all", "rotation": {"participants": [["ann", "bob"]]}}]"#;

fn chapter(config: Config, from: &str, to: &str) -> Chapter {
    Chapter { from_us: at(from), to_us: at(to), config: Arc::new(config) }
}

#[test]
fn a_week_is_counted_by_the_kind_of_its_hours() {
    // Monday to Monday, before the clocks change.
    let week = chapter(config(ANN_ALWAYS), "2026-09-06T22:00:00Z", "2026-09-13T22:00:00Z");
    let ann = ledger(&[week], &Record::default()).people[&"ann".into()];
    let hours = [ann.weekday_day_s, ann.weekday_night_s, ann.weekend_s, ann.holiday_s].map(|s| s / 3_600);
    assert_eq!(hours, [5 * 16, 5 * 8, 48, 0]);
    assert_eq!(ann.duty_s(), 7 * 86_400);
    // The first night began on the Sunday before and has seven of its eight hours here.
    assert_eq!((ann.nights, ann.weekends), (7, 1));
    assert_eq!(ann.weighted_h(), 80.0 + 60.0 + 96.0);
}

#[test]
fn an_hour_that_the_clock_has_twice_is_two_hours() {
    let day = chapter(config(ANN_ALWAYS), "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z");
    let ann = ledger(&[day], &Record::default()).people[&"ann".into()];
    assert_eq!(ann.weekend_s, 25 * 3_600);
}

#[test]
fn a_night_is_where_the_person_sleeps() {
    // 02:00 to 06:00 in Stockholm is 20:00 to 24:00 in New York.
    let hours = chapter(config(BOTH_ALWAYS), "2026-09-09T00:00:00Z", "2026-09-09T04:00:00Z");
    let people = ledger(&[hours], &Record::default()).people;
    let (ann, bob) = (people[&"ann".into()], people[&"bob".into()]);
    assert_eq!((ann.weekday_night_s, ann.weekday_day_s), (4 * 3_600, 0));
    assert_eq!((bob.weekday_night_s, bob.weekday_day_s), (3_600, 3 * 3_600));
    assert_eq!((ann.nights, bob.nights), (1, 0), "an hour makes no night");
}

#[test]
fn somebody_on_two_schedules_at_once_is_on_duty_once() {
    let mut twice = config(ANN_ALWAYS);
    let mut second = twice.schedules[&"l1".into()].clone();
    second.id = "l2".into();
    twice.schedules.insert("l2".into(), second);
    let day = chapter(twice, "2026-09-07T00:00:00Z", "2026-09-08T00:00:00Z");
    assert_eq!(ledger(&[day], &Record::default()).total.duty_s(), 86_400);
}

#[test]
fn each_span_counts_by_the_schedule_that_was_in_force_in_it() {
    let bob = r#"[{"name": "all", "rotation": {"participants": ["bob"]}}]"#;
    let chapters = [
        chapter(config(ANN_ALWAYS), "2026-09-07T00:00:00Z", "2026-09-07T06:00:00Z"),
        chapter(config(bob), "2026-09-07T06:00:00Z", "2026-09-08T00:00:00Z"),
    ];
    let people = ledger(&chapters, &Record::default()).people;
    assert_eq!(people[&"ann".into()].duty_s(), 6 * 3_600);
    assert_eq!(people[&"bob".into()].duty_s(), 18 * 3_600);
}

#[test]
fn taking_a_shift_moves_the_load_and_short_notice_is_said() {
    let mut taken = config(ANN_ALWAYS);
    let entry = Override {
        id: "ovr_1".into(),
        schedule: "l1".into(),
        start: "2026-09-07T00:00:00Z".parse().unwrap(),
        end: "2026-09-07T12:00:00Z".parse().unwrap(),
        change: Change::Replace { person: "ann".into(), by: "bob".into() },
        priority: 0,
        author: "bob".into(),
        reason: "swap".into(),
    };
    taken.overrides.insert("l1".into(), vec![entry]);
    let day = chapter(taken, "2026-09-07T00:00:00Z", "2026-09-08T00:00:00Z");
    let start_us = at("2026-09-07T00:00:00Z");
    let notice =
        |hours: i64| Taken { person: "bob".into(), entered_us: start_us - hours * 3_600_000_000, start_us };
    let record = Record { taken: vec![notice(71), notice(72)], ..Record::default() };
    let people = ledger(&[day], &record).people;
    assert_eq!(people[&"ann".into()].duty_s(), 12 * 3_600);
    assert_eq!((people[&"bob".into()].duty_s(), people[&"bob".into()].short_notice), (12 * 3_600, 1));
}

#[test]
fn pages_close_together_wake_somebody_once_and_pages_by_day_nobody() {
    let day = chapter(config(ANN_ALWAYS), "2026-09-07T00:00:00Z", "2026-09-08T00:00:00Z");
    let page = |text: &str| Paged { person: "ann".into(), incident: "inc_1".into(), at_us: at(text) };
    let instants = [
        "2026-09-07T01:00:00Z",
        "2026-09-07T01:20:00Z",
        "2026-09-07T01:45:00Z",
        "2026-09-07T02:15:00Z",
        "2026-09-07T05:00:00Z",
        "2026-09-07T21:00:00Z",
    ];
    let record = Record { paged: instants.map(page).to_vec(), ..Record::default() };
    let ann = ledger(&[day], &record).people[&"ann".into()];
    // 07:00 in Stockholm is no sleep any more; 23:00 is.
    assert_eq!((ann.pages, ann.wake_ups), (6, 3));
}

#[test]
fn work_is_cut_at_six_hours_and_split_at_the_hours_of_the_person() {
    let day = chapter(config(ANN_ALWAYS), "2026-09-07T00:00:00Z", "2026-09-09T00:00:00Z");
    let held = |from: &str, to: &str| Held { person: "ann".into(), from_us: at(from), to_us: at(to) };
    // 18:00 to 24:00 and on; then ten minutes at night.
    let held = vec![
        held("2026-09-07T16:00:00Z", "2026-09-09T00:00:00Z"),
        held("2026-09-08T01:00:00Z", "2026-09-08T01:10:00Z"),
    ];
    let ann = ledger(&[day], &Record { held, ..Record::default() }).people[&"ann".into()];
    assert_eq!((ann.work_day_s, ann.work_late_s, ann.work_sleep_s), (3_600, 4 * 3_600, 3_600 + 600));
}

#[test]
fn whoever_bore_least_is_asked_next() {
    let past = chapter(config(BOTH_ALWAYS), "2026-09-07T00:00:00Z", "2026-09-08T00:00:00Z");
    let planned = chapter(config(ANN_ALWAYS), "2026-09-08T00:00:00Z", "2026-09-09T00:00:00Z");
    let past = ledger(&[past], &Record::default());
    let mut planned = ledger(&[planned], &Record::default());
    planned.people.insert("bob".into(), Load::default());
    assert_eq!(next_to_ask(&past, &planned), ["bob".into(), "ann".into()]);
}

#[test]
fn fairness_says_how_uneven_a_load_is() {
    let even = fairness([10.0, 10.0, 10.0].into_iter());
    assert_eq!((even.max_over_mean, even.gini), (1.0, 0.0));
    let one = fairness([0.0, 0.0, 0.0, 40.0].into_iter());
    assert_eq!((one.mean_h, one.max_h, one.max_over_mean, one.gini), (10.0, 40.0, 4.0, 0.75));
    assert_eq!(fairness(std::iter::empty()), Fairness::default());
    assert_eq!(fairness([0.0, 0.0].into_iter()), Fairness::default());
}

proptest! {
    #[test]
    fn no_second_is_lost_and_none_counted_twice(start_h in 0_i64..9_000, minutes in 1_i64..20_000, both in any::<bool>()) {
        let from_us = at("2026-01-01T00:00:00Z") + start_h * 3_600_000_000;
        let config = Arc::new(config(if both { BOTH_ALWAYS } else { ANN_ALWAYS }));
        let chapter = Chapter { from_us, to_us: from_us + minutes * 60_000_000, config };
        let found = ledger(&[chapter], &Record::default());
        for load in found.people.values() {
            prop_assert_eq!(load.duty_s(), minutes * 60);
        }
        prop_assert_eq!(found.people.len(), if both { 2 } else { 1 });
        prop_assert!(found.fairness.gini < 1.0 && found.fairness.max_over_mean >= 1.0);
    }
}
