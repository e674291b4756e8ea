//! Silences on a node: rows and configuration follow the records, and what a silence held back is looked at as
//! soon as somebody ends it.

use decurion_core::access::Permit;
use decurion_core::decide::Placed;
use decurion_core::record::Record;
use decurion_core::silence::{Known, Quiet, Silence, State};
use decurion_store::{Batch, RosterEntryRow};

use crate::live::Change;
use crate::project::json;
use crate::roster::{ENTERED, REMOVED, entered};
use crate::{Engine, EngineError};

/// The kind of a silence among the entries.
pub const SILENCE: &str = "silence";

/// What a record changes beside its stream.
pub(crate) fn follow(placed: &Placed, now_us: i64, batch: &mut Batch, changes: &mut Vec<Change>) {
    match &placed.record {
        Record::SilenceAdded(added) => changes.extend(ready(added.silence.clone(), now_us)),
        Record::SilenceExpired(expired) => {
            batch.silences_over.push(expired.id.clone());
            changes.push(Change::SilenceExpired(expired.id.clone()));
        }
        _ => {}
    }
}

/// The decision has checked it. One that cannot be read any more silences nothing: people are paged.
fn ready(silence: Silence, now_us: i64) -> Option<Change> {
    let id = silence.id.clone();
    match Quiet::new(silence) {
        Ok(quiet) => Some(Change::SilenceAdded { quiet: Box::new(quiet), now_us }),
        Err(refusal) => {
            tracing::error!(silence = %id, %refusal, "a silence cannot be read");
            None
        }
    }
}

/// The row of a silence.
pub(crate) fn row(state: &State, now_us: i64) -> Option<RosterEntryRow> {
    let known = state.known.as_ref()?;
    Some(RosterEntryRow {
        id: known.silence.id.to_string(),
        kind: SILENCE.to_owned(),
        schedule_id: None,
        person_id: None,
        state: if known.expired.is_none() { ENTERED } else { REMOVED }.to_owned(),
        start_us: Some(known.silence.start_us),
        end_us: Some(known.end_us()),
        body_json: json(known),
        created_us: known.added_us,
        updated_us: now_us,
        actor: known.silence.author.to_string(),
    })
}

/// The silences that hold or will, in the order of entry.
pub(crate) async fn load(engine: &Engine, permit: &Permit) -> Result<Vec<Change>, EngineError> {
    let known: Vec<Known> = entered(engine, SILENCE, permit).await?;
    let now_us = engine.now_us();
    Ok(known.into_iter().rev().filter_map(|known| ready(known.silence, now_us)).collect())
}
