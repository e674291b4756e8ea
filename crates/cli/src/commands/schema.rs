//! `decurion schema`: what a document of a pack may hold, for editors and validators.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::builder::PossibleValuesParser;
use decurion_core::pack;
use serde_json::Value;

use crate::output::say;

/// Print the JSON Schema of a kind of document, or write those of all kinds
///
/// The schema `pack` takes a document of any kind; it is what editors need. docs/schemas.md tells how they
/// are pointed at it.
#[derive(Debug, clap::Args)]
pub(crate) struct Schema {
    /// The kind of document
    #[arg(default_value = "pack", value_parser = PossibleValuesParser::new(pack::schema_names()))]
    kind: String,
    /// Write every schema into this folder, as KIND.schema.json
    #[arg(long, value_name = "DIR", conflicts_with = "kind")]
    into: Option<PathBuf>,
}

/// A schema is JSON whatever output is asked for.
pub(crate) fn run(asked: &Schema) -> anyhow::Result<()> {
    match &asked.into {
        Some(folder) => write(folder),
        None => pack::schema(&asked.kind).map_or(Ok(()), |schema| Ok(say(&text(&schema))?)),
    }
}

fn write(folder: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    for (name, schema) in pack::schema_names().filter_map(|name| Some((name, pack::schema(name)?))) {
        let path = folder.join(format!("{name}.schema.json"));
        std::fs::write(&path, text(&schema))
            .with_context(|| format!("{} cannot be written", path.display()))?;
        say(&path.display().to_string())?;
    }
    Ok(())
}

fn text(schema: &Value) -> String {
    format!("{schema:#}\n")
}
