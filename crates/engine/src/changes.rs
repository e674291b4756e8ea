//! What was changed, as senders tell it: committed before the sender is answered, and no part of any decision.

use decurion_core::access::Permit;
use decurion_core::id::derive;
use decurion_core::intake::Integration;
use decurion_core::intake::pagerduty::Change;
use decurion_store::ChangeRow;

use crate::{Engine, EngineError, project};

/// How long a change is kept, as PagerDuty keeps it: 90 days.
const KEPT_US: i64 = 90 * 86_400_000_000;

impl Engine {
    /// Keeps a change. One that says when it happened and is sent again is the same change.
    pub async fn change_add(
        &self,
        permit: &Permit,
        integration: &Integration,
        body: &[u8],
        change: Change,
    ) -> Result<String, EngineError> {
        let now_us = self.now_us();
        let again = hex::encode(<sha2::Sha256 as sha2::Digest>::digest(body));
        let id = match change.at_us {
            Some(at_us) => derive("chg", at_us, &[integration.id.as_str(), &again]),
            None => derive("chg", now_us, &[&hex::encode(rand::random::<[u8; 16]>())]),
        };
        let row = ChangeRow {
            id: id.clone(),
            integration_id: integration.id.to_string(),
            received_us: now_us,
            at_us: change.at_us.unwrap_or(now_us),
            summary: change.summary,
            source: change.source.unwrap_or_default(),
            details_json: project::json(&change.details),
            links_json: project::json(&change.links),
        };
        self.store().change_add(&row, now_us - KEPT_US, permit).await?;
        Ok(id)
    }
}
