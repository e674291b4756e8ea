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
        repeat: None,
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
    let found = |at_us| covering(&silences, &subject, at_us).map(|found| found.silence.id.as_str());
    assert_eq!(found(NOW_US), Some("sil_2"));
    assert_eq!(found(NOW_US - 1), None);
    assert_eq!(found(NOW_US + 2 * DAY_US), None);
}

/// Every Sunday from two to four in Stockholm, for a year from 2026-10-19.
fn sundays() -> Silence {
    let window = serde_json::from_str(r#"{"days": ["sun"], "start": "02:00", "end": "04:00"}"#).unwrap();
    let start_us = us("2026-10-19T00:00:00Z");
    Silence {
        start_us,
        end_us: start_us + 365 * DAY_US,
        repeat: Some(super::Repeat { zone: "Europe/Stockholm".to_owned(), windows: vec![window] }),
        ..silence(&["source=db-7"])
    }
}

fn us(text: &str) -> i64 {
    text.parse::<jiff::Timestamp>().unwrap().as_microsecond()
}

#[test]
fn a_window_follows_the_clocks_of_its_zone() {
    let times = |from: &str| -> Vec<(String, String)> {
        let text = |at_us| jiff::Timestamp::from_microsecond(at_us).unwrap().to_string();
        let found = sundays().occurrences(us(from), 2);
        found.into_iter().map(|found| (text(found.start_us), text(found.end_us))).collect()
    };
    let span = |start: &str, end: &str| (start.to_owned(), end.to_owned());
    // The clocks go back at three: the window is an hour longer, and the next one is in winter time.
    assert_eq!(
        times("2026-10-20T00:00:00Z"),
        [
            span("2026-10-25T00:00:00Z", "2026-10-25T03:00:00Z"),
            span("2026-11-01T01:00:00Z", "2026-11-01T03:00:00Z")
        ]
    );
    // They go forward from two to three: an hour is left of it.
    assert_eq!(times("2027-03-22T00:00:00Z")[0], span("2027-03-28T01:00:00Z", "2027-03-28T02:00:00Z"));
    assert_eq!(
        times("2026-10-25T01:30:00Z")[0],
        span("2026-10-25T01:30:00Z", "2026-10-25T03:00:00Z"),
        "from the instant on"
    );
}

#[test]
fn a_repeating_silence_comes_and_goes() {
    let (silence, quiet) = (sundays(), Quiet::new(sundays()).unwrap());
    let known = super::Known { silence, added_us: 0, expired: None };
    for (at, until, phase) in [
        ("2026-10-18T23:59:59Z", None, Phase::Pending),
        ("2026-10-24T23:59:59.999999Z", None, Phase::Pending),
        ("2026-10-25T00:00:00Z", Some("2026-10-25T03:00:00Z"), Phase::Active),
        ("2026-10-25T02:59:59.999999Z", Some("2026-10-25T03:00:00Z"), Phase::Active),
        ("2026-10-25T03:00:00Z", None, Phase::Pending),
        ("2027-10-18T00:00:00Z", None, Phase::Expired),
    ] {
        assert_eq!(quiet.holds_until(us(at)), until.map(us), "{at}");
        assert_eq!(known.phase(us(at)), phase, "{at}");
    }
}

#[test]
fn a_window_that_never_comes_is_refused() {
    let refused = |change: &dyn Fn(&mut Silence)| {
        let mut silence = sundays();
        change(&mut silence);
        let config = Config::default();
        let context = Context { now_us: silence.start_us, actor: &Actor::System, config: &config };
        let command = super::Command::Add(Box::new(silence));
        super::decide(&super::State::default(), &command, context).map_err(|refusal| refusal.field).err()
    };
    assert_eq!(refused(&|_| ()), None);
    assert_eq!(refused(&|silence| silence.end_us = silence.start_us + DAY_US), Some(Some("repeat")));
    assert_eq!(
        refused(&|silence| silence.repeat.as_mut().unwrap().zone = "Mars".to_owned()),
        Some(Some("repeat"))
    );
    assert_eq!(refused(&|silence| silence.repeat.as_mut().unwrap().windows.clear()), Some(Some("repeat")));
}
