//! The ladder of one policy, ready for questions: whom does a level reach while schedules say this and these
//! people are away?

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::people::{P, People, insert, within};
use super::timelines::{State, Timelines};
use crate::config::Config;
use crate::escalation::{Level, Policy, Target};

/// One policy with its levels from the lowest to the highest.
pub(super) struct Ladder<'a> {
    pub(super) name: &'a str,
    pub(super) rungs: Vec<Rung<'a>>,
    /// The timelines that it pages, as places in [`Timelines`].
    pub(super) lines: Vec<usize>,
}

/// One level.
pub(super) struct Rung<'a> {
    pub(super) level: Level,
    steps: Vec<Vec<Aim<'a>>>,
    tell: Vec<Aim<'a>>,
}

/// A target with its people looked up.
struct Aim<'a> {
    target: &'a Target,
    kind: Kind,
}

enum Kind {
    People(Vec<P>),
    /// The deputies from the named place on: the first who is there.
    Deputies(Vec<P>),
    Role {
        holders: Vec<P>,
        deputies: Vec<P>,
    },
    /// The place of the schedule in [`Ladder::lines`].
    Schedule(usize),
    /// The configuration does not have what is named.
    Missing(String),
}

/// What the schedules of a ladder say at one time, and who is away then by their own word.
pub(super) struct Moment<'m> {
    pub(super) states: Vec<&'m State>,
    /// Everybody who takes turns in each schedule.
    pub(super) pools: Vec<&'m [P]>,
    /// Sorted.
    pub(super) absent: Vec<P>,
}

/// People who are taken to be away beside those who are, to see what would happen.
#[derive(Clone, Copy)]
struct Away<'w> {
    people: &'w [P],
    /// Whether shifts of those people are covered by others who take turns in the schedule.
    covered: bool,
}

/// Whom a level reaches.
#[derive(Default)]
struct Reached {
    /// Sorted.
    people: Vec<P>,
    /// Whether also somebody is reached who covers a shift.
    cover: bool,
}

/// Something that is wrong with one level at one time.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Hole {
    Level { reason: String },
    Step { step: usize, reason: String },
    Same { people: Vec<P> },
    Tell { target: String, reason: String },
    OneAway { person: P },
    TwoAway { people: [P; 2] },
}

const NOBODY_AWAY: Away<'_> = Away { people: &[], covered: false };

impl<'a> Ladder<'a> {
    pub(super) fn new(
        config: &'a Config,
        policy: &'a Policy,
        people: &mut People<'a>,
        timelines: &Timelines<'_>,
    ) -> Self {
        let mut ladder = Self { name: &policy.name, rungs: Vec::new(), lines: Vec::new() };
        for (level, rungs) in &policy.levels {
            let mut aims = |targets: &'a [Target]| -> Vec<Aim<'a>> {
                let aim = |target| Aim { target, kind: ladder.kind(config, target, people, timelines) };
                targets.iter().map(aim).collect()
            };
            let steps = rungs.steps.iter().map(|step| aims(&step.page)).collect();
            let tell = aims(&rungs.tell);
            ladder.rungs.push(Rung { level: *level, steps, tell });
        }
        ladder
    }

    fn kind(
        &mut self,
        config: &Config,
        target: &Target,
        people: &mut People<'_>,
        timelines: &Timelines<'_>,
    ) -> Kind {
        let mut numbers =
            |ids: &[crate::id::PersonId]| ids.iter().map(|id| people.number(id)).collect::<Vec<_>>();
        let no_role = |id| Kind::Missing(format!("the role {id} is not in the organisation"));
        match target {
            Target::Person(id) => Kind::People(numbers(std::slice::from_ref(id))),
            Target::Role(id) => config.organisation.roles.get(id).map_or_else(
                || no_role(id),
                |role| Kind::Role { holders: numbers(&role.holders), deputies: numbers(&role.deputies) },
            ),
            Target::Deputy { role: id, place } => {
                let Some(role) = config.organisation.roles.get(id) else { return no_role(id) };
                let from_place = place.checked_sub(1).and_then(|index| role.deputies.get(index..));
                Kind::Deputies(numbers(from_place.unwrap_or_default()))
            }
            Target::Schedule(id) => match timelines.place(id) {
                None => Kind::Missing(format!("the schedule {id} is not in the configuration")),
                Some(line) => Kind::Schedule(self.line(line)),
            },
        }
    }

    fn line(&mut self, line: usize) -> usize {
        self.lines.iter().position(|known| *known == line).unwrap_or_else(|| {
            self.lines.push(line);
            self.lines.len() - 1
        })
    }

    /// Everybody whom a page may go to, but for those who take turns.
    pub(super) fn standing(&self) -> impl Iterator<Item = P> + '_ {
        let aims = self.rungs.iter().flat_map(|rung| rung.steps.iter().flatten().chain(&rung.tell));
        aims.flat_map(|aim| match &aim.kind {
            Kind::People(people) | Kind::Deputies(people) => people.iter().chain(&[]),
            Kind::Role { holders, deputies } => holders.iter().chain(deputies),
            Kind::Schedule(_) | Kind::Missing(_) => [].iter().chain(&[]),
        })
        .copied()
    }

    /// Whether the answer may change when this person is away.
    fn concerned_by(&self, absent: P) -> bool {
        self.standing().any(|person| person == absent)
    }

    /// Everything that is wrong at one time, by the place of the level in [`Ladder::rungs`].
    pub(super) fn holes(&self, moment: &Moment<'_>, people: &People<'_>) -> Vec<(usize, Hole)> {
        let mut found = Vec::new();
        let mut below: Option<(usize, Reached)> = None;
        for (place, rung) in self.rungs.iter().enumerate() {
            let mut say = |hole| found.push((place, hole));
            let reached = rung.reached(moment, people, NOBODY_AWAY);
            rung.say_empty(moment, people, reached.people.is_empty(), &mut say);
            rung.say_untold(moment, people, &mut say);
            let silent = below.as_ref().map(|(_, silent)| silent.people.as_slice());
            if silent.is_some_and(|silent| !reached.people.is_empty() && within(&reached.people, silent)) {
                say(Hole::Same { people: reached.people.clone() });
            } else if !reached.people.is_empty() {
                let lower = below.as_ref().map(|(at, silent)| (&self.rungs[*at], silent));
                Absences { rung, lower, reached: &reached, moment, people }.say(&mut say);
            }
            below = Some((place, reached));
        }
        found
    }
}

impl Rung<'_> {
    /// Whom any step reaches.
    fn reached(&self, moment: &Moment<'_>, people: &People<'_>, away: Away<'_>) -> Reached {
        let mut reached = Reached::default();
        for aim in self.steps.iter().flatten() {
            aim.reach(moment, people, away, &mut reached);
        }
        reached
    }

    /// Says that the level reaches nobody, or which steps do not.
    fn say_empty(
        &self,
        moment: &Moment<'_>,
        people: &People<'_>,
        level_is_empty: bool,
        say: &mut impl FnMut(Hole),
    ) {
        let mut reasons = BTreeSet::new();
        for (index, step) in self.steps.iter().enumerate() {
            let mut reached = Reached::default();
            for aim in step {
                aim.reach(moment, people, NOBODY_AWAY, &mut reached);
            }
            if !reached.people.is_empty() {
                continue;
            }
            let why: Vec<String> = step.iter().filter_map(|aim| aim.why_not(moment, people)).collect();
            let reason = if why.is_empty() { "it names nobody".to_owned() } else { why.join("; ") };
            if level_is_empty {
                reasons.insert(reason);
            } else {
                say(Hole::Step { step: index + 1, reason });
            }
        }
        if level_is_empty {
            let named: Vec<String> = reasons.into_iter().collect();
            let reason = if named.is_empty() { "it has no step".to_owned() } else { named.join("; ") };
            say(Hole::Level { reason });
        }
    }

    fn say_untold(&self, moment: &Moment<'_>, people: &People<'_>, say: &mut impl FnMut(Hole)) {
        for aim in &self.tell {
            if let Some(reason) = aim.why_not(moment, people) {
                say(Hole::Tell { target: aim.target.to_string(), reason });
            }
        }
    }

    /// Those of a role, as their absence brings in a deputy also when no page reaches them.
    fn holders(&self) -> impl Iterator<Item = P> + '_ {
        let holders = self.steps.iter().flatten().flat_map(|aim| match &aim.kind {
            Kind::Role { holders, .. } => holders.as_slice(),
            _ => &[],
        });
        holders.copied()
    }

    /// Everybody who may stand in for somebody at this level.
    fn stand_ins(&self) -> impl Iterator<Item = P> + '_ {
        self.steps
            .iter()
            .flatten()
            .flat_map(|aim| match &aim.kind {
                Kind::Role { deputies, .. } | Kind::Deputies(deputies) => deputies.as_slice(),
                _ => &[],
            })
            .copied()
    }
}

impl Aim<'_> {
    /// Adds whom the target reaches.
    fn reach(&self, moment: &Moment<'_>, people: &People<'_>, away: Away<'_>, reached: &mut Reached) {
        let taken = |person: &P| away.people.contains(person);
        let gone = |person: &P| taken(person) || moment.absent.contains(person);
        let mut page = |person: P| {
            if people.usable(person) {
                insert(&mut reached.people, person);
            }
        };
        match &self.kind {
            Kind::People(named) => named.iter().filter(|person| !taken(person)).for_each(|p| page(*p)),
            Kind::Deputies(deputies) => {
                deputies.iter().find(|deputy| !gone(deputy)).copied().map(page);
            }
            Kind::Role { holders, deputies } => stand_in(holders, deputies, gone, page),
            Kind::Schedule(line) => {
                let on_call = &moment.states[*line].people;
                on_call.iter().filter(|person| !taken(person)).for_each(|person| page(*person));
                let free = |person: &P| !taken(person) && !on_call.contains(person) && people.usable(*person);
                reached.cover |=
                    away.covered && on_call.iter().any(taken) && moment.pools[*line].iter().any(free);
            }
            Kind::Missing(_) => {}
        }
    }

    /// Why somebody whom the target names is not reached, if so.
    fn why_not(&self, moment: &Moment<'_>, people: &People<'_>) -> Option<String> {
        let gone = |person: &P| moment.absent.contains(person);
        let mut reasons = Vec::new();
        let mut named = 0;
        let mut look = |person: P| {
            named += 1;
            if !people.usable(person) {
                reasons.push(people.why_unusable(person));
            }
        };
        match &self.kind {
            Kind::People(all) => all.iter().for_each(|person| look(*person)),
            Kind::Deputies(deputies) => {
                deputies.iter().find(|deputy| !gone(deputy)).copied().map(&mut look);
            }
            Kind::Role { holders, deputies } => stand_in(holders, deputies, gone, look),
            Kind::Schedule(line) => {
                let state = moment.states[*line];
                if let Some(nobody) = &state.nobody {
                    return Some(format!("nobody is {}, as {nobody}", self.target));
                }
                state.people.iter().for_each(|person| look(*person));
            }
            Kind::Missing(reason) => return Some(reason.clone()),
        }
        if named == 0 {
            return Some(format!("nobody is {}", self.target));
        }
        (!reasons.is_empty()).then(|| reasons.join("; "))
    }
}

/// The holders of a role who are there; for each who is not, the next deputy who is.
fn stand_in(holders: &[P], deputies: &[P], gone: impl Fn(&P) -> bool, mut page: impl FnMut(P)) {
    let mut free = deputies.iter().filter(|deputy| !gone(deputy) && !holders.contains(deputy));
    for holder in holders {
        let there = if gone(holder) { free.next() } else { Some(holder) };
        there.copied().map(&mut page);
    }
}

/// The question what becomes of a level when one or two people are away.
struct Absences<'s, 'm> {
    rung: &'s Rung<'s>,
    /// The level below and whom it reaches.
    lower: Option<(&'s Rung<'s>, &'s Reached)>,
    reached: &'s Reached,
    moment: &'s Moment<'m>,
    people: &'s People<'s>,
}

impl Absences<'_, '_> {
    fn say(&self, say: &mut impl FnMut(Hole)) {
        // Each of these is reached here and never below, so a level with one of them left is sound.
        let safe = self.safe();
        if safe.len() > 2 {
            return;
        }
        let candidates = self.candidates();
        let (alone, others): (Vec<P>, Vec<P>) = candidates.into_iter().partition(|person| {
            within(&safe, &[*person]) && self.breaks(Away { people: &[*person], covered: false })
        });
        for person in &alone {
            say(Hole::OneAway { person: *person });
        }
        for (index, first) in others.iter().enumerate() {
            for second in &others[index + 1..] {
                let pair = [*first, *second];
                if within(&safe, &pair) && self.breaks(Away { people: &pair, covered: true }) {
                    say(Hole::TwoAway { people: pair });
                }
            }
        }
    }

    fn safe(&self) -> Vec<P> {
        let below = |person: &P| {
            self.lower.is_some_and(|(rung, silent)| {
                silent.people.binary_search(person).is_ok() || rung.stand_ins().any(|other| other == *person)
            })
        };
        self.reached.people.iter().filter(|person| !below(person)).copied().collect()
    }

    /// Everybody whose absence changes who is reached here or below.
    fn candidates(&self) -> Vec<P> {
        let mut candidates = self.reached.people.clone();
        let silent = self.lower.iter().flat_map(|(_, silent)| silent.people.iter().copied());
        let rungs = self.lower.iter().map(|(rung, _)| *rung).chain([self.rung]);
        for person in silent.chain(rungs.flat_map(|rung| rung.stand_ins().chain(rung.holders()))) {
            insert(&mut candidates, person);
        }
        candidates
    }

    fn breaks(&self, away: Away<'_>) -> bool {
        let left = self.rung.reached(self.moment, self.people, away);
        if left.cover {
            return false;
        }
        let silent = || self.lower.map(|(rung, _)| rung.reached(self.moment, self.people, away).people);
        left.people.is_empty() || silent().is_some_and(|silent| within(&left.people, &silent))
    }
}

/// The first instant of every stretch in which nothing changes for a ladder, from the first one on.
pub(super) fn changes(
    ladder: &Ladder<'_>,
    timelines: &Timelines<'_>,
    absences: &[(P, Timestamp, Timestamp)],
    (from, to): (Timestamp, Timestamp),
) -> Vec<Timestamp> {
    let starts = ladder.lines.iter().flat_map(|line| timelines.all[*line].pieces.iter().map(|p| p.start));
    let edges = absences.iter().filter(|(person, ..)| ladder.concerned_by(*person));
    let edges = edges.flat_map(|(_, start, end)| [*start, *end]);
    let mut changes: Vec<Timestamp> =
        starts.chain(edges).filter(|at| *at > from && *at < to).chain([from]).collect();
    changes.sort_unstable();
    changes.dedup();
    changes
}
