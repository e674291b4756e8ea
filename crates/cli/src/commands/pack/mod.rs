//! `decurion plan`, `apply`, `export`, `history` and `restore`: a folder against the server's pack.

mod export;
mod history;
mod words;

use std::path::{Path, PathBuf};

use decurion_core::pack::{Files, Finding, FindingSeverity};
use serde_json::{Value, json};

use super::Context;
use super::check::say_findings;
use crate::exit::Said;
use crate::output::{Output, field, say, say_json, text_at};
use crate::pack_folder::{self, Base};

pub(crate) use export::{Export, run as export};
pub(crate) use history::{History, Restore, history, restore};

/// Show what applying a pack would change, whose shifts move, and what the checks would say
#[derive(Debug, clap::Args)]
pub(crate) struct Plan {
    /// The folder of the pack
    dir: PathBuf,
    /// The version that the folder was made from; otherwise what it remembers, or the last one applied whole
    #[arg(long, value_name = "VERSION")]
    base: Option<i64>,
}

/// Make a pack the server's configuration, in one transaction
#[derive(Debug, clap::Args)]
pub(crate) struct Apply {
    /// The folder of the pack
    dir: PathBuf,
    /// Why, for the journal
    #[arg(long)]
    reason: String,
    /// The version that the folder was made from; otherwise what it remembers, or the last one applied whole
    #[arg(long, value_name = "VERSION", alias = "base-version")]
    base: Option<i64>,
    /// Keep what only the server changed since, and write it into the folder
    #[arg(long, conflicts_with = "overwrite")]
    merge: bool,
    /// Undo what the server changed since
    #[arg(long)]
    overwrite: bool,
}

pub(crate) async fn plan(asked: &Plan, context: &Context) -> anyhow::Result<()> {
    let files = pack_folder::read(&asked.dir)?;
    let base = base(&asked.dir, asked.base, context).await?;
    let plan = planned(&files, base, context).await?;
    if context.output == Output::Json {
        say_json(&plan)?;
    } else {
        say_findings(&asked.dir, &findings(&plan))?;
        say(&words::plan(&plan, &context.times))?;
    }
    if is_refused(&plan) { Err(Said.into()) } else { Ok(()) }
}

pub(crate) async fn apply(asked: &Apply, context: &Context) -> anyhow::Result<()> {
    let files = pack_folder::read(&asked.dir)?;
    let base = if asked.overwrite {
        in_force(context).await?
    } else {
        base(&asked.dir, asked.base, context).await?
    };
    let plan = planned(&files, base, context).await?;
    refuse(asked, &plan, context)?;
    let body = json!({"files": files, "reason": asked.reason, "base_version": base, "merge": asked.merge});
    let answer = context.client.post(&["pack", "apply"], &body).await?;
    if asked.merge {
        pack_folder::write(&asked.dir, &serde_json::from_value(field(&plan, "/files").clone())?)?;
    }
    let applied: Base = serde_json::from_value(answer.clone())?;
    applied.write(&asked.dir)?;
    if context.output == Output::Json {
        return say_json(&answer);
    }
    say(&words::difference(&answer))?;
    Ok(say(&format!("Version {} is in force.", text_at(&answer, "/version")))?)
}

/// Says what stands against applying: errors, conflicts, or changes of the server that would be undone.
fn refuse(asked: &Apply, plan: &Value, context: &Context) -> anyhow::Result<()> {
    let is_behind = words::is_changed(field(plan, "/theirs")) && !asked.merge;
    if !is_refused(plan) && !is_behind {
        return Ok(());
    }
    say_findings(&asked.dir, &findings(plan))?;
    if is_behind || !conflicts(plan).is_empty() {
        say(&words::plan(plan, &context.times))?;
    }
    if !conflicts(plan).is_empty() {
        anyhow::bail!(
            "both sides changed the same things: settle them in the files, then give --base {}",
            text_at(plan, "/version")
        );
    }
    if is_behind && !is_refused(plan) {
        anyhow::bail!("the server changed meanwhile: --merge keeps its changes, --overwrite undoes them");
    }
    Err(Said.into())
}

async fn planned(files: &Files, base: i64, context: &Context) -> anyhow::Result<Value> {
    context.client.post(&["pack", "plan"], &json!({"files": files, "base_version": base})).await
}

/// The version that a folder was made from: as asked, as it remembers, or the last one applied whole.
async fn base(dir: &Path, asked: Option<i64>, context: &Context) -> anyhow::Result<i64> {
    if let Some(version) = asked {
        return Ok(version);
    }
    let Some(base) = Base::read(dir)? else {
        let pack = context.client.get(&["pack"], &[]).await?;
        return Ok(field(&pack, "/base_version").as_i64().unwrap_or_default());
    };
    let version = base.version.to_string();
    let known = context.client.get(&["pack", "versions", &version], &[]).await;
    let is_same = known.is_ok_and(|known| text_at(&known, "/digest") == base.digest);
    anyhow::ensure!(
        is_same,
        "{} was made from version {version} of another server; give --base",
        dir.display()
    );
    Ok(base.version)
}

async fn in_force(context: &Context) -> anyhow::Result<i64> {
    let pack = context.client.get(&["pack"], &[]).await?;
    Ok(field(&pack, "/version").as_i64().unwrap_or_default())
}

fn findings(plan: &Value) -> Vec<Finding> {
    serde_json::from_value(field(plan, "/findings").clone()).unwrap_or_default()
}

fn conflicts(plan: &Value) -> &[Value] {
    field(plan, "/conflicts").as_array().map(Vec::as_slice).unwrap_or_default()
}

fn is_refused(plan: &Value) -> bool {
    let is_error = |finding: &Finding| finding.severity == FindingSeverity::Error;
    findings(plan).iter().any(is_error) || !conflicts(plan).is_empty()
}
