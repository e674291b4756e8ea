//! `decurion journal`: verifying and exporting the chain, without the server's help.

use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter};
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::Context as _;
use decurion_core::journal::{Broken, Entry, Head, StreamId, Verifier};
use decurion_store::{DataDir, Error as StoreError, Store};
use serde_json::{Value, json};

use crate::exit::{Exit, Failure, Said};
use crate::output::{Output, clean, say, say_json};

/// The record of everything that was decided
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Verb {
    /// Walk the whole chain and name the first record that is broken
    Verify(Verify),
    /// Write every record as a line of JSON
    Export(Export),
}

#[derive(Debug, clap::Args)]
pub(crate) struct Verify {
    #[command(flatten)]
    place: Place,
    /// An export instead of a database; `-` reads standard input
    #[arg(conflicts_with_all = ["data", "database"])]
    file: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Export {
    #[command(flatten)]
    place: Place,
    /// The file to write; standard output otherwise
    #[arg(long)]
    out: Option<PathBuf>,
}

/// Where the journal is.
#[derive(Debug, clap::Args)]
pub(crate) struct Place {
    /// The data folder of a server on SQLite; the server may be running
    #[arg(long, env = "DECURION_DATA")]
    data: Option<PathBuf>,
    /// `postgres://…`, or a SQLite file
    #[arg(long, env = "DECURION_DATABASE", hide_env_values = true)]
    database: Option<String>,
}

pub(crate) async fn run(verb: &Verb, output: Output) -> anyhow::Result<()> {
    match verb {
        Verb::Verify(verify) => run_verify(verify, output).await,
        Verb::Export(export) => run_export(export).await,
    }
}

/// A whole chain.
struct Whole {
    head: Head,
    erased: i64,
}

async fn run_verify(verify: &Verify, output: Output) -> anyhow::Result<()> {
    let started = Instant::now();
    let verdict = match &verify.file {
        Some(path) => verify_file(path)?,
        None => verify_store(&verify.place.open().await?).await?,
    };
    let took_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    match output {
        Output::Json => say_json(&verdict_json(&verdict, took_ms))?,
        Output::Table => say(&verdict_text(&verdict, took_ms))?,
    }
    verdict.map(drop).map_err(|_| Said.into())
}

async fn verify_store(store: &Store) -> anyhow::Result<Result<Whole, Broken>> {
    let verified = store.verify().await;
    store.close().await;
    match verified {
        Ok(whole) => Ok(Ok(Whole { head: whole.head, erased: whole.erased })),
        Err(StoreError::Broken(broken)) => Ok(Err(broken)),
        Err(error) => Err(error).context("the journal cannot be read"),
    }
}

fn verify_file(path: &Path) -> anyhow::Result<Result<Whole, Broken>> {
    if path == Path::new("-") {
        return verify_lines(io::stdin().lock());
    }
    let file = File::open(path).with_context(|| format!("cannot read {}", path.display()))?;
    verify_lines(BufReader::new(file)).with_context(|| format!("cannot read {}", path.display()))
}

/// A line that is no record breaks the chain at the place where a record should be.
fn verify_lines(lines: impl BufRead) -> anyhow::Result<Result<Whole, Broken>> {
    let mut verifier = Verifier::new();
    let mut seq = 0;
    for line in lines.split(b'\n') {
        let line = line?;
        let entry = std::str::from_utf8(&line).ok().and_then(|line| Entry::from_json_line(line).ok());
        let Some(entry) = entry else {
            let reason = format!("line {} is not a record", seq + 1);
            return Ok(Err(Broken { seq: seq + 1, stream: StreamId::default(), reason }));
        };
        if let Err(broken) = verifier.check(&entry) {
            return Ok(Err(broken));
        }
        seq = entry.seq;
    }
    let erased = verifier.erased();
    Ok(Ok(Whole { head: verifier.finish(), erased }))
}

fn verdict_text(verdict: &Result<Whole, Broken>, took_ms: u64) -> String {
    match verdict {
        Ok(Whole { head, erased }) => {
            let erased =
                if *erased > 0 { format!(" {erased} payloads have been erased.") } else { String::new() };
            format!(
                "The journal verifies: {} records in {took_ms} ms.{erased}\nHead {} {}\n\
                 Compare the head with one that was kept elsewhere: a chain cut at its end verifies too.",
                head.seq, head.seq, head.hash
            )
        }
        Err(Broken { seq, stream, reason }) => {
            let stream = clean(stream.as_str());
            format!("The journal is BROKEN at record {seq} (stream {stream}): {}", clean(reason))
        }
    }
}

/// The shape of `POST /api/v1/journal/verify`.
fn verdict_json(verdict: &Result<Whole, Broken>, took_ms: u64) -> Value {
    match verdict {
        Ok(Whole { head, erased }) => json!({
            "ok": true, "records": head.seq, "erased": erased,
            "head": head, "broken": null, "took_ms": took_ms,
        }),
        Err(Broken { seq, stream, reason }) => json!({
            "ok": false, "records": seq - 1, "head": null,
            "broken": {"seq": seq, "stream": stream, "reason": reason}, "took_ms": took_ms,
        }),
    }
}

async fn run_export(export: &Export) -> anyhow::Result<()> {
    let store = export.place.open().await?;
    let exported = match &export.out {
        None => store.export(BufWriter::new(io::stdout())).await,
        Some(path) => {
            let file = File::create(path).with_context(|| format!("cannot write {}", path.display()))?;
            store.export(BufWriter::new(file)).await
        }
    };
    store.close().await;
    let head = exported.context("the export is not whole")?;
    if let Some(path) = &export.out {
        eprintln!("{} records in {}, head {}", head.seq, path.display(), head.hash);
    }
    Ok(())
}

impl Place {
    /// Opens it so that nothing in it can change.
    async fn open(&self) -> anyhow::Result<Store> {
        let path = match (&self.database, &self.data) {
            (Some(database), _) => PathBuf::from(database),
            (None, Some(data)) => existing(data)?,
            (None, None) => {
                return Err(Failure::usage("name the journal: --data DIR, --database URL or a file").into());
            }
        };
        Store::open_read_only(&path).await.map_err(unreachable)
    }
}

/// The database in a data folder; looking at a journal makes neither.
fn existing(data: &Path) -> anyhow::Result<PathBuf> {
    anyhow::ensure!(data.is_dir(), "there is no folder {}", data.display());
    let database = DataDir::open(data)?.database();
    anyhow::ensure!(
        database.is_file(),
        "{} holds no database; is it on PostgreSQL (--database)?",
        data.display()
    );
    Ok(database)
}

fn unreachable(error: StoreError) -> anyhow::Error {
    match error {
        StoreError::Open { .. } => Failure::new(Exit::Unreachable, error.to_string()).into(),
        other => other.into(),
    }
}
