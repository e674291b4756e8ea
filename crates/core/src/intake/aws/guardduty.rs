//! GuardDuty's findings, as EventBridge carries them (`camelCase`) and as the API gives them (`PascalCase`).

use serde_json::Value;

use super::{Fields, Finding, GUARDDUTY, at, field, key, label, needed, text};
use crate::intake::bounds::{Labels, Links};
use crate::intake::error::Problem;
use crate::intake::{AlertSeverity, Event, Integration};

/// Where the resource of a finding is named, best first.
const RESOURCES: [&[&str]; 6] = [
    &["instanceDetails", "instanceId"],
    &["accessKeyDetails", "userName"],
    &["eksClusterDetails", "name"],
    &["lambdaDetails", "functionName"],
    &["rdsDbInstanceDetails", "dbInstanceIdentifier"],
    &["ecsClusterDetails", "name"],
];

pub(super) fn is_finding(fields: &Fields) -> bool {
    let arn = text(fields, &["arn"]).is_some_and(|arn| arn.contains(":guardduty:"));
    let own = || text(fields, &["service", "serviceName"]) == Some("guardduty");
    (arn || own()) && field(fields, "type").is_some() && field(fields, "severity").is_some()
}

pub(super) fn event(integration: &Integration, fields: &Fields) -> Result<Event, Problem> {
    let id = text(fields, &["id"]).or_else(|| text(fields, &["arn"]));
    let kind = needed(fields, &["type"])?;
    let finding = Finding {
        over: at(fields, &["service", "archived"]).and_then(Value::as_bool) == Some(true),
        key: key(GUARDDUTY, id.ok_or_else(|| Problem::at("id", "is missing or blank"))?),
        title: text(fields, &["title"]).unwrap_or(kind),
        description: text(fields, &["description"]),
        severity: field(fields, "severity").and_then(Value::as_f64).map(severity),
        account: text(fields, &["accountId"]),
    };
    Ok(finding.event(integration, labels(fields), Links::default()))
}

/// The bands of GuardDuty: low below 4, medium below 7, high below 9, and critical.
fn severity(number: f64) -> AlertSeverity {
    match number {
        9.0.. => AlertSeverity::Critical,
        7.0.. => AlertSeverity::Error,
        4.0.. => AlertSeverity::Warning,
        _ => AlertSeverity::Info,
    }
}

fn labels(fields: &Fields) -> Labels {
    let mut labels = Labels::default();
    let plain = [
        ("type", &["type"][..]),
        ("account", &["accountId"]),
        ("region", &["region"]),
        ("guardduty_severity", &["severity"]),
        ("resource_type", &["resource", "resourceType"]),
        ("resource_role", &["service", "resourceRole"]),
        ("action", &["service", "action", "actionType"]),
        ("count", &["service", "count"]),
        ("first_seen", &["service", "eventFirstSeen"]),
        ("last_seen", &["service", "eventLastSeen"]),
        ("sample", &["service", "additionalInfo", "sample"]),
        ("finding", &["arn"]),
    ];
    label(&mut labels, "product", Some(&Value::from("GuardDuty")));
    for (name, path) in plain {
        label(&mut labels, name, at(fields, path));
    }
    let resource = field(fields, "resource").and_then(Value::as_object);
    let named =
        |resource| RESOURCES.into_iter().find_map(|path| at(resource, path)).or_else(|| bucket(resource));
    label(&mut labels, "resource", resource.and_then(named));
    labels
}

fn bucket(resource: &Fields) -> Option<&Value> {
    field(field(resource, "s3BucketDetails")?.as_array()?.first()?.as_object()?, "name")
}
