//! Incidents: what the console and the command line see of a case and do with it.

mod actions;
mod ledger;
mod reads;
mod record;
mod shape;

pub(crate) use actions::EmptyRequest;
pub(crate) use actions::routes as action_routes;
pub(crate) use ledger::{PageKind, PageStatus, with_name};
pub(crate) use reads::routes as read_routes;
pub(crate) use record::{ActorName, actor_name, after_seq, routes as record_routes};
pub(crate) use shape::{Incident, IncidentLevel, IncidentStatus, Lamp, LevelTarget};

use decurion_core::id::IncidentId;
use decurion_store::IncidentRow;

/// What people call an incident.
pub(crate) fn reference(number: i64) -> String {
    format!("INC-{number}")
}

/// The id of a row.
pub(crate) fn id_of(row: &IncidentRow) -> IncidentId {
    IncidentId::new(row.id.clone())
}
