//! Which lines of a file belong to which object.

use std::ops::Range;

use super::{LISTS, Object, ObjectKey, write};
use crate::pack::yaml::{Node, ReadError, Value, parse};

/// A file as lines and documents.
pub(super) struct Layout<'a> {
    /// With their line ends.
    pub(super) lines: Vec<&'a str>,
    pub(super) documents: Vec<Document>,
}

/// A document and the lines between its markers.
pub(super) struct Document {
    pub(super) node: Node,
    pub(super) kind: String,
    pub(super) lines: Range<usize>,
    /// Whether the document is written so that its keys begin lines.
    pub(super) is_block: bool,
    pub(super) lists: Vec<List>,
}

/// A list of objects within a document.
pub(super) struct List {
    /// `people`, `roles`, `integrations`.
    pub(super) name: &'static str,
    /// From its key to the next key.
    pub(super) lines: Range<usize>,
    pub(super) entries: Vec<Entry>,
}

/// An object in a list.
pub(super) struct Entry {
    pub(super) key: ObjectKey,
    pub(super) node: Node,
    /// None where the list is not written line by line.
    pub(super) written: Option<Written>,
}

/// Where an entry of a list stands.
pub(super) struct Written {
    /// With the comments above it, without blank lines below.
    pub(super) lines: Range<usize>,
    /// The line of its dash.
    pub(super) first: usize,
    /// Spaces before its dash.
    pub(super) dash: usize,
    /// Characters before its first key.
    pub(super) indent: usize,
}

impl<'a> Layout<'a> {
    pub(super) fn of(text: &'a str) -> Result<Self, ReadError> {
        let nodes = parse(text)?;
        let lines: Vec<&str> = text.split_inclusive('\n').collect();
        let segments = segments(&lines);
        let document = |node: Node| {
            let line = node.place.line - 1;
            let segment = segments.iter().find(|segment| segment.contains(&line));
            segment.map(|segment| Document::of(node, segment.clone(), &lines))
        };
        let documents = nodes.into_iter().filter_map(document).collect();
        Ok(Self { lines, documents })
    }

    pub(super) fn objects(&self, path: &str) -> Vec<Object> {
        self.documents.iter().flat_map(|document| self.objects_of(path, document)).collect()
    }

    fn objects_of(&self, path: &str, document: &Document) -> Vec<Object> {
        let object = |key: ObjectKey, line: usize, text: String| Object {
            key,
            file: path.to_owned(),
            line: line + 1,
            text,
        };
        let frame = document.key().map(|key| object(key, document.node.place.line - 1, self.frame(document)));
        let entries = document.lists.iter().flat_map(|list| &list.entries).map(|entry| {
            let line = entry.written.as_ref().map_or(entry.node.place.line - 1, |written| written.first);
            object(entry.key.clone(), line, self.entry(entry))
        });
        frame.into_iter().chain(entries).collect()
    }

    /// A document without the lists whose entries are objects of their own.
    pub(super) fn frame(&self, document: &Document) -> String {
        let outside = |line: &usize| !document.lists.iter().any(|list| list.lines.contains(line));
        let lines: String = document.lines.clone().filter(outside).map(|line| self.lines[line]).collect();
        format!("{}\n", lines.trim_end())
    }

    /// An entry of a list as a document of its own.
    pub(super) fn entry(&self, entry: &Entry) -> String {
        let Some(written) = &entry.written else { return write::document(&entry.node.value) };
        let line = |number: usize| {
            let line = self.lines[number];
            if number == written.first {
                return line.get(written.indent..).unwrap_or_default();
            }
            let spaces = line.len() - line.trim_start_matches(' ').len();
            &line[spaces.min(written.indent)..]
        };
        let text: String = written.lines.clone().map(line).collect();
        format!("{}\n", text.trim_end())
    }
}

/// The lines between the markers of documents.
fn segments(lines: &[&str]) -> Vec<Range<usize>> {
    let is_marker = |line: &str| {
        let rest = line.strip_prefix("---").or_else(|| line.strip_prefix("..."));
        rest.is_some_and(|rest| rest.trim_start().is_empty() || rest.trim_start().starts_with('#'))
    };
    let markers = (0..lines.len()).filter(|line| is_marker(lines[*line]));
    let mut segments = Vec::new();
    let mut start = 0;
    for marker in markers.chain([lines.len()]) {
        segments.push(start..marker);
        start = marker + 1;
    }
    segments
}

impl Document {
    fn of(node: Node, lines: Range<usize>, text: &[&str]) -> Self {
        let kind = match node.get("kind").map(|kind| &kind.value) {
            Some(Value::Text(kind)) => kind.clone(),
            _ => String::new(),
        };
        let begins = |at: &Node| matches!(&at.value, Value::Map(keys) if keys.iter().all(|(key, _)| key.place.column == 1));
        let is_block = begins(&node);
        let mut document = Self { node, kind, lines, is_block, lists: Vec::new() };
        document.lists = document.find_lists(text);
        document
    }

    /// The document as an object; none for one that only holds a list.
    pub(super) fn key(&self) -> Option<ObjectKey> {
        if LISTS.iter().any(|(list, _)| *list == self.kind) || self.kind.is_empty() {
            return None;
        }
        let name = ["id", "name"].into_iter().filter(|_| self.kind != "organisation").find_map(|field| {
            match self.node.get(field).map(|node| &node.value) {
                Some(Value::Text(name)) => Some(name.clone()),
                _ => None,
            }
        });
        Some(ObjectKey::new(&self.kind, name.unwrap_or_else(|| self.kind.clone())))
    }

    fn find_lists(&self, text: &[&str]) -> Vec<List> {
        let holds = |list: &str| self.kind == list || (self.kind == "organisation" && list != "integrations");
        let Value::Map(keys) = &self.node.value else { return Vec::new() };
        let list = |(name, kind): (&'static str, &str)| {
            let index = keys.iter().position(|(key, _)| key.name == name)?;
            let Value::List(items) = &keys[index].1.value else { return None };
            let lines = if self.is_block { self.lines_of_key(index, text) } else { 0..0 };
            Some(List { name, entries: entries(kind, items, &lines, text), lines })
        };
        LISTS.into_iter().filter(|(name, _)| holds(name)).filter_map(list).collect()
    }

    /// The lines of a key of a block document, without the blank lines and comments that lead to the next.
    pub(super) fn lines_of_key(&self, index: usize, text: &[&str]) -> Range<usize> {
        let Value::Map(keys) = &self.node.value else { return 0..0 };
        let start = keys[index].0.place.line - 1;
        let next = keys.get(index + 1).map_or(self.lines.end, |(key, _)| key.place.line - 1);
        start..without_tail(start..next, 0, text)
    }
}

/// Where a range ends when blank lines and comments that stand no deeper than `indent` are left off.
pub(super) fn without_tail(lines: Range<usize>, indent: usize, text: &[&str]) -> usize {
    let belongs = |line: &usize| {
        let trimmed = text[*line].trim();
        !(trimmed.is_empty() || (trimmed.starts_with('#') && spaces(text[*line]) <= indent))
    };
    lines.clone().rev().find(belongs).map_or(lines.start, |last| last + 1)
}

pub(super) fn spaces(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

fn entries(kind: &str, items: &[Node], lines: &Range<usize>, text: &[&str]) -> Vec<Entry> {
    let dashes: Option<Vec<(usize, usize, usize)>> =
        items.iter().map(|item| dash(item, lines, text)).collect();
    let key = |item: &Node| match item.get("id").map(|id| &id.value) {
        Some(Value::Text(id)) => ObjectKey::new(kind, id),
        _ => ObjectKey::new(kind, ""),
    };
    let Some(dashes) = dashes.filter(|dashes| dashes.windows(2).all(|two| two[0].0 < two[1].0)) else {
        let loose = |item: &Node| Entry { key: key(item), node: item.clone(), written: None };
        return items.iter().map(loose).collect();
    };
    let starts: Vec<usize> =
        dashes.iter().map(|(first, dash, _)| with_comments(*first, *dash, lines.start + 1, text)).collect();
    let entry = |(index, item): (usize, &Node)| {
        let (first, dash, indent) = dashes[index];
        let next = starts.get(index + 1).copied().unwrap_or(lines.end);
        let end = without_tail(first..next, dash, text).max(first + 1);
        let written = Written { lines: starts[index]..end, first, dash, indent };
        Entry { key: key(item), node: item.clone(), written: Some(written) }
    };
    items.iter().enumerate().map(entry).collect()
}

/// The line of an entry's dash, the spaces before it, and the characters before the entry.
fn dash(item: &Node, lines: &Range<usize>, text: &[&str]) -> Option<(usize, usize, usize)> {
    let (line, indent) = (item.place.line - 1, item.place.column - 1);
    if !lines.contains(&line) || line == lines.start {
        return None;
    }
    let before: String = text[line].chars().take(indent).collect();
    let own = before.trim_start_matches(' ').strip_prefix('-').is_some_and(|rest| rest.trim().is_empty());
    own.then(|| (line, spaces(&before), before.len()))
}

/// The first of the comment lines right above a line.
pub(super) fn with_comments(first: usize, indent: usize, least: usize, text: &[&str]) -> usize {
    let is_comment =
        |line: &usize| text[*line].trim_start().starts_with('#') && spaces(text[*line]) <= indent;
    (least..first).rev().take_while(is_comment).last().unwrap_or(first)
}
