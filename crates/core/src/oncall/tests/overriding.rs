use super::{at, schedule, who};
use crate::oncall::{Change, Override, Schedule, on_call, shifts};

const DAY: &str = "2026-01-05";

fn duty() -> Schedule {
    schedule(
        "
  - name: Duty
    rotation: { participants: [[ada, bo]] }
",
    )
}

/// An override between two hours of one day.
fn over(id: &str, hours: (u8, u8), change: Change) -> Override {
    let hour = |hour: u8| at(&format!("{DAY}T{hour:02}:00:00Z"));
    Override {
        id: id.into(),
        schedule: "l1".into(),
        start: hour(hours.0),
        end: hour(hours.1),
        change,
        priority: 0,
        author: "mira".into(),
        reason: "a day off".to_owned(),
    }
}

fn add(person: &str) -> Change {
    Change::Add { person: person.into() }
}

fn remove(person: &str) -> Change {
    Change::Remove { person: person.into() }
}

fn replace(person: &str, by: &str) -> Change {
    Change::Replace { person: person.into(), by: by.into() }
}

fn fixed(people: &[&str]) -> Change {
    Change::Fixed { people: people.iter().map(|person| (*person).into()).collect() }
}

fn at_noon(overrides: &[Override]) -> String {
    who(&duty(), overrides, &format!("{DAY}T12:00:00Z"))
}

#[test]
fn people_are_added_removed_and_replaced() {
    assert_eq!(at_noon(&[over("o1", (10, 14), add("cy"))]), "ada bo cy");
    assert_eq!(at_noon(&[over("o1", (10, 14), remove("ada"))]), "bo");
    assert_eq!(at_noon(&[over("o1", (10, 14), replace("ada", "cy"))]), "cy bo");
    assert_eq!(at_noon(&[over("o1", (10, 14), fixed(&["cy"]))]), "cy");
}

#[test]
fn an_override_holds_only_between_its_instants_and_for_its_schedule() {
    assert_eq!(at_noon(&[over("o1", (10, 12), add("cy"))]), "ada bo");
    assert_eq!(at_noon(&[over("o1", (12, 13), add("cy"))]), "ada bo cy");
    assert_eq!(at_noon(&[over("o1", (14, 10), add("cy"))]), "ada bo");
    let elsewhere = Override { schedule: "l2".into(), ..over("o1", (10, 14), add("cy")) };
    assert_eq!(at_noon(&[elsewhere]), "ada bo");
}

#[test]
fn changes_of_one_priority_apply_in_their_order() {
    let chain = [over("o1", (10, 14), replace("ada", "cy")), over("o2", (10, 14), replace("cy", "di"))];
    assert_eq!(at_noon(&chain), "di bo");
    // Replaced by somebody who is there already: once is enough.
    assert_eq!(at_noon(&[over("o1", (10, 14), replace("ada", "bo"))]), "bo");
}

#[test]
fn fixed_sets_of_one_priority_add_up_and_a_higher_one_replaces_them() {
    let mut overrides = vec![over("o1", (10, 14), fixed(&[])), over("o2", (12, 13), fixed(&["cy"]))];
    assert_eq!(who(&duty(), &overrides, &format!("{DAY}T11:00:00Z")), "nobody: override o1 leaves nobody");
    assert_eq!(at_noon(&overrides), "cy");
    overrides.push(Override { priority: 1, ..over("o3", (10, 14), fixed(&["di"])) });
    assert_eq!(at_noon(&overrides), "di");
    overrides.push(Override { priority: 2, ..over("o4", (10, 14), add("eve")) });
    assert_eq!(at_noon(&overrides), "di eve");
}

#[test]
fn whoever_removes_the_last_person_is_the_reason() {
    let all_away = [over("o1", (10, 14), remove("ada")), over("o2", (10, 14), remove("bo"))];
    assert_eq!(at_noon(&all_away), "nobody: override o2 leaves nobody");
    let until = on_call(&duty(), &all_away, at(&format!("{DAY}T12:00:00Z"))).until;
    assert_eq!(until, Some(at(&format!("{DAY}T14:00:00Z"))));
}

#[test]
fn the_timeline_shows_which_overrides_changed_it_and_only_those() {
    let overrides = [over("o1", (10, 14), replace("ada", "cy")), over("o2", (8, 20), remove("zoe"))];
    let timeline =
        shifts(&duty(), &overrides, at(&format!("{DAY}T00:00:00Z")), at(&format!("{DAY}T23:00:00Z")));
    let overridden: Vec<bool> = timeline.iter().map(|shift| shift.overridden).collect();
    assert_eq!(overridden, [false, true, false]);
    assert_eq!(timeline[1].overrides, ["o1".into()]);
    assert_eq!(timeline[1].layer, "Duty");
}

#[test]
fn an_override_reads_as_it_is_written() {
    let written = r#"{"id":"ovr_1","schedule":"l1","start":"2026-01-05T10:00:00Z","end":"2026-01-05T14:00:00Z","change":{"kind":"replace","person":"ada","by":"cy"},"priority":0,"author":"mira","reason":"a day off"}"#;
    let read: Override = serde_json::from_str(written).unwrap();
    assert_eq!(read, over("ovr_1", (10, 14), replace("ada", "cy")));
    assert_eq!(serde_json::to_string(&read).unwrap(), written);
    let unknown = written.replace("\"by\"", "\"with\"");
    assert!(serde_json::from_str::<Override>(&unknown).is_err());
}
