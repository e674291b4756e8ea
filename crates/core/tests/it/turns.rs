//! Steps that go round, and people who learn.

use std::sync::Arc;

use decurion_core::escalation::{Level, Target};
use decurion_core::id::IncidentId;
use decurion_core::incident::TargetState;

use crate::world::World;

/// A world in which L1 pages these targets, one after the other.
fn going_round(page: Vec<Target>) -> World {
    let mut world = World::new();
    let policy = Arc::make_mut(world.config.policies.get_mut("escalation").unwrap());
    let step = &mut policy.levels.get_mut(&Level::L1).unwrap().steps[0];
    (step.page, step.round_robin) = (page, true);
    world
}

fn person(id: &str) -> Target {
    Target::Person(id.into())
}

/// Whom L1 of an incident asks.
fn asked(world: &World, id: &IncidentId) -> Vec<String> {
    let targets = &world.incident(id).levels[&Level::L1].targets;
    let paged = targets.iter().filter(|(_, target)| target.state == TargetState::Paged);
    paged.map(|(person, _)| person.to_string()).collect()
}

fn opened(world: &mut World, keys: &[&str]) -> Vec<Vec<String>> {
    let ids: Vec<IncidentId> = keys.iter().map(|key| world.open(key)).collect();
    ids.iter().map(|id| asked(world, id)).collect()
}

#[test]
fn each_new_incident_goes_to_the_next_target() {
    let mut world = going_round(vec![person("sol"), person("sen"), person("ira")]);
    assert_eq!(opened(&mut world, &["a", "b", "c", "d"]), [["sol"], ["sen"], ["ira"], ["sol"]]);
    let turns = world.journal.iter().filter(|(_, kind, _)| kind == "policy.turn_taken");
    assert!(turns.map(|(.., stream)| stream.as_str()).all(|stream| stream == "turns:escalation"));
}

#[test]
fn the_holders_of_a_role_take_turns_and_those_on_call_together_stay_together() {
    let mut world = going_round(vec![Target::Role("soc".into()), Target::Schedule("pair".into())]);
    world.config.organisation.roles.get_mut(&"soc".into()).unwrap().holders =
        vec!["sol".into(), "sen".into()];
    let pair = serde_json::json!({ "id": "pair", "name": "Pair", "zone": "UTC", "layers": [
        { "name": "both", "rotation": { "participants": [["mo", "may"]] } } ] });
    world.config.schedules.insert("pair".into(), serde_json::from_value(pair).unwrap());
    let expected = [vec!["sol"], vec!["sen"], vec!["may", "mo"], vec!["sol"]];
    assert_eq!(opened(&mut world, &["a", "b", "c", "d"]), expected);
}

#[test]
fn who_cannot_be_reached_is_passed_over_and_it_is_said() {
    let mut world = going_round(vec![person("sol"), person("sen"), person("ira")]);
    world.config.organisation.people.get_mut(&"sen".into()).unwrap().contacts.clear();
    assert_eq!(opened(&mut world, &["a", "b", "c"]), [["sol"], ["ira"], ["ira"]]);
    let second = world.open_incidents().into_iter().find(|id| world.incident(id).title == "alert b").unwrap();
    assert_eq!(world.incident(&second).levels[&Level::L1].holes, ["sen has no usable contact method"]);
}

#[test]
fn silence_in_one_incident_goes_on_to_the_next_and_takes_nobodys_turn() {
    let mut world = going_round(vec![person("sol"), person("sen"), person("ira")]);
    let first = world.open("a");
    assert_eq!(asked(&world, &first), ["sol"]);
    world.wait(300 + 900 + 600 + 900 + 900 + 600);
    assert_eq!(world.incident(&first).levels[&Level::L1].round, 2);
    assert_eq!(asked(&world, &first), ["sen"]);
    let second = world.open("b");
    assert_eq!(asked(&world, &second), ["sen"]);
}

#[test]
fn who_goes_next_is_said_beforehand() {
    let mut world = World::new();
    let policy = Arc::make_mut(world.config.policies.get_mut("escalation").unwrap());
    let step = &mut policy.levels.get_mut(&Level::L2).unwrap().steps[0];
    step.round_robin = true;
    let id = world.open("a");
    assert_eq!(world.next_text(&id), "the next of sen, ira is paged");
}

#[test]
fn those_who_learn_are_told_and_never_asked() {
    let mut world = World::new();
    let duty = serde_json::json!({ "id": "duty", "name": "Duty", "zone": "UTC", "layers": [
        { "name": "duty", "rotation": { "participants": ["sol"] } },
        { "name": "newcomers", "shadow": true, "rotation": { "participants": ["may"] } } ] });
    world.config.schedules.insert("duty".into(), serde_json::from_value(duty).unwrap());
    let policy = Arc::make_mut(world.config.policies.get_mut("escalation").unwrap());
    policy.levels.get_mut(&Level::L1).unwrap().steps[0].page = vec![Target::Schedule("duty".into())];
    let id = world.open("a");
    assert_eq!((world.paged(), world.told()), (vec!["sol".to_owned()], vec!["may".to_owned()]));
    let state = |world: &World| world.incident(&id).levels[&Level::L1].targets[&"may".into()].state;
    assert_eq!(state(&world), TargetState::Told);
    // The silence of the one who is asked climbs, whoever was told.
    world.wait(300);
    assert_eq!(world.lamps(&id), "silent paging off off");
    assert_eq!(state(&world), TargetState::Told);
}
