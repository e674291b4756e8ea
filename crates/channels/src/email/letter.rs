//! What a mail looks like.

use std::time::{Duration, UNIX_EPOCH};

use decurion_core::notify::{Message, MessageKind};
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::{Address, Message as Letter};

use crate::layout::{clip, escape, headline, open_label, small_print};

/// Longer subjects are cut by mail programs anyway.
const SUBJECT_CHARS: usize = 200;

/// Lays the message out as plain text and as HTML.
///
/// `Message-ID` comes from the notification, so that a repeated attempt is recognised as the same mail;
/// `References` names the incident, so that mail programs show its messages as one conversation.
pub(crate) fn write(from: &Mailbox, message: &Message, now_us: i64) -> Result<Letter, String> {
    let to: Address =
        message.address.parse().map_err(|error| format!("the address is not a mail address: {error}"))?;
    let domain = from.email.domain();
    let date = UNIX_EPOCH + Duration::from_micros(now_us.try_into().unwrap_or(0));
    let mut builder = Letter::builder()
        .from(from.clone())
        .to(Mailbox::new(None, to))
        .subject(clip(&headline(message), SUBJECT_CHARS))
        .date(date)
        .message_id(Some(format!("<{}@{domain}>", message.notification)))
        // Keeps vacation programs from answering (RFC 3834).
        .raw_header(raw("Auto-Submitted", "auto-generated"));
    if message.kind != MessageKind::Notice {
        builder = builder.references(format!("<{}@{domain}>", message.incident));
    }
    if message.kind == MessageKind::Page {
        builder = builder.raw_header(raw("Importance", "high"));
    }
    builder
        .multipart(MultiPart::alternative_plain_html(plain(message), html(message)))
        .map_err(|error| format!("the mail cannot be written: {error}"))
}

fn raw(name: &'static str, value: &str) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned())
}

fn plain(message: &Message) -> String {
    let acknowledge = message.acknowledge_url.as_ref().map(|url| format!("Acknowledge: {url}\n"));
    let what = if message.kind == MessageKind::Notice { "Open" } else { "Incident" };
    let links = format!("{}{what}: {}", acknowledge.unwrap_or_default(), message.incident_url);
    let mut parts = vec![message.title.clone(), message.text.trim_end().to_owned(), links];
    parts.extend(message.brief.as_ref().map(|brief| brief.trim_end().to_owned()));
    parts.push(format!("-- \n{}\n", small_print(message)));
    parts.join("\n\n")
}

const BODY_STYLE: &str = "font:16px/1.5 system-ui,sans-serif;max-width:40em;margin:0 auto;padding:16px";
const TEXT_STYLE: &str = "white-space:pre-line";
const SMALL_STYLE: &str = "font-size:13px;opacity:0.7";
const BUTTON_STYLE: &str = "display:inline-block;padding:12px 20px;border-radius:6px;background:#1f4fd8;\
                            color:#ffffff;text-decoration:none;font-weight:600";

/// No pictures, no style sheet, nothing to load: it must read the same with everything remote blocked.
fn html(message: &Message) -> String {
    let paragraph = |text: &str| format!("<p style=\"{TEXT_STYLE}\">{}</p>", escape(text.trim_end()));
    let link =
        |style, url, label| format!("<p><a style=\"{style}\" href=\"{}\">{label}</a></p>", attribute(url));
    let parts = [
        format!("<h1 style=\"font-size:20px\">{}</h1>", escape(&message.title)),
        paragraph(&message.text),
        message
            .acknowledge_url
            .as_ref()
            .map(|url| link(BUTTON_STYLE, url, "Acknowledge"))
            .unwrap_or_default(),
        link("", &message.incident_url, &escape(&open_label(message))),
        message.brief.as_ref().map(|brief| format!("<hr>{}", paragraph(brief))).unwrap_or_default(),
        format!("<p style=\"{SMALL_STYLE}\">{}</p>", escape(&small_print(message))),
    ];
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"></head>\
         <body style=\"{BODY_STYLE}\">{}</body></html>",
        parts.join("\n")
    )
}

fn attribute(text: &str) -> String {
    escape(text).replace('"', "&quot;")
}
