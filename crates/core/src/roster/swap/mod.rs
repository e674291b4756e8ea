//! Swaps: somebody asks to be stood in for, somebody takes the shift, all of it or a part.
//!
//! An open swap changes nothing about who is on call. Each part that is taken is an override of its own that
//! replaces the person, so a swap survives an edit of its schedule: it is about a person and a time.

mod cover;
mod decide;
mod ladder;
mod tell;
mod trade;

use serde::{Deserialize, Serialize};

use super::record::{SwapAsked, SwapTaken};
use crate::id::{AbsenceId, OverrideId, PersonId, ScheduleId, SwapId};
use crate::record::Record;

pub use trade::Give;

/// A stretch of time, `[start_us, end_us)`, microseconds since the epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Span {
    pub start_us: i64,
    pub end_us: i64,
}

/// The other half of a trade: what the person takes of whoever stands in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InReturn {
    /// None: on the schedule of the swap itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schedule: Option<ScheduleId>,
    #[serde(flatten)]
    pub span: Span,
}

/// A wish to be stood in for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    pub id: SwapId,
    /// Whose shift it is.
    pub person: PersonId,
    /// What has begun is left out.
    pub span: Span,
    /// Nobody named: everybody who takes turns on the schedule is asked.
    pub people: Vec<PersonId>,
    /// A shift of whoever is asked that the person takes in return.
    pub in_return: Option<InReturn>,
    pub reason: String,
}

/// Standing in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Take {
    pub id: SwapId,
    pub by: PersonId,
    /// A part of what is open; all of it unless given.
    pub span: Option<Span>,
}

/// Standing in where nobody asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakeOver {
    pub id: SwapId,
    /// Whose shift it is.
    pub person: PersonId,
    pub by: PersonId,
    pub span: Span,
    pub reason: String,
}

/// A swap.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Swap {
    pub id: SwapId,
    pub schedule: ScheduleId,
    pub person: PersonId,
    pub span: Span,
    pub state: SwapState,
    /// What nobody has taken and still can.
    pub open: Vec<Span>,
    pub taken: Vec<Taken>,
    /// What began before anybody took it.
    pub expired: Vec<Span>,
    pub asked: Vec<PersonId>,
    pub everybody: bool,
    pub declined: Vec<PersonId>,
    pub in_return: Option<InReturn>,
    pub reason: String,
    /// The person who asked.
    pub by: Option<PersonId>,
    /// As the journal names whoever asked: `person:elif`, `system` because of an absence.
    pub actor: String,
    pub absence: Option<AbsenceId>,
    pub take_over: bool,
    pub asked_us: i64,
    pub changed_us: i64,
    /// When those who are asked were told last.
    pub told_us: i64,
    /// Those who run the roster know that it is uncovered.
    pub managers_told: bool,
}

/// Where a swap stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SwapState {
    /// All of it or a part of it can be taken.
    Open,
    /// Somebody stands in for all of it.
    Taken,
    Withdrawn,
    /// It began, and nobody stood in for all of it.
    Expired,
}

/// A part that somebody stands in for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taken {
    pub by: PersonId,
    pub span: Span,
    /// The override that makes it so.
    pub part: OverrideId,
    /// The override that gives the other shift in return.
    pub in_return: Option<OverrideId>,
}

impl SwapState {
    /// Every state, in the order of a swap's life.
    pub const ALL: [Self; 4] = [Self::Open, Self::Taken, Self::Withdrawn, Self::Expired];

    /// The name used in the API and in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Taken => "taken",
            Self::Withdrawn => "withdrawn",
            Self::Expired => "expired",
        }
    }
}

impl Span {
    /// Whether both have an instant in common.
    pub const fn meets(self, other: Self) -> bool {
        self.start_us < other.end_us && other.start_us < self.end_us
    }

    /// Whether all of `other` is in it.
    pub const fn holds(self, other: Self) -> bool {
        self.start_us <= other.start_us && other.end_us <= self.end_us
    }

    /// What is left without `other`.
    fn without(self, other: Self) -> impl Iterator<Item = Self> {
        let before = Self { start_us: self.start_us, end_us: self.end_us.min(other.start_us) };
        let after = Self { start_us: self.start_us.max(other.end_us), end_us: self.end_us };
        [before, after].into_iter().filter(|left| left.start_us < left.end_us)
    }
}

impl Taken {
    /// Whether an override is one of its two halves.
    pub fn is(&self, id: &OverrideId) -> bool {
        self.part == *id || self.in_return.as_ref() == Some(id)
    }
}

impl Swap {
    pub(super) fn of(asked: &SwapAsked, at_us: i64) -> Self {
        Self {
            id: asked.id.clone(),
            schedule: asked.schedule.clone(),
            person: asked.person.clone(),
            span: asked.span,
            state: SwapState::Open,
            open: vec![asked.span],
            taken: Vec::new(),
            expired: Vec::new(),
            asked: asked.asked.clone(),
            everybody: asked.everybody,
            declined: Vec::new(),
            in_return: asked.in_return.clone(),
            reason: asked.reason.clone(),
            by: asked.by.clone(),
            actor: asked.actor.clone(),
            absence: asked.absence.clone(),
            take_over: asked.take_over,
            asked_us: at_us,
            changed_us: at_us,
            told_us: at_us,
            managers_told: false,
        }
    }

    pub(super) fn apply(&mut self, at_us: i64, record: &Record) {
        self.changed_us = at_us;
        match record {
            Record::SwapTaken(taken) => self.follow_taken(taken, at_us),
            Record::SwapDeclined(declined) => self.declined.push(declined.person.clone()),
            Record::SwapWithdrawn(_) => {
                self.open.clear();
                self.state = SwapState::Withdrawn;
            }
            Record::SwapUndone(undone) => {
                if let Some(place) = self.taken.iter().position(|taken| taken.part == undone.part) {
                    let given_back = self.taken.remove(place);
                    self.open_again(given_back.span);
                }
            }
            Record::SwapReminded(_) => self.told_us = at_us,
            Record::SwapUncoveredTold(_) => self.managers_told = true,
            Record::SwapExpired(expired) => {
                self.open.retain(|span| !expired.spans.contains(span));
                self.expired.extend(&expired.spans);
                self.settle();
            }
            _ => {}
        }
    }

    /// What is left of it before now is nobody's any more.
    fn follow_taken(&mut self, taken: &SwapTaken, at_us: i64) {
        let left = |span: &Span| span.without(taken.span).collect::<Vec<_>>();
        self.open = self.open.iter().flat_map(left).filter(|span| span.end_us > at_us).collect();
        self.taken.push(Taken {
            by: taken.by.clone(),
            span: taken.span,
            part: taken.part.clone(),
            in_return: taken.in_return.clone(),
        });
        self.settle();
    }

    /// What nobody asked for is not open when it is given back.
    fn open_again(&mut self, span: Span) {
        if self.take_over {
            self.state = SwapState::Withdrawn;
        } else if self.state != SwapState::Withdrawn {
            self.open.push(span);
            self.open.sort();
            self.state = SwapState::Open;
            self.managers_told = false;
        }
    }

    fn settle(&mut self) {
        if self.open.is_empty() && self.state == SwapState::Open {
            self.state = if self.expired.is_empty() { SwapState::Taken } else { SwapState::Expired };
        }
    }

    /// Whether nothing can happen to it any more that began before `old_us`.
    pub(super) fn is_over(&self, old_us: i64) -> bool {
        let returned_us = self.in_return.as_ref().map_or(self.span.end_us, |other| other.span.end_us);
        self.state != SwapState::Open && self.changed_us.max(self.span.end_us).max(returned_us) < old_us
    }

    /// Those who were asked and have not said no.
    pub fn waiting(&self) -> Vec<PersonId> {
        self.asked.iter().filter(|person| !self.declined.contains(person)).cloned().collect()
    }
}
