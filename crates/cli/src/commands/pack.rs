//! `decurion plan` and `decurion apply`: a pack against the server's.

use std::path::PathBuf;

use decurion_core::pack::{self, Change, ChangeKind, Files, Finding, FindingSeverity};
use serde_json::{Value, json};

use super::Context;
use super::check::say_findings;
use super::incident::without_null;
use crate::exit::Said;
use crate::output::{Output, clean, field, now, say, say_json, text_at};
use crate::pack_folder;

/// Show what applying a pack would change
#[derive(Debug, clap::Args)]
pub(crate) struct Plan {
    /// The folder of the pack
    dir: PathBuf,
}

/// Make a pack the server's configuration, in one transaction
#[derive(Debug, clap::Args)]
pub(crate) struct Apply {
    /// The folder of the pack
    dir: PathBuf,
    /// Why, for the journal
    #[arg(long)]
    reason: String,
    /// Refuse when the server's pack is not this version any more
    #[arg(long, value_name = "VERSION")]
    base_version: Option<i64>,
}

pub(crate) async fn plan(plan: &Plan, context: &Context) -> anyhow::Result<()> {
    let files = pack_folder::read(&plan.dir)?;
    let answer = context.client.post(&["pack", "plan"], &json!({"files": files})).await?;
    let findings: Vec<Finding> =
        serde_json::from_value(field(&answer, "/findings").clone()).unwrap_or_default();
    let refused = findings.iter().any(|finding| finding.severity == FindingSeverity::Error);
    if context.output == Output::Json {
        say_json(&answer)?;
    } else {
        say_findings(&plan.dir, &findings)?;
        say(&difference(&in_force(context).await?, &files, &answer))?;
    }
    if refused { Err(Said.into()) } else { Ok(()) }
}

pub(crate) async fn apply(apply: &Apply, context: &Context) -> anyhow::Result<()> {
    let files = pack_folder::read(&apply.dir)?;
    let before = in_force(context).await?;
    let body = json!({"files": files, "reason": apply.reason, "base_version": apply.base_version});
    let answer = context.client.post(&["pack", "apply"], &without_null(body)).await?;
    if context.output == Output::Json {
        return say_json(&answer);
    }
    say(&difference(&before, &files, &answer))?;
    Ok(say(&format!("Version {} is in force.", text_at(&answer, "/version")))?)
}

/// The files of the server's pack.
async fn in_force(context: &Context) -> anyhow::Result<Files> {
    let pack = context.client.get(&["pack"], &[]).await?;
    Ok(serde_json::from_value(field(&pack, "/files").clone())?)
}

/// What changes, thing by thing; file by file, as the server lists them, where a pack does not compile or
/// where only the wording differs.
fn difference(before: &Files, after: &Files, answer: &Value) -> String {
    let config = |files: &Files| pack::check(files, now()).config;
    if let (Some(old), Some(new)) = (config(before), config(after)) {
        let changes = pack::diff(&old, &new);
        if !changes.is_empty() {
            let line = |change: &Change| format!("{} {}\n", sign(change.kind), short(&change.to_string()));
            return changes.iter().map(line).collect::<Vec<_>>().concat();
        }
    }
    let files = field(answer, "/changes").as_array().map(Vec::as_slice).unwrap_or_default();
    if files.is_empty() {
        return "Nothing changes.\n".to_owned();
    }
    let line = |file: &Value| format!("{} file {}\n", text_at(file, "/kind"), text_at(file, "/path"));
    files.iter().map(line).collect::<Vec<_>>().concat()
}

const fn sign(kind: ChangeKind) -> char {
    match kind {
        ChangeKind::Added => '+',
        ChangeKind::Removed => '-',
        ChangeKind::Changed => '~',
    }
}

/// In one line that still can be read.
fn short(text: &str) -> String {
    const LONGEST: usize = 300;
    let text = clean(text);
    if text.chars().count() <= LONGEST {
        return text;
    }
    text.chars().take(LONGEST).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use std::path::Path;

    use serde_json::json;

    use super::{Files, difference};

    fn ten() -> Files {
        crate::pack_folder::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs/ten")).unwrap()
    }

    #[test]
    fn a_plan_names_the_things_that_change() {
        let mut changed = ten();
        let roles = changed.get_mut("roles.yaml").unwrap();
        *roles = roles.replace("holders: [eszter]", "holders: [soren]");
        let said = difference(&ten(), &changed, &json!({"changes": []}));
        assert!(said.starts_with("~ ") && said.contains("tool_eng") && said.contains("->"), "{said}");
        assert_eq!(said.lines().count(), 1, "{said}");
    }

    #[test]
    fn other_wording_is_a_changed_file_and_no_difference_is_nothing() {
        let answer = json!({"changes": [{"path": "roles.yaml", "kind": "changed"}]});
        assert_eq!(difference(&ten(), &ten(), &answer), "changed file roles.yaml\n");
        assert_eq!(difference(&ten(), &ten(), &json!({"changes": []})), "Nothing changes.\n");
    }
}
