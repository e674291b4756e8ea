#![allow(clippy::unwrap_used, reason = "tests")]

use serde::Deserialize;

use super::{At, Each, Place, Value, parse, read};
use crate::duration::DurationS;
use crate::pack::rules;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Step {
    name: At<String>,
    #[serde(default)]
    timeout: Option<At<DurationS>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Steps {
    steps: Each<Step>,
}

const fn place(line: usize, column: usize) -> Place {
    Place { line, column }
}

#[test]
fn every_value_knows_its_place() {
    let nodes = parse("steps:\n  - name: ring\n    timeout: 5m\n---\nsteps: []\n").unwrap();
    assert_eq!(nodes.len(), 2);
    let (steps, errors) = read::<Steps>(&nodes[0]);
    assert!(errors.is_empty(), "{errors:?}");
    let step = &steps.unwrap().steps.0[0];
    assert_eq!((step.name.value.as_str(), step.name.place()), ("ring", place(2, 11)));
    let timeout = step.timeout.as_ref().unwrap();
    assert_eq!((timeout.value.as_secs(), timeout.place()), (300, place(3, 14)));
    assert_eq!(nodes[0].along("steps[0].timeout").place, place(3, 14));
    assert_eq!(nodes[0].along("steps[0].nothing").place, place(2, 5));
    assert_eq!(nodes[1].get("steps").unwrap().place, place(5, 8));
}

#[test]
fn every_broken_entry_is_reported_with_its_place() {
    let text = "steps:\n  - name: a\n    timeuot: 5m\n  - name: b\n    timeout: 5 minutes\n  - timeout: 1m\n  - name: 7\n";
    let nodes = parse(text).unwrap();
    let (steps, errors) = read::<Steps>(&nodes[0]);
    assert!(steps.unwrap().steps.0.is_empty());
    let seen: Vec<_> = errors.iter().map(|error| (error.rule, error.place.unwrap())).collect();
    let wanted = [
        (rules::SHAPE, place(3, 5)),
        (rules::VALUE, place(5, 14)),
        (rules::SHAPE, place(6, 5)),
        (rules::SHAPE, place(7, 11)),
    ];
    assert_eq!(seen, wanted, "{errors:?}");
    assert_eq!(errors[0].suggestion.as_deref(), Some("did you mean `timeout`?"));
}

#[test]
fn yaml_that_cannot_be_read_says_where() {
    let error = |text: &str| {
        let error = parse(text).unwrap_err();
        (error.message, error.place.unwrap())
    };
    let (message, at) = error("a: 1\nb: 2\na: 3\n");
    assert!(message.contains("duplicate"), "{message}");
    assert_eq!(at, place(3, 1));
    assert_eq!(error("a: [1, 2\nb: 3\n").1.line, 2);
    let deep = format!("a: {}{}", "[".repeat(60), "]".repeat(60));
    assert!(parse(&deep).is_err());
}

#[test]
fn words_of_old_yaml_are_words() {
    let nodes = parse("a: [yes, on, no, NOBODY, 08:30, 2026-01-05T09:00, null, 0.5, 12]\n").unwrap();
    let Value::List(items) = &nodes[0].get("a").unwrap().value else { unreachable!() };
    let kinds: Vec<_> = items.iter().map(|item| item.value.kind()).collect();
    let text = "a text";
    assert_eq!(kinds, [text, text, text, text, text, text, "nothing", "a number", "a number"]);
}
