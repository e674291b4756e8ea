//! Whose duty begins or ends, and who must be told of it when.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::deciding::Deciding;
use super::duty::{Duty, duties};
use super::record::DutyWatched;
use super::state::State;
use super::text;
use crate::id::PersonId;
use crate::notify::Topic;
use crate::oncall::{Notices, Schedule};

const HOUR_US: i64 = 3_600 * 1_000_000;
const DAY_US: i64 = 24 * HOUR_US;
/// Duties of one person that are less than this apart are one: a week of working days begins once.
const ONE_DUTY_US: i64 = DAY_US;
/// A handoff that lies longer back than this is told to nobody any more.
const STALE_US: i64 = 2 * HOUR_US;
/// The schedule is looked at again after this time at the latest.
const AGAIN_US: i64 = 7 * DAY_US;
/// What was told is remembered for this long after the moment that it was about.
const REMEMBER_US: i64 = 3 * DAY_US;

/// Who was told of their duty, and when to look again.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Watch {
    pub told: BTreeSet<Told>,
    /// When the schedule is looked at again; none while nobody wants to be told.
    pub due_us: Option<i64>,
    /// When it was looked at last.
    pub looked_us: Option<i64>,
}

/// That somebody was told something about their duty: never twice.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Told {
    pub person: PersonId,
    /// The moment at which the duty begins or ends.
    pub at_us: i64,
    pub what: What,
}

/// What somebody was told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum What {
    /// Their duty begins, so long from now.
    Next {
        before_s: i64,
    },
    Begins,
    Ends,
}

impl Watch {
    pub(super) fn follow(&mut self, at_us: i64, watched: &DutyWatched) {
        self.told.retain(|told| told.at_us > at_us - REMEMBER_US);
        self.told.extend(watched.told.iter().cloned());
        self.due_us = watched.due_us;
        self.looked_us = Some(at_us);
    }
}

/// What a look at a schedule gives.
pub(super) struct Seen {
    /// What counts as told from now on; with a duty where it is really said.
    pub(super) told: Vec<(Told, Option<Duty>)>,
    pub(super) due_us: i64,
}

/// Looks at a schedule: what must be said by now, and when the next thing must.
pub(super) fn look(schedule: &Schedule, notices: &Notices, state: &State, now_us: i64) -> Seen {
    let longest_us = notices.before.iter().map(|before| before.as_us()).max().unwrap_or(0);
    let window = (now_us - 3 * DAY_US, now_us + longest_us + AGAIN_US + 2 * DAY_US);
    let overrides: Vec<_> = state.overrides.values().cloned().collect();
    let mut looking = Looking { state, now_us, told: Vec::new(), due_us: now_us + AGAIN_US };
    for duty in duties(schedule, &overrides, window, ONE_DUTY_US) {
        if duty.start_us > window.0 {
            looking.next(&duty, notices);
            if notices.handoff {
                looking.handoff(&duty, duty.start_us, What::Begins);
            }
        }
        if duty.end_us < window.1 - ONE_DUTY_US && notices.handoff {
            looking.handoff(&duty, duty.end_us, What::Ends);
        }
    }
    Seen { told: looking.told, due_us: looking.due_us }
}

struct Looking<'a> {
    state: &'a State,
    now_us: i64,
    told: Vec<(Told, Option<Duty>)>,
    due_us: i64,
}

impl Looking<'_> {
    /// Of several reminders that are due, only the last one is said. What was due before anybody looked is not
    /// said at all, and nobody is reminded of what they have just taken.
    fn next(&mut self, duty: &Duty, notices: &Notices) {
        let mut due: Vec<Told> = Vec::new();
        for before in &notices.before {
            let what = What::Next { before_s: i64::try_from(before.as_secs()).unwrap_or(i64::MAX) };
            let told = Told { person: duty.person.clone(), at_us: duty.start_us, what };
            let due_us = duty.start_us - before.as_us();
            if self.state.watch.told.contains(&told) || duty.start_us <= self.now_us {
                continue;
            }
            if due_us > self.now_us {
                self.due_us = self.due_us.min(due_us);
            } else {
                due.push(told);
            }
        }
        due.sort();
        let said = self.state.watch.looked_us.is_some() && !self.is_taken(duty, &due);
        let mut first = said;
        for told in due {
            self.told.push((told, std::mem::take(&mut first).then(|| duty.clone())));
        }
    }

    /// Whether the person took this duty after its reminder was due: then they know.
    fn is_taken(&self, duty: &Duty, due: &[Told]) -> bool {
        let due_us = due.iter().filter_map(|told| match told.what {
            What::Next { before_s } => Some(told.at_us - before_s * 1_000_000),
            What::Begins | What::Ends => None,
        });
        let last_due_us = due_us.max().unwrap_or(i64::MAX);
        self.state.swaps.values().any(|swap| {
            swap.changed_us >= last_due_us
                && swap.taken.iter().any(|taken| {
                    taken.by == duty.person
                        && taken.span.start_us < duty.end_us
                        && duty.start_us < taken.span.end_us
                })
        })
    }

    fn handoff(&mut self, duty: &Duty, at_us: i64, what: What) {
        let told = Told { person: duty.person.clone(), at_us, what };
        if self.state.watch.told.contains(&told) || at_us < self.now_us - STALE_US {
            return;
        }
        if at_us > self.now_us {
            self.due_us = self.due_us.min(at_us);
            return;
        }
        let before = self.state.watch.looked_us.is_some_and(|looked_us| looked_us < at_us);
        self.told.push((told, before.then(|| duty.clone())));
    }
}

impl Deciding<'_> {
    pub(super) fn tell_duty(&mut self, told: &Told, duty: &Duty) {
        let config = self.context.config;
        let schedule = text::schedule(config, &self.schedule_id());
        let reader = &told.person;
        let stretch = text::stretch(config, reader, (duty.start_us, duty.end_us));
        let path = format!("/oncall?schedule={}", self.schedule_id());
        let (topic, title, body) = match told.what {
            What::Next { .. } => {
                let left = text::distance(self.now_us(), told.at_us);
                let body = format!(
                    "Your duty: {stretch}.\nIf you cannot: ask for a stand-in now, while there is time."
                );
                (Topic::Next, format!("You are next on {schedule}, in {left}"), body)
            }
            What::Begins => {
                let before = self.others(told.at_us - 1, reader);
                let body = format!("Your duty: {stretch}.\nBefore you: {before}. Read their handoff note.");
                (Topic::Handoff, format!("You are on call on {schedule}"), body)
            }
            What::Ends => {
                let after = self.others(told.at_us, reader);
                let body =
                    format!("Now on call: {after}.\nLeave them a handoff note: what is open, what to watch.");
                (Topic::Handoff, format!("Your duty on {schedule} has ended"), body)
            }
        };
        self.tell(reader, topic, (title, body), &path);
    }

    /// Who else is on call at an instant, in words.
    fn others(&self, at_us: i64, reader: &PersonId) -> String {
        let mut people = self.on_call_in(super::Span { start_us: at_us, end_us: at_us + 1 });
        people.retain(|person| person != reader);
        text::names(self.context.config, &people)
    }
}
