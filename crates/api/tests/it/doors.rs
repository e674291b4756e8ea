//! Nothing opens without a key: every operation of the document is walked as nobody.

use std::collections::BTreeSet;

use serde_json::json;

use crate::bed::Bed;
use crate::document::operations;

/// What anybody may ask, and why.
const PUBLIC: [&str; 22] = [
    // Before anybody is known.
    "GET /api/v1/setup",
    "POST /api/v1/setup",
    "POST /api/v1/session",
    // A sender is known by the key of its integration.
    "POST /v2/enqueue",
    "POST /v2/change/enqueue",
    "POST /integrations/{key}/alertmanager",
    "POST /integrations/{key}/api/v2/alerts",
    "GET /integrations/{key}/api/v2/alerts",
    "GET /integrations/{key}/api/v2/receivers",
    "GET /integrations/{key}/api/v2/silences",
    "POST /integrations/{key}/api/v2/silences",
    "GET /integrations/{key}/api/v2/silence/{id}",
    "DELETE /integrations/{key}/api/v2/silence/{id}",
    "GET /integrations/{key}/api/v2/status",
    "POST /integrations/{key}/sns",
    "POST /integrations/{key}/events",
    "POST /integrations/v1/formatted_webhook/{key}/",
    "POST /integrations/v1/formatted_webhook/{key}",
    "POST /api/v2/generic/incoming",
    "POST /v1/api/alerts",
    "POST /integrations/{key}/beat",
    "GET /integrations/{key}/beat",
];

#[tokio::test]
async fn no_operation_answers_anybody_who_is_not_signed_in() {
    let bed = Bed::new().await;
    let mut walked = BTreeSet::new();
    for (path, method, _) in operations() {
        let name = format!("{} {path}", method.to_uppercase());
        walked.insert(name.clone());
        if PUBLIC.contains(&name.as_str()) {
            continue;
        }
        let path = path.replace("{ref}", "INC-1").replace(['{', '}'], "");
        let answer = bed.send(&method.to_uppercase(), &path, &[], "").await;
        assert_eq!(answer.status.as_u16(), 401, "{name}: {}", answer.text);
        // A door of another product answers in that product's words.
        if path.starts_with("/v2/alerts") || path.starts_with("/v2/heartbeats") {
            assert!(
                answer.json()["message"].as_str().unwrap().contains("GenieKey"),
                "{name}: {}",
                answer.text
            );
        } else {
            assert_eq!(answer.json()["code"], "unauthenticated", "{name}");
        }
    }
    for public in PUBLIC {
        assert!(walked.contains(public), "{public} is not in the document any more");
    }
}

#[tokio::test]
async fn a_forged_token_opens_nothing() {
    let bed = Bed::new().await;
    for token in ["", "dcs_", "dcs_0000", "Bearer", "../../etc/passwd"] {
        bed.ask_as(token, "GET", "/me", &serde_json::Value::Null).await.is(401);
    }
}

#[tokio::test]
async fn a_sender_without_a_key_is_refused() {
    let bed = Bed::new().await;
    let (_, key, path) = bed.integration("generic", json!({})).await;
    let wrong = path.replace(&key, &"0".repeat(key.len()));
    bed.send("POST", &wrong, &[], r#"{"title":"x"}"#).await.is(404);
    let (_, webhook_key, _) = bed.integration("alertmanager_webhook", json!({})).await;
    let other = format!("/integrations/{webhook_key}/events");
    bed.send("POST", &other, &[], r#"{"title":"x"}"#).await.is(404);
    bed.send("POST", "/api/v2/alerts", &[], "[]").await.is(401);
}
