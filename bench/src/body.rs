//! Bodies that carry a mark, and how the mark is found again.

use crate::Format;

const PREFIX: &[u8] = b"bench-";
const DIGITS: usize = 10;

/// One alert of that number, as the format writes it.
pub(crate) fn alert(format: Format, key: &str, number: usize) -> String {
    let mark = format!("bench-{number:010}");
    match format {
        Format::Pagerduty => format!(
            r#"{{"routing_key":"{key}","event_action":"trigger","dedup_key":"{mark}","payload":{{"summary":"{mark} disk is full","source":"db-7","severity":"warning"}}}}"#
        ),
        Format::Alertmanager => format!(
            r#"[{{"labels":{{"alertname":"{mark}","severity":"warning","instance":"db-7"}},"annotations":{{"summary":"disk is full"}}}}]"#
        ),
    }
}

/// The numbers of all marks in a body, in the order in which they stand there.
pub(crate) fn marks(body: &[u8]) -> impl Iterator<Item = usize> + '_ {
    body.windows(PREFIX.len() + DIGITS).filter(|window| window.starts_with(PREFIX)).filter_map(|window| {
        std::str::from_utf8(&window[PREFIX.len()..]).ok().and_then(|digits| digits.parse().ok())
    })
}

#[cfg(test)]
mod tests {
    use super::{alert, marks};
    use crate::Format;

    #[test]
    fn a_mark_is_found_in_what_carries_it() {
        for format in [Format::Pagerduty, Format::Alertmanager] {
            let body = alert(format, "k", 42);
            assert!(marks(body.as_bytes()).all(|number| number == 42));
            assert!(marks(body.as_bytes()).count() >= 1);
        }
        assert_eq!(marks(b"nothing bench-12 here").count(), 0);
    }
}
