//! What a change of the configuration would mean for people, before it is made: who gains and loses which
//! shifts, and what the coverage check would say.

mod spans;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::shifts;
use crate::config::Config;
use crate::coverage::{self, CoverageFinding, CoverageSeverity};
use crate::id::{PersonId, ScheduleId};
use spans::Spans;

const DAY_S: i64 = 24 * 3_600;

/// What changes between two configurations over a stretch of time.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preview {
    /// Everybody whose shifts change, by id.
    pub people: Vec<PersonPreview>,
    /// What the coverage check says after the change and did not say before.
    pub findings_new: Vec<CoverageFinding>,
    /// What it said before and says no more.
    pub findings_gone: Vec<CoverageFinding>,
}

/// The shifts that one person gains and loses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonPreview {
    pub person: PersonId,
    /// By start, then by schedule.
    pub gained: Vec<PreviewShift>,
    /// By start, then by schedule.
    pub lost: Vec<PreviewShift>,
}

/// A stretch on call in one schedule, `[start, end)`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct PreviewShift {
    pub start: Timestamp,
    pub end: Timestamp,
    pub schedule: ScheduleId,
}

impl PersonPreview {
    /// How long the gained shifts last, in seconds.
    pub fn gained_s(&self) -> i64 {
        length_s(&self.gained)
    }

    /// How long the lost shifts last, in seconds.
    pub fn lost_s(&self) -> i64 {
        length_s(&self.lost)
    }
}

fn length_s(shifts: &[PreviewShift]) -> i64 {
    shifts.iter().map(|shift| shift.end.as_second() - shift.start.as_second()).sum()
}

/// Compares two configurations over `[from, to)`: shifts exactly, and the coverage check over the days
/// that the stretch begins.
pub fn preview(before: &Config, after: &Config, from: Timestamp, to: Timestamp) -> Preview {
    let (old, new) = (findings(before, from, to), findings(after, from, to));
    let only = |mine: &[CoverageFinding], other: &[CoverageFinding]| {
        let known: BTreeSet<_> = other.iter().map(identity).collect();
        mine.iter().filter(|finding| !known.contains(&identity(finding))).cloned().collect()
    };
    Preview {
        people: people(before, after, from, to),
        findings_new: only(&new, &old),
        findings_gone: only(&old, &new),
    }
}

/// What makes two findings the same in the eyes of whoever weighs a change: one whose end or words move a little
/// is neither gone nor new, one that is worse or newly accepted is.
fn identity(finding: &CoverageFinding) -> (&str, CoverageSeverity, bool) {
    (&finding.key, finding.severity, finding.accepted.is_some())
}

fn findings(config: &Config, from: Timestamp, to: Timestamp) -> Vec<CoverageFinding> {
    // A day that has begun counts whole.
    let days = (to.as_second() - from.as_second() + DAY_S - 1) / DAY_S;
    coverage::check(config, from, u32::try_from(days).unwrap_or_default())
}

/// Who gains and loses which shifts; people without a change are left out.
pub fn people(before: &Config, after: &Config, from: Timestamp, to: Timestamp) -> Vec<PersonPreview> {
    let mut changed: BTreeMap<PersonId, PersonPreview> = BTreeMap::new();
    let schedules: BTreeSet<&ScheduleId> = before.schedules.keys().chain(after.schedules.keys()).collect();
    for schedule in schedules {
        let (old, new) = (duties(before, schedule, from, to), duties(after, schedule, from, to));
        let empty = Spans::default();
        for person in old.keys().chain(new.keys()).collect::<BTreeSet<_>>() {
            let (was, is) = (old.get(person).unwrap_or(&empty), new.get(person).unwrap_or(&empty));
            let (gained, lost) = (is.without(was), was.without(is));
            if !gained.is_empty() || !lost.is_empty() {
                let own = changed.entry(person.clone()).or_insert_with(|| PersonPreview::of(person));
                own.gained.extend(gained.shifts(schedule));
                own.lost.extend(lost.shifts(schedule));
            }
        }
    }
    changed.into_values().map(PersonPreview::sorted).collect()
}

impl PersonPreview {
    fn of(person: &PersonId) -> Self {
        Self { person: person.clone(), gained: Vec::new(), lost: Vec::new() }
    }

    fn sorted(mut self) -> Self {
        self.gained.sort();
        self.lost.sort();
        self
    }
}

/// When each person is on call in one schedule.
fn duties(
    config: &Config,
    schedule: &ScheduleId,
    from: Timestamp,
    to: Timestamp,
) -> BTreeMap<PersonId, Spans> {
    let mut duties: BTreeMap<PersonId, Spans> = BTreeMap::new();
    let Some(known) = config.schedules.get(schedule) else { return duties };
    for shift in shifts(known, config.overrides_of(schedule), from, to) {
        for person in shift.people {
            duties.entry(person).or_default().push(shift.start, shift.end);
        }
    }
    duties
}
