//! Schedules of all shapes, sound ones and broken ones.

use jiff::civil::DateTime;
use jiff::{SignedDuration, Span, Timestamp};
use proptest::prelude::*;
use proptest::sample::{Index, select};

use crate::duration::DurationS;
use crate::id::PersonId;
use crate::oncall::{
    Advance, Change, Day, Holiday, HolidayRule, Holidays, Layer, MonthEnd, Override, Rollout, RosterVersion,
    Rotation, Schedule, Slot, TimeOfDay, Unit, Window,
};

/// Zones with clock changes of all kinds: half hours, two hours, midnight, Ramadan, negative, the date line.
const ZONES: &[&str] = &[
    "UTC",
    "Europe/Stockholm",
    "America/Chicago",
    "America/Santiago",
    "America/Havana",
    "America/Sao_Paulo",
    "Atlantic/Azores",
    "Australia/Lord_Howe",
    "Antarctica/Troll",
    "Africa/Casablanca",
    "Africa/Cairo",
    "Europe/Dublin",
    "Asia/Kathmandu",
    "Asia/Tehran",
    "Pacific/Apia",
    "Pacific/Kwajalein",
    "Pacific/Kiritimati",
    "America/Nuuk",
];

pub(super) fn zone() -> impl Strategy<Value = String> {
    select(ZONES).prop_map(str::to_owned)
}

/// Whole minutes between 1990 and 2040.
pub(super) fn instant() -> impl Strategy<Value = Timestamp> {
    (10_500_000_i64..36_800_000).prop_map(|minute| Timestamp::from_second(minute * 60).unwrap())
}

pub(super) fn local() -> impl Strategy<Value = DateTime> {
    instant().prop_map(|at| jiff::tz::Offset::UTC.to_datetime(at))
}

pub(super) fn unit() -> impl Strategy<Value = (Unit, Option<DurationS>)> {
    prop_oneof![
        Just((Unit::Hourly, None)),
        Just((Unit::Daily, None)),
        Just((Unit::Weekly, None)),
        Just((Unit::Monthly, None)),
        (15..3_000_u64).prop_map(|minutes| (Unit::Custom, Some(DurationS::from_mins(minutes)))),
    ]
}

fn person() -> impl Strategy<Value = PersonId> {
    select(&["ada", "bo", "cy", "di", "eve"][..]).prop_map(PersonId::from)
}

fn slot() -> impl Strategy<Value = Slot> {
    prop_oneof![
        5 => person().prop_map(|person| Slot::People(vec![person])),
        1 => prop::collection::vec(person(), 2..4).prop_map(Slot::People),
        1 => Just(Slot::Nobody),
    ]
}

pub(super) fn rotation() -> impl Strategy<Value = Rotation> {
    let month_end = select(vec![MonthEnd::Clamp, MonthEnd::Overflow, MonthEnd::Skip]);
    let advance = select(vec![Advance::Calendar, Advance::Active, Advance::Fair]);
    let turns = prop_oneof![
        3 => Just(Vec::new()),
        1 => prop::collection::vec((15..9_000_u64).prop_map(DurationS::from_mins), 1..4),
    ];
    (unit(), 1..4_u32, turns, local(), advance, month_end, prop::collection::vec(slot(), 1..5)).prop_map(
        |((unit, turn), every, turns, start, advance, month_end, participants)| Rotation {
            unit,
            every,
            turn,
            turns,
            start: Some(start),
            advance,
            month_end,
            participants,
        },
    )
}

/// Fair rotations that come round with the week after few turns.
pub(super) fn rotation_of_half_hours() -> impl Strategy<Value = Rotation> {
    let unit = select(vec![Unit::Hourly, Unit::Daily, Unit::Weekly]);
    let turns = prop_oneof![
        1 => Just(Vec::new()),
        1 => prop::collection::vec((1..12_u64).prop_map(|halves| DurationS::from_mins(30 * halves)), 1..3),
    ];
    (unit, 1..4_u32, turns, rotation()).prop_map(|(unit, every, turns, rotation)| {
        let every = if turns.is_empty() { every } else { 1 };
        Rotation { unit, every, turn: None, turns, advance: Advance::Fair, ..rotation }
    })
}

fn time_of_day() -> impl Strategy<Value = TimeOfDay> {
    (0..24_u16, select(vec![0_u16, 1, 30, 59]))
        .prop_map(|(hour, minute)| TimeOfDay::new(hour, minute).unwrap())
}

pub(super) fn window() -> impl Strategy<Value = Window> {
    let days = prop::sample::subsequence(Day::ALL.to_vec(), 0..=7);
    let end_day = prop::option::weighted(0.2, select(Day::ALL.to_vec()));
    (days, time_of_day(), time_of_day(), end_day).prop_map(|(days, start, end, end_day)| Window {
        days,
        start,
        end,
        end_day,
    })
}

fn layer() -> impl Strategy<Value = Layer> {
    (
        0..3_i32,
        prop::option::weighted(0.3, zone()),
        rotation(),
        prop::option::weighted(0.2, local()),
        prop::option::weighted(0.2, local()),
        prop::collection::vec(window(), 0..3),
        prop::bool::weighted(0.15),
        prop::option::weighted(0.25, select(vec![HolidayRule::Only, HolidayRule::Skip])),
    )
        .prop_map(|(priority, zone, rotation, from, until, active, shadow, holidays)| Layer {
            name: String::new(),
            priority,
            zone,
            rotation,
            from,
            until,
            active,
            shadow,
            holidays,
            calendar: holidays.map(|_| "free".into()),
        })
}

fn layers(count: std::ops::Range<usize>) -> impl Strategy<Value = Vec<Layer>> {
    prop::collection::vec(layer(), count).prop_map(|mut layers| {
        for (index, layer) in layers.iter_mut().enumerate() {
            layer.name = format!("layer {index}");
        }
        layers
    })
}

/// Rosters that begin within a month of an instant, in order.
fn versions(near: Timestamp) -> impl Strategy<Value = Vec<RosterVersion>> {
    let rollout = select(vec![Rollout::AtOnce, Rollout::AfterThisShift, Rollout::AfterFullTurn]);
    let one = (-20_000..40_000_i64, rollout, layers(1..3));
    prop::collection::vec(one, 0..3).prop_map(move |mut versions| {
        versions.sort_by_key(|(minute, ..)| *minute);
        versions.dedup_by_key(|(minute, ..)| *minute);
        let version = |(minute, rollout, layers)| {
            let from = near + SignedDuration::from_mins(minute);
            let effective_from = jiff::tz::Offset::UTC.to_datetime(from);
            RosterVersion { effective_from, rollout, layers }
        };
        versions.into_iter().map(version).collect()
    })
}

/// A calendar with a few days around an instant, neighbours among them.
fn calendar(near: Timestamp) -> impl Strategy<Value = Holidays> {
    let today = jiff::tz::Offset::UTC.to_datetime(near).date();
    prop::collection::btree_set(-3..25_i64, 0..8).prop_map(move |days| {
        let day = |day| Holiday { date: today + Span::new().days(day), name: "Free".to_owned() };
        Holidays {
            id: "free".into(),
            name: "Free days".to_owned(),
            days: days.into_iter().map(day).collect(),
        }
    })
}

/// A schedule whose versions and holidays lie around an instant.
pub(super) fn schedule_near(near: Timestamp) -> impl Strategy<Value = Schedule> {
    (zone(), layers(0..4), versions(near), calendar(near)).prop_map(|(zone, layers, versions, calendar)| {
        let calendars = [(calendar.id.clone(), calendar)].into();
        Schedule {
            id: "s".into(),
            name: "Schedule".to_owned(),
            zone,
            requires: Vec::new(),
            layers,
            versions,
            calendars,
            notices: None,
        }
    })
}

pub(super) fn schedule() -> impl Strategy<Value = Schedule> {
    instant().prop_flat_map(schedule_near)
}

/// As [`schedule_near`], with turns of six hours at least that start within weeks of the instant, so that
/// they can be counted one by one.
pub(super) fn calm_schedule_near(near: Timestamp) -> impl Strategy<Value = Schedule> {
    (schedule_near(near), -40_000..20_000_i64).prop_map(move |(mut schedule, minute)| {
        let near = jiff::tz::Offset::UTC.to_datetime(near + SignedDuration::from_mins(minute));
        let versions = schedule.versions.iter_mut().flat_map(|version| &mut version.layers);
        for layer in schedule.layers.iter_mut().chain(versions) {
            let rotation = &mut layer.rotation;
            // Each layer a little apart from the others.
            let apart =
                rotation.start.map_or(0, |start| i64::from(start.day()) * 611 + i64::from(start.minute()));
            let start = near + Span::new().minutes(apart);
            rotation.start = Some(start);
            if rotation.unit == Unit::Hourly {
                rotation.every *= 6;
            }
            for turn in rotation.turn.iter_mut().chain(&mut rotation.turns) {
                *turn = DurationS::from_mins(turn.as_secs() / 60 + 360);
            }
            layer.from = layer.from.map(|_| start);
        }
        schedule
    })
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        person().prop_map(|person| Change::Add { person }),
        person().prop_map(|person| Change::Remove { person }),
        (person(), person()).prop_map(|(person, by)| Change::Replace { person, by }),
        prop::collection::vec(person(), 0..3).prop_map(|people| Change::Fixed { people }),
    ]
}

/// Overrides within a month after an instant; a few end before they begin.
pub(super) fn overrides(from: Timestamp) -> impl Strategy<Value = Vec<Override>> {
    let one = (any::<Index>(), 0..2_000_000_i64, -1_000..500_000_i64, change(), 0..2_i32);
    prop::collection::vec(one, 0..5).prop_map(move |entries| {
        let over = |(id, start, length, change, priority): (Index, i64, i64, Change, i32)| {
            let second = from.as_second() + start;
            Override {
                id: format!("ovr_{}", id.index(1_000_000)).as_str().into(),
                schedule: "s".into(),
                start: Timestamp::from_second(second).unwrap(),
                end: Timestamp::from_second(second + length).unwrap(),
                change,
                priority,
                author: "ada".into(),
                reason: String::new(),
            }
        };
        entries.into_iter().map(over).collect()
    })
}

/// What nobody should write, but somebody can.
pub(super) fn broken_schedule() -> impl Strategy<Value = Schedule> {
    let any_local = (-9_999_i16..=9_999, 0..24_i8)
        .prop_map(|(year, hour)| jiff::civil::date(year, 2, 28).at(hour, 59, 59, 999_999_999));
    let extremes = (
        select(vec!["", "Nowhere", "UTC", "Pacific/Apia", "../etc/passwd", "\u{0}"]),
        select(vec![0_u32, 1, u32::MAX]),
        prop::option::of(select(vec![0_u64, 1, 59, u64::MAX])),
        prop::option::of(any_local.clone()),
        prop::option::of(any_local.clone()),
        prop::option::of(any_local),
        any::<bool>(),
    );
    (schedule(), extremes).prop_map(|(mut schedule, (zone, every, turn, start, from, until, empty))| {
        schedule.zone = zone.to_owned();
        for layer in &mut schedule.layers {
            layer.rotation.every = every;
            layer.rotation.turn = turn.map(DurationS::from_secs);
            layer.rotation.start = start;
            layer.from = from;
            layer.until = until;
            if empty {
                layer.rotation.participants.clear();
            }
            for window in &mut layer.active {
                window.start = TimeOfDay::END_OF_DAY;
            }
        }
        schedule
    })
}
