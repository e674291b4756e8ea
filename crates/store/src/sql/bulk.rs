//! Many rows as one argument: a JSON array that the database takes apart.

use std::collections::BTreeMap;

use serde::Serialize;

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
