//! Calendars as other programs read and write them.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod feeds;
mod imports;
mod lines;
mod properties;

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::config::Config;
use crate::id::ScheduleId;
use crate::oncall::{Change, Override, Schedule};
use crate::org::Person;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn person(id: &str, name: &str) -> Person {
    Person {
        id: id.into(),
        name: name.into(),
        email: Some(format!("{id}@ten.example")),
        zone: "Europe/Stockholm".into(),
        team: None,
        title: None,
        holidays: None,
        external: false,
        certified: Vec::new(),
        contacts: Vec::new(),
        rules: Vec::new(),
    }
}

const LAYERS: &str = "
  - name: week
    rotation:
      start: 2026-01-05T08:00:00
      participants: [elif, bo]
";

fn schedule(layers: &str) -> Schedule {
    let yaml = format!("id: l1\nname: First line\nzone: Europe/Stockholm\nlayers:{layers}");
    serde_saphyr::from_str(&yaml).unwrap()
}

/// Two people who take weeks in turn.
fn config(layers: &str) -> Config {
    let mut config = Config::default();
    for person in [person("elif", "Elif Yıldız"), person("bo", "Bo Ek"), person("zoe", "Zoë Bo Ekman")] {
        config.organisation.people.insert(person.id.clone(), person);
    }
    config.schedules = BTreeMap::from([("l1".into(), schedule(layers))]);
    config
}

fn replace(config: &mut Config, start: &str, end: &str, person: &str, by: &str) {
    let entry = Override {
        id: format!("ovr_{start}").as_str().into(),
        schedule: "l1".into(),
        start: at(start),
        end: at(end),
        change: Change::Replace { person: person.into(), by: by.into() },
        priority: 0,
        author: by.into(),
        reason: "dentist, \"long\"; really".into(),
    };
    config.overrides.entry(ScheduleId::from("l1")).or_default().push(entry);
}
