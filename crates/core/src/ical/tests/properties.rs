use proptest::prelude::*;

use super::super::line::{escape, lines, unescape, write};
use super::super::{FeedOf, MAX_SHIFTS, feed, import};
use super::{LAYERS, at, config};

proptest! {
    #[test]
    fn any_text_survives_being_written_and_read(text in "(?s).{0,200}") {
        let clean: String = text.replace("\r\n", "\n").replace('\r', "\n")
            .chars().filter(|c| *c == '\n' || !c.is_control()).collect();
        let mut out = String::new();
        write(&mut out, &format!("X:{}", escape(&text)));
        prop_assert!(out.trim_end_matches("\r\n").split("\r\n").all(|line| line.len() <= 75));
        prop_assert_eq!(unescape(&lines(&out).unwrap()[0].value), clean);
    }

    /// Whatever is cut out of a calendar, changed in it or put into it: an answer, never a panic, never more
    /// than the bound.
    #[test]
    fn a_mangled_calendar_is_answered(cut in 0..4000_usize, length in 0..60_usize, put in "(?s)[A-Z0-9:;=,\\-\n+TZ\u{e9}]{0,30}") {
        let mut text: Vec<char> = SAMPLE.chars().collect();
        let start = cut.min(text.len());
        let end = (start + length).min(text.len());
        text.splice(start..end, put.chars());
        let text: String = text.into_iter().collect();
        let config = config(LAYERS);
        let schedule = &config.schedules[&"l1".into()];
        match import(&config, schedule, &text, at("2026-06-01T00:00:00Z"), at("2027-06-01T00:00:00Z")) {
            Ok(imported) => {
                prop_assert!(imported.shifts.len() <= MAX_SHIFTS);
                prop_assert!(imported.shifts.iter().all(|shift| shift.start < shift.end));
            }
            Err(error) => prop_assert!(error.line >= 1 && !error.property.is_empty()),
        }
    }

    /// What is written as a feed is read as the same shifts.
    #[test]
    fn a_feed_imports_as_what_it_shows(day in 0..300_i64) {
        let config = config(LAYERS);
        let now = at("2026-01-10T03:00:00Z").checked_add(jiff::SignedDuration::from_hours(24 * day)).unwrap();
        let calendar = feed(&config, &FeedOf::Schedule("l1".into()), &std::collections::BTreeMap::new(), now);
        let (from, to) = (calendar.events[0].start, calendar.events.last().unwrap().end);
        let schedule = &config.schedules[&"l1".into()];
        let imported = import(&config, schedule, &calendar.to_text(), from, to).unwrap();
        let read: Vec<_> = imported.shifts.iter().map(|shift| (shift.start, shift.end)).collect();
        let written: Vec<_> = calendar.events.iter().map(|event| (event.start, event.end)).collect();
        prop_assert_eq!(read, written);
    }
}

const SAMPLE: &str = "BEGIN:VCALENDAR\nVERSION:2.0\nBEGIN:VTIMEZONE\nTZID:Custom Zone\n\
BEGIN:STANDARD\nDTSTART:16010101T030000\nTZOFFSETFROM:+0200\nTZOFFSETTO:+0100\n\
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10\nEND:STANDARD\n\
BEGIN:DAYLIGHT\nDTSTART:16010101T020000\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0200\n\
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3;UNTIL=20300101T000000Z\nEND:DAYLIGHT\nEND:VTIMEZONE\n\
BEGIN:VEVENT\nUID:1\nSUMMARY:elif\nDTSTART;TZID=\"Custom Zone\":20260601T080000\nDURATION:P1DT2H\n\
RRULE:FREQ=MONTHLY;INTERVAL=2;BYDAY=1MO,-1FR;COUNT=30;WKST=SU\nEXDATE;TZID=Europe/Stockholm:20260601T080000\n\
ATTENDEE;CN=\"Bo, Ek\";PARTSTAT=ACCEPTED:mailto:bo@ten.example\nEND:VEVENT\n\
BEGIN:VEVENT\nUID:2\nSUMMARY:bo\\, elif\nDTSTART;VALUE=DATE:20260608\nDTEND;VALUE=DATE:20260610\n\
RRULE:FREQ=YEARLY;BYMONTH=6,7;BYMONTHDAY=-1,1;BYSETPOS=-1\nRDATE;VALUE=DATE:20260701,20260801\nEND:VEVENT\n\
END:VCALENDAR\n";
