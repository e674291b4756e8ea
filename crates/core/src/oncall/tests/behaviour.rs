use super::{at, names, schedule, who};
use crate::oncall::{Slot, active_spans, coverage, layer_shifts, on_call, shifts, turns};

/// Weekdays belong to one person, nights and weekends rotate over three.
const DUTY: &str = "
  - name: Days
    priority: 10
    rotation: { participants: [mira] }
    active:
      - { days: [mon, tue, wed, thu, fri], start: 08:00, end: 18:00 }
  - name: Nights and weekends
    rotation:
      unit: weekly
      start: 2026-01-05T08:00
      participants: [ada, [bo, cy], NOBODY]
";

#[test]
fn the_higher_priority_wins_while_it_is_active() {
    let duty = schedule(DUTY);
    assert_eq!(who(&duty, &[], "2026-01-05T09:00:00Z"), "mira");
    assert_eq!(who(&duty, &[], "2026-01-05T17:00:00Z"), "ada");
    assert_eq!(who(&duty, &[], "2026-01-13T22:00:00Z"), "bo cy");
}

#[test]
fn a_shift_holds_from_its_first_instant_to_just_before_its_last() {
    let duty = schedule(DUTY);
    assert_eq!(who(&duty, &[], "2026-01-12T06:59:59.999999Z"), "ada");
    assert_eq!(who(&duty, &[], "2026-01-12T07:00:00Z"), "mira");
    assert_eq!(who(&duty, &[], "2026-01-12T17:00:00Z"), "bo cy");
}

#[test]
fn a_nobody_slot_lets_lower_layers_through_and_is_a_reason_where_there_are_none() {
    let duty = schedule(DUTY);
    assert_eq!(who(&duty, &[], "2026-01-20T09:00:00Z"), "mira");
    let reason = r#"nobody: layer "Nights and weekends" has a NOBODY slot there"#;
    assert_eq!(who(&duty, &[], "2026-01-20T20:00:00Z"), reason);
}

#[test]
fn layers_of_one_priority_are_on_call_together_and_nobody_twice() {
    let both = schedule(
        "
  - name: Primary
    rotation: { participants: [ada] }
  - name: Shadow
    rotation: { participants: [[bo, ada]] }
",
    );
    let answer = on_call(&both, &[], at("2026-03-01T00:00:00Z"));
    assert_eq!(names(&answer.people), "ada bo");
    assert_eq!(answer.until, None);
    let timeline = shifts(&both, &[], at("2026-03-01T00:00:00Z"), at("2026-03-02T00:00:00Z"));
    assert_eq!(timeline.len(), 1);
    assert_eq!(timeline[0].layer, "Primary + Shadow");
}

#[test]
fn the_answer_says_until_when_it_holds() {
    let duty = schedule(DUTY);
    let until = |instant| on_call(&duty, &[], at(instant)).until;
    assert_eq!(until("2026-01-05T09:00:00Z"), Some(at("2026-01-05T17:00:00Z")));
    assert_eq!(until("2026-01-10T12:00:00Z"), Some(at("2026-01-12T07:00:00Z")));
}

#[test]
fn teams_follow_the_sun_each_in_its_own_zone() {
    let sun = schedule(
        "
  - name: Stockholm
    rotation: { participants: [ada] }
    active: [{ start: 08:00, end: 20:00 }]
  - name: Sydney
    zone: Australia/Sydney
    rotation: { participants: [bo] }
    active: [{ start: 06:00, end: 18:00 }]
",
    );
    // Winter in Sweden is summer in Sydney (UTC+11): 07:00 UTC is 18:00 there and 08:00 here.
    assert_eq!(who(&sun, &[], "2026-01-05T06:59:59Z"), "bo");
    assert_eq!(who(&sun, &[], "2026-01-05T07:00:00Z"), "ada");
    // In July Sydney (UTC+10) ends at 08:00 UTC, two hours after Stockholm has begun.
    assert_eq!(who(&sun, &[], "2026-07-06T07:00:00Z"), "ada bo");
}

#[test]
fn a_roster_takes_effect_and_ends_at_a_wall_time() {
    let change = schedule(
        "
  - name: Old
    until: 2026-02-01T09:00
    rotation: { participants: [ada] }
  - name: New
    from: 2026-02-01T09:00
    until: 2026-03-01T09:00
    rotation: { participants: [bo] }
",
    );
    assert_eq!(who(&change, &[], "2026-02-01T07:59:59Z"), "ada");
    assert_eq!(who(&change, &[], "2026-02-01T08:00:00Z"), "bo");
    assert_eq!(who(&change, &[], "2026-03-01T08:00:00Z"), "nobody: no layer is active at that time");
}

#[test]
fn a_window_may_last_over_the_weekend() {
    let weekend = schedule(
        "
  - name: Weekend
    rotation: { participants: [ada] }
    active: [{ days: [fri], start: 17:00, end: 09:00, end_day: mon }]
",
    );
    let spans = active_spans(&weekend, 0, at("2026-01-11T00:00:00Z"), at("2026-01-17T00:00:00Z"));
    assert_eq!(
        spans,
        [
            (at("2026-01-09T16:00:00Z"), at("2026-01-12T08:00:00Z")),
            (at("2026-01-16T16:00:00Z"), at("2026-01-19T08:00:00Z")),
        ]
    );
}

#[test]
fn windows_that_meet_are_one_span() {
    let days = schedule(
        "
  - name: Monday and Tuesday
    rotation: { participants: [ada] }
    active: [{ days: [mon, tue], start: 08:00, end: 08:00 }]
",
    );
    let spans = active_spans(&days, 0, at("2026-01-01T00:00:00Z"), at("2026-01-09T00:00:00Z"));
    assert_eq!(spans, [(at("2026-01-05T07:00:00Z"), at("2026-01-07T07:00:00Z"))]);
    assert_eq!(who(&days, &[], "2026-01-07T06:59:00Z"), "ada");
}

#[test]
fn a_rotation_by_active_days_keeps_its_turn_over_the_weekend() {
    let weekdays = schedule(
        "
  - name: Weekdays
    rotation:
      unit: daily
      advance: active
      start: 2026-01-08T08:00
      participants: [ada, bo, cy]
    active: [{ days: [mon, tue, wed, thu, fri], start: 08:00, end: 18:00 }]
",
    );
    for (day, person) in [("08", "ada"), ("09", "bo"), ("12", "cy"), ("13", "ada")] {
        assert_eq!(who(&weekdays, &[], &format!("2026-01-{day}T12:00:00Z")), person);
    }
    // The turn that begins on Friday ends on Monday.
    let friday = &turns(&weekdays, 0, at("2026-01-09T12:00:00Z"), 1)[0];
    assert_eq!((friday.start, friday.end), (at("2026-01-09T07:00:00Z"), at("2026-01-12T07:00:00Z")));
}

#[test]
fn a_custom_rotation_hands_over_on_the_wall_clock() {
    let halves = schedule(
        "
  - name: Halves
    rotation: { unit: custom, turn: 12h, start: 2026-03-28T08:00, participants: [ada, bo] }
",
    );
    let ends: Vec<String> =
        turns(&halves, 0, at("2026-03-28T07:00:00Z"), 4).iter().map(|turn| turn.end.to_string()).collect();
    // The night to 29 March is an hour shorter.
    assert_eq!(
        ends,
        ["2026-03-28T19:00:00Z", "2026-03-29T06:00:00Z", "2026-03-29T18:00:00Z", "2026-03-30T06:00:00Z"]
    );
}

#[test]
fn each_layer_can_be_drawn_by_itself() {
    let duty = schedule(DUTY);
    let drawn = layer_shifts(&duty, at("2026-01-09T00:00:00Z"), at("2026-01-13T00:00:00Z"));
    assert_eq!(drawn[0].layer, "Days");
    let days: Vec<_> = drawn[0].shifts.iter().map(|s| (s.start, s.end)).collect();
    assert_eq!(
        days,
        [
            (at("2026-01-09T07:00:00Z"), at("2026-01-09T17:00:00Z")),
            (at("2026-01-12T07:00:00Z"), at("2026-01-12T17:00:00Z")),
        ]
    );
    let nights: Vec<_> = drawn[1].shifts.iter().map(|s| names(&s.people)).collect();
    assert_eq!(nights, ["ada", "bo cy"]);
}

#[test]
fn gaps_are_exact_and_carry_their_reason() {
    let duty = schedule(DUTY);
    let gaps = coverage::gaps(&duty, &[], at("2026-01-19T00:00:00Z"), at("2026-01-21T00:00:00Z"));
    let edges: Vec<_> = gaps.iter().map(|gap| (gap.start, gap.end)).collect();
    assert_eq!(
        edges,
        [
            (at("2026-01-19T17:00:00Z"), at("2026-01-20T07:00:00Z")),
            (at("2026-01-20T17:00:00Z"), at("2026-01-21T00:00:00Z")),
        ]
    );
    assert!(gaps[0].reason.to_string().contains("NOBODY slot"));
}

#[test]
fn a_schedule_that_cannot_be_read_says_so_and_others_fill_in() {
    let mut duty = schedule(DUTY);
    duty.layers[0].zone = Some("Europe/Atlantis".to_owned());
    assert_eq!(who(&duty, &[], "2026-01-05T09:00:00Z"), "ada");
    let message = who(&duty, &[], "2026-01-20T09:00:00Z");
    assert!(message.contains("NOBODY slot"), "{message}");
    duty.layers.truncate(1);
    let message = who(&duty, &[], "2026-01-20T09:00:00Z");
    assert!(message.contains("`Europe/Atlantis` is not an IANA time zone"), "{message}");
    duty.layers.clear();
    assert_eq!(who(&duty, &[], "2026-01-20T09:00:00Z"), "nobody: the schedule has no layers");
}

#[test]
fn instants_outside_of_the_years_that_count_are_answered_too() {
    let duty = schedule(DUTY);
    let answer = on_call(&duty, &[], at("1969-12-31T23:59:59Z"));
    assert_eq!(answer.until, Some(at("1970-01-01T00:00:00Z")));
    assert_eq!(
        who(&duty, &[], "2200-01-01T00:00:00Z"),
        "nobody: schedules answer for the years 1970 to 2199"
    );
    let timeline = shifts(&duty, &[], at("2199-12-31T00:00:00Z"), at("2200-01-02T00:00:00Z"));
    assert_eq!(timeline.last().unwrap().start, at("2200-01-01T00:00:00Z"));
    assert_eq!(timeline.last().unwrap().end, at("2200-01-02T00:00:00Z"));
}

#[test]
fn slots_are_written_as_they_are_read() {
    let duty = schedule(DUTY);
    assert_eq!(duty.layers[1].rotation.participants[2], Slot::Nobody);
    let written = serde_json::to_string(&duty).unwrap();
    assert!(written.contains(r#""participants":["ada",["bo","cy"],"NOBODY"]"#), "{written}");
    assert_eq!(serde_json::from_str::<crate::oncall::Schedule>(&written).unwrap(), duty);
}
