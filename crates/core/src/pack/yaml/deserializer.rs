//! From tree to documents, by serde.

use std::cell::RefCell;
use std::fmt;
use std::marker::PhantomData;

use serde::de::value::StrDeserializer;
use serde::de::{self, DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, forward_to_deserialize_any};

use super::node::{Key, Node, Place, Value};
use crate::pack::names::closest;
use crate::pack::rules;

/// Why a document cannot be read, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::pack) struct ReadError {
    pub(in crate::pack) rule: &'static str,
    pub(in crate::pack) place: Option<Place>,
    pub(in crate::pack) message: String,
    pub(in crate::pack) suggestion: Option<String>,
}

/// A value that remembers where it stands. Read only by [`read`].
#[derive(Debug, Clone, Deserialize)]
#[serde(rename = "$at")]
pub(in crate::pack) struct At<T> {
    line: usize,
    column: usize,
    pub(in crate::pack) value: T,
}

impl<T> At<T> {
    /// A value at a place.
    pub(in crate::pack) const fn new(place: Place, value: T) -> Self {
        Self { line: place.line, column: place.column, value }
    }

    /// Where the value begins.
    pub(in crate::pack) const fn place(&self) -> Place {
        Place { line: self.line, column: self.column }
    }
}

/// A list of which the broken entries are left out after they were reported. Read only by [`read`].
#[derive(Debug, Clone)]
pub(in crate::pack) struct Each<T>(pub(in crate::pack) Vec<T>);

impl<T> Default for Each<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Each<T> {
    /// The entries that could be read.
    pub(in crate::pack) fn iter(&self) -> std::slice::Iter<'_, T> {
        self.0.iter()
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Each<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(EachVisitor(PhantomData))
    }
}

struct EachVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for EachVisitor<T> {
    type Value = Each<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Each<T>, A::Error> {
        let mut list = Vec::new();
        loop {
            match items.next_element() {
                Ok(Some(item)) => list.push(item),
                Ok(None) => return Ok(Each(list)),
                // `Items` has reported it and stands behind the broken entry.
                Err(_) => {}
            }
        }
    }
}

/// Reads a document. Broken entries of lists and maps are left out, each with an error; `None` when the
/// document as a whole cannot be read.
pub(in crate::pack) fn read<T: for<'de> Deserialize<'de>>(node: &Node) -> (Option<T>, Vec<ReadError>) {
    let errors = RefCell::new(Vec::new());
    let document = T::deserialize(Reader { node, errors: &errors });
    let document = document.map_err(|error| report(&errors, error.at(node.place))).ok();
    (document, errors.into_inner())
}

impl ReadError {
    pub(in crate::pack) fn new(rule: &'static str, message: impl Into<String>) -> Self {
        Self { rule, place: None, message: message.into(), suggestion: None }
    }

    /// Gives the error a place, unless it has a nearer one.
    pub(in crate::pack) fn at(mut self, place: Place) -> Self {
        self.place.get_or_insert(place);
        self
    }

    fn one_of(what: &str, name: &str, expected: &'static [&'static str]) -> Self {
        let mut error = Self::new(rules::SHAPE, format!("`{name}` is not {what} here"));
        error.suggestion = closest(name, expected.iter().copied())
            .map(|near| format!("did you mean `{near}`?"))
            .or_else(|| Some(format!("one of {}", expected.join(", "))));
        error
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for ReadError {}

impl de::Error for ReadError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::new(rules::VALUE, message.to_string())
    }

    fn invalid_type(found: de::Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        let mut error = Self::new(rules::SHAPE, format!("expected {expected}, found {found}"));
        if matches!(found, de::Unexpected::Signed(_) | de::Unexpected::Float(_) | de::Unexpected::Bool(_)) {
            error.suggestion = Some("put a text that looks like a number or a truth in quotes".to_owned());
        }
        error
    }

    fn unknown_field(name: &str, expected: &'static [&'static str]) -> Self {
        Self::one_of("a field", name, expected)
    }

    fn unknown_variant(name: &str, expected: &'static [&'static str]) -> Self {
        Self::one_of("a word that is known", name, expected)
    }

    fn missing_field(name: &'static str) -> Self {
        Self::new(rules::SHAPE, format!("the field `{name}` is missing"))
    }
}

/// The name under which serde asks for an [`At`].
const AT: &str = "$at";

type Errors = RefCell<Vec<ReadError>>;

/// The rule of an error that only carries on what has been reported.
const REPORTED: &str = "";

fn report(errors: &Errors, error: ReadError) {
    if error.rule != REPORTED {
        errors.borrow_mut().push(error);
    }
}

#[derive(Clone, Copy)]
struct Reader<'a> {
    node: &'a Node,
    errors: &'a Errors,
}

impl<'a> Reader<'a> {
    fn entries(self) -> Result<Entries<'a>, ReadError> {
        match &self.node.value {
            Value::Map(entries) => Ok(Entries { left: entries.iter(), value: None, errors: self.errors }),
            other => Err(ReadError::new(rules::SHAPE, format!("expected a map, found {}", other.kind()))
                .at(self.node.place)),
        }
    }
}

impl<'de> Deserializer<'de> for Reader<'_> {
    type Error = ReadError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        let result = match &self.node.value {
            Value::Null => visitor.visit_unit(),
            Value::Bool(truth) => visitor.visit_bool(*truth),
            Value::Int(number) => visitor.visit_i64(*number),
            Value::Float(number) => visitor.visit_f64(*number),
            Value::Text(text) => visitor.visit_str(text),
            Value::List(items) => visitor.visit_seq(Items { items: items.iter(), errors: self.errors }),
            Value::Map(_) => self.entries().and_then(|entries| visitor.visit_map(entries)),
        };
        result.map_err(|error| error.at(self.node.place))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        match &self.node.value {
            Value::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, ReadError> {
        visitor.visit_newtype_struct(self).map_err(|error| error.at(self.node.place))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ReadError> {
        if name == AT {
            return visitor.visit_seq(Located { reader: self, next: 0 });
        }
        let entries = self.entries()?;
        visitor.visit_map(entries).map_err(|error| error.at(self.node.place))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ReadError> {
        let result = match &self.node.value {
            Value::Text(text) => visitor.visit_enum(word(text)),
            other => Err(ReadError::new(rules::SHAPE, format!("expected a word, found {}", other.kind()))),
        };
        result.map_err(|error| error.at(self.node.place))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit
        unit_struct seq tuple tuple_struct map identifier ignored_any
    }
}

fn word(text: &str) -> StrDeserializer<'_, ReadError> {
    text.into_deserializer()
}

/// The entries of a list. Each broken one is reported before its error goes on.
struct Items<'a> {
    items: std::slice::Iter<'a, Node>,
    errors: &'a Errors,
}

impl<'de> SeqAccess<'de> for Items<'_> {
    type Error = ReadError;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, ReadError> {
        let Some(node) = self.items.next() else { return Ok(None) };
        seed.deserialize(Reader { node, errors: self.errors }).map(Some).map_err(|error| {
            report(self.errors, error.at(node.place));
            ReadError::new(REPORTED, "an entry of the list cannot be read")
        })
    }
}

/// The entries of a map.
struct Entries<'a> {
    left: std::slice::Iter<'a, (Key, Node)>,
    value: Option<&'a Node>,
    errors: &'a Errors,
}

impl<'de> MapAccess<'de> for Entries<'_> {
    type Error = ReadError;

    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, ReadError> {
        let Some((key, node)) = self.left.next() else { return Ok(None) };
        self.value = Some(node);
        seed.deserialize(word(&key.name)).map(Some).map_err(|error| error.at(key.place))
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, ReadError> {
        let node = self.value.take().ok_or_else(|| ReadError::new(rules::SHAPE, "a value is missing"))?;
        seed.deserialize(Reader { node, errors: self.errors }).map_err(|error| error.at(node.place))
    }
}

/// A value behind its line and column.
struct Located<'a> {
    reader: Reader<'a>,
    next: u8,
}

impl<'de> SeqAccess<'de> for Located<'_> {
    type Error = ReadError;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, ReadError> {
        self.next += 1;
        let place = self.reader.node.place;
        match self.next {
            1 => seed.deserialize(place.line.into_deserializer()).map(Some),
            2 => seed.deserialize(place.column.into_deserializer()).map(Some),
            _ => seed.deserialize(self.reader).map(Some).map_err(|error| error.at(place)),
        }
    }
}
