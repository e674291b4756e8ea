//! The promises can be broken, and then it is said.

use decurion_core::decide::{Loaded, Placed, State};
use decurion_core::escalation::targets::{Reached, resolve};
use decurion_core::incident::{StepSilent, TimerName};
use decurion_core::invariants::{self, History, Violation};
use decurion_core::journal::StreamId;
use decurion_core::notify::{self, How, PageGivenUp};
use decurion_core::oncall::OnCall;
use decurion_core::record::Record;

use crate::world::{START_US, World};

fn rules(violations: &[Violation]) -> Vec<&'static str> {
    violations.iter().map(|violation| violation.rule).collect()
}

/// A world with one page under way, and its journal.
fn begun() -> (World, Vec<Placed>) {
    let mut world = World::new();
    world.open("a");
    let journal = world.placed.clone();
    (world, journal)
}

fn follow(journal: &[Placed]) -> History<'static> {
    let mut history = History::new();
    for placed in journal {
        assert_eq!(history.follow(START_US, placed), []);
    }
    history
}

fn page_of(world: &World) -> notify::State {
    world.pages()[0].clone()
}

#[test]
fn a_page_decided_twice_breaks_i1_and_a_lost_version_i7() {
    let (_, journal) = begun();
    let mut history = follow(&journal);
    let decided = journal.iter().find(|placed| matches!(placed.record, Record::PageDecided(_))).unwrap();
    assert_eq!(rules(&history.follow(START_US, decided)), ["I7", "I1"]);
}

#[test]
fn a_page_given_up_while_a_way_is_left_breaks_i2() {
    let (world, journal) = begun();
    let stream = StreamId::page(&page_of(&world).id);
    let version = world.streams[&stream].version + 1;
    let placed = Placed { stream, version, record: PageGivenUp {}.into(), subject: String::new() };
    assert_eq!(rules(&follow(&journal).follow(START_US, &placed)), ["I2"]);
}

#[test]
fn a_step_that_ends_before_its_time_breaks_i3() {
    let (world, journal) = begun();
    let stream = StreamId::incident(&world.incidents()[0]);
    let silent =
        StepSilent { level: decurion_core::escalation::Level::L1, step: 0, round: 1, people: Vec::new() };
    let version = world.streams[&stream].version + 1;
    let placed = Placed { stream, version, record: silent.into(), subject: String::new() };
    assert_eq!(rules(&follow(&journal).follow(START_US + 299_999_999, &placed)), ["I3"]);
    assert_eq!(follow(&journal).follow(START_US + 300_000_000, &placed), []);
}

#[test]
fn an_incident_that_waits_for_nothing_breaks_i4_and_so_does_a_resolved_one_that_waits() {
    let (world, _) = begun();
    let mut state = world.incident(&world.incidents()[0]).clone();
    assert_eq!(invariants::incident(&state), []);
    let timers = std::mem::take(&mut state.timers);
    assert_eq!(rules(&invariants::incident(&state)), ["I4", "I4"], "nothing ahead, and a level that asks on");
    state.resolved_us = Some(START_US);
    assert_eq!(invariants::incident(&state), []);
    state.timers = timers.into_iter().filter(|(name, _)| *name == TimerName::TimeBox).collect();
    assert_eq!(rules(&invariants::incident(&state)), ["I4"]);
}

#[test]
fn a_page_with_no_way_left_breaks_i4_and_one_that_goes_on_after_its_end_i5() {
    let (world, _) = begun();
    let page = page_of(&world);
    let mut lost = page.clone();
    lost.notifications.values_mut().for_each(|known| known.progress = notify::Progress::Failed);
    assert_eq!(rules(&invariants::page(&lost)), ["I4"]);
    let how = How::Superseded { why: "resolved".to_owned() };
    let mut ended = page;
    ended.ended = Some(notify::Ended { at_us: START_US, how });
    assert_eq!(rules(&invariants::page(&ended)), ["I5"]);
}

#[test]
fn nobody_without_a_reason_breaks_i8() {
    let answer = OnCall { people: Vec::new(), nobody: None, until: None, shadows: Vec::new() };
    assert_eq!(rules(&invariants::on_call(&"l1".into(), &answer)), ["I8"]);
    assert_eq!(rules(&invariants::reached(&[], &Reached::default())), ["I8"]);
    let reached = resolve(&World::new().config, &[], START_US);
    assert_eq!(reached.holes, ["the policy names nobody"]);
}

#[test]
fn the_journal_makes_the_states_that_decisions_left() {
    let (world, journal) = begun();
    let history = follow(&journal);
    for (stream, loaded) in &world.streams {
        let empty = Loaded::empty(stream);
        let followed = history.streams().get(stream).unwrap_or(&empty);
        assert_eq!(followed, loaded, "{stream}");
        assert!(!matches!(followed.state, State::Roster(_)));
    }
}
