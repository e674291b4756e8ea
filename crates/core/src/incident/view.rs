//! How a case looks: four lamps, who holds it, and what happens next if nobody acts.
//!
//! A view is computed from the state when a record changes it, with names and people as they are then.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::config::Config;
use crate::escalation::{Answer, Level, Step, Target, targets, turns};
use crate::id::{PageId, PersonId};
use crate::incident::{Cause, LevelState, State, TargetState, TimerName};

/// What the console and the command line show of an incident beside its plain fields.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct View {
    pub description: Option<String>,
    pub labels: BTreeMap<String, String>,
    pub source: String,
    pub integration: Option<String>,
    pub facts: BTreeMap<String, serde_json::Value>,
    pub levels: Vec<LevelView>,
    pub holder: Option<HolderView>,
    pub next: Option<Next>,
    pub snoozed_until_us: Option<i64>,
    pub lowering: Option<LoweringView>,
    pub contained_us: Option<i64>,
}

/// One lamp and what stands behind it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LevelView {
    pub level: Level,
    pub lamp: Lamp,
    pub engaged_us: Option<i64>,
    /// Why it is engaged, in words.
    pub cause: Option<String>,
    pub targets: Vec<TargetView>,
    /// The step that runs or ran last, from 1; 0 before the first.
    pub step: usize,
    pub steps: usize,
    pub round: u32,
    /// Why fewer people are reached than should be.
    pub holes: Vec<String>,
}

/// Somebody at a level.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TargetView {
    pub person_id: PersonId,
    pub name: String,
    pub state: TargetWord,
    pub since_us: i64,
    pub page_id: PageId,
}

/// What became of telling somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TargetWord {
    Paged,
    Answered,
    Silent,
    Unreachable,
    Told,
}

/// The state of a level as a lamp shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lamp {
    /// Not engaged.
    Off,
    /// Next to be paged when the countdown ends.
    Armed,
    /// Paged, nobody has answered.
    Paging,
    /// Some of several have answered.
    Part,
    /// Answered and held.
    Held,
    /// Time ran out without an answer.
    Silent,
    /// Notified, no answer expected.
    Told,
    /// Reaches nobody.
    Hole,
    /// Resolved, or the level was lowered.
    StoodDown,
}

/// Who has the case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HolderView {
    pub person_id: Option<PersonId>,
    pub name: String,
    pub since_us: i64,
    pub level: Level,
}

/// A request to lower the level.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LoweringView {
    pub to: Level,
    pub by: PersonId,
    pub by_name: String,
    pub reason: String,
    pub until_us: i64,
}

/// What happens next if nobody acts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Next {
    pub due_us: i64,
    pub kind: NextKind,
    pub level: Option<Level>,
    /// Names of those who will be paged.
    pub people: Vec<String>,
    /// A sentence without its end mark: `Mara Lindqvist and Tomasz Zieliński are paged`.
    pub text: String,
}

/// What a deadline leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NextKind {
    Step,
    Climb,
    Repeat,
    AckTimeout,
    TimeBox,
    Snooze,
    Lowering,
    /// Those still silent at a level that is held are not asked again.
    Rest,
}

/// The view of an incident.
pub fn view(state: &State, config: &Config) -> View {
    let next = next(state, config);
    View {
        description: state.description.clone(),
        labels: state.labels.clone(),
        source: state.source.clone(),
        integration: state.integration.clone(),
        facts: state.facts.clone(),
        levels: Level::ALL.into_iter().map(|level| level_view(state, config, level, next.as_ref())).collect(),
        holder: state.holder.as_ref().map(|holder| HolderView {
            person_id: holder.person.clone(),
            name: holder.person.as_ref().map_or_else(
                || holder.name.clone().unwrap_or_else(|| "the sender".to_owned()),
                |person| name(config, person),
            ),
            since_us: holder.since_us,
            level: holder.level,
        }),
        next,
        snoozed_until_us: state.timers.get(&TimerName::Snooze).map(|due| due.due_us),
        lowering: state.lowering.as_ref().map(|asked| LoweringView {
            to: asked.to,
            by: asked.by.clone(),
            by_name: name(config, &asked.by),
            reason: asked.reason.clone(),
            until_us: asked.until_us,
        }),
        contained_us: state.contained_us,
    }
}

/// The name of a person, or the id where the person is gone.
pub fn name(config: &Config, person: &PersonId) -> String {
    config.organisation.people.get(person).map_or_else(|| person.to_string(), |person| person.name.clone())
}

fn level_view(state: &State, config: &Config, level: Level, next: Option<&Next>) -> LevelView {
    let policy = config.policy(&state.policy).and_then(|policy| policy.levels.get(&level));
    let steps = policy.map_or(0, |policy| policy.steps.len());
    let Some(engaged) = state.levels.get(&level) else {
        let climbs = |next: &&Next| matches!(next.kind, NextKind::Climb | NextKind::TimeBox);
        let armed = next.filter(climbs).is_some_and(|next| next.level == Some(level));
        let lamp = if armed { Lamp::Armed } else { Lamp::Off };
        return LevelView {
            level,
            lamp,
            engaged_us: None,
            cause: None,
            targets: Vec::new(),
            step: 0,
            steps,
            round: 0,
            holes: Vec::new(),
        };
    };
    LevelView {
        level,
        lamp: lamp(state, level, engaged, policy.map(|policy| policy.answer)),
        engaged_us: Some(engaged.engaged_us),
        cause: Some(cause_text(config, &engaged.cause)),
        targets: engaged
            .targets
            .iter()
            .map(|(person, target)| TargetView {
                person_id: person.clone(),
                name: name(config, person),
                state: word(target.state),
                since_us: target.since_us,
                page_id: target.page.clone(),
            })
            .collect(),
        step: engaged.step.map_or(0, |step| step + 1),
        steps,
        round: engaged.round,
        holes: engaged.holes.clone(),
    }
}

fn lamp(state: &State, level: Level, engaged: &LevelState, answer: Option<Answer>) -> Lamp {
    let any = |wanted: TargetState| engaged.targets.values().any(|target| target.state == wanted);
    if state.is_over() || engaged.stood_down {
        return Lamp::StoodDown;
    }
    if engaged.satisfied {
        let waiting = any(TargetState::Paged) || any(TargetState::Silent) || any(TargetState::Unreachable);
        return match (any(TargetState::Answered), waiting && answer == Some(Answer::Each)) {
            (true, true) => Lamp::Part,
            (true, false) => Lamp::Held,
            (false, _) if state.timers.contains_key(&TimerName::Step(level)) => Lamp::Paging,
            (false, _) if any(TargetState::Silent) => Lamp::Silent,
            (false, _) if engaged.targets.is_empty() => Lamp::Hole,
            (false, _) => Lamp::Told,
        };
    }
    let reached = engaged.targets.values().any(|target| target.state != TargetState::Unreachable);
    match (reached, state.timers.contains_key(&TimerName::Step(level))) {
        (_, true) => Lamp::Paging,
        (true, false) => Lamp::Silent,
        (false, false) => Lamp::Hole,
    }
}

const fn word(state: TargetState) -> TargetWord {
    match state {
        TargetState::Paged => TargetWord::Paged,
        TargetState::Answered => TargetWord::Answered,
        TargetState::Silent => TargetWord::Silent,
        TargetState::Unreachable => TargetWord::Unreachable,
        TargetState::Told => TargetWord::Told,
    }
}

/// Why a level is engaged, in words.
pub fn cause_text(config: &Config, cause: &Cause) -> String {
    match cause {
        Cause::Opened => "every case begins here".to_owned(),
        Cause::Judgement { guard } => format!("by judgement: {guard}"),
        Cause::Silence { from } => format!("nobody answered at {from}"),
        Cause::Raised { by } => format!("raised by {}", actor_name(config, by)),
        Cause::TimeBox { from } => format!("too long at {from}"),
        Cause::Below { level } => format!("with {level}, which is engaged"),
    }
}

/// The name behind an actor as the journal keeps it (`person:elif`, `link:elif`, `account:acc_1`).
pub fn actor_name(config: &Config, actor: &str) -> String {
    match actor.split_once(':') {
        Some(("person" | "link", id)) => name(config, &PersonId::from(id)),
        Some((_, rest)) => rest.to_owned(),
        None => actor.to_owned(),
    }
}

fn next(state: &State, config: &Config) -> Option<Next> {
    let (timer, due) = state
        .timers
        .iter()
        .filter(|(name, _)| **name != TimerName::Lowering)
        .min_by_key(|(_, due)| due.due_us)
        .or_else(|| state.timers.iter().next())?;
    let ahead = Ahead { state, config, due_us: due.due_us };
    Some(match timer {
        TimerName::Step(level) => ahead.after_step(*level),
        TimerName::Repeat => ahead.again(NextKind::Repeat, &silent_levels(state), ""),
        TimerName::Acknowledgement => {
            let level = state.holder.as_ref().map_or(state.level, |holder| holder.level);
            ahead.again(NextKind::AckTimeout, &[level], "the acknowledgement runs out: ")
        }
        TimerName::Snooze => {
            let level = state.holder.as_ref().map_or(state.level, |holder| holder.level);
            ahead.again(NextKind::Snooze, &[level], "the rest ends: ")
        }
        TimerName::TimeBox => {
            let level = state.level.above().unwrap_or(state.level);
            let people = ahead.names(level, 0).map(|(_, people)| people).unwrap_or_default();
            let text = format!("raised to {level}: {}", are_paged(&people, ""));
            Next { due_us: due.due_us, kind: NextKind::TimeBox, level: Some(level), people, text }
        }
        TimerName::Lowering => Next {
            due_us: due.due_us,
            kind: NextKind::Lowering,
            level: state.lowering.as_ref().map(|asked| asked.to),
            people: Vec::new(),
            text: "the request to lower the level lapses".to_owned(),
        },
    })
}

fn silent_levels(state: &State) -> Vec<Level> {
    state
        .levels
        .iter()
        .filter(|(_, level)| !level.satisfied && !level.stood_down)
        .map(|(level, _)| *level)
        .collect()
}

struct Ahead<'a> {
    state: &'a State,
    config: &'a Config,
    due_us: i64,
}

impl Ahead<'_> {
    /// The first step from `from` on that reaches somebody when it is due, with their names.
    fn names(&self, level: Level, from: usize) -> Option<(usize, Vec<String>)> {
        let policy = self.config.policy(&self.state.policy)?.levels.get(&level)?;
        policy.steps.iter().enumerate().skip(from).find_map(|(index, step)| {
            let people = self.of_step(level, index, step);
            (!people.is_empty()).then_some((index, people))
        })
    }

    /// Where a step goes round, its turn is known once the incident has had one there.
    fn of_step(&self, level: Level, index: usize, step: &Step) -> Vec<String> {
        if !step.round_robin {
            return self.resolve(&step.page);
        }
        let had = self.state.levels.get(&level).and_then(|state| state.turns.get(&index));
        if let Some(number) = had {
            let reached = turns::resolve_turn(self.config, step, number + 1, self.due_us);
            return reached.people.iter().map(|person| name(self.config, person)).collect();
        }
        let everybody = self.resolve(&step.page);
        if everybody.len() < 2 { everybody } else { vec![format!("the next of {}", everybody.join(", "))] }
    }

    fn resolve(&self, to: &[Target]) -> Vec<String> {
        let reached = targets::resolve(self.config, to, self.due_us);
        reached.people.iter().map(|person| name(self.config, person)).collect()
    }

    fn after_step(&self, level: Level) -> Next {
        let engaged = self.state.levels.get(&level);
        let from = engaged.and_then(|engaged| engaged.step).map_or(0, |step| step + 1);
        let satisfied = engaged.is_some_and(|engaged| engaged.satisfied);
        let due_us = self.due_us;
        if let Some((_, people)) = self.names(level, from) {
            let text = are_paged(&people, "");
            return Next { due_us, kind: NextKind::Step, level: Some(level), people, text };
        }
        if satisfied {
            let text = format!("those silent at {level} are not asked again");
            return Next { due_us, kind: NextKind::Rest, level: Some(level), people: Vec::new(), text };
        }
        let above = std::iter::successors(level.above(), |level| level.above());
        for level in above.filter(|level| self.may_climb_to(*level)) {
            if let Some((_, people)) = self.names(level, 0) {
                let text = are_paged(&people, "");
                return Next { due_us, kind: NextKind::Climb, level: Some(level), people, text };
            }
        }
        self.again(NextKind::Repeat, &silent_levels(self.state), "the ladder begins again: ")
    }

    fn may_climb_to(&self, level: Level) -> bool {
        let asked = self.state.levels.get(&level).is_some_and(|engaged| engaged.step.is_some());
        !(asked && self.state.is_engaged(level))
    }

    fn again(&self, kind: NextKind, levels: &[Level], before: &str) -> Next {
        let mut people: Vec<String> = Vec::new();
        for level in levels {
            for person in self.names(*level, 0).map(|(_, people)| people).unwrap_or_default() {
                if !people.contains(&person) {
                    people.push(person);
                }
            }
        }
        let text = format!("{before}{}", are_paged(&people, " again"));
        Next { due_us: self.due_us, kind, level: levels.first().copied(), people, text }
    }
}

fn are_paged(people: &[String], again: &str) -> String {
    match people {
        [] => "nobody can be paged".to_owned(),
        [one] => format!("{one} is paged{again}"),
        [first @ .., last] => format!("{} and {last} are paged{again}", first.join(", ")),
    }
}
