//! Where webhooks arrive: answers 200 to everything and remembers when each mark came first.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

use crate::body;

const ANSWER: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

/// What has arrived.
#[derive(Debug)]
pub(crate) struct Sink {
    arrivals: Vec<OnceLock<Instant>>,
    distinct: AtomicUsize,
    requests: AtomicU64,
}

impl Sink {
    /// Listens, for marks below `marks`.
    pub(crate) async fn start(address: SocketAddr, marks: usize) -> anyhow::Result<Arc<Self>> {
        let listener = TcpListener::bind(address).await?;
        let sink = Arc::new(Self {
            arrivals: std::iter::repeat_with(OnceLock::new).take(marks).collect(),
            distinct: AtomicUsize::new(0),
            requests: AtomicU64::new(0),
        });
        tokio::spawn(accept(listener, sink.clone()));
        Ok(sink)
    }

    /// When that mark arrived first.
    pub(crate) fn arrival(&self, mark: usize) -> Option<Instant> {
        self.arrivals.get(mark).and_then(OnceLock::get).copied()
    }

    /// How many different marks have arrived.
    pub(crate) fn distinct(&self) -> usize {
        self.distinct.load(Ordering::Acquire)
    }

    /// How many webhooks have arrived, repeats among them.
    pub(crate) fn requests(&self) -> u64 {
        self.requests.load(Ordering::Relaxed)
    }

    /// Waits until `expected` different marks have arrived, or until nothing more came for `patience`.
    pub(crate) async fn settle(&self, expected: usize, patience: Duration) {
        let mut last = (self.distinct(), Instant::now());
        while self.distinct() < expected && last.1.elapsed() < patience {
            tokio::time::sleep(Duration::from_millis(20)).await;
            if self.distinct() > last.0 {
                last = (self.distinct(), Instant::now());
            }
        }
    }

    fn arrived(&self, body: &[u8]) {
        let now = Instant::now();
        self.requests.fetch_add(1, Ordering::Relaxed);
        for mark in body::marks(body) {
            if self.arrivals.get(mark).is_some_and(|arrival| arrival.set(now).is_ok()) {
                self.distinct.fetch_add(1, Ordering::Release);
            }
        }
    }
}

async fn accept(listener: TcpListener, sink: Arc<Sink>) {
    while let Ok((stream, _)) = listener.accept().await {
        let sink = sink.clone();
        tokio::spawn(async move {
            // A sender that hangs up ends its connection, nothing else.
            let _ = serve(stream, &sink).await;
        });
    }
}

async fn serve(stream: TcpStream, sink: &Sink) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut stream = BufReader::with_capacity(16 * 1024, stream);
    let (mut line, mut body) = (String::new(), Vec::new());
    loop {
        let mut length = 0;
        loop {
            line.clear();
            if stream.read_line(&mut line).await? == 0 {
                return Ok(());
            }
            if line == "\r\n" {
                break;
            }
            if let Some((name, value)) = line.split_once(':')
                && name.eq_ignore_ascii_case("content-length")
            {
                length = value.trim().parse().unwrap_or(0);
            }
        }
        body.resize(length, 0);
        stream.read_exact(&mut body).await?;
        sink.arrived(&body);
        stream.get_mut().write_all(ANSWER).await?;
    }
}
