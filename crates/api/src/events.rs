//! Live updates: server-sent events over the journal, without gaps after a reconnect.
//!
//! Every event is read from the journal; the engine only says that there is something new. So a client that
//! was away, a client that is slow, and a decision of another node all take the same path.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::sse::{Event, Sse};
use decurion_core::access::Permit;
use decurion_core::journal::Entry;
use decurion_engine::Recorded;
use decurion_store::JournalFilter;
use futures_util::Stream;
use serde::Serialize;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::Instant;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::gate::Reader;
use crate::params::{open, seal};
use crate::problem::{ApiError, ApiResult, ReadProblems};
use crate::state::ApiState;

/// The longest silence on the line.
const BEAT: Duration = Duration::from_secs(5);
/// Changes that come right after one another are read together.
const GATHER: Duration = Duration::from_millis(20);
/// After this time the client connects again, and shows again who it is.
const LONGEST: Duration = Duration::from_mins(15);
/// Records that are read at once.
const CHUNK: u32 = 200;

pub(crate) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new().routes(routes!(events))
}

/// The data of a `change` event.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ChangeEvent {
    /// Where to go on after a reconnect; also the event's id.
    pub cursor: String,
    /// As the journal names it: `incident.acknowledged`.
    pub kind: String,
    /// `incident:inc_…`
    pub stream: String,
    /// The incident that it is about, or empty.
    pub subject: String,
    pub at_us: i64,
}

/// The data of a `beat` event.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BeatEvent {
    pub now_us: i64,
}

/// What changes, as server-sent events: `change` and, at least every 5 s, `beat`
#[utoipa::path(get, path = "/events", tag = "status", security(("bearer" = []), ("cookie" = [])),
    params(("Last-Event-ID" = Option<String>, Header, description = "The id of the last event that was seen")),
    responses((status = 200, description = "Events", body = ChangeEvent, content_type = "text/event-stream"),
        ReadProblems))]
async fn events(
    State(state): State<ApiState>,
    reader: Reader,
    headers: HeaderMap,
) -> ApiResult<Sse<impl Stream<Item = Result<Event, Infallible>>>> {
    // Listening begins before the journal is looked at: what comes in between is seen twice, never not.
    let news = state.engine.subscribe();
    let last = headers.get("last-event-id").and_then(|value| value.to_str().ok());
    let seq = match last.filter(|last| !last.is_empty()) {
        Some(last) => open_cursor(last)?,
        None => state.store().head().await?.seq,
    };
    let feed = Feed {
        state,
        permit: reader.permit,
        news,
        seq,
        waiting: Vec::new(),
        beat: Instant::now(),
        until: Instant::now() + LONGEST,
    };
    Ok(Sse::new(futures_util::stream::unfold(feed, |mut feed| async move {
        let event = feed.next().await?;
        Some((Ok(event), feed))
    })))
}

fn open_cursor(text: &str) -> ApiResult<i64> {
    let unknown = || ApiError::invalid("Last-Event-ID", "this is not the id of an event");
    open(text).and_then(|text| text.strip_prefix("seq ")?.parse().ok()).ok_or_else(unknown)
}

fn cursor(seq: i64) -> String {
    seal(&format!("seq {seq}"))
}

struct Feed {
    state: ApiState,
    permit: Permit,
    news: Receiver<Recorded>,
    /// The last record that the client has.
    seq: i64,
    /// Read, and not given yet; the next one is the last.
    waiting: Vec<Entry>,
    /// When the line must not be silent any longer.
    beat: Instant,
    /// When the line is closed.
    until: Instant,
}

impl Feed {
    async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(entry) = self.waiting.pop() {
                return Some(self.change(&entry));
            }
            if self.read().await.is_err() {
                return None;
            }
            if !self.waiting.is_empty() {
                continue;
            }
            if Instant::now() >= self.until {
                return None;
            }
            if Instant::now() >= self.beat {
                return Some(self.beat());
            }
            self.wait().await;
        }
    }

    fn change(&mut self, entry: &Entry) -> Event {
        self.seq = entry.seq;
        let cursor = cursor(entry.seq);
        let data = ChangeEvent {
            cursor: cursor.clone(),
            kind: entry.kind.clone(),
            stream: entry.stream.to_string(),
            subject: entry.subject.clone(),
            at_us: entry.at_us,
        };
        event("change", &data).id(cursor)
    }

    fn beat(&mut self) -> Event {
        self.beat = Instant::now() + BEAT;
        event("beat", &BeatEvent { now_us: self.state.engine.now_us() })
    }

    async fn read(&mut self) -> decurion_store::Result<()> {
        let filter = JournalFilter { after_seq: self.seq, ..JournalFilter::default() };
        let mut entries = self.state.store().journal_list(&filter, CHUNK, &self.permit).await?;
        entries.reverse();
        self.waiting = entries;
        Ok(())
    }

    /// Until something is new or the line was silent long enough. A burst is gathered.
    async fn wait(&mut self) {
        match tokio::time::timeout_at(self.beat, self.news.recv()).await {
            Ok(Ok(_) | Err(RecvError::Lagged(_))) => {
                tokio::time::sleep(GATHER).await;
                self.news = self.news.resubscribe();
            }
            Ok(Err(RecvError::Closed)) => self.until = Instant::now(),
            Err(_) => {}
        }
    }
}

fn event(name: &str, data: &impl Serialize) -> Event {
    Event::default().event(name).data(serde_json::to_string(data).unwrap_or_default())
}
