//! Times and people as notices write them.

use jiff::Timestamp;

use crate::config::Config;
use crate::id::{PersonId, ScheduleId};

const MINUTE_S: i64 = 60;
const HOUR_S: i64 = 60 * MINUTE_S;
const DAY_S: i64 = 24 * HOUR_S;

/// A moment in the zone of whom it is written for: `Mon 23 Nov 09:00 CET`.
pub(super) fn when(config: &Config, reader: &PersonId, at_us: i64) -> String {
    let organisation = &config.organisation;
    let zone = organisation.people.get(reader).map_or(organisation.zone.as_str(), |person| &person.zone);
    let Ok(at) = Timestamp::from_microsecond(at_us) else { return String::new() };
    match at.in_tz(zone) {
        Ok(zoned) => zoned.strftime("%a %-d %b %H:%M %Z").to_string(),
        Err(_) => at.strftime("%a %-d %b %H:%M UTC").to_string(),
    }
}

/// A stretch of time: `Mon 23 Nov 09:00 CET to Mon 23 Nov 17:00 CET`.
pub(super) fn stretch(config: &Config, reader: &PersonId, (start_us, end_us): (i64, i64)) -> String {
    format!("{} to {}", when(config, reader, start_us), when(config, reader, end_us))
}

/// How far away something is, in its largest units: `7 days`, `1 day 4 hours`, `12 hours`, `30 minutes`.
pub(super) fn distance(from_us: i64, to_us: i64) -> String {
    let left_s = (to_us - from_us).max(0) / 1_000_000;
    let (days, hours, minutes) = (left_s / DAY_S, left_s % DAY_S / HOUR_S, left_s % HOUR_S / MINUTE_S);
    let parts = match (days, hours) {
        (0, 0) => vec![count(minutes, "minute")],
        (0, _) => vec![count(hours, "hour")],
        (1..=2, 1..) => vec![count(days, "day"), count(hours, "hour")],
        _ => vec![count(days, "day")],
    };
    parts.join(" ")
}

fn count(number: i64, unit: &str) -> String {
    if number == 1 { format!("1 {unit}") } else { format!("{number} {unit}s") }
}

/// What people call a person.
pub(super) fn name(config: &Config, person: &PersonId) -> String {
    config.organisation.people.get(person).map_or_else(|| person.to_string(), |person| person.name.clone())
}

/// What people call several.
pub(super) fn names(config: &Config, people: &[PersonId]) -> String {
    match people {
        [] => "nobody".to_owned(),
        [one] => name(config, one),
        [first @ .., last] => {
            let first: Vec<String> = first.iter().map(|person| name(config, person)).collect();
            format!("{} and {}", first.join(", "), name(config, last))
        }
    }
}

/// What people call a schedule.
pub(super) fn schedule(config: &Config, id: &ScheduleId) -> String {
    config.schedules.get(id).map_or_else(|| id.to_string(), |schedule| schedule.name.clone())
}

#[cfg(test)]
mod tests {
    use super::distance;

    #[test]
    fn distances_are_said_in_their_largest_units() {
        let said = |seconds: i64| distance(0, seconds * 1_000_000);
        assert_eq!(said(7 * 86_400), "7 days");
        assert_eq!(said(86_400), "1 day");
        assert_eq!(said(86_400 + 4 * 3_600), "1 day 4 hours");
        assert_eq!(said(5 * 86_400 + 4 * 3_600), "5 days");
        assert_eq!(said(12 * 3_600), "12 hours");
        assert_eq!(said(1_800), "30 minutes");
        assert_eq!(said(-5), "0 minutes");
    }
}
