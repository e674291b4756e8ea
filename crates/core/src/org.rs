//! The organisation as decisions read it: people, roles, how to reach them.
//!
//! Code knows roles, levels and contact methods, never a person or a team by name.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::id::{ContactId, HolidaysId, PersonId, RoleId};
use crate::oncall::wall::first_instant;

/// The people and roles of one organisation.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Organisation {
    pub name: String,
    /// IANA name of the zone in which the organisation works (`Europe/Stockholm`).
    pub zone: String,
    pub people: BTreeMap<PersonId, Person>,
    pub roles: BTreeMap<RoleId, Role>,
}

/// Somebody who can be told something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    pub id: PersonId,
    pub name: String,
    pub email: Option<String>,
    /// IANA name of the zone the person lives in.
    pub zone: String,
    pub team: Option<String>,
    pub title: Option<String>,
    /// The holiday calendar that the person lives by.
    pub holidays: Option<HolidaysId>,
    /// Outside the team: reachable, and never in a rotation (CISO, CTO, legal, customers' contacts).
    pub external: bool,
    /// The duties that the person has learned.
    pub certified: Vec<Certificate>,
    pub contacts: Vec<Contact>,
    /// In the order in which they are tried. Empty: every usable contact at once, in the order given.
    pub rules: Vec<NotifyRule>,
}

/// A duty that somebody has learned and may hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// The name by which a schedule asks for it (`l1`).
    pub id: String,
    /// The last day on which it counts, in the person's zone; `None` where it has no end.
    pub until: Option<Date>,
}

/// One way to reach a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    pub id: ContactId,
    pub channel: Channel,
    /// Mail address, URL, or topic, as the channel wants it. Empty for the mailbox.
    pub address: String,
    /// A disabled contact is kept and shown, and is never used.
    pub enabled: bool,
}

/// When which contact is used, counted from the decision to page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotifyRule {
    pub contact: ContactId,
    pub delay_s: i64,
}

/// A responsibility and who has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Role {
    pub id: RoleId,
    pub name: String,
    pub holders: Vec<PersonId>,
    /// In the order in which they stand in.
    pub deputies: Vec<PersonId>,
}

/// How a message travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum Channel {
    /// SMTP.
    Email,
    /// HTTP POST signed after Standard Webhooks.
    Webhook,
    /// An ntfy topic.
    Ntfy,
    /// A Slack-compatible incoming webhook.
    Slack,
    /// A chat with a Telegram bot.
    Telegram,
    /// An incoming webhook of a Discord channel.
    Discord,
    /// An incoming webhook of a Mattermost server.
    Mattermost,
    /// The webhook of a workflow in Microsoft Teams.
    Teams,
    /// A user or a group of Pushover.
    Pushover,
    /// A text message to a phone.
    Sms,
    /// The built-in mailbox that the console shows.
    Mailbox,
}

impl Channel {
    /// Every channel, in the order of their names in documents.
    pub const ALL: [Self; 11] = [
        Self::Email,
        Self::Webhook,
        Self::Ntfy,
        Self::Slack,
        Self::Telegram,
        Self::Discord,
        Self::Mattermost,
        Self::Teams,
        Self::Pushover,
        Self::Sms,
        Self::Mailbox,
    ];

    /// The name used in packs, in the API and in the journal.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Webhook => "webhook",
            Self::Ntfy => "ntfy",
            Self::Slack => "slack",
            Self::Telegram => "telegram",
            Self::Discord => "discord",
            Self::Mattermost => "mattermost",
            Self::Teams => "teams",
            Self::Pushover => "pushover",
            Self::Sms => "sms",
            Self::Mailbox => "mailbox",
        }
    }

    /// The address as it may be shown to people. Whoever knows the URL of a webhook can write to it, so of
    /// those only the server is shown, and of a key its beginning.
    pub fn shown(self, address: &str) -> String {
        let hidden = match self {
            Self::Webhook | Self::Slack | Self::Discord | Self::Mattermost | Self::Teams => {
                address.split_once("://")
            }
            Self::Pushover => return beginning(address),
            Self::Email | Self::Ntfy | Self::Telegram | Self::Sms | Self::Mailbox => None,
        };
        let Some((scheme, rest)) = hidden else { return address.to_owned() };
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
        format!("{scheme}://{host}/…")
    }
}

/// The first four letters of a key, which tell it from others and open nothing.
fn beginning(key: &str) -> String {
    let mut shown: String = key.chars().take(4).collect();
    shown.push('…');
    shown
}

impl Person {
    /// The contacts that can be used, each with its delay in seconds, earliest first.
    ///
    /// A person whose rules name only disabled or missing contacts is reached over every enabled contact
    /// at once: a wrong rule must not make somebody unreachable.
    pub fn plan(&self) -> Vec<(&Contact, i64)> {
        let enabled = |id: &ContactId| self.contacts.iter().find(|c| &c.id == id && c.enabled);
        let mut plan: Vec<_> = self
            .rules
            .iter()
            .filter_map(|rule| enabled(&rule.contact).map(|c| (c, rule.delay_s.max(0))))
            .collect();
        plan.sort_by_key(|(_, delay_s)| *delay_s);
        if plan.is_empty() {
            plan = self.contacts.iter().filter(|c| c.enabled).map(|c| (c, 0)).collect();
        }
        plan
    }

    /// The first instant at which the person is no longer certified: before all time where they never were,
    /// after all time where the certificate has no end. Of several certificates the longest counts.
    pub fn certified_until(&self, certificate: &str) -> Timestamp {
        let ends = self.certified.iter().filter(|held| held.id == certificate);
        ends.map(|held| held.until.map_or(Timestamp::MAX, |last| after(last, &self.zone)))
            .max()
            .unwrap_or(Timestamp::MIN)
    }

    /// The contact of that name, enabled or not.
    pub fn contact(&self, id: &ContactId) -> Option<&Contact> {
        self.contacts.iter().find(|c| &c.id == id)
    }
}

/// The first instant after a day in a zone. In a zone that nobody knows, days are those of UTC.
pub fn after(day: Date, zone: &str) -> Timestamp {
    let midnight = day.tomorrow().unwrap_or(Date::MAX).to_datetime(Time::midnight());
    let instant = first_instant(zone, midnight).or_else(|_| first_instant("UTC", midnight));
    instant.unwrap_or(Timestamp::MAX)
}
