use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use decurion_core::notify::MessageKind;
use decurion_core::org::Channel;
use serde_json::json;

use crate::python::{self, PythonServer};
use crate::recorder::{Answer, Received, Recorder};
use crate::support::{ACKNOWLEDGE, NOTIFICATION, channels, delivered, failed, local, message, now_us};

/// Verifies with PyPI's `standardwebhooks`; false when it says that the signature does not match.
fn verified(secret: &str, received: &Received, body: &[u8]) -> bool {
    const PROGRAM: &str = "
import json, sys
from standardwebhooks.webhooks import Webhook, WebhookVerificationError
given = json.load(sys.stdin)
try:
    Webhook(given['secret']).verify(given['body'], given['headers'])
    print('good')
except WebhookVerificationError as error:
    print('bad', error)
";
    let given = json!({
        "secret": secret,
        "headers": received.headers,
        "body": String::from_utf8(body.to_vec()).unwrap(),
    });
    let mut child = Command::new(python::interpreter())
        .args(["-c", PROGRAM])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    serde_json::to_writer(child.stdin.take().unwrap(), &given).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap().starts_with("good")
}

#[tokio::test]
async fn the_signature_is_what_an_independent_receiver_computes() {
    let recorder = Recorder::answering("202 Accepted", "{\"id\":\"r-7\"}").await;
    let message = message(Channel::Webhook, recorder.url("/hook"));
    let answer = delivered(channels(local()).send(&message, now_us()).await);
    assert_eq!(answer, "202 Accepted: {\"id\":\"r-7\"}");

    let received = recorder.only();
    assert_eq!(received.line, "POST /hook HTTP/1.1");
    assert_eq!(received.headers["webhook-id"], NOTIFICATION);
    assert_eq!(received.headers["content-type"], "application/json");
    let secret = local().webhook_secret.unwrap();
    assert!(verified(&secret, &received, &received.body));
    let other = "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    assert!(!verified(other, &received, &received.body));
    let mut tampered = received.body.clone();
    let at = tampered.len() - 3;
    tampered[at] ^= 1;
    assert!(!verified(&secret, &received, &tampered));
}

#[tokio::test]
async fn every_secret_signs_while_receivers_change_over() {
    let recorder = Recorder::answering("204 No Content", "").await;
    let mut settings = local();
    let (new, old) = ("whsec_bmV3bmV3bmV3bmV3bmV3bmV3bmV3bmV3", settings.webhook_secret.unwrap());
    settings.webhook_secret = Some(format!("{new} {old}"));
    delivered(channels(settings).send(&message(Channel::Webhook, recorder.url("/")), now_us()).await);
    let received = recorder.only();
    assert!(verified(new, &received, &received.body) && verified(&old, &received, &received.body));
}

#[tokio::test]
async fn the_body_carries_the_whole_message() {
    let recorder = Recorder::answering("200 OK", "").await;
    let mut message = message(Channel::Webhook, recorder.url("/hook"));
    message.attempt = 2;
    assert_eq!(delivered(channels(local()).send(&message, now_us()).await), "200 OK");
    message.kind = MessageKind::Tell;
    message.brief = Some("A page for executives.".to_owned());
    message.acknowledge_url = None;
    delivered(channels(local()).send(&message, now_us()).await);
    let [page, tell] = <[_; 2]>::try_from(recorder.received()).unwrap();
    let expected = json!({
        "type": "notification.page",
        "timestamp": "2025-10-09T08:53:20.25Z",
        "data": {
            "notification": NOTIFICATION,
            "page": "pag_01980000-0000-7000-8000-000000000002",
            "incident": "inc_01980000-0000-7000-8000-000000000003",
            "reference": "INC-42",
            "person": "Elif Özdemir",
            "level": "L1",
            "severity": "sev2",
            "title": "Root login <without> MFA & from a new country",
            "text": "14 signals since 02:11.\nWithout an answer by 02:16, L2 is paged.",
            "brief": null,
            "acknowledge_url": ACKNOWLEDGE,
            "incident_url": "https://pager.example/incidents/INC-42",
            "attempt": 2,
        },
    });
    assert_eq!(page.json(), expected);
    assert_eq!(tell.json()["type"], "notification.tell");
    assert_eq!(tell.json()["data"]["brief"], "A page for executives.");
    assert_eq!(page.headers["webhook-id"], tell.headers["webhook-id"]);
}

#[tokio::test]
async fn the_status_decides_whether_trying_again_can_help() {
    let cases = [
        ("400 Bad Request", true),
        ("401 Unauthorized", true),
        ("404 Not Found", true),
        ("408 Request Timeout", false),
        ("410 Gone", true),
        ("425 Too Early", false),
        ("429 Too Many Requests", false),
        ("500 Internal Server Error", false),
        ("503 Service Unavailable", false),
    ];
    let channels = channels(local());
    for (status, permanent) in cases {
        let recorder = Recorder::answering(status, "said so").await;
        let outcome = channels.send(&message(Channel::Webhook, recorder.url("/")), now_us()).await;
        assert_eq!(failed(outcome), (format!("{status}: said so"), permanent));
        assert_eq!(recorder.received().len(), 1, "{status} is not for this crate to try again");
    }
}

#[tokio::test]
async fn answers_are_one_short_line_without_secrets() {
    let recorder = Recorder::start(|request| {
        let echo = String::from_utf8_lossy(&request.body).replace("https://", "https:\\/\\/");
        Answer::status("400 Bad Request", &format!("line one\r\n\tline two {echo} {}", "x".repeat(9_000)))
    })
    .await;
    let address = recorder.url("/hook/T0/secret-part").replace("http://", "http://user:pass@");
    let (answer, _) = failed(channels(local()).send(&message(Channel::Webhook, address), now_us()).await);
    assert!(answer.starts_with("400 Bad Request: line one line two {"), "{answer}");
    assert_eq!(answer.chars().count(), 500);
    let token = ACKNOWLEDGE.rsplit('/').next().unwrap();
    for secret in [token, "user:pass", "secret-part"] {
        assert!(!answer.contains(secret), "{secret} in {answer}");
    }
}

#[tokio::test]
async fn a_receiver_that_is_not_there_is_transient_and_its_address_stays_out_of_the_answer() {
    for host in ["127.0.0.1:1", "nobody.invalid"] {
        let address = format!("http://user:pass@{host}/hook/secret-part");
        let outcome = channels(local()).send(&message(Channel::Webhook, address), now_us()).await;
        let (answer, permanent) = failed(outcome);
        assert!(answer.starts_with("could not connect: ") && !permanent, "{answer}");
        assert!(!answer.contains("pass") && !answer.contains("secret-part"), "{answer}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn https_needs_a_certificate_that_is_trusted() {
    let server = PythonServer::start("https_server.py", "tls");
    let message = message(Channel::Webhook, format!("https://localhost:{}/hook", server.port));
    let (answer, permanent) = failed(channels(local()).send(&message, now_us()).await);
    assert!(answer.contains("UnknownIssuer") && !permanent, "{answer}");
    let mut settings = local();
    settings.extra_ca_file = Some(server.authority());
    assert_eq!(
        delivered(channels(settings.clone()).send(&message, now_us()).await),
        "200 OK: taken over TLS"
    );
    assert_eq!(server.said()["path"], "/hook");
    let by_address = crate::support::message(Channel::Webhook, format!("https://127.0.0.1:{}/", server.port));
    let (answer, _) = failed(channels(settings).send(&by_address, now_us()).await);
    assert!(answer.contains("certificate"), "{answer}");
}

#[tokio::test]
async fn a_kept_connection_that_the_receiver_just_closed_is_no_failure() {
    let closed = Arc::new(std::sync::atomic::AtomicBool::new(false));
    let recorder = Recorder::start(move |_| {
        if closed.swap(true, std::sync::atomic::Ordering::SeqCst) {
            Answer::status("200 OK", "second time")
        } else {
            Answer::Close
        }
    })
    .await;
    let answer =
        delivered(channels(local()).send(&message(Channel::Webhook, recorder.url("/")), now_us()).await);
    assert_eq!(answer, "200 OK: second time");
}

#[tokio::test]
async fn a_receiver_that_always_hangs_up_is_tried_twice_and_no_more() {
    let recorder = Recorder::start(|_| Answer::Close).await;
    let outcome = channels(local()).send(&message(Channel::Webhook, recorder.url("/")), now_us()).await;
    let (answer, permanent) = failed(outcome);
    assert!(answer.starts_with("the connection broke: ") && !permanent, "{answer}");
    assert_eq!(recorder.received().len(), 2);
}

#[tokio::test]
async fn a_silent_receiver_times_out_and_holds_up_nobody() {
    let silent = Recorder::start(|_| Answer::Silence).await;
    let quick = Recorder::answering("200 OK", "").await;
    let mut settings = local();
    settings.time_limit_ms = 2_000;
    let channels = Arc::new(channels(settings));
    let started = Instant::now();
    let hanging: Vec<_> = (0..50)
        .map(|_| {
            let (channels, message) = (Arc::clone(&channels), message(Channel::Webhook, silent.url("/")));
            tokio::spawn(async move { channels.send(&message, now_us()).await })
        })
        .collect();
    for _ in 0..20 {
        delivered(channels.send(&message(Channel::Webhook, quick.url("/")), now_us()).await);
    }
    assert!(hanging.iter().all(|task| !task.is_finished()), "{:?}", started.elapsed());
    for task in hanging {
        let (answer, permanent) = failed(task.await.unwrap());
        assert_eq!(answer, "no answer within the time limit");
        assert!(!permanent);
    }
    // One after the other they would have taken 100 seconds.
    assert!(started.elapsed() < Duration::from_secs(20), "{:?}", started.elapsed());
}

#[tokio::test]
async fn a_body_that_never_ends_does_not_undo_the_status() {
    let recorder = Recorder::start(|_| Answer::Stall).await;
    let mut settings = local();
    settings.time_limit_ms = 300;
    let outcome = channels(settings).send(&message(Channel::Webhook, recorder.url("/")), now_us()).await;
    assert_eq!(delivered(outcome), "200 OK: hal");
}

#[tokio::test(flavor = "multi_thread")]
async fn many_messages_share_few_connections() {
    const SENDERS: usize = 8;
    let recorder = Recorder::answering("200 OK", "ok").await;
    let channels = Arc::new(channels(local()));
    let url = recorder.url("/hook");
    let started = Instant::now();
    let tasks: Vec<_> = (0..SENDERS)
        .map(|_| {
            let (channels, message) = (Arc::clone(&channels), message(Channel::Webhook, url.clone()));
            tokio::spawn(async move {
                for _ in 0..500 {
                    delivered(channels.send(&message, 1_760_000_000_000_000).await);
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    let took = started.elapsed();
    assert_eq!(recorder.received().len(), SENDERS * 500);
    // The client may open a connection while another one is just coming back.
    assert!(recorder.connections() <= 4 * SENDERS, "{} connections", recorder.connections());
    println!("{} webhooks in {took:?}", SENDERS * 500);
}
