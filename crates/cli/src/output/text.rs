//! Text from the API as it may stand in a terminal.

use serde_json::Value;

/// Without control characters: a title comes from whoever sends alerts and must not steer the terminal.
pub(crate) fn clean(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// The value at a JSON pointer (`/holder/name`), null where there is none.
pub(crate) fn field<'a>(value: &'a Value, pointer: &str) -> &'a Value {
    value.pointer(pointer).unwrap_or(&Value::Null)
}

/// The value at a JSON pointer as text for people; empty for null.
pub(crate) fn text_at(value: &Value, pointer: &str) -> String {
    plain(field(value, pointer))
}

fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::String(text) => clean(text),
        Value::Array(items) => words(items.iter().map(plain)),
        other => clean(&other.to_string()),
    }
}

/// Facts as lines, `name      text`; those without a text are left out.
pub(crate) fn facts<N: AsRef<str>>(facts: impl IntoIterator<Item = (N, String)>) -> String {
    let told = facts.into_iter().filter(|(_, text)| !text.is_empty());
    told.map(|(name, text)| format!("{:<10}{text}\n", name.as_ref())).collect::<Vec<_>>().concat()
}

/// Words with commas between them.
pub(crate) fn words(items: impl Iterator<Item = String>) -> String {
    items.filter(|item| !item.is_empty()).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{clean, text_at};

    #[test]
    fn nothing_that_a_sender_wrote_steers_the_terminal() {
        assert_eq!(clean("a\u{1b}[2Jb\nc\u{9b}d"), "a [2Jb c d");
    }

    #[test]
    fn values_read_as_words() {
        let value = json!({"a": {"b": true}, "list": ["x", null, "y"], "n": 7});
        assert_eq!(text_at(&value, "/a/b"), "yes");
        assert_eq!(text_at(&value, "/list"), "x, y");
        assert_eq!(text_at(&value, "/n"), "7");
        assert_eq!(text_at(&value, "/absent"), "");
    }
}
