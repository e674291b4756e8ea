//! A rehearsal: what commands would do to who is on call, decided as they would be, and kept nowhere.

use std::collections::BTreeMap;

use super::{AbsenceState, Command, State, Swap, SwapAsked};
use crate::access::Actor;
use crate::config::Config;
use crate::decide::{self, Context, Loaded, Refusal, Stop, execute};
use crate::journal::StreamId;
use crate::record::Record;

/// What would have changed.
#[derive(Debug, Clone)]
pub struct Rehearsal {
    /// The configuration with the overrides and absences that would be made.
    pub config: Config,
    /// The requests that would be made, by hand or because of an absence, in their order.
    pub asked: Vec<SwapAsked>,
}

/// Decides commands one after the other, each on what the ones before it made. `swaps` are the requests that
/// are open by now. The first refusal ends it: that is what would be answered.
pub fn rehearse(
    config: &Config,
    now_us: i64,
    swaps: &[Swap],
    commands: &[(Actor, StreamId, Command)],
) -> Result<Rehearsal, Refusal> {
    let mut streams = streams(config, swaps);
    let mut rehearsal = Rehearsal { config: config.clone(), asked: Vec::new() };
    for (actor, stream, command) in commands {
        let command = decide::Command::from(command.clone());
        let outcome = loop {
            let context = Context { now_us, actor, config: &rehearsal.config };
            match execute(&streams, context, stream, command.clone()) {
                Ok(outcome) => break outcome,
                Err(Stop::Refused(refusal)) => return Err(refusal),
                Err(Stop::Need(missing)) => {
                    let empty = Loaded::empty(&missing);
                    streams.insert(missing, empty);
                }
            }
        };
        for placed in &outcome.records {
            rehearsal.follow(&placed.record);
        }
        streams.extend(outcome.streams);
    }
    Ok(rehearsal)
}

impl Rehearsal {
    fn follow(&mut self, record: &Record) {
        match record {
            Record::OverrideAdded(added) => {
                let entry = added.entry.clone();
                self.config.overrides.entry(entry.schedule.clone()).or_default().push(entry);
            }
            Record::OverrideRemoved(removed) => {
                let overrides = self.config.overrides.entry(removed.schedule.clone()).or_default();
                overrides.retain(|entry| entry.id != removed.id);
            }
            Record::AbsenceAdded(added) => self.config.absences.push(added.absence.clone()),
            Record::SwapAsked(asked) => self.asked.push(asked.clone()),
            _ => {}
        }
    }
}

/// The streams of every schedule and of everybody who is away, as far as the configuration tells of them.
fn streams(config: &Config, swaps: &[Swap]) -> BTreeMap<StreamId, Loaded> {
    let mut streams: BTreeMap<StreamId, State> = BTreeMap::new();
    for id in config.schedules.keys() {
        let overrides = config.overrides_of(id);
        let own = swaps.iter().filter(|swap| swap.schedule == *id);
        let mut state = State::default();
        state.overrides.extend(overrides.iter().map(|entry| (entry.id.clone(), entry.clone())));
        state.swaps.extend(own.map(|swap| (swap.id.clone(), swap.clone())));
        streams.insert(StreamId::schedule(id), state);
    }
    for absence in &config.absences {
        let state = streams.entry(StreamId::person(&absence.person)).or_default();
        let known = AbsenceState::new(absence.clone(), absence.start.as_microsecond());
        state.absences.insert(absence.id.clone(), known);
    }
    let loaded = |(stream, state)| (stream, Loaded { version: 1, state: decide::State::Roster(state) });
    streams.into_iter().map(loaded).collect()
}
