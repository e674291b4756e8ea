//! Load and fairness: what duty cost each person, and what is planned for them.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use decurion_core::access::Action;
use decurion_core::config::Config;
use decurion_core::id::PersonId;
use decurion_core::incident::view::name;
use decurion_core::ledger::{self, Load as CoreLoad, next_to_ask};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::instant;
use super::reads::PersonName;
use crate::gate::{Reader, Visitor};
use crate::params::Query;
use crate::problem::{ApiError, ApiResult, ReadProblems};
use crate::state::ApiState;

const DAY_US: i64 = 86_400 * 1_000_000;
/// The span that is looked at unless one is given, back and ahead.
const DAYS: i64 = 90;
/// The longest span.
const MOST_DAYS: i64 = 400;

pub(crate) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new().routes(routes!(oncall_load))
}

/// What a span cost, and what is planned.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct LoadLedger {
    pub from_us: i64,
    pub to_us: i64,
    /// Where what is planned begins and ends.
    pub planned_from_us: i64,
    pub planned_to_us: i64,
    /// Everybody for who may configure; else the caller alone.
    pub people: Vec<PersonLoad>,
    /// Whether `people` is everybody.
    pub everybody: bool,
    pub total: Load,
    pub planned_total: Load,
    pub fairness: Fairness,
    pub planned_fairness: Fairness,
    /// Who is next to be asked for a shift, whoever bore least first; empty for who sees only themselves.
    pub next: Vec<PersonName>,
}

/// One person's load.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct PersonLoad {
    pub person_id: String,
    pub name: String,
    pub past: Load,
    pub planned: Load,
}

/// What a span costs; docs/load.md defines every figure.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub(crate) struct Load {
    /// Duty on weekdays, 07:00 to 23:00 where the person lives.
    pub weekday_day_s: i64,
    /// Duty on weekdays, 23:00 to 07:00.
    pub weekday_night_s: i64,
    pub weekend_s: i64,
    pub holiday_s: i64,
    pub nights: u32,
    pub weekends: u32,
    /// Pages that asked for an answer.
    pub pages: u32,
    /// Pages between 23:00 and 07:00, close ones once.
    pub wake_ups: u32,
    /// Work on incidents from 07:00 to 19:00.
    pub work_day_s: i64,
    /// From 19:00 to 23:00.
    pub work_late_s: i64,
    /// From 23:00 to 07:00.
    pub work_sleep_s: i64,
    /// Shifts taken less than 72 hours before they began.
    pub short_notice: u32,
    /// All of it in hours of a weekday's duty.
    pub weighted_h: f64,
}

/// How evenly a load is borne.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub(crate) struct Fairness {
    pub mean_h: f64,
    pub max_h: f64,
    /// 1 when all bear the same.
    pub max_over_mean: f64,
    /// 0 when all bear the same, towards 1 when one bears all.
    pub gini: f64,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct LoadQuery {
    /// 90 days before `to_us` unless given.
    from_us: Option<i64>,
    /// Now unless given; at most 400 days after `from_us`. What is planned is as long as the span, from now on.
    to_us: Option<i64>,
}

/// What duty cost each person, and what is planned; as `text/csv` where that is asked for
#[utoipa::path(get, path = "/oncall/load", tag = "oncall", security(("bearer" = []), ("cookie" = [])),
    params(LoadQuery),
    responses((status = 200, content((LoadLedger = "application/json"), (String = "text/csv"))), ReadProblems))]
async fn oncall_load(
    State(state): State<ApiState>,
    reader: Reader,
    headers: HeaderMap,
    Query(query): Query<LoadQuery>,
) -> ApiResult<Response> {
    let now_us = state.engine.now_us();
    let to_us = query.to_us.unwrap_or(now_us);
    let from_us = query.from_us.unwrap_or_else(|| to_us.saturating_sub(DAYS * DAY_US));
    instant("from_us", from_us)?;
    instant("to_us", to_us)?;
    let length_us = to_us.saturating_sub(from_us);
    if from_us >= to_us || length_us > MOST_DAYS * DAY_US {
        return Err(ApiError::invalid("to_us", "give an instant after from_us, at most 400 days after it"));
    }
    if from_us >= now_us {
        return Err(ApiError::invalid("from_us", "the record ends now; what is planned is in every answer"));
    }
    let planned_to_us = now_us.saturating_add(length_us);
    let found = state.engine.loads(&reader.permit, (from_us, to_us), planned_to_us).await?;
    let config = state.engine.config();
    let (past, planned) = ((from_us, to_us.min(now_us)), (now_us, planned_to_us));
    let answer = of_loads(&found, &config, &reader.visitor, past, planned);
    if wants_csv(&headers) { Ok(csv_response(&answer)) } else { Ok(Json(answer).into_response()) }
}

/// Load is between a person and whoever makes the roster; others see what all bear together.
fn of_loads(
    found: &decurion_engine::Loads,
    config: &Config,
    visitor: &Visitor,
    (from_us, to_us): (i64, i64),
    (planned_from_us, planned_to_us): (i64, i64),
) -> LoadLedger {
    let everybody = visitor.permit(Action::Configure).is_ok();
    let visible = |person: &&PersonId| everybody || visitor.person.as_ref() == Some(*person);
    let people = found.past.people.keys().filter(visible).map(|person| PersonLoad {
        person_id: person.to_string(),
        name: name(config, person),
        past: Load::of(&found.past, person),
        planned: Load::of(&found.planned, person),
    });
    let next = if everybody { next_to_ask(&found.past, &found.planned) } else { Vec::new() };
    LoadLedger {
        from_us,
        to_us,
        planned_from_us,
        planned_to_us,
        people: people.collect(),
        everybody,
        total: found.past.total.into(),
        planned_total: found.planned.total.into(),
        fairness: found.past.fairness.into(),
        planned_fairness: found.planned.fairness.into(),
        next: PersonName::all(config, &next),
    }
}

impl Load {
    fn of(ledger: &ledger::Ledger, person: &PersonId) -> Self {
        ledger.people.get(person).copied().unwrap_or_default().into()
    }
}

impl From<CoreLoad> for Load {
    fn from(load: CoreLoad) -> Self {
        Self {
            weekday_day_s: load.weekday_day_s,
            weekday_night_s: load.weekday_night_s,
            weekend_s: load.weekend_s,
            holiday_s: load.holiday_s,
            nights: load.nights,
            weekends: load.weekends,
            pages: load.pages,
            wake_ups: load.wake_ups,
            work_day_s: load.work_day_s,
            work_late_s: load.work_late_s,
            work_sleep_s: load.work_sleep_s,
            short_notice: load.short_notice,
            weighted_h: load.weighted_h(),
        }
    }
}

impl From<ledger::Fairness> for Fairness {
    fn from(fairness: ledger::Fairness) -> Self {
        Self {
            mean_h: fairness.mean_h,
            max_h: fairness.max_h,
            max_over_mean: fairness.max_over_mean,
            gini: fairness.gini,
        }
    }
}

fn wants_csv(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut wanted = accept.split(',').map(|item| item.split(';').next().unwrap_or_default().trim());
    wanted.any(|item| item == "text/csv")
}

/// The columns of the export, as docs/load.md explains them.
const COLUMNS: &str = "person_id,name,from,to,weekday_day_h,weekday_night_h,weekend_h,holiday_h,nights,weekends,\
    pages,wake_ups,work_day_min,work_late_min,work_sleep_min,short_notice,weighted_h";

fn csv_response(answer: &LoadLedger) -> Response {
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8"));
    headers.insert(
        header::CONTENT_DISPOSITION,
        HeaderValue::from_static("attachment; filename=\"decurion-load.csv\""),
    );
    (headers, csv(answer)).into_response()
}

/// RFC 4180, one row for each person, of what has been.
fn csv(answer: &LoadLedger) -> String {
    let instant = |at_us: i64| jiff::Timestamp::from_microsecond(at_us).unwrap_or_default();
    let (from, to) = (instant(answer.from_us), instant(answer.to_us));
    let row = |person: &PersonLoad| {
        let load = &person.past;
        #[expect(clippy::cast_precision_loss, reason = "seconds of a year are exact in a double")]
        let per = |seconds: i64, unit: f64| format!("{:.2}", seconds as f64 / unit);
        let hours = [load.weekday_day_s, load.weekday_night_s, load.weekend_s, load.holiday_s];
        let counts = [load.nights, load.weekends, load.pages, load.wake_ups];
        let minutes = [load.work_day_s, load.work_late_s, load.work_sleep_s];
        let mut cells =
            vec![quoted(&person.person_id), quoted(&person.name), from.to_string(), to.to_string()];
        cells.extend(hours.map(|seconds| per(seconds, 3_600.0)));
        cells.extend(counts.map(|count| count.to_string()));
        cells.extend(minutes.map(|seconds| per(seconds, 60.0)));
        cells.extend([load.short_notice.to_string(), format!("{:.2}", load.weighted_h)]);
        cells.join(",") + "\r\n"
    };
    let rows: String = answer.people.iter().map(row).collect();
    format!("{COLUMNS}\r\n{rows}")
}

/// A cell that no spreadsheet takes for a formula and that may hold commas.
fn quoted(text: &str) -> String {
    let safe =
        if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() };
    if safe.contains(['"', ',', '\n', '\r']) { format!("\"{}\"", safe.replace('"', "\"\"")) } else { safe }
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn a_name_is_never_a_formula_and_never_two_cells() {
        assert_eq!(quoted("Ann"), "Ann");
        assert_eq!(quoted("Ann, the \"Boss\""), "\"Ann, the \"\"Boss\"\"\"");
        assert_eq!(quoted("=1+1"), "'=1+1");
    }
}
