//! The proof of coverage over the pack of ten: each way to break it gives a finding of its own.

use std::collections::BTreeSet;

use decurion_core::coverage::{self, CoverageFinding, CoverageSeverity};
use decurion_core::pack::{self, FindingSeverity};
use jiff::Timestamp;

use super::{autumn, edit, shipped};

const ORGANISATION: &str = "organisation.yaml";
const ROLES: &str = "roles.yaml";
const L1: &str = "schedules/l1.yaml";
const LADDER: &str = "escalation/escalation.yaml";
const DAYS: &str = "{days: [mon, tue, wed, thu, fri], start: \"08:00\", end: \"16:00\"}";
const SECOND_STEP_OF_L1: &str = "page: [{schedule: l1}, {schedule: l1-second}]";
const STEPS_OF_L2: [&str; 2] = [
    "page: [{role: senior_soc}, {role: ir_lead}]",
    "page: [{deputy: senior_soc, place: 2}, {deputy: ir_lead, place: 2}, {deputy: ir_lead, place: 3}]",
];
const STEPS_OF_EXECUTIVE: [&str; 2] =
    ["page: [{role: ciso}, {role: cto}]", "page: [{deputy: ciso, place: 2}, {deputy: cto, place: 2}]"];
const LEGAL: [&str; 2] =
    ["{id: legal, name: Legal, stand_in: true, holders: [camille]}", "{id: legal, name: Legal}"];
const MAILBOX: &str = "{id: mailbox, channel: mailbox}";
const SILENT: &str = "{id: mailbox, channel: mailbox, enabled: false}";

/// What is wrong, the edits that make it so, and rule and subject of the finding that says it.
type Broken = (&'static str, Vec<(&'static str, &'static str, &'static str)>, &'static str, CoverageSeverity);

#[expect(clippy::too_many_lines, reason = "a table")]
fn broken() -> Vec<Broken> {
    use CoverageSeverity::{Fail, Warn};
    vec![
        (
            "an hour without anybody at L1",
            vec![
                (L1, DAYS, "{days: [mon, tue, wed, thu, fri], start: \"08:00\", end: \"15:00\"}"),
                (LADDER, SECOND_STEP_OF_L1, "page: [{schedule: l1}]"),
            ],
            "COV-1/escalation/L1",
            Fail,
        ),
        (
            "executives without anybody",
            vec![
                (ROLES, LEGAL[0], LEGAL[1]),
                (LADDER, STEPS_OF_EXECUTIVE[0], "page: [{role: legal}]"),
                (LADDER, STEPS_OF_EXECUTIVE[1], "page: [{role: legal}]"),
            ],
            "COV-1/escalation/executive",
            Fail,
        ),
        ("a turn taker who is never reached", vec![(ORGANISATION, MAILBOX, SILENT)], "COV-2/ingrid", Fail),
        (
            "an executive who is never reached",
            vec![(
                ORGANISATION,
                "title: CISO\n    external: true\n    contacts:\n      - {id: mailbox, channel: mailbox}",
                "title: CISO\n    external: true\n    contacts:\n      - {id: mailbox, channel: mailbox, enabled: false}",
            )],
            "COV-2/camille",
            Fail,
        ),
        (
            "an hour in which the first step falls through",
            vec![(L1, DAYS, "{days: [mon, tue, wed, thu, fri], start: \"08:00\", end: \"15:00\"}")],
            "COV-3/escalation/L1/1",
            Warn,
        ),
        (
            "a step that names a role without holder",
            vec![(ROLES, LEGAL[0], LEGAL[1]), (LADDER, STEPS_OF_L2[1], "page: [{role: legal}]")],
            "COV-3/escalation/L2/2",
            Warn,
        ),
        (
            "L2 pages who was silent at L1",
            vec![
                (LADDER, STEPS_OF_L2[0], "page: [{schedule: l1}]"),
                (LADDER, STEPS_OF_L2[1], "page: [{schedule: l1-second}]"),
            ],
            "COV-4/escalation/L2",
            Fail,
        ),
        (
            "executives are the managers once more",
            vec![
                (LADDER, STEPS_OF_EXECUTIVE[0], "page: [{role: secops_mgr}]"),
                (LADDER, STEPS_OF_EXECUTIVE[1], "page: [{role: seceng_mgr}]"),
            ],
            "COV-4/escalation/executive",
            Fail,
        ),
        ("nobody is legal", vec![(ROLES, LEGAL[0], LEGAL[1])], "COV-5/escalation/L3/role legal", Warn),
        (
            "L1 without a second",
            vec![(LADDER, SECOND_STEP_OF_L1, "page: [{schedule: l1}]")],
            "COV-6/escalation/L1",
            Fail,
        ),
        (
            "L2 is one person",
            vec![
                (LADDER, STEPS_OF_L2[0], "page: [{role: senior_soc}]"),
                (LADDER, STEPS_OF_L2[1], "page: [{role: senior_soc}]"),
            ],
            "COV-6/escalation/L2",
            Fail,
        ),
        (
            "the second deputy of a manager was silent below",
            vec![(ROLES, "deputies: [arjun, soren]", "deputies: [arjun, ingrid]")],
            "COV-7/escalation/L3",
            Warn,
        ),
        (
            "the second deputy of an executive was silent below",
            vec![(ROLES, "deputies: [bogdan, renata]", "deputies: [bogdan, ingrid]")],
            "COV-7/escalation/executive",
            Warn,
        ),
        (
            "45 hours a week for one person",
            vec![(L1, DAYS, "{days: [mon, tue, wed, thu, fri], start: \"08:00\", end: \"17:00\"}")],
            "COV-8/leila",
            Warn,
        ),
        (
            "one person for all nights",
            vec![(L1, "[yuki, anneli, soren, mateus, zanele, arjun, eszter]", "[anneli]")],
            "COV-8/anneli",
            Fail,
        ),
        (
            "Saturday after a Friday night",
            vec![(
                L1,
                "[yuki, eszter, arjun, zanele, mateus, soren, anneli]",
                "[zanele, mateus, soren, anneli, yuki, eszter, arjun]",
            )],
            "COV-9/zanele",
            Fail,
        ),
        (
            "nights by the week",
            vec![(
                L1,
                "unit: daily\n      start: 2026-01-05T16:00:00\n      advance: active",
                "unit: weekly\n      start: 2026-01-05T16:00:00",
            )],
            "COV-10/mateus",
            Warn,
        ),
        (
            "two people for all weekends",
            vec![(L1, "[yuki, eszter, arjun, zanele, mateus, soren, anneli]", "[yuki, eszter]")],
            "COV-11/eszter",
            Fail,
        ),
        (
            "days without a day off",
            vec![(L1, DAYS, "{start: \"08:00\", end: \"16:00\"}")],
            "COV-12/leila",
            Fail,
        ),
        (
            "somebody who has not learned it",
            vec![(
                ORGANISATION,
                "soren@ten.example, enabled: false}\n    certified: [l1]",
                "soren@ten.example, enabled: false}",
            )],
            "COV-13/l1/soren/l1",
            Fail,
        ),
        (
            "a certificate that ends",
            vec![(
                ORGANISATION,
                "zanele@ten.example, enabled: false}\n    certified: [l1]",
                "zanele@ten.example, enabled: false}\n    certified: [{id: l1, until: 2026-10-15}]",
            )],
            "COV-13/l1-second/zanele/l1",
            Fail,
        ),
        (
            "the same public holiday two years running",
            vec![
                (ORGANISATION, "title: SOC Engineer\n", "title: SOC Engineer\n    holidays: se\n"),
                (
                    ROLES,
                    "kind: roles",
                    "kind: holidays\nid: se\nname: Sweden\ndays:\n  - {date: 2025-10-31, name: Eve}\n  - {date: 2026-10-30, name: Eve}\n---\nkind: roles",
                ),
            ],
            "COV-14/leila",
            Warn,
        ),
        (
            "an acceptance of nothing",
            vec![(
                ROLES,
                "kind: roles",
                "kind: accepted\nfindings:\n  - {key: COV-8/leila, author: ingrid, reason: summer, until: 2027-01-31}\n---\nkind: roles",
            )],
            "COV-17/COV-8/leila",
            Warn,
        ),
    ]
}

fn findings(edits: &[(&str, &str, &str)]) -> Vec<CoverageFinding> {
    let mut files = shipped("ten");
    for (file, from, to) in edits {
        edit(&mut files, file, from, to);
    }
    let report = pack::check(&files, autumn());
    let said: Vec<String> = report.errors().map(ToString::to_string).collect();
    coverage::check(&report.config.unwrap_or_else(|| panic!("{said:#?}")), autumn(), coverage::DAYS)
}

/// Rule and subject.
fn subject(finding: &CoverageFinding) -> &str {
    finding.key.split('@').next().unwrap_or_default()
}

#[test]
fn every_way_to_break_the_ten_gives_a_finding_of_its_own() {
    let broken = broken();
    assert!(broken.len() >= 20);
    let expected: BTreeSet<&str> = broken.iter().map(|(_, _, key, _)| *key).collect();
    assert_eq!(expected.len(), broken.len(), "each is another finding");
    for (what, edits, key, severity) in &broken {
        let found = findings(edits);
        let said: Vec<_> = found.iter().map(|f| (&f.severity, &f.key, &f.message)).collect();
        let finding = found.iter().find(|finding| subject(finding) == *key);
        let finding = finding.unwrap_or_else(|| panic!("{what}: no {key} in {said:#?}"));
        assert_eq!(finding.severity, *severity, "{what}: {finding:#?}");
        assert!(!finding.message.is_empty() && !finding.mend.is_empty(), "{what}: {finding:#?}");
        assert!(coverage::is_key(&finding.key), "{what}: {}", finding.key);
    }
}

#[test]
fn keys_are_unique_and_the_same_a_day_later() {
    for (what, edits, _, _) in &broken() {
        let mut files = shipped("ten");
        for (file, from, to) in edits {
            edit(&mut files, file, from, to);
        }
        let config = pack::check(&files, autumn()).config.expect("it compiles");
        let keys = |from: Timestamp| -> Vec<(String, Timestamp, Timestamp)> {
            let found = coverage::check(&config, from, coverage::DAYS);
            found.into_iter().map(|finding| (finding.key, finding.start, finding.end)).collect()
        };
        let today = keys(autumn());
        let unique: BTreeSet<&String> = today.iter().map(|(key, ..)| key).collect();
        assert_eq!(unique.len(), today.len(), "{what}: {today:#?}");
        let tomorrow = autumn() + jiff::SignedDuration::from_hours(24);
        let later: BTreeSet<String> = keys(tomorrow).into_iter().map(|(key, ..)| key).collect();
        let near_the_end = autumn() + jiff::SignedDuration::from_hours(24 * 60);
        for (key, start, end) in today.iter().filter(|(_, start, _)| *start < near_the_end) {
            // Rest before a duty counts until the duty begins.
            let until = if key.starts_with("COV-9/") { start } else { end };
            let over = *until <= tomorrow + jiff::SignedDuration::from_hours(1);
            assert!(over || later.contains(key), "{what}: {key} from {start} to {end}\n{later:#?}");
        }
    }
}

#[test]
fn an_accepted_finding_is_shown_and_marked_until_its_time_is_over() {
    let mut files = shipped("ten");
    edit(&mut files, L1, DAYS, "{days: [mon, tue, wed, thu, fri], start: \"08:00\", end: \"15:00\"}");
    edit(&mut files, LADDER, SECOND_STEP_OF_L1, "page: [{schedule: l1}]");
    let accepted = "kind: accepted\nfindings:\n\
        - {key: COV-1/escalation/L1, author: ingrid, reason: L2 sits in the same room, until: 2026-09-10}\n\
        - {key: COV-6/escalation/L1, author: kwame, reason: two more are learning, until: 2026-08-31}\n";
    files.insert("accepted.yaml".to_owned(), accepted.to_owned());
    let report = pack::check(&files, autumn());
    let gap = report.findings.iter().find(|finding| finding.rule == "COV-1").expect("it is still shown");
    assert_eq!(gap.severity, FindingSeverity::Warning);
    assert!(gap.message.contains("accepted by ingrid") && gap.message.contains("same room"), "{gap}");
    let second = report.findings.iter().find(|finding| finding.rule == "COV-6").expect("its time is over");
    assert_eq!(second.severity, FindingSeverity::Fail);
    let over = report.findings.iter().find(|finding| finding.rule == "COV-17").expect("and is said to be");
    assert_eq!((over.file.as_str(), over.line), ("accepted.yaml", 4));

    let config = report.config.expect("it compiles");
    let at = |day: &str| -> Timestamp { format!("{day}T00:00:00Z").parse().expect("an instant") };
    let gaps = |day: &str| coverage::check(&config, at(day), 20).into_iter().find(|f| f.rule == "COV-1");
    let before = gaps("2026-09-09").and_then(|gap| gap.accepted);
    assert_eq!(
        before.map(|by| (by.author, by.until)),
        Some(("ingrid".into(), at_zone("2026-09-10T22:00:00Z")))
    );
    assert!(gaps("2026-09-11").is_some_and(|gap| gap.accepted.is_none() && gap.fails()));
}

fn at_zone(text: &str) -> Timestamp {
    text.parse().expect("an instant")
}

#[test]
fn one_of_many_may_be_accepted_alone() {
    let gap = (L1, DAYS, "{days: [mon, tue, wed, thu, fri], start: \"08:00\", end: \"15:00\"}");
    let alone = (LADDER, SECOND_STEP_OF_L1, "page: [{schedule: l1}]");
    let all = findings(&[gap, alone]);
    let gaps: Vec<_> = all.iter().filter(|finding| finding.rule == "COV-1").collect();
    assert!(gaps.len() > 50);
    let text = format!(
        "kind: accepted\nfindings:\n  - {{key: '{}', author: ingrid, reason: a holiday, until: 2027-01-31}}\n---\nkind: roles",
        gaps[3].key
    );
    let text: &'static str = text.leak();
    let found = findings(&[gap, alone, (ROLES, "kind: roles", text)]);
    let accepted: Vec<_> = found.iter().filter(|finding| finding.accepted.is_some()).collect();
    assert_eq!(accepted.len(), 1);
    assert_eq!(accepted[0].key, gaps[3].key);
}

#[test]
fn a_finding_whose_words_change_is_neither_new_nor_gone_and_one_that_fails_now_is() {
    let until = |hour: &str| {
        let mut files = shipped("ten");
        edit(&mut files, L1, DAYS, &DAYS.replace("16:00", hour));
        pack::check(&files, autumn()).config.expect("it compiles")
    };
    let compared = |before: &str, after: &str| {
        let to = autumn() + jiff::SignedDuration::from_hours(24 * 90);
        let preview = decurion_core::oncall::preview::preview(&until(before), &until(after), autumn(), to);
        let share = |findings: Vec<CoverageFinding>| findings.into_iter().find(|f| f.key == "COV-8/leila");
        (share(preview.findings_gone), share(preview.findings_new))
    };
    let message = |hour| {
        let found = coverage::check(&until(hour), autumn(), coverage::DAYS);
        found.into_iter().find(|finding| finding.key == "COV-8/leila").map(|finding| finding.message)
    };
    assert_ne!(message("17:00"), message("18:00"), "the words differ");
    assert_eq!(compared("17:00", "18:00"), (None, None));
    let (gone, new) = compared("18:00", "20:00");
    assert_eq!(gone.map(|finding| finding.severity), Some(CoverageSeverity::Warn));
    assert_eq!(new.map(|finding| finding.severity), Some(CoverageSeverity::Fail));
}

#[test]
fn a_holiday_is_the_same_by_its_name_and_only_who_had_it_is_told() {
    let found = |days: &str, overridden: bool| -> Vec<(String, String)> {
        let mut files = shipped("ten");
        let calendar = format!("kind: holidays\nid: se\nname: Sweden\ndays: [{days}]\n---\nkind: roles");
        edit(&mut files, ROLES, "kind: roles", &calendar);
        for title in ["SOC Engineer", "Senior SOC Engineer"] {
            let (from, to) = (format!("title: {title}\n"), format!("title: {title}\n    holidays: se\n"));
            edit(&mut files, ORGANISATION, &from, &to);
        }
        let mut config = pack::check(&files, autumn()).config.expect("it compiles");
        if overridden {
            config.overrides.insert("l1".into(), vec![free_last_year()]);
        }
        let all = coverage::check(&config, autumn(), coverage::DAYS).into_iter();
        let holidays = all.filter(|finding| finding.rule == coverage::HOLIDAY);
        holidays.map(|finding| (finding.key, finding.message)).collect()
    };
    let eve = "{date: 2025-10-31, name: Eve}, {date: 2026-10-30, name: Eve}";
    let key = "COV-14/leila@2026-10-29T23:00:00Z";
    let message = "Leila Rahimi is on duty on Eve (2026-10-30), as the year before (2025-10-31)";
    assert_eq!(found(eve, false), [(key.to_owned(), message.to_owned())]);
    assert_eq!(found(eve, true), [], "somebody else had it");
    assert_eq!(
        found("{date: 2025-10-31, name: Eve}, {date: 2026-10-30, name: Day}", false),
        [],
        "another one"
    );
    assert_eq!(
        found("{date: 2024-11-01, name: Eve}, {date: 2026-10-30, name: Eve}", false),
        [],
        "two years ago"
    );
    assert_eq!(
        found("{date: 2026-10-29, name: Eve}, {date: 2026-10-30, name: Eve}", false),
        [],
        "two days running"
    );
    assert_eq!(
        found("{date: 2025-11-01, name: Eve}, {date: 2026-10-30, name: Eve}", false),
        [],
        "a Saturday"
    );
    assert_eq!(
        found("{date: 2025-12-24, name: Eve}, {date: 2026-12-24, name: Eve}", false),
        [],
        "too far ahead"
    );
}

/// Leila does not work on the last day of October 2025.
fn free_last_year() -> decurion_core::oncall::Override {
    decurion_core::oncall::Override {
        id: "ovr_1".into(),
        schedule: "l1".into(),
        start: at_zone("2025-10-31T00:00:00Z"),
        end: at_zone("2025-11-01T00:00:00Z"),
        change: decurion_core::oncall::Change::Replace { person: "leila".into(), by: "kwame".into() },
        priority: 0,
        author: "kwame".into(),
        reason: "a year ago".to_owned(),
    }
}
