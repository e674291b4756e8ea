//! What is shipped for each sender: how it is set up, and what reads its bodies.

use axum::Json;
use decurion_core::intake::senders::{self, Step};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::gate::Reader;
use crate::integration::{IntegrationKind, MappingText, Vendor};
use crate::params::List;
use crate::problem::{ApiResult, ReadProblems};
use crate::state::ApiState;

pub(crate) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new().routes(routes!(sender_list))
}

/// A sender that integrations can be made for.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Sender {
    /// The vendor where there is one, else the kind.
    pub id: String,
    /// The name that people know it by.
    pub title: String,
    /// What it covers, in one line.
    pub hint: String,
    pub kind: IntegrationKind,
    pub vendor: Option<Vendor>,
    /// Where it sends to, below the address of the server; `{key}` stands for the key.
    pub path: String,
    /// Whether it can sign its bodies with a secret that it is given.
    pub signs: bool,
    /// What to do at the vendor, in order.
    pub steps: Vec<SenderStep>,
    /// What reads its bodies, where that is shipped.
    pub mapping: Option<MappingText>,
}

/// One step of a set-up.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct SenderStep {
    pub text: String,
    /// What to paste there; `{url}`, its `{base}`, `{host}` and `{scheme}`, `{key}` and `{secret}` stand for what
    /// the integration was given, `{topic}` for its first topic.
    pub paste: Option<String>,
}

/// Senders that integrations can be made for, with how each is set up
#[utoipa::path(get, path = "/integrations/senders", tag = "integration", security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, body = List<Sender>), ReadProblems))]
async fn sender_list(_reader: Reader) -> ApiResult<Json<List<Sender>>> {
    Ok(Json(List::whole(senders::senders().iter().map(Sender::from).collect())))
}

impl From<&senders::Sender> for Sender {
    fn from(sender: &senders::Sender) -> Self {
        Self {
            id: sender.vendor.map_or(sender.kind.as_str(), |vendor| vendor.as_str()).to_owned(),
            title: sender.title.clone(),
            hint: sender.hint.clone(),
            kind: sender.kind.into(),
            vendor: sender.vendor.map(Into::into),
            path: sender.path.clone(),
            signs: sender.signs,
            steps: sender.steps.iter().map(SenderStep::from).collect(),
            mapping: sender.mapping.clone().map(Into::into),
        }
    }
}

impl From<&Step> for SenderStep {
    fn from(step: &Step) -> Self {
        Self { text: step.text.clone(), paste: step.paste.clone() }
    }
}
