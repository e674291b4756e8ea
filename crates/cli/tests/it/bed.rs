//! A folder, the binary, and a server while a test lasts.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

pub(crate) const EMAIL: &str = "leila@ten.example";

/// One installation in a folder of its own.
pub(crate) struct Bed {
    folder: TempDir,
    port: u16,
    server: Option<Child>,
}

pub(crate) fn ten() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs/ten")
}

pub(crate) fn stdout(done: &Output) -> String {
    String::from_utf8_lossy(&done.stdout).into_owned()
}

pub(crate) fn stderr(done: &Output) -> String {
    String::from_utf8_lossy(&done.stderr).into_owned()
}

impl Bed {
    pub(crate) fn new() -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let bed = Self { folder: tempfile::tempdir().unwrap(), port, server: None };
        std::fs::write(bed.path("password"), "correct horse battery\n").unwrap();
        bed
    }

    /// Set up, serving, and signed in.
    pub(crate) fn serving() -> Self {
        let mut bed = Self::new();
        bed.ok(&bed.init_words());
        bed.serve();
        bed.ok(&["login", "--url", &bed.url(), "--email", EMAIL, "--password-file", &bed.text("password")]);
        bed
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn text(&self, name: &str) -> String {
        self.path(name).display().to_string()
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub(crate) fn init_words(&self) -> Vec<String> {
        let (data, pack, password) = (self.text("data"), ten().display().to_string(), self.text("password"));
        ["init", "--data", &data, "--pack", &pack, "--admin-email", EMAIL, "--admin-password-file", &password]
            .map(str::to_owned)
            .to_vec()
    }

    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_decurion"));
        command
            .env("XDG_CONFIG_HOME", self.path("config"))
            .env("HOME", self.folder.path())
            .stdin(Stdio::null());
        for inherited in
            ["DECURION_DATA", "DECURION_DATABASE", "DECURION_URL", "DECURION_TOKEN", "DECURION_LISTEN"]
        {
            command.env_remove(inherited);
        }
        command
    }

    pub(crate) fn run<W: AsRef<str>>(&self, words: &[W]) -> Output {
        self.command().args(words.iter().map(AsRef::as_ref)).output().unwrap()
    }

    /// Runs a command that must succeed; what it printed.
    pub(crate) fn ok<W: AsRef<str>>(&self, words: &[W]) -> String {
        let done = self.run(words);
        let words: Vec<&str> = words.iter().map(AsRef::as_ref).collect();
        assert!(done.status.success(), "{words:?}: {:?}\n{}{}", done.status, stdout(&done), stderr(&done));
        stdout(&done)
    }

    pub(crate) fn json(&self, words: &[&str]) -> Value {
        serde_json::from_str(&self.ok(&[words, &["--output", "json"]].concat())).unwrap()
    }

    pub(crate) fn serve(&mut self) {
        let log = std::fs::File::create(self.path("log")).unwrap();
        let listen = format!("127.0.0.1:{}", self.port);
        let words = ["serve", "--data", &self.text("data"), "--listen", &listen];
        let started = self.command().args(words).stdout(Stdio::null()).stderr(log).spawn().unwrap();
        self.server = Some(started);
        wait_until("the server to be ready", || self.request("GET", "/health/ready", "").0 == 200);
    }

    /// A polite end; the exit code.
    pub(crate) fn stop(&mut self) -> i32 {
        let mut server = self.server.take().unwrap();
        let told = Command::new("kill").args(["-TERM", &server.id().to_string()]).status().unwrap();
        assert!(told.success());
        server.wait().unwrap().code().unwrap()
    }

    /// One request as a sender makes it: status and body.
    pub(crate) fn request(&self, method: &str, path: &str, body: &str) -> (u16, String) {
        let Ok(mut stream) = TcpStream::connect(("127.0.0.1", self.port)) else { return (0, String::new()) };
        let head = format!(
            "{method} {path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n\
             content-length: {}\r\nconnection: close\r\n\r\n{body}",
            body.len()
        );
        stream.write_all(head.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
        (status, answer.split_once("\r\n\r\n").map(|(_, body)| body.to_owned()).unwrap_or_default())
    }
}

impl Drop for Bed {
    fn drop(&mut self) {
        if let Some(mut server) = self.server.take() {
            let _ = server.kill();
            let _ = server.wait();
        }
    }
}

pub(crate) fn wait_until(what: &str, mut probe: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(30);
    while !probe() {
        assert!(Instant::now() < deadline, "waited 30 s for {what}");
        std::thread::sleep(Duration::from_millis(30));
    }
}
