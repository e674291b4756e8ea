//! Which version of the server's pack a folder was made from: `.decurion/base.json`.

use std::fs;
use std::path::Path;

use anyhow::Context as _;
use serde::{Deserialize, Serialize};

const FOLDER: &str = ".decurion";
const FILE: &str = "base.json";

/// The version that a folder and the server had in common.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Base {
    pub(crate) version: i64,
    /// SHA-256 over its files, hex: a server with another version of this number is another server.
    pub(crate) digest: String,
}

impl Base {
    /// What the folder remembers, where it does.
    pub(crate) fn read(dir: &Path) -> anyhow::Result<Option<Self>> {
        let path = dir.join(FOLDER).join(FILE);
        if !path.exists() {
            return Ok(None);
        }
        let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let said = || format!("{} cannot be read; remove it and give --base", path.display());
        serde_json::from_str(&text).map(Some).with_context(said)
    }

    /// Lets the folder remember.
    pub(crate) fn write(&self, dir: &Path) -> anyhow::Result<()> {
        let folder = dir.join(FOLDER);
        fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        let path = folder.join(FILE);
        let text = format!("{}\n", serde_json::to_string_pretty(self)?);
        fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::Base;

    #[test]
    fn a_folder_remembers_what_it_was_made_from() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(Base::read(folder.path()).unwrap(), None);
        let base = Base { version: 7, digest: "d".to_owned() };
        base.write(folder.path()).unwrap();
        assert_eq!(Base::read(folder.path()).unwrap(), Some(base));
        std::fs::write(folder.path().join(".decurion/base.json"), "{").unwrap();
        assert!(Base::read(folder.path()).unwrap_err().to_string().contains("--base"));
    }
}
