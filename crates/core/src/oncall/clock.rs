//! Times of day and days of the week as a schedule writes them.

use std::fmt;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use thiserror::Error;

/// A wall time between `00:00` and `24:00`, to the minute. `24:00` is the end of the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TimeOfDay {
    minutes: u16,
}

/// A text that is no time of day.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{0}` is not a time of day; write 00:00 to 24:00, as in 08:30")]
pub struct TimeOfDayError(String);

impl TimeOfDay {
    /// The beginning of the day.
    pub const MIDNIGHT: Self = Self { minutes: 0 };
    /// The end of the day.
    pub const END_OF_DAY: Self = Self { minutes: 1_440 };

    /// A time from hour and minute; `None` outside 00:00 to 24:00.
    pub fn new(hour: u16, minute: u16) -> Option<Self> {
        let minutes = hour.checked_mul(60)?.checked_add(minute)?;
        (minute < 60 && minutes <= 1_440).then_some(Self { minutes })
    }

    /// Minutes since 00:00 on the wall clock.
    pub fn minutes(self) -> u16 {
        self.minutes
    }

    /// Seconds since 00:00 on the wall clock.
    pub fn seconds(self) -> i64 {
        i64::from(self.minutes) * 60
    }
}

impl FromStr for TimeOfDay {
    type Err = TimeOfDayError;

    fn from_str(text: &str) -> Result<Self, TimeOfDayError> {
        let parse = || {
            let (hour, minute) = text.split_once(':')?;
            let two_digits = |part: &str| part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit());
            if !two_digits(hour) || !two_digits(minute) {
                return None;
            }
            Self::new(hour.parse().ok()?, minute.parse().ok()?)
        };
        parse().ok_or_else(|| TimeOfDayError(text.to_owned()))
    }
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.minutes / 60, self.minutes % 60)
    }
}

impl Serialize for TimeOfDay {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for TimeOfDay {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

impl JsonSchema for TimeOfDay {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "TimeOfDay".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "pattern": "^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$",
            "description": "A wall time from `00:00` to `24:00`, the end of the day.",
            "examples": ["08:30"],
        })
    }
}

/// A day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Day {
    /// Monday
    Mon,
    /// Tuesday
    Tue,
    /// Wednesday
    Wed,
    /// Thursday
    Thu,
    /// Friday
    Fri,
    /// Saturday
    Sat,
    /// Sunday
    Sun,
}

impl Day {
    /// Monday to Sunday.
    pub const ALL: [Self; 7] = [Self::Mon, Self::Tue, Self::Wed, Self::Thu, Self::Fri, Self::Sat, Self::Sun];

    /// 0 for Monday to 6 for Sunday.
    pub fn index(self) -> u8 {
        self as u8
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::TimeOfDay;

    #[test]
    fn times_of_day_read_and_write_alike_up_to_the_end_of_the_day() {
        for text in ["00:00", "08:30", "23:59", "24:00"] {
            assert_eq!(text.parse::<TimeOfDay>().unwrap().to_string(), text);
        }
        for text in ["24:01", "8:30", "08:60", "0830", "-1:00", "", "08:3o", "+8:30"] {
            assert!(text.parse::<TimeOfDay>().is_err(), "{text}");
        }
    }
}
