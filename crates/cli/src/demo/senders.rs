//! What the senders of the demo send, in the formats of their vendors; every text is invented.

use serde_json::{Value, json};

const ACCOUNT: &str = "111122223333";
const REGION: &str = "eu-north-1";

/// A GuardDuty finding as EventBridge delivers it.
pub(super) fn guardduty(id: &str, kind: &str, severity: f64, title: &str, text: &str, at: &str) -> Value {
    json!({
        "version": "0",
        "id": format!("demo-event-{id}"),
        "detail-type": "GuardDuty Finding",
        "source": "aws.guardduty",
        "account": ACCOUNT,
        "time": at,
        "region": REGION,
        "resources": [],
        "detail": {
            "schemaVersion": "2.0",
            "accountId": ACCOUNT,
            "region": REGION,
            "id": id,
            "type": kind,
            "severity": severity,
            "title": title,
            "description": text,
            "createdAt": at,
            "updatedAt": at,
            "service": {"serviceName": "guardduty", "archived": false, "count": 1},
        },
    })
}

/// A CloudWatch alarm as SNS delivers it with raw message delivery.
pub(super) fn cloudwatch(name: &str, text: &str, reason: &str, at: &str) -> Value {
    json!({
        "AlarmName": name,
        "AlarmDescription": text,
        "AWSAccountId": ACCOUNT,
        "NewStateValue": "ALARM",
        "NewStateReason": reason,
        "StateChangeTime": at,
        "Region": REGION,
        "AlarmArn": format!("arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:{name}"),
        "OldStateValue": "OK",
    })
}

/// One alert of a storm as Alertmanager's webhook (version 4) sends it.
pub(super) fn alertmanager(instance: usize, since: &str, ended: Option<&str>) -> Value {
    let status = if ended.is_some() { "resolved" } else { "firing" };
    let common = json!({
        "alertname": "NodeLosesPackets", "service": "edge", "cluster": "north", "severity": "critical",
    });
    let name = format!("edge-{instance:02}.north.demo:9100");
    let mut labels = common.clone();
    labels["instance"] = json!(name);
    json!({
        "version": "4",
        "groupKey": "{}:{alertname=\"NodeLosesPackets\"}",
        "truncatedAlerts": 0,
        "status": status,
        "receiver": "decurion",
        "groupLabels": {"alertname": "NodeLosesPackets"},
        "commonLabels": common,
        "commonAnnotations": {"summary": "Edge nodes in north lose packets"},
        "externalURL": "http://alertmanager.demo:9093",
        "alerts": [{
            "status": status,
            "labels": labels,
            "annotations": {
                "summary": "Edge nodes in north lose packets",
                "description": format!("{name} drops more than 5 % of what it receives"),
            },
            "startsAt": since,
            "endsAt": ended.unwrap_or("0001-01-01T00:00:00Z"),
            "generatorURL": "http://prometheus.demo:9090/graph",
            "fingerprint": format!("{instance:016x}"),
        }],
    })
}

/// A PagerDuty event (Events API v2).
pub(super) fn pagerduty(key: &str, summary: &str) -> Value {
    json!({
        "routing_key": key,
        "event_action": "trigger",
        "payload": {"summary": summary, "source": "vpn.ten.example", "severity": "error"},
    })
}
