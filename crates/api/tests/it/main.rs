//! The API over a real engine on a real database, with a transport that records.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod acceptances;
mod amazon;
mod amtool;
mod bed;
mod configuration;
mod contacts;
mod document;
mod doors;
mod duty;
mod events;
mod export;
mod feeds;
mod heartbeats;
mod incidents;
mod intake;
mod links;
mod policy;
mod repeats;
mod served;
mod sessions;
mod silences;
mod sns;
mod vendors;
mod whatif;
