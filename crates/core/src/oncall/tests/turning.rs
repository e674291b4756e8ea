//! Alternating and fair turns, holidays and shadows.

use std::collections::BTreeMap;

use super::{at, names, schedule, who};
use crate::oncall::{Holidays, Schedule, coverage, layer_shifts, on_call, shifts, turns};

/// The people of the turns from an instant on, a turn each.
fn order(schedule: &Schedule, from: &str, count: usize) -> String {
    let turns = turns(schedule, 0, at(from), count);
    turns.iter().map(|turn| names(&turn.people)).collect::<Vec<_>>().join(" ")
}

/// Seconds on call by person.
fn hours(schedule: &Schedule, from: &str, to: &str) -> BTreeMap<String, i64> {
    let mut hours = BTreeMap::new();
    for shift in shifts(schedule, &[], at(from), at(to)) {
        *hours.entry(names(&shift.people)).or_default() += shift.end.duration_since(shift.start).as_hours();
    }
    hours
}

#[test]
fn handovers_alternate_whoever_has_the_turn() {
    let halves = schedule(
        "
  - name: Halves
    rotation: { turns: [4d, 3d], start: 2026-03-23T09:00, participants: [ada, bo, NOBODY] }
",
    );
    let starts: Vec<String> = turns(&halves, 0, at("2026-03-23T08:00:00Z"), 4)
        .iter()
        .map(|turn| format!("{} {}", turn.start, names(&turn.people)))
        .collect();
    // Mondays and Fridays at 09:00, over the clock change of 29 March.
    let expected = [
        "2026-03-23T08:00:00Z ada",
        "2026-03-27T08:00:00Z bo",
        "2026-03-30T07:00:00Z ",
        "2026-04-03T07:00:00Z ada",
    ];
    assert_eq!(starts, expected);
    assert_eq!(order(&halves, "2026-03-16T09:00:00Z", 3), "bo  ada");
    assert!(who(&halves, &[], "2026-04-01T00:00:00Z").contains("NOBODY slot"));
}

#[test]
fn fair_turns_give_two_people_both_halves_of_the_week() {
    let plain = "
  - name: Halves
    rotation: { turns: [4d, 3d], start: 2026-04-06T09:00, participants: [ada, bo]";
    let unfair = schedule(&format!("{plain} }}"));
    let fair = schedule(&format!("{plain}, advance: fair }}"));
    let month = |schedule| hours(schedule, "2026-04-06T07:00:00Z", "2026-05-04T07:00:00Z");
    assert_eq!(month(&unfair), [("ada".to_owned(), 16 * 24), ("bo".to_owned(), 12 * 24)].into());
    assert_eq!(month(&fair), [("ada".to_owned(), 14 * 24), ("bo".to_owned(), 14 * 24)].into());
    assert_eq!(order(&fair, "2026-04-06T07:00:00Z", 8), "ada bo bo ada ada bo bo ada");
}

#[test]
fn fair_turns_change_nothing_where_the_order_is_fair_already() {
    let plain = "
  - name: Days
    rotation: { unit: daily, start: 2026-04-06T09:00, participants: [ada, bo, cy]";
    let calendar = schedule(&format!("{plain} }}"));
    let fair = schedule(&format!("{plain}, advance: fair }}"));
    let long = |schedule| order(schedule, "2026-04-06T07:00:00Z", 50);
    assert_eq!(long(&calendar), long(&fair));
}

#[test]
fn fair_days_leave_nobody_the_friday_and_lose_no_turn_at_the_weekend() {
    let week = schedule(
        "
  - name: Office hours
    rotation: { unit: daily, advance: fair, start: 2026-04-06T08:00, participants: [a, b, c, d, e] }
    active:
      - { days: [mon, tue, wed, thu], start: 08:00, end: 18:00 }
      - { days: [fri], start: 08:00, end: 13:00 }
",
    );
    assert_eq!(order(&week, "2026-04-06T06:00:00Z", 11), "a b c d e b c d e a c");
    let cycle = hours(&week, "2026-04-06T00:00:00Z", "2026-05-11T00:00:00Z");
    let each = ["a", "b", "c", "d", "e"].map(|person| cycle[person]);
    assert_eq!(each, [45; 5]);
}

fn sweden() -> Holidays {
    serde_saphyr::from_str(
        "
id: se
name: Sweden
days:
  - { date: 2026-06-19, name: Midsummer Eve }
  - { date: 2026-06-06, name: National Day }
",
    )
    .unwrap()
}

fn with_holidays(layers: &str) -> Schedule {
    schedule(layers).with_calendars(&[("se".into(), sweden())].into())
}

#[test]
fn layers_count_on_holidays_only_or_skip_them() {
    let duty = with_holidays(
        "
  - name: Holidays
    priority: 2
    holidays: only
    calendar: se
    rotation: { participants: [ada] }
  - name: Office hours
    priority: 1
    holidays: skip
    calendar: se
    active: [{ start: 08:00, end: 18:00 }]
    rotation: { participants: [bo] }
",
    );
    assert_eq!(who(&duty, &[], "2026-06-18T21:59:59Z"), "nobody: no layer is active at that time");
    assert_eq!(who(&duty, &[], "2026-06-18T22:00:00Z"), "ada");
    assert_eq!(who(&duty, &[], "2026-06-19T12:00:00Z"), "ada");
    assert_eq!(who(&duty, &[], "2026-06-20T12:00:00Z"), "bo");
    let gaps = coverage::gaps(&duty, &[], at("2026-06-18T00:00:00Z"), at("2026-06-20T00:00:00Z"));
    let edges: Vec<_> = gaps.iter().map(|gap| (gap.start.to_string(), gap.end.to_string())).collect();
    let expected = [
        ("2026-06-18T00:00:00Z", "2026-06-18T06:00:00Z"),
        ("2026-06-18T16:00:00Z", "2026-06-18T22:00:00Z"),
        ("2026-06-19T22:00:00Z", "2026-06-20T00:00:00Z"),
    ];
    assert_eq!(edges, expected.map(|(start, end)| (start.to_owned(), end.to_owned())));
}

#[test]
fn a_holiday_is_the_day_of_the_layers_own_zone() {
    let duty = with_holidays(
        "
  - name: Auckland
    zone: Pacific/Auckland
    holidays: only
    calendar: se
    rotation: { participants: [ada] }
",
    );
    let timeline = shifts(&duty, &[], at("2026-06-05T00:00:00Z"), at("2026-06-07T00:00:00Z"));
    let edges: Vec<_> = timeline.iter().map(|shift| shift.start.to_string()).collect();
    assert_eq!(edges, ["2026-06-05T00:00:00Z", "2026-06-05T12:00:00Z", "2026-06-06T12:00:00Z"]);
    let holidays = sweden();
    let name = |zone, instant| holidays.at(zone, at(instant)).unwrap().map(|day| day.name.as_str());
    assert_eq!(name("Pacific/Auckland", "2026-06-05T12:00:00Z"), Some("National Day"));
    assert_eq!(name("Europe/Stockholm", "2026-06-05T12:00:00Z"), None);
}

#[test]
fn a_layer_without_its_calendar_says_so() {
    let lost = schedule(
        "
  - name: Holidays
    holidays: only
    calendar: se
    rotation: { participants: [ada] }
",
    );
    let reason = r#"nobody: layer "Holidays" cannot be read: there is no holiday calendar `se`"#;
    assert_eq!(who(&lost, &[], "2026-06-19T12:00:00Z"), reason);
}

#[test]
fn shadows_are_named_and_never_counted() {
    let learning = schedule(
        "
  - name: Duty
    rotation: { participants: [ada] }
    active: [{ start: 08:00, end: 18:00 }]
  - name: Newcomers
    shadow: true
    priority: 99
    rotation: { start: 2026-01-05T08:00, participants: [bo, [cy, ada]] }
",
    );
    let answer = on_call(&learning, &[], at("2026-01-06T12:00:00Z"));
    assert_eq!((names(&answer.people), names(&answer.shadows)), ("ada".to_owned(), "bo".to_owned()));
    // The handoff between shadows changes nobody's duty.
    assert_eq!(answer.until, Some(at("2026-01-06T17:00:00Z")));
    let next = on_call(&learning, &[], at("2026-01-13T12:00:00Z"));
    assert_eq!(names(&next.shadows), "cy");
    // A shadow does not fill a gap.
    let night = on_call(&learning, &[], at("2026-01-06T20:00:00Z"));
    assert_eq!((night.people.len(), names(&night.shadows)), (0, "bo".to_owned()));
    assert!(night.nobody.is_some());
    let drawn = layer_shifts(&learning, at("2026-01-06T00:00:00Z"), at("2026-01-07T00:00:00Z"));
    assert_eq!(drawn.iter().map(|layer| layer.shadow).collect::<Vec<_>>(), [false, true]);
}

/// Three teams in three zones, each by day. Clocks change in Stockholm on 29 March and 25 October, in
/// Los Angeles on 8 March and 1 November, in Sydney on 5 April and 4 October 2026.
#[test]
fn duty_follows_the_sun_through_every_clock_change_of_a_year() {
    let sun = schedule(
        "
  - name: Stockholm
    priority: 2
    rotation: { start: 2026-01-05T08:00, participants: [ada, bo] }
    active: [{ start: 08:00, end: 17:00 }]
  - name: Los Angeles
    priority: 1
    zone: America/Los_Angeles
    rotation: { start: 2026-01-05T07:00, participants: [cy, di] }
    active: [{ start: 07:00, end: 16:00 }]
  - name: Sydney
    zone: Australia/Sydney
    rotation: { start: 2026-01-05T08:00, participants: [eve, fay] }
    active: [{ start: 08:00, end: 20:00 }]
",
    );
    let gaps = coverage::gaps(&sun, &[], at("2026-01-05T08:00:00Z"), at("2027-01-05T08:00:00Z"));
    assert_eq!(gaps, []);
    let day = |from: &str, to: &str| {
        let timeline = shifts(&sun, &[], at(from), at(to));
        let stretch = |shift: &crate::oncall::Shift| {
            format!("{} {}", &shift.start.to_string()[11..16], names(&shift.people))
        };
        timeline.iter().map(stretch).collect::<Vec<_>>().join(", ")
    };
    // Winter in the north, before any clock change, and the three weeks in which only America has changed.
    let winter = day("2026-03-03T07:00:00Z", "2026-03-04T07:00:00Z");
    assert_eq!(winter, "07:00 ada, 16:00 cy, 00:00 eve");
    let between = day("2026-03-17T07:00:00Z", "2026-03-18T07:00:00Z");
    assert_eq!(between, "07:00 ada, 16:00 cy, 23:00 eve");
    let summer = day("2026-07-07T06:00:00Z", "2026-07-08T06:00:00Z");
    assert_eq!(summer, "06:00 ada, 15:00 cy, 23:00 eve");
}
