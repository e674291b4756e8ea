//! What the layouts of several channels share.

use decurion_core::notify::{Message, MessageKind};

/// One line that tells a reader of a lock screen what this is: `INC-42 sev1 page: Root login without MFA`. A
/// notice is about no incident: its title says it all.
pub(crate) fn headline(message: &Message) -> String {
    let title = message.title.replace(|c: char| c.is_control(), " ");
    let kind = match message.kind {
        MessageKind::Page => "page",
        MessageKind::Tell => "for information",
        MessageKind::Notice => return title.trim().to_owned(),
    };
    format!("{} {} {kind}: {}", message.reference, message.severity, title.trim())
}

/// The small print: what tells this message from every other one.
pub(crate) fn small_print(message: &Message) -> String {
    if message.kind == MessageKind::Notice {
        return format!("{} · {}", message.person, message.notification);
    }
    format!(
        "{} · {} · {} · {} · {}",
        message.reference, message.severity, message.level, message.person, message.notification
    )
}

/// What the link to the console is called.
pub(crate) fn open_label(message: &Message) -> String {
    if message.kind == MessageKind::Notice {
        "Open".to_owned()
    } else {
        format!("Open {}", message.reference)
    }
}

/// The text, cut after at most `limit` characters, with an ellipsis for what is missing.
pub(crate) fn clip(text: &str, limit: usize) -> String {
    if text.chars().count() <= limit {
        return text.to_owned();
    }
    let mut cut: String = text.chars().take(limit.saturating_sub(1)).collect();
    cut.push('…');
    cut
}

/// The text, cut to at most `limit` bytes of UTF-8, with an ellipsis for what is missing.
pub(crate) fn clip_bytes(text: &str, limit: usize) -> String {
    if text.len() <= limit {
        return text.to_owned();
    }
    let mut end = limit.saturating_sub('…'.len_utf8());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}…", &text[..end])
}

/// The text, cut to at most `limit` UTF-16 code units, as several providers count, with an ellipsis for what
/// is missing.
pub(crate) fn clip_utf16(text: &str, limit: usize) -> String {
    if text.encode_utf16().count() <= limit {
        return text.to_owned();
    }
    let mut left = limit.saturating_sub(1);
    let fits = |c: &char| {
        let room = left.checked_sub(c.len_utf16());
        left = room.unwrap_or_default();
        room.is_some()
    };
    let mut cut: String = text.chars().take_while(fits).collect();
    cut.push('…');
    cut
}

/// Makes text show as it is where Markdown is read.
pub(crate) fn markdown(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '\\' | '*' | '_' | '~' | '`' | '|' | '[' | ']' | '<' | '>' | '#') {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

/// Makes text safe between the tags of HTML and in Slack's mrkdwn, which want the same three characters.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::{clip, clip_bytes, clip_utf16};

    #[test]
    fn cuts_respect_characters() {
        assert_eq!(clip("Überfall", 8), "Überfall");
        assert_eq!(clip("Überfall!", 8), "Überfal…");
        assert_eq!(clip_bytes("aaaa", 4), "aaaa");
        assert_eq!(clip_utf16("👩‍🚒!", 6), "👩‍🚒!");
        assert_eq!(clip_utf16("👩‍🚒!!", 6), "👩‍🚒…");
        assert_eq!(clip_utf16("🚒🚒", 3), "🚒…");
        assert_eq!(clip_utf16("🚒🚒a", 4), "🚒…");
        for limit in 3..12 {
            let cut = clip_bytes("日本語の表題", limit);
            assert!(cut.len() <= limit && cut.ends_with('…'), "{cut} at {limit}");
        }
    }
}
