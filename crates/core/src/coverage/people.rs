//! Everybody by a small number, so that sets of people are short sorted lists.

use std::collections::BTreeMap;

use crate::config::Config;
use crate::id::PersonId;
use crate::org::Person;

/// The place of a person in [`People`].
pub(super) type P = u32;

/// Everybody of the organisation, and everybody else who is named somewhere.
pub(super) struct People<'a> {
    all: Vec<Known<'a>>,
    by_id: BTreeMap<PersonId, P>,
}

struct Known<'a> {
    id: PersonId,
    person: Option<&'a Person>,
    usable: bool,
}

impl<'a> People<'a> {
    pub(super) fn of(config: &'a Config) -> Self {
        let mut people = Self { all: Vec::new(), by_id: BTreeMap::new() };
        for (id, person) in &config.organisation.people {
            people.add(Known { id: id.clone(), person: Some(person), usable: !person.plan().is_empty() });
        }
        people
    }

    fn add(&mut self, known: Known<'a>) -> P {
        let number = P::try_from(self.all.len()).unwrap_or(P::MAX);
        self.by_id.insert(known.id.clone(), number);
        self.all.push(known);
        number
    }

    /// The number of a person; one whom the organisation does not have gets one too, and is never usable.
    pub(super) fn number(&mut self, id: &PersonId) -> P {
        match self.by_id.get(id) {
            Some(number) => *number,
            None => self.add(Known { id: id.clone(), person: None, usable: false }),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    pub(super) fn id(&self, number: P) -> &PersonId {
        &self.all[number as usize].id
    }

    pub(super) fn person(&self, number: P) -> Option<&'a Person> {
        self.all[number as usize].person
    }

    /// The name that people read.
    pub(super) fn name(&self, number: P) -> &str {
        let known = &self.all[number as usize];
        known.person.map_or_else(|| known.id.as_str(), |person| &person.name)
    }

    /// `Ann`, `Ann and Bo`, `Ann, Bo and Cy`.
    pub(super) fn names(&self, numbers: &[P]) -> String {
        let names: Vec<&str> = numbers.iter().map(|number| self.name(*number)).collect();
        match names.split_last() {
            Some((last, [])) => (*last).to_owned(),
            Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
            None => "nobody".to_owned(),
        }
    }

    pub(super) fn ids(&self, numbers: &[P]) -> Vec<PersonId> {
        numbers.iter().map(|number| self.id(*number).clone()).collect()
    }

    /// Whether a page for the person can be sent.
    pub(super) fn usable(&self, number: P) -> bool {
        self.all[number as usize].usable
    }

    /// Why no page for the person can be sent.
    pub(super) fn why_unusable(&self, number: P) -> String {
        match self.person(number) {
            None => format!("{} is not in the organisation", self.id(number)),
            Some(person) => format!("{} has no usable contact method", person.name),
        }
    }
}

/// Adds somebody to a sorted set.
pub(super) fn insert(set: &mut Vec<P>, number: P) {
    if let Err(place) = set.binary_search(&number) {
        set.insert(place, number);
    }
}

/// Whether every one of `these` is in a sorted set.
pub(super) fn within(these: &[P], set: &[P]) -> bool {
    these.iter().all(|number| set.binary_search(number).is_ok())
}
