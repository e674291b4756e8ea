//! `decurion demo`: a fresh server, and a short day that is played on it over HTTP.

mod clock;
mod pack;
mod senders;
mod stage;
mod story;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;
use clap::Args;
use decurion_api::{DemoLine, DemoScript};
use decurion_core::access::AccountRole;
use decurion_engine::WatchOptions;
use decurion_engine::clock::Clock;
use jiff::Timestamp;
use jiff::civil::{Weekday, time};
use jiff::tz::TimeZone;
use tokio::net::TcpListener;

use crate::output::{now, say};
use crate::server::make_folder;
use crate::server::{
    Database, LogFormat, Running, SnsArgs, Start, Stop, admin, apply_files, bind, is_set_up, start_log,
};
use crate::{pack_folder, private_file};
use clock::DemoClock;
use stage::Stage;
use story::DAY;

/// Who acts in the day, with the address of their account; the first administers.
const PEOPLE: [(&str, &str); 3] =
    [("leila", "leila@ten.example"), ("mateus", "mateus@ten.example"), ("ingrid", "ingrid@ten.example")];
/// Where the demo listens unless told otherwise.
const USUAL: &str = "127.0.0.1:8080";

/// Start a server on a fresh folder and play a short day on it
#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// Where to listen; 127.0.0.1:8080, or any free port when that is taken
    #[arg(long, env = "DECURION_LISTEN", value_name = "ADDRESS")]
    listen: Option<SocketAddr>,
    /// Minutes of the day in each minute while it plays
    #[arg(long, env = "DECURION_DEMO_SPEED", default_value_t = 20.0, value_name = "N")]
    speed: f64,
    /// A data folder, new, that stays afterwards; a temporary one otherwise
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// The folder of a pack with the people of packs/ten, instead of the one inside the program
    #[arg(long, value_name = "DIR")]
    pack: Option<PathBuf>,
    /// End when the day is over; 1 when a step did not succeed
    #[arg(long)]
    once: bool,
}

/// The data folder; a temporary one goes with the demo.
struct Folder {
    path: PathBuf,
    temporary: bool,
}

impl Drop for Folder {
    fn drop(&mut self) {
        if self.temporary
            && let Err(error) = std::fs::remove_dir_all(&self.path)
        {
            eprintln!("the folder {} stays: {error}", self.path.display());
        }
    }
}

pub(crate) async fn run(demo: &Demo) -> anyhow::Result<()> {
    anyhow::ensure!((1.0..=1_000.0).contains(&demo.speed), "--speed is between 1 and 1000");
    start_log(LogFormat::Text, "warn")?;
    let stop = Stop::listen()?;
    let files = demo.pack.as_deref().map_or_else(|| Ok(pack::ten()), pack_folder::read)?;
    let folder = demo.folder()?;
    let listener = demo.listener().await?;
    let base_url = format!("http://{}", listener.local_addr()?);
    let start_us = morning()?;
    let clock = Arc::new(DemoClock::new(start_us, demo.speed));
    let opened = Database { data: folder.path.clone(), database: None }.open().await?;
    anyhow::ensure!(
        !is_set_up(&opened.store).await?,
        "{} is in use; a demo needs a new folder",
        folder.path.display()
    );
    let mut running = Running::start(Start {
        opened,
        clock: Arc::<DemoClock>::clone(&clock),
        channels: decurion_channels::Settings::default(),
        base_url: base_url.clone(),
        watch: watch(demo.speed),
    })
    .await?;
    let played = async {
        apply_files(&running.engine, files, "demo").await?;
        let password = accounts(&running, &folder.path).await?;
        running.listen(listener, Some(Arc::new(script(start_us))), SnsArgs::default().authority()?);
        let stage = Stage::set(&base_url, &password, &PEOPLE, Arc::<DemoClock>::clone(&clock)).await?;
        say(&greeting(&base_url, &password, &folder, stage.visitors_key(), demo.speed))?;
        demo.play(stage, &clock, start_us, stop).await
    }
    .await;
    running.stop().await;
    drop(folder);
    played
}

impl Demo {
    fn folder(&self) -> anyhow::Result<Folder> {
        let temporary =
            || std::env::temp_dir().join(format!("decurion-demo-{}", hex::encode(rand::random::<[u8; 4]>())));
        let path = self.data.clone().unwrap_or_else(temporary);
        make_folder(&path)?;
        Ok(Folder { path, temporary: self.data.is_none() })
    }

    async fn listener(&self) -> anyhow::Result<TcpListener> {
        if let Some(address) = self.listen {
            return bind(address).await;
        }
        match TcpListener::bind(USUAL).await {
            Ok(listener) => Ok(listener),
            Err(_) => TcpListener::bind("127.0.0.1:0").await.context("cannot listen on any port"),
        }
    }

    /// Plays until the day is over or somebody has seen enough; then the clock goes at the pace of people.
    async fn play(
        &self,
        mut stage: Stage,
        clock: &DemoClock,
        start_us: i64,
        mut stop: Stop,
    ) -> anyhow::Result<()> {
        let failed = tokio::select! {
            failed = perform(&mut stage, clock, start_us) => failed?,
            () = stop.told() => return Ok(()),
        };
        clock.slow_down();
        if self.once {
            anyhow::ensure!(failed == 0, "{failed} steps of the day did not succeed");
            return Ok(());
        }
        say("\nThe day has been played. From now on a minute takes a minute, and one page waits for you:\n\
             sign in and acknowledge it. Ctrl-C ends the demo.")?;
        stop.told().await;
        Ok(())
    }
}

/// Plays every step at its time. Returns how many did not succeed; what went wrong is said.
async fn perform(stage: &mut Stage, clock: &DemoClock, start_us: i64) -> anyhow::Result<usize> {
    let mut failed = 0;
    for step in DAY {
        let at_us = start_us + step.at_s * 1_000_000;
        tokio::time::sleep(clock.until(at_us)).await;
        let came = stage.perform(step.act).await;
        let time = wall(at_us);
        match came {
            Ok(came) => say(&format!("{time}  {}\n       {came}", step.text))?,
            Err(error) => {
                failed += 1;
                say(&format!("{time}  {}\n       THIS FAILED: {error:#}", step.text))?;
            }
        }
    }
    Ok(failed)
}

/// A pager that is late by the clock of a fast demo is late by less on the machine's.
fn watch(speed: f64) -> WatchOptions {
    let usual = WatchOptions::default();
    #[expect(clippy::cast_possible_truncation, reason = "the speed is at most 1000")]
    let alarm_after_s = usual.alarm_after_s * speed.ceil() as i64;
    WatchOptions { alarm_after_s, ..usual }
}

/// Makes the accounts, with one password that only this run knows.
async fn accounts(running: &Running, folder: &Path) -> anyhow::Result<String> {
    let password = format!("demo-{}", hex::encode(rand::random::<[u8; 5]>()));
    let roles = std::iter::once(AccountRole::Admin).chain(std::iter::repeat(AccountRole::Responder));
    for ((_, email), role) in PEOPLE.iter().zip(roles) {
        admin(&running.engine, email, &password, role).await?;
    }
    private_file::create(&folder.join("password"), &format!("{password}\n"))?;
    Ok(password)
}

fn script(start_us: i64) -> DemoScript {
    let line =
        |step: &story::Step| DemoLine { at_us: start_us + step.at_s * 1_000_000, text: step.text.to_owned() };
    DemoScript { steps: DAY.iter().map(line).collect() }
}

/// 08:40 of today where the organisation works, or of the last Friday: Leila has just begun.
fn morning() -> anyhow::Result<i64> {
    let mut day = now().to_zoned(zone()).date();
    while matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) {
        day = day.yesterday()?;
    }
    Ok(day.to_datetime(time(8, 40, 0, 0)).to_zoned(zone())?.timestamp().as_microsecond())
}

/// The zone of the pack inside.
fn zone() -> TimeZone {
    TimeZone::get("Europe/Stockholm").unwrap_or(TimeZone::UTC)
}

/// `08:40` where the organisation works.
fn wall(at_us: i64) -> String {
    let at = Timestamp::from_microsecond(at_us).unwrap_or_default();
    at.to_zoned(zone()).strftime("%H:%M").to_string()
}

fn greeting(base_url: &str, password: &str, folder: &Folder, key: &str, speed: f64) -> String {
    let program = std::env::current_exe().map_or_else(|_| "decurion".to_owned(), |path| short(&path));
    let (data, email) = (folder.path.display(), PEOPLE[0].1);
    let kept = if folder.temporary { "it goes with the demo" } else { "it stays" };
    let event = format!(
        r#"{{"routing_key":"{key}","event_action":"trigger","payload":{{"summary":"My first alert","source":"my machine","severity":"critical"}}}}"#
    );
    format!(
        "\n  DEMO  Decurion plays a short day at {speed} times the speed of life.\n\n  \
         Console   {base_url}\n  Sign in   {email}   {password}\n  Data      {data} ({kept})\n\n\
         Try, in another terminal:\n\n\
         curl -X POST {base_url}/v2/enqueue -H 'Content-Type: application/json' -d '{event}'\n\n\
         {program} login --url {base_url} --email {email} --password-file {data}/password && {program} incident list\n\n\
         {program} journal verify --data {data}\n\n\
         The day:\n"
    )
}

/// As it is typed from here.
fn short(program: &Path) -> String {
    let here = std::env::current_dir().ok();
    let inside = here.and_then(|here| program.strip_prefix(here).ok().map(Path::to_owned));
    inside.unwrap_or_else(|| program.to_owned()).display().to_string()
}
