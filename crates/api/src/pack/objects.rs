//! One object of the pack: its text, a change of it, its history, and bringing it back.

use axum::Json;
use axum::extract::State;
use decurion_core::access::Permit;
use decurion_core::pack::{self, Document, ObjectKey};
use decurion_engine::{Applied, ObjectVersion, ObjectWrite};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::apply::check_reason;
use super::shape::PackOrigin;
use crate::gate::{Configurer, Reader};
use crate::params::{List, Path};
use crate::problem::{ApiError, ApiResult, ReadProblems, WriteProblems};
use crate::state::ApiState;
use crate::write::{IdempotencyHeader, Write};

pub(super) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(pack_objects))
        .routes(routes!(pack_object_get, pack_object_put, pack_object_remove))
        .routes(routes!(pack_object_history))
        .routes(routes!(pack_object_restore))
}

/// An object of the pack and where it is written.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PackObject {
    /// `person`, `role` and `integration` for entries of lists, otherwise the kind of the document.
    pub kind: String,
    pub id: String,
    pub file: String,
    /// From 1.
    pub line: i64,
}

/// An object of the pack as it is written.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PackObjectText {
    #[serde(flatten)]
    pub object: PackObject,
    /// The version of the pack in force.
    pub version: i64,
    /// YAML with the comments above it.
    pub text: String,
    /// The same as a value.
    pub value: Value,
}

/// A change of one object. Give `text` or `value`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PackObjectRequest {
    /// YAML, taken word for word with its comments.
    pub text: Option<String>,
    /// A value: lines that say the same already stay as they are.
    pub value: Option<Value>,
    pub reason: String,
    /// The version that was looked at; another one in between refuses the change.
    pub base_version: Option<i64>,
}

/// Why an object is removed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PackObjectRemoveRequest {
    pub reason: String,
    /// The version that was looked at; another one in between refuses the change.
    pub base_version: Option<i64>,
}

/// Which state of an object comes back.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PackObjectRestoreRequest {
    /// The version of the pack that holds it as it shall be again.
    pub version: i64,
    pub reason: String,
}

/// The version that a change of one object made.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PackObjectWritten {
    /// The version in force; the one before where nothing changed.
    pub version: i64,
    pub digest: String,
}

/// A version of the pack in which an object changed.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PackObjectVersion {
    pub version: i64,
    pub origin: PackOrigin,
    pub author: String,
    pub reason: String,
    pub applied_us: i64,
    /// Its YAML before; null where this version added it.
    pub before: Option<String>,
    /// Its YAML since; null where this version removed it.
    pub after: Option<String>,
}

impl From<ObjectVersion> for PackObjectVersion {
    fn from(found: ObjectVersion) -> Self {
        Self {
            version: found.version,
            origin: PackOrigin::of(&found.origin),
            author: found.author,
            reason: found.reason,
            applied_us: found.applied_us,
            before: found.before,
            after: found.after,
        }
    }
}

impl From<Applied> for PackObjectWritten {
    fn from(applied: Applied) -> Self {
        Self { version: applied.version, digest: applied.digest }
    }
}

impl From<&pack::Object> for PackObject {
    fn from(object: &pack::Object) -> Self {
        Self {
            kind: object.key.kind.clone(),
            id: object.key.id.clone(),
            file: object.file.clone(),
            line: i64::try_from(object.line).unwrap_or(i64::MAX),
        }
    }
}

/// Every object of the pack in force, file by file
#[utoipa::path(get, path = "/pack/objects", tag = "pack", security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, body = List<PackObject>), ReadProblems))]
async fn pack_objects(State(state): State<ApiState>, reader: Reader) -> ApiResult<Json<List<PackObject>>> {
    let files = state.engine.pack_files(&reader.permit).await?;
    Ok(Json(List::whole(pack::objects(&files).iter().map(PackObject::from).collect())))
}

/// One object of the pack in force
#[utoipa::path(get, path = "/pack/objects/{kind}/{id}", tag = "pack", security(("bearer" = []), ("cookie" = [])),
    params(("kind" = String, Path, description = "`person`, `role`, `schedule`, `escalation`, …"),
        ("id" = String, Path, description = "Its id, a policy's name, or the kind once more")),
    responses((status = 200, body = PackObjectText), ReadProblems))]
async fn pack_object_get(
    State(state): State<ApiState>,
    reader: Reader,
    Path((kind, id)): Path<(String, String)>,
) -> ApiResult<Json<PackObjectText>> {
    let key = ObjectKey::new(kind, id);
    let found = state.engine.pack_version(&reader.permit, None).await?;
    let found = found.and_then(|pack| Some((pack.version, pack::object(&pack.files, &key)?)));
    let (version, object) = found.ok_or_else(|| ApiError::not_found(format!("The pack has no {key}.")))?;
    let value = object.value().unwrap_or_default();
    Ok(Json(PackObjectText { object: PackObject::from(&object), version, value, text: object.text }))
}

/// Change one object, or add it: a new version of the pack
#[utoipa::path(put, path = "/pack/objects/{kind}/{id}", tag = "pack", security(("bearer" = []), ("cookie" = [])),
    params(("kind" = String, Path, description = "`person`, `role`, `schedule`, `escalation`, …"),
        ("id" = String, Path, description = "Its id, a policy's name, or the kind once more"), IdempotencyHeader),
    request_body = PackObjectRequest, responses((status = 200, body = PackObjectWritten), WriteProblems))]
async fn pack_object_put(
    State(state): State<ApiState>,
    configurer: Configurer,
    Path((kind, id)): Path<(String, String)>,
    write: Write<PackObjectRequest>,
) -> ApiResult<Json<Value>> {
    let key = write.idempotency(&configurer.visitor);
    let asked = write.body;
    let change = ObjectWrite::Put(document(asked.text, asked.value)?);
    let object = ObjectKey::new(kind, id);
    let work =
        change_object(&state, &configurer.permit, &object, &change, (&asked.reason, asked.base_version));
    state.once(key, work).await
}

/// Remove one object: a new version of the pack
#[utoipa::path(delete, path = "/pack/objects/{kind}/{id}", tag = "pack",
    security(("bearer" = []), ("cookie" = [])),
    params(("kind" = String, Path, description = "`person`, `role`, `schedule`, `escalation`, …"),
        ("id" = String, Path, description = "Its id, a policy's name, or the kind once more"), IdempotencyHeader),
    request_body = PackObjectRemoveRequest, responses((status = 200, body = PackObjectWritten), WriteProblems))]
async fn pack_object_remove(
    State(state): State<ApiState>,
    configurer: Configurer,
    Path((kind, id)): Path<(String, String)>,
    write: Write<PackObjectRemoveRequest>,
) -> ApiResult<Json<Value>> {
    let key = write.idempotency(&configurer.visitor);
    let asked = write.body;
    let object = ObjectKey::new(kind, id);
    let why = (asked.reason.as_str(), asked.base_version);
    let work = change_object(&state, &configurer.permit, &object, &ObjectWrite::Remove, why);
    state.once(key, work).await
}

async fn change_object(
    state: &ApiState,
    permit: &Permit,
    object: &ObjectKey,
    change: &ObjectWrite,
    (reason, base_version): (&str, Option<i64>),
) -> ApiResult<PackObjectWritten> {
    check_reason(reason)?;
    Ok(state.engine.object_write(permit, object, change, reason, base_version).await?.into())
}

/// The document of a request that gives it in one of two forms.
pub(crate) fn document(text: Option<String>, value: Option<Value>) -> ApiResult<Document> {
    match (text, value) {
        (Some(text), None) => Ok(Document::Text(text)),
        (None, Some(value)) => Ok(Document::Value(value)),
        _ => Err(ApiError::invalid("text", "give the object as `text` or as `value`")),
    }
}

/// The versions of the pack in which an object changed, the newest first
#[utoipa::path(get, path = "/pack/objects/{kind}/{id}/history", tag = "pack",
    security(("bearer" = []), ("cookie" = [])),
    params(("kind" = String, Path, description = "`person`, `role`, `schedule`, `escalation`, …"),
        ("id" = String, Path, description = "Its id, a policy's name, or the kind once more")),
    responses((status = 200, body = List<PackObjectVersion>), ReadProblems))]
async fn pack_object_history(
    State(state): State<ApiState>,
    reader: Reader,
    Path((kind, id)): Path<(String, String)>,
) -> ApiResult<Json<List<PackObjectVersion>>> {
    let key = ObjectKey::new(kind, id);
    let found = state.engine.object_history(&reader.permit, &key, i64::MAX).await?;
    if found.is_empty() {
        return Err(ApiError::not_found(format!("No version of the pack had a {key}.")));
    }
    Ok(Json(List::whole(found.into_iter().map(PackObjectVersion::from).collect())))
}

/// Bring one object back as it was in a version of the pack
#[utoipa::path(post, path = "/pack/objects/{kind}/{id}/restore", tag = "pack",
    security(("bearer" = []), ("cookie" = [])),
    params(("kind" = String, Path, description = "`person`, `role`, `schedule`, `escalation`, …"),
        ("id" = String, Path, description = "Its id, a policy's name, or the kind once more"), IdempotencyHeader),
    request_body = PackObjectRestoreRequest, responses((status = 200, body = PackObjectWritten), WriteProblems))]
async fn pack_object_restore(
    State(state): State<ApiState>,
    configurer: Configurer,
    Path((kind, id)): Path<(String, String)>,
    write: Write<PackObjectRestoreRequest>,
) -> ApiResult<Json<Value>> {
    let key = write.idempotency(&configurer.visitor);
    let (object, asked) = (ObjectKey::new(kind, id), write.body);
    let work = async {
        check_reason(&asked.reason)?;
        let engine = &state.engine;
        let restored =
            engine.object_restore(&configurer.permit, &object, asked.version, &asked.reason).await?;
        Ok(PackObjectWritten::from(restored))
    };
    state.once(key, work).await
}
