//! What is wrong in a schedule, said where it is written.

use std::collections::BTreeSet;

use super::answer::Problem;
use super::clock::TimeOfDay;
use super::rotation::{LONGEST_TURN_S, SHORTEST_TURN_S};
use super::schedule::{Advance, Layer, MonthEnd, Rotation, Schedule, Slot, Unit, Window};
use super::wall::{END_S, FIRST_S, Zone, wall_of};

/// The most layers of a schedule, windows of a layer and slots of a rotation.
const MOST_PARTS: usize = 500;

impl Schedule {
    /// Everything that is wrong in the schedule; empty when all can be read and means something.
    ///
    /// A schedule with problems still answers: layers that cannot be read are never active.
    pub fn validate(&self) -> Vec<Problem> {
        let mut problems = Problems::default();
        problems.check(!self.name.trim().is_empty(), "name", || "a name is missing".to_owned());
        problems.zone("zone", &self.zone);
        problems.count("layers", "layer", self.layers.len());
        let mut names = BTreeSet::new();
        for (index, layer) in self.layers.iter().enumerate() {
            let path = format!("layers[{index}]");
            problems.check(names.insert(&layer.name), &format!("{path}.name"), || {
                format!("two layers are named `{}`; give each its own name", layer.name)
            });
            problems.layer(&path, layer);
        }
        problems.0
    }
}

#[derive(Default)]
struct Problems(Vec<Problem>);

impl Problems {
    fn check(&mut self, right: bool, path: &str, message: impl FnOnce() -> String) {
        if !right {
            self.0.push(Problem { path: path.to_owned(), message: message() });
        }
    }

    fn zone(&mut self, path: &str, name: &str) {
        if let Err(error) = Zone::named(name) {
            self.check(false, path, || error.to_string());
        }
    }

    fn count(&mut self, path: &str, noun: &str, count: usize) {
        self.check(count > 0, path, || format!("at least one {noun} is needed"));
        self.at_most(path, noun, count);
    }

    fn at_most(&mut self, path: &str, noun: &str, count: usize) {
        self.check(count <= MOST_PARTS, path, || format!("{count} times `{noun}` is more than {MOST_PARTS}"));
    }

    fn layer(&mut self, path: &str, layer: &Layer) {
        self.check(!layer.name.trim().is_empty(), &format!("{path}.name"), || "a name is missing".to_owned());
        if let Some(zone) = &layer.zone {
            self.zone(&format!("{path}.zone"), zone);
        }
        self.rotation(&format!("{path}.rotation"), layer);
        if let (Some(from), Some(until)) = (layer.from, layer.until) {
            self.check(from < until, &format!("{path}.until"), || {
                format!("until {until} is not later than from {from}, so the layer never counts")
            });
        }
        self.at_most(&format!("{path}.active"), "window", layer.active.len());
        for (index, window) in layer.active.iter().enumerate() {
            self.window(&format!("{path}.active[{index}]"), window);
        }
    }

    fn rotation(&mut self, path: &str, layer: &Layer) {
        let rotation = &layer.rotation;
        self.turn(path, rotation);
        self.start(&format!("{path}.start"), rotation);
        let by_active_day = rotation.advance == Advance::Active;
        self.check(!by_active_day || rotation.unit == Unit::Daily, &format!("{path}.advance"), || {
            "advance: active counts active days, so it needs unit: daily".to_owned()
        });
        let keeps_month_end = rotation.month_end == MonthEnd::Clamp || rotation.unit == Unit::Monthly;
        self.check(keeps_month_end, &format!("{path}.month_end"), || {
            "month_end has a meaning only with unit: monthly".to_owned()
        });
        self.count(&format!("{path}.participants"), "participant", rotation.participants.len());
        for (index, slot) in rotation.participants.iter().enumerate() {
            self.slot(&format!("{path}.participants[{index}]"), slot);
        }
    }

    fn turn(&mut self, path: &str, rotation: &Rotation) {
        self.check(rotation.every > 0, &format!("{path}.every"), || {
            "every must be at least 1, or the turns have no length".to_owned()
        });
        let unit_s = match (rotation.unit, rotation.turn) {
            (Unit::Custom, Some(turn)) => turn.as_secs_i64(),
            (Unit::Hourly, _) => 3_600,
            (Unit::Daily, _) => 86_400,
            (Unit::Weekly, _) => 604_800,
            (Unit::Monthly, _) => 2_678_400,
            (Unit::Custom, None) => 0,
        };
        let turn = format!("{path}.turn");
        let is_custom = rotation.unit == Unit::Custom;
        self.check(is_custom == rotation.turn.is_some(), &turn, || {
            "turn and unit: custom belong together; give both or neither".to_owned()
        });
        self.check(!is_custom || unit_s >= SHORTEST_TURN_S && unit_s % 60 == 0, &turn, || {
            "a turn has whole minutes and at least 15 of them".to_owned()
        });
        let length_s = unit_s.saturating_mul(i64::from(rotation.every));
        self.check(length_s <= LONGEST_TURN_S, &format!("{path}.every"), || {
            "a turn is longer than 100 years".to_owned()
        });
    }

    fn start(&mut self, path: &str, rotation: &Rotation) {
        match rotation.start {
            Some(start) => {
                let in_range = (FIRST_S..END_S).contains(&wall_of(start));
                self.check(in_range && start.subsec_nanosecond() == 0, path, || {
                    format!("{start} is not a whole second of the years 1970 to 2199")
                });
            }
            None => self.check(rotation.participants.len() <= 1, path, || {
                "a rotation of several slots needs the wall time at which the first one begins".to_owned()
            }),
        }
    }

    fn slot(&mut self, path: &str, slot: &Slot) {
        let Slot::People(people) = slot else { return };
        self.check(!people.is_empty(), path, || {
            "the slot names nobody; write NOBODY where that is meant".to_owned()
        });
        let distinct: BTreeSet<_> = people.iter().collect();
        self.check(distinct.len() == people.len(), path, || "a person is named twice in one slot".to_owned());
        self.check(people.iter().all(|person| !person.as_str().trim().is_empty()), path, || {
            "a person without a name".to_owned()
        });
    }

    fn window(&mut self, path: &str, window: &Window) {
        self.check(window.start < TimeOfDay::END_OF_DAY, &format!("{path}.start"), || {
            "a window cannot begin at 24:00; begin the next day at 00:00".to_owned()
        });
        let distinct: BTreeSet<_> = window.days.iter().collect();
        self.check(distinct.len() == window.days.len(), &format!("{path}.days"), || {
            "a day is named twice".to_owned()
        });
    }
}
