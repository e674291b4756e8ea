//! The ledger of load: the schedules that were in force, and what the record says of their time.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use decurion_core::access::Permit;
use decurion_core::config::Config;
use decurion_core::id::{OverrideId, ScheduleId};
use decurion_core::journal::{Entry, StreamId};
use decurion_core::ledger::{self, Chapter, Held, Ledger, Paged, Taken};
use decurion_core::oncall::{Change, Override};
use decurion_core::pack::{self, Files};
use decurion_core::record::Record;
use decurion_store::PackRow;

use crate::{Engine, EngineError};

/// The most versions of the configuration that one span is put together from; before them the oldest of
/// these counts.
const MOST_VERSIONS: u32 = 500;

/// What duty cost and will cost.
#[derive(Debug, Clone)]
pub struct Loads {
    /// From the record, up to now.
    pub past: Ledger,
    /// From the schedules in force, from now on.
    pub planned: Ledger,
}

/// An override, and until when it held.
type Known = BTreeMap<OverrideId, Override>;

impl Engine {
    /// The load of `[from_us, to_us)`, of which what lies before now is taken from the record, and the load
    /// that is planned for `[now, planned_to_us)`.
    pub async fn loads(
        &self,
        permit: &Permit,
        (from_us, to_us): (i64, i64),
        planned_to_us: i64,
    ) -> Result<Loads, EngineError> {
        let now_us = self.now_us();
        let to_us = to_us.min(now_us);
        let record = self.duty_record(permit, from_us, to_us).await?;
        let versions = self.versions(permit, from_us, to_us).await?;
        let live = self.config();
        let (overrides, removed) = self.overrides_known(&live).await?;
        let work = move || {
            let chapters = chapters(&versions, (from_us, to_us), &overrides, &removed);
            let mut past = ledger::ledger(&chapters, &record);
            let ahead = Chapter { from_us: now_us, to_us: planned_to_us.max(now_us), config: live };
            let planned = ledger::ledger(&[ahead], &ledger::Record::default());
            for person in planned.people.keys() {
                past.people.entry(person.clone()).or_default();
            }
            past.fairness = ledger::fairness(past.people.values().map(ledger::Load::weighted_h));
            Loads { past, planned }
        };
        tokio::task::spawn_blocking(work).await.map_err(|error| EngineError::Store(error.to_string()))
    }

    async fn duty_record(
        &self,
        permit: &Permit,
        from_us: i64,
        to_us: i64,
    ) -> Result<ledger::Record, EngineError> {
        let store = self.store();
        let paged = store.load_paged(from_us, to_us, permit).await?.into_iter().map(|row| Paged {
            person: row.person_id.as_str().into(),
            incident: row.incident_id.as_str().into(),
            at_us: row.decided_us,
        });
        let held = store.load_held(from_us, to_us, permit).await?.into_iter().map(|row| Held {
            person: row.holder.as_str().into(),
            from_us: row.held_since_us,
            to_us: row.resolved_us.unwrap_or(to_us).min(to_us),
        });
        let mut taken = Vec::new();
        for row in store.override_list(None, permit).await? {
            let entry: Override = serde_json::from_str(&row.body_json)
                .map_err(|error| EngineError::Store(error.to_string()))?;
            taken.extend(taken_by(&entry, row.created_us));
        }
        taken.retain(|taken| (from_us..to_us).contains(&taken.start_us));
        Ok(ledger::Record { paged: paged.collect(), held: held.collect(), taken })
    }

    /// The versions of the configuration that were in force in a span, oldest first, with their files.
    async fn versions(
        &self,
        permit: &Permit,
        from_us: i64,
        to_us: i64,
    ) -> Result<Vec<(PackRow, Files)>, EngineError> {
        let mut versions = Vec::new();
        let newest_first = self.store().pack_list(i64::MAX, MOST_VERSIONS, permit).await?;
        for row in newest_first.into_iter().filter(|row| row.applied_us < to_us) {
            let first = row.applied_us <= from_us;
            let files = self.store().pack_files(row.version, permit).await?.unwrap_or_default();
            let files = serde_json::from_str(&files)
                .map_err(|error| EngineError::Store(format!("pack version {}: {error}", row.version)))?;
            versions.push((row, files));
            if first {
                break;
            }
        }
        versions.reverse();
        Ok(versions)
    }

    /// The overrides in force, and those that were taken back, each up to the instant at which it was.
    async fn overrides_known(&self, live: &Config) -> Result<(Known, Known), EngineError> {
        let in_force: Known =
            live.overrides.values().flatten().map(|entry| (entry.id.clone(), entry.clone())).collect();
        let schedules: BTreeSet<&ScheduleId> = live.schedules.keys().chain(live.overrides.keys()).collect();
        let streams: Vec<StreamId> = schedules.into_iter().map(StreamId::schedule).collect();
        let mut removed = removed(&self.store().load(&streams).await?);
        removed.retain(|id, _| !in_force.contains_key(id));
        Ok((in_force, removed))
    }
}

/// Overrides that were taken back after they had begun, cut at that instant.
fn removed(entries: &[Entry]) -> Known {
    let mut added = Known::new();
    let mut removed = Known::new();
    for entry in entries {
        let payload = entry.payload.as_deref().unwrap_or_default();
        match Record::decode(&entry.kind, payload) {
            Ok(Record::OverrideAdded(record)) => {
                added.insert(record.entry.id.clone(), record.entry);
            }
            Ok(Record::OverrideRemoved(record)) => {
                let at = jiff::Timestamp::from_microsecond(entry.at_us).unwrap_or_default();
                if let Some(mut known) = added.remove(&record.id).filter(|known| known.start < at) {
                    known.end = known.end.min(at);
                    removed.insert(record.id, known);
                }
            }
            _ => {}
        }
    }
    removed
}

/// What each version of the configuration said of its time.
fn chapters(
    versions: &[(PackRow, Files)],
    (from_us, to_us): (i64, i64),
    in_force: &Known,
    removed: &Known,
) -> Vec<Chapter> {
    let ends = versions.iter().skip(1).map(|(row, _)| row.applied_us).chain([to_us]);
    let chapter = |((row, files), end_us): (&(PackRow, Files), i64)| {
        let mut config = pack::compile_again(files)?;
        for entry in removed.values().chain(in_force.values()) {
            config.overrides.entry(entry.schedule.clone()).or_default().push(entry.clone());
        }
        let (from_us, to_us) = (row.applied_us.max(from_us), end_us.min(to_us));
        (from_us < to_us).then(|| Chapter { from_us, to_us, config: Arc::new(config) })
    };
    versions.iter().zip(ends).filter_map(chapter).collect()
}

/// Who took over duty by an override.
fn taken_by(entry: &Override, entered_us: i64) -> Option<Taken> {
    let person = match &entry.change {
        Change::Add { person } | Change::Replace { by: person, .. } => person.clone(),
        Change::Remove { .. } | Change::Fixed { .. } => return None,
    };
    Some(Taken { person, entered_us, start_us: entry.start.as_microsecond() })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use decurion_core::record::Record;
    use decurion_core::roster::{OverrideAdded, OverrideRemoved};

    use super::*;

    fn entry(at_us: i64, record: &Record) -> Entry {
        Entry {
            seq: 1,
            stream: StreamId::schedule(&"l1".into()),
            version: 1,
            kind: record.kind().to_owned(),
            at_us,
            actor: "system".to_owned(),
            subject: String::new(),
            payload: Some(record.encode().unwrap()),
            ..Entry::default()
        }
    }

    #[test]
    fn an_override_that_was_taken_back_counts_until_then() {
        let instant = |hour: i64| jiff::Timestamp::from_second(hour * 3_600).unwrap();
        let added = |id: &str| {
            let entry = Override {
                id: id.into(),
                schedule: "l1".into(),
                start: instant(10),
                end: instant(20),
                change: Change::Add { person: "ann".into() },
                priority: 0,
                author: "ann".into(),
                reason: String::new(),
            };
            Record::from(OverrideAdded::from(entry))
        };
        let taken_back = |id: &str| Record::from(OverrideRemoved { id: id.into(), schedule: "l1".into() });
        let hour = |hour: i64| hour * 3_600_000_000;
        let entries = [
            entry(hour(1), &added("before")),
            entry(hour(1), &added("within")),
            entry(hour(1), &added("after")),
            entry(hour(5), &taken_back("before")),
            entry(hour(15), &taken_back("within")),
            entry(hour(30), &taken_back("after")),
        ];
        let ends: Vec<_> =
            removed(&entries).into_iter().map(|(id, entry)| (id.to_string(), entry.end)).collect();
        assert_eq!(ends, [("after".to_owned(), instant(20)), ("within".to_owned(), instant(15))]);
    }
}
