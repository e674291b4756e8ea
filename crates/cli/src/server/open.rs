//! The data folder, the database in it or elsewhere, and what a first start puts there.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Args;
use decurion_core::access::{AccountRole, Action, Actor, Permit, permit};
use decurion_core::id::{PersonId, derive};
use decurion_core::pack;
use decurion_engine::{Engine, EngineError};
use decurion_store::{AccountRow, DataDir, DataLock, Options, Store};

use crate::{pack_folder, private_file};

/// The file with the secret that signs links to acknowledge.
const SECRET: &str = "link-secret";

/// Where the server keeps what it knows.
#[derive(Debug, Clone, Args)]
pub(crate) struct Database {
    /// The data folder: the SQLite database and the secret that signs links
    #[arg(long, env = "DECURION_DATA", value_name = "DIR")]
    pub(crate) data: PathBuf,
    /// PostgreSQL instead of SQLite: `postgres://…`
    #[arg(long, env = "DECURION_DATABASE", hide_env_values = true, value_name = "URL")]
    pub(crate) database: Option<String>,
}

/// An open data folder and its database.
pub(crate) struct Opened {
    pub(crate) store: Store,
    pub(crate) secret: [u8; 32],
    /// On SQLite no other process serves from the folder.
    pub(crate) lock: Option<DataLock>,
}

impl Database {
    /// Opens everything, making what is absent, and takes the folder for this process.
    pub(crate) async fn open(&self) -> anyhow::Result<Opened> {
        make_folder(&self.data)?;
        let folder = DataDir::open(&self.data)?;
        let lock = if self.database.is_none() { Some(folder.lock()?) } else { None };
        let url = self.database.clone().unwrap_or_else(|| folder.database().display().to_string());
        let store = Store::open(Options::new(url)).await?;
        Ok(Opened { store, secret: secret(folder.path())?, lock })
    }
}

/// Makes an absent data folder for its owner alone: everything that was decided lies in it.
pub(crate) fn make_folder(path: &Path) -> anyhow::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    if path.is_dir() {
        return Ok(());
    }
    let made = std::fs::DirBuilder::new().recursive(true).mode(0o700).create(path);
    made.with_context(|| format!("cannot make the data folder {}", path.display()))
}

/// Reads the secret of the folder, or makes one.
fn secret(folder: &Path) -> anyhow::Result<[u8; 32]> {
    let path = folder.join(SECRET);
    if !path.exists() {
        private_file::create(&path, &format!("{}\n", hex::encode(rand::random::<[u8; 32]>())))?;
    }
    let mut secret = [0; 32];
    hex::decode_to_slice(private_file::read(&path)?.trim(), &mut secret)
        .with_context(|| format!("{} does not hold 64 hexadecimal digits", path.display()))?;
    Ok(secret)
}

/// Whoever can write to the data folder may do everything.
pub(crate) fn operator() -> anyhow::Result<Permit> {
    Ok(permit(&Actor::System, Action::Configure)?)
}

/// Whether a pack was applied or somebody has an account.
pub(crate) async fn is_set_up(store: &Store) -> anyhow::Result<bool> {
    let permit = operator()?;
    Ok(store.pack_latest(&permit).await?.is_some() || !store.account_list(&permit).await?.is_empty())
}

/// Reads, checks and applies a pack; findings go to standard error.
pub(crate) async fn apply_pack(engine: &Engine, dir: &Path, reason: &str) -> anyhow::Result<()> {
    let files = pack_folder::read(dir)?;
    apply_files(engine, files, reason).await.inspect_err(|error| {
        if let Some(EngineError::Pack(findings)) = error.downcast_ref::<EngineError>() {
            let line = |finding: &pack::Finding| {
                let file = dir.join(&finding.file).display().to_string();
                eprintln!("{}", pack::Finding { file, ..finding.clone() });
            };
            findings.iter().for_each(line);
        }
    })
}

pub(crate) async fn apply_files(engine: &Engine, files: pack::Files, reason: &str) -> anyhow::Result<()> {
    engine.pack_apply(&operator()?, files, reason, None).await?;
    Ok(())
}

/// Makes an account, linked to the person of the organisation who has the address.
pub(crate) async fn admin(
    engine: &Engine,
    email: &str,
    password: &str,
    role: AccountRole,
) -> anyhow::Result<AccountRow> {
    let email = email.trim().to_lowercase();
    let is_address = email.split_once('@').is_some_and(|(name, host)| !name.is_empty() && !host.is_empty());
    anyhow::ensure!(is_address, "`{email}` is not an address; give one such as name@example.org");
    let created_us = engine.now_us();
    let account = AccountRow {
        id: derive("acc", created_us, &[&email]),
        password_hash: decurion_api::hash_password(password)?,
        person_id: person(engine, &email).map(|id| id.to_string()),
        email,
        role: role.as_str().to_owned(),
        created_us,
        disabled: false,
    };
    Ok(engine.store().account_create(account, &operator()?).await?)
}

fn person(engine: &Engine, email: &str) -> Option<PersonId> {
    let config = engine.config();
    let has = |own: &Option<String>| own.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(email));
    config.organisation.people.values().find(|person| has(&person.email)).map(|person| person.id.clone())
}
