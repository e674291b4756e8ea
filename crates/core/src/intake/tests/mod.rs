//! What each format makes of bodies: own ones, captured ones, and ones that nobody should send.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod alertmanager;
mod aws;
mod captured;
mod generic;
mod json;
mod opsgenie;
mod pagerduty;
mod properties;
mod routing;
mod sns;
mod vendors;

use serde_json::Value;

use super::{
    AlertSeverity, Event, IntakeError, Integration, IntegrationKind, MappingText, Vendor, interpret,
};
use crate::id::IntegrationId;

/// 2026-11-23T02:20:00Z.
const NOW_US: i64 = 1_795_400_400_000_000;

fn integration(kind: IntegrationKind) -> Integration {
    Integration {
        id: IntegrationId::new("int_test"),
        name: "Test sender".to_owned(),
        kind,
        enabled: true,
        vendor: None,
        signed: false,
        mapping: None,
        topics: std::collections::BTreeSet::new(),
        default_severity: AlertSeverity::Warning,
        auto_resolve: true,
        quiet_after_s: None,
    }
}

fn mapped(text: &MappingText) -> Integration {
    Integration { mapping: Some(text.compile().unwrap()), ..integration(IntegrationKind::Generic) }
}

fn of_vendor(vendor: Vendor) -> Integration {
    Integration { vendor: Some(vendor), ..integration(vendor.kind()) }
}

fn take(kind: IntegrationKind, body: &Value) -> Result<Vec<Event>, IntakeError> {
    interpret(&integration(kind), "sig_1", body.to_string().as_bytes(), NOW_US)
}

fn only(events: Result<Vec<Event>, IntakeError>) -> Event {
    let mut events = events.unwrap();
    assert_eq!(events.len(), 1, "{events:?}");
    events.remove(0)
}
