//! What a swap, a take-over or an absence would mean: the command that would be sent is decided on a copy of
//! what is in force, so that a preview refuses and changes exactly what the command would.

use decurion_core::access::{Actor, Permit};
use decurion_core::config::Config;
use decurion_core::id::{AbsenceId, PersonId, ScheduleId, SwapId};
use decurion_core::journal::StreamId;
use decurion_core::roster::{
    Absence, Ask, Command, Rehearsal, Span as CoreSpan, Swap, SwapAsked, Take, TakeOver, rehearse,
};
use decurion_engine::roster::SWAP;
use decurion_store::RosterEntryFilter;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::reads::PersonName;
use super::swaps::InReturn;
use super::who::whoever;
use crate::gate::Visitor;
use crate::oncall::{instant, known};
use crate::problem::{ApiError, ApiResult};
use crate::state::ApiState;
use crate::words::json;

/// A request to be stood in for, to look at.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PreviewSwap {
    pub schedule_id: String,
    /// Whose shift; one's own unless given.
    pub person_id: Option<String>,
    pub start_us: i64,
    pub end_us: i64,
    /// Who is asked; everybody who may take it unless given.
    #[serde(default)]
    pub people: Vec<String>,
    pub in_return: Option<InReturn>,
    /// As if this one took it. Nothing changes while nobody does.
    pub by_person_id: Option<String>,
}

/// Taking what somebody asks, to look at.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PreviewTake {
    pub swap_id: String,
    /// Who stands in; oneself unless given.
    pub by_person_id: Option<String>,
    /// A part; all that is open unless given.
    pub start_us: Option<i64>,
    pub end_us: Option<i64>,
}

/// A shift that somebody takes over, to look at.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PreviewTakeOver {
    pub schedule_id: String,
    pub person_id: String,
    /// Who takes it; oneself unless given.
    pub by_person_id: Option<String>,
    pub start_us: i64,
    pub end_us: i64,
}

/// An absence, to look at.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PreviewAbsence {
    /// Who; oneself unless given.
    pub person_id: Option<String>,
    pub start_us: i64,
    pub end_us: i64,
    /// Shifts that are handed over before it is entered.
    #[serde(default)]
    pub stand_ins: Vec<PreviewStandIn>,
}

/// Who would stand in for one shift.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PreviewStandIn {
    pub schedule_id: String,
    pub by_person_id: String,
    pub start_us: i64,
    pub end_us: i64,
}

/// A request that would be made, of those who would be asked.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct PreviewAsk {
    pub schedule_id: String,
    /// Its name for people.
    pub schedule: String,
    /// Whose shift.
    pub person_id: String,
    pub start_us: i64,
    pub end_us: i64,
    pub people: Vec<PersonName>,
}

/// Commands that are ready to be rehearsed.
#[derive(Debug)]
pub(super) struct Rehearsed {
    now_us: i64,
    actor: Actor,
    swaps: Vec<Swap>,
    commands: Vec<(Actor, StreamId, Command)>,
}

impl Rehearsed {
    /// Nothing yet, on the requests that are open.
    pub(super) async fn new(state: &ApiState, permit: &Permit) -> ApiResult<Self> {
        let filter = RosterEntryFilter {
            kind: SWAP.to_owned(),
            states: vec!["open".to_owned()],
            ..RosterEntryFilter::default()
        };
        let rows = state.store().roster_entry_all(&filter, permit).await?;
        let swaps = rows.iter().map(|row| json(&row.body_json)).collect::<ApiResult<_>>()?;
        let (now_us, actor) = (state.engine.now_us(), permit.actor().clone());
        Ok(Self { now_us, actor, swaps, commands: Vec::new() })
    }

    pub(super) fn swap(mut self, state: &ApiState, visitor: &Visitor, asked: PreviewSwap) -> ApiResult<Self> {
        let schedule = known(state, &asked.schedule_id)?;
        let id = self.id();
        let ask = Ask {
            id: id.clone(),
            person: whoever(asked.person_id.as_deref(), visitor, "person_id")?,
            span: CoreSpan { start_us: asked.start_us, end_us: asked.end_us },
            people: asked.people.iter().map(|id| PersonId::from(id.as_str())).collect(),
            in_return: asked.in_return.map(InReturn::core),
            reason: String::new(),
        };
        self.then(&schedule, Command::AskSwap(Box::new(ask)));
        if let Some(by) = asked.by_person_id {
            let take = Take { id, by: PersonId::from(by.as_str()), span: None };
            // Whoever asks may look at what it means when somebody else takes it.
            self.commands.push((Actor::System, StreamId::schedule(&schedule), Command::TakeSwap(take)));
        }
        Ok(self)
    }

    pub(super) fn take(mut self, visitor: &Visitor, asked: &PreviewTake) -> ApiResult<Self> {
        let swap = self.swaps.iter().find(|swap| swap.id.as_str() == asked.swap_id);
        let unknown = || ApiError::not_found(format!("There is no open swap {}.", asked.swap_id));
        let (id, schedule) = swap.map(|swap| (swap.id.clone(), swap.schedule.clone())).ok_or_else(unknown)?;
        let by = whoever(asked.by_person_id.as_deref(), visitor, "by_person_id")?;
        let span = asked.start_us.zip(asked.end_us).map(|(start_us, end_us)| CoreSpan { start_us, end_us });
        self.then(&schedule, Command::TakeSwap(Take { id, by, span }));
        Ok(self)
    }

    pub(super) fn take_over(
        mut self,
        state: &ApiState,
        visitor: &Visitor,
        asked: PreviewTakeOver,
    ) -> ApiResult<Self> {
        let by = whoever(asked.by_person_id.as_deref(), visitor, "by_person_id")?;
        let stand_in = PreviewStandIn {
            schedule_id: asked.schedule_id,
            by_person_id: by.to_string(),
            start_us: asked.start_us,
            end_us: asked.end_us,
        };
        self.over(state, &PersonId::from(asked.person_id.as_str()), &stand_in)?;
        Ok(self)
    }

    pub(super) fn absence(
        mut self,
        state: &ApiState,
        visitor: &Visitor,
        asked: &PreviewAbsence,
    ) -> ApiResult<Self> {
        let person = whoever(asked.person_id.as_deref(), visitor, "person_id")?;
        for stand_in in &asked.stand_ins {
            self.over(state, &person, stand_in)?;
        }
        let absence = Absence {
            id: AbsenceId::from("abs_preview"),
            start: instant("start_us", asked.start_us)?,
            end: instant("end_us", asked.end_us)?,
            reason: String::new(),
            author: person.clone(),
            person,
        };
        let stream = StreamId::person(&absence.person);
        self.commands.push((self.actor.clone(), stream, Command::AddAbsence(Box::new(absence))));
        Ok(self)
    }

    fn over(&mut self, state: &ApiState, person: &PersonId, asked: &PreviewStandIn) -> ApiResult<()> {
        let schedule = known(state, &asked.schedule_id)?;
        let over = TakeOver {
            id: self.id(),
            person: person.clone(),
            by: PersonId::from(asked.by_person_id.as_str()),
            span: CoreSpan { start_us: asked.start_us, end_us: asked.end_us },
            reason: String::new(),
        };
        self.then(&schedule, Command::TakeOver(Box::new(over)));
        Ok(())
    }

    fn id(&self) -> SwapId {
        SwapId::new(format!("swp_preview_{}", self.commands.len()))
    }

    fn then(&mut self, schedule: &ScheduleId, command: Command) {
        self.commands.push((self.actor.clone(), StreamId::schedule(schedule), command));
    }

    /// The configuration as it would be, and who would be asked.
    pub(super) fn run(self, config: &Config) -> ApiResult<(Config, Vec<PreviewAsk>)> {
        let Rehearsal { config: after, asked } = rehearse(config, self.now_us, &self.swaps, &self.commands)?;
        let asks = asked.iter().filter(|asked| !asked.take_over).map(|asked| ask(config, asked)).collect();
        Ok((after, asks))
    }
}

fn ask(config: &Config, asked: &SwapAsked) -> PreviewAsk {
    PreviewAsk {
        schedule_id: asked.schedule.to_string(),
        schedule: config.schedules.get(&asked.schedule).map(|one| one.name.clone()).unwrap_or_default(),
        person_id: asked.person.to_string(),
        start_us: asked.span.start_us,
        end_us: asked.span.end_us,
        people: PersonName::all(config, &asked.asked),
    }
}
