//! An alert that did not happen, over the pack that ships.

use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

use decurion_core::config::Config;
use decurion_core::decide::Refusal;
use decurion_core::escalation::{Level, Target};
use decurion_core::id::PersonId;
use decurion_core::incident::Severity;
use decurion_core::org::Channel;
use decurion_core::pack;
use decurion_core::whatif::{Assumptions, Case, End, Run, What, WhatIf, levels};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

use crate::pack::shipped;
use crate::world::S;

const HOUR_US: i64 = 3_600 * S;

static TEN: LazyLock<Config> =
    LazyLock::new(|| pack::compile_again(&shipped("ten")).expect("the pack that ships compiles"));

fn ten() -> Config {
    TEN.clone()
}

fn at(text: &str) -> i64 {
    text.parse::<Timestamp>().expect("an instant").as_microsecond()
}

fn silent(people: &[&str]) -> Assumptions {
    Assumptions { silent: people.iter().map(|id| PersonId::from(*id)).collect(), ..Assumptions::default() }
}

fn run(config: &Config, case: &Case, assumptions: &Assumptions, at_us: i64) -> Run {
    WhatIf::new(config, case, assumptions).expect("it is known").at(at_us)
}

/// What happened, with minutes since the alert.
fn story(run: &Run) -> Vec<String> {
    let minute = |at_us: i64| (at_us - run.at_us) / 60 / S;
    let line = |entry: &decurion_core::whatif::Entry| {
        let people = entry.people.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
        let level = entry.level.map(|level| level.to_string()).unwrap_or_default();
        format!("{} {:?} {level} {people}", minute(entry.at_us), entry.what).trim_end().to_owned()
    };
    run.entries.iter().map(line).collect()
}

#[test]
fn whoever_is_paged_first_answers_at_once() {
    let run = run(&ten(), &Case::default(), &Assumptions::default(), at("2026-09-01T10:00:00Z"));
    assert_eq!((run.end, run.to_human_us), (End::Answered, Some(0)));
    assert_eq!(run.answered_by, Some("leila".into()));
    assert_eq!(run.answered_at, Some(Level::L1));
    assert_eq!(
        story(&run),
        ["0 Opened", "0 Engaged L1", "0 Paged L1 leila", "0 Sent L1 leila", "0 Answered L1 leila"]
    );
    assert!(run.entries[2].text.starts_with("Paged "), "{}", run.entries[2].text);
}

#[test]
fn silence_falls_to_the_second_and_the_answer_takes_as_long_as_said() {
    let mut assumptions = silent(&["leila"]);
    assumptions.reaction_s = 90;
    let run = run(&ten(), &Case::default(), &assumptions, at("2026-09-01T10:00:00Z"));
    assert_eq!(run.to_human_us, Some((300 + 90) * S));
    assert_eq!(run.asked.len(), 2, "{:?}", run.asked);
    assert!(run.entries.iter().any(|entry| entry.what == What::Silent));
}

#[test]
fn when_nobody_answers_the_ladder_is_exhausted_and_says_when_it_begins_again() {
    let config = ten();
    let everybody = Assumptions {
        silent: config.organisation.people.keys().cloned().collect(),
        ..Assumptions::default()
    };
    let run = run(&config, &Case::default(), &everybody, at("2026-09-01T10:00:00Z"));
    assert_eq!((run.end, run.to_human_us, run.answered_by.clone()), (End::Exhausted, None, None));
    let again_s = (run.again_us.expect("it begins again") - run.exhausted_us.expect("it ends")) / S;
    assert_eq!(again_s, 600);
    let engaged: Vec<_> = run
        .entries
        .iter()
        .filter(|entry| entry.what == What::Engaged)
        .filter_map(|entry| entry.level)
        .collect();
    assert_eq!(engaged, Level::ALL);
}

#[test]
fn routing_decides_unless_the_case_says_otherwise() {
    let config = ten();
    let mut case = Case { integration: Some("guardduty".to_owned()), ..Case::default() };
    case.alert_severity = Some(decurion_core::intake::AlertSeverity::Critical);
    let noon = at("2026-09-01T10:00:00Z");
    let routed = run(&config, &case, &Assumptions::default(), noon);
    assert_eq!(routed.severity, Severity::Sev2);
    assert_eq!(routed.rule.as_deref(), Some("guardduty-critical"));
    case.severity = Some(Severity::Sev4);
    let said = run(&config, &case, &Assumptions::default(), noon);
    assert_eq!(said.severity, Severity::Sev4);
    assert!(said.entries.iter().all(|entry| entry.level != Some(Level::L2)), "sev4 needs no L2");
}

#[test]
fn a_channel_that_is_down_costs_the_time_of_its_attempts() {
    let config = ten();
    let down = Assumptions { channels_down: Channel::ALL.into_iter().collect(), ..Assumptions::default() };
    let run = run(&config, &Case::default(), &down, at("2026-09-01T10:00:00Z"));
    assert_eq!(run.end, End::Exhausted);
    assert!(run.entries.iter().any(|entry| entry.what == What::Failed));
    assert!(run.entries.iter().any(|entry| entry.what == What::Unreachable), "{:#?}", story(&run));
    let patient = silent(&[]);
    let quick = self::run(&config, &Case::default(), &patient, at("2026-09-01T10:00:00Z"));
    assert_eq!(quick.to_human_us, Some(0));
}

#[test]
fn somebody_who_is_away_is_stood_in_for_and_somebody_silent_is_not() {
    let config = ten();
    let holder = config.organisation.roles[&"ir_lead".into()].holders[0].clone();
    let deputy = config.organisation.roles[&"ir_lead".into()].deputies[0].clone();
    let case = Case { severity: Some(Severity::Sev2), ..Case::default() };
    let noon = at("2026-09-01T10:00:00Z");
    let asked = |assumptions: &Assumptions| {
        let run = run(&config, &case, assumptions, noon);
        let second = |entry: &&decurion_core::whatif::Entry| {
            entry.what == What::Paged && entry.level == Some(Level::L2)
        };
        run.entries.iter().find(second).expect("L2 is paged").people.clone()
    };
    assert!(asked(&silent(&[holder.as_str()])).contains(&holder));
    let away = Assumptions { absent: BTreeSet::from([holder.clone()]), ..Assumptions::default() };
    let people = asked(&away);
    assert!(people.contains(&deputy) && !people.contains(&holder), "{people:?}");
}

#[test]
fn what_the_configuration_does_not_have_is_refused_by_its_name() {
    let config = ten();
    let refusal = |case: &Case, assumptions: &Assumptions| -> Refusal {
        WhatIf::new(&config, case, assumptions).map(drop).expect_err("it is refused")
    };
    let none = Assumptions::default();
    let of = |integration: &str| Case { integration: Some(integration.to_owned()), ..Case::default() };
    assert_eq!(refusal(&of("nagios"), &none).field, Some("integration"));
    assert!(refusal(&of("aws"), &none).message.contains("aws-cloudwatch, aws-guardduty"));
    let policy = Case { policy: Some("gone".to_owned()), ..Case::default() };
    assert_eq!(refusal(&policy, &none).field, Some("policy"));
    assert_eq!(refusal(&Case::default(), &silent(&["nobody"])).field, Some("silent"));
    let slow = Assumptions { reaction_s: 200_000, ..Assumptions::default() };
    assert_eq!(refusal(&Case::default(), &slow).field, Some("reaction_s"));
}

#[test]
fn a_sweep_names_the_worst_instant_and_an_hour_is_as_bad_as_its_worst_moment() {
    let config = ten();
    let assumptions = silent(&["leila", "yuki"]);
    let case = Case::default();
    let what_if = WhatIf::new(&config, &case, &assumptions).expect("it is known");
    let from = at("2026-09-01T00:00:00Z");
    let sweep = what_if.sweep(from, from + 90 * 24 * HOUR_US);
    let worst = sweep.worst.clone().expect("there are instants");
    assert_eq!(worst.to_human_us, Some(300 * S), "the second answers after five minutes");
    let longest = sweep.pieces.iter().filter_map(|piece| piece.to_human_us).max();
    assert_eq!(worst.to_human_us, longest);
    let hours = (0..90 * 24).step_by(7).map(|hour| from + hour * HOUR_US);
    for hour in hours {
        let piece = sweep.worst_within(hour, hour + HOUR_US).expect("no hour is left out");
        assert!(piece.to_human_us >= what_if.at(hour).to_human_us);
    }
}

#[test]
fn a_sweep_follows_the_policy_of_the_case() {
    let mut config = ten();
    let mut other = config.policies["escalation"].as_ref().clone();
    other.levels.get_mut(&Level::L1).expect("L1").steps[0].page = vec![Target::Schedule("l1-second".into())];
    config.policies.insert("other".to_owned(), Arc::new(other));
    let case = Case { policy: Some("other".to_owned()), ..Case::default() };
    let assumptions = Assumptions::default();
    let what_if = WhatIf::new(&config, &case, &assumptions).expect("it is known");
    let from = at("2026-09-01T00:00:00Z");
    let sweep = what_if.sweep(from, from + 14 * 24 * HOUR_US);
    assert!(sweep.pieces.len() > 14, "{}", sweep.pieces.len());
    for piece in &sweep.pieces {
        assert_eq!(piece.answered_by, what_if.at(piece.start_us).answered_by);
    }
}

#[test]
fn a_sweep_sees_where_an_absence_begins_and_ends() {
    let mut config = ten();
    let away = decurion_core::roster::Absence {
        id: "abs_1".into(),
        person: "mateus".into(),
        start: "2026-09-02T10:00:00Z".parse().expect("an instant"),
        end: "2026-09-03T10:00:00Z".parse().expect("an instant"),
        reason: "leave".into(),
        author: "mateus".into(),
    };
    config.absences.push(away);
    let case = Case { severity: Some(Severity::Sev2), ..Case::default() };
    let everybody_but = |who: &[&str]| {
        config.organisation.people.keys().filter(|id| !who.contains(&id.as_str())).cloned().collect()
    };
    let assumptions = Assumptions { silent: everybody_but(&["ingrid"]), ..Assumptions::default() };
    let what_if = WhatIf::new(&config, &case, &assumptions).expect("it is known");
    let from = at("2026-09-02T00:00:00Z");
    let sweep = what_if.sweep(from, from + 48 * HOUR_US);
    assert!(sweep.pieces.len() > 1, "{:?}", sweep.pieces);
    for piece in &sweep.pieces {
        assert_eq!(piece.to_human_us, what_if.at(piece.start_us).to_human_us);
        assert_eq!(piece.to_human_us, what_if.at(piece.end_us - 1).to_human_us);
    }
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the sweep is timed, not told the time")]
fn ninety_days_take_less_than_two_seconds() {
    let config = ten();
    let case = Case::default();
    let assumptions = silent(&["leila", "anneli", "soren", "yuki"]);
    let what_if = WhatIf::new(&config, &case, &assumptions).expect("it is known");
    let from = at("2026-09-01T00:00:00Z");
    let begun = Instant::now();
    let sweep = what_if.sweep(from, from + 90 * 24 * HOUR_US);
    let took = begun.elapsed();
    println!("{} pieces from {} runs in {took:?}", sweep.pieces.len(), sweep.played);
    let limit = if cfg!(debug_assertions) { 20 } else { 2 };
    assert!(took < Duration::from_secs(limit), "took {took:?}");
}

#[test]
fn levels_say_what_the_ladder_would_do() {
    let config = ten();
    let from: Timestamp = "2026-10-20T00:00:00Z".parse().expect("an instant");
    let to = from.checked_add(SignedDuration::from_hours(24 * 10)).expect("in range");
    let plans = levels(&config, from, to);
    assert_eq!(plans.iter().map(|plan| plan.level).collect::<Vec<_>>(), Level::ALL);
    for plan in &plans {
        assert_eq!(plan.stretches.first().map(|first| first.start_us), Some(from.as_microsecond()));
        assert_eq!(plan.stretches.last().map(|last| last.end_us), Some(to.as_microsecond()));
        assert!(plan.stretches.windows(2).all(|pair| pair[0].end_us == pair[1].start_us));
    }
    let first = plans.iter().find(|plan| plan.level == Level::L1).expect("L1");
    for stretch in &first.stretches {
        let paged = run(&config, &Case::default(), &Assumptions::default(), stretch.start_us);
        assert_eq!(paged.asked, stretch.steps[0].people);
    }
}

fn some_people(config: &Config) -> impl Strategy<Value = BTreeSet<PersonId>> + use<> {
    let people: Vec<PersonId> = config.organisation.people.keys().cloned().collect();
    proptest::collection::btree_set(proptest::sample::select(people), 0..12)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn a_sweep_is_every_instant_alone(
        people in some_people(&ten()),
        start_h in 0_i64..8_000,
        reaction_s in prop_oneof![Just(0_i64), 1_i64..1_200],
        offsets in proptest::collection::vec(0_i64..4 * 86_400, 12),
        severity in proptest::sample::select(vec![None, Some(Severity::Sev1), Some(Severity::Sev2)]),
    ) {
        let config = ten();
        let case = Case { severity, ..Case::default() };
        let assumptions = Assumptions { silent: people, reaction_s, ..Assumptions::default() };
        let what_if = WhatIf::new(&config, &case, &assumptions).expect("it is known");
        let from = at("2026-09-01T00:00:00Z") + start_h * HOUR_US;
        let sweep = what_if.sweep(from, from + 4 * 24 * HOUR_US);
        let edges: Vec<i64> = sweep.pieces.iter().flat_map(|p| [p.start_us, p.end_us - 1]).take(24).collect();
        for instant in offsets.iter().map(|s| from + s * S).chain(edges) {
            let alone = what_if.at(instant);
            let piece = sweep.worst_within(instant, instant + 1).expect("no instant is left out");
            prop_assert_eq!(piece.to_human_us, alone.to_human_us);
            prop_assert_eq!(&piece.answered_by, &alone.answered_by);
            prop_assert_eq!(piece.asked, alone.asked.len());
        }
    }

    #[test]
    fn more_silence_never_brings_a_human_sooner(
        fewer in some_people(&ten()),
        more in some_people(&ten()),
        offset_s in 0_i64..200 * 86_400,
        reaction_s in 0_i64..600,
    ) {
        let config = ten();
        let case = Case::default();
        let instant = at("2026-09-01T00:00:00Z") + offset_s * S;
        let both: BTreeSet<PersonId> = fewer.union(&more).cloned().collect();
        let few = Assumptions { silent: fewer, reaction_s, ..Assumptions::default() };
        let many = Assumptions { silent: both, reaction_s, ..Assumptions::default() };
        let sooner = run(&config, &case, &few, instant).to_human_us.unwrap_or(i64::MAX);
        let later = run(&config, &case, &many, instant).to_human_us.unwrap_or(i64::MAX);
        prop_assert!(sooner <= later, "{sooner} and then {later}");
    }
}
