//! Changes of what decisions are made under, and its loading at the start.

use std::collections::BTreeMap;

use decurion_core::access::{Action, Actor, Permit, permit};
use decurion_core::config::Config;
use decurion_core::decide::{Command, Refusal};
use decurion_core::id::{IntegrationId, OverrideId, ScheduleId, derive};
use decurion_core::incident::Severity;
use decurion_core::intake::{AlertSeverity, Integration, IntegrationKind, MappingText};
use decurion_core::journal::StreamId;
use decurion_core::oncall::Override;
use decurion_core::{pack, roster};
use decurion_store::{IntegrationRow, PackRow};
use serde::{Deserialize, Serialize};

use crate::live::{Change, key_digest};
use crate::project::json;
use crate::writer::Extra;
use crate::{Engine, EngineError};

/// A source of alerts to make.
#[derive(Debug, Clone)]
pub struct NewIntegration {
    pub name: String,
    pub kind: IntegrationKind,
    pub mapping: Option<MappingText>,
    pub default_severity: AlertSeverity,
    pub auto_resolve: bool,
}

/// What changes of a source; none leaves as it is.
#[derive(Debug, Clone, Default)]
pub struct IntegrationPatch {
    pub name: Option<String>,
    pub enabled: Option<bool>,
    pub mapping: Option<MappingText>,
    pub default_severity: Option<AlertSeverity>,
    pub auto_resolve: Option<bool>,
}

/// An incident that somebody declares.
#[derive(Debug, Clone)]
pub struct Declare {
    pub title: String,
    pub description: Option<String>,
    pub severity: Severity,
    pub customer_facing: bool,
    pub company_wide: bool,
}

/// A pack that became the configuration.
#[derive(Debug, Clone)]
pub struct Applied {
    pub version: i64,
    pub digest: String,
}

/// The parts of an integration that have no column.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Body {
    #[serde(default)]
    mapping: Option<MappingText>,
    default_severity: AlertSeverity,
    auto_resolve: bool,
}

/// Reads what is in force out of the database.
pub(crate) async fn load(engine: &Engine) -> Result<(), EngineError> {
    let permit = permit(&Actor::System, Action::Read)?;
    let store = engine.store();
    let version = store.head().await?.seq;
    if let Some(row) = store.pack_latest(&permit).await? {
        let config = compile(&parse_files(&row.files_json)?, engine.now_us())?;
        engine.live().apply(Change::Pack(Box::new(config)), version);
    }
    for row in store.integration_list(&permit).await? {
        if row.origin != REMOVED {
            let integration = Box::new(integration_of(&row)?);
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
    Ok(())
}

const REMOVED: &str = "removed";

fn parse_files(text: &str) -> Result<pack::Files, EngineError> {
    serde_json::from_str(text).map_err(|error| EngineError::Store(format!("the stored pack: {error}")))
}

fn compile(files: &pack::Files, now_us: i64) -> Result<Config, EngineError> {
    let at = jiff::Timestamp::from_microsecond(now_us).unwrap_or_default();
    let report = pack::check(files, at);
    let errors: Vec<_> = report.errors().cloned().collect();
    match report.config {
        Some(config) if errors.is_empty() => Ok(config),
        _ => Err(EngineError::Pack(errors)),
    }
}

fn integration_of(row: &IntegrationRow) -> Result<Integration, EngineError> {
    let bad = |error: String| EngineError::Store(format!("integration {}: {error}", row.id));
    let body: Body = serde_json::from_str(&row.body_json).map_err(|error| bad(error.to_string()))?;
    let kind = IntegrationKind::ALL.into_iter().find(|kind| kind.as_str() == row.kind);
    Ok(Integration {
        id: row.id.as_str().into(),
        name: row.name.clone(),
        kind: kind.ok_or_else(|| bad(format!("no kind {}", row.kind)))?,
        enabled: row.enabled,
        mapping: compile_mapping(body.mapping.as_ref())?,
        default_severity: body.default_severity,
        auto_resolve: body.auto_resolve,
    })
}

fn compile_mapping(
    text: Option<&MappingText>,
) -> Result<Option<decurion_core::intake::Mapping>, EngineError> {
    let Some(text) = text else { return Ok(None) };
    text.compile().map(Some).map_err(|errors| {
        let errors: Vec<String> = errors.iter().map(|(field, error)| format!("{field}: {error}")).collect();
        Refusal::field("invalid_field", "mapping", errors.join("; ")).into()
    })
}

/// A key that cannot be guessed: 32 characters, as senders of PagerDuty's format expect.
fn new_key() -> String {
    hex::encode(rand::random::<[u8; 16]>())
}

fn row_of(integration: &Integration, digest: String, origin: &str, created_us: i64) -> IntegrationRow {
    let body = Body {
        mapping: integration.mapping.as_ref().map(MappingText::from),
        default_severity: integration.default_severity,
        auto_resolve: integration.auto_resolve,
    };
    IntegrationRow {
        id: integration.id.to_string(),
        name: integration.name.clone(),
        kind: integration.kind.as_str().to_owned(),
        key_digest: digest,
        origin: origin.to_owned(),
        body_json: json(&body),
        enabled: integration.enabled,
        created_us,
        last_signal_us: None,
    }
}

impl Engine {
    /// The files of the pack in force.
    pub async fn pack_files(&self, permit: &Permit) -> Result<pack::Files, EngineError> {
        match self.store().pack_latest(permit).await? {
            Some(row) => parse_files(&row.files_json),
            None => Ok(pack::Files::new()),
        }
    }

    /// Makes a pack the configuration, in one commit. `base_version` refuses it when somebody else was faster.
    pub async fn pack_apply(
        &self,
        permit: &Permit,
        files: pack::Files,
        reason: &str,
        base_version: Option<i64>,
    ) -> Result<Applied, EngineError> {
        let latest = self.store().pack_latest(permit).await?;
        let current = latest.map_or(0, |row| row.version);
        let config = compile(&files, self.now_us())?;
        let digest = pack::digest(&files);
        let author = permit.actor().to_string();
        let command = roster::Command::ApplyPack {
            digest: digest.clone(),
            author: author.clone(),
            reason: reason.to_owned(),
            base_version: base_version.or(Some(current)),
        };
        let mut commands: Vec<(StreamId, Command)> = vec![(StreamId::config(), command.into())];
        let mut extra = Extra {
            packs: vec![PackRow {
                version: current + 1,
                digest: digest.clone(),
                files_json: json(&files),
                author,
                reason: reason.to_owned(),
                applied_us: self.now_us(),
            }],
            ..Extra::default()
        };
        self.pack_integrations(permit, &config, &mut commands, &mut extra).await?;
        extra.changes.insert(0, Change::Pack(Box::new(config)));
        self.job(permit.actor().clone(), commands, None, extra).await?;
        crate::roster::review(self).await;
        Ok(Applied { version: current + 1, digest })
    }

    /// The integrations that a pack declares get a key when they are new; those it names no more are removed.
    async fn pack_integrations(
        &self,
        permit: &Permit,
        config: &Config,
        commands: &mut Vec<(StreamId, Command)>,
        extra: &mut Extra,
    ) -> Result<(), EngineError> {
        let rows = self.store().integration_list(permit).await?;
        let known: BTreeMap<&str, &IntegrationRow> = rows.iter().map(|row| (row.id.as_str(), row)).collect();
        for integration in config.integrations.values() {
            let there = known.get(integration.id.as_str()).filter(|row| row.origin != REMOVED);
            let digest = there.map_or_else(|| key_digest(&new_key()), |row| row.key_digest.clone());
            if there.is_none() {
                let created = roster::IntegrationCreated {
                    id: integration.id.clone(),
                    name: integration.name.clone(),
                    kind: integration.kind,
                };
                commands.push((StreamId::config(), roster::Command::CreateIntegration(created).into()));
            }
            let created_us = there.map_or(self.now_us(), |row| row.created_us);
            let mut row = row_of(integration, digest.clone(), "pack", created_us);
            row.last_signal_us = there.and_then(|row| row.last_signal_us);
            extra.integrations.push(row);
            let integration = Box::new(integration.clone());
            extra.changes.push(Change::Integration { integration, key_digest: digest });
        }
        for row in rows.iter().filter(|row| row.origin == "pack") {
            let id = IntegrationId::new(row.id.clone());
            if !config.integrations.contains_key(&id) {
                commands
                    .push((StreamId::config(), roster::Command::RemoveIntegration { id: id.clone() }.into()));
                extra.integrations.push(removed(row));
                extra.changes.push(Change::IntegrationRemoved(id));
            }
        }
        Ok(())
    }

    /// Makes a source of alerts. Its key is given once, here.
    pub async fn integration_create(
        &self,
        permit: &Permit,
        new: NewIntegration,
    ) -> Result<(IntegrationId, String), EngineError> {
        check_name(&new.name)?;
        let key = new_key();
        let id = IntegrationId::new(derive("int", self.now_us(), &[&key]));
        let integration = Integration {
            id: id.clone(),
            name: new.name.trim().to_owned(),
            kind: new.kind,
            enabled: true,
            mapping: compile_mapping(new.mapping.as_ref())?,
            default_severity: new.default_severity,
            auto_resolve: new.auto_resolve,
        };
        let created = roster::IntegrationCreated {
            id: id.clone(),
            name: integration.name.clone(),
            kind: integration.kind,
        };
        let row = row_of(&integration, key_digest(&key), "console", self.now_us());
        let command = roster::Command::CreateIntegration(created);
        self.integration_commit(permit, command, row, Some(integration)).await?;
        Ok((id, key))
    }

    /// Gives a source a new key; the old one opens nothing any more.
    pub async fn integration_rotate(
        &self,
        permit: &Permit,
        id: &IntegrationId,
    ) -> Result<String, EngineError> {
        let row = self.integration_row(permit, id).await?;
        let key = new_key();
        let integration = integration_of(&row)?;
        let row = IntegrationRow { key_digest: key_digest(&key), ..row };
        let changed = roster::IntegrationChanged { id: id.clone(), change: "key rotated".to_owned() };
        let command = roster::Command::ChangeIntegration(changed);
        self.integration_commit(permit, command, row, Some(integration)).await?;
        Ok(key)
    }

    /// Changes a source.
    pub async fn integration_change(
        &self,
        permit: &Permit,
        id: &IntegrationId,
        patch: IntegrationPatch,
    ) -> Result<(), EngineError> {
        let row = self.integration_row(permit, id).await?;
        let mut integration = integration_of(&row)?;
        let mut words = Vec::new();
        if let Some(name) = patch.name {
            check_name(&name)?;
            words.push(format!("renamed to {}", name.trim()));
            name.trim().clone_into(&mut integration.name);
        }
        if let Some(enabled) = patch.enabled {
            words.push(if enabled { "enabled" } else { "disabled" }.to_owned());
            integration.enabled = enabled;
        }
        if let Some(mapping) = &patch.mapping {
            words.push("mapping changed".to_owned());
            integration.mapping = compile_mapping(Some(mapping))?;
        }
        if let Some(severity) = patch.default_severity {
            words.push(format!("default severity {}", severity.as_str()));
            integration.default_severity = severity;
        }
        if let Some(auto_resolve) = patch.auto_resolve {
            words.push(format!("resolves by itself: {auto_resolve}"));
            integration.auto_resolve = auto_resolve;
        }
        let mut changed = row_of(&integration, row.key_digest.clone(), &row.origin, row.created_us);
        changed.last_signal_us = row.last_signal_us;
        let command = roster::IntegrationChanged { id: id.clone(), change: words.join(", ") };
        let command = roster::Command::ChangeIntegration(command);
        self.integration_commit(permit, command, changed, Some(integration)).await
    }

    /// Removes a source. Its alerts stay.
    pub async fn integration_remove(&self, permit: &Permit, id: &IntegrationId) -> Result<(), EngineError> {
        let row = self.integration_row(permit, id).await?;
        let command = roster::Command::RemoveIntegration { id: id.clone() };
        self.integration_commit(permit, command, removed(&row), None).await
    }

    async fn integration_row(
        &self,
        permit: &Permit,
        id: &IntegrationId,
    ) -> Result<IntegrationRow, EngineError> {
        let row = self.store().integration_get(id.as_str(), permit).await?;
        row.filter(|row| row.origin != REMOVED).ok_or(EngineError::NotFound("integration"))
    }

    async fn integration_commit(
        &self,
        permit: &Permit,
        command: roster::Command,
        row: IntegrationRow,
        integration: Option<Integration>,
    ) -> Result<(), EngineError> {
        let change = match integration {
            Some(integration) => {
                let key_digest = row.key_digest.clone();
                Change::Integration { integration: Box::new(integration), key_digest }
            }
            None => Change::IntegrationRemoved(row.id.as_str().into()),
        };
        let extra = Extra { integrations: vec![row], changes: vec![change], ..Extra::default() };
        let commands: Vec<(StreamId, Command)> = vec![(StreamId::config(), command.into())];
        self.job(permit.actor().clone(), commands, None, extra).await.map(drop)
    }

    /// Enters an override of a schedule.
    pub async fn override_add(&self, permit: &Permit, entry: Override) -> Result<(), EngineError> {
        let stream = StreamId::schedule(&entry.schedule);
        self.submit(permit, stream, roster::Command::AddOverride(Box::new(entry)), None).await.map(drop)
    }

    /// Takes an override back.
    pub async fn override_remove(
        &self,
        permit: &Permit,
        schedule: &ScheduleId,
        id: &OverrideId,
    ) -> Result<(), EngineError> {
        let command = roster::Command::RemoveOverride { id: id.clone(), schedule: schedule.clone() };
        self.submit(permit, StreamId::schedule(schedule), command, None).await.map(drop)
    }
}

/// A removed integration keeps its row, because its alerts name it; its key opens nothing.
fn removed(row: &IntegrationRow) -> IntegrationRow {
    IntegrationRow {
        origin: REMOVED.to_owned(),
        key_digest: format!("removed:{}", row.id),
        enabled: false,
        ..row.clone()
    }
}

fn check_name(name: &str) -> Result<(), EngineError> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > 100 {
        let message = "an integration needs a name of 1 to 100 characters";
        return Err(Refusal::field("invalid_field", "name", message).into());
    }
    Ok(())
}
