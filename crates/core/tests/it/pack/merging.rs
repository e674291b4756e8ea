//! A folder and a server that both changed.

use decurion_core::pack::{Files, ObjectKey, check, diff, merge};
use proptest::prelude::*;

use super::{autumn, edit, shipped};

fn changed(edits: &[(&str, &str, &str)]) -> Files {
    let mut files = shipped("ten");
    for (file, from, to) in edits {
        edit(&mut files, file, from, to);
    }
    files
}

fn words(before: &Files, after: &Files) -> Vec<String> {
    let config = |files: &Files| check(files, autumn()).config.expect("it compiles");
    diff(&config(before), &config(after)).iter().map(ToString::to_string).collect()
}

const LEILA: (&str, &str, &str) = ("organisation.yaml", "title: SOC Engineer", "title: Engineer");
const INGRID: (&str, &str, &str) = ("organisation.yaml", "name: Ingrid Solberg", "name: Ingrid Berg");
const GUARDDUTY: (&str, &str, &str) = ("integrations.yaml", "name: AWS GuardDuty", "name: GuardDuty");

#[test]
fn what_only_they_changed_is_taken() {
    let base = shipped("ten");
    let (mine, theirs) = (changed(&[LEILA]), changed(&[INGRID, GUARDDUTY]));
    let merged = merge(&base, &mine, &theirs);
    assert_eq!(merged.conflicts, []);
    assert_eq!(merged.files, changed(&[LEILA, INGRID, GUARDDUTY]));
}

#[test]
fn the_same_change_on_both_sides_is_no_conflict() {
    let merged = merge(&shipped("ten"), &changed(&[LEILA]), &changed(&[LEILA]));
    assert_eq!((merged.files, merged.conflicts.len()), (changed(&[LEILA]), 0));
}

#[test]
fn two_changes_of_one_object_are_a_conflict_and_mine_stands() {
    let other = ("organisation.yaml", "title: SOC Engineer", "title: Watch");
    let merged = merge(&shipped("ten"), &changed(&[LEILA]), &changed(&[other, INGRID]));
    assert_eq!(merged.files, changed(&[LEILA, INGRID]));
    let [conflict] = &merged.conflicts[..] else { panic!("{:?}", merged.conflicts) };
    assert_eq!(conflict.object, Some(ObjectKey::new("person", "leila")));
    assert!(conflict.mine.as_ref().unwrap().contains("title: Engineer"));
    assert!(conflict.theirs.as_ref().unwrap().contains("title: Watch"));
}

#[test]
fn an_integration_made_in_the_console_survives_an_edit_of_the_folder() {
    let base = shipped("ten");
    let mut theirs = base.clone();
    let made = "kind: integrations\nintegrations:\n  - {id: int_1, name: Shop, kind: pagerduty}\n";
    theirs.insert("console/integrations.yaml".to_owned(), made.to_owned());
    let merged = merge(&base, &changed(&[LEILA]), &theirs);
    assert_eq!(merged.conflicts, []);
    assert_eq!(words(&theirs, &merged.files).len(), 1);
    assert_eq!(merged.files["console/integrations.yaml"], made);
}

#[test]
fn something_added_and_something_removed_in_one_file_are_both_done() {
    let base = shipped("ten");
    let mut mine = base.clone();
    mine.get_mut("integrations.yaml").unwrap().push_str("\n  - {id: mine, name: Mine, kind: pagerduty}\n");
    let theirs = decurion_core::pack::remove(&base, &ObjectKey::new("integration", "pagerduty")).unwrap();
    let merged = merge(&base, &mine, &theirs);
    assert_eq!(merged.conflicts, []);
    let said = words(&base, &merged.files);
    assert!(said.iter().any(|line| line.starts_with("integration mine added")), "{said:?}");
    assert!(said.contains(&"integration pagerduty removed".to_owned()), "{said:?}");
}

#[test]
fn a_file_that_one_side_removed_and_the_other_changed_is_a_conflict() {
    let base = shipped("ten");
    let mut mine = base.clone();
    mine.remove("integrations.yaml");
    let merged = merge(&base, &mine, &changed(&[GUARDDUTY]));
    assert_eq!(merged.files, mine);
    assert_eq!((merged.conflicts.len(), merged.conflicts[0].object.is_none()), (1, true));
}

const EDITS: [(&str, &str, &str); 8] = [
    LEILA,
    INGRID,
    GUARDDUTY,
    ("organisation.yaml", "# ", "# Note: "),
    ("integrations.yaml", "# Where alerts come from.", "# Sources."),
    ("integrations.yaml", "name: Prometheus", "name: Metrics"),
    ("roles.yaml", "holders: [eszter]", "holders: [soren]"),
    ("schedules/l1.yaml", "name: L1, first to answer", "name: First"),
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Changes of different things meet whole, whoever made which.
    #[test]
    fn changes_of_different_things_all_arrive(side in prop::collection::vec(0_u8..3, EDITS.len())) {
        let of = |who: u8| -> Vec<_> {
            EDITS.iter().zip(&side).filter(|(_, own)| **own == who).map(|(edit, _)| *edit).collect()
        };
        let both: Vec<_> = EDITS.iter().zip(&side).filter(|(_, own)| **own != 0).map(|(edit, _)| *edit).collect();
        let merged = merge(&shipped("ten"), &changed(&of(1)), &changed(&of(2)));
        prop_assert_eq!(merged.conflicts, []);
        prop_assert_eq!(merged.files, changed(&both));
    }
}
