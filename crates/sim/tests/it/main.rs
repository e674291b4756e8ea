//! Runs the built binary as its users do.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod speed;
mod vectors;
