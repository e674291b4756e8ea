//! How silences look to callers.

use std::collections::BTreeMap;

use decurion_core::config::Config;
use decurion_core::id::{IntegrationId, PersonId};
use decurion_core::incident::view::name;
use decurion_core::oncall::Window;
use decurion_core::silence::{
    Known, Matcher as CoreMatcher, Operator, Phase, Repeat, Silence as CoreSilence,
};
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
    /// The hours of the week at which it holds, from the start to the end; null where it always does.
    pub repeat: Option<SilenceRepeat>,
    /// When it holds from now on, the first three times; of one that holds now, from now on.
    pub next: Vec<SilenceOccurrence>,
    pub author: String,
    pub author_name: String,
    pub reason: String,
    pub added_us: i64,
    /// How many alerts it holds back now.
    pub holds: i64,
    /// Set where somebody ended it before its time.
    pub expired: Option<SilenceExpired>,
}

/// Hours of the week on the clocks of a zone.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SilenceRepeat {
    /// The zone by its IANA name; the organisation's unless given.
    pub zone: Option<String>,
    pub windows: Vec<SilenceWindow>,
}

/// A window of the week, as in schedules: it ends at the first `end` after its start.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SilenceWindow {
    /// The days on which it begins, `mon` to `sun`; none given means every day.
    #[serde(default)]
    pub days: Vec<String>,
    /// `02:00`
    pub start: String,
    /// `04:00`; not later than the start means the next day.
    pub end: String,
    /// The day on which it ends, for windows that last several days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end_day: Option<String>,
}

/// A time at which a silence holds, half-open.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct SilenceOccurrence {
    pub start_us: i64,
    pub end_us: i64,
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
    /// Makes it a maintenance window: it holds at these hours alone.
    pub repeat: Option<SilenceRepeat>,
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

/// The hours of a request.
pub(super) fn core_repeat(repeat: Option<SilenceRepeat>, config: &Config) -> ApiResult<Option<Repeat>> {
    let Some(repeat) = repeat else { return Ok(None) };
    let window = |(place, window): (usize, SilenceWindow)| {
        let value = serde_json::to_value(window).unwrap_or_default();
        serde_json::from_value::<Window>(value)
            .map_err(|error| ApiError::invalid(format!("repeat.windows[{place}]"), error.to_string()))
    };
    let windows = repeat.windows.into_iter().enumerate().map(window).collect::<ApiResult<_>>()?;
    let zone =
        repeat.zone.filter(|zone| !zone.is_empty()).unwrap_or_else(|| config.organisation.zone.clone());
    Ok(Some(Repeat { zone, windows }))
}

fn repeat_of(repeat: Repeat) -> ApiResult<SilenceRepeat> {
    let window = |window: Window| {
        let value = serde_json::to_value(window).and_then(serde_json::from_value);
        value.map_err(|error| ApiError::internal(&error))
    };
    let windows = repeat.windows.into_iter().map(window).collect::<ApiResult<_>>()?;
    Ok(SilenceRepeat { zone: Some(repeat.zone), windows })
}

/// Times that are shown of a silence.
const SHOWN: usize = 3;

fn next(known: &Known, now_us: i64) -> Vec<SilenceOccurrence> {
    if known.expired.is_some() {
        return Vec::new();
    }
    let found = known.silence.occurrences(now_us, SHOWN).into_iter();
    found.map(|found| SilenceOccurrence { start_us: found.start_us, end_us: found.end_us }).collect()
}

/// The silence of a row.
pub(super) fn silence_of(
    state: &ApiState,
    row: &RosterEntryRow,
    held: &BTreeMap<String, i64>,
) -> ApiResult<Silence> {
    let known: Known = json(&row.body_json)?;
    let config = state.engine.config();
    let now_us = state.engine.now_us();
    let next = next(&known, now_us);
    let phase = match known.phase(now_us) {
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
        repeat: silence.repeat.map(repeat_of).transpose()?,
        next,
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
