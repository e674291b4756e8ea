//! Silences: alerts that people do not want to be paged for, for a while and with a reason.
//!
//! A silence says which alerts it is about (all of its matchers must match), from when to when, by whom and
//! why. An alert that begins under one is recorded and counted as always, but opens no incident; it is held
//! back, and the silence says so. What is held back is never lost: it ends with its sender, or is raised when
//! nothing silences it any more (see [`crate::alert`]). Incidents that are open stay as they are.
//!
//! A silence that repeats is a maintenance window: between its first and last instant it holds at certain hours of
//! the week alone, and what it holds back is raised at the end of each.
//!
//! Whether a silence is pending, active or over is a function of time; nothing has to happen for it. Each has
//! its own stream, `silence:<id>`.

pub mod alertmanager;
mod matcher;
mod repeat;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

pub use matcher::{Matcher, Operator, Subject};
pub use repeat::{Occurrence, Repeat};

use crate::decide::{Context, Decision, Refusal};
use crate::id::{PersonId, SilenceId};
use crate::oncall::Hours;
use crate::record::Record;
use matcher::Test;

const DAY_US: i64 = 86_400 * 1_000_000;
/// The longest time that one silence holds, and the furthest ahead that it begins, in days.
pub const LONGEST_DAYS: i64 = 366;
/// Matchers of one silence.
pub const MOST_MATCHERS: usize = 20;
/// Silences that hold or will: every alert that begins is compared with each.
pub const MOST_SILENCES: usize = 1_000;

/// What somebody does not want to be paged for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Silence {
    pub id: SilenceId,
    /// All of them must match.
    pub matchers: Vec<Matcher>,
    /// First instant at which it holds, microseconds since the epoch.
    pub start_us: i64,
    /// First instant at which it holds no more.
    pub end_us: i64,
    /// The hours at which it holds, from the start to the end; always where there are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repeat: Option<Repeat>,
    /// Who made it: a person, or an integration at whose door a client did.
    pub author: PersonId,
    pub reason: String,
    /// Whom a client at an integration's door said that it was. Nobody has checked it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub said_by: Option<String>,
}

/// A silence, ready to be asked.
#[derive(Debug, Clone)]
pub struct Quiet {
    pub silence: Silence,
    tests: Vec<Test>,
    hours: Option<Hours>,
}

/// A silence that holds an alert back, and the first instant at which that may be different.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Covering<'a> {
    pub silence: &'a Silence,
    pub until_us: i64,
}

/// Where a silence stands at an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// It will hold, for the first time or again.
    Pending,
    Active,
    Expired,
}

/// What can be asked.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    Add(Box<Silence>),
    /// It ends now, or never begins.
    Expire {
        by: PersonId,
    },
}

/// Somebody silenced something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SilenceAdded {
    pub silence: Silence,
}

/// Somebody ended a silence before its time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SilenceExpired {
    pub id: SilenceId,
    pub by: PersonId,
}

/// A silence and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Known {
    #[serde(flatten)]
    pub silence: Silence,
    pub added_us: i64,
    /// Set where somebody ended it before its time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expired: Option<Expired>,
}

/// Who ended a silence before its time, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Expired {
    pub by: PersonId,
    pub at_us: i64,
}

/// The state of a silence's stream.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct State {
    pub known: Option<Known>,
}

impl Phase {
    /// The name used in the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Active => "active",
            Self::Expired => "expired",
        }
    }
}

impl Quiet {
    /// Prepares a silence. Refused where a matcher cannot be read, or where nothing narrows it down.
    pub fn new(silence: Silence) -> Result<Self, Refusal> {
        let tests = matcher::tests(&silence.matchers)?;
        let hours = silence.repeat.as_ref().map(Repeat::hours).transpose()?;
        Ok(Self { silence, tests, hours })
    }

    /// Whether it holds at an instant.
    pub fn is_active(&self, at_us: i64) -> bool {
        self.holds_until(at_us).is_some()
    }

    /// Where it holds at an instant: the first instant at which that may be different.
    pub fn holds_until(&self, at_us: i64) -> Option<i64> {
        let end_us = self.silence.end_us;
        if at_us < self.silence.start_us || at_us >= end_us {
            return None;
        }
        match self.hours.as_ref().map(|hours| hours.at(at_us)) {
            None => Some(end_us),
            Some((holds, until_us)) => holds.then(|| until_us.min(end_us)),
        }
    }

    /// Whether it is about such an alert, whenever.
    pub fn matches(&self, subject: &Subject<'_>) -> bool {
        self.tests.iter().all(|test| test.matches(subject))
    }
}

/// The silence that holds such an alert back at an instant; of several, the one that does so longest.
pub fn covering<'a>(silences: &'a [Quiet], subject: &Subject<'_>, at_us: i64) -> Option<Covering<'a>> {
    let active = silences.iter().filter_map(|quiet| Some((quiet, quiet.holds_until(at_us)?)));
    let fits = active.filter(|(quiet, _)| quiet.matches(subject));
    let covering = fits.map(|(quiet, until_us)| Covering { silence: &quiet.silence, until_us });
    covering.max_by_key(|covering| (covering.until_us, &covering.silence.id))
}

impl Known {
    /// First instant at which it holds no more.
    pub fn end_us(&self) -> i64 {
        self.expired.as_ref().map_or(self.silence.end_us, |expired| expired.at_us.min(self.silence.end_us))
    }

    /// Where it stands.
    pub fn phase(&self, at_us: i64) -> Phase {
        if self.expired.is_some() {
            return Phase::Expired;
        }
        match self.silence.occurrences(at_us, 1).first() {
            None => Phase::Expired,
            Some(next) if next.start_us == at_us => Phase::Active,
            Some(_) => Phase::Pending,
        }
    }
}

/// Decides about one silence.
pub fn decide(state: &State, command: &Command, context: Context<'_>) -> Result<Decision, Refusal> {
    let record: Record = match command {
        Command::Add(silence) => {
            check(silence, context.now_us)?;
            let current = |quiet: &&Quiet| quiet.silence.end_us > context.now_us;
            if context.config.silences.iter().filter(current).count() >= MOST_SILENCES {
                let message =
                    format!("{MOST_SILENCES} silences are the most; end one, or make one that is about more");
                return Err(Refusal::new("too_many_silences", message));
            }
            SilenceAdded { silence: Silence::clone(silence) }.into()
        }
        Command::Expire { by } => {
            let known = state.known.as_ref();
            let known = known.ok_or_else(|| Refusal::new("not_found", "there is no such silence"))?;
            if known.phase(context.now_us) == Phase::Expired {
                return Err(Refusal::new("already_over", "this silence is over already"));
            }
            SilenceExpired { id: known.silence.id.clone(), by: by.clone() }.into()
        }
    };
    Ok(Decision { records: vec![record], ..Decision::default() })
}

fn check(silence: &Silence, now_us: i64) -> Result<(), Refusal> {
    let refuse = |field, message: &str| Err(Refusal::field("invalid_field", field, message));
    Quiet::new(silence.clone())?;
    if silence.reason.trim().is_empty() {
        return refuse("reason", "say why nobody needs to be paged");
    }
    if silence.end_us <= silence.start_us {
        return refuse("end_us", "the silence must end after it starts");
    }
    if silence.end_us <= now_us {
        return refuse("end_us", "the end is over by now");
    }
    if silence.occurrences(now_us, 1).is_empty() {
        return refuse("repeat", "none of its windows falls between the start and the end");
    }
    if silence.start_us > now_us.saturating_add(LONGEST_DAYS * DAY_US) {
        return refuse("start_us", "this is more than a year ahead");
    }
    if silence.end_us.saturating_sub(silence.start_us) > LONGEST_DAYS * DAY_US {
        return refuse("end_us", "a year is the most; silence it again then, or change the rule");
    }
    Ok(())
}

impl State {
    /// Follows one record.
    pub fn apply(&mut self, at_us: i64, record: &Record) {
        match record {
            Record::SilenceAdded(added) => {
                let silence = added.silence.clone();
                self.known = Some(Known { silence, added_us: at_us, expired: None });
            }
            Record::SilenceExpired(expired) => {
                if let Some(known) = &mut self.known {
                    known.expired = Some(Expired { by: expired.by.clone(), at_us });
                }
            }
            _ => {}
        }
    }
}

impl From<Command> for crate::decide::Command {
    fn from(command: Command) -> Self {
        Self::Silence(command)
    }
}
