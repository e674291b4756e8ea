//! YAML of a value that has no text yet.

use crate::pack::yaml::{Node, Value};

/// Lists of words that fit on a line of this many characters are written on one.
const WIDTH: usize = 100;

/// A value as a document of its own.
pub(super) fn document(value: &Value) -> String {
    let mut lines = Vec::new();
    block(value, 0, &mut lines);
    let mut text = lines.join("\n");
    text.push('\n');
    text
}

/// A value in one line, whatever it is.
pub(super) fn braces(value: &Value) -> String {
    flow(value)
}

/// A key with its value, in lines indented by `indent`.
pub(super) fn entry(key: &str, value: &Value, indent: usize) -> Vec<String> {
    let (name, space) = (scalar(key), " ".repeat(indent));
    if let Some(line) = one_line(value, WIDTH.saturating_sub(indent + name.len())) {
        return vec![format!("{space}{name}: {line}")];
    }
    let mut lines = vec![format!("{space}{name}:")];
    block(value, indent + 2, &mut lines);
    lines
}

/// An entry of a list, in lines indented by `indent`.
pub(super) fn item(value: &Value, indent: usize) -> Vec<String> {
    let space = " ".repeat(indent);
    if let Some(line) = one_line(value, WIDTH.saturating_sub(indent + 2)) {
        return vec![format!("{space}- {line}")];
    }
    let mut lines = Vec::new();
    block(value, indent + 2, &mut lines);
    if let Some(first) = lines.first_mut() {
        *first = format!("{space}- {}", first.trim_start());
    }
    lines
}

fn block(value: &Value, indent: usize, lines: &mut Vec<String>) {
    match value {
        Value::Map(keys) if !keys.is_empty() => {
            lines.extend(keys.iter().flat_map(|(key, node)| entry(&key.name, &node.value, indent)));
        }
        Value::List(items) if !items.is_empty() => {
            lines.extend(items.iter().flat_map(|node| item(&node.value, indent)));
        }
        other => lines.push(format!("{}{}", " ".repeat(indent), flow(other))),
    }
}

/// What is short and simple, on one line.
fn one_line(value: &Value, width: usize) -> Option<String> {
    let is_simple = |node: &Node| !matches!(node.value, Value::Map(_) | Value::List(_));
    match value {
        Value::Map(keys) if !keys.is_empty() => None,
        Value::List(items) if !items.iter().all(is_simple) => None,
        list @ Value::List(items) if !items.is_empty() => Some(flow(list)).filter(|line| line.len() <= width),
        other => Some(flow(other)),
    }
}

fn flow(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(truth) => truth.to_string(),
        Value::Int(number) => number.to_string(),
        Value::Float(number) => format!("{number:?}"),
        Value::Text(text) => scalar(text),
        Value::List(items) => {
            format!("[{}]", items.iter().map(|node| flow(&node.value)).collect::<Vec<_>>().join(", "))
        }
        Value::Map(keys) => {
            let keys = keys.iter().map(|(key, node)| format!("{}: {}", scalar(&key.name), flow(&node.value)));
            format!("{{{}}}", keys.collect::<Vec<_>>().join(", "))
        }
    }
}

/// A text as it stands where nothing in it can be read otherwise, else in double quotes.
fn scalar(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_./@+- ()".contains(c);
    let begins = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    let word = !["true", "false", "null", "yes", "no", "on", "off", "y", "n", "nan", "inf"]
        .contains(&text.to_lowercase().as_str());
    if begins && word && text.chars().all(plain) && !text.ends_with(' ') {
        return text.to_owned();
    }
    // JSON's escapes are among YAML's.
    serde_json::Value::from(text).to_string()
}
