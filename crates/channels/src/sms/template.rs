//! Texts of the operator with places for a number and a text.

use std::fmt::Write as _;

/// How what is filled in must be written, so that it stays one value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// Inside a string of JSON.
    Json,
    /// In a URL or in `application/x-www-form-urlencoded`.
    Form,
    /// Between tags or in an attribute.
    Xml,
    Plain,
}

/// What is filled in.
pub(super) struct Values<'a> {
    /// The number with its `+`.
    pub(super) to: &'a str,
    pub(super) text: &'a str,
    /// The same in every attempt.
    pub(super) id: &'a str,
}

impl Shape {
    pub(super) fn of(content_type: &str) -> Self {
        let media = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        match media.as_str() {
            "application/x-www-form-urlencoded" => Self::Form,
            json if json.ends_with("json") => Self::Json,
            xml if xml.ends_with("xml") => Self::Xml,
            _ => Self::Plain,
        }
    }

    fn write(self, value: &str) -> String {
        match self {
            Self::Plain => value.to_owned(),
            Self::Form => percent(value),
            Self::Json => {
                let quoted = serde_json::Value::from(value).to_string();
                let inner = quoted.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
                inner.unwrap_or_default().to_owned()
            }
            Self::Xml => {
                value.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
            }
        }
    }
}

/// Fills in `{to}`, `{number}` (without the `+`), `{text}` and `{id}`. What is filled in is not read again: a text
/// that says `{to}` stays as it is.
pub(super) fn fill(template: &str, values: &Values<'_>, shape: Shape) -> String {
    let mut filled = String::with_capacity(template.len() + values.text.len());
    let mut rest = template;
    while let Some(at) = rest.find('{') {
        filled.push_str(&rest[..at]);
        rest = &rest[at..];
        let place = rest.find('}').and_then(|end| Some((value(&rest[1..end], values)?, end)));
        let taken = place.map_or(1, |(_, end)| end + 1);
        match place {
            Some((value, _)) => filled.push_str(&shape.write(value)),
            None => filled.push('{'),
        }
        rest = &rest[taken..];
    }
    filled.push_str(rest);
    filled
}

fn value<'a>(name: &str, values: &Values<'a>) -> Option<&'a str> {
    match name {
        "to" => Some(values.to),
        "number" => Some(values.to.trim_start_matches('+')),
        "text" => Some(values.text),
        "id" => Some(values.id),
        _ => None,
    }
}

/// Everything but unreserved characters (RFC 3986, section 2.3) as `%XX`.
fn percent(value: &str) -> String {
    let mut encoded = String::with_capacity(value.len());
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::{Shape, Values, fill};

    const VALUES: Values<'_> = Values { to: "+46701234567", text: "a \"b\" & <c>\n{to}", id: "ntf_1" };

    #[test]
    fn values_stay_values_whatever_they_hold() {
        let json = fill(r#"{"to": "{to}", "text": "{text}", "extra": {"id": "{id}"}}"#, &VALUES, Shape::Json);
        let read: serde_json::Value = serde_json::from_str(&json).unwrap_or_default();
        assert_eq!(
            read,
            serde_json::json!({"to": VALUES.to, "text": VALUES.text, "extra": {"id": "ntf_1"}}),
            "{json}"
        );
        let form = fill("to={number}&text={text}&x={y}", &VALUES, Shape::Form);
        assert_eq!(form, "to=46701234567&text=a%20%22b%22%20%26%20%3Cc%3E%0A%7Bto%7D&x={y}");
        let xml = fill("<sms to=\"{to}\">{text}</sms>", &VALUES, Shape::Xml);
        assert_eq!(xml, "<sms to=\"+46701234567\">a &quot;b&quot; &amp; &lt;c&gt;\n{to}</sms>");
        assert_eq!(fill("{text", &VALUES, Shape::Plain), "{text");
    }

    #[test]
    fn a_quote_at_either_end_is_kept() {
        let values = Values { text: "\"quoted\"", ..VALUES };
        assert_eq!(fill("\"{text}\"", &values, Shape::Json), r#""\"quoted\"""#);
    }

    #[test]
    fn shapes_follow_the_content_type() {
        assert_eq!(Shape::of("application/json; charset=utf-8"), Shape::Json);
        assert_eq!(Shape::of("application/vnd.api+json"), Shape::Json);
        assert_eq!(Shape::of("Application/X-WWW-Form-Urlencoded"), Shape::Form);
        assert_eq!((Shape::of("text/xml"), Shape::of("text/plain")), (Shape::Xml, Shape::Plain));
    }
}
