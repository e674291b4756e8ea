//! `decurion login`, `logout`, `whoami`.

use std::path::PathBuf;

use serde_json::{Value, json};

use super::Context;
use crate::client::{self, Client, Session, server};
use crate::exit::Failure;
use crate::output::{Output, field, say, say_json, text_at};
use crate::private_file;

/// Sign in to a server and remember it for the next commands
#[derive(Debug, clap::Args)]
pub(crate) struct Login {
    /// Where the server is, `https://decurion.example`
    #[arg(long, env = "DECURION_URL")]
    url: String,
    #[arg(long)]
    email: String,
    /// A file with the password in its only line; `-` reads standard input
    #[arg(long)]
    password_file: PathBuf,
}

pub(crate) async fn login(login: &Login, output: Output) -> anyhow::Result<()> {
    let url = server(&login.url)?;
    let url = url.as_str().trim_end_matches('/');
    let password = password(&login.password_file)?;
    let body = json!({"email": login.email, "password": password});
    let answer = Client::new(url, None)?.post(&["session"], &body).await?;
    let token =
        field(&answer, "/token").as_str().ok_or_else(|| Failure::usage(format!("{url} gave no token")))?;
    let session = Session { url: url.to_owned(), email: login.email.clone(), token: token.to_owned() };
    let path = client::save(&session)?;
    let kept = path.display().to_string();
    match output {
        Output::Json => {
            say_json(&json!({"url": url, "account": field(&answer, "/account"), "session_file": kept}))
        }
        Output::Table => {
            let account = text_at(&answer, "/account/email");
            Ok(say(&format!("Signed in to {url} as {account}. The token is in {kept}."))?)
        }
    }
}

fn password(path: &std::path::Path) -> anyhow::Result<String> {
    if path == std::path::Path::new("-") {
        let text = std::io::read_to_string(std::io::stdin())?;
        return Ok(text.trim_end_matches(['\n', '\r']).to_owned());
    }
    private_file::read(path)
}

/// Ends the session on the server, and forgets it here even when the server is gone.
pub(crate) async fn logout() -> anyhow::Result<()> {
    let ended = match client::load() {
        Ok(session) => Client::new(&session.url, Some(session.token))?.delete(&["session"]).await.map(drop),
        Err(_) => Ok(()),
    };
    client::forget()?;
    match ended {
        Ok(()) => Ok(say("Signed out.")?),
        Err(error) => {
            Ok(say(&format!("Signed out here. On the server the session stays until it expires: {error}"))?)
        }
    }
}

pub(crate) async fn whoami(context: &Context) -> anyhow::Result<()> {
    let me = context.client.get(&["me"], &[]).await?;
    context.show(&me, |me| Ok(say(&sentence(me))?))
}

fn sentence(me: &Value) -> String {
    let mut said = format!("{} ({})", text_at(me, "/account/email"), text_at(me, "/account/role"));
    let name = text_at(me, "/person/name");
    if !name.is_empty() {
        said = format!("{said}, {name}, {}", text_at(me, "/person/title"));
    }
    let duties = text_at(me, "/duties");
    if !duties.is_empty() {
        said = format!("{said}; on call now: {duties}");
    }
    said
}
