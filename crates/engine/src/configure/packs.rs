//! Versions of the pack: applying one, and reading those that were.

use std::collections::BTreeMap;

use decurion_core::access::Permit;
use decurion_core::config::Config;
use decurion_core::decide::Command;
use decurion_core::id::IntegrationId;
use decurion_core::journal::StreamId;
use decurion_core::pack::{self, Files, ObjectKey};
use decurion_core::roster;
use decurion_store::{IntegrationRow, PackRow};

use super::integrations::{new_key, removed, row_of};
use super::{REMOVED, compile, in_force, parse_files};
use crate::live::{Change, key_digest};
use crate::project::json;
use crate::writer::Extra;
use crate::{Engine, EngineError};

/// A pack that became the configuration.
#[derive(Debug, Clone)]
pub struct Applied {
    pub version: i64,
    pub digest: String,
}

/// How a version of the pack came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PackOrigin {
    /// Somebody applied all files.
    Apply,
    /// Somebody changed one object.
    Edit,
    /// Somebody brought back one object as it was in an earlier version.
    Restore,
}

impl PackOrigin {
    /// The word that is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Apply => "apply",
            Self::Edit => "edit",
            Self::Restore => "restore",
        }
    }
}

/// A version of the pack.
#[derive(Debug, Clone)]
pub struct PackVersion {
    pub version: i64,
    /// `apply`, `edit` or `restore`.
    pub origin: String,
    pub digest: String,
    pub files: Files,
    pub author: String,
    pub reason: String,
    pub applied_us: i64,
}

/// What is made along with a version of the pack.
#[derive(Debug, Default)]
pub(super) struct Along {
    /// Keys of new integrations; others get one that nobody sees.
    pub(super) keys: BTreeMap<IntegrationId, String>,
    pub(super) commands: Vec<roster::Command>,
}

impl TryFrom<PackRow> for PackVersion {
    type Error = EngineError;

    fn try_from(row: PackRow) -> Result<Self, EngineError> {
        let PackRow { version, origin, digest, files_json, author, reason, applied_us } = row;
        Ok(Self { version, origin, digest, files: parse_files(&files_json)?, author, reason, applied_us })
    }
}

impl Engine {
    /// The files of the pack in force.
    pub async fn pack_files(&self, permit: &Permit) -> Result<Files, EngineError> {
        Ok(in_force(self, permit).await?.1)
    }

    /// A version of the pack; the one in force where none is named.
    pub async fn pack_version(
        &self,
        permit: &Permit,
        version: Option<i64>,
    ) -> Result<Option<PackVersion>, EngineError> {
        let row = match version {
            Some(version) => self.store().pack_get(version, permit).await?,
            None => self.store().pack_latest(permit).await?,
        };
        row.map(PackVersion::try_from).transpose()
    }

    /// The last version that was applied as a whole: what a folder without a memory of its own came from.
    pub async fn pack_base(&self, permit: &Permit) -> Result<i64, EngineError> {
        let whole = self.store().pack_latest_of(PackOrigin::Apply.as_str(), permit).await?;
        Ok(whole.unwrap_or_default())
    }

    /// Makes a pack the configuration, in one commit; the same files again make no version. `base_version`
    /// refuses it when somebody else was faster.
    pub async fn pack_apply(
        &self,
        permit: &Permit,
        files: Files,
        reason: &str,
        base_version: Option<i64>,
    ) -> Result<Applied, EngineError> {
        let (current, in_force) = in_force(self, permit).await?;
        let base = base_version.unwrap_or(current);
        if files == in_force && base == current {
            return Ok(Applied { version: current, digest: pack::digest(&files) });
        }
        self.pack_commit(permit, files, (PackOrigin::Apply, reason), (base, current), Along::default()).await
    }

    pub(super) async fn pack_commit(
        &self,
        permit: &Permit,
        files: Files,
        (origin, reason): (PackOrigin, &str),
        (base, current): (i64, i64),
        along: Along,
    ) -> Result<Applied, EngineError> {
        let config = compile(files.clone(), self.now_us()).await?;
        let digest = pack::digest(&files);
        let author = permit.actor().to_string();
        let command = roster::Command::ApplyPack {
            digest: digest.clone(),
            author: author.clone(),
            reason: reason.to_owned(),
            base_version: Some(base),
        };
        let mut commands: Vec<(StreamId, Command)> = vec![(StreamId::config(), command.into())];
        let mut extra = Extra {
            packs: vec![PackRow {
                version: current + 1,
                origin: origin.as_str().to_owned(),
                digest: digest.clone(),
                files_json: json(&files),
                author,
                reason: reason.to_owned(),
                applied_us: self.now_us(),
            }],
            ..Extra::default()
        };
        self.pack_integrations(permit, (&config, &files), &along.keys, &mut commands, &mut extra).await?;
        commands.extend(along.commands.into_iter().map(|command| (StreamId::config(), command.into())));
        commands.extend(crate::sources::changes(&self.config(), &config));
        extra.changes.insert(0, Change::Pack(Box::new(config)));
        self.job(permit.actor().clone(), commands, None, extra).await?;
        crate::roster::review(self).await;
        Ok(Applied { version: current + 1, digest })
    }

    /// The integrations that a pack declares get a key when they are new; those it names no more are removed.
    async fn pack_integrations(
        &self,
        permit: &Permit,
        (config, files): (&Config, &Files),
        keys: &BTreeMap<IntegrationId, String>,
        commands: &mut Vec<(StreamId, Command)>,
        extra: &mut Extra,
    ) -> Result<(), EngineError> {
        let rows = self.store().integration_list(permit).await?;
        let known: BTreeMap<&str, &IntegrationRow> =
            rows.iter().filter(|row| row.origin != REMOVED).map(|row| (row.id.as_str(), row)).collect();
        let console = of_console(files);
        for integration in config.integrations.values() {
            let there = known.get(integration.id.as_str());
            let made =
                || keys.get(&integration.id).map_or_else(|| key_digest(&new_key()), |key| key_digest(key));
            let digest = there.map_or_else(made, |row| row.key_digest.clone());
            if there.is_none() {
                let created = roster::IntegrationCreated {
                    id: integration.id.clone(),
                    name: integration.name.clone(),
                    kind: integration.kind,
                };
                commands.push((StreamId::config(), roster::Command::CreateIntegration(created).into()));
            }
            let created_us = there.map_or(self.now_us(), |row| row.created_us);
            let origin = if console.contains(integration.id.as_str()) { "console" } else { "pack" };
            let mut row = row_of(integration, digest.clone(), origin, created_us);
            row.last_signal_us = there.and_then(|row| row.last_signal_us);
            extra.integrations.push(row);
            let integration = Box::new(integration.clone());
            extra.changes.push(Change::Integration { integration, key_digest: digest });
        }
        for row in known.into_values() {
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
}

/// The integrations that stand where the console puts what is made in it.
fn of_console(files: &Files) -> std::collections::BTreeSet<String> {
    let is_console = |(path, _): &(&String, &String)| path.starts_with("console/");
    let files: Files =
        files.iter().filter(is_console).map(|(path, text)| (path.clone(), text.clone())).collect();
    let integration = |key: ObjectKey| (key.kind == "integration").then_some(key.id);
    pack::objects(&files).into_iter().filter_map(|object| integration(object.key)).collect()
}
