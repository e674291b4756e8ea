//! A plan in words: what changes, what the server changed meanwhile, and whose shifts move.

use std::fmt::Write as _;

use serde_json::Value;

use crate::output::{Times, clean, field, text_at};

/// Shifts of one person that are named; the rest is counted.
const MOST_SHIFTS: usize = 3;

/// The whole plan.
pub(super) fn plan(plan: &Value, times: &Times) -> String {
    let mut text = String::new();
    let base = text_at(plan, "/base_version");
    if is_changed(field(plan, "/theirs")) {
        let _ = writeln!(text, "The server changed since version {base}, which these files were made from:");
        text.push_str(&indented(&difference(field(plan, "/theirs"))));
        text.push_str("Here:\n");
        text.push_str(&indented(&difference(field(plan, "/mine"))));
    }
    for conflict in list(plan, "/conflicts") {
        text.push_str(&conflict_words(conflict));
    }
    if is_changed(field(plan, "/theirs")) {
        text.push_str("Together, this would change on the server:\n");
        text.push_str(&indented(&difference(field(plan, "/merged"))));
    } else {
        text.push_str(&difference(field(plan, "/merged")));
    }
    text.push_str(&preview(field(plan, "/preview"), times));
    text
}

/// Whether one side differs at all.
pub(super) fn is_changed(side: &Value) -> bool {
    !list(side, "/files").is_empty()
}

/// What changes, thing by thing; file by file where a pack does not compile or only the wording differs.
pub(super) fn difference(side: &Value) -> String {
    let changes = list(side, "/changes");
    if !changes.is_empty() {
        return changes.iter().map(change).collect();
    }
    let files = list(side, "/files");
    if files.is_empty() {
        return "Nothing changes.\n".to_owned();
    }
    let line = |file: &Value| format!("{} file {}\n", text_at(file, "/kind"), text_at(file, "/path"));
    files.iter().map(line).collect()
}

fn list<'a>(value: &'a Value, pointer: &str) -> &'a [Value] {
    field(value, pointer).as_array().map(Vec::as_slice).unwrap_or_default()
}

fn change(change: &Value) -> String {
    let side = |pointer: &str| match text_at(change, pointer) {
        text if text.is_empty() => "nothing".to_owned(),
        text => text,
    };
    let path = text_at(change, "/path");
    let line = match text_at(change, "/kind").as_str() {
        "added" if text_at(change, "/after").is_empty() => format!("+ {path} added"),
        "added" => format!("+ {path} added: {}", side("/after")),
        "removed" => format!("- {path} removed"),
        _ => format!("~ {path} {} -> {}", side("/before"), side("/after")),
    };
    format!("{}\n", short(&line))
}

fn conflict_words(conflict: &Value) -> String {
    let what = match text_at(conflict, "/object") {
        object if object.is_empty() => format!("the file {}", text_at(conflict, "/file")),
        object => object,
    };
    let side = |pointer: &str| match field(conflict, pointer).as_str() {
        Some(text) => {
            text.lines().map(|line| format!("    | {}\n", clean(line))).collect::<Vec<_>>().concat()
        }
        None => "    (removed)\n".to_owned(),
    };
    let (mine, theirs): (String, String) = (side("/mine"), side("/theirs"));
    format!("! both changed {what}\n  here:\n{mine}  on the server:\n{theirs}")
}

/// Who gains and loses which shifts, and what the checks would say.
pub(super) fn preview(preview: &Value, times: &Times) -> String {
    let mut text = String::new();
    let people = list(preview, "/people");
    if !people.is_empty() {
        text.push_str("Shifts in the next 90 days:\n");
    }
    for person in people {
        let name = text_at(person, "/name");
        for (sign, verb, side) in [('+', "gains", "gained"), ('-', "loses", "lost")] {
            let shifts = list(person, &format!("/{side}"));
            if !shifts.is_empty() {
                let hours = field(person, &format!("/{side}_s")).as_i64().unwrap_or_default() / 3_600;
                let _ = writeln!(text, "  {sign} {name} {verb} {hours} h: {}", named(shifts, times));
            }
        }
    }
    for (title, side) in [("New findings", "/findings_new"), ("Findings that go", "/findings_gone")] {
        let findings = list(preview, side);
        if !findings.is_empty() {
            let _ = writeln!(text, "{title}:");
        }
        for finding in findings {
            let _ = writeln!(text, "  {} {}", text_at(finding, "/rule"), text_at(finding, "/message"));
        }
    }
    text
}

fn named(shifts: &[Value], times: &Times) -> String {
    let one = |shift: &Value| {
        let (from, to) = (times.minute_at(shift, "/start_us"), times.minute_at(shift, "/end_us"));
        format!("{} {from} to {to}", text_at(shift, "/schedule_id"))
    };
    let first: Vec<String> = shifts.iter().take(MOST_SHIFTS).map(one).collect();
    let more = shifts.len().saturating_sub(MOST_SHIFTS);
    let rest = if more == 0 { String::new() } else { format!(" and {more} more") };
    format!("{}{rest}", first.join(", "))
}

fn indented(text: &str) -> String {
    text.lines().map(|line| format!("  {line}\n")).collect::<Vec<_>>().concat()
}

/// In one line that still can be read.
fn short(text: &str) -> String {
    const LONGEST: usize = 300;
    let text = clean(text);
    if text.chars().count() <= LONGEST {
        return text;
    }
    text.chars().take(LONGEST).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{conflict_words, difference};

    #[test]
    fn a_difference_names_the_things_that_change() {
        let change =
            json!({"path": "role tool_eng holders", "kind": "changed", "before": "eszter", "after": null});
        let side = json!({"changes": [change], "files": [{"path": "roles.yaml", "kind": "changed"}]});
        assert_eq!(difference(&side), "~ role tool_eng holders eszter -> nothing\n");
    }

    #[test]
    fn other_wording_is_a_changed_file_and_no_difference_is_nothing() {
        let side = json!({"changes": [], "files": [{"path": "roles.yaml", "kind": "changed"}]});
        assert_eq!(difference(&side), "changed file roles.yaml\n");
        assert_eq!(difference(&json!({"changes": [], "files": []})), "Nothing changes.\n");
    }

    #[test]
    fn a_conflict_shows_both_sides() {
        let said = conflict_words(
            &json!({"object": "role cto", "file": "roles.yaml", "mine": "id: cto\n", "theirs": null}),
        );
        assert_eq!(
            said,
            "! both changed role cto\n  here:\n    | id: cto\n  on the server:\n    (removed)\n"
        );
    }
}
