//! The configuration that decisions read: one immutable value, compiled from a pack, with a version.
//!
//! `pack` makes it from YAML; the engine adds the overrides that people enter; `decide` gets it as an
//! argument. Nothing in it changes while a decision is made.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::coverage::Accepted;
use crate::escalation::Policy;
use crate::id::{ContactId, HolidaysId, IntegrationId, PersonId, ScheduleId};
use crate::intake::{Integration, Routing};
use crate::oncall::{Holidays, Override, Schedule};
use crate::org::{Channel, Contact, Organisation};
use crate::roster::{Absence, Acceptance};
use crate::silence::Quiet;

/// Everything that a decision may depend on beside the state of its streams.
#[derive(Debug, Clone, Default)]
pub struct Config {
    /// Counts the changes of configuration; a record names the one it was decided under.
    pub version: i64,
    pub organisation: Organisation,
    pub holidays: BTreeMap<HolidaysId, Holidays>,
    pub schedules: BTreeMap<ScheduleId, Schedule>,
    /// What people entered on top of the schedules, in the order of entry.
    pub overrides: BTreeMap<ScheduleId, Vec<Override>>,
    /// Who is away when, as people entered it.
    pub absences: Vec<Absence>,
    /// By name. Routing chooses one; `escalation` is the one that is used where nothing is chosen.
    pub policies: BTreeMap<String, Arc<Policy>>,
    pub routing: Routing,
    pub integrations: BTreeMap<IntegrationId, Integration>,
    /// The contacts whose person has shown that messages arrive, each with the address it was shown for; a
    /// changed address is not among them. `None` where nobody knows: a pack that no server holds.
    pub verified: Option<BTreeSet<(PersonId, ContactId, String)>>,
    /// Findings of the coverage check that the organisation lives with for a while, as the pack says.
    pub accepted: Vec<Accepted>,
    /// More of them, as people entered them, in the order of entry.
    pub acceptances: Vec<Acceptance>,
    /// What people silenced, in the order of entry; some may be pending or over.
    pub silences: Vec<Quiet>,
}

impl Config {
    /// The policy used where routing names none.
    pub const DEFAULT_POLICY: &'static str = "escalation";

    /// The policy of that name, or the default one.
    pub fn policy(&self, name: &str) -> Option<&Arc<Policy>> {
        self.policies.get(name).or_else(|| self.policies.get(Self::DEFAULT_POLICY))
    }

    /// Whether messages are known to arrive over a contact: its person has answered a code that went there,
    /// or it is the built-in mailbox. `None` where nobody knows.
    pub fn is_verified(&self, person: &PersonId, contact: &Contact) -> Option<bool> {
        if contact.channel == Channel::Mailbox {
            return Some(true);
        }
        let known = self.verified.as_ref()?;
        Some(known.contains(&(person.clone(), contact.id.clone(), contact.address.clone())))
    }

    /// The overrides of one schedule.
    pub fn overrides_of(&self, schedule: &ScheduleId) -> &[Override] {
        self.overrides.get(schedule).map_or(&[], Vec::as_slice)
    }

    /// Whether somebody is away at an instant, microseconds since the epoch.
    pub fn is_away(&self, person: &PersonId, at_us: i64) -> bool {
        let at = |absence: &&Absence| {
            let span = absence.span();
            absence.person == *person && span.start_us <= at_us && at_us < span.end_us
        };
        self.absences.iter().any(|absence| at(&absence))
    }

    /// Takes over what a pack says and keeps what people enter beside it, such as overrides.
    ///
    /// Every field is named, so that a new one must be put on one of the two sides.
    pub fn set_pack(&mut self, pack: Self) {
        let Self {
            organisation,
            holidays,
            schedules,
            policies,
            routing,
            integrations,
            accepted,
            overrides: _,
            absences: _,
            acceptances: _,
            silences: _,
            verified: _,
            version: _,
        } = pack;
        self.organisation = organisation;
        self.holidays = holidays;
        self.schedules = schedules;
        self.policies = policies;
        self.routing = routing;
        self.integrations = integrations;
        self.accepted = accepted;
    }
}
