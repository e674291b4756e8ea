//! `decurion export`: the server's pack as a folder.

use std::path::PathBuf;

use super::Context;
use crate::output::{Output, field, say, say_json};
use crate::pack_folder::{self, Base};

/// Write the server's pack into a folder, as it was applied and with what the console changed since
#[derive(Debug, clap::Args)]
pub(crate) struct Export {
    /// The folder to write to
    #[arg(long = "into", value_name = "DIR", default_value = "pack")]
    dir: PathBuf,
}

pub(crate) async fn run(export: &Export, context: &Context) -> anyhow::Result<()> {
    let pack = context.client.get(&["pack"], &[]).await?;
    let files = serde_json::from_value(field(&pack, "/files").clone())?;
    pack_folder::write(&export.dir, &files)?;
    let base: Base = serde_json::from_value(pack.clone())?;
    base.write(&export.dir)?;
    if context.output == Output::Json {
        return say_json(&pack);
    }
    let said = format!("Version {} is in {}: {} files.", base.version, export.dir.display(), files.len());
    Ok(say(&said)?)
}
