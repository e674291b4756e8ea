//! The days that are looked at, and how findings are written down.

use std::fmt::Write as _;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::finding::{CoverageFinding, CoverageSeverity, Span};
use crate::config::Config;

/// How far back the check begins, so that what lasts already is seen from its beginning.
const LOOK_BACK: SignedDuration = SignedDuration::from_hours(8 * 24);
/// The most stretches that a finding lists.
const MOST_SPANS: usize = 50;

/// The days that are looked at.
pub(super) struct Scope<'a> {
    /// Where the timelines begin.
    pub(super) first: Timestamp,
    pub(super) from: Timestamp,
    pub(super) to: Timestamp,
    zone: TimeZone,
    zone_name: &'a str,
}

impl<'a> Scope<'a> {
    pub(super) fn new(config: &'a Config, from: Timestamp, days: u32) -> Self {
        let length = SignedDuration::from_hours(24 * i64::from(days));
        let zone_name = &config.organisation.zone;
        Self {
            first: from.checked_sub(LOOK_BACK).unwrap_or(Timestamp::MIN),
            from,
            to: from.checked_add(length).unwrap_or(Timestamp::MAX),
            zone: TimeZone::get(zone_name).unwrap_or(TimeZone::UTC),
            zone_name,
        }
    }

    /// Whether a stretch is of the days ahead.
    pub(super) fn ahead(&self, span: Span) -> bool {
        span.end > self.from && span.start < self.to
    }

    /// A finding about a subject as a whole: its key says nothing of time. `spans` are in order; without any
    /// it is about all the time.
    pub(super) fn standing(
        &self,
        rule: &str,
        severity: CoverageSeverity,
        subject: &str,
        spans: &[Span],
    ) -> CoverageFinding {
        let whole = Span { start: self.from, end: self.to };
        let (first, last) = (spans.first().unwrap_or(&whole), spans.last().unwrap_or(&whole));
        let always = spans.is_empty() || (spans.len() == 1 && self.is_always(*first));
        CoverageFinding {
            key: format!("{rule}/{subject}"),
            rule: rule.to_owned(),
            severity,
            policy: None,
            level: None,
            step: None,
            schedule: None,
            person: None,
            people: Vec::new(),
            start: if first.start <= self.first { self.from } else { first.start },
            end: last.end,
            always,
            spans: if spans.len() > 1 {
                spans.iter().take(MOST_SPANS).copied().collect()
            } else {
                Vec::new()
            },
            message: String::new(),
            mend: String::new(),
            accepted: None,
        }
    }

    /// A finding about one stretch: its key names the beginning, unless that is out of sight.
    pub(super) fn timed(
        &self,
        rule: &str,
        severity: CoverageSeverity,
        subject: &str,
        span: Span,
    ) -> CoverageFinding {
        let mut finding = self.standing(rule, severity, subject, &[span]);
        if span.start > self.first {
            let begins = span.start.strftime("%Y-%m-%dT%H:%M:%SZ");
            // Writing to a String cannot fail.
            let _ = write!(finding.key, "@{begins}");
        }
        finding
    }

    fn is_always(&self, span: Span) -> bool {
        span.start <= self.first && span.end >= self.to
    }

    /// An instant on the organisation's wall clock.
    pub(super) fn wall(&self, at: Timestamp) -> String {
        at.to_zoned(self.zone.clone()).strftime("%Y-%m-%d %H:%M").to_string()
    }

    /// ` from … to … Europe/Stockholm`, how often where there are several; nothing for all the time.
    pub(super) fn when(&self, spans: &[Span]) -> String {
        let Some(first) = spans.first() else { return String::new() };
        if spans.len() == 1 && self.is_always(*first) {
            return String::new();
        }
        let (start, end) = (self.wall(first.start), self.wall(first.end));
        let times = match spans.len() {
            1 => String::new(),
            times => format!(" {times} times, first"),
        };
        format!("{times} from {start} to {end} {}", self.zone_name)
    }
}
