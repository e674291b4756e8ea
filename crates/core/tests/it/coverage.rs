//! The proof of coverage against a reference that looks at every minute and takes everybody away in turn.

use std::fmt::Write as _;

use decurion_core::config::Config;
use decurion_core::coverage::{self, CoverageFinding};
use decurion_core::escalation::{Level, LevelPolicy, Target};
use decurion_core::id::{PersonId, ScheduleId};
use decurion_core::oncall;
use decurion_core::pack::{self, Files};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use proptest::sample::select;

const PEOPLE: [&str; 6] = ["a", "b", "c", "d", "e", "f"];
const ROLES: [&str; 2] = ["r", "s"];
const SCHEDULES: [&str; 2] = ["x", "y"];
/// How many minutes are compared, from three hours before clocks go back.
const MINUTES: i64 = 7 * 60;

/// A set of people, a bit each.
type Set = u8;

fn bit(id: &PersonId) -> Set {
    PEOPLE.iter().position(|name| *name == id.as_str()).map_or(0, |place| 1 << place)
}

fn people(most: usize) -> impl Strategy<Value = Vec<&'static str>> {
    proptest::sample::subsequence(PEOPLE.to_vec(), 0..=most).prop_shuffle()
}

fn organisation() -> impl Strategy<Value = String> {
    let usable = prop::collection::vec(prop::bool::weighted(0.85), PEOPLE.len());
    let roles = prop::collection::vec((people(4), 0..3_usize), ROLES.len());
    (usable, roles).prop_map(|(usable, roles)| {
        let mut text = "kind: organisation\nname: T\nzone: Europe/Stockholm\npeople:\n".to_owned();
        for (name, usable) in PEOPLE.iter().zip(usable) {
            writeln!(
                text,
                "  - {{id: {name}, name: {name}, contacts: [{{id: m, channel: mailbox, enabled: {usable}}}]}}"
            )
            .unwrap();
        }
        text.push_str("roles:\n");
        for (role, (names, holders)) in ROLES.iter().zip(roles) {
            let (holders, deputies) = names.split_at(holders.min(names.len()));
            let (holders, deputies) = (holders.join(", "), deputies.join(", "));
            writeln!(text, "  - {{id: {role}, name: {role}, holders: [{holders}], deputies: [{deputies}]}}")
                .unwrap();
        }
        text
    })
}

fn schedule(id: &'static str) -> impl Strategy<Value = String> {
    let window = prop::option::of((0..24_u8, select(vec![0_u8, 7, 30]), 0..24_u8));
    let layer = (people(3), window, 1..9_u8, 0..2_u8);
    prop::collection::vec(layer, 1..3).prop_map(move |layers| {
        let mut text = format!("kind: schedule\nid: {id}\nname: {id}\nzone: Europe/Stockholm\nlayers:\n");
        for (index, (names, window, every, priority)) in layers.into_iter().enumerate() {
            let names = if names.is_empty() { "NOBODY".to_owned() } else { names.join(", ") };
            let active = window.map_or_else(String::new, |(start, minute, end)| {
                format!("active: [{{start: '{start:02}:{minute:02}', end: '{end:02}:00'}}], ")
            });
            writeln!(
                text,
                "  - {{name: l{index}, priority: {priority}, {active}rotation: {{unit: hourly, every: {every}, \
                 start: 2026-01-05T00:00:00, participants: [{names}]}}}}"
            )
            .unwrap();
        }
        text
    })
}

fn target() -> impl Strategy<Value = String> {
    prop_oneof![
        2 => select(SCHEDULES.to_vec()).prop_map(|id| format!("{{schedule: {id}}}")),
        2 => select(ROLES.to_vec()).prop_map(|id| format!("{{role: {id}}}")),
        1 => select(PEOPLE.to_vec()).prop_map(|id| format!("{{person: {id}}}")),
        1 => (select(ROLES.to_vec()), 1..3_u8).prop_map(|(id, place)| format!("{{deputy: {id}, place: {place}}}")),
    ]
}

fn ladder() -> impl Strategy<Value = String> {
    let step = prop::collection::vec(target(), 1..3);
    let level = prop::collection::vec(step, 1..3);
    prop::collection::vec(level, 4).prop_map(|levels| {
        let mut text =
            "kind: escalation\nname: escalation\nrepeat_after: 10m\nlower_within: 30m\nlevels:\n".to_owned();
        for (name, steps) in ["L1", "L2", "L3", "executive"].iter().zip(levels) {
            writeln!(
                text,
                "  {name}:\n    answer: any\n    ack_timeout: 1h\n    owner: [{{person: a}}]\n    steps:"
            )
            .unwrap();
            for step in steps {
                writeln!(text, "      - {{page: [{}], timeout: 5m}}", step.join(", ")).unwrap();
            }
        }
        text
    })
}

/// A small organisation; those whose deputies do not exist are none.
fn config() -> impl Strategy<Value = Config> {
    (organisation(), schedule("x"), schedule("y"), ladder()).prop_filter_map(
        "a deputy that nobody is",
        |(organisation, x, y, ladder)| {
            let text = [organisation, x, y, ladder].join("---\n");
            let report = pack::check(&Files::from([("all.yaml".to_owned(), text.clone())]), from());
            let wrong: Vec<_> = report.errors().filter(|e| !e.message.contains("deput")).collect();
            assert!(wrong.is_empty(), "{wrong:#?}\n{text}");
            report.config
        },
    )
}

fn from() -> Timestamp {
    "2026-10-24T22:00:00Z".parse().unwrap()
}

/// The organisation at one minute.
struct Minute<'a> {
    config: &'a Config,
    /// Who is on call in each schedule.
    on_call: [Set; 2],
    /// Everybody who takes turns in each schedule.
    pools: [Set; 2],
    usable: Set,
}

impl Minute<'_> {
    fn line(id: &ScheduleId) -> usize {
        usize::from(id.as_str() == SCHEDULES[1])
    }

    /// Whom targets reach with people away, and whether a cover is reached.
    fn reach(&self, targets: &[Target], away: Set, covered: bool) -> (Set, bool) {
        let roles = &self.config.organisation.roles;
        let (mut reached, mut cover) = (0, false);
        for target in targets {
            match target {
                Target::Person(id) => reached |= bit(id) & !away,
                Target::Role(id) => {
                    let role = &roles[id];
                    let mut taken: Set = role.holders.iter().map(bit).fold(away, |all, one| all | one);
                    for holder in role.holders.iter().map(bit) {
                        let next = role.deputies.iter().map(bit).find(|deputy| deputy & taken == 0);
                        let person = if holder & away == 0 { holder } else { next.unwrap_or(0) };
                        taken |= person;
                        reached |= person;
                    }
                }
                Target::Deputy { role, place } => {
                    let deputies = roles[role].deputies[place - 1..].iter().map(bit);
                    reached |= deputies.into_iter().find(|deputy| deputy & away == 0).unwrap_or(0);
                }
                Target::Schedule(id) => {
                    let line = Self::line(id);
                    reached |= self.on_call[line] & !away;
                    let free = self.pools[line] & !self.on_call[line] & !away & self.usable;
                    cover |= covered && self.on_call[line] & away != 0 && free != 0;
                }
            }
        }
        (reached & self.usable, cover)
    }

    fn level(&self, level: &LevelPolicy, away: Set, covered: bool) -> (Set, bool) {
        let all: Vec<Target> = level.steps.iter().flat_map(|step| step.page.clone()).collect();
        self.reach(&all, away, covered)
    }

    fn breaks(&self, level: &LevelPolicy, below: Option<&LevelPolicy>, away: Set, covered: bool) -> bool {
        let (left, cover) = self.level(level, away, covered);
        let silent = below.map(|below| self.level(below, away, covered).0);
        !cover && (left == 0 || silent.is_some_and(|silent| left & !silent == 0))
    }

    /// The rules that one level breaks.
    fn broken(&self, level: &LevelPolicy, below: Option<&LevelPolicy>) -> Vec<&'static str> {
        let (reached, _) = self.level(level, 0, false);
        if reached == 0 {
            return vec![coverage::LEVEL];
        }
        let mut broken = Vec::new();
        if level.steps.iter().any(|step| self.reach(&step.page, 0, false).0 == 0) {
            broken.push(coverage::STEP);
        }
        if self.breaks(level, below, 0, false) {
            broken.push(coverage::SAME);
            return broken;
        }
        let everybody: Vec<Set> = (0..PEOPLE.len()).map(|place| 1 << place).collect();
        let (alone, others): (Vec<Set>, Vec<Set>) =
            everybody.into_iter().partition(|person| self.breaks(level, below, *person, false));
        if !alone.is_empty() {
            broken.push(coverage::ONE_AWAY);
        }
        let mut pairs = others.iter().flat_map(|a| others.iter().filter(move |b| a < *b).map(move |b| a | b));
        if pairs.any(|pair| self.breaks(level, below, pair, true)) {
            broken.push(coverage::TWO_AWAY);
        }
        broken
    }
}

fn minute(config: &Config, at: Timestamp, pools: [Set; 2]) -> Minute<'_> {
    let on_call = SCHEDULES.map(|id| {
        let now = oncall::on_call(&config.schedules[&id.into()], &[], at);
        now.people.iter().map(bit).fold(0, |all, one| all | one)
    });
    let people = config.organisation.people.values().filter(|person| !person.plan().is_empty());
    let usable = people.map(|person| bit(&person.id)).fold(0, |all, one| all | one);
    Minute { config, on_call, pools, usable }
}

/// Everybody who takes a turn, from a week before on.
fn pools(config: &Config, to: Timestamp) -> [Set; 2] {
    let first = from() - SignedDuration::from_hours(8 * 24);
    SCHEDULES.map(|id| {
        let shifts = oncall::shifts(&config.schedules[&id.into()], &[], first, to);
        shifts.iter().flat_map(|shift| &shift.people).map(bit).fold(0, |all, one| all | one)
    })
}

fn says(finding: &CoverageFinding, level: Level, rule: &str, at: Timestamp) -> bool {
    let within = |start: Timestamp, end: Timestamp| start <= at && at < end;
    finding.rule == rule
        && finding.level == Some(level)
        && if finding.spans.is_empty() {
            within(finding.start, finding.end)
        } else {
            finding.spans.iter().any(|span| within(span.start, span.end))
        }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10, ..ProptestConfig::default() })]

    #[test]
    fn the_check_says_what_a_look_at_every_minute_says(config in config()) {
        let findings = coverage::check(&config, from(), 1);
        let pools = pools(&config, from() + SignedDuration::from_hours(24));
        for passed in 0..MINUTES {
            let at = from() + SignedDuration::from_mins(passed);
            let minute = minute(&config, at, pools);
            let mut below = None;
            for (level, rungs) in &config.policies["escalation"].levels {
                let expected = minute.broken(rungs, below);
                for rule in [coverage::LEVEL, coverage::STEP, coverage::SAME, coverage::ONE_AWAY, coverage::TWO_AWAY] {
                    let said = findings.iter().any(|finding| says(finding, *level, rule, at));
                    prop_assert_eq!(said, expected.contains(&rule), "{} at {} of {}: {:#?}", rule, at, level, findings);
                }
                below = Some(rungs);
            }
        }
    }
}
