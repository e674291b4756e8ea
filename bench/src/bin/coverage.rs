//! How long the proof of coverage of 90 days takes: for `packs/ten`, and for 1,000 schedules and 200 policies.
//!
//! `cargo run --release -p decurion-bench --bin coverage`

use std::fmt::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use decurion_core::config::Config;
use decurion_core::coverage::{self, DAYS};
use decurion_core::pack::{self, Files};
use jiff::Timestamp;

const SCHEDULES: usize = 1_000;
const POLICIES: usize = 200;
const ROLES: usize = 400;
const PEOPLE: usize = 2_000;

fn main() -> anyhow::Result<()> {
    let from: Timestamp = "2026-09-01T00:00:00Z".parse()?;
    let ten = pack::compile_again(&ten()?).context("packs/ten does not compile")?;
    let large = pack::compile_again(&large()?).context("the large organisation does not compile")?;
    report("packs/ten", &ten, from, 20);
    report("1,000 schedules, 200 policies", &large, from, 3);
    Ok(())
}

#[expect(clippy::print_stdout, reason = "it is what a benchmark is for")]
fn report(name: &str, config: &Config, from: Timestamp, runs: usize) {
    let (mut times, mut findings) = (Vec::new(), 0);
    for _ in 0..runs {
        let begun = Instant::now();
        findings = coverage::check(config, from, DAYS).len();
        times.push(begun.elapsed());
    }
    times.sort_unstable();
    let median = times.get(runs / 2).copied().unwrap_or(Duration::ZERO);
    let worst = times.last().copied().unwrap_or(Duration::ZERO);
    println!(
        "{name}: {DAYS} days in {median:.1?} (median of {runs}, worst {worst:.1?}), {findings} findings"
    );
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
