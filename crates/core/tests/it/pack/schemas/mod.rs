//! The JSON Schemas say what the readers of documents say: field by field, word by word, and for every
//! document that somebody gets wrong.

mod published;
mod wrong;

use std::collections::{BTreeMap, BTreeSet};

use decurion_core::pack::{self, Files};
use jsonschema::Validator;
use serde_json::Value;

use super::{autumn, shipped};

/// Every field of every kind of document.
pub(super) const WHOLE: &str = include_str!("whole.yaml");

/// The documents of a YAML text as JSON.
fn documents(text: &str) -> Vec<Value> {
    let options = serde_saphyr::options! { strict_booleans: true };
    serde_saphyr::from_multiple_with_options(text, options).expect("it is YAML")
}

/// A pack of one file with these documents; JSON is YAML.
fn pack_of(documents: &[Value]) -> Files {
    let text: Vec<String> = documents.iter().map(ToString::to_string).collect();
    Files::from([("all.yaml".to_owned(), text.join("\n---\n"))])
}

fn validators() -> BTreeMap<&'static str, Validator> {
    let validator = |name: &'static str| {
        let schema = pack::schema(name).expect("the name is one of the list");
        let options = jsonschema::draft202012::options().should_validate_formats(true);
        (name, options.build(&schema).unwrap_or_else(|error| panic!("{name}: {error}")))
    };
    pack::schema_names().map(validator).collect()
}

fn kind_of(document: &Value) -> &str {
    document["kind"].as_str().expect("the document says its kind")
}

#[test]
fn what_ships_is_valid() {
    let validators = validators();
    for name in ["ten", "ten-b"] {
        let yaml = shipped(name).into_iter().filter(|(path, _)| path.contains(".yaml"));
        let documents: Vec<Value> = yaml.flat_map(|(_, text)| documents(&text)).collect();
        assert!(documents.len() > 5, "the pack has its documents");
        for document in documents {
            for schema in [kind_of(&document), "pack"] {
                let said: Vec<String> =
                    validators[schema].iter_errors(&document).map(|e| e.to_string()).collect();
                assert_eq!(said, [""; 0], "{name}, {schema}");
            }
        }
    }
}

#[test]
fn the_whole_pack_is_valid_and_compiles() {
    let validators = validators();
    let report = pack::check(&Files::from([("all.yaml".to_owned(), WHOLE.to_owned())]), autumn());
    assert_eq!(report.errors().map(ToString::to_string).collect::<Vec<_>>(), [""; 0]);
    for document in documents(WHOLE) {
        assert!(validators[kind_of(&document)].is_valid(&document), "{document}");
    }
}

/// The places of a document (JSON pointers) at which it has a map with fields that are known by name.
fn maps(document: &Value) -> Vec<String> {
    let free = |pointer: &str| ["/facts", "/labels", "/links"].iter().any(|end| pointer.ends_with(end));
    pointers(document)
        .into_iter()
        .filter(|at| document.pointer(at).is_some_and(Value::is_object) && !free(at))
        .collect()
}

/// Every place of a document, itself first.
fn pointers(value: &Value) -> Vec<String> {
    let below = |key: &str, value: &Value| -> Vec<String> {
        pointers(value).into_iter().map(|rest| format!("/{key}{rest}")).collect()
    };
    let inner: Vec<String> = match value {
        Value::Object(fields) => fields.iter().flat_map(|(key, value)| below(key, value)).collect(),
        Value::Array(items) => {
            items.iter().enumerate().flat_map(|(index, item)| below(&index.to_string(), item)).collect()
        }
        _ => Vec::new(),
    };
    std::iter::once(String::new()).chain(inner).collect()
}

/// What nothing in a pack is called.
const UNKNOWN: &str = "zzzzzzzzzzzz";

/// A way to put [`UNKNOWN`] where the reader must stumble over it.
type Mistake = fn(&mut Value);

const INSERT: Mistake = |map| {
    map.as_object_mut().expect("a map").insert(UNKNOWN.to_owned(), Value::Null);
};

const REPLACE: Mistake = |word| *word = UNKNOWN.into();

/// The names that the reader would have taken at a place, as its finding lists them.
fn names_of_reader(documents: &[Value], at: usize, pointer: &str, mistake: Mistake) -> BTreeSet<String> {
    let mut documents = documents.to_vec();
    mistake(documents[at].pointer_mut(pointer).expect("the place is there"));
    let report = pack::check(&pack_of(&documents), autumn());
    let [finding] = &report.findings[..] else { panic!("{pointer}: {:#?}", report.findings) };
    assert!(finding.message.contains(UNKNOWN), "{finding}");
    let listed = finding.suggestion.as_deref().and_then(|said| said.strip_prefix("one of "));
    let listed = listed.unwrap_or_else(|| panic!("the finding lists the names: {finding}"));
    listed.split(", ").map(str::to_owned).collect()
}

/// The parts of a schema that say what stands at a place, through references and alternatives.
fn parts<'s>(root: &'s Value, part: &'s Value, pointer: &str) -> Vec<&'s Value> {
    if let Some(name) = part["$ref"].as_str() {
        let target = root.pointer(name.trim_start_matches('#')).expect("what is referred to is there");
        return parts(root, target, pointer);
    }
    let choices = ["anyOf", "oneOf"].iter().filter_map(|key| part[*key].as_array()).flatten();
    let choices: Vec<&Value> = choices
        .filter(|choice| choice.get("required").is_none_or(|_| choice.get("type").is_some()))
        .collect();
    if !choices.is_empty() {
        return choices.into_iter().flat_map(|choice| parts(root, choice, pointer)).collect();
    }
    let Some(rest) = pointer.strip_prefix('/') else { return vec![part] };
    let (key, rest) =
        rest.split_once('/').map_or((rest, String::new()), |(key, rest)| (key, format!("/{rest}")));
    let next = if key.parse::<usize>().is_ok() { part.get("items") } else { part["properties"].get(key) };
    let next = next.or_else(|| part.get("additionalProperties").filter(|other| other.is_object()));
    next.map(|next| parts(root, next, &rest)).unwrap_or_default()
}

/// The fields that the schema knows at a place.
fn fields_of_schema(schema: &Value, pointer: &str) -> BTreeSet<String> {
    let parts = parts(schema, schema, pointer);
    parts
        .iter()
        .filter_map(|part| part["properties"].as_object())
        .flat_map(|fields| fields.keys().cloned())
        .collect()
}

/// The words that the schema knows at a place.
fn words_of_schema(schema: &Value, pointer: &str) -> BTreeSet<String> {
    let words = |part: &&Value| {
        let all = part["enum"].as_array().into_iter().flatten().chain(part.get("const"));
        all.filter_map(Value::as_str).map(str::to_owned).collect::<Vec<_>>()
    };
    parts(schema, schema, pointer).iter().flat_map(words).collect()
}

#[test]
fn reader_and_schema_know_the_same_fields() {
    let documents = documents(WHOLE);
    let mut written: BTreeMap<BTreeSet<String>, BTreeSet<String>> = BTreeMap::new();
    for (index, document) in documents.iter().enumerate() {
        let schema = pack::schema(kind_of(document)).expect("a kind of document");
        for pointer in maps(document) {
            let mut fields = names_of_reader(&documents, index, &pointer, INSERT);
            if pointer.is_empty() {
                fields.insert("kind".to_owned());
            }
            assert_eq!(fields_of_schema(&schema, &pointer), fields, "{} {pointer}", kind_of(document));
            let here = document.pointer(&pointer).and_then(Value::as_object).expect("a map");
            written.entry(fields).or_default().extend(here.keys().cloned());
        }
    }
    for (fields, written) in written {
        assert_eq!(fields, written, "the whole pack has every field once");
    }
}

#[test]
fn reader_and_schema_know_the_same_words() {
    let documents = documents(WHOLE);
    let mut seen = 0;
    for (index, document) in documents.iter().enumerate() {
        let schema = pack::schema(kind_of(document)).expect("a kind of document");
        for pointer in pointers(document).iter().filter(|at| !at.is_empty() && *at != "/kind") {
            let words = words_of_schema(&schema, pointer);
            if !words.is_empty() {
                assert_eq!(words, names_of_reader(&documents, index, pointer, REPLACE), "{pointer}");
                seen += 1;
            }
        }
    }
    assert!(seen > 30, "days, units, channels, severities: {seen}");
}

#[test]
fn every_field_is_explained() {
    for name in pack::schema_names() {
        let schema = pack::schema(name).expect("the name is one of the list");
        for at in pointers(&schema) {
            let Some(fields) = schema.pointer(&at).and_then(Value::as_object) else { continue };
            if at.rsplit('/').next() != Some("properties") || at.contains("/if/") {
                continue;
            }
            for (field, about) in fields {
                let severity = ["/by_severity/", "/severity/"].iter().any(|map| at.contains(map));
                assert!(severity || about["description"].is_string(), "{name} {at}/{field}");
            }
        }
    }
}
