//! What time does to an open swap: those who are asked are reminded, those who run the roster are told when
//! nobody has taken it a day before, and what begins expires.

use super::{Span, Swap, SwapState};
use crate::id::PersonId;
use crate::notify::Topic;
use crate::roster::deciding::Deciding;
use crate::roster::record::{SwapExpired, SwapReminded, SwapUncoveredTold};
use crate::roster::{managers, text};

/// Those who are asked and have not answered are reminded this long before the shift, in seconds.
const REMIND_BEFORE_S: [i64; 4] = [7 * 86_400, 3 * 86_400, 86_400, 12 * 3_600];
/// Those who run the roster are told this long before a shift that nobody has taken, in microseconds.
const UNCOVERED_US: i64 = 86_400 * 1_000_000;

impl Swap {
    /// When it goes on by itself; none when it does not.
    pub(in crate::roster) fn due_us(&self) -> Option<i64> {
        if self.state != SwapState::Open {
            return None;
        }
        let expires_us = self.open.iter().map(|span| self.expires_us(*span)).min();
        expires_us.into_iter().chain(self.remind_us()).chain(self.uncovered_us()).min()
    }

    /// What is asked ahead of its start can be taken until then; what was asked for later, until its end. A
    /// trade only as long as neither half has begun.
    fn expires_us(&self, span: Span) -> i64 {
        let own_us = if span.start_us > self.asked_us { span.start_us } else { span.end_us };
        self.in_return.as_ref().map_or(own_us, |other| own_us.min(other.span.start_us))
    }

    /// The first rung of the ladder that comes after those who are asked were told last.
    fn remind_us(&self) -> Option<i64> {
        let start_us = self.open.first()?.start_us;
        let rungs = REMIND_BEFORE_S.into_iter().map(|before_s| start_us - before_s * 1_000_000);
        rungs.filter(|due_us| *due_us > self.told_us).min()
    }

    fn uncovered_us(&self) -> Option<i64> {
        let start_us = self.open.first()?.start_us;
        (!self.managers_told).then_some((start_us - UNCOVERED_US).max(self.asked_us))
    }
}

impl Deciding<'_> {
    /// Everything that time has brought to the open swaps.
    pub(in crate::roster) fn swaps_go_on(&mut self) {
        let due: Vec<Swap> = self
            .state
            .swaps
            .values()
            .filter(|swap| swap.due_us().is_some_and(|due_us| due_us <= self.now_us()))
            .cloned()
            .collect();
        for swap in due {
            self.swap_goes_on(&swap);
        }
    }

    pub(super) fn swap_goes_on(&mut self, swap: &Swap) {
        let now_us = self.now_us();
        let over: Vec<Span> =
            swap.open.iter().copied().filter(|span| swap.expires_us(*span) <= now_us).collect();
        if !over.is_empty() {
            self.push(SwapExpired { id: swap.id.clone(), spans: over.clone() });
            self.tell_expired(swap, &over);
        }
        if over.len() == swap.open.len() {
            return;
        }
        let uncovered = swap.uncovered_us().is_some_and(|due_us| due_us <= now_us);
        if swap.remind_us().is_some_and(|due_us| due_us <= now_us) {
            self.remind(swap);
        }
        if uncovered {
            self.tell_uncovered(swap);
        }
    }

    fn remind(&mut self, swap: &Swap) {
        let people = swap.waiting();
        self.push(SwapReminded { id: swap.id.clone(), people: people.clone() });
        for person in people {
            self.tell_asked(swap, &person, "Still open: ");
        }
    }

    fn tell_uncovered(&mut self, swap: &Swap) {
        let people: Vec<PersonId> = managers(self.context.config, self.now_us())
            .into_iter()
            .filter(|manager| *manager != swap.person)
            .collect();
        self.push(SwapUncoveredTold { id: swap.id.clone(), people: people.clone() });
        let config = self.context.config;
        let (name, schedule) = (text::name(config, &swap.person), text::schedule(config, &swap.schedule));
        for manager in people {
            let spans = self.spans(&manager, &swap.open);
            let title = format!("Nobody has taken {name}'s shift on {schedule}");
            let body = format!(
                "{name} asked to be stood in for, {spans}.\nReason: {}\nAsked: {}. Declined: {}.\n\
                 Take it over for somebody, or find a stand-in; until then {name} is on call.",
                swap.reason,
                text::names(config, &swap.asked),
                text::names(config, &swap.declined)
            );
            self.tell(&manager, Topic::Uncovered, (title, body), &swap.path());
        }
    }

    fn tell_expired(&mut self, swap: &Swap, over: &[Span]) {
        let config = self.context.config;
        let (name, schedule) = (text::name(config, &swap.person), text::schedule(config, &swap.schedule));
        let spans = self.spans(&swap.person, over);
        let title = format!("Nobody took your shift on {schedule}");
        let body = format!("{spans} has begun or is over, and {name} stayed on call.");
        let person = swap.person.clone();
        self.tell(&person, Topic::Swap, (title, body), &swap.path());
    }
}
