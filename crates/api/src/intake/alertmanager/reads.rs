//! What clients of Alertmanager read: the open alerts of an integration, its one receiver, and the status.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use decurion_core::intake::IntegrationKind;
use decurion_store::{AlertFilter, AlertRow, AlertStatus, Window};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{filters, instant, reading, takes};
use crate::intake::door;
use crate::params::{Path, Query};
use crate::problem::{ApiResult, Problem};
use crate::state::ApiState;
use crate::words::json as read;

/// Alerts of one answer: the newest.
const MOST: usize = 5_000;
/// Rows of one read.
const WINDOW: u32 = 500;
/// The instant that Go's clients take for none.
const NEVER: &str = "0001-01-01T00:00:00.000Z";
/// What the one receiver is called.
const RECEIVER: &str = "decurion";
/// Labels that the intake made of annotations.
const ANNOTATION: &str = "annotation.";

pub(super) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(alertmanager_alert_list))
        .routes(routes!(alertmanager_receivers))
        .routes(routes!(alertmanager_status))
}

/// An alert as Alertmanager shows it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AlertmanagerAlert {
    pub annotations: BTreeMap<String, String>,
    pub labels: BTreeMap<String, String>,
    pub receivers: Vec<AlertmanagerReceiver>,
    pub fingerprint: String,
    pub starts_at: String,
    pub updated_at: String,
    /// The zero instant where it does not end by itself.
    pub ends_at: String,
    #[serde(rename = "generatorURL")]
    pub generator_url: String,
    pub status: AlertmanagerAlertStatus,
}

/// Whether somebody is paged for an alert, and what holds it back.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AlertmanagerAlertStatus {
    /// `active` or `suppressed`.
    pub state: &'static str,
    pub silenced_by: Vec<String>,
    pub inhibited_by: Vec<String>,
}

/// Where alerts go, for clients that ask: to this server.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AlertmanagerReceiver {
    pub name: &'static str,
}

/// Which of the alerts are asked for.
struct Wanted {
    active: bool,
    silenced: bool,
    receiver: bool,
}

impl Wanted {
    fn of(query: &[(String, String)]) -> Result<Self, String> {
        let last = |name: &str| query.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value);
        let truth = |name| match last(name).map(String::as_str) {
            None | Some("true") => Ok(true),
            Some("false") => Ok(false),
            Some(other) => Err(format!("{name} must be true or false, and is {other}")),
        };
        let receiver = match last("receiver").filter(|text| !text.is_empty()) {
            None => true,
            Some(text) => {
                let filter =
                    decurion_core::silence::alertmanager::Filter::read(&format!("receiver=~{text}"))?;
                filter.takes(&BTreeMap::from([("receiver".to_owned(), RECEIVER.to_owned())]))
            }
        };
        Ok(Self { active: truth("active")?, silenced: truth("silenced")?, receiver })
    }
}

/// The open alerts of an integration the way Alertmanager lists them
#[utoipa::path(get, path = "/integrations/{key}/api/v2/alerts", tag = "intake",
    params(
        ("key" = String, Path, description = "The key of the integration"),
        ("filter" = Option<Vec<String>>, Query, description = "A matcher such as `alertname=\"DiskFull\"`; all must match"),
        ("active" = Option<bool>, Query, description = "With alerts that nothing holds back; so unless it is false"),
        ("silenced" = Option<bool>, Query, description = "With alerts that a silence holds back; so unless it is false"),
        ("receiver" = Option<String>, Query, description = "A regular expression that the name of the one receiver, `decurion`, must fit"),
    ),
    responses(
        (status = 200, body = Vec<AlertmanagerAlert>, description = "The newest 5,000, newest first"),
        (status = 400, body = String, description = "A parameter cannot be read"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "No enabled integration has this key"),
        (status = 503, body = Problem, content_type = "application/problem+json", description = "Try again"),
    ))]
async fn alertmanager_alert_list(
    State(state): State<ApiState>,
    Path(key): Path<String>,
    Query(query): Query<Vec<(String, String)>>,
) -> ApiResult<Response> {
    let integration = door(&state, &key, IntegrationKind::AlertmanagerApi)?;
    let (filters, wanted) = match (filters(&query), Wanted::of(&query)) {
        (Ok(filters), Ok(wanted)) => (filters, wanted),
        (Err(wrong), _) | (_, Err(wrong)) => {
            return Ok((StatusCode::BAD_REQUEST, Json(wrong)).into_response());
        }
    };
    let mut alerts = Vec::new();
    for row in rows(&state, integration.id.as_str()).await? {
        let asked = if row.suppressed_by.is_some() { wanted.silenced } else { wanted.active };
        let alert = alert(row)?;
        if asked && wanted.receiver && takes(&filters, &alert.labels) {
            alerts.push(alert);
        }
    }
    Ok(Json(alerts).into_response())
}

async fn rows(state: &ApiState, integration: &str) -> ApiResult<Vec<AlertRow>> {
    let filter = AlertFilter {
        status: AlertStatus::Open,
        integration_id: Some(integration.to_owned()),
        ..AlertFilter::default()
    };
    let (mut rows, mut window, permit) = (Vec::new(), Window::first(WINDOW), reading()?);
    while rows.len() < MOST {
        let listed = state.store().alert_list(&filter, &window, &permit).await?;
        rows.extend(listed.rows);
        match listed.next {
            Some(next) => window = Window::after(WINDOW, Some(next)),
            None => break,
        }
    }
    Ok(rows)
}

fn alert(row: AlertRow) -> ApiResult<AlertmanagerAlert> {
    let texts: BTreeMap<String, String> = read(&row.labels_json)?;
    let (annotations, labels): (BTreeMap<_, _>, BTreeMap<_, _>) =
        texts.into_iter().partition(|(name, _)| name.starts_with(ANNOTATION));
    let plain =
        |(name, text): (String, String)| (name.strip_prefix(ANNOTATION).unwrap_or(&name).to_owned(), text);
    let mut annotations: BTreeMap<_, _> = annotations.into_iter().map(plain).collect();
    annotations.entry("summary".to_owned()).or_insert(row.title);
    let links: Vec<Value> = read(&row.links_json)?;
    let source = links.iter().find(|link| link["text"] == "Source").and_then(|link| link["href"].as_str());
    Ok(AlertmanagerAlert {
        annotations,
        labels,
        receivers: vec![AlertmanagerReceiver { name: RECEIVER }],
        fingerprint: row.dedup_key,
        starts_at: instant(row.opened_us),
        updated_at: instant(row.last_us),
        ends_at: row.expires_at_us.map_or_else(|| NEVER.to_owned(), instant),
        generator_url: source.unwrap_or_default().to_owned(),
        status: AlertmanagerAlertStatus {
            state: if row.suppressed_by.is_some() { "suppressed" } else { "active" },
            silenced_by: row.suppressed_by.into_iter().collect(),
            inhibited_by: Vec::new(),
        },
    })
}

/// Where alerts go, the way Alertmanager says it: to this server
#[utoipa::path(get, path = "/integrations/{key}/api/v2/receivers", tag = "intake",
    params(("key" = String, Path, description = "The key of the integration")),
    responses(
        (status = 200, body = Vec<AlertmanagerReceiver>),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "No enabled integration has this key"),
    ))]
async fn alertmanager_receivers(
    State(state): State<ApiState>,
    Path(key): Path<String>,
) -> ApiResult<Json<Vec<AlertmanagerReceiver>>> {
    door(&state, &key, IntegrationKind::AlertmanagerApi)?;
    Ok(Json(vec![AlertmanagerReceiver { name: RECEIVER }]))
}

/// The status the way Alertmanager gives it
#[utoipa::path(get, path = "/integrations/{key}/api/v2/status", tag = "intake",
    params(("key" = String, Path, description = "The key of the integration")),
    responses(
        (status = 200, body = Object),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "No enabled integration has this key"),
    ))]
async fn alertmanager_status(
    State(state): State<ApiState>,
    Path(key): Path<String>,
) -> ApiResult<Json<Value>> {
    door(&state, &key, IntegrationKind::AlertmanagerApi).map(|_| Json(status_body(state.started_us)))
}

/// What Alertmanager's clients read of a status: the fields that its document requires, and a configuration
/// that says where alerts go.
pub(super) fn status_body(started_us: i64) -> Value {
    let version = env!("CARGO_PKG_VERSION");
    let original = format!("route:\n  receiver: {RECEIVER}\nreceivers:\n- name: {RECEIVER}\n");
    json!({
        "cluster": {"name": "", "status": "disabled", "peers": []},
        "config": {"original": original},
        "uptime": instant(started_us),
        "versionInfo": {"branch": "", "buildDate": "", "buildUser": "", "goVersion": "", "revision": "", "version": version},
    })
}
