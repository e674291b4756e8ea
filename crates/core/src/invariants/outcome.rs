//! What must hold of everything that one command caused.

use super::{Found, History, Violation};
use crate::decide::{Context, Loaded, Outcome, Placed, State, Streams, Timer};
use crate::escalation::{Level, LevelPolicy};
use crate::id::PageId;
use crate::incident::{self, Cause, TargetState, TimerName};
use crate::journal::StreamId;
use crate::notify::{self, MessageKind};
use crate::record::Record;

/// Checks what a command caused against the streams before it.
///
/// Pages and incidents that are not in memory are left out: what a command does not need it did not change.
pub fn outcome(before: &dyn Streams, outcome: &Outcome, context: Context<'_>) -> Vec<Violation> {
    let mut history = History::after(before);
    let mut violations = Vec::new();
    for placed in &outcome.records {
        violations.extend(history.follow(context.now_us, placed));
        violations.extend(deadline(&history, placed, context));
    }
    for (stream, loaded) in &outcome.streams {
        let mut found = Found::about(stream);
        found.check("I6", history.streams().get(stream) == Some(loaded), || {
            "the state is not what the records make of it".to_owned()
        });
        violations.append(&mut found.violations);
        violations.extend(super::state(stream, &loaded.state));
    }
    let around = Around { before, after: outcome, context };
    violations.extend(outcome.streams.iter().flat_map(|(stream, loaded)| around.check(stream, loaded)));
    violations
}

/// I4: a timer that fired when it was due is gone or has moved. One that stays would fire for ever.
///
/// `fired` is its name and its generation.
pub fn used_up(
    before: Option<&Loaded>,
    outcome: &Outcome,
    stream: &StreamId,
    (name, generation): (&str, i64),
    now_us: i64,
) -> Vec<Violation> {
    let mut found = Found::about(stream);
    let due = before.map(|loaded| loaded.state.timers()).unwrap_or_default();
    let fits = |timer: &Timer| timer.name == name && timer.generation == generation && timer.due_us <= now_us;
    let due = due.into_iter().filter(fits);
    let after =
        outcome.streams.get(stream).or(before).map(|loaded| loaded.state.timers()).unwrap_or_default();
    for timer in due {
        found.check("I4", !after.contains(&timer), || format!("{} fired and still waits", timer.name));
    }
    found.violations
}

/// I3: a step that reaches somebody ends when its policy says, no sooner and no later.
fn deadline(history: &History<'_>, placed: &Placed, context: Context<'_>) -> Option<Violation> {
    let Record::IncidentStepStarted(started) = &placed.record else { return None };
    let State::Incident(state) = &history.streams().get(&placed.stream)?.state else { return None };
    let policy = context.config.policy(&state.policy)?;
    let step = policy.levels.get(&started.level)?.steps.get(started.step)?;
    let wanted_us = context.now_us.saturating_add(step.timeout_s.max(1).saturating_mul(1_000_000));
    let wanted_us = (!started.pages.is_empty()).then_some(wanted_us);
    let mut found = Found::about(&placed.stream);
    found.check("I3", started.deadline_us == wanted_us, || {
        format!("the step ends at {:?}, its policy says {wanted_us:?}", started.deadline_us)
    });
    found.violations.pop()
}

/// Incidents and pages side by side, as they stand after a command.
struct Around<'a> {
    before: &'a dyn Streams,
    after: &'a Outcome,
    context: Context<'a>,
}

impl Around<'_> {
    fn look(&self, stream: &StreamId) -> Option<&Loaded> {
        self.after.streams.get(stream).or_else(|| self.before.get(stream))
    }

    fn page(&self, page: &PageId) -> Option<&notify::State> {
        match &self.look(&StreamId::page(page))?.state {
            State::Page(page) => Some(page),
            _ => None,
        }
    }

    fn check(&self, stream: &StreamId, loaded: &Loaded) -> Vec<Violation> {
        let mut found = Found::about(stream);
        match &loaded.state {
            State::Incident(state) => {
                self.targets(&mut found, state);
                self.forgotten(&mut found, state);
                self.every_step_is_tried(&mut found, state);
                self.nobody_is_skipped(&mut found, state);
            }
            State::Page(state) => self.followed(&mut found, state),
            State::Alert(_)
            | State::Grouping(_)
            | State::Roster(_)
            | State::Feed(_)
            | State::Verification(_)
            | State::Silence(_)
            | State::Source(_) => {}
        }
        found.violations
    }

    /// I2 and I5: who is asked has an open page, and who is not asked any more has none.
    fn targets(&self, found: &mut Found<'_>, state: &incident::State) {
        for (level, person, target) in state.open_pages() {
            let Some(page) = self.page(&target.page) else { continue };
            let over = state.is_over() || state.levels.get(&level).is_some_and(|level| level.stood_down);
            let fits = match (over, target.state) {
                (true, _) | (_, TargetState::Answered | TargetState::Unreachable) => !page.is_open(),
                (_, TargetState::Paged) => page.is_open() && page.kind == MessageKind::Page,
                (_, TargetState::Told) => !page.is_open() || page.kind == MessageKind::Tell,
                (_, TargetState::Silent) => true,
            };
            let rule = if target.state == TargetState::Paged && !over { "I2" } else { "I5" };
            found.check(rule, fits, || {
                let (state, ended) = (target.state, &page.ended);
                format!("{person} is {state:?} at {level}, and the page {} has ended: {ended:?}", page.id)
            });
        }
    }

    /// I3: a level whose asking ended without an answer has come to the end of its steps.
    fn every_step_is_tried(&self, found: &mut Found<'_>, state: &incident::State) {
        let before = self.before.get(found.stream).map(|loaded| &loaded.state);
        let Some(State::Incident(before)) = before.filter(|_| !state.is_over()) else { return };
        for (level, at_level) in
            state.levels.iter().filter(|(_, level)| !level.satisfied && !level.stood_down)
        {
            let name = TimerName::Step(*level);
            let ended = before.timers.contains_key(&name) && !state.timers.contains_key(&name);
            let tried = at_level.step.map_or(0, |step| step + 1);
            let steps = self.level_policy(state, *level).map_or(0, |policy| policy.steps.len());
            found.check("I3", !ended || tried >= steps, || {
                format!("{level} asks nobody after {tried} of {steps} steps")
            });
        }
    }

    /// I3: a level that is engaged by anything but silence has every level below it with it.
    fn nobody_is_skipped(&self, found: &mut Found<'_>, state: &incident::State) {
        let records = self.after.records.iter().filter(|placed| placed.stream == *found.stream);
        let engaged = records.filter_map(|placed| match &placed.record {
            Record::IncidentLevelEngaged(engaged) => Some(engaged),
            _ => None,
        });
        for engaged in engaged.filter(|engaged| !matches!(engaged.cause, Cause::Silence { .. })) {
            let level = engaged.level;
            let mut below = Level::ALL.into_iter().filter(|below| *below < level);
            let skipped =
                below.find(|below| self.level_policy(state, *below).is_some() && !state.is_engaged(*below));
            found.check("I3", skipped.is_none(), || format!("{level} is engaged without {skipped:?}"));
        }
    }

    fn level_policy(&self, state: &incident::State, level: Level) -> Option<&LevelPolicy> {
        self.context.config.policy(&state.policy)?.levels.get(&level)
    }

    /// I5: a page that the incident follows no longer has ended.
    fn forgotten(&self, found: &mut Found<'_>, state: &incident::State) {
        let before = self.before.get(found.stream).map(|loaded| &loaded.state);
        let Some(State::Incident(before)) = before else { return };
        for (level, person, target) in before.open_pages() {
            let kept = state.open_pages().any(|(_, _, known)| known.page == target.page);
            let open = self.page(&target.page).is_some_and(notify::State::is_open);
            found.check("I5", kept || !open, || {
                format!("the open page {} of {person} at {level} is forgotten", target.page)
            });
        }
    }

    /// I2: an open page belongs to somebody whom its incident asks or tells; nobody waits for one that ended.
    fn followed(&self, found: &mut Found<'_>, page: &notify::State) {
        let incident = self.look(&StreamId::incident(&page.incident)).map(|loaded| &loaded.state);
        let Some(State::Incident(incident)) = incident else { return };
        let target = incident.open_pages().find(|(_, _, target)| target.page == page.id);
        let asked = target.is_some_and(|(level, _, target)| {
            let stood_down = incident.levels.get(&level).is_some_and(|level| level.stood_down);
            target.state == TargetState::Paged && !stood_down && !incident.is_over()
        });
        let fits = if page.is_open() { target.is_some() && !incident.is_over() } else { !asked };
        found.check("I2", fits, || {
            format!("open: {}, and its incident asks {}: {asked}", page.is_open(), page.person)
        });
    }
}
