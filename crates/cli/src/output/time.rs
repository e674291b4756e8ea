//! Instants and lengths of time for people.

use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use serde_json::Value;

use super::field;

/// Shows instants in the zone of whoever sits at the terminal.
#[derive(Debug)]
pub(crate) struct Times {
    zone: TimeZone,
}

impl Times {
    /// In the zone of `TZ` or of the machine; UTC where it has none.
    pub(crate) fn local() -> Self {
        Self { zone: TimeZone::try_system().unwrap_or(TimeZone::UTC) }
    }

    /// `2026-11-23 04:31 CET`.
    pub(crate) fn minute(&self, at_us: i64) -> String {
        self.zoned(at_us).map(|at| at.strftime("%Y-%m-%d %H:%M %Z").to_string()).unwrap_or_default()
    }

    /// `2026-11-23 04:31:12 CET`.
    pub(crate) fn second(&self, at_us: i64) -> String {
        self.zoned(at_us).map(|at| at.strftime("%Y-%m-%d %H:%M:%S %Z").to_string()).unwrap_or_default()
    }

    /// The instant at a JSON pointer, to the minute; empty for null.
    pub(crate) fn minute_at(&self, value: &Value, pointer: &str) -> String {
        at_us(value, pointer).map(|at| self.minute(at)).unwrap_or_default()
    }

    /// The instant at a JSON pointer, to the second; empty for null.
    pub(crate) fn second_at(&self, value: &Value, pointer: &str) -> String {
        at_us(value, pointer).map(|at| self.second(at)).unwrap_or_default()
    }

    /// Reads what somebody typed: an instant (`2026-11-23T09:00Z`), or a local time (`2026-11-23 09:00`).
    pub(crate) fn read(&self, text: &str) -> Result<i64, jiff::Error> {
        if let Ok(at) = text.parse::<Timestamp>() {
            return Ok(at.as_microsecond());
        }
        let wall: jiff::civil::DateTime = text.parse()?;
        Ok(wall.to_zoned(self.zone.clone())?.timestamp().as_microsecond())
    }

    fn zoned(&self, at_us: i64) -> Option<Zoned> {
        Timestamp::from_microsecond(at_us).ok().map(|at| at.to_zoned(self.zone.clone()))
    }
}

/// The instant at a JSON pointer, microseconds since the epoch.
pub(crate) fn at_us(value: &Value, pointer: &str) -> Option<i64> {
    field(value, pointer).as_i64()
}

/// Now by the machine's clock: for the files of a pack and for how long something took, never for decisions.
#[expect(clippy::disallowed_methods, reason = "the command line has no engine's clock to ask")]
pub(crate) fn now() -> Timestamp {
    Timestamp::now()
}

/// How far away an instant is: `in 3:12`, `in 2 h 05 min`, `4 min late`.
pub(crate) fn relative(at_us: i64, now_us: i64) -> String {
    let seconds = at_us.saturating_sub(now_us) / 1_000_000;
    if seconds < 0 { format!("{} late", length(-seconds)) } else { format!("in {}", length(seconds)) }
}

fn length(seconds: i64) -> String {
    let (minutes, hours) = (seconds / 60, seconds / 3_600);
    match hours {
        0 if minutes < 10 => format!("{minutes}:{:02}", seconds % 60),
        0 => format!("{minutes} min"),
        1..48 => format!("{hours} h {:02} min", minutes % 60),
        _ => format!("{} d {} h", hours / 24, hours % 24),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use jiff::tz::TimeZone;

    use super::{Times, relative};

    #[test]
    fn instants_carry_their_zone() {
        let times = Times { zone: TimeZone::get("Europe/Stockholm").unwrap() };
        assert_eq!(times.minute(1_782_864_000_000_000), "2026-07-01 02:00 CEST");
        assert_eq!(times.second(1_767_225_600_000_000), "2026-01-01 01:00:00 CET");
    }

    #[test]
    fn people_type_local_times_and_programs_type_instants() {
        let times = Times { zone: TimeZone::get("Europe/Stockholm").unwrap() };
        assert_eq!(times.read("2026-01-01 01:00").unwrap(), 1_767_225_600_000_000);
        assert_eq!(times.read("2026-01-01T00:00:00Z").unwrap(), 1_767_225_600_000_000);
        assert!(times.read("tomorrow").is_err());
    }

    #[test]
    fn lengths_read_at_a_glance() {
        let minute = 60_000_000;
        assert_eq!(relative(192_000_000, 0), "in 3:12");
        assert_eq!(relative(25 * minute, 0), "in 25 min");
        assert_eq!(relative(125 * minute, 0), "in 2 h 05 min");
        assert_eq!(relative(0, 4 * minute), "4:00 late");
    }
}
