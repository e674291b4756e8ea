//! Decisions from the outside, over a small organisation in memory and over the data that ships.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod acceptance;
mod coverage;
mod invariants;
mod ladder;
mod pack;
mod properties;
mod roster;
mod silence;
mod trades;
mod turns;
mod whatif;
mod world;
