//! Addresses of contacts, as their channels need them.

use crate::org::Channel;
use crate::pack::findings::{File, Findings};
use crate::pack::rules;
use crate::pack::yaml::At;

/// Whether an address is one for its channel.
pub(super) fn check(file: File<'_>, channel: Channel, at: &At<String>, findings: &mut Findings) {
    let spot = file.at(at.place());
    let wrong = match channel {
        Channel::Email => (!is_mail(&at.value)).then_some("is not a mail address"),
        Channel::Webhook | Channel::Slack => {
            (!is_url(&at.value)).then_some("is not an http or https address")
        }
        Channel::Telegram => (!is_chat(&at.value)).then_some("is not the id of a Telegram chat"),
        Channel::Discord => (!is_discord(&at.value)).then_some("is not the URL of a Discord webhook"),
        Channel::Mattermost => {
            (!is_mattermost(&at.value)).then_some("is not the URL of a Mattermost webhook")
        }
        Channel::Teams => (!is_workflow(&at.value)).then_some("is not the URL of a workflow's webhook"),
        Channel::Pushover => (!is_key(&at.value)).then_some("is not the key of a Pushover user or group"),
        Channel::Sms => (!is_number(&at.value)).then_some("is not a phone number"),
        // A topic of the configured server, or the whole address of a topic.
        Channel::Ntfy => {
            (!is_url(&at.value) && !is_topic(&at.value)).then_some("is neither a topic nor an http address")
        }
        Channel::Mailbox => (!at.value.is_empty()).then_some("is not used: the mailbox needs no address"),
    };
    if let Some(wrong) = wrong {
        let said = format!("`{}` {wrong}", channel.shown(&at.value));
        findings.error(spot, rules::ADDRESS, said).suggestion = wanted(channel).map(str::to_owned);
    } else if at.value.starts_with("http://") && !is_local(&at.value) {
        findings.warning(spot, rules::WEAK, "pages travel unencrypted over http").suggestion =
            Some("use https".to_owned());
    }
}

/// How to come by an address of channels whose addresses people do not know by heart.
const fn wanted(channel: Channel) -> Option<&'static str> {
    match channel {
        Channel::Telegram => Some(
            "write the number of the chat in quotes, as \"123456789\"; that of a group begins with `-`, a public channel is `@name`",
        ),
        Channel::Discord => {
            Some("copy the URL from the channel's integrations: https://discord.com/api/webhooks/ID/TOKEN")
        }
        Channel::Mattermost => Some("copy the URL from Mattermost's integrations: https://SERVER/hooks/KEY"),
        Channel::Teams => Some(
            "make a workflow that posts when a webhook request is received, and copy its URL: connectors (webhook.office.com) are retired",
        ),
        Channel::Pushover => {
            Some("copy the user key from pushover.net or from the app: 30 letters and digits")
        }
        Channel::Sms => {
            Some("write the number with its country, in quotes and without spaces, as \"+46701234567\"")
        }
        _ => None,
    }
}

/// The parts of the path of an http or https address.
fn path(text: &str) -> Option<Vec<&str>> {
    let (_, rest) = text.split_once("://").filter(|_| is_url(text))?;
    let (_, path) = rest.split(['?', '#']).next()?.split_once('/')?;
    Some(path.trim_end_matches('/').split('/').collect())
}

/// `…/webhooks/ID/TOKEN`, and nothing behind it: `/slack` there makes Discord want other messages.
fn is_discord(text: &str) -> bool {
    let id = |id: &str| !id.is_empty() && id.chars().all(|c| c.is_ascii_digit());
    matches!(path(text).as_deref(), Some([.., "webhooks", number, token]) if id(number) && !token.is_empty())
}

/// `…/hooks/KEY`, where the server may stand under a path.
fn is_mattermost(text: &str) -> bool {
    let key = |key: &str| !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric());
    matches!(path(text).as_deref(), Some([.., "hooks", last]) if key(last))
}

/// Any address with a path, except those of the connectors that Microsoft has retired.
fn is_workflow(text: &str) -> bool {
    let host = text.split_once("://").and_then(|(_, rest)| rest.split(['/', ':', '?']).next());
    path(text).is_some_and(|path| path != [""])
        && !host.is_some_and(|host| host.ends_with("webhook.office.com"))
}

/// A number as E.164 writes it; those of 8 digits and more are subscribers'.
fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('+').unwrap_or_default();
    (8..=15).contains(&digits.len()) && !digits.starts_with('0') && digits.chars().all(|c| c.is_ascii_digit())
}

/// The key of a user or of a group, as Pushover's API describes it.
fn is_key(text: &str) -> bool {
    text.len() == 30 && text.chars().all(|c| c.is_ascii_alphanumeric())
}

/// The number of a chat, below 2^52 as the Bot API says, or the public name of a channel.
fn is_chat(text: &str) -> bool {
    let named = |name: &str| {
        (4..=32).contains(&name.len()) && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    match text.strip_prefix('@') {
        Some(name) => named(name),
        None => text.parse::<i64>().is_ok_and(|id| id != 0 && id.unsigned_abs() < 1 << 52),
    }
}

/// A mail address as far as one can tell without sending to it (RFC 5321 lengths, dot-atom local parts).
fn is_mail(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    let atom = |c: char| c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c);
    let local_fine = (1..=64).contains(&local.len()) && local.chars().all(atom) && dotted(local);
    local_fine && text.len() <= 254 && is_host(domain)
}

fn is_host(text: &str) -> bool {
    let label = |label: &str| {
        !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_alphanumeric() || c == '-')
    };
    !text.is_empty() && text.len() <= 253 && dotted(text) && text.split('.').all(label)
}

fn dotted(text: &str) -> bool {
    !text.split('.').any(str::is_empty)
}

fn is_url(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let Some(rest) = rest else { return false };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let (name, port) = match host.rsplit_once(':') {
        Some((name, port)) if !host.ends_with(']') => (name, Some(port)),
        _ => (host, None),
    };
    let bracketed = name.strip_prefix('[').and_then(|inner| inner.strip_suffix(']'));
    let name_fine = bracketed.map_or_else(|| is_host(name), |ip| ip.parse::<std::net::Ipv6Addr>().is_ok());
    name_fine && port.is_none_or(|port| port.parse::<u16>().is_ok()) && !text.contains(char::is_whitespace)
}

fn is_local(text: &str) -> bool {
    let host = text.trim_start_matches("http://");
    ["localhost", "127.", "[::1]"].iter().any(|local| host.starts_with(local))
}

fn is_topic(text: &str) -> bool {
    (1..=64).contains(&text.len()) && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
}

#[cfg(test)]
mod tests {
    use super::{
        is_chat, is_discord, is_key, is_mail, is_mattermost, is_number, is_topic, is_url, is_workflow,
    };

    #[test]
    fn addresses_that_can_be_reached_are_told_from_slips() {
        for good in ["a@b.example", "first.last+tag@mail.example.com", "x@localhost", "å@exempel.example"] {
            assert!(is_mail(good), "{good}");
        }
        for bad in
            ["", "a", "a@", "@b", "a b@c.example", "a@b..example", ".a@b.example", "a@-b.example", "a@b@"]
        {
            assert!(!is_mail(bad), "{bad}");
        }
        for good in [
            "https://hooks.example/x?y=1",
            "http://127.0.0.1:8090",
            "https://[::1]:8443/",
            "https://u:p@h.example",
        ] {
            assert!(is_url(good), "{good}");
        }
        for bad in [
            "hooks.example",
            "ftp://a.example",
            "https://",
            "https://a b",
            "https://h:99999/",
            "https://a..b",
        ] {
            assert!(!is_url(bad), "{bad}");
        }
        assert!(is_topic("decurion-l1") && !is_topic("a b") && !is_topic(""));
    }

    #[test]
    fn chats_and_webhooks_are_told_from_slips() {
        for good in ["1", "-1001234567890", "@decurion_pages"] {
            assert!(is_chat(good), "{good}");
        }
        for bad in ["", "0", "@abc", "elif", "t.me/elif", "4503599627370496", "@with space"] {
            assert!(!is_chat(bad), "{bad}");
        }
        assert!(is_key("u1b2c3d4e5f6g7h8i9j0k1l2m3n4o5"));
        assert!(!is_key("u1b2c3d4e5f6g7h8i9j0k1l2m3n4o") && !is_key("u1b2c3d4e5f6g7h8i9j0k1l2m3n4_5"));
        assert!(is_number("+46701234567") && is_number("+4670123456789"));
        for bad in ["46701234567", "+0701234567", "+46 70 1234567", "+4670", "+4670123456789012"] {
            assert!(!is_number(bad), "{bad}");
        }
        assert!(is_discord("https://discord.com/api/webhooks/12/abc-_x"));
        assert!(is_discord("https://discord.com/api/v10/webhooks/12/abc?thread_id=3"));
        for bad in
            ["https://discord.com/api/webhooks/12", "https://discord.com/api/webhooks/12/abc/slack", "12/abc"]
        {
            assert!(!is_discord(bad), "{bad}");
        }
        assert!(
            is_mattermost("https://chat.example/hooks/x1y2")
                && is_mattermost("https://e.example/mm/hooks/x1y2")
        );
        assert!(!is_mattermost("https://chat.example/hooks/") && !is_mattermost("https://chat.example/x1y2"));
        assert!(is_workflow(
            "https://prod-1.westus.logic.azure.com:443/workflows/ab/triggers/manual/paths/invoke?sig=x"
        ));
        assert!(
            !is_workflow("https://ten.webhook.office.com/webhookb2/ab")
                && !is_workflow("https://logic.azure.com")
        );
    }
}
