//! What arrived since midnight in the organisation's zone.

use std::collections::{BTreeMap, BTreeSet};

use decurion_core::access::Permit;
use decurion_store::{AlertFilter, AlertRow, IncidentMark, Window};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;
use utoipa::ToSchema;

use crate::problem::{ApiError, ApiResult};
use crate::state::ApiState;
use crate::words::{Severity, word};

/// Alerts that are drawn; more would not be told apart.
const MOST_POINTS: usize = 2_000;

/// The alerts of the day.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Today {
    /// Midnight in the organisation's zone.
    pub from_us: i64,
    /// Midnight after it.
    pub to_us: i64,
    /// Signals of the alerts that opened today.
    pub accepted: i64,
    /// Alerts that opened today.
    pub alerts: i64,
    /// Incidents that people were paged for because of them.
    pub paged: i64,
    /// The newest 2,000 alerts of the day, the newest first.
    pub points: Vec<TodayPoint>,
}

/// An alert as a point of the strip.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct TodayPoint {
    pub integration_id: String,
    pub at_us: i64,
    /// Of its incident.
    pub severity: Severity,
    pub count: i64,
    pub title: String,
    pub alert_id: String,
}

/// Where alerts come from.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Source {
    pub integration_id: String,
    pub name: String,
    pub kind: String,
    pub last_signal_us: Option<i64>,
    /// Since when something should have arrived; absent while all is well.
    pub quiet_since_us: Option<i64>,
    pub alerts_today: i64,
}

/// The alerts of the day that it is now.
pub(super) async fn today(state: &ApiState, permit: &Permit) -> ApiResult<Today> {
    let (from_us, to_us) = day(state)?;
    let counted = state.store().alerts_today(from_us, to_us, permit).await?;
    let rows = newest(state, from_us, permit).await?;
    let ids: Vec<&str> = rows.iter().filter_map(|row| row.incident_id.as_deref()).collect();
    let known = state.store().incident_marks(&ids, permit).await?;
    let paged: BTreeSet<&str> = ids.iter().copied().collect();
    Ok(Today {
        from_us,
        to_us,
        accepted: counted.iter().map(|point| point.count).sum(),
        alerts: i64::try_from(counted.len()).unwrap_or(i64::MAX),
        paged: i64::try_from(paged.len()).unwrap_or(i64::MAX),
        points: rows.iter().map(|row| point(row, &known)).collect::<ApiResult<_>>()?,
    })
}

/// Midnight before now and midnight after it.
pub(crate) fn day(state: &ApiState) -> ApiResult<(i64, i64)> {
    let zone = TimeZone::get(&state.engine.config().organisation.zone).unwrap_or(TimeZone::UTC);
    let now =
        Timestamp::from_microsecond(state.engine.now_us()).map_err(|error| ApiError::internal(&error))?;
    let begin = now.to_zoned(zone).start_of_day().map_err(|error| ApiError::internal(&error))?;
    let end = begin.tomorrow().map_err(|error| ApiError::internal(&error))?;
    Ok((begin.timestamp().as_microsecond(), end.timestamp().as_microsecond()))
}

async fn newest(state: &ApiState, from_us: i64, permit: &Permit) -> ApiResult<Vec<AlertRow>> {
    let (mut rows, mut window) = (Vec::new(), Window::first(500));
    loop {
        let listed = state.store().alert_list(&AlertFilter::default(), &window, permit).await?;
        let before = rows.len();
        let read = listed.rows.len();
        rows.extend(listed.rows.into_iter().take_while(|row| row.opened_us >= from_us));
        match listed.next {
            Some(next) if rows.len() - before == read && rows.len() < MOST_POINTS => {
                window = Window::after(500, Some(next));
            }
            _ => return Ok(rows),
        }
    }
}

fn point(row: &AlertRow, known: &BTreeMap<String, IncidentMark>) -> ApiResult<TodayPoint> {
    let incident = row.incident_id.as_ref().and_then(|id| known.get(id));
    Ok(TodayPoint {
        integration_id: row.integration_id.clone(),
        at_us: row.opened_us,
        severity: incident.map_or(Ok(Severity::Sev4), |incident| word(&incident.severity))?,
        count: row.count,
        title: row.title.clone(),
        alert_id: row.id.clone(),
    })
}

/// Every integration with what it sent today.
pub(super) async fn sources(state: &ApiState, today: &Today, permit: &Permit) -> ApiResult<Vec<Source>> {
    let counts = counts(today);
    let rows = state.store().integration_list(permit).await?;
    Ok(rows
        .into_iter()
        .map(|row| Source {
            alerts_today: counts.get(&row.id).copied().unwrap_or(0),
            integration_id: row.id,
            name: row.name,
            kind: row.kind,
            last_signal_us: row.last_signal_us,
            quiet_since_us: row.quiet_since_us,
        })
        .collect())
}

fn counts(today: &Today) -> BTreeMap<String, i64> {
    let mut counts = BTreeMap::new();
    for point in &today.points {
        *counts.entry(point.integration_id.clone()).or_default() += 1;
    }
    counts
}
