//! The API document: made from the code, one snapshot in the repository.

use serde_json::{Map, Value};
use utoipa::openapi::path::Operation;
use utoipa::openapi::schema::ArrayItems;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder, PathItem, Ref, RefOr, Schema};

use crate::session::SESSION_COOKIE;

/// The document before the operations are added.
pub(crate) fn base() -> OpenApi {
    let info = InfoBuilder::new()
        .title("Decurion")
        .version("1")
        .description(Some(
            "Alerts, incidents, escalation and on-call. Times are integers in microseconds since 1970 UTC, of the \
             server's clock, named `*_us`. Lists are paged: give `next` as `after`. Writes with a session cookie \
             need the header `X-Decurion: 1`.",
        ))
        .license(Some(LicenseBuilder::new().name("Apache-2.0").identifier(Some("Apache-2.0")).build()))
        .build();
    let mut document = OpenApiBuilder::new().info(info).build();
    let components = document.components.get_or_insert_default();
    let bearer = |description: &str| {
        SecurityScheme::Http(
            HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some(description)).build(),
        )
    };
    let cookie = SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::with_description(
        SESSION_COOKIE,
        "The session of a browser; writes also need the header X-Decurion: 1",
    )));
    components.add_security_scheme("bearer", bearer("The token of a session"));
    components.add_security_scheme("integration", bearer("The key of an integration"));
    let genie = "The word GenieKey, a blank, and the key of an integration";
    let genie = SecurityScheme::ApiKey(ApiKey::Header(ApiKeyValue::with_description("Authorization", genie)));
    components.add_security_scheme("genie", genie);
    components.add_security_scheme("cookie", cookie);
    document
}

/// Says of every answer that all its fields are always there; what may be null says so itself.
///
/// Requests end in `Request`; in them a field that may be left out stays optional.
pub(crate) fn finish(document: &mut OpenApi) {
    for item in document.paths.paths.values_mut() {
        operations(item).for_each(describe);
    }
    let Some(components) = &mut document.components else { return };
    for (name, schema) in &mut components.schemas {
        if !is_request(name) {
            require_all(schema);
        }
        if let Some(item) = name.strip_prefix("List_") {
            refer_to(schema, item);
        }
    }
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [&mut item.get, &mut item.post, &mut item.patch, &mut item.delete].into_iter().filter_map(Option::as_mut)
}

/// OpenAPI wants a description of every answer.
fn describe(operation: &mut Operation) {
    for response in operation.responses.responses.values_mut() {
        if let RefOr::T(response) = response
            && response.description.is_empty()
        {
            "Done".clone_into(&mut response.description);
        }
    }
}

/// The items of a page are the schema of that name, not a copy of it.
fn refer_to(list: &mut RefOr<Schema>, item: &str) {
    let RefOr::T(Schema::Object(list)) = list else { return };
    if let Some(RefOr::T(Schema::Array(items))) = list.properties.get_mut("items") {
        items.items = ArrayItems::RefOrSchema(Box::new(RefOr::Ref(Ref::from_schema_name(item))));
    }
}

fn is_request(name: &str) -> bool {
    name.ends_with("Request")
        || matches!(name, "MappingText" | "PagerdutyEvent" | "PagerdutyPayload" | "Problem")
}

fn require_all(schema: &mut RefOr<Schema>) {
    match schema {
        RefOr::T(Schema::Object(object)) => object.required = object.properties.keys().cloned().collect(),
        RefOr::T(Schema::AllOf(parts)) => parts.items.iter_mut().for_each(require_all),
        _ => {}
    }
}

/// The document as the snapshot holds it: pretty, with the operations by path.
pub fn to_text(document: &OpenApi) -> Result<String, serde_json::Error> {
    let mut value = serde_json::to_value(document)?;
    if let Some(paths) = value.get_mut("paths").and_then(Value::as_object_mut) {
        sort(paths);
    }
    Ok(format!("{}\n", serde_json::to_string_pretty(&value)?))
}

fn sort(object: &mut Map<String, Value>) {
    let mut entries: Vec<(String, Value)> = std::mem::take(object).into_iter().collect();
    entries.sort_by(|a, b| a.0.cmp(&b.0));
    object.extend(entries);
}
