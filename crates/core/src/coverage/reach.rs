//! Whether every level reaches somebody, also with people away.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::finding::{CoverageFinding, CoverageSeverity, LEVEL, ONE_AWAY, SAME, STEP, Span, TELL, TWO_AWAY};
use super::ladder::{Hole, Ladder, Moment, changes};
use super::people::{P, People};
use super::scope::Scope;
use super::timelines::Timelines;
use crate::escalation::Level;

/// The holes of one ladder: which, at which level, and when.
type Found = BTreeMap<(usize, Hole), Vec<Span>>;

/// People whose absence breaks something, and when it would.
type Away = (Vec<P>, Vec<Span>);

/// Walks one ladder from change to change.
pub(super) fn check(
    ladder: &Ladder<'_>,
    timelines: &Timelines<'_>,
    absences: &[(P, Timestamp, Timestamp)],
    people: &People<'_>,
    scope: &Scope<'_>,
) -> Vec<CoverageFinding> {
    let found = Walk::new(ladder, timelines, absences, people).holes(scope);
    let writer = Writer { ladder, people, scope };
    let mut findings = Vec::new();
    let mut away: BTreeMap<(usize, &str), Vec<Away>> = BTreeMap::new();
    for ((rung, hole), spans) in found {
        let spans: Vec<Span> = spans.into_iter().filter(|span| scope.ahead(*span)).collect();
        match hole {
            Hole::OneAway { person } => away.entry((rung, ONE_AWAY)).or_default().push((vec![person], spans)),
            Hole::TwoAway { people } => {
                away.entry((rung, TWO_AWAY)).or_default().push((people.to_vec(), spans));
            }
            hole => findings.extend(spans.iter().map(|span| writer.now(rung, &hole, *span))),
        }
    }
    let missed = away.into_iter().map(|(key, groups)| (key, with_time(groups)));
    findings.extend(missed.filter_map(|((rung, rule), groups)| writer.away(rung, rule, &groups)));
    findings
}

/// Those of the groups that have any time left.
fn with_time(groups: Vec<Away>) -> Vec<Away> {
    groups.into_iter().filter(|(_, spans)| !spans.is_empty()).collect()
}

struct Walk<'w, 'a> {
    ladder: &'w Ladder<'a>,
    timelines: &'w Timelines<'a>,
    absences: &'w [(P, Timestamp, Timestamp)],
    people: &'w People<'a>,
    /// The piece of each timeline at the instant.
    pieces: Vec<usize>,
}

impl<'w, 'a> Walk<'w, 'a> {
    fn new(
        ladder: &'w Ladder<'a>,
        timelines: &'w Timelines<'a>,
        absences: &'w [(P, Timestamp, Timestamp)],
        people: &'w People<'a>,
    ) -> Self {
        Self { ladder, timelines, absences, people, pieces: vec![0; ladder.lines.len()] }
    }

    /// The same answers of the schedules and the same absences give the same holes, so that each combination
    /// is looked at once however often it comes back.
    fn holes(mut self, scope: &Scope<'_>) -> Found {
        let mut known: BTreeMap<Vec<u32>, Vec<(usize, Hole)>> = BTreeMap::new();
        let mut found = Found::new();
        let mut combination = Vec::new();
        let starts = changes(self.ladder, self.timelines, self.absences, (scope.first, scope.to));
        for (index, start) in starts.iter().enumerate() {
            let end = starts.get(index + 1).copied().unwrap_or(scope.to);
            self.combine(*start, &mut combination);
            if !known.contains_key(&combination) {
                known.insert(combination.clone(), self.look(&combination));
            }
            for hole in known.get(&combination).into_iter().flatten() {
                record(&mut found, hole, Span { start: *start, end });
            }
        }
        found
    }

    /// The states of the schedules, then who is away.
    fn combine(&mut self, at: Timestamp, combination: &mut Vec<u32>) {
        combination.clear();
        for (line, place) in self.ladder.lines.iter().zip(&mut self.pieces) {
            let pieces = &self.timelines.all[*line].pieces;
            while pieces.get(*place).is_some_and(|piece| piece.end <= at) {
                *place += 1;
            }
            combination.push(pieces.get(*place).map_or(u32::MAX, |piece| piece.state));
        }
        let now = self.absences.iter().filter(|(_, start, end)| *start <= at && at < *end);
        combination.extend(now.map(|(person, ..)| *person));
    }

    fn look(&self, combination: &[u32]) -> Vec<(usize, Hole)> {
        let (states, absent) = combination.split_at(self.ladder.lines.len());
        let lines = self.ladder.lines.iter().map(|line| &self.timelines.all[*line]);
        let state = lines.clone().zip(states).filter_map(|(line, state)| line.states.get(*state as usize));
        let moment = Moment {
            states: state.collect(),
            pools: lines.map(|line| line.pool.as_slice()).collect(),
            absent: absent.to_vec(),
        };
        // A timeline that does not reach this far leaves nothing to say.
        if moment.states.len() == states.len() { self.ladder.holes(&moment, self.people) } else { Vec::new() }
    }
}

/// Stretches that follow each other without a break are one.
fn record(found: &mut Found, hole: &(usize, Hole), span: Span) {
    if let Some(spans) = found.get_mut(hole) {
        match spans.last_mut() {
            Some(last) if last.end == span.start => last.end = span.end,
            _ => spans.push(span),
        }
    } else {
        found.insert(hole.clone(), vec![span]);
    }
}

/// Puts holes into words.
struct Writer<'w, 'a> {
    ladder: &'w Ladder<'a>,
    people: &'w People<'a>,
    scope: &'w Scope<'a>,
}

impl Writer<'_, '_> {
    fn level(&self, rung: usize) -> Level {
        self.ladder.rungs[rung].level
    }

    /// A hole as things are planned.
    fn now(&self, rung: usize, hole: &Hole, span: Span) -> CoverageFinding {
        let (policy, level) = (self.ladder.name, self.level(rung));
        let place = format!("{policy}/{level}");
        let when = self.scope.when(&[span]);
        let timed = |rule, severity, subject: &str| self.scope.timed(rule, severity, subject, span);
        let mut finding = match hole {
            Hole::Level { reason } => CoverageFinding {
                message: format!("{level} of `{policy}` reaches nobody{when}: {reason}"),
                ..timed(LEVEL, CoverageSeverity::Fail, &place)
            },
            Hole::Step { step, reason } => CoverageFinding {
                step: Some(*step),
                message: format!("step {step} of {level} of `{policy}` reaches nobody{when}: {reason}"),
                ..timed(STEP, CoverageSeverity::Warn, &format!("{place}/{step}"))
            },
            Hole::Same { people } => CoverageFinding {
                people: self.people.ids(people),
                message: format!(
                    "{level} of `{policy}` reaches only people who were silent below{when}: {}",
                    self.people.names(people)
                ),
                ..timed(SAME, CoverageSeverity::Fail, &place)
            },
            Hole::Tell { target, reason } => CoverageFinding {
                message: format!("{level} of `{policy}` does not tell everybody it should{when}: {reason}"),
                ..timed(TELL, CoverageSeverity::Warn, &format!("{place}/{target}"))
            },
            Hole::OneAway { .. } | Hole::TwoAway { .. } => {
                return self.scope.timed("", CoverageSeverity::Warn, "", span);
            }
        };
        finding.mend = mend(&finding.rule, finding.always).to_owned();
        CoverageFinding { policy: Some(policy.to_owned()), level: Some(level), ..finding }
    }

    /// What would be if people were away.
    fn away(&self, rung: usize, rule: &str, groups: &[Away]) -> Option<CoverageFinding> {
        const MOST_NAMED: usize = 3;
        let (first, _) = groups.first()?;
        let (policy, level) = (self.ladder.name, self.level(rung));
        let spans = union(groups.iter().flat_map(|(_, spans)| spans.iter().copied()).collect());
        let severity = if rule == ONE_AWAY { CoverageSeverity::Fail } else { CoverageSeverity::Warn };
        let mut named: Vec<String> =
            groups.iter().take(MOST_NAMED).map(|(people, _)| self.people.names(people)).collect();
        if groups.len() > MOST_NAMED {
            named.push(format!("and {} more", groups.len() - MOST_NAMED));
        }
        let mut everybody: Vec<P> = groups.iter().flat_map(|(people, _)| people.iter().copied()).collect();
        everybody.sort_unstable();
        everybody.dedup();
        let count = if rule == ONE_AWAY { "one person" } else { "two people" };
        let message = format!(
            "{level} of `{policy}` reaches nobody, or only people who were silent below, with {count} away{}: {}",
            self.scope.when(&spans),
            named.join("; ")
        );
        Some(CoverageFinding {
            policy: Some(policy.to_owned()),
            level: Some(level),
            person: (rule == ONE_AWAY && groups.len() == 1).then(|| self.people.id(first[0]).clone()),
            people: self.people.ids(&everybody),
            message,
            mend: mend(rule, false).to_owned(),
            ..self.scope.standing(rule, severity, &format!("{policy}/{level}"), &spans)
        })
    }
}

/// Stretches of several kinds as stretches of any kind.
pub(super) fn union(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_unstable();
    let mut merged: Vec<Span> = Vec::new();
    for span in spans {
        match merged.last_mut() {
            Some(last) if span.start <= last.end => last.end = last.end.max(span.end),
            _ => merged.push(span),
        }
    }
    merged
}

fn mend(rule: &str, always: bool) -> &'static str {
    match (rule, always) {
        (LEVEL, false) => "put somebody on call by an override, or add a layer or a step for that time",
        (LEVEL, true) => "name somebody under `page` who can be reached",
        (STEP, _) => "name a target for the step that is always reachable, or leave the step out",
        (TELL, _) => "name a holder of the role, or take the target off `tell`",
        (ONE_AWAY, _) => "name a deputy, or a second schedule, in a step of the level",
        (TWO_AWAY, _) => {
            "name another deputy whom the level below does not page, or let more people take turns"
        }
        _ => "name somebody else in a step of the higher level, such as a deputy",
    }
}
