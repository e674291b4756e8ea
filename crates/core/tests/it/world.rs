//! A small organisation in memory, with a clock that jumps to the next deadline.

use std::collections::BTreeMap;
use std::sync::Arc;

use decurion_core::access::{AccountRole, Actor};
use decurion_core::config::Config;
use decurion_core::decide::{self, Command, Context, Loaded, Outcome, Placed, Reply, State, Stop, execute};
use decurion_core::escalation::{Answer, Level, LevelPolicy, Policy, Step, Target, TimeBox, TimeBoxEnd};
use decurion_core::expression::Expression;
use decurion_core::id::{IncidentId, PersonId, RoleId};
use decurion_core::intake::{Action, AlertSeverity, Event, Integration, IntegrationKind};
use decurion_core::invariants::History;
use decurion_core::journal::StreamId;
use decurion_core::org::{Channel, Contact, Organisation, Person, Role};
use decurion_core::{alert, incident, notify};

pub(crate) const START_US: i64 = 1_792_000_000_000_000;
pub(crate) const S: i64 = 1_000_000;

pub(crate) struct World {
    pub(crate) config: Config,
    pub(crate) now_us: i64,
    pub(crate) streams: BTreeMap<StreamId, Loaded>,
    /// Instant, kind and stream of every record, in order.
    pub(crate) journal: Vec<(i64, String, StreamId)>,
    /// The same in whole.
    pub(crate) placed: Vec<Placed>,
    history: History<'static>,
}

fn person(id: &str) -> Person {
    let contact =
        Contact { id: "mail".into(), channel: Channel::Mailbox, address: String::new(), enabled: true };
    Person {
        id: id.into(),
        name: id.to_owned(),
        email: None,
        zone: "UTC".into(),
        team: None,
        title: None,
        holidays: None,
        external: false,
        certified: Vec::new(),
        contacts: vec![contact],
        rules: Vec::new(),
    }
}

fn role(id: &str, holder: &str, deputies: &[&str]) -> Role {
    Role {
        id: id.into(),
        name: id.to_owned(),
        holders: vec![holder.into()],
        deputies: deputies.iter().map(|id| PersonId::from(*id)).collect(),
    }
}

fn step(roles: &[&str], timeout_s: i64) -> Step {
    let page = roles.iter().map(|id| Target::Role(RoleId::from(*id))).collect();
    Step { page, timeout_s, round_robin: false }
}

fn level(owner: &str, when: &[&str], steps: Vec<Step>, answer: Answer) -> LevelPolicy {
    LevelPolicy {
        owner: vec![Target::Role(owner.into())],
        when: when.iter().map(|guard| Expression::compile(guard).unwrap()).collect(),
        steps,
        tell: Vec::new(),
        answer,
        ack_timeout_s: 1_800,
        time_box: None,
    }
}

fn policy() -> Policy {
    let mut l1 = level("soc", &[], vec![step(&["soc"], 300)], Answer::Any);
    l1.time_box = Some(TimeBox {
        default_s: Some(3_600),
        by_severity: BTreeMap::new(),
        until: TimeBoxEnd::Disposition,
    });
    let major = ["severity in ['sev1', 'sev2']"];
    let critical = ["severity == 'sev1'", "customer_facing", "facts.records_affected > 0"];
    let deputies = Step {
        page: vec![
            Target::Deputy { role: "senior".into(), place: 1 },
            Target::Deputy { role: "ir_lead".into(), place: 1 },
        ],
        timeout_s: 600,
        round_robin: false,
    };
    let l2 = level("ir_lead", &major, vec![step(&["senior", "ir_lead"], 900), deputies], Answer::Each);
    let managers = step(&["secops", "seceng"], 900);
    let l3 = level("secops", &critical, vec![managers], Answer::Each);
    let executive = level("ciso", &["company_wide"], vec![step(&["ciso", "cto"], 900)], Answer::Told);
    Policy {
        name: "escalation".into(),
        levels: BTreeMap::from([
            (Level::L1, l1),
            (Level::L2, l2),
            (Level::L3, l3),
            (Level::Executive, executive),
        ]),
        facts: BTreeMap::from([("records_affected".to_owned(), 0.into())]),
        repeat_after_s: 600,
        lower_within_s: 1_800,
    }
}

/// An alert of that key.
pub(crate) fn event(key: &str) -> Event {
    Event {
        action: Action::Trigger,
        dedup_key: key.to_owned(),
        title: format!("alert {key}"),
        description: None,
        severity: AlertSeverity::Error,
        source: "host".into(),
        labels: BTreeMap::new(),
        links: Vec::new(),
        expires_at_us: None,
    }
}

impl World {
    pub(crate) fn new() -> Self {
        let people = ["sol", "sen", "ira", "dep", "mo", "may", "ciso", "cto"];
        let roles = [
            role("soc", "sol", &["sen"]),
            role("senior", "sen", &["dep"]),
            role("ir_lead", "ira", &["dep"]),
            role("secops", "mo", &["ira"]),
            role("seceng", "may", &["mo"]),
            role("ciso", "ciso", &[]),
            role("cto", "cto", &[]),
        ];
        let organisation = Organisation {
            name: "Test".into(),
            zone: "UTC".into(),
            people: people.into_iter().map(|id| (id.into(), person(id))).collect(),
            roles: roles.into_iter().map(|role| (role.id.clone(), role)).collect(),
        };
        let config = Config {
            version: 1,
            organisation,
            policies: BTreeMap::from([("escalation".to_owned(), Arc::new(policy()))]),
            ..Config::default()
        };
        Self::of(config)
    }

    /// A world under another configuration.
    pub(crate) fn of(config: Config) -> Self {
        let (streams, journal, placed) = (BTreeMap::new(), Vec::new(), Vec::new());
        Self { config, now_us: START_US, streams, journal, placed, history: History::new() }
    }

    pub(crate) fn run(&mut self, actor: &Actor, stream: &StreamId, command: &Command) -> Result<Reply, Stop> {
        loop {
            let context = Context { now_us: self.now_us, actor, config: &self.config };
            match execute(&self.streams, context, stream, command.clone()) {
                Err(Stop::Need(missing)) => {
                    let empty = Loaded::empty(&missing);
                    self.streams.insert(missing, empty);
                }
                Err(stop) => return Err(stop),
                Ok(outcome) => {
                    let again = execute(&self.streams, context, stream, command.clone());
                    assert_eq!(again.as_ref(), Ok(&outcome), "decided twice, decided the same");
                    return Ok(self.commit(outcome));
                }
            }
        }
    }

    fn commit(&mut self, outcome: Outcome) -> Reply {
        for placed in &outcome.records {
            let text = placed.record.encode().unwrap();
            let back = decurion_core::record::Record::decode(placed.record.kind(), &text).unwrap();
            assert_eq!(back, placed.record, "a record survives its journal form");
            let violations = self.history.follow(self.now_us, &Placed { record: back, ..placed.clone() });
            assert_eq!(violations, [], "{placed:?}");
            self.placed.push(placed.clone());
            self.journal.push((self.now_us, placed.record.kind().to_owned(), placed.stream.clone()));
        }
        for (stream, loaded) in &outcome.streams {
            assert_eq!(self.history.streams().get(stream), Some(loaded), "{stream} is what its journal says");
        }
        self.streams.extend(outcome.streams);
        outcome.reply
    }

    pub(crate) fn signal(
        &mut self,
        action: Action,
        key: &str,
        severity: AlertSeverity,
    ) -> alert::SignalReply {
        self.event(Event { action, severity, ..event(key) })
    }

    pub(crate) fn event(&mut self, event: Event) -> alert::SignalReply {
        let integration = Integration {
            id: "int_1".into(),
            name: "Prometheus".into(),
            kind: IntegrationKind::Pagerduty,
            enabled: true,
            vendor: None,
            signed: false,
            mapping: None,
            topics: std::collections::BTreeSet::new(),
            default_severity: AlertSeverity::Error,
            auto_resolve: true,
            quiet_after_s: None,
        };
        let (stream, command) = alert::signal(&self.config, &integration, "sig_1".into(), event);
        let actor = Actor::Integration { id: "int_1".into() };
        match self.run(&actor, &stream, &command.into()) {
            Ok(Reply::Signal(reply)) => reply,
            other => panic!("a signal is never refused: {other:?}"),
        }
    }

    /// Opens an incident by an alert and returns it.
    pub(crate) fn open(&mut self, key: &str) -> IncidentId {
        self.signal(Action::Trigger, key, AlertSeverity::Error).incident.unwrap()
    }

    pub(crate) fn human(
        &mut self,
        who: &str,
        id: &IncidentId,
        command: incident::Command,
    ) -> Result<(), String> {
        let actor = Actor::Account { id: who.into(), person: Some(who.into()), role: AccountRole::Responder };
        match self.run(&actor, &StreamId::incident(id), &command.into()) {
            Ok(_) => Ok(()),
            Err(Stop::Refused(refusal)) => Err(refusal.code.to_owned()),
            Err(stop) => panic!("{stop:?}"),
        }
    }

    pub(crate) fn acknowledge(&mut self, who: &str, id: &IncidentId) {
        self.human(who, id, incident::Command::Acknowledge { via: "console" }).unwrap();
    }

    pub(crate) fn incident(&self, id: &IncidentId) -> &incident::State {
        match &self.streams[&StreamId::incident(id)].state {
            State::Incident(state) => state,
            other => panic!("{other:?}"),
        }
    }

    /// Every incident, open or over.
    pub(crate) fn incidents(&self) -> Vec<IncidentId> {
        let incidents = self.streams.values().filter_map(|loaded| match &loaded.state {
            State::Incident(state) if state.exists() => Some(state.id.clone()),
            _ => None,
        });
        incidents.collect()
    }

    pub(crate) fn open_incidents(&self) -> Vec<IncidentId> {
        self.incidents().into_iter().filter(|id| !self.incident(id).is_over()).collect()
    }

    /// Every timer that runs, with its stream.
    pub(crate) fn waiting(&self) -> Vec<(decide::Timer, StreamId)> {
        let of = |(stream, loaded): (&StreamId, &Loaded)| {
            loaded.state.timers().into_iter().map(|timer| (timer, stream.clone())).collect::<Vec<_>>()
        };
        self.streams.iter().flat_map(of).collect()
    }

    pub(crate) fn pages(&self) -> Vec<&notify::State> {
        self.streams
            .values()
            .filter_map(|loaded| match &loaded.state {
                State::Page(page) => Some(page),
                _ => None,
            })
            .collect()
    }

    /// Names of those whose page is open.
    pub(crate) fn paged(&self) -> Vec<String> {
        let open = |page: &&&notify::State| page.is_open() && page.kind == notify::MessageKind::Page;
        let mut names: Vec<String> =
            self.pages().iter().filter(open).map(|page| page.person.to_string()).collect();
        names.sort();
        names.dedup();
        names
    }

    /// Names of those who were told without being asked.
    pub(crate) fn told(&self) -> Vec<String> {
        let mut names: Vec<String> = self
            .pages()
            .iter()
            .filter(|page| page.kind == notify::MessageKind::Tell)
            .map(|page| page.person.to_string())
            .collect();
        names.sort();
        names
    }

    /// Jumps to the next deadline and lets it fire. False when nothing waits.
    pub(crate) fn next_deadline(&mut self) -> bool {
        let next = self
            .streams
            .iter()
            .flat_map(|(stream, loaded)| loaded.state.timers().into_iter().map(move |timer| (timer, stream)))
            .min_by_key(|(timer, _)| timer.due_us)
            .map(|(timer, stream)| (timer, stream.clone()));
        let Some((timer, stream)) = next else { return false };
        self.now_us = self.now_us.max(timer.due_us);
        let command = decide::timer_command(&stream, &timer, None).unwrap();
        self.run(&Actor::System, &stream, &command).unwrap();
        true
    }

    /// Lets everything fire that is due within that many seconds.
    pub(crate) fn wait(&mut self, seconds: i64) {
        let until = self.now_us + seconds * S;
        let due = |world: &Self| {
            let timers = world.streams.values().flat_map(|loaded| loaded.state.timers());
            timers.map(|timer| timer.due_us).min()
        };
        while due(self).is_some_and(|due| due <= until) {
            self.next_deadline();
        }
        self.now_us = until;
    }

    pub(crate) fn lamps(&self, id: &IncidentId) -> String {
        let view = incident::view::view(self.incident(id), &self.config);
        let word = |level: &incident::view::LevelView| serde_json::to_value(level.lamp).unwrap();
        view.levels.iter().map(|level| word(level).as_str().unwrap().to_owned()).collect::<Vec<_>>().join(" ")
    }

    pub(crate) fn next_text(&self, id: &IncidentId) -> String {
        incident::view::view(self.incident(id), &self.config).next.map(|next| next.text).unwrap_or_default()
    }
}
