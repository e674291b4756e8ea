//! Whatever arrives is answered: nothing panics, and every event keeps to its bounds.

use proptest::collection::{btree_map, vec};
use proptest::prelude::{Just, Strategy, any, prop_oneof, proptest};
use serde_json::{Map, Value, json};

use super::captured::well_formed;
use super::{NOW_US, integration, mapped};
use crate::intake::{IntegrationKind, MappingText, generic, interpret, json as body_json};

/// Any JSON, of the names that the formats look for as well as of others.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::String),
        known_word().prop_map(Value::String),
    ];
    leaf.prop_recursive(5, 64, 8, |inner| {
        let key = prop_oneof![known_key(), "\\PC{0,6}".prop_map(|key| key)];
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(Value::Array),
            btree_map(key, inner, 0..10).prop_map(|fields| Value::Object(Map::from_iter(fields))),
        ]
    })
}

fn known_key() -> impl Strategy<Value = String> {
    proptest::sample::select(vec![
        "version",
        "alerts",
        "status",
        "labels",
        "annotations",
        "fingerprint",
        "startsAt",
        "endsAt",
        "event_action",
        "dedup_key",
        "payload",
        "summary",
        "source",
        "severity",
        "timestamp",
        "custom_details",
        "links",
        "images",
        "href",
        "title",
        "message",
        "id",
        "state",
        "detail",
    ])
    .prop_map(str::to_owned)
}

fn known_word() -> impl Strategy<Value = String> {
    proptest::sample::select(vec![
        "4",
        "firing",
        "resolved",
        "trigger",
        "acknowledge",
        "resolve",
        "critical",
        "info",
        "ok",
        "2026-11-23T02:16:20Z",
        "0001-01-01T00:00:00Z",
        "https://x.example.com",
    ])
    .prop_map(str::to_owned)
}

fn answered(bytes: &[u8]) {
    let mapping = MappingText {
        each: Some("type(body) == list ? body : [body]".to_owned()),
        action: Some("body.state".to_owned()),
        title: "body.title".to_owned(),
        ..MappingText::default()
    };
    let mut senders: Vec<_> = IntegrationKind::ALL.map(integration).into();
    senders.push(mapped(&mapping));
    for sender in &senders {
        let answer = interpret(sender, "sig_1", bytes, NOW_US);
        assert_eq!(answer, interpret(sender, "sig_1", bytes, NOW_US));
        let events = answer.unwrap_or_else(|error| {
            assert!(!error.message.is_empty());
            error.partial
        });
        assert!(events.iter().all(well_formed), "{events:?}");
    }
    let _shown = generic::try_out(&senders[4], bytes);
}

proptest! {
    #[test]
    fn any_bytes_are_answered(bytes in vec(any::<u8>(), 0..256)) {
        answered(&bytes);
    }

    #[test]
    fn any_text_made_of_json_signs_is_answered(text in "[\\[\\]{}:,\"a0\\\\ ue.\\-]{0,64}") {
        answered(text.as_bytes());
    }

    #[test]
    fn any_json_is_answered(body in any_json()) {
        answered(body.to_string().as_bytes());
    }

    #[test]
    fn any_alert_in_a_group_is_answered(alerts in vec(any_json(), 0..4)) {
        answered(json!({"version": "4", "alerts": alerts}).to_string().as_bytes());
    }

    #[test]
    fn any_payload_is_answered(payload in any_json(), key in any_json()) {
        let body = json!({"event_action": "trigger", "dedup_key": key, "payload": payload});
        answered(body.to_string().as_bytes());
    }

    /// The reader changes nothing in a body but the control characters in its texts.
    #[test]
    fn a_body_is_read_as_it_is(body in any_json()) {
        let text = body.to_string();
        let plain: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(body_json::parse(text.as_bytes()).unwrap(), cleaned(plain));
    }
}

fn cleaned(value: Value) -> Value {
    let visible = |c: char| !c.is_control() || "\t\n\r".contains(c);
    match value {
        Value::String(text) => {
            Value::String(text.chars().map(|c| if visible(c) { c } else { '\u{fffd}' }).collect())
        }
        Value::Array(items) => items.into_iter().map(cleaned).collect(),
        Value::Object(fields) => fields.into_iter().map(|(key, inner)| (key, cleaned(inner))).collect(),
        scalar => scalar,
    }
}
