//! Findings in the Open Cybersecurity Schema Framework (category 2), as the new Security Hub sends them.

use serde_json::Value;

use super::{Fields, Finding, GUARDDUTY, at, field, key, label, needed, product_of_arn, text};
use crate::intake::bounds::{Labels, Links};
use crate::intake::error::Problem;
use crate::intake::{AlertSeverity, Event, Integration};

/// `class_uid` of the finding classes.
const FINDINGS: std::ops::RangeInclusive<u64> = 2001..=2999;
/// `status_id`: suppressed, resolved, archived, deleted.
const OVER: [u64; 4] = [3, 4, 5, 6];
/// `activity_id`: close.
const CLOSE: u64 = 3;
/// The most resources that are named in a label.
const MAX_RESOURCES: usize = 5;

pub(super) fn is_finding(fields: &Fields) -> bool {
    let class = fields.get("class_uid").and_then(Value::as_u64);
    class.is_some_and(|class| FINDINGS.contains(&class)) && info(fields).is_some()
}

/// The finding itself. Before version 1.1 it stood under another name.
fn info(fields: &Fields) -> Option<&Fields> {
    ["finding_info", "finding"].into_iter().find_map(|name| fields.get(name)?.as_object())
}

pub(super) fn event(integration: &Integration, fields: &Fields) -> Result<Event, Problem> {
    let info = info(fields).ok_or_else(|| Problem::at("finding_info", "is missing"))?;
    let product = product(fields);
    let id = needed(info, &["uid"]).map_err(|problem| problem.below("finding_info"))?;
    let named = text(fields, &["message"]).or_else(|| text(info, &["desc"]));
    let title = text(info, &["title"]).or(named);
    let finding = Finding {
        over: is_over(fields),
        key: key(product, id),
        title: title.ok_or_else(|| Problem::at("finding_info.title", "is missing or blank"))?,
        description: text(info, &["desc"]).or_else(|| text(fields, &["message"])),
        severity: field(fields, "severity_id").and_then(Value::as_u64).and_then(severity),
        account: text(fields, &["cloud", "account", "uid"]),
    };
    let mut links = Links::default();
    links.push(text(info, &["src_url"]).unwrap_or_default(), "Finding");
    let reference = at(fields, &["remediation", "references"]).and_then(Value::as_array);
    let reference = reference.and_then(|all| all.first()).and_then(Value::as_str);
    links.push(reference.unwrap_or_default(), "Remediation");
    Ok(finding.event(integration, labels(fields, info), links))
}

/// The product as ASFF names it, so that both formats give one key.
fn product(fields: &Fields) -> &str {
    let of = |name| text(fields, &["metadata", "product", name]);
    let named = of("name").unwrap_or("unnamed product");
    let maker = of("vendor_name").unwrap_or_default();
    match of("uid").map(product_of_arn) {
        Some(product) if product.contains('/') => product,
        _ if named.ends_with("GuardDuty") && matches!(maker, "AWS" | "Amazon") => GUARDDUTY,
        _ => named,
    }
}

fn is_over(fields: &Fields) -> bool {
    let number = |name: &str| fields.get(name).and_then(Value::as_u64);
    number("status_id").is_some_and(|status| OVER.contains(&status)) || number("activity_id") == Some(CLOSE)
}

/// `severity_id`; unknown and other say nothing.
const fn severity(number: u64) -> Option<AlertSeverity> {
    match number {
        1 | 2 => Some(AlertSeverity::Info),
        3 => Some(AlertSeverity::Warning),
        4 => Some(AlertSeverity::Error),
        5 | 6 => Some(AlertSeverity::Critical),
        _ => None,
    }
}

fn labels(fields: &Fields, info: &Fields) -> Labels {
    let mut labels = Labels::default();
    label(&mut labels, "product", at(fields, &["metadata", "product", "name"]));
    label(
        &mut labels,
        "type",
        field(info, "types").and_then(Value::as_array).and_then(|types| types.first()),
    );
    let plain = [
        ("account", &["cloud", "account", "uid"][..]),
        ("region", &["cloud", "region"]),
        ("class", &["class_name"]),
        ("status", &["status"]),
        ("compliance", &["compliance", "status"]),
        ("control", &["compliance", "control"]),
    ];
    for (name, path) in plain {
        label(&mut labels, name, at(fields, path));
    }
    for (name, field) in
        [("first_seen", "first_seen_time_dt"), ("last_seen", "last_seen_time_dt"), ("finding", "uid")]
    {
        label(&mut labels, name, info.get(field));
    }
    let listed = field(fields, "resources").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let ids = listed.iter().take(MAX_RESOURCES).filter_map(|resource| resource.get("uid")?.as_str());
    let ids = ids.collect::<Vec<_>>().join(", ");
    if !ids.is_empty() {
        labels.push("", "resource", &ids);
    }
    label(&mut labels, "resource_type", listed.first().and_then(|first| first.get("type")));
    labels
}
