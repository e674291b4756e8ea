//! Many rows in one statement: as a JSON array that PostgreSQL takes apart, as values one by one for SQLite.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Value;

/// Rows that one statement of SQLite takes at most.
const MOST: usize = 128;

/// What can be written in bulk.
pub(crate) trait Row: Serialize {
    /// The values of its columns, in their order.
    fn values(&self, into: &mut Vec<Value>);
}

impl<T: Row> Row for &T {
    fn values(&self, into: &mut Vec<Value>) {
        (*self).values(into);
    }
}

/// The rows as pieces of 128, 64, 32 ... rows: few sizes, so that each is prepared once.
pub(crate) fn pieces<T>(mut rows: &[T]) -> impl Iterator<Item = &[T]> {
    std::iter::from_fn(move || {
        let size = (1 << rows.len().checked_ilog2()?).min(MOST);
        let (piece, rest) = rows.split_at(size);
        rows = rest;
        Some(piece)
    })
}

/// The text of a bulk statement for that many rows.
pub(crate) fn drawn_out(one: &'static str, rows: usize) -> String {
    let Some((head, rest)) = one.split_once(" VALUES ") else { return one.to_owned() };
    let Some((places, tail)) = rest.split_once(')') else { return one.to_owned() };
    let mut text = String::with_capacity(one.len() + rows * (places.len() + 2));
    text.push_str(head);
    text.push_str(" VALUES ");
    for row in 0..rows {
        text.push_str(if row == 0 { "" } else { "," });
        text.push_str(places);
        text.push(')');
    }
    text.push_str(tail);
    text
}

/// The rows as a JSON array in which no text holds a NUL.
pub(crate) fn to_json<T: Serialize>(rows: &[T]) -> sqlx::Result<String> {
    let json = serde_json::to_string(rows).map_err(|error| sqlx::Error::Encode(Box::new(error)))?;
    Ok(without_escaped_nul(json))
}

/// Replaces the escape of NUL by that of U+FFFD. An escaped backslash before `u0000` is no such escape.
fn without_escaped_nul(json: String) -> String {
    const NUL: &str = "\\u0000";
    if !json.contains(NUL) {
        return json;
    }
    let mut clean = String::with_capacity(json.len());
    let mut rest = json.as_str();
    while let Some(at) = rest.find(NUL) {
        let (before, found) = rest.split_at(at);
        clean.push_str(before);
        let backslashes = clean.bytes().rev().take_while(|byte| *byte == b'\\').count();
        if backslashes % 2 == 0 {
            clean.push_str("\\ufffd");
            rest = &found[NUL.len()..];
        } else {
            clean.push('\\');
            rest = &found[1..];
        }
    }
    clean.push_str(rest);
    clean
}

/// The last row given for each key, in the order of the keys: a statement may touch a row only once, and
/// an equal order of locks on every node keeps two of them from waiting for each other.
pub(crate) fn latest<'a, T, K: Ord>(rows: &'a [T], key: impl Fn(&'a T) -> K) -> Vec<&'a T> {
    let by_key: BTreeMap<K, &T> = rows.iter().map(|row| (key(row), row)).collect();
    by_key.into_values().collect()
}
