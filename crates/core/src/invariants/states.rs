//! What must hold of one state by itself.

use std::collections::BTreeSet;

use super::{Found, Violation};
use crate::incident::{self, LevelState, TargetState, TimerName};
use crate::journal::StreamId;
use crate::notify::{self, How, Progress};
use crate::roster;

/// I1 and I4 of an incident: each page once; over and quiet, or open and waiting for something that brings
/// it on.
pub fn incident(state: &incident::State) -> Vec<Violation> {
    let stream = StreamId::incident(&state.id);
    let mut found = Found::about(&stream);
    if !state.exists() {
        return found.violations;
    }
    if state.is_over() {
        found.check("I4", state.timers.is_empty(), || {
            format!("it is resolved and waits for {:?}", state.timers.keys().collect::<Vec<_>>())
        });
        return found.violations;
    }
    each_page_once(state, &mut found);
    somebody_or_something_goes_on(state, &mut found);
    levels_wait_while_they_ask(state, &mut found);
    let (asked, timer) = (state.lowering.is_some(), state.timers.contains_key(&TimerName::Lowering));
    found.check("I4", asked == timer, || format!("lowering asked: {asked}, its deadline runs: {timer}"));
    found.violations
}

fn each_page_once(state: &incident::State, found: &mut Found<'_>) {
    let mut seen = BTreeSet::new();
    for (level, person, target) in state.open_pages() {
        let page = &target.page;
        found.check("I1", seen.insert(page), || {
            format!("{page} is {person}'s at {level} and somebody else's")
        });
    }
}

/// Whoever holds the case has to show signs of life, or the case rests until a moment; levels without an
/// answer have a step or a repeat ahead, whoever holds the case below them.
fn somebody_or_something_goes_on(state: &incident::State, found: &mut Found<'_>) {
    let runs = |name: TimerName| state.timers.contains_key(&name);
    let (held, resting) = (state.holder.is_some(), runs(TimerName::Snooze));
    let acknowledgement = runs(TimerName::Acknowledgement);
    found.check("I4", held == (acknowledgement != resting) && !(acknowledgement && resting), || {
        format!("held: {held}, acknowledgement runs out: {acknowledgement}, rests: {resting}")
    });
    let pages_ahead = state.timers.keys().any(|name| matches!(name, TimerName::Step(_) | TimerName::Repeat));
    found.check("I4", pages_ahead || (held && state.all_satisfied()), || {
        let open: Vec<_> =
            state.levels.iter().filter(|(_, level)| !level.satisfied).map(|(l, _)| l).collect();
        format!("nobody will be paged any more; held: {held}, without an answer: {open:?}")
    });
}

fn levels_wait_while_they_ask(state: &incident::State, found: &mut Found<'_>) {
    for (level, at_level) in &state.levels {
        let waits = state.timers.contains_key(&TimerName::Step(*level));
        let asks = !at_level.stood_down && asks(at_level);
        found.check("I4", waits == asks, || format!("{level} asks somebody: {asks}, its step ends: {waits}"));
        found.check("I3", at_level.stood_down == (*level > state.level), || {
            format!("the case is at {}, and {level} is stood down: {}", state.level, at_level.stood_down)
        });
    }
    for name in state.timers.keys() {
        if let TimerName::Step(level) = name {
            let engaged = state.levels.contains_key(level);
            found.check("I4", engaged, || format!("a step of {level} ends, which is not engaged"));
        }
    }
}

fn asks(level: &LevelState) -> bool {
    level.targets.values().any(|target| target.state == TargetState::Paged)
}

/// I2 and I4 of a page: while it is open, a way is under way, delivered or ahead; when it has ended, nothing is.
pub fn page(state: &notify::State) -> Vec<Violation> {
    let stream = StreamId::page(&state.id);
    let mut found = Found::about(&stream);
    if state.id.as_str().is_empty() {
        return found.violations;
    }
    let any = |which: fn(Progress) -> bool| state.notifications.values().any(|known| which(known.progress));
    let due = any(|progress| matches!(progress, Progress::Due { .. }));
    let timers = state.timers();
    match &state.ended {
        None => {
            let delivered = any(|progress| matches!(progress, Progress::Delivered | Progress::Sent { .. }));
            found.check("I4", due || delivered || !timers.is_empty(), || {
                "it is open, and no way is left that was not lost".to_owned()
            });
            let next_us = state.next_way().map(|(_, due_us)| due_us);
            let timer_us = timers.first().map(|timer| timer.due_us);
            found.check("I4", next_us == timer_us, || {
                format!("the next way is due at {next_us:?}, its timer at {timer_us:?}")
            });
            found.check("I2", !state.notifications.is_empty(), || "no message was begun".to_owned());
        }
        Some(ended) => {
            found.check("I5", timers.is_empty() && !due, || "it has ended, and messages are due".to_owned());
            let lost = state.notifications.len() == state.plan.len()
                && !any(|progress| !matches!(progress, Progress::Failed | Progress::Cancelled));
            found.check("I2", ended.how != How::GivenUp || lost, || {
                "it was given up before every way had failed".to_owned()
            });
        }
    }
    let places: BTreeSet<usize> = state.notifications.values().map(|known| known.place).collect();
    found.check("I1", places.len() == state.notifications.len(), || "a way was begun twice".to_owned());
    found.violations
}

/// I4 of an alert's key: an open alert ends by itself exactly when its sender said so, and one without an
/// incident waits for the end of the silence that holds it back.
pub fn alert(stream: &StreamId, state: &crate::alert::State) -> Vec<Violation> {
    let mut found = Found::about(stream);
    found.check("I1", (state.cycle == 0) == state.last.is_none(), || {
        format!("{} alerts were opened, and the last is {:?}", state.cycle, state.last.is_some())
    });
    let timers = state.timers();
    let waits = |name: &str| timers.iter().any(|timer| timer.name == name);
    let ends = state.open().is_some_and(|alert| alert.opened.event.expires_at_us.is_some());
    found.check("I4", waits(crate::alert::EXPIRE) == ends, || {
        format!("it ends by itself: {ends}; {timers:?}")
    });
    let unraised = state.open().is_some_and(|alert| alert.opened.incident.is_none());
    found.check("I4", waits(crate::alert::SILENCE) == unraised, || {
        format!("it has no incident: {unraised}; {timers:?}")
    });
    found.violations
}

/// I4 of a schedule or a person: what is open can be taken and waits, what was taken holds.
pub fn roster(stream: &StreamId, state: &roster::State) -> Vec<Violation> {
    let mut found = Found::about(stream);
    for swap in state.swaps.values() {
        let open = swap.state == roster::SwapState::Open;
        found.check("I4", open != swap.open.is_empty(), || {
            format!("{} is {:?}, and {} parts of it are open", swap.id, swap.state, swap.open.len())
        });
        found.check("I4", !open || !state.timers().is_empty(), || {
            format!("{} is open and waits for nothing", swap.id)
        });
        for taken in &swap.taken {
            let holds = |id| state.overrides.contains_key(id);
            let elsewhere = swap.in_return.as_ref().is_some_and(|other| other.schedule.is_some());
            let both = holds(&taken.part) && (elsewhere || taken.in_return.as_ref().is_none_or(holds));
            found.check("I4", both, || format!("{} stands in by {}, which is gone", taken.by, taken.part));
        }
    }
    found.violations
}
