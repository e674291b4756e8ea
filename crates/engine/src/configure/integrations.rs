//! Sources of alerts: documents of the pack, with keys that are kept beside it.

use std::collections::{BTreeMap, BTreeSet};

use decurion_core::access::Permit;
use decurion_core::decide::{Command, Refusal};
use decurion_core::id::{IntegrationId, derive};
use decurion_core::intake::{AlertSeverity, Integration, IntegrationKind, MappingText, Vendor};
use decurion_core::journal::StreamId;
use decurion_core::pack::{self, Document, Files, ObjectKey};
use decurion_core::{roster, source};
use decurion_store::IntegrationRow;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::REMOVED;
use super::packs::{Along, Applied, PackOrigin};
use crate::live::{Change, key_digest};
use crate::project;
use crate::writer::Extra;
use crate::{Engine, EngineError};

/// A source of alerts to make.
#[derive(Debug, Clone)]
pub struct NewIntegration {
    pub name: String,
    pub kind: IntegrationKind,
    pub vendor: Option<Vendor>,
    pub signed: bool,
    pub mapping: Option<MappingText>,
    /// Topics of SNS that are taken, by ARN.
    pub topics: Vec<String>,
    pub default_severity: AlertSeverity,
    pub auto_resolve: bool,
    /// In seconds; `heartbeat` must have it.
    pub quiet_after_s: Option<i64>,
}

/// What changes of a source; none leaves as it is.
#[derive(Debug, Clone, Default)]
pub struct IntegrationPatch {
    pub name: Option<String>,
    pub enabled: Option<bool>,
    pub mapping: Option<MappingText>,
    pub topics: Option<Vec<String>>,
    pub default_severity: Option<AlertSeverity>,
    pub auto_resolve: Option<bool>,
    /// In seconds; 0 means that it may be quiet.
    pub quiet_after_s: Option<i64>,
}

/// The parts of an integration that have no column.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Body {
    #[serde(default)]
    vendor: Option<Vendor>,
    #[serde(default)]
    signed: bool,
    #[serde(default)]
    mapping: Option<MappingText>,
    #[serde(default)]
    topics: BTreeSet<String>,
    default_severity: AlertSeverity,
    auto_resolve: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    quiet_after_s: Option<i64>,
}

/// A key that cannot be guessed: 32 characters, as senders of PagerDuty's format expect.
pub(super) fn new_key() -> String {
    hex::encode(rand::random::<[u8; 16]>())
}

pub(super) fn row_of(
    integration: &Integration,
    digest: String,
    origin: &str,
    created_us: i64,
) -> IntegrationRow {
    let body = Body {
        vendor: integration.vendor,
        signed: integration.signed,
        mapping: integration.mapping.as_ref().map(MappingText::from),
        topics: integration.topics.clone(),
        default_severity: integration.default_severity,
        auto_resolve: integration.auto_resolve,
        quiet_after_s: integration.quiet_after_s,
    };
    IntegrationRow {
        id: integration.id.to_string(),
        name: integration.name.clone(),
        kind: integration.kind.as_str().to_owned(),
        key_digest: digest,
        origin: origin.to_owned(),
        body_json: project::json(&body),
        enabled: integration.enabled,
        created_us,
        last_signal_us: None,
        quiet_since_us: None,
    }
}

/// A removed integration keeps its row, because its alerts name it; its key opens nothing.
pub(super) fn removed(row: &IntegrationRow) -> IntegrationRow {
    IntegrationRow {
        origin: REMOVED.to_owned(),
        key_digest: format!("removed:{}", row.id),
        enabled: false,
        ..row.clone()
    }
}

/// A row as the pack writes it.
fn document(row: &IntegrationRow) -> Result<Value, EngineError> {
    let body: Body = serde_json::from_str(&row.body_json)
        .map_err(|error| EngineError::Store(format!("integration {}: {error}", row.id)))?;
    let mut value = json!({"id": row.id, "name": row.name, "kind": row.kind});
    if !row.enabled {
        value["enabled"] = json!(false);
    }
    value["default_severity"] = json!(body.default_severity);
    if let Some(vendor) = body.vendor {
        value["vendor"] = json!(vendor);
    }
    if body.signed {
        value["signed"] = json!(true);
    }
    if body.auto_resolve {
        value["auto_resolve"] = json!(true);
    }
    if !body.topics.is_empty() {
        value["topics"] = json!(body.topics);
    }
    if let Some(quiet_after_s) = body.quiet_after_s {
        value["quiet_after"] = json!(source::seconds(quiet_after_s));
    }
    if let Some(mapping) = body.mapping {
        value["mapping"] = json!(mapping);
    }
    Ok(value)
}

fn key_of(id: &IntegrationId) -> ObjectKey {
    ObjectKey::new("integration", id.as_str())
}

impl IntegrationPatch {
    fn check(&self) -> Result<(), EngineError> {
        self.name.as_deref().map_or(Ok(()), check_name)
    }

    /// Writes what changes into a document of the pack.
    fn write(&self, value: &mut Value) {
        let mut set = |field: &str, new: Option<Value>| {
            if let Some(new) = new {
                value[field] = new;
            }
        };
        set("name", self.name.as_ref().map(|name| json!(name.trim())));
        set("enabled", self.enabled.map(Value::from));
        set("default_severity", self.default_severity.map(|severity| json!(severity)));
        set("auto_resolve", self.auto_resolve.map(Value::from));
        set("topics", self.topics.as_ref().map(|topics| json!(topics)));
        let quiet_after_s = self.quiet_after_s.filter(|quiet_after_s| *quiet_after_s != 0);
        set("quiet_after", quiet_after_s.map(|quiet_after_s| json!(source::seconds(quiet_after_s))));
        set("mapping", self.mapping.as_ref().map(|mapping| json!(mapping)));
        if let (Some(0), Some(fields)) = (self.quiet_after_s, value.as_object_mut()) {
            fields.remove("quiet_after");
        }
    }

    /// What changes, in words.
    fn words(&self) -> String {
        let words = [
            self.name.as_ref().map(|name| format!("renamed to {}", name.trim())),
            self.enabled.map(|enabled| if enabled { "enabled" } else { "disabled" }.to_owned()),
            self.mapping.as_ref().map(|_| "mapping changed".to_owned()),
            self.topics.as_ref().map(|topics| format!("topics {}", topics.join(", "))),
            self.default_severity.map(|severity| format!("default severity {}", severity.as_str())),
            self.quiet_after_s.map(|quiet_after_s| format!("quiet after {}", source::seconds(quiet_after_s))),
            self.auto_resolve.map(|auto_resolve| format!("resolves by itself: {auto_resolve}")),
        ];
        words.into_iter().flatten().collect::<Vec<_>>().join(", ")
    }
}

impl Engine {
    /// Makes a source of alerts, as a document of the pack. Its key is given once, here.
    pub async fn integration_create(
        &self,
        permit: &Permit,
        new: NewIntegration,
    ) -> Result<(IntegrationId, String), EngineError> {
        check_name(&new.name)?;
        let key = new_key();
        let id = IntegrationId::new(derive("int", self.now_us(), &[&key]));
        let mut value = json!({"id": id, "name": new.name.trim(), "kind": new.kind});
        if let Some(vendor) = new.vendor {
            value["vendor"] = json!(vendor);
        }
        if new.signed {
            value["signed"] = json!(true);
        }
        value["default_severity"] = json!(new.default_severity);
        if new.auto_resolve {
            value["auto_resolve"] = json!(true);
        }
        if !new.topics.is_empty() {
            value["topics"] = json!(new.topics);
        }
        if let Some(quiet_after_s) = new.quiet_after_s {
            value["quiet_after"] = json!(source::seconds(quiet_after_s));
        }
        if let Some(mapping) = &new.mapping {
            value["mapping"] = json!(mapping);
        }
        let document = Document::Value(value);
        let edit = |files: &Files| pack::put(files, &key_of(&id), &document);
        let keys = || Along { keys: BTreeMap::from([(id.clone(), key.clone())]), ..Along::default() };
        let reason = format!("integration {} made", new.name.trim());
        self.pack_edit(permit, (PackOrigin::Edit, &reason), None, edit, keys).await?;
        Ok((id, key))
    }

    /// Changes a source in its document of the pack.
    pub async fn integration_change(
        &self,
        permit: &Permit,
        id: &IntegrationId,
        patch: IntegrationPatch,
    ) -> Result<(), EngineError> {
        patch.check()?;
        let row = self.integration_row(permit, id).await?;
        let edit = |files: &Files| {
            let known = pack::object(files, &key_of(id));
            let known = known.and_then(|object| object.value());
            let mut value = known.ok_or_else(|| pack::EditError::NotFound(key_of(id)))?;
            patch.write(&mut value);
            pack::put(files, &key_of(id), &Document::Value(value))
        };
        let (reason, words) = (format!("integration {}: {}", row.name, patch.words()), patch.words());
        let along = || {
            let changed = roster::IntegrationChanged { id: id.clone(), change: words.clone() };
            Along { commands: vec![roster::Command::ChangeIntegration(changed)], ..Along::default() }
        };
        self.pack_edit(permit, (PackOrigin::Edit, &reason), None, edit, along).await.map(drop)
    }

    /// Removes a source from the pack. Its alerts stay.
    pub async fn integration_remove(&self, permit: &Permit, id: &IntegrationId) -> Result<(), EngineError> {
        let row = self.integration_row(permit, id).await?;
        let edit = |files: &Files| pack::remove(files, &key_of(id));
        let reason = format!("integration {} removed", row.name);
        self.pack_edit(permit, (PackOrigin::Edit, &reason), None, edit, Along::default).await.map(drop)
    }

    /// Gives a source a new key; the old one opens nothing any more. Keys are no part of the pack.
    pub async fn integration_rotate(
        &self,
        permit: &Permit,
        id: &IntegrationId,
    ) -> Result<String, EngineError> {
        let row = self.integration_row(permit, id).await?;
        let known = self.config().integrations.get(id).cloned();
        let integration = Box::new(known.ok_or(EngineError::NotFound("integration"))?);
        let key = new_key();
        let row = IntegrationRow { key_digest: key_digest(&key), ..row };
        let changed = roster::IntegrationChanged { id: id.clone(), change: "key rotated".to_owned() };
        let command = roster::Command::ChangeIntegration(changed);
        let change = Change::Integration { integration, key_digest: row.key_digest.clone() };
        let extra = Extra { integrations: vec![row], changes: vec![change], ..Extra::default() };
        let commands: Vec<(StreamId, Command)> = vec![(StreamId::config(), command.into())];
        self.job(permit.actor().clone(), commands, None, extra).await?;
        Ok(key)
    }

    /// Takes integrations that stand beside the pack into it, with the keys that they have.
    pub(super) async fn integrations_adopt(
        &self,
        permit: &Permit,
        rows: impl Iterator<Item = &IntegrationRow>,
    ) -> Result<Applied, EngineError> {
        let mut documents = Vec::new();
        for row in rows {
            documents.push((ObjectKey::new("integration", &row.id), Document::Value(document(row)?)));
        }
        let edit = |files: &Files| {
            documents
                .iter()
                .try_fold(files.clone(), |files, (key, document)| pack::put(&files, key, document))
        };
        let reason = "integrations that were made in the console are part of the pack";
        self.pack_edit(permit, (PackOrigin::Edit, reason), None, edit, Along::default).await
    }

    async fn integration_row(
        &self,
        permit: &Permit,
        id: &IntegrationId,
    ) -> Result<IntegrationRow, EngineError> {
        let row = self.store().integration_get(id.as_str(), permit).await?;
        row.filter(|row| row.origin != REMOVED).ok_or(EngineError::NotFound("integration"))
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
