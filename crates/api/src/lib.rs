//! HTTP: the API, the doors for senders, signed links, live updates, and the console inside the binary.
//!
//! One folder for each feature, one file for each group of operations; every operation is in the API
//! document because it is routed by `routes!`. To add one: a handler with `#[utoipa::path]`, its line in the
//! feature's `routes`, then `UPDATE_OPENAPI=1 cargo test -p decurion-api` writes the document anew.

mod alert;
mod board;
mod body;
mod change;
mod console;
mod contact;
mod demo;
mod document;
mod events;
mod gate;
mod headers;
mod health;
mod ical;
mod incident;
mod intake;
mod integration;
mod journal;
mod link;
mod mailbox;
mod oncall;
mod organisation;
mod pack;
mod params;
mod problem;
mod replays;
mod request_id;
mod serve;
mod session;
mod silence;
mod state;
mod status;
mod words;
mod write;

use axum::Router;
use axum::http::header;
use axum::middleware::from_fn;
use axum::response::IntoResponse as _;
use axum::routing::get;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, Predicate as _, SizeAbove};
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;

pub use demo::{DemoLine, DemoScript};
pub use document::to_text;
pub use intake::sns::SnsAuthority;
pub use problem::Problem;
pub use serve::serve;
pub use session::{PasswordError, hash_password};
pub use state::{ApiState, Settings};

/// Bytes; what senders are answered is smaller, and must cost them nothing.
const WORTH_COMPRESSING: u64 = 1_024;

/// Every operation of `/api/v1`.
fn operations() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .merge(session::routes())
        .merge(status::routes())
        .merge(events::routes())
        .merge(organisation::routes())
        .merge(board::routes())
        .merge(incident::read_routes())
        .merge(incident::record_routes())
        .merge(incident::action_routes())
        .merge(alert::routes())
        .merge(alert::signal_routes())
        .merge(change::routes())
        .merge(silence::routes())
        .merge(oncall::routes())
        .merge(oncall::coverage_routes())
        .merge(oncall::override_routes())
        .merge(oncall::level_routes())
        .merge(oncall::load_routes())
        .merge(oncall::whatif_routes())
        .merge(contact::routes())
        .merge(ical::feed_routes())
        .merge(ical::import_routes())
        .merge(oncall::preview_routes())
        .merge(oncall::swap_routes())
        .merge(oncall::absence_routes())
        .merge(oncall::acceptance_routes())
        .merge(oncall::handoff_routes())
        .merge(integration::read_routes())
        .merge(integration::write_routes())
        .merge(integration::mapping_routes())
        .merge(integration::sender_routes())
        .merge(mailbox::routes())
        .merge(journal::routes())
        .merge(pack::routes())
        .merge(demo::routes())
}

fn parts() -> (Router<ApiState>, OpenApi) {
    let whole =
        OpenApiRouter::with_openapi(document::base()).nest("/api/v1", operations()).merge(intake::routes());
    let (router, mut document) = whole.split_for_parts();
    document::finish(&mut document);
    (router, document)
}

/// The API document (OpenAPI 3.1).
pub fn openapi() -> OpenApi {
    parts().1
}

/// Everything that is served.
pub fn router(state: ApiState) -> Router {
    let (operations, document) = parts();
    let text = to_text(&document).unwrap_or_default();
    operations
        .route("/api/v1/openapi.json", get(async move || json_text(text)))
        .merge(intake::plain_routes())
        .merge(ical::served_routes())
        .merge(link::routes())
        .merge(health::routes())
        .fallback(console::serve)
        .method_not_allowed_fallback(console::not_allowed)
        .layer(
            CompressionLayer::new()
                .compress_when(DefaultPredicate::new().and(SizeAbove::new(WORTH_COMPRESSING))),
        )
        .layer(from_fn(headers::in_time))
        .layer(from_fn(headers::add))
        .layer(from_fn(request_id::give))
        .with_state(state)
}

fn json_text(text: String) -> axum::response::Response {
    ([(header::CONTENT_TYPE, "application/json")], text).into_response()
}
