//! Answers of writes to the configuration, so that a write sent twice is done once.
//!
//! Decisions about incidents keep their idempotency keys in the database, in the commit that they belong to.
//! For the rest the node remembers the last answers; an answer may hold a key that must not be stored.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use axum::Json;
use decurion_engine::IdempotencyKey;
use serde::Serialize;
use serde_json::Value;

use crate::problem::{ApiError, ApiResult};

/// Answers that are remembered.
const MOST: usize = 1_000;

/// What was answered, with the digest of its request; locked while the first request is at work.
type Answer = Arc<tokio::sync::Mutex<Option<(String, Value)>>>;

/// The last answers, by whose key it is and the key.
#[derive(Debug, Default)]
pub(crate) struct Replays {
    known: Mutex<Known>,
}

#[derive(Debug, Default)]
struct Known {
    answers: HashMap<(String, String), Answer>,
    order: VecDeque<(String, String)>,
}

impl Replays {
    /// Does `work` once for a key; without a key, always. An error is not remembered.
    pub(crate) async fn once<T: Serialize>(
        &self,
        key: Option<IdempotencyKey>,
        work: impl Future<Output = ApiResult<T>>,
    ) -> ApiResult<Json<Value>> {
        let Some(key) = key else { return json(&work.await?).map(Json) };
        let answer = self.answer(&key);
        let mut answer = answer.lock().await;
        if let Some((digest, value)) = &*answer {
            return if *digest == key.request_digest { Ok(Json(value.clone())) } else { Err(reused()) };
        }
        let value = json(&work.await?)?;
        *answer = Some((key.request_digest, value.clone()));
        Ok(Json(value))
    }

    fn answer(&self, key: &IdempotencyKey) -> Answer {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let place = (key.scope.clone(), key.key.clone());
        if let Some(answer) = known.answers.get(&place) {
            return Arc::clone(answer);
        }
        if known.order.len() >= MOST
            && let Some(oldest) = known.order.pop_front()
        {
            known.answers.remove(&oldest);
        }
        known.order.push_back(place.clone());
        Arc::clone(known.answers.entry(place).or_default())
    }
}

fn json(value: &impl Serialize) -> ApiResult<Value> {
    serde_json::to_value(value).map_err(|error| ApiError::internal(&error))
}

fn reused() -> ApiError {
    ApiError::refused("refused", "This Idempotency-Key was used for another request.")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use std::sync::atomic::{AtomicU32, Ordering};

    use decurion_engine::IdempotencyKey;

    use super::Replays;
    use crate::problem::ApiError;

    fn key(key: &str, request: &str) -> IdempotencyKey {
        let (scope, key, request_digest) = ("account:a".to_owned(), key.to_owned(), request.to_owned());
        IdempotencyKey { scope, key, request_digest }
    }

    #[tokio::test]
    async fn the_same_request_is_done_once() {
        let (replays, done) = (Replays::default(), AtomicU32::new(0));
        let work = async || Ok(done.fetch_add(1, Ordering::Relaxed));
        assert_eq!(replays.once(Some(key("k", "r")), work()).await.unwrap().0, 0);
        assert_eq!(replays.once(Some(key("k", "r")), work()).await.unwrap().0, 0);
        assert!(replays.once(Some(key("k", "other")), work()).await.is_err());
        assert_eq!(replays.once(Some(key("l", "r")), work()).await.unwrap().0, 1);
        assert_eq!(replays.once(None, work()).await.unwrap().0, 2);
    }

    #[tokio::test]
    async fn an_error_may_be_tried_again() {
        let replays = Replays::default();
        let failed = replays.once::<u8>(Some(key("k", "r")), async { Err(ApiError::busy()) }).await;
        assert!(failed.is_err());
        assert_eq!(replays.once(Some(key("k", "r")), async { Ok(1) }).await.unwrap().0, 1);
    }
}
