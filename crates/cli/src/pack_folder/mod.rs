//! A pack as it lies on disk.

mod base;

use std::fs;
use std::path::{Component, Path};

use anyhow::Context as _;
use decurion_core::pack::Files;

pub(crate) use base::Base;

/// Folders within folders are followed this far; a pack needs two.
const DEEPEST: usize = 8;
/// Above this a file is no file of a pack; the check speaks about smaller ones that are too large.
const LARGEST: u64 = 16 << 20;

/// Reads the YAML and the texts of a folder. Hidden files and everything else are left alone.
pub(crate) fn read(dir: &Path) -> anyhow::Result<Files> {
    let mut files = Files::new();
    collect(dir, "", DEEPEST, &mut files)?;
    anyhow::ensure!(!files.is_empty(), "{} holds no YAML file: is it the folder of a pack?", dir.display());
    Ok(files)
}

/// Writes a pack into a folder. Files of a pack that are there and belong to another are never mixed in.
pub(crate) fn write(dir: &Path, files: &Files) -> anyhow::Result<()> {
    let mut there = Files::new();
    if dir.exists() {
        collect(dir, "", DEEPEST, &mut there)?;
    }
    let other: Vec<&str> =
        there.keys().filter(|path| !files.contains_key(*path)).map(String::as_str).collect();
    anyhow::ensure!(
        other.is_empty(),
        "{} holds what the server's pack does not: {}. Move it away, or choose another folder",
        dir.display(),
        other.join(", ")
    );
    for (path, text) in files.iter().filter(|(path, text)| there.get(*path) != Some(*text)) {
        write_file(dir, path, text)?;
    }
    Ok(())
}

fn write_file(dir: &Path, path: &str, text: &str) -> anyhow::Result<()> {
    let inside = Path::new(path).components().all(|part| matches!(part, Component::Normal(_)));
    anyhow::ensure!(inside && !path.is_empty(), "the path {path} leads out of the folder");
    let full = dir.join(path);
    if let Some(folder) = full.parent() {
        fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    }
    fs::write(&full, text).with_context(|| format!("cannot write {}", full.display()))
}

fn collect(dir: &Path, prefix: &str, deeper: usize, files: &mut Files) -> anyhow::Result<()> {
    let entries = fs::read_dir(dir).with_context(|| format!("cannot read the folder {}", dir.display()))?;
    for entry in entries {
        let path = entry.with_context(|| format!("cannot read the folder {}", dir.display()))?.path();
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else { continue };
        if name.starts_with('.') {
            continue;
        }
        let relative = format!("{prefix}{name}");
        let about = fs::metadata(&path).with_context(|| format!("cannot read {}", path.display()))?;
        if about.is_dir() && deeper > 0 {
            collect(&path, &format!("{relative}/"), deeper - 1, files)?;
        } else if about.is_file() && belongs(&path) {
            anyhow::ensure!(about.len() <= LARGEST, "{} is too large for a pack", path.display());
            files.insert(relative, text(&path)?);
        }
    }
    Ok(())
}

fn belongs(path: &Path) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    ["yaml", "yml", "md"].iter().any(|known| extension.eq_ignore_ascii_case(known))
}

fn text(path: &Path) -> anyhow::Result<String> {
    let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    String::from_utf8(bytes).map_err(|error| {
        let before = String::from_utf8_lossy(&error.as_bytes()[..error.utf8_error().valid_up_to()]);
        let line = before.matches('\n').count() + 1;
        anyhow::anyhow!("{}:{line}: this is not UTF-8; save the file as UTF-8", path.display())
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use std::fs;

    #[test]
    fn only_what_belongs_to_a_pack_is_read() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("schedules/.git")).unwrap();
        for name in [
            "roles.yaml",
            "schedules/l1.YML",
            "schedules/.git/x.yaml",
            ".hidden.yaml",
            "picture.png",
            "README.md",
        ] {
            fs::write(folder.path().join(name), "kind: roles\n").unwrap();
        }
        let files = super::read(folder.path()).unwrap();
        assert_eq!(files.into_keys().collect::<Vec<_>>(), ["README.md", "roles.yaml", "schedules/l1.YML"]);
    }

    #[test]
    fn a_pack_is_written_as_it_is_and_never_among_other_files() {
        let folder = tempfile::tempdir().unwrap();
        let files = super::Files::from([("a/b.yaml".to_owned(), "x: 1 # y\n".to_owned())]);
        super::write(folder.path(), &files).unwrap();
        assert_eq!(super::read(folder.path()).unwrap(), files);
        fs::write(folder.path().join("other.yaml"), "").unwrap();
        assert!(super::write(folder.path(), &files).unwrap_err().to_string().contains("other.yaml"));
        let out = super::Files::from([("../b.yaml".to_owned(), String::new())]);
        assert!(
            super::write(&folder.path().join("new"), &out).unwrap_err().to_string().contains("leads out")
        );
    }

    #[test]
    fn a_wrong_encoding_is_named_with_its_line() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("roles.yaml"), b"kind: roles\nroles: [\xe5]\n").unwrap();
        let said = super::read(folder.path()).unwrap_err().to_string();
        assert!(said.ends_with("roles.yaml:2: this is not UTF-8; save the file as UTF-8"), "{said}");
    }
}
