//! Answers of writes to the configuration, so that a write sent twice is done once.
//!
//! Decisions about incidents keep their idempotency keys in the database, in the commit that they belong to.
//! Other answers are kept there as soon as the work is done, so that a restarted node and every other node give
//! them again. An answer that holds a secret is never stored: the node remembers the last of them.

use std::collections::{HashMap, VecDeque};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Json;
use decurion_engine::IdempotencyKey;
use decurion_store::IdempotencyRow;
use serde::Serialize;
use serde_json::Value;

use crate::problem::{ApiError, ApiResult};
use crate::state::ApiState;

/// Answers that are remembered.
const MOST: usize = 1_000;

/// What was answered, with the digest of its request; locked while the first request is at work.
type Answer = Arc<tokio::sync::Mutex<Option<(String, Value)>>>;

/// The last answers of this node, by whose key it is and the key. Two equal requests at the same time wait for
/// one another here.
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

/// How long a stored answer is given again, at least.
const KEPT_US: i64 = 2 * 86_400 * 1_000_000;

impl ApiState {
    /// Does `work` once for a key, on all nodes; without a key, always. The answer is stored, so it holds no
    /// secret. An error is not remembered.
    pub(crate) fn once<'a, T: Serialize + Send + 'a>(
        &'a self,
        key: Option<IdempotencyKey>,
        work: impl Future<Output = ApiResult<T>> + Send + 'a,
    ) -> Pin<Box<dyn Future<Output = ApiResult<Json<Value>>> + Send + 'a>> {
        let stored = key.clone();
        let work = Box::pin(async move {
            let Some(key) = stored else { return json(&work.await?) };
            if let Some(known) = self.store().idempotency_get(&key.scope, &key.key).await? {
                return if known.request_digest == key.request_digest {
                    serde_json::from_str(&known.response_json).map_err(|error| ApiError::internal(&error))
                } else {
                    Err(reused())
                };
            }
            let value = json(&work.await?)?;
            self.keep(key, &value).await;
            Ok(value)
        });
        Box::pin(self.replays.once(key, work))
    }

    /// Stores an answer. The work is done by now, so a failure only costs the answer's second giving.
    async fn keep(&self, key: IdempotencyKey, value: &Value) {
        let now_us = self.engine.now_us();
        let IdempotencyKey { scope, key, request_digest } = key;
        let response_json = value.to_string();
        let row = IdempotencyRow { scope, key, request_digest, response_json, created_us: now_us };
        let kept = async {
            self.store().idempotency_prune(now_us - KEPT_US).await?;
            self.store().idempotency_keep(&row).await
        };
        if let Err(error) = kept.await {
            tracing::warn!(%error, "the answer under an Idempotency-Key is not stored");
        }
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
