use std::time::{Duration, Instant};

use decurion_channels::SmtpSecurity;
use decurion_core::notify::MessageKind;
use decurion_core::org::Channel;

use crate::smtp_server::SmtpServer;
use crate::support::{ACKNOWLEDGE, NOTIFICATION, channels, delivered, failed, message, now_us};

const NOW_US: i64 = 1_760_000_007_000_000;

/// Undoes quoted-printable (RFC 2045), as far as these tests read it.
fn unquoted(content: &str) -> String {
    let mut bytes = Vec::new();
    let joined = content.replace("\r\n", "\n").replace("=\n", "");
    let mut rest = joined.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let code = (*first == b'=').then(|| std::str::from_utf8(after.get(..2)?).ok()).flatten();
        if let Some(byte) = code.and_then(|code| u8::from_str_radix(code, 16).ok()) {
            bytes.push(byte);
            rest = &after[2..];
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    String::from_utf8(bytes).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_says_everything_in_text_and_html() {
    let server = SmtpServer::start(SmtpSecurity::Plain);
    let channels = channels(server.settings());
    let mut message = message(Channel::Email, "elif@example.com");
    message.brief = Some("What happened: a root login.".to_owned());
    let answer = delivered(channels.send(&message, NOW_US).await);
    assert_eq!(answer, "250 2.0.0 taken as number 1");

    let mail = server.taken();
    assert_eq!(mail["sender"], "pager@decurion.example");
    assert_eq!(mail["recipients"][0], "elif@example.com");
    let content = unquoted(mail["content"].as_str().unwrap());
    for expected in [
        "From: Decurion <pager@decurion.example>",
        "To: elif@example.com",
        "Subject: INC-42 sev2 page: Root login <without> MFA & from a new country",
        "Date: Thu, 09 Oct 2025 08:53:27 +0000",
        &format!("Message-ID: <{NOTIFICATION}@decurion.example>"),
        "References: <inc_01980000-0000-7000-8000-000000000003@decurion.example>",
        "Auto-Submitted: auto-generated",
        "Importance: high",
        "14 signals since 02:11.\nWithout an answer by 02:16, L2 is paged.",
        &format!("Acknowledge: {ACKNOWLEDGE}\n"),
        "What happened: a root login.",
        "Elif Özdemir",
        "Root login &lt;without&gt; MFA &amp; from a new country</h1>",
        &format!("href=\"{ACKNOWLEDGE}\">Acknowledge</a>"),
    ] {
        assert!(content.contains(expected), "`{expected}` is missing in:\n{content}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_attempt_is_the_same_mail_and_telling_is_not_urgent() {
    let server = SmtpServer::start(SmtpSecurity::Plain);
    let channels = channels(server.settings());
    let mut message = message(Channel::Email, "elif@example.com");
    message.kind = MessageKind::Tell;
    message.acknowledge_url = None;
    delivered(channels.send(&message, NOW_US).await);
    message.attempt = 2;
    delivered(channels.send(&message, NOW_US + 60_000_000).await);
    for mail in [server.taken(), server.taken()] {
        let content = mail["content"].as_str().unwrap();
        assert!(content.contains(&format!("Message-ID: <{NOTIFICATION}@decurion.example>")));
        assert!(!content.contains("Importance:") && !content.contains("Acknowledge"), "{content}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_title_cannot_add_headers() {
    let server = SmtpServer::start(SmtpSecurity::Plain);
    let channels = channels(server.settings());
    let mut message = message(Channel::Email, "elif@example.com");
    message.title = "Alert\r\nBcc: everybody@example.com\r\n\r\nbody".to_owned();
    delivered(channels.send(&message, NOW_US).await);
    let mail = server.taken();
    let head = mail["content"].as_str().unwrap().split("\r\n\r\n").next().unwrap().to_owned();
    assert!(!head.lines().any(|line| line.starts_with("Bcc")), "{head}");
}

#[tokio::test(flavor = "multi_thread")]
async fn login_and_mail_travel_encrypted() {
    for security in [SmtpSecurity::StartTls, SmtpSecurity::Tls] {
        let server = SmtpServer::start(security);
        let channels = channels(server.settings());
        delivered(channels.send(&message(Channel::Email, "elif@example.com"), NOW_US).await);
        let mail = server.taken();
        assert_eq!(mail["user"], "pager", "{security:?}");
        assert_eq!(mail["encrypted"], true, "{security:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_cannot_prove_its_name_gets_nothing() {
    for security in [SmtpSecurity::StartTls, SmtpSecurity::Tls] {
        let server = SmtpServer::start(security);
        let mut settings = server.settings();
        settings.extra_ca_file = None;
        let outcome = channels(settings).send(&message(Channel::Email, "elif@example.com"), NOW_US).await;
        let (answer, permanent) = failed(outcome);
        assert!(answer.contains("UnknownIssuer"), "{answer}");
        assert!(!permanent);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_is_permanent_and_is_not_repeated_in_the_answer() {
    let server = SmtpServer::start(SmtpSecurity::Tls);
    let mut settings = server.settings();
    settings.smtp.as_mut().unwrap().password = Some("close sesame".to_owned());
    let outcome = channels(settings).send(&message(Channel::Email, "elif@example.com"), NOW_US).await;
    let (answer, permanent) = failed(outcome);
    assert!(answer.starts_with("535") && !answer.contains("sesame"), "{answer}");
    assert!(permanent);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_without_starttls_is_not_used_in_clear() {
    let server = SmtpServer::start(SmtpSecurity::Plain);
    let mut settings = server.settings();
    settings.smtp.as_mut().unwrap().security = SmtpSecurity::StartTls;
    let outcome = channels(settings).send(&message(Channel::Email, "elif@example.com"), NOW_US).await;
    let (answer, permanent) = failed(outcome);
    assert!(answer.contains("STARTTLS"), "{answer}");
    assert!(permanent);
}

#[tokio::test(flavor = "multi_thread")]
async fn refusals_are_permanent_or_transient_as_the_server_says() {
    let server = SmtpServer::start(SmtpSecurity::Plain);
    let channels = channels(server.settings());
    let refused = failed(channels.send(&message(Channel::Email, "unknown@example.com"), NOW_US).await);
    assert_eq!(refused, ("550 5.1.1 no such person".to_owned(), true));
    let busy = failed(channels.send(&message(Channel::Email, "busy@example.com"), NOW_US).await);
    assert_eq!(busy, ("451 4.3.0 come back later".to_owned(), false));
    let (_, permanent) = failed(channels.send(&message(Channel::Email, "not an address"), NOW_US).await);
    assert!(permanent);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_listening_is_transient() {
    let server = SmtpServer::start(SmtpSecurity::Plain);
    let settings = server.settings();
    drop(server);
    let outcome = channels(settings).send(&message(Channel::Email, "elif@example.com"), NOW_US).await;
    let (answer, permanent) = failed(outcome);
    assert!(answer.contains("refused"), "{answer}");
    assert!(!permanent);
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_are_used_again() {
    let server = SmtpServer::start(SmtpSecurity::Plain);
    let channels = channels(server.settings());
    let mut peers = Vec::new();
    for _ in 0..5 {
        delivered(channels.send(&message(Channel::Email, "elif@example.com"), now_us()).await);
        peers.push(server.taken()["peer"].clone());
    }
    peers.dedup();
    assert_eq!(peers.len(), 1, "{peers:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_that_was_given_up_does_not_lend_its_answer_to_the_next_one() {
    let server = SmtpServer::start(SmtpSecurity::Plain);
    let mut settings = server.settings();
    settings.time_limit_ms = 2_000;
    settings.smtp.as_mut().unwrap().max_connections = 1;
    let channels = channels(settings);
    let late = failed(channels.send(&message(Channel::Email, "late@example.com"), NOW_US).await);
    assert_eq!(late, ("the mail server did not finish within the time limit".to_owned(), false));
    // On a connection that was kept, its answer would arrive now, and every later answer would be off by one.
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    let answer = delivered(channels.send(&message(Channel::Email, "elif@example.com"), NOW_US).await);
    assert!(answer.starts_with("250 2.0.0 taken as number "), "{answer}");
    assert_eq!(server.taken()["recipients"][0], "elif@example.com");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_server_holds_up_neither_other_mails_nor_other_channels() {
    let server = SmtpServer::start(SmtpSecurity::Plain);
    let mut settings = server.settings();
    settings.time_limit_ms = 3_000;
    let channels = channels(settings);
    let started = Instant::now();
    let slow = async { channels.send(&message(Channel::Email, "slow@example.com"), NOW_US).await };
    let quick = async {
        let outcome = channels.send(&message(Channel::Email, "elif@example.com"), NOW_US).await;
        (outcome, started.elapsed())
    };
    let (slow, (quick, quick_took)) = tokio::join!(slow, quick);
    assert!(!failed(slow).1);
    delivered(quick);
    assert!(quick_took < Duration::from_millis(2_900), "{quick_took:?}");
}
