//! The peers that are written in Python, in an environment that is made once in `target/test-venv`.

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

/// Module and the requirement that brings it.
const PEERS: [(&str, &str); 3] = [
    ("aiosmtpd", "aiosmtpd==1.4.6"),
    ("standardwebhooks", "standardwebhooks==1.0.1"),
    ("trustme", "trustme==1.2.1"),
];

/// The interpreter, with every peer installed.
pub(crate) fn interpreter() -> &'static Path {
    static INTERPRETER: OnceLock<PathBuf> = OnceLock::new();
    INTERPRETER.get_or_init(prepare)
}

fn prepare() -> PathBuf {
    let target = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target");
    fs::create_dir_all(&target).unwrap();
    let target = target.canonicalize().unwrap();
    // Test binaries of several crates may run at the same time and share the environment.
    let lock = File::create(target.join("test-venv.lock")).unwrap();
    lock.lock().unwrap();
    let python = target.join("test-venv/bin/python");
    if !python.exists() {
        run(Command::new("python3").args(["-m", "venv"]).arg(target.join("test-venv")));
    }
    let imports = PEERS.map(|(module, _)| format!("import {module}")).join(";");
    let ready = Command::new(&python).args(["-c", &imports]).output().unwrap().status.success();
    if !ready {
        let requirements = PEERS.map(|(_, requirement)| requirement);
        run(Command::new(&python).args(["-m", "pip", "install", "--quiet"]).args(requirements));
    }
    python
}

fn run(command: &mut Command) {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?} cannot be run: {error}"));
    assert!(
        output.status.success(),
        "{command:?} failed; these tests need python3 with venv and PyPI:\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

/// One of the servers beside this file. It prints JSON lines, the first with its port.
pub(crate) struct PythonServer {
    child: Child,
    pub(crate) port: u16,
    lines: Receiver<Value>,
    folder: TempDir,
}

impl PythonServer {
    pub(crate) fn start(script: &str, security: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it").join(script);
        let mut child = Command::new(interpreter())
            .args([script.as_os_str(), security.as_ref(), folder.path().as_os_str()])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let printed = BufReader::new(child.stdout.take().unwrap()).lines();
        let (sender, lines) = channel();
        std::thread::spawn(move || {
            for line in printed.map_while(Result::ok) {
                let _ = sender.send(serde_json::from_str(&line).unwrap());
            }
        });
        let mut server = Self { child, port: 0, lines, folder };
        server.port = server.said()["port"].as_u64().unwrap().try_into().unwrap();
        server
    }

    /// The next line.
    pub(crate) fn said(&self) -> Value {
        self.lines.recv_timeout(Duration::from_secs(30)).expect("the server says nothing")
    }

    /// The certificate of the authority that signed the server's.
    pub(crate) fn authority(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }
}

impl Drop for PythonServer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
