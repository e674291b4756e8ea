//! The proof of coverage: what stands against it in the days ahead.

use std::sync::{Arc, Mutex, PoisonError};

use axum::Json;
use axum::extract::State;
use decurion_core::access::Permit;
use decurion_core::config::Config;
use decurion_core::coverage::{self, Paged};
use decurion_core::incident::view::name;
use decurion_core::notify::PageDecided;
use decurion_store::JournalFilter;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::gate::Reader;
use crate::params::Query;
use crate::problem::{ApiError, ApiResult, ReadProblems};
use crate::state::ApiState;
use crate::words::Level;

/// A check is good for this long while the configuration stays the same.
const GOOD_FOR_US: i64 = 5 * 60 * 1_000_000;
const DAY_US: i64 = 86_400 * 1_000_000;
/// The most days that are looked at at once.
const MOST_DAYS: u32 = 366;
/// The most pages of the last hours that rest is counted from.
const MOST_PAGES: u32 = 500;

pub(crate) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new().routes(routes!(oncall_coverage))
}

/// Something that stands against the proof of coverage.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct CoverageFinding {
    /// The same for the same finding in every check; by it a finding is accepted.
    pub key: String,
    /// `COV-1` to `COV-17`; docs/coverage.md explains each.
    pub rule: String,
    pub severity: CoverageSeverity,
    pub policy: Option<String>,
    pub level: Option<Level>,
    /// The step of the level, from 1.
    pub step: Option<i64>,
    pub schedule_id: Option<String>,
    /// The person, where the finding is about one.
    pub person_id: Option<String>,
    /// Everybody whom it is about.
    pub person_ids: Vec<String>,
    /// First instant of the hole; null where it is about the whole time.
    pub start_us: Option<i64>,
    /// First instant after it.
    pub end_us: Option<i64>,
    /// The stretches between start and end, the first fifty, where there are several.
    pub spans: Vec<CoverageSpan>,
    pub message: String,
    /// What would mend it.
    pub mend: String,
    /// Set where the organisation lives with it for now.
    pub accepted: Option<Acceptance>,
}

/// How bad a finding is.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum CoverageSeverity {
    /// The coverage is not proven.
    Fail,
    /// It holds, and is weak.
    Warn,
}

/// A stretch of time, half-open.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct CoverageSpan {
    pub start_us: i64,
    pub end_us: i64,
}

/// Who lives with a finding, why, and until when.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Acceptance {
    /// Names it where it was accepted on this server and can be revoked; null where the pack accepts it.
    pub id: Option<String>,
    pub author: String,
    pub author_name: String,
    pub reason: String,
    /// First instant at which the finding counts again.
    pub until_us: i64,
}

/// What the check found.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct CoverageReport {
    pub checked_us: i64,
    pub from_us: i64,
    pub to_us: i64,
    /// Whether nothing fails that was not accepted.
    pub proven: bool,
    /// The worst first.
    pub findings: Vec<CoverageFinding>,
}

/// How far to look.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct CoverageQuery {
    /// How many days ahead.
    #[param(minimum = 1, maximum = 366, default = 90)]
    days: Option<u32>,
}

/// The last check, so that every look at the board does not repeat it.
#[derive(Debug, Default)]
pub(crate) struct Coverage {
    last: Mutex<Option<(i64, Arc<CoverageReport>)>>,
}

impl Coverage {
    fn known(&self, config: &Config, now_us: i64) -> Option<Arc<CoverageReport>> {
        let last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let (known, report) = last.as_ref()?;
        let age_us = now_us - report.checked_us;
        let good = *known == config.version
            && (0..GOOD_FOR_US).contains(&age_us)
            && !acceptance_ended(config, report.checked_us, now_us);
        good.then(|| Arc::clone(report))
    }
}

/// Whether something is accepted at the first instant and not any more at the second.
fn acceptance_ended(config: &Config, since_us: i64, now_us: i64) -> bool {
    let entered = config.acceptances.iter().map(|entered| &entered.finding);
    let mut ends = config.accepted.iter().chain(entered).map(|accepted| accepted.until.as_microsecond());
    ends.any(|end_us| since_us < end_us && end_us <= now_us)
}

/// What stands against the proof in the next 90 days.
pub(crate) async fn findings(state: &ApiState, permit: &Permit) -> ApiResult<Vec<CoverageFinding>> {
    Ok(report(state, permit).await?.findings.clone())
}

async fn report(state: &ApiState, permit: &Permit) -> ApiResult<Arc<CoverageReport>> {
    let (config, now_us) = (state.engine.config(), state.engine.now_us());
    if let Some(known) = state.coverage.known(&config, now_us) {
        return Ok(known);
    }
    let version = config.version;
    let report = Arc::new(look(state, permit, coverage::DAYS).await?);
    let last = Some((version, Arc::clone(&report)));
    *state.coverage.last.lock().unwrap_or_else(PoisonError::into_inner) = last;
    Ok(report)
}

/// The check as things are now.
async fn look(state: &ApiState, permit: &Permit, days: u32) -> ApiResult<CoverageReport> {
    let (config, now_us) = (state.engine.config(), state.engine.now_us());
    let pages = pages(state, permit, now_us).await?;
    let work = tokio::task::spawn_blocking(move || check(&config, now_us, days, &pages)).await;
    work.map_err(|error| ApiError::internal(&error))?
}

/// Everybody who was paged within the rest that is due before a duty.
async fn pages(state: &ApiState, permit: &Permit, now_us: i64) -> ApiResult<Vec<Paged>> {
    let filter = JournalFilter { kind_prefix: "page.decided".to_owned(), ..JournalFilter::default() };
    let since_us = now_us - coverage::limits::REST_S * 1_000_000;
    let entries = state.store().journal_list_back(&filter, i64::MAX, MOST_PAGES, permit).await?;
    let recent = entries.into_iter().take_while(|entry| entry.at_us >= since_us);
    let paged = recent.filter_map(|entry| {
        let decided: PageDecided = serde_json::from_str(entry.payload.as_deref()?).ok()?;
        Some(Paged { person: decided.person, at: Timestamp::from_microsecond(entry.at_us).ok()? })
    });
    Ok(paged.collect())
}

fn check(config: &Config, now_us: i64, days: u32, pages: &[Paged]) -> ApiResult<CoverageReport> {
    let from = Timestamp::from_microsecond(now_us).map_err(|error| ApiError::internal(&error))?;
    let findings = coverage::check_after(config, from, days, pages);
    Ok(CoverageReport {
        checked_us: now_us,
        from_us: now_us,
        to_us: now_us + i64::from(days) * DAY_US,
        proven: !findings.iter().any(coverage::CoverageFinding::fails),
        findings: findings.into_iter().map(|found| CoverageFinding::of(found, config)).collect(),
    })
}

impl CoverageFinding {
    /// As the API shows it, with the names of people.
    pub(super) fn of(found: coverage::CoverageFinding, config: &Config) -> Self {
        let us = |at: Timestamp| (!found.always).then(|| at.as_microsecond());
        Self {
            start_us: us(found.start),
            end_us: us(found.end),
            key: found.key,
            rule: found.rule,
            severity: found.severity.into(),
            policy: found.policy,
            level: found.level.map(Into::into),
            step: found.step.and_then(|step| i64::try_from(step).ok()),
            schedule_id: found.schedule.map(|schedule| schedule.to_string()),
            person_id: found.person.map(|person| person.to_string()),
            person_ids: found.people.iter().map(ToString::to_string).collect(),
            spans: found.spans.into_iter().map(CoverageSpan::from).collect(),
            message: found.message,
            mend: found.mend,
            accepted: found.accepted.map(|accepted| Acceptance::of(accepted, config)),
        }
    }
}

impl From<coverage::CoverageSeverity> for CoverageSeverity {
    fn from(severity: coverage::CoverageSeverity) -> Self {
        match severity {
            coverage::CoverageSeverity::Fail => Self::Fail,
            coverage::CoverageSeverity::Warn => Self::Warn,
        }
    }
}

impl From<coverage::Span> for CoverageSpan {
    fn from(span: coverage::Span) -> Self {
        Self { start_us: span.start.as_microsecond(), end_us: span.end.as_microsecond() }
    }
}

impl Acceptance {
    fn of(accepted: coverage::Acceptance, config: &Config) -> Self {
        Self {
            id: accepted.id.map(|id| id.to_string()),
            author_name: name(config, &accepted.author),
            author: accepted.author.to_string(),
            reason: accepted.reason,
            until_us: accepted.until.as_microsecond(),
        }
    }
}

/// What stands against the proof of coverage in the days ahead
#[utoipa::path(get, path = "/oncall/coverage", tag = "oncall", security(("bearer" = []), ("cookie" = [])),
    params(CoverageQuery), responses((status = 200, body = CoverageReport), ReadProblems))]
async fn oncall_coverage(
    State(state): State<ApiState>,
    reader: Reader,
    Query(query): Query<CoverageQuery>,
) -> ApiResult<Json<CoverageReport>> {
    let days = query.days.unwrap_or(coverage::DAYS);
    if !(1..=MOST_DAYS).contains(&days) {
        return Err(ApiError::invalid("days", format!("look 1 to {MOST_DAYS} days ahead")));
    }
    if days == coverage::DAYS {
        return Ok(Json(CoverageReport::clone(&*report(&state, &reader.permit).await?)));
    }
    Ok(Json(look(&state, &reader.permit, days).await?))
}
