//! As much of HTTP/1.1 as a load generator needs: one connection, one request at a time, kept alive.

use anyhow::{Context, bail};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

/// Where requests go.
#[derive(Debug, Clone)]
pub(crate) struct Target {
    authority: String,
    path: String,
}

impl Target {
    /// Takes `http://host:port/path`.
    pub(crate) fn parse(url: &str) -> anyhow::Result<Self> {
        let rest = url.strip_prefix("http://").context("the target must start with http://")?;
        let (authority, path) = rest.split_once('/').context("the target needs a path")?;
        Ok(Self { authority: authority.to_owned(), path: format!("/{path}") })
    }
}

/// One kept-alive connection.
pub(crate) struct Connection {
    stream: BufReader<TcpStream>,
    target: Target,
    line: String,
    discarded: Vec<u8>,
}

impl Connection {
    pub(crate) async fn open(target: &Target) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(&target.authority).await.context("the target does not answer")?;
        stream.set_nodelay(true)?;
        let stream = BufReader::new(stream);
        Ok(Self { stream, target: target.clone(), line: String::new(), discarded: Vec::new() })
    }

    /// Posts JSON and returns the status of the answer.
    pub(crate) async fn post(&mut self, body: &str) -> anyhow::Result<u16> {
        let Target { authority, path } = &self.target;
        let length = body.len();
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: {authority}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
        );
        self.stream.get_mut().write_all(request.as_bytes()).await?;
        self.answer().await
    }

    async fn answer(&mut self) -> anyhow::Result<u16> {
        self.read_line().await?;
        let status = self.line.split(' ').nth(1).and_then(|code| code.parse().ok()).context("no status")?;
        let (mut length, mut chunked) = (0, false);
        loop {
            self.read_line().await?;
            if self.line == "\r\n" {
                break;
            }
            let header = self.line.to_ascii_lowercase();
            if let Some(value) = header.strip_prefix("content-length:") {
                length = value.trim().parse()?;
            }
            chunked |= header.starts_with("transfer-encoding:") && header.contains("chunked");
        }
        if chunked {
            self.skip_chunks().await?;
        } else {
            self.skip(length).await?;
        }
        Ok(status)
    }

    async fn skip_chunks(&mut self) -> anyhow::Result<()> {
        loop {
            self.read_line().await?;
            let length = usize::from_str_radix(self.line.trim(), 16)?;
            self.skip(length + 2).await?;
            if length == 0 {
                return Ok(());
            }
        }
    }

    async fn skip(&mut self, length: usize) -> anyhow::Result<()> {
        self.discarded.resize(length, 0);
        self.stream.read_exact(&mut self.discarded).await?;
        Ok(())
    }

    async fn read_line(&mut self) -> anyhow::Result<()> {
        self.line.clear();
        if self.stream.read_line(&mut self.line).await? == 0 {
            bail!("the connection was closed");
        }
        Ok(())
    }
}
