//! On-call: who is on duty when, overrides, and where nobody would be reached.

mod coverage;
mod overrides;
mod reads;

pub(crate) use coverage::CoverageFinding;
pub(crate) use coverage::{Coverage, routes as coverage_routes};
pub(crate) use overrides::routes as override_routes;
pub(crate) use reads::routes;

use jiff::Timestamp;

use crate::problem::{ApiError, ApiResult};

/// The instant of a parameter.
fn instant(field: &str, at_us: i64) -> ApiResult<Timestamp> {
    Timestamp::from_microsecond(at_us)
        .map_err(|_| ApiError::invalid(field, "this is no instant that a calendar has"))
}
