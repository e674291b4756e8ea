//! What the page says, before it is HTML.

use decurion_core::config::Config;
use decurion_core::incident::view::name;
use decurion_engine::LinkClaim;
use decurion_store::{IncidentRow, PageRow};
use jiff::tz::TimeZone;

use crate::incident::{Incident, IncidentStatus, Lamp, with_name};
use crate::link::time;
use crate::problem::ApiResult;
use crate::state::ApiState;
use crate::words::{Level, Severity};

/// Everything on the page.
pub(super) struct View {
    pub severity: Severity,
    pub reference: String,
    pub title: String,
    pub description: Option<String>,
    pub opened: String,
    pub banner: Option<Banner>,
    /// Label and text.
    pub facts: Vec<(&'static str, String)>,
    pub lamps: Vec<LampLine>,
    pub countdown: Option<Countdown>,
    /// There is a button.
    pub takes_answer: bool,
    pub person: String,
    pub ends: String,
    pub now_us: i64,
    pub speed: f64,
}

/// What became of the page, on top.
pub(super) struct Banner {
    pub good: bool,
    pub title: String,
    pub text: String,
}

/// One level.
pub(super) struct LampLine {
    pub lamp: Lamp,
    pub label: &'static str,
    pub people: String,
    pub state: String,
}

/// What happens next if nobody acts.
pub(super) struct Countdown {
    pub lead: &'static str,
    pub due_us: i64,
    pub left: String,
    pub at: String,
    pub text: String,
    /// Of the time from the decision to the deadline, what is left, in per cent.
    pub left_percent: i64,
}

/// Whether the page still waits for its person.
pub(super) fn takes_answer(page: &PageRow, incident: &IncidentRow) -> bool {
    page.kind == "page" && page.status == "open" && incident.status != "resolved"
}

/// What the page says now.
pub(super) fn view(
    state: &ApiState,
    claim: &LinkClaim,
    page: &PageRow,
    row: &IncidentRow,
) -> ApiResult<View> {
    let config = state.engine.config();
    let now_us = state.engine.now_us();
    let person = config.organisation.people.get(&claim.person);
    let zone_name = person.map_or(config.organisation.zone.as_str(), |person| person.zone.as_str());
    let zone = TimeZone::get(zone_name).unwrap_or(TimeZone::UTC);
    let incident = Incident::of(row.clone())?;
    let takes_answer = takes_answer(page, row);
    let moments = Moments { now_us, zone };
    Ok(View {
        banner: if takes_answer { None } else { banner(page, &incident, &config, &moments) },
        facts: if takes_answer { facts(page, &incident, &moments) } else { Vec::new() },
        lamps: if takes_answer { Vec::new() } else { lamps(&incident, claim.person.as_str(), &moments) },
        countdown: countdown(page, &incident, takes_answer, &moments),
        opened: moments.at(incident.opened_us),
        severity: incident.severity,
        reference: incident.reference,
        title: incident.title,
        description: incident.view.description,
        takes_answer,
        person: name(&config, &claim.person),
        ends: moments.at(claim.expires_us),
        now_us,
        speed: state.engine.clock().speed(),
    })
}

struct Moments {
    now_us: i64,
    zone: TimeZone,
}

impl Moments {
    fn at(&self, at_us: i64) -> String {
        time::instant(at_us, self.now_us, &self.zone)
    }
}

/// What became of a page that takes no answer any more.
fn banner(page: &PageRow, incident: &Incident, config: &Config, moments: &Moments) -> Option<Banner> {
    let at = page.closed_us.map(|at_us| moments.at(at_us)).unwrap_or_default();
    let banner = |good, title: &str, text: String| Some(Banner { good, title: title.to_owned(), text });
    if page.status == "answered" {
        let after = page.closed_us.map(|at_us| time::span(at_us - page.decided_us)).unwrap_or_default();
        return banner(true, "Acknowledged, it is yours", format!("{at}, after {after}"));
    }
    if incident.status == IncidentStatus::Resolved {
        let at = incident.resolved_us.map(|at_us| moments.at(at_us)).unwrap_or_default();
        return banner(true, "The incident is resolved", format!("{at}. No answer is needed."));
    }
    match page.status.as_str() {
        "superseded" => {
            let why = page.closed_by.as_deref().map(|by| with_name(by, config));
            let why = why.unwrap_or_else(|| "somebody else has it".to_owned());
            let holder = incident
                .view
                .holder
                .as_ref()
                .map(|holder| format!("{} holds it since {}.", holder.name, moments.at(holder.since_us)));
            banner(
                true,
                "No answer is needed any more",
                format!("{at}: {why}. {}", holder.unwrap_or_default()),
            )
        }
        "given_up" => {
            banner(false, "This page ended without an answer", format!("{at}: no contact method worked."))
        }
        _ => banner(true, "For your information", "No answer is expected from you.".to_owned()),
    }
}

fn facts(page: &PageRow, incident: &Incident, moments: &Moments) -> Vec<(&'static str, String)> {
    let mut facts = Vec::new();
    if !incident.view.source.is_empty() {
        facts.push(("Source", incident.view.source.clone()));
    }
    if let Some(integration) = &incident.view.integration {
        facts.push(("Sent by", integration.clone()));
    }
    facts.push(("Paged", format!("You, {}, at {}", page.level, moments.at(page.decided_us))));
    let open = incident.alerts_open;
    facts.push(("Alerts", format!("{open} open of {}", incident.alerts_total)));
    let flags = [(incident.customer_facing, "customer-facing"), (incident.company_wide, "company-wide")];
    let flags: Vec<&str> = flags.iter().filter(|(is, _)| *is).map(|(_, text)| *text).collect();
    if !flags.is_empty() {
        facts.push(("Reach", flags.join(", ")));
    }
    if let Some(holder) = &incident.view.holder {
        facts.push(("Held by", format!("{} since {}", holder.name, moments.at(holder.since_us))));
    }
    facts
}

fn lamps(incident: &Incident, person: &str, moments: &Moments) -> Vec<LampLine> {
    let line = |level: &crate::incident::IncidentLevel| {
        let named = |target: &crate::incident::LevelTarget| {
            if target.person_id == person { format!("{} (you)", target.name) } else { target.name.clone() }
        };
        let people: Vec<String> = level.targets.iter().map(named).collect();
        let since = level.targets.iter().map(|target| target.since_us).max();
        let at = since.map(|at_us| format!(" {}", moments.at(at_us))).unwrap_or_default();
        let label = match level.level {
            Level::L1 => "L1",
            Level::L2 => "L2",
            Level::L3 => "L3",
            Level::Executive => "Ex",
        };
        LampLine {
            lamp: level.lamp,
            label,
            people: people.join(", "),
            state: format!("{}{at}", lamp_word(level.lamp)),
        }
    };
    incident.view.levels.iter().map(line).collect()
}

const fn lamp_word(lamp: Lamp) -> &'static str {
    match lamp {
        Lamp::Off => "not engaged",
        Lamp::Armed => "next",
        Lamp::Paging => "paged",
        Lamp::Part => "some answered",
        Lamp::Held => "answered",
        Lamp::Silent => "no answer",
        Lamp::Told => "told",
        Lamp::Hole => "reaches nobody",
        Lamp::StoodDown => "stood down",
    }
}

/// Words as a sentence: `raised to L2` is `Raised to L2.`
fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    format!("{first}{}.", letters.as_str())
}

fn countdown(
    page: &PageRow,
    incident: &Incident,
    takes_answer: bool,
    moments: &Moments,
) -> Option<Countdown> {
    let next = incident.view.next.as_ref()?;
    let (whole_us, left_us) = ((next.due_us - page.decided_us).max(1), (next.due_us - moments.now_us).max(0));
    Some(Countdown {
        lead: if takes_answer { "If you don’t answer, in" } else { "If nobody acts, in" },
        due_us: next.due_us,
        left: time::left(left_us),
        at: moments.at(next.due_us),
        text: sentence(&next.text),
        left_percent: (left_us.saturating_mul(100) / whole_us).clamp(0, 100),
    })
}
