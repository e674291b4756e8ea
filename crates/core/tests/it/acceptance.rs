//! Accepting findings on a server: who may, what is refused, and what it does to the proof.

use std::collections::BTreeSet;

use decurion_core::access::{AccountRole, Actor};
use decurion_core::config::Config;
use decurion_core::coverage::{self, Accepted, CoverageFinding};
use decurion_core::decide::{Refusal, State, Stop};
use decurion_core::journal::StreamId;
use decurion_core::pack;
use decurion_core::record::Record;
use decurion_core::roster::{Acceptance, Command, LONGEST_DAYS};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

use crate::pack::{autumn, shipped};
use crate::world::{S, START_US, World};

const DAY: i64 = 86_400 * S;

fn actor(person: Option<&str>, role: AccountRole) -> Actor {
    Actor::Account { id: "acc".into(), person: person.map(Into::into), role }
}

fn at(us: i64) -> Timestamp {
    Timestamp::from_microsecond(us).unwrap()
}

fn accept(id: &str, key: &str, until_us: i64) -> Command {
    let finding = Accepted {
        key: key.into(),
        author: "mo".into(),
        reason: "Two more are learning.".into(),
        until: at(until_us),
    };
    Command::AcceptFinding(Box::new(Acceptance { id: id.into(), finding }))
}

fn revoke(id: &str) -> Command {
    Command::RevokeAcceptance { id: id.into(), by: "mo".into() }
}

fn run(world: &mut World, actor: &Actor, command: Command) -> Result<(), Refusal> {
    match world.run(actor, &StreamId::config(), &command.into()) {
        Ok(_) => Ok(()),
        Err(Stop::Refused(refusal)) => Err(refusal),
        Err(other) => panic!("{other:?}"),
    }
}

/// The ids of what holds now, as the stream's state says.
fn holding(world: &World) -> BTreeSet<String> {
    let Some(loaded) = world.streams.get(&StreamId::config()) else { return BTreeSet::new() };
    let State::Roster(state) = &loaded.state else { panic!("{loaded:?}") };
    let holding = state.acceptances.iter().filter(|(_, known)| known.holds(world.now_us));
    holding.map(|(id, _)| id.to_string()).collect()
}

#[test]
fn those_who_run_the_roster_and_administrators_accept_and_nobody_else() {
    let mut world = World::new();
    let until_us = START_US + 30 * DAY;
    let responder = actor(Some("sen"), AccountRole::Responder);
    let refused = run(&mut world, &responder, accept("cov_1", "COV-8/sol", until_us)).unwrap_err();
    assert_eq!(refused.code, "not_yours");
    let manager = actor(Some("mo"), AccountRole::Responder);
    run(&mut world, &manager, accept("cov_1", "COV-8/sol", until_us)).unwrap();
    assert_eq!(run(&mut world, &responder, revoke("cov_1")).unwrap_err().code, "not_yours");
    let admin = actor(None, AccountRole::Admin);
    run(&mut world, &admin, accept("cov_2", "COV-8/sen", until_us)).unwrap();
    run(&mut world, &admin, revoke("cov_1")).unwrap();
    assert_eq!(holding(&world), BTreeSet::from(["cov_2".to_owned()]));
    assert_eq!(run(&mut world, &admin, revoke("cov_1")).unwrap_err().code, "not_found");
    world.now_us = until_us;
    assert!(holding(&world).is_empty(), "it ends by itself");
    assert_eq!(run(&mut world, &admin, revoke("cov_2")).unwrap_err().code, "not_found");
}

#[test]
fn an_acceptance_names_what_is_wrong_with_it() {
    let mut world = World::new();
    let manager = actor(Some("mo"), AccountRole::Responder);
    let soon_us = START_US + DAY;
    let mut field = |command| run(&mut world, &manager, command).unwrap_err().field;
    assert_eq!(field(accept("cov_1", "everything", soon_us)), Some("key"));
    assert_eq!(field(accept("cov_1", "COV-99/sol", soon_us)), Some("key"));
    assert_eq!(field(accept("cov_1", "COV-17/COV-8/sol", soon_us)), Some("key"), "that one is revoked");
    assert_eq!(field(accept("cov_1", "COV-8/sol", START_US)), Some("until_us"));
    assert_eq!(field(accept("cov_1", "COV-8/sol", START_US + LONGEST_DAYS * DAY + 1)), Some("until_us"));
    let mut silent = accept("cov_1", "COV-8/sol", soon_us);
    if let Command::AcceptFinding(acceptance) = &mut silent {
        acceptance.finding.reason = " \n".into();
    }
    assert_eq!(field(silent), Some("reason"));
    run(&mut world, &manager, accept("cov_1", "COV-8/sol", START_US + LONGEST_DAYS * DAY)).unwrap();
    let twice = run(&mut world, &manager, accept("cov_2", "COV-8/sol", soon_us)).unwrap_err();
    assert_eq!(twice.code, "already_accepted");
    assert!(twice.message.contains("cov_1"), "{}", twice.message);
}

/// The ten with an hour a day without anybody, a turn taker who is never reached and one who lacks a certificate.
fn broken() -> Config {
    let mut files = shipped("ten");
    for (file, from, to) in [
        ("schedules/l1.yaml", "end: \"16:00\"}", "end: \"15:00\"}"),
        ("escalation/escalation.yaml", "{schedule: l1}, {schedule: l1-second}", "{schedule: l1}"),
        (
            "organisation.yaml",
            "{id: mailbox, channel: mailbox}",
            "{id: mailbox, channel: mailbox, enabled: false}",
        ),
    ] {
        let text = files.get_mut(file).unwrap();
        assert!(text.contains(from), "{file}");
        *text = text.replacen(from, to, 1);
    }
    pack::check(&files, autumn()).config.expect("it compiles")
}

fn look(config: &Config, from: Timestamp) -> Vec<CoverageFinding> {
    coverage::check(config, from, 20)
}

/// The same without who accepted what.
fn bare(findings: Vec<CoverageFinding>) -> Vec<CoverageFinding> {
    let bare = findings.into_iter().map(|finding| CoverageFinding { accepted: None, ..finding });
    bare.collect()
}

fn entered(number: usize, key: &str, until: Timestamp) -> Acceptance {
    let (author, reason) = ("ingrid".into(), format!("reason {number}"));
    let finding = Accepted { key: key.to_owned(), author, reason, until };
    Acceptance { id: format!("cov_{number}").as_str().into(), finding }
}

#[test]
fn an_entered_acceptance_stands_beside_the_pack_and_survives_the_next_one() {
    let mut config = broken();
    let until = autumn() + SignedDuration::from_hours(48);
    config.acceptances.push(entered(1, "COV-2/ingrid", until));
    config.set_pack(broken());
    let found = look(&config, autumn());
    let marked: Vec<_> = found.iter().filter(|finding| finding.accepted.is_some()).collect();
    assert_eq!(marked.iter().map(|finding| finding.key.as_str()).collect::<Vec<_>>(), ["COV-2/ingrid"]);
    let by = marked[0].accepted.as_ref().unwrap();
    assert_eq!((by.id.as_ref().unwrap().as_str(), by.author.as_str()), ("cov_1", "ingrid"));
    assert_eq!((by.reason.as_str(), by.until), ("reason 1", until));
}

#[test]
fn an_entered_acceptance_of_what_is_mended_is_said_and_one_that_has_ended_is_not() {
    let mut config = broken();
    config.acceptances.push(entered(1, "COV-8/yuki", autumn() + SignedDuration::from_hours(48)));
    // Both in the pack and entered: said once.
    config.accepted.push(entered(2, "COV-8/yuki", autumn() + SignedDuration::from_hours(48)).finding);
    // About one moment, which is over.
    let moment = "COV-9/yuki@2026-08-30T06:00:00Z";
    config.acceptances.push(entered(3, moment, autumn() + SignedDuration::from_hours(48)));
    let idle = |config: &Config, from| {
        let found = look(config, from);
        let keys = found.into_iter().filter(|finding| finding.rule == coverage::ACCEPTANCE);
        keys.map(|finding| finding.key).collect::<Vec<_>>()
    };
    assert_eq!(idle(&config, autumn()), ["COV-17/COV-8/yuki"]);
    config.accepted.clear();
    assert_eq!(idle(&config, autumn() + SignedDuration::from_hours(48)), Vec::<String>::new());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Whatever is accepted: nothing is hidden and nothing else changes; what is marked is what was accepted and
    /// has not ended, and only what is not marked fails.
    #[test]
    fn accepting_marks_and_hides_nothing(picks in prop::collection::vec((any::<prop::sample::Index>(), any::<bool>(), -48..96_i64), 0..12)) {
        let mut config = broken();
        let plain = look(&config, autumn());
        let mut wanted = BTreeSet::new();
        for (number, (pick, whole, hours)) in picks.into_iter().enumerate() {
            let key = &pick.get(&plain).key;
            let subject = key.split('@').next().unwrap_or_default();
            let accepted = if whole { subject } else { key };
            config.acceptances.push(entered(number, accepted, autumn() + SignedDuration::from_hours(hours)));
            let covered = plain.iter().filter(|f| f.key == accepted || f.key.starts_with(&format!("{accepted}@")));
            wanted.extend(covered.filter(|_| hours > 0).map(|finding| finding.key.clone()));
        }
        let found = look(&config, autumn());
        let marked: BTreeSet<_> = found.iter().filter(|f| f.accepted.is_some()).map(|f| f.key.clone()).collect();
        prop_assert_eq!(marked, wanted);
        prop_assert!(found.iter().all(|f| !(f.accepted.is_some() && f.fails())));
        prop_assert_eq!(bare(found), plain);
    }

    /// Whatever people do in whatever order: a key is accepted once at a time, nothing holds past its end, and
    /// whoever reads the records has the same as the stream.
    #[test]
    fn a_key_is_accepted_once_at_a_time(steps in prop::collection::vec((0..4_usize, 0..3_usize, 1..20_i64, 0..6_i64), 1..40)) {
        let mut world = World::new();
        let manager = actor(Some("mo"), AccountRole::Responder);
        let keys = ["COV-8/sol", "COV-8/sen", "COV-2/ira"];
        for (number, (what, key, days, pause)) in steps.into_iter().enumerate() {
            world.now_us += pause * DAY;
            let before = holding(&world);
            let command = match before.iter().next() {
                Some(id) if what == 0 => revoke(id),
                _ => accept(&format!("cov_{number}"), keys[key], world.now_us + days * DAY),
            };
            let _ = run(&mut world, &manager, command);
            let mut recorded: Vec<Acceptance> = Vec::new();
            for placed in &world.placed {
                match &placed.record {
                    Record::FindingAccepted(accepted) => recorded.push(accepted.acceptance.clone()),
                    Record::AcceptanceRevoked(revoked) => recorded.retain(|known| known.id != revoked.id),
                    _ => {}
                }
            }
            recorded.retain(|known| known.finding.until > at(world.now_us));
            let held: BTreeSet<_> = recorded.iter().map(|known| known.finding.key.clone()).collect();
            prop_assert_eq!(held.len(), recorded.len(), "once at a time");
            let ids: BTreeSet<_> = recorded.iter().map(|known| known.id.to_string()).collect();
            prop_assert_eq!(ids, holding(&world));
        }
    }
}
