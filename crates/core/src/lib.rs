//! The pure part of Decurion: what is decided, and nothing of how it is stored, sent or shown.
//!
//! No I/O, no clock, no randomness, no async. Time is an argument; collections iterate in order.

pub mod id;
