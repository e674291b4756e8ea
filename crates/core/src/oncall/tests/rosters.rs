//! Roster versions and when they take over.

use super::{at, names, schedule, who};
use crate::oncall::{Schedule, Shift, cut_overs, layer_shifts, shifts};

/// Three weekly turns from Monday 5 January 2026, 08:00 in Stockholm, and another pair from a wall time on.
fn change(rollout: &str, effective_from: &str) -> Schedule {
    schedule(&format!(
        "
  - name: Weeks
    rotation: {{ start: 2026-01-05T08:00, participants: [ada, bo, cy] }}
versions:
  - effective_from: {effective_from}
    rollout: {rollout}
    layers:
      - name: New weeks
        rotation: {{ start: 2026-01-05T08:00, participants: [di, eve] }}
"
    ))
}

/// The instant at which the only version of a schedule takes over.
fn cut_over(schedule: &Schedule) -> String {
    let found = cut_overs(schedule);
    assert_eq!(found.len(), 1);
    assert!(found[0].holds);
    found[0].at.to_string()
}

fn duties(timeline: &[Shift]) -> Vec<(String, String)> {
    timeline.iter().map(|shift| (shift.start.to_string(), names(&shift.people))).collect()
}

#[test]
fn a_version_takes_over_at_once() {
    let now = change("at_once", "2026-01-14T12:00");
    assert_eq!(cut_over(&now), "2026-01-14T11:00:00Z");
    assert_eq!(who(&now, &[], "2026-01-14T10:59:59Z"), "bo");
    assert_eq!(who(&now, &[], "2026-01-14T11:00:00Z"), "eve");
    assert_eq!(cut_overs(&now)[0].wanted, at("2026-01-14T11:00:00Z"));
}

#[test]
fn a_version_waits_for_the_end_of_the_shift() {
    let then = change("after_this_shift", "2026-01-14T12:00");
    assert_eq!(cut_over(&then), "2026-01-19T07:00:00Z");
    // Bo keeps the week that was begun, and the new roster goes on from its third week.
    let timeline = shifts(&then, &[], at("2026-01-12T07:00:00Z"), at("2026-01-27T00:00:00Z"));
    let expected =
        [("2026-01-12T07:00:00Z", "bo"), ("2026-01-19T07:00:00Z", "di"), ("2026-01-26T07:00:00Z", "eve")];
    assert_eq!(duties(&timeline), expected.map(|(start, who)| (start.to_owned(), who.to_owned())));
}

#[test]
fn a_shift_that_begins_just_then_is_the_one_that_runs() {
    assert_eq!(cut_over(&change("after_this_shift", "2026-01-12T08:00")), "2026-01-19T07:00:00Z");
}

#[test]
fn a_version_waits_until_everybody_had_their_turn() {
    let then = change("after_full_turn", "2026-01-14T12:00");
    assert_eq!(cut_over(&then), "2026-01-26T07:00:00Z");
    assert_eq!(who(&then, &[], "2026-01-26T06:59:00Z"), "cy");
    assert_eq!(who(&then, &[], "2026-01-26T07:00:00Z"), "eve");
    // The turn has just come round: there is nothing to wait for.
    assert_eq!(cut_over(&change("after_full_turn", "2026-01-26T08:00")), "2026-01-26T07:00:00Z");
    assert_eq!(cut_over(&change("after_full_turn", "2026-01-26T08:01")), "2026-02-16T07:00:00Z");
}

#[test]
fn the_full_turn_is_that_of_the_rotation_on_duty_and_else_of_the_highest_that_turns() {
    let both = |effective_from: &str| {
        let both = schedule(&format!(
            "
  - name: Days
    priority: 1
    rotation: {{ unit: daily, start: 2026-01-05T08:00, participants: [ada, bo] }}
    active: [{{ start: 08:00, end: 18:00 }}]
  - name: Nights
    rotation: {{ start: 2026-01-05T08:00, participants: [cy, di, eve] }}
versions:
  - effective_from: {effective_from}
    rollout: after_full_turn
    layers: [{{ name: New, rotation: {{ participants: [fay] }} }}]
"
        ));
        cut_over(&both)
    };
    assert_eq!(both("2026-01-06T12:00"), "2026-01-07T07:00:00Z");
    assert_eq!(both("2026-01-06T20:00"), "2026-01-26T07:00:00Z");
}

#[test]
fn a_gap_has_no_shift_to_wait_for_and_a_rotation_turns_on_in_it() {
    let office = |rollout: &str| {
        schedule(&format!(
            "
  - name: Office hours
    rotation: {{ start: 2026-01-05T08:00, participants: [ada, bo, cy] }}
    active: [{{ days: [mon, tue, wed, thu, fri], start: 08:00, end: 18:00 }}]
versions:
  - effective_from: 2026-01-18T00:00
    rollout: {rollout}
    layers: [{{ name: New, rotation: {{ participants: [fay] }} }}]
"
        ))
    };
    assert_eq!(cut_over(&office("after_this_shift")), "2026-01-17T23:00:00Z");
    assert_eq!(cut_over(&office("after_full_turn")), "2026-01-26T07:00:00Z");
}

#[test]
fn somebody_who_is_always_on_call_is_not_waited_for() {
    for rollout in ["after_this_shift", "after_full_turn"] {
        let alone = schedule(&format!(
            "
  - name: Alone
    rotation: {{ participants: [ada] }}
versions:
  - effective_from: 2026-01-14T12:00
    rollout: {rollout}
    layers: [{{ name: New, rotation: {{ participants: [bo] }} }}]
"
        ));
        assert_eq!(cut_over(&alone), "2026-01-14T11:00:00Z", "{rollout}");
    }
}

#[test]
fn a_version_that_waits_too_long_never_holds() {
    let two = schedule(
        "
  - name: Weeks
    rotation: { start: 2026-01-05T08:00, participants: [ada, bo, cy] }
versions:
  - effective_from: 2026-01-06T00:00
    rollout: after_full_turn
    layers: [{ name: Second, rotation: { participants: [di] } }]
  - effective_from: 2026-01-20T00:00
    layers: [{ name: Third, rotation: { participants: [eve] } }]
",
    );
    let found: Vec<_> = cut_overs(&two).iter().map(|over| (over.at.to_string(), over.holds)).collect();
    assert_eq!(
        found,
        [("2026-01-26T07:00:00Z".to_owned(), false), ("2026-01-19T23:00:00Z".to_owned(), true)]
    );
    assert_eq!(who(&two, &[], "2026-01-27T00:00:00Z"), "eve");
    let drawn = layer_shifts(&two, at("2026-01-12T07:00:00Z"), at("2026-02-02T00:00:00Z"));
    let drawn: Vec<_> = drawn.iter().map(|layer| (layer.layer.as_str(), layer.shifts.len())).collect();
    assert_eq!(drawn, [("Weeks", 2), ("Third", 3)]);
}

#[test]
fn versions_follow_each_other_in_order() {
    let three = schedule(
        "
  - name: First
    rotation: { participants: [ada] }
versions:
  - effective_from: 2026-02-01T00:00
    layers: [{ name: Second, rotation: { start: 2026-02-01T00:00, unit: daily, participants: [bo, cy] } }]
  - effective_from: 2026-02-04T12:00
    rollout: after_full_turn
    layers: [{ name: Third, rotation: { participants: [di] } }]
",
    );
    let timeline = shifts(&three, &[], at("2026-01-31T00:00:00Z"), at("2026-02-06T00:00:00Z"));
    let who: Vec<_> = timeline.iter().map(|shift| names(&shift.people)).collect();
    assert_eq!(who, ["ada", "bo", "cy", "bo", "cy", "di"]);
    assert_eq!(timeline.last().unwrap().start, at("2026-02-04T23:00:00Z"));
}
