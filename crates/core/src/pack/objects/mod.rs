//! The objects of a pack where they are written: a person, a role, a schedule, a policy, an integration, each
//! with its own text, so that one of them can be changed and everything around it stays as it is.
//!
//! `layout` finds the lines of each, `edit` puts one in and takes one out, `patch` changes as few lines as a
//! new value asks for, `write` writes what has no text yet, and `merge` brings two changed packs together.

mod edit;
mod layout;
mod merge;
mod patch;
mod write;

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Files;
use super::read::is_yaml;
use super::yaml::parse;
use layout::Layout;

pub use edit::{Document, EditError, put, put_at, remove};
pub use merge::{Conflict, Merge, merge};

/// What names one object of a pack.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ObjectKey {
    /// `person`, `role` and `integration` for entries of lists, otherwise the kind of the document.
    pub kind: String,
    /// The object's id, a policy's name; the kind once more where a pack has one at most.
    pub id: String,
}

impl ObjectKey {
    /// A key of these two.
    pub fn new(kind: impl Into<String>, id: impl Into<String>) -> Self {
        Self { kind: kind.into(), id: id.into() }
    }
}

impl fmt::Display for ObjectKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.kind == self.id { f.write_str(&self.kind) } else { write!(f, "{} {}", self.kind, self.id) }
    }
}

/// One object and where it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Object {
    #[serde(flatten)]
    pub key: ObjectKey,
    /// Path of its file within the pack.
    pub file: String,
    /// Its first line in that file, from 1.
    pub line: usize,
    /// Its YAML with the comments above it, without the indentation of the list that it stands in.
    pub text: String,
}

/// The kinds of documents that hold a list of objects, the list, and the kind of its objects.
const LISTS: [(&str, &str); 3] = [("people", "person"), ("roles", "role"), ("integrations", "integration")];

/// The list that objects of this kind stand in; none for those that are documents.
fn list_of(kind: &str) -> Option<&'static str> {
    LISTS.iter().find(|(_, item)| *item == kind).map(|(list, _)| *list)
}

/// Every object of a pack, file by file in the order of the lines. Files that are no YAML have none.
pub fn objects(files: &Files) -> Vec<Object> {
    files.iter().flat_map(objects_of).collect()
}

fn objects_of((path, text): (&String, &String)) -> Vec<Object> {
    let layout = is_yaml(path).then(|| Layout::of(text).ok()).flatten();
    layout.map(|layout| layout.objects(path)).unwrap_or_default()
}

/// One object, where the pack has it.
pub fn object(files: &Files, key: &ObjectKey) -> Option<Object> {
    let named = files.iter().filter(|(_, text)| text.contains(&key.id));
    let mut found = named.flat_map(objects_of);
    found.find(|object| object.key == *key)
}

impl Object {
    /// Its text as a value; none where it is not YAML any more.
    pub fn value(&self) -> Option<serde_json::Value> {
        let nodes = parse(&self.text).ok()?;
        nodes.first().map(|node| node.value.to_json())
    }
}
