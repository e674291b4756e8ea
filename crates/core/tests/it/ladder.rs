//! How a case climbs, in stories.

use decurion_core::escalation::Level;
use decurion_core::incident::{Classification, Command, Disposition, Severity, Status};
use decurion_core::intake::{Action, AlertSeverity};
use decurion_core::notify::Outcome;
use decurion_core::{access::Actor, journal::StreamId, notify};

use crate::world::{S, World};

fn classify(change: impl FnOnce(&mut Classification)) -> Command {
    let mut classification = Classification::default();
    change(&mut classification);
    Command::Classify(Box::new(classification))
}

#[test]
fn an_alert_pages_whoever_holds_l1() {
    let mut world = World::new();
    let id = world.open("a");
    assert_eq!(world.paged(), ["sol"]);
    assert_eq!(world.lamps(&id), "paging armed off off");
    assert_eq!(world.next_text(&id), "sen and ira are paged");
}

#[test]
fn silence_climbs_to_every_level_and_begins_again() {
    let mut world = World::new();
    let id = world.open("a");
    world.wait(300);
    assert_eq!(world.lamps(&id), "silent paging off off");
    assert_eq!(world.paged(), ["ira", "sen", "sol"]);
    world.wait(900);
    assert!(world.paged().contains(&"dep".to_owned()), "the deputies of L2 are paged");
    world.wait(600);
    assert_eq!(world.lamps(&id), "silent silent paging armed");
    world.wait(900);
    assert_eq!(world.lamps(&id), "silent silent silent paging");
    world.wait(900);
    assert_eq!(world.lamps(&id), "silent silent silent silent");
    assert!(world.next_text(&id).ends_with("are paged again"));
    world.wait(600);
    assert_eq!(world.lamps(&id), "paging paging paging paging");
    assert_eq!(world.incident(&id).levels[&Level::L1].round, 2);
}

#[test]
fn an_answer_ends_the_silence_and_the_pages() {
    let mut world = World::new();
    let id = world.open("a");
    world.wait(300);
    world.acknowledge("sol", &id);
    assert_eq!(world.paged(), Vec::<String>::new());
    assert_eq!(world.incident(&id).status(), Status::Acknowledged);
    assert_eq!(world.incident(&id).holder.as_ref().unwrap().level, Level::L1);
}

#[test]
fn judgement_engages_the_level_and_every_level_below_at_once() {
    let mut world = World::new();
    let id = world.open("a");
    world.acknowledge("sol", &id);
    world.human("sol", &id, classify(|c| c.severity = Some(Severity::Sev1))).unwrap();
    assert_eq!(world.lamps(&id), "held paging paging off");
    assert_eq!(world.paged(), ["ira", "may", "mo", "sen"]);
    world.human("sol", &id, classify(|c| c.company_wide = Some(true))).unwrap();
    assert_eq!(world.told(), ["ciso", "cto"]);
    assert_eq!(world.lamps(&id), "held paging paging told");
}

#[test]
fn a_level_that_the_case_needs_is_paged_on_though_somebody_below_holds_it() {
    let mut world = World::new();
    let id = world.open("a");
    world.acknowledge("sol", &id);
    world.human("sol", &id, classify(|c| c.severity = Some(Severity::Sev2))).unwrap();
    world.wait(900);
    world.human("sol", &id, Command::Note { text: "on it".into() }).unwrap();
    world.wait(600);
    assert!(world.incident(&id).levels.contains_key(&Level::L3), "L2 stayed silent, so L3 is paged");
    assert_eq!(world.incident(&id).holder.as_ref().unwrap().person, Some("sol".into()));
}

#[test]
fn where_each_must_answer_the_silent_one_is_paged_on_while_the_other_holds() {
    let mut world = World::new();
    let id = world.open("a");
    world.human("sol", &id, classify(|c| c.severity = Some(Severity::Sev2))).unwrap();
    world.acknowledge("sen", &id);
    assert_eq!(world.lamps(&id), "told part off off");
    assert_eq!(world.paged(), ["ira"]);
    world.wait(900);
    assert_eq!(world.paged(), ["dep", "ira"], "the silent one's deputy is asked");
    world.acknowledge("ira", &id);
    assert_eq!(world.incident(&id).holder.as_ref().unwrap().person, Some("sen".into()));
}

#[test]
fn an_acknowledgement_without_a_sign_of_life_runs_out() {
    let mut world = World::new();
    let id = world.open("a");
    world.acknowledge("sol", &id);
    world.wait(1_799);
    world.human("sol", &id, Command::Note { text: "still here".into() }).unwrap();
    world.wait(1_799);
    assert!(world.incident(&id).holder.is_some());
    world.wait(1);
    assert!(world.incident(&id).holder.is_none());
    assert_eq!(world.paged(), ["sol"]);
}

#[test]
fn a_case_without_disposition_is_raised_when_its_time_box_ends() {
    let mut world = World::new();
    let id = world.open("a");
    world.acknowledge("sol", &id);
    for _ in 0..3 {
        world.wait(1_200);
        world.acknowledge("sol", &id);
    }
    assert_eq!(world.incident(&id).level, Level::L2);
    assert_eq!(world.paged(), ["ira", "sen"]);
}

#[test]
fn lowering_needs_the_owner_and_a_second_person() {
    let mut world = World::new();
    let id = world.open("a");
    world.acknowledge("sol", &id);
    world.human("sol", &id, Command::Raise { level: Level::L2, reason: None }).unwrap();
    let lower = || Command::Lower { level: Level::L1, reason: "nothing there".into() };
    assert_eq!(world.human("sol", &id, lower()), Err("not_owner".into()));
    world.human("ira", &id, lower()).unwrap();
    assert_eq!(world.human("ira", &id, Command::ConsentToLower), Err("second_person".into()));
    world.human("sol", &id, Command::ConsentToLower).unwrap();
    assert_eq!(world.incident(&id).level, Level::L1);
    assert_eq!(world.lamps(&id), "held stood_down off off");
    assert_eq!(world.paged(), Vec::<String>::new());
}

#[test]
fn a_level_that_a_guard_demands_cannot_be_lowered() {
    let mut world = World::new();
    let id = world.open("a");
    world.human("sol", &id, classify(|c| c.severity = Some(Severity::Sev2))).unwrap();
    let lower = Command::Lower { level: Level::L1, reason: "quiet".into() };
    assert_eq!(world.human("ira", &id, lower), Err("level_demanded".into()));
}

#[test]
fn a_snoozed_case_comes_back() {
    let mut world = World::new();
    let id = world.open("a");
    let until_us = world.now_us + 3_000 * S;
    assert_eq!(world.human("sol", &id, Command::Snooze { until_us }), Err("not_acknowledged".into()));
    world.acknowledge("sol", &id);
    world.human("sol", &id, Command::Snooze { until_us }).unwrap();
    world.wait(2_999);
    assert_eq!(world.paged(), Vec::<String>::new());
    world.wait(1);
    assert_eq!(world.paged(), ["sol"]);
}

#[test]
fn somebody_asked_by_name_has_five_minutes_before_the_level_is_paged() {
    let mut world = World::new();
    let id = world.open("a");
    world.acknowledge("sol", &id);
    world.human("sol", &id, Command::Reassign { person: "dep".into(), reason: None }).unwrap();
    assert_eq!(world.paged(), ["dep"]);
    world.wait(300);
    assert_eq!(world.paged(), ["dep", "sol"]);
}

#[test]
fn a_step_that_reaches_nobody_falls_through_at_once() {
    let mut world = World::new();
    world.config.organisation.people.get_mut(&"sol".into()).unwrap().contacts.clear();
    let id = world.open("a");
    assert_eq!(world.lamps(&id), "hole paging off off");
    assert_eq!(world.incident(&id).levels[&Level::L1].holes, ["sol has no usable contact method"]);
}

#[test]
fn a_page_whose_every_way_fails_lets_the_next_step_follow_at_once() {
    let mut world = World::new();
    let id = world.open("a");
    let page = world.pages()[0].clone();
    let notification = page.notifications.keys().next().unwrap().clone();
    let outcome = Outcome::Failed { answer: "550 no such user".into(), permanent: true };
    let report = notify::Command::Report { notification, attempt: 1, outcome };
    world.run(&Actor::System, &StreamId::page(&page.id), &report.into()).unwrap();
    assert_eq!(world.lamps(&id), "hole paging off off");
}

#[test]
fn repeats_are_counted_and_page_nobody_again() {
    let mut world = World::new();
    world.open("a");
    let records = world.journal.len();
    for _ in 0..1_000 {
        let reply = world.signal(Action::Trigger, "a", AlertSeverity::Error);
        assert_eq!(reply.effect, decurion_core::alert::SignalEffect::Repeated);
    }
    assert_eq!(world.journal.len(), records);
}

#[test]
fn the_end_of_every_alert_ends_a_case_that_nobody_classified() {
    let mut world = World::new();
    let id = world.open("a");
    world.signal(Action::Resolve, "a", AlertSeverity::Error);
    assert!(world.incident(&id).is_over());
    let next = world.open("a");
    assert_ne!(next, id, "the same key opens a new alert and a new incident");
}

#[test]
fn a_resolved_incident_ends_its_alerts_and_takes_no_more_orders() {
    let mut world = World::new();
    let id = world.open("a");
    let resolve = || Command::Resolve { disposition: Disposition::FalsePositive, reason: None };
    world.human("sol", &id, resolve()).unwrap();
    assert_eq!(world.human("sol", &id, resolve()), Err("already_resolved".into()));
    world.human("sol", &id, Command::Note { text: "after the fact".into() }).unwrap();
    assert!(!world.next_deadline(), "nothing waits any more");
    assert_ne!(world.open("a"), id);
}
