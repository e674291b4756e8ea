//! Alerts: signals with one dedup key are one open thing with a count.
//!
//! A stream belongs to a key, not to an alert: its id is derived from integration and dedup key, so that two
//! nodes cannot open the same alert twice. After an alert has ended, the next signal opens the next one.
//!
//! Repeats leave no record; how often and when last is counted beside the journal, because a storm of a
//! million signals is one decision and one number.
//!
//! An alert that begins under a silence is held back: it has no incident until nothing silences it any more.

mod held;
mod record;
mod state;

pub(crate) use held::to_raise;
pub use record::{Acknowledged, Ended, Extended, Held, HeldOn, Opened, Raised, Resolved, Worsened};
pub(crate) use state::EXPIRE;
pub use state::{Alert, Hold, SILENCE, State};

use sha2::{Digest, Sha256};

use crate::config::Config;
use crate::decide::{Context, Decision, Reply};
use crate::id::{AlertId, IncidentId, IntegrationId, SignalId, derive};
use crate::incident::{self, AlertBrief};
use crate::intake::{Action, AlertSeverity, Event, Integration, Routed};
use crate::journal::StreamId;
use crate::{decide, grouping};

/// What can be asked of an alert's key.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// A sender said something about the key.
    Signal(Box<Signal>),
    /// The time is over at which the sender said that the alert ends by itself.
    Expire {
        generation: i64,
        /// The latest end that any repeat gave.
        latest_us: Option<i64>,
    },
    /// The silence that holds the alert back is over, by its time or because somebody ended it.
    SilenceEnded { generation: i64 },
}

/// What a sender said, with what routing made of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Signal {
    pub integration: IntegrationId,
    pub integration_name: String,
    pub auto_resolve: bool,
    pub signal: SignalId,
    pub event: Event,
    pub routed: Routed,
    /// The stream of the group that the alert belongs to; none when it opens its own incident.
    pub grouping: Option<StreamId>,
}

/// What the neighbours of an alert's stream say.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Around {
    /// The incident of the open alert is resolved, which ended the alert.
    pub incident_over: bool,
    /// The incident that is open for the alert's group.
    pub group_incident: Option<IncidentId>,
    /// The alert is held back, and this command raises it: what its sender would say now.
    pub raise: Option<Box<Signal>>,
}

/// What became of a signal.
#[derive(Debug, Clone, PartialEq)]
pub struct SignalReply {
    /// None when the signal was about a key that has no open alert.
    pub alert: Option<AlertId>,
    pub incident: Option<IncidentId>,
    pub effect: SignalEffect,
}

/// How a signal changed its alert.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignalEffect {
    Opened,
    /// Counted only.
    Repeated,
    /// Counted, and the alert got worse.
    Worsened,
    Acknowledged,
    Resolved,
    /// An acknowledgement or an end for a key that has no open alert.
    NoOpenAlert,
}

impl Command {
    /// The group's stream, where the decision needs it.
    pub const fn grouping(&self) -> Option<&StreamId> {
        match self {
            Self::Signal(signal) => signal.grouping.as_ref(),
            Self::Expire { .. } | Self::SilenceEnded { .. } => None,
        }
    }
}

/// The stream of a key.
pub fn stream(integration: &IntegrationId, dedup_key: &str) -> StreamId {
    let mut hasher = Sha256::new();
    hasher.update((integration.as_str().len() as u64).to_be_bytes());
    hasher.update(integration.as_str().as_bytes());
    hasher.update(dedup_key.as_bytes());
    StreamId::alert(&hex::encode(&hasher.finalize()[..16]))
}

/// What a sender said as a command, with the stream that takes it.
pub fn signal(config: &Config, integration: &Integration, id: SignalId, event: Event) -> (StreamId, Command) {
    let stream = stream(&integration.id, &event.dedup_key);
    (stream, Command::Signal(Box::new(said(config, integration, id, event))))
}

/// What a sender said, with what routing makes of it.
fn said(config: &Config, integration: &Integration, signal: SignalId, event: Event) -> Signal {
    let routed = config.routing.decide(integration, &event);
    let grouping = routed.group.as_ref().map(|group| grouping::stream(&integration.id, group));
    Signal {
        integration: integration.id.clone(),
        integration_name: integration.name.clone(),
        auto_resolve: integration.auto_resolve,
        signal,
        event,
        routed,
        grouping,
    }
}

/// Decides about one key.
pub fn decide(
    state: &State,
    stream: &StreamId,
    command: &Command,
    around: &Around,
    context: Context<'_>,
) -> Decision {
    let open = state.open().filter(|_| !around.incident_over);
    match command {
        // An alert whose incident is over still ends: its timer must not stay.
        Command::Expire { generation, latest_us } => {
            expire(state.open(), *generation, *latest_us, context.now_us)
        }
        Command::SilenceEnded { generation } => held::ended(state, stream, *generation, around, context),
        Command::Signal(signal) => match (signal.event.action, open) {
            (Action::Trigger, Some(open)) if open.is_held() => {
                held::repeat(open, stream, signal, around, context)
            }
            (Action::Trigger, Some(open)) => repeat(open, signal),
            (Action::Trigger, None) => begin(state, stream, signal, around, context),
            (Action::Acknowledge, Some(open)) => acknowledge(open, signal),
            (Action::Resolve, Some(open)) => end(open, Ended::Source),
            (Action::Acknowledge | Action::Resolve, None) => reply(None, None, SignalEffect::NoOpenAlert),
        },
    }
}

fn begin(
    state: &State,
    stream: &StreamId,
    signal: &Signal,
    around: &Around,
    context: Context<'_>,
) -> Decision {
    let cycle = state.cycle + 1;
    let alert = AlertId::new(derive("alr", context.now_us, &[stream.as_str(), &cycle.to_string()]));
    if let Some(silence) = held::silence_of(signal, context) {
        return held::hold(alert, cycle, signal, silence);
    }
    let (incident, then) = case_of(signal, &alert, (stream, cycle), around, context.now_us);
    let opened = Opened {
        alert: alert.clone(),
        cycle,
        incident: Some(incident.clone()),
        integration: signal.integration.clone(),
        signal: signal.signal.clone(),
        rule: signal.routed.rule.clone(),
        event: signal.event.clone(),
    };
    let effect = SignalEffect::Opened;
    let reply = SignalReply { alert: Some(alert), incident: Some(incident), effect };
    Decision { records: vec![opened.into()], then, reply: Reply::Signal(reply) }
}

/// The incident that an alert belongs to, and what makes or tells it: that of its group, or one of its own.
fn case_of(
    signal: &Signal,
    alert: &AlertId,
    (stream, cycle): (&StreamId, u32),
    around: &Around,
    now_us: i64,
) -> (IncidentId, Vec<(StreamId, decide::Command)>) {
    let incident = around.case(stream, cycle, now_us);
    let brief = AlertBrief {
        alert: alert.clone(),
        title: signal.event.title.clone(),
        severity: signal.event.severity,
        integration: signal.integration.clone(),
    };
    let mut then = Vec::new();
    if around.group_incident.is_some() {
        let attach = incident::Attach { alert: brief, routed: signal.routed.clone() };
        then.push((StreamId::incident(&incident), incident::Command::Attach(Box::new(attach)).into()));
    } else {
        if let Some(group) = &signal.grouping {
            then.push((group.clone(), grouping::Command::Claim { incident: incident.clone() }.into()));
        }
        let open = open_incident(signal, &incident, brief);
        then.push((StreamId::incident(&incident), incident::Command::Open(Box::new(open)).into()));
    }
    (incident, then)
}

impl Around {
    /// The incident of an alert that is raised now.
    fn case(&self, stream: &StreamId, cycle: u32, now_us: i64) -> IncidentId {
        let own = || IncidentId::new(derive("inc", now_us, &["alert", stream.as_str(), &cycle.to_string()]));
        self.group_incident.clone().unwrap_or_else(own)
    }
}

fn open_incident(signal: &Signal, incident: &IncidentId, brief: AlertBrief) -> incident::Open {
    incident::Open {
        incident: incident.clone(),
        title: signal.event.title.clone(),
        description: signal.event.description.clone(),
        severity: signal.routed.severity,
        customer_facing: signal.routed.customer_facing,
        company_wide: signal.routed.company_wide,
        policy: signal.routed.policy.clone(),
        grouping: signal.grouping.clone(),
        labels: signal.event.labels.clone(),
        source: signal.event.source.clone(),
        integration: Some(signal.integration_name.clone()),
        auto_resolve: signal.routed.auto_resolve.unwrap_or(signal.auto_resolve),
        alert: Some(brief),
    }
}

impl Alert {
    /// What its incident is told; an alert that is held back has none.
    fn tell(&self, command: incident::Command) -> Vec<(StreamId, decide::Command)> {
        let incident = self.opened.incident.as_ref();
        incident.map(|incident| (StreamId::incident(incident), command.into())).into_iter().collect()
    }
}

fn repeat(open: &Alert, signal: &Signal) -> Decision {
    if signal.event.severity >= open.severity {
        return reply(Some(open.opened.alert.clone()), open.opened.incident.clone(), SignalEffect::Repeated);
    }
    let severity: AlertSeverity = signal.event.severity;
    let worse = incident::Command::AlertWorsened { severity: signal.routed.severity };
    Decision {
        records: vec![Worsened { alert: open.opened.alert.clone(), severity }.into()],
        then: open.tell(worse),
        ..reply(Some(open.opened.alert.clone()), open.opened.incident.clone(), SignalEffect::Worsened)
    }
}

fn acknowledge(open: &Alert, signal: &Signal) -> Decision {
    let reply =
        reply(Some(open.opened.alert.clone()), open.opened.incident.clone(), SignalEffect::Acknowledged);
    if open.acknowledged {
        return reply;
    }
    let told = incident::Command::AlertAcknowledged {
        integration: signal.integration.clone(),
        name: signal.integration_name.clone(),
    };
    Decision {
        records: vec![Acknowledged { alert: open.opened.alert.clone() }.into()],
        then: open.tell(told),
        ..reply
    }
}

fn end(open: &Alert, by: Ended) -> Decision {
    let ended = incident::Command::AlertEnded { alert: open.opened.alert.clone() };
    Decision {
        records: vec![Resolved { alert: open.opened.alert.clone(), by }.into()],
        then: open.tell(ended),
        ..reply(Some(open.opened.alert.clone()), open.opened.incident.clone(), SignalEffect::Resolved)
    }
}

fn expire(open: Option<&Alert>, generation: i64, latest_us: Option<i64>, now_us: i64) -> Decision {
    let due = |alert: &&Alert| {
        alert.expires.is_some_and(|due| due.generation == generation && due.due_us <= now_us)
    };
    let Some(open) = open.filter(due) else { return Decision::default() };
    match latest_us {
        Some(latest_us) if latest_us > now_us => Decision {
            records: vec![Extended { alert: open.opened.alert.clone(), expires_at_us: latest_us }.into()],
            ..Decision::default()
        },
        _ => end(open, Ended::Timeout),
    }
}

fn reply(alert: Option<AlertId>, incident: Option<IncidentId>, effect: SignalEffect) -> Decision {
    Decision { reply: Reply::Signal(SignalReply { alert, incident, effect }), ..Decision::default() }
}

impl From<incident::Command> for decide::Command {
    fn from(command: incident::Command) -> Self {
        Self::Incident(command)
    }
}

impl From<grouping::Command> for decide::Command {
    fn from(command: grouping::Command) -> Self {
        Self::Grouping(command)
    }
}

impl From<Command> for decide::Command {
    fn from(command: Command) -> Self {
        Self::Alert(command)
    }
}
