//! What a provider said, made fit for the page ledger: one line, short, without secrets.

use decurion_core::notify::{Message, Outcome};

/// The longest answer that is kept, in characters.
const ANSWER_CHARS: usize = 500;
/// Parts of a link shorter than this are not taken for a token.
const TOKEN_CHARS: usize = 16;
const REDACTED: &str = "[redacted]";

pub(crate) fn delivered(answer: impl Into<String>) -> Outcome {
    Outcome::Delivered { answer: answer.into() }
}

/// A failure that may pass by itself.
pub(crate) fn transient(answer: impl Into<String>) -> Outcome {
    transient_for(answer, None)
}

/// A failure that passes after so many seconds, as the provider says.
pub(crate) fn transient_for(answer: impl Into<String>, retry_after_s: Option<i64>) -> Outcome {
    Outcome::Failed { answer: answer.into(), permanent: false, retry_after_s }
}

/// A failure that the same attempt would meet again.
pub(crate) fn permanent(answer: impl Into<String>) -> Outcome {
    Outcome::Failed { answer: answer.into(), permanent: true, retry_after_s: None }
}

/// Removes from the answer what would let its reader act for somebody else, then shortens it.
///
/// Providers may echo the request. The settings' `secrets`, the contact's address where it is a URL (whoever
/// knows a Slack or webhook URL can write to it) and the acknowledge link are taken out.
pub(crate) fn tidy(outcome: Outcome, secrets: &[String], message: &Message) -> Outcome {
    let address = Some(message.address.as_str());
    let address =
        address.filter(|address| address.contains("://") || message.channel.shown(address) != *address);
    let link = message.acknowledge_url.as_deref();
    let whole = secrets.iter().map(String::as_str).chain(address).chain(link);
    let parts = address.into_iter().flat_map(tokens).chain(link.into_iter().flat_map(tokens));
    outcome.said(|answer| without(&answer, whole.chain(parts)))
}

/// The same, where nothing but the settings holds secrets.
pub(crate) fn tidy_settings(outcome: Outcome, secrets: &[String]) -> Outcome {
    outcome.said(|answer| without(&answer, secrets.iter().map(String::as_str)))
}

fn without<'a>(answer: &str, secrets: impl Iterator<Item = &'a str>) -> String {
    let mut answer = one_line(answer);
    for secret in secrets {
        if !secret.is_empty() && answer.contains(secret) {
            answer = answer.replace(secret, REDACTED);
        }
    }
    shorten(answer)
}

/// The parts of a URL behind its server that are long enough to be a key, in whatever form an echo has put the
/// rest.
pub(crate) fn tokens(url: &str) -> impl Iterator<Item = &str> {
    let behind = url.split_once("://").and_then(|(_, rest)| rest.split_once('/'));
    let parts = behind.into_iter().flat_map(|(_, parts)| parts.split(['/', '=', '?', '&', '#']));
    parts.filter(|part| part.len() >= TOKEN_CHARS)
}

fn one_line(answer: &str) -> String {
    let visible = answer.replace(|c: char| c.is_control(), " ");
    let mut line = String::with_capacity(visible.len());
    for word in visible.split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    line
}

fn shorten(mut answer: String) -> String {
    if let Some((end, _)) = answer.char_indices().nth(ANSWER_CHARS) {
        answer.truncate(end);
    }
    answer
}
