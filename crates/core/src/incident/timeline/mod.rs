//! What happened to a case, as sentences, and the brief of one page.
//!
//! Both are made from the journal alone, with the names that people have in the configuration.

mod alerts;
mod brief;
mod case;
mod duty;
mod pages;
#[cfg(test)]
mod tests;
mod words;

use std::collections::BTreeMap;

use crate::access::Actor;
use crate::config::Config;
use crate::decide::Placed;
use crate::escalation::Level;
use crate::id::{PageId, PersonId};
use crate::incident::Severity;
use crate::journal::Entry;
use crate::notify::{PageDecided, Planned};
use crate::record::Record;

pub use brief::brief;
pub use words::actor;

/// What one record says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sentence {
    /// One line without its end mark: `Elif Aydın acknowledged`.
    pub text: String,
    /// What stands behind it: a reason, a provider's answer, a note.
    pub detail: Option<String>,
    pub level: Option<Level>,
    pub severity: Option<Severity>,
    /// The page it is about.
    pub page: Option<PageId>,
}

/// Puts the records of a case into words, in their order: a page's first record says who it is for.
#[derive(Debug)]
pub struct Narrator<'a> {
    config: &'a Config,
    pages: BTreeMap<PageId, Known>,
}

/// What a page's first record said.
#[derive(Debug)]
struct Known {
    person: PersonId,
    /// None for a notice.
    level: Option<Level>,
    plan: Vec<Planned>,
    /// The place in the plan of each message.
    places: BTreeMap<String, usize>,
}

/// A record and where it comes from.
#[derive(Debug, Clone, Copy)]
struct Told<'a> {
    actor: &'a str,
    at_us: i64,
    page: Option<&'a PageId>,
}

impl Sentence {
    fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    fn detail(self, detail: impl Into<String>) -> Self {
        Self { detail: Some(detail.into()).filter(|detail| !detail.is_empty()), ..self }
    }

    fn reason(self, reason: Option<&String>) -> Self {
        Self { detail: reason.cloned().filter(|reason| !reason.is_empty()), ..self }
    }

    fn at(self, level: Level) -> Self {
        Self { level: Some(level), ..self }
    }

    fn of(self, severity: Option<Severity>) -> Self {
        Self { severity, ..self }
    }
}

impl<'a> Narrator<'a> {
    /// Knows people by the names that `config` has.
    pub const fn new(config: &'a Config) -> Self {
        Self { config, pages: BTreeMap::new() }
    }

    /// What an entry of the journal says.
    pub fn sentence(&mut self, entry: &Entry) -> Sentence {
        let page = (entry.stream.kind() == "page").then(|| PageId::from(entry.stream.key()));
        let Some(payload) = &entry.payload else {
            return Sentence { page, ..Sentence::new(format!("{} (its contents were erased)", entry.kind)) };
        };
        let told = Told { actor: &entry.actor, at_us: entry.at_us, page: page.as_ref() };
        match Record::decode(&entry.kind, payload) {
            Ok(record) => self.record(&record, told),
            Err(_) => Sentence { page, ..Sentence::new(entry.kind.clone()) },
        }
    }

    /// What a record says that is in no journal.
    pub(crate) fn told(&mut self, placed: &Placed, actor: &Actor, at_us: i64) -> Sentence {
        let page = (placed.stream.kind() == "page").then(|| PageId::from(placed.stream.key()));
        self.record(&placed.record, Told { actor: &actor.to_string(), at_us, page: page.as_ref() })
    }

    fn record(&mut self, record: &Record, told: Told<'_>) -> Sentence {
        self.learn(record, told.page);
        let words = words::Words { config: self.config, now_us: told.at_us };
        let known = told.page.and_then(|page| self.pages.get(page));
        let said = case::sentence(&words, record, told.actor)
            .or_else(|| alerts::sentence(&words, record, told.actor))
            .or_else(|| duty::sentence(&words, record, told.actor))
            .or_else(|| pages::sentence(&words, record, known))
            .unwrap_or_else(|| Sentence::new(record.kind()));
        Sentence { page: told.page.cloned(), ..said }
    }

    fn learn(&mut self, record: &Record, page: Option<&PageId>) {
        match record {
            Record::PageDecided(PageDecided { page, person, level, plan, .. }) => {
                let (person, plan) = (person.clone(), plan.clone());
                self.pages.insert(
                    page.clone(),
                    Known { person, level: Some(*level), plan, places: BTreeMap::new() },
                );
            }
            Record::NoticeDecided(decided) => {
                let (person, plan) = (decided.person.clone(), decided.plan.clone());
                let known = Known { person, level: None, plan, places: BTreeMap::new() };
                self.pages.insert(decided.page.clone(), known);
            }
            Record::NotificationDecided(decided) => {
                if let Some(known) = page.and_then(|page| self.pages.get_mut(page)) {
                    known.places.insert(decided.notification.to_string(), decided.place);
                }
            }
            _ => {}
        }
    }
}

impl Known {
    /// The way that a message takes.
    fn way(&self, notification: &str) -> Option<&Planned> {
        self.plan.get(*self.places.get(notification)?)
    }
}
