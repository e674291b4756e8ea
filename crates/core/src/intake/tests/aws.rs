//! What services of AWS say, and that one finding is one alert whichever way it comes.

use std::path::PathBuf;

use serde_json::{Value, json};

use super::{integration, only, take};
use crate::intake::{Action, AlertSeverity, Event, IntakeErrorKind, IntegrationKind};

const FINDING: &str = "0ab1c2d3e4f5a6b7c8d9e0f1a2b3c4d5";
const FINDING_ARN: &str =
    "arn:aws:guardduty:eu-west-1:111122223333:detector/12ab/finding/0ab1c2d3e4f5a6b7c8d9e0f1a2b3c4d5";

fn generic(body: &Value) -> Event {
    only(take(IntegrationKind::Generic, body))
}

fn envelope(source: &str, kind: &str, detail: &Value) -> Value {
    json!({"version": "0", "id": "e-1", "detail-type": kind, "source": source, "account": "111122223333",
        "time": "2026-11-23T02:20:00Z", "region": "eu-west-1", "resources": [], "detail": detail})
}

/// A finding as GuardDuty tells EventBridge of it.
fn guardduty(severity: f64, count: u32, archived: bool) -> Value {
    envelope(
        "aws.guardduty",
        "GuardDuty Finding",
        &json!({"schemaVersion": "2.0", "accountId": "111122223333", "region": "eu-west-1", "id": FINDING,
            "arn": FINDING_ARN, "type": "UnauthorizedAccess:EC2/SSHBruteForce",
            "resource": {"resourceType": "Instance", "instanceDetails": {"instanceId": "i-0123456789"}},
            "service": {"serviceName": "guardduty", "archived": archived, "count": count,
                "action": {"actionType": "NETWORK_CONNECTION"}},
            "severity": severity, "title": "SSH brute force against i-0123456789.",
            "description": "198.51.100.7 is guessing passwords."}),
    )
}

/// The same finding as Security Hub imports it, with fields of its own on top.
fn asff(more: &Value) -> Value {
    let mut finding = json!({"SchemaVersion": "2018-10-08", "Id": FINDING_ARN,
        "ProductArn": "arn:aws:securityhub:eu-west-1::product/aws/guardduty", "GeneratorId": "g",
        "AwsAccountId": "111122223333", "Types": ["TTPs/Initial Access"],
        "Severity": {"Label": "HIGH", "Normalized": 70}, "Title": "SSH brute force against i-0123456789.",
        "Description": "198.51.100.7 is guessing passwords.", "Resources": [{"Type": "AwsEc2Instance", "Id": "i-0"}],
        "ProductFields": {"aws/guardduty/service/count": "4", "aws/securityhub/ProductName": "GuardDuty"},
        "Workflow": {"Status": "NEW"}, "RecordState": "ACTIVE"});
    for (name, value) in more.as_object().unwrap() {
        finding[name] = value.clone();
    }
    finding
}

fn imported(findings: &[Value]) -> Value {
    envelope("aws.securityhub", "Security Hub Findings - Imported", &json!({ "findings": findings }))
}

/// The same finding in OCSF, as the new Security Hub tells of it.
fn ocsf(status_id: u64) -> Value {
    let finding = json!({"class_uid": 2004, "class_name": "Detection Finding", "category_uid": 2, "activity_id": 1,
        "severity_id": 4, "status_id": status_id, "status": "New",
        "metadata": {"product": {"name": "GuardDuty", "vendor_name": "AWS",
            "uid": "arn:aws:securityhub:eu-west-1::productv2/aws/guardduty"}, "version": "1.6.0"},
        "cloud": {"account": {"uid": "111122223333"}, "region": "eu-west-1"},
        "finding_info": {"uid": FINDING_ARN, "title": "SSH brute force against i-0123456789.",
            "desc": "198.51.100.7 is guessing passwords.", "types": ["UnauthorizedAccess:EC2/SSHBruteForce"]},
        "resources": [{"uid": "i-0123456789", "type": "AWS::EC2::Instance"}]});
    envelope("aws.securityhub", "Findings Imported V2", &json!({ "findings": [finding] }))
}

#[test]
fn one_finding_is_one_alert_over_every_way() {
    let ways = [guardduty(8.0, 1, false), imported(&[asff(&json!({}))]), ocsf(1)];
    for way in &ways {
        let event = generic(way);
        assert_eq!(event.dedup_key, format!("aws/guardduty:{FINDING}"));
        assert_eq!((event.action, event.severity), (Action::Trigger, AlertSeverity::Error));
        assert_eq!(event.title, "SSH brute force against i-0123456789.");
        assert_eq!(event.source, "111122223333");
        assert_eq!(event.labels["product"], "GuardDuty");
        assert_eq!(event.labels["account"], "111122223333");
    }
    let whole = generic(&ways[0]);
    assert_eq!(whole.labels["resource"], "i-0123456789");
    assert_eq!(whole.labels["count"], "1");
}

#[test]
fn guardduty_has_four_bands_and_a_repeat_is_no_worse() {
    let severity = |number| generic(&guardduty(number, 1, false)).severity;
    let bands = [1.0, 3.9, 4.0, 6.9, 7.0, 8.9, 9.0, 10.0].map(severity);
    let expected = ["info", "info", "warning", "warning", "error", "error", "critical", "critical"];
    assert_eq!(bands.map(AlertSeverity::as_str), expected);
    let (first, again) = (generic(&guardduty(8.0, 1, false)), generic(&guardduty(8.0, 31, false)));
    assert_eq!((first.dedup_key, first.severity), (again.dedup_key, again.severity));
}

#[test]
fn a_finding_is_over_only_when_its_own_state_says_so() {
    let states = [
        (json!({}), Action::Trigger),
        (json!({"Workflow": {"Status": "NOTIFIED"}}), Action::Trigger),
        (json!({"Compliance": {"Status": "FAILED"}}), Action::Trigger),
        (json!({"Workflow": {"Status": "RESOLVED"}}), Action::Resolve),
        (json!({"Workflow": {"Status": "SUPPRESSED"}}), Action::Resolve),
        (json!({"RecordState": "ARCHIVED"}), Action::Resolve),
        (json!({"Compliance": {"Status": "PASSED"}}), Action::Resolve),
        (json!({"ProductFields": {"aws/guardduty/service/archived": "true"}}), Action::Resolve),
    ];
    for (more, action) in states {
        assert_eq!(generic(&imported(&[asff(&more)])).action, action, "{more}");
    }
    assert_eq!(generic(&guardduty(8.0, 2, true)).action, Action::Resolve);
    let action = |status| generic(&ocsf(status)).action;
    assert_eq!([1, 2, 99].map(action), [Action::Trigger; 3]);
    assert_eq!([3, 4, 5].map(action), [Action::Resolve; 3]);
}

#[test]
fn a_batch_gives_each_finding_and_loses_none_to_a_broken_neighbour() {
    let other =
        asff(&json!({"Id": "i-2", "ProductArn": "arn:aws:securityhub:eu-west-1::product/aws/inspector"}));
    let whole = take(IntegrationKind::Generic, &imported(&[asff(&json!({})), other.clone()])).unwrap();
    let keys: Vec<_> = whole.iter().map(|event| event.dedup_key.as_str()).collect();
    assert_eq!(keys, [&*format!("aws/guardduty:{FINDING}"), "aws/inspector:i-2"]);
    let broken = imported(&[json!({"Id": "x"}), asff(&json!({"Title": " "})), other]);
    let error = take(IntegrationKind::Generic, &broken).unwrap_err();
    assert_eq!((error.kind, error.partial.len()), (IntakeErrorKind::Uninterpretable, 1));
    let fields: Vec<_> = error.problems().filter_map(|problem| problem.field).collect();
    assert_eq!(fields, ["detail.findings[0]", "detail.findings[1].Title"]);
}

#[test]
fn an_id_that_looks_like_another_products_stays_its_own() {
    let product = "arn:aws:securityhub:eu-west-1:444455556666:product/444455556666/default";
    let event = generic(&imported(&[asff(&json!({ "ProductArn": product }))]));
    assert_eq!(event.dedup_key, format!("444455556666/default:{FINDING_ARN}"));
}

/// An alarm as its own action sends it to a topic.
fn alarm(state: &str) -> Value {
    json!({"AlarmName": "db-cpu", "AlarmDescription": "The database works too hard.",
        "AWSAccountId": "111122223333", "NewStateValue": state, "NewStateReason": "Threshold crossed",
        "OldStateValue": "OK", "StateChangeTime": "2026-11-23T02:20:00.000+0000", "Region": "EU (Ireland)",
        "AlarmArn": "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:db-cpu",
        "Trigger": {"MetricName": "CPUUtilization", "Namespace": "AWS/RDS", "Threshold": 90.0,
            "Dimensions": [{"name": "DBInstanceIdentifier", "value": "orders"}]}})
}

fn state_change(state: &str) -> Value {
    let detail = json!({"alarmName": "db-cpu", "state": {"value": state, "reason": "Threshold crossed"},
        "previousState": {"value": "OK"}, "configuration": {"description": "The database works too hard."}});
    let mut event = envelope("aws.cloudwatch", "CloudWatch Alarm State Change", &detail);
    event["resources"] = json!(["arn:aws:cloudwatch:eu-west-1:111122223333:alarm:db-cpu"]);
    event
}

#[test]
fn an_alarm_opens_and_ends_one_alert_over_both_ways() {
    for say in [alarm, state_change] {
        let (open, over) = (generic(&say("ALARM")), generic(&say("OK")));
        assert_eq!((open.action, over.action), (Action::Trigger, Action::Resolve));
        assert_eq!(open.dedup_key, "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:db-cpu");
        assert_eq!(open.dedup_key, over.dedup_key);
        assert_eq!((open.title.as_str(), open.source.as_str()), ("db-cpu", "111122223333"));
        assert_eq!(open.severity, integration(IntegrationKind::Generic).default_severity);
        assert_eq!(open.description.as_deref(), Some("The database works too hard.\n\nThreshold crossed"));
        let unknown = generic(&say("INSUFFICIENT_DATA"));
        assert_eq!((unknown.action, unknown.severity), (Action::Trigger, AlertSeverity::Warning));
        assert_eq!(
            (unknown.title.as_str(), unknown.dedup_key),
            ("db-cpu has too little data to tell", open.dedup_key)
        );
    }
    assert_eq!(generic(&alarm("ALARM")).labels["dimension.DBInstanceIdentifier"], "orders");
    let error = take(IntegrationKind::Generic, &alarm("PERHAPS")).unwrap_err();
    assert_eq!(
        (error.kind, error.field.as_deref()),
        (IntakeErrorKind::Uninterpretable, Some("NewStateValue"))
    );
}

#[test]
fn what_is_no_known_format_is_read_by_its_names() {
    let other =
        envelope("aws.ec2", "EC2 Instance State-change", &json!({"instance-id": "i-1", "state": "stopped"}));
    assert_eq!(take(IntegrationKind::Generic, &other).unwrap_err().kind, IntakeErrorKind::Uninterpretable);
    let own = envelope("shop.orders", "Order failed", &json!({"title": "Order 7 failed", "findings": [1]}));
    assert_eq!(generic(&own).title, "Order 7 failed");
}

/// A file of the captured data, where there is any.
#[expect(clippy::disallowed_methods, reason = "the bodies are files, and only tests read them")]
fn captured(name: &str) -> Option<String> {
    let default = || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/shared-data"));
    let root = std::env::var_os("DECURION_TEST_DATA").map_or_else(default, PathBuf::from);
    let text = std::fs::read_to_string(root.join("detection").join(name)).ok();
    if text.is_none() {
        eprintln!("captured bodies are absent: there is no {name}");
    }
    text
}

#[test]
fn findings_that_were_seen_are_read_with_their_product_and_id() {
    for name in ["guardduty/panther_guardduty_tests.jsonl", "securityhub/panther_asff_tests.jsonl"] {
        for line in captured(name).unwrap_or_default().lines() {
            let finding = serde_json::from_str::<Value>(line).unwrap()["event"].clone();
            let known =
                finding.get("ProductArn").or_else(|| finding.get("arn")).is_some_and(Value::is_string);
            let titled = ["title", "Title", "type"].iter().any(|name| finding[name].is_string());
            if !(known && titled) {
                continue;
            }
            let event = generic(&finding);
            let id = finding["Id"].as_str().or_else(|| finding["id"].as_str()).unwrap();
            let own =
                id.rsplit_once("/finding/").filter(|_| id.contains(":guardduty:")).map_or(id, |(_, own)| own);
            assert!(event.dedup_key.ends_with(&format!(":{own}")), "{} of {id}", event.dedup_key);
            assert!(event.labels.contains_key("product"), "{event:?}");
        }
    }
}

#[test]
fn envelopes_that_were_seen_are_told_apart() {
    let alarms = ["example-cloudwatch-alarm-metric.json", "example-cloudwatch-alarm-composite.json"];
    for name in alarms {
        let Some(text) = captured(&format!("eventbridge/{name}")) else { return };
        let event = generic(&serde_json::from_str(&text).unwrap());
        assert!(event.dedup_key.starts_with("arn:aws:cloudwatch:"), "{event:?}");
        assert!(event.labels.contains_key("alarm"), "{event:?}");
    }
}
