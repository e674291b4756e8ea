//! Contacts that show whether messages arrive.

use decurion_core::access::AccountRole;
use decurion_core::org::Channel;
use serde_json::{Value, json};

use crate::bed::system;
use crate::bed::{Bed, ten};

/// Leila's mail is on; everybody else is as the pack ships.
async fn bed() -> Bed {
    let bed = Bed::new().await;
    with_mail(&bed, "leila@ten.example").await;
    bed
}

async fn with_mail(bed: &Bed, address: &str) {
    let mut files = ten();
    let text = files.get_mut("organisation.yaml").unwrap();
    *text = text
        .replace("address: leila@ten.example, enabled: false", &format!("address: {address}, enabled: true"));
    bed.engine.pack_apply(&system(), files, "mail", None).await.unwrap();
}

/// The code that was sent last.
async fn code(bed: &Bed, sent: &Value) -> String {
    let page = sent["notice_id"].as_str().unwrap().to_owned();
    let message = bed.message(|message| message.page.as_str() == page).await;
    assert_eq!((message.channel, message.address.as_str()), (Channel::Email, "leila@ten.example"));
    message.text.split(' ').next().unwrap().to_owned()
}

async fn verify(bed: &Bed) -> Value {
    bed.ask("POST", "/people/leila/contacts/email/verify", &json!({})).await.is(202).json()
}

async fn mail(bed: &Bed) -> Value {
    let contacts = bed.get("/people/leila/contacts").await;
    contacts["items"].as_array().unwrap().iter().find(|contact| contact["id"] == "email").unwrap().clone()
}

const CONFIRM: &str = "/people/leila/contacts/email/confirm";

#[tokio::test]
async fn a_code_that_arrived_verifies_the_address_until_it_changes() {
    let bed = bed().await;
    assert_eq!(mail(&bed).await["verified"], false);
    let sent = verify(&bed).await;
    let code = code(&bed, &sent).await;
    assert!(code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit()), "{code}");
    assert_eq!(mail(&bed).await["code_expires_us"], sent["expires_us"]);

    let wrong = if code == "000000" { "000001" } else { "000000" };
    let refused = bed.ask("POST", CONFIRM, &json!({"code": wrong})).await.is(400).json();
    assert_eq!(
        (&refused["field"], refused["detail"].as_str().unwrap().contains("4 more times")),
        (&json!("code"), true)
    );
    let confirmed =
        bed.ask("POST", CONFIRM, &json!({"code": format!("{} {}", &code[..3], &code[3..])})).await;
    assert_eq!(confirmed.is(200).json()["verified"], true);
    bed.ask("POST", CONFIRM, &json!({"code": code})).await.is(409);

    let is_verified = |bed: &Bed| {
        let config = bed.engine.config();
        let leila = &config.organisation.people[&"leila".into()];
        config.is_verified(&leila.id, leila.contact(&"email".into()).unwrap())
    };
    assert_eq!(is_verified(&bed), Some(true));
    with_mail(&bed, "other@ten.example").await;
    assert_eq!((is_verified(&bed), &mail(&bed).await["verified"]), (Some(false), &json!(false)));
    with_mail(&bed, "leila@ten.example").await;
    assert_eq!(mail(&bed).await["verified"], true);
}

#[tokio::test]
async fn the_code_is_kept_nowhere() {
    let bed = bed().await;
    let sent = verify(&bed).await;
    let code = code(&bed, &sent).await;
    let kept = bed.get("/journal?limit=500").await.to_string();
    assert!(kept.contains("contact.code_asked"));
    assert!(!kept.contains(&code), "the code {code} stands in the journal");
    let permit = system();
    for _ in 0..200 {
        let window = decurion_store::Window::first(10);
        let rows = bed.engine.store().notification_list_person("leila", &window, &permit).await.unwrap().rows;
        if let Some(message) = rows.iter().find_map(|row| row.message_json.clone()) {
            assert!(message.contains("••••••") && !message.contains(&code), "{message}");
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("the message was not kept");
}

#[tokio::test]
async fn codes_are_limited_in_time_answers_and_number() {
    let bed = bed().await;
    let sent = verify(&bed).await;
    let right = code(&bed, &sent).await;
    bed.ask("POST", "/people/leila/contacts/email/verify", &json!({})).await.is(429);
    let wrong = if right == "000000" { "000001" } else { "000000" };
    for _ in 0..5 {
        bed.ask("POST", CONFIRM, &json!({"code": wrong})).await.is(400);
    }
    bed.ask("POST", CONFIRM, &json!({"code": right})).await.is(409);
    bed.clock.forward_s(60);
    let sent = verify(&bed).await;
    let late = code(&bed, &sent).await;
    bed.clock.forward_s(601);
    let refused = bed.ask("POST", CONFIRM, &json!({"code": late})).await.is(409).json();
    assert!(refused["detail"].as_str().unwrap().contains("expired"), "{refused}");
}

#[tokio::test]
async fn only_the_person_and_administrators_verify_and_only_what_is_there() {
    let bed = bed().await;
    let yuki = bed.account("yuki", AccountRole::Responder).await;
    let path = "/people/leila/contacts/email/verify";
    bed.ask_as(&yuki, "POST", path, &json!({})).await.is(403);
    bed.ask_as(&yuki, "POST", CONFIRM, &json!({"code": "000000"})).await.is(403);
    bed.ask_as(&yuki, "POST", "/people/yuki/contacts/mailbox/verify", &json!({})).await.is(409);
    bed.ask_as(&yuki, "POST", "/people/yuki/contacts/email/verify", &json!({})).await.is(409);
    bed.ask_as(&yuki, "POST", "/people/yuki/contacts/fax/verify", &json!({})).await.is(404);
    bed.ask("GET", "/people/nobody/contacts", &Value::Null).await.is(404);
    let own = bed.ask_as(&yuki, "GET", "/people/yuki/contacts", &Value::Null).await.is(200).json();
    assert_eq!((&own["items"][0]["verified"], &own["items"][0]["needs_code"]), (&json!(true), &json!(false)));
}
