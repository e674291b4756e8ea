//! The page ledger: for each person who was told, when, over which way, and what came of it.

use std::collections::BTreeMap;

use decurion_core::config::Config;
use decurion_core::id::PersonId;
use decurion_core::incident::view;
use decurion_core::org;
use decurion_store::{NotificationRow, PageRow};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::problem::ApiResult;
use crate::words::{Channel, Level, word};

/// The decision that one person must be told.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Page {
    pub id: String,
    pub person_id: String,
    pub name: String,
    pub level: Level,
    pub kind: PageKind,
    pub status: PageStatus,
    /// The step within the level, from 0.
    pub step: i64,
    pub round: i64,
    pub decided_us: i64,
    pub closed_us: Option<i64>,
    /// Who answered, or why nobody needs to, in words.
    pub closed_by: Option<String>,
    /// The next way that is tried if nobody answers.
    pub next: Option<PageNext>,
    pub notifications: Vec<Notification>,
}

/// Whether an answer is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PageKind {
    Page,
    Tell,
    /// About duty, and about no incident.
    Notice,
}

/// What became of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PageStatus {
    Open,
    Answered,
    Superseded,
    GivenUp,
    Told,
}

/// The next way of a page.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct PageNext {
    pub at_us: i64,
    pub text: String,
}

/// One message over one channel.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Notification {
    pub id: String,
    pub channel: Channel,
    pub contact_id: String,
    /// Where it goes; of a webhook's URL only the server.
    pub address: String,
    pub status: NotificationStatus,
    /// Attempts so far.
    pub attempt: i64,
    pub decided_us: i64,
    pub sent_us: Option<i64>,
    /// What the provider said, verbatim.
    pub answer: Option<String>,
    /// It was on its way when the page ended.
    pub late: bool,
}

/// What became of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum NotificationStatus {
    Due,
    /// The provider has it and does not know yet whether it has arrived.
    Sent,
    Delivered,
    Failed,
    Cancelled,
}

/// Each page with its messages.
pub(super) fn ledger(
    pages: Vec<PageRow>,
    notifications: Vec<NotificationRow>,
    config: &Config,
) -> ApiResult<Vec<Page>> {
    let mut by_page: BTreeMap<String, Vec<Notification>> = BTreeMap::new();
    for row in notifications {
        by_page.entry(row.page_id.clone()).or_default().push(notification(row)?);
    }
    pages
        .into_iter()
        .map(|row| {
            let notifications = by_page.remove(&row.id).unwrap_or_default();
            page(row, notifications, config)
        })
        .collect()
}

fn page(row: PageRow, notifications: Vec<Notification>, config: &Config) -> ApiResult<Page> {
    Ok(Page {
        name: view::name(config, &PersonId::from(row.person_id.as_str())),
        level: word(&row.level)?,
        kind: word(&row.kind)?,
        status: word(&row.status)?,
        next: row.next_us.map(|at_us| PageNext { at_us, text: row.next_text.clone() }),
        closed_by: row.closed_by.map(|by| with_name(&by, config)),
        id: row.id,
        person_id: row.person_id,
        step: row.step,
        round: row.round,
        decided_us: row.decided_us,
        closed_us: row.closed_us,
        notifications,
    })
}

/// What the engine says begins with the id of a person where one is meant: `elif by link`.
pub(crate) fn with_name(text: &str, config: &Config) -> String {
    let (first, rest) = text.split_once(' ').unwrap_or((text, ""));
    let id = PersonId::from(first);
    if config.organisation.people.contains_key(&id) {
        return format!("{} {rest}", view::name(config, &id)).trim_end().to_owned();
    }
    text.to_owned()
}

fn notification(row: NotificationRow) -> ApiResult<Notification> {
    let channel: Channel = word(&row.channel)?;
    Ok(Notification {
        channel,
        status: word(&row.status)?,
        id: row.id,
        contact_id: row.contact_id,
        address: org::Channel::from(channel).shown(&row.address),
        attempt: row.attempt,
        decided_us: row.decided_us,
        sent_us: row.sent_us,
        answer: row.answer,
        late: row.late,
    })
}
