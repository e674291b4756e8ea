//! Changes of what decisions are made under, and its loading at the start.
//!
//! The pack is the one place that says what is configured: whoever changes an object of it in the console
//! makes a new version of the pack. Beside it stand what people enter for a while (overrides, absences,
//! accepted findings), and the keys of integrations, which are secret.

mod integrations;
mod objects;
mod overrides;
mod packs;

use std::collections::BTreeMap;

use decurion_core::access::{Action, Actor, Permit, permit};
use decurion_core::config::Config;
use decurion_core::id::IntegrationId;
use decurion_core::incident::Severity;
use decurion_core::oncall::Override;
use decurion_core::pack::{self, Files};
use decurion_store::IntegrationRow;

use crate::live::Change;
use crate::{Engine, EngineError};

pub use integrations::{IntegrationPatch, NewIntegration};
pub use objects::{ObjectVersion, ObjectWrite};
pub use packs::{Applied, PackOrigin, PackVersion};

/// An incident that somebody declares.
#[derive(Debug, Clone)]
pub struct Declare {
    pub title: String,
    pub description: Option<String>,
    pub severity: Severity,
    pub customer_facing: bool,
    pub company_wide: bool,
}

/// The origin of an integration that is no more.
const REMOVED: &str = "removed";

/// Reads what is in force out of the database.
pub(crate) async fn load(engine: &Engine) -> Result<(), EngineError> {
    let permit = permit(&Actor::System, Action::Read)?;
    let store = engine.store();
    let version = store.head().await?.seq;
    if let Some(row) = store.pack_latest(&permit).await? {
        let config = compile(parse_files(&row.files_json)?, engine.now_us()).await?;
        engine.live().apply(Change::Pack(Box::new(config)), version);
    }
    engine.live().apply(crate::contacts::load(engine, &permit).await?, version);
    for row in store.integration_list(&permit).await?.into_iter().filter(|row| row.origin != REMOVED) {
        let id = IntegrationId::new(row.id);
        if let Some(integration) = engine.config().integrations.get(&id).cloned() {
            let integration = Box::new(integration);
            engine.live().apply(Change::Integration { integration, key_digest: row.key_digest }, version);
        }
    }
    for row in store.override_list(None, &permit).await? {
        let entry: Override =
            serde_json::from_str(&row.body_json).map_err(|error| EngineError::Store(error.to_string()))?;
        engine.live().apply(Change::OverrideAdded(Box::new(entry)), version);
    }
    for absence in crate::roster::absences(engine, &permit).await? {
        engine.live().apply(Change::AbsenceAdded(Box::new(absence)), version);
    }
    for acceptance in crate::roster::acceptances(engine, &permit).await? {
        engine.live().apply(Change::FindingAccepted(Box::new(acceptance)), version);
    }
    for change in crate::silences::load(engine, &permit).await? {
        engine.live().apply(change, version);
    }
    Ok(())
}

/// Takes integrations that stand beside the pack, as versions before 0.2 kept those of the console, into it.
pub(crate) async fn adopt(engine: &Engine) -> Result<(), EngineError> {
    let permit = permit(&Actor::System, Action::Configure)?;
    let rows = engine.store().integration_list(&permit).await?;
    let config = engine.config();
    let beside = |row: &&IntegrationRow| {
        row.origin != REMOVED && !config.integrations.contains_key(&IntegrationId::from(row.id.as_str()))
    };
    let beside: BTreeMap<String, &IntegrationRow> =
        rows.iter().filter(beside).map(|row| (row.id.clone(), row)).collect();
    if beside.is_empty() || engine.store().pack_latest(&permit).await?.is_none() {
        return Ok(());
    }
    engine.integrations_adopt(&permit, beside.into_values()).await.map(drop)
}

fn parse_files(text: &str) -> Result<Files, EngineError> {
    serde_json::from_str(text).map_err(|error| EngineError::Store(format!("the stored pack: {error}")))
}

/// The configuration that a pack means; the check takes its time, so it runs beside the others.
async fn compile(files: Files, now_us: i64) -> Result<Config, EngineError> {
    let at = jiff::Timestamp::from_microsecond(now_us).unwrap_or_default();
    let report = tokio::task::spawn_blocking(move || pack::check(&files, at)).await;
    let report = report.map_err(|error| EngineError::Store(format!("the check of the pack: {error}")))?;
    let errors: Vec<_> = report.errors().cloned().collect();
    match report.config {
        Some(config) if errors.is_empty() => Ok(config),
        _ => Err(EngineError::Pack(errors)),
    }
}

/// The version of the pack in force and its files; 0 and none before the first.
async fn in_force(engine: &Engine, permit: &Permit) -> Result<(i64, Files), EngineError> {
    match engine.store().pack_latest(permit).await? {
        Some(row) => Ok((row.version, parse_files(&row.files_json)?)),
        None => Ok((0, Files::new())),
    }
}
