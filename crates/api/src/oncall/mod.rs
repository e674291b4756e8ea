//! On-call: who is on duty when, overrides, and where nobody would be reached.

mod absences;
mod acceptances;
mod coverage;
mod entries;
mod handoffs;
mod levels;
mod load;
mod overrides;
mod preview;
mod reads;
mod rehearsal;
mod swaps;
mod whatif;
mod who;

pub(crate) use absences::routes as absence_routes;
pub(crate) use acceptances::routes as acceptance_routes;
pub(crate) use coverage::CoverageFinding;
pub(crate) use coverage::{Coverage, findings as coverage_findings, routes as coverage_routes};
pub(crate) use handoffs::routes as handoff_routes;
pub(crate) use levels::routes as level_routes;
pub(crate) use load::routes as load_routes;
pub(crate) use overrides::routes as override_routes;
pub(crate) use preview::{Preview, ninety_days, preview_of_pack, routes as preview_routes};
pub(crate) use reads::routes;
pub(crate) use swaps::routes as swap_routes;
pub(crate) use whatif::routes as whatif_routes;
pub(crate) use who::{author, reason};

use decurion_core::id::ScheduleId;
use jiff::Timestamp;

use crate::problem::{ApiError, ApiResult};
use crate::state::ApiState;

/// The instant of a parameter.
fn instant(field: &str, at_us: i64) -> ApiResult<Timestamp> {
    Timestamp::from_microsecond(at_us)
        .map_err(|_| ApiError::invalid(field, "this is no instant that a calendar has"))
}

const DAY_US: i64 = 86_400 * 1_000_000;
/// The longest calendar that is computed at once.
const MOST_US: i64 = 400 * DAY_US;

/// A span of a calendar: from the midnight before now and for four weeks unless it is said otherwise.
fn span(state: &ApiState, from_us: Option<i64>, to_us: Option<i64>) -> ApiResult<(Timestamp, Timestamp)> {
    let from_us = from_us.map_or_else(|| crate::board::day(state).map(|(from_us, _)| from_us), Ok)?;
    let to_us = to_us.unwrap_or_else(|| from_us.saturating_add(28 * DAY_US));
    let span = (instant("from_us", from_us)?, instant("to_us", to_us)?);
    if to_us <= from_us || to_us.saturating_sub(from_us) > MOST_US {
        return Err(ApiError::invalid("to_us", "give an instant after from_us, at most 400 days after it"));
    }
    Ok(span)
}

/// The schedule of that name.
fn known(state: &ApiState, id: &str) -> ApiResult<ScheduleId> {
    let schedule = ScheduleId::from(id);
    if state.engine.config().schedules.contains_key(&schedule) {
        Ok(schedule)
    } else {
        Err(ApiError::not_found(format!("There is no schedule {id}.")))
    }
}
