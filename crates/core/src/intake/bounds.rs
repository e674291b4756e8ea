//! How much of what a sender says goes into an event. The whole body stays with the signal.

use std::collections::BTreeMap;

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::Link;

/// The most events that are taken from one body.
pub const MAX_EVENTS: usize = 1_000;
/// The longest title, in characters.
pub const MAX_TITLE_CHARS: usize = 1_024;
/// The longest description, in characters.
pub const MAX_DESCRIPTION_CHARS: usize = 16_384;
/// The longest source, in characters.
pub const MAX_SOURCE_CHARS: usize = 255;
/// The longest dedup key, in characters; a longer one is replaced by its hash.
pub const MAX_DEDUP_KEY_CHARS: usize = 255;
/// The most labels of one event, [`DROPPED_LABEL`] not counted.
pub const MAX_LABELS: usize = 64;
/// The longest label, in characters.
pub const MAX_LABEL_CHARS: usize = 1_024;
/// The longest name of a label, in characters.
pub const MAX_LABEL_NAME_CHARS: usize = 128;
/// The most links of one event.
pub const MAX_LINKS: usize = 32;
/// The longest address of a link, in bytes; a longer one is left out, as half an address leads astray.
pub const MAX_HREF_BYTES: usize = 2_048;
/// The longest text of a link, in characters.
pub const MAX_LINK_TEXT_CHARS: usize = 255;

/// The label that says how many labels found no room.
pub const DROPPED_LABEL: &str = "_dropped";

/// The first `max_chars` characters.
pub(super) fn cut(text: &str, max_chars: usize) -> &str {
    if text.len() <= max_chars {
        return text;
    }
    text.char_indices().nth(max_chars).map_or(text, |(at, _)| &text[..at])
}

/// A title: one line, trimmed, within its bound.
pub(super) fn title(text: &str) -> String {
    cut(text.trim(), MAX_TITLE_CHARS).replace(['\n', '\r', '\t'], " ").trim_end().to_owned()
}

/// A description, unless it says nothing.
pub(super) fn description(text: &str) -> Option<String> {
    let text = cut(text.trim(), MAX_DESCRIPTION_CHARS);
    (!text.is_empty()).then(|| text.to_owned())
}

/// A source, within its bound.
pub(super) fn source(text: &str) -> String {
    cut(text.trim(), MAX_SOURCE_CHARS).to_owned()
}

/// A dedup key as it is, or its hash where it is too long: cut keys would make two things one.
pub(super) fn dedup_key(text: &str) -> String {
    if cut(text, MAX_DEDUP_KEY_CHARS).len() == text.len() {
        return text.to_owned();
    }
    format!("sha256:{}", hash([text]))
}

/// 128 bits of SHA-256 over the parts, in hex. Parts are told apart by their lengths.
pub(super) fn hash<'a>(parts: impl IntoIterator<Item = &'a str>) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_be_bytes());
        hasher.update(part.as_bytes());
    }
    hex::encode(&hasher.finalize()[..16])
}

/// A value as the text of a label: scalars as text, the rest as compact JSON, null as nothing.
pub(super) fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => Some(value.to_string()),
    }
}

/// A word for what kind of value this is.
pub(super) const fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// Labels in the making. First come, first kept; the same body always gives the same labels.
#[derive(Debug, Default)]
pub(super) struct Labels {
    kept: BTreeMap<String, String>,
    dropped: usize,
}

impl Labels {
    /// Adds a label. A name that is taken gets `prefix` before it.
    pub(super) fn push(&mut self, prefix: &str, name: &str, text: &str) {
        let name = cut(name, MAX_LABEL_NAME_CHARS);
        let taken = self.kept.contains_key(name);
        let name = if taken { format!("{prefix}{name}") } else { name.to_owned() };
        let name = cut(&name, MAX_LABEL_NAME_CHARS);
        if self.kept.len() >= MAX_LABELS || self.kept.contains_key(name) {
            self.dropped += 1;
            return;
        }
        self.kept.insert(name.to_owned(), cut(text, MAX_LABEL_CHARS).to_owned());
    }

    /// The labels, with a note of how many found no room.
    pub(super) fn finish(mut self) -> BTreeMap<String, String> {
        if self.dropped > 0 {
            self.kept.insert(DROPPED_LABEL.to_owned(), self.dropped.to_string());
        }
        self.kept
    }
}

/// Links in the making.
#[derive(Debug, Default)]
pub(super) struct Links(Vec<Link>);

impl Links {
    /// Adds a link when it leads to the web; a `javascript:` address must never reach a console.
    pub(super) fn push(&mut self, href: &str, text: &str) {
        let href = href.trim();
        let well = is_web(href) && href.len() <= MAX_HREF_BYTES && self.0.len() < MAX_LINKS;
        if !well || self.0.iter().any(|link| link.href == href) {
            return;
        }
        let text = cut(text.trim(), MAX_LINK_TEXT_CHARS);
        let text = if text.is_empty() { cut(href, MAX_LINK_TEXT_CHARS) } else { text };
        self.0.push(Link { href: href.to_owned(), text: text.to_owned() });
    }

    pub(super) fn finish(self) -> Vec<Link> {
        self.0
    }
}

/// Whether an address is `http` or `https` with something behind, and without white space.
fn is_web(href: &str) -> bool {
    let after = |scheme: &str| {
        let head = href.get(..scheme.len())?;
        head.eq_ignore_ascii_case(scheme).then(|| &href[scheme.len()..])
    };
    let rest = after("https://").or_else(|| after("http://"));
    rest.is_some_and(|rest| !rest.is_empty()) && !href.contains(char::is_whitespace)
}
