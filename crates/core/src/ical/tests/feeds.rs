use std::collections::BTreeMap;

use super::super::{Calendar, Event, FeedOf, Revision, feed};
use super::{LAYERS, at, config, replace};
use crate::config::Config;

const NOW: &str = "2026-06-10T12:00:00Z";

fn person(config: &Config, id: &str, now: &str) -> Calendar {
    feed(config, &FeedOf::Person(id.into()), &BTreeMap::new(), at(now))
}

fn schedule(config: &Config, now: &str) -> Calendar {
    feed(config, &FeedOf::Schedule("l1".into()), &BTreeMap::new(), at(now))
}

fn on(calendar: &Calendar, day: &str) -> Event {
    let day = at(day);
    let mut found = calendar.events.iter().filter(|event| event.start <= day && day < event.end);
    let event = found.next().expect("an event").clone();
    assert!(found.next().is_none(), "two events at {day}");
    event
}

#[test]
fn a_person_sees_their_weeks_and_nobody_elses() {
    let calendar = person(&config(LAYERS), "elif", NOW);
    assert_eq!(calendar.name, "On call: Elif Yıldız");
    let first = on(&calendar, "2026-06-08T12:00:00Z");
    assert_eq!(first.summary, "On call: First line (week)");
    assert_eq!((first.start, first.end), (at("2026-06-08T06:00:00Z"), at("2026-06-15T06:00:00Z")));
    // Every second week from 30 days back to 180 ahead.
    assert_eq!(calendar.events.len(), 16);
    assert!(person(&config(LAYERS), "zoe", NOW).events.is_empty());
}

#[test]
fn a_shift_keeps_its_uid_when_its_end_moves_and_when_days_pass() {
    let mut config = config(LAYERS);
    let before = on(&person(&config, "elif", NOW), "2026-06-08T12:00:00Z");
    replace(&mut config, "2026-06-11T06:00:00Z", "2026-06-12T06:00:00Z", "elif", "bo");
    let after = person(&config, "elif", "2026-07-01T00:00:00Z");
    let cut = on(&after, "2026-06-08T12:00:00Z");
    assert_eq!(cut.uid, before.uid);
    assert_eq!(cut.end, at("2026-06-11T06:00:00Z"));
    let rest = on(&after, "2026-06-13T12:00:00Z");
    assert_ne!(rest.uid, before.uid);
    // The other person's event and the schedule's are others, though they begin at the same instant.
    let cover = on(&person(&config, "bo", NOW), "2026-06-11T12:00:00Z");
    assert_eq!(cover.summary, "On call: First line (week) [override]");
    assert!(cover.description.contains("Override: Bo Ek for Elif Yıldız (dentist, \"long\"; really)"));
    assert_eq!(cover.categories, ["On call", "Override"]);
    assert_ne!(on(&schedule(&config, NOW), "2026-06-11T12:00:00Z").uid, cover.uid);
}

#[test]
fn a_schedule_shows_everybody_without_overlap() {
    let mut config = config(LAYERS);
    replace(&mut config, "2026-06-11T06:00:00Z", "2026-06-12T06:00:00Z", "elif", "bo");
    let calendar = schedule(&config, NOW);
    assert_eq!(on(&calendar, "2026-06-09T12:00:00Z").summary, "Elif Yıldız: First line (week)");
    assert_eq!(on(&calendar, "2026-06-11T12:00:00Z").summary, "Bo Ek: First line (week) [override]");
    for pair in calendar.events.windows(2) {
        assert_eq!(pair[0].end, pair[1].start);
    }
}

#[test]
fn somebody_who_is_always_on_call_has_months_that_do_not_move() {
    let config = config("\n  - name: always\n    rotation:\n      participants: [elif]\n");
    let today = person(&config, "elif", NOW);
    let tomorrow = person(&config, "elif", "2026-06-11T12:00:00Z");
    assert_eq!(today.events, tomorrow.events);
    assert_eq!(today.events[0].start, at("2026-05-01T00:00:00Z"));
    assert_eq!(today.events.len(), 8);
    let ids: std::collections::BTreeSet<_> = today.events.iter().map(|event| &event.uid).collect();
    assert_eq!(ids.len(), today.events.len());
}

#[test]
fn the_text_is_what_the_rfc_asks_for() {
    let revision = Revision { sequence: 7, modified: at("2026-06-01T10:00:00Z") };
    let mut config = config(LAYERS);
    config.schedules.get_mut(&"l1".into()).unwrap().name = "First line; day, night".into();
    let revisions = BTreeMap::from([("l1".into(), revision)]);
    let text = feed(&config, &FeedOf::Person("elif".into()), &revisions, at(NOW)).to_text();
    assert!(text.starts_with("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:"));
    assert!(text.ends_with("END:VEVENT\r\nEND:VCALENDAR\r\n"));
    assert!(text.split("\r\n").all(|line| line.len() <= 75 && !line.contains('\n')));
    let unfolded = text.replace("\r\n ", "");
    assert!(unfolded.contains("\r\nSUMMARY:On call: First line\\; day\\, night (week)\r\n"));
    assert!(
        unfolded.contains("\r\nDTSTAMP:20260601T100000Z\r\nLAST-MODIFIED:20260601T100000Z\r\nSEQUENCE:7\r\n")
    );
    assert!(unfolded.contains("\r\nDTSTART:20260608T060000Z\r\nDTEND:20260615T060000Z\r\n"));
}

const SHADOWED: &str = "
  - name: week
    rotation:
      start: 2026-01-05T08:00:00
      participants: [elif, bo]
  - name: learning
    shadow: true
    rotation:
      unit: monthly
      start: 2026-01-05T08:00:00
      participants: [zoe, elif]
";

#[test]
fn a_shadow_is_shown_as_one_and_only_while_not_on_call() {
    let config = config(SHADOWED);
    let zoe = on(&person(&config, "zoe", NOW), "2026-05-12T12:00:00Z");
    assert_eq!(
        (zoe.summary.as_str(), zoe.categories),
        ("Shadow: First line (learning)", vec!["Shadow".to_owned()])
    );
    let elif = person(&config, "elif", NOW);
    assert_eq!(on(&elif, "2026-06-09T12:00:00Z").summary, "On call: First line (week)");
    let learning = on(&elif, "2026-06-16T12:00:00Z");
    assert_eq!(learning.summary, "Shadow: First line (learning)");
    assert_eq!((learning.start, learning.end), (at("2026-06-15T06:00:00Z"), at("2026-06-22T06:00:00Z")));
    let both = schedule(&config, NOW);
    assert!(both.events.iter().any(|event| event.summary == "Zoë Bo Ekman (shadow): First line (learning)"));
    let ids: std::collections::BTreeSet<_> = both.events.iter().map(|event| &event.uid).collect();
    assert_eq!(ids.len(), both.events.len());
}
