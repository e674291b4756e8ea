//! The documents of a pack as they are written. What they mean together is the compiler's business.
//!
//! Every document begins with its `kind`, so that files may be split and named freely.

mod certificate;

use std::collections::BTreeMap;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Deserialize;

use super::schema::text::{Day, Facts, FindingKey, Name, Words, one_target};
use super::yaml::{At, Each};
use crate::duration::DurationS;
use crate::escalation::{Answer, TimeBoxEnd};
use crate::incident::Severity;
use crate::intake::{AlertSeverity, IntegrationKind, Vendor};
use crate::org::Channel;

pub(super) use certificate::CertificateText;

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

/// The organisation. Exactly one in a pack; its people and roles may stand in documents of their own.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct OrganisationDocument {
    /// The organisation's name.
    #[schemars(with = "Words")]
    pub(super) name: At<String>,
    /// The zone that it works in, by its IANA name: `Europe/Stockholm`.
    pub(super) zone: At<String>,
    /// Its teams, by the names that people read.
    #[serde(default)]
    pub(super) teams: Each<At<String>>,
    /// Its people.
    #[serde(default)]
    pub(super) people: Each<At<PersonText>>,
    /// Its roles.
    #[serde(default)]
    pub(super) roles: Each<At<RoleText>>,
}

/// People of the organisation.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PeopleDocument {
    /// The people.
    pub(super) people: Each<At<PersonText>>,
}

/// Roles of the organisation.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RolesDocument {
    /// The roles.
    pub(super) roles: Each<At<RoleText>>,
}

/// Somebody who can be told something.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Person")]
pub(super) struct PersonText {
    /// The name by which everything else refers to the person.
    #[schemars(with = "Name")]
    pub(super) id: At<String>,
    /// The name that people read.
    #[schemars(with = "Words")]
    pub(super) name: At<String>,
    /// The mail address to sign in with. The contacts say how pages travel.
    pub(super) email: Option<At<String>>,
    /// What the person does.
    pub(super) title: Option<String>,
    /// One of the organisation's teams.
    pub(super) team: Option<At<String>>,
    /// The IANA zone that the person lives in; the organisation's where none is given.
    pub(super) zone: Option<At<String>>,
    /// The holiday calendar that the person lives by.
    pub(super) holidays: Option<At<String>>,
    /// Whether the person is outside of the organisation: reachable, never in a rotation.
    #[serde(default)]
    pub(super) external: bool,
    /// The duties that the person has learned, each by its name or with its last day.
    #[serde(default)]
    pub(super) certified: Each<At<CertificateText>>,
    /// How the person can be reached.
    #[serde(default)]
    pub(super) contacts: Each<At<ContactText>>,
    /// Which contact is used how long after a page; without rules every enabled one is used at once.
    #[serde(default)]
    pub(super) rules: Each<At<RuleText>>,
}

/// A way to reach a person.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Contact")]
pub(super) struct ContactText {
    /// The name by which the person's rules refer to it.
    #[schemars(with = "Name")]
    pub(super) id: At<String>,
    /// How a message travels.
    pub(super) channel: At<Channel>,
    /// A mail address, an ntfy topic, the id of a chat or a URL, as the channel needs it; none for `mailbox`.
    pub(super) address: Option<At<String>>,
    /// Whether it is used.
    #[serde(default = "yes")]
    pub(super) enabled: bool,
}

/// When a contact is used.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Rule")]
pub(super) struct RuleText {
    /// One of the person's contacts.
    pub(super) contact: At<String>,
    /// How long after the page it is used, unless the person has answered.
    #[serde(default)]
    pub(super) delay: DurationS,
}

/// What somebody stands for. Policies page roles, so that a change of staff is a change of one line.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Role")]
pub(super) struct RoleText {
    /// The name by which everything else refers to the role.
    #[schemars(with = "Name")]
    pub(super) id: At<String>,
    /// The name that people read.
    pub(super) name: String,
    /// The holders stand in for somebody whom the organisation does not have.
    #[serde(default)]
    pub(super) stand_in: bool,
    /// The people who have the role.
    #[serde(default)]
    pub(super) holders: Each<At<String>>,
    /// Who stands in, in this order; two are asked for.
    #[serde(default)]
    pub(super) deputies: Each<At<String>>,
}

/// One calendar of holidays.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct HolidaysDocument {
    /// The name by which people and layers refer to it.
    #[schemars(with = "Name")]
    pub(super) id: At<String>,
    /// The name that people read.
    #[schemars(with = "Words")]
    pub(super) name: At<String>,
    /// Its days; each date once.
    #[serde(default)]
    pub(super) days: Each<At<HolidayText>>,
}

/// A day off.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Holiday")]
pub(super) struct HolidayText {
    /// The day: `2026-12-25`.
    #[schemars(with = "Day")]
    pub(super) date: At<String>,
    /// What is kept on it.
    #[schemars(with = "Words")]
    pub(super) name: At<String>,
}

/// One escalation policy: who is engaged at which level, when, and what silence does.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct EscalationDocument {
    /// The policy's name. One is named `escalation`: it is the one for whatever no route sends elsewhere.
    #[schemars(with = "Name")]
    pub(super) name: At<String>,
    /// How long after the whole ladder stayed silent it begins again.
    pub(super) repeat_after: At<DurationS>,
    /// How long a request to lower the level waits for the second person.
    pub(super) lower_within: At<DurationS>,
    /// The free facts that guards read as `facts.<name>`, each with the value that it has until it is set.
    #[serde(default)]
    #[schemars(with = "Facts")]
    pub(super) facts: BTreeMap<String, At<serde_json::Value>>,
    /// The ladder.
    pub(super) levels: At<LevelsText>,
}

/// The four levels of the ladder, from the lowest to the highest.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Levels")]
pub(super) struct LevelsText {
    /// Who is on call.
    #[serde(rename = "L1")]
    #[schemars(required)]
    pub(super) l1: Option<At<LevelText>>,
    /// Those who are engaged when the case is major, or when L1 stays silent.
    #[serde(rename = "L2")]
    #[schemars(required)]
    pub(super) l2: Option<At<LevelText>>,
    /// Those who are engaged when the case is critical, or when L2 stays silent.
    #[serde(rename = "L3")]
    #[schemars(required)]
    pub(super) l3: Option<At<LevelText>>,
    /// Those who are engaged last.
    #[schemars(required)]
    pub(super) executive: Option<At<LevelText>>,
}

/// What one level does.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Level")]
pub(super) struct LevelText {
    /// Who may ask to lower a case from this level.
    #[serde(default)]
    pub(super) owner: Each<At<TargetText>>,
    /// Guards: the level is engaged as soon as one of these expressions (CEL) is true.
    #[serde(default)]
    pub(super) when: Each<At<String>>,
    /// Who is paged, one step after the other.
    #[serde(default)]
    pub(super) steps: Each<At<StepText>>,
    /// Who is told without having to answer.
    #[serde(default)]
    pub(super) tell: Each<At<TargetText>>,
    /// Whose answer counts.
    pub(super) answer: Answer,
    /// How long after its last sign of life an acknowledgement holds.
    pub(super) ack_timeout: At<DurationS>,
    /// The longest stay at the level.
    pub(super) time_box: Option<TimeBoxText>,
}

/// One round of pages.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Step")]
pub(super) struct StepText {
    /// Who is paged.
    #[serde(default)]
    pub(super) page: Each<At<TargetText>>,
    /// Each new incident pages the next of them alone.
    pub(super) round_robin: Option<At<bool>>,
    /// How long the step waits for an answer.
    pub(super) timeout: At<DurationS>,
}

/// The longest stay at a level; then the next one is engaged.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "TimeBox")]
pub(super) struct TimeBoxText {
    /// For severities that have no time of their own.
    pub(super) after: Option<At<DurationS>>,
    /// For cases of a severity.
    #[serde(default)]
    pub(super) by_severity: BTreeMap<Severity, At<DurationS>>,
    /// What stops the clock.
    pub(super) until: TimeBoxEnd,
}

/// Exactly one of `person`, `role`, `deputy` and `schedule`; `place` goes with `deputy`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Target")]
#[schemars(transform = one_target)]
pub(super) struct TargetText {
    /// A person, by id.
    pub(super) person: Option<At<String>>,
    /// Everybody who has the role.
    pub(super) role: Option<At<String>>,
    /// A deputy of the role.
    pub(super) deputy: Option<At<String>>,
    /// Which deputy, from 1; the first unless given.
    #[schemars(range(min = 1))]
    pub(super) place: Option<At<usize>>,
    /// Whoever is on call there.
    pub(super) schedule: Option<At<String>>,
}

/// What becomes of alerts. At most one in a pack, as the order of its rules decides.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RoutingDocument {
    /// The severity of an incident by that of its alert, where no rule says otherwise.
    #[serde(default)]
    pub(super) severity: BTreeMap<AlertSeverity, Severity>,
    /// The first rule whose guard is true decides.
    #[serde(default)]
    pub(super) rules: Each<At<RouteText>>,
}

/// A rule of the routing.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Route")]
pub(super) struct RouteText {
    /// The rule's name.
    #[schemars(with = "Name")]
    pub(super) name: At<String>,
    /// Guard, an expression (CEL) over `integration`, `kind`, `title`, `severity`, `source` and `labels`.
    pub(super) when: At<String>,
    /// The incident's severity.
    pub(super) severity: Option<Severity>,
    /// Whether customers notice.
    pub(super) customer_facing: Option<bool>,
    /// Whether the whole company is concerned.
    pub(super) company_wide: Option<bool>,
    /// The escalation policy; the one named `escalation` unless given.
    pub(super) policy: Option<At<String>>,
    /// Whether the incident is resolved when all of its alerts end at their source; as the integration says unless
    /// given.
    pub(super) auto_resolve: Option<bool>,
    /// Expressions (CEL): alerts for which they give the same belong to one incident.
    #[serde(default)]
    pub(super) group_by: Each<At<String>>,
}

/// Where alerts come from.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct IntegrationsDocument {
    /// The integrations.
    pub(super) integrations: Each<At<IntegrationText>>,
}

/// A source of alerts.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Integration")]
pub(super) struct IntegrationText {
    /// The name by which routes refer to it.
    #[schemars(with = "Name")]
    pub(super) id: At<String>,
    /// The name that people read.
    pub(super) name: String,
    /// The format that it speaks.
    pub(super) kind: At<IntegrationKind>,
    /// Whether what it sends becomes alerts.
    #[serde(default = "yes")]
    pub(super) enabled: bool,
    /// Whose bodies arrive: a format that is shipped, with what reads it.
    pub(super) vendor: Option<At<Vendor>>,
    /// Whether only bodies that carry the vendor's signature are taken.
    #[serde(default)]
    pub(super) signed: Option<At<bool>>,
    /// What a body means; for `generic`, in place of that of the vendor, and for what the topics of `aws_sns` send
    /// beside the known formats.
    pub(super) mapping: Option<At<MappingText>>,
    /// The topics that are taken and subscribed, by ARN; for `aws_sns` only.
    #[serde(default)]
    pub(super) topics: Vec<At<String>>,
    /// How bad an alert is that does not say it.
    pub(super) default_severity: Option<AlertSeverity>,
    /// Whether an incident is resolved when all of its alerts end at their source.
    #[serde(default)]
    pub(super) auto_resolve: bool,
    /// An alert opens when nothing arrives for this long; `heartbeat` must have it.
    pub(super) quiet_after: Option<At<DurationS>>,
}

/// Expressions (CEL) over `body` that give the fields of an alert.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Mapping")]
pub(super) struct MappingText {
    /// A list of bodies to map one by one: `body.detail.findings`. In the other fields `body` is one of them.
    pub(super) each: Option<At<String>>,
    /// `trigger`, `acknowledge` or `resolve`: `body.state == 'OK' ? 'resolve' : 'trigger'`.
    pub(super) action: Option<At<String>>,
    /// What makes two bodies the same alert: `body.detail.id`.
    pub(super) dedup_key: Option<At<String>>,
    /// One line for people: `body.detail.title`.
    pub(super) title: At<String>,
    /// More for people.
    pub(super) description: Option<At<String>>,
    /// `critical`, `error`, `warning` or `info`: `body.detail.severity >= 7 ? 'critical' : 'warning'`.
    pub(super) severity: Option<At<String>>,
    /// What the alert is about: `body.resources[0]`.
    pub(super) source: Option<At<String>>,
    /// Labels by name.
    #[serde(default)]
    pub(super) labels: BTreeMap<String, At<String>>,
    /// Addresses worth opening, by the text that people read: `Finding: body.html_url`.
    #[serde(default)]
    pub(super) links: BTreeMap<String, At<String>>,
}

/// Findings of the coverage check that the organisation lives with.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AcceptedDocument {
    /// The findings.
    pub(super) findings: Each<At<AcceptedText>>,
}

/// A finding that the organisation lives with.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Accepted")]
pub(super) struct AcceptedText {
    /// The finding's key, as the check prints it: `COV-8/leila`.
    #[schemars(with = "FindingKey")]
    pub(super) key: At<String>,
    /// The person who answers for it, by id.
    pub(super) author: At<String>,
    /// Why the organisation lives with it.
    #[schemars(with = "Words")]
    pub(super) reason: At<String>,
    /// The last day on which it holds.
    #[schemars(with = "Day")]
    pub(super) until: Date,
}

const fn yes() -> bool {
    true
}
