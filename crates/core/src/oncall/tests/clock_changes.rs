//! The policy for clock changes, on every zone of the database.

use jiff::Timestamp;
use jiff::civil::{DateTime, date};
use jiff::tz::{TimeZone, TimeZoneDatabase};

use super::{at, names, schedule};
use crate::oncall::wall::{Zone, first_instant, last_instant, timestamp};
use crate::oncall::{on_call, turns};

const DAY_S: i64 = 86_400;

fn local(text: &str) -> DateTime {
    text.parse().unwrap()
}

fn zones() -> Vec<String> {
    let zones: Vec<String> = TimeZoneDatabase::bundled().available().map(|name| name.to_string()).collect();
    assert!(zones.len() > 400, "the database is whole");
    zones
}

fn database(zone: &str) -> TimeZone {
    TimeZoneDatabase::bundled().get(zone).unwrap()
}

/// Every clock change of a zone between 1970 and 2037.
fn changes(zone: &str) -> Vec<i64> {
    let zone = database(zone);
    let from = at("1970-01-01T00:00:00Z");
    let seconds = zone.following(from).map(|change| change.timestamp().as_second());
    seconds.take_while(|second| *second < 2_145_916_800).collect()
}

#[test]
fn a_skipped_time_means_the_first_instant_after_the_gap() {
    for (zone, time, instant) in [
        ("Europe/Stockholm", "2026-03-29T02:30", "2026-03-29T01:00:00Z"),
        ("America/Santiago", "2024-09-08T00:00", "2024-09-08T04:00:00Z"),
        ("Australia/Lord_Howe", "2026-10-04T02:10", "2026-10-03T15:30:00Z"),
        ("Pacific/Apia", "2011-12-30T12:00", "2011-12-30T10:00:00Z"),
    ] {
        assert_eq!(first_instant(zone, local(time)), Ok(at(instant)), "{zone} {time}");
        assert_eq!(last_instant(zone, local(time)), Ok(at(instant)), "{zone} {time}");
    }
}

#[test]
fn a_repeated_time_begins_at_its_first_and_ends_at_its_last_occurrence() {
    let time = local("2026-10-25T02:30");
    assert_eq!(first_instant("Europe/Stockholm", time), Ok(at("2026-10-25T00:30:00Z")));
    assert_eq!(last_instant("Europe/Stockholm", time), Ok(at("2026-10-25T01:30:00Z")));
    assert_eq!(first_instant("europe/STOCKHOLM", time), first_instant("Europe/Stockholm", time));
    assert!(first_instant("Europe/Atlantis", time).is_err());
}

/// The first instant of a wall time is the first at which the zone's clocks show it or more; the last is
/// the last at which they show it, or the first where they never do. Checked around every clock change,
/// against the database itself.
#[test]
fn in_every_zone_instants_are_the_first_and_last_at_which_clocks_reach_a_time() {
    for name in zones() {
        let clocks = Clocks { zone: Zone::named(&name).unwrap(), database: database(&name) };
        for change in changes(&name) {
            let (before, after) = (clocks.shown(change - 1) + 1, clocks.shown(change));
            assert_eq!(clocks.zone.wall_at(change), after, "{name}");
            let middle = i64::midpoint(before, after);
            let edges = [before - 1, before, after, after + 1, before.min(after) - 1];
            for wall in edges.into_iter().chain([middle]) {
                clocks.check_first(wall);
                clocks.check_last(wall);
            }
        }
    }
}

struct Clocks {
    zone: Zone,
    database: TimeZone,
}

impl Clocks {
    fn shown(&self, instant: i64) -> i64 {
        instant + i64::from(self.database.to_offset(timestamp(instant)).seconds())
    }

    fn check_first(&self, wall: i64) {
        let first = self.zone.first(wall);
        assert!(self.shown(first) >= wall, "{:?} {wall}", self.database);
        // Between clock changes clocks only run forward, so that looking just before each change is enough.
        for earlier in self.changes_within(first - 2 * DAY_S, first).chain([first]) {
            assert!(self.shown(earlier - 1) < wall, "{:?} {wall}", self.database);
        }
    }

    fn check_last(&self, wall: i64) {
        let last = self.zone.last(wall);
        assert!(self.shown(last) == wall || last == self.zone.first(wall), "{:?} {wall}", self.database);
        for later in self.changes_within(last, last + 2 * DAY_S).chain([last]) {
            assert!(self.shown(later) >= wall, "{:?} {wall}", self.database);
        }
    }

    fn changes_within(&self, from: i64, to: i64) -> impl Iterator<Item = i64> {
        let changes = self.database.following(timestamp(from - 1)).map(|c| c.timestamp().as_second());
        changes.take_while(move |change| *change <= to)
    }
}

/// Turns of every unit around every clock change of every zone: they have a length, follow each other, hold
/// the instant asked for, and hand over to the next slot.
#[test]
fn in_every_zone_turns_have_a_length_and_follow_each_other() {
    let units = [
        "unit: hourly",
        "unit: hourly, every: 2",
        "unit: custom, turn: 15m",
        "unit: daily",
        "unit: weekly",
        "unit: monthly",
    ];
    for (number, name) in zones().into_iter().enumerate() {
        // One unit per zone keeps the test short; every unit meets about a hundred zones.
        let unit = units[number % units.len()];
        let mut schedule = schedule(&format!(
            "  - {{ name: A, rotation: {{ {unit}, start: 1990-06-30T00:30, participants: [a, b, c] }} }}"
        ));
        schedule.zone.clone_from(&name);
        for change in changes(&name) {
            let around = timestamp((change - 40 * 60).max(0));
            let turns = turns(&schedule, 0, around, 9);
            assert!(turns[0].start <= around && around < turns[0].end, "{name} {around}");
            for pair in turns.windows(2) {
                assert!(pair[0].start < pair[0].end, "{name} {around}");
                assert_eq!(pair[0].end, pair[1].start, "{name} {around}");
                let next = match names(&pair[0].people).as_str() {
                    "a" => "b",
                    "b" => "c",
                    _ => "a",
                };
                assert_eq!(names(&pair[1].people), next, "{name} {around}");
            }
        }
    }
}

#[test]
fn a_rotation_goes_on_through_a_midnight_that_does_not_exist() {
    let mut schedule = schedule(
        "
  - name: Guardia
    rotation: { unit: daily, start: 2024-09-06T00:00, participants: [ana, benja, caro] }
",
    );
    schedule.zone = "America/Santiago".to_owned();
    let handoffs: Vec<(Timestamp, String)> = turns(&schedule, 0, at("2024-09-06T12:00:00Z"), 4)
        .into_iter()
        .map(|turn| (turn.start, names(&turn.people)))
        .collect();
    let expected = [
        ("2024-09-06T04:00:00Z", "ana"),
        ("2024-09-07T04:00:00Z", "benja"),
        // 8 September begins at 01:00 local time.
        ("2024-09-08T04:00:00Z", "caro"),
        ("2024-09-09T03:00:00Z", "ana"),
    ];
    assert_eq!(handoffs, expected.map(|(start, name)| (at(start), name.to_owned())));
}

#[test]
fn a_day_that_the_date_line_swallows_consumes_no_turn() {
    let mut schedule = schedule(
        "
  - name: Duty
    rotation: { unit: daily, start: 2011-12-28T00:00, participants: [a, b, c] }
",
    );
    schedule.zone = "Pacific/Apia".to_owned();
    let who = |instant| names(&on_call(&schedule, &[], at(instant)).people);
    // Samoa had no 30 December 2011: 29 December, 24:00, is 31 December, 00:00.
    assert_eq!(who("2011-12-30T09:59:59Z"), "b");
    assert_eq!(who("2011-12-30T10:00:00Z"), "c");
    assert_eq!(who("2011-12-31T10:00:00Z"), "a");
}

#[test]
fn months_without_the_day_clamp_overflow_or_are_skipped() {
    let handoffs = |month_end: &str| {
        let schedule = schedule(&format!(
            "
  - name: Monthly
    zone: UTC
    rotation: {{ unit: monthly, month_end: {month_end}, start: 2025-12-31T09:00, participants: [a, b] }}
"
        ));
        turns(&schedule, 0, at("2026-01-31T09:00:00Z"), 3)
            .into_iter()
            .map(|turn| format!("{} {}", turn.start.strftime("%m-%d"), names(&turn.people)))
            .collect::<Vec<_>>()
    };
    assert_eq!(handoffs("clamp"), ["01-31 b", "02-28 a", "03-31 b"]);
    assert_eq!(handoffs("overflow"), ["01-31 b", "03-03 a", "03-31 b"]);
    assert_eq!(handoffs("skip"), ["01-31 b", "03-31 a", "05-31 b"]);
}

#[test]
fn a_leap_day_recurs_with_leap_years_only() {
    let schedule = schedule(
        "
  - name: Leap
    zone: UTC
    rotation: { unit: monthly, every: 12, month_end: skip, start: 2096-02-29T00:00, participants: [a, b] }
",
    );
    let turns = turns(&schedule, 0, at("2096-03-01T00:00:00Z"), 2);
    assert_eq!(turns[0].end, at("2104-02-29T00:00:00Z"));
    assert_eq!(names(&turns[1].people), "b");
    assert_eq!(date(2104, 2, 29).in_tz("UTC").unwrap().timestamp(), turns[1].start);
}
