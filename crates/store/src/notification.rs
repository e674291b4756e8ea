//! Notifications: one message over one channel for one page, and what became of it.

use decurion_core::access::Permit;

use crate::sql::{Sql, Tx, args, bulk, latest, table, text};
use crate::window::{Order, list};
use crate::{Listed, Result, Store, Window};

pub(crate) const STATEMENTS: &[Sql] = &[UPSERT, GET, LIST, LIST_PERSON, MAILBOX];

table! {
    /// One message over one channel.
    pub struct NotificationRow {
        /// `ntf_…`.
        id: String,
        /// For which page.
        page_id: String,
        /// About which incident.
        incident_id: String,
        /// To whom.
        person_id: String,
        /// By which of the person's contacts.
        contact_id: String,
        /// Over which channel.
        channel: String,
        /// To which address.
        address: String,
        /// `due`, `sent`, `delivered`, `failed` or `cancelled`.
        status: String,
        /// How many attempts were made.
        attempt: i64,
        /// When it was decided.
        decided_us: i64,
        /// When the last attempt was made.
        sent_us: Option<i64>,
        /// What the channel said.
        answer: Option<String>,
        /// It was delivered after its page had ended, or after its time.
        late: bool,
        /// The message as it was sent, a JSON object.
        message_json: Option<String>,
    }
}

const UPSERT: Sql = bulk!(
    NotificationRow,
    "notification",
    "ON CONFLICT (id) DO UPDATE SET
       status = excluded.status, attempt = excluded.attempt, sent_us = excluded.sent_us,
       answer = excluded.answer, late = excluded.late,
       message_json = COALESCE(excluded.message_json, notification.message_json)"
);

/// Writes notifications; a message that is there stays when none is given.
pub(crate) async fn upsert(tx: &mut Tx, notifications: &[NotificationRow]) -> sqlx::Result<()> {
    if notifications.is_empty() {
        return Ok(());
    }
    tx.write(UPSERT, &latest(notifications, |row| &row.id)).await
}

/// Served by the primary key.
const GET: Sql = Sql::one(text!("SELECT ", NotificationRow::COLUMNS, " FROM notification WHERE id = $1"));

/// Served by `notification_by_incident`.
const LIST: Sql = Sql::one(text!(
    "SELECT ",
    NotificationRow::COLUMNS,
    " FROM notification
     WHERE incident_id = $4 AND (decided_us, id) > ($1, $2)
     ORDER BY decided_us, id LIMIT $3"
));

/// Served by `notification_by_person`.
const LIST_PERSON: Sql = Sql::one(text!(
    "SELECT ",
    NotificationRow::COLUMNS,
    " FROM notification
     WHERE person_id = $4 AND (decided_us, id) < ($1, $2)
     ORDER BY decided_us DESC, id DESC LIMIT $3"
));

/// Served by `notification_in_mailbox`.
const MAILBOX: Sql = Sql::one(text!(
    "SELECT ",
    NotificationRow::COLUMNS,
    " FROM notification
     WHERE channel = 'mailbox' AND status = 'delivered' AND ($4 = '' OR person_id = $4)
       AND (decided_us, id) < ($1, $2)
     ORDER BY decided_us DESC, id DESC LIMIT $3"
));

impl Store {
    /// One notification.
    pub async fn notification_get(&self, id: &str, _permit: &Permit) -> Result<Option<NotificationRow>> {
        Ok(self.readers.first(GET, args![id]).await?)
    }

    /// The notifications of an incident, in the order in which they were decided.
    pub async fn notification_list(
        &self,
        incident_id: &str,
        window: &Window,
        _permit: &Permit,
    ) -> Result<Listed<NotificationRow>> {
        list(&self.readers, LIST, (window, Order::OldestFirst), args![incident_id], key).await
    }

    /// What was put into the mailbox, newest first; of everybody for `None`.
    pub async fn mailbox_list(
        &self,
        person_id: Option<&str>,
        window: &Window,
        _permit: &Permit,
    ) -> Result<Listed<NotificationRow>> {
        let arguments = args![person_id.unwrap_or_default()];
        list(&self.readers, MAILBOX, (window, Order::NewestFirst), arguments, key).await
    }

    /// What a person was sent over any channel, newest first.
    pub async fn notification_list_person(
        &self,
        person_id: &str,
        window: &Window,
        _permit: &Permit,
    ) -> Result<Listed<NotificationRow>> {
        list(&self.readers, LIST_PERSON, (window, Order::NewestFirst), args![person_id], key).await
    }
}

fn key(notification: &NotificationRow) -> (i64, &str) {
    (notification.decided_us, &notification.id)
}
