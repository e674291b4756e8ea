//! `decurion-sim vectors oncall FILE`.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

struct Run {
    code: i32,
    stdout: String,
    stderr: String,
}

fn run(file: &Path) -> Run {
    let output = Command::new(env!("CARGO_BIN_EXE_decurion-sim"))
        .args(["vectors", "oncall"])
        .arg(file)
        .output()
        .expect("the binary runs");
    Run {
        code: output.status.code().expect("an exit code, not a signal"),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

fn run_text(text: &str) -> Run {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("vectors.json");
    std::fs::write(&file, text).unwrap();
    run(&file)
}

fn run_case(case: &Value) -> Run {
    run_text(&json!({ "cases": [case] }).to_string())
}

fn in_crate(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Cases from outside; see `DECURION_TEST_DATA`.
fn outside(path: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("DECURION_TEST_DATA")
        .map_or_else(|| in_crate("../../target/shared-data"), PathBuf::from);
    let file = folder.join(path);
    file.is_file().then_some(file)
}

fn last_line(run: &Run) -> &str {
    run.stdout.lines().last().unwrap_or("")
}

#[test]
fn the_projects_own_cases_all_pass() {
    let run = run(&in_crate("tests/data/oncall-vectors.json"));
    assert_eq!(last_line(&run), "40 passed, 0 failed", "{}", run.stdout);
    assert_eq!(run.code, 0);
    assert!(run.stdout.starts_with("ok stockholm-daily-spring\n"));
}

#[test]
fn cases_from_outside_all_pass() {
    let Some(file) = outside("oncall/schedule-vectors.json") else {
        eprintln!("absent: oncall/schedule-vectors.json; only the project's own cases were run");
        return;
    };
    let run = run(&file);
    assert!(last_line(&run).ends_with(" passed, 0 failed"), "{}", run.stdout);
    assert_eq!(run.code, 0);
}

/// Every expectation of every case counts: one changed digit in it fails exactly that case.
#[test]
fn a_wrong_expectation_fails_its_case() {
    let text = std::fs::read_to_string(in_crate("tests/data/oncall-vectors.json")).unwrap();
    let document: Value = serde_json::from_str(&text).unwrap();
    for case in document["cases"].as_array().unwrap() {
        for field in case["expected"].as_object().unwrap().keys() {
            let mut wrong = case.clone();
            wrong["expected"][field] = spoiled(&case["expected"][field]);
            let run = run_case(&wrong);
            assert_eq!(run.code, 1, "{wrong}");
            assert_eq!(last_line(&run), "0 passed, 1 failed", "{wrong}");
        }
    }
}

/// A value with the last number, text or truth within it changed.
fn spoiled(value: &Value) -> Value {
    match value {
        Value::Number(number) => json!(number.as_f64().unwrap() + 1.0),
        Value::String(text) if text.contains(['1', '2']) => json!(text.replacen(['1', '2'], "3", 1)),
        Value::String(_) => json!("somebody else"),
        Value::Bool(truth) => json!(!truth),
        Value::Array(items) => {
            let mut items = items.clone();
            let last = items.len() - 1;
            items[last] = spoiled(&items[last]);
            Value::Array(items)
        }
        Value::Object(fields) => {
            let mut fields = fields.clone();
            for value in fields.values_mut() {
                *value = spoiled(value);
            }
            Value::Object(fields)
        }
        Value::Null => Value::Null,
    }
}

#[test]
fn a_failure_says_what_was_expected_and_what_came() {
    let run = run_case(&json!({
        "id": "p", "kind": "policy",
        "input": { "tz": "Europe/Stockholm", "local": "2026-03-29T02:30" },
        "expected": { "utc": "2026-03-29T01:30:00Z" },
    }));
    let line = "FAIL p: utc: expected 2026-03-29T01:30:00Z, got 2026-03-29T01:00:00Z";
    assert_eq!(run.stdout, format!("{line}\n0 passed, 1 failed\n"));
    assert_eq!(run.code, 1);
}

#[test]
fn what_cannot_be_run_fails_with_a_reason_and_the_rest_is_run() {
    let rotation = |change: Value| {
        let mut input = json!({
            "tz": "UTC", "type": "daily", "shift_length": 1, "start_local": "2026-01-01T00:00",
            "from_utc": "2026-01-01T00:00:00Z", "shifts": 1,
        });
        for (key, value) in change.as_object().unwrap() {
            input[key] = value.clone();
        }
        json!({ "id": "r", "kind": "rotation", "input": input, "expected": { "durations_s": [86_400] } })
    };
    let policy = json!({
        "id": "good", "kind": "policy",
        "input": { "tz": "UTC", "local": "2026-01-01T00:00" }, "expected": { "utc": "2026-01-01T00:00:00Z" },
    });
    let cases = [
        (rotation(json!({ "tz": "Mars/Olympus" })), "is not an IANA time zone"),
        (rotation(json!({ "type": "fortnightly" })), "malformed input: unknown variant `fortnightly`"),
        (rotation(json!({ "shift_length": 0 })), "every must be at least 1"),
        (rotation(json!({ "shift_length": -1 })), "malformed input"),
        (rotation(json!({ "start_local": "yesterday" })), "`yesterday` is not a wall time"),
        (rotation(json!({ "start_local": "9999-12-31T00:00" })), "1970 to 2199"),
        (rotation(json!({ "participants": [] })), "at least one participant"),
        (json!({ "id": "k", "kind": "tea_round" }), "unknown kind `tea_round`"),
        (json!({ "id": "e", "kind": "rotation", "input": rotation(json!({}))["input"] }), "holds nothing"),
        (json!({ "kind": "policy" }), "malformed case: missing field `id`"),
        (json!(7), "malformed case"),
        (
            json!({ "id": "w", "kind": "weekly_events", "expected": {}, "input": {
                "tz": "UTC", "week0_sunday_local": "2026-01-04",
                "events_start_duration_s": [[0, i64::MAX], [i64::MIN, 1]], "weeks": u32::MAX } }),
            "FAIL w",
        ),
    ];
    for (case, reason) in cases {
        let run = run_text(&json!({ "cases": [case, policy] }).to_string());
        assert!(run.stdout.starts_with("FAIL "), "{case}: {}", run.stdout);
        assert!(run.stdout.contains(reason), "{case}: {}", run.stdout);
        assert!(run.stdout.ends_with("ok good\n1 passed, 1 failed\n"), "{case}: {}", run.stdout);
        assert_eq!((run.code, run.stderr.as_str()), (1, ""));
    }
}

#[test]
fn a_file_that_holds_no_cases_is_an_error() {
    for (text, reason) in
        [("{", "is not JSON"), ("{}", "holds no list `cases`"), (r#"{"cases":[]}"#, "holds no cases")]
    {
        let run = run_text(text);
        assert_eq!(run.code, 2, "{text}");
        assert!(run.stderr.contains(reason), "{}", run.stderr);
    }
    assert!(run(Path::new("/nowhere/vectors.json")).stderr.contains("cannot read"));
}
