//! Which command does what.

use std::sync::Arc;

use crate::config::Config;
use crate::decide::{self, Context, Decision, Refusal, Reply};
use crate::escalation::turns::Turns;
use crate::escalation::{Level, LevelPolicy, Policy, TimeBoxEnd};
use crate::grouping;
use crate::incident::record as happened;
use crate::incident::{Attach, Clocks, Command, Disposition, Open, Severity, State, TimerName};
use crate::journal::StreamId;
use crate::record::Record;

/// Decides about one incident. `version` is that of the stream's last record; `turns` counts for the steps of
/// its policy that go round.
pub fn decide(
    state: &State,
    version: i64,
    command: &Command,
    turns: Turns,
    context: Context<'_>,
) -> Result<Decision, Refusal> {
    match command {
        Command::Open(_) if state.exists() => return Err(already_open()),
        Command::Open(open) => return Ok(begin(open, turns, context)),
        _ => {}
    }
    if !state.exists() {
        return Err(Refusal::new("not_found", "there is no such incident"));
    }
    if state.is_over() && !matches!(command, Command::Note { .. } | Command::Link { .. }) {
        return after_the_end(command);
    }
    let mut deciding = Deciding::new(state.clone(), version, turns, context);
    deciding.run(command)?;
    Ok(deciding.finish())
}

/// A decision in the making: the state as it stands after the records so far.
pub(super) struct Deciding<'a> {
    pub(super) state: State,
    pub(super) context: Context<'a>,
    pub(super) policy: Option<Arc<Policy>>,
    pub(super) version: i64,
    pub(super) turns: Turns,
    records: Vec<Record>,
    then: Vec<(StreamId, decide::Command)>,
}

fn begin(open: &Open, turns: Turns, context: Context<'_>) -> Decision {
    let policy = open.policy.clone().unwrap_or_else(|| Config::DEFAULT_POLICY.to_owned());
    let mut deciding = Deciding::new(State { policy: policy.clone(), ..State::default() }, 0, turns, context);
    deciding.push(happened::Opened {
        incident: open.incident.clone(),
        title: open.title.clone(),
        description: open.description.clone(),
        severity: open.severity,
        customer_facing: open.customer_facing,
        company_wide: open.company_wide,
        policy,
        config_version: context.config.version,
        grouping: open.grouping.clone(),
        labels: open.labels.clone(),
        source: open.source.clone(),
        integration: open.integration.clone(),
        auto_resolve: open.auto_resolve,
        alert: open.alert.clone(),
    });
    deciding.begin_ladder();
    Decision { reply: Reply::Incident(open.incident.clone()), ..deciding.finish() }
}

/// What follows from elsewhere comes too late and changes nothing; what people ask is refused.
fn after_the_end(command: &Command) -> Result<Decision, Refusal> {
    match command {
        Command::Attach(_)
        | Command::AlertEnded { .. }
        | Command::AlertWorsened { .. }
        | Command::AlertAcknowledged { .. }
        | Command::PageUnreachable { .. } => Ok(Decision::default()),
        Command::TimerFired { .. } => Err(stale()),
        _ => Err(Refusal::new("already_resolved", "the incident is resolved; open a new one to go on")),
    }
}

fn already_open() -> Refusal {
    Refusal::new("already_open", "the incident is open")
}

/// The refusal of a timer that was moved or cancelled after it was set.
fn stale() -> Refusal {
    Refusal::new("stale_timer", "the timer was moved or cancelled")
}

impl<'a> Deciding<'a> {
    fn new(state: State, version: i64, turns: Turns, context: Context<'a>) -> Self {
        let policy = context.config.policy(&state.policy).cloned();
        Self { state, context, policy, version, turns, records: Vec::new(), then: Vec::new() }
    }

    fn finish(mut self) -> Decision {
        self.never_wait_for_nothing();
        Decision { records: self.records, then: self.then, reply: Reply::Incident(self.state.id) }
    }

    fn run(&mut self, command: &Command) -> Result<(), Refusal> {
        match command {
            Command::Open(_) => return Err(already_open()),
            Command::Attach(attach) => self.attach(attach),
            Command::AlertEnded { alert } => {
                self.push(happened::AlertEnded { alert: alert.clone() });
                self.resolve_by_source();
            }
            Command::AlertWorsened { severity } => self.worsen(*severity, false, false),
            Command::AlertAcknowledged { name, .. } => self.acknowledge_by_source(name),
            Command::Acknowledge { via } => self.acknowledge(via),
            Command::Classify(classification) => self.classify(classification)?,
            Command::Raise { level, reason } => self.raise(*level, reason.clone())?,
            Command::Lower { level, reason } => self.ask_to_lower(*level, reason)?,
            Command::ConsentToLower => self.consent_to_lower()?,
            Command::Snooze { until_us } => self.snooze(*until_us)?,
            Command::Reassign { person, reason } => self.reassign(person, reason.as_deref())?,
            Command::Note { text } => self.note(text)?,
            Command::Link { href, text } => self.link(href, text)?,
            Command::Resolve { disposition, reason } => self.resolve(*disposition, reason.clone(), false),
            Command::PageUnreachable { page } => self.page_unreachable(page),
            Command::TimerFired { name, generation } => self.timer_fired(name, *generation)?,
        }
        Ok(())
    }

    /// Adds a record and follows it.
    pub(super) fn push(&mut self, record: impl Into<Record>) {
        let record = record.into();
        self.version += 1;
        self.state.apply(self.version, self.context.now_us, &record);
        self.records.push(record);
    }

    /// Adds a record that carries the clocks as they stand after it. A sign of life of a person starts the
    /// acknowledgement's clock anew.
    pub(super) fn push_with_clocks(&mut self, sign_of_life: bool, make: impl Fn(Clocks) -> Record) {
        let mut after = self.state.clone();
        let before = after.timers.get(&TimerName::Acknowledgement).map(|due| due.due_us);
        after.apply(self.version + 1, self.context.now_us, &make(Clocks::default()));
        if after.is_over() {
            return self.push(make(Clocks::default()));
        }
        let acknowledgement_us = match (&after.holder, before) {
            (None, _) => None,
            (Some(_), _) if after.timers.contains_key(&TimerName::Snooze) => None,
            (Some(_), Some(before)) if !sign_of_life => Some(before),
            (Some(holder), _) => Some(self.after_s(self.ack_timeout_s(holder.level))),
        };
        self.push(make(Clocks { acknowledgement_us, time_box_us: self.time_box_us(&after) }));
    }

    pub(super) fn then(&mut self, stream: StreamId, command: impl Into<decide::Command>) {
        self.then.push((stream, command.into()));
    }

    pub(super) fn level_policy(&self, level: Level) -> Option<&LevelPolicy> {
        self.policy.as_ref().and_then(|policy| policy.levels.get(&level))
    }

    /// The instant that many seconds from now, microseconds since the epoch.
    pub(super) const fn after_s(&self, seconds: i64) -> i64 {
        self.context.now_us.saturating_add(seconds.saturating_mul(1_000_000))
    }

    fn ack_timeout_s(&self, level: Level) -> i64 {
        const FALLBACK_S: i64 = 1_800;
        self.level_policy(level).map_or(FALLBACK_S, |policy| policy.ack_timeout_s)
    }

    /// When the highest level's time is over, unless what ends its time box has happened.
    fn time_box_us(&self, state: &State) -> Option<i64> {
        let above = state.level.above()?;
        self.level_policy(above)?;
        let time_box = self.level_policy(state.level)?.time_box.as_ref()?;
        let ended = match time_box.until {
            TimeBoxEnd::Disposition => state.disposition.is_some(),
            TimeBoxEnd::Contained => state.contained_us.is_some(),
        };
        let seconds = time_box.of(state.severity).filter(|_| !ended)?;
        Some(state.level_us.saturating_add(seconds.saturating_mul(1_000_000)).max(self.context.now_us))
    }

    fn attach(&mut self, attach: &Attach) {
        self.push(happened::AlertAttached { alert: attach.alert.clone() });
        let routed = &attach.routed;
        self.worsen(routed.severity, routed.customer_facing, routed.company_wide);
        self.judge();
    }

    /// A rule says that it is worse than it was. A rule never makes a case better.
    fn worsen(&mut self, severity: Severity, customer_facing: bool, company_wide: bool) {
        let classified = happened::Classified {
            severity: (severity < self.state.severity).then_some(severity),
            customer_facing: (customer_facing && !self.state.customer_facing).then_some(true),
            company_wide: (company_wide && !self.state.company_wide).then_some(true),
            ..happened::Classified::default()
        };
        if classified != happened::Classified::default() {
            self.push_with_clocks(false, |clocks| {
                happened::Classified { clocks, ..classified.clone() }.into()
            });
            self.judge();
        }
    }

    /// All alerts ended at their source: a case that nobody classified and that is not major is over.
    fn resolve_by_source(&mut self) {
        let state = &self.state;
        let minor = state.severity > Severity::Sev2 && !state.customer_facing && !state.company_wide;
        if state.alerts_open == 0 && state.auto_resolve && !state.classified && minor {
            self.resolve(Disposition::Undetermined, None, true);
        }
    }

    pub(super) fn resolve(&mut self, disposition: Disposition, reason: Option<String>, by_source: bool) {
        self.supersede(|_| true, "resolved");
        self.push(happened::Resolved { disposition, reason, by_source });
        if let Some(grouping) = self.state.grouping.clone() {
            self.then(grouping, grouping::Command::Release { incident: self.state.id.clone() });
        }
    }

    fn timer_fired(&mut self, name: &str, generation: i64) -> Result<(), Refusal> {
        let name = TimerName::parse(name).ok_or_else(stale)?;
        let due =
            self.state.timers.get(&name).filter(|due| due.generation == generation).ok_or_else(stale)?;
        if due.due_us > self.context.now_us {
            return Err(Refusal::new("early_timer", "the timer is not due yet"));
        }
        match name {
            TimerName::Step(level) => self.step_over(level),
            TimerName::Repeat => self.repeat(),
            TimerName::Acknowledgement => self.acknowledgement_over(),
            TimerName::Snooze => self.snooze_over(),
            TimerName::TimeBox => self.time_box_over(),
            TimerName::Lowering => self.push(happened::LowerLapsed {}),
        }
        Ok(())
    }
}
