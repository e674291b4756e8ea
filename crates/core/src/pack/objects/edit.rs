//! Putting one object into the files of a pack, and taking one out.

use super::layout::{Document as Placed, Entry, Layout, List};
use super::patch::patch;
use super::{Object, ObjectKey, list_of, object, write};
use crate::pack::Files;
use crate::pack::yaml::{Node, Value, parse};

/// How an object is given.
#[derive(Debug, Clone, PartialEq)]
pub enum Document {
    /// As YAML: it is taken word for word, with its comments.
    Text(String),
    /// As a value: the lines that say the same already stay as they are.
    Value(serde_json::Value),
}

/// Why an object cannot be put into a pack or taken out of it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// The pack has no such object.
    #[error("the pack has no {0}")]
    NotFound(ObjectKey),
    /// The text is not YAML.
    #[error("line {line}: {message}")]
    Yaml {
        /// From 1.
        line: usize,
        message: String,
    },
    /// The text is not one map.
    #[error("give one object, as a map of its fields")]
    NoMap,
    /// The text is about something else.
    #[error("the document describes {found}, not {expected}")]
    Other { found: String, expected: ObjectKey },
    /// The file that holds the object cannot be read.
    #[error("{file} cannot be read: {message}")]
    File { file: String, message: String },
}

/// The pack with this object as given. An object that is there is changed where it stands; a new one gets a
/// place in the folder `console`.
pub fn put(files: &Files, key: &ObjectKey, document: &Document) -> Result<Files, EditError> {
    let known = object(files, key);
    let text = text_of(known.as_ref(), key, document)?;
    let mut files = files.clone();
    match known {
        Some(known) if known.text == text => {}
        Some(known) => {
            let file = files.entry(known.file.clone()).or_default();
            *file = replaced(&known.file, file, key, Some(&text))?.unwrap_or_default();
        }
        None => add(&mut files, key, &text)?,
    }
    Ok(files)
}

/// The pack with this object as it was: where it stands now, or in the file that it stood in.
pub fn put_at(files: &Files, was: &Object) -> Result<Files, EditError> {
    if object(files, &was.key).is_some() {
        return put(files, &was.key, &Document::Text(was.text.clone()));
    }
    let mut files = files.clone();
    add_to(&mut files, was.file.clone(), &was.key, &was.text)?;
    Ok(files)
}

/// The pack without this object. A file of which nothing is left goes as well.
pub fn remove(files: &Files, key: &ObjectKey) -> Result<Files, EditError> {
    let known = object(files, key).ok_or_else(|| EditError::NotFound(key.clone()))?;
    let mut files = files.clone();
    let file = files.remove(&known.file).unwrap_or_default();
    if let Some(left) = replaced(&known.file, &file, key, None)? {
        files.insert(known.file, left);
    }
    Ok(files)
}

/// The object's text, after a look at whether it is about this object.
fn text_of(known: Option<&Object>, key: &ObjectKey, document: &Document) -> Result<String, EditError> {
    let (text, node) = match document {
        Document::Text(text) => (with_kind(format!("{}\n", text.trim_end()), key)?, one(text)?),
        Document::Value(value) => {
            let node = one(&value.to_string())?;
            let value = value_with_kind(node.value.clone(), key);
            let text = known.map_or_else(|| write::document(&value), |known| patch(&known.text, &value));
            (text, node)
        }
    };
    let found = named(&node, key);
    if found.as_deref().is_some_and(|found| found == key.id) {
        return Ok(text);
    }
    let found = found.unwrap_or_else(|| "something without a name".to_owned());
    Err(EditError::Other { found, expected: key.clone() })
}

fn one(text: &str) -> Result<Node, EditError> {
    let nodes = parse(text).map_err(|error| EditError::Yaml {
        line: error.place.map_or(1, |place| place.line),
        message: error.message,
    })?;
    let [node] = <[Node; 1]>::try_from(nodes).map_err(|_| EditError::NoMap)?;
    if matches!(node.value, Value::Map(_)) { Ok(node) } else { Err(EditError::NoMap) }
}

/// By what name a document calls itself.
fn named(node: &Node, key: &ObjectKey) -> Option<String> {
    let field = |name: &str| match &node.get(name)?.value {
        Value::Text(text) => Some(text.clone()),
        _ => None,
    };
    if list_of(&key.kind).is_none() && field("kind").is_some_and(|kind| kind != key.kind) {
        return field("kind");
    }
    if key.kind == key.id { Some(key.id.clone()) } else { field("id").or_else(|| field("name")) }
}

/// A document begins with its kind, the entry of a list has none.
fn with_kind(text: String, key: &ObjectKey) -> Result<String, EditError> {
    let has_kind = one(&text)?.get("kind").is_some();
    let needs = list_of(&key.kind).is_none() && !has_kind;
    Ok(if needs { format!("kind: {}\n{text}", key.kind) } else { text })
}

fn value_with_kind(value: Value, key: &ObjectKey) -> Value {
    let Value::Map(mut keys) = value else { return value };
    if list_of(&key.kind).is_none() && !keys.iter().any(|(name, _)| name.name == "kind") {
        let place = crate::pack::yaml::Place::START;
        let name = crate::pack::yaml::Key { place, name: "kind".to_owned() };
        keys.insert(0, (name, Node { place, value: Value::Text(key.kind.clone()) }));
    }
    Value::Map(keys)
}

/// A new object, behind the others of the folder `console`.
fn add(files: &mut Files, key: &ObjectKey, text: &str) -> Result<(), EditError> {
    let file = match list_of(&key.kind) {
        Some(list) => format!("console/{list}.yaml"),
        None if key.kind == key.id => format!("console/{}.yaml", key.kind),
        None => format!("console/{}-{}.yaml", key.kind, key.id),
    };
    add_to(files, file, key, text)
}

fn add_to(files: &mut Files, file: String, key: &ObjectKey, text: &str) -> Result<(), EditError> {
    let Some(list) = list_of(&key.kind) else {
        let old = files.remove(&file).filter(|old| !old.trim().is_empty());
        let new = old.map_or_else(|| text.to_owned(), |old| format!("{}\n---\n{text}", old.trim_end()));
        files.insert(file, new);
        return Ok(());
    };
    let entry = as_entry(text, 2, 4);
    let old = files.remove(&file).filter(|old| !old.trim().is_empty());
    let longer = old.as_deref().map(|old| appended(&file, old, list, text)).transpose()?.flatten();
    let begun = format!("kind: {list}\n{list}:\n{entry}");
    let text = match (longer, old) {
        (Some(longer), _) => longer,
        (None, Some(old)) => format!("{}\n---\n{begun}", old.trim_end()),
        (None, None) if file.starts_with("console/") => format!("# Made in the console.\n{begun}"),
        (None, None) => begun,
    };
    files.insert(file, text);
    Ok(())
}

/// The file with one more entry at the end of its list; none where it has no such list yet.
pub(super) fn appended(path: &str, file: &str, list: &str, text: &str) -> Result<Option<String>, EditError> {
    let file = in_blocks(path, file)?;
    let layout = laid_out(path, &file)?;
    let found = layout.documents.iter().flat_map(|document| &document.lists).find(|one| one.name == list);
    let Some(found) = found else { return Ok(None) };
    let lines = |range: std::ops::Range<usize>| layout.lines[range].concat();
    let final_entry = found.entries.last().and_then(|entry| entry.written.as_ref());
    let (end, entry) = match final_entry {
        Some(written) => (written.lines.end, as_entry(text, written.dash, written.indent)),
        None => (found.lines.end, as_entry(text, 2, 4)),
    };
    let before = if final_entry.is_some() {
        let before = lines(0..end);
        let gap = if separated(&layout, found) { "\n" } else { "" };
        format!("{}\n{gap}", before.trim_end())
    } else {
        format!("{}{list}:\n", lines(0..found.lines.start))
    };
    Ok(Some(format!("{before}{entry}{}", lines(end..layout.lines.len()))))
}

/// Whether blank lines stand between the entries of a list.
fn separated(layout: &Layout<'_>, list: &List) -> bool {
    let ends =
        list.entries.iter().filter_map(|entry| entry.written.as_ref()).map(|written| written.lines.end);
    let mut ends: Vec<usize> = ends.collect();
    ends.pop();
    ends.iter().any(|end| layout.lines.get(*end).is_some_and(|line| line.trim().is_empty()))
}

/// An object's text as the entry of a list.
fn as_entry(text: &str, dash: usize, indent: usize) -> String {
    let mut begun = false;
    let line = |line: &str| {
        let is_comment = line.trim_start().starts_with('#');
        let line = line.trim_end();
        if line.is_empty() {
            return "\n".to_owned();
        }
        if begun {
            return format!("{}{line}\n", " ".repeat(indent));
        }
        begun = !is_comment;
        let width = indent.saturating_sub(dash + 1);
        let before = if is_comment { String::new() } else { format!("-{}", " ".repeat(width)) };
        format!("{}{before}{line}\n", " ".repeat(dash))
    };
    text.trim_end().lines().map(line).collect()
}

fn laid_out<'a>(path: &str, file: &'a str) -> Result<Layout<'a>, EditError> {
    Layout::of(file).map_err(|error| EditError::File { file: path.to_owned(), message: error.message })
}

/// The file with every document that is not written line by line written so.
fn in_blocks(path: &str, file: &str) -> Result<String, EditError> {
    let layout = laid_out(path, file)?;
    let loose = |document: &Placed| {
        !document.is_block
            || document.lists.iter().flat_map(|list| &list.entries).any(|e| e.written.is_none())
    };
    let mut text = String::new();
    let mut at = 0;
    for document in layout.documents.iter().filter(|document| loose(document)) {
        text.push_str(&layout.lines[at..document.lines.start].concat());
        text.push_str(&write::document(&document.node.value));
        at = document.lines.end;
    }
    text.push_str(&layout.lines[at..].concat());
    Ok(text)
}

/// The file with another text for an object, or without it; none where nothing is left.
pub(super) fn replaced(
    path: &str,
    file: &str,
    key: &ObjectKey,
    text: Option<&str>,
) -> Result<Option<String>, EditError> {
    let file = in_blocks(path, file)?;
    let layout = laid_out(path, &file)?;
    for document in &layout.documents {
        if document.key().is_some_and(|own| own == *key) {
            return Ok(document_replaced(&layout, document, text));
        }
        for list in &document.lists {
            if let Some(index) = list.entries.iter().position(|entry| entry.key == *key) {
                return Ok(entry_replaced(&layout, document, list, index, text));
            }
        }
    }
    Err(EditError::NotFound(key.clone()))
}

fn document_replaced(layout: &Layout<'_>, document: &Placed, text: Option<&str>) -> Option<String> {
    let (start, end) = (document.lines.start, document.lines.end);
    let (before, after) = (layout.lines[..start].concat(), layout.lines[end..].concat());
    let lists: String = document.lists.iter().map(|list| layout.lines[list.lines.clone()].concat()).collect();
    let Some(text) = text else {
        let before = before.trim_end().trim_end_matches("---").trim_end();
        let after = if before.is_empty() { after.trim_start_matches("---").trim_start() } else { &after };
        let left = if before.is_empty() { after.to_owned() } else { format!("{before}\n{after}") };
        return (!left.trim().is_empty()).then_some(left);
    };
    let gap = if lists.is_empty() || !ends_blank(layout, document) { "" } else { "\n" };
    let tail = if after.is_empty() || after.starts_with('-') { "" } else { "\n" };
    Some(format!("{before}{}\n{gap}{lists}{tail}{after}", text.trim_end()))
}

/// Whether a blank line stands before the first list of a document.
fn ends_blank(layout: &Layout<'_>, document: &Placed) -> bool {
    let first = document.lists.iter().map(|list| list.lines.start).min();
    first.and_then(|line| layout.lines.get(line.checked_sub(1)?)).is_some_and(|line| line.trim().is_empty())
}

fn entry_replaced(
    layout: &Layout<'_>,
    document: &Placed,
    list: &List,
    index: usize,
    text: Option<&str>,
) -> Option<String> {
    let written = |entry: &Entry| {
        entry.written.as_ref().map(|written| (written.lines.clone(), written.dash, written.indent))
    };
    let (lines, dash, indent) = written(&list.entries[index])?;
    let before = layout.lines[..lines.start].concat();
    if let Some(text) = text {
        let entry = as_entry(text, dash, indent);
        return Some(format!("{before}{entry}{}", layout.lines[lines.end..].concat()));
    }
    if list.entries.len() == 1 {
        return without_list(layout, document, list);
    }
    let next = list.entries.get(index + 1).and_then(written).map_or(lines.end, |(next, _, _)| next.start);
    let after = layout.lines[next..].concat();
    let before = if next == lines.end { format!("{}\n", before.trim_end()) } else { before };
    Some(format!("{before}{after}"))
}

/// The file without a list of which nothing is left; the document goes when it holds nothing else.
fn without_list(layout: &Layout<'_>, document: &Placed, list: &List) -> Option<String> {
    if document.key().is_none() {
        return document_replaced(layout, document, None);
    }
    let (before, after) = (&layout.lines[..list.lines.start], &layout.lines[list.lines.end..]);
    Some(format!("{}{}", before.concat(), after.concat()))
}
