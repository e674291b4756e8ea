//! Trades: a shift against a shift, on one schedule or across two, in one decision.
//!
//! A trade is one swap, on the stream of the schedule whose shift is asked about. Where the shift in return is
//! another schedule's, its override is a record of that schedule's stream: the command that makes it follows in
//! the same transaction, and refuses the whole trade when it does not fit.

use super::{Ask, InReturn, Span, Swap};
use crate::decide::Refusal;
use crate::id::{OverrideId, PersonId, ScheduleId, SwapId};
use crate::journal::StreamId;
use crate::oncall::{Change, Override, Schedule};
use crate::roster::deciding::Deciding;
use crate::roster::rights::may_take;
use crate::roster::setup::Trade;
use crate::roster::{Command, OverrideAdded, OverrideRemoved, duties, text};

/// The other half of a trade, on its way to its own schedule.
#[derive(Debug, Clone, PartialEq)]
pub struct Give {
    /// The swap, and the schedule on whose stream it is.
    pub swap: SwapId,
    pub schedule: ScheduleId,
    /// A replacement of whoever stood in by whoever asked.
    pub entry: Override,
}

impl Deciding<'_> {
    /// The shift in return as it is kept: its schedule is named only where it is another one.
    pub(super) fn in_return(&self, ask: &Ask) -> Option<InReturn> {
        let mut in_return = ask.in_return.clone()?;
        in_return.schedule = in_return.schedule.filter(|schedule| *schedule != self.schedule_id());
        Some(in_return)
    }

    /// Those whose shift would be taken in return, and who may stand in.
    pub(super) fn whom_to_offer(
        &self,
        ask: &Ask,
        span: Span,
        in_return: &InReturn,
    ) -> Result<Vec<PersonId>, Refusal> {
        let wrong = |message: String| Refusal::field("invalid_field", "in_return", message);
        let other = in_return.span;
        if other.end_us <= other.start_us || other.start_us < self.now_us() {
            return Err(wrong("the shift in return must lie ahead and end after it starts".to_owned()));
        }
        if in_return.schedule.is_none() && other.meets(span) {
            return Err(wrong("the two shifts of a trade must not overlap on one schedule".to_owned()));
        }
        let (schedule, overrides) = self.other_side(in_return)?;
        may_take(self.context.config, schedule, &ask.person, other.end_us).map_err(wrong)?;
        let mut holders: Vec<PersonId> = duties(schedule, &overrides, (other.start_us, other.end_us), 0)
            .into_iter()
            .map(|duty| duty.person)
            .filter(|person| *person != ask.person && (ask.people.is_empty() || ask.people.contains(person)))
            .collect();
        holders.sort();
        holders.dedup();
        if holders.is_empty() {
            return Err(wrong("nobody whom you ask is on call then; name a shift of theirs".to_owned()));
        }
        let mut refused = None;
        holders.retain(|holder| match self.may_trade((schedule, &overrides), ask, holder, (span, other)) {
            Ok(()) => true,
            Err(why) => {
                refused = Some(why);
                false
            }
        });
        match refused {
            Some(why) if holders.is_empty() => Err(wrong(why)),
            _ => Ok(holders),
        }
    }

    /// Whether both may stand in for each other, and if not, why.
    fn may_trade(
        &self,
        (schedule, overrides): (&Schedule, &[Override]),
        ask: &Ask,
        holder: &PersonId,
        (span, other): (Span, Span),
    ) -> Result<(), String> {
        let config = self.context.config;
        let own = self.schedule().map_err(|refusal| refusal.message)?;
        may_take(config, own, holder, span.end_us)?;
        let twice = |schedule: &Schedule, person: &PersonId| {
            format!("{} is on call on {} then already", text::name(config, person), schedule.name)
        };
        if doubled(own, &self.overrides(), (&ask.person, holder), span) {
            return Err(twice(own, holder));
        }
        if doubled(schedule, overrides, (holder, &ask.person), other) {
            return Err(twice(schedule, &ask.person));
        }
        Ok(())
    }

    /// The schedule of the shift in return and its overrides.
    fn other_side(&self, in_return: &InReturn) -> Result<(&Schedule, Vec<Override>), Refusal> {
        let Some(id) = &in_return.schedule else { return Ok((self.schedule()?, self.overrides())) };
        let config = self.context.config;
        let unknown = || Refusal::field("not_found", "in_return", format!("no schedule {id}"));
        let schedule = config.schedules.get(id).ok_or_else(unknown)?;
        Ok((schedule, config.overrides_of(id).to_vec()))
    }

    /// Whether a trade still is one: both are on call for what they give. What another schedule says of its
    /// half is said there.
    pub(super) fn can_trade(
        &self,
        swap: &Swap,
        by: &PersonId,
        span: Span,
        in_return: &InReturn,
    ) -> Result<(), Refusal> {
        self.is_on_call(&swap.person, span, "by_person_id")?;
        if in_return.schedule.is_some() {
            return Ok(());
        }
        self.is_on_call(by, in_return.span, "by_person_id")?;
        self.can_stand_in(by, &swap.person, in_return.span)
    }

    /// Makes the other half, here or on the schedule that it is about.
    pub(super) fn give(&mut self, swap: &Swap, entry: Override) {
        if entry.schedule == self.schedule_id() {
            self.push(OverrideAdded::from(entry));
            return;
        }
        let stream = StreamId::schedule(&entry.schedule);
        let give = Give { swap: swap.id.clone(), schedule: swap.schedule.clone(), entry };
        self.then(stream, Command::GiveInReturn(Box::new(give)));
    }

    /// The other half of a trade whose first half is another schedule's.
    pub(in crate::roster) fn give_in_return(&mut self, give: &Give) -> Result<(), Refusal> {
        let entry = &give.entry;
        if let Change::Replace { person, by } = &entry.change {
            let (start_us, end_us) = (entry.start.as_microsecond(), entry.end.as_microsecond());
            let span = Span { start_us, end_us };
            self.is_on_call(person, span, "by_person_id")?;
            self.can_stand_in(person, by, span)?;
        }
        let trade = Trade { schedule: give.schedule.clone(), swap: give.swap.clone() };
        self.push(OverrideAdded { entry: entry.clone(), trade: Some(trade) });
        self.look();
        Ok(())
    }

    /// Gives the other half back with the first.
    pub(super) fn give_back_in_return(&mut self, swap: &Swap, id: &OverrideId) {
        match swap.in_return.as_ref().and_then(|other| other.schedule.clone()) {
            Some(schedule) => {
                self.then(StreamId::schedule(&schedule), Command::TakeBack { id: id.clone() });
            }
            None => self.push(OverrideRemoved { id: id.clone(), schedule: swap.schedule.clone() }),
        }
    }

    /// The other half of a trade that was given back.
    pub(in crate::roster) fn take_back(&mut self, id: &OverrideId) {
        if self.state.trades.contains_key(id) {
            self.push(OverrideRemoved { id: id.clone(), schedule: self.schedule_id() });
            self.look();
        }
    }
}

/// Whether somebody who would take another's place is on call beside them already.
pub(super) fn doubled(
    schedule: &Schedule,
    overrides: &[Override],
    (person, by): (&PersonId, &PersonId),
    span: Span,
) -> bool {
    let found = duties(schedule, overrides, (span.start_us, span.end_us), 0);
    let of = |who: &PersonId| found.iter().filter(|duty| duty.person == *who).collect::<Vec<_>>();
    let (own, others) = (of(by), of(person));
    own.iter()
        .any(|own| others.iter().any(|other| own.start_us < other.end_us && other.start_us < own.end_us))
}
