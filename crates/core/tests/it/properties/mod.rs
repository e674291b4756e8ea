//! Whatever happens, in whatever order: no panic, and every promise of `decurion_core::invariants` holds.
//!
//! `execute` checks its outcome in debug builds, `World` decides everything twice and folds the journal a
//! second time; what is left to say here is what comes of it in the end. `PROPTEST_CASES` scales the runs:
//! each property takes a multiple of it.

mod act;
mod change;

use std::sync::OnceLock;

use decurion_core::config::Config;
use decurion_core::escalation::Level;
use decurion_core::id::IncidentId;
use decurion_core::incident::{Command, TargetState, TimerName};
use decurion_core::org::{Contact, NotifyRule};
use decurion_core::{invariants, pack};
use proptest::prelude::*;

use crate::pack::{autumn, shipped};
use crate::world::{S, World};
use act::Act;

/// So many times the number of cases that `PROPTEST_CASES` says, 256 where it says nothing.
fn cases(times: u32) -> ProptestConfig {
    let default = ProptestConfig::default();
    ProptestConfig { cases: default.cases * times, failure_persistence: None, ..default }
}

/// The organisation that ships, with its schedules.
fn ten() -> Config {
    static TEN: OnceLock<Config> = OnceLock::new();
    TEN.get_or_init(|| pack::check(&shipped("ten"), autumn()).config.unwrap()).clone()
}

/// The same with three ways to reach everybody, two of them a minute later.
fn several_ways(mut config: Config) -> Config {
    for person in config.organisation.people.values_mut() {
        let mail = person.contacts[0].clone();
        person.contacts =
            ["mail", "push", "chat"].map(|id| Contact { id: id.into(), ..mail.clone() }).to_vec();
        let rule = |id: &str, delay_s| NotifyRule { contact: id.into(), delay_s };
        person.rules = vec![rule("mail", 0), rule("push", 60), rule("chat", 60)];
    }
    config
}

/// Lets everything happen, in order.
fn play(config: Config, acts: &[Act]) -> World {
    let sound = config.clone();
    let mut world = World::of(config);
    for act in acts {
        act.run(&mut world, &sound);
    }
    for (stream, loaded) in &world.streams {
        assert_eq!(invariants::state(stream, &loaded.state), []);
    }
    world
}

/// With people reachable again, silence pages on and on, and everybody's answer ends it.
fn ends_well(mut world: World, sound: Config) {
    world.config = sound;
    let open: Vec<IncidentId> = world.open_incidents();
    let mark = world.journal.len();
    let cycle_s = cycle_s(&world);
    world.wait(cycle_s);
    for id in &open {
        let stream = decurion_core::journal::StreamId::incident(id);
        let steps = world.journal[mark..]
            .iter()
            .filter(|(_, kind, at)| *at == stream && kind == "incident.step_started");
        let state = world.incident(id);
        assert!(state.is_over() || steps.count() > 0, "nobody was paged for {id} in {cycle_s} s: {state:#?}");
    }
    let people: Vec<String> = world.config.organisation.people.keys().map(ToString::to_string).collect();
    for id in world.open_incidents() {
        for person in &people {
            world.human(person, &id, Command::Acknowledge { via: "link" }).unwrap();
        }
        let state = world.incident(&id);
        let asked = state.open_pages().filter(|(_, _, target)| target.state == TargetState::Paged).count();
        let steps = state.timers.keys().filter(|name| matches!(name, TimerName::Step(_))).count();
        assert_eq!((asked, steps), (0, 0), "everybody answered: {state:#?}");
    }
    assert_eq!(world.paged(), Vec::<String>::new());
}

/// The longest time after which somebody is paged: a rest or an acknowledgement runs out, every step of the
/// ladder passes, and it begins again.
fn cycle_s(world: &World) -> i64 {
    let ladder = world.config.policies.values().map(|policy| {
        let steps = policy.levels.values().flat_map(|level| &level.steps).map(|step| step.timeout_s);
        steps.sum::<i64>() + policy.repeat_after_s
    });
    let held = world.open_incidents();
    let held = held.iter().flat_map(|id| world.incident(id).timers.iter());
    let held = held.filter(|(name, _)| matches!(name, TimerName::Acknowledgement | TimerName::Snooze));
    let held_us = held.map(|(_, due)| due.due_us - world.now_us).fold(0, i64::max);
    ladder.max().unwrap_or(0) + held_us.div_euclid(S) + 1
}

proptest! {
    #![proptest_config(cases(8))]

    #[test]
    fn a_small_organisation_keeps_its_promises(acts in act::sequence(40)) {
        let sound = several_ways(World::new().config);
        ends_well(play(sound.clone(), &acts), sound);
    }
}

proptest! {
    #![proptest_config(cases(1))]

    #[test]
    fn the_ten_keep_their_promises(acts in act::sequence(40)) {
        ends_well(play(ten(), &acts), ten());
    }
}

#[test]
fn a_case_that_nobody_answers_is_paged_for_a_week() {
    let mut world = World::new();
    let id = world.open("a");
    world.wait(7 * 86_400);
    let rounds = world.incident(&id).levels[&Level::L1].round;
    assert_eq!(
        rounds, 288,
        "the first climb takes 4,200 s, every later round 1,500 s at L2 and a pause of 600 s"
    );
    for person in ["sol", "sen", "ira", "mo", "may", "ciso", "cto"] {
        world.acknowledge(person, &id);
    }
    assert_eq!(world.paged(), Vec::<String>::new());
}
