//! The store's conformance suite: every test runs on SQLite and, where `DECURION_TEST_POSTGRES` names a
//! server, on PostgreSQL in a schema of its own.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod accounts;
mod bed;
mod commit;
mod crash;
mod journal;
mod lists;
mod nodes;
mod open;
mod outbox;
mod roster;
mod rows;
