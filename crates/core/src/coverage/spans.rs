//! Holes that follow each other without a break are one hole.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::SAME;
use crate::escalation::Level;
use crate::id::PersonId;

/// A stretch in which one thing is wrong for one reason.
pub(super) struct Hole {
    pub(super) rule: &'static str,
    pub(super) policy: String,
    pub(super) level: Level,
    pub(super) step: Option<usize>,
    pub(super) reason: String,
    pub(super) start: Timestamp,
    pub(super) end: Timestamp,
    pub(super) always: bool,
}

/// What is wrong where, and why.
type Key = (&'static str, String, Level, Option<usize>, String);

/// The holes found so far. Stretches are recorded in the order of time.
pub(super) struct Spans {
    from: Timestamp,
    to: Timestamp,
    found: BTreeMap<Key, Vec<(Timestamp, Timestamp)>>,
}

impl Spans {
    pub(super) fn new(from: Timestamp, to: Timestamp) -> Self {
        Self { from, to, found: BTreeMap::new() }
    }

    pub(super) fn record(
        &mut self,
        rule: &'static str,
        (policy, level): (&str, Level),
        step: Option<usize>,
        reason: &str,
        (start, end): (Timestamp, Timestamp),
    ) {
        let spans = self.found.entry((rule, policy.to_owned(), level, step, reason.to_owned())).or_default();
        match spans.last_mut() {
            Some(last) if last.1 == start => last.1 = end,
            _ => spans.push((start, end)),
        }
    }

    /// Records where a level reaches only people whom the level below had paged in vain.
    pub(super) fn compare(
        &mut self,
        place: (&str, Level),
        silent: Option<&BTreeSet<PersonId>>,
        paged: Option<&BTreeSet<PersonId>>,
        stretch: (Timestamp, Timestamp),
    ) {
        let (Some(silent), Some(paged)) = (silent, paged) else { return };
        if !paged.is_empty() && paged.is_subset(silent) {
            let names: Vec<&str> = paged.iter().map(PersonId::as_str).collect();
            self.record(SAME, place, None, &names.join(", "), stretch);
        }
    }

    pub(super) fn into_holes(self) -> Vec<Hole> {
        let (from, to) = (self.from, self.to);
        let hole = |(rule, policy, level, step, reason): Key, (start, end)| {
            let always = start == from && end == to;
            Hole { rule, policy, level, step, reason, start, end, always }
        };
        self.found
            .into_iter()
            .flat_map(|(key, spans)| spans.into_iter().map(move |span| (key.clone(), span)))
            .map(|(key, span)| hole(key, span))
            .collect()
    }
}
