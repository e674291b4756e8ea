//! The engine on a real database, with a recorder in the place of the channels.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod house;
mod page;
mod restart;
mod sources;
mod together;
