//! The words that sentences share: names, instants, lists.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::config::Config;
use crate::id::PersonId;
use crate::incident::view::name;
use crate::incident::{Disposition, PageRef};
use crate::org::Channel;

/// The configuration's names, and the instant at which a sentence is said.
#[derive(Debug, Clone, Copy)]
pub(super) struct Words<'a> {
    pub config: &'a Config,
    pub now_us: i64,
}

impl Words<'_> {
    pub(super) fn name(&self, person: &PersonId) -> String {
        name(self.config, person)
    }

    pub(super) fn actor(&self, text: &str) -> String {
        actor(text, self.config)
    }

    /// `Mara Lindqvist and Tomasz Zieliński`.
    pub(super) fn names<'p>(&self, people: impl IntoIterator<Item = &'p PersonId>) -> String {
        list(&people.into_iter().map(|person| self.name(person)).collect::<Vec<_>>())
    }

    pub(super) fn paged(&self, pages: &[PageRef]) -> String {
        self.names(pages.iter().map(|page| &page.person))
    }

    /// `10:51 CEST` in the organisation's zone, with the weekday when it is another day.
    pub(super) fn instant(&self, at_us: i64) -> String {
        let zone = self.zone();
        let (at, now) = (zoned(at_us, &zone), zoned(self.now_us, &zone));
        let format = if at.date() == now.date() { "%H:%M %Z" } else { "%a %-d %b %H:%M %Z" };
        at.strftime(format).to_string()
    }

    /// `Thu 15 Oct 2026 10:42 CEST`.
    pub(super) fn date(&self, at_us: i64) -> String {
        zoned(at_us, &self.zone()).strftime("%a %-d %b %Y %H:%M %Z").to_string()
    }

    /// `10:42:18`.
    pub(super) fn clock(&self, at_us: i64) -> String {
        zoned(at_us, &self.zone()).strftime("%H:%M:%S").to_string()
    }

    fn zone(&self) -> TimeZone {
        TimeZone::get(&self.config.organisation.zone).unwrap_or(TimeZone::UTC)
    }
}

fn zoned(at_us: i64, zone: &TimeZone) -> jiff::Zoned {
    Timestamp::from_microsecond(at_us).unwrap_or(Timestamp::UNIX_EPOCH).to_zoned(zone.clone())
}

/// Who an actor is, as people read it: `person:elif` is `Elif Aydın`, `system` is `Decurion`.
pub fn actor(text: &str, config: &Config) -> String {
    match text.split_once(':') {
        Some(("person" | "link", id)) => name(config, &PersonId::from(id)),
        Some(("integration", id)) => {
            let known = config.integrations.get(&id.into());
            known.map_or_else(|| id.to_owned(), |integration| integration.name.clone())
        }
        Some(("account", _)) => "An account without a person".to_owned(),
        Some((_, rest)) => rest.to_owned(),
        None if text == "system" => "Decurion".to_owned(),
        None => text.to_owned(),
    }
}

/// `a`, `a and b`, `a, b and c`; `nobody` for none.
pub(super) fn list(items: &[String]) -> String {
    match items {
        [] => "nobody".to_owned(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// How somebody answered.
pub(super) fn via(text: &str) -> String {
    match text {
        "link" => "by the signed link".to_owned(),
        "console" => "in the console".to_owned(),
        "cli" => "on the command line".to_owned(),
        "integration" => "by the sender".to_owned(),
        other => format!("by {other}"),
    }
}

/// The way that a message takes.
pub(super) const fn channel(channel: Channel) -> &'static str {
    match channel {
        Channel::Email => "by e-mail",
        Channel::Webhook => "by webhook",
        Channel::Ntfy => "by push",
        Channel::Slack => "by chat",
        Channel::Telegram => "by Telegram",
        Channel::Discord => "by Discord",
        Channel::Mattermost => "by Mattermost",
        Channel::Teams => "by Teams",
        Channel::Pushover => "by Pushover",
        Channel::Sms => "by text message",
        Channel::Mailbox => "in the mailbox",
    }
}

/// What a case turned out to be.
pub(super) const fn disposition(disposition: Disposition) -> &'static str {
    match disposition {
        Disposition::TpMalicious => "an attack",
        Disposition::TpBenign => "it happened and was allowed",
        Disposition::FalsePositive => "false",
        Disposition::Undetermined => "undetermined",
    }
}

/// `1 min 29 s`, `7 h 35 min`, `2 d 3 h`.
pub(super) fn span(us: i64) -> String {
    let seconds = us.max(0) / 1_000_000;
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3_600 => format!("{} min {} s", seconds / 60, seconds % 60),
        3_600..86_400 => format!("{} h {} min", seconds / 3_600, seconds % 3_600 / 60),
        _ => format!("{} d {} h", seconds / 86_400, seconds % 86_400 / 3_600),
    }
}
