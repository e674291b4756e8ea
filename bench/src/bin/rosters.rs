//! What is decided from rosters alone, as rows of a Markdown table: the proof of coverage of 90 days for `packs/ten`
//! and for 1,000 schedules with 200 policies, who is on call at an instant, and the longest time to a human over
//! every instant of 90 days.
//!
//! `cargo run --release -p decurion-bench --bin rosters`

use std::fmt::Write as _;
use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use decurion_core::config::Config;
use decurion_core::coverage::{self, DAYS};
use decurion_core::oncall::{self, Roster};
use decurion_core::pack::{self, Files};
use decurion_core::whatif::{self, Assumptions, Case, WhatIf};
use jiff::{SignedDuration, Timestamp};

const SCHEDULES: usize = 1_000;
const POLICIES: usize = 200;
const ROLES: usize = 400;
const PEOPLE: usize = 2_000;
/// Instants asked for, an hour apart.
const HOURS: u32 = 2_160;

fn main() -> anyhow::Result<()> {
    let from: Timestamp = "2026-09-01T00:00:00Z".parse()?;
    let ten = pack::compile_again(&ten()?).context("packs/ten does not compile")?;
    let large = pack::compile_again(&large()?).context("the large organisation does not compile")?;
    let checked = |config: &Config| coverage::check(config, from, DAYS).len();
    report("proof of coverage, 90 days, `packs/ten`", 20, || checked(&ten));
    report("proof of coverage, 90 days, 1,000 schedules and 200 policies", 3, || checked(&large));
    on_call(&ten, from)?;
    sweeps(&ten, from)
}

/// Who is on call in the first schedule, asked as a page asks, and from a roster that is kept.
fn on_call(config: &Config, from: Timestamp) -> anyhow::Result<()> {
    let schedule = config.schedules.values().next().context("packs/ten has no schedule")?;
    let instants = || (0..HOURS).map(|hour| from + SignedDuration::from_hours(i64::from(hour)));
    let each =
        || instants().map(|at| black_box(oncall::on_call(schedule, &[], at)).people.len()).sum::<usize>();
    report_each("who is on call at an instant, as a page asks", HOURS, each);
    let roster = Roster::new(schedule);
    let kept = || instants().map(|at| black_box(roster.on_call(&[], at)).people.len()).sum::<usize>();
    report_each("who is on call at an instant, from a roster that is kept", HOURS, kept);
    Ok(())
}

/// The longest time to a human, when everybody answers and when whoever is on call at L1 does not.
fn sweeps(config: &Config, from: Timestamp) -> anyhow::Result<()> {
    let case = Case::default();
    let end = from + SignedDuration::from_hours(24 * whatif::DAYS);
    let first = config.schedules.values().next().context("packs/ten has no schedule")?;
    let silent = Roster::new(first).on_call(&[], from).people.into_iter().collect();
    for (name, assumptions) in [
        ("what if, every instant of 90 days, everybody answers", Assumptions::default()),
        (
            "what if, every instant of 90 days, one person silent",
            Assumptions { silent, ..Assumptions::default() },
        ),
    ] {
        let whatif = WhatIf::new(config, &case, &assumptions)?;
        report(name, 5, || whatif.sweep(from.as_microsecond(), end.as_microsecond()).pieces.len());
    }
    Ok(())
}

fn median_of<T>(runs: u32, mut run: impl FnMut() -> T) -> Duration {
    let mut times: Vec<Duration> = (0..runs)
        .map(|_| {
            let begun = Instant::now();
            black_box(run());
            begun.elapsed()
        })
        .collect();
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

#[expect(clippy::print_stdout, reason = "it is what a benchmark is for")]
fn report<T>(name: &str, runs: u32, run: impl FnMut() -> T) {
    println!("| {name} | {:.1?} |", median_of(runs, run));
}

/// The same for a run that does many of it.
#[expect(clippy::print_stdout, reason = "it is what a benchmark is for")]
fn report_each<T>(name: &str, many: u32, run: impl FnMut() -> T) {
    println!("| {name} | {:.1?} |", median_of(20, run) / many);
}

/// The files of packs/ten.
fn ten() -> anyhow::Result<Files> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../packs/ten");
    let names = [
        "organisation.yaml",
        "roles.yaml",
        "routing.yaml",
        "integrations.yaml",
        "escalation/escalation.yaml",
        "schedules/l1.yaml",
        "schedules/l1-second.yaml",
    ];
    names.iter().map(|name| Ok(((*name).to_owned(), std::fs::read_to_string(root.join(name))?))).collect()
}

/// Each policy pages five schedules of its own and four roles.
fn large() -> anyhow::Result<Files> {
    let mut files = Files::new();
    files.insert("organisation.yaml".to_owned(), organisation()?);
    for chunk in 0..SCHEDULES / 50 {
        let all: Result<Vec<String>, _> = (chunk * 50..(chunk + 1) * 50).map(schedule).collect();
        files.insert(format!("schedules-{chunk}.yaml"), all?.join("---\n"));
    }
    let policies: Result<Vec<String>, _> = (0..POLICIES).map(policy).collect();
    files.insert("escalation.yaml".to_owned(), policies?.join("---\n"));
    Ok(files)
}

fn organisation() -> Result<String, std::fmt::Error> {
    let mut text = "kind: organisation\nname: Large\nzone: Europe/Stockholm\npeople:\n".to_owned();
    for n in 0..PEOPLE {
        writeln!(
            text,
            "  - {{id: p{n}, name: P {n}, certified: [l1], contacts: [{{id: m, channel: mailbox}}]}}"
        )?;
    }
    text.push_str("roles:\n");
    for n in 0..ROLES {
        let person = |k: usize| (n * 5 + k) % PEOPLE;
        let (holder, first, second) = (person(0), person(1), person(2));
        writeln!(
            text,
            "  - {{id: r{n}, name: R {n}, holders: [p{holder}], deputies: [p{first}, p{second}]}}"
        )?;
    }
    Ok(text)
}

/// Weekday days by the week, nights by the day, weekends by the day; seven people.
fn schedule(n: usize) -> Result<String, std::fmt::Error> {
    let mut text = format!(
        "kind: schedule\nid: s{n}\nname: S {n}\nzone: {}\nrequires: [l1]\nlayers:\n",
        ["Europe/Stockholm", "America/New_York", "Asia/Tokyo", "UTC"][n % 4]
    );
    let people: Vec<String> = (0..7).map(|k| format!("p{}", (n * 2 + k * 11) % PEOPLE)).collect();
    let people = people.join(", ");
    let layers = [
        (
            "days",
            "{days: [mon, tue, wed, thu, fri], start: '08:00', end: '16:00'}",
            "unit: weekly, start: 2026-01-05T08:00:00",
        ),
        (
            "nights",
            "{days: [mon, tue, wed, thu, fri], start: '16:00', end: '08:00'}",
            "unit: daily, advance: active, start: 2026-01-05T16:00:00",
        ),
        (
            "weekends",
            "{days: [sat, sun], start: '08:00', end: '08:00'}",
            "unit: daily, advance: active, start: 2026-01-10T08:00:00",
        ),
    ];
    for (name, active, rotation) in layers {
        writeln!(
            text,
            "  - {{name: {name}, active: [{active}], rotation: {{{rotation}, participants: [{people}]}}}}"
        )?;
    }
    Ok(text)
}

fn policy(n: usize) -> Result<String, std::fmt::Error> {
    let name = if n == 0 { "escalation".to_owned() } else { format!("policy-{n}") };
    let mut text = format!("kind: escalation\nname: {name}\nrepeat_after: 10m\nlower_within: 30m\nlevels:\n");
    let (schedule, role) = (|k: usize| n * 5 + k, |k: usize| (n * 2 + k * 7) % ROLES);
    let levels = [
        ("L1", [format!("{{schedule: s{}}}", schedule(0)), format!("{{schedule: s{}}}", schedule(1))]),
        ("L2", [format!("{{schedule: s{}}}", schedule(2)), format!("{{role: r{}}}", role(0))]),
        ("L3", [format!("{{role: r{}}}", role(1)), format!("{{schedule: s{}}}", schedule(3))]),
        ("executive", [format!("{{role: r{}}}", role(2)), format!("{{schedule: s{}}}", schedule(4))]),
    ];
    for (level, [first, second]) in levels {
        writeln!(
            text,
            "  {level}:\n    answer: any\n    ack_timeout: 1h\n    owner: [{{role: r{}}}]\n    steps:\n      \
             - {{page: [{first}], timeout: 5m}}\n      - {{page: [{second}], timeout: 5m}}",
            role(0)
        )?;
    }
    Ok(text)
}
