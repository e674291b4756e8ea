//! One object of the pack: changed, removed, brought back, and what it was in every version.

use decurion_core::access::Permit;
use decurion_core::decide::Refusal;
use decurion_core::pack::{self, Document, EditError, Files, ObjectKey};

use super::packs::{Along, Applied, PackOrigin};
use super::{in_force, parse_files};
use crate::{Engine, EngineError};

/// How often a change is tried again when somebody else was faster.
const TRIES: usize = 5;
/// Versions that are looked through for one object at a time.
const MOST_VERSIONS: u32 = 1_000;

/// What is done with an object.
#[derive(Debug, Clone)]
pub enum ObjectWrite {
    Put(Document),
    Remove,
}

/// A version of the pack in which an object changed.
#[derive(Debug, Clone)]
pub struct ObjectVersion {
    pub version: i64,
    /// `apply`, `edit` or `restore`.
    pub origin: String,
    pub author: String,
    pub reason: String,
    pub applied_us: i64,
    /// Its text before; none where the version added it.
    pub before: Option<String>,
    /// Its text since; none where the version removed it.
    pub after: Option<String>,
}

impl Engine {
    /// Changes one object, as a new version of the pack. `base_version` refuses it when somebody else was
    /// faster; without it the change is made to whatever is in force.
    pub async fn object_write(
        &self,
        permit: &Permit,
        key: &ObjectKey,
        write: &ObjectWrite,
        reason: &str,
        base_version: Option<i64>,
    ) -> Result<Applied, EngineError> {
        let edit = |files: &Files| match write {
            ObjectWrite::Put(document) => pack::put(files, key, document),
            ObjectWrite::Remove => pack::remove(files, key),
        };
        self.pack_edit(permit, (PackOrigin::Edit, reason), base_version, edit, Along::default).await
    }

    /// Brings one object back as it was in a version of the pack; one that was not there goes.
    pub async fn object_restore(
        &self,
        permit: &Permit,
        key: &ObjectKey,
        version: i64,
        reason: &str,
    ) -> Result<Applied, EngineError> {
        let old = self.pack_version(permit, Some(version)).await?.ok_or(EngineError::NotFound("version"))?;
        let was = pack::object(&old.files, key);
        let edit = |files: &Files| match &was {
            Some(was) => pack::put_at(files, was),
            None => pack::remove(files, key),
        };
        self.pack_edit(permit, (PackOrigin::Restore, reason), None, edit, Along::default).await
    }

    /// Edits the files in force until the edit meets no other. What changes nothing makes no version.
    pub(super) async fn pack_edit(
        &self,
        permit: &Permit,
        (origin, reason): (PackOrigin, &str),
        base_version: Option<i64>,
        edit: impl Fn(&Files) -> Result<Files, EditError>,
        along: impl Fn() -> Along,
    ) -> Result<Applied, EngineError> {
        let mut tries = 1;
        loop {
            let (current, files) = in_force(self, permit).await?;
            let base = base_version.unwrap_or(current);
            let edited = edit(&files)?;
            if edited == files && base == current {
                return Ok(Applied { version: current, digest: pack::digest(&files) });
            }
            let done = self.pack_commit(permit, edited, (origin, reason), (base, current), along()).await;
            match done {
                Err(EngineError::Refused(Refusal { code: "changed_meanwhile", .. }))
                    if base_version.is_none() && tries < TRIES =>
                {
                    tries += 1;
                }
                other => return other,
            }
        }
    }

    /// The versions before `before` in which an object changed, the newest first.
    pub async fn object_history(
        &self,
        permit: &Permit,
        key: &ObjectKey,
        before: i64,
    ) -> Result<Vec<ObjectVersion>, EngineError> {
        let rows = self.store().pack_list(before, MOST_VERSIONS, permit).await?;
        let mut history = Vec::new();
        let mut newer: Option<(decurion_store::PackRow, Option<String>)> = None;
        for row in rows {
            let text = self.object_text(permit, row.version, key).await?;
            if let Some((row, after)) = newer.replace((row, text.clone()))
                && after != text
            {
                history.push(changed(row, text, after));
            }
        }
        // Version 1 has nothing before it.
        if let Some((row, Some(after))) = newer
            && row.version == 1
        {
            history.push(changed(row, None, Some(after)));
        }
        Ok(history)
    }

    async fn object_text(
        &self,
        permit: &Permit,
        version: i64,
        key: &ObjectKey,
    ) -> Result<Option<String>, EngineError> {
        let files = self.store().pack_files(version, permit).await?;
        let Some(files) = files.as_deref().map(parse_files).transpose()? else { return Ok(None) };
        Ok(pack::object(&files, key).map(|object| object.text))
    }
}

fn changed(row: decurion_store::PackRow, before: Option<String>, after: Option<String>) -> ObjectVersion {
    ObjectVersion {
        version: row.version,
        origin: row.origin,
        author: row.author,
        reason: row.reason,
        applied_us: row.applied_us,
        before,
        after,
    }
}
