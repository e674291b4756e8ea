//! Who is told what about a swap.

use super::{Span, Swap, SwapState, Taken};
use crate::id::{PersonId, SwapId};
use crate::notify::Topic;
use crate::roster::deciding::Deciding;
use crate::roster::text;

impl Swap {
    /// Where in the console it is.
    pub(super) fn path(&self) -> String {
        format!("/oncall?swap={}", self.id)
    }
}

impl Deciding<'_> {
    /// Tells those who are asked; time may have brought more by now.
    pub(super) fn announce(&mut self, id: &SwapId) {
        let Some(swap) = self.state.swaps.get(id).cloned() else { return };
        for person in &swap.asked {
            self.tell_asked(&swap, person, "");
        }
        if self.context.actor.person() != Some(&swap.person) {
            let spans = self.spans(&swap.person, &swap.open);
            let schedule = text::schedule(self.context.config, &swap.schedule);
            let title = format!("A stand-in is looked for in your place on {schedule}");
            let body = format!("{spans}.\nReason: {}", or_none(&swap.reason));
            self.tell(&swap.person, Topic::Swap, (title, body), &swap.path());
        }
        self.swap_goes_on(&swap);
    }

    pub(super) fn tell_asked(&mut self, swap: &Swap, person: &PersonId, lead: &str) {
        let config = self.context.config;
        let (name, schedule) = (text::name(config, &swap.person), text::schedule(config, &swap.schedule));
        let title = format!("{lead}can you take {name}'s shift on {schedule}?");
        let title = if lead.is_empty() { title.replacen("can", "Can", 1) } else { title };
        let mut body = format!("{}.\nReason: {}", self.spans(person, &swap.open), or_none(&swap.reason));
        if let Some(theirs) = self.in_return_words(swap, person) {
            body = format!("{body}\n{name} would take yours in return: {theirs}.");
        }
        self.tell(person, Topic::Swap, (title, body), &swap.path());
    }

    pub(super) fn tell_taken(&mut self, swap: &Swap, by: &PersonId, span: Span) {
        let config = self.context.config;
        let (name, taker) = (text::name(config, &swap.person), text::name(config, by));
        let schedule = text::schedule(config, &swap.schedule);
        let over = self.state.swaps.get(&swap.id).is_some_and(|swap| swap.state == SwapState::Taken);
        let mut people = vec![swap.person.clone(), by.clone()];
        people.extend(swap.by.clone());
        people.extend(swap.waiting().into_iter().filter(|_| over));
        let mut told = Vec::new();
        for person in people {
            if told.contains(&person) || self.context.actor.person() == Some(&person) {
                continue;
            }
            let stretch = text::stretch(config, &person, (span.start_us, span.end_us));
            let title = format!("{taker} stands in for {name} on {schedule}");
            let mut body = format!("{stretch}.\nReason: {}", or_none(&swap.reason));
            if let Some(theirs) = self.in_return_words(swap, &person) {
                body = format!("{body}\nIn return {name} stands in for {taker}: {theirs}.");
            }
            self.tell(&person, Topic::Swap, (title, body), &swap.path());
            told.push(person);
        }
    }

    /// The other half of a trade: when, and where if it is another schedule's.
    fn in_return_words(&self, swap: &Swap, reader: &PersonId) -> Option<String> {
        let in_return = swap.in_return.as_ref()?;
        let config = self.context.config;
        let span = in_return.span;
        let stretch = text::stretch(config, reader, (span.start_us, span.end_us));
        Some(match &in_return.schedule {
            Some(id) => format!("{stretch} on {}", text::schedule(config, id)),
            None => stretch,
        })
    }

    pub(super) fn tell_all_declined(&mut self, swap: &Swap) {
        let schedule = text::schedule(self.context.config, &swap.schedule);
        let title = format!("Everybody who was asked has declined, on {schedule}");
        let body = format!(
            "{}.\nAsk somebody else, or tell those who run the roster.",
            self.spans(&swap.person, &swap.open)
        );
        self.tell(&swap.person, Topic::Swap, (title, body), &swap.path());
    }

    pub(super) fn tell_withdrawn(&mut self, swap: &Swap, reason: &str) {
        let config = self.context.config;
        let (name, schedule) = (text::name(config, &swap.person), text::schedule(config, &swap.schedule));
        for person in swap.waiting() {
            let title = format!("{name}'s shift on {schedule} needs no stand-in any more");
            let body = format!("{}.\nReason: {}", self.spans(&person, &swap.open), or_none(reason));
            self.tell(&person, Topic::Swap, (title, body), &swap.path());
        }
    }

    pub(super) fn spans(&self, reader: &PersonId, spans: &[Span]) -> String {
        let one = |span: &Span| text::stretch(self.context.config, reader, (span.start_us, span.end_us));
        spans.iter().map(one).collect::<Vec<_>>().join("; ")
    }

    pub(super) fn tell_given_back(&mut self, swap: &Swap, taken: &Taken, reason: &str) {
        let config = self.context.config;
        for person in [&swap.person, &taken.by] {
            let spans = self.spans(person, &[taken.span]);
            let owner = text::name(config, &swap.person);
            let title = format!("{owner} is on call again on {}", text::schedule(config, &swap.schedule));
            let body = format!(
                "{} no longer stands in, {spans}.\nReason: {}",
                text::name(config, &taken.by),
                or_none(reason)
            );
            self.tell(person, Topic::Swap, (title, body), &swap.path());
        }
    }
}

fn or_none(reason: &str) -> &str {
    if reason.trim().is_empty() { "none given" } else { reason }
}
