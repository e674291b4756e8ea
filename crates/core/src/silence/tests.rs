//! Matchers, and what is refused as a silence.

use std::collections::BTreeMap;

use super::{Matcher, Operator, Phase, Quiet, Silence, Subject, covering};
use crate::access::Actor;
use crate::config::Config;
use crate::decide::Context;
use crate::intake::AlertSeverity;

const DAY_US: i64 = 86_400 * 1_000_000;
const NOW_US: i64 = 1_790_000_000_000_000;

fn matcher(text: &str) -> Matcher {
    let place = text.find(['=', '!']).unwrap();
    let operator = Operator::ALL.into_iter().find(|known| text[place..].starts_with(known.as_str()));
    let operator = operator.unwrap();
    let value = text[place + operator.as_str().len()..].to_owned();
    Matcher { name: text[..place].to_owned(), operator, value }
}

fn silence(matchers: &[&str]) -> Silence {
    Silence {
        id: "sil_1".into(),
        matchers: matchers.iter().map(|text| matcher(text)).collect(),
        start_us: NOW_US,
        end_us: NOW_US + DAY_US,
        author: "elif".into(),
        reason: "the disk is being replaced".to_owned(),
        said_by: None,
    }
}

fn matches(matchers: &[&str]) -> bool {
    let labels: BTreeMap<String, String> =
        [("env".to_owned(), "prod".to_owned()), ("job".to_owned(), "node".to_owned())].into();
    let subject = Subject {
        integration: "prometheus",
        severity: AlertSeverity::Warning,
        source: "db-7",
        dedup_key: "disk/db-7",
        title: "Disk almost full\non db-7",
        labels: &labels,
    };
    Quiet::new(silence(matchers)).unwrap().matches(&subject)
}

fn refused(change: impl FnOnce(&mut Silence)) -> Option<(&'static str, Option<&'static str>)> {
    let mut asked = silence(&["source=db-7"]);
    change(&mut asked);
    let config = Config::default();
    let context = Context { now_us: NOW_US, actor: &Actor::System, config: &config };
    let command = super::Command::Add(Box::new(asked));
    let decided = super::decide(&super::State::default(), &command, context);
    decided.err().map(|refusal| (refusal.code, refusal.field))
}

#[test]
fn every_matcher_must_match_and_expressions_take_the_whole_text() {
    assert!(matches(&["source=db-7", "severity=warning", "labels.env=prod"]));
    assert!(!matches(&["source=db-7", "severity=critical"]));
    assert!(matches(&["source=~db-.*", "severity!=critical"]));
    assert!(!matches(&["source=~db-"]), "an expression is anchored");
    assert!(!matches(&["source=~b|db"]), "all branches of it are");
    assert!(!matches(&["integration=prometheus", "dedup_key!~disk/.*"]));
    assert!(matches(&["integration=prometheus", "labels.team="]), "no such label is the empty text");
    assert!(matches(&["integration=prometheus", "labels.team!=storage"]));
    assert!(matches(&["title=~(?s)Disk.*"]) && !matches(&["title=~Disk.*"]), "a dot takes no line break");
}

#[test]
fn a_silence_that_says_nothing_is_refused() {
    let with = |matchers: &[&str]| refused(|asked| asked.matchers = silence(matchers).matchers);
    let field = Some(("invalid_field", Some("matchers")));
    assert_eq!(with(&[]), field);
    for nothing in
        ["title=~.*", "title=~.+", "severity!=critical", "labels.env=~.*", "labels.env=", "source!~x"]
    {
        assert_eq!(with(&[nothing]), field, "{nothing}");
    }
    for broken in ["title=~(", "title=~a)|(b", "colour=red", "labels.=x", "title=~(a{1000}){1000}"] {
        assert_eq!(with(&[broken]), field, "{broken}");
    }
    for narrow in ["labels.env=~.+", "severity=~error|warning", "source=db-7"] {
        assert_eq!(with(&[narrow]), None, "{narrow}");
    }
    assert_eq!(with(&["source=db-7"; 21]), field);
}

#[test]
fn times_and_reason_are_checked_and_the_field_is_named() {
    let invalid = |field| Some(("invalid_field", Some(field)));
    assert_eq!(refused(|asked| asked.end_us = asked.start_us), invalid("end_us"));
    assert_eq!(refused(|asked| asked.end_us = asked.start_us + 367 * DAY_US), invalid("end_us"));
    assert_eq!(
        refused(|asked| (asked.start_us, asked.end_us) = (NOW_US - 2 * DAY_US, NOW_US)),
        invalid("end_us")
    );
    assert_eq!(
        refused(|asked| (asked.start_us, asked.end_us) = (NOW_US + 367 * DAY_US, NOW_US + 368 * DAY_US)),
        invalid("start_us")
    );
    assert_eq!(refused(|asked| asked.reason = " \n".to_owned()), invalid("reason"));
    assert_eq!(refused(|asked| asked.end_us = asked.start_us + 366 * DAY_US), None);
}

#[test]
fn a_phase_is_a_function_of_time_and_the_longest_silence_counts() {
    let known = super::Known { silence: silence(&["source=db-7"]), added_us: 0, expired: None };
    assert_eq!(known.phase(NOW_US - 1), Phase::Pending);
    assert_eq!(known.phase(NOW_US), Phase::Active);
    assert_eq!(known.phase(NOW_US + DAY_US), Phase::Expired);
    let labels = BTreeMap::new();
    let subject = Subject {
        integration: "i",
        severity: AlertSeverity::Error,
        source: "db-7",
        dedup_key: "k",
        title: "t",
        labels: &labels,
    };
    let longer = Silence { id: "sil_2".into(), end_us: NOW_US + 2 * DAY_US, ..known.silence.clone() };
    let silences = [Quiet::new(known.silence).unwrap(), Quiet::new(longer).unwrap()];
    let found = |at_us| covering(&silences, &subject, at_us).map(|silence| silence.id.as_str());
    assert_eq!(found(NOW_US), Some("sil_2"));
    assert_eq!(found(NOW_US - 1), None);
    assert_eq!(found(NOW_US + 2 * DAY_US), None);
}
