//! What a demo plays, so that the console can show it as one.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::gate::Reader;
use crate::problem::{ApiError, ApiResult, ReadProblems};
use crate::state::ApiState;

pub(crate) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new().routes(routes!(demo_get))
}

/// What a demo plays.
#[derive(Debug, Clone, Default)]
pub struct DemoScript {
    /// In the order of their times.
    pub steps: Vec<DemoLine>,
}

/// One thing that the demo does.
#[derive(Debug, Clone)]
pub struct DemoLine {
    /// On the clock of the demo.
    pub at_us: i64,
    pub text: String,
}

/// The demo that plays.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Demo {
    pub running: bool,
    /// Seconds of the demo for each second of the wall clock.
    pub speed: f64,
    pub steps: Vec<DemoStep>,
}

/// One thing that the demo does or did.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DemoStep {
    pub at_us: i64,
    pub text: String,
    pub done: bool,
}

/// What the demo plays; 404 where none does
#[utoipa::path(get, path = "/demo", tag = "demo", security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, body = Demo), ReadProblems))]
async fn demo_get(State(state): State<ApiState>, _reader: Reader) -> ApiResult<Json<Demo>> {
    let script = state.settings.demo.as_ref().ok_or_else(|| ApiError::not_found("No demo plays here."))?;
    let now_us = state.engine.now_us();
    let step =
        |line: &DemoLine| DemoStep { at_us: line.at_us, text: line.text.clone(), done: line.at_us <= now_us };
    let steps: Vec<DemoStep> = script.steps.iter().map(step).collect();
    let running = steps.iter().any(|step| !step.done);
    Ok(Json(Demo { running, speed: state.engine.clock().speed(), steps }))
}
