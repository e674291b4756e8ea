//! Absences: somebody is away for a while. Deputies stand in for their roles, and their shifts look for cover.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Command;
use super::deciding::Deciding;
use super::duty::{Duty, duties};
use super::record::{AbsenceAdded, AbsenceRemoved, AbsenceReviewed};
use super::rights::{acts_for, pool};
use super::swap::Span;
use crate::decide::Refusal;
use crate::id::{AbsenceId, PersonId};
use crate::journal::StreamId;
use crate::oncall::Override;

const DAY_US: i64 = 86_400 * 1_000_000;
/// Cover is looked for this long ahead.
const AHEAD_US: i64 = 90 * DAY_US;
/// An absence that lasts longer is looked at again every month.
const AGAIN_US: i64 = 30 * DAY_US;
/// Shifts that are less than this apart are covered as one.
const ONE_COVER_US: i64 = DAY_US;
/// The longest absence, in microseconds.
const LONGEST_US: i64 = 2 * 366 * DAY_US;

/// A time for which somebody is away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Absence {
    pub id: AbsenceId,
    pub person: PersonId,
    /// First instant away.
    pub start: Timestamp,
    /// First instant back.
    pub end: Timestamp,
    #[serde(default)]
    pub reason: String,
    /// Who entered it.
    pub author: PersonId,
}

/// An absence and how far it was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AbsenceState {
    pub absence: Absence,
    pub added_us: i64,
    pub removed_us: Option<i64>,
    /// Shifts up to here have been looked at.
    pub(super) reviewed_us: i64,
}

impl Absence {
    /// From when to when.
    pub fn span(&self) -> Span {
        Span { start_us: self.start.as_microsecond(), end_us: self.end.as_microsecond() }
    }
}

impl AbsenceState {
    pub(super) const fn new(absence: Absence, at_us: i64) -> Self {
        Self { absence, added_us: at_us, removed_us: None, reviewed_us: at_us }
    }

    /// Whether it still says something, or was taken back.
    pub const fn is_entered(&self) -> bool {
        self.removed_us.is_none()
    }

    pub(super) fn due_us(&self) -> Option<i64> {
        let end_us = self.absence.end.as_microsecond();
        let more = self.is_entered() && self.reviewed_us < end_us;
        more.then(|| self.reviewed_us - AHEAD_US + AGAIN_US)
    }

    pub(super) fn is_over(&self, old_us: i64) -> bool {
        let end_us = self.absence.end.as_microsecond();
        self.removed_us.unwrap_or(end_us).max(self.added_us) < old_us
    }
}

impl Deciding<'_> {
    pub(super) fn add_absence(&mut self, absence: &Absence) -> Result<(), Refusal> {
        let config = self.context.config;
        if !config.organisation.people.contains_key(&absence.person) {
            return Err(Refusal::field("not_found", "person_id", format!("no person {}", absence.person)));
        }
        acts_for(self.context, &absence.person, "enter an absence for them")?;
        let span = absence.span();
        if span.end_us <= span.start_us {
            return Err(Refusal::field("invalid_field", "end_us", "the absence must end after it starts"));
        }
        if span.end_us <= self.now_us() {
            return Err(Refusal::field("invalid_field", "end_us", "the absence is over by now"));
        }
        if span.end_us - span.start_us > LONGEST_US {
            let message = "two years is the most; whoever leaves for good leaves the pack";
            return Err(Refusal::field("invalid_field", "end_us", message));
        }
        let known =
            self.state.absences.values().find(|known| known.is_entered() && known.absence.span().meets(span));
        if let Some(known) = known {
            let message = format!("{} covers a part of this already; remove it first", known.absence.id);
            return Err(Refusal::new("away_already", message));
        }
        self.push(AbsenceAdded { absence: absence.clone() });
        self.cover(absence);
        Ok(())
    }

    pub(super) fn remove_absence(&mut self, id: &AbsenceId) -> Result<(), Refusal> {
        let known = self.state.absences.get(id).filter(|known| known.is_entered()).cloned();
        let unknown =
            || Refusal::new("not_found", format!("there is no absence {id} that can be taken back"));
        let known = known.ok_or_else(unknown)?;
        acts_for(self.context, &known.absence.person, "take it back")?;
        self.push(AbsenceRemoved { id: id.clone() });
        let affected = self.affected(&known.absence.person, known.absence.span());
        let streams: BTreeSet<StreamId> = affected.into_iter().map(|(stream, _)| stream).collect();
        for stream in streams {
            self.then(stream, Command::CloseCover { absence: id.clone() });
        }
        Ok(())
    }

    /// Absences whose shifts have come into sight.
    pub(super) fn absences_go_on(&mut self) {
        let now_us = self.now_us();
        self.cover_where(|absence| absence.due_us().is_some_and(|due_us| due_us <= now_us));
    }

    pub(super) fn absences_are_covered(&mut self) {
        let now_us = self.now_us();
        self.cover_where(|absence| absence.is_entered() && absence.absence.span().end_us > now_us);
    }

    fn cover_where(&mut self, which: impl Fn(&AbsenceState) -> bool) {
        let found: Vec<Absence> = self
            .state
            .absences
            .values()
            .filter(|absence| which(absence))
            .map(|absence| absence.absence.clone())
            .collect();
        for absence in found {
            self.cover(&absence);
        }
    }

    /// Looks for cover for every shift of the absence that is in sight.
    fn cover(&mut self, absence: &Absence) {
        let (now_us, span) = (self.now_us(), absence.span());
        let until_us = now_us + AHEAD_US;
        let reviewed_us = self.state.absences.get(&absence.id).map_or(now_us, |known| known.reviewed_us);
        if reviewed_us < span.end_us.min(until_us) {
            self.push(AbsenceReviewed { id: absence.id.clone(), until_us });
        }
        let window = Span { start_us: span.start_us.max(now_us), end_us: span.end_us };
        for (stream, duty) in self.affected(&absence.person, window) {
            if duty.start_us >= until_us {
                continue;
            }
            let command = Command::OpenCover {
                absence: absence.id.clone(),
                person: absence.person.clone(),
                span: Span { start_us: duty.start_us, end_us: duty.end_us },
                reason: absence.reason.clone(),
            };
            self.then(stream, command);
        }
    }

    /// The duties of a person within a window, on every schedule.
    fn affected(&self, person: &PersonId, window: Span) -> Vec<(StreamId, Duty)> {
        let config = self.context.config;
        let mut found = Vec::new();
        for (id, schedule) in &config.schedules {
            let overrides = config.overrides_of(id);
            let named = |change: &Override| change.change.people().contains(&person);
            if !pool(schedule).contains(person) && !overrides.iter().any(named) {
                continue;
            }
            let theirs = duties(schedule, overrides, (window.start_us, window.end_us), ONE_COVER_US);
            let theirs = theirs.into_iter().filter(|duty| duty.person == *person);
            found.extend(theirs.map(|duty| (StreamId::schedule(id), duty)));
        }
        found
    }
}
