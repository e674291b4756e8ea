//! Opsgenie's Alert API: what an alert reads as, what follows on one, and what is wrong with it.

use serde_json::{Value, json};

use super::{integration, only, take};
use crate::intake::opsgenie::{self, Ask, FollowUp};
use crate::intake::{Action, AlertSeverity, Event, IntakeError, IntakeErrorKind, IntegrationKind, interpret};

fn event(body: &Value) -> Event {
    only(take(IntegrationKind::Opsgenie, body))
}

fn refused(body: &Value) -> IntakeError {
    take(IntegrationKind::Opsgenie, body).unwrap_err()
}

fn whole() -> Value {
    json!({
        "message": "An example alert message",
        "alias": "Life is too short for no alias",
        "description": "Every alert needs a description",
        "responders": [{"name": "NOC", "type": "team"}, {"username": "trinity@opsgenie.com", "type": "user"}],
        "visibleTo": [{"name": "rocket_team", "type": "team"}],
        "actions": ["Restart", "AnExampleAction"],
        "tags": ["OverwriteQuietHours", "Critical"],
        "details": {"key1": "value1", "priority": "their own", "free": 3},
        "entity": "An example entity",
        "source": "db-7",
        "priority": "P1",
        "user": "mara",
        "note": "seen before",
    })
}

fn follow_up(ask: Ask, request: Value) -> FollowUp {
    FollowUp {
        ask,
        dedup_key: Some("disk".to_owned()),
        identifier: "disk".to_owned(),
        identifier_type: "alias".to_owned(),
        request,
    }
}

#[test]
fn every_field_has_its_place() {
    let event = event(&whole());
    assert_eq!(event.action, Action::Trigger);
    assert_eq!(event.dedup_key, "Life is too short for no alias");
    assert_eq!(event.title, "An example alert message");
    assert_eq!(event.description.as_deref(), Some("Every alert needs a description"));
    assert_eq!((event.severity, event.source.as_str()), (AlertSeverity::Critical, "db-7"));
    let labels: Vec<(&str, &str)> =
        event.labels.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    assert_eq!(
        labels,
        [
            ("details.priority", "their own"),
            ("entity", "An example entity"),
            ("free", "3"),
            ("key1", "value1"),
            ("note", "seen before"),
            ("priority", "P1"),
            ("requested_by", "mara"),
            ("responders", "team:NOC, user:trinity@opsgenie.com"),
            ("tags", "OverwriteQuietHours, Critical"),
        ]
    );
}

#[test]
fn tags_and_details_are_read_back_as_they_were_sent() {
    let labels = event(&whole()).labels;
    let (tags, details) = opsgenie::tags_and_details(&labels);
    assert_eq!(tags, ["OverwriteQuietHours", "Critical"]);
    let details: Vec<(&str, &str)> = details.into_iter().collect();
    assert_eq!(details, [("free", "3"), ("key1", "value1"), ("priority", "their own")]);
}

#[test]
fn a_message_is_enough() {
    let event = event(&json!({"message": "Disk full"}));
    assert_eq!(event.dedup_key, "sig_1", "without an alias the id of the signal is the key");
    assert_eq!(event.severity, AlertSeverity::Warning, "the integration's default");
    assert_eq!(event.source, "Test sender");
    assert!(event.labels.is_empty() && event.links.is_empty() && event.description.is_none());
}

#[test]
fn priorities_become_severities() {
    for (priority, severity) in [
        ("P1", AlertSeverity::Critical),
        ("P2", AlertSeverity::Error),
        ("P3", AlertSeverity::Warning),
        ("P4", AlertSeverity::Info),
        ("P5", AlertSeverity::Info),
    ] {
        assert_eq!(event(&json!({"message": "m", "priority": priority})).severity, severity);
    }
}

#[test]
fn a_source_that_is_an_address_becomes_a_link() {
    let body = json!({"message": "m", "source": "http://am:9093/#/alerts", "details": {"instance": "db-7"}});
    let event = event(&body);
    assert_eq!((event.source.as_str(), event.links[0].href.as_str()), ("db-7", "http://am:9093/#/alerts"));
}

#[test]
fn texts_beyond_the_vendors_limits_are_taken() {
    let alias = "k".repeat(600);
    let body = json!({"message": "m".repeat(2_000), "alias": alias, "description": "d".repeat(20_000)});
    let event = event(&body);
    assert_eq!(event.title.chars().count(), 1_024);
    assert_eq!(event.dedup_key, opsgenie::dedup_key(&alias), "and what follows finds the alert by its alias");
}

#[test]
fn what_is_wrong_is_named_by_its_field() {
    for (field, value) in [
        ("message", json!(null)),
        ("message", json!(" \n ")),
        ("message", json!(7)),
        ("alias", json!(7)),
        ("priority", json!("P9")),
        ("tags", json!("text")),
        ("details", json!([])),
        ("entity", json!({})),
    ] {
        let mut body = whole();
        body[field] = value;
        let error = refused(&body);
        assert_eq!((error.kind, error.field.as_deref()), (IntakeErrorKind::Invalid, Some(field)));
    }
    let all = refused(&json!({"alias": 7, "priority": "loud", "tags": 1}));
    let named: Vec<String> = opsgenie::error_fields(&all).into_keys().collect();
    assert_eq!(named, ["alias", "message", "priority", "tags"]);
    let said = &opsgenie::error_fields(&refused(&json!({})))["message"];
    assert_eq!(said, "Field `message` can not be empty.");
}

#[test]
fn what_is_no_object_is_refused_as_a_whole() {
    for body in [json!([]), json!(null), json!("text")] {
        assert_eq!(refused(&body).kind, IntakeErrorKind::Syntax);
    }
    let torn = interpret(&integration(IntegrationKind::Opsgenie), "s", b"{\"message\":", 0).unwrap_err();
    assert_eq!(torn.kind, IntakeErrorKind::Syntax);
    assert_eq!(opsgenie::error_fields(&torn).len(), 1, "{torn}");
}

#[test]
fn what_follows_is_interpreted_again_from_its_envelope() {
    for (ask, action) in [(Ask::Acknowledge, Action::Acknowledge), (Ask::Close, Action::Resolve)] {
        let asked = follow_up(ask, json!({"source": "db-7", "note": 7, "user": []}));
        assert_eq!(FollowUp::of_envelope(&asked.envelope()), Some(asked.clone()));
        let event = event(&asked.envelope());
        assert_eq!((event.action, event.dedup_key.as_str()), (action, "disk"));
        assert_eq!(asked.note(), Ok(None), "nothing in the body may keep an alert open");
    }
    let unknown = FollowUp { dedup_key: None, ..follow_up(Ask::Close, json!({})) };
    assert_eq!(take(IntegrationKind::Opsgenie, &unknown.envelope()), Ok(Vec::new()));
    assert_eq!(take(IntegrationKind::Opsgenie, &follow_up(Ask::Note, json!({})).envelope()), Ok(Vec::new()));
}

#[test]
fn a_note_names_its_author_and_needs_words_where_it_is_all_there_is() {
    let note = |ask, request| follow_up(ask, request).note();
    assert_eq!(
        note(Ask::Note, json!({"note": " on it ", "user": "mara"})),
        Ok(Some("mara: on it".to_owned()))
    );
    assert_eq!(note(Ask::Close, json!({"note": "done"})), Ok(Some("done".to_owned())));
    let missing = note(Ask::Note, json!({"note": " "})).unwrap_err();
    assert_eq!((missing.kind, missing.field.as_deref()), (IntakeErrorKind::Invalid, Some("note")));
    let long = note(Ask::Note, json!({"note": "é".repeat(30_000)})).unwrap().unwrap();
    assert_eq!(long.chars().count(), 20_000);
}
