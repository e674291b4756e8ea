//! Swaps, absences, handoff notes and acceptances are entries of one table: one way to read them.

use decurion_core::access::Permit;
use decurion_core::config::Config;
use decurion_store::{Listed, RosterEntryFilter, RosterEntryRow};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::params::{List, PageQuery};
use crate::problem::{ApiError, ApiResult};
use crate::state::ApiState;

/// A kind of entry.
pub(super) trait Kind {
    /// As the table names it.
    const KIND: &'static str;
    /// As people call it.
    const WHAT: &'static str;
}

/// A kind that is shown as its row says, with the names of people.
pub(super) trait Entry: Kind + Sized {
    fn of_row(row: &RosterEntryRow, config: &Config) -> ApiResult<Self>;
}

/// Which entries of a schedule, of a person, of a time.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct EntryQuery {
    schedule_id: Option<String>,
    /// Only those of this person: whose shift it is, or who wrote it.
    person_id: Option<String>,
    /// Only what ends after this.
    from_us: Option<i64>,
    /// Only what starts before this.
    to_us: Option<i64>,
}

impl EntryQuery {
    /// As the store reads them; no state is any state.
    pub(super) fn filter(self, state: Option<&str>) -> RosterEntryFilter {
        RosterEntryFilter {
            kind: String::new(),
            schedule_id: self.schedule_id,
            person_id: self.person_id,
            states: state.map(str::to_owned).into_iter().collect(),
            from_us: self.from_us,
            to_us: self.to_us,
        }
    }
}

/// The row of an entry.
pub(super) async fn row<T: Kind>(state: &ApiState, id: &str, permit: &Permit) -> ApiResult<RosterEntryRow> {
    let row = state.store().roster_entry_get(id, permit).await?;
    let unknown = || ApiError::not_found(format!("There is no {} {id}.", T::WHAT));
    row.filter(|row| row.kind == T::KIND).ok_or_else(unknown)
}

/// One entry.
pub(super) async fn get<T: Entry>(state: &ApiState, id: &str, permit: &Permit) -> ApiResult<T> {
    T::of_row(&row::<T>(state, id, permit).await?, &state.engine.config())
}

/// A page of entries, as rows.
pub(super) async fn rows<T: Kind>(
    state: &ApiState,
    filter: RosterEntryFilter,
    page: &PageQuery,
    permit: &Permit,
) -> ApiResult<Listed<RosterEntryRow>> {
    let filter = RosterEntryFilter { kind: T::KIND.to_owned(), ..filter };
    Ok(state.store().roster_entry_list(&filter, &page.window()?, permit).await?)
}

/// A page of entries.
pub(super) async fn list<T: Entry>(
    state: &ApiState,
    filter: RosterEntryFilter,
    page: &PageQuery,
    permit: &Permit,
) -> ApiResult<List<T>> {
    let listed = rows::<T>(state, filter, page, permit).await?;
    let config = state.engine.config();
    List::of(listed, |row| T::of_row(&row, &config))
}
