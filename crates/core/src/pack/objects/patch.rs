//! A new value for a text that is there: only the lines of what differs change.

use std::ops::Range;

use super::layout::{spaces, with_comments, without_tail};
use super::write;
use crate::pack::yaml::{Key, Node, Value, parse};

/// The text with the new value. Comments stay where the lines around them stay.
pub(super) fn patch(text: &str, value: &Value) -> String {
    let old = parse(text).ok().filter(|nodes| nodes.len() == 1).and_then(|mut nodes| nodes.pop());
    let Some(old) = old else { return write::document(value) };
    if same(&old.value, value) {
        return text.to_owned();
    }
    let is_right =
        |patched: &String| parse(patched).is_ok_and(|nodes| nodes.len() == 1 && same(&nodes[0].value, value));
    let patched = in_lines(text, &old, value).or_else(|| in_braces(text, &old, value));
    patched.filter(is_right).unwrap_or_else(|| write::document(value))
}

/// A map in lines, key by key.
fn in_lines(text: &str, old: &Node, value: &Value) -> Option<String> {
    let lines: Vec<&str> = text.lines().collect();
    let (keys, Value::Map(new)) = (block_keys(old, &lines)?, value) else { return None };
    let mut changed: Vec<String> =
        lines[..keys[0].0.place.line - 1].iter().map(|line| (*line).to_owned()).collect();
    changed.extend(map(keys, new, lines.len(), &lines));
    Some(format!("{}\n", changed.join("\n").trim_end()))
}

/// A map that stands in braces on the last line keeps this form where it still fits.
fn in_braces(text: &str, old: &Node, value: &Value) -> Option<String> {
    let lines: Vec<&str> = text.trim_end().lines().collect();
    let (last, before) = lines.split_last()?;
    let fits = last.starts_with('{') && last.ends_with('}') && old.place.line == lines.len();
    let line = fits.then(|| write::braces(value))?;
    Some(before.iter().map(|line| format!("{line}\n")).chain([format!("{line}\n")]).collect())
}

/// Whether two values say the same. The order of keys says nothing.
pub(super) fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Map(one), Value::Map(other)) => {
            let found = |key: &Key, node: &Node| {
                let other = other.iter().find(|(name, _)| name.name == key.name);
                other.is_some_and(|(_, other)| same(&node.value, &other.value))
            };
            one.len() == other.len() && one.iter().all(|(key, node)| found(key, node))
        }
        (Value::List(one), Value::List(other)) => {
            one.len() == other.len()
                && one.iter().zip(other).all(|(one, other)| same(&one.value, &other.value))
        }
        (Value::Text(one), Value::Text(other)) => one == other,
        (Value::Bool(one), Value::Bool(other)) => one == other,
        (Value::Int(one), Value::Int(other)) => one == other,
        (Value::Float(one), Value::Float(other)) => one.to_bits() == other.to_bits(),
        (Value::Null, Value::Null) => true,
        _ => false,
    }
}

/// The keys of a map of which each begins a line at the same column.
fn block_keys<'n>(node: &'n Node, lines: &[&str]) -> Option<&'n [(Key, Node)]> {
    let Value::Map(keys) = &node.value else { return None };
    let column = keys.first()?.0.place.column;
    let begins = |key: &Key| {
        let before = lines.get(key.place.line - 1)?.chars().take(column - 1);
        (key.place.column == column && before.into_iter().all(|c| c == ' ' || c == '-')).then_some(())
    };
    keys.iter().all(|(key, _)| begins(key).is_some()).then_some(keys)
}

/// The lines of a map that ends before line `end`, with its new value.
fn map(old: &[(Key, Node)], new: &[(Key, Node)], end: usize, lines: &[&str]) -> Vec<String> {
    let mut changed = Vec::new();
    let indent = old[0].0.place.column - 1;
    for (index, (key, node)) in old.iter().enumerate() {
        let start = key.place.line - 1;
        let next = old.get(index + 1).map_or(end, |(key, _)| key.place.line - 1);
        let stop = without_tail(start..next, indent, lines).max(start + 1);
        let own = |range: Range<usize>| lines[range].iter().map(|line| (*line).to_owned());
        match new.iter().find(|(name, _)| name.name == key.name) {
            Some((_, value)) if same(&node.value, &value.value) => changed.extend(own(start..stop)),
            Some((_, value)) => match nested(start, node, value, stop, lines) {
                Some(below) => changed.extend(below),
                None => changed.extend(entry(key, &value.value, lines[start], indent)),
            },
            None => {}
        }
        changed.extend(own(stop..next));
    }
    let is_new = |key: &Key| old.iter().all(|(known, _)| known.name != key.name);
    let added = new.iter().filter(|(key, _)| is_new(key));
    let added: Vec<String> =
        added.flat_map(|(key, node)| write::entry(&key.name, &node.value, indent)).collect();
    let tail = changed.iter().rev().take_while(|line| is_gap(line)).count();
    changed.splice(changed.len() - tail..changed.len() - tail, added);
    changed
}

fn is_gap(line: &str) -> bool {
    line.trim().is_empty() || line.trim_start().starts_with('#')
}

/// A key with a new value. What stands before it on its line, such as a dash, stays.
fn entry(key: &Key, value: &Value, line: &str, indent: usize) -> Vec<String> {
    let mut lines = write::entry(&key.name, value, indent);
    let before: String = line.chars().take(indent).collect();
    if let Some(first) = lines.first_mut() {
        *first = format!("{before}{}", first.trim_start());
    }
    lines
}

/// The lines of a key whose value is a map or a list of maps in lines of their own, from the key's line on.
fn nested(start: usize, old: &Node, new: &Node, end: usize, lines: &[&str]) -> Option<Vec<String>> {
    let (Value::List(items), Value::List(values)) = (&old.value, &new.value) else {
        let (keys, Value::Map(new)) = (block_keys(old, lines)?, &new.value) else { return None };
        let head = lines[start..keys[0].0.place.line - 1].iter().map(|line| (*line).to_owned());
        return (!new.is_empty()).then(|| head.chain(map(keys, new, end, lines)).collect());
    };
    list(start, items, values, end, lines)
}

/// An entry of a list in lines of its own.
struct Item<'n> {
    node: &'n Node,
    /// What stands between the entry before and this one.
    gap: Range<usize>,
    /// With the comments above it.
    lines: Range<usize>,
    /// The line of its dash.
    first: usize,
}

/// The lines of a list of maps. Entries are found again by their `id` or `name`, others by their place.
fn list(start: usize, old: &[Node], new: &[Node], end: usize, lines: &[&str]) -> Option<Vec<String>> {
    let dash = spaces(lines.get(old.first()?.place.line - 1)?);
    let items = items(start, old, dash, end, lines).filter(|_| !new.is_empty())?;
    let mut changed = vec![lines[start].to_owned()];
    for (index, value) in new.iter().enumerate() {
        let own = |range: Range<usize>| lines[range].iter().map(|line| (*line).to_owned());
        match counterpart(&items, index, value) {
            Some(item) if same(&item.node.value, &value.value) => {
                changed.extend(own(item.gap.clone()).chain(own(item.lines.clone())));
            }
            Some(item) => {
                changed.extend(own(item.gap.clone()).chain(own(item.lines.start..item.first)));
                changed.extend(changed_item(item.node, value, dash, item.lines.end, lines));
            }
            None => changed.extend(write::item(&value.value, dash)),
        }
    }
    let tail = items.last().map_or(end, |item| item.lines.end);
    changed.extend(lines[tail..end].iter().map(|line| (*line).to_owned()));
    Some(changed)
}

fn items<'n>(
    start: usize,
    nodes: &'n [Node],
    dash: usize,
    end: usize,
    lines: &[&str],
) -> Option<Vec<Item<'n>>> {
    let stands = |item: &Node| {
        let line = lines.get(item.place.line - 1)?;
        (spaces(line) == dash && line.trim_start().starts_with("- ")).then_some(item.place.line - 1)
    };
    let firsts: Vec<usize> = nodes.iter().map(stands).collect::<Option<_>>()?;
    if firsts[0] <= start || firsts.windows(2).any(|two| two[0] >= two[1]) {
        return None;
    }
    let mut items: Vec<Item<'n>> = Vec::new();
    for (index, (node, first)) in nodes.iter().zip(&firsts).enumerate() {
        let before = items.last().map_or(start + 1, |item| item.lines.end);
        let lead = with_comments(*first, dash, before, lines);
        let next = firsts.get(index + 1).copied().unwrap_or(end);
        let stop = without_tail(*first..next, dash, lines).max(first + 1);
        items.push(Item { node, gap: before..lead, lines: lead..stop, first: *first });
    }
    Some(items)
}

fn counterpart<'i, 'n>(items: &'i [Item<'n>], index: usize, value: &Node) -> Option<&'i Item<'n>> {
    match named(value) {
        Some(name) => items.iter().find(|item| named(item.node) == Some(name)),
        None => items.get(index).filter(|item| named(item.node).is_none()),
    }
}

fn named(node: &Node) -> Option<&str> {
    match &node.get("id").or_else(|| node.get("name"))?.value {
        Value::Text(name) => Some(name),
        _ => None,
    }
}

fn changed_item(item: &Node, value: &Node, dash: usize, end: usize, lines: &[&str]) -> Vec<String> {
    match (block_keys(item, lines), &value.value) {
        (Some(keys), Value::Map(new)) if new.iter().any(|(key, _)| key.name == keys[0].0.name) => {
            map(keys, new, end, lines)
        }
        _ => write::item(&value.value, dash),
    }
}
