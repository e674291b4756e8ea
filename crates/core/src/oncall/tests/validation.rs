use super::schedule;
use crate::oncall::Schedule;

fn problems(layers: &str) -> Vec<String> {
    schedule(layers).validate().into_iter().map(|p| format!("{}: {}", p.path, p.message)).collect()
}

#[test]
fn a_sound_schedule_has_no_problems() {
    let sound = "
  - name: Duty
    zone: America/Santiago
    rotation: { unit: monthly, month_end: skip, start: 2026-01-31T09:00, participants: [ada, NOBODY] }
    from: 2026-01-31T09:00
    until: 2027-01-31T09:00
    active: [{ days: [sat], start: 22:00, end: 06:00 }]
";
    assert_eq!(problems(sound), Vec::<String>::new());
}

#[test]
fn what_is_wrong_is_named_where_it_is_written() {
    let wrong = "
  - name: Duty
    zone: Mars/Olympus
    rotation: { every: 0, advance: active, month_end: skip, participants: [ada, [], [bo, bo]] }
    from: 2026-02-01T00:00
    until: 2026-01-01T00:00
    active: [{ days: [mon, mon], start: 24:00, end: 06:00 }]
  - name: Duty
    rotation: { unit: custom, turn: 1m, start: 1969-12-31T00:00, participants: [] }
  - name: ''
    rotation: { unit: custom, every: 4000000000, start: 2026-01-01T00:00, participants: [ada] }
  - name: Long
    rotation: { unit: weekly, turn: 1h, every: 4000000000, participants: [ada] }
";
    let expected = [
        "layers[0].zone: `Mars/Olympus` is not an IANA time zone; write for example Europe/Stockholm or UTC",
        "layers[0].rotation.every: every must be at least 1, or the turns have no length",
        "layers[0].rotation.start: a rotation of several slots needs the wall time at which the first one begins",
        "layers[0].rotation.advance: advance: active counts active days, so it needs unit: daily",
        "layers[0].rotation.month_end: month_end has a meaning only with unit: monthly",
        "layers[0].rotation.participants[1]: the slot names nobody; write NOBODY where that is meant",
        "layers[0].rotation.participants[2]: a person is named twice in one slot",
        "layers[0].until: until 2026-01-01T00:00:00 is not later than from 2026-02-01T00:00:00, so the layer never counts",
        "layers[0].active[0].start: a window cannot begin at 24:00; begin the next day at 00:00",
        "layers[0].active[0].days: a day is named twice",
        "layers[1].name: two layers are named `Duty`; give each its own name",
        "layers[1].rotation.turn: a turn has whole minutes and at least 15 of them",
        "layers[1].rotation.start: 1969-12-31T00:00:00 is not a whole second of the years 1970 to 2199",
        "layers[1].rotation.participants: at least one participant is needed",
        "layers[2].name: a name is missing",
        "layers[2].rotation.turn: turn and unit: custom belong together; give both or neither",
        "layers[2].rotation.turn: a turn has whole minutes and at least 15 of them",
        "layers[3].rotation.turn: turn and unit: custom belong together; give both or neither",
        "layers[3].rotation.every: a turn is longer than 100 years",
    ];
    assert_eq!(problems(wrong), expected);
}

#[test]
fn words_that_no_schedule_has_are_refused() {
    let refused = |layers: &str| {
        let yaml = format!("id: l1\nname: First line\nzone: UTC\nlayers:\n{layers}");
        serde_saphyr::from_str::<Schedule>(&yaml).unwrap_err().to_string()
    };
    assert!(refused("  - { name: A, rotation: { people: [ada] } }").contains("people"));
    assert!(
        refused("  - { name: A, rotation: { participants: [[ada, NOBODY]] } }")
            .contains("NOBODY stands alone")
    );
    assert!(
        refused("  - { name: A, rotation: { participants: [ada] }, active: [{ start: 8:00, end: 9:00 }] }")
            .contains("08:30")
    );
    assert!(
        refused("  - { name: A, rotation: { participants: [7] } }").contains("a person, a list of people")
    );
}

#[test]
fn what_is_wrong_in_turns_holidays_and_versions_is_named_too() {
    let wrong = "
  - name: Duty
    holidays: skip
    rotation: { turns: [4d, 1m], unit: daily, every: 2, participants: [ada] }
  - name: Months
    rotation: { unit: monthly, advance: fair, participants: [ada] }
  - name: Halves
    rotation: { turns: [4d, 3d], advance: active, participants: [ada] }
versions:
  - effective_from: 2026-02-01T00:00
    layers: []
  - effective_from: 2026-02-01T00:00
    rollout: after_full_turn
    layers: [{ name: Learning, shadow: true, rotation: { participants: [] } }]
  - effective_from: 1969-12-31T00:00
    layers: [{ name: Same, rotation: { participants: [ada] } }, { name: Same, rotation: { participants: [ada] } }]
";
    let expected = [
        "layers[0].rotation.turns[1]: a turn has whole minutes and at least 15 of them",
        "layers[0].rotation.turns: turns gives the lengths itself; leave unit, every and turn out",
        "layers[0].calendar: holidays and calendar belong together; give both or neither",
        "layers[1].rotation.advance: advance: fair needs turns that come round with the weeks, which months never do",
        "layers[2].rotation.advance: advance: active counts active days, so it needs unit: daily",
        "versions[0].layers: at least one layer is needed",
        "versions[1].effective_from: 2026-02-01T00:00:00 is not later than the version before it; write versions in the order of time",
        "versions[1].layers: all layers are shadows, so nobody is ever on call",
        "versions[1].layers[0].rotation.participants: at least one participant is needed",
        "versions[2].effective_from: 1969-12-31T00:00:00 is not a whole second of the years 1970 to 2199",
        "versions[2].effective_from: 1969-12-31T00:00:00 is not later than the version before it; write versions in the order of time",
        "versions[2].layers[1].name: two layers are named `Same`; give each its own name",
    ];
    assert_eq!(problems(wrong), expected);
}
