//! What applying a changed pack would do, in words.

use decurion_core::config::Config;
use decurion_core::pack::{self, Files, diff};

use super::{autumn, edit, shipped};

fn config(files: &Files) -> Config {
    let report = pack::check(files, autumn());
    let errors: Vec<String> = report.errors().map(ToString::to_string).collect();
    report.config.unwrap_or_else(|| panic!("{errors:#?}"))
}

fn changes(edits: &[(&str, &str, &str)]) -> Vec<String> {
    let old = shipped("ten");
    let mut new = old.clone();
    for (file, from, to) in edits {
        edit(&mut new, file, from, to);
    }
    diff(&config(&old), &config(&new)).iter().map(ToString::to_string).collect()
}

#[test]
fn a_pack_does_not_differ_from_itself() {
    assert_eq!(changes(&[]), [""; 0]);
    assert_eq!(changes(&[("roles.yaml", "kind: roles", "# a comment\nkind: roles")]), [""; 0]);
}

#[test]
fn a_changed_value_is_said_with_its_place_in_words() {
    let file = "escalation/escalation.yaml";
    let first_step = "- page: [{schedule: l1}]\n        timeout: 5m";
    assert_eq!(
        changes(&[(file, first_step, "- page: [{schedule: l1}, {role: soc}]\n        timeout: 10m")]),
        [
            "escalation L1 step 1 page on call for l1 -> on call for l1, role soc",
            "escalation L1 step 1 timeout 5m -> 10m",
        ]
    );
    assert_eq!(
        changes(&[
            (file, "{sev1: 2h, sev2: 8h}", "{sev1: 1h, sev2: 8h}"),
            (file, "answer: told", "answer: any")
        ]),
        [
            "escalation L2 time_box sev1 2h, sev2 8h until contained -> sev1 1h, sev2 8h until contained",
            "escalation executive answer told -> any",
        ]
    );
}

#[test]
fn what_comes_and_goes_is_said_as_a_whole() {
    let mailbox = "email: leila@ten.example\n    title: SOC Engineer\n    team: Security Operations\n    contacts:\n      - {id: mailbox, channel: mailbox}";
    let with_push = format!("{mailbox}\n      - {{id: push, channel: ntfy, address: leila-pages}}");
    assert_eq!(
        changes(&[("organisation.yaml", mailbox, &with_push)]),
        ["person leila contact push added: channel ntfy, address leila-pages, enabled yes"]
    );
    assert_eq!(
        changes(&[
            ("escalation/escalation.yaml", "      - facts.duty_to_report\n", ""),
            ("escalation/escalation.yaml", "  duty_to_report: false\n", ""),
        ]),
        ["escalation fact duty_to_report removed", "escalation L3 guard `facts.duty_to_report` removed"]
    );
}

#[test]
fn the_order_of_rules_and_turns_counts() {
    let changes = changes(&[
        ("schedules/l1.yaml", "[yuki, anneli, soren,", "[anneli, yuki, soren,"),
        ("routing.yaml", "name: guardduty\n", "name: guardduty-other\n"),
    ]);
    assert_eq!(
        changes[0],
        "schedule l1 layer \"weekday nights\" participants yuki, anneli, soren, mateus, zanele, arjun, eszter \
         -> anneli, yuki, soren, mateus, zanele, arjun, eszter"
    );
    assert_eq!(changes[1], "routing rule guardduty removed");
    assert!(changes[2].starts_with("routing order "), "{}", changes[2]);
    assert!(
        changes[3].starts_with("routing rule guardduty-other added: when integration =="),
        "{}",
        changes[3]
    );
}
