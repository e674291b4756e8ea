//! What deciding needs to know of an incident, and how records change it.

use std::collections::BTreeMap;
use std::fmt;

use crate::decide::Timer;
use crate::escalation::Level;
use crate::id::{IncidentId, PageId, PersonId};
use crate::incident::record as happened;
use crate::incident::{Cause, Clocks, Disposition, PageRef, Severity};
use crate::journal::StreamId;
use crate::record::{Deadline, Record};

/// An incident. Before its first record the id is empty.
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "independent flags of a case, each named in guards")]
pub struct State {
    pub id: IncidentId,
    pub title: String,
    pub description: Option<String>,
    pub severity: Severity,
    pub customer_facing: bool,
    pub company_wide: bool,
    pub disposition: Option<Disposition>,
    pub facts: BTreeMap<String, serde_json::Value>,
    pub policy: String,
    pub grouping: Option<StreamId>,
    pub labels: BTreeMap<String, String>,
    pub source: String,
    pub integration: Option<String>,
    pub auto_resolve: bool,
    /// A person has said what kind of case it is.
    pub classified: bool,
    pub alerts_open: u64,
    pub alerts_total: u64,
    pub level: Level,
    /// Since when the case is at its level: what a time box counts from.
    pub level_us: i64,
    pub levels: BTreeMap<Level, LevelState>,
    pub holder: Option<Holder>,
    pub lowering: Option<Lowering>,
    pub opened_us: i64,
    pub contained_us: Option<i64>,
    pub resolved_us: Option<i64>,
    /// What runs, by name.
    pub timers: BTreeMap<TimerName, Deadline>,
}

/// A level that was engaged.
#[derive(Debug, Clone, PartialEq)]
pub struct LevelState {
    pub engaged_us: i64,
    pub cause: Cause,
    pub round: u32,
    /// The step that runs or ran last; none before the first and while a person is asked by name.
    pub step: Option<usize>,
    pub step_started_us: i64,
    pub targets: BTreeMap<PersonId, Target>,
    /// The numbers of the turns that steps had last, where they go round.
    pub turns: BTreeMap<usize, i64>,
    /// Why the last step reached fewer people than it should.
    pub holes: Vec<String>,
    pub stood_down: bool,
    /// Somebody answered here or above, or nobody needs to any more.
    pub satisfied: bool,
}

/// Somebody who was paged or told at a level.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    pub page: PageId,
    pub state: TargetState,
    pub since_us: i64,
}

/// What became of telling somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TargetState {
    Paged,
    Answered,
    Silent,
    Unreachable,
    Told,
}

/// Who has the case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// None when a machine acknowledged.
    pub person: Option<PersonId>,
    pub name: Option<String>,
    pub level: Level,
    pub since_us: i64,
}

/// A request to lower the level, waiting for a second person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lowering {
    pub to: Level,
    pub by: PersonId,
    pub reason: String,
    pub until_us: i64,
}

/// Where a case stands, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    Triggered,
    Acknowledged,
    Contained,
    Resolved,
}

/// What an incident waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TimerName {
    Step(Level),
    Repeat,
    Acknowledgement,
    Snooze,
    TimeBox,
    Lowering,
}

impl TimerName {
    const ALL: [Self; 9] = [
        Self::Step(Level::L1),
        Self::Step(Level::L2),
        Self::Step(Level::L3),
        Self::Step(Level::Executive),
        Self::Repeat,
        Self::Acknowledgement,
        Self::Snooze,
        Self::TimeBox,
        Self::Lowering,
    ];

    /// The timer of that name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|name| name.to_string() == text)
    }
}

impl fmt::Display for TimerName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Step(level) => write!(f, "step:{level}"),
            Self::Repeat => f.write_str("repeat"),
            Self::Acknowledgement => f.write_str("acknowledgement"),
            Self::Snooze => f.write_str("snooze"),
            Self::TimeBox => f.write_str("time_box"),
            Self::Lowering => f.write_str("lowering"),
        }
    }
}

impl Status {
    /// The name used in the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Triggered => "triggered",
            Self::Acknowledged => "acknowledged",
            Self::Contained => "contained",
            Self::Resolved => "resolved",
        }
    }
}

impl Default for State {
    fn default() -> Self {
        Self {
            id: IncidentId::new(""),
            title: String::new(),
            description: None,
            severity: Severity::Sev3,
            customer_facing: false,
            company_wide: false,
            disposition: None,
            facts: BTreeMap::new(),
            policy: String::new(),
            grouping: None,
            labels: BTreeMap::new(),
            source: String::new(),
            integration: None,
            auto_resolve: false,
            classified: false,
            alerts_open: 0,
            alerts_total: 0,
            level: Level::L1,
            level_us: 0,
            levels: BTreeMap::new(),
            holder: None,
            lowering: None,
            opened_us: 0,
            contained_us: None,
            resolved_us: None,
            timers: BTreeMap::new(),
        }
    }
}

impl State {
    /// Whether it was opened at all.
    pub fn exists(&self) -> bool {
        !self.id.as_str().is_empty()
    }

    /// Whether it is resolved.
    pub const fn is_over(&self) -> bool {
        self.resolved_us.is_some()
    }

    /// Where it stands.
    pub const fn status(&self) -> Status {
        if self.resolved_us.is_some() {
            Status::Resolved
        } else if self.contained_us.is_some() {
            Status::Contained
        } else if self.holder.is_some() {
            Status::Acknowledged
        } else {
            Status::Triggered
        }
    }

    /// What it waits for.
    pub fn timers(&self) -> Vec<Timer> {
        self.timers
            .iter()
            .map(|(name, due)| Timer {
                name: name.to_string(),
                generation: due.generation,
                due_us: due.due_us,
            })
            .collect()
    }

    /// The pages that still ask for an answer, with their level.
    pub fn open_pages(&self) -> impl Iterator<Item = (Level, &PersonId, &Target)> {
        self.levels.iter().flat_map(|(level, state)| {
            state.targets.iter().map(move |(person, target)| (*level, person, target))
        })
    }

    /// Follows one record.
    pub fn apply(&mut self, version: i64, at_us: i64, record: &Record) {
        match record {
            Record::IncidentOpened(opened) => self.open(at_us, opened),
            Record::IncidentAlertAttached(_) => {
                self.alerts_open += 1;
                self.alerts_total += 1;
            }
            Record::IncidentAlertEnded(_) => self.alerts_open = self.alerts_open.saturating_sub(1),
            Record::IncidentClassified(classified) => self.classify(version, at_us, classified),
            Record::IncidentLevelEngaged(engaged) => self.engage(version, at_us, engaged),
            Record::IncidentStepStarted(started) => self.start_step(version, at_us, started),
            Record::IncidentStepSilent(silent) => self.step_silent(at_us, silent),
            Record::IncidentTold(told) => {
                self.add_targets(told.level, at_us, &told.pages, TargetState::Told);
                self.told(told.level, &told.holes);
            }
            Record::IncidentPageUnreachable(lost) => {
                self.mark(lost.level, &lost.person, TargetState::Unreachable, at_us);
                self.end_step_without_paged(lost.level);
            }
            Record::IncidentRepeatDue(due) => self.set(version, TimerName::Repeat, due.at_us),
            Record::IncidentAcknowledged(acknowledged) => self.acknowledge(version, at_us, acknowledged),
            Record::IncidentAcknowledgementExpired(_) => self.let_go(),
            Record::IncidentLowerRequested(asked) => self.ask_to_lower(version, asked),
            Record::IncidentLowerLapsed(_) => self.end_lowering(),
            Record::IncidentLowered(lowered) => self.lower(version, at_us, lowered),
            Record::IncidentSnoozed(snoozed) => {
                self.set(version, TimerName::Snooze, Some(snoozed.until_us));
                self.set_clocks(version, snoozed.clocks);
            }
            Record::IncidentSnoozeEnded(_) => {
                self.set(version, TimerName::Snooze, None);
                self.let_go();
            }
            Record::IncidentReassigned(reassigned) => self.reassign(version, at_us, reassigned),
            Record::IncidentNoted(noted) => self.set_clocks(version, noted.clocks),
            Record::IncidentLinked(linked) => self.set_clocks(version, linked.clocks),
            Record::IncidentResolved(resolved) => self.resolve(at_us, resolved),
            _ => {}
        }
    }

    fn open(&mut self, at_us: i64, opened: &happened::Opened) {
        self.id = opened.incident.clone();
        self.title.clone_from(&opened.title);
        self.description.clone_from(&opened.description);
        self.severity = opened.severity;
        self.customer_facing = opened.customer_facing;
        self.company_wide = opened.company_wide;
        self.policy.clone_from(&opened.policy);
        self.grouping.clone_from(&opened.grouping);
        self.labels.clone_from(&opened.labels);
        self.source.clone_from(&opened.source);
        self.integration.clone_from(&opened.integration);
        self.auto_resolve = opened.auto_resolve;
        self.alerts_open = u64::from(opened.alert.is_some());
        self.alerts_total = self.alerts_open;
        self.opened_us = at_us;
    }

    fn classify(&mut self, version: i64, at_us: i64, classified: &happened::Classified) {
        self.severity = classified.severity.unwrap_or(self.severity);
        self.customer_facing = classified.customer_facing.unwrap_or(self.customer_facing);
        self.company_wide = classified.company_wide.unwrap_or(self.company_wide);
        self.disposition = classified.disposition.or(self.disposition);
        match classified.contained {
            Some(true) => self.contained_us = self.contained_us.or(Some(at_us)),
            Some(false) => self.contained_us = None,
            None => {}
        }
        self.facts.extend(classified.facts.iter().map(|(name, value)| (name.clone(), value.clone())));
        self.classified |= classified.by_person;
        self.set_clocks(version, classified.clocks);
    }

    fn engage(&mut self, version: i64, at_us: i64, engaged: &happened::LevelEngaged) {
        if self.is_engaged(engaged.level) {
            // Silence had it engaged, and now the case needs it: who is asked there is asked on.
            if let Some(level) = self.levels.get_mut(&engaged.level) {
                level.cause = engaged.cause.clone();
            }
            return self.set_clocks(version, engaged.clocks);
        }
        let before = self.levels.remove(&engaged.level);
        let state = LevelState {
            engaged_us: at_us,
            cause: engaged.cause.clone(),
            round: before.map_or(0, |level| level.round),
            step: None,
            step_started_us: at_us,
            targets: BTreeMap::new(),
            turns: BTreeMap::new(),
            holes: Vec::new(),
            stood_down: false,
            satisfied: false,
        };
        self.levels.insert(engaged.level, state);
        if engaged.level > self.level {
            self.end_lowering();
        }
        if engaged.level >= self.level {
            self.level = engaged.level;
            self.level_us = at_us;
        }
        self.set_clocks(version, engaged.clocks);
    }

    fn start_step(&mut self, version: i64, at_us: i64, started: &happened::StepStarted) {
        if let Some(level) = self.levels.get_mut(&started.level) {
            level.step = Some(started.step);
            level.round = started.round;
            level.step_started_us = at_us;
            level.satisfied &= started.step > 0;
            level.holes.clone_from(&started.holes);
            level.turns.extend(started.turn.map(|turn| (started.step, turn)));
        }
        self.add_targets(started.level, at_us, &started.pages, TargetState::Paged);
        self.set(version, TimerName::Step(started.level), started.deadline_us);
    }

    fn step_silent(&mut self, at_us: i64, silent: &happened::StepSilent) {
        for person in &silent.people {
            self.mark(silent.level, person, TargetState::Silent, at_us);
        }
        self.timers.remove(&TimerName::Step(silent.level));
    }

    fn acknowledge(&mut self, version: i64, at_us: i64, acknowledged: &happened::Acknowledged) {
        if let Some(person) = &acknowledged.person {
            self.answered(person, at_us);
        }
        if acknowledged.holds {
            self.holder = Some(Holder {
                person: acknowledged.person.clone(),
                name: acknowledged.name.clone(),
                level: acknowledged.level,
                since_us: at_us,
            });
        }
        for level in &acknowledged.satisfied {
            if let Some(state) = self.levels.get_mut(level) {
                state.satisfied = true;
            }
        }
        for level in &acknowledged.settled {
            self.settle(*level, at_us);
        }
        self.end_repeat_when_satisfied();
        self.timers.remove(&TimerName::Snooze);
        self.set_clocks(version, acknowledged.clocks);
    }

    /// Who was asked has answered. Who was only told was not asked, and stays so.
    fn answered(&mut self, person: &PersonId, at_us: i64) {
        let targets = self.levels.values_mut().filter_map(|level| level.targets.get_mut(person));
        for target in targets.filter(|target| target.state != TargetState::Told) {
            target.state = TargetState::Answered;
            target.since_us = at_us;
        }
    }

    /// The others at a level need not answer any more; they know.
    fn settle(&mut self, level: Level, at_us: i64) {
        self.timers.remove(&TimerName::Step(level));
        let Some(level) = self.levels.get_mut(&level) else { return };
        for target in level.targets.values_mut().filter(|target| target.state == TargetState::Paged) {
            target.state = TargetState::Told;
            target.since_us = at_us;
        }
    }

    /// A step in which nobody is left who could answer waits for nothing.
    fn end_step_without_paged(&mut self, level: Level) {
        let paged = self
            .levels
            .get(&level)
            .is_some_and(|state| state.targets.values().any(|target| target.state == TargetState::Paged));
        if !paged {
            self.timers.remove(&TimerName::Step(level));
        }
    }

    fn end_repeat_when_satisfied(&mut self) {
        if self.all_satisfied() {
            self.timers.remove(&TimerName::Repeat);
        }
    }

    /// Nobody holds the case any more, and what was answered counts no longer: a level that asks nobody just
    /// now begins with its first step when its turn comes.
    fn let_go(&mut self) {
        self.holder = None;
        self.timers.remove(&TimerName::Acknowledgement);
        for (name, level) in &mut self.levels {
            level.satisfied = false;
            level.step = level.step.filter(|_| self.timers.contains_key(&TimerName::Step(*name)));
        }
    }

    fn ask_to_lower(&mut self, version: i64, asked: &happened::LowerRequested) {
        self.lowering = Some(Lowering {
            to: asked.to,
            by: asked.by.clone(),
            reason: asked.reason.clone(),
            until_us: asked.until_us,
        });
        self.set(version, TimerName::Lowering, Some(asked.until_us));
    }

    fn end_lowering(&mut self) {
        self.lowering = None;
        self.timers.remove(&TimerName::Lowering);
    }

    fn lower(&mut self, version: i64, at_us: i64, lowered: &happened::Lowered) {
        self.end_lowering();
        self.level = lowered.to;
        self.level_us = at_us;
        for (level, state) in self.levels.iter_mut().filter(|(level, _)| **level > lowered.to) {
            state.stood_down = true;
            self.timers.remove(&TimerName::Step(*level));
        }
        self.end_repeat_when_satisfied();
        self.set_clocks(version, lowered.clocks);
    }

    fn reassign(&mut self, version: i64, at_us: i64, reassigned: &happened::Reassigned) {
        self.let_go();
        self.timers.remove(&TimerName::Snooze);
        if let Some(level) = self.levels.get_mut(&reassigned.level) {
            level.step = None;
            level.round = reassigned.round;
            level.step_started_us = at_us;
        }
        let pages = std::slice::from_ref(&reassigned.page);
        self.add_targets(reassigned.level, at_us, pages, TargetState::Paged);
        self.set(version, TimerName::Step(reassigned.level), Some(reassigned.deadline_us));
        self.timers.remove(&TimerName::Repeat);
    }

    fn resolve(&mut self, at_us: i64, resolved: &happened::Resolved) {
        self.disposition = Some(resolved.disposition);
        self.resolved_us = Some(at_us);
        self.lowering = None;
        self.timers.clear();
    }

    fn add_targets(&mut self, level: Level, at_us: i64, pages: &[PageRef], state: TargetState) {
        if let Some(level) = self.levels.get_mut(&level) {
            for page in pages {
                let target = Target { page: page.page.clone(), state, since_us: at_us };
                level.targets.insert(page.person.clone(), target);
            }
        }
    }

    /// A level that was told and has no step needs no answer.
    fn told(&mut self, level: Level, holes: &[String]) {
        if let Some(level) = self.levels.get_mut(&level) {
            level.holes.extend(holes.iter().cloned());
            level.satisfied |= level.step.is_none();
        }
    }

    /// Whether a level takes part in the case. A level that only silence engaged, and that nobody there
    /// answered before somebody below took the case, is not engaged enough for a case that needs it.
    pub(crate) fn is_engaged(&self, level: Level) -> bool {
        self.levels.get(&level).is_some_and(|state| {
            let by_silence = matches!(state.cause, Cause::Silence { .. });
            let only_heard = by_silence && state.satisfied && !self.has_answer_from(level);
            !(state.stood_down || only_heard)
        })
    }

    /// Whether a level takes part, and for no other reason than that nobody answered below it.
    pub(super) fn is_engaged_by_silence(&self, level: Level) -> bool {
        let by_silence = |state: &LevelState| matches!(state.cause, Cause::Silence { .. });
        self.is_engaged(level) && self.levels.get(&level).is_some_and(by_silence)
    }

    /// Somebody answered at the level or above it.
    fn has_answer_from(&self, level: Level) -> bool {
        self.levels.range(level..).any(|(_, state)| {
            state.targets.values().any(|target| target.state == TargetState::Answered) && !state.stood_down
        })
    }

    /// The highest level up to that one that takes part, or else the lowest that does; L1 where none does.
    pub(super) fn standing(&self, level: Level) -> Level {
        let mut engaged = self.levels.iter().filter(|(_, state)| !state.stood_down).map(|(level, _)| *level);
        let lowest = engaged.next().unwrap_or(Level::L1);
        engaged.rev().find(|other| *other <= level).unwrap_or(lowest)
    }

    /// Whether every level that is involved has its answer.
    pub fn all_satisfied(&self) -> bool {
        self.levels.values().all(|level| level.satisfied || level.stood_down)
    }

    fn mark(&mut self, level: Level, person: &PersonId, state: TargetState, at_us: i64) {
        if let Some(target) = self.levels.get_mut(&level).and_then(|level| level.targets.get_mut(person)) {
            target.state = state;
            target.since_us = at_us;
        }
    }

    fn set_clocks(&mut self, version: i64, clocks: Clocks) {
        self.set(version, TimerName::Acknowledgement, clocks.acknowledgement_us);
        self.set(version, TimerName::TimeBox, clocks.time_box_us);
    }

    /// Sets, moves or ends a timer. One that stays where it is keeps its generation.
    fn set(&mut self, version: i64, name: TimerName, due_us: Option<i64>) {
        match due_us {
            None => {
                self.timers.remove(&name);
            }
            Some(due_us) if self.timers.get(&name).is_some_and(|due| due.due_us == due_us) => {}
            Some(due_us) => {
                self.timers.insert(name, Deadline { due_us, generation: version });
            }
        }
    }
}
