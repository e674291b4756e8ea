//! What if: an alert that did not happen, played against the configuration in force.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use decurion_core::config::Config;
use decurion_core::decide::Refusal;
use decurion_core::id::PersonId;
use decurion_core::whatif::{self, Assumptions, Case};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::instant;
use super::reads::PersonName;
use crate::body::JsonBody;
use crate::gate::Reader;
use crate::problem::{ApiError, ApiResult, WriteProblems};
use crate::state::ApiState;
use crate::words::{AlertSeverity, Channel, Level, Severity};

const HOUR_US: i64 = 3_600 * 1_000_000;

pub(crate) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new().routes(routes!(what_if)).routes(routes!(what_if_sweep))
}

/// An alert to be played at one instant.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WhatIfRequest {
    /// When it arrives; now unless given.
    pub at_us: Option<i64>,
    #[serde(default)]
    pub alert: WhatIfAlertRequest,
    #[serde(default)]
    pub assume: WhatIfAssumeRequest,
}

/// An alert to be played at every instant of a span.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WhatIfSweepRequest {
    /// From the full hour before now unless given.
    pub from_us: Option<i64>,
    /// How many days of 24 hours, at most 366; 90 unless given.
    pub days: Option<i64>,
    #[serde(default)]
    pub alert: WhatIfAlertRequest,
    #[serde(default)]
    pub assume: WhatIfAssumeRequest,
}

/// An alert that did not happen. What is left open is decided as for a real one.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WhatIfAlertRequest {
    /// The id of an integration, a part of one that only one has (`guardduty`), or the name of a kind.
    pub integration: Option<String>,
    pub title: Option<String>,
    pub source: Option<String>,
    #[serde(default)]
    pub labels: BTreeMap<String, String>,
    /// What the sender says.
    pub alert_severity: Option<AlertSeverity>,
    /// The incident's severity, whatever the routing makes of the alert.
    pub severity: Option<Severity>,
    pub customer_facing: Option<bool>,
    pub company_wide: Option<bool>,
    /// The escalation policy, whatever the routing chooses.
    pub policy: Option<String>,
}

/// Who does not answer and what does not work.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WhatIfAssumeRequest {
    /// People who are paged and do not answer, by id.
    #[serde(default)]
    pub silent: BTreeSet<String>,
    /// People who are away: they do not answer, and deputies stand in for their roles.
    #[serde(default)]
    pub absent: BTreeSet<String>,
    /// Every message over these fails.
    #[serde(default)]
    pub channels_down: Vec<Channel>,
    /// How long everybody else takes from the first message to the answer, in seconds.
    #[serde(default)]
    pub reaction_s: i64,
}

/// One alert, from its arrival to the first answer or to the end of the ladder.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct WhatIf {
    pub at_us: i64,
    pub severity: Severity,
    pub customer_facing: bool,
    pub company_wide: bool,
    pub policy: String,
    /// The routing rule that decided; null where the defaults did.
    pub rule: Option<String>,
    pub end: WhatIfEnd,
    /// From the alert to the first answer; null where nobody answered.
    pub to_human_us: Option<i64>,
    pub answered_by: Option<PersonName>,
    pub answered_at: Option<Level>,
    /// When the ladder had nobody left to ask.
    pub exhausted_us: Option<i64>,
    /// When a real case would begin again.
    pub again_us: Option<i64>,
    /// Everybody who was asked for an answer, in that order.
    pub asked: Vec<PersonName>,
    pub entries: Vec<WhatIfEntry>,
    /// The version of the configuration that it was played against.
    pub config_version: i64,
}

/// How a run ended.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum WhatIfEnd {
    Answered,
    Exhausted,
    Unfinished,
}

/// One thing that happened.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct WhatIfEntry {
    pub at_us: i64,
    pub what: WhatIfWhat,
    pub level: Option<Level>,
    /// The step of the level, from 1.
    pub step: Option<usize>,
    pub people: Vec<PersonName>,
    pub channel: Option<Channel>,
    /// Until when an answer is awaited, or when it goes on.
    pub until_us: Option<i64>,
    /// Why targets reached nobody.
    pub holes: Vec<String>,
    pub text: String,
    pub detail: Option<String>,
}

/// What kind of thing happened.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum WhatIfWhat {
    Opened,
    Engaged,
    Paged,
    FellThrough,
    Told,
    Sent,
    Failed,
    Silent,
    Unreachable,
    Exhausted,
    Answered,
}

/// The answer for every instant of a span.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct WhatIfSweep {
    pub from_us: i64,
    pub to_us: i64,
    /// Hour after hour from `from_us` on, each with its worst moment.
    pub hours: Vec<WhatIfHour>,
    /// How much of the span has which time to a human, the shortest first and nobody last.
    pub shares: Vec<WhatIfShare>,
    /// The first of the instants at which a human takes longest, in whole.
    pub worst: Option<WhatIf>,
    /// How many runs were played; every other instant met what one of them had met.
    pub played: usize,
}

/// The worst moment of an hour.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct WhatIfHour {
    /// The first instant of the hour at which it is that bad.
    pub at_us: i64,
    /// Null: nobody answers.
    pub to_human_us: Option<i64>,
    /// Who answers, by id.
    pub answered_by: Option<String>,
}

/// The part of a span that has one time to a human.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct WhatIfShare {
    /// Null: nobody answers.
    pub to_human_us: Option<i64>,
    /// How long in all.
    pub us: i64,
}

/// Play an alert that did not happen, at one instant
#[utoipa::path(post, path = "/whatif", tag = "oncall", security(("bearer" = []), ("cookie" = [])),
    request_body = WhatIfRequest, responses((status = 200, body = WhatIf), WriteProblems))]
async fn what_if(
    State(state): State<ApiState>,
    _reader: Reader,
    JsonBody(asked): JsonBody<WhatIfRequest>,
) -> ApiResult<Json<WhatIf>> {
    let at_us = asked.at_us.unwrap_or_else(|| state.engine.now_us());
    instant("at_us", at_us)?;
    let (case, assumptions) = (asked.alert.case(), asked.assume.assumptions());
    let played = play(&state, move |config| {
        let run = whatif::WhatIf::new(config, &case, &assumptions).map_err(refused)?.at(at_us);
        Ok(of_run(run, config))
    });
    Ok(Json(played.await?))
}

/// Play it at every instant of the days ahead: the longest time to a human
#[utoipa::path(post, path = "/whatif/sweep", tag = "oncall", security(("bearer" = []), ("cookie" = [])),
    request_body = WhatIfSweepRequest, responses((status = 200, body = WhatIfSweep), WriteProblems))]
async fn what_if_sweep(
    State(state): State<ApiState>,
    _reader: Reader,
    JsonBody(asked): JsonBody<WhatIfSweepRequest>,
) -> ApiResult<Json<WhatIfSweep>> {
    let now_us = state.engine.now_us();
    let from_us = asked.from_us.unwrap_or_else(|| now_us - now_us.rem_euclid(HOUR_US));
    instant("from_us", from_us)?;
    let days = asked.days.unwrap_or(whatif::DAYS);
    if !(1..=whatif::MOST_DAYS).contains(&days) {
        return Err(ApiError::invalid("days", format!("1 to {} days are looked at", whatif::MOST_DAYS)));
    }
    let to_us = from_us.saturating_add(days * 24 * HOUR_US);
    let (case, assumptions) = (asked.alert.case(), asked.assume.assumptions());
    let swept = play(&state, move |config| {
        let sweep = whatif::WhatIf::new(config, &case, &assumptions).map_err(refused)?.sweep(from_us, to_us);
        Ok(of_sweep(sweep.summary(), config))
    });
    Ok(Json(swept.await?))
}

/// Plays beside the requests, one at a time: it is nothing that anybody waits for at night.
async fn play<T: Send + 'static>(
    state: &ApiState,
    work: impl FnOnce(&Config) -> ApiResult<T> + Send + 'static,
) -> ApiResult<T> {
    let config = state.engine.config();
    let turn = Arc::clone(&state.what_ifs).acquire_owned().await;
    let turn = turn.map_err(|error| ApiError::internal(&error))?;
    let played = tokio::task::spawn_blocking(move || {
        let played = work(&config);
        drop(turn);
        played
    });
    played.await.map_err(|error| ApiError::internal(&error))?
}

fn refused(refusal: Refusal) -> ApiError {
    let field = match refusal.field {
        Some(field @ ("integration" | "policy")) => format!("alert.{field}"),
        Some(field) => format!("assume.{field}"),
        None => "alert".to_owned(),
    };
    ApiError::invalid(field, refusal.message)
}

impl WhatIfAlertRequest {
    fn case(self) -> Case {
        Case {
            integration: self.integration,
            title: self.title,
            source: self.source,
            labels: self.labels,
            alert_severity: self.alert_severity.map(Into::into),
            severity: self.severity.map(Into::into),
            customer_facing: self.customer_facing,
            company_wide: self.company_wide,
            policy: self.policy,
        }
    }
}

impl WhatIfAssumeRequest {
    fn assumptions(self) -> Assumptions {
        let people = |ids: BTreeSet<String>| ids.into_iter().map(PersonId::new).collect();
        Assumptions {
            silent: people(self.silent),
            absent: people(self.absent),
            channels_down: self.channels_down.into_iter().map(Into::into).collect(),
            reaction_s: self.reaction_s,
        }
    }
}

fn of_run(run: whatif::Run, config: &Config) -> WhatIf {
    WhatIf {
        at_us: run.at_us,
        severity: run.severity.into(),
        customer_facing: run.customer_facing,
        company_wide: run.company_wide,
        policy: run.policy,
        rule: run.rule,
        end: match run.end {
            whatif::End::Answered => WhatIfEnd::Answered,
            whatif::End::Exhausted => WhatIfEnd::Exhausted,
            whatif::End::Unfinished => WhatIfEnd::Unfinished,
        },
        to_human_us: run.to_human_us,
        answered_by: run.answered_by.as_ref().map(|person| PersonName::of(config, person)),
        answered_at: run.answered_at.map(Into::into),
        exhausted_us: run.exhausted_us,
        again_us: run.again_us,
        asked: PersonName::all(config, &run.asked),
        entries: run.entries.into_iter().map(|entry| of_entry(entry, config)).collect(),
        config_version: config.version,
    }
}

fn of_entry(entry: whatif::Entry, config: &Config) -> WhatIfEntry {
    WhatIfEntry {
        at_us: entry.at_us,
        what: match entry.what {
            whatif::What::Opened => WhatIfWhat::Opened,
            whatif::What::Engaged => WhatIfWhat::Engaged,
            whatif::What::Paged => WhatIfWhat::Paged,
            whatif::What::FellThrough => WhatIfWhat::FellThrough,
            whatif::What::Told => WhatIfWhat::Told,
            whatif::What::Sent => WhatIfWhat::Sent,
            whatif::What::Failed => WhatIfWhat::Failed,
            whatif::What::Silent => WhatIfWhat::Silent,
            whatif::What::Unreachable => WhatIfWhat::Unreachable,
            whatif::What::Exhausted => WhatIfWhat::Exhausted,
            whatif::What::Answered => WhatIfWhat::Answered,
        },
        level: entry.level.map(Into::into),
        step: entry.step,
        people: PersonName::all(config, &entry.people),
        channel: entry.channel.map(Into::into),
        until_us: entry.until_us,
        holes: entry.holes,
        text: entry.text,
        detail: entry.detail,
    }
}

fn of_sweep(sweep: whatif::Summary, config: &Config) -> WhatIfSweep {
    let hour = |hour: whatif::Hour| WhatIfHour {
        at_us: hour.at_us,
        to_human_us: hour.to_human_us,
        answered_by: hour.answered_by.map(|person| person.to_string()),
    };
    let share = |share: whatif::Share| WhatIfShare { to_human_us: share.to_human_us, us: share.us };
    WhatIfSweep {
        from_us: sweep.from_us,
        to_us: sweep.to_us,
        hours: sweep.hours.into_iter().map(hour).collect(),
        shares: sweep.shares.into_iter().map(share).collect(),
        worst: sweep.worst.map(|run| of_run(run, config)),
        played: sweep.played,
    }
}
