use serde_json::{Value, json};

use super::{integration, only, take};
use crate::intake::{
    Action, AlertSeverity, Event, IntakeError, IntakeErrorKind, IntegrationKind, Link, interpret, pagerduty,
};

fn event(body: &Value) -> Event {
    only(take(IntegrationKind::Pagerduty, body))
}

fn refused(body: &Value) -> IntakeError {
    take(IntegrationKind::Pagerduty, body).unwrap_err()
}

fn trigger(payload: &Value) -> Value {
    let mut payload = payload.clone();
    for (name, text) in [("summary", "Disk full"), ("source", "db1"), ("severity", "critical")] {
        payload.as_object_mut().unwrap().entry(name).or_insert_with(|| json!(text));
    }
    json!({"routing_key": "k", "event_action": "trigger", "dedup_key": "db1/disk", "payload": payload})
}

#[test]
fn a_trigger_becomes_an_event() {
    let event = event(&trigger(&json!({
        "timestamp": "2015-07-17T08:42:58.315+0000",
        "component": "mysql",
        "custom_details": {"free space": "1%", "load avg": 0.75, "on": true, "none": null,
            "disks": [{"name": "sda"}], "component": "other", "description": " Sixty seconds left "},
    })));
    assert_eq!(event.action, Action::Trigger);
    assert_eq!(event.dedup_key, "db1/disk");
    assert_eq!(event.title, "Disk full");
    assert_eq!(event.severity, AlertSeverity::Critical);
    assert_eq!(event.source, "db1");
    assert_eq!(event.description.as_deref(), Some("Sixty seconds left"));
    let labels: Vec<(&str, &str)> = event.labels.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    assert_eq!(
        labels,
        [
            ("component", "mysql"),
            ("custom_details.component", "other"),
            ("description", " Sixty seconds left "),
            ("disks", r#"[{"name":"sda"}]"#),
            ("free space", "1%"),
            ("load avg", "0.75"),
            ("on", "true"),
            ("timestamp", "2015-07-17T08:42:58.315+0000"),
        ]
    );
}

#[test]
fn details_may_be_text() {
    let event = event(&trigger(&json!({"custom_details": "It burns.\nBadly."})));
    assert_eq!(event.description.as_deref(), Some("It burns.\nBadly."));
}

#[test]
fn a_trigger_without_a_key_gets_the_id_of_its_signal() {
    for absent in [json!(null), json!("")] {
        let mut body = trigger(&json!({}));
        body["dedup_key"] = absent;
        assert_eq!(event(&body).dedup_key, "sig_1");
    }
}

#[test]
fn links_images_and_the_client_become_links_of_the_web_only() {
    let mut body = trigger(&json!({}));
    body["client"] = json!("Monitor");
    body["client_url"] = json!("https://monitor.example.com/7");
    body["links"] = json!([
        {"href": "http://wiki.example.com/disk", "text": "What to do"},
        {"href": "javascript:alert(1)", "text": "Do not"},
        {"href": "https://x.example.com/a b"},
        {"text": "nowhere"}, "odd",
    ]);
    body["images"] = json!([{"src": "https://charts.example.com/1.png", "alt": "Load"}]);
    let link = |href: &str, text: &str| Link { href: href.to_owned(), text: text.to_owned() };
    let event = event(&body);
    assert_eq!(
        event.links,
        [
            link("https://monitor.example.com/7", "Monitor"),
            link("http://wiki.example.com/disk", "What to do"),
            link("https://charts.example.com/1.png", "Load"),
        ]
    );
    assert_eq!(event.labels["client"], "Monitor");
}

#[test]
fn acknowledge_and_resolve_need_their_key_and_nothing_else() {
    for (word, action) in [("acknowledge", Action::Acknowledge), ("resolve", Action::Resolve)] {
        let bare = event(&json!({"routing_key": "k", "event_action": word, "dedup_key": "db1/disk"}));
        assert_eq!((bare.action, bare.dedup_key.as_str()), (action, "db1/disk"));
        assert_eq!((bare.title.as_str(), bare.severity), ("", AlertSeverity::Warning));
        let odd = json!({"event_action": word, "dedup_key": "k", "payload": {"summary": 7, "severity": "x",
            "timestamp": "yesterday"}});
        assert_eq!(event(&odd).action, action);
        let error = refused(&json!({"event_action": word}));
        assert_eq!(error.field.as_deref(), Some("dedup_key"));
    }
}

#[test]
fn a_resolve_may_bring_a_whole_payload() {
    let mut body = trigger(&json!({"severity": "info"}));
    body["event_action"] = json!("resolve");
    let event = event(&body);
    assert_eq!(event.action, Action::Resolve);
    assert_eq!((event.title.as_str(), event.severity), ("Disk full", AlertSeverity::Info));
}

#[test]
fn what_breaks_a_rule_is_named() {
    let long = "é".repeat(1_025);
    for (field, value) in [
        ("summary", json!("")),
        ("summary", json!("  \n")),
        ("summary", json!(null)),
        ("summary", json!(7)),
        ("summary", json!(long)),
        ("source", json!(null)),
        ("source", json!({})),
        ("severity", json!("fatal")),
        ("severity", json!("CRITICAL")),
        ("severity", json!(null)),
        ("timestamp", json!("yesterday")),
        ("timestamp", json!(1_437_122_578)),
    ] {
        let error = refused(&trigger(&json!({field: value})));
        assert_eq!(error.field, Some(format!("payload.{field}")), "{value}");
        assert_eq!(error.kind, IntakeErrorKind::Invalid);
        assert_eq!(error.more, []);
    }
    for (field, value) in [
        ("event_action", json!("close")),
        ("event_action", json!(null)),
        ("dedup_key", json!("k".repeat(256))),
        ("dedup_key", json!(7)),
        ("payload", json!(null)),
        ("payload", json!("text")),
    ] {
        let mut body = trigger(&json!({}));
        body[field] = value;
        assert_eq!(refused(&body).field.as_deref(), Some(field));
    }
}

#[test]
fn bounds_count_characters_and_are_reached_without_error() {
    let event = event(&trigger(&json!({"summary": "é".repeat(1_024)})));
    assert_eq!(event.title.chars().count(), 1_024);
    let mut body = trigger(&json!({}));
    body["dedup_key"] = json!("é".repeat(255));
    assert_eq!(super::only(take(IntegrationKind::Pagerduty, &body)).dedup_key.chars().count(), 255);
}

#[test]
fn timestamps_of_many_senders_are_taken() {
    for text in [
        "2015-07-17T08:42:58.315+0000",
        "2015-07-17T08:42:58Z",
        "2015-07-17T08:42:58.315123456+02:00",
        "2015-07-17T08:42:58-05",
        "2015-07-17T08:42:58",
        "2015-07-17 08:42:58",
        "20150717T084258Z",
        "2015-07-17",
    ] {
        let event = event(&trigger(&json!({"timestamp": text})));
        assert_eq!(event.labels["timestamp"], text);
    }
}

#[test]
fn a_refusal_has_the_shape_of_the_real_service_and_names_everything() {
    let error = refused(&json!({"event_action": "trigger", "payload": {"severity": "bad"}}));
    assert_eq!(
        pagerduty::error_body(&error),
        json!({
            "status": "invalid event",
            "message": "Event object is invalid",
            "errors": [
                "'payload.summary' is missing or blank",
                "'payload.source' is missing or blank",
                "'payload.severity' is invalid (must be one of the following: 'critical', 'warning', \
                 'error' or 'info')",
            ],
        })
    );
    let list = pagerduty::error_body(&refused(&json!([])));
    assert_eq!(list["errors"], json!(["Event object must be an object, and is a list"]));
    let torn = interpret(&integration(IntegrationKind::Pagerduty), "s", b"{\"payload\":", 0).unwrap_err();
    let body = pagerduty::error_body(&torn);
    assert_eq!(body["status"], "Unrecognized object");
    assert!(body["errors"][0].as_str().unwrap().starts_with("JSON parse error"));
    assert_eq!(pagerduty::success_body("srv01/HTTP")["status"], "success");
}

#[test]
fn the_routing_key_is_found_or_missed_by_name() {
    assert_eq!(pagerduty::routing_key(&json!({"routing_key": "abc"})), Ok("abc"));
    for body in [json!({}), json!({"routing_key": ""}), json!({"routing_key": 7})] {
        let error = pagerduty::routing_key(&body).unwrap_err();
        assert_eq!(error.field.as_deref(), Some("routing_key"));
    }
}

#[test]
fn a_body_of_more_than_512_kib_is_too_long() {
    let body = trigger(&json!({"custom_details": "x".repeat(512 * 1024)}));
    assert_eq!(refused(&body).kind, IntakeErrorKind::Syntax);
}

#[test]
fn labels_are_bounded_and_the_count_of_the_rest_is_kept() {
    let details: serde_json::Map<String, Value> =
        (0..100).map(|n| (format!("n{n}"), json!("é".repeat(2_000)))).collect();
    let event = event(&trigger(&json!({"custom_details": details})));
    assert_eq!(event.labels.len(), 65);
    assert_eq!(event.labels["_dropped"], "36");
    assert_eq!(event.labels["n63"].chars().count(), 1_024);
    assert!(!event.labels.contains_key("n64"));
}

#[test]
fn a_change_needs_its_summary_and_keeps_the_rest() {
    let body = json!({"routing_key": "k", "payload": {"summary": "Build Success", "source": "ci-7",
        "timestamp": "2015-07-17T08:42:58.315+0000", "custom_details": {"build": "220", "ok": true}},
        "links": [{"href": "https://ci.example/220", "text": "Build"}, {"href": "javascript:x"}]});
    let change = pagerduty::change(&body).unwrap();
    assert_eq!((change.summary.as_str(), change.source.as_deref()), ("Build Success", Some("ci-7")));
    assert_eq!(change.at_us, Some(1_437_122_578_315_000));
    assert_eq!((change.details["build"].as_str(), change.details["ok"].as_str()), ("220", "true"));
    assert_eq!(change.links.len(), 1);
    let bare = json!({"payload": {"summary": "s", "custom_details": "text"}});
    assert_eq!(pagerduty::change(&bare).unwrap().details["details"], "text");
    let wrong = |body: Value| pagerduty::change(&body).unwrap_err().to_string();
    assert_eq!(wrong(json!({"payload": {}})), "`payload.summary` is missing or blank");
    assert_eq!(wrong(json!({})), "`payload` is missing or blank");
    assert!(
        wrong(json!({"payload": {"summary": "s", "timestamp": "now"}})).starts_with("`payload.timestamp`")
    );
}
