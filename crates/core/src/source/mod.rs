//! Sources that must be heard from: an alert where one says nothing for too long.
//!
//! An integration with `quiet_after` is watched from the moment it is configured, so that one whose first
//! signal never comes is found as well. Whatever arrives from it counts, also a body that cannot be
//! interpreted. When nothing has arrived for that long, an alert of the integration opens; it ends with the next
//! signal. As long as the source stays quiet the alert is repeated, so that one which somebody resolved
//! meanwhile opens again.
//!
//! When a source was last heard is counted beside the journal: a signal leaves a record here only when it ends
//! a silence. Each source has its own stream, `source:<integration>`.

#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use crate::alert;
use crate::decide::{Context, Decision, Timer};
use crate::duration::DurationS;
use crate::id::{IntegrationId, SignalId, derive};
use crate::intake::{Action, AlertSeverity, Event, Integration};
use crate::journal::StreamId;
use crate::record::{Deadline, Record};

/// The name of the timer.
pub const TIMER: &str = "quiet";
/// The shortest time after which a source is said to be quiet, in seconds.
pub const SHORTEST_S: i64 = 10;
/// The longest, in seconds: about a year, as for yearly jobs.
pub const LONGEST_S: i64 = 400 * 86_400;
/// The key of the alert.
pub const DEDUP_KEY: &str = "decurion:quiet";
/// How often a source that stays quiet is said to be so, in seconds; longer where it may be quiet longer.
const AGAIN_S: i64 = 3_600;
const SECOND_US: i64 = 1_000_000;

/// What can be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// The source must be heard this often, in seconds; with none it may be quiet for ever.
    Watch { integration: IntegrationId, quiet_after_s: Option<i64> },
    /// Something arrived.
    Heard,
    /// The time is over. `latest_us` is when the source was last heard, if ever.
    TimerFired { generation: i64, latest_us: Option<i64> },
}

/// From now on the source must be heard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Watched {
    pub integration: IntegrationId,
    pub quiet_after_s: i64,
    /// When it is quiet unless it is heard.
    pub due_us: i64,
}

/// The source may be quiet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unwatched {
    pub integration: IntegrationId,
}

/// Nothing arrived for too long.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quiet {
    pub integration: IntegrationId,
    /// When it was last heard; none when it never was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heard_us: Option<i64>,
    /// When it is said again.
    pub again_us: i64,
}

/// A quiet source was heard again, or one that was about to be called quiet had been.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heard {
    pub integration: IntegrationId,
    /// When it is quiet unless it is heard again.
    pub due_us: i64,
}

/// The state of a source's stream.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct State {
    /// None while the source may be quiet.
    pub watch: Option<Watch>,
}

/// A source that must be heard from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Watch {
    pub integration: IntegrationId,
    pub quiet_after_s: i64,
    /// When it is quiet, unless it was heard meanwhile; when it is quiet already, when that is said again.
    pub armed: Deadline,
    pub quiet: bool,
}

/// When a source that was last heard then is quiet, microseconds since the epoch.
pub const fn due_us(heard_us: i64, quiet_after_s: i64) -> i64 {
    heard_us.saturating_add(quiet_after_s.saturating_mul(SECOND_US))
}

/// How long an integration may be quiet, in seconds; none where nobody minds.
pub fn wanted_s(integration: &Integration) -> Option<i64> {
    integration.quiet_after_s.filter(|_| integration.enabled)
}

/// Decides about one source.
pub fn decide(state: &State, stream: &StreamId, command: &Command, context: Context<'_>) -> Decision {
    let watch = state.watch.as_ref();
    match command {
        Command::Watch { integration, quiet_after_s } => {
            watched(watch, stream, integration, *quiet_after_s, context)
        }
        Command::Heard => match watch.filter(|watch| watch.quiet) {
            None => Decision::default(),
            Some(watch) => Decision {
                records: vec![watch.heard_at(context.now_us)],
                then: vec![watch.says(stream, Action::Resolve, None, context)],
                ..Decision::default()
            },
        },
        Command::TimerFired { generation, latest_us } => {
            let is_due = |armed: Deadline| armed.generation == *generation && armed.due_us <= context.now_us;
            let due = watch.filter(|watch| is_due(watch.armed));
            due.map_or_else(Decision::default, |watch| over(watch, stream, *latest_us, context))
        }
    }
}

fn watched(
    watch: Option<&Watch>,
    stream: &StreamId,
    integration: &IntegrationId,
    quiet_after_s: Option<i64>,
    context: Context<'_>,
) -> Decision {
    let integration = integration.clone();
    match (watch, quiet_after_s) {
        (Some(watch), Some(quiet_after_s)) if watch.quiet_after_s == quiet_after_s => Decision::default(),
        (None, None) => Decision::default(),
        (_, Some(quiet_after_s)) => {
            let due_us = due_us(context.now_us, quiet_after_s);
            let records = vec![Watched { integration, quiet_after_s, due_us }.into()];
            Decision { records, ..Decision::default() }
        }
        (Some(watch), None) => {
            let ended = || watch.says(stream, Action::Resolve, None, context);
            Decision {
                records: vec![Unwatched { integration }.into()],
                then: watch.quiet.then(ended).into_iter().collect(),
                ..Decision::default()
            }
        }
    }
}

/// The time of a source is over: it was heard meanwhile, or it is quiet.
fn over(watch: &Watch, stream: &StreamId, latest_us: Option<i64>, context: Context<'_>) -> Decision {
    let now_us = context.now_us;
    let latest_us = latest_us.map(|latest_us| latest_us.min(now_us));
    let heard = latest_us.filter(|at| !watch.quiet && due_us(*at, watch.quiet_after_s) > now_us);
    if let Some(latest_us) = heard {
        return Decision { records: vec![watch.heard_at(latest_us)], ..Decision::default() };
    }
    let quiet = Quiet {
        integration: watch.integration.clone(),
        heard_us: latest_us,
        again_us: due_us(now_us, watch.quiet_after_s.max(AGAIN_S)),
    };
    Decision {
        records: vec![quiet.into()],
        then: vec![watch.says(stream, Action::Trigger, latest_us, context)],
        ..Decision::default()
    }
}

impl Watch {
    fn heard_at(&self, heard_us: i64) -> Record {
        let due_us = due_us(heard_us, self.quiet_after_s);
        Heard { integration: self.integration.clone(), due_us }.into()
    }

    /// What the source would say of itself if it could.
    fn says(
        &self,
        stream: &StreamId,
        action: Action,
        heard_us: Option<i64>,
        context: Context<'_>,
    ) -> (StreamId, crate::decide::Command) {
        let known = context.config.integrations.get(&self.integration);
        let gone = || Integration::gone(&self.integration, AlertSeverity::Error);
        let integration = known.cloned().unwrap_or_else(gone);
        let signal = SignalId::new(derive("sig", context.now_us, &[stream.as_str()]));
        let after = seconds(self.quiet_after_s);
        let description = match heard_us {
            Some(heard_us) => {
                format!("It was last heard at {}; it must be heard every {after}.", utc(heard_us))
            }
            None => format!("It has never been heard; it must be heard every {after}."),
        };
        let event = Event {
            action,
            dedup_key: DEDUP_KEY.to_owned(),
            title: format!("{} has been quiet for {after}", integration.name),
            description: Some(description),
            severity: integration.default_severity,
            source: integration.name.clone(),
            labels: [("alertname".to_owned(), "SourceQuiet".to_owned())].into(),
            links: Vec::new(),
            expires_at_us: None,
        };
        let (stream, command) = alert::signal(context.config, &integration, signal, event);
        (stream, command.into())
    }
}

impl State {
    /// Follows one record.
    pub fn apply(&mut self, version: i64, record: &Record) {
        let armed = |due_us| Deadline { due_us, generation: version };
        match (record, &mut self.watch) {
            (Record::SourceWatched(watched), watch) => {
                let quiet = watch.as_ref().is_some_and(|watch| watch.quiet);
                let Watched { integration, quiet_after_s, due_us } = watched.clone();
                *watch = Some(Watch { integration, quiet_after_s, armed: armed(due_us), quiet });
            }
            (Record::SourceUnwatched(_), watch) => *watch = None,
            (Record::SourceQuiet(quiet), Some(watch)) => {
                watch.quiet = true;
                watch.armed = armed(quiet.again_us);
            }
            (Record::SourceHeard(heard), Some(watch)) => {
                watch.quiet = false;
                watch.armed = armed(heard.due_us);
            }
            _ => {}
        }
    }

    /// What the stream waits for.
    pub fn timers(&self) -> Vec<Timer> {
        let timer = |watch: &Watch| Timer {
            name: TIMER.to_owned(),
            generation: watch.armed.generation,
            due_us: watch.armed.due_us,
        };
        self.watch.as_ref().map(timer).into_iter().collect()
    }
}

/// The lengths that are taken, for people.
pub fn bounds_words() -> String {
    format!("{} to {}", seconds(SHORTEST_S), seconds(LONGEST_S))
}

/// Seconds as people write them.
pub fn seconds(count: i64) -> DurationS {
    DurationS::from_secs(u64::try_from(count).unwrap_or_default())
}

fn utc(at_us: i64) -> String {
    let at = jiff::Timestamp::from_microsecond(at_us).unwrap_or_default();
    at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string()
}

impl From<Command> for crate::decide::Command {
    fn from(command: Command) -> Self {
        Self::Source(command)
    }
}
