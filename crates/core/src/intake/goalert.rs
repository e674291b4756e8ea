//! GoAlert's generic API: the same few fields as a form, in the address, or as JSON in any case.
//!
//! They are brought into one JSON body (`summary`, `details`, `action`, `dedup`, `meta`), which is kept and read by
//! the shipped mapping.

use serde_json::{Map, Value, json};

use super::error::{IntakeError, IntakeErrorKind, Problem};
use super::json as body_json;
use super::json::push_key;

/// The fields that are taken. What else an address or a form holds (the token) is none of the alert.
const FIELDS: [&str; 4] = ["summary", "details", "action", "dedup"];

/// The body of pairs, in the order of their arrival: of a field that is given twice the first counts. `meta` is
/// `name=value`, any number of times.
pub fn from_pairs(pairs: &[(String, String)]) -> Value {
    let mut body = Map::new();
    let mut meta = Map::new();
    for (name, text) in pairs {
        let text = body_json::clean(text);
        if FIELDS.contains(&name.as_str()) {
            body.entry(name.clone()).or_insert(Value::String(text));
        } else if name == "meta"
            && let Some((name, value)) = text.split_once('=')
        {
            meta.entry(name).or_insert_with(|| json!(value));
        }
    }
    if !meta.is_empty() {
        body.insert("meta".to_owned(), Value::Object(meta));
    }
    Value::Object(body)
}

/// The body of JSON, over what the address says. The names of the vendor's fields are taken in any case.
pub fn from_json(bytes: &[u8], pairs: &[(String, String)]) -> Result<Value, IntakeError> {
    let sent = body_json::parse(bytes)?;
    let Value::Object(sent) = sent else {
        return Err(IntakeError::one(IntakeErrorKind::Invalid, Problem::whole("must be an object")));
    };
    let Value::Object(mut body) = from_pairs(pairs) else { return Ok(Value::Null) };
    for (name, value) in sent {
        let lower = name.to_ascii_lowercase();
        let known = FIELDS.contains(&lower.as_str());
        if known && !matches!(value, Value::String(_) | Value::Null) || lower == "meta" && !is_texts(&value) {
            let mut path = String::new();
            push_key(&mut path, &name);
            let wanted = if known { "must be text" } else { "must be an object of texts" };
            return Err(IntakeError::one(IntakeErrorKind::Invalid, Problem::at(path, wanted)));
        }
        if (known || lower == "meta") && !value.is_null() {
            body.insert(lower, value);
        }
    }
    Ok(Value::Object(body))
}

fn is_texts(value: &Value) -> bool {
    value.is_null() || value.as_object().is_some_and(|fields| fields.values().all(Value::is_string))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use serde_json::json;

    use super::{from_json, from_pairs};

    fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
    }

    #[test]
    fn a_form_is_a_body_without_its_token() {
        let form = [
            ("token", "t"),
            ("summary", "Disk\u{0}"),
            ("summary", "other"),
            ("meta", "a=b=c"),
            ("meta", "x"),
        ];
        assert_eq!(from_pairs(&pairs(&form)), json!({"summary": "Disk\u{fffd}", "meta": {"a": "b=c"}}));
    }

    #[test]
    fn json_goes_over_the_address_in_any_case() {
        let body = from_json(
            br#"{"Summary":"s","DEDUP":null,"Meta":{"k":"v"},"other":1}"#,
            &pairs(&[("dedup", "d")]),
        );
        assert_eq!(body.unwrap(), json!({"dedup": "d", "summary": "s", "meta": {"k": "v"}}));
        let wrong = |text: &str| from_json(text.as_bytes(), &[]).unwrap_err().to_string();
        assert_eq!(wrong(r#"{"Summary":1}"#), "`Summary` must be text");
        assert_eq!(wrong(r#"{"meta":{"a":1}}"#), "`meta` must be an object of texts");
        assert_eq!(wrong("[]"), "the body must be an object");
    }
}
