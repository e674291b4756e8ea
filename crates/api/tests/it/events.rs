//! Live updates: what was missed is sent first, in order and without gaps.

use std::time::Duration;

use axum::body::Body;
use axum::http::Request;
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use tower::ServiceExt as _;

use crate::bed::Bed;

/// One event of the stream.
#[derive(Debug)]
struct Seen {
    name: String,
    id: String,
    data: Value,
}

struct Line {
    body: Body,
    text: String,
}

async fn open(bed: &Bed, last: Option<&str>) -> Line {
    let mut request =
        Request::builder().uri("/api/v1/events").header("authorization", format!("Bearer {}", bed.token));
    if let Some(last) = last {
        request = request.header("last-event-id", last);
    }
    let response = bed.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    Line { body: response.into_body(), text: String::new() }
}

impl Line {
    async fn next(&mut self) -> Seen {
        loop {
            if let Some((event, rest)) = self.text.split_once("\n\n") {
                let (event, rest) = (event.to_owned(), rest.to_owned());
                self.text = rest;
                return parse(&event);
            }
            let frame = tokio::time::timeout(Duration::from_secs(10), self.body.frame()).await.unwrap();
            let data = frame.unwrap().unwrap().into_data().unwrap();
            self.text.push_str(std::str::from_utf8(&data).unwrap());
        }
    }

    async fn change(&mut self) -> Seen {
        loop {
            let seen = self.next().await;
            if seen.name == "change" {
                return seen;
            }
        }
    }
}

fn parse(event: &str) -> Seen {
    let field = |name: &str| {
        let line = event.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
        line.unwrap_or_default().to_owned()
    };
    Seen { name: field("event"), id: field("id"), data: serde_json::from_str(&field("data")).unwrap() }
}

#[tokio::test]
async fn the_line_beats_from_the_start_and_tells_changes() {
    let bed = Bed::new().await;
    let mut line = open(&bed, None).await;
    let beat = line.next().await;
    assert_eq!(beat.name, "beat");
    assert!(beat.data["now_us"].as_i64().unwrap() > 0);
    let case = bed.declared("Ransom note").await;
    let opened = line.change().await;
    assert_eq!(opened.data["kind"], "incident.opened");
    assert_eq!(opened.data["subject"], case["id"]);
    assert_eq!(opened.data["cursor"], opened.id.as_str());
}

#[tokio::test]
async fn a_client_that_was_away_gets_what_it_missed() {
    let bed = Bed::new().await;
    let mut line = open(&bed, None).await;
    bed.declared("first").await;
    let seen = line.change().await;
    drop(line);
    let case = bed.declared("second").await;
    bed.post("/incidents/INC-2/notes", json!({"text": "while away"})).await;

    let journal = bed.get("/journal?order=asc&limit=500").await;
    let begin =
        journal["items"].as_array().unwrap().iter().position(|entry| entry["kind"] == "incident.opened");
    let missed: Vec<Value> = journal["items"].as_array().unwrap()[begin.unwrap() + 1..].to_vec();
    let mut line = open(&bed, Some(&seen.id)).await;
    for entry in &missed {
        let told = line.change().await;
        assert_eq!((&told.data["kind"], &told.data["stream"]), (&entry["kind"], &entry["stream"]));
    }
    assert!(missed.iter().any(|entry| entry["subject"] == case["id"]));
}

#[tokio::test]
async fn a_cursor_that_is_none_is_refused() {
    let bed = Bed::new().await;
    let authorization = format!("Bearer {}", bed.token);
    let headers = [("authorization", authorization.as_str()), ("last-event-id", "12")];
    let refused = bed.send("GET", "/api/v1/events", &headers, "").await.is(400);
    assert_eq!(refused.json()["field"], "Last-Event-ID");
}
