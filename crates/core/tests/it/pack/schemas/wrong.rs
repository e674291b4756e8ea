//! Documents with one mistake each: what the check refuses for its form, the schema refuses, and what the
//! schema refuses, the check refuses.

use decurion_core::pack::{self, Finding};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::super::autumn;
use super::{WHOLE, documents, kind_of, pack_of, pointers, validators};

/// What is put where something else should stand.
fn wrong_values() -> Vec<Value> {
    let texts = ["", "x", "NOBODY", "5 minutes", "25:00", "2026-02-30"].map(Value::from);
    let others = [json!(null), json!(true), json!(-1), json!(2.5), json!([]), json!({})];
    texts.into_iter().chain(others).collect()
}

/// Each way to take something out of a document or to put something else there.
fn mistakes(document: &Value) -> Vec<(String, Value)> {
    let mut changed = Vec::new();
    for pointer in pointers(document).iter().filter(|pointer| !pointer.is_empty()) {
        for wrong in wrong_values() {
            let mut copy = document.clone();
            *copy.pointer_mut(pointer).expect("the place is there") = wrong.clone();
            changed.push((format!("{pointer} = {wrong}"), copy));
        }
        let (parent, key) = pointer.rsplit_once('/').expect("it is not the root");
        let mut copy = document.clone();
        if let Some(fields) = copy.pointer_mut(parent).and_then(Value::as_object_mut) {
            fields.shift_remove(key);
            changed.push((format!("{pointer} taken out"), copy));
        }
    }
    changed
}

/// Whether a finding is about the form of a document. The others need the rest of the pack, an expression,
/// or a calendar: no pattern knows which days a month lacks.
fn is_form(finding: &Finding) -> bool {
    let rules = ["PACK-SHAPE", "PACK-KIND", "PACK-VALUE"];
    rules.contains(&finding.rule.as_str()) && !finding.message.contains("parsed date is not valid")
}

#[test]
fn schema_and_check_refuse_the_same_forms() {
    let (whole, validators) = (documents(WHOLE), validators());
    let (mut refused, mut passed) = (0, 0);
    for (index, document) in whole.iter().enumerate() {
        let validator = &validators[kind_of(document)];
        for (what, wrong) in mistakes(document) {
            let mut documents = whole.clone();
            documents[index] = wrong.clone();
            let files = pack_of(&documents);
            let fits = validator.is_valid(&wrong);
            assert_eq!(
                fits,
                validators["pack"].is_valid(&wrong) && wrong["kind"] == document["kind"],
                "{what}"
            );
            let compiles = pack::config(&files).is_some();
            assert!(
                fits || !compiles,
                "the check takes what the schema refuses: {} {what}",
                kind_of(document)
            );
            passed += u32::from(compiles);
            refused += u32::from(!fits);
            if fits && !compiles {
                let report = pack::check(&files, autumn());
                let form = report.errors().find(|finding| is_form(finding));
                assert_eq!(form, None, "the schema takes what the check refuses: {what}");
            }
        }
    }
    assert!(refused > 2_000 && passed > 100, "{refused} refused, {passed} passed");
}

proptest! {
    /// Lengths, times and days: pattern and reader agree on every text that looks like one.
    #[test]
    fn patterns_say_what_readers_say(text in "[0-9 wdhms:T-]{0,12}|[0-9]{1,3}[wdhms]([0-9]{1,2}[hms])?|[0-2][0-9]:[0-9]{2}") {
        let validators = validators();
        let schema = |path: &str, document: &Value| {
            let mut document = document.clone();
            *document.pointer_mut(path).expect("the place is there") = text.as_str().into();
            validators["schedule"].is_valid(&document)
        };
        let whole = documents(WHOLE);
        let schedule = whole.iter().find(|document| document["kind"] == "schedule").expect("there is one");
        let length = text.parse::<decurion_core::duration::DurationS>().is_ok();
        prop_assert_eq!(schema("/notices/before/0", schedule), length);
        let time = text.parse::<decurion_core::oncall::TimeOfDay>().is_ok();
        prop_assert_eq!(schema("/layers/0/active/0/start", schedule), time);
        if schema("/layers/0/rotation/start", schedule) {
            prop_assert!(text.len() >= 10, "a wall time names its day");
        }
    }
}
