//! `decurion init`: from an empty folder to a server that can be started.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use decurion_core::access::AccountRole;
use decurion_engine::WatchOptions;
use decurion_engine::clock::SystemClock;
use decurion_store::AccountRow;
use serde_json::json;

use super::open::{Database, admin, apply_pack, is_set_up};
use super::run::{Running, Start};
use crate::output::{Output, say, say_json};
use crate::private_file;

/// Set up a data folder or database: pack, secret, first administrator
#[derive(Debug, Args)]
pub(crate) struct Init {
    #[command(flatten)]
    database: Database,
    /// The folder of the pack
    #[arg(long, value_name = "DIR")]
    pack: PathBuf,
    /// The first administrator; linked to the person of the pack who has this address
    #[arg(long, value_name = "EMAIL")]
    admin_email: String,
    /// A file with the password in its only line
    #[arg(long, value_name = "FILE")]
    admin_password_file: PathBuf,
}

pub(crate) async fn run(init: &Init, output: Output) -> anyhow::Result<()> {
    let password = private_file::read(&init.admin_password_file)?;
    // What cannot become an account must not leave half a set-up behind.
    decurion_api::hash_password(&password)?;
    let opened = init.database.open().await?;
    anyhow::ensure!(
        !is_set_up(&opened.store).await?,
        "{} is set up already; `decurion serve` starts it, `decurion apply` changes its pack",
        init.database.data.display()
    );
    let start = Start {
        opened,
        clock: Arc::new(SystemClock),
        channels: decurion_channels::Settings::default(),
        base_url: String::new(),
        watch: WatchOptions::default(),
    };
    let running = Running::start(start).await?;
    let made = fill(init, &running, &password).await;
    running.stop().await;
    report(init, &made?, output)
}

async fn fill(init: &Init, running: &Running, password: &str) -> anyhow::Result<AccountRow> {
    apply_pack(&running.engine, &init.pack, "first set-up").await?;
    admin(&running.engine, &init.admin_email, password, AccountRole::Admin).await
}

fn report(init: &Init, account: &AccountRow, output: Output) -> anyhow::Result<()> {
    let data = init.database.data.display().to_string();
    if output == Output::Json {
        let account = json!({"id": account.id, "email": account.email, "person_id": account.person_id});
        return say_json(&json!({"data": data, "account": account}));
    }
    let person = account.person_id.as_deref();
    let linked = person.map_or_else(
        || "nobody of the pack has this address".to_owned(),
        |person| format!("who is {person} in the pack"),
    );
    let database = if init.database.database.is_some() { " --database URL" } else { "" };
    Ok(say(&format!(
        "Set up in {data}. The administrator is {} ({linked}).\n\n\
         Next:\n  decurion serve --data {data}{database}\n  \
         decurion login --url http://127.0.0.1:8080 --email {} --password-file {}\n  \
         decurion integration create --kind pagerduty --name \"My first source\"",
        account.email,
        account.email,
        init.admin_password_file.display(),
    ))?)
}
