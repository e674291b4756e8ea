use super::{at, names, schedule, who};
use crate::oncall::{Schedule, Swap, SwapShift, swap_shifts};

/// Weekly turns of ada and bo from Monday 5 January 2026, 08:00 in Stockholm.
fn duty() -> Schedule {
    schedule(
        "
  - name: Duty
    rotation: { start: 2026-01-05T08:00, participants: [ada, bo] }
",
    )
}

fn swap(start: &str, end: &str, taken_by: Option<&str>) -> Swap {
    Swap {
        id: "swp_1".into(),
        schedule: "l1".into(),
        person: "ada".into(),
        start: at(start),
        end: at(end),
        taken_by: taken_by.map(Into::into),
        author: "mira".into(),
        reason: "ill".to_owned(),
    }
}

fn drawn(timeline: &[SwapShift]) -> Vec<(String, String, bool)> {
    let stretch = |piece: &SwapShift| {
        (piece.shift.start.to_string(), names(&piece.shift.people), !piece.in_swap.is_empty())
    };
    timeline.iter().map(stretch).collect()
}

fn week(swaps: &[Swap]) -> Vec<(String, String, bool)> {
    drawn(&swap_shifts(&duty(), &[], swaps, at("2026-01-05T07:00:00Z"), at("2026-01-19T07:00:00Z")))
}

fn piece(start: &str, people: &str, in_swap: bool) -> (String, String, bool) {
    (start.to_owned(), people.to_owned(), in_swap)
}

#[test]
fn an_open_swap_is_shown_and_changes_nobody() {
    let open = swap("2026-01-10T00:00:00Z", "2026-01-14T00:00:00Z", None);
    assert_eq!(open.to_override(), None);
    let expected = [
        piece("2026-01-05T07:00:00Z", "ada", false),
        piece("2026-01-10T00:00:00Z", "ada", true),
        // Bo's turn is not in the swap, though the swap lasts into it.
        piece("2026-01-12T07:00:00Z", "bo", false),
    ];
    assert_eq!(week(&[open]), expected);
}

#[test]
fn a_taken_swap_replaces_its_person_and_nobody_else() {
    let taken = swap("2026-01-10T00:00:00Z", "2026-01-14T00:00:00Z", Some("cy"));
    let expected = [
        piece("2026-01-05T07:00:00Z", "ada", false),
        piece("2026-01-10T00:00:00Z", "cy", true),
        piece("2026-01-12T07:00:00Z", "bo", false),
    ];
    assert_eq!(week(std::slice::from_ref(&taken)), expected);
    let entered = [taken.to_override().unwrap()];
    assert_eq!(who(&duty(), &entered, "2026-01-11T12:00:00Z"), "cy");
}

#[test]
fn a_swap_survives_an_edit_of_its_schedule() {
    let mut edited = duty();
    edited.layers[0].rotation.participants.reverse();
    let entered = [swap("2026-01-10T00:00:00Z", "2026-01-14T00:00:00Z", Some("cy")).to_override().unwrap()];
    assert_eq!(who(&edited, &entered, "2026-01-11T12:00:00Z"), "bo");
    assert_eq!(who(&edited, &entered, "2026-01-13T12:00:00Z"), "cy");
}

#[test]
fn swaps_of_other_schedules_and_without_length_cut_nothing() {
    let other = Swap { schedule: "l2".into(), ..swap("2026-01-06T00:00:00Z", "2026-01-07T00:00:00Z", None) };
    let empty = swap("2026-01-08T00:00:00Z", "2026-01-08T00:00:00Z", None);
    let expected = [piece("2026-01-05T07:00:00Z", "ada", false), piece("2026-01-12T07:00:00Z", "bo", false)];
    assert_eq!(week(&[other, empty]), expected);
}
