//! A duty that a person has learned: a word, or a map where it has an end.

use std::borrow::Cow;
use std::fmt;

use jiff::civil::Date;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::value::MapAccessDeserializer;
use serde::de::{self, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use crate::pack::schema::text::{Day, Name};

/// A certificate: its name, or its name and the last day on which it counts.
#[derive(Debug)]
pub(in crate::pack) struct CertificateText {
    pub(in crate::pack) id: String,
    pub(in crate::pack) until: Option<Date>,
}

impl<'de> Deserialize<'de> for CertificateText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(CertificateVisitor)
    }
}

struct CertificateVisitor;

impl<'de> Visitor<'de> for CertificateVisitor {
    type Value = CertificateText;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a certificate such as `l1`, or a map of `id` and `until`")
    }

    fn visit_str<E: de::Error>(self, id: &str) -> Result<CertificateText, E> {
        Ok(CertificateText { id: id.to_owned(), until: None })
    }

    fn visit_map<A: MapAccess<'de>>(self, entries: A) -> Result<CertificateText, A::Error> {
        let WithEnd { id, until } = WithEnd::deserialize(MapAccessDeserializer::new(entries))?;
        Ok(CertificateText { id, until })
    }
}

/// The map form of a [`CertificateText`].
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct WithEnd {
    /// The duty.
    #[schemars(with = "Name")]
    id: String,
    /// The last day on which it counts.
    #[schemars(with = "Option<Day>")]
    until: Option<Date>,
}

impl JsonSchema for CertificateText {
    fn schema_name() -> Cow<'static, str> {
        "Certificate".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A duty learned: its name, or its name and the last day on which it counts.",
            "anyOf": [generator.subschema_for::<Name>(), WithEnd::json_schema(generator)],
        })
    }
}
