//! Silences: nobody is paged while one holds, and nothing is lost when it ends.

use decurion_core::access::{AccountRole, Actor};
use decurion_core::alert::{self, SignalEffect};
use decurion_core::decide::State;
use decurion_core::id::SilenceId;
use decurion_core::intake::{Action, AlertSeverity, Event};
use decurion_core::journal::StreamId;
use decurion_core::oncall::{TimeOfDay, Window};
use decurion_core::silence::{Command, Matcher, Operator, Quiet, Repeat, Silence};
use proptest::prelude::*;

use crate::world::{S, World, event};

fn equal(name: &str, value: &str) -> Matcher {
    Matcher { name: name.to_owned(), operator: Operator::Equal, value: value.to_owned() }
}

impl World {
    fn command(&mut self, id: &SilenceId, command: Command) {
        let actor =
            Actor::Account { id: "elif".into(), person: Some("elif".into()), role: AccountRole::Responder };
        self.run(&actor, &StreamId::silence(id), &command.into()).unwrap();
    }

    fn silence(&mut self, id: &str, matchers: &[Matcher], seconds: i64) {
        self.repeat(id, matchers, seconds, None);
    }

    fn repeat(&mut self, id: &str, matchers: &[Matcher], seconds: i64, repeat: Option<Repeat>) {
        let silence = Silence {
            id: id.into(),
            matchers: matchers.to_vec(),
            start_us: self.now_us,
            end_us: self.now_us + seconds * S,
            repeat,
            author: "elif".into(),
            reason: "maintenance".to_owned(),
            said_by: None,
        };
        if silence.occurrences(self.now_us, 1).is_empty() {
            return;
        }
        self.command(&id.into(), Command::Add(Box::new(silence.clone())));
        self.config.silences.push(Quiet::new(silence).unwrap());
    }

    /// Ends a silence, and has the alerts it holds back looked at, as a node does.
    fn expire(&mut self, id: &str) {
        self.command(&id.into(), Command::Expire { by: "elif".into() });
        self.config.silences.retain(|quiet| quiet.silence.id.as_str() != id);
        for (timer, stream) in self.waiting() {
            if timer.name == alert::SILENCE {
                let command = decurion_core::decide::timer_command(&stream, &timer, None).unwrap();
                self.run(&Actor::System, &stream, &command).unwrap();
            }
        }
    }

    fn alerts(&self) -> Vec<&alert::Alert> {
        let alerts = self.streams.values().filter_map(|loaded| match &loaded.state {
            State::Alert(state) => state.last.as_ref(),
            _ => None,
        });
        alerts.collect()
    }
}

#[test]
fn a_silenced_alert_pages_nobody_until_the_silence_ends() {
    let mut world = World::new();
    world.silence("sil_1", &[equal("dedup_key", "disk")], 600);
    let said = world.signal(Action::Trigger, "disk", AlertSeverity::Error);
    assert_eq!((said.incident, said.effect), (None, SignalEffect::Opened));
    let said = world.signal(Action::Trigger, "disk", AlertSeverity::Error);
    assert_eq!((said.incident, said.effect), (None, SignalEffect::Repeated), "counted");
    world.open("other");
    assert_eq!(world.incidents().len(), 1, "what it is not about is raised");
    world.wait(599);
    assert_eq!(world.alerts().iter().filter(|alert| alert.is_held()).count(), 1);
    world.wait(1);
    let raised = world.alerts().into_iter().find(|alert| alert.opened.event.dedup_key == "disk").unwrap();
    assert!(!raised.is_held());
    let incident = raised.opened.incident.clone().unwrap();
    assert!(world.incident(&incident).open_pages().next().is_some(), "somebody is paged");
    let said = world.signal(Action::Resolve, "disk", AlertSeverity::Error);
    assert_eq!(said.incident, Some(incident));
}

#[test]
fn what_ends_under_a_silence_is_over_and_its_next_alert_is_held_back_again() {
    let mut world = World::new();
    world.silence("sil_1", &[equal("dedup_key", "disk")], 600);
    for _ in 0..2 {
        world.signal(Action::Trigger, "disk", AlertSeverity::Error);
        let acknowledged = world.signal(Action::Acknowledge, "disk", AlertSeverity::Error);
        assert_eq!((acknowledged.incident, acknowledged.effect), (None, SignalEffect::Acknowledged));
        assert_eq!(
            world.signal(Action::Resolve, "disk", AlertSeverity::Error).effect,
            SignalEffect::Resolved
        );
    }
    world.wait(700);
    assert_eq!(world.incidents(), []);
    assert_eq!(world.alerts()[0].held.as_ref().unwrap().silence.as_str(), "sil_1", "what did it stays");
    assert!(world.waiting().is_empty());
}

#[test]
fn an_alert_that_gets_too_bad_for_its_silence_is_raised_at_once() {
    let mut world = World::new();
    world.silence("sil_1", &[equal("dedup_key", "disk"), equal("severity", "warning")], 600);
    world.signal(Action::Trigger, "disk", AlertSeverity::Warning);
    let said = world.signal(Action::Trigger, "disk", AlertSeverity::Critical);
    assert_eq!(said.effect, SignalEffect::Worsened);
    let incident = said.incident.unwrap();
    assert_eq!(world.open_incidents(), [incident]);
    assert!(!world.paged().is_empty());
}

#[test]
fn an_acknowledgement_under_a_silence_answers_no_page() {
    let mut world = World::new();
    world.silence("sil_1", &[equal("dedup_key", "disk")], 600);
    world.signal(Action::Trigger, "disk", AlertSeverity::Error);
    world.signal(Action::Acknowledge, "disk", AlertSeverity::Error);
    world.wait(600);
    assert!(!world.alerts()[0].acknowledged);
    assert!(!world.paged().is_empty());
    let said = world.signal(Action::Acknowledge, "disk", AlertSeverity::Error);
    assert!(world.incident(&said.incident.unwrap()).holder.is_some(), "now it does");
}

#[test]
fn another_silence_goes_on_where_one_ends() {
    let mut world = World::new();
    world.silence("sil_1", &[equal("dedup_key", "disk")], 600);
    world.signal(Action::Trigger, "disk", AlertSeverity::Error);
    world.silence("sil_2", &[equal("dedup_key", "disk")], 900);
    world.wait(700);
    assert_eq!(world.alerts()[0].held.as_ref().unwrap().silence.as_str(), "sil_2");
    assert_eq!(world.incidents(), []);
    world.expire("sil_2");
    assert_eq!(world.open_incidents().len(), 1, "at once, as nothing silences it");
}

#[test]
fn an_open_incident_stays_as_it_is() {
    let mut world = World::new();
    let incident = world.open("disk");
    world.silence("sil_1", &[equal("dedup_key", "disk")], 600);
    let paged = world.paged();
    let said = world.signal(Action::Trigger, "disk", AlertSeverity::Error);
    assert_eq!((said.incident, said.effect), (Some(incident), SignalEffect::Repeated));
    assert_eq!(world.paged(), paged);
    assert!(!paged.is_empty());
}

#[test]
fn a_silence_ends_once() {
    let mut world = World::new();
    world.silence("sil_1", &[equal("dedup_key", "disk")], 600);
    world.expire("sil_1");
    let expire = Command::Expire { by: "elif".into() };
    let again = world.run(&Actor::System, &StreamId::silence(&"sil_1".into()), &expire.into());
    let code = |stop| match stop {
        decurion_core::decide::Stop::Refused(refusal) => refusal.code,
        decurion_core::decide::Stop::Need(stream) => panic!("{stream}"),
    };
    assert_eq!(again.map_err(code), Err("already_over"));
}

#[derive(Debug, Clone)]
enum Step {
    Say(Action, u8, AlertSeverity, Option<i64>),
    Silence(u8, Option<AlertSeverity>, i64),
    /// Minutes until its window begins each day, and how many it lasts.
    Repeat(u8, i64, u16, u16),
    Expire(u8),
    Wait(i64),
}

fn severity() -> impl Strategy<Value = AlertSeverity> {
    prop::sample::select(vec![AlertSeverity::Critical, AlertSeverity::Error, AlertSeverity::Warning])
}

fn step() -> impl Strategy<Value = Step> {
    let action = prop::sample::select(vec![
        Action::Trigger,
        Action::Trigger,
        Action::Trigger,
        Action::Acknowledge,
        Action::Resolve,
    ]);
    prop_oneof![
        4 => (action, 0_u8..3, severity(), prop::option::of(1_i64..900))
            .prop_map(|(action, key, severity, ends)| Step::Say(action, key, severity, ends)),
        2 => (0_u8..3, prop::option::of(severity()), 1_i64..900)
            .prop_map(|(key, severity, seconds)| Step::Silence(key, severity, seconds)),
        1 => (0_u8..3, 60_i64..2_000, 0_u16..10, 1_u16..10)
            .prop_map(|(key, seconds, ahead, minutes)| Step::Repeat(key, seconds, ahead, minutes)),
        1 => any::<u8>().prop_map(Step::Expire),
        2 => (0_i64..600).prop_map(Step::Wait),
    ]
}

/// Each day from that many minutes after an instant's minute.
fn daily(now_us: i64, ahead: u16, minutes: u16) -> Repeat {
    let minute = u16::try_from(now_us / (60 * S) % 1_440).unwrap() + ahead;
    let time = |minute: u16| TimeOfDay::new(minute % 1_440 / 60, minute % 60).unwrap();
    let (start, end) = (time(minute), time(minute + minutes));
    Repeat { zone: "UTC".to_owned(), windows: vec![Window { days: Vec::new(), start, end, end_day: None }] }
}

fn run(world: &mut World, place: usize, step: &Step) {
    match step {
        Step::Say(action, key, severity, ends_s) => {
            let expires_at_us = ends_s.map(|seconds| world.now_us + seconds * S);
            let key = format!("k{key}");
            world.event(Event { action: *action, severity: *severity, expires_at_us, ..event(&key) });
        }
        Step::Silence(key, severity, seconds) => {
            let mut matchers = vec![equal("dedup_key", &format!("k{key}"))];
            matchers.extend(severity.map(|severity| equal("severity", severity.as_str())));
            world.silence(&format!("sil_{place}"), &matchers, *seconds);
        }
        Step::Repeat(key, seconds, ahead, minutes) => {
            let repeat = daily(world.now_us, *ahead, *minutes);
            let matchers = [equal("dedup_key", &format!("k{key}"))];
            world.repeat(&format!("sil_{place}"), &matchers, *seconds, Some(repeat));
        }
        Step::Expire(which) => {
            let now_us = world.now_us;
            let active: Vec<String> = world
                .config
                .silences
                .iter()
                .filter(|quiet| quiet.is_active(now_us))
                .map(|quiet| quiet.silence.id.to_string())
                .collect();
            if let Some(id) = active.get(usize::from(*which) % active.len().max(1)) {
                world.expire(id);
            }
        }
        Step::Wait(seconds) => world.wait(*seconds),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// An alert under a silence ends, or is raised: there is no third way.
    #[test]
    fn an_alert_under_a_silence_is_never_lost(steps in prop::collection::vec(step(), 1..40)) {
        let mut world = World::new();
        for (place, step) in steps.iter().enumerate() {
            run(&mut world, place, step);
            let now_us = world.now_us;
            for alert in world.alerts().into_iter().filter(|alert| alert.resolved.is_none()) {
                let held = alert.held.as_ref().is_some_and(|held| held.until.due_us > now_us);
                prop_assert_eq!(held, alert.opened.incident.is_none(), "{:?}", alert);
            }
        }
        world.wait(2_100);
        for alert in world.alerts() {
            let raised = alert.opened.incident.as_ref();
            prop_assert!(raised.is_some() || alert.resolved.is_some(), "{:?} is lost", alert);
            prop_assert!(raised.is_none_or(|id| world.incident(id).exists()), "{:?} has no incident", alert);
        }
    }
}

#[test]
fn there_are_not_more_silences_than_every_alert_can_be_compared_with() {
    use decurion_core::silence::MOST_SILENCES;
    let mut world = World::new();
    let matchers = [equal("dedup_key", "disk")];
    for place in 0..MOST_SILENCES {
        world.silence(&format!("sil_{place}"), &matchers, 600);
    }
    let mut more = world.config.silences[0].silence.clone();
    more.id = "sil_more".into();
    let command: decurion_core::decide::Command = Command::Add(Box::new(more)).into();
    let refused = world.run(&Actor::System, &StreamId::silence(&"sil_more".into()), &command);
    assert!(
        matches!(&refused, Err(decurion_core::decide::Stop::Refused(refusal)) if refusal.code == "too_many_silences"),
        "{refused:?}"
    );
    world.wait(600);
    world.silence("sil_later", &matchers, 600);
}

#[test]
fn a_maintenance_window_holds_back_each_time_it_comes_and_what_is_open_at_its_end_is_raised() {
    let mut world = World::new();
    world.now_us -= world.now_us % (60 * S);
    let repeat = daily(world.now_us, 1, 5);
    world.repeat("sil_1", &[equal("dedup_key", "disk")], 3 * 86_400, Some(repeat));
    world.open("disk");
    assert_eq!(world.incidents().len(), 1, "it holds later");
    world.signal(Action::Resolve, "disk", AlertSeverity::Error);
    for day in 1..=2 {
        world.wait(60);
        let said = world.signal(Action::Trigger, "disk", AlertSeverity::Error);
        assert_eq!(said.incident, None, "day {day}");
        world.wait(299);
        assert_eq!(world.incidents().len(), day);
        world.wait(1);
        assert_eq!(world.incidents().len(), day + 1, "day {day}");
        world.signal(Action::Resolve, "disk", AlertSeverity::Error);
        world.wait(86_400 - 360);
    }
}
