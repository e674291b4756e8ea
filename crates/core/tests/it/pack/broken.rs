//! Every way to break a pack gives its own finding, at the place where it is broken.

use decurion_core::pack::{self, Files, Finding, FindingSeverity};

use super::{autumn, edit, shipped};

const ESCALATION: &str = "escalation/escalation.yaml";

/// A change to the pack of ten, and the finding that it must give.
struct Break {
    file: &'static str,
    /// What is replaced. The finding is expected on the line of `at` after the change.
    from: &'static str,
    to: &'static str,
    rule: &'static str,
    /// Text whose first character the finding points at.
    at: &'static str,
    /// A part of message and suggestion.
    says: &'static str,
}

const fn broken(
    file: &'static str,
    from: &'static str,
    to: &'static str,
    rule: &'static str,
    at: &'static str,
    says: &'static str,
) -> Break {
    Break { file, from, to, rule, at, says }
}

const ERRORS: [Break; 38] = [
    broken(
        "schedules/l1.yaml",
        "requires: [l1]",
        "requires: [l2]",
        "PACK-REFERENCE",
        "l2]",
        "did you mean `l1`?",
    ),
    broken(
        "organisation.yaml",
        "certified: [l1]",
        "certified: [{id: l1, until: 2027-02-30}]",
        "PACK-VALUE",
        "2027-02-30",
        "",
    ),
    broken(
        "organisation.yaml",
        "certified: [l1]",
        "certified: [l1, {id: l1, until: 2027-02-28}]",
        "PACK-DUPLICATE",
        "{id: l1, until: 2027-02-28",
        "certificate of this person `l1` is defined twice",
    ),
    broken(
        "organisation.yaml",
        "certified: [l1]",
        "certified: [7]",
        "PACK-SHAPE",
        "7]",
        "a certificate such as `l1`",
    ),
    broken(
        "roles.yaml",
        "holders: [leila]",
        "holders: [leyla]",
        "PACK-REFERENCE",
        "leyla]",
        "did you mean `leila`?",
    ),
    broken(
        ESCALATION,
        "{role: ir_lead}]\n        timeout",
        "{role: ir_laed}]\n        timeout",
        "PACK-REFERENCE",
        "ir_laed",
        "did you mean `ir_lead`?",
    ),
    broken(
        ESCALATION,
        "{schedule: l1-second}",
        "{schedule: l1-secnd}",
        "PACK-REFERENCE",
        "l1-secnd",
        "did you mean `l1-second`?",
    ),
    broken(
        "schedules/l1.yaml",
        "anneli, soren, mateus, zanele, arjun, eszter]",
        "anneli, sorne, mateus, zanele, arjun, eszter]",
        "PACK-REFERENCE",
        "sorne",
        "did you mean `soren`?",
    ),
    broken(
        ESCALATION,
        "{deputy: ciso, place: 2}",
        "{deputy: ciso, place: 3}",
        "PACK-REFERENCE",
        "3}, {deputy: cto",
        "has 2 deputies",
    ),
    broken(
        "organisation.yaml",
        "team: Security Operations\n    zone: Europe/Lisbon",
        "team: Security Operation\n    zone: Europe/Lisbon",
        "PACK-REFERENCE",
        "Security Operation\n",
        "did you mean `Security Operations`?",
    ),
    broken(
        "routing.yaml",
        "severity: sev2\n    customer_facing",
        "policy: nights\n    customer_facing",
        "PACK-REFERENCE",
        "nights",
        "no escalation policy is named `nights`",
    ),
    broken(
        "organisation.yaml",
        "zone: Europe/Stockholm",
        "zone: Europe/Stokholm",
        "PACK-ZONE",
        "Europe/Stokholm",
        "did you mean `Europe/Stockholm`?",
    ),
    broken(
        "schedules/l1.yaml",
        "zone: Europe/Stockholm",
        "zone: Stockholm",
        "PACK-ZONE",
        "Stockholm",
        "did you mean `Europe/Stockholm`?",
    ),
    broken(
        ESCALATION,
        "repeat_after: 10m",
        "repeat_after: 10 minutes",
        "PACK-VALUE",
        "10 minutes",
        "write numbers with the units",
    ),
    broken(
        ESCALATION,
        "timeout: 5m\n    answer",
        "timeout: 0s\n    answer",
        "PACK-DURATION",
        "0s",
        "leaves no time",
    ),
    broken(
        ESCALATION,
        "- severity == 'sev1'",
        "- severity == 'sev1' &&",
        "PACK-EXPRESSION",
        "",
        "not a CEL expression",
    ),
    broken(
        ESCALATION,
        "- facts.attack_in_progress",
        "- disposition = 'x'",
        "PACK-EXPRESSION",
        "= 'x'",
        "not a CEL expression",
    ),
    broken(
        ESCALATION,
        "- customer_facing\n",
        "- custommer_facing\n",
        "PACK-FACT",
        "custommer_facing",
        "did you mean `customer_facing`?",
    ),
    broken(
        ESCALATION,
        "- facts.records_affected > 0",
        "- facts.records_afected > 0",
        "PACK-FACT",
        "records_afected",
        "did you mean `records_affected`?",
    ),
    broken(
        ESCALATION,
        "- facts.records_affected > 0",
        "- facts.records_affected",
        "PACK-GUARD",
        "facts.records_affected\n",
        "neither true nor false",
    ),
    broken(
        ESCALATION,
        "- page: [{role: ciso}, {role: cto}]",
        "- page: []",
        "PACK-TARGET",
        "page: []",
        "pages nobody",
    ),
    broken(
        ESCALATION,
        "tell: [{role: secops_mgr}]",
        "tell: [{role: secops_mgr, person: leila}]",
        "PACK-TARGET",
        "{role: secops_mgr, person",
        "names one of",
    ),
    broken(
        ESCALATION,
        "  executive:\n    when:",
        "  board:\n    when:",
        "PACK-SHAPE",
        "board:",
        "`board` is not a field",
    ),
    broken(
        ESCALATION,
        "    answer: told",
        "    answer: tolld",
        "PACK-SHAPE",
        "tolld\n",
        "did you mean `told`?",
    ),
    broken(
        ESCALATION,
        "ack_timeout: 4h",
        "ack_timout: 4h",
        "PACK-SHAPE",
        "ack_timout",
        "did you mean `ack_timeout`?",
    ),
    broken(
        ESCALATION,
        "until: contained",
        "until: closed",
        "PACK-SHAPE",
        "closed",
        "one of disposition, contained",
    ),
    broken(
        ESCALATION,
        "name: escalation",
        "name: ladder",
        "PACK-MISSING",
        "",
        "no escalation policy is named `escalation`",
    ),
    broken(
        "integrations.yaml",
        "id: prometheus",
        "id: alertmanager",
        "PACK-DUPLICATE",
        "alertmanager\n    name: Prometheus",
        "defined twice; first at integrations.yaml:",
    ),
    broken(
        "routing.yaml",
        "name: guardduty\n",
        "name: Guard Duty\n",
        "PACK-ID",
        "Guard Duty\n",
        "use a to z",
    ),
    broken(
        "organisation.yaml",
        "email: leila@ten.example",
        "email: leila.ten.example",
        "PACK-ADDRESS",
        "leila.ten.example",
        "is not a mail address",
    ),
    broken(
        "organisation.yaml",
        "{id: email, channel: email, address: yuki@ten.example,",
        "{id: hook, channel: webhook, address: hooks.example,",
        "PACK-ADDRESS",
        "hooks.example",
        "is not an http or https address",
    ),
    broken(
        "organisation.yaml",
        "{id: email, channel: email, address: yuki@ten.example,",
        "{id: chat, channel: telegram, address: t.me/yuki,",
        "PACK-ADDRESS",
        "t.me/yuki",
        "write the number of the chat in quotes",
    ),
    broken(
        "schedules/l1.yaml",
        "start: \"16:00\"",
        "start: \"25:00\"",
        "PACK-VALUE",
        "\"25:00\"",
        "is not a time of day",
    ),
    broken(
        "schedules/l1.yaml",
        "unit: daily\n      start: 2026-01-10T08:00:00\n      advance: active",
        "unit: custom\n      turn: 1m\n      start: 2026-01-10T08:00:00",
        "PACK-SCHEDULE",
        "1m",
        "15",
    ),
    broken(
        "integrations.yaml",
        "title: body.detail.title",
        "title: detail.title",
        "PACK-FACT",
        "detail.title",
        "`detail` is not known here",
    ),
    broken(
        "integrations.yaml",
        "kind: alertmanager_webhook",
        "kind: alertmanager",
        "PACK-SHAPE",
        "alertmanager\n    default",
        "alertmanager_webhook",
    ),
    broken("roles.yaml", "kind: roles", "kind: rolls", "PACK-KIND", "rolls", "did you mean `roles`?"),
    broken(
        "routing.yaml",
        "rules:",
        "kind: routing\nrules:",
        "PACK-YAML",
        "kind: routing\nrules",
        "duplicate",
    ),
];

const WARNINGS: [Break; 4] = [
    broken(
        "roles.yaml",
        "deputies: [eszter, yuki]",
        "deputies: [eszter]",
        "PACK-WEAK",
        "{id: cloud_sec",
        "1 of 2 deputies",
    ),
    broken(
        "roles.yaml",
        "holders: [camille], deputies",
        "holders: [], deputies",
        "PACK-WEAK",
        "{id: ciso",
        "nobody holds the role",
    ),
    broken(
        "routing.yaml",
        "has(labels.customer_facing) && labels",
        "labels",
        "PACK-WEAK",
        "labels.customer_facing ==",
        "has(labels.customer_facing)",
    ),
    broken(
        "schedules/l1.yaml",
        "[yuki, eszter, arjun,",
        "[camille, eszter, arjun,",
        "PACK-WEAK",
        "camille, eszter",
        "external",
    ),
];

/// Line and column, from 1, of the first `needle` in `text`.
fn place_of(text: &str, needle: &str) -> (usize, usize) {
    let offset = text.find(needle).unwrap_or_else(|| panic!("`{needle}` is not in the changed file"));
    let line_start = text[..offset].rfind('\n').map_or(0, |end| end + 1);
    (text[..offset].matches('\n').count() + 1, text[line_start..offset].chars().count() + 1)
}

fn findings(case: &Break) -> (Files, Vec<Finding>) {
    let mut files = shipped("ten");
    edit(&mut files, case.file, case.from, case.to);
    let report = pack::check(&files, autumn());
    assert_eq!(report.config.is_none(), report.errors().next().is_some());
    (files, report.findings)
}

fn assert_found(case: &Break, severity: FindingSeverity) -> Vec<Finding> {
    let (files, findings) = findings(case);
    let said: Vec<String> = findings.iter().map(ToString::to_string).collect();
    let found = findings.iter().find(|finding| {
        finding.rule == case.rule && finding.severity == severity && finding.to_string().contains(case.says)
    });
    let found = found.unwrap_or_else(|| panic!("{} `{}`: {said:#?}", case.rule, case.to));
    if !case.at.is_empty() {
        let wanted = place_of(&files[case.file], case.at);
        assert_eq!(found.file, case.file);
        assert_eq!((found.line, found.column), wanted, "{}: {said:#?}", case.to);
    }
    findings
}

#[test]
fn every_error_is_found_once_and_where_it_is() {
    for case in &ERRORS {
        let findings = assert_found(case, FindingSeverity::Error);
        let errors = findings.iter().filter(|finding| finding.severity == FindingSeverity::Error);
        assert_eq!(errors.count(), 1, "`{}`: {findings:#?}", case.to);
    }
}

#[test]
fn what_is_weak_is_a_warning_and_does_not_refuse_the_pack() {
    for case in &WARNINGS {
        assert_found(case, FindingSeverity::Warning);
    }
}

#[test]
fn several_mistakes_are_said_at_once() {
    let mut files = shipped("ten");
    edit(&mut files, ESCALATION, "ack_timeout: 4h", "ack_timout: 4h");
    edit(&mut files, "organisation.yaml", "channel: mailbox}", "chanel: mailbox}");
    edit(&mut files, "integrations.yaml", "kind: pagerduty", "kind: pagerdutty");
    let report = pack::check(&files, autumn());
    let places: Vec<&str> = report.errors().map(|finding| finding.file.as_str()).collect();
    assert_eq!(places, [ESCALATION, "integrations.yaml", "organisation.yaml"]);
}

#[test]
fn packs_beyond_all_measure_are_refused() {
    let big = Files::from([("big.yaml".to_owned(), "#".repeat(2 << 20))]);
    let report = pack::check(&big, autumn());
    assert_eq!(report.errors().map(|finding| finding.rule.as_str()).collect::<Vec<_>>(), ["PACK-LIMIT"]);
    let bomb = "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\n\
        d: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d]\nf: &f [*e,*e,*e,*e,*e,*e,*e,*e,*e]\n\
        g: [*f,*f,*f,*f,*f,*f,*f,*f,*f]\n";
    let report = pack::check(&Files::from([("bomb.yaml".to_owned(), bomb.to_owned())]), autumn());
    assert_eq!(report.errors().map(|finding| finding.rule.as_str()).collect::<Vec<_>>(), ["PACK-YAML"]);
    assert!(pack::check(&Files::new(), autumn()).errors().count() > 0, "an empty pack is no pack");
}
