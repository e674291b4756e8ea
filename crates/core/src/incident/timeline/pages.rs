//! Sentences about pages and their messages.

use crate::incident::timeline::words::{self, Words};
use crate::incident::timeline::{Known, Sentence};
use crate::notify::{MessageKind, PageDecided};
use crate::record::Record;

/// The sentence of a record of a page; none for another record.
pub(super) fn sentence(words: &Words<'_>, record: &Record, known: Option<&Known>) -> Option<Sentence> {
    let name = || known.map_or_else(|| "the person".to_owned(), |known| words.name(&known.person));
    let by = |notification: &str| {
        let way = known.and_then(|known| known.way(notification));
        way.map_or("over another way", |way| words::channel(way.channel))
    };
    let said = match record {
        Record::PageDecided(decided) => decided_text(words, decided),
        Record::NotificationDecided(decided) => {
            let sooner = if decided.fallback { "at once, because another way failed" } else { "" };
            let by = by(decided.notification.as_str());
            Sentence::new(format!("A message goes to {} {by}", name())).detail(sooner)
        }
        Record::NotificationDelivered(delivered) => {
            let late = if delivered.late { ", after the page had ended" } else { "" };
            let by = by(delivered.notification.as_str());
            Sentence::new(format!("Sent to {} {by}{late}", name())).detail(delivered.answer.clone())
        }
        Record::NotificationSent(sent) => {
            let by = by(sent.notification.as_str());
            let asked = format!("{}; asked at {}", sent.answer, words.clock(sent.ask_at_us));
            Sentence::new(format!("On its way to {} {by}", name())).detail(asked)
        }
        Record::NotificationFailed(failed) => {
            let again = failed.retry_at_us.map_or_else(
                || "; not tried again".to_owned(),
                |at_us| format!("; tried again at {}", words.clock(at_us)),
            );
            let by = by(failed.notification.as_str());
            Sentence::new(format!("Not sent to {} {by}", name())).detail(format!("{}{again}", failed.answer))
        }
        Record::PageAnswered(answered) => {
            let by = words.name(&answered.by);
            Sentence::new(format!("{by} answered the page")).detail(words::via(&answered.via))
        }
        Record::PageSuperseded(superseded) => Sentence::new(format!("{} need not answer any more", name()))
            .detail(superseded_why(words, &superseded.why)),
        Record::PageGivenUp(_) => Sentence::new(format!("No way is left to tell {}", name())),
        _ => return None,
    };
    Some(Sentence { level: known.and_then(|known| known.level), ..said })
}

fn decided_text(words: &Words<'_>, decided: &PageDecided) -> Sentence {
    let name = words.name(&decided.person);
    let text = match decided.kind {
        MessageKind::Page => format!("{name} is paged"),
        MessageKind::Notice | MessageKind::Tell => format!("{name} is told"),
    };
    let ways: Vec<String> = decided
        .plan
        .iter()
        .map(|way| match way.delay_s {
            0 => format!("{} at once", words::channel(way.channel)),
            delay_s => format!("{} after {}", words::channel(way.channel), words::span(delay_s * 1_000_000)),
        })
        .collect();
    Sentence::new(text).detail(ways.join(", "))
}

/// `elif acknowledged` names a person by id: here by name.
fn superseded_why(words: &Words<'_>, why: &str) -> String {
    match why.split_once(' ') {
        Some((id, rest)) if words.config.organisation.people.contains_key(&id.into()) => {
            format!("{} {rest}", words.name(&id.into()))
        }
        _ => why.to_owned(),
    }
}
