//! Signed links: looking never acts, pressing acts once, and every end of a page is shown.

use decurion_core::access::AccountRole;
use serde_json::json;

use crate::bed::Bed;

/// A declared case, the link of its first page, and who it is for.
async fn paged(bed: &Bed, title: &str) -> (String, String) {
    bed.declared(title).await;
    let sent = bed.message(|message| message.title == title && message.acknowledge_url.is_some()).await;
    (sent.acknowledge_url.unwrap().trim_start_matches("http://decurion.test").to_owned(), sent.person)
}

#[tokio::test]
async fn looking_never_acts() {
    let bed = Bed::new().await;
    let (link, person) = paged(&bed, "Ransom note").await;
    for method in ["GET", "HEAD", "GET", "GET"] {
        let page = bed.send(method, &link, &[], "").await.is(200);
        if method == "GET" {
            for part in
                ["Ransom note", "INC-1", "Acknowledge</span>", "method=\"post\"", "you don’t answer", &person]
            {
                assert!(page.text.contains(part), "{part} is not in {}", page.text);
            }
            assert_eq!(page.header("cache-control"), "no-store");
        }
    }
    let case = bed.get("/incidents/INC-1").await;
    assert_eq!((&case["status"], &case["holder"]), (&json!("triggered"), &json!(null)));
}

#[tokio::test]
async fn pressing_acts_once() {
    let bed = Bed::new().await;
    let (link, person) = paged(&bed, "Ransom note").await;
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let done = bed.send("POST", &link, &form, "").await.is(200);
    assert!(done.text.contains("Acknowledged, it is yours"), "{}", done.text);
    let case = bed.get("/incidents/INC-1").await;
    assert_eq!((&case["status"], &case["holder"]["name"]), (&json!("acknowledged"), &json!(person)));
    let version = case["version"].clone();
    bed.send("POST", &link, &form, "").await.is(200);
    assert_eq!(bed.get("/incidents/INC-1").await["version"], version, "the second press changed something");
    let page = bed.send("GET", &link, &[], "").await.is(200);
    assert!(!page.text.contains("<form"), "an answered page has no button");
    assert!(page.text.contains("takes no further answer"));
    let timeline = bed.get("/incidents/INC-1/timeline").await;
    let said =
        timeline["items"].as_array().unwrap().iter().find(|line| line["kind"] == "incident.acknowledged");
    assert_eq!(said.unwrap()["detail"], "by the signed link");
    assert_eq!(said.unwrap()["actor"]["kind"], "link");
}

#[tokio::test]
async fn a_page_that_ended_otherwise_says_how() {
    let bed = Bed::new().await;
    let (link, _) = paged(&bed, "Ransom note").await;
    bed.post("/incidents/INC-1/resolve", json!({"disposition": "false_positive"})).await;
    let page = bed.send("GET", &link, &[], "").await.is(200);
    assert!(page.text.contains("The incident is resolved"), "{}", page.text);
    let version = bed.get("/incidents/INC-1").await["version"].clone();
    bed.send("POST", &link, &[], "").await.is(409);
    assert_eq!(bed.get("/incidents/INC-1").await["version"], version);
}

#[tokio::test]
async fn a_page_that_somebody_else_answered_names_them() {
    let bed = Bed::new().await;
    let (link, _) = paged(&bed, "Ransom note").await;
    let ingrid = bed.account("ingrid", AccountRole::Responder).await;
    bed.ask_as(&ingrid, "POST", "/incidents/INC-1/acknowledge", &json!({})).await.is(200);
    let page = bed.send("GET", &link, &[], "").await.is(200);
    for part in
        ["No answer is needed any more", "Ingrid Solberg acknowledged", "Ingrid Solberg holds it since"]
    {
        assert!(page.text.contains(part), "{part} is not in {}", page.text);
    }
    bed.send("POST", &link, &[], "").await.is(409);
    assert_eq!(bed.get("/incidents/INC-1").await["holder"]["person_id"], "ingrid");
}

#[tokio::test]
async fn what_is_forged_or_old_opens_nothing() {
    let bed = Bed::new().await;
    let (link, _) = paged(&bed, "Ransom note").await;
    let (begin, _) = link.split_at(link.len() - 3);
    for forged in ["/a/x", "/a/x.y", begin] {
        let page = bed.send("POST", forged, &[], "").await.is(404);
        assert!(page.text.contains("This link opens nothing"), "{}", page.text);
    }
    bed.clock.forward_s(13 * 3_600);
    let page = bed.send("GET", &link, &[], "").await.is(410);
    assert!(page.text.contains("This link has expired"));
    bed.send("POST", &link, &[], "").await.is(410);
}

#[tokio::test]
async fn what_senders_write_is_text_on_the_page() {
    let bed = Bed::new().await;
    let (link, _) = paged(&bed, "<script>alert(1)</script>").await;
    let page = bed.send("GET", &link, &[], "").await.is(200);
    assert!(!page.text.contains("<script>alert"), "{}", page.text);
    assert!(page.text.contains("&lt;script&gt;alert(1)"));
    assert!(page.header("content-security-policy").contains("script-src 'self'"));
    for asset in ["/a/-/page.css", "/a/-/page.js"] {
        bed.send("GET", asset, &[], "").await.is(200);
    }
}
