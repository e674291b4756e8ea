//! How silences look to callers.

use std::collections::BTreeMap;

use decurion_core::config::Config;
use decurion_core::id::{IntegrationId, PersonId};
use decurion_core::incident::view::name;
use decurion_core::silence::{Known, Matcher as CoreMatcher, Operator, Phase, Silence as CoreSilence};
use decurion_store::RosterEntryRow;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::problem::{ApiError, ApiResult};
use crate::state::ApiState;
use crate::words::json;

/// Alerts that page nobody for a while.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Silence {
    pub id: String,
    pub state: SilenceState,
    /// All of them must match.
    pub matchers: Vec<Matcher>,
    pub start_us: i64,
    /// First instant at which it holds no more.
    pub end_us: i64,
    pub author: String,
    pub author_name: String,
    pub reason: String,
    pub added_us: i64,
    /// How many alerts it holds back now.
    pub holds: i64,
    /// Set where somebody ended it before its time.
    pub expired: Option<SilenceExpired>,
}

/// Somebody ended a silence before its time.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct SilenceExpired {
    pub by: String,
    pub by_name: String,
    pub at_us: i64,
}

/// Where a silence stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum SilenceState {
    Pending,
    Active,
    Expired,
}

/// One condition on an alert.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Matcher {
    /// `integration` (its id), `severity`, `source`, `dedup_key`, `title`, or `labels.` and the name of a label.
    pub name: String,
    /// `=`, `!=`, `=~` or `!~`; an expression must fit the whole text.
    pub operator: String,
    pub value: String,
}

/// What to silence.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SilenceRequest {
    /// All must match; one of them at least must say what the alerts are.
    pub matchers: Vec<Matcher>,
    /// From when on; now unless given.
    pub start_us: Option<i64>,
    /// First instant at which it holds no more, at most 366 days after the start.
    pub end_us: i64,
    /// Why nobody needs to be paged.
    pub reason: String,
}

/// The matchers of a request.
pub(super) fn core_matchers(matchers: Vec<Matcher>) -> ApiResult<Vec<CoreMatcher>> {
    let read = |(place, matcher): (usize, Matcher)| {
        let known = Operator::ALL.into_iter().find(|known| known.as_str() == matcher.operator);
        let unknown = || {
            let message = format!("matcher {}: `{}` is none of =, !=, =~, !~", place + 1, matcher.operator);
            ApiError::invalid("matchers", message)
        };
        let operator = known.ok_or_else(unknown)?;
        Ok(CoreMatcher { name: matcher.name.trim().to_owned(), operator, value: matcher.value })
    };
    matchers.into_iter().enumerate().map(read).collect()
}

/// The silence of a row.
pub(super) fn silence_of(
    state: &ApiState,
    row: &RosterEntryRow,
    held: &BTreeMap<String, i64>,
) -> ApiResult<Silence> {
    let known: Known = json(&row.body_json)?;
    let config = state.engine.config();
    let phase = match known.phase(state.engine.now_us()) {
        Phase::Pending => SilenceState::Pending,
        Phase::Active => SilenceState::Active,
        Phase::Expired => SilenceState::Expired,
    };
    let end_us = known.end_us();
    let silence = known.silence;
    let author_name = author_name(&config, &silence);
    let matcher = |matcher: CoreMatcher| Matcher {
        name: matcher.name,
        operator: matcher.operator.as_str().to_owned(),
        value: matcher.value,
    };
    Ok(Silence {
        id: silence.id.to_string(),
        state: phase,
        matchers: silence.matchers.into_iter().map(matcher).collect(),
        start_us: silence.start_us,
        end_us,
        author_name,
        author: silence.author.to_string(),
        reason: silence.reason,
        added_us: known.added_us,
        holds: held.get(silence.id.as_str()).copied().unwrap_or_default(),
        expired: known.expired.map(|expired| SilenceExpired {
            by_name: name_of(&config, &expired.by),
            by: expired.by.to_string(),
            at_us: expired.at_us,
        }),
    })
}

/// The name of a person, or of an integration at whose door a client asked.
fn name_of(config: &Config, author: &PersonId) -> String {
    let integration = config.integrations.get(&IntegrationId::from(author.as_str()));
    integration.map_or_else(|| name(config, author), |integration| integration.name.clone())
}

fn author_name(config: &Config, silence: &CoreSilence) -> String {
    let name = name_of(config, &silence.author);
    silence.said_by.as_ref().map_or_else(|| name.clone(), |said| format!("{said}, over {name}"))
}
