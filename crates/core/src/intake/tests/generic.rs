use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{integration, mapped, only, take};
use crate::intake::{
    Action, AlertSeverity, Event, IntakeError, IntakeErrorKind, Integration, IntegrationKind, MappingText,
    generic,
};

fn findings() -> MappingText {
    MappingText {
        each: Some("body.detail.findings".to_owned()),
        action: Some("body.RecordState == 'ARCHIVED' ? 'resolve' : 'trigger'".to_owned()),
        dedup_key: Some("body.Id".to_owned()),
        title: "body.Title".to_owned(),
        description: Some("has(body.Description) ? body.Description : null".to_owned()),
        severity: Some("body.Severity.Normalized >= 70 ? 'critical' : 'warning'".to_owned()),
        source: Some("body.AwsAccountId".to_owned()),
        labels: BTreeMap::from([
            ("severity".to_owned(), "body.Severity".to_owned()),
            ("types".to_owned(), "body.Types.size()".to_owned()),
        ]),
        links: BTreeMap::new(),
    }
}

fn finding(id: &str, state: &str, score: i64) -> Value {
    json!({"Id": id, "Title": format!("Finding {id}"), "RecordState": state, "AwsAccountId": "1405",
        "Severity": {"Normalized": score, "Label": "X"}, "Types": ["a", "b"]})
}

fn run(integration: &Integration, body: &Value) -> Result<Vec<Event>, IntakeError> {
    generic::interpret(integration, body.to_string().as_bytes())
}

#[test]
fn a_mapping_gives_one_event_for_each_item() {
    let body = json!({"detail": {"findings": [finding("f1", "ACTIVE", 80), finding("f2", "ARCHIVED", 1)]}});
    let events = run(&mapped(&findings()), &body).unwrap();
    assert_eq!(events.len(), 2);
    let [first, second] = events.as_slice() else { panic!("{events:?}") };
    assert_eq!((first.action, second.action), (Action::Trigger, Action::Resolve));
    assert_eq!((first.dedup_key.as_str(), first.title.as_str()), ("f1", "Finding f1"));
    assert_eq!((first.severity, second.severity), (AlertSeverity::Critical, AlertSeverity::Warning));
    assert_eq!((first.source.as_str(), &first.description), ("1405", &None));
    assert_eq!(first.labels["severity"], r#"{"Label":"X","Normalized":80}"#);
    assert_eq!(first.labels["types"], "2");
}

#[test]
fn a_field_that_fails_is_named_with_its_reason_and_item() {
    let mut odd = finding("f2", "ACTIVE", 1);
    odd.as_object_mut().unwrap().remove("Title");
    let error =
        run(&mapped(&findings()), &json!({"detail": {"findings": [finding("f1", "ACTIVE", 1), odd]}}))
            .unwrap_err();
    assert_eq!(error.kind, IntakeErrorKind::Uninterpretable);
    assert_eq!(error.field.as_deref(), Some("mapping.title"));
    assert!(error.message.contains("body.Title") && error.message.contains("item 1"), "{error}");
    assert_eq!(error.partial.len(), 1);
    let none = run(&mapped(&findings()), &json!({"detail": {}})).unwrap_err();
    assert_eq!(none.field.as_deref(), Some("mapping.each"));
    let no_list = run(&mapped(&findings()), &json!({"detail": {"findings": 7}})).unwrap_err();
    assert_eq!(no_list.to_string(), "`mapping.each` must give a list, and gives a number");
}

#[test]
fn wrong_words_and_shapes_are_told() {
    let base = MappingText { title: "body.t".to_owned(), ..MappingText::default() };
    let with = |field: &str, text: &str| {
        let mut mapping = serde_json::to_value(&base).unwrap();
        mapping[field] = json!(text);
        mapped(&serde_json::from_value(mapping).unwrap())
    };
    let body = json!({"t": "T", "list": [1]});
    for (field, text) in [
        ("title", "body.list"),
        ("title", "null"),
        ("title", "' '"),
        ("action", "'destroy'"),
        ("severity", "'7'"),
        ("dedup_key", "body.list"),
        ("source", "body.missing"),
    ] {
        let error = run(&with(field, text), &body).unwrap_err();
        assert_eq!(error.field, Some(format!("mapping.{field}")), "{text}");
    }
    for (field, text) in [("action", "null"), ("severity", "null"), ("dedup_key", "''"), ("source", "null")] {
        let event = only(run(&with(field, text), &body));
        assert_eq!((event.action, event.source.as_str()), (Action::Trigger, "Test sender"));
        assert_eq!(event.severity, AlertSeverity::Warning);
        assert_eq!(event.dedup_key.len(), 32);
    }
}

#[test]
fn what_ends_an_alert_needs_no_more_than_its_key() {
    let text = MappingText {
        action: Some("body.state".to_owned()),
        dedup_key: Some("body.id".to_owned()),
        title: "body.title".to_owned(),
        ..MappingText::default()
    };
    let event = only(run(&mapped(&text), &json!({"state": "OK", "id": 7})));
    assert_eq!((event.action, event.dedup_key.as_str(), event.title.as_str()), (Action::Resolve, "7", ""));
    let error = run(&mapped(&text), &json!({"state": "ALARM", "id": 7})).unwrap_err();
    assert_eq!(error.field.as_deref(), Some("mapping.title"));
}

#[test]
fn the_items_of_a_mapping_may_be_objects_or_scalars() {
    let list = MappingText {
        each: Some("body".to_owned()),
        title: "body.name".to_owned(),
        ..MappingText::default()
    };
    assert_eq!(run(&mapped(&list), &json!([{"name": "a"}, {"name": "b"}])).unwrap().len(), 2);
    let text = MappingText { title: "'Said: ' + body".to_owned(), ..list };
    assert_eq!(only(run(&mapped(&text), &json!(["hello"]))).title, "Said: hello");
}

#[test]
fn the_items_of_one_body_are_bounded() {
    let list = MappingText {
        each: Some("body".to_owned()),
        title: "'T' + string(body)".to_owned(),
        ..MappingText::default()
    };
    let error = run(&mapped(&list), &json!((0..2_000).collect::<Vec<_>>())).unwrap_err();
    assert_eq!((error.partial.len(), error.field.as_deref()), (1_000, Some("mapping.each")));
}

#[test]
fn an_error_does_not_bring_the_body_back() {
    let text = MappingText {
        title: "body.text + 1".to_owned(),
        action: Some("body.text".to_owned()),
        severity: Some("body.text".to_owned()),
        ..MappingText::default()
    };
    let error = run(&mapped(&text), &json!({"text": "x".repeat(100_000)})).unwrap_err();
    assert!(error.problems().all(|problem| problem.to_string().len() < 600), "{error}");
}

#[test]
fn every_bad_expression_of_a_mapping_is_named() {
    let text = MappingText {
        title: "body.".to_owned(),
        severity: Some("detail.severity".to_owned()),
        labels: BTreeMap::from([("ok".to_owned(), "'x'".to_owned()), ("region".to_owned(), "((".to_owned())]),
        ..MappingText::default()
    };
    let errors = text.compile().unwrap_err();
    let fields: Vec<&str> = errors.iter().map(|(field, _)| field.as_str()).collect();
    assert_eq!(fields, ["title", "severity", "labels.region"]);
    assert!(errors[1].1.to_string().contains("what arrived is named `body`"), "{:?}", errors[1]);
}

#[test]
fn a_mapping_keeps_its_text_and_refuses_fields_it_does_not_know() {
    let text = findings();
    assert_eq!(MappingText::from(&text.compile().unwrap()), text);
    let unknown: Result<MappingText, _> = serde_json::from_value(json!({"title": "body.t", "prio": "1"}));
    assert!(unknown.unwrap_err().to_string().contains("prio"));
}

#[test]
fn a_try_out_shows_what_every_expression_gives() {
    let body = json!({"detail": {"findings": [finding("f1", "ACTIVE", 80), {"RecordState": "ACTIVE"}]}});
    let tried = generic::try_out(&mapped(&findings()), body.to_string().as_bytes());
    assert_eq!(tried.events.len(), 1);
    let title = |item: usize| {
        tried.values.iter().find(|value| value.field == "title" && value.item == Some(item)).unwrap()
    };
    assert_eq!(title(0).value, Some(json!("Finding f1")));
    assert!(title(1).value.is_none() && title(1).error.is_some());
    assert_eq!(tried.values[0].field, "each");
    assert!(tried.problems.iter().any(|problem| problem.field.as_deref() == Some("mapping.title")));
    let torn = generic::try_out(&mapped(&findings()), b"{\"a\": ");
    assert_eq!((torn.events.len(), torn.problems.len()), (0, 1));
}

fn guessed(body: &Value) -> Event {
    only(take(IntegrationKind::Generic, body))
}

#[test]
fn without_a_mapping_common_names_are_understood() {
    let event = guessed(&json!({"Summary": "Door open", "level": "HIGH", "host": "gate", "alias": "door-7",
        "details": "Since 5 minutes", "url": "https://cam.example.com/7", "floor": 3, "tags": {"zone": "a"}}));
    assert_eq!((event.title.as_str(), event.source.as_str()), ("Door open", "gate"));
    assert_eq!((event.severity, event.dedup_key.as_str()), (AlertSeverity::Error, "door-7"));
    assert_eq!(event.description.as_deref(), Some("Since 5 minutes"));
    assert_eq!((event.labels["floor"].as_str(), event.labels["zone"].as_str()), ("3", "a"));
    assert_eq!(event.links.len(), 1);
}

#[test]
fn without_a_mapping_states_resolve_and_keys_default_to_title_and_source() {
    let open = guessed(&json!({"title": "Door open", "source": "gate", "state": "alerting"}));
    let closed = guessed(&json!({"source": "gate", "title": "Door open", "state": "ok"}));
    assert_eq!((open.action, closed.action), (Action::Trigger, Action::Resolve));
    assert_eq!(open.dedup_key, closed.dedup_key);
    assert_ne!(open.dedup_key, guessed(&json!({"title": "Door open", "source": "side"})).dedup_key);
    let bare = guessed(&json!({"id": "door-7", "status": "closed"}));
    assert_eq!((bare.action, bare.title.as_str()), (Action::Resolve, ""));
}

#[test]
fn without_a_mapping_wrapped_bodies_lists_and_texts_are_understood() {
    let wrapped = guessed(&json!({"id": "envelope", "source": "aws.guardduty",
        "detail": {"id": "finding", "title": "Recon", "severity": 5}}));
    assert_eq!((wrapped.title.as_str(), wrapped.dedup_key.as_str()), ("Recon", "finding"));
    assert_eq!((wrapped.source.as_str(), wrapped.severity), ("aws.guardduty", AlertSeverity::Warning));
    assert_eq!(take(IntegrationKind::Generic, &json!([{"title": "a"}, "b"])).unwrap().len(), 2);
}

#[test]
fn without_a_mapping_a_body_that_says_nothing_is_kept() {
    for body in [json!({}), json!({"foo": 1}), json!([]), json!([7]), json!([""]), json!({"title": {}})] {
        let error = take(IntegrationKind::Generic, &body).unwrap_err();
        assert_eq!(error.kind, IntakeErrorKind::Uninterpretable, "{body}");
    }
    let tried = generic::try_out(&integration(IntegrationKind::Generic), b"{\"title\": \"T\"}");
    assert_eq!(tried.events.len(), 1);
}

#[test]
fn a_lone_scalar_is_refused() {
    for body in [json!(null), json!("Help"), json!(7), json!(true)] {
        for kind in [IntegrationKind::Generic, IntegrationKind::AlertmanagerWebhook] {
            let error = take(kind, &body).unwrap_err();
            assert_eq!((error.kind, error.field), (IntakeErrorKind::Invalid, None));
        }
    }
}

#[test]
fn titles_are_one_line_and_cut_between_characters() {
    let event = guessed(&json!({"title": format!(" a\nb{}", "é".repeat(2_000)), "id": "k".repeat(300)}));
    assert!(event.title.starts_with("a bé"));
    assert_eq!(event.title.chars().count(), 1_024);
    assert!(event.dedup_key.starts_with("sha256:"));
}
