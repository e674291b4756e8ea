//! What holds for every schedule.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::DateTime;
use jiff::{SignedDuration, Span, Timestamp};
use proptest::prelude::*;

use super::strategies::{
    broken_schedule, instant, local, overrides, rotation, rotation_of_half_hours, schedule_near, unit,
    window, zone,
};
use crate::duration::DurationS;
use crate::id::PersonId;
use crate::oncall::wall::{LONGEST_GAP_S, first_instant};
use crate::oncall::{
    Advance, Layer, MonthEnd, NobodyReason, Override, Rotation, Schedule, Shift, Slot, Unit, coverage,
    layer_shifts, on_call, shifts, turns,
};

fn after(at: Timestamp, hours: i64) -> Timestamp {
    at.checked_add(SignedDuration::from_hours(hours)).unwrap_or(Timestamp::MAX)
}

/// `[from, to)` is covered by stretches with a length that follow each other, each with people or a reason.
fn check_timeline(timeline: &[Shift], from: Timestamp, to: Timestamp) -> Result<(), TestCaseError> {
    prop_assert_eq!(timeline.first().map(|shift| shift.start), Some(from));
    prop_assert_eq!(timeline.last().map(|shift| shift.end), Some(to));
    for shift in timeline {
        prop_assert!(shift.start < shift.end);
        prop_assert_eq!(shift.people.is_empty(), shift.nobody.is_some());
        let distinct: BTreeSet<_> = shift.people.iter().collect();
        prop_assert_eq!(distinct.len(), shift.people.len());
    }
    for pair in timeline.windows(2) {
        prop_assert_eq!(pair[0].end, pair[1].start);
    }
    Ok(())
}

fn shift_at(timeline: &[Shift], at: Timestamp) -> &Shift {
    timeline.iter().find(|shift| shift.start <= at && at < shift.end).unwrap()
}

fn asked() -> impl Strategy<Value = (Schedule, Vec<Override>, Timestamp)> {
    instant().prop_flat_map(|from| (schedule_near(from), overrides(from), Just(from)))
}

/// A rotation of numbered slots alone in its schedule.
fn alone(zone: &str, rotation: Rotation) -> Schedule {
    let layer = Layer {
        name: "alone".to_owned(),
        priority: 0,
        zone: None,
        rotation,
        from: None,
        until: None,
        active: Vec::new(),
        shadow: false,
        holidays: None,
        calendar: None,
    };
    Schedule {
        id: "s".into(),
        name: "Alone".to_owned(),
        zone: zone.to_owned(),
        requires: Vec::new(),
        layers: vec![layer],
        versions: Vec::new(),
        calendars: BTreeMap::new(),
        notices: None,
    }
}

fn numbered_slots(count: usize) -> Vec<Slot> {
    (0..count).map(|number| Slot::person(format!("p{number}").as_str())).collect()
}

/// The handoffs from the rotation's start on, counted one by one: each added to the start on the calendar,
/// each turned into an instant, those that fall together taken as one.
fn counted_one_by_one(zone: &str, rotation: &Rotation, until: Timestamp) -> Vec<Timestamp> {
    let start: DateTime = rotation.start.unwrap();
    let mut handoffs: Vec<Timestamp> = Vec::new();
    for number in 0.. {
        let times = number * i64::from(rotation.every);
        let span = match rotation.unit {
            Unit::Hourly => Span::new().hours(times),
            Unit::Daily => Span::new().days(times),
            Unit::Weekly => Span::new().weeks(times),
            Unit::Monthly => Span::new().months(times),
            Unit::Custom => Span::new().seconds(times * rotation.turn.unwrap().as_secs_i64()),
        };
        let handoff = first_instant(zone, start.checked_add(span).unwrap()).unwrap();
        if handoffs.last() != Some(&handoff) {
            handoffs.push(handoff);
        }
        if handoff > until {
            break;
        }
    }
    handoffs
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn the_timeline_has_no_gap_and_no_overlap((schedule, overrides, from) in asked(), hours in 1..1_500_i64) {
        let to = after(from, hours);
        check_timeline(&shifts(&schedule, &overrides, from, to), from, to)?;
    }

    #[test]
    fn who_is_on_call_is_the_shift_that_holds((schedule, overrides, from) in asked(), minutes in prop::collection::vec(0..43_200_i64, 20)) {
        let to = after(from, 720);
        let timeline = shifts(&schedule, &overrides, from, to);
        let borders = timeline.iter().flat_map(|shift| [shift.start, shift.end - SignedDuration::from_nanos(1)]);
        let instants = minutes.iter().map(|minute| from + SignedDuration::from_mins(*minute)).chain(borders.take(40));
        for at in instants {
            let shift = shift_at(&timeline, at);
            let answer = on_call(&schedule, &overrides, at);
            prop_assert_eq!(&answer.people, &shift.people, "at {}", at);
            prop_assert_eq!(&answer.nobody, &shift.nobody, "at {}", at);
        }
    }

    #[test]
    fn the_answer_holds_until_it_says((schedule, overrides, at) in asked()) {
        let now = on_call(&schedule, &overrides, at);
        if let Some(until) = now.until {
            prop_assert!(until > at);
            let then = on_call(&schedule, &overrides, until);
            prop_assert!(then.people != now.people || then.nobody != now.nobody);
            for shift in shifts(&schedule, &overrides, at, until) {
                prop_assert_eq!(&shift.people, &now.people);
                prop_assert_eq!(&shift.nobody, &now.nobody);
            }
        }
    }

    #[test]
    fn gaps_are_exactly_when_nobody_is_on_call((schedule, overrides, from) in asked(), minutes in prop::collection::vec(0..20_160_i64, 30)) {
        let gaps = coverage::gaps(&schedule, &overrides, from, after(from, 336));
        for minute in minutes {
            let at = from + SignedDuration::from_mins(minute);
            let in_gap = gaps.iter().any(|gap| gap.start <= at && at < gap.end);
            prop_assert_eq!(in_gap, on_call(&schedule, &overrides, at).people.is_empty());
        }
    }

    #[test]
    fn arithmetic_agrees_with_counting_one_by_one(
        zone in zone(), (unit, turn) in unit(), every in 1..3_u32, start in local(), slots in 1..6_usize, turns_later in 0..3_000_i64,
    ) {
        let rotation = Rotation {
            unit, every, turn, turns: Vec::new(), start: Some(start), advance: Advance::Calendar, month_end: MonthEnd::Clamp,
            participants: numbered_slots(slots),
        };
        let schedule = alone(&zone, rotation);
        let length_s = turn.map_or(3_600, DurationS::as_secs_i64);
        let begin = first_instant(&zone, start).unwrap();
        let at = begin + SignedDuration::from_secs(turns_later * length_s + 17);
        let counted = counted_one_by_one(&zone, &schedule.layers[0].rotation, at);
        let number = counted.iter().filter(|handoff| **handoff <= at).count() - 1;
        let turn = &turns(&schedule, 0, at, 1)[0];
        prop_assert_eq!(turn.start, counted[number]);
        prop_assert_eq!(turn.end, counted[number + 1]);
        prop_assert_eq!(&turn.people, &[PersonId::from(format!("p{}", number % slots).as_str())]);
    }

    #[test]
    fn everybody_gets_a_turn_within_as_many_handoffs_as_there_are_slots(
        zone in zone(), rotation in rotation(), slots in 1..8_usize, at in instant(),
    ) {
        // A fair order moves on from time to time, so that somebody may wait longer once.
        let advance = if rotation.advance == Advance::Fair { Advance::Calendar } else { rotation.advance };
        let schedule = alone(&zone, Rotation { participants: numbered_slots(slots), advance, ..rotation });
        let turns = turns(&schedule, 0, at, slots);
        let people: BTreeSet<_> = turns.iter().flat_map(|turn| &turn.people).collect();
        prop_assert_eq!(people.len(), slots);
        for turn in &turns {
            prop_assert!(turn.start < turn.end);
        }
    }

    #[test]
    fn a_fair_order_gives_everybody_every_hour_of_the_week_equally_often(
        rotation in rotation_of_half_hours(), slots in 1..8_usize, active in prop::collection::vec(window(), 0..3), later in 0..9_i64,
    ) {
        let mut schedule = alone("UTC", Rotation { participants: numbered_slots(slots), ..rotation });
        schedule.layers[0].active = active;
        let rotation = &schedule.layers[0].rotation;
        let from = first_instant("UTC", rotation.start.unwrap()).unwrap() + SignedDuration::from_hours(later * 100);
        // After so many weeks turns and weeks have come round, and that often everybody began them once.
        let lengths_s: i64 = rotation.turns.iter().map(|turn| turn.as_secs_i64()).sum();
        let round = (1..200).find(|weeks| rotation.turns.is_empty() || weeks * 604_800 % lengths_s == 0).unwrap();
        let weeks = round * i64::from(rotation.every) * i64::try_from(slots).unwrap();
        let mut duty: BTreeMap<PersonId, i64> = BTreeMap::new();
        for shift in &layer_shifts(&schedule, from, after(from, weeks * 168))[0].shifts {
            *duty.entry(shift.people[0].clone()).or_default() += shift.end.duration_since(shift.start).as_secs();
        }
        let lengths: BTreeSet<i64> = duty.values().copied().collect();
        prop_assert!(lengths.len() <= 1, "{duty:?}");
        prop_assert!(duty.is_empty() || duty.len() == slots);
    }

    #[test]
    fn turns_before_the_start_count_backwards(zone in zone(), rotation in rotation(), slots in 2..5_usize, back in 1..6_i64) {
        let rotation = Rotation { participants: numbered_slots(slots), ..rotation };
        let schedule = alone(&zone, rotation);
        let start = first_instant(&zone, schedule.layers[0].rotation.start.unwrap()).unwrap();
        let from = start - SignedDuration::from_secs(back * LONGEST_GAP_S);
        let before = turns(&schedule, 0, from, 10_000);
        let at_start = before.iter().position(|turn| turn.end > start).unwrap();
        prop_assert_eq!(&before[at_start].people, &[PersonId::from("p0")]);
    }

    #[test]
    fn any_schedule_at_any_instant_has_an_answer(schedule in broken_schedule(), second in any::<i64>(), hours in 0..10_000_i64) {
        let at = Timestamp::from_second(second % 377_705_116_800).unwrap_or(Timestamp::MIN);
        for at in [at, Timestamp::MIN, Timestamp::MAX, Timestamp::UNIX_EPOCH, Timestamp::from_second(1_800_000_000).unwrap()] {
            let answer = on_call(&schedule, &[], at);
            prop_assert_eq!(answer.people.is_empty(), answer.nobody.is_some());
            prop_assert!(answer.until.is_none_or(|until| until > at));
            let to = after(at, hours.min(200));
            if at < to {
                check_timeline(&shifts(&schedule, &[], at, to), at, to)?;
            }
        }
        schedule.validate();
    }
}

#[test]
fn a_stretch_without_length_has_no_shifts() {
    let schedule = alone("UTC", Rotation { participants: numbered_slots(1), ..weekly() });
    assert_eq!(shifts(&schedule, &[], Timestamp::UNIX_EPOCH, Timestamp::UNIX_EPOCH), []);
    assert_eq!(shifts(&schedule, &[], Timestamp::MAX, Timestamp::MIN), []);
    let ages = shifts(&schedule, &[], Timestamp::MIN, Timestamp::MAX);
    assert_eq!(ages.len(), 1);
    assert_eq!(ages[0].nobody, Some(NobodyReason::OutOfRange));
}

fn weekly() -> Rotation {
    Rotation {
        unit: Unit::Weekly,
        every: 1,
        turn: None,
        turns: Vec::new(),
        start: None,
        advance: Advance::Calendar,
        month_end: MonthEnd::Clamp,
        participants: Vec::new(),
    }
}
