//! Cover: swaps that the product asks for because somebody is away.

use super::{Span, Swap, SwapState};
use crate::access::Actor;
use crate::id::{AbsenceId, PersonId, SwapId, derive};
use crate::roster::deciding::Deciding;
use crate::roster::record::{SwapAsked, SwapWithdrawn};

impl Deciding<'_> {
    /// Asks everybody to stand in for somebody who is away, where nobody has asked or stands in yet. Whoever
    /// withdrew what was asked because of this absence keeps the shift.
    pub(in crate::roster) fn open_cover(
        &mut self,
        absence: &AbsenceId,
        person: &PersonId,
        span: Span,
        reason: &str,
    ) {
        let asked_already = |swap: &Swap| {
            let withdrawn = swap.state == SwapState::Withdrawn && swap.absence.as_ref() != Some(absence);
            swap.person == *person && !withdrawn && swap.span.meets(span)
        };
        if self.state.swaps.values().any(asked_already) || self.schedule().is_err() {
            return;
        }
        let (stream, start) = (self.stream.to_string(), span.start_us.to_string());
        let id = SwapId::new(derive("swp", self.now_us(), &[&stream, absence.as_str(), &start]));
        let asked = self.everybody(person, span);
        let record = SwapAsked {
            id: id.clone(),
            schedule: self.schedule_id(),
            person: person.clone(),
            span,
            asked,
            everybody: true,
            in_return: None,
            reason: reason.to_owned(),
            by: None,
            actor: Actor::System.to_string(),
            absence: Some(absence.clone()),
            take_over: false,
        };
        self.push(record);
        self.announce(&id);
    }

    /// Withdraws what is open because of an absence that is none any more.
    pub(in crate::roster) fn close_cover(&mut self, absence: &AbsenceId) {
        let because = |swap: &&Swap| swap.absence.as_ref() == Some(absence) && swap.state == SwapState::Open;
        let open: Vec<Swap> = self.state.swaps.values().filter(because).cloned().collect();
        for swap in open {
            let reason = "not away after all".to_owned();
            self.push(SwapWithdrawn { id: swap.id.clone(), reason: reason.clone() });
            self.tell_withdrawn(&swap, &reason);
        }
    }
}
