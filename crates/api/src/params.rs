//! Path and query parameters, with the parameter at fault in the answer; cursors and pages of lists.

use axum::extract::FromRequestParts;
use axum::extract::rejection::PathRejection;
use axum::http::request::Parts;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use decurion_store::{Cursor, Listed, Window};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::problem::{ApiError, ApiResult};

/// Path parameters.
#[derive(Debug)]
pub(crate) struct Path<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let found: Result<axum::extract::Path<T>, PathRejection> =
            <axum::extract::Path<T> as FromRequestParts<S>>::from_request_parts(parts, state).await;
        found
            .map(|axum::extract::Path(value)| Self(value))
            .map_err(|error| ApiError::not_found(error.body_text()))
    }
}

/// Query parameters.
#[derive(Debug)]
pub(crate) struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, ApiError> {
        let found = axum::extract::Query::<T>::try_from_uri(&parts.uri);
        found.map(|axum::extract::Query(value)| Self(value)).map_err(|error| query_error(&error.body_text()))
    }
}

/// The extractor words its errors as `… query string: limit: invalid digit …`.
fn query_error(text: &str) -> ApiError {
    let said = text.split_once(": ").map_or(text, |(_, said)| said);
    match said.split_once(": ") {
        Some((field, detail)) => ApiError::invalid(field, detail),
        None => ApiError::invalid("query", said),
    }
}

/// Which part of a list.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct PageQuery {
    /// How many items at most.
    #[param(minimum = 1, maximum = 500, default = 100)]
    pub limit: Option<u32>,
    /// The `next` of the page before.
    pub after: Option<String>,
}

/// The items of a page when nothing is asked.
const DEFAULT_LIMIT: u32 = 100;
const MAX_LIMIT: u32 = 500;

/// Checks how many items are asked for.
pub(crate) fn limit(asked: Option<u32>) -> ApiResult<u32> {
    match asked.unwrap_or(DEFAULT_LIMIT) {
        limit @ 1..=MAX_LIMIT => Ok(limit),
        other => Err(ApiError::invalid("limit", format!("{other} is not between 1 and {MAX_LIMIT}"))),
    }
}

impl PageQuery {
    /// As the store reads lists.
    pub(crate) fn window(&self) -> ApiResult<Window> {
        let after = self.after.as_deref().map(open_cursor).transpose()?;
        Ok(Window::after(limit(self.limit)?, after))
    }
}

fn open_cursor(text: &str) -> ApiResult<Cursor> {
    let unknown = || ApiError::invalid("after", "this is not the `next` of a page");
    open(text).and_then(|text| text.parse().ok()).ok_or_else(unknown)
}

/// Makes text opaque for callers: it is ours to change.
pub(crate) fn seal(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(text)
}

/// What [`seal`] made.
pub(crate) fn open(text: &str) -> Option<String> {
    String::from_utf8(URL_SAFE_NO_PAD.decode(text).ok()?).ok()
}

/// A page of a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct List<T> {
    pub items: Vec<T>,
    /// Give it as `after` to get the next page; null on the last one.
    pub next: Option<String>,
}

impl<T> List<T> {
    /// A list that has one page.
    pub(crate) const fn whole(items: Vec<T>) -> Self {
        Self { items, next: None }
    }

    /// The page that the store read.
    pub(crate) fn of<Row>(listed: Listed<Row>, make: impl FnMut(Row) -> ApiResult<T>) -> ApiResult<Self> {
        let next = listed.next.map(|cursor| seal(&cursor.to_string()));
        let items = listed.rows.into_iter().map(make).collect::<ApiResult<_>>()?;
        Ok(Self { items, next })
    }
}
