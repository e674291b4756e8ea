//! The organisation of ten people.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use decurion_core::escalation::Level;
use decurion_core::oncall::shifts;
use decurion_core::{coverage, pack};
use jiff::{SignedDuration, Timestamp};

use super::{autumn, shipped};

#[test]
fn the_ten_check_with_nothing_but_the_stand_ins_to_say() {
    let report = pack::check(&shipped("ten"), autumn());
    let said: Vec<String> = report.findings.iter().map(ToString::to_string).collect();
    let rules: BTreeSet<&str> = report.findings.iter().map(|finding| finding.rule.as_str()).collect();
    assert_eq!(rules, BTreeSet::from(["PACK-STAND-IN"]), "{said:#?}");
    let config = report.config.expect("no error, so a configuration");
    assert_eq!(config.organisation.people.values().filter(|person| !person.external).count(), 10);
    assert_eq!(config.policies["escalation"].levels.keys().copied().collect::<Vec<_>>(), Level::ALL);
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the check is timed, not told the time")]
fn every_level_reaches_somebody_at_every_instant_through_both_clock_changes() {
    for from in
        ["2026-09-01T00:00:00Z", "2026-12-24T00:00:00Z", "2027-02-15T00:00:00Z", "2027-09-20T00:00:00Z"]
    {
        let from: Timestamp = from.parse().expect("an instant");
        let config = pack::check(&shipped("ten"), from).config.expect("it compiles");
        let begun = Instant::now();
        assert_eq!(coverage::check(&config, from, coverage::DAYS), [], "from {from}");
        assert!(begun.elapsed() < Duration::from_secs(1), "took {:?}", begun.elapsed());
    }
}

#[test]
fn a_second_staffing_works_from_the_same_code_and_names_its_stand_ins() {
    let report = pack::check(&shipped("ten-b"), autumn());
    let said: Vec<String> = report.findings.iter().map(ToString::to_string).collect();
    assert_eq!(report.failures().count(), 0, "{said:#?}");
    for role in ["Senior SOC Engineer", "Cloud Security Engineer", "Senior Red Team Engineer"] {
        assert!(said.iter().any(|text| text.contains(&format!("stands in for {role}"))), "{said:#?}");
    }
    let config = report.config.expect("it compiles");
    let found = coverage::check(&config, autumn(), coverage::DAYS);
    let lacks: Vec<&str> = found.iter().map(|finding| finding.key.as_str()).collect();
    assert_eq!(
        lacks,
        ["COV-7/escalation/L3", "COV-7/escalation/executive"],
        "the README of the pack says so"
    );
    let ten = pack::check(&shipped("ten"), autumn()).config.expect("it compiles");
    assert_eq!(config.policies, ten.policies, "the ladder names roles, so it is the same");
}

#[test]
fn nights_and_weekends_are_shared_by_the_seven_and_never_held_twice_at_once() {
    let config = pack::check(&shipped("ten"), autumn()).config.expect("it compiles");
    let year = SignedDuration::from_hours(24 * 7 * 40);
    let (from, to) = (autumn(), autumn().checked_add(year).expect("in range"));
    let (first, second) = (&config.schedules[&"l1".into()], &config.schedules[&"l1-second".into()]);
    let mut turns: BTreeMap<(String, String), usize> = BTreeMap::new();
    for shift in shifts(first, &[], from, to) {
        assert_eq!(shift.people.len(), 1, "{shift:?}");
        let beside = shifts(second, &[], shift.start, shift.end);
        assert!(beside.iter().all(|other| !other.people.contains(&shift.people[0])), "{shift:?} {beside:?}");
        *turns.entry((shift.layer.clone(), shift.people[0].to_string())).or_default() += 1;
    }
    for layer in ["weekday nights", "weekends"] {
        let counts: Vec<usize> =
            turns.iter().filter(|((name, _), _)| name == layer).map(|(_, count)| *count).collect();
        assert_eq!(counts.len(), 7, "{layer}: {turns:?}");
        let (least, most) = (counts.iter().min(), counts.iter().max());
        assert!(most.zip(least).is_some_and(|(most, least)| most - least <= 1), "{layer}: {turns:?}");
    }
}

#[test]
fn the_digest_follows_every_byte() {
    let files = shipped("ten");
    let mut other = files.clone();
    assert_eq!(pack::digest(&files), pack::digest(&other));
    assert_eq!(pack::digest(&files).len(), 64);
    other.entry("roles.yaml".to_owned()).or_default().push('\n');
    assert_ne!(pack::digest(&files), pack::digest(&other));
    let moved = BTreeMap::from([("a".to_owned(), "bc".to_owned())]);
    assert_ne!(pack::digest(&moved), pack::digest(&BTreeMap::from([("ab".to_owned(), "c".to_owned())])));
}
