//! Expressions, with the place of what is wrong inside them.

use serde_json::Value;

use crate::expression::{Expression, ExpressionError};
use crate::pack::findings::{File, Findings};
use crate::pack::names::closest;
use crate::pack::rules;
use crate::pack::yaml::{At, Place};

/// Compiles an expression that may read only the names in `known`.
pub(super) fn compile(
    file: File<'_>,
    at: &At<String>,
    known: &[&str],
    findings: &mut Findings,
) -> Option<Expression> {
    let expression = match Expression::compile(&at.value) {
        Ok(expression) => expression,
        Err(error) => {
            unreadable(file, at, error, findings);
            return None;
        }
    };
    let unknown: Vec<_> =
        expression.variables().into_iter().filter(|name| !known.contains(&name.as_str())).collect();
    for name in &unknown {
        let message = format!("`{name}` is not known here");
        let spot = file.at(place_of_word(file, at, name));
        findings.error(spot, rules::FACT, message).suggestion = closest(name, known.iter().copied())
            .map(|near| format!("did you mean `{near}`?"))
            .or_else(|| Some(format!("one of {}", known.join(", "))));
    }
    unknown.is_empty().then_some(expression)
}

/// Tries a guard on samples: it must be true or false on each. Without a value it counts as `otherwise`.
pub(super) fn try_guard(
    file: File<'_>,
    at: &At<String>,
    guard: &Expression,
    (samples, otherwise): (&[Value], bool),
    findings: &mut Findings,
) {
    let Some(error) = samples.iter().find_map(|sample| guard.is_true(sample).err()) else { return };
    let reason = match &error {
        ExpressionError::Evaluation { reason, .. } => reason.clone(),
        other => other.to_string(),
    };
    let spot = file.at(at.place());
    if let Some(key) = reason.strip_prefix("No such key: ") {
        let message = format!(
            "the guard has no truth for an alert without the label `{key}`, and then counts as {otherwise}"
        );
        findings.warning(spot, rules::WEAK, message).suggestion =
            Some(format!("say so: has(labels.{key}) && …"));
    } else {
        findings.error(spot, rules::GUARD, format!("the guard is neither true nor false: {reason}"));
    }
}

fn unreadable(file: File<'_>, at: &At<String>, error: ExpressionError, findings: &mut Findings) {
    let (place, message) = match error {
        ExpressionError::Syntax { line, column, message } => {
            (place_within(file, at, line, column), format!("not a CEL expression: {message}"))
        }
        other => (at.place(), other.to_string()),
    };
    findings.error(file.at(place), rules::EXPRESSION, message);
}

/// The place of the first whole word `word` of an expression.
pub(super) fn place_of_word(file: File<'_>, at: &At<String>, word: &str) -> Place {
    let in_name = |c: char| c.is_alphanumeric() || c == '_';
    for (index, line) in at.value.lines().enumerate() {
        for (start, _) in line.match_indices(word) {
            let before = line[..start].chars().next_back().is_some_and(in_name);
            let after = line[start + word.len()..].chars().next().is_some_and(in_name);
            if !before && !after {
                return place_within(file, at, index + 1, line[..start].chars().count() + 1);
            }
        }
    }
    at.place()
}

/// The place in the file of a place in the text of a scalar: its line is looked for below the scalar's
/// beginning, past quotes and indentation. A text that the file does not hold letter by letter (escapes,
/// folded lines) is pointed at as a whole.
fn place_within(file: File<'_>, at: &At<String>, line: usize, column: usize) -> Place {
    let begin = at.place();
    let Some(wanted) = at.value.lines().nth(line - 1) else { return begin };
    let first = begin.line - 1 + (line - 1);
    for (index, text) in file.text.lines().enumerate().skip(first).take(3) {
        let skipped = if index + 1 == begin.line { begin.column - 1 } else { 0 };
        let tail: String = text.chars().skip(skipped).collect();
        if let Some(found) = tail.find(wanted) {
            let before = tail[..found].chars().count();
            return Place { line: index + 1, column: skipped + before + column };
        }
    }
    begin
}
