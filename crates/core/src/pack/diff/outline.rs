//! A configuration as named parts, so that two of them can be laid side by side.
//!
//! Parts are matched by name, so names say what a part is: `person leila`, `contact sms`, `step 1`.

use serde::Serialize;
use serde_json::Value;

use super::policy;
use crate::config::Config;
use crate::coverage::Accepted;
use crate::duration::DurationS;
use crate::expression::Expression;
use crate::intake::{Integration, Mapping, Routing, RoutingRule, Vendor};
use crate::oncall::{Holidays, Layer, RosterVersion, Schedule};
use crate::org::{Certificate, Contact, NotifyRule, Organisation, Person, Role};
use crate::source;

/// A part of a configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Outline {
    Leaf(String),
    /// Parts by name, in the order in which they are written out.
    Branch(Vec<(String, Outline)>),
}

impl Outline {
    pub(super) fn of(config: &Config) -> Self {
        let mut parts = organisation(&config.organisation);
        parts.extend(config.holidays.iter().map(|(id, h)| (format!("holidays {id}"), holidays(h))));
        parts.extend(config.schedules.iter().map(|(id, s)| (format!("schedule {id}"), schedule(s))));
        parts.extend(config.policies.values().map(|policy| policy::outline(policy)));
        parts.push(("routing".to_owned(), routing(&config.routing)));
        parts.extend(config.integrations.iter().map(|(id, i)| (format!("integration {id}"), integration(i))));
        parts
            .extend(config.accepted.iter().map(|entry| (format!("accepted {}", entry.key), accepted(entry))));
        Self::Branch(parts)
    }

    pub(super) fn leaf(text: &impl ToString) -> Self {
        Self::Leaf(text.to_string())
    }

    /// A list as one leaf: its order counts.
    pub(super) fn list<T: ToString>(items: impl IntoIterator<Item = T>) -> Self {
        let items: Vec<String> = items.into_iter().map(|item| item.to_string()).collect();
        Self::Leaf(items.join(", "))
    }

    /// The part in one line.
    pub(super) fn summary(&self) -> String {
        match self {
            Self::Leaf(text) => text.clone(),
            Self::Branch(parts) => {
                let parts = parts.iter().map(|(name, part)| match part {
                    Self::Leaf(text) => (name, text.clone()),
                    Self::Branch(_) => (name, format!("({})", part.summary())),
                });
                let told: Vec<String> = parts
                    .filter(|(_, text)| !text.is_empty())
                    .map(|(name, text)| format!("{name} {text}"))
                    .collect();
                told.join(", ")
            }
        }
    }
}

/// Named parts; those without content are left out by the callers.
pub(super) type Parts = Vec<(String, Outline)>;

pub(super) fn part(parts: &mut Parts, name: &str, text: &impl ToString) {
    parts.push((name.to_owned(), Outline::leaf(text)));
}

pub(super) fn optional(parts: &mut Parts, name: &str, text: Option<impl ToString>) {
    part(parts, name, &text.map(|text| text.to_string()).unwrap_or_default());
}

pub(super) fn duration(seconds: i64) -> DurationS {
    DurationS::from_secs(u64::try_from(seconds).unwrap_or_default())
}

pub(super) const fn yes_no(truth: bool) -> &'static str {
    if truth { "yes" } else { "no" }
}

fn organisation(organisation: &Organisation) -> Parts {
    let mut frame = Parts::new();
    part(&mut frame, "name", &organisation.name);
    part(&mut frame, "zone", &organisation.zone);
    let mut parts = vec![("organisation".to_owned(), Outline::Branch(frame))];
    parts.extend(organisation.people.iter().map(|(id, p)| (format!("person {id}"), person(p))));
    parts.extend(organisation.roles.iter().map(|(id, r)| (format!("role {id}"), role(r))));
    parts
}

fn person(person: &Person) -> Outline {
    let mut parts = Parts::new();
    part(&mut parts, "name", &person.name);
    optional(&mut parts, "email", person.email.as_ref());
    optional(&mut parts, "title", person.title.as_ref());
    optional(&mut parts, "team", person.team.as_ref());
    part(&mut parts, "zone", &person.zone);
    optional(&mut parts, "holidays", person.holidays.as_ref());
    part(&mut parts, "external", &yes_no(person.external));
    let certificate = |held: &Certificate| match held.until {
        Some(last) => format!("{} until {last}", held.id),
        None => held.id.clone(),
    };
    parts.push(("certified".to_owned(), Outline::list(person.certified.iter().map(certificate))));
    parts.extend(person.contacts.iter().map(|c| (format!("contact {}", c.id), contact(c))));
    let rule = |rule: &NotifyRule| format!("{} after {}", rule.contact, duration(rule.delay_s));
    parts.push(("rules".to_owned(), Outline::list(person.rules.iter().map(rule))));
    Outline::Branch(parts)
}

fn contact(contact: &Contact) -> Outline {
    let mut parts = Parts::new();
    part(&mut parts, "channel", &contact.channel.as_str());
    part(&mut parts, "address", &contact.address);
    part(&mut parts, "enabled", &yes_no(contact.enabled));
    Outline::Branch(parts)
}

fn accepted(entry: &Accepted) -> Outline {
    let mut parts = Parts::new();
    part(&mut parts, "author", &entry.author);
    part(&mut parts, "reason", &entry.reason);
    part(&mut parts, "until", &entry.until);
    Outline::Branch(parts)
}

fn role(role: &Role) -> Outline {
    let mut parts = Parts::new();
    part(&mut parts, "name", &role.name);
    parts.push(("holders".to_owned(), Outline::list(&role.holders)));
    parts.push(("deputies".to_owned(), Outline::list(&role.deputies)));
    Outline::Branch(parts)
}

fn schedule(schedule: &Schedule) -> Outline {
    let mut parts = Parts::new();
    part(&mut parts, "name", &schedule.name);
    part(&mut parts, "zone", &schedule.zone);
    parts.push(("requires".to_owned(), Outline::list(&schedule.requires)));
    if let Some(notices) = &schedule.notices {
        parts.push(("reminders before duty".to_owned(), Outline::list(&notices.before)));
        part(&mut parts, "told of handoffs", &yes_no(notices.handoff));
    }
    parts.extend(schedule.layers.iter().map(|l| (format!("layer {:?}", l.name), layer(l))));
    parts.extend(schedule.versions.iter().map(|v| (format!("version {}", v.effective_from), version(v))));
    Outline::Branch(parts)
}

fn version(version: &RosterVersion) -> Outline {
    let mut parts = Parts::new();
    part(&mut parts, "rollout", &written(&version.rollout));
    parts.extend(version.layers.iter().map(|l| (format!("layer {:?}", l.name), layer(l))));
    Outline::Branch(parts)
}

fn holidays(holidays: &Holidays) -> Outline {
    let mut parts = Parts::new();
    part(&mut parts, "name", &holidays.name);
    for day in &holidays.days {
        part(&mut parts, &format!("day {}", day.date), &day.name);
    }
    Outline::Branch(parts)
}

fn layer(layer: &Layer) -> Outline {
    let mut parts = Parts::new();
    part(&mut parts, "priority", &layer.priority);
    optional(&mut parts, "zone", layer.zone.as_ref());
    optional(&mut parts, "from", layer.from);
    optional(&mut parts, "until", layer.until);
    parts.push(("active".to_owned(), Outline::list(layer.active.iter().map(written))));
    if layer.shadow {
        part(&mut parts, "shadow", &yes_no(layer.shadow));
    }
    optional(&mut parts, "holidays", layer.holidays.as_ref().map(written));
    optional(&mut parts, "calendar", layer.calendar.as_ref());
    let rotation = &layer.rotation;
    part(&mut parts, "unit", &written(&rotation.unit));
    part(&mut parts, "every", &rotation.every);
    optional(&mut parts, "turn", rotation.turn);
    parts.push(("turns".to_owned(), Outline::list(&rotation.turns)));
    optional(&mut parts, "start", rotation.start);
    part(&mut parts, "advance", &written(&rotation.advance));
    part(&mut parts, "month end", &written(&rotation.month_end));
    parts.push(("participants".to_owned(), Outline::list(rotation.participants.iter().map(written))));
    Outline::Branch(parts)
}

/// Something small as a pack writes it, on one line.
fn written(value: &impl Serialize) -> String {
    fn words(value: &Value) -> String {
        match value {
            Value::String(text) => text.clone(),
            Value::Array(items) => items.iter().map(words).collect::<Vec<_>>().join("+"),
            Value::Object(fields) => {
                let fields = fields.iter().map(|(name, value)| format!("{name} {}", words(value)));
                fields.collect::<Vec<_>>().join(" ")
            }
            other => other.to_string(),
        }
    }
    serde_json::to_value(value).as_ref().map(words).unwrap_or_default()
}

fn routing(routing: &Routing) -> Outline {
    let mut parts = Parts::new();
    for (alert, severity) in &routing.severity {
        part(&mut parts, &format!("severity of {}", alert.as_str()), &severity);
    }
    parts.push(("order".to_owned(), Outline::list(routing.rules.iter().map(|rule| &rule.name))));
    parts.extend(routing.rules.iter().map(|r| (format!("rule {}", r.name), rule(r))));
    Outline::Branch(parts)
}

fn rule(rule: &RoutingRule) -> Outline {
    let mut parts = Parts::new();
    part(&mut parts, "when", &rule.when.text());
    optional(&mut parts, "severity", rule.severity);
    optional(&mut parts, "customer_facing", rule.customer_facing.map(yes_no));
    optional(&mut parts, "company_wide", rule.company_wide.map(yes_no));
    optional(&mut parts, "policy", rule.policy.as_ref());
    optional(&mut parts, "auto_resolve", rule.auto_resolve.map(yes_no));
    parts.push(("group_by".to_owned(), Outline::list(rule.group_by.iter().map(Expression::text))));
    Outline::Branch(parts)
}

fn integration(integration: &Integration) -> Outline {
    let mut parts = Parts::new();
    part(&mut parts, "name", &integration.name);
    part(&mut parts, "kind", &integration.kind.as_str());
    optional(&mut parts, "vendor", integration.vendor.map(Vendor::as_str));
    part(&mut parts, "signed", &yes_no(integration.signed));
    part(&mut parts, "enabled", &yes_no(integration.enabled));
    part(&mut parts, "default_severity", &integration.default_severity.as_str());
    part(&mut parts, "auto_resolve", &yes_no(integration.auto_resolve));
    if !integration.topics.is_empty() {
        parts.push(("topics".to_owned(), Outline::list(integration.topics.iter().map(String::as_str))));
    }
    optional(&mut parts, "quiet_after", integration.quiet_after_s.map(source::seconds));
    if let Some(mapping) = &integration.mapping {
        parts.push(("mapping".to_owned(), self::mapping(mapping)));
    }
    Outline::Branch(parts)
}

fn mapping(mapping: &Mapping) -> Outline {
    let mut parts = Parts::new();
    let fields = [
        ("each", mapping.each.as_ref()),
        ("action", mapping.action.as_ref()),
        ("dedup_key", mapping.dedup_key.as_ref()),
        ("title", Some(&mapping.title)),
        ("description", mapping.description.as_ref()),
        ("severity", mapping.severity.as_ref()),
        ("source", mapping.source.as_ref()),
    ];
    for (name, expression) in fields {
        optional(&mut parts, name, expression.map(Expression::text));
    }
    for (name, expression) in &mapping.labels {
        part(&mut parts, &format!("label {name}"), &expression.text());
    }
    for (name, expression) in &mapping.links {
        part(&mut parts, &format!("link {name}"), &expression.text());
    }
    Outline::Branch(parts)
}
