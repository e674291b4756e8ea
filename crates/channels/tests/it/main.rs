//! Each channel against a receiver that behaves like the real one: a real SMTP server, an independent
//! verifier of webhook signatures, and recorders that answer like ntfy and Slack.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod discord;
mod email;
mod guard;
mod mattermost;
mod ntfy;
mod pushover;
mod python;
mod recorder;
mod settings;
mod slack;
mod sms;
mod smtp_server;
mod support;
mod teams;
mod telegram;
mod webhook;
