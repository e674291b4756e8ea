//! The pure part of Decurion: what is decided, and nothing of how it is stored, sent or shown.
//!
//! No I/O, no clock, no randomness, no async. Time is an argument; collections iterate in order.

pub mod access;
pub mod alert;
pub mod config;
pub mod coverage;
pub mod decide;
pub mod duration;
pub mod escalation;
pub mod expression;
pub mod feed;
pub mod grouping;
pub mod ical;
pub mod id;
pub mod incident;
pub mod intake;
pub mod invariants;
pub mod journal;
pub mod ledger;
pub mod notify;
pub mod oncall;
pub mod org;
pub mod pack;
pub mod record;
pub mod roster;
pub mod silence;
pub mod source;
pub mod verification;
pub mod whatif;
