//! One object changed in its file, and everything around it left as it is.

use decurion_core::pack::{Document, EditError, Files, ObjectKey, check, diff, object, objects, put, remove};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{autumn, shipped};

fn key(kind: &str, id: &str) -> ObjectKey {
    ObjectKey::new(kind, id)
}

fn value_of(text: &str) -> Value {
    serde_saphyr::from_str(text).unwrap()
}

/// The lines of `one` that are not in `other`, trimmed.
fn only_in(one: &Files, other: &Files) -> Vec<String> {
    let lines = |files: &Files| -> Vec<String> {
        files.values().flat_map(|text| text.lines().map(|line| line.trim().to_owned())).collect()
    };
    let mut known = lines(other);
    let new = |line: &String| match known.iter().position(|other| other == line) {
        Some(index) => {
            known.swap_remove(index);
            false
        }
        None => true,
    };
    lines(one).into_iter().filter(new).collect()
}

fn words(before: &Files, after: &Files) -> Vec<String> {
    let config = |files: &Files| check(files, autumn()).config.expect("it compiles");
    diff(&config(before), &config(after)).iter().map(ToString::to_string).collect()
}

#[test]
fn every_object_of_the_pack_is_found_with_its_text() {
    let files = shipped("ten");
    let found: Vec<String> = objects(&files).iter().map(|object| object.key.to_string()).collect();
    for expected in ["organisation", "person leila", "role ir_lead", "schedule l1", "escalation", "routing"] {
        assert!(found.contains(&expected.to_owned()), "{expected} in {found:?}");
    }
    let aws = object(&files, &key("integration", "aws-guardduty")).unwrap();
    assert!(aws.text.starts_with("# GuardDuty findings as EventBridge"), "{}", aws.text);
    assert!(aws.text.contains("\n  # The id of a finding stays the same"), "{}", aws.text);
    assert_eq!(value_of(&aws.text)["name"], "AWS GuardDuty");
    assert_eq!((aws.file.as_str(), aws.line), ("integrations.yaml", 6));
    let frame = object(&files, &key("organisation", "organisation")).unwrap();
    assert!(!frame.text.contains("leila"), "{}", frame.text);
}

#[test]
fn what_is_given_as_it_is_changes_nothing() {
    let files = shipped("ten");
    for object in objects(&files) {
        let text = Document::Text(object.text.clone());
        assert_eq!(put(&files, &object.key, &text).unwrap(), files, "{} as text", object.key);
        let value = Document::Value(value_of(&object.text));
        assert_eq!(put(&files, &object.key, &value).unwrap(), files, "{} as a value", object.key);
    }
}

#[test]
fn a_value_changes_only_the_lines_that_differ() {
    let files = shipped("ten");
    let aws = key("integration", "aws-guardduty");
    let mut value = value_of(&object(&files, &aws).unwrap().text);
    value["mapping"]["title"] = json!("body.detail.type");
    value["enabled"] = json!(false);
    let changed = put(&files, &aws, &Document::Value(value)).unwrap();
    assert_eq!(only_in(&changed, &files), ["title: body.detail.type", "enabled: false"]);
    assert_eq!(only_in(&files, &changed), ["title: body.detail.title"]);
    assert_eq!(
        words(&files, &changed),
        [
            "integration aws-guardduty enabled yes -> no",
            "integration aws-guardduty mapping title body.detail.title -> body.detail.type"
        ]
    );
}

#[test]
fn a_layer_in_front_of_the_others_leaves_their_comments_with_them() {
    let files = shipped("ten");
    let l1 = key("schedule", "l1");
    let mut value = value_of(&object(&files, &l1).unwrap().text);
    let layer =
        json!({"name": "all hands", "priority": 9, "rotation": {"participants": [["leila", "yuki"]]}});
    value["layers"].as_array_mut().unwrap().insert(0, layer);
    let changed = put(&files, &l1, &Document::Value(value)).unwrap();
    let text = &changed["schedules/l1.yaml"];
    assert!(only_in(&files, &changed).is_empty(), "{text}");
    let nights = text.find("# One night each.").unwrap();
    assert!(text[nights..].lines().nth(1).unwrap().contains("weekday nights"), "{text}");
    assert_eq!(words(&files, &changed).len(), 1, "{:?}", words(&files, &changed));
}

#[test]
fn a_text_is_taken_with_its_comments() {
    let files = shipped("ten");
    let lead = key("role", "ir_lead");
    let text = "# Nobody else.\nid: ir_lead\nname: Lead\n# In this order.\nholders: [mateus]\ndeputies: [yuki, anneli, ingrid]\n";
    let changed = put(&files, &lead, &Document::Text(text.to_owned())).unwrap();
    assert_eq!(object(&changed, &lead).unwrap().text, text);
    assert!(words(&files, &changed).iter().all(|line| line.starts_with("role ir_lead")));
}

#[test]
fn a_new_object_gets_a_place_and_goes_without_a_trace() {
    let files = shipped("ten");
    let made = key("integration", "int_7");
    let value =
        json!({"id": "int_7", "name": "Uptime: shop", "kind": "generic", "mapping": {"title": "body.t"}});
    let with = put(&files, &made, &Document::Value(value)).unwrap();
    assert_eq!(
        with["console/integrations.yaml"],
        "# Made in the console.\nkind: integrations\nintegrations:\n  - id: int_7\n    name: \"Uptime: shop\"\n    \
         kind: generic\n    mapping:\n      title: body.t\n"
    );
    let second = json!({"id": "int_8", "name": "x", "kind": "pagerduty"});
    let two = put(&with, &key("integration", "int_8"), &Document::Value(second)).unwrap();
    assert!(check(&two, autumn()).config.is_some());
    assert_eq!(words(&with, &two).len(), 1);
    assert_eq!(remove(&two, &key("integration", "int_8")).unwrap(), with);
    assert_eq!(remove(&with, &made).unwrap(), files);
    assert_eq!(remove(&files, &made), Err(EditError::NotFound(made)));
}

#[test]
fn a_document_of_its_own_comes_and_goes_as_a_file() {
    let files = shipped("ten");
    let night = key("schedule", "night");
    let value = json!({"id": "night", "name": "Night", "zone": "UTC",
        "layers": [{"name": "one", "rotation": {"participants": ["leila"]}}]});
    let with = put(&files, &night, &Document::Value(value)).unwrap();
    assert!(with["console/schedule-night.yaml"].starts_with("kind: schedule\nid: night\n"));
    assert!(check(&with, autumn()).config.is_some());
    assert_eq!(remove(&with, &night).unwrap(), files);
}

#[test]
fn what_is_wrong_with_a_document_is_said() {
    let files = shipped("ten");
    let lead = key("role", "ir_lead");
    let put = |text: &str| put(&files, &lead, &Document::Text(text.to_owned())).unwrap_err().to_string();
    assert_eq!(put("id: other\nname: x\n"), "the document describes other, not role ir_lead");
    assert_eq!(put("- a\n- b\n"), "give one object, as a map of its fields");
    assert!(put("id: [\n").starts_with("line "), "{}", put("id: [\n"));
}

#[test]
fn objects_in_one_line_can_be_changed_as_well() {
    let mut files = Files::new();
    files.insert(
        "a.yaml".to_owned(),
        "{kind: roles, roles: [{id: a, name: A}, {id: b, name: B}]}\n".to_owned(),
    );
    let b = key("role", "b");
    let changed = put(&files, &b, &Document::Value(json!({"id": "b", "name": "C"}))).unwrap();
    assert_eq!(value_of(&object(&changed, &b).unwrap().text), json!({"id": "b", "name": "C"}));
    assert_eq!(value_of(&object(&changed, &key("role", "a")).unwrap().text), json!({"id": "a", "name": "A"}));
}

/// Any JSON as packs could hold it, of texts that look like other things.
fn leaf() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        "[ -~]{0,12}".prop_map(Value::from),
        "[a-zåäö:#'\"\\n -]{0,12}".prop_map(Value::from),
        prop::sample::select(vec![
            "yes",
            "no",
            "null",
            "~",
            "1",
            "1e3",
            "0x1f",
            "08:00",
            "- a",
            "a: b",
            "a #b",
            "2026-01-05"
        ])
        .prop_map(Value::from),
    ]
}

fn tree() -> impl Strategy<Value = Value> {
    leaf().prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map("[a-z]{1,4}|yes|1", inner, 0..4)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

#[test]
fn an_object_in_one_line_stays_in_one_line() {
    let files = shipped("ten");
    let lead = key("role", "ir_lead");
    let mut value = value_of(&object(&files, &lead).unwrap().text);
    value["deputies"] = json!(["yuki", "kwame"]);
    let changed = put(&files, &lead, &Document::Value(value)).unwrap();
    assert_eq!(
        only_in(&changed, &files),
        ["- {id: ir_lead, name: Incident Response Lead, holders: [mateus], deputies: [yuki, kwame]}"]
    );
}

proptest! {
    #[test]
    fn every_value_is_written_so_that_it_is_read_again(first in tree(), second in tree()) {
        let role = key("role", "r");
        let value = |own: &Value| json!({"id": "r", "name": "R", "own": own, "z": {"own": own, "list": [{"name": "x", "own": own}]}});
        let one = put(&Files::new(), &role, &Document::Value(value(&first))).unwrap();
        prop_assert_eq!(value_of(&object(&one, &role).unwrap().text), value(&first));
        let two = put(&one, &role, &Document::Value(value(&second))).unwrap();
        prop_assert_eq!(value_of(&object(&two, &role).unwrap().text), value(&second));
    }

}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn an_object_that_goes_and_comes_back_leaves_the_others_alone(index in 0_usize..60) {
        let files = shipped("ten");
        let all = objects(&files);
        let one = &all[index % all.len()];
        prop_assume!(one.key.kind != "organisation");
        let without = remove(&files, &one.key).unwrap();
        let left: Vec<_> = objects(&without).into_iter().map(|object| (object.key, object.text)).collect();
        let others: Vec<_> = all.iter().filter(|other| other.key != one.key).map(|o| (o.key.clone(), o.text.clone())).collect();
        prop_assert_eq!(left, others);
        let back = put(&without, &one.key, &Document::Text(one.text.clone())).unwrap();
        prop_assert_eq!(words(&files, &back), Vec::<String>::new());
    }
}
