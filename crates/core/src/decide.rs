//! The contract between what is decided and what stores, times and sends it.
//!
//! A command is for one stream. Its feature's `decide` looks at the stream's state and answers with records
//! and with commands for other streams (an alert opens an incident, an incident pages a person). [`execute`]
//! runs that whole chain in memory, so that everything one command causes is committed in one transaction.
//! Timers are a function of state: what a stream waits for can be read off it at any moment.
//!
//! Nothing here blocks: where a stream is needed that is not in memory, [`Stop::Need`] names it, the caller
//! loads it and runs the command again. Nothing was changed in between.

use std::collections::BTreeMap;

use crate::access::Actor;
use crate::config::Config;
use crate::escalation::turns::Turns;
use crate::id::IncidentId;
use crate::journal::StreamId;
use crate::record::Record;
use crate::{alert, feed, grouping, incident, invariants, notify, roster, silence, source, verification};

/// What a decision may know beside the state of its stream.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// Microseconds since the epoch, of the one clock that the node decides by.
    pub now_us: i64,
    pub actor: &'a Actor,
    pub config: &'a Config,
}

/// What somebody or something wants.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    Alert(alert::Command),
    Grouping(grouping::Command),
    Incident(incident::Command),
    Page(notify::Command),
    Roster(roster::Command),
    Feed(feed::Command),
    Verification(verification::Command),
    Silence(silence::Command),
    Source(source::Command),
}

/// The state of one stream.
#[derive(Debug, Clone, PartialEq)]
pub enum State {
    Alert(alert::State),
    Grouping(grouping::State),
    Incident(Box<incident::State>),
    Page(notify::State),
    Roster(roster::State),
    Feed(feed::State),
    Verification(verification::State),
    Silence(silence::State),
    Source(source::State),
}

/// What a decision says: what happened, and what other streams must hear of it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Decision {
    pub records: Vec<Record>,
    pub then: Vec<(StreamId, Command)>,
    pub reply: Reply,
}

/// What the caller is told.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Reply {
    #[default]
    Done,
    /// A signal opened, repeated or changed an alert, or met none.
    Signal(alert::SignalReply),
    Incident(IncidentId),
    /// Whether a code was right, and how many answers it has left.
    Code {
        right: bool,
        left: u32,
    },
}

/// A command that the rules do not allow. A value, not a fault: nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Refusal {
    /// Stable, for programs: `already_resolved`, `not_owner`.
    pub code: &'static str,
    /// For people: what is wrong and what to do.
    pub message: String,
    /// The field of the command at fault, where one is.
    pub field: Option<&'static str>,
}

impl Refusal {
    /// A refusal that is about no field.
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), field: None }
    }

    /// A refusal that is about one field.
    pub fn field(code: &'static str, field: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), field: Some(field) }
    }
}

/// Why a command did not run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stop {
    Refused(Refusal),
    /// Load this stream and run the command again.
    Need(StreamId),
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// A stream as it stands in memory.
#[derive(Debug, Clone, PartialEq)]
pub struct Loaded {
    /// The version of its last record; 0 when it has none.
    pub version: i64,
    pub state: State,
}

/// A timer as a stream's state wants it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timer {
    pub name: String,
    pub generation: i64,
    pub due_us: i64,
}

/// A record with its place in its stream.
#[derive(Debug, Clone, PartialEq)]
pub struct Placed {
    pub stream: StreamId,
    pub version: i64,
    pub record: Record,
    /// The incident it is about, or empty.
    pub subject: String,
}

/// Everything that one command caused.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// In the order in which they happened.
    pub records: Vec<Placed>,
    /// Every stream that got a record, as it stands afterwards.
    pub streams: BTreeMap<StreamId, Loaded>,
    pub reply: Reply,
}

/// The streams that are in memory.
pub trait Streams {
    /// The stream, if it is loaded. A stream that has no record yet is loaded as [`Loaded::empty`].
    fn get(&self, stream: &StreamId) -> Option<&Loaded>;
}

impl Streams for BTreeMap<StreamId, Loaded> {
    fn get(&self, stream: &StreamId) -> Option<&Loaded> {
        Self::get(self, stream)
    }
}

impl Loaded {
    /// A stream without records.
    pub fn empty(stream: &StreamId) -> Self {
        Self { version: 0, state: State::empty(stream) }
    }

    /// Follows one record of the stream. Total: a record that does not fit the state changes nothing.
    pub fn apply(&mut self, version: i64, at_us: i64, record: &Record) {
        self.version = version;
        self.state.apply(version, at_us, record);
    }
}

impl State {
    /// The state of a stream without records, by the prefix of its name.
    pub fn empty(stream: &StreamId) -> Self {
        match stream.as_str().split_once(':').map_or(stream.as_str(), |(prefix, _)| prefix) {
            "alert" => Self::Alert(alert::State::default()),
            "grouping" => Self::Grouping(grouping::State::default()),
            "incident" => Self::Incident(Box::default()),
            "page" => Self::Page(notify::State::default()),
            "feed" => Self::Feed(feed::State::default()),
            "silence" => Self::Silence(silence::State::default()),
            "source" => Self::Source(source::State::default()),
            "contact" => Self::Verification(verification::State::default()),
            _ => Self::Roster(roster::State::default()),
        }
    }

    /// Follows one record.
    pub fn apply(&mut self, version: i64, at_us: i64, record: &Record) {
        match self {
            Self::Alert(state) => state.apply(version, at_us, record),
            Self::Grouping(state) => state.apply(record),
            Self::Incident(state) => state.apply(version, at_us, record),
            Self::Page(state) => state.apply(version, at_us, record),
            Self::Roster(state) => state.apply(version, at_us, record),
            Self::Feed(state) => state.apply(record),
            Self::Verification(state) => state.apply(at_us, record),
            Self::Silence(state) => state.apply(at_us, record),
            Self::Source(state) => state.apply(version, record),
        }
    }

    /// What the stream waits for.
    pub fn timers(&self) -> Vec<Timer> {
        match self {
            Self::Alert(state) => state.timers(),
            Self::Incident(state) => state.timers(),
            Self::Page(state) => state.timers(),
            Self::Roster(state) => state.timers(),
            Self::Source(state) => state.timers(),
            Self::Grouping(_) | Self::Feed(_) | Self::Verification(_) | Self::Silence(_) => Vec::new(),
        }
    }

    /// The incident that the stream's records are about, or empty.
    fn subject(&self) -> &str {
        match self {
            Self::Alert(state) => state.incident().map_or("", IncidentId::as_str),
            Self::Incident(state) => state.id.as_str(),
            Self::Page(state) => state.incident.as_str(),
            Self::Grouping(_)
            | Self::Roster(_)
            | Self::Feed(_)
            | Self::Verification(_)
            | Self::Silence(_)
            | Self::Source(_) => "",
        }
    }
}

/// Runs a command and everything that follows from it, in memory.
///
/// The first command may be refused. What follows from it is not: features answer a follow-up that no longer
/// fits with an empty decision. The exception is a trade of shifts across two schedules, whose other half
/// refuses the whole, so that nothing of it happens.
///
/// A debug build checks the outcome against [`invariants`] and panics where one does not hold.
pub fn execute(
    streams: &dyn Streams,
    context: Context<'_>,
    stream: &StreamId,
    command: Command,
) -> Result<Outcome, Stop> {
    let mut work = Work { streams, staged: BTreeMap::new(), records: Vec::new(), context };
    let fired = command.timer();
    let reply = work.run(stream, command)?;
    let outcome = Outcome { records: work.records, streams: work.staged, reply };
    if cfg!(debug_assertions) {
        let mut violations = invariants::outcome(streams, &outcome, context);
        violations.extend(fired.into_iter().flat_map(|(name, generation)| {
            let before = streams.get(stream);
            invariants::used_up(before, &outcome, stream, (&name, generation), context.now_us)
        }));
        debug_assert!(violations.is_empty(), "{violations:#?}");
    }
    Ok(outcome)
}

struct Work<'a> {
    streams: &'a dyn Streams,
    staged: BTreeMap<StreamId, Loaded>,
    records: Vec<Placed>,
    context: Context<'a>,
}

impl Work<'_> {
    fn run(&mut self, stream: &StreamId, command: Command) -> Result<Reply, Stop> {
        let first = self.decide(stream, command)?;
        let reply = first.reply;
        self.place(stream, first.records)?;
        let mut waiting: std::collections::VecDeque<_> = first.then.into();
        while let Some((stream, command)) = waiting.pop_front() {
            let decision = self.decide(&stream, command)?;
            self.place(&stream, decision.records)?;
            waiting.extend(decision.then);
        }
        Ok(reply)
    }

    fn decide(&self, stream: &StreamId, command: Command) -> Result<Decision, Stop> {
        let loaded = self.get(stream, &command)?;
        let context = self.context;
        match (&loaded.state, command) {
            (State::Alert(state), Command::Alert(command)) => {
                let around = self.around(state, &command)?;
                Ok(alert::decide(state, stream, &command, &around, context))
            }
            (State::Grouping(state), Command::Grouping(command)) => Ok(grouping::decide(state, &command)),
            (State::Incident(state), Command::Incident(command)) => {
                let turns = self.turns(state, &command)?;
                Ok(incident::decide(state, loaded.version, &command, turns, context)?)
            }
            (State::Page(state), Command::Page(command)) => {
                Ok(notify::decide(state, loaded.version, &command, context))
            }
            (State::Roster(state), Command::Roster(command)) => {
                Ok(roster::decide(state, stream, loaded.version, &command, context)?)
            }
            (State::Feed(state), Command::Feed(command)) => Ok(feed::decide(state, &command, context)?),
            (State::Verification(state), Command::Verification(command)) => {
                Ok(verification::decide(state, &command, context)?)
            }
            (State::Silence(state), Command::Silence(command)) => {
                Ok(silence::decide(state, &command, context)?)
            }
            (State::Source(state), Command::Source(command)) => {
                Ok(source::decide(state, stream, &command, context))
            }
            _ => Err(Refusal::new("wrong_stream", format!("{stream} does not take this command")).into()),
        }
    }

    /// What an alert must know of its neighbours: whether its incident is over, and which is open for its group.
    fn around(&self, state: &alert::State, command: &alert::Command) -> Result<alert::Around, Stop> {
        let mut around = alert::Around::default();
        if let Some(incident) = state.incident() {
            let stream = StreamId::incident(incident);
            let loaded = self.look(&stream).ok_or(Stop::Need(stream))?;
            around.incident_over = matches!(&loaded.state, State::Incident(state) if state.is_over());
        }
        around.raise = alert::to_raise(state, command, self.context);
        let raised = around.raise.as_ref().and_then(|raise| raise.grouping.clone());
        if let Some(grouping) = &raised.or_else(|| command.grouping().cloned()) {
            let loaded = self.look(grouping).ok_or_else(|| Stop::Need(grouping.clone()))?;
            if let State::Grouping(state) = &loaded.state {
                around.group_incident.clone_from(&state.incident);
            }
        }
        Ok(around)
    }

    /// The round-robin counters of the incident's policy, where one of its steps goes round.
    fn turns(&self, state: &incident::State, command: &incident::Command) -> Result<Turns, Stop> {
        let name = match command {
            incident::Command::Open(open) => open.policy.as_deref().unwrap_or(Config::DEFAULT_POLICY),
            _ => state.policy.as_str(),
        };
        let policy = self.context.config.policy(name).filter(|policy| policy.takes_turns());
        let Some(stream) = policy.map(|policy| StreamId::turns(&policy.name)) else {
            return Ok(Turns::default());
        };
        match &self.look(&stream).ok_or(Stop::Need(stream))?.state {
            State::Roster(state) => Ok(state.turns.clone()),
            _ => Ok(Turns::default()),
        }
    }

    fn look(&self, stream: &StreamId) -> Option<&Loaded> {
        self.staged.get(stream).or_else(|| self.streams.get(stream))
    }

    /// The stream. One that the command itself begins needs no look: the store refuses a second beginning.
    fn get(&self, stream: &StreamId, command: &Command) -> Result<std::borrow::Cow<'_, Loaded>, Stop> {
        if let Some(loaded) = self.look(stream) {
            return Ok(std::borrow::Cow::Borrowed(loaded));
        }
        if command.begins() {
            return Ok(std::borrow::Cow::Owned(Loaded::empty(stream)));
        }
        Err(Stop::Need(stream.clone()))
    }

    fn place(&mut self, stream: &StreamId, records: Vec<Record>) -> Result<(), Stop> {
        if records.is_empty() {
            return Ok(());
        }
        if !self.staged.contains_key(stream) {
            let loaded = self.streams.get(stream).cloned().unwrap_or_else(|| Loaded::empty(stream));
            self.staged.insert(stream.clone(), loaded);
        }
        let loaded = self.staged.get_mut(stream).ok_or_else(|| Stop::Need(stream.clone()))?;
        for record in records {
            let version = loaded.version + 1;
            loaded.apply(version, self.context.now_us, &record);
            let subject = loaded.state.subject().to_owned();
            self.records.push(Placed { stream: stream.clone(), version, record, subject });
        }
        Ok(())
    }
}

impl Command {
    /// Whether the command opens its stream, so that the stream cannot have been there before.
    const fn begins(&self) -> bool {
        matches!(
            self,
            Self::Incident(incident::Command::Open(_))
                | Self::Silence(silence::Command::Add(_))
                | Self::Page(notify::Command::Decide(_) | notify::Command::Notify(_))
        )
    }

    /// The name and the generation of the timer that fired, where one did.
    fn timer(&self) -> Option<(String, i64)> {
        match self {
            Self::Alert(alert::Command::Expire { generation, .. }) => {
                Some(("expire".to_owned(), *generation))
            }
            Self::Alert(alert::Command::SilenceEnded { generation }) => {
                Some((alert::SILENCE.to_owned(), *generation))
            }
            Self::Incident(incident::Command::TimerFired { name, generation }) => {
                Some((name.clone(), *generation))
            }
            Self::Page(notify::Command::TimerFired { generation }) => Some(("next".to_owned(), *generation)),
            Self::Roster(roster::Command::TimerFired { generation }) => {
                Some((roster::TIMER.to_owned(), *generation))
            }
            Self::Source(source::Command::TimerFired { generation, .. }) => {
                Some((source::TIMER.to_owned(), *generation))
            }
            _ => None,
        }
    }
}

/// Every name that a timer of any stream can have.
pub const TIMER_NAMES: &[&str] = &[
    "expire",
    "next",
    "step:L1",
    "step:L2",
    "step:L3",
    "step:executive",
    "repeat",
    "acknowledgement",
    "snooze",
    "time_box",
    "lowering",
    alert::SILENCE,
    roster::TIMER,
    source::TIMER,
];

/// The command of a timer that fired. `latest_us` is what is counted beside the journal: of an alert the latest
/// end that repeats gave, of a source when it was last heard. None for a stream that sets no timers.
pub fn timer_command(stream: &StreamId, timer: &Timer, latest_us: Option<i64>) -> Option<Command> {
    let generation = timer.generation;
    match stream.kind() {
        "alert" if timer.name == alert::SILENCE => {
            Some(Command::Alert(alert::Command::SilenceEnded { generation }))
        }
        "alert" => Some(Command::Alert(alert::Command::Expire { generation, latest_us })),
        "incident" => {
            let name = timer.name.clone();
            Some(Command::Incident(incident::Command::TimerFired { name, generation }))
        }
        "page" => Some(Command::Page(notify::Command::TimerFired { generation })),
        "source" => Some(Command::Source(source::Command::TimerFired { generation, latest_us })),
        "schedule" | "person" => Some(Command::Roster(roster::Command::TimerFired { generation })),
        _ => None,
    }
}
