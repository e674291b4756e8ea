//! What services of AWS say, over whichever way it comes: CloudWatch alarms, GuardDuty findings, and Security
//! Hub's findings in its own format (ASFF) and in OCSF.
//!
//! One finding reaches people by several ways at once: GuardDuty tells EventBridge, and Security Hub imports
//! what GuardDuty found and tells EventBridge again, in two formats. All of them give one key, made of the
//! product and its own id of the finding, so that they are one alert.

mod cloudwatch;
mod guardduty;
mod ocsf;
mod security_hub;

use serde_json::{Map, Value};

use super::bounds::{self, Labels, MAX_EVENTS, kind_of, text_of};
use super::error::Problem;
use super::generic::TryOut;
use super::{Action, AlertSeverity, Event, Integration};

/// Where a finding of GuardDuty comes from, as Security Hub names products.
const GUARDDUTY: &str = "aws/guardduty";

type Fields = Map<String, Value>;
type IsFinding = fn(&Fields) -> bool;
type Read = fn(&Integration, &Fields) -> Result<Event, Problem>;

/// The events of a body that a service of AWS wrote; nothing for any other body.
pub(super) fn events(integration: &Integration, body: &Value) -> Option<TryOut> {
    let Some(fields) = body.as_object() else {
        return batch(integration, body.as_array()?, "");
    };
    if let Some(alarm) = cloudwatch::event(integration, fields) {
        return Some(outcome(alarm));
    }
    if let Some(read) = reader(fields) {
        return Some(outcome(read(integration, fields)));
    }
    let (detail, path) = match fields.get("detail").and_then(Value::as_object) {
        Some(detail) if is_envelope(fields) => (detail, "detail."),
        _ => (fields, ""),
    };
    if let Some(read) = reader(detail) {
        return Some(outcome(read(integration, detail)));
    }
    let name =
        ["findings", "Findings"].into_iter().find(|name| detail.get(*name).is_some_and(Value::is_array))?;
    batch(integration, detail.get(name)?.as_array()?, &format!("{path}{name}"))
}

/// Whether a body is wrapped as EventBridge wraps what it hands on.
fn is_envelope(fields: &Fields) -> bool {
    ["detail-type", "source"].iter().all(|name| fields.get(*name).is_some_and(Value::is_string))
}

/// Findings in a list; not one of them is lost to a broken neighbour. Nothing where none is a finding.
fn batch(integration: &Integration, items: &[Value], path: &str) -> Option<TryOut> {
    let known = |item: &Value| item.as_object().and_then(reader);
    items.iter().find_map(known)?;
    let mut read = TryOut::default();
    for (index, item) in items.iter().take(MAX_EVENTS).enumerate() {
        let at = format!("{path}[{index}]");
        let event = match (known(item), item.as_object()) {
            (Some(read), Some(fields)) => read(integration, fields).map_err(|problem| problem.below(&at)),
            _ => Err(Problem::at(at, format!("is no finding of a known format, and is {}", kind_of(item)))),
        };
        match event {
            Ok(event) => read.events.push(event),
            Err(problem) => read.problems.push(problem),
        }
    }
    if items.len() > MAX_EVENTS {
        let message = format!("has {} findings; the first {MAX_EVENTS} are taken", items.len());
        read.problems.push(Problem::at(path, message));
    }
    Some(read)
}

/// What reads an object, by the fields that its format cannot do without.
fn reader(fields: &Fields) -> Option<Read> {
    let readers: [(IsFinding, Read); 3] = [
        (security_hub::is_finding, security_hub::event),
        (ocsf::is_finding, ocsf::event),
        (guardduty::is_finding, guardduty::event),
    ];
    readers.into_iter().find(|(is_finding, _)| is_finding(fields)).map(|(_, read)| read)
}

fn outcome(read: Result<Event, Problem>) -> TryOut {
    match read {
        Ok(event) => TryOut { events: vec![event], ..TryOut::default() },
        Err(problem) => TryOut { problems: vec![problem], ..TryOut::default() },
    }
}

/// A field, whichever case its name begins with: the services write `id` to EventBridge and `Id` in their API.
fn field<'a>(fields: &'a Fields, name: &str) -> Option<&'a Value> {
    let any_case = || fields.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value);
    fields.get(name).or_else(any_case).filter(|value| !value.is_null())
}

/// A value some objects deep.
fn at<'a>(fields: &'a Fields, path: &[&str]) -> Option<&'a Value> {
    let (first, rest) = path.split_first()?;
    let value = field(fields, first)?;
    if rest.is_empty() { Some(value) } else { at(value.as_object()?, rest) }
}

/// Text some objects deep, unless it is blank.
fn text<'a>(fields: &'a Fields, path: &[&str]) -> Option<&'a str> {
    at(fields, path)?.as_str().map(str::trim).filter(|text| !text.is_empty())
}

/// Text that a finding cannot do without.
fn needed<'a>(fields: &'a Fields, path: &[&str]) -> Result<&'a str, Problem> {
    text(fields, path).ok_or_else(|| Problem::at(path.join("."), "is missing or blank"))
}

/// Adds a label for a value that is there.
fn label(labels: &mut Labels, name: &str, value: Option<&Value>) {
    if let Some(text) = value.and_then(text_of).filter(|text| !text.trim().is_empty()) {
        labels.push("", name, &text);
    }
}

/// The one key of a finding over every way: its product, and the id that the product gave it.
///
/// GuardDuty's ids stand alone in its own events and at the end of an ARN in Security Hub. The product is part
/// of the key, as whoever may import findings chooses their ids: none hides in another product's alert.
fn key(product: &str, id: &str) -> String {
    let own = if product == GUARDDUTY { id.rsplit_once("/finding/").map_or(id, |(_, own)| own) } else { id };
    bounds::dedup_key(&format!("{product}:{own}"))
}

/// `aws/guardduty` of `arn:aws:securityhub:us-east-1::product/aws/guardduty`.
fn product_of_arn(arn: &str) -> &str {
    let after = |word: &str| arn.split_once(word).map(|(_, product)| product);
    after(":product/").or_else(|| after(":productv2/")).unwrap_or(arn)
}

/// A finding in the product's words, before the labels and links of its format.
struct Finding<'a> {
    over: bool,
    key: String,
    title: &'a str,
    description: Option<&'a str>,
    severity: Option<AlertSeverity>,
    account: Option<&'a str>,
}

impl Finding<'_> {
    /// The event. A finding fires once, and is over only when its own state says so.
    fn event(self, integration: &Integration, labels: Labels, links: bounds::Links) -> Event {
        Event {
            action: if self.over { Action::Resolve } else { Action::Trigger },
            dedup_key: self.key,
            title: bounds::title(self.title),
            description: self.description.and_then(bounds::description),
            severity: self.severity.unwrap_or(integration.default_severity),
            source: bounds::source(self.account.unwrap_or(&integration.name)),
            labels: labels.finish(),
            links: links.finish(),
            expires_at_us: None,
        }
    }
}
