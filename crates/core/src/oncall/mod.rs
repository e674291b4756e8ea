//! On-call schedules: who is on call at any instant, and the timeline of who will be.
//!
//! Everything here is a pure function of a [`Schedule`], its [`Override`]s and an instant. Wall-clock
//! times follow one policy for clock changes, written in `docs/oncall.md`.
//!
//! How an answer comes about, from the inside out: `wall` turns wall times into instants, `steps` counts
//! handoffs on the wall clock, `rotation` finds the turn of an instant, `windows` the times at which a
//! layer is active, `holidays` the days on which it counts, `layer` puts these together, `versions` says
//! which layers are in force, `resolve` lets priorities and overrides decide, and `timeline` answers.

pub mod answer;
pub mod clock;
pub mod coverage;
pub mod holidays;
pub mod hours;
mod layer;
pub mod overrides;
pub mod preview;
mod resolve;
mod rotation;
pub mod schedule;
mod steps;
pub mod swap;
#[cfg(test)]
mod tests;
pub mod timeline;
mod validate;
pub mod versions;
pub mod wall;
mod windows;

pub use answer::{Gap, NobodyReason, OnCall, Problem, Shift, Turn};
pub use clock::{Day, TimeOfDay};
pub use holidays::{Holiday, Holidays};
pub use hours::Hours;
pub use overrides::{Change, Override};
pub use preview::preview;
pub use schedule::{
    Advance, HolidayRule, Layer, MonthEnd, Notices, Rollout, RosterVersion, Rotation, Schedule, Slot, Unit,
    Window,
};
pub use swap::{Swap, SwapShift, swap_shifts};
pub use timeline::{LayerShifts, active_spans, layer_shifts, on_call, shifts, turns};
pub use versions::{CutOver, Roster, cut_overs};
