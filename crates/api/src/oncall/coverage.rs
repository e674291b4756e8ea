//! The coverage check: where nobody would be reached in the next 90 days.

use std::sync::{Arc, Mutex, PoisonError};

use axum::Json;
use axum::extract::State;
use decurion_core::config::Config;
use decurion_core::coverage;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::gate::Reader;
use crate::problem::{ApiError, ApiResult, ReadProblems};
use crate::state::ApiState;
use crate::words::Level;

/// A check is good for this long while the configuration stays the same.
const GOOD_FOR_US: i64 = 5 * 60 * 1_000_000;
const DAY_US: i64 = 86_400 * 1_000_000;

pub(crate) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new().routes(routes!(oncall_coverage))
}

/// A hole in who would be reached.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct CoverageFinding {
    /// `COV-1` to `COV-5`; docs/packs.md explains each.
    pub rule: String,
    pub policy: Option<String>,
    pub level: Option<Level>,
    pub person_id: Option<String>,
    /// First instant of the hole; null where it is about the whole time.
    pub start_us: Option<i64>,
    /// First instant after it.
    pub end_us: Option<i64>,
    pub message: String,
    /// What would mend it.
    pub mend: String,
}

/// What the check found.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct CoverageReport {
    pub checked_us: i64,
    pub from_us: i64,
    pub to_us: i64,
    /// The worst first.
    pub findings: Vec<CoverageFinding>,
}

/// The last check, so that every look at the board does not repeat it.
#[derive(Debug, Default)]
pub(crate) struct Coverage {
    last: Mutex<Option<(i64, Arc<CoverageReport>)>>,
}

impl Coverage {
    /// What is wrong in the next 90 days.
    pub(crate) async fn findings(
        &self,
        config: &Arc<Config>,
        now_us: i64,
    ) -> ApiResult<Vec<CoverageFinding>> {
        Ok(self.report(config, now_us).await?.findings.clone())
    }

    async fn report(&self, config: &Arc<Config>, now_us: i64) -> ApiResult<Arc<CoverageReport>> {
        if let Some(known) = self.known(config.version, now_us) {
            return Ok(known);
        }
        let checked = Arc::clone(config);
        let work = tokio::task::spawn_blocking(move || check(&checked, now_us)).await;
        let report = Arc::new(work.map_err(|error| ApiError::internal(&error))??);
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) =
            Some((config.version, Arc::clone(&report)));
        Ok(report)
    }

    fn known(&self, version: i64, now_us: i64) -> Option<Arc<CoverageReport>> {
        let last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let (known, report) = last.as_ref()?;
        let age_us = now_us - report.checked_us;
        (*known == version && (0..GOOD_FOR_US).contains(&age_us)).then(|| Arc::clone(report))
    }
}

fn check(config: &Config, now_us: i64) -> ApiResult<CoverageReport> {
    let from = Timestamp::from_microsecond(now_us).map_err(|error| ApiError::internal(&error))?;
    let findings = coverage::check(config, from, coverage::DAYS);
    Ok(CoverageReport {
        checked_us: now_us,
        from_us: now_us,
        to_us: now_us + i64::from(coverage::DAYS) * DAY_US,
        findings: findings.into_iter().map(CoverageFinding::from).collect(),
    })
}

impl From<coverage::CoverageFinding> for CoverageFinding {
    fn from(found: coverage::CoverageFinding) -> Self {
        let us = |at: Timestamp| (!found.always).then(|| at.as_microsecond());
        Self {
            start_us: us(found.start),
            end_us: us(found.end),
            rule: found.rule,
            policy: found.policy,
            level: found.level.map(Into::into),
            person_id: found.person.map(|person| person.to_string()),
            message: found.message,
            mend: found.mend,
        }
    }
}

/// Where nobody would be reached in the next 90 days
#[utoipa::path(get, path = "/oncall/coverage", tag = "oncall", security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, body = CoverageReport), ReadProblems))]
async fn oncall_coverage(State(state): State<ApiState>, _reader: Reader) -> ApiResult<Json<CoverageReport>> {
    let report = state.coverage.report(&state.engine.config(), state.engine.now_us()).await?;
    Ok(Json(CoverageReport::clone(&report)))
}
