//! How a case climbs, in stories.

use std::sync::Arc;

use decurion_core::escalation::{Level, Target};
use decurion_core::expression::Expression;
use decurion_core::incident::{Classification, Command, Disposition, Severity, Status, TargetState};
use decurion_core::intake::{Action, AlertSeverity, Event, RoutingRule};
use decurion_core::notify::{MessageKind, Outcome, Progress};
use decurion_core::org::{Contact, NotifyRule};
use decurion_core::{access::Actor, journal::StreamId, notify};

use crate::world::{S, World, event};

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
    let outcome = Outcome::Failed { answer: "550 no such user".into(), permanent: true, retry_after_s: None };
    let report = notify::Command::Report { notification, attempt: 1, outcome };
    world.run(&Actor::System, &StreamId::page(&page.id), &report.into()).unwrap();
    assert_eq!(world.lamps(&id), "hole paging off off");
}

#[test]
fn a_rate_limit_is_waited_for_while_the_next_way_goes_out_at_once() {
    for (asked_s, expected_s) in
        [(None, Some(2)), (Some(1), Some(2)), (Some(40), Some(40)), (Some(901), None)]
    {
        let mut world = World::new();
        let sol = world.config.organisation.people.get_mut(&"sol".into()).unwrap();
        let mut second = sol.contacts[0].clone();
        second.id = "second".into();
        sol.contacts.push(second);
        let first = NotifyRule { contact: sol.contacts[0].id.clone(), delay_s: 0 };
        sol.rules = vec![first, NotifyRule { contact: "second".into(), delay_s: 600 }];
        world.open("a");
        let page = world.pages()[0].clone();
        let notification = page.notifications.keys().next().unwrap().clone();
        let outcome = Outcome::Failed { answer: "429".into(), permanent: false, retry_after_s: asked_s };
        let report = notify::Command::Report { notification: notification.clone(), attempt: 1, outcome };
        world.run(&Actor::System, &StreamId::page(&page.id), &report.into()).unwrap();
        let page = world.pages()[0].clone();
        assert_eq!(page.notifications.len(), 2, "the second way does not wait");
        let due_us = match page.notifications[&notification].progress {
            Progress::Due { at_us } => Some(at_us),
            _ => None,
        };
        assert_eq!(due_us, expected_s.map(|wait_s| world.now_us + wait_s * 1_000_000), "{asked_s:?}");
    }
}

/// Reports what became of the first attempt of the only message of the only page.
fn report(world: &mut World, outcome: Outcome) -> notify::Notification {
    let page = world.pages()[0].clone();
    let notification = page.notifications.keys().next().unwrap().clone();
    let command = notify::Command::Report { notification: notification.clone(), attempt: 1, outcome };
    world.run(&Actor::System, &StreamId::page(&page.id), &command.into()).unwrap();
    let after = world.pages().into_iter().find(|after| after.id == page.id).unwrap();
    after.notifications[&notification].clone()
}

fn on_its_way() -> Outcome {
    Outcome::Sent { answer: "201: queued".into(), receipt: "SM1".into() }
}

#[test]
fn a_message_that_is_on_its_way_is_asked_about_less_and_less_and_then_counts_as_delivered() {
    let mut world = World::new();
    world.open("a");
    for pause_s in [3, 7, 15, 30, 60, 120, 240] {
        let known = report(&mut world, on_its_way());
        assert_eq!(known.progress, Progress::Sent { at_us: world.now_us + pause_s * 1_000_000 });
        assert_eq!((known.receipt.as_deref(), known.attempts), (Some("SM1"), 0));
    }
    let known = report(&mut world, on_its_way());
    assert_eq!((known.progress, known.attempts), (Progress::Delivered, 1));
    assert_eq!(known.answer.as_deref(), Some("201: queued (no word whether it arrived)"));
}

#[test]
fn what_did_not_arrive_after_all_gives_way_to_the_next_step_at_once() {
    let mut world = World::new();
    let id = world.open("a");
    report(&mut world, on_its_way());
    assert_eq!(world.lamps(&id), "paging armed off off", "what is on its way is waited for");
    let failed = Outcome::Failed { answer: "undelivered 30004".into(), permanent: true, retry_after_s: None };
    let known = report(&mut world, failed);
    assert_eq!((known.progress, known.receipt, known.sent_us), (Progress::Failed, None, None));
    assert_eq!(world.lamps(&id), "hole paging off off");
}

#[test]
fn a_message_on_its_way_when_somebody_answers_is_marked_late() {
    let mut world = World::new();
    let id = world.open("a");
    report(&mut world, on_its_way());
    world.human("sol", &id, Command::Acknowledge { via: "link" }).unwrap();
    let known = world.pages()[0].notifications.values().next().unwrap().clone();
    assert_eq!(known.progress, Progress::Sent { at_us: world.now_us }, "it is asked about at once");
    let known = report(&mut world, Outcome::Delivered { answer: "delivered".into() });
    assert!(known.late && known.progress == Progress::Delivered, "{known:?}");
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

#[test]
fn a_note_after_the_end_starts_no_clock() {
    let mut world = World::new();
    let id = world.open("a");
    world.acknowledge("sol", &id);
    let resolve = Command::Resolve { disposition: Disposition::FalsePositive, reason: None };
    world.human("sol", &id, resolve).unwrap();
    world.human("sol", &id, Command::Note { text: "after the fact".into() }).unwrap();
    assert!(!world.next_deadline(), "nothing waits any more");
}

#[test]
fn an_alert_whose_incident_is_over_still_ends_by_itself() {
    let mut world = World::new();
    let expires_at_us = Some(world.now_us + 60 * S);
    let id = world.event(Event { expires_at_us, ..event("a") }).incident.unwrap();
    let resolve = Command::Resolve { disposition: Disposition::FalsePositive, reason: None };
    world.human("sol", &id, resolve).unwrap();
    assert!(world.next_deadline());
    assert!(!world.next_deadline(), "the timer of the alert fires once");
}

#[test]
fn a_page_that_somebody_else_is_given_replaces_the_one_before() {
    let mut world = World::new();
    let id = world.open("a");
    world.human("mo", &id, Command::Reassign { person: "sol".into(), reason: None }).unwrap();
    assert_eq!(
        world.pages().iter().filter(|page| page.is_open()).count(),
        1,
        "the first page of sol has ended"
    );
    world.acknowledge("sol", &id);
    assert_eq!(world.paged(), Vec::<String>::new());
}

#[test]
fn an_answer_at_l1_does_not_end_the_asking_of_a_level_that_the_case_needs() {
    let mut world = World::new();
    let id = world.open("a");
    world.human("mo", &id, classify(|c| c.severity = Some(Severity::Sev2))).unwrap();
    world.wait(1_500);
    assert_eq!(world.lamps(&id), "silent silent paging armed", "L2 was silent to the end of its steps");
    world.acknowledge("sol", &id);
    assert_eq!(world.paged(), ["dep", "ira", "sen"], "L3, which only silence engaged, is left in peace");
    for _ in 0..3 {
        world.wait(300);
        world.human("sol", &id, Command::Note { text: "on it".into() }).unwrap();
    }
    assert_eq!(world.incident(&id).levels[&Level::L2].round, 2, "L2 is asked again while sol holds the case");
}

#[test]
fn what_was_answered_once_climbs_through_every_level_again() {
    let mut world = World::new();
    let id = world.open("a");
    world.wait(300);
    world.acknowledge("sol", &id);
    world.wait(1_800);
    assert_eq!(world.paged(), ["sol"], "the acknowledgement has run out");
    world.wait(300);
    assert_eq!(world.paged(), ["ira", "sen", "sol"], "L2 comes before L3, in the second climb too");
    assert!(!world.incident(&id).levels.contains_key(&Level::L3));
}

#[test]
fn a_holder_of_a_level_that_was_lowered_falls_silent_below_it() {
    let mut world = World::new();
    let id = world.open("a");
    world.human("sol", &id, Command::Raise { level: Level::L2, reason: None }).unwrap();
    world.acknowledge("ira", &id);
    world.human("ira", &id, Command::Lower { level: Level::L1, reason: "nothing there".into() }).unwrap();
    world.human("sol", &id, Command::ConsentToLower).unwrap();
    world.wait(1_800);
    assert_eq!(world.paged(), ["sol"], "L2 was lowered and is left in peace");
}

#[test]
fn a_time_box_begins_again_when_the_level_is_lowered() {
    let mut world = World::new();
    let id = world.open("a");
    world.human("sol", &id, Command::Raise { level: Level::L2, reason: None }).unwrap();
    world.acknowledge("ira", &id);
    for _ in 0..3 {
        world.wait(1_500);
        world.acknowledge("ira", &id);
    }
    world.human("ira", &id, Command::Lower { level: Level::L1, reason: "nothing there".into() }).unwrap();
    world.human("sol", &id, Command::ConsentToLower).unwrap();
    world.wait(1_000);
    assert_eq!(world.incident(&id).level, Level::L1, "it was lowered 1,000 s ago, and may stay for 3,600");
}

#[test]
fn who_was_told_is_told_again_when_a_lowered_level_is_needed_again() {
    let mut world = World::new();
    let id = world.open("a");
    world.human("sol", &id, classify(|c| c.company_wide = Some(true))).unwrap();
    world.human("sol", &id, classify(|c| c.company_wide = Some(false))).unwrap();
    world.human("ciso", &id, Command::Lower { level: Level::L1, reason: "one team only".into() }).unwrap();
    world.human("sol", &id, Command::ConsentToLower).unwrap();
    world.human("sol", &id, classify(|c| c.company_wide = Some(true))).unwrap();
    assert_eq!(world.told(), ["ciso", "ciso", "cto", "cto"]);
    let open = world.pages().iter().filter(|page| page.kind == MessageKind::Tell && page.is_open()).count();
    assert_eq!(open, 2);
}

#[test]
fn a_request_to_lower_lapses_when_the_case_climbs() {
    let mut world = World::new();
    let id = world.open("a");
    world.human("sol", &id, Command::Raise { level: Level::L2, reason: None }).unwrap();
    world.human("ira", &id, Command::Lower { level: Level::L1, reason: "nothing there".into() }).unwrap();
    world.human("sol", &id, Command::Raise { level: Level::L3, reason: None }).unwrap();
    assert_eq!(world.human("mo", &id, Command::ConsentToLower), Err("nothing_to_consent".into()));
}

#[test]
fn who_was_only_told_answers_at_l1_however_often() {
    let mut world = World::new();
    let policy = Arc::make_mut(world.config.policies.get_mut("escalation").unwrap());
    policy.levels.get_mut(&Level::L2).unwrap().tell = vec![Target::Role("secops".into())];
    let id = world.open("a");
    world.human("sol", &id, classify(|c| c.severity = Some(Severity::Sev2))).unwrap();
    world.acknowledge("mo", &id);
    world.acknowledge("mo", &id);
    assert_eq!(world.lamps(&id), "told paging off off");
    assert!(!world.incident(&id).levels[&Level::L2].satisfied, "neither sen nor ira has answered");
}

#[test]
fn a_policy_without_a_first_level_climbs_at_once_and_one_that_comes_late_is_followed() {
    let mut world = World::new();
    let sound = world.config.clone();
    let policy = Arc::make_mut(world.config.policies.get_mut("escalation").unwrap());
    policy.levels.remove(&Level::L1);
    let id = world.open("a");
    assert_eq!(world.paged(), ["ira", "sen"]);
    world.acknowledge("ira", &id);
    world.config.policies.clear();
    world.open("b");
    assert_eq!(world.paged(), Vec::<String>::new(), "nobody can be asked");
    world.config = sound;
    world.wait(60);
    assert_eq!(world.paged(), ["sol"]);
}

#[test]
fn a_level_that_reaches_nobody_does_not_page_the_next_twice() {
    let mut world = World::new();
    let policy = Arc::make_mut(world.config.policies.get_mut("escalation").unwrap());
    policy.levels.get_mut(&Level::L2).unwrap().steps.clear();
    let id = world.open("a");
    world.human("sol", &id, Command::Raise { level: Level::L3, reason: None }).unwrap();
    assert_eq!(world.incident(&id).levels[&Level::L3].round, 1);
    assert_eq!(world.paged(), ["may", "mo", "sol"]);
}

#[test]
fn two_ways_that_are_due_together_go_out_together_and_none_before_its_time() {
    let mut world = World::new();
    let person = world.config.organisation.people.get_mut(&"sol".into()).unwrap();
    let mail = person.contacts[0].clone();
    person.contacts = ["mail", "push", "chat"].map(|id| Contact { id: id.into(), ..mail.clone() }).to_vec();
    let rule = |id: &str, delay_s| NotifyRule { contact: id.into(), delay_s };
    person.rules = vec![rule("mail", 0), rule("push", 60), rule("chat", 60)];
    world.open("a");
    let stream = StreamId::page(&world.pages()[0].id);
    let generation = world.pages()[0].timers()[0].generation;
    world.run(&Actor::System, &stream, &notify::Command::TimerFired { generation }.into()).unwrap();
    assert_eq!(world.pages()[0].notifications.len(), 1, "a timer that fires early starts nothing");
    world.wait(60);
    assert_eq!(world.pages()[0].notifications.len(), 3);
    assert!(world.pages()[0].timers().is_empty());
}

#[test]
fn a_page_for_somebody_who_is_only_told_may_be_lost_without_consequence() {
    let mut world = World::new();
    let id = world.open("a");
    world.human("sol", &id, classify(|c| c.company_wide = Some(true))).unwrap();
    let page = world.pages().into_iter().find(|page| page.person.as_str() == "cto").unwrap().clone();
    let notification = page.notifications.keys().next().unwrap().clone();
    let outcome = Outcome::Failed { answer: "gone".into(), permanent: true, retry_after_s: None };
    let report = notify::Command::Report { notification, attempt: 1, outcome };
    let before = world.paged();
    world.run(&Actor::System, &StreamId::page(&page.id), &report.into()).unwrap();
    assert_eq!(world.paged(), before, "those who are asked are asked on");
    let target = &world.incident(&id).levels[&Level::Executive].targets[&"cto".into()];
    assert_eq!(target.state, TargetState::Unreachable);
}

#[test]
fn somebody_asked_at_two_levels_answers_both() {
    let mut world = World::new();
    world.config.organisation.roles.get_mut(&"secops".into()).unwrap().holders = vec!["ira".into()];
    let id = world.open("a");
    world.human("sol", &id, classify(|c| c.severity = Some(Severity::Sev1))).unwrap();
    world.acknowledge("ira", &id);
    assert_eq!(world.lamps(&id), "told part part off");
    assert_eq!(world.paged(), ["may", "sen"], "each of the others is still asked");
}

#[test]
fn a_rest_does_not_keep_away_whom_a_worse_case_needs() {
    let mut world = World::new();
    let id = world.open("a");
    world.acknowledge("sol", &id);
    let until_us = world.now_us + 3_000 * S;
    world.human("sol", &id, Command::Snooze { until_us }).unwrap();
    world.human("mo", &id, classify(|c| c.severity = Some(Severity::Sev2))).unwrap();
    assert_eq!(world.paged(), ["ira", "sen"]);
}

#[test]
fn every_alert_of_a_group_is_judged() {
    let mut world = World::new();
    let policy = Arc::make_mut(world.config.policies.get_mut("escalation").unwrap());
    let many = Expression::compile("alerts >= 2").unwrap();
    policy.levels.get_mut(&Level::L2).unwrap().when.push(many);
    world.config.routing.rules.push(RoutingRule {
        name: "all".into(),
        when: Expression::compile("true").unwrap(),
        severity: None,
        customer_facing: None,
        company_wide: None,
        policy: None,
        auto_resolve: None,
        group_by: vec![Expression::compile("source").unwrap()],
    });
    let id = world.open("a");
    assert_eq!(world.paged(), ["sol"]);
    assert_eq!(world.open("b"), id);
    assert_eq!(world.paged(), ["ira", "sen", "sol"]);
}

#[test]
fn a_level_that_silence_engaged_and_an_answer_below_settled_can_be_raised_to() {
    let mut world = World::new();
    let id = world.open("a");
    world.wait(300);
    world.acknowledge("sol", &id);
    assert_eq!(world.paged(), Vec::<String>::new());
    let raise = || Command::Raise { level: Level::L2, reason: None };
    world.human("sol", &id, raise()).unwrap();
    assert_eq!(world.paged(), ["ira", "sen"]);
    assert_eq!(world.human("sol", &id, raise()), Err("invalid_field".into()), "it is at L2 by now");
}

#[test]
fn a_level_that_silence_engaged_and_the_case_then_needs_is_asked_on() {
    let mut world = World::new();
    let id = world.open("a");
    world.wait(300);
    let pages = world.pages().len();
    world.human("sol", &id, classify(|c| c.severity = Some(Severity::Sev2))).unwrap();
    assert_eq!(world.pages().len(), pages, "nobody is paged a second time for it");
    world.acknowledge("sol", &id);
    assert_eq!(world.lamps(&id), "held paging off off");
    assert_eq!(world.paged(), ["ira", "sen"]);
}

#[test]
fn a_level_that_is_only_told_is_asked_where_nobody_below_it_is_reached() {
    let mut world = World::new();
    let policy = Arc::make_mut(world.config.policies.get_mut("escalation").unwrap());
    policy.levels.get_mut(&Level::L3).unwrap().steps.clear();
    let id = world.open("a");
    world.human("sol", &id, Command::Raise { level: Level::Executive, reason: None }).unwrap();
    assert_eq!(world.paged(), ["ciso", "cto", "ira", "sen", "sol"]);
    assert_eq!(world.told(), Vec::<String>::new());
}

#[test]
fn an_incident_is_resolved_with_its_alerts_only_where_its_rule_or_else_its_integration_says_so() {
    let rule = |name: &str, auto_resolve| RoutingRule {
        name: name.into(),
        when: Expression::compile(&format!("title == 'alert {name}'")).unwrap(),
        severity: None,
        customer_facing: None,
        company_wide: None,
        policy: None,
        auto_resolve,
        group_by: Vec::new(),
    };
    let mut world = World::new();
    world.config.routing.rules =
        vec![rule("finding", Some(false)), rule("disk", Some(true)), rule("other", None)];
    for (key, resolved) in [("finding", false), ("disk", true), ("other", true), ("none", true)] {
        let id = world.open(key);
        world.signal(
            decurion_core::intake::Action::Resolve,
            key,
            decurion_core::intake::AlertSeverity::Error,
        );
        assert_eq!(world.incident(&id).is_over(), resolved, "{key}");
    }
}
