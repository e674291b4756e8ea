//! The words that senders use for severities, states and instants.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::{Action, AlertSeverity};

/// The severity that a word means, in any case; nothing where it means none.
pub(super) fn severity(word: &str) -> Option<AlertSeverity> {
    let word = word.trim().to_ascii_lowercase();
    Some(match word.as_str() {
        "critical" | "crit" | "fatal" | "emergency" | "emerg" | "disaster" | "p1" | "sev1" => {
            AlertSeverity::Critical
        }
        "error" | "err" | "high" | "page" | "major" | "severe" | "p2" | "sev2" => AlertSeverity::Error,
        "warning" | "warn" | "medium" | "moderate" | "average" | "minor" | "ticket" | "p3" | "sev3" => {
            AlertSeverity::Warning
        }
        "info" | "information" | "informational" | "notice" | "low" | "none" | "debug" | "p4" | "p5"
        | "sev4" => AlertSeverity::Info,
        _ => return None,
    })
}

/// The action that a word for a state means, in any case; nothing where it means none.
pub(super) fn action(word: &str) -> Option<Action> {
    let word = word.trim().to_ascii_lowercase();
    Some(match word.as_str() {
        "trigger" | "triggered" | "firing" | "alert" | "alerting" | "alarm" | "problem" | "open"
        | "opened" | "active" | "new" => Action::Trigger,
        "acknowledge" | "acknowledged" | "ack" | "acked" => Action::Acknowledge,
        "resolve" | "resolved" | "ok" | "okay" | "close" | "closed" | "clear" | "cleared" | "recovery"
        | "recovered" | "normal" | "inactive" => Action::Resolve,
        _ => return None,
    })
}

/// An instant in ISO 8601, in microseconds since the epoch.
///
/// Offsets may lack their colon (`+0000`), as PagerDuty's own examples do; without any offset the
/// instant is in UTC.
pub(super) fn instant_us(text: &str) -> Option<i64> {
    let text = text.trim();
    if let Ok(instant) = text.parse::<Timestamp>() {
        return Some(instant.as_microsecond());
    }
    // PyPI's client of PagerDuty ends an instant that has its offset with a `Z` too.
    if let Some(instant) = text.strip_suffix('Z').and_then(|text| text.parse::<Timestamp>().ok()) {
        return Some(instant.as_microsecond());
    }
    let civil: DateTime = text.parse().ok()?;
    Some(TimeZone::UTC.to_timestamp(civil).ok()?.as_microsecond())
}
