//! On-call schedules: who is on call at any instant, and the timeline of who will be.
//!
//! Everything here is a pure function of a [`Schedule`], its [`Override`]s and an instant. Wall-clock
//! times follow one policy for clock changes, written in `docs/oncall.md`.

pub mod answer;
pub mod clock;
pub mod overrides;
pub mod schedule;

pub use answer::{Gap, NobodyReason, OnCall, Problem, Shift, Turn};
pub use clock::{Day, TimeOfDay};
pub use overrides::{Change, Override};
pub use schedule::{Advance, Layer, MonthEnd, Rotation, Schedule, Slot, Unit, Window};
