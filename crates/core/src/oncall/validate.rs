//! What is wrong in a schedule, said where it is written.

use std::collections::BTreeSet;

use jiff::civil::DateTime;

use super::answer::Problem;
use super::clock::TimeOfDay;
use super::rotation::{LONGEST_TURN_S, SHORTEST_TURN_S};
use super::schedule::{
    Advance, Layer, MonthEnd, Notices, RosterVersion, Rotation, Schedule, Slot, Unit, Window,
};
use super::wall::{END_S, FIRST_S, Zone, wall_of};

/// The most layers of a schedule, windows of a layer and slots of a rotation.
const MOST_PARTS: usize = 500;

/// The most reminders before a duty, and how long before they may come, in seconds.
const MOST_REMINDERS: usize = 6;
const SHORTEST_NOTICE_S: u64 = 15 * 60;
const LONGEST_NOTICE_S: u64 = 60 * 86_400;

impl Schedule {
    /// Everything that is wrong in the schedule; empty when all can be read and means something.
    ///
    /// A schedule with problems still answers: layers that cannot be read are never active.
    pub fn validate(&self) -> Vec<Problem> {
        let mut problems = Problems::default();
        problems.check(!self.name.trim().is_empty(), "name", || "a name is missing".to_owned());
        problems.zone("zone", &self.zone);
        problems.roster("", &self.layers);
        problems.at_most("versions", "version", self.versions.len());
        for (index, version) in self.versions.iter().enumerate() {
            let path = format!("versions[{index}].");
            let before = index.checked_sub(1).and_then(|before| self.versions.get(before));
            problems.effective_from(&path, version, before);
            problems.roster(&path, &version.layers);
        }
        if let Some(notices) = &self.notices {
            problems.notices(notices);
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

    /// The layers of one version; `at` is the path to it.
    fn roster(&mut self, at: &str, layers: &[Layer]) {
        self.count(&format!("{at}layers"), "layer", layers.len());
        let all_learn = !layers.is_empty() && layers.iter().all(|layer| layer.shadow);
        self.check(!all_learn, &format!("{at}layers"), || {
            "all layers are shadows, so nobody is ever on call".to_owned()
        });
        let mut names = BTreeSet::new();
        for (index, layer) in layers.iter().enumerate() {
            let path = format!("{at}layers[{index}]");
            self.check(names.insert(&layer.name), &format!("{path}.name"), || {
                format!("two layers are named `{}`; give each its own name", layer.name)
            });
            self.layer(&path, layer);
        }
    }

    fn effective_from(&mut self, at: &str, version: &RosterVersion, before: Option<&RosterVersion>) {
        let path = format!("{at}effective_from");
        let from = version.effective_from;
        self.check(is_in_range(from), &path, || {
            format!("{from} is not a whole second of the years 1970 to 2199")
        });
        self.check(before.is_none_or(|before| before.effective_from < from), &path, || {
            format!("{from} is not later than the version before it; write versions in the order of time")
        });
    }

    fn notices(&mut self, notices: &Notices) {
        let path = "notices.before";
        self.check(notices.before.len() <= MOST_REMINDERS, path, || {
            format!("{} reminders are more than {MOST_REMINDERS}", notices.before.len())
        });
        for before in &notices.before {
            let fits = (SHORTEST_NOTICE_S..=LONGEST_NOTICE_S).contains(&before.as_secs());
            self.check(fits, path, || format!("{before} is not between 15m and 60d"));
        }
    }

    fn layer(&mut self, path: &str, layer: &Layer) {
        self.check(!layer.name.trim().is_empty(), &format!("{path}.name"), || "a name is missing".to_owned());
        if let Some(zone) = &layer.zone {
            self.zone(&format!("{path}.zone"), zone);
        }
        self.rotation(&format!("{path}.rotation"), layer);
        self.check(layer.holidays.is_some() == layer.calendar.is_some(), &format!("{path}.calendar"), || {
            "holidays and calendar belong together; give both or neither".to_owned()
        });
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
        if rotation.turns.is_empty() {
            self.turn(path, rotation);
        } else {
            self.turns(path, rotation);
        }
        self.start(&format!("{path}.start"), rotation);
        self.check(
            rotation.advance != Advance::Fair || !by_months(rotation),
            &format!("{path}.advance"),
            || "advance: fair needs turns that come round with the weeks, which months never do".to_owned(),
        );
        let by_active_day = rotation.advance == Advance::Active;
        let by_day = rotation.unit == Unit::Daily && rotation.turns.is_empty();
        self.check(!by_active_day || by_day, &format!("{path}.advance"), || {
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

    fn turns(&mut self, path: &str, rotation: &Rotation) {
        let turns = format!("{path}.turns");
        self.at_most(&turns, "turn", rotation.turns.len());
        for (index, turn) in rotation.turns.iter().enumerate() {
            let length_s = turn.as_secs_i64();
            self.check(
                length_s >= SHORTEST_TURN_S && length_s % 60 == 0,
                &format!("{turns}[{index}]"),
                || "a turn has whole minutes and at least 15 of them".to_owned(),
            );
        }
        let all_s = rotation.turns.iter().fold(0_i64, |sum, turn| sum.saturating_add(turn.as_secs_i64()));
        self.check(all_s <= LONGEST_TURN_S, &turns, || "the turns are longer than 100 years".to_owned());
        // A unit that is not written reads as weekly.
        let no_unit = matches!(rotation.unit, Unit::Weekly | Unit::Custom);
        self.check(no_unit && rotation.every == 1 && rotation.turn.is_none(), &turns, || {
            "turns gives the lengths itself; leave unit, every and turn out".to_owned()
        });
    }

    fn start(&mut self, path: &str, rotation: &Rotation) {
        match rotation.start {
            Some(start) => {
                self.check(is_in_range(start), path, || {
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

fn is_in_range(local: DateTime) -> bool {
    (FIRST_S..END_S).contains(&wall_of(local)) && local.subsec_nanosecond() == 0
}

fn by_months(rotation: &Rotation) -> bool {
    rotation.unit == Unit::Monthly && rotation.turns.is_empty()
}
