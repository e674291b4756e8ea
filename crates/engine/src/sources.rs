//! Sources that must be heard from, on a node: who is watched follows the configuration, and what arrives ends
//! a silence.

use decurion_core::access::{Action, Actor, permit};
use decurion_core::config::Config;
use decurion_core::decide::{Command, Placed};
use decurion_core::id::IntegrationId;
use decurion_core::intake::Integration;
use decurion_core::journal::StreamId;
use decurion_core::record::Record;
use decurion_core::source;
use decurion_store::{Batch, TimerRow};

use crate::writer::Extra;
use crate::{Engine, EngineError};

/// The sources that are watched otherwise under a new configuration.
pub(crate) fn changes(old: &Config, new: &Config) -> Vec<(StreamId, Command)> {
    let wanted = |config: &Config, id: &IntegrationId| config.integrations.get(id).and_then(source::wanted_s);
    let mut ids: Vec<_> = old.integrations.keys().chain(new.integrations.keys()).collect();
    ids.sort_unstable();
    ids.dedup();
    let watch = |id: &IntegrationId| {
        let quiet_after_s = wanted(new, id);
        let command = source::Command::Watch { integration: id.clone(), quiet_after_s };
        (wanted(old, id) != quiet_after_s).then(|| (StreamId::source(id), command.into()))
    };
    ids.into_iter().filter_map(watch).collect()
}

/// What a record changes beside its stream.
pub(crate) fn follow(placed: &Placed, now_us: i64, batch: &mut Batch) {
    let (integration, since_us) = match &placed.record {
        Record::SourceQuiet(quiet) => (&quiet.integration, Some(now_us)),
        Record::SourceHeard(heard) => (&heard.integration, None),
        Record::SourceUnwatched(unwatched) => (&unwatched.integration, None),
        _ => return,
    };
    batch.quiet.push((integration.to_string(), since_us));
}

/// What a signal of an integration means for whether it is quiet.
pub(crate) fn heard(integration: &Integration) -> Option<(StreamId, Command)> {
    source::wanted_s(integration)?;
    Some((StreamId::source(&integration.id), source::Command::Heard.into()))
}

/// When a source was last heard.
pub(crate) async fn last_heard(engine: &Engine, stream: &StreamId) -> Result<Option<i64>, EngineError> {
    let permit = permit(&Actor::System, Action::Read)?;
    let row = engine.store().integration_get(stream.key(), &permit).await?;
    Ok(row.and_then(|row| row.last_signal_us))
}

/// Moves the timer of a source that was heard meanwhile, which needs no record. False when it is quiet, or when
/// the timer is not one of a source: then there is something to decide.
pub(crate) async fn goes_on(engine: &Engine, row: &TimerRow, heard_us: Option<i64>) -> bool {
    let stream = StreamId::new(row.stream.clone());
    if stream.kind() != "source" {
        return false;
    }
    let config = engine.config();
    let known = config.integrations.get(&IntegrationId::from(stream.key()));
    let due = known.and_then(source::wanted_s).zip(heard_us);
    let due_us = due.map(|(quiet_after_s, heard_us)| source::due_us(heard_us, quiet_after_s));
    let Some(due_us) = due_us.filter(|due_us| *due_us > engine.now_us()) else { return false };
    let extra = Extra { timers: vec![TimerRow { due_us, ..row.clone() }], ..Extra::default() };
    if let Err(error) = engine.job(Actor::System, Vec::new(), None, extra).await {
        tracing::error!(%stream, %error, "the timer of a source cannot be moved");
    }
    true
}
