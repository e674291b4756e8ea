//! From text to tree.

use std::fmt;

use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::{DuplicateKeyPolicy, Location, MergeKeyPolicy, Spanned};

use super::ReadError;
use crate::pack::rules;

/// A place in one file, both from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::pack) struct Place {
    pub(in crate::pack) line: usize,
    pub(in crate::pack) column: usize,
}

/// A value and where it begins.
#[derive(Debug, Clone)]
pub(in crate::pack) struct Node {
    pub(in crate::pack) place: Place,
    pub(in crate::pack) value: Value,
}

/// What YAML can say, as far as packs use it.
#[derive(Debug, Clone)]
pub(in crate::pack) enum Value {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(String),
    List(Vec<Node>),
    /// In the order of the file; no key appears twice.
    Map(Vec<(Key, Node)>),
}

/// The key of an entry and where it begins.
#[derive(Debug, Clone)]
pub(in crate::pack) struct Key {
    pub(in crate::pack) place: Place,
    pub(in crate::pack) name: String,
}

/// Reads every document of `text`. Empty documents are left out.
pub(in crate::pack) fn parse(text: &str) -> Result<Vec<Node>, ReadError> {
    let options = serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_depth: 32,
            max_nodes: 200_000,
            max_aliases: 1_000,
            max_anchors: 1_000,
        },
        duplicate_keys: DuplicateKeyPolicy::Error,
        merge_keys: MergeKeyPolicy::Error,
        strict_booleans: true,
        reject_unsupported_tags: true,
        with_snippet: false,
    };
    serde_saphyr::from_multiple_with_options::<Node>(text, options).map_err(|error| {
        let place = error.location().map_or(Place::START, Place::from);
        let message = error.to_string();
        ReadError::new(rules::YAML, without_place(&message)).at(place)
    })
}

/// The parser repeats the place in its message; the finding has it already.
fn without_place(message: &str) -> String {
    let first = message.lines().next().unwrap_or(message);
    let place = first.find(" at line ").or_else(|| first.find(" (line "));
    place.map_or(first, |end| &first[..end]).to_owned()
}

impl Place {
    /// The beginning of a file.
    pub(in crate::pack) const START: Self = Self { line: 1, column: 1 };
}

impl From<Location> for Place {
    fn from(location: Location) -> Self {
        let from_one = |number: u64| usize::try_from(number).unwrap_or(1).max(1);
        Self { line: from_one(location.line()), column: from_one(location.column()) }
    }
}

impl Value {
    /// What it is, for messages.
    pub(in crate::pack) const fn kind(&self) -> &'static str {
        match self {
            Self::Null => "nothing",
            Self::Bool(_) => "true or false",
            Self::Int(_) | Self::Float(_) => "a number",
            Self::Text(_) => "a text",
            Self::List(_) => "a list",
            Self::Map(_) => "a map",
        }
    }
}

impl Value {
    /// The value as JSON. Numbers that JSON lacks (`.nan`, `.inf`) are null.
    pub(in crate::pack) fn to_json(&self) -> serde_json::Value {
        match self {
            Self::Null => serde_json::Value::Null,
            Self::Bool(truth) => (*truth).into(),
            Self::Int(number) => (*number).into(),
            Self::Float(number) => (*number).into(),
            Self::Text(text) => text.as_str().into(),
            Self::List(items) => items.iter().map(|node| node.value.to_json()).collect(),
            Self::Map(keys) => {
                let fields = keys.iter().map(|(key, node)| (key.name.clone(), node.value.to_json()));
                serde_json::Value::Object(fields.collect())
            }
        }
    }
}

impl Node {
    /// The value of an entry of a map.
    pub(in crate::pack) fn get(&self, name: &str) -> Option<&Self> {
        match &self.value {
            Value::Map(entries) => entries.iter().find(|(key, _)| key.name == name).map(|(_, node)| node),
            _ => None,
        }
    }

    /// The node at a path such as `layers[0].rotation.every`, or the last one on the way that exists.
    pub(in crate::pack) fn along(&self, path: &str) -> &Self {
        let mut node = self;
        for part in path.split(['.', '[']) {
            let next = match (&node.value, part.strip_suffix(']')) {
                (Value::List(items), Some(index)) => index.parse().ok().and_then(|i: usize| items.get(i)),
                _ => node.get(part),
            };
            let Some(next) = next else { return node };
            node = next;
        }
        node
    }
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let spanned = Spanned::<Value>::deserialize(deserializer)?;
        Ok(Self { place: spanned.referenced.into(), value: spanned.value })
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ValueVisitor)
    }
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E: de::Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E: de::Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        Value::deserialize(deserializer)
    }

    fn visit_bool<E: de::Error>(self, truth: bool) -> Result<Value, E> {
        Ok(Value::Bool(truth))
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Value, E> {
        Ok(Value::Int(number))
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Value, E> {
        i64::try_from(number).map(Value::Int).map_err(|_| E::custom(format!("{number} is too large")))
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<Value, E> {
        Ok(Value::Float(number))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Value, E> {
        Ok(Value::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element::<Node>()? {
            list.push(item);
        }
        Ok(Value::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut map = Vec::new();
        while let Some(key) = entries.next_key::<Spanned<String>>()? {
            let key = Key { place: key.referenced.into(), name: key.value };
            map.push((key, entries.next_value::<Node>()?));
        }
        Ok(Value::Map(map))
    }
}
