//! Two packs that were changed from one base, brought together.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::edit::{appended, replaced};
use super::layout::Layout;
use super::{Object, ObjectKey, list_of};
use crate::pack::Files;
use crate::pack::read::is_yaml;

/// Something that both sides changed, each in another way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conflict {
    /// The file that it stands in.
    pub file: String,
    /// The object; none where it is about the file as a whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub object: Option<ObjectKey>,
    /// What it was on both sides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base: Option<String>,
    /// What it is here; none where it was removed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mine: Option<String>,
    /// What it is there; none where it was removed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub theirs: Option<String>,
}

/// What two changed packs are together.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Merge {
    /// Mine, with what only they changed. Where both changed one thing, mine.
    pub files: Files,
    /// What cannot be both.
    pub conflicts: Vec<Conflict>,
}

/// Takes theirs where only they changed something since `base`, file by file, and object by object in files
/// that both changed.
pub fn merge(base: &Files, mine: &Files, theirs: &Files) -> Merge {
    let mut merged = Merge::default();
    let paths: BTreeSet<&String> = base.keys().chain(mine.keys()).chain(theirs.keys()).collect();
    for path in paths {
        let (old, my, their) = (base.get(path), mine.get(path), theirs.get(path));
        let text = match (my == old, their == old || their == my) {
            (_, true) => my.cloned(),
            (true, false) => their.cloned(),
            (false, false) => both(path, [old, my, their], &mut merged.conflicts),
        };
        merged.files.extend(text.map(|text| (path.clone(), text)));
    }
    merged
}

/// A file that both sides changed.
fn both(path: &str, sides: [Option<&String>; 3], conflicts: &mut Vec<Conflict>) -> Option<String> {
    let [_, mine, _] = sides;
    if let Some((text, found)) = object_by_object(path, sides) {
        conflicts.extend(found);
        return Some(text);
    }
    let [base, mine_text, theirs] = sides.map(Option::<&String>::cloned);
    conflicts.push(Conflict { file: path.to_owned(), object: None, base, mine: mine_text, theirs });
    mine.cloned()
}

fn object_by_object(path: &str, sides: [Option<&String>; 3]) -> Option<(String, Vec<Conflict>)> {
    if !is_yaml(path) {
        return None;
    }
    let empty = String::new();
    let [base, mine, theirs] = [sides[0].unwrap_or(&empty), sides[1]?, sides[2]?];
    let [old, my, their] = [Objects::of(base)?, Objects::of(mine)?, Objects::of(theirs)?];
    // What is no object, such as the comment above a list, is taken whole from the side that changed it.
    let (mut text, ours) = match (my.frame == old.frame, their.frame == old.frame || their.frame == my.frame)
    {
        (_, true) => (mine.clone(), true),
        (true, false) => (theirs.clone(), false),
        (false, false) if old.frame.is_empty() => (mine.clone(), true),
        (false, false) => return None,
    };
    let (here, there) = if ours { (&my, &their) } else { (&their, &my) };
    let mut conflicts = Vec::new();
    for key in old.keys().chain(there.keys()).collect::<BTreeSet<_>>() {
        let (was, is, other) = (old.text(key), here.text(key), there.text(key));
        if other == was || other == is {
            continue;
        }
        if is == was {
            text = changed(path, &text, key, other)?;
            continue;
        }
        let owned = |text: Option<&str>| text.map(str::to_owned);
        conflicts.push(Conflict {
            file: path.to_owned(),
            object: Some(key.clone()),
            base: owned(was),
            mine: owned(my.text(key)),
            theirs: owned(their.text(key)),
        });
        // Where both changed it, mine stands until somebody decides.
        if !ours {
            text = changed(path, &text, key, other)?;
        }
    }
    Some((text, conflicts))
}

/// The file with an object as `text` says.
fn changed(path: &str, file: &str, key: &ObjectKey, text: Option<&str>) -> Option<String> {
    match (replaced(path, file, key, text), text, list_of(&key.kind)) {
        (Ok(file), ..) => file,
        (Err(_), Some(text), Some(list)) => appended(path, file, list, text).ok()?,
        (Err(_), Some(text), None) => Some(format!("{}\n---\n{text}", file.trim_end())),
        (Err(_), None, _) => Some(file.to_owned()),
    }
}

/// The objects of one file, and what is left of it without them.
struct Objects {
    objects: Vec<Object>,
    frame: String,
}

impl Objects {
    fn of(text: &str) -> Option<Self> {
        let layout = Layout::of(text).ok()?;
        let objects = layout.objects("");
        let mut held: BTreeSet<usize> = BTreeSet::new();
        for document in &layout.documents {
            if document.key().is_some() {
                held.extend(document.lines.clone());
            }
            let entries = document.lists.iter().flat_map(|list| &list.entries);
            for entry in entries {
                held.extend(entry.written.as_ref()?.lines.clone());
            }
        }
        let free = |(line, text): (usize, &&str)| (!held.contains(&line)).then(|| text.trim().to_owned());
        let frame: Vec<String> = layout.lines.iter().enumerate().filter_map(free).collect();
        let frame =
            frame.into_iter().filter(|line| !line.is_empty() && !line.starts_with("---")).collect::<Vec<_>>();
        Some(Self { objects, frame: frame.join("\n") })
    }

    fn keys(&self) -> impl Iterator<Item = &ObjectKey> {
        self.objects.iter().map(|object| &object.key)
    }

    fn text(&self, key: &ObjectKey) -> Option<&str> {
        self.objects.iter().find(|object| object.key == *key).map(|object| object.text.as_str())
    }
}
