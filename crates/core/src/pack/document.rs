//! The documents of a pack as they are written. What they mean together is the compiler's business.
//!
//! Every document begins with its `kind`, so that files may be split and named freely.

use std::collections::BTreeMap;
use std::fmt;

use jiff::civil::Date;
use serde::de::value::MapAccessDeserializer;
use serde::de::{self, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::yaml::{At, Each};
use crate::duration::DurationS;
use crate::escalation::{Answer, TimeBoxEnd};
use crate::incident::Severity;
use crate::intake::{AlertSeverity, IntegrationKind};
use crate::org::Channel;

/// The kinds of documents.
pub(super) const KINDS: [&str; 9] = [
    "organisation",
    "people",
    "roles",
    "holidays",
    "schedule",
    "escalation",
    "routing",
    "integrations",
    "accepted",
];

/// `kind: organisation`. Exactly one in a pack; its people and roles may stand in documents of their own.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OrganisationDocument {
    pub(super) name: At<String>,
    pub(super) zone: At<String>,
    #[serde(default)]
    pub(super) teams: Each<At<String>>,
    #[serde(default)]
    pub(super) people: Each<At<PersonText>>,
    #[serde(default)]
    pub(super) roles: Each<At<RoleText>>,
}

/// `kind: people`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PeopleDocument {
    pub(super) people: Each<At<PersonText>>,
}

/// `kind: roles`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RolesDocument {
    pub(super) roles: Each<At<RoleText>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PersonText {
    pub(super) id: At<String>,
    pub(super) name: At<String>,
    pub(super) email: Option<At<String>>,
    pub(super) title: Option<String>,
    pub(super) team: Option<At<String>>,
    /// The organisation's zone where none is given.
    pub(super) zone: Option<At<String>>,
    /// The holiday calendar that the person lives by.
    pub(super) holidays: Option<At<String>>,
    #[serde(default)]
    pub(super) external: bool,
    #[serde(default)]
    pub(super) certified: Each<At<CertificateText>>,
    #[serde(default)]
    pub(super) contacts: Each<At<ContactText>>,
    #[serde(default)]
    pub(super) rules: Each<At<RuleText>>,
}

/// A certificate: its name, or its name and the last day on which it counts.
#[derive(Debug)]
pub(super) struct CertificateText {
    pub(super) id: String,
    pub(super) until: Option<Date>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ContactText {
    pub(super) id: At<String>,
    pub(super) channel: At<Channel>,
    pub(super) address: Option<At<String>>,
    #[serde(default = "yes")]
    pub(super) enabled: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RuleText {
    pub(super) contact: At<String>,
    #[serde(default)]
    pub(super) delay: DurationS,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RoleText {
    pub(super) id: At<String>,
    pub(super) name: String,
    /// The holders stand in for somebody whom the organisation does not have.
    #[serde(default)]
    pub(super) stand_in: bool,
    #[serde(default)]
    pub(super) holders: Each<At<String>>,
    #[serde(default)]
    pub(super) deputies: Each<At<String>>,
}

/// `kind: holidays`: one calendar.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct HolidaysDocument {
    pub(super) id: At<String>,
    pub(super) name: At<String>,
    #[serde(default)]
    pub(super) days: Each<At<HolidayText>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct HolidayText {
    pub(super) date: At<String>,
    pub(super) name: At<String>,
}

/// `kind: escalation`: one policy.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EscalationDocument {
    pub(super) name: At<String>,
    pub(super) repeat_after: At<DurationS>,
    pub(super) lower_within: At<DurationS>,
    #[serde(default)]
    pub(super) facts: BTreeMap<String, At<serde_json::Value>>,
    pub(super) levels: At<LevelsText>,
}

/// The four levels; the compiler says which are missing.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LevelsText {
    #[serde(rename = "L1")]
    pub(super) l1: Option<At<LevelText>>,
    #[serde(rename = "L2")]
    pub(super) l2: Option<At<LevelText>>,
    #[serde(rename = "L3")]
    pub(super) l3: Option<At<LevelText>>,
    pub(super) executive: Option<At<LevelText>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LevelText {
    #[serde(default)]
    pub(super) owner: Each<At<TargetText>>,
    #[serde(default)]
    pub(super) when: Each<At<String>>,
    #[serde(default)]
    pub(super) steps: Each<At<StepText>>,
    #[serde(default)]
    pub(super) tell: Each<At<TargetText>>,
    pub(super) answer: Answer,
    pub(super) ack_timeout: At<DurationS>,
    pub(super) time_box: Option<TimeBoxText>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StepText {
    #[serde(default)]
    pub(super) page: Each<At<TargetText>>,
    /// Each new incident pages the next of them alone.
    pub(super) round_robin: Option<At<bool>>,
    pub(super) timeout: At<DurationS>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TimeBoxText {
    pub(super) after: Option<At<DurationS>>,
    #[serde(default)]
    pub(super) by_severity: BTreeMap<Severity, At<DurationS>>,
    pub(super) until: TimeBoxEnd,
}

/// Exactly one of `person`, `role`, `deputy` and `schedule`; `place` goes with `deputy`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TargetText {
    pub(super) person: Option<At<String>>,
    pub(super) role: Option<At<String>>,
    pub(super) deputy: Option<At<String>>,
    pub(super) place: Option<At<usize>>,
    pub(super) schedule: Option<At<String>>,
}

/// `kind: routing`. At most one in a pack, as the order of its rules decides.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RoutingDocument {
    #[serde(default)]
    pub(super) severity: BTreeMap<AlertSeverity, Severity>,
    #[serde(default)]
    pub(super) rules: Each<At<RouteText>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RouteText {
    pub(super) name: At<String>,
    pub(super) when: At<String>,
    pub(super) severity: Option<Severity>,
    pub(super) customer_facing: Option<bool>,
    pub(super) company_wide: Option<bool>,
    pub(super) policy: Option<At<String>>,
    #[serde(default)]
    pub(super) group_by: Each<At<String>>,
}

/// `kind: integrations`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct IntegrationsDocument {
    pub(super) integrations: Each<At<IntegrationText>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct IntegrationText {
    pub(super) id: At<String>,
    pub(super) name: String,
    pub(super) kind: At<IntegrationKind>,
    #[serde(default = "yes")]
    pub(super) enabled: bool,
    pub(super) mapping: Option<At<MappingText>>,
    pub(super) default_severity: Option<AlertSeverity>,
    #[serde(default)]
    pub(super) auto_resolve: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MappingText {
    pub(super) each: Option<At<String>>,
    pub(super) action: Option<At<String>>,
    pub(super) dedup_key: Option<At<String>>,
    pub(super) title: At<String>,
    pub(super) description: Option<At<String>>,
    pub(super) severity: Option<At<String>>,
    pub(super) source: Option<At<String>>,
    #[serde(default)]
    pub(super) labels: BTreeMap<String, At<String>>,
}

/// `kind: accepted`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AcceptedDocument {
    pub(super) findings: Each<At<AcceptedText>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AcceptedText {
    pub(super) key: At<String>,
    pub(super) author: At<String>,
    pub(super) reason: At<String>,
    /// The last day on which it holds.
    pub(super) until: Date,
}

impl<'de> Deserialize<'de> for CertificateText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(CertificateVisitor)
    }
}

struct CertificateVisitor;

impl<'de> Visitor<'de> for CertificateVisitor {
    type Value = CertificateText;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a certificate such as `l1`, or a map of `id` and `until`")
    }

    fn visit_str<E: de::Error>(self, id: &str) -> Result<CertificateText, E> {
        Ok(CertificateText { id: id.to_owned(), until: None })
    }

    fn visit_map<A: MapAccess<'de>>(self, entries: A) -> Result<CertificateText, A::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct WithEnd {
            id: String,
            until: Option<Date>,
        }
        let WithEnd { id, until } = WithEnd::deserialize(MapAccessDeserializer::new(entries))?;
        Ok(CertificateText { id, until })
    }
}

const fn yes() -> bool {
    true
}
