//! A small HTTP/1.1 server that keeps what it was sent and answers as the test says.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

#[derive(Debug, Clone)]
pub(crate) struct Received {
    pub(crate) line: String,
    /// By lower-case name.
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Vec<u8>,
}

impl Received {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

pub(crate) enum Answer {
    /// Status line after `HTTP/1.1 `, further header lines, body.
    Reply(&'static str, String, String),
    /// Reads the request and says nothing.
    Silence,
    /// Sends a status and a part of the body that it announced, and then nothing.
    Stall,
    /// Reads the request and closes.
    Close,
}

impl Answer {
    pub(crate) fn status(status: &'static str, body: &str) -> Self {
        Self::Reply(status, String::new(), body.to_owned())
    }
}

type Script = dyn Fn(&Received) -> Answer + Send + Sync;

#[derive(Clone)]
pub(crate) struct Recorder {
    pub(crate) address: SocketAddr,
    received: Arc<Mutex<Vec<Received>>>,
    connections: Arc<AtomicUsize>,
}

impl Recorder {
    pub(crate) async fn start(script: impl Fn(&Received) -> Answer + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let recorder = Self {
            address: listener.local_addr().unwrap(),
            received: Arc::default(),
            connections: Arc::default(),
        };
        let (shared, script): (_, Arc<Script>) = (recorder.clone(), Arc::new(script));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                shared.connections.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(shared.clone().serve(stream, Arc::clone(&script)));
            }
        });
        recorder
    }

    /// Always the same answer.
    pub(crate) async fn answering(status: &'static str, body: &'static str) -> Self {
        Self::start(move |_| Answer::status(status, body)).await
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub(crate) fn received(&self) -> Vec<Received> {
        self.received.lock().unwrap().clone()
    }

    pub(crate) fn only(&self) -> Received {
        let mut received = self.received();
        assert_eq!(received.len(), 1, "{received:?}");
        received.remove(0)
    }

    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    async fn serve(self, mut stream: TcpStream, script: Arc<Script>) {
        stream.set_nodelay(true).unwrap();
        let mut buffer = Vec::new();
        while let Some(request) = read_request(&mut stream, &mut buffer).await {
            let answer = script(&request);
            self.received.lock().unwrap().push(request);
            match answer {
                Answer::Reply(status, headers, body) => {
                    let length = body.len();
                    let reply =
                        format!("HTTP/1.1 {status}\r\n{headers}content-length: {length}\r\n\r\n{body}");
                    stream.write_all(reply.as_bytes()).await.unwrap();
                }
                Answer::Stall => {
                    stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhal").await.unwrap();
                }
                Answer::Silence => {}
                Answer::Close => return,
            }
        }
    }
}

async fn read_request(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Option<Received> {
    let head_end = loop {
        if let Some(at) = buffer.windows(4).position(|window| window == b"\r\n\r\n") {
            break at + 4;
        }
        fill(stream, buffer).await?;
    };
    let head = String::from_utf8(buffer[..head_end].to_vec()).unwrap();
    let mut lines = head.lines();
    let line = lines.next().unwrap().to_owned();
    let headers: BTreeMap<_, _> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .collect();
    let length: usize = headers.get("content-length").map_or(0, |length| length.parse().unwrap());
    while buffer.len() < head_end + length {
        fill(stream, buffer).await?;
    }
    let body = buffer[head_end..head_end + length].to_vec();
    buffer.drain(..head_end + length);
    Some(Received { line, headers, body })
}

async fn fill(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Option<()> {
    let mut chunk = [0; 8_192];
    let read = stream.read(&mut chunk).await.ok().filter(|read| *read > 0)?;
    buffer.extend_from_slice(&chunk[..read]);
    Some(())
}
