//! `decurion plan` and `decurion apply`: a pack against the server's.

use std::path::PathBuf;

use decurion_core::pack::{Change, ChangeKind, Finding, FindingSeverity};
use serde_json::{Value, json};

use super::Context;
use super::check::say_findings;
use super::incident::without_null;
use crate::exit::Said;
use crate::output::{Output, clean, field, say, text_at};
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
    context.show(&answer, |answer| {
        say_findings(&plan.dir, &findings)?;
        Ok(say(&changes(answer))?)
    })?;
    let refused = findings.iter().any(|finding| finding.severity == FindingSeverity::Error);
    if refused { Err(Said.into()) } else { Ok(()) }
}

pub(crate) async fn apply(apply: &Apply, context: &Context) -> anyhow::Result<()> {
    let files = pack_folder::read(&apply.dir)?;
    let body = json!({"files": files, "reason": apply.reason, "base_version": apply.base_version});
    let answer = context.client.post(&["pack", "apply"], &without_null(body)).await?;
    if context.output == Output::Table {
        say(&changes(&answer))?;
        return Ok(say(&format!("Version {} is in force.", text_at(&answer, "/version")))?);
    }
    context.show(&answer, |_| Ok(()))
}

/// One line for each changed thing: `+` new, `-` gone, `~` different.
fn changes(answer: &Value) -> String {
    let changes: Vec<Change> = serde_json::from_value(field(answer, "/changes").clone()).unwrap_or_default();
    if changes.is_empty() {
        return "Nothing changes.\n".to_owned();
    }
    let line = |change: &Change| format!("{} {}\n", sign(change.kind), short(&change.to_string()));
    changes.iter().map(line).collect::<Vec<_>>().concat()
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
    use serde_json::json;

    use super::changes;

    #[test]
    fn a_plan_reads_like_a_difference() {
        let answer = json!({"changes": [
            {"path": "person mara", "kind": "added", "after": "Mara Lind"},
            {"path": "role soc holders", "kind": "changed", "before": "leila", "after": "mara"},
            {"path": "schedule l3", "kind": "removed", "before": "L3"},
        ]});
        let expected =
            "+ person mara added: Mara Lind\n~ role soc holders leila -> mara\n- schedule l3 removed\n";
        assert_eq!(changes(&answer), expected);
        assert_eq!(changes(&json!({"changes": []})), "Nothing changes.\n");
    }
}
