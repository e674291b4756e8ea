//! Bodies that real senders sent. They are not part of the project; without them these tests say so.

use std::path::PathBuf;

use serde_json::{Value, json};

use super::{NOW_US, integration, only, take};
use crate::intake::{Action, AlertSeverity, Event, IntegrationKind, interpret};

/// The folder of captured bodies, or a word that they are absent.
fn folder() -> Option<PathBuf> {
    let default = || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/shared-data"));
    let root = std::env::var_os("DECURION_TEST_DATA").map_or_else(default, PathBuf::from);
    let folder = root.join("oncall/payloads");
    if !folder.is_dir() {
        eprintln!("captured bodies are absent: {} is no folder", folder.display());
        return None;
    }
    Some(folder)
}

/// The bodies of every file whose name has all the parts; a list of examples gives each.
#[expect(clippy::disallowed_methods, reason = "the bodies are files, and only tests read them")]
pub(super) fn bodies(parts: &[&str]) -> Vec<(String, Value)> {
    let Some(folder) = folder() else { return Vec::new() };
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if !parts.iter().all(|part| name.contains(part)) {
            continue;
        }
        let file: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        match &file["body"] {
            Value::Array(each) => found.extend(each.iter().map(|body| (name.clone(), body.clone()))),
            body => found.push((name, body.clone())),
        }
    }
    found.sort_by(|a, b| a.0.cmp(&b.0));
    assert!(!found.is_empty(), "no captured body is named {parts:?}");
    found
}

fn events(kind: IntegrationKind, parts: &[&str]) -> Vec<Event> {
    bodies(parts).iter().flat_map(|(_, body)| take(kind, body).unwrap()).collect()
}

#[test]
fn pagerduty_from_alertmanager_opens_and_resolves_one_alert() {
    if folder().is_none() {
        return;
    }
    let open = only(Ok(events(IntegrationKind::Pagerduty, &["captured-pagerduty", "firing"])));
    let over = only(Ok(events(IntegrationKind::Pagerduty, &["captured-pagerduty", "resolved"])));
    assert_eq!((open.action, over.action), (Action::Trigger, Action::Resolve));
    assert_eq!(open.dedup_key, over.dedup_key);
    assert_eq!(open.title, "[FIRING:2] ImpossibleTravel okta (critical)");
    assert_eq!((open.severity, open.source.as_str()), (AlertSeverity::Error, "Alertmanager"));
    assert_eq!(open.links[0].href, "http://vm:9093/#/alerts?receiver=all");
    assert_eq!(open.labels["num_firing"], "2");
    assert!(open.description.unwrap().starts_with("Labels:\n - alertname = ImpossibleTravel\n"));
}

#[test]
fn opsgenie_from_alertmanager_is_one_alert_of_its_labels() {
    if folder().is_none() {
        return;
    }
    let open = only(Ok(events(IntegrationKind::Opsgenie, &["captured-opsgenie-create", "firing"])));
    assert_eq!(open.dedup_key, "6ebeaf3827e255a98bf648af1bd2e72e24d164ec83e38979c5ea9ae269e56012");
    assert_eq!(open.title, "[FIRING:2] ImpossibleTravel okta (critical)");
    assert_eq!((open.severity, open.source.as_str()), (AlertSeverity::Critical, "okta"));
    assert_eq!(open.links[0].href, "http://vm:9093/#/alerts?receiver=all");
    assert_eq!(open.labels["responders"], "team:SOC-L1");
    assert_eq!(open.labels["alertname"], "ImpossibleTravel");
    assert!(open.description.unwrap().starts_with("Alerts Firing:\nLabels:\n"));
}

#[test]
fn pagerduty_of_the_documents_is_taken() {
    if folder().is_none() {
        return;
    }
    let open = only(Ok(events(IntegrationKind::Pagerduty, &["pagerduty-v2-trigger"])));
    assert_eq!((open.dedup_key.as_str(), open.severity), ("srv01/mysql", AlertSeverity::Critical));
    assert_eq!(open.labels["load avg"], "0.75");
    assert_eq!(open.links.len(), 4);
    let actions: Vec<Action> = events(IntegrationKind::Pagerduty, &["pagerduty-v2-ack-resolve"])
        .into_iter()
        .map(|event| event.action)
        .collect();
    assert_eq!(actions, [Action::Acknowledge, Action::Resolve]);
    for (_, body) in bodies(&["pagerduty-v2-change"]) {
        let change = crate::intake::pagerduty::change(&body).unwrap();
        assert_eq!(change.summary, "Build Success: Increase snapshot create timeout to 30 seconds");
        assert_eq!((change.details["run_time"].as_str(), change.links.len()), ("1236s", 3));
    }
}

#[test]
fn the_webhook_of_alertmanager_opens_and_resolves_two_alerts() {
    if folder().is_none() {
        return;
    }
    let open = events(IntegrationKind::AlertmanagerWebhook, &["captured-alertmanager", "firing"]);
    let over = events(IntegrationKind::AlertmanagerWebhook, &["captured-alertmanager", "resolved"]);
    let keys = |events: &[Event]| events.iter().map(|event| event.dedup_key.clone()).collect::<Vec<_>>();
    assert_eq!(keys(&open), ["e0d2a05cf3756a8a", "7ab92fb3114bcb4a"]);
    assert_eq!(keys(&open), keys(&over));
    assert!(open.iter().all(|event| event.action == Action::Trigger));
    assert!(over.iter().all(|event| event.action == Action::Resolve && event.title == "ImpossibleTravel"));
    assert_eq!(open[1].title, "Impossible travel for jdoe");
    assert_eq!((open[1].severity, open[1].source.as_str()), (AlertSeverity::Critical, "okta"));
    assert_eq!(open[1].links.len(), 3);
}

#[test]
fn bodies_of_other_senders_are_understood_without_a_mapping() {
    if folder().is_none() {
        return;
    }
    let titled = |part: &str| only(Ok(events(IntegrationKind::Generic, &[part])));
    let guard_duty = titled("guardduty");
    assert!(guard_duty.title.starts_with("Unusual network permission reconnaissance"));
    assert_eq!(guard_duty.dedup_key, "aws/guardduty:76b6bd7a6fa2205baaae644e6970206b");
    assert_eq!(guard_duty.source, "742968239728");
    let imported = titled("aws-securityhub-imported");
    assert_eq!(imported.dedup_key, "aws/guardduty:eeb8934811a623d5d3760016c275ee93");
    assert_eq!(titled("aws-cloudwatch-alarm").labels["alarm"], "EXAMPLE");
    let formatted = titled("grafana-oncall");
    assert_eq!(formatted.dedup_key, "08d6891a-835c-e661-39fa-96b6a9e26552");
    assert_eq!(formatted.action, Action::Trigger);
    let opsgenie = titled("captured-opsgenie-create");
    assert_eq!(opsgenie.title, "[FIRING:2] ImpossibleTravel okta (critical)");
    assert_eq!(opsgenie.severity, AlertSeverity::Critical);
}

#[test]
fn a_captured_body_cut_anywhere_or_with_any_byte_changed_is_answered() {
    // A heartbeat reads no body.
    let kinds: Vec<_> = IntegrationKind::ALL
        .into_iter()
        .filter(|kind| *kind != IntegrationKind::Heartbeat)
        .map(integration)
        .collect();
    for (name, body) in bodies_or_own() {
        let bytes = body.to_string().into_bytes();
        for at in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[at] = b"\"{}[]:,\\0x\xff\x00"[at % 12];
            for integration in &kinds {
                let cut = interpret(integration, "sig_1", &bytes[..at], NOW_US);
                assert!(cut.is_err(), "{name} cut at {at}");
                let answer = interpret(integration, "sig_1", &changed, NOW_US);
                let events = answer.unwrap_or_else(|error| error.partial);
                assert!(events.iter().all(well_formed), "{name} changed at {at}");
            }
        }
    }
}

fn bodies_or_own() -> Vec<(String, Value)> {
    if folder().is_some() {
        return bodies(&["captured"]);
    }
    let own = json!({"version": "4", "alerts": [{"status": "firing", "labels": {"alertname": "X"}}],
        "event_action": "trigger", "payload": {"summary": "s", "source": "h", "severity": "info"}});
    vec![("own".to_owned(), own)]
}

/// What every event keeps to, whoever sent it.
pub(super) fn well_formed(event: &Event) -> bool {
    let titled = !event.title.is_empty() || event.action != Action::Trigger;
    let short = event.title.chars().count() <= 1_024 && event.labels.len() <= 66;
    titled && short && !event.dedup_key.is_empty() && event.dedup_key.chars().count() <= 255
}
