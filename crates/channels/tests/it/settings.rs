use decurion_channels::{Channels, NtfySettings, Settings, SmtpSecurity, SmtpSettings};
use decurion_core::org::Channel;

use crate::support::{channels, delivered, failed, local, message, now_us};

#[tokio::test]
async fn what_is_not_set_up_says_so() {
    let bare = channels(Settings::default());
    for channel in [Channel::Email, Channel::Webhook] {
        let reason = bare.usable(channel).unwrap_err();
        let address = if channel == Channel::Email { "elif@example.com" } else { "https://hooks.example/" };
        assert_eq!(failed(bare.send(&message(channel, address), now_us()).await), (reason, true));
    }
    for channel in [Channel::Ntfy, Channel::Slack, Channel::Mailbox] {
        assert_eq!(bare.usable(channel), Ok(()));
    }
    assert_eq!(channels(local()).usable(Channel::Webhook), Ok(()));
}

#[tokio::test]
async fn the_mailbox_always_takes_it() {
    let outcome = channels(Settings::default()).send(&message(Channel::Mailbox, ""), now_us()).await;
    assert_eq!(delivered(outcome), "kept in the mailbox");
}

#[test]
fn settings_are_read_from_a_document_with_defaults() {
    let settings: Settings = serde_json::from_str(
        r#"{"smtp": {"host": "mail.example", "from": "Pager <pager@example.com>", "security": "tls"},
            "ntfy": {"server": "https://ntfy.example"}}"#,
    )
    .unwrap();
    let smtp = settings.smtp.as_ref().unwrap();
    assert_eq!((smtp.security, smtp.port, smtp.max_connections), (SmtpSecurity::Tls, None, 8));
    assert_eq!(settings.time_limit_ms, 10_000);
    assert!(!settings.allow_private_addresses);
    assert!(Channels::new(settings).is_ok());
    assert!(serde_json::from_str::<Settings>(r#"{"smpt": {}}"#).is_err());
}

#[test]
fn settings_that_cannot_work_are_refused_with_a_reason() {
    let smtp = |change: fn(&mut SmtpSettings)| {
        let mut smtp = SmtpSettings::new("mail.example", "pager@example.com");
        change(&mut smtp);
        Settings { smtp: Some(smtp), ..Settings::default() }
    };
    let secret = |secret: &str| Settings { webhook_secret: Some(secret.to_owned()), ..Settings::default() };
    let ntfy = |server: &str| Settings {
        ntfy: Some(NtfySettings { server: server.to_owned(), token: None }),
        ..Settings::default()
    };
    let cases = [
        (Settings { time_limit_ms: 0, ..Settings::default() }, "time_limit_ms"),
        (
            Settings { extra_ca_file: Some("/nowhere/ca.pem".into()), ..Settings::default() },
            "/nowhere/ca.pem",
        ),
        (smtp(|smtp| smtp.from = "nobody".to_owned()), "smtp.from `nobody`"),
        (smtp(|smtp| smtp.username = Some("pager".to_owned())), "go together"),
        (smtp(|smtp| smtp.max_connections = 0), "max_connections"),
        (
            smtp(|smtp| {
                smtp.security = SmtpSecurity::Plain;
                smtp.username = Some("pager".to_owned());
                smtp.password = Some("open sesame".to_owned());
            }),
            "readable",
        ),
        (secret("sesame"), "whsec_"),
        (secret("whsec_c2hvcnQ="), "24 to 64 bytes"),
        (secret("whsec_!"), "base64"),
        (secret(" "), "empty"),
        (ntfy("ntfy.example"), "ntfy.server"),
        (ntfy("ftp://ntfy.example"), "https://"),
    ];
    for (settings, expected) in cases {
        let error = Channels::new(settings).unwrap_err().to_string();
        assert!(error.contains(expected), "`{expected}` is not in `{error}`");
        assert!(!error.contains("sesame"), "{error}");
    }
}

#[test]
fn debug_output_hides_secrets() {
    let mut settings = local();
    let mut smtp = SmtpSettings::new("mail.example", "pager@example.com");
    smtp.username = Some("pager".to_owned());
    smtp.password = Some("open sesame".to_owned());
    settings.smtp = Some(smtp);
    settings.ntfy =
        Some(NtfySettings { server: "https://ntfy.example".to_owned(), token: Some("tk_sesame".to_owned()) });
    let printed = format!("{settings:?} {:?}", channels(settings.clone()));
    assert!(printed.contains("pager@example.com") || printed.contains("mail.example"));
    for secret in ["sesame", "whsec_", "MfKQ9r8"] {
        assert!(!printed.contains(secret), "{secret} in {printed}");
    }
}
