//! How a case climbs: by judgement, by silence, by time.

use serde_json::{Value, json};

use crate::decide::Context;
use crate::escalation::targets::{self, Reached};
use crate::escalation::{Answer, Level, Step, turns};
use crate::expression::Scope;
use crate::id::{PageId, PersonId, derive};
use crate::incident::decide::Deciding;
use crate::incident::record as happened;
use crate::incident::state::TargetState;
use crate::incident::{Cause, PageRef, State, TimerName};
use crate::journal::StreamId;
use crate::notify::{self, MessageKind};
use crate::roster;

/// Whether a step found somebody to page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Started {
    Paging,
    /// The level is told, and nobody is asked.
    Told,
    /// No step of the level is left.
    Exhausted,
}

impl Deciding<'_> {
    /// Engages the first level and what the guards demand. Where the policy has no first level, silence climbs
    /// at once.
    pub(super) fn begin_ladder(&mut self) {
        self.engage_up_to(Level::L1, &Cause::Opened);
        self.judge();
        if self.state.levels.is_empty() {
            self.exhausted(Level::L1);
        }
    }

    /// Engages what the policy's guards demand.
    pub(super) fn judge(&mut self) {
        if let Some((level, guard)) = self.demanded() {
            self.engage_up_to(level, &Cause::Judgement { guard });
        }
    }

    /// The highest level that a guard demands, with the guard. A guard that has no value demands its level:
    /// a mistake in a policy must not keep people out.
    pub(super) fn demanded(&self) -> Option<(Level, String)> {
        let policy = self.policy.as_ref()?;
        let facts = Scope::of(facts(&self.state, &policy.facts));
        policy.levels.iter().rev().find_map(|(level, rules)| {
            let guard = rules.when.iter().find(|guard| guard.is_true_in(&facts).unwrap_or(true))?;
            Some((*level, guard.text().to_owned()))
        })
    }

    /// Engages a level and every level below it, as far as they are not.
    pub(super) fn engage_up_to(&mut self, to: Level, cause: &Cause) {
        let wanted: Vec<Level> = Level::ALL
            .into_iter()
            .filter(|level| *level <= to && self.level_policy(*level).is_some())
            .filter(|level| !self.state.is_engaged(*level) || self.state.is_engaged_by_silence(*level))
            .collect();
        // Levels that reach nobody, with no level above them that asks somebody.
        let mut unreached = Vec::new();
        for level in wanted {
            let cause = if level == to { cause.clone() } else { Cause::Below { level: to } };
            if self.state.is_engaged(level) {
                self.needed(level, &cause);
                continue;
            }
            match self.engage(level, &cause, !unreached.is_empty()) {
                Started::Exhausted if self.lacks_an_answer(level) => unreached.push(level),
                Started::Paging => unreached.clear(),
                Started::Exhausted | Started::Told => {}
            }
        }
        if let Some(level) = unreached.first() {
            self.exhausted(*level);
        }
    }

    /// A level that was only told has no answer while nobody has the case.
    fn lacks_an_answer(&self, level: Level) -> bool {
        let told = self.state.levels.get(&level).is_some_and(|state| state.satisfied);
        !told || self.state.holder.is_none()
    }

    /// A level that silence engaged is needed by the case from now on: an answer below it is none for it.
    fn needed(&mut self, level: Level, cause: &Cause) {
        self.push_with_clocks(false, |clocks| {
            happened::LevelEngaged { level, cause: cause.clone(), clocks }.into()
        });
    }

    /// Engages one level. One that took part before begins anew: what its people were told counts no longer.
    /// With `ask`, it is asked even where the policy only tells it.
    fn engage(&mut self, level: Level, cause: &Cause, ask: bool) -> Started {
        self.supersede(|other| other == level, "engaged again");
        self.push_with_clocks(false, |clocks| {
            happened::LevelEngaged { level, cause: cause.clone(), clocks }.into()
        });
        let Some(policy) = self.level_policy(level).cloned() else { return Started::Exhausted };
        let paged = ask || policy.answer != Answer::Told;
        if paged {
            let started = self.start_step(level, 0);
            self.tell(level, &policy.tell);
            started
        } else {
            let everybody: Vec<_> = policy.steps.iter().flat_map(|step| step.page.clone()).collect();
            self.tell(level, &[everybody, policy.tell].concat());
            Started::Told
        }
    }

    fn tell(&mut self, level: Level, to: &[crate::escalation::Target]) {
        if to.is_empty() {
            return;
        }
        let mut reached = targets::resolve(self.context.config, to, self.context.now_us);
        let asked: Vec<PersonId> = self
            .state
            .levels
            .get(&level)
            .map(|state| state.targets.keys().cloned().collect())
            .unwrap_or_default();
        reached.people.retain(|person| !asked.contains(person));
        let round = self.state.levels.get(&level).map_or(1, |state| state.round.max(1));
        let pages = self.pages(level, round, "tell", &reached.people);
        let step = 0;
        self.push(happened::Told { level, round, pages: pages.clone(), holes: reached.holes });
        self.send(level, step, round, MessageKind::Tell, pages);
    }

    /// Starts the first step from `from` on that reaches somebody. One that reaches nobody is recorded, and
    /// the next follows at once.
    fn start_step(&mut self, level: Level, from: usize) -> Started {
        let Some(policy) = self.level_policy(level).cloned() else { return Started::Exhausted };
        let before = self.state.levels.get(&level).map_or(0, |state| state.round);
        let round = if from == 0 { before + 1 } else { before };
        for (index, step) in policy.steps.iter().enumerate().skip(from) {
            let turn = step.round_robin.then(|| self.take_turn(level, index));
            let Reached { mut people, holes, shadows } = self.reach(step, turn);
            if from > 0 {
                people.retain(|person| !self.has_answered(level, person));
            }
            self.supersede_again(level, &people);
            let pages = self.pages(level, round, &index.to_string(), &people);
            let deadline_us = (!pages.is_empty()).then(|| self.after_s(step.timeout_s.max(1)));
            let reached = !pages.is_empty();
            self.push(happened::StepStarted {
                level,
                step: index,
                round,
                pages: pages.clone(),
                holes,
                deadline_us,
                turn,
            });
            self.send(level, index, round, MessageKind::Page, pages);
            self.tell_shadows(level, round, shadows);
            if reached {
                return Started::Paging;
            }
        }
        Started::Exhausted
    }

    fn reach(&self, step: &Step, turn: Option<i64>) -> Reached {
        let Context { config, now_us, .. } = self.context;
        match turn {
            Some(number) => turns::resolve_turn(config, step, number, now_us),
            None => targets::resolve(config, &step.page, now_us),
        }
    }

    /// The number of the turn that a step has now. The first time in an incident it is the next of the policy;
    /// asked again, it goes to whoever follows.
    fn take_turn(&mut self, level: Level, step: usize) -> i64 {
        let had = self.state.levels.get(&level).and_then(|state| state.turns.get(&step));
        if let Some(number) = had {
            return number.saturating_add(1);
        }
        let policy = self.policy.as_ref().map_or_else(String::new, |policy| policy.name.clone());
        let number = self.turns.next(level, step);
        let incident = self.state.id.clone();
        let stream = StreamId::turns(&policy);
        let taken = turns::TurnTaken { policy, level, step, incident, number };
        self.turns.apply(&taken);
        self.then(stream, roster::Command::TakeTurn(taken));
        number
    }

    /// Those who learn are told once at a level what the others are paged for.
    fn tell_shadows(&mut self, level: Level, round: u32, mut shadows: Vec<PersonId>) {
        let known = self.state.levels.get(&level).map(|state| &state.targets);
        shadows.retain(|person| known.is_none_or(|targets| !targets.contains_key(person)));
        if shadows.is_empty() {
            return;
        }
        let pages = self.pages(level, round, "shadow", &shadows);
        self.push(happened::Told { level, round, pages: pages.clone(), holes: Vec::new() });
        self.send(level, 0, round, MessageKind::Tell, pages);
    }

    fn has_answered(&self, level: Level, person: &PersonId) -> bool {
        let target = self.state.levels.get(&level).and_then(|state| state.targets.get(person));
        target.is_some_and(|target| target.state == TargetState::Answered)
    }

    /// The page of each person, derived from what makes it one: incident, level, round, step and the version
    /// at which it is decided, which no second decision can have.
    pub(super) fn pages(&self, level: Level, round: u32, step: &str, people: &[PersonId]) -> Vec<PageRef> {
        let (incident, round, version) =
            (self.state.id.as_str(), round.to_string(), self.version.to_string());
        people
            .iter()
            .map(|person| {
                let parts = [incident, &version, level.as_str(), &round, step, person.as_str()];
                let page = PageId::new(derive("pag", self.context.now_us, &parts));
                PageRef { page, person: person.clone() }
            })
            .collect()
    }

    pub(super) fn send(
        &mut self,
        level: Level,
        step: usize,
        round: u32,
        kind: MessageKind,
        pages: Vec<PageRef>,
    ) {
        for page in pages {
            let decide = notify::DecidePage {
                page: page.page.clone(),
                incident: self.state.id.clone(),
                person: page.person,
                level,
                step,
                round,
                kind,
            };
            self.then(StreamId::page(&page.page), notify::Command::Decide(Box::new(decide)));
        }
    }

    /// The time of a level's step is over.
    pub(super) fn step_over(&mut self, level: Level) {
        let Some(state) = self.state.levels.get(&level) else { return };
        let people = state
            .targets
            .iter()
            .filter(|(_, target)| target.state == TargetState::Paged)
            .map(|(person, _)| person.clone())
            .collect();
        let (step, round) = (state.step.unwrap_or(0), state.round);
        self.push(happened::StepSilent { level, step, round, people });
        self.advance(level);
    }

    /// Goes on after a step that got no answer.
    fn advance(&mut self, level: Level) {
        let Some(state) = self.state.levels.get(&level) else { return };
        let (satisfied, next) = (state.satisfied, state.step.map_or(0, |step| step + 1));
        if self.start_step(level, next) == Started::Exhausted && !satisfied {
            self.exhausted(level);
        }
    }

    /// Nobody at a level answered to the end of its steps: silence climbs.
    fn exhausted(&mut self, from: Level) {
        let mut below = from;
        while let Some(level) = below.above() {
            below = level;
            if self.level_policy(level).is_none() {
                continue;
            }
            if !self.state.is_engaged(level) {
                match self.engage(level, &Cause::Silence { from }, true) {
                    Started::Exhausted => continue,
                    Started::Paging | Started::Told => return,
                }
            }
            if self.state.timers.contains_key(&TimerName::Step(level)) {
                return;
            }
            let asked = self.state.levels.get(&level).is_some_and(|state| state.step.is_some());
            if !asked && self.start_step(level, 0) == Started::Paging {
                return;
            }
        }
        self.repeat_later();
    }

    /// The whole ladder stayed silent: it begins again, after a while, until somebody answers.
    fn repeat_later(&mut self) {
        const FALLBACK_S: i64 = 60;
        let waits = |name: &TimerName| matches!(name, TimerName::Step(_) | TimerName::Repeat);
        if !self.state.timers.keys().any(waits) {
            let seconds = self.policy.as_ref().map_or(FALLBACK_S, |policy| policy.repeat_after_s.max(1));
            self.push(happened::RepeatDue { at_us: Some(self.after_s(seconds)) });
        }
    }

    /// Pages every level again that has no answer. Where nobody has the case and every level was only told,
    /// they are asked.
    pub(super) fn repeat(&mut self) {
        self.push(happened::RepeatDue { at_us: None });
        if self.state.levels.is_empty() {
            return self.begin_ladder();
        }
        let nobody = self.state.holder.is_none() && self.state.all_satisfied();
        let silent: Vec<Level> = self
            .state
            .levels
            .iter()
            .filter(|(_, state)| (nobody || !state.satisfied) && !state.stood_down)
            .map(|(level, _)| *level)
            .filter(|level| !self.state.timers.contains_key(&TimerName::Step(*level)))
            .collect();
        let mut paging = false;
        for level in &silent {
            paging |= self.start_step(*level, 0) == Started::Paging;
        }
        if let Some(lowest) = silent.first().filter(|_| !paging) {
            self.exhausted(*lowest);
        }
    }

    /// Pages a level from its first step, after somebody let go of the case.
    pub(super) fn start_again(&mut self, level: Level) {
        if self.state.levels.is_empty() {
            self.begin_ladder();
        } else if self.start_step(level, 0) == Started::Exhausted {
            self.exhausted(level);
        }
    }

    pub(super) fn time_box_over(&mut self) {
        let from = self.state.level;
        match from.above().filter(|level| self.level_policy(*level).is_some()) {
            Some(above) => self.engage_up_to(above, &Cause::TimeBox { from }),
            None => self.push_with_clocks(false, |clocks| {
                happened::Classified { clocks, ..happened::Classified::default() }.into()
            }),
        }
    }

    /// No contact method of somebody works. If nobody else is left to answer the step, the next follows at
    /// once.
    pub(super) fn page_unreachable(&mut self, page: &PageId) {
        let found = self.state.open_pages().find(|(_, _, target)| &target.page == page);
        let Some((level, person, target)) = found else { return };
        let was_paged = target.state == TargetState::Paged;
        let person = person.clone();
        self.push(happened::PageUnreachable { page: page.clone(), person, level });
        let others = self
            .state
            .levels
            .get(&level)
            .is_some_and(|state| state.targets.values().any(|target| target.state == TargetState::Paged));
        if was_paged && !others {
            self.advance(level);
        }
    }

    /// An open incident that nobody holds is paged again, and a level without an answer, whoever holds the
    /// case below it.
    pub(super) fn never_wait_for_nothing(&mut self) {
        let state = &self.state;
        let answered = state.holder.is_some() && state.all_satisfied();
        if state.exists() && !state.is_over() && !answered {
            self.repeat_later();
        }
    }

    /// Ends the open pages of levels for which `which` holds.
    pub(super) fn supersede(&mut self, which: impl Fn(Level) -> bool, why: &str) {
        let pages: Vec<PageId> = self
            .state
            .open_pages()
            .filter(|(level, _, target)| which(*level) && target.state != TargetState::Answered)
            .map(|(_, _, target)| target.page.clone())
            .collect();
        for page in pages {
            let command = notify::Command::Supersede { why: why.to_owned() };
            self.then(StreamId::page(&page), command);
        }
    }

    /// A new page of a person at a level replaces the one before.
    pub(super) fn supersede_again(&mut self, level: Level, people: &[PersonId]) {
        let Some(state) = self.state.levels.get(&level) else { return };
        let pages: Vec<PageId> =
            people.iter().filter_map(|person| Some(state.targets.get(person)?.page.clone())).collect();
        for page in pages {
            let command = notify::Command::Supersede { why: "paged again".to_owned() };
            self.then(StreamId::page(&page), command);
        }
    }
}

/// What guards read.
fn facts(state: &State, declared: &std::collections::BTreeMap<String, Value>) -> Value {
    let mut free = declared.clone();
    free.extend(state.facts.iter().map(|(name, value)| (name.clone(), value.clone())));
    json!({
        "severity": state.severity.as_str(),
        "customer_facing": state.customer_facing,
        "company_wide": state.company_wide,
        "disposition": state.disposition.map_or("", super::Disposition::as_str),
        "contained": state.contained_us.is_some(),
        "held": state.holder.is_some(),
        "level": state.level.as_str(),
        "alerts": state.alerts_total,
        "labels": state.labels,
        "facts": free,
    })
}
