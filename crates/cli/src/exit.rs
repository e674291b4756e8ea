//! Why a command ends, as a number for scripts and a sentence for people.

use std::io;
use std::process::ExitCode;

/// What a command answers to the shell; docs/cli.md lists them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Exit {
    /// The request was refused, or what was checked is not right.
    Failed = 1,
    /// The command line cannot be read. Clap answers with the same number.
    Usage = 2,
    /// Nobody is signed in, or the session has ended.
    NotSignedIn = 3,
    /// The server or the database does not answer.
    Unreachable = 4,
}

/// An end with a number of its own. Any other error ends with [`Exit::Failed`].
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub(crate) struct Failure {
    exit: Exit,
    message: String,
}

/// What was to be said has been said; only the number is left.
#[derive(Debug, thiserror::Error)]
#[error("failed")]
pub(crate) struct Said;

impl Failure {
    pub(crate) fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self { exit, message: message.into() }
    }

    /// The command line makes no sense in a way that clap cannot see.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::new(Exit::Usage, message)
    }
}

/// The number for an end, after saying why on standard error.
pub(crate) fn code(done: anyhow::Result<()>) -> ExitCode {
    let Err(error) = done else { return ExitCode::SUCCESS };
    if is_closed_pipe(&error) {
        return ExitCode::SUCCESS;
    }
    if error.downcast_ref::<Said>().is_none() {
        eprintln!("error: {error:#}");
    }
    let exit = error.downcast_ref::<Failure>().map_or(Exit::Failed, |failure| failure.exit);
    ExitCode::from(exit as u8)
}

/// Whoever read our output has seen enough (`decurion incident list | head -1`).
fn is_closed_pipe(error: &anyhow::Error) -> bool {
    let closed = |cause: &io::Error| cause.kind() == io::ErrorKind::BrokenPipe;
    error.chain().filter_map(|cause| cause.downcast_ref::<io::Error>()).any(closed)
}
