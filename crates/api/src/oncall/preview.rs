//! What a change would mean before it is made: whose shifts change, and what the checks would say.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use decurion_core::access::Permit;
use decurion_core::config::Config;
use decurion_core::id::PersonId;
use decurion_core::incident::view::name;
use decurion_core::oncall::preview as core;
use decurion_core::pack::{self, Files, ObjectKey};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::coverage::CoverageFinding;
use super::overrides::{OverrideKind, OverrideRequest, entry};
use super::rehearsal::{PreviewAbsence, PreviewAsk, PreviewSwap, PreviewTake, PreviewTakeOver, Rehearsed};
use crate::body::JsonBody;
use crate::gate::Reader;
use crate::oncall::instant;
use crate::pack::{PackFinding, document};
use crate::problem::{ApiError, ApiResult, WriteProblems};
use crate::state::ApiState;

const DAY_US: i64 = 86_400 * 1_000_000;
/// As far ahead as the coverage check looks.
const DAYS: i64 = decurion_core::coverage::DAYS as i64;
/// The longest stretch that is compared at once.
const MOST_US: i64 = 400 * DAY_US;

pub(crate) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new().routes(routes!(oncall_preview))
}

/// A change to look at before it is made. Give one of `override`, `swap`, `take`, `take_over`, `absence`,
/// `document` and `files`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PreviewRequest {
    /// An override to be entered.
    #[serde(rename = "override")]
    pub entry: Option<PreviewOverride>,
    /// A request to be stood in for.
    pub swap: Option<PreviewSwap>,
    /// Standing in for somebody who asks.
    pub take: Option<PreviewTake>,
    /// Standing in where nobody asked.
    pub take_over: Option<PreviewTakeOver>,
    /// A time for which somebody is away.
    pub absence: Option<PreviewAbsence>,
    /// One object of the pack to be changed.
    pub document: Option<PreviewDocument>,
    /// A whole pack to be applied, text by path.
    pub files: Option<BTreeMap<String, String>>,
    /// Now unless given.
    pub from_us: Option<i64>,
    /// 90 days after `from_us` unless given; at most 400 days after it.
    pub to_us: Option<i64>,
}

impl PreviewRequest {
    /// How many changes it names.
    fn given(&self) -> usize {
        let given = [
            self.entry.is_some(),
            self.swap.is_some(),
            self.take.is_some(),
            self.take_over.is_some(),
            self.absence.is_some(),
            self.document.is_some(),
            self.files.is_some(),
        ];
        given.into_iter().filter(|given| *given).count()
    }
}

/// An override to look at.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PreviewOverride {
    pub schedule_id: String,
    pub kind: OverrideKind,
    /// For `add`, `remove`, `replace`.
    pub person_id: Option<String>,
    /// For `replace`.
    pub by_person_id: Option<String>,
    /// For `fixed`. None means deliberately nobody.
    #[serde(default)]
    pub people: Vec<String>,
    pub start_us: i64,
    pub end_us: i64,
}

/// An object of the pack to look at: `text`, `value`, or `remove`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PreviewDocument {
    /// `schedule`, `person`, `role`, `escalation`, …
    pub kind: String,
    pub id: String,
    /// YAML.
    pub text: Option<String>,
    pub value: Option<Value>,
    /// The object is to go.
    #[serde(default)]
    pub remove: bool,
}

/// What a change would mean.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Preview {
    pub from_us: i64,
    pub to_us: i64,
    /// Everybody whose shifts change, by name.
    pub people: Vec<PersonPreview>,
    /// What the coverage check would say and does not say now.
    pub findings_new: Vec<CoverageFinding>,
    /// What it says now and would say no more.
    pub findings_gone: Vec<CoverageFinding>,
}

/// What would change for one person.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct PersonPreview {
    pub person_id: String,
    pub name: String,
    pub gained: Vec<PreviewShift>,
    pub lost: Vec<PreviewShift>,
    /// How long the gained shifts last in all, in seconds.
    pub gained_s: i64,
    /// How long the lost shifts last in all, in seconds.
    pub lost_s: i64,
}

/// A stretch on call in one schedule.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct PreviewShift {
    pub schedule_id: String,
    /// Its name for people.
    pub schedule: String,
    pub start_us: i64,
    pub end_us: i64,
}

/// A preview, with what stands against making the change.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PreviewAnswer {
    /// Whether the change can be made.
    pub possible: bool,
    /// What is wrong or weak in the pack as it would be; empty for anything but a pack.
    pub findings: Vec<PackFinding>,
    /// Null where the change cannot be made.
    pub preview: Option<Preview>,
    /// Who would be asked to stand in, and for what. Nobody is on call for somebody else until they take it.
    pub asks: Vec<PreviewAsk>,
}

/// What a change would mean: who gains and loses which shifts, what the checks would say
#[utoipa::path(post, path = "/oncall/preview", tag = "oncall", security(("bearer" = []), ("cookie" = [])),
    request_body = PreviewRequest, responses((status = 200, body = PreviewAnswer), WriteProblems))]
async fn oncall_preview(
    State(state): State<ApiState>,
    reader: Reader,
    JsonBody(asked): JsonBody<PreviewRequest>,
) -> ApiResult<Json<PreviewAnswer>> {
    let now_us = state.engine.now_us();
    let span = span(&asked, now_us)?;
    let config = state.engine.config();
    let change = Change::of(asked, &state, &reader).await?;
    let work = tokio::task::spawn_blocking(move || change.answer(&config, span)).await;
    work.map_err(|error| ApiError::internal(&error))?.map(Json)
}

fn span(asked: &PreviewRequest, now_us: i64) -> ApiResult<(Timestamp, Timestamp)> {
    let from_us = asked.from_us.unwrap_or(now_us);
    let to_us = asked.to_us.unwrap_or_else(|| from_us.saturating_add(DAYS * DAY_US));
    if to_us <= from_us || to_us.saturating_sub(from_us) > MOST_US {
        return Err(ApiError::invalid("to_us", "give an instant after from_us, at most 400 days after it"));
    }
    Ok((instant("from_us", from_us)?, instant("to_us", to_us)?))
}

/// The stretch that previews look at: 90 days from an instant on.
pub(crate) fn ninety_days(from_us: i64) -> ApiResult<(Timestamp, Timestamp)> {
    Ok((instant("from_us", from_us)?, instant("to_us", from_us.saturating_add(DAYS * DAY_US))?))
}

/// A change, read and ready to be laid over what is in force.
enum Change {
    Override(Box<decurion_core::oncall::Override>),
    Duty(Rehearsed),
    Pack(Files),
}

impl Change {
    async fn of(asked: PreviewRequest, state: &ApiState, reader: &Reader) -> ApiResult<Self> {
        if asked.given() != 1 {
            let message =
                "give one of `override`, `swap`, `take`, `take_over`, `absence`, `document` and `files`";
            return Err(ApiError::invalid("override", message));
        }
        let PreviewRequest { entry, swap, take, take_over, absence, document, files, .. } = asked;
        let (permit, visitor) = (&reader.permit, &reader.visitor);
        if let Some(asked) = entry {
            return Ok(Self::Override(Box::new(entered(asked, state, permit)?)));
        }
        if let Some(asked) = document {
            let files = state.engine.pack_files(permit).await?;
            return Ok(Self::Pack(edited(&files, asked)?));
        }
        if let Some(files) = files {
            return Ok(Self::Pack(files));
        }
        let duty = Rehearsed::new(state, permit).await?;
        let duty = match (swap, take, take_over, absence) {
            (Some(asked), ..) => duty.swap(state, visitor, asked)?,
            (_, Some(asked), ..) => duty.take(visitor, &asked)?,
            (_, _, Some(asked), _) => duty.take_over(state, visitor, asked)?,
            (.., Some(asked)) => duty.absence(state, visitor, &asked)?,
            (None, None, None, None) => duty,
        };
        Ok(Self::Duty(duty))
    }

    fn answer(self, config: &Arc<Config>, span: (Timestamp, Timestamp)) -> ApiResult<PreviewAnswer> {
        let (mut findings, mut asks) = (Vec::new(), Vec::new());
        let preview = match self {
            Self::Override(entry) => {
                let mut after = Config::clone(config);
                after.overrides.entry(entry.schedule.clone()).or_default().push(*entry);
                Some(compared(config, &after, span))
            }
            Self::Duty(duty) => {
                let (after, asked) = duty.run(config)?;
                asks = asked;
                Some(compared(config, &after, span))
            }
            Self::Pack(files) => {
                let report = pack::check(&files, span.0);
                findings = report.findings.into_iter().map(PackFinding::from).collect();
                report.config.map(|after| preview_of_pack(config, after, span))
            }
        };
        Ok(PreviewAnswer { possible: preview.is_some(), findings, preview, asks })
    }
}

fn entered(
    asked: PreviewOverride,
    state: &ApiState,
    permit: &Permit,
) -> ApiResult<decurion_core::oncall::Override> {
    let PreviewOverride { schedule_id, kind, person_id, by_person_id, people, start_us, end_us } = asked;
    let schedule = super::known(state, &schedule_id)?;
    let reason = String::new();
    let request = OverrideRequest { kind, person_id, by_person_id, people, start_us, end_us, reason };
    let author = PersonId::new(permit.actor().to_string());
    let entry = entry(schedule, &request, author, state.engine.now_us())?;
    if entry.end <= entry.start {
        return Err(ApiError::invalid("end_us", "the override must end after it starts"));
    }
    let config = state.engine.config();
    let unknown = entry.change.people().into_iter().find(|id| !config.organisation.people.contains_key(*id));
    match unknown {
        Some(id) => Err(ApiError::invalid("person_id", format!("no person {id}"))),
        None => Ok(entry),
    }
}

fn edited(files: &Files, asked: PreviewDocument) -> ApiResult<Files> {
    let key = ObjectKey::new(asked.kind, asked.id);
    let edited = if asked.remove {
        pack::remove(files, &key)
    } else {
        pack::put(files, &key, &document(asked.text, asked.value)?)
    };
    Ok(edited.map_err(decurion_engine::EngineError::from)?)
}

/// What a pack would mean in place of the one in force; what people entered beside it stays.
pub(crate) fn preview_of_pack(config: &Config, pack: Config, span: (Timestamp, Timestamp)) -> Preview {
    let mut after = config.clone();
    after.set_pack(pack);
    compared(config, &after, span)
}

fn compared(before: &Config, after: &Config, (from, to): (Timestamp, Timestamp)) -> Preview {
    let found = core::preview(before, after, from, to);
    let known = |id: &PersonId| {
        let config = if after.organisation.people.contains_key(id) { after } else { before };
        name(config, id)
    };
    let shift = |shift: core::PreviewShift| {
        let schedules = [after, before].map(|config| config.schedules.get(&shift.schedule));
        let schedule = schedules.into_iter().flatten().next().map(|schedule| schedule.name.clone());
        PreviewShift {
            schedule: schedule.unwrap_or_default(),
            schedule_id: shift.schedule.to_string(),
            start_us: shift.start.as_microsecond(),
            end_us: shift.end.as_microsecond(),
        }
    };
    let person = |own: core::PersonPreview| PersonPreview {
        name: known(&own.person),
        gained_s: own.gained_s(),
        lost_s: own.lost_s(),
        person_id: own.person.to_string(),
        gained: own.gained.into_iter().map(shift).collect(),
        lost: own.lost.into_iter().map(shift).collect(),
    };
    let mut people: Vec<PersonPreview> = found.people.into_iter().map(person).collect();
    people.sort_by(|one, other| one.name.cmp(&other.name));
    let finding = |found| CoverageFinding::of(found, after);
    Preview {
        from_us: from.as_microsecond(),
        to_us: to.as_microsecond(),
        people,
        findings_new: found.findings_new.into_iter().map(finding).collect(),
        findings_gone: found.findings_gone.into_iter().map(finding).collect(),
    }
}
