#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::collections::BTreeMap;

use super::{Command, State};
use crate::access::Actor;
use crate::alert;
use crate::config::Config;
use crate::decide::{self, Context, Loaded, execute};
use crate::incident;
use crate::intake::{AlertSeverity, Integration, IntegrationKind};
use crate::journal::StreamId;
use crate::record::Record;

const S: i64 = 1_000_000;
const MINUTE: i64 = 60;

struct Bed {
    config: Config,
    streams: BTreeMap<StreamId, Loaded>,
    kinds: Vec<&'static str>,
}

impl Bed {
    fn new(quiet_after_s: Option<i64>) -> Self {
        let mut config = Config::default();
        let integration = Integration {
            name: "Nightly backup".to_owned(),
            kind: IntegrationKind::Heartbeat,
            enabled: true,
            quiet_after_s,
            ..Integration::gone(&"backup".into(), AlertSeverity::Error)
        };
        config.integrations.insert(integration.id.clone(), integration);
        let mut bed = Self { config, streams: BTreeMap::new(), kinds: Vec::new() };
        bed.ask(0, &Command::Watch { integration: "backup".into(), quiet_after_s });
        bed
    }

    fn stream() -> StreamId {
        StreamId::source(&"backup".into())
    }

    fn ask(&mut self, at_s: i64, command: &Command) {
        let context = Context { now_us: at_s * S, actor: &Actor::System, config: &self.config };
        loop {
            match execute(&self.streams, context, &Self::stream(), command.clone().into()) {
                Ok(outcome) => {
                    self.kinds.extend(outcome.records.iter().map(|placed| placed.record.kind()));
                    self.streams.extend(outcome.streams);
                    return;
                }
                Err(decide::Stop::Need(stream)) => {
                    let empty = Loaded::empty(&stream);
                    self.streams.insert(stream, empty);
                }
                Err(stop) => panic!("{stop:?}"),
            }
        }
    }

    fn state(&self) -> &State {
        match &self.streams[&Self::stream()].state {
            decide::State::Source(state) => state,
            other => panic!("{other:?}"),
        }
    }

    /// Lets the timer fire at its time; says when that was, in seconds.
    fn fire(&mut self, heard_s: Option<i64>) -> i64 {
        let armed = self.state().watch.as_ref().unwrap().armed;
        let at_s = armed.due_us / S;
        let latest_us = heard_s.map(|at_s| at_s * S);
        self.ask(at_s, &Command::TimerFired { generation: armed.generation, latest_us });
        at_s
    }

    fn alert(&self) -> Option<&alert::Alert> {
        let stream = alert::stream(&"backup".into(), super::DEDUP_KEY);
        match &self.streams.get(&stream)?.state {
            decide::State::Alert(state) => state.open(),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn the_first_beat_that_never_comes_is_missed() {
    let mut bed = Bed::new(Some(10 * MINUTE));
    assert_eq!(bed.fire(None), 10 * MINUTE);
    let opened = &bed.alert().unwrap().opened;
    assert_eq!(opened.event.title, "Nightly backup has been quiet for 10m");
    assert!(opened.event.description.as_ref().unwrap().contains("never been heard"));
    assert!(bed.kinds.contains(&"incident.opened"), "{:?}", bed.kinds);
}

#[test]
fn a_beat_in_time_leaves_no_alert_and_one_after_the_end_ends_it() {
    let mut bed = Bed::new(Some(10 * MINUTE));
    bed.ask(9 * MINUTE, &Command::Heard);
    assert_eq!(bed.kinds, ["source.watched"], "a beat in time leaves no record");
    assert_eq!(bed.fire(Some(9 * MINUTE)), 10 * MINUTE);
    assert!(bed.alert().is_none());
    assert_eq!(bed.fire(Some(9 * MINUTE)), 19 * MINUTE, "counted from the beat, not from the look");
    assert!(bed.alert().is_some());
    bed.ask(25 * MINUTE, &Command::Heard);
    assert!(bed.alert().is_none());
    assert_eq!(bed.fire(Some(25 * MINUTE)), 35 * MINUTE);
}

#[test]
fn a_source_that_stays_quiet_is_raised_again_after_somebody_closed_its_incident() {
    let mut bed = Bed::new(Some(10 * MINUTE));
    bed.fire(None);
    let first = bed.alert().unwrap().opened.clone();
    let incident = StreamId::incident(first.incident.as_ref().unwrap());
    let state = match &mut bed.streams.get_mut(&incident).unwrap().state {
        decide::State::Incident(state) => state,
        other => panic!("{other:?}"),
    };
    let resolved = incident::Resolved {
        disposition: incident::Disposition::FalsePositive,
        reason: None,
        by_source: false,
    };
    state.apply(99, 0, &Record::from(resolved));
    assert_eq!(bed.fire(None), 10 * MINUTE + 3_600);
    let second = &bed.alert().unwrap().opened;
    assert!(second.alert != first.alert && second.incident != first.incident);
    let before = bed.kinds.len();
    bed.fire(None);
    assert_eq!(bed.kinds[before..], ["source.quiet"], "an alert that is open is not opened again");
}

#[test]
fn an_old_timer_means_nothing_and_an_unwatched_source_ends_its_alert() {
    let mut bed = Bed::new(Some(10 * MINUTE));
    let old = bed.state().watch.as_ref().unwrap().armed.generation;
    bed.ask(MINUTE, &Command::Watch { integration: "backup".into(), quiet_after_s: Some(20 * MINUTE) });
    bed.ask(10 * MINUTE, &Command::TimerFired { generation: old, latest_us: None });
    assert!(bed.alert().is_none());
    assert_eq!(bed.fire(None), 21 * MINUTE);
    bed.ask(22 * MINUTE, &Command::Watch { integration: "backup".into(), quiet_after_s: None });
    assert!(bed.alert().is_none() && bed.state().watch.is_none());
    assert_eq!(bed.state().timers(), []);
}

#[test]
fn nothing_is_watched_that_may_be_quiet() {
    let mut bed = Bed::new(None);
    bed.ask(1, &Command::Heard);
    assert!(bed.kinds.is_empty());
    let integration = bed.config.integrations.values().next().unwrap();
    assert_eq!(super::wanted_s(integration), None);
    let disabled = Integration { enabled: false, quiet_after_s: Some(60), ..integration.clone() };
    assert_eq!(super::wanted_s(&disabled), None);
}
