//! JSON from strangers: bounded, and strict where a lenient reader would guess.
//!
//! A body is read once, into a tree. Two readers of one body must not see two things, so a key that
//! appears twice is an error. Control characters that have no place in text become U+FFFD, so that no
//! terminal, mail or database behind is surprised by them.

use std::cell::RefCell;
use std::fmt::{self, Write as _};

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::map::Entry;
use serde_json::{Map, Number, Value};

use super::bounds::{cut, kind_of};
use super::error::{IntakeError, IntakeErrorKind, Problem};

/// The longest body that is read, in bytes.
pub const MAX_BODY_BYTES: usize = 1024 * 1024;

/// How deep arrays and objects may nest.
pub const MAX_DEPTH: usize = 64;

/// How much of a key a message shows, in characters.
const MAX_SHOWN_KEY_CHARS: usize = 80;

/// Why bytes are not a body. Lines and columns count from 1, columns in bytes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", super::Problem { field: self.field(), message: self.message() })]
pub enum BodyError {
    /// More bytes than the format takes.
    TooLong { bytes: usize, limit: usize },
    /// No bytes, or only white space.
    Empty,
    /// The first byte that is not UTF-8.
    NotUtf8 { line: usize, column: usize },
    /// Nested deeper than [`MAX_DEPTH`].
    TooDeep { path: String, line: usize, column: usize },
    /// A key that its object already has; `path` names it.
    DuplicateKey { key: String, path: String, line: usize, column: usize },
    /// Not JSON (RFC 8259).
    Syntax { reason: String, path: String, line: usize, column: usize },
}

impl BodyError {
    /// The path of what is wrong, where there is one.
    pub fn field(&self) -> Option<String> {
        match self {
            Self::TooDeep { path, .. } | Self::DuplicateKey { path, .. } | Self::Syntax { path, .. } => {
                Some(path.clone()).filter(|path| !path.is_empty())
            }
            Self::TooLong { .. } | Self::Empty | Self::NotUtf8 { .. } => None,
        }
    }

    /// What is wrong, worded so that it reads on after the field.
    pub fn message(&self) -> String {
        match self {
            Self::TooLong { bytes, limit } => format!("has {bytes} bytes; at most {limit} are taken"),
            Self::Empty => "is empty; JSON is expected".to_owned(),
            Self::NotUtf8 { line, column } => format!("is not UTF-8 at line {line}, column {column}"),
            Self::TooDeep { line, column, .. } => {
                format!("is nested deeper than {MAX_DEPTH} levels at line {line}, column {column}")
            }
            Self::DuplicateKey { key, line, column, .. } => {
                let key = cut(key, MAX_SHOWN_KEY_CHARS);
                format!("gives the key \"{key}\" twice, again at line {line}, column {column}")
            }
            Self::Syntax { reason, line, column, .. } => {
                format!("is not valid JSON at line {line}, column {column}: {reason}")
            }
        }
    }
}

/// Reads a body of at most [`MAX_BODY_BYTES`].
pub fn parse(bytes: &[u8]) -> Result<Value, BodyError> {
    parse_within(bytes, MAX_BODY_BYTES)
}

/// Reads a body as [`parse`] does, and takes only an object or a list. A lone scalar is no alert of any
/// sender, and whoever sends one is better told.
pub(super) fn parse_composite(bytes: &[u8]) -> Result<Value, IntakeError> {
    let body = parse(bytes)?;
    if body.is_object() || body.is_array() {
        return Ok(body);
    }
    let message = format!("must be an object or a list, and is {}", kind_of(&body));
    Err(IntakeError::one(IntakeErrorKind::Invalid, Problem::whole(message)))
}

/// Reads a body of at most `limit` bytes. A byte order mark before it is passed over.
pub fn parse_within(bytes: &[u8], limit: usize) -> Result<Value, BodyError> {
    if bytes.len() > limit {
        return Err(BodyError::TooLong { bytes: bytes.len(), limit });
    }
    let text = std::str::from_utf8(bytes).map_err(|error| not_utf8(bytes, error.valid_up_to()))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.trim_ascii().is_empty() {
        return Err(BodyError::Empty);
    }
    let trouble = RefCell::new(Trouble::default());
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let node = Node { depth: 0, trouble: &trouble };
    let read = node.deserialize(&mut deserializer).and_then(|value| deserializer.end().map(|()| value));
    read.map_err(|error| trouble.into_inner().explain(&error))
}

fn not_utf8(bytes: &[u8], at: usize) -> BodyError {
    let before = &bytes[..at];
    let line_start = before.iter().rposition(|&byte| byte == b'\n').map_or(0, |newline| newline + 1);
    let line = before.split(|&byte| byte == b'\n').count();
    BodyError::NotUtf8 { line, column: at - line_start + 1 }
}

/// One step of a path.
#[derive(Debug)]
enum Step {
    Key(String),
    Index(usize),
}

/// What went wrong below, noted while the error travels up; a body without error costs nothing.
#[derive(Debug, Default)]
struct Trouble {
    /// From the place of the error up to the root.
    steps: Vec<Step>,
    duplicate: Option<String>,
    too_deep: bool,
}

impl Trouble {
    fn explain(self, error: &serde_json::Error) -> BodyError {
        let mut path = String::new();
        for step in self.steps.iter().rev() {
            match step {
                Step::Key(key) => push_key(&mut path, key),
                Step::Index(index) => push_index(&mut path, *index),
            }
        }
        let (line, column) = (error.line(), error.column());
        if let Some(key) = self.duplicate {
            return BodyError::DuplicateKey { key, path, line, column };
        }
        if self.too_deep {
            return BodyError::TooDeep { path, line, column };
        }
        let reason = error.to_string();
        let reason = reason.split(" at line ").next().unwrap_or_default().to_owned();
        BodyError::Syntax { reason, path, line, column }
    }
}

/// Appends a key to a path: `.name` where it reads as a name, `["any text"]` where not.
pub(super) fn push_key(path: &mut String, key: &str) {
    let key = cut(key, MAX_SHOWN_KEY_CHARS);
    let plain = key.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if plain {
        if !path.is_empty() {
            path.push('.');
        }
        path.push_str(key);
    } else {
        path.push('[');
        path.push_str(&Value::from(key).to_string());
        path.push(']');
    }
}

/// Appends an index to a path.
pub(super) fn push_index(path: &mut String, index: usize) {
    // Writing to a `String` cannot fail.
    let _ = write!(path, "[{index}]");
}

/// Text without control characters other than tab, line feed and carriage return.
pub(super) fn clean(text: &str) -> String {
    let suspect = |byte: u8| byte < 0x20 || byte == 0x7f || byte == 0xc2;
    if !text.bytes().any(suspect) {
        return text.to_owned();
    }
    let keep = |c: char| !c.is_control() || matches!(c, '\t' | '\n' | '\r');
    text.chars().map(|c| if keep(c) { c } else { '\u{fffd}' }).collect()
}

/// Reads one value and knows how deep it lies.
#[derive(Clone, Copy)]
struct Node<'a> {
    depth: usize,
    trouble: &'a RefCell<Trouble>,
}

impl Node<'_> {
    fn inside<E: serde::de::Error>(self) -> Result<Self, E> {
        if self.depth >= MAX_DEPTH {
            self.trouble.borrow_mut().too_deep = true;
            return Err(E::custom("nested too deep"));
        }
        Ok(Self { depth: self.depth + 1, ..self })
    }

    fn note(self, step: Step) {
        self.trouble.borrow_mut().steps.push(step);
    }
}

impl<'de> DeserializeSeed<'de> for Node<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Node<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, truth: bool) -> Result<Value, E> {
        Ok(Value::Bool(truth))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(Value::Number(number.into()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(Value::Number(number.into()))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
        Ok(Number::from_f64(number).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::String(clean(text)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let inner = self.inside()?;
        let mut items = Vec::new();
        loop {
            match access.next_element_seed(inner) {
                Ok(Some(item)) => items.push(item),
                Ok(None) => return Ok(Value::Array(items)),
                Err(error) => {
                    self.note(Step::Index(items.len()));
                    return Err(error);
                }
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let inner = self.inside()?;
        let mut fields = Map::new();
        while let Some(key) = access.next_key_seed(Key)? {
            match fields.entry(key) {
                Entry::Vacant(slot) => match access.next_value_seed(inner) {
                    Ok(value) => {
                        slot.insert(value);
                    }
                    Err(error) => {
                        self.note(Step::Key(slot.key().clone()));
                        return Err(error);
                    }
                },
                Entry::Occupied(slot) => {
                    self.trouble.borrow_mut().duplicate = Some(slot.key().clone());
                    self.note(Step::Key(slot.key().clone()));
                    return Err(A::Error::custom("duplicate key"));
                }
            }
        }
        Ok(Value::Object(fields))
    }
}

/// Reads a key as clean text.
struct Key;

impl<'de> DeserializeSeed<'de> for Key {
    type Value = String;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<String, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Key {
    type Value = String;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E>(self, text: &str) -> Result<String, E> {
        Ok(clean(text))
    }
}
