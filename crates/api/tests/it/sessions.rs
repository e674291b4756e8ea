//! Set-up, signing in and out, and what a browser must show.

use decurion_core::access::AccountRole;
use serde_json::{Value, json};

use crate::bed::{Bed, EMAIL, PASSWORD};

#[tokio::test]
async fn the_first_account_is_made_once_and_is_an_administrator() {
    let mut bed = Bed::bare().await;
    let needed = bed.send("GET", "/api/v1/setup", &[], "").await.is(200).json();
    assert_eq!(needed, json!({"needed": true}));
    let short = json!({"email": EMAIL, "password": "short"}).to_string();
    let refused = bed.send("POST", "/api/v1/setup", &[], short).await.is(400).json();
    assert_eq!(refused["field"], "password");
    let asked = json!({"email": "Leila@Ten.example", "password": PASSWORD}).to_string();
    let session = bed.send("POST", "/api/v1/setup", &[], asked.clone()).await.is(201).json();
    session["token"].as_str().unwrap().clone_into(&mut bed.token);
    let me = bed.get("/me").await;
    assert_eq!(me["account"]["role"], "admin");
    assert_eq!(me["person"]["id"], "leila", "the address names the person");
    bed.send("POST", "/api/v1/setup", &[], asked).await.is(409);
    assert_eq!(bed.send("GET", "/api/v1/setup", &[], "").await.json(), json!({"needed": false}));
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_address_are_told_alike() {
    let bed = Bed::new().await;
    let attempt = async |email: &str, password: &str| {
        let asked = json!({"email": email, "password": password}).to_string();
        bed.send("POST", "/api/v1/session", &[], asked).await
    };
    let wrong = attempt(EMAIL, "wrong horse battery").await.is(401).json();
    let unknown = attempt("nobody@ten.example", PASSWORD).await.is(401).json();
    assert_eq!(wrong["detail"], unknown["detail"]);
    assert_eq!(wrong["code"], "wrong_credentials");
    attempt(EMAIL, PASSWORD).await.is(200);
}

#[tokio::test]
async fn guessing_is_stopped() {
    let bed = Bed::new().await;
    let asked = json!({"email": EMAIL, "password": "wrong horse battery"}).to_string();
    for _ in 0..8 {
        bed.send("POST", "/api/v1/session", &[], asked.clone()).await.is(401);
    }
    let stopped = bed.send("POST", "/api/v1/session", &[], asked).await.is(429);
    assert_eq!(stopped.header("retry-after"), "1");
}

#[tokio::test]
async fn a_session_ends_when_its_owner_says_so() {
    let bed = Bed::new().await;
    let again = bed.account("yuki", AccountRole::Responder).await;
    bed.ask_as(&again, "GET", "/me", &Value::Null).await.is(200);
    let ended = bed.ask_as(&again, "DELETE", "/session", &Value::Null).await.is(204);
    assert!(ended.header("set-cookie").contains("Max-Age=0"));
    bed.ask_as(&again, "GET", "/me", &Value::Null).await.is(401);
    bed.get("/me").await;
}

#[tokio::test]
async fn the_cookie_is_for_this_server_and_not_for_scripts() {
    let bed = Bed::new().await;
    let asked = json!({"email": EMAIL, "password": PASSWORD}).to_string();
    let session = bed.send("POST", "/api/v1/session", &[], asked).await.is(200);
    let cookie = session.header("set-cookie");
    for part in ["decurion_session=dcs_", "HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert!(!cookie.contains("Secure"), "the server is reached without TLS: {cookie}");
}

#[tokio::test]
async fn a_write_with_the_cookie_must_come_from_the_console() {
    let bed = Bed::new().await;
    let cookie = format!("theme=dark; decurion_session={}", bed.token);
    let body = r#"{"title":"from a browser"}"#;
    let write = async |more: &[(&str, &str)]| {
        let mut headers = vec![("cookie", cookie.as_str())];
        headers.extend_from_slice(more);
        bed.send("POST", "/api/v1/incidents", &headers, body).await
    };
    assert_eq!(write(&[]).await.is(403).json()["code"], "foreign_request");
    write(&[("x-decurion", "1"), ("sec-fetch-site", "cross-site")]).await.is(403);
    write(&[("x-decurion", "1"), ("origin", "https://evil.example")]).await.is(403);
    write(&[("x-decurion", "1"), ("sec-fetch-site", "same-origin"), ("origin", "http://decurion.test")])
        .await
        .is(201);
    bed.send("GET", "/api/v1/me", &[("cookie", cookie.as_str())], "").await.is(200);
}

#[tokio::test]
async fn another_site_signs_nobody_in() {
    let bed = Bed::new().await;
    let asked = json!({"email": EMAIL, "password": PASSWORD}).to_string();
    let headers = [("origin", "https://evil.example"), ("sec-fetch-site", "cross-site")];
    bed.send("POST", "/api/v1/session", &headers, asked).await.is(403);
}

#[tokio::test]
async fn a_responder_works_on_cases_and_configures_nothing() {
    let bed = Bed::new().await;
    let token = bed.account("yuki", AccountRole::Responder).await;
    bed.ask_as(&token, "POST", "/incidents", &json!({"title": "seen by hand"})).await.is(201);
    let made = json!({"name": "n", "kind": "generic"});
    let denied = bed.ask_as(&token, "POST", "/integrations", &made).await.is(403).json();
    assert_eq!(denied["code"], "denied");
    let pack = json!({"files": {}, "reason": "r"});
    bed.ask_as(&token, "POST", "/pack/apply", &pack).await.is(403);
}
