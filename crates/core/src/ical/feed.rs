//! Writes a calendar.

use jiff::Timestamp;

use super::line::{escape, write};

/// A calendar to be written. Every instant is written in UTC, so it needs no VTIMEZONE: each reader shows
/// it in a zone of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    pub name: String,
    pub description: String,
    pub events: Vec<Event>,
}

/// One event. `start` is its first instant, `end` the first after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// The same in every version of the event, and no other event's.
    pub uid: String,
    pub start: Timestamp,
    pub end: Timestamp,
    pub summary: String,
    pub description: String,
    pub categories: Vec<String>,
    /// When the event became what it is.
    pub modified: Timestamp,
    /// Never goes down from one version to the next.
    pub sequence: i64,
    /// Whether it takes the reader's time; one that does not is only shown.
    pub busy: bool,
}

/// Readers that ask for advice are told to look again after this time.
const REFRESH: &str = "PT1H";

impl Calendar {
    /// The calendar as RFC 5545 wants it: UTF-8, CRLF, lines of at most 75 octets.
    pub fn to_text(&self) -> String {
        let mut out = String::with_capacity(512 + 512 * self.events.len());
        let name = escape(&self.name);
        for line in [
            "BEGIN:VCALENDAR".to_owned(),
            "VERSION:2.0".to_owned(),
            "PRODID:-//Decurion//On-call//EN".to_owned(),
            "CALSCALE:GREGORIAN".to_owned(),
            // RFC 7986, and what was in use before it.
            format!("NAME:{name}"),
            format!("X-WR-CALNAME:{name}"),
            format!("DESCRIPTION:{}", escape(&self.description)),
            format!("REFRESH-INTERVAL;VALUE=DURATION:{REFRESH}"),
            format!("X-PUBLISHED-TTL:{REFRESH}"),
        ] {
            write(&mut out, &line);
        }
        for event in &self.events {
            event.write(&mut out);
        }
        write(&mut out, "END:VCALENDAR");
        out
    }
}

impl Event {
    fn write(&self, out: &mut String) {
        let modified = utc(self.modified);
        write(out, "BEGIN:VEVENT");
        write(out, &format!("UID:{}", escape(&self.uid)));
        // Without a METHOD, DTSTAMP says what LAST-MODIFIED says (RFC 5545, section 3.8.7.2).
        write(out, &format!("DTSTAMP:{modified}"));
        write(out, &format!("LAST-MODIFIED:{modified}"));
        write(out, &format!("SEQUENCE:{}", self.sequence));
        write(out, &format!("DTSTART:{}", utc(self.start)));
        write(out, &format!("DTEND:{}", utc(self.end)));
        write(out, &format!("SUMMARY:{}", escape(&self.summary)));
        write(out, &format!("DESCRIPTION:{}", escape(&self.description)));
        if !self.categories.is_empty() {
            let categories: Vec<String> = self.categories.iter().map(|word| escape(word)).collect();
            write(out, &format!("CATEGORIES:{}", categories.join(",")));
        }
        write(out, "STATUS:CONFIRMED");
        write(out, if self.busy { "TRANSP:OPAQUE" } else { "TRANSP:TRANSPARENT" });
        write(out, "END:VEVENT");
    }
}

fn utc(at: Timestamp) -> String {
    at.strftime("%Y%m%dT%H%M%SZ").to_string()
}
