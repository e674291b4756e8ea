//! Trying a mapping on an example, before anything arrives.

use std::collections::BTreeMap;

use axum::Json;
use decurion_core::intake::{self, Action, generic};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::alert::AlertLink;
use crate::body::JsonBody;
use crate::gate::Responder;
use crate::integration::MappingText;
use crate::problem::WriteProblems;
use crate::state::ApiState;
use crate::words::AlertSeverity;

pub(crate) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new().routes(routes!(mapping_try))
}

/// A mapping and an example.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MappingTryRequest {
    pub mapping: MappingText,
    /// A body as the sender sends it.
    pub body: String,
}

/// What a mapping makes of an example.
#[derive(Debug, Default, Serialize, ToSchema)]
pub(crate) struct MappingTried {
    pub events: Vec<MappedEvent>,
    /// The first thing that is wrong.
    pub error: Option<MappingError>,
    /// What each expression gave: `title`, or `[0].title` where the mapping has `each`.
    pub values: BTreeMap<String, serde_json::Value>,
}

/// An event that a body gives.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MappedEvent {
    pub action: EventAction,
    pub dedup_key: String,
    pub title: String,
    pub description: Option<String>,
    pub severity: AlertSeverity,
    pub source: String,
    pub labels: BTreeMap<String, String>,
    pub links: Vec<AlertLink>,
}

/// What a sender asks for.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum EventAction {
    Trigger,
    Acknowledge,
    Resolve,
}

/// What is wrong, and in which expression or field.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MappingError {
    pub field: Option<String>,
    pub message: String,
}

/// Try a mapping on an example
#[utoipa::path(post, path = "/mapping/try", tag = "integration", security(("bearer" = []), ("cookie" = [])),
    request_body = MappingTryRequest, responses((status = 200, body = MappingTried), WriteProblems))]
async fn mapping_try(
    _responder: Responder,
    JsonBody(asked): JsonBody<MappingTryRequest>,
) -> Json<MappingTried> {
    let mapping = match intake::MappingText::from(asked.mapping).compile() {
        Ok(mapping) => mapping,
        Err(errors) => {
            let first = errors.into_iter().next();
            let error =
                first.map(|(field, error)| MappingError { field: Some(field), message: error.to_string() });
            return Json(MappingTried { error, ..MappingTried::default() });
        }
    };
    Json(tried(generic::try_out(&example(mapping), asked.body.as_bytes())))
}

fn example(mapping: intake::Mapping) -> intake::Integration {
    intake::Integration {
        id: "example".into(),
        name: "example".to_owned(),
        kind: intake::IntegrationKind::Generic,
        enabled: true,
        vendor: None,
        signed: false,
        mapping: Some(mapping),
        topics: std::collections::BTreeSet::new(),
        default_severity: intake::AlertSeverity::Error,
        auto_resolve: false,
        quiet_after_s: None,
    }
}

fn tried(out: generic::TryOut) -> MappingTried {
    let values = out.values.into_iter().map(|value| {
        let field =
            value.item.map_or_else(|| value.field.clone(), |item| format!("[{item}].{}", value.field));
        (field, value.value.unwrap_or(serde_json::Value::Null))
    });
    let first = out.problems.into_iter().next();
    MappingTried {
        values: values.collect(),
        events: out.events.into_iter().map(MappedEvent::from).collect(),
        error: first.map(|problem| MappingError { field: problem.field, message: problem.message }),
    }
}

impl From<intake::Event> for MappedEvent {
    fn from(event: intake::Event) -> Self {
        Self {
            action: match event.action {
                Action::Trigger => EventAction::Trigger,
                Action::Acknowledge => EventAction::Acknowledge,
                Action::Resolve => EventAction::Resolve,
            },
            dedup_key: event.dedup_key,
            title: event.title,
            description: event.description,
            severity: event.severity.into(),
            source: event.source,
            labels: event.labels,
            links: event.links.into_iter().map(Into::into).collect(),
        }
    }
}
