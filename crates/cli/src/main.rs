//! The program `decurion`: the server, and every verb of the console for terminals and scripts.
//!
//! Verbs stand in `commands`, one module per noun; those that ask a server go through `client`. `serve` wires
//! store, engine, channels and interface together, and `demo` plays a day on it.

mod client;
mod commands;
mod demo;
mod exit;
mod output;
mod pack_folder;
mod private_file;
mod server;

use std::process::ExitCode;

use anyhow::Context as _;
use clap::{CommandFactory as _, Parser, Subcommand};

use commands::{
    Context, absence, alert, check, contact, coverage, feed, handoff, import, incident, integration, journal,
    load, mailbox, oncall, overrides, pack, schema, session, signal, silence, swap, whatif,
};
use output::Output;
use server::{init, serve};

/// A fifth of the work of taking an alert in was asking the system's allocator for memory. It is built without huge
/// pages, which would hold 27 MB more at rest and gain nothing that was measured.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Runs a security organisation: alert, page, escalation, incident.
#[derive(Debug, Parser)]
#[command(name = "decurion", version, propagate_version = true, max_term_width = 100)]
struct Cli {
    /// How answers are printed
    #[arg(long, short, global = true, value_enum, default_value_t)]
    output: Output,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Init(init::Init),
    Serve(Box<serve::Serve>),
    Demo(demo::Demo),
    Check(check::Check),
    Schema(schema::Schema),
    /// The record of everything that was decided
    #[command(subcommand)]
    Journal(journal::Verb),
    Login(session::Login),
    /// End the session
    Logout,
    /// Who is signed in
    Whoami,
    /// Work on incidents
    #[command(subcommand)]
    Incident(incident::Verb),
    /// Alerts: signals with the same key, as one open thing
    #[command(subcommand)]
    Alert(alert::Verb),
    /// Signals: what arrived, as it arrived
    #[command(subcommand)]
    Signal(signal::Verb),
    /// Alerts that page nobody for a while
    #[command(subcommand)]
    Silence(silence::Verb),
    /// Who is on call, and where nobody is
    #[command(subcommand)]
    Oncall(oncall::Verb),
    Coverage(coverage::Coverage),
    #[command(name = "whatif")]
    WhatIf(Box<whatif::WhatIf>),
    Load(load::Load),
    /// Changes of a schedule for a while
    #[command(subcommand)]
    Override(overrides::Verb),
    /// Contacts: whether messages are known to arrive
    #[command(subcommand)]
    Contact(contact::Verb),
    /// Calendar feeds: shifts in everybody's own calendar
    #[command(subcommand)]
    Feed(feed::Verb),
    /// Take over what other tools keep
    #[command(subcommand)]
    Import(import::Verb),
    /// Who asks to be stood in for, and who stands in
    #[command(subcommand)]
    Swap(swap::Verb),
    /// Who is away when
    #[command(subcommand)]
    Absence(absence::Verb),
    /// What one duty writes to the next
    #[command(subcommand)]
    Handoff(handoff::Verb),
    /// Where alerts come from
    #[command(subcommand)]
    Integration(integration::Verb),
    /// What people were told through the built-in mailbox
    #[command(subcommand)]
    Mailbox(mailbox::Verb),
    Plan(pack::Plan),
    Apply(pack::Apply),
    Export(pack::Export),
    History(pack::History),
    Restore(pack::Restore),
    /// How the server is
    Status,
    /// Print the completions of a shell
    Completions {
        shell: clap_complete::Shell,
    },
    /// Print the version
    Version,
}

fn main() -> ExitCode {
    exit::code(run(Cli::parse()))
}

fn run(cli: Cli) -> anyhow::Result<()> {
    if rustls::crypto::ring::default_provider().install_default().is_err() {
        tracing::debug!("a TLS provider is installed already");
    }
    match &cli.command {
        Command::Check(check) => check::run(check, cli.output),
        Command::Schema(asked) => schema::run(asked),
        Command::Completions { shell } => completions(*shell),
        Command::Version => version(cli.output),
        Command::WhatIf(asked) if asked.dir.is_some() => whatif::offline(asked, cli.output),
        _ => tokio::runtime::Runtime::new().context("the runtime cannot start")?.block_on(run_async(cli)),
    }
}

async fn run_async(cli: Cli) -> anyhow::Result<()> {
    match &cli.command {
        Command::Init(init) => init::run(init, cli.output).await,
        Command::Serve(serve) => serve::run(serve).await,
        Command::Demo(demo) => demo::run(demo).await,
        Command::Journal(verb) => journal::run(verb, cli.output).await,
        Command::Login(login) => session::login(login, cli.output).await,
        Command::Logout => session::logout().await,
        _ => run_signed_in(&cli.command, &Context::signed_in(cli.output)?).await,
    }
}

async fn run_signed_in(command: &Command, context: &Context) -> anyhow::Result<()> {
    match command {
        Command::Whoami => session::whoami(context).await,
        Command::Incident(verb) => incident::run(verb, context).await,
        Command::Alert(verb) => alert::run(verb, context).await,
        Command::Signal(verb) => signal::run(verb, context).await,
        Command::Silence(verb) => silence::run(verb, context).await,
        Command::Oncall(verb) => oncall::run(verb, context).await,
        Command::Coverage(asked) => coverage::run(asked, context).await,
        Command::WhatIf(asked) => whatif::run(asked, context).await,
        Command::Load(asked) => load::run(asked, context).await,
        Command::Override(verb) => overrides::run(verb, context).await,
        Command::Contact(verb) => contact::run(verb, context).await,
        Command::Feed(verb) => feed::run(verb, context).await,
        Command::Import(verb) => import::run(verb, context).await,
        Command::Swap(verb) => swap::run(verb, context).await,
        Command::Absence(verb) => absence::run(verb, context).await,
        Command::Handoff(verb) => handoff::run(verb, context).await,
        Command::Integration(verb) => integration::run(verb, context).await,
        Command::Mailbox(verb) => mailbox::run(verb, context).await,
        Command::Plan(plan) => pack::plan(plan, context).await,
        Command::Apply(apply) => pack::apply(apply, context).await,
        Command::Export(export) => pack::export(export, context).await,
        Command::History(asked) => pack::history(asked, context).await,
        Command::Restore(asked) => pack::restore(asked, context).await,
        Command::Status => commands::status::run(context).await,
        _ => Ok(()),
    }
}

fn completions(shell: clap_complete::Shell) -> anyhow::Result<()> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "decurion", &mut script);
    Ok(output::say(&String::from_utf8_lossy(&script))?)
}

fn version(output: Output) -> anyhow::Result<()> {
    let version = env!("CARGO_PKG_VERSION");
    match output {
        Output::Json => output::say_json(&serde_json::json!({"version": version})),
        Output::Table => Ok(output::say(&format!("decurion {version}"))?),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_makes_sense() {
        super::Cli::command().debug_assert();
    }
}
