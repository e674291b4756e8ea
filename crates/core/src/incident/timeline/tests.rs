#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

use std::collections::BTreeMap;

use super::{Narrator, brief};
use crate::access::{AccountRole, Actor};
use crate::config::Config;
use crate::decide::{self, Context, Loaded};
use crate::escalation::{Answer, Level, LevelPolicy, Policy, Step, Target};
use crate::id::IncidentId;
use crate::incident::{self, Classification, Disposition, Open, Severity};
use crate::journal::{Entry, StreamId};
use crate::org::{Channel, Contact, Person};
use crate::record::Record;

const START_US: i64 = 1_792_000_000_000_000;

fn person(id: &str, name: &str) -> Person {
    let contact =
        Contact { id: "mailbox".into(), channel: Channel::Mailbox, address: String::new(), enabled: true };
    Person {
        id: id.into(),
        name: name.to_owned(),
        email: None,
        zone: "Europe/Stockholm".to_owned(),
        team: None,
        title: None,
        holidays: None,
        external: false,
        certified: Vec::new(),
        contacts: vec![contact],
        rules: Vec::new(),
    }
}

fn level(people: &[&str]) -> LevelPolicy {
    let page: Vec<Target> = people.iter().map(|id| Target::Person((*id).into())).collect();
    LevelPolicy {
        owner: page.clone(),
        when: Vec::new(),
        steps: vec![Step { page, timeout_s: 300, round_robin: false }],
        tell: Vec::new(),
        answer: Answer::Any,
        ack_timeout_s: 3_600,
        time_box: None,
    }
}

fn config() -> Config {
    let mut config = Config::default();
    config.organisation.zone = "Europe/Stockholm".to_owned();
    for (id, name) in [("elif", "Elif Aydın"), ("mara", "Mara Lindqvist"), ("tomasz", "Tomasz Zieliński")] {
        config.organisation.people.insert(id.into(), person(id, name));
    }
    let policy = Policy {
        name: Config::DEFAULT_POLICY.to_owned(),
        levels: BTreeMap::from([(Level::L1, level(&["elif"])), (Level::L2, level(&["mara", "tomasz"]))]),
        repeat_after_s: 600,
        lower_within_s: 1_800,
        facts: BTreeMap::new(),
    };
    config.policies.insert(policy.name.clone(), policy.into());
    config
}

/// Runs commands and keeps what a journal would.
struct Play {
    config: Config,
    streams: BTreeMap<StreamId, Loaded>,
    entries: Vec<Entry>,
    incident: StreamId,
    now_us: i64,
}

impl Play {
    fn new() -> Self {
        let incident = StreamId::incident(&IncidentId::from("inc_1"));
        let (streams, entries) = (BTreeMap::new(), Vec::new());
        let mut play = Self { config: config(), streams, entries, incident, now_us: START_US };
        let open = Open {
            incident: "inc_1".into(),
            title: "Instance credentials used outside AWS".to_owned(),
            description: Some("Role payments-export-task called S3 from 203.0.113.77".to_owned()),
            severity: Severity::Sev3,
            customer_facing: false,
            company_wide: false,
            policy: None,
            grouping: None,
            labels: BTreeMap::new(),
            source: "i-0a1b7c9de2f4".to_owned(),
            integration: Some("GuardDuty".to_owned()),
            auto_resolve: false,
            alert: None,
        };
        play.run(&Actor::System, incident::Command::Open(Box::new(open)));
        play
    }

    fn run(&mut self, actor: &Actor, command: incident::Command) {
        let context = Context { now_us: self.now_us, actor, config: &self.config };
        let outcome = decide::execute(&self.streams, context, &self.incident, command.into()).unwrap();
        for placed in outcome.records {
            self.entries.push(Entry {
                seq: i64::try_from(self.entries.len()).unwrap() + 1,
                stream: placed.stream,
                version: placed.version,
                kind: placed.record.kind().to_owned(),
                at_us: self.now_us,
                actor: actor.to_string(),
                subject: placed.subject,
                payload: Some(placed.record.encode().unwrap()),
                ..Entry::default()
            });
        }
        self.streams.extend(outcome.streams);
    }

    /// Lets the next timer of the incident fire.
    fn wait(&mut self) {
        let timer = self.streams[&self.incident].state.timers().into_iter().min_by_key(|t| t.due_us).unwrap();
        self.now_us = timer.due_us;
        let command = incident::Command::TimerFired { name: timer.name, generation: timer.generation };
        self.run(&Actor::System, command);
    }

    fn sentences(&self) -> Vec<String> {
        let mut narrator = Narrator::new(&self.config);
        self.entries.iter().map(|entry| narrator.sentence(entry).text).collect()
    }
}

fn mara() -> Actor {
    Actor::Account { id: "acc_1".to_owned(), person: Some("mara".into()), role: AccountRole::Responder }
}

fn silence_then_answer() -> Play {
    let mut play = Play::new();
    play.wait();
    play.now_us += 89_000_000;
    play.run(&mara(), incident::Command::Acknowledge { via: "link" });
    let severity = Some(Severity::Sev2);
    let classification = Classification {
        severity,
        customer_facing: Some(true),
        reason: Some("seen in S3".into()),
        ..Default::default()
    };
    play.run(&mara(), incident::Command::Classify(Box::new(classification)));
    play
}

#[test]
fn a_case_reads_as_a_story_with_names() {
    let said = silence_then_answer().sentences();
    for line in [
        "Opened as sev3 from GuardDuty",
        "L1 is engaged",
        "Paged Elif Aydın at L1, step 1",
        "Elif Aydın is paged",
        "A message goes to Elif Aydın in the mailbox",
        "No answer from Elif Aydın at L1",
        "L2 is engaged",
        "Paged Mara Lindqvist and Tomasz Zieliński at L2, step 1",
        "Mara Lindqvist acknowledged and holds the case",
        "Tomasz Zieliński need not answer any more",
        "Mara Lindqvist classified the case: sev2, customer-facing",
    ] {
        assert!(said.iter().any(|text| text == line), "{line} is not said:\n{}", said.join("\n"));
    }
}

#[test]
fn details_carry_reasons_causes_and_ways() {
    let play = silence_then_answer();
    let mut narrator = Narrator::new(&play.config);
    let said: Vec<_> =
        play.entries.iter().map(|entry| (entry.kind.as_str(), narrator.sentence(entry))).collect();
    let last = |kind: &str| {
        said.iter().rev().find(|(k, _)| *k == kind).map(|(_, sentence)| sentence.clone()).unwrap()
    };
    assert_eq!(last("incident.classified").detail.as_deref(), Some("seen in S3"));
    assert_eq!(last("incident.classified").severity, Some(Severity::Sev2));
    assert_eq!(last("incident.level_engaged").detail.as_deref(), Some("nobody answered at L1"));
    assert_eq!(last("incident.acknowledged").detail.as_deref(), Some("by the signed link"));
    assert_eq!(last("page.superseded").detail.as_deref(), Some("Mara Lindqvist acknowledged"));
    assert!(last("page.answered").page.is_some());
}

#[test]
fn every_kind_of_record_has_its_sentence() {
    let play = silence_then_answer();
    let mut narrator = Narrator::new(&play.config);
    for entry in &play.entries {
        assert_ne!(narrator.sentence(entry).text, entry.kind, "no sentence for {}", entry.kind);
    }
}

#[test]
fn an_erased_or_unknown_record_still_has_a_line() {
    let config = config();
    let mut narrator = Narrator::new(&config);
    let erased = Entry { kind: "incident.noted".to_owned(), ..Entry::default() };
    assert_eq!(narrator.sentence(&erased).text, "incident.noted (its contents were erased)");
    let unknown =
        Entry { kind: "incident.sung".to_owned(), payload: Some("{}".to_owned()), ..Entry::default() };
    assert_eq!(narrator.sentence(&unknown).text, "incident.sung");
    assert!(Record::decode("incident.sung", "{}").is_err());
}

#[test]
fn the_brief_says_what_who_and_what_comes_next() {
    let mut play = silence_then_answer();
    let text = brief("INC-42", &play.entries, &play.config, play.now_us);
    for part in [
        "INC-42: Instance credentials used outside AWS",
        "Severity  sev2, customer-facing",
        "State     acknowledged; held by Mara Lindqvist (L2)",
        "L1        no answer: Elif Aydın",
        "L2        answered: Mara Lindqvist and Tomasz Zieliński",
        "the acknowledgement runs out",
        "No answer from Elif Aydın at L1",
    ] {
        assert!(text.contains(part), "`{part}` is not in:\n{text}");
    }
    play.run(&mara(), incident::Command::Resolve { disposition: Disposition::TpMalicious, reason: None });
    let text = brief("INC-42", &play.entries, &play.config, play.now_us);
    assert!(text.contains("(an attack)"), "{text}");
    assert!(text.contains("Next      nothing waits"), "{text}");
}

#[test]
fn a_long_story_keeps_to_one_page() {
    let mut play = silence_then_answer();
    for number in 0..100 {
        play.run(&mara(), incident::Command::Note { text: format!("note {number}") });
    }
    let text = brief("INC-42", &play.entries, &play.config, play.now_us);
    assert!(text.lines().count() < 40, "{} lines", text.lines().count());
    assert!(text.contains("earlier entries are in the timeline"));
}
