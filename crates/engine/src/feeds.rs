//! Calendar feeds: made, listed, revoked, and opened by who knows their address.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use decurion_core::access::{Action, Actor, Permit, permit};
use decurion_core::config::Config;
use decurion_core::decide::{Command, Refusal};
use decurion_core::feed::{self, Created};
use decurion_core::ical::{self, Calendar, FeedOf, Revision};
use decurion_core::id::{FeedId, ScheduleId};
use decurion_core::journal::StreamId;
use decurion_store::{RosterEntryFilter, RosterEntryRow};
use jiff::Timestamp;

use crate::live::key_digest;
use crate::project::json;
use crate::writer::Extra;
use crate::{Engine, EngineError};

/// The kind of a feed among the roster's entries.
const KIND: &str = "feed";
const LIVE: &str = "live";
const REVOKED: &str = "revoked";
/// Feeds that one account may have at once.
const MOST: usize = 50;

/// A feed as it is listed. Its address is shown once, when it is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feed {
    pub id: FeedId,
    pub of: FeedOf,
    /// The account that made it.
    pub account: String,
    pub created_us: i64,
}

/// A feed that was made, with the secret of its address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewFeed {
    pub feed: Feed,
    pub secret: String,
}

/// 256 random bits: nobody guesses them, so a plain digest does not give them away.
fn new_secret() -> String {
    URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>())
}

/// Half of the digest of a feed's secret: what is kept of it, and how it is found.
fn feed_id(secret: &str) -> FeedId {
    FeedId::new(format!("fed_{}", &key_digest(secret)[..32]))
}

fn feed_of(row: &RosterEntryRow) -> Result<Feed, EngineError> {
    let created: Created =
        serde_json::from_str(&row.body_json).map_err(|error| EngineError::Store(error.to_string()))?;
    Ok(Feed { id: created.feed, of: created.of, account: created.account, created_us: row.created_us })
}

impl Engine {
    /// Makes a feed for an account.
    pub async fn feed_create(
        &self,
        permit: &Permit,
        account: &str,
        of: FeedOf,
    ) -> Result<NewFeed, EngineError> {
        let mine = self.feed_list(permit).await?.into_iter().filter(|feed| feed.account == account).count();
        if mine >= MOST {
            let message = format!("an account has at most {MOST} feeds; revoke one that nobody reads");
            return Err(Refusal::new("too_many", message).into());
        }
        self.feed_make(permit, account, of, None).await
    }

    /// Gives a feed a new address; the old one opens nothing any more.
    pub async fn feed_replace(&self, permit: &Permit, id: &FeedId) -> Result<NewFeed, EngineError> {
        let old = self.feed_get(permit, id).await?;
        self.feed_make(permit, &old.account, old.of.clone(), Some(old.clone())).await
    }

    async fn feed_make(
        &self,
        permit: &Permit,
        account: &str,
        of: FeedOf,
        instead_of: Option<Feed>,
    ) -> Result<NewFeed, EngineError> {
        let secret = new_secret();
        let feed = Feed { id: feed_id(&secret), of, account: account.to_owned(), created_us: self.now_us() };
        let mut commands: Vec<(StreamId, Command)> = Vec::new();
        let mut rows = Vec::new();
        if let Some(old) = instead_of {
            commands.push((StreamId::feed(&old.id), feed::Command::Revoke.into()));
            rows.push(self.feed_row(permit, &old, REVOKED));
        }
        let create = feed::Command::Create(created(&feed));
        commands.push((StreamId::feed(&feed.id), create.into()));
        rows.push(self.feed_row(permit, &feed, LIVE));
        self.feed_commit(permit, commands, rows).await?;
        Ok(NewFeed { feed, secret })
    }

    /// Makes a feed's address open nothing any more.
    pub async fn feed_revoke(&self, permit: &Permit, id: &FeedId) -> Result<(), EngineError> {
        let feed = self.feed_get(permit, id).await?;
        let commands: Vec<(StreamId, Command)> = vec![(StreamId::feed(id), feed::Command::Revoke.into())];
        self.feed_commit(permit, commands, vec![self.feed_row(permit, &feed, REVOKED)]).await
    }

    /// A feed that was not revoked.
    pub async fn feed_get(&self, permit: &Permit, id: &FeedId) -> Result<Feed, EngineError> {
        let row = self.store().roster_entry_get(id.as_str(), permit).await?;
        let row = row.filter(|row| row.kind == KIND && row.state == LIVE);
        feed_of(&row.ok_or(EngineError::NotFound("feed"))?)
    }

    /// Every feed that was not revoked, the newest first.
    pub async fn feed_list(&self, permit: &Permit) -> Result<Vec<Feed>, EngineError> {
        let filter = RosterEntryFilter {
            kind: KIND.to_owned(),
            states: vec![LIVE.to_owned()],
            ..RosterEntryFilter::default()
        };
        self.store().roster_entry_all(&filter, permit).await?.iter().map(feed_of).collect()
    }

    /// What the address with that secret shows now. None: it opens nothing, or not any more.
    pub async fn feed_open(&self, secret: &str) -> Result<Option<Calendar>, EngineError> {
        let permit = permit(&Actor::System, Action::Read)?;
        let feed = match self.feed_get(&permit, &feed_id(secret)).await {
            Ok(feed) => feed,
            Err(EngineError::NotFound(_)) => return Ok(None),
            Err(error) => return Err(error),
        };
        let account = self.store().account_get(&feed.account, &permit).await?;
        let config = self.config();
        if account.is_none_or(|account| account.disabled) || !is_there(&config, &feed.of) {
            return Ok(None);
        }
        let revisions = self.revisions(&permit, &config).await?;
        let now = Timestamp::from_microsecond(self.now_us()).unwrap_or_default();
        let compute = move || ical::feed(&config, &feed.of, &revisions, now);
        let calendar = tokio::task::spawn_blocking(compute).await;
        calendar
            .map(Some)
            .map_err(|error| EngineError::Store(format!("the calendar was not computed: {error}")))
    }

    /// How often each schedule has changed, by the pack or by an override, and when the last time.
    async fn revisions(
        &self,
        permit: &Permit,
        config: &Config,
    ) -> Result<BTreeMap<ScheduleId, Revision>, EngineError> {
        let pack = self.store().pack_latest(permit).await?;
        let (version, applied_us) = pack.map_or((0, 0), |pack| (pack.version, pack.applied_us));
        let schedules: Vec<ScheduleId> = config.schedules.keys().cloned().collect();
        let revision = |sequence, at_us| Revision {
            sequence,
            modified: Timestamp::from_microsecond(at_us).unwrap_or_default(),
        };
        let changes = self.store().override_changes(&schedules, permit).await?;
        let mut revisions: BTreeMap<ScheduleId, Revision> =
            schedules.into_iter().map(|id| (id, revision(version, applied_us))).collect();
        for change in changes {
            revisions
                .insert(change.schedule, revision(version + change.version, applied_us.max(change.at_us)));
        }
        Ok(revisions)
    }

    fn feed_row(&self, permit: &Permit, feed: &Feed, state: &str) -> RosterEntryRow {
        let (person_id, schedule_id) = match &feed.of {
            FeedOf::Person(id) => (Some(id.to_string()), None),
            FeedOf::Schedule(id) => (None, Some(id.to_string())),
        };
        RosterEntryRow {
            id: feed.id.to_string(),
            kind: KIND.to_owned(),
            schedule_id,
            person_id,
            state: state.to_owned(),
            start_us: None,
            end_us: None,
            body_json: json(&created(feed)),
            created_us: feed.created_us,
            updated_us: self.now_us(),
            actor: permit.actor().to_string(),
        }
    }

    async fn feed_commit(
        &self,
        permit: &Permit,
        commands: Vec<(StreamId, Command)>,
        roster_entries: Vec<RosterEntryRow>,
    ) -> Result<(), EngineError> {
        let extra = Extra { roster_entries, ..Extra::default() };
        self.job(permit.actor().clone(), commands, None, extra).await.map(drop)
    }
}

fn created(feed: &Feed) -> Created {
    Created { feed: feed.id.clone(), of: feed.of.clone(), account: feed.account.clone() }
}

/// A person who left, or a schedule that was removed, has no calendar.
fn is_there(config: &Config, of: &FeedOf) -> bool {
    match of {
        FeedOf::Person(id) => config.organisation.people.contains_key(id),
        FeedOf::Schedule(id) => config.schedules.contains_key(id),
    }
}
