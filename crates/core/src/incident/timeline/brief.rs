//! The brief of one page, for people who have thirty seconds.

use std::fmt::Write as _;

use crate::config::Config;
use crate::incident::timeline::words::{self, Words};
use crate::incident::timeline::{Narrator, Sentence};
use crate::incident::view::{Lamp, LevelView, View, view};
use crate::incident::{State, Status};
use crate::journal::Entry;
use crate::record::Record;

/// What happened, at most so many lines.
const MOST_LINES: usize = 14;
/// Titles of alerts, at most so many.
const MOST_ALERTS: usize = 4;
/// Of a description, at most so many characters.
const MOST_DESCRIPTION: usize = 240;

/// The records that a brief tells of.
const TOLD: [&str; 15] = [
    "incident.opened",
    "incident.classified",
    "incident.level_engaged",
    "incident.step_silent",
    "incident.page_unreachable",
    "incident.acknowledged",
    "incident.acknowledgement_expired",
    "incident.raised",
    "incident.lowered",
    "incident.snoozed",
    "incident.snooze_ended",
    "incident.reassigned",
    "incident.noted",
    "incident.repeat_due",
    "incident.resolved",
];

/// The brief, made from the entries of a case in their order, as it stands at `now_us`.
///
/// `reference` is what people call the case.
pub fn brief(reference: &str, entries: &[Entry], config: &Config, now_us: i64) -> String {
    let mut case = Case::default();
    for entry in entries {
        case.follow(entry);
    }
    let words = Words { config, now_us };
    let view = view(&case.state, config);
    let mut text = format!("{reference}: {}\nBrief as of {}\n\n", case.state.title, words.date(now_us));
    line(&mut text, "Since", &since(&words, &case.state));
    line(&mut text, "Severity", &severity(&case.state));
    line(&mut text, "State", &state(&words, &case.state, &view));
    for level in view.levels.iter().filter(|level| level.engaged_us.is_some()) {
        line(&mut text, level.level.as_str(), &level_text(level));
    }
    line(&mut text, "Alerts", &case.alerts_text());
    line(&mut text, "Next", &next(&words, &view));
    if let Some(description) = &case.state.description {
        let _ = write!(text, "\n{}\n", shortened(description));
    }
    happened(&mut text, &words, entries);
    text
}

#[derive(Default)]
struct Case {
    state: State,
    alerts: Vec<String>,
}

impl Case {
    fn follow(&mut self, entry: &Entry) {
        let record = entry.payload.as_ref().and_then(|payload| Record::decode(&entry.kind, payload).ok());
        let Some(record) = record.filter(|_| entry.stream.kind() == "incident") else { return };
        match &record {
            Record::IncidentOpened(opened) => {
                self.alerts.extend(opened.alert.as_ref().map(|alert| alert.title.clone()));
            }
            Record::IncidentAlertAttached(attached) => self.alerts.push(attached.alert.title.clone()),
            _ => {}
        }
        self.state.apply(entry.version, entry.at_us, &record);
    }

    fn alerts_text(&self) -> String {
        let counted = format!("{} open of {}", self.state.alerts_open, self.state.alerts_total);
        let mut titles: Vec<&str> = Vec::new();
        for title in &self.alerts {
            if !titles.contains(&title.as_str()) && titles.len() < MOST_ALERTS {
                titles.push(title);
            }
        }
        if titles.is_empty() { counted } else { format!("{counted}: {}", titles.join("; ")) }
    }
}

fn line(text: &mut String, label: &str, value: &str) {
    let _ = writeln!(text, "{label:<10}{value}");
}

fn since(words: &Words<'_>, state: &State) -> String {
    let end_us = state.resolved_us.unwrap_or(words.now_us);
    format!("{} ({})", words.date(state.opened_us), words::span(end_us - state.opened_us))
}

fn severity(state: &State) -> String {
    let mut said = vec![state.severity.to_string()];
    said.extend(state.customer_facing.then(|| "customer-facing".to_owned()));
    said.extend(state.company_wide.then(|| "company-wide".to_owned()));
    said.join(", ")
}

fn state(words: &Words<'_>, state: &State, view: &View) -> String {
    let what = state.disposition.map(|found| format!(" ({})", words::disposition(found))).unwrap_or_default();
    let status = state.status();
    match &view.holder {
        _ if status == Status::Resolved => {
            let at = state.resolved_us.map(|at_us| words.instant(at_us)).unwrap_or_default();
            format!("resolved {at}{what}")
        }
        Some(holder) => {
            let since = words.instant(holder.since_us);
            format!("{}{what}; held by {} ({}) since {since}", status.as_str(), holder.name, holder.level)
        }
        None => format!("{}{what}; nobody holds it", status.as_str()),
    }
}

fn level_text(level: &LevelView) -> String {
    let word = match level.lamp {
        Lamp::Off => "not engaged",
        Lamp::Armed => "next",
        Lamp::Paging => "paged",
        Lamp::Part => "some answered",
        Lamp::Held => "answered",
        Lamp::Silent => "no answer",
        Lamp::Told => "told",
        Lamp::Hole => "reaches nobody",
        Lamp::StoodDown => "stood down",
    };
    let names: Vec<String> = level.targets.iter().map(|target| target.name.clone()).collect();
    let cause = level.cause.as_deref().unwrap_or_default();
    if names.is_empty() {
        format!("{word} ({cause})")
    } else {
        format!("{word}: {} ({cause})", words::list(&names))
    }
}

fn next(words: &Words<'_>, view: &View) -> String {
    let waits = view.next.as_ref().map(|next| format!("{}: {}", words.instant(next.due_us), next.text));
    waits.unwrap_or_else(|| "nothing waits".to_owned())
}

fn shortened(text: &str) -> String {
    let text = text.trim();
    if text.chars().count() <= MOST_DESCRIPTION {
        return text.to_owned();
    }
    let begin: String = text.chars().take(MOST_DESCRIPTION).collect();
    format!("{}…", begin.trim_end())
}

fn happened(text: &mut String, words: &Words<'_>, entries: &[Entry]) {
    let mut narrator = Narrator::new(words.config);
    let told: Vec<(i64, Sentence)> = entries
        .iter()
        .map(|entry| (entry, narrator.sentence(entry)))
        .filter(|(entry, _)| TOLD.contains(&entry.kind.as_str()))
        .map(|(entry, sentence)| (entry.at_us, sentence))
        .collect();
    let left_out = told.len().saturating_sub(MOST_LINES);
    text.push_str("\nWhat happened\n");
    if left_out > 0 {
        let _ = writeln!(text, "  ({left_out} earlier entries are in the timeline)");
    }
    for (at_us, sentence) in told.iter().skip(left_out) {
        let _ = writeln!(text, "  {}  {}", words.clock(*at_us), sentence.text);
    }
}
