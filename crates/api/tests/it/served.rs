//! What every answer carries, and what is served beside the API.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::bed::Bed;

#[tokio::test]
async fn every_answer_is_guarded_and_named() {
    let bed = Bed::new().await;
    for path in ["/", "/incidents/INC-1", "/api/v1/me", "/api/v1/nothing", "/health/live", "/a/x"] {
        let answer = bed.send("GET", path, &[], "").await;
        let policy = answer.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'; script-src 'self';"), "{path}: {policy}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert!(answer.header("x-request-id").starts_with("req_"), "{path}");
    }
    assert_eq!(bed.send("GET", "/api/v1/me", &[], "").await.header("cache-control"), "no-store");
    assert_eq!(bed.send("GET", "/api/v1/nothing", &[], "").await.is(404).json()["code"], "not_found");
    assert_eq!(bed.send("GET", "/v2/enqueue", &[], "").await.is(405).json()["code"], "method_not_allowed");
}

#[tokio::test]
async fn health_and_numbers_need_no_account() {
    let bed = Bed::new().await;
    let (_, _, path) = bed.integration("generic", json!({})).await;
    bed.send("POST", &path, &[], r#"{"title":"x","dedup_key":"d"}"#).await.is(202);
    bed.send("POST", &path, &[], "{").await.is(400);
    bed.send("GET", "/health/live", &[], "").await.is(200);
    bed.send("GET", "/health/ready", &[], "").await.is(200);
    let metrics = bed.send("GET", "/metrics", &[], "").await.is(200).text;
    for line in [
        "decurion_intake_requests_total{kind=\"generic\",outcome=\"accepted\"} 1",
        "decurion_intake_requests_total{kind=\"generic\",outcome=\"refused\"} 1",
        "decurion_incidents_open{severity=\"sev1\"} 0",
        "decurion_alerts_open 1",
        "decurion_database_up 1",
        "decurion_late 0",
        "decurion_commit_seconds_bucket{le=\"+Inf\"}",
    ] {
        assert!(metrics.contains(line), "{line} is not in\n{metrics}");
    }
}

#[tokio::test]
async fn the_journal_is_read_and_verified() {
    let bed = Bed::new().await;
    bed.declared("Ransom note").await;
    bed.post("/incidents/INC-1/notes", json!({"text": "seen"})).await;
    let newest = bed.get("/journal?kind=incident.&limit=1").await;
    assert_eq!(newest["items"][0]["kind"], "incident.noted");
    assert_eq!(newest["items"][0]["payload"]["text"], "seen");
    let next = newest["next"].as_str().unwrap();
    let older = bed.get(&format!("/journal?kind=incident.&limit=1&after={next}")).await;
    assert!(older["items"][0]["seq"].as_i64() < newest["items"][0]["seq"].as_i64());
    assert_eq!(bed.get("/status").await["journal"]["verified_us"], Value::Null);
    let verified = bed.post("/journal/verify", json!({})).await;
    assert_eq!((&verified["ok"], &verified["broken"]), (&json!(true), &Value::Null));
    let status = bed.get("/status").await;
    assert!(status["journal"]["verified_us"].is_i64());
    assert_eq!((&status["database"], &status["version"]), (&json!("sqlite"), &json!("test")));
    bed.ask("GET", "/demo", &Value::Null).await.is(404);
}

#[tokio::test]
async fn the_document_is_served() {
    let bed = Bed::new().await;
    let document = bed.send("GET", "/api/v1/openapi.json", &[], "").await.is(200).json();
    assert_eq!(document["openapi"], "3.1.0");
    assert!(document["paths"]["/v2/enqueue"]["post"].is_object());
}

/// A real socket: who sends slowly is cut off.
#[tokio::test]
async fn slow_senders_are_cut_off_and_the_server_stops_when_told() {
    let bed = Bed::new().await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let serving = tokio::spawn(decurion_api::serve(listener, bed.router.clone(), async {
        let _ = stopped.await;
    }));
    let mut head = tokio::net::TcpStream::connect(address).await.unwrap();
    head.write_all(b"POST /v2/enqueue HTTP/1.1\r\nHost: x\r\n").await.unwrap();
    let mut body = tokio::net::TcpStream::connect(address).await.unwrap();
    let request = b"POST /v2/enqueue HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{";
    body.write_all(request).await.unwrap();
    let answer = async |stream: &mut tokio::net::TcpStream| {
        let mut buffer = vec![0; 4_096];
        let read = tokio::time::timeout(Duration::from_secs(15), stream.read(&mut buffer)).await;
        let read = read.expect("in time").unwrap_or(0);
        String::from_utf8_lossy(&buffer[..read]).into_owned()
    };
    assert!(answer(&mut body).await.starts_with("HTTP/1.1 408"));
    let cut = answer(&mut head).await;
    assert!(cut.is_empty() || cut.contains(" 408 "), "{cut}");
    stop.send(()).unwrap();
    tokio::time::timeout(Duration::from_secs(5), serving).await.expect("it stops").unwrap();
}

#[tokio::test]
async fn large_answers_are_compressed_and_small_ones_are_not() {
    let bed = Bed::new().await;
    let gzip = [("accept-encoding", "gzip")];
    let request = |path: &str| {
        let request = axum::http::Request::builder().uri(path).header(gzip[0].0, gzip[0].1);
        request.body(axum::body::Body::empty()).unwrap()
    };
    let encoding = async |path: &str| {
        let response = tower::ServiceExt::oneshot(bed.router.clone(), request(path)).await.unwrap();
        response.headers().get("content-encoding").map(|value| value.to_str().unwrap().to_owned())
    };
    assert_eq!(encoding("/api/v1/openapi.json").await.as_deref(), Some("gzip"));
    assert_eq!(encoding("/health/live").await, None);
}
