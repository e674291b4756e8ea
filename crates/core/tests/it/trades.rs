//! Trades: a shift against a shift, on one schedule and across two, whole or not at all.

use std::collections::{BTreeMap, BTreeSet};

use decurion_core::access::{AccountRole, Actor};
use decurion_core::config::Config;
use decurion_core::decide::{Refusal, Stop};
use decurion_core::id::{PersonId, ScheduleId};
use decurion_core::journal::StreamId;
use decurion_core::oncall::{Override, Schedule, on_call};
use decurion_core::record::Record;
use decurion_core::roster::{Ask, Command, InReturn, Rehearsal, Span, SwapState, Take, TakeOver, rehearse};
use jiff::Timestamp;
use proptest::prelude::*;

use crate::world::{S, World};

const HOUR: i64 = 3_600 * S;
const DAY: i64 = 24 * HOUR;
/// Monday 00:00 UTC, after [`crate::world::START_US`].
const MONDAY: i64 = 1_792_368_000_000_000;
/// What the properties look at, in hours from Monday on.
const HOURS: i64 = 14 * 24;
const PEOPLE: [&str; 4] = ["sol", "sen", "ira", "may"];

/// Daily turns from Monday on.
fn schedule(id: &str, participants: &[&str]) -> Schedule {
    let text = serde_json::json!({
        "id": id, "name": id, "zone": "UTC",
        "layers": [{"name": "days", "rotation": {
            "unit": "daily", "start": "2026-10-19T00:00:00", "participants": participants,
        }}],
    });
    serde_json::from_value(text).unwrap()
}

fn as_person(id: &str) -> Actor {
    Actor::Account { id: id.into(), person: Some(id.into()), role: AccountRole::Responder }
}

fn day(number: i64) -> Span {
    Span { start_us: MONDAY + number * DAY, end_us: MONDAY + (number + 1) * DAY }
}

/// The small organisation with two schedules, a week before their first turns.
struct Two {
    world: World,
}

impl Two {
    fn new(day: &[&str], night: &[&str]) -> Self {
        let mut world = World::new();
        let schedules = [schedule("day", day), schedule("night", night)];
        world.config.schedules =
            schedules.into_iter().map(|schedule| (schedule.id.clone(), schedule)).collect();
        world.now_us = MONDAY - 7 * DAY;
        for id in ["day", "night"] {
            let stream = StreamId::schedule(&id.into());
            world.run(&Actor::System, &stream, &Command::Review.into()).unwrap();
        }
        Self { world }
    }

    fn run(&mut self, actor: &Actor, schedule: &str, command: Command) -> Result<(), Refusal> {
        match self.world.run(actor, &StreamId::schedule(&schedule.into()), &command.into()) {
            Ok(_) => {
                self.follow();
                Ok(())
            }
            Err(Stop::Refused(refusal)) => Err(refusal),
            Err(other) => panic!("{other:?}"),
        }
    }

    /// Overrides become configuration, as a node does it.
    fn follow(&mut self) {
        let mut overrides: BTreeMap<ScheduleId, Vec<Override>> = BTreeMap::new();
        for placed in &self.world.placed {
            match &placed.record {
                Record::OverrideAdded(added) => {
                    overrides.entry(added.entry.schedule.clone()).or_default().push(added.entry.clone());
                }
                Record::OverrideRemoved(removed) => {
                    let own = overrides.entry(removed.schedule.clone()).or_default();
                    own.retain(|entry| entry.id != removed.id);
                }
                _ => {}
            }
        }
        self.world.config.overrides = overrides;
    }

    fn take(&mut self, by: &str, schedule: &str) -> Result<(), Refusal> {
        let take = Take { id: "swp_1".into(), by: by.into(), span: None };
        self.run(&as_person(by), schedule, Command::TakeSwap(take))
    }

    fn state(&self) -> SwapState {
        let mut swaps = self.world.streams.values().filter_map(|loaded| match &loaded.state {
            decurion_core::decide::State::Roster(state) => state.swaps.values().next(),
            _ => None,
        });
        swaps.next().unwrap().state
    }
}

fn ask(person: &str, span: Span, in_return: InReturn) -> Ask {
    let (id, person, reason) = ("swp_1".into(), person.into(), "a wedding".to_owned());
    Ask { id, person, span, people: Vec::new(), in_return: Some(in_return), reason }
}

fn on(schedule: &str, span: Span) -> InReturn {
    InReturn { schedule: Some(schedule.into()), span }
}

/// Who is on call on a schedule, hour by hour.
fn hours(config: &Config, schedule: &str) -> Vec<BTreeSet<PersonId>> {
    let id = ScheduleId::from(schedule);
    let at = |hour: i64| {
        let at = Timestamp::from_microsecond(MONDAY + hour * HOUR).unwrap();
        on_call(&config.schedules[&id], config.overrides_of(&id), at).people.into_iter().collect()
    };
    (0..HOURS).map(at).collect()
}

fn at(two: &Two, schedule: &str, span: Span) -> Vec<String> {
    let hour = usize::try_from((span.start_us - MONDAY) / HOUR).unwrap();
    hours(&two.world.config, schedule)[hour].iter().map(ToString::to_string).collect()
}

#[test]
fn a_trade_across_two_schedules_is_one_decision_and_goes_back_as_one() {
    let mut two = Two::new(&["sol", "ira"], &["may", "sen"]);
    // Sol's Monday by day against sen's Tuesday by night.
    let asked = ask("sol", day(0), on("night", day(1)));
    two.run(&as_person("sol"), "day", Command::AskSwap(Box::new(asked))).unwrap();
    assert_eq!(two.take("ira", "day").unwrap_err().code, "not_asked");
    two.take("sen", "day").unwrap();
    assert_eq!(
        (at(&two, "day", day(0)), at(&two, "night", day(1))),
        (vec!["sen".into()], vec!["sol".into()])
    );
    assert_eq!(two.state(), SwapState::Taken);

    let id = two.world.config.overrides_of(&"night".into())[0].id.clone();
    let remove = Command::RemoveOverride { id, schedule: "night".into() };
    assert_eq!(two.run(&as_person("ira"), "night", remove.clone()).unwrap_err().code, "not_yours");
    two.run(&as_person("sol"), "night", remove).unwrap();
    assert_eq!(
        (at(&two, "day", day(0)), at(&two, "night", day(1))),
        (vec!["sol".into()], vec!["sen".into()])
    );
    assert_eq!(two.state(), SwapState::Open, "one half gives back both");

    two.take("sen", "day").unwrap();
    let undo = Command::UndoSwap { id: "swp_1".into(), part: None, reason: String::new() };
    two.run(&as_person("sen"), "day", undo).unwrap();
    assert!(two.world.config.overrides.values().all(Vec::is_empty));
}

#[test]
fn a_trade_whose_other_half_no_longer_fits_does_not_happen_at_all() {
    let mut two = Two::new(&["sol", "ira"], &["may", "sen"]);
    let asked = ask("sol", day(0), on("night", day(1)));
    two.run(&as_person("sol"), "day", Command::AskSwap(Box::new(asked))).unwrap();
    let over = TakeOver {
        id: "swp_2".into(),
        person: "sen".into(),
        by: "may".into(),
        span: day(1),
        reason: String::new(),
    };
    two.run(&as_person("may"), "night", Command::TakeOver(Box::new(over))).unwrap();
    let records = two.world.placed.len();
    let refused = two.take("sen", "day").unwrap_err();
    assert!(refused.message.contains("sen is not on call on night"), "{}", refused.message);
    assert_eq!(two.world.placed.len(), records, "nothing of it is kept");
    assert_eq!(at(&two, "day", day(0)), ["sol"]);
}

#[test]
fn what_cannot_be_a_trade_is_refused_when_it_is_asked() {
    use decurion_core::org::Certificate;
    let mut two = Two::new(&["sol", "sen"], &["sol", "ira"]);
    let mut message = |person: &str, span: Span, in_return: InReturn| {
        let command = Command::AskSwap(Box::new(ask(person, span, in_return)));
        let refused = two.run(&as_person(person), "day", command).unwrap_err();
        assert_eq!(refused.field, Some("in_return"), "{}", refused.message);
        refused.message
    };
    assert!(message("sol", day(0), on("nothing", day(1))).contains("no schedule nothing"));
    let early = Span { start_us: MONDAY - 30 * DAY, end_us: MONDAY };
    assert!(message("sol", day(0), on("night", early)).contains("must lie ahead"));
    let both = Span { start_us: MONDAY, end_us: MONDAY + 2 * DAY };
    assert!(message("sol", both, on("day", day(1))).contains("must not overlap"));
    assert!(message("sol", day(0), on("night", day(2))).contains("nobody whom you ask"), "sol's own night");

    let config = &mut two.world.config;
    config.schedules.get_mut(&ScheduleId::from("night")).unwrap().requires = vec!["l1".into()];
    let asked = Command::AskSwap(Box::new(ask("sol", day(0), on("night", day(1)))));
    let refused = two.run(&as_person("sol"), "day", asked.clone()).unwrap_err();
    assert!(refused.message.contains("sol is not certified for `l1`"), "{}", refused.message);
    let sol = two.world.config.organisation.people.get_mut(&PersonId::from("sol")).unwrap();
    sol.certified = vec![Certificate { id: "l1".into(), until: None }];
    two.run(&as_person("sol"), "day", asked).unwrap();
}

#[test]
fn a_rehearsal_answers_what_would_be_decided_and_keeps_nothing() {
    let two = Two::new(&["sol", "ira"], &["may", "sen"]);
    let asked = ask("sol", day(0), on("night", day(1)));
    let take = Take { id: "swp_1".into(), by: "sen".into(), span: None };
    let commands = |take: Take| {
        let stream = StreamId::schedule(&"day".into());
        let ask = Command::AskSwap(Box::new(asked.clone()));
        let taker = as_person(take.by.as_str());
        [(as_person("sol"), stream.clone(), ask), (taker, stream, Command::TakeSwap(take))]
    };
    let (config, now_us) = (&two.world.config, two.world.now_us);
    let Rehearsal { config: after, asked: made } =
        rehearse(config, now_us, &[], &commands(take.clone())).unwrap();
    assert_eq!(hours(&after, "night")[24], BTreeSet::from([PersonId::from("sol")]));
    assert_eq!(hours(config, "night")[24], BTreeSet::from([PersonId::from("sen")]));
    assert_eq!(made[0].asked, [PersonId::from("sen")]);
    let wrong = Take { by: "sol".into(), ..take };
    let refused = rehearse(config, now_us, &[], &commands(wrong)).unwrap_err();
    assert_eq!(refused.field, Some("by_person_id"));
}

fn turns() -> impl Strategy<Value = Vec<&'static str>> {
    proptest::sample::subsequence(PEOPLE.to_vec(), 2..=4).prop_shuffle()
}

fn stretch() -> impl Strategy<Value = Span> {
    (0..HOURS - 60, 1..60_i64).prop_map(|(start, length)| Span {
        start_us: MONDAY + start * HOUR,
        end_us: MONDAY + (start + length) * HOUR,
    })
}

/// What a stretch should look like after: one takes the place of the other in it, nothing changes elsewhere.
fn exchanged(
    before: &[BTreeSet<PersonId>],
    span: Span,
    (gives, takes): (&PersonId, &PersonId),
) -> Vec<BTreeSet<PersonId>> {
    let mut after = before.to_vec();
    for (hour, people) in (0..).zip(&mut after) {
        let at_us = MONDAY + hour * HOUR;
        if span.start_us <= at_us && at_us < span.end_us && people.remove(gives) {
            people.insert(takes.clone());
        }
    }
    after
}

fn heads(hours: &[BTreeSet<PersonId>]) -> Vec<usize> {
    hours.iter().map(BTreeSet::len).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    /// Whatever is traded: inside the two stretches the two change places, so that both stay covered by as many
    /// as before; nothing else moves; nobody else's load changes; giving it back leaves no trace; and what is
    /// refused changes nothing.
    #[test]
    fn a_trade_exchanges_two_stretches_and_nothing_else(
        (by_day, by_night) in (turns(), turns()),
        (span, other) in (stretch(), stretch()),
        asker in proptest::sample::select(PEOPLE.to_vec()),
        across in any::<bool>(),
    ) {
        let mut two = Two::new(&by_day, &by_night);
        let there = if across { "night" } else { "day" };
        let before = [hours(&two.world.config, "day"), hours(&two.world.config, "night")];
        let asked = ask(asker, span, on(there, other));
        let allowed = two.run(&as_person(asker), "day", Command::AskSwap(Box::new(asked)));
        let taker = two.world.placed.iter().rev().find_map(|placed| match &placed.record {
            Record::SwapAsked(asked) => asked.asked.first().cloned(),
            _ => None,
        });
        prop_assert_eq!(allowed.is_ok(), taker.is_some());
        let Some(taker) = taker else { return Ok(()) };
        two.take(taker.as_str(), "day").unwrap();

        let asker = PersonId::from(asker);
        let mut expected = before.clone();
        expected[0] = exchanged(&expected[0], span, (&asker, &taker));
        let back = usize::from(across);
        expected[back] = exchanged(&expected[back], other, (&taker, &asker));
        let after = [hours(&two.world.config, "day"), hours(&two.world.config, "night")];
        prop_assert_eq!(&after, &expected);
        for (was, is) in before.iter().zip(&after) {
            prop_assert_eq!(heads(was), heads(is));
        }
        let undo = Command::UndoSwap { id: "swp_1".into(), part: None, reason: String::new() };
        two.run(&as_person(taker.as_str()), "day", undo).unwrap();
        prop_assert_eq!([hours(&two.world.config, "day"), hours(&two.world.config, "night")], before);
    }
}
