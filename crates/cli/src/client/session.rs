//! Where the token of `decurion login` is kept between commands.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use serde::{Deserialize, Serialize};

use crate::exit::{Exit, Failure};
use crate::private_file;

/// Who is signed in where.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Session {
    pub(crate) url: String,
    pub(crate) email: String,
    pub(crate) token: String,
}

/// The session that commands use: `DECURION_URL` and `DECURION_TOKEN` before the file.
pub(crate) fn load() -> anyhow::Result<Session> {
    let url = variable("DECURION_URL");
    let token = variable("DECURION_TOKEN");
    if let (Some(url), Some(token)) = (&url, &token) {
        return Ok(Session { url: url.clone(), email: String::new(), token: token.clone() });
    }
    let Some(stored) = stored(&path()?)? else {
        let message =
            "nobody is signed in: run `decurion login --url URL --email EMAIL --password-file FILE`";
        return Err(Failure::new(Exit::NotSignedIn, message).into());
    };
    let elsewhere = url.as_deref().is_some_and(|url| url.trim_end_matches('/') != stored.url);
    if elsewhere && token.is_none() {
        let message =
            format!("the stored session is for {}: set DECURION_TOKEN too, or sign in there", stored.url);
        return Err(Failure::new(Exit::NotSignedIn, message).into());
    }
    Ok(Session { token: token.unwrap_or(stored.token), ..stored })
}

/// Keeps a session, readable for nobody else. Returns where.
pub(crate) fn save(session: &Session) -> anyhow::Result<PathBuf> {
    let path = path()?;
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    }
    let text = serde_json::to_string_pretty(session)?;
    private_file::replace(&path, &text)?;
    Ok(path)
}

/// Forgets the session; no error where there is none.
pub(crate) fn forget() -> anyhow::Result<()> {
    let path = path()?;
    match fs::remove_file(&path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("cannot remove {}", path.display()))
        }
        _ => Ok(()),
    }
}

fn stored(path: &Path) -> anyhow::Result<Option<Session>> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error).with_context(|| format!("cannot read {}", path.display())),
    };
    let session = serde_json::from_str(&text)
        .with_context(|| format!("{} is not a session; sign in again", path.display()))?;
    Ok(Some(session))
}

/// `$XDG_CONFIG_HOME/decurion/session.json` (XDG Base Directory Specification 0.8), in `~/.config` otherwise.
fn path() -> anyhow::Result<PathBuf> {
    let absolute = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let config = absolute("XDG_CONFIG_HOME").or_else(|| absolute("HOME").map(|home| home.join(".config")));
    let config = config.context("neither XDG_CONFIG_HOME nor HOME names a folder for the session")?;
    Ok(config.join("decurion/session.json"))
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
