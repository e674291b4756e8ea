//! What commands print: tables for people, JSON for programs.

mod table;
mod text;
mod time;

use std::io::{self, Write as _};

use serde_json::Value;

pub(crate) use table::{Column, Table};
pub(crate) use text::{clean, facts, field, text_at, words};
pub(crate) use time::{Times, at_us, now, relative};

/// How the answer is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub(crate) enum Output {
    /// For people: columns, local times.
    #[default]
    Table,
    /// For programs: what the API answers.
    Json,
}

/// Writes lines to standard output. A closed pipe is an error that ends the command quietly.
pub(crate) fn say(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    if !text.ends_with('\n') {
        out.write_all(b"\n")?;
    }
    out.flush()
}

/// Writes a value as indented JSON.
pub(crate) fn say_json(value: &Value) -> anyhow::Result<()> {
    Ok(say(&serde_json::to_string_pretty(value)?)?)
}
