//! The store's conformance suite: every test runs on SQLite and, where `DECURION_TEST_POSTGRES` names a
//! server, on PostgreSQL in a schema of its own.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod bed;
mod commit;
mod rows;
