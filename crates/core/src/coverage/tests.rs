#![allow(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;

use super::{CoverageFinding, LEVEL, PERSON, SAME, STEP, TELL, TWO_AWAY};
use crate::config::Config;
use crate::escalation::{Answer, Level, LevelPolicy, Policy, Step, Target};
use crate::id::{PersonId, ScheduleId};
use crate::oncall::{Change, Override, Schedule};
use crate::org::{Channel, Contact, Organisation, Person, Role};

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// What is found as things are planned: two people share the duty here, and what that asks of them is not
/// what these tests are about.
fn check(config: &Config, from: Timestamp, days: u32) -> Vec<CoverageFinding> {
    let planned = [LEVEL, PERSON, STEP, SAME, TELL];
    let all = super::check(config, from, days);
    all.into_iter().filter(|finding| planned.contains(&finding.rule.as_str())).collect()
}

fn person(id: &str, enabled: bool) -> Person {
    Person {
        id: id.into(),
        name: id.to_uppercase(),
        email: None,
        zone: "Europe/Stockholm".to_owned(),
        team: None,
        title: None,
        holidays: None,
        external: false,
        certified: Vec::new(),
        contacts: vec![Contact {
            id: "mailbox".into(),
            channel: Channel::Mailbox,
            address: String::new(),
            enabled,
        }],
        rules: Vec::new(),
    }
}

fn role(id: &str, holders: &[&str], deputies: &[&str]) -> Role {
    let people = |ids: &[&str]| ids.iter().map(|id| PersonId::from(*id)).collect();
    Role { id: id.into(), name: id.to_owned(), holders: people(holders), deputies: people(deputies) }
}

fn schedule(layers: &str) -> Schedule {
    let text = format!("{{id: duty, name: Duty, zone: Europe/Stockholm, layers: {layers}}}");
    serde_saphyr::from_str(&text).unwrap()
}

fn level(steps: &[&[Target]], tell: &[Target]) -> LevelPolicy {
    LevelPolicy {
        owner: Vec::new(),
        when: Vec::new(),
        steps: steps
            .iter()
            .map(|page| Step { page: page.to_vec(), timeout_s: 300, round_robin: false })
            .collect(),
        tell: tell.to_vec(),
        answer: Answer::Any,
        ack_timeout_s: 3_600,
        time_box: None,
    }
}

fn duty() -> Target {
    Target::Schedule("duty".into())
}

/// A, B and C, of whom A and B take the duty by `layers`; L1 pages the duty, L2 pages C.
fn config(layers: &str) -> Config {
    let levels = BTreeMap::from([
        (Level::L1, level(&[&[duty()]], &[])),
        (Level::L2, level(&[&[Target::Role("lead".into())]], &[])),
    ]);
    let policy = Policy {
        name: "escalation".to_owned(),
        levels,
        repeat_after_s: 600,
        lower_within_s: 600,
        facts: BTreeMap::new(),
    };
    let people = ["a", "b", "c"].map(|id| (PersonId::from(id), person(id, true)));
    let roles = [role("lead", &["c"], &["a"]), role("empty", &[], &[])];
    Config {
        organisation: Organisation {
            name: "Test".to_owned(),
            zone: "Europe/Stockholm".to_owned(),
            people: people.into(),
            roles: roles.map(|role| (role.id.clone(), role)).into(),
        },
        schedules: BTreeMap::from([(ScheduleId::from("duty"), schedule(layers))]),
        policies: BTreeMap::from([("escalation".to_owned(), Arc::new(policy))]),
        ..Config::default()
    }
}

fn change(config: &mut Config, edit: impl FnOnce(&mut Policy)) {
    edit(Arc::make_mut(config.policies.get_mut("escalation").unwrap()));
}

const DAYS_AND_NIGHTS: &str = r#"[
    {name: days, active: [{start: "08:00", end: "20:00"}], rotation: {participants: [a]}},
    {name: nights, active: [{start: "20:00", end: "08:00"}], rotation: {participants: [b]}}]"#;

#[test]
fn a_roster_without_holes_gives_no_finding() {
    assert_eq!(check(&config(DAYS_AND_NIGHTS), at("2026-09-01T00:00:00Z"), 90), []);
}

#[test]
fn a_gap_is_found_to_the_minute_also_on_the_day_of_25_hours() {
    let layers =
        r#"[{name: all but early, active: [{start: "06:07", end: "02:01"}], rotation: {participants: [a]}}]"#;
    let findings = check(&config(layers), at("2026-10-24T12:00:00Z"), 2);
    let spans: Vec<_> = findings.iter().map(|f| (f.rule.as_str(), f.start, f.end)).collect();
    // Clocks go back at 01:00Z on 25 October: 02:01 comes twice, and the window lasts until the second.
    let wanted = [
        (LEVEL, at("2026-10-25T01:01:00Z"), at("2026-10-25T05:07:00Z")),
        (LEVEL, at("2026-10-26T01:01:00Z"), at("2026-10-26T05:07:00Z")),
    ];
    assert_eq!(spans, wanted);
    assert!(findings[0].message.contains("from 2026-10-25 02:01 to 2026-10-25 06:07 Europe/Stockholm"));
    assert_eq!((findings[0].level, findings[0].always), (Some(Level::L1), false));
}

#[test]
fn an_override_makes_a_gap_and_another_mends_it() {
    let mut config = config(DAYS_AND_NIGHTS);
    let leave = Override {
        id: "ovr_leave".into(),
        schedule: "duty".into(),
        start: at("2026-09-10T10:00:00Z"),
        end: at("2026-09-10T12:30:00Z"),
        change: Change::Remove { person: "a".into() },
        priority: 0,
        author: "a".into(),
        reason: "away".to_owned(),
    };
    let cover =
        Override { id: "ovr_cover".into(), change: Change::Add { person: "c".into() }, ..leave.clone() };
    config.overrides.insert("duty".into(), vec![leave.clone()]);
    let findings = check(&config, at("2026-09-01T00:00:00Z"), 90);
    assert_eq!(findings.len(), 1);
    assert_eq!((findings[0].start, findings[0].end), (leave.start, leave.end));
    config.overrides.insert("duty".into(), vec![leave, cover]);
    let findings = check(&config, at("2026-09-01T00:00:00Z"), 90);
    // C takes the duty, and C is all that L2 has.
    assert_eq!(findings.iter().map(|f| f.rule.as_str()).collect::<Vec<_>>(), [SAME]);
}

#[test]
fn a_turn_that_is_broken_for_an_hour_is_one_duty() {
    let mut config = config(DAYS_AND_NIGHTS);
    let hour = Override {
        id: "ovr_hour".into(),
        schedule: "duty".into(),
        start: at("2026-09-10T10:00:00Z"),
        end: at("2026-09-10T11:00:00Z"),
        change: Change::Fixed { people: Vec::new() },
        priority: 0,
        author: "a".into(),
        reason: "a test of the silence".to_owned(),
    };
    let end = hour.end;
    config.overrides.insert("duty".into(), vec![hour]);
    let found = super::check(&config, at("2026-09-01T00:00:00Z"), 20);
    assert!(!found.iter().any(|finding| finding.rule == super::finding::REST && finding.start == end));
}

#[test]
fn somebody_who_cannot_be_reached_is_a_hole_wherever_they_are_on_call() {
    let mut config = config(DAYS_AND_NIGHTS);
    config.organisation.people.insert("b".into(), person("b", false));
    let findings = check(&config, at("2026-09-01T00:00:00Z"), 2);
    let nights = findings.iter().filter(|f| f.rule == LEVEL).count();
    assert_eq!(nights, 3, "the rest of one night, a whole one, the beginning of a third: {findings:#?}");
    assert!(findings.iter().any(|f| f.rule == PERSON && f.person == Some("b".into())));
}

#[test]
fn a_step_that_falls_through_and_an_unheard_tell_are_said_once_each() {
    let mut config = config(DAYS_AND_NIGHTS);
    change(&mut config, |policy| {
        let empty = Target::Role("empty".into());
        let missing = Target::Deputy { role: "lead".into(), place: 2 };
        let steps = level(&[std::slice::from_ref(&missing), &[Target::Person("c".into())]], &[empty]);
        policy.levels.insert(Level::L2, steps);
    });
    let findings = check(&config, at("2026-09-01T00:00:00Z"), 90);
    let seen: Vec<_> = findings.iter().map(|f| (f.rule.as_str(), f.step, f.always)).collect();
    assert_eq!(seen, [(STEP, Some(1), true), (TELL, None, true)], "{findings:#?}");
    assert!(findings[0].message.contains("deputy 2 of lead"), "{}", findings[0].message);
}

#[test]
fn a_level_that_pages_only_those_who_were_silent_is_found() {
    let mut config = config(DAYS_AND_NIGHTS);
    change(&mut config, |policy| {
        policy.levels.insert(Level::L2, level(&[&[Target::Person("a".into())]], &[]));
    });
    let findings = check(&config, at("2026-09-01T00:00:00Z"), 1);
    let days: Vec<_> = findings.iter().map(|f| (f.rule.as_str(), f.start, f.end)).collect();
    assert_eq!(days, [(SAME, at("2026-09-01T06:00:00Z"), at("2026-09-01T18:00:00Z"))]);
}

/// L2 pages a role whose holder is never reached; only with that holder and the first deputy away does the
/// second one answer there, who is then all that L3 has.
#[test]
fn the_absence_of_somebody_whom_no_page_reaches_counts_too() {
    let mut config = config(DAYS_AND_NIGHTS);
    for id in ["d", "e"] {
        config.organisation.people.insert(id.into(), person(id, false));
    }
    let rota = role("rota", &["d"], &["e", "c"]);
    config.organisation.roles.insert(rota.id.clone(), rota);
    change(&mut config, |policy| {
        policy.levels.insert(Level::L2, level(&[&[Target::Role("rota".into())]], &[]));
        policy.levels.insert(Level::L3, level(&[&[Target::Person("c".into())]], &[]));
    });
    let findings = super::check(&config, at("2026-09-01T00:00:00Z"), 1);
    let two = findings.iter().find(|f| f.level == Some(Level::L3) && f.rule == TWO_AWAY);
    assert_eq!(two.map(|finding| finding.people.as_slice()), Some(["d".into(), "e".into()].as_slice()));
}
