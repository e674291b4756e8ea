//! The alert, and what is assumed about people and channels.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::LONGEST_REACTION_S;
use crate::config::Config;
use crate::decide::Refusal;
use crate::id::PersonId;
use crate::incident::Severity;
use crate::intake::{Action, AlertSeverity, Event, Integration, IntegrationKind};
use crate::org::Channel;
use crate::roster::Absence;

/// An alert that did not happen. What is left open is decided as for a real one: by the integration's
/// defaults and by the routing rules.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Case {
    /// The id of an integration, a part of one that only one has (`guardduty`), or the name of a kind.
    /// None: an integration that no rule knows.
    pub integration: Option<String>,
    /// One line, as the sender would give it.
    pub title: Option<String>,
    /// The host, account or service that the sender names.
    pub source: Option<String>,
    pub labels: BTreeMap<String, String>,
    /// What the sender says.
    pub alert_severity: Option<AlertSeverity>,
    /// The incident's severity, whatever the routing makes of the alert.
    pub severity: Option<Severity>,
    /// Whether customers notice, whatever the routing says.
    pub customer_facing: Option<bool>,
    /// Whether it concerns the whole company, whatever the routing says.
    pub company_wide: Option<bool>,
    /// The escalation policy, whatever the routing chooses.
    pub policy: Option<String>,
}

/// Who does not answer and what does not work.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Assumptions {
    /// They are paged and do not answer.
    pub silent: BTreeSet<PersonId>,
    /// They are away: they do not answer, and deputies stand in for their roles.
    pub absent: BTreeSet<PersonId>,
    /// Every message over these fails, as it would with a provider that is down.
    pub channels_down: BTreeSet<Channel>,
    /// How long everybody else takes from the first message that reaches them to their answer, in seconds.
    pub reaction_s: i64,
}

impl Case {
    pub(super) fn check(&self, config: &Config) -> Result<(), Refusal> {
        match &self.policy {
            Some(name) if !config.policies.contains_key(name) => {
                let known = config.policies.keys().cloned().collect::<Vec<_>>().join(", ");
                Err(Refusal::field("not_found", "policy", format!("no policy `{name}`; there are: {known}")))
            }
            _ => Ok(()),
        }
    }

    /// The integration that the alert comes from.
    pub(super) fn integration(&self, config: &Config) -> Result<Integration, Refusal> {
        let Some(text) = &self.integration else { return Ok(made_up(IntegrationKind::Generic)) };
        if let Some(exact) = config.integrations.get(&text.as_str().into()) {
            return Ok(exact.clone());
        }
        if let Some(kind) = IntegrationKind::ALL.into_iter().find(|kind| kind.as_str() == text) {
            let of_kind = config.integrations.values().find(|integration| integration.kind == kind);
            return Ok(of_kind.cloned().unwrap_or_else(|| made_up(kind)));
        }
        let part = text.to_lowercase();
        let holds = |integration: &&Integration| {
            integration.id.as_str().to_lowercase().contains(&part)
                || integration.name.to_lowercase().contains(&part)
        };
        let found: Vec<&Integration> = config.integrations.values().filter(holds).collect();
        match found.as_slice() {
            [one] => Ok((*one).clone()),
            several => Err(unclear(config, text, several)),
        }
    }

    /// The alert, as the integration's format would have made it.
    pub(super) fn event(&self, integration: &Integration) -> Event {
        Event {
            action: Action::Trigger,
            dedup_key: "what-if".to_owned(),
            title: self.title.clone().unwrap_or_else(|| "An alert that did not happen".to_owned()),
            description: None,
            severity: self.alert_severity.unwrap_or(integration.default_severity),
            source: self.source.clone().unwrap_or_else(|| "what-if".to_owned()),
            labels: self.labels.clone(),
            links: Vec::new(),
            expires_at_us: None,
        }
    }
}

fn made_up(kind: IntegrationKind) -> Integration {
    Integration {
        name: "What if".to_owned(),
        kind,
        enabled: true,
        ..Integration::gone(&"what-if".into(), AlertSeverity::Error)
    }
}

fn unclear(config: &Config, text: &str, found: &[&Integration]) -> Refusal {
    let names = |all: &mut dyn Iterator<Item = &Integration>| {
        all.map(|integration| integration.id.to_string()).collect::<Vec<_>>().join(", ")
    };
    let message = if found.is_empty() {
        format!("no integration `{text}`; there are: {}", names(&mut config.integrations.values()))
    } else {
        format!("`{text}` may be each of {}; name one", names(&mut found.iter().copied()))
    };
    Refusal::field("not_found", "integration", message)
}

impl Assumptions {
    pub(super) fn check(&self, config: &Config) -> Result<(), Refusal> {
        for (field, people) in [("silent", &self.silent), ("absent", &self.absent)] {
            let known = |person: &&PersonId| config.organisation.people.contains_key(*person);
            if let Some(unknown) = people.iter().find(|person| !known(person)) {
                return Err(Refusal::field("not_found", field, format!("no person {unknown}")));
            }
        }
        if (0..=LONGEST_REACTION_S).contains(&self.reaction_s) {
            return Ok(());
        }
        let message = format!("somebody answers within 0 to {LONGEST_REACTION_S} seconds");
        Err(Refusal::field("invalid_field", "reaction_s", message))
    }

    /// The configuration under which they hold: whoever is away is so at every instant.
    pub(super) fn applied<'a>(&self, config: &'a Config) -> Cow<'a, Config> {
        if self.absent.is_empty() {
            return Cow::Borrowed(config);
        }
        let mut config = config.clone();
        config.absences.extend(self.absent.iter().map(|person| Absence {
            id: format!("abs_what_if_{person}").as_str().into(),
            person: person.clone(),
            start: Timestamp::MIN,
            end: Timestamp::MAX,
            reason: String::new(),
            author: person.clone(),
        }));
        Cow::Owned(config)
    }

    /// Whether a person who gets a message would answer it.
    pub(super) fn answers(&self, person: &PersonId) -> bool {
        !self.silent.contains(person) && !self.absent.contains(person)
    }
}
