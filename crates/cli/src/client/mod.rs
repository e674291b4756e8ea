//! Talking to a server over its API.

mod problem;
mod session;
mod tls;

use std::time::Duration;

use reqwest::header::{HeaderMap, HeaderValue};
use reqwest::{Method, Response, StatusCode, Url};
use serde_json::Value;

use crate::exit::{Exit, Failure};

pub(crate) use session::{Session, forget, load, save};
pub(crate) use tls::config as tls_config;

const CONNECT: Duration = Duration::from_secs(5);
const ANSWER: Duration = Duration::from_mins(1);
/// Items asked for at once when a whole list is read.
const PAGE: &str = "200";

/// One server and, after signing in, somebody's token for it.
#[derive(Debug, Clone)]
pub(crate) struct Client {
    http: reqwest::Client,
    base: Url,
    token: Option<String>,
}

impl Client {
    /// With what the environment or the last `decurion login` names.
    pub(crate) fn signed_in() -> anyhow::Result<Self> {
        let session = load()?;
        Self::new(&session.url, Some(session.token))
    }

    pub(crate) fn new(url: &str, token: Option<String>) -> anyhow::Result<Self> {
        let base = server(url)?;
        let http = reqwest::Client::builder()
            .connect_timeout(CONNECT)
            .timeout(ANSWER)
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(concat!("decurion/", env!("CARGO_PKG_VERSION")))
            .tls_backend_preconfigured(tls::config()?)
            .build()?;
        Ok(Self { http, base, token })
    }

    pub(crate) async fn get(&self, path: &[&str], query: &[(&str, &str)]) -> anyhow::Result<Value> {
        let mut url = self.url(path)?;
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        self.send(Method::GET, url, None).await
    }

    /// What is asked for as CSV.
    pub(crate) async fn get_csv(&self, path: &[&str], query: &[(&str, &str)]) -> anyhow::Result<String> {
        let mut url = self.url(path)?;
        url.query_pairs_mut().extend_pairs(query);
        let mut headers = self.headers(&Method::GET)?;
        headers.insert("accept", HeaderValue::from_static("text/csv"));
        let answer = self.http.get(url).headers(headers).send().await;
        let answer = answer.map_err(|error| self.unreachable(&error))?;
        let status = answer.status();
        let text = answer.text().await.map_err(|error| self.unreachable(&error))?;
        if status.is_success() {
            return Ok(text);
        }
        Err(problem::failure(status, &text, self.token.is_some()).into())
    }

    pub(crate) async fn post(&self, path: &[&str], body: &Value) -> anyhow::Result<Value> {
        self.send(Method::POST, self.url(path)?, Some(body)).await
    }

    /// A body that is no JSON, such as a calendar.
    pub(crate) async fn post_text(
        &self,
        path: &[&str],
        query: &[(&str, String)],
        media_type: &'static str,
        body: Vec<u8>,
    ) -> anyhow::Result<Value> {
        let mut url = self.url(path)?;
        url.query_pairs_mut().extend_pairs(query);
        let mut headers = self.headers(&Method::POST)?;
        headers.insert("content-type", HeaderValue::from_static(media_type));
        let sent = self.http.post(url).headers(headers).body(body).send().await;
        self.answer(sent.map_err(|error| self.unreachable(&error))?).await
    }

    pub(crate) async fn patch(&self, path: &[&str], body: &Value) -> anyhow::Result<Value> {
        self.send(Method::PATCH, self.url(path)?, Some(body)).await
    }

    pub(crate) async fn delete(&self, path: &[&str]) -> anyhow::Result<Value> {
        self.send(Method::DELETE, self.url(path)?, None).await
    }

    /// The items of a list, page by page, at most `limit`.
    pub(crate) async fn items(
        &self,
        path: &[&str],
        query: &[(&str, &str)],
        limit: usize,
    ) -> anyhow::Result<Vec<Value>> {
        let mut items = Vec::new();
        let mut after: Option<String> = None;
        loop {
            let mut asked = query.to_vec();
            asked.push(("limit", PAGE));
            asked.extend(after.as_deref().map(|after| ("after", after)));
            let mut page = self.get(path, &asked).await?;
            if let Some(Value::Array(some)) = page.get_mut("items").map(Value::take) {
                items.extend(some);
            }
            after = page.get("next").and_then(Value::as_str).map(str::to_owned);
            if after.is_none() || items.len() >= limit {
                items.truncate(limit);
                return Ok(items);
            }
        }
    }

    /// Now by the server's clock, which a demo may run fast.
    pub(crate) async fn now_us(&self) -> anyhow::Result<i64> {
        let clock = self.get(&["clock"], &[]).await?;
        clock.get("now_us").and_then(Value::as_i64).ok_or_else(|| self.not_ours())
    }

    fn url(&self, path: &[&str]) -> anyhow::Result<Url> {
        let mut url = self.base.clone();
        let mut segments = url.path_segments_mut().map_err(|()| self.not_ours())?;
        segments.pop_if_empty().extend(["api", "v1"]).extend(path);
        drop(segments);
        Ok(url)
    }

    /// A write that got no answer goes out once more under the same key: the server does it once.
    async fn send(&self, method: Method, url: Url, body: Option<&Value>) -> anyhow::Result<Value> {
        let headers = self.headers(&method)?;
        let mut last = None;
        for _ in 0..2 {
            let mut request = self.http.request(method.clone(), url.clone()).headers(headers.clone());
            if let Some(body) = body {
                request = request.json(body);
            }
            match request.send().await {
                Ok(response) => return self.answer(response).await,
                Err(error) if error.is_request() && !error.is_timeout() => last = Some(error),
                Err(error) => return Err(self.unreachable(&error)),
            }
        }
        Err(last.map_or_else(|| self.not_ours(), |error| self.unreachable(&error)))
    }

    fn headers(&self, method: &Method) -> anyhow::Result<HeaderMap> {
        let mut headers = HeaderMap::new();
        if let Some(token) = &self.token {
            let mut value = HeaderValue::from_str(&format!("Bearer {token}")).map_err(|_| {
                Failure::new(Exit::NotSignedIn, "the token holds characters that no token has")
            })?;
            value.set_sensitive(true);
            headers.insert("authorization", value);
        }
        if method != Method::GET {
            let key = hex::encode(rand::random::<[u8; 16]>());
            headers.insert("idempotency-key", HeaderValue::from_str(&key)?);
        }
        Ok(headers)
    }

    async fn answer(&self, response: Response) -> anyhow::Result<Value> {
        let status = response.status();
        if status == StatusCode::NO_CONTENT {
            return Ok(Value::Null);
        }
        let text = response.text().await.map_err(|error| self.unreachable(&error))?;
        if !status.is_success() {
            return Err(problem::failure(status, &text, self.token.is_some()).into());
        }
        if text.is_empty() {
            return Ok(Value::Null);
        }
        serde_json::from_str(&text).map_err(|_| self.not_ours())
    }

    fn unreachable(&self, error: &reqwest::Error) -> anyhow::Error {
        let mut cause: &dyn std::error::Error = error;
        while let Some(deeper) = cause.source() {
            cause = deeper;
        }
        Failure::new(Exit::Unreachable, format!("{} does not answer: {cause}", self.base)).into()
    }

    fn not_ours(&self) -> anyhow::Error {
        let message = format!("{} does not answer like a Decurion server; is the URL right?", self.base);
        Failure::new(Exit::Unreachable, message).into()
    }
}

/// Reads the address of a server; a host alone means `https`.
pub(crate) fn server(text: &str) -> anyhow::Result<Url> {
    let full = if text.contains("://") { text.to_owned() } else { format!("https://{text}") };
    let wrong = |why: String| Failure::usage(format!("`{text}` is not the address of a server: {why}"));
    let url = Url::parse(&full).map_err(|error| wrong(error.to_string()))?;
    match url.scheme() {
        "http" | "https" => Ok(url),
        other => Err(wrong(format!("{other} is neither http nor https")).into()),
    }
}
