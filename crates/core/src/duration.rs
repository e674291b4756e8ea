//! Lengths of time as people write them in configuration: `90s`, `5m`, `1h30m`, `2d`, `1w`.

use std::fmt;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use thiserror::Error;

/// The longest length that is accepted: a century. Keeps sums of instants and lengths within 64 bits.
const MAX_S: u64 = 100 * 366 * 86_400;

/// Units from the longest to the shortest, in seconds.
const UNITS: [(char, u64); 5] = [('w', 604_800), ('d', 86_400), ('h', 3_600), ('m', 60), ('s', 1)];

/// A length of time in whole seconds; text such as `1h30m` in YAML and JSON.
///
/// A day is 24 hours and a week 168 hours here; what follows the calendar (a rotation's handoffs) does
/// its own arithmetic on wall-clock time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct DurationS(u64);

/// Why a text is not a length of time.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum DurationError {
    /// Nothing was written.
    #[error("a length of time is missing; write for example 5m, 1h30m or 2d")]
    Empty,
    /// A number without a unit, a unit without a number, or a letter that is no unit.
    #[error("`{0}` is not a length of time; write numbers with the units w, d, h, m, s, as in 1h30m")]
    Malformed(String),
    /// `30m1h`, or the same unit twice.
    #[error("`{0}`: the units go from long to short and each appears once, as in 1d2h30m")]
    Order(String),
    /// More than a century.
    #[error("`{0}` is longer than 100 years")]
    TooLong(String),
}

impl DurationS {
    /// No time at all.
    pub const ZERO: Self = Self(0);

    /// This many seconds (at most a century).
    pub const fn from_secs(seconds: u64) -> Self {
        Self(if seconds > MAX_S { MAX_S } else { seconds })
    }

    /// This many minutes.
    pub const fn from_mins(minutes: u64) -> Self {
        Self::from_secs(minutes.saturating_mul(60))
    }

    /// This many hours.
    pub const fn from_hours(hours: u64) -> Self {
        Self::from_secs(hours.saturating_mul(3_600))
    }

    /// The length in seconds.
    pub const fn as_secs(self) -> u64 {
        self.0
    }

    /// The length in seconds, for sums with instants; never negative, at most a century.
    pub const fn as_secs_i64(self) -> i64 {
        self.0.cast_signed()
    }

    /// The length in microseconds, the unit in which instants are stored.
    pub const fn as_us(self) -> i64 {
        self.0.cast_signed() * 1_000_000
    }

    /// Whether it is no time at all.
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }
}

impl FromStr for DurationS {
    type Err = DurationError;

    fn from_str(text: &str) -> Result<Self, DurationError> {
        let mut rest = text.trim();
        if rest.is_empty() {
            return Err(DurationError::Empty);
        }
        let mut total = 0_u64;
        let mut shortest_so_far = u64::MAX;
        while !rest.is_empty() {
            let (count, unit, tail) =
                split_part(rest).ok_or_else(|| DurationError::Malformed(text.to_owned()))?;
            if unit >= shortest_so_far {
                return Err(DurationError::Order(text.to_owned()));
            }
            shortest_so_far = unit;
            total = count.checked_mul(unit).and_then(|part| total.checked_add(part)).unwrap_or(u64::MAX);
            rest = tail;
        }
        if total > MAX_S { Err(DurationError::TooLong(text.to_owned())) } else { Ok(Self(total)) }
    }
}

/// Takes the first `<digits><unit>` off a text; a count too large for 64 bits is as good as the largest.
fn split_part(text: &str) -> Option<(u64, u64, &str)> {
    let digits = text.find(|c: char| !c.is_ascii_digit())?;
    if digits == 0 {
        return None;
    }
    let letter = text[digits..].chars().next()?;
    let unit = UNITS.iter().find(|(name, _)| *name == letter)?.1;
    let count = text[..digits].parse().unwrap_or(u64::MAX);
    Some((count, unit, &text[digits + letter.len_utf8()..]))
}

impl fmt::Display for DurationS {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 == 0 {
            return f.write_str("0s");
        }
        let mut rest = self.0;
        for (letter, unit) in UNITS.into_iter().skip(1) {
            if rest >= unit {
                write!(f, "{}{letter}", rest / unit)?;
                rest %= unit;
            }
        }
        Ok(())
    }
}

impl Serialize for DurationS {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for DurationS {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

impl JsonSchema for DurationS {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Duration".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "pattern": r"^\s*(?=[0-9])([0-9]+w)?([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?\s*$",
            "description": "A length of time in weeks, days, hours, minutes and seconds: `90s`, `5m`, `1h30m`, `2d`.",
            "examples": ["5m", "1h30m", "2d"],
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use proptest::prelude::*;

    use super::{DurationError, DurationS, MAX_S};

    #[test]
    fn reads_what_people_write() {
        for (text, seconds) in
            [("5m", 300), ("1h30m", 5_400), ("2d", 172_800), ("1w", 604_800), ("0s", 0), ("90s", 90)]
        {
            assert_eq!(text.parse::<DurationS>().unwrap().as_secs(), seconds, "{text}");
        }
    }

    #[test]
    fn says_what_is_wrong_with_a_text() {
        let error = |text: &str| text.parse::<DurationS>().unwrap_err();
        assert_eq!(error(" "), DurationError::Empty);
        for text in ["5", "m", "5x", "-5m", "1.5h", "5 m", "5é"] {
            assert_eq!(error(text), DurationError::Malformed(text.to_owned()));
        }
        assert_eq!(error("30m1h"), DurationError::Order("30m1h".to_owned()));
        assert_eq!(error("1m1m"), DurationError::Order("1m1m".to_owned()));
        assert_eq!(
            error("99999999999999999999d"),
            DurationError::TooLong("99999999999999999999d".to_owned())
        );
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(seconds in 0..=MAX_S) {
            let duration = DurationS::from_secs(seconds);
            prop_assert_eq!(duration.to_string().parse::<DurationS>().unwrap(), duration);
        }
    }
}
