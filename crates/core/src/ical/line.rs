//! Content lines: folding, parameters and escapes (RFC 5545, sections 3.1, 3.2 and 3.3.11).

use super::error::IcalError;

/// Octets of a written line at most, without its end.
const FOLD: usize = 75;
/// Octets of a read line at most, unfolded.
const LONGEST: usize = 64 * 1024;

/// One unfolded line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    /// Where it begins in the file, from 1.
    pub number: usize,
    /// In capitals.
    pub name: String,
    /// Names in capitals, values without their quotes.
    pub params: Vec<(String, Vec<String>)>,
    /// As it stands; [`unescape`] reads text.
    pub value: String,
}

impl Line {
    /// The first value of a parameter.
    pub(super) fn param(&self, name: &str) -> Option<&str> {
        let (_, values) = self.params.iter().find(|(key, _)| key == name)?;
        values.first().map(String::as_str)
    }

    /// An error at this line.
    pub(super) fn error(&self, message: impl Into<String>) -> IcalError {
        IcalError::new(self.number, &self.name, message)
    }
}

/// Reads the lines of a calendar. Ends of lines may be CRLF or LF.
pub(super) fn lines(text: &str) -> Result<Vec<Line>, IcalError> {
    let mut joined: Vec<(usize, String)> = Vec::new();
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    for (index, raw) in text.split('\n').enumerate() {
        let raw = raw.strip_suffix('\r').unwrap_or(raw);
        match (raw.strip_prefix([' ', '\t']), joined.last_mut()) {
            (Some(rest), Some((number, last))) => {
                if last.len() + rest.len() > LONGEST {
                    return Err(IcalError::new(*number, "line", "a line of more than 64 KiB is not taken"));
                }
                last.push_str(rest);
            }
            (None, _) if raw.trim().is_empty() => {}
            _ => joined.push((index + 1, raw.to_owned())),
        }
    }
    joined.into_iter().map(|(number, line)| parse(number, &line)).collect()
}

fn parse(number: usize, line: &str) -> Result<Line, IcalError> {
    let bad = |message: &str| IcalError::new(number, "line", message);
    let end = line.find([';', ':']).ok_or_else(|| bad("this is no `NAME:value` of iCalendar"))?;
    let (name, mut rest) = line.split_at(end);
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '-';
    if name.is_empty() || !name.chars().all(fits) {
        return Err(bad("a property's name has letters, digits and `-` only"));
    }
    let mut params = Vec::new();
    while let Some(after) = rest.strip_prefix(';') {
        let (key, values) =
            after.split_once('=').ok_or_else(|| bad("a parameter is written `NAME=value`"))?;
        let (values, left) = param_values(values).ok_or_else(|| bad("a parameter's value does not end"))?;
        params.push((key.to_ascii_uppercase(), values));
        rest = left;
    }
    let value = rest.strip_prefix(':').ok_or_else(|| bad("the `:` before the value is missing"))?;
    Ok(Line { number, name: name.to_ascii_uppercase(), params, value: value.to_owned() })
}

/// The values up to the next `;` or `:` that stands outside of quotes, and what is left from there.
fn param_values(text: &str) -> Option<(Vec<String>, &str)> {
    let mut values = vec![String::new()];
    let mut quoted = false;
    for (at, c) in text.char_indices() {
        match c {
            '"' => quoted = !quoted,
            ';' | ':' if !quoted => return Some((values, &text[at..])),
            ',' if !quoted => values.push(String::new()),
            other => values.last_mut()?.push(other),
        }
    }
    None
}

/// Text as a value. Other control characters than the line's end have no place in a calendar.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.replace("\r\n", "\n").chars() {
        match c {
            '\\' => escaped.push_str("\\\\"),
            ';' => escaped.push_str("\\;"),
            ',' => escaped.push_str("\\,"),
            '\n' | '\r' => escaped.push_str("\\n"),
            other if other.is_control() => {}
            other => escaped.push(other),
        }
    }
    escaped
}

/// A value as text.
pub(super) fn unescape(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    let mut chars = value.chars();
    while let Some(c) = chars.next() {
        match (c, c == '\\') {
            (_, true) => match chars.next() {
                Some('n' | 'N') => text.push('\n'),
                Some(other) => text.push(other),
                None => {}
            },
            (other, false) => text.push(other),
        }
    }
    text
}

/// Adds a line, folded at 75 octets and never inside of a character.
pub(super) fn write(out: &mut String, line: &str) {
    let mut room = FOLD;
    for c in line.chars() {
        if c.len_utf8() > room {
            out.push_str("\r\n ");
            room = FOLD - 1;
        }
        out.push(c);
        room -= c.len_utf8();
    }
    out.push_str("\r\n");
}
