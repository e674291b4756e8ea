//! Instants and spans as people read them on the page.

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// `03:12:02 CEST`, with the weekday when it is another day than `now_us`.
pub(super) fn instant(at_us: i64, now_us: i64, zone: &TimeZone) -> String {
    let zoned = |us| Timestamp::from_microsecond(us).unwrap_or(Timestamp::UNIX_EPOCH).to_zoned(zone.clone());
    let (at, now) = (zoned(at_us), zoned(now_us));
    let format = if at.date() == now.date() { "%H:%M:%S %Z" } else { "%a %e %b %H:%M %Z" };
    at.strftime(format).to_string()
}

/// `4:18` under an hour, `6 h 18 min` under a day, `1 d 5 h` beyond.
pub(super) fn left(us: i64) -> String {
    let seconds = us.max(0) / 1_000_000;
    match seconds {
        0..3_600 => format!("{}:{:02}", seconds / 60, seconds % 60),
        3_600..86_400 => format!("{} h {:02} min", seconds / 3_600, seconds % 3_600 / 60),
        _ => format!("{} d {} h", seconds / 86_400, seconds % 86_400 / 3_600),
    }
}

/// `1 min 29 s`.
pub(super) fn span(us: i64) -> String {
    let seconds = us.max(0) / 1_000_000;
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3_600 => format!("{} min {} s", seconds / 60, seconds % 60),
        _ => format!("{} h {} min", seconds / 3_600, seconds % 3_600 / 60),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use jiff::tz::TimeZone;

    use super::{instant, left, span};

    #[test]
    fn spans_read_as_people_say_them() {
        assert_eq!(left(258_000_000), "4:18");
        assert_eq!(left(-1), "0:00");
        assert_eq!(left(22_680_000_000), "6 h 18 min");
        assert_eq!(left(104_400_000_000), "1 d 5 h");
        assert_eq!(span(89_000_000), "1 min 29 s");
    }

    #[test]
    fn instants_name_their_zone_and_another_day() {
        let zone = TimeZone::get("Europe/Stockholm").unwrap();
        let at = 1_760_490_722_000_000;
        assert_eq!(instant(at, at, &zone), "03:12:02 CEST");
        assert!(instant(at, at - 86_400_000_000, &zone).starts_with("Wed 15 Oct"));
    }
}
