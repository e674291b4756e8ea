//! Whom targets reach, from one shift boundary to the next.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use crate::config::Config;
use crate::escalation::Target;
use crate::id::{PersonId, ScheduleId};
use crate::oncall::{Shift, shifts};

/// The timelines of every schedule that a policy pages, over the days that are looked at.
pub(super) struct Roster<'a> {
    config: &'a Config,
    timelines: BTreeMap<&'a ScheduleId, Vec<Shift>>,
    from: Timestamp,
    to: Timestamp,
}

/// The roster at one instant.
pub(super) struct Now<'a> {
    config: &'a Config,
    shifts: BTreeMap<&'a ScheduleId, &'a Shift>,
}

impl<'a> Roster<'a> {
    pub(super) fn new(config: &'a Config, from: Timestamp, to: Timestamp) -> Self {
        let levels = config.policies.values().flat_map(|policy| policy.levels.values());
        let targets =
            levels.flat_map(|level| level.steps.iter().flat_map(|step| &step.page).chain(&level.tell));
        let used: BTreeSet<&ScheduleId> = targets
            .filter_map(|target| match target {
                Target::Schedule(id) => Some(id),
                _ => None,
            })
            .collect();
        let timeline = |id| Some(shifts(config.schedules.get(id)?, config.overrides_of(id), from, to));
        let timelines = used.into_iter().filter_map(|id| Some((id, timeline(id)?))).collect();
        Self { config, timelines, from, to }
    }

    /// The stretches in which nothing changes, in order and without gaps.
    pub(super) fn stretches(&self) -> Vec<(Timestamp, Timestamp)> {
        let inside = |at: &Timestamp| *at > self.from && *at < self.to;
        let starts = self.timelines.values().flatten().map(|shift| shift.start).filter(inside);
        let mut boundaries: BTreeSet<Timestamp> = starts.collect();
        boundaries.insert(self.from);
        boundaries.insert(self.to);
        let boundaries: Vec<_> = boundaries.into_iter().collect();
        boundaries.windows(2).map(|pair| (pair[0], pair[1])).collect()
    }

    pub(super) fn at(&self, at: Timestamp) -> Now<'_> {
        let shift = |timeline: &'_ [Shift]| {
            let next = timeline.partition_point(|shift| shift.start <= at);
            next.checked_sub(1)
        };
        let shifts = self
            .timelines
            .iter()
            .filter_map(|(id, timeline)| Some((*id, &timeline[shift(timeline)?])))
            .collect();
        Now { config: self.config, shifts }
    }
}

impl Now<'_> {
    /// The people whom targets reach, and why targets reach nobody.
    pub(super) fn reach(&self, targets: &[Target]) -> (BTreeSet<PersonId>, Vec<String>) {
        let mut reached = BTreeSet::new();
        let mut holes = Vec::new();
        for target in targets {
            match self.people(target) {
                Ok(people) => {
                    for person in people {
                        match self.usable(person) {
                            Ok(()) => _ = reached.insert(person.clone()),
                            Err(hole) => holes.push(hole),
                        }
                    }
                }
                Err(hole) => holes.push(hole),
            }
        }
        (reached, holes)
    }

    fn people<'s>(&'s self, target: &'s Target) -> Result<Vec<&'s PersonId>, String> {
        let role = |id| {
            let role = self.config.organisation.roles.get(id);
            role.ok_or_else(|| format!("the role {id} is not in the organisation"))
        };
        let people: Vec<&PersonId> = match target {
            Target::Person(id) => vec![id],
            Target::Role(id) => role(id)?.holders.iter().collect(),
            Target::Deputy { role: id, place } => {
                let deputies = &role(id)?.deputies;
                place.checked_sub(1).and_then(|index| deputies.get(index)).into_iter().collect()
            }
            Target::Schedule(id) => {
                let shift = self.shifts.get(id);
                let shift = shift.ok_or_else(|| format!("the schedule {id} is not in the configuration"))?;
                if let Some(nobody) = &shift.nobody {
                    return Err(format!("nobody is {target}, as {nobody}"));
                }
                shift.people.iter().collect()
            }
        };
        if people.is_empty() { Err(format!("nobody is {target}")) } else { Ok(people) }
    }

    fn usable(&self, id: &PersonId) -> Result<(), String> {
        match self.config.organisation.people.get(id) {
            None => Err(format!("{id} is not in the organisation")),
            Some(person) if person.plan().is_empty() => {
                Err(format!("{} has no usable contact method", person.name))
            }
            Some(_) => Ok(()),
        }
    }
}
