//! Calendars: feeds that people subscribe to, and calendars of other tools that become overrides.

mod feeds;
mod import;
mod served;

pub(crate) use feeds::routes as feed_routes;
pub(crate) use import::routes as import_routes;
pub(crate) use served::routes as served_routes;
