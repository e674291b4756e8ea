//! JSON Schemas of the documents of a pack, for editors: draft 2020-12, made of the types that read them.
//!
//! A schema knows the fields, words and forms of a document. What documents mean together (references,
//! zones, expressions, coverage) is what [`check`](super::check) is for.

pub(super) mod text;

use std::borrow::Cow;

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Map, Value, json};

use super::document::{
    AcceptedDocument, EscalationDocument, HolidaysDocument, IntegrationsDocument, KINDS,
    OrganisationDocument, PeopleDocument, RolesDocument, RoutingDocument,
};
use super::yaml::{At, Each};
use crate::oncall::Schedule;

/// The name of the schema that takes a document of any kind.
const ANY: &str = "pack";

/// The names of all schemas: the kinds of documents, and `pack` for a document of any kind.
pub fn schema_names() -> impl Iterator<Item = &'static str> {
    KINDS.into_iter().chain([ANY])
}

/// The JSON Schema (draft 2020-12) of that name; none where there is no such kind of document.
pub fn schema(name: &str) -> Option<Value> {
    let mut generator = SchemaSettings::draft2020_12().for_deserialize().into_generator();
    let (title, schema) = match name {
        ANY => ("a document of a pack", any(&mut generator)),
        kind => (kind, document(kind, &mut generator)?),
    };
    let mut whole = json_schema!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": format!("Decurion: {title}"),
    });
    whole.ensure_object().extend(schema.to_value().as_object().cloned().unwrap_or_default());
    let definitions = whole.ensure_object().entry("$defs").or_insert_with(|| json!({}));
    if let Value::Object(definitions) = definitions {
        definitions.extend(generator.take_definitions(true));
    }
    let mut whole = whole.to_value();
    unwrap_lines(&mut whole);
    Some(whole)
}

/// Puts each description on one line. They are the comments of the types, which are broken to their width.
fn unwrap_lines(value: &mut Value) {
    match value {
        Value::Object(fields) => fields.iter_mut().for_each(|(key, value)| match value {
            Value::String(text) if key == "description" => *text = text.replace('\n', " "),
            other => unwrap_lines(other),
        }),
        Value::Array(items) => items.iter_mut().for_each(unwrap_lines),
        _ => {}
    }
}

/// The schema of one kind. Which type reads which kind is said once more where documents are read.
fn document(kind: &str, generator: &mut SchemaGenerator) -> Option<Schema> {
    let schema = match kind {
        "organisation" => OrganisationDocument::json_schema(generator),
        "people" => PeopleDocument::json_schema(generator),
        "roles" => RolesDocument::json_schema(generator),
        "holidays" => HolidaysDocument::json_schema(generator),
        "schedule" => Schedule::json_schema(generator),
        "escalation" => EscalationDocument::json_schema(generator),
        "routing" => RoutingDocument::json_schema(generator),
        "integrations" => IntegrationsDocument::json_schema(generator),
        "accepted" => AcceptedDocument::json_schema(generator),
        _ => return None,
    };
    Some(with_kind(kind, schema))
}

/// The schema with the `kind` that every document begins with.
fn with_kind(kind: &str, mut schema: Schema) -> Schema {
    let field = json!({"const": kind, "description": "What the document holds."});
    let schema_object = schema.ensure_object();
    if let Some(Value::Object(fields)) = schema_object.get_mut("properties") {
        let others = std::mem::take(fields);
        fields.insert("kind".to_owned(), field);
        fields.extend(others);
    }
    if let Value::Array(names) = schema_object.entry("required").or_insert_with(|| json!([])) {
        names.insert(0, "kind".into());
    }
    schema
}

/// A document of whatever kind it says that it is, so that one file is all that an editor needs.
fn any(generator: &mut SchemaGenerator) -> Schema {
    let choices = KINDS.map(|kind| {
        json!({
            "if": {"properties": {"kind": {"const": kind}}, "required": ["kind"]},
            "then": {"$ref": format!("#/$defs/{kind}")},
        })
    });
    let documents = KINDS.iter().filter_map(|kind| {
        let schema = document(kind, generator)?;
        Some(((*kind).to_owned(), schema.to_value()))
    });
    let documents: Map<String, Value> = documents.collect();
    json_schema!({
        "description": "What a pack is made of. Every document begins with its `kind`.",
        "type": "object",
        "properties": {"kind": {"enum": KINDS, "description": "What the document holds."}},
        "required": ["kind"],
        "allOf": choices,
        "$defs": documents,
    })
}

impl<T: JsonSchema> JsonSchema for At<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        T::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        generator.subschema_for::<T>()
    }
}

impl<T: JsonSchema> JsonSchema for Each<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        Vec::<T>::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        Vec::<T>::json_schema(generator)
    }
}
