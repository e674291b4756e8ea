//! Asking, taking, declining, withdrawing and giving back.

use jiff::Timestamp;

use super::trade::doubled;
use super::{Ask, InReturn, Span, Swap, SwapState, Take, TakeOver, Taken};
use crate::decide::Refusal;
use crate::id::{OverrideId, PersonId, ScheduleId, SwapId, derive};
use crate::oncall::{Change, Override};
use crate::roster::deciding::Deciding;
use crate::roster::record::{SwapAsked, SwapDeclined, SwapTaken, SwapUndone, SwapWithdrawn};
use crate::roster::rights::{acts_for, candidates, may_take};
use crate::roster::{OverrideAdded, OverrideRemoved, duties, text};

/// A swap lasts this long at most, in microseconds: a year.
const LONGEST_US: i64 = 366 * 86_400 * 1_000_000;

impl Deciding<'_> {
    pub(in crate::roster) fn ask(&mut self, ask: &Ask) -> Result<(), Refusal> {
        acts_for(self.context, &ask.person, "ask for a stand-in")?;
        let span = self.what_is_left(ask.span)?;
        self.is_on_call(&ask.person, span, "start_us")?;
        let doubled =
            |swap: &&Swap| swap.person == ask.person && swap.open.iter().any(|open| open.meets(span));
        if let Some(known) = self.state.swaps.values().find(doubled) {
            let message = format!("{} asks for a part of this already; withdraw it first", known.id);
            return Err(Refusal::new("asked_already", message));
        }
        let in_return = self.in_return(ask);
        let asked = self.whom_to_ask(ask, span, in_return.as_ref())?;
        self.push(SwapAsked {
            id: ask.id.clone(),
            schedule: self.schedule_id(),
            person: ask.person.clone(),
            span,
            asked,
            everybody: ask.people.is_empty() && ask.in_return.is_none(),
            in_return,
            reason: ask.reason.clone(),
            by: self.context.actor.person().cloned(),
            actor: self.context.actor.to_string(),
            absence: None,
            take_over: false,
        });
        self.announce(&ask.id);
        Ok(())
    }

    /// What has begun by now cannot be given away any more.
    fn what_is_left(&self, span: Span) -> Result<Span, Refusal> {
        self.schedule()?;
        let left = Span { start_us: span.start_us.max(self.now_us()), end_us: span.end_us };
        if span.end_us <= span.start_us {
            return Err(Refusal::field("invalid_field", "end_us", "it must end after it starts"));
        }
        if left.end_us <= left.start_us {
            return Err(Refusal::field("invalid_field", "end_us", "it is over by now"));
        }
        if left.end_us - left.start_us > LONGEST_US {
            return Err(Refusal::field(
                "invalid_field",
                "end_us",
                "a year is the most that can be given away",
            ));
        }
        Ok(left)
    }

    pub(super) fn is_on_call(
        &self,
        person: &PersonId,
        span: Span,
        field: &'static str,
    ) -> Result<(), Refusal> {
        if self.on_call_in(span).contains(person) {
            return Ok(());
        }
        let config = self.context.config;
        let message = format!(
            "{} is not on call on {} at any time from {}",
            text::name(config, person),
            text::schedule(config, &self.schedule_id()),
            text::stretch(config, person, (span.start_us, span.end_us))
        );
        Err(Refusal::field("invalid_field", field, message))
    }

    /// Everybody who is on call at some time of a span.
    pub(in crate::roster) fn on_call_in(&self, span: Span) -> Vec<PersonId> {
        let Ok(schedule) = self.schedule() else { return Vec::new() };
        let found = duties(schedule, &self.overrides(), (span.start_us, span.end_us), 0);
        let mut people: Vec<PersonId> = found.into_iter().map(|duty| duty.person).collect();
        people.sort();
        people.dedup();
        people
    }

    fn whom_to_ask(
        &self,
        ask: &Ask,
        span: Span,
        in_return: Option<&InReturn>,
    ) -> Result<Vec<PersonId>, Refusal> {
        for person in &ask.people {
            if *person == ask.person {
                let message = format!("{person} cannot stand in for themself");
                return Err(Refusal::field("invalid_field", "people", message));
            }
            may_take(self.context.config, self.schedule()?, person, span.end_us)
                .map_err(|message| Refusal::field("invalid_field", "people", message))?;
        }
        match in_return {
            Some(in_return) => self.whom_to_offer(ask, span, in_return),
            None if ask.people.is_empty() => Ok(self.everybody(&ask.person, span)),
            None => Ok(ask.people.clone()),
        }
    }

    /// Everybody who may be asked, may stand in, and is not away.
    pub(super) fn everybody(&self, person: &PersonId, span: Span) -> Vec<PersonId> {
        let Ok(schedule) = self.schedule() else { return Vec::new() };
        let config = self.context.config;
        let away = |person: &PersonId| {
            config.absences.iter().any(|absence| absence.person == *person && absence.span().meets(span))
        };
        let mut people = candidates(config, schedule);
        people.retain(|other| {
            other != person && !away(other) && may_take(config, schedule, other, span.end_us).is_ok()
        });
        people
    }

    pub(in crate::roster) fn take(&mut self, take: &Take) -> Result<(), Refusal> {
        acts_for(self.context, &take.by, "take it")?;
        let swap = self.swap(&take.id)?.clone();
        let span = part_of(&swap, take.span, self.now_us())?;
        let managed = self.context.actor.person() != Some(&take.by);
        if !swap.everybody && !swap.asked.contains(&take.by) && !managed {
            let message = format!("{} asks {}", swap.id, text::names(self.context.config, &swap.asked));
            return Err(Refusal::field("not_asked", "by_person_id", message));
        }
        if let Some(in_return) = &swap.in_return {
            self.can_trade(&swap, &take.by, span, in_return)?;
        }
        self.stand_in(&swap, &take.by, span)
    }

    pub(in crate::roster) fn take_over(&mut self, over: &TakeOver) -> Result<(), Refusal> {
        acts_for(self.context, &over.by, "take it")?;
        let span = self.what_is_left(over.span)?;
        self.is_on_call(&over.person, span, "person_id")?;
        self.can_stand_in(&over.person, &over.by, span)?;
        self.push(SwapAsked {
            id: over.id.clone(),
            schedule: self.schedule_id(),
            person: over.person.clone(),
            span,
            asked: Vec::new(),
            everybody: false,
            in_return: None,
            reason: over.reason.clone(),
            by: self.context.actor.person().cloned(),
            actor: self.context.actor.to_string(),
            absence: None,
            take_over: true,
        });
        let swap = self.swap(&over.id)?.clone();
        self.stand_in(&swap, &over.by, span)
    }

    pub(super) fn can_stand_in(&self, person: &PersonId, by: &PersonId, span: Span) -> Result<(), Refusal> {
        if person == by {
            let message = format!("the shift is {by}'s own");
            return Err(Refusal::field("invalid_field", "by_person_id", message));
        }
        may_take(self.context.config, self.schedule()?, by, span.end_us)
            .map_err(|message| Refusal::field("invalid_field", "by_person_id", message))?;
        if doubled(self.schedule()?, &self.overrides(), (person, by), span) {
            let message = format!("{by} is on call on this schedule then already");
            return Err(Refusal::field("on_call_already", "by_person_id", message));
        }
        Ok(())
    }

    fn stand_in(&mut self, swap: &Swap, by: &PersonId, span: Span) -> Result<(), Refusal> {
        self.can_stand_in(&swap.person, by, span)?;
        let part = self.replacement(swap, &self.schedule_id(), (&swap.person, by), span)?;
        let in_return = match &swap.in_return {
            Some(other) => {
                let schedule = other.schedule.clone().unwrap_or_else(|| self.schedule_id());
                Some(self.replacement(swap, &schedule, (by, &swap.person), other.span)?)
            }
            None => None,
        };
        self.push(SwapTaken {
            id: swap.id.clone(),
            by: by.clone(),
            span,
            part: part.id.clone(),
            in_return: in_return.as_ref().map(|entry| entry.id.clone()),
        });
        self.push(OverrideAdded::from(part));
        if let Some(entry) = in_return {
            self.give(swap, entry);
        }
        self.tell_taken(swap, by, span);
        self.look();
        Ok(())
    }

    fn replacement(
        &self,
        swap: &Swap,
        schedule: &ScheduleId,
        (person, by): (&PersonId, &PersonId),
        span: Span,
    ) -> Result<Override, Refusal> {
        let instant = |at_us: i64| {
            Timestamp::from_microsecond(at_us)
                .map_err(|error| Refusal::field("invalid_field", "start_us", error.to_string()))
        };
        let start = span.start_us.to_string();
        let parts = [swap.id.as_str(), person.as_str(), by.as_str(), &start, &self.version.to_string()];
        Ok(Override {
            id: OverrideId::new(derive("ovr", self.now_us(), &parts)),
            schedule: schedule.clone(),
            start: instant(span.start_us)?,
            end: instant(span.end_us)?,
            change: Change::Replace { person: person.clone(), by: by.clone() },
            priority: 0,
            author: self.context.actor.person().unwrap_or(by).clone(),
            reason: format!("{}: {}", swap.id, swap.reason),
        })
    }

    pub(in crate::roster) fn decline(
        &mut self,
        id: &SwapId,
        person: &PersonId,
        reason: &str,
    ) -> Result<(), Refusal> {
        acts_for(self.context, person, "decline for them")?;
        let swap = self.open_swap(id)?.clone();
        if !swap.asked.contains(person) {
            return Err(Refusal::field("not_asked", "person_id", format!("{person} is not asked by {id}")));
        }
        if swap.declined.contains(person) {
            return Ok(());
        }
        let declined = SwapDeclined { id: id.clone(), person: person.clone(), reason: reason.to_owned() };
        self.push(declined);
        if swap.waiting() == [person.clone()] {
            self.tell_all_declined(&swap);
        }
        Ok(())
    }

    pub(in crate::roster) fn withdraw(&mut self, id: &SwapId, reason: &str) -> Result<(), Refusal> {
        let swap = self.open_swap(id)?.clone();
        let asked_it = swap.by.is_some() && self.context.actor.person() == swap.by.as_ref();
        if !asked_it {
            acts_for(self.context, &swap.person, "withdraw it")?;
        }
        self.push(SwapWithdrawn { id: id.clone(), reason: reason.to_owned() });
        self.tell_withdrawn(&swap, reason);
        Ok(())
    }

    /// Gives back what was taken and has not begun.
    pub(in crate::roster) fn undo(
        &mut self,
        id: &SwapId,
        part: Option<&OverrideId>,
        reason: &str,
    ) -> Result<(), Refusal> {
        let swap = self.swap(id)?.clone();
        let now_us = self.now_us();
        let first_us = |taken: &Taken| {
            let in_return = swap.in_return.as_ref().filter(|_| taken.in_return.is_some());
            in_return.map_or(taken.span.start_us, |other| other.span.start_us.min(taken.span.start_us))
        };
        let given_back: Vec<Taken> = swap
            .taken
            .iter()
            .filter(|taken| part.is_none_or(|part| taken.is(part)) && first_us(taken) > now_us)
            .cloned()
            .collect();
        if given_back.is_empty() {
            let message =
                format!("nothing that was taken of {id} can be given back: it has begun, or nobody took it");
            return Err(Refusal::new("nothing_to_undo", message));
        }
        for taken in &given_back {
            if self.context.actor.person() != Some(&taken.by) {
                acts_for(self.context, &swap.person, "give it back")?;
            }
        }
        for taken in given_back {
            self.give_back(&swap, &taken, reason);
        }
        self.look();
        Ok(())
    }

    fn give_back(&mut self, swap: &Swap, taken: &Taken, reason: &str) {
        let undone = SwapUndone { id: swap.id.clone(), part: taken.part.clone(), reason: reason.to_owned() };
        self.push(undone);
        self.push(OverrideRemoved { id: taken.part.clone(), schedule: swap.schedule.clone() });
        if let Some(id) = &taken.in_return {
            self.give_back_in_return(swap, id);
        }
        self.tell_given_back(swap, taken, reason);
    }

    fn swap(&self, id: &SwapId) -> Result<&Swap, Refusal> {
        let unknown = || Refusal::new("not_found", format!("there is no swap {id} that can be changed"));
        self.state.swaps.get(id).ok_or_else(unknown)
    }

    fn open_swap(&self, id: &SwapId) -> Result<&Swap, Refusal> {
        let swap = self.swap(id)?;
        if swap.state == SwapState::Open {
            return Ok(swap);
        }
        Err(Refusal::new("not_open", format!("{id} is {}", swap.state.as_str())))
    }
}

/// The part that is to be taken, without what has begun. A trade is taken whole.
fn part_of(swap: &Swap, asked: Option<Span>, now_us: i64) -> Result<Span, Refusal> {
    let Some(first) = swap.open.first() else {
        return Err(Refusal::new("not_open", format!("{} is {}", swap.id, swap.state.as_str())));
    };
    let Some(asked) = asked else {
        if swap.open.len() > 1 {
            let message = "several parts are open; say which";
            return Err(Refusal::field("invalid_field", "start_us", message));
        }
        return Ok(Span { start_us: first.start_us.max(now_us), ..*first });
    };
    if asked.end_us <= asked.start_us {
        return Err(Refusal::field("invalid_field", "end_us", "it must end after it starts"));
    }
    if !swap.open.iter().any(|open| open.holds(asked)) {
        return Err(Refusal::field("invalid_field", "start_us", "this is not a part of what is open"));
    }
    if swap.in_return.is_some() && asked != *first {
        return Err(Refusal::field("invalid_field", "start_us", "a trade is taken whole"));
    }
    let ahead = Span { start_us: asked.start_us.max(now_us), ..asked };
    if ahead.start_us >= ahead.end_us {
        return Err(Refusal::field("invalid_field", "end_us", "it is over by now"));
    }
    Ok(ahead)
}
