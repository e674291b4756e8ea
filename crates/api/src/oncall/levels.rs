//! Whom each level of each policy would page, stretch by stretch.

use axum::Json;
use axum::extract::State;
use decurion_core::config::Config;
use decurion_core::id::PersonId;
use decurion_core::whatif;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::reads::PersonName;
use super::span;
use crate::gate::Reader;
use crate::params::{List, Query};
use crate::problem::{ApiError, ApiResult, ReadProblems};
use crate::state::ApiState;
use crate::words::Level;

pub(crate) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new().routes(routes!(oncall_levels))
}

/// A level of a policy over a span.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct LevelPlan {
    pub policy: String,
    pub level: Level,
    /// In order, without gap or overlap.
    pub stretches: Vec<LevelStretch>,
}

/// A stretch in which a level would page the same people.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct LevelStretch {
    pub start_us: i64,
    pub end_us: i64,
    pub steps: Vec<LevelStep>,
    /// Who is told when the level is engaged.
    pub told: Vec<PersonName>,
    pub told_holes: Vec<String>,
}

/// Whom a step would page.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct LevelStep {
    pub people: Vec<PersonName>,
    /// Why targets of the step reach nobody.
    pub holes: Vec<String>,
    pub timeout_s: i64,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct LevelsQuery {
    /// From the midnight before now unless given.
    from_us: Option<i64>,
    /// Four weeks after `from_us` unless given; at most 400 days after it.
    to_us: Option<i64>,
}

/// Whom every level of every policy would page, stretch by stretch
#[utoipa::path(get, path = "/oncall/levels", tag = "oncall", security(("bearer" = []), ("cookie" = [])),
    params(LevelsQuery), responses((status = 200, body = List<LevelPlan>), ReadProblems))]
async fn oncall_levels(
    State(state): State<ApiState>,
    _reader: Reader,
    Query(query): Query<LevelsQuery>,
) -> ApiResult<Json<List<LevelPlan>>> {
    let (from, to) = span(&state, query.from_us, query.to_us)?;
    let config = state.engine.config();
    let plans = tokio::task::spawn_blocking(move || {
        whatif::levels(&config, from, to).into_iter().map(|plan| of_plan(plan, &config)).collect()
    });
    Ok(Json(List::whole(plans.await.map_err(|error| ApiError::internal(&error))?)))
}

fn of_plan(plan: whatif::LevelPlan, config: &Config) -> LevelPlan {
    let people = |people: &[PersonId]| PersonName::all(config, people);
    let stretch = |stretch: whatif::LevelStretch| LevelStretch {
        start_us: stretch.start_us,
        end_us: stretch.end_us,
        steps: stretch
            .steps
            .into_iter()
            .map(|step| LevelStep {
                people: people(&step.people),
                holes: step.holes,
                timeout_s: step.timeout_s,
            })
            .collect(),
        told: people(&stretch.told),
        told_holes: stretch.told_holes,
    };
    LevelPlan {
        policy: plan.policy,
        level: plan.level.into(),
        stretches: plan.stretches.into_iter().map(stretch).collect(),
    }
}
