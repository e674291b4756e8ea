//! Texts of documents that mean more than their type says.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::json;

/// The schema of a text, written out where it is used.
macro_rules! text_schema {
    ($($(#[$doc:meta])* $name:ident: $schema:tt),+ $(,)?) => {$(
        $(#[$doc])*
        pub(in crate::pack) struct $name;

        impl JsonSchema for $name {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!($schema)
            }
        }
    )+};
}

text_schema! {
    /// A name by which things refer to each other.
    Name: {"type": "string", "pattern": "^[a-z0-9_-]{1,64}$"},
    /// A text that says something.
    Words: {"type": "string", "pattern": r"\S"},
    /// A day of the calendar.
    Day: {"type": "string", "format": "date", "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"},
    /// The key of a finding about coverage.
    FindingKey: {"type": "string", "pattern": "^COV-[0-9]+/[ -~]+$", "maxLength": 200},
    /// Defaults of facts by their names.
    Facts: {
        "type": "object",
        "propertyNames": {"pattern": "^[a-z][a-z0-9_]*$"},
        "additionalProperties": {"type": ["boolean", "number", "string"]},
    },
}

/// A target names one thing. Only a deputy has a place.
pub(in crate::pack) fn one_target(schema: &mut Schema) {
    let named = ["person", "role", "deputy", "schedule"].map(|name| json!({"required": [name]}));
    schema.insert("oneOf".to_owned(), json!(named));
    schema.insert("dependentRequired".to_owned(), json!({"place": ["deputy"]}));
}
