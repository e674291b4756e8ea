//! One layer, ready for questions: is it active at an instant, with whom, and until when.

use super::holidays::HolidayView;
use super::rotation::{TurnAt, Turns};
use super::schedule::{Layer, Schedule, Slot};
use super::wall::{Zone, wall_of};
use super::windows::Windows;

/// A layer of a schedule with its zone, rotation and windows looked up.
#[derive(Debug)]
pub(super) struct LayerView<'a> {
    pub(super) layer: &'a Layer,
    readable: Result<Readable<'a>, String>,
}

#[derive(Debug)]
struct Readable<'a> {
    zone: Zone,
    turns: Turns<'a>,
    windows: Windows,
    holidays: Option<HolidayView>,
    /// The layer counts in `[from, until)`.
    from: i64,
    until: i64,
}

/// What a layer says at an instant, and the first instant at which it may say something else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Held<'a> {
    /// The slot whose turn it is; `None` while the layer is not active.
    pub(super) slot: Option<&'a Slot>,
    pub(super) until: i64,
}

impl<'a> LayerView<'a> {
    pub(super) fn new(schedule: &'a Schedule, layer: &'a Layer) -> Self {
        Self { layer, readable: Readable::new(schedule, layer) }
    }

    /// Why the layer cannot be read, if so.
    pub(super) fn broken(&self) -> Option<&str> {
        self.readable.as_ref().err().map(String::as_str)
    }

    /// What the layer says at an instant. A layer that cannot be read is never active.
    pub(super) fn at(&self, instant: i64) -> Held<'a> {
        match &self.readable {
            Ok(readable) => readable.at(instant),
            Err(_) => Held { slot: None, until: i64::MAX },
        }
    }

    /// Whether the layer counts at an instant, be its windows open or not.
    pub(super) fn counts_at(&self, instant: i64) -> bool {
        self.readable.as_ref().is_ok_and(|readable| (readable.from..readable.until).contains(&instant))
    }

    /// The first instant from `instant` on at which the rotation begins anew with its first slot.
    pub(super) fn full_turn(&self, instant: i64) -> Option<i64> {
        self.readable.as_ref().ok().map(|readable| readable.turns.full_turn(instant))
    }

    /// The whole turn that holds at an instant, whether or not the layer is active.
    pub(super) fn turn_at(&self, instant: i64) -> Option<TurnAt<'a>> {
        self.readable.as_ref().ok().map(|readable| readable.turns.at(instant))
    }

    /// The spans in which the layer's windows are open and that touch `[from, to)`.
    pub(super) fn spans(&self, from: i64, to: i64) -> Vec<(i64, i64)> {
        match &self.readable {
            Ok(readable) => readable.windows.spans(&readable.zone, from, to),
            Err(_) => Vec::new(),
        }
    }
}

impl<'a> Readable<'a> {
    fn new(schedule: &Schedule, layer: &'a Layer) -> Result<Self, String> {
        let name = layer.zone.as_ref().unwrap_or(&schedule.zone);
        let zone = Zone::named(name).map_err(|error| error.to_string())?;
        let turns = Turns::new(layer, zone.clone())?;
        let holidays = HolidayView::new(schedule, layer)?;
        let edge = |local| zone.first(wall_of(local));
        let from = layer.from.map_or(i64::MIN, edge);
        let until = layer.until.map_or(i64::MAX, edge);
        Ok(Self { zone, turns, windows: Windows::new(&layer.active), holidays, from, until })
    }

    fn at(&self, instant: i64) -> Held<'a> {
        if instant < self.from {
            return Held { slot: None, until: self.from };
        }
        if instant >= self.until {
            return Held { slot: None, until: i64::MAX };
        }
        let holidays = self.holidays.as_ref().map(|holidays| holidays.at(&self.zone, instant));
        let (counts, holiday_until) = holidays.unwrap_or((true, i64::MAX));
        if !counts {
            return Held { slot: None, until: holiday_until.min(self.until) };
        }
        let activity = self.windows.at(&self.zone, instant);
        let until = activity.until.min(self.until).min(holiday_until);
        if !activity.active {
            return Held { slot: None, until };
        }
        let turn = self.turns.at(instant);
        Held { slot: Some(turn.slot), until: until.min(turn.end) }
    }
}
