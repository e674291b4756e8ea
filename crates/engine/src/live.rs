//! The configuration in force, as every decision reads it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, PoisonError, RwLock};

use decurion_core::config::Config;
use decurion_core::id::{
    AbsenceId, AcceptanceId, ContactId, IntegrationId, OverrideId, PersonId, ScheduleId, SilenceId,
};
use decurion_core::intake::Integration;
use decurion_core::oncall::Override;
use decurion_core::roster::{Absence, Acceptance};
use decurion_core::silence::Quiet;
use sha2::{Digest, Sha256};

/// A change of the configuration that a commit brought about.
#[derive(Debug, Clone)]
pub(crate) enum Change {
    /// A pack: everything but what people enter beside it.
    Pack(Box<Config>),
    OverrideAdded(Box<Override>),
    OverrideRemoved {
        schedule: ScheduleId,
        id: OverrideId,
    },
    AbsenceAdded(Box<Absence>),
    AbsenceRemoved(AbsenceId),
    FindingAccepted(Box<Acceptance>),
    AcceptanceRevoked(AcceptanceId),
    /// Silences that are over by now are forgotten.
    SilenceAdded {
        quiet: Box<Quiet>,
        now_us: i64,
    },
    SilenceExpired(SilenceId),
    Integration {
        integration: Box<Integration>,
        key_digest: String,
    },
    IntegrationRemoved(IntegrationId),
    /// Every address that was shown to work.
    Verified(BTreeSet<(PersonId, ContactId, String)>),
    ContactVerified {
        person: PersonId,
        contact: ContactId,
        address: String,
    },
}

/// The configuration and the keys of the integrations.
#[derive(Debug, Default)]
pub(crate) struct Live {
    inner: RwLock<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    config: Arc<Config>,
    /// By SHA-256 of the key, hex.
    keys: BTreeMap<String, IntegrationId>,
}

/// What is stored of a key: SHA-256, hex. Keys are random, so a plain digest does not give them away.
pub fn key_digest(key: &str) -> String {
    hex::encode(Sha256::digest(key.as_bytes()))
}

impl Live {
    pub(crate) fn config(&self) -> Arc<Config> {
        Arc::clone(&self.inner.read().unwrap_or_else(PoisonError::into_inner).config)
    }

    pub(crate) fn integration_of_digest(&self, digest: &str) -> Option<IntegrationId> {
        self.inner.read().unwrap_or_else(PoisonError::into_inner).keys.get(digest).cloned()
    }

    /// Follows a change; `version` is the place of its record in the journal.
    pub(crate) fn apply(&self, change: Change, version: i64) {
        let mut inner = self.inner.write().unwrap_or_else(PoisonError::into_inner);
        let mut config = Config::clone(&inner.config);
        config.version = version;
        match change {
            Change::Pack(pack) => {
                config.set_pack(*pack);
                inner.keys.retain(|_, id| config.integrations.contains_key(id));
            }
            Change::OverrideAdded(entry) => {
                config.overrides.entry(entry.schedule.clone()).or_default().push(*entry);
            }
            Change::OverrideRemoved { schedule, id } => {
                if let Some(entries) = config.overrides.get_mut(&schedule) {
                    entries.retain(|entry| entry.id != id);
                }
            }
            Change::AbsenceAdded(absence) => config.absences.push(*absence),
            Change::AbsenceRemoved(id) => config.absences.retain(|absence| absence.id != id),
            Change::FindingAccepted(acceptance) => config.acceptances.push(*acceptance),
            Change::AcceptanceRevoked(id) => config.acceptances.retain(|acceptance| acceptance.id != id),
            Change::SilenceAdded { quiet, now_us } => {
                config.silences.retain(|known| known.silence.end_us > now_us);
                config.silences.push(*quiet);
            }
            Change::SilenceExpired(id) => config.silences.retain(|quiet| quiet.silence.id != id),
            Change::Integration { integration, key_digest } => {
                inner.keys.retain(|_, id| *id != integration.id);
                inner.keys.insert(key_digest, integration.id.clone());
                config.integrations.insert(integration.id.clone(), *integration);
            }
            Change::Verified(verified) => config.verified = Some(verified),
            Change::ContactVerified { person, contact, address } => {
                let known = config.verified.get_or_insert_default();
                known.retain(|(whose, which, _)| (whose, which) != (&person, &contact));
                known.insert((person, contact, address));
            }
            Change::IntegrationRemoved(id) => {
                inner.keys.retain(|_, known| *known != id);
                config.integrations.remove(&id);
            }
        }
        inner.config = Arc::new(config);
    }
}
