//! Swaps as the API shows them, and what is asked of them.

use decurion_core::config::Config;
use decurion_core::id::ScheduleId;
use decurion_core::incident::view::name;
use decurion_core::roster::{InReturn as CoreInReturn, Span as CoreSpan, Swap as CoreSwap};
use decurion_engine::roster::SWAP;
use decurion_store::RosterEntryRow;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::oncall::entries::{Entry, Kind};
use crate::oncall::reads::PersonName;
use crate::problem::ApiResult;
use crate::words::{json, word};

/// A stretch of time, `[start_us, end_us)`.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Span {
    pub start_us: i64,
    pub end_us: i64,
}

/// The other half of a trade.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct InReturn {
    /// The schedule of the swap unless given.
    pub schedule_id: Option<String>,
    pub start_us: i64,
    pub end_us: i64,
}

impl InReturn {
    pub(crate) fn core(self) -> CoreInReturn {
        let span = CoreSpan { start_us: self.start_us, end_us: self.end_us };
        CoreInReturn { schedule: self.schedule_id.as_deref().map(ScheduleId::from), span }
    }
}

/// Where a swap stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum SwapState {
    /// All of it or a part of it can be taken.
    Open,
    /// Somebody stands in for all of it.
    Taken,
    Withdrawn,
    /// It began, and nobody stood in for all of it.
    Expired,
}

/// A wish to be stood in for, and what became of it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Swap {
    pub id: String,
    pub schedule_id: String,
    /// Whose shift it is.
    pub person_id: String,
    pub name: String,
    pub state: SwapState,
    pub start_us: i64,
    pub end_us: i64,
    /// What nobody has taken and still can.
    pub open: Vec<Span>,
    pub taken: Vec<SwapPart>,
    /// What began before anybody took it.
    pub expired: Vec<Span>,
    pub asked: Vec<PersonName>,
    pub declined: Vec<PersonName>,
    /// Whoever takes turns on the schedule may take it.
    pub everybody: bool,
    /// The shift that the person takes in return: a trade. Its schedule is always named.
    pub in_return: Option<InReturn>,
    pub reason: String,
    /// `person:…`, `account:…`, or `system` because of an absence.
    pub asked_by: String,
    pub absence_id: Option<String>,
    /// Nobody was asked: somebody took the shift over.
    pub take_over: bool,
    pub asked_us: i64,
    pub changed_us: i64,
}

/// A part that somebody stands in for.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct SwapPart {
    /// The override that makes it so; names the part when it is given back.
    pub part_id: String,
    pub by_person_id: String,
    pub by_name: String,
    pub start_us: i64,
    pub end_us: i64,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct SwapStateQuery {
    pub state: Option<SwapState>,
}

/// A wish to be stood in for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SwapAskRequest {
    /// Whose shift; one's own unless given. Those who run the roster ask for others.
    pub person_id: Option<String>,
    /// What has begun by now is left out.
    pub start_us: i64,
    pub end_us: i64,
    /// Who is asked; everybody who takes turns on the schedule unless given.
    #[serde(default)]
    pub people: Vec<String>,
    /// A shift of whoever is asked that the person takes in return, on this schedule or another one.
    pub in_return: Option<InReturn>,
    #[serde(default)]
    pub reason: String,
}

/// A shift that somebody takes over, without anybody having asked.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TakeOverRequest {
    /// Whose shift.
    pub person_id: String,
    /// Who takes it; oneself unless given.
    pub by_person_id: Option<String>,
    pub start_us: i64,
    pub end_us: i64,
    #[serde(default)]
    pub reason: String,
}

/// Standing in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SwapTakeRequest {
    /// Who stands in; oneself unless given.
    pub by_person_id: Option<String>,
    /// For a part; all that is open unless given.
    pub start_us: Option<i64>,
    pub end_us: Option<i64>,
}

/// Saying no.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SwapDeclineRequest {
    /// Who says no; oneself unless given.
    pub person_id: Option<String>,
    #[serde(default)]
    pub reason: String,
}

/// Asking no more.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SwapWithdrawRequest {
    #[serde(default)]
    pub reason: String,
}

/// Giving back what was taken.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SwapUndoRequest {
    /// One part; everything that has not begun unless given.
    pub part_id: Option<String>,
    #[serde(default)]
    pub reason: String,
}

const fn span(span: CoreSpan) -> Span {
    Span { start_us: span.start_us, end_us: span.end_us }
}

impl SwapState {
    /// As the store keeps it.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Taken => "taken",
            Self::Withdrawn => "withdrawn",
            Self::Expired => "expired",
        }
    }
}

impl Kind for Swap {
    const KIND: &'static str = SWAP;
    const WHAT: &'static str = "swap";
}

impl Entry for Swap {
    fn of_row(row: &RosterEntryRow, config: &Config) -> ApiResult<Self> {
        let swap: CoreSwap = json(&row.body_json)?;
        let in_return = swap.in_return.map(|other| InReturn {
            schedule_id: Some(other.schedule.unwrap_or_else(|| swap.schedule.clone()).to_string()),
            start_us: other.span.start_us,
            end_us: other.span.end_us,
        });
        Ok(Self {
            state: word(swap.state.as_str())?,
            name: name(config, &swap.person),
            start_us: swap.span.start_us,
            end_us: swap.span.end_us,
            open: swap.open.into_iter().map(span).collect(),
            taken: swap
                .taken
                .iter()
                .map(|taken| SwapPart {
                    part_id: taken.part.to_string(),
                    by_person_id: taken.by.to_string(),
                    by_name: name(config, &taken.by),
                    start_us: taken.span.start_us,
                    end_us: taken.span.end_us,
                })
                .collect(),
            expired: swap.expired.into_iter().map(span).collect(),
            asked: PersonName::all(config, &swap.asked),
            declined: PersonName::all(config, &swap.declined),
            everybody: swap.everybody,
            in_return,
            reason: swap.reason,
            asked_by: swap.actor,
            absence_id: swap.absence.map(|id| id.to_string()),
            take_over: swap.take_over,
            asked_us: swap.asked_us,
            changed_us: swap.changed_us,
            id: swap.id.to_string(),
            schedule_id: swap.schedule.to_string(),
            person_id: swap.person.to_string(),
        })
    }
}
