//! Security Hub's findings in the AWS Security Finding Format (ASFF, schema 2018-10-08).

use serde_json::Value;

use super::{Fields, Finding, GUARDDUTY, at, field, key, label, needed, product_of_arn, text};
use crate::intake::bounds::{Labels, Links};
use crate::intake::error::Problem;
use crate::intake::{AlertSeverity, Event, Integration, words};

/// The most resources that are named in a label.
const MAX_RESOURCES: usize = 5;

pub(super) fn is_finding(fields: &Fields) -> bool {
    ["ProductArn", "Id", "Title"].iter().all(|name| fields.get(*name).is_some_and(Value::is_string))
}

pub(super) fn event(integration: &Integration, fields: &Fields) -> Result<Event, Problem> {
    let product = product_of_arn(needed(fields, &["ProductArn"])?);
    let finding = Finding {
        over: is_over(fields),
        key: key(product, needed(fields, &["Id"])?),
        title: needed(fields, &["Title"])?,
        description: text(fields, &["Description"]),
        severity: severity(fields),
        account: text(fields, &["AwsAccountId"]),
    };
    let mut links = Links::default();
    links.push(text(fields, &["SourceUrl"]).unwrap_or_default(), "Finding");
    let remediation = text(fields, &["Remediation", "Recommendation", "Url"]);
    links.push(remediation.unwrap_or_default(), "Remediation");
    Ok(finding.event(integration, labels(fields, product), links))
}

/// Somebody resolved or suppressed it, its product archived it, or the control passes now.
fn is_over(fields: &Fields) -> bool {
    let is = |path: &[&str], words: &[&str]| text(fields, path).is_some_and(|word| words.contains(&word));
    let archived = || {
        let own = text(fields, &["ProductArn"]).is_some_and(|arn| product_of_arn(arn) == GUARDDUTY);
        let flag = ["aws/guardduty/service/archived", "archived"];
        own && flag.iter().any(|name| text(fields, &["ProductFields", name]) == Some("true"))
    };
    is(&["RecordState"], &["ARCHIVED"])
        || is(&["Workflow", "Status"], &["RESOLVED", "SUPPRESSED"])
        || is(&["Compliance", "Status"], &["PASSED"])
        || archived()
}

/// The label, else the number from 0 to 100 in the bands of the label.
fn severity(fields: &Fields) -> Option<AlertSeverity> {
    let own = || text(fields, &["FindingProviderFields", "Severity", "Label"]);
    let word = text(fields, &["Severity", "Label"]).or_else(own).and_then(words::severity);
    let number = || at(fields, &["Severity", "Normalized"])?.as_f64();
    word.or_else(|| {
        Some(match number()? {
            90.0.. => AlertSeverity::Critical,
            70.0.. => AlertSeverity::Error,
            40.0.. => AlertSeverity::Warning,
            _ => AlertSeverity::Info,
        })
    })
}

fn labels(fields: &Fields, product: &str) -> Labels {
    let mut labels = Labels::default();
    let named = text(fields, &["ProductFields", "aws/securityhub/ProductName"]);
    let named = named.or_else(|| text(fields, &["ProductName"])).unwrap_or(product);
    labels.push("", "product", named);
    label(
        &mut labels,
        "type",
        field(fields, "Types").and_then(Value::as_array).and_then(|types| types.first()),
    );
    let plain = [
        ("account", &["AwsAccountId"][..]),
        ("region", &["Region"]),
        ("workflow", &["Workflow", "Status"]),
        ("compliance", &["Compliance", "Status"]),
        ("control", &["Compliance", "SecurityControlId"]),
        ("generator", &["GeneratorId"]),
        ("first_seen", &["FirstObservedAt"]),
        ("last_seen", &["LastObservedAt"]),
        ("finding", &["Id"]),
    ];
    for (name, path) in plain {
        label(&mut labels, name, at(fields, path));
    }
    let count =
        ["aws/guardduty/service/count", "count"].iter().find_map(|name| at(fields, &["ProductFields", name]));
    label(&mut labels, "count", count);
    resources(fields, &mut labels);
    labels
}

fn resources(fields: &Fields, labels: &mut Labels) {
    let listed = field(fields, "Resources").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let first = listed.first().and_then(Value::as_object);
    label(labels, "resource_type", first.and_then(|first| field(first, "Type")));
    let ids = listed.iter().take(MAX_RESOURCES).filter_map(|resource| resource.get("Id")?.as_str());
    let ids = ids.collect::<Vec<_>>().join(", ");
    if !ids.is_empty() {
        labels.push("", "resource", &ids);
    }
    if listed.len() > MAX_RESOURCES {
        labels.push("", "resources", &listed.len().to_string());
    }
}
