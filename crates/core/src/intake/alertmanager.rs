//! What Alertmanager's webhook and its API share: labels, annotations and how an event reads from them.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::bounds::{self, Labels, Links, kind_of, text_of};
use super::error::Problem;
use super::json::push_key;
use super::{Action, AlertSeverity, Event, Integration, words};

/// Text by name: the labels or the annotations of an alert.
pub(super) type Texts = BTreeMap<String, String>;

const TITLES: [&str; 2] = ["summary", "title"];
const DESCRIPTIONS: [&str; 3] = ["description", "message", "details"];
const SOURCES: [&str; 9] =
    ["instance", "service", "job", "namespace", "host", "hostname", "node", "cluster", "account"];
const RUNBOOKS: [&str; 2] = ["runbook_url", "runbook"];

/// Addresses that an alert may carry, Grafana's included, with their texts.
const ADDRESSES: [(&str, &str); 5] = [
    ("generatorURL", "Source"),
    ("dashboardURL", "Dashboard"),
    ("panelURL", "Panel"),
    ("silenceURL", "Silence"),
    ("imageURL", "Image"),
];

/// An alert whose parts are checked.
pub(super) struct Alert<'a> {
    pub(super) action: Action,
    pub(super) dedup_key: String,
    pub(super) labels: &'a Texts,
    pub(super) annotations: &'a Texts,
    /// The alert as it was sent, for its addresses.
    pub(super) sent: &'a Map<String, Value>,
    /// Where the Alertmanager that sent it answers, or nothing.
    pub(super) external_url: &'a str,
    pub(super) expires_at_us: Option<i64>,
}

/// The labels or annotations under `name`. Numbers and truth values are taken as their text.
pub(super) fn texts(from: &Map<String, Value>, path: &str, name: &str) -> Result<Texts, Problem> {
    let path = format!("{path}.{name}");
    let fields = match from.get(name) {
        None | Some(Value::Null) => return Ok(Texts::new()),
        Some(Value::Object(fields)) => fields,
        Some(other) => {
            return Err(Problem::at(path, format!("must be an object, and is {}", kind_of(other))));
        }
    };
    let mut texts = Texts::new();
    for (name, value) in fields {
        match value {
            Value::Null => {}
            Value::Array(_) | Value::Object(_) => {
                let mut at = path;
                push_key(&mut at, name);
                return Err(Problem::at(at, format!("must be text, and is {}", kind_of(value))));
            }
            scalar => {
                texts.insert(name.clone(), text_of(scalar).unwrap_or_default());
            }
        }
    }
    Ok(texts)
}

/// The identity of a set of labels: SHA-256 over the sorted pairs.
///
/// Alertmanager's own fingerprint is a 64-bit FNV-1a. Labels often hold what an attacker may choose (a
/// user name, a path), and FNV collisions can be computed: one alert could be hidden in another.
pub(super) fn identity(labels: &Texts) -> String {
    bounds::hash(labels.iter().flat_map(|(name, text)| [name.as_str(), text.as_str()]))
}

/// The event of an alert.
pub(super) fn event(integration: &Integration, alert: &Alert<'_>) -> Event {
    let first = |from: &Texts, names: &[&str]| {
        names.iter().filter_map(|name| from.get(*name)).find(|text| !text.trim().is_empty()).cloned()
    };
    let name = || first(alert.labels, &["alertname"]);
    let title = first(alert.annotations, &TITLES).or_else(name).unwrap_or_else(|| pairs(alert.labels));
    let source = first(alert.labels, &SOURCES).unwrap_or_else(|| integration.name.clone());
    Event {
        title: bounds::title(&title),
        description: first(alert.annotations, &DESCRIPTIONS).and_then(|text| bounds::description(&text)),
        severity: severity(alert.labels).unwrap_or(integration.default_severity),
        source: bounds::source(&source),
        labels: labels(alert).finish(),
        links: links(alert).finish(),
        action: alert.action,
        dedup_key: bounds::dedup_key(&alert.dedup_key),
        expires_at_us: alert.expires_at_us,
    }
}

fn severity(labels: &Texts) -> Option<AlertSeverity> {
    ["severity", "level", "priority"].iter().find_map(|name| words::severity(labels.get(*name)?))
}

/// A title for an alert that has no name: its labels.
fn pairs(labels: &Texts) -> String {
    if labels.is_empty() {
        return "Alert without labels".to_owned();
    }
    let pairs: Vec<String> = labels.iter().map(|(name, text)| format!("{name}={text}")).collect();
    pairs.join(", ")
}

/// The labels, then those annotations that stand nowhere else in the event.
fn labels(alert: &Alert<'_>) -> Labels {
    let mut labels = Labels::default();
    for (name, text) in alert.labels {
        labels.push("", name, text);
    }
    let said = |name: &str| [&TITLES[..], &DESCRIPTIONS, &RUNBOOKS].concat().contains(&name);
    for (name, text) in alert.annotations.iter().filter(|(name, _)| !said(name)) {
        labels.push("", &format!("annotation.{name}"), text);
    }
    labels
}

fn links(alert: &Alert<'_>) -> Links {
    let mut links = Links::default();
    for runbook in RUNBOOKS {
        for texts in [alert.annotations, alert.labels] {
            links.push(texts.get(runbook).map_or("", String::as_str), "Runbook");
        }
    }
    for (field, text) in ADDRESSES {
        links.push(alert.sent.get(field).and_then(Value::as_str).unwrap_or_default(), text);
    }
    links.push(alert.external_url, "Alertmanager");
    links
}
