//! Files that hold secrets: readable for their owner and nobody else.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;

use anyhow::Context as _;

/// Writes a secret to a new file; refuses to touch one that is there.
pub(crate) fn create(path: &Path, text: &str) -> anyhow::Result<()> {
    write(path, text, OpenOptions::new().create_new(true))
        .with_context(|| format!("cannot make {}", path.display()))
}

/// Writes a secret in place of what is there, whole or not at all.
pub(crate) fn replace(path: &Path, text: &str) -> anyhow::Result<()> {
    let beside = path.with_extension(format!("{}.new", std::process::id()));
    let moved = write(&beside, text, OpenOptions::new().create(true).truncate(true))
        .and_then(|()| fs::rename(&beside, path));
    moved.with_context(|| format!("cannot write {}", path.display()))
}

/// What the file says, without the line break at its end.
pub(crate) fn read(path: &Path) -> anyhow::Result<String> {
    let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(text
        .strip_suffix('\n')
        .map_or(text.as_str(), |line| line.strip_suffix('\r').unwrap_or(line))
        .to_owned())
}

fn write(path: &Path, text: &str, options: &mut OpenOptions) -> io::Result<()> {
    let mut file: File = options.write(true).mode(0o600).open(path)?;
    file.set_permissions(fs::Permissions::from_mode(0o600))?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use std::os::unix::fs::PermissionsExt as _;

    #[test]
    fn secrets_are_for_their_owner_only() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret");
        super::create(&path, "one\n").unwrap();
        assert!(super::create(&path, "two").is_err());
        super::replace(&path, "three\n").unwrap();
        assert_eq!(super::read(&path).unwrap(), "three");
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
