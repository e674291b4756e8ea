use serde_json::{Value, json};

use super::{NOW_US, only, take};
use crate::intake::{
    Action, AlertSeverity, Event, IntakeErrorKind, IntegrationKind, alertmanager_api, json as body_json,
};

const WEBHOOK: IntegrationKind = IntegrationKind::AlertmanagerWebhook;
const API: IntegrationKind = IntegrationKind::AlertmanagerApi;

fn group(alerts: &Value) -> Value {
    json!({"version": "4", "status": "firing", "externalURL": "http://am.example.com", "alerts": alerts,
        "routeLabels": {"new": "field"}})
}

fn alert(fingerprint: &str, status: &str) -> Value {
    json!({
        "status": status, "fingerprint": fingerprint, "startsAt": "2026-11-23T02:16:20Z",
        "labels": {"alertname": "DiskFull", "instance": "db1:9100", "severity": "critical"},
        "annotations": {"summary": "Disk of db1 is full", "description": "1% left",
            "runbook_url": "https://wiki.example.com/disk", "team": "storage"},
        "generatorURL": "https://prom.example.com/graph",
    })
}

fn first(body: &Value) -> Event {
    only(take(WEBHOOK, body))
}

#[test]
fn each_alert_of_a_group_has_its_own_status() {
    let body = group(&json!([alert("aa", "firing"), alert("bb", "resolved")]));
    let events = take(WEBHOOK, &body).unwrap();
    let said: Vec<(Action, &str)> = events.iter().map(|e| (e.action, e.dedup_key.as_str())).collect();
    assert_eq!(said, [(Action::Trigger, "aa"), (Action::Resolve, "bb")]);
}

#[test]
fn an_alert_reads_from_its_annotations_and_labels() {
    let event = first(&group(&json!([alert("aa", "firing")])));
    assert_eq!(event.title, "Disk of db1 is full");
    assert_eq!(event.description.as_deref(), Some("1% left"));
    assert_eq!((event.severity, event.source.as_str()), (AlertSeverity::Critical, "db1:9100"));
    assert_eq!(event.labels["annotation.team"], "storage");
    assert_eq!(event.labels["alertname"], "DiskFull");
    assert_eq!(event.labels.len(), 4);
    let links: Vec<&str> = event.links.iter().map(|link| link.text.as_str()).collect();
    assert_eq!(links, ["Runbook", "Source", "Alertmanager"]);
}

#[test]
fn the_key_does_not_move_with_the_start() {
    let mut moved = alert("aa", "firing");
    moved["startsAt"] = json!("2026-11-23T01:00:00Z");
    moved["fingerprint"] = json!("");
    let mut plain = alert("aa", "firing");
    plain.as_object_mut().unwrap().remove("fingerprint");
    let key = |alert: Value| first(&group(&json!([alert]))).dedup_key;
    assert_eq!(key(moved), key(plain.clone()));
    plain["labels"]["instance"] = json!("db2:9100");
    assert_ne!(key(plain), key(alert("", "firing")));
}

#[test]
fn a_resolved_alert_may_be_bare() {
    let event = first(&group(&json!([{"status": "resolved", "fingerprint": "aa",
        "labels": {"alertname": "DiskFull"}, "annotations": {}}])));
    assert_eq!((event.action, event.title.as_str()), (Action::Resolve, "DiskFull"));
    assert_eq!((event.severity, event.source.as_str()), (AlertSeverity::Warning, "Test sender"));
}

#[test]
fn severities_are_understood_in_the_words_of_many() {
    for (word, severity) in [
        ("critical", AlertSeverity::Critical),
        ("High", AlertSeverity::Error),
        ("page", AlertSeverity::Error),
        ("warn", AlertSeverity::Warning),
        ("informational", AlertSeverity::Info),
        ("purple", AlertSeverity::Warning),
    ] {
        let mut alert = alert("aa", "firing");
        alert["labels"]["severity"] = json!(word);
        assert_eq!(first(&group(&json!([alert]))).severity, severity, "{word}");
    }
}

#[test]
fn another_version_is_kept_but_not_interpreted() {
    for version in [json!("5"), json!(4), json!(null)] {
        let mut body = group(&json!([alert("aa", "firing")]));
        body["version"] = version;
        let error = take(WEBHOOK, &body).unwrap_err();
        assert_eq!(error.kind, IntakeErrorKind::Uninterpretable);
        assert_eq!(error.field.as_deref(), Some("version"));
    }
    let custom = take(WEBHOOK, &json!({"anything": "goes"})).unwrap_err();
    assert_eq!(custom.to_string(), "`version` is missing; the text \"4\" is expected");
}

#[test]
fn a_broken_alert_does_not_take_the_others_with_it() {
    let body = group(&json!([alert("aa", "firing"), alert("bb", "odd"), 7, {"status": "firing"},
        {"status": "firing", "labels": {"a": {"b": 1}}}]));
    let error = take(WEBHOOK, &body).unwrap_err();
    assert_eq!(error.partial.len(), 1);
    assert_eq!(error.kind, IntakeErrorKind::Uninterpretable);
    let fields: Vec<String> = error.problems().filter_map(|problem| problem.field).collect();
    assert_eq!(fields, ["alerts[1].status", "alerts[2]", "alerts[3]", "alerts[4].labels.a"]);
}

#[test]
fn a_group_over_the_bound_gives_what_fits_and_says_so() {
    let alerts: Vec<Value> = (0..1_001).map(|n| alert(&n.to_string(), "firing")).collect();
    let error = take(WEBHOOK, &group(&json!(alerts))).unwrap_err();
    assert_eq!(error.partial.len(), 1_000);
    assert_eq!(error.to_string(), "`alerts` has 1001 alerts; the first 1000 are taken");
}

#[test]
fn alerts_that_the_sender_left_out_are_counted() {
    let mut body = group(&json!([alert("aa", "firing")]));
    body["truncatedAlerts"] = json!(12);
    assert_eq!(first(&body).labels["_truncated_alerts"], "12");
}

fn posted(ends_at: &Value) -> Value {
    json!([{"labels": {"alertname": "X", "instance": "a"}, "startsAt": "2026-11-23T00:00:00Z",
        "endsAt": ends_at, "generatorURL": "http://prom.example.com"}])
}

#[test]
fn an_end_in_the_past_resolves_and_one_in_the_future_expires() {
    let over = only(take(API, &posted(&json!("2026-11-23T01:00:00Z"))));
    assert_eq!((over.action, over.expires_at_us), (Action::Resolve, None));
    let open = only(take(API, &posted(&json!("2027-01-01T00:00:00.5Z"))));
    assert_eq!((open.action, open.expires_at_us), (Action::Trigger, Some(1_798_761_600_500_000)));
    assert_eq!(over.dedup_key, open.dedup_key);
    assert!(open.expires_at_us > Some(NOW_US));
}

#[test]
fn without_an_end_an_alert_does_not_end_by_itself() {
    for none in [json!(null), json!(""), json!("0001-01-01T00:00:00.000Z")] {
        let event = only(take(API, &posted(&none)));
        assert_eq!((event.action, event.expires_at_us), (Action::Trigger, None));
    }
}

#[test]
fn identity_is_the_set_of_labels() {
    let key = |labels: Value| only(take(API, &json!([{"labels": labels}]))).dedup_key;
    let plain = key(json!({"alertname": "X", "a": "1"}));
    assert_eq!(key(json!({"a": "1", "alertname": "X", "empty": ""})), plain);
    assert_ne!(key(json!({"a": "2", "alertname": "X"})), plain);
    assert_ne!(key(json!({"alertname": "X", "a1": ""})), plain);
    assert_ne!(key(json!({"ab": "c"})), key(json!({"a": "bc"})));
}

#[test]
fn one_bad_alert_is_answered_as_the_real_service_does_and_the_good_ones_stay() {
    let body =
        json!([{"labels": {}}, {"labels": {"alertname": "X"}}, {"labels": {"a": "1"}, "endsAt": "soon"}]);
    let error = take(API, &body).unwrap_err();
    assert_eq!((error.kind, error.partial.len()), (IntakeErrorKind::Invalid, 1));
    assert_eq!(
        alertmanager_api::refusal_body(&error),
        json!(
            "`[0].labels` is empty: at least one label pair required; `[2].endsAt` must be an instant in \
               ISO 8601"
        )
    );
}

#[test]
fn a_flood_of_faults_is_told_shortly() {
    let body = json!(vec![json!({"labels": {"x".repeat(5_000): {}}}); 150]);
    let error = take(API, &body).unwrap_err();
    assert_eq!(error.problems().count(), 21);
    assert_eq!(error.more[19].to_string(), "the body has 130 more problems");
    assert!(alertmanager_api::refusal_body(&error).to_string().len() < 5_000);
}

#[test]
fn what_is_no_list_of_alerts_is_answered_with_an_object() {
    let error = take(API, &json!({"labels": {}})).unwrap_err();
    assert_eq!(
        alertmanager_api::refusal_body(&error),
        json!({"code": 400, "message": "the body must be a list of alerts, and is an object"})
    );
    let torn = body_json::parse(b"[{").unwrap_err().into();
    assert_eq!(alertmanager_api::refusal_body(&torn)["code"], 400);
    assert_eq!(take(API, &json!([])), Ok(Vec::new()));
}

#[test]
fn an_alert_that_ends_before_it_starts_is_refused() {
    let error = take(API, &posted(&json!("2026-11-22T00:00:00Z"))).unwrap_err();
    assert_eq!(error.field.as_deref(), Some("[0].startsAt"));
}
