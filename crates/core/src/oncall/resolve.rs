//! From what every layer says and what the overrides change to one answer.

use jiff::Timestamp;

use super::answer::NobodyReason;
use super::layer::{Held, LayerView};
use super::overrides::{Change, Override};
use super::schedule::Slot;
use super::versions::Roster;
use super::wall::timestamp;
use crate::id::{OverrideId, PersonId};

/// The answer at an instant, and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Answer {
    pub(super) people: Vec<PersonId>,
    pub(super) layer: String,
    pub(super) overrides: Vec<OverrideId>,
    pub(super) nobody: Option<NobodyReason>,
}

/// A roster with its overrides, asked at instants that only go forward.
#[derive(Debug)]
pub(super) struct Walker<'r, 'a> {
    roster: &'r Roster<'a>,
    /// Which era of the roster is in force.
    era: usize,
    /// What each layer of the era said last; asked again when it may have changed.
    held: Vec<Held<'a>>,
    /// By ascending priority, fixed sets first within one.
    overrides: Vec<&'r Override>,
}

impl<'r, 'a> Walker<'r, 'a> {
    /// Overrides that ended by `from` or belong to another schedule are left out.
    pub(super) fn new(roster: &'r Roster<'a>, overrides: &'r [Override], from: Timestamp) -> Self {
        let mut overrides: Vec<&Override> = overrides
            .iter()
            .filter(|o| o.schedule == roster.schedule.id && o.start < o.end && o.end > from)
            .collect();
        overrides.sort_by_key(|o| (o.priority, !matches!(o.change, Change::Fixed { .. })));
        let mut walker = Self { roster, era: 0, held: Vec::new(), overrides };
        walker.enter(roster.era_at(from.as_second()));
        walker
    }

    fn enter(&mut self, era: usize) {
        self.era = era;
        self.held.clear();
        self.held.extend(self.layers().iter().map(|_| Held { slot: None, until: i64::MIN }));
    }

    /// The layers that are in force, from the highest priority down.
    fn layers(&self) -> &'r [LayerView<'a>] {
        self.roster.eras.get(self.era).map_or(&[], |era| era.layers.as_slice())
    }

    fn era_end(&self) -> i64 {
        self.roster.eras.get(self.era).map_or(i64::MAX, |era| era.until)
    }

    /// The answer at an instant, and the next instant at which it may be another one.
    pub(super) fn at(&mut self, at: Timestamp) -> (Answer, Timestamp) {
        let instant = at.as_second();
        if self.era_end() <= instant {
            self.enter(self.roster.era_at(instant));
        }
        for (layer, held) in self.layers().iter().zip(&mut self.held) {
            if held.until <= instant {
                *held = layer.at(instant);
            }
        }
        let next_layer = self.held.iter().map(|held| held.until).min().unwrap_or(i64::MAX);
        let next_override =
            self.overrides.iter().flat_map(|o| [o.start, o.end]).filter(|edge| *edge > at).min();
        // A layer's next change is a later second, so that the walk always advances.
        let next = timestamp(next_layer.min(self.era_end()).max(instant + 1));
        let next = next.min(next_override.unwrap_or(Timestamp::MAX));
        let mut answer = self.by_layers();
        self.apply_overrides(&mut answer, at);
        (answer, next)
    }

    /// The people of the highest priority that has any. A `NOBODY` slot gives way to the layers below it.
    fn by_layers(&self) -> Answer {
        let mut answer = Answer::default();
        let mut deciding: Option<i32> = None;
        for (view, held) in self.layers().iter().zip(&self.held) {
            let people = held.slot.map_or(&[][..], Slot::people);
            if people.is_empty() {
                continue;
            }
            if deciding.is_some_and(|priority| priority != view.layer.priority) {
                break;
            }
            deciding = Some(view.layer.priority);
            extend_once(&mut answer.people, people);
            if !answer.layer.is_empty() {
                answer.layer.push_str(" + ");
            }
            answer.layer.push_str(&view.layer.name);
        }
        if answer.people.is_empty() {
            answer.nobody = Some(self.why_no_layer());
        }
        answer
    }

    fn why_no_layer(&self) -> NobodyReason {
        if self.roster.eras.get(self.era).is_none_or(|era| era.written.is_empty()) {
            return NobodyReason::NoLayers;
        }
        let layer_of = |view: &LayerView<'_>| view.layer.name.clone();
        let buffer = self.layers().iter().zip(&self.held).find(|(_, held)| held.slot.is_some());
        if let Some((view, _)) = buffer {
            return NobodyReason::Buffer { layer: layer_of(view) };
        }
        let broken = self.layers().iter().find_map(|view| Some((view, view.broken()?)));
        match broken {
            Some((view, message)) => {
                NobodyReason::Invalid { layer: layer_of(view), message: message.to_owned() }
            }
            None => NobodyReason::NoActiveLayer,
        }
    }

    fn apply_overrides(&self, answer: &mut Answer, at: Timestamp) {
        let mut fixed_at: Option<i32> = None;
        for change in self.overrides.iter().filter(|o| o.holds_at(at)) {
            let first_fixed = fixed_at != Some(change.priority);
            if matches!(change.change, Change::Fixed { .. }) {
                fixed_at = Some(change.priority);
            }
            if apply(&change.change, first_fixed, answer) {
                answer.overrides.push(change.id.clone());
                answer.nobody =
                    answer.people.is_empty().then(|| NobodyReason::Overridden { id: change.id.clone() });
            }
        }
    }
}

/// Applies one override; says whether it changed anything.
fn apply(change: &Change, first_fixed: bool, answer: &mut Answer) -> bool {
    match change {
        Change::Fixed { people } => {
            if first_fixed {
                *answer = Answer::default();
            }
            extend_once(&mut answer.people, people);
            true
        }
        Change::Add { person } => {
            let joins = !answer.people.contains(person);
            extend_once(&mut answer.people, std::slice::from_ref(person));
            joins
        }
        Change::Remove { person } => {
            let before = answer.people.len();
            answer.people.retain(|present| present != person);
            answer.people.len() != before
        }
        Change::Replace { person, by } => replace(&mut answer.people, person, by),
    }
}

/// Puts somebody in the place of a person who is there; nobody twice.
fn replace(people: &mut Vec<PersonId>, person: &PersonId, by: &PersonId) -> bool {
    if person == by || !people.contains(person) {
        return false;
    }
    let replaced: Vec<PersonId> =
        people.iter().map(|present| if present == person { by } else { present }).cloned().collect();
    people.clear();
    extend_once(people, &replaced);
    true
}

pub(super) fn extend_once(people: &mut Vec<PersonId>, more: &[PersonId]) {
    for person in more {
        if !people.contains(person) {
            people.push(person.clone());
        }
    }
}
