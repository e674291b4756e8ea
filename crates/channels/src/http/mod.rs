//! One HTTP client for every provider that is reached over HTTP.
//!
//! It keeps connections open, follows no redirect (a redirect could lead around the guard, or carry the
//! message to somebody else), uses no proxy, and talks only to addresses that the guard allows.

mod guard;

use std::error::Error;
use std::time::Duration;

use decurion_core::notify::Outcome;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderValue, RETRY_AFTER};
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode, Url};
use serde::Serialize;
use tokio::time::{Instant, timeout_at};

use crate::answer::{delivered, permanent, transient, transient_for};
use crate::settings::SettingsError;
use crate::tls::Authorities;
use guard::{Guard, GuardedResolver, Refused};

/// Shorter than the five seconds after which common servers close a silent connection, so that a message
/// seldom meets one that is just being closed.
const IDLE_TIMEOUT: Duration = Duration::from_secs(4);
const IDLE_CONNECTIONS_PER_HOST: usize = 1_024;
/// Of a provider's answer no more is read than this, in bytes.
const BODY_LIMIT: usize = 4_096;

/// The shared client.
pub(crate) struct Http {
    client: Client,
    guard: Guard,
}

/// What a provider answered.
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    /// At most the first 4 KiB; less when the rest did not come in time.
    pub(crate) body: Vec<u8>,
    /// `Retry-After` in seconds (RFC 9110, section 10.2.3). The form with a date is not read: it needs two
    /// clocks to agree.
    pub(crate) retry_after_s: Option<i64>,
    pub(crate) headers: HeaderMap,
}

impl Http {
    pub(crate) fn new(authorities: &Authorities, allow_private: bool) -> Result<Self, SettingsError> {
        let guard = Guard { allow_private };
        let client = Client::builder()
            .tls_backend_preconfigured(authorities.http_config()?)
            .dns_resolver(GuardedResolver { guard })
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .referer(false)
            .tcp_nodelay(true)
            .pool_idle_timeout(IDLE_TIMEOUT)
            .pool_max_idle_per_host(IDLE_CONNECTIONS_PER_HOST)
            .user_agent(concat!("Decurion/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|error| SettingsError::HttpClient(root_cause(&error)))?;
        Ok(Self { client, guard })
    }

    /// Reads an address that a contact gives. The text of a refusal repeats neither it nor its credentials.
    pub(crate) fn check(&self, address: &str) -> Result<Url, String> {
        let url = Url::parse(address).map_err(|error| format!("the address is not a URL: {error}"))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err("the address must start with https:// or http://".to_owned());
        }
        self.guard.check_literal(&url).map_err(|refused| refused.to_string())?;
        Ok(url)
    }

    /// Posts a document to the address of a contact, which `adapt` may change. `Err` holds the outcome when no
    /// answer came.
    pub(crate) async fn tell(
        &self,
        address: &str,
        adapt: impl FnOnce(&mut Url),
        document: &impl Serialize,
        deadline: Instant,
    ) -> Result<Reply, Outcome> {
        let mut url = self.check(address).map_err(permanent)?;
        adapt(&mut url);
        let body = serde_json::to_vec(document);
        let body = body.map_err(|_| permanent("the message cannot be written as JSON"))?;
        self.post_json(url, HeaderMap::new(), body, deadline).await
    }

    /// Posts JSON. `Err` holds the outcome when no answer came.
    pub(crate) async fn post_json(
        &self,
        url: Url,
        mut headers: HeaderMap,
        body: Vec<u8>,
        deadline: Instant,
    ) -> Result<Reply, Outcome> {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        talk(self.client.post(url).headers(headers).body(body), deadline).await
    }

    /// Asks as somebody else has written. `Err` holds the outcome when no answer came.
    pub(crate) async fn request(
        &self,
        method: Method,
        url: Url,
        headers: HeaderMap,
        body: Vec<u8>,
        deadline: Instant,
    ) -> Result<Reply, Outcome> {
        talk(self.client.request(method, url).headers(headers).body(body), deadline).await
    }

    /// Posts fields as a form (`application/x-www-form-urlencoded`). `Err` holds the outcome when no answer came.
    pub(crate) async fn post_form(
        &self,
        url: Url,
        headers: HeaderMap,
        fields: &impl Serialize,
        deadline: Instant,
    ) -> Result<Reply, Outcome> {
        talk(self.client.post(url).headers(headers).form(fields), deadline).await
    }
}

/// Sends one request and reads the answer.
///
/// A connection that breaks before the answer is tried once more at once: mostly the provider has just
/// closed a kept connection, and a fallback to another method would wake somebody for nothing.
async fn talk(request: RequestBuilder, deadline: Instant) -> Result<Reply, Outcome> {
    let again = request.try_clone();
    let mut result = timeout_at(deadline, request.send()).await;
    if let (Ok(Err(error)), Some(again)) = (&result, again)
        && broke(error)
    {
        result = timeout_at(deadline, again.send()).await;
    }
    match result {
        Ok(Ok(response)) => Ok(read(response, deadline).await),
        Ok(Err(error)) => Err(judge_error(&error)),
        Err(_) => Err(transient("no answer within the time limit")),
    }
}

impl Reply {
    /// 2xx is delivered; 408, 425, 429 and 5xx may pass; everything else will not. `said` is what to keep of
    /// the body.
    pub(crate) fn judge(&self, said: &str) -> Outcome {
        let status = self.status;
        let answer = format!("{status}: {said}");
        let answer = answer.trim_end_matches([':', ' ']);
        match status.as_u16() {
            200..=299 => delivered(answer),
            300..=399 => permanent(format!("{status}: redirects are not followed")),
            408 | 425 | 429 | 500..=599 => transient_for(answer, self.retry_after_s),
            _ => permanent(answer),
        }
    }

    /// The body as text.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// The status stands whatever becomes of the body, so a body that breaks or dawdles is only cut short.
async fn read(mut response: Response, deadline: Instant) -> Reply {
    let status = response.status();
    let headers = std::mem::take(response.headers_mut());
    let retry_after_s = retry_after_s(&headers);
    let mut body = Vec::new();
    while body.len() < BODY_LIMIT {
        match timeout_at(deadline, response.chunk()).await {
            Ok(Ok(Some(chunk))) => body.extend_from_slice(&chunk[..chunk.len().min(BODY_LIMIT - body.len())]),
            _ => break,
        }
    }
    Reply { status, body, retry_after_s, headers }
}

fn retry_after_s(headers: &HeaderMap) -> Option<i64> {
    whole_seconds(headers.get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?)
}

/// Seconds as providers give them, rounded up: earlier than that is refused again.
pub(crate) fn whole_seconds(seconds: f64) -> Option<i64> {
    /// More than anybody waits for.
    const DAY_S: f64 = 86_400.0;
    #[expect(clippy::cast_possible_truncation, reason = "it is at most a day")]
    (seconds >= 0.0).then(|| seconds.ceil().min(DAY_S) as i64)
}

fn broke(error: &reqwest::Error) -> bool {
    error.is_request() && !error.is_connect() && !error.is_timeout()
}

fn judge_error(error: &reqwest::Error) -> Outcome {
    if let Some(refused) = refusal(error) {
        return permanent(refused.to_string());
    }
    let cause = root_cause(error);
    if error.is_builder() {
        permanent(format!("the request cannot be built: {cause}"))
    } else if error.is_connect() {
        transient(format!("could not connect: {cause}"))
    } else {
        transient(format!("the connection broke: {cause}"))
    }
}

/// What lies behind the error, outermost first. The error itself is left out, as it shows the URL.
fn sources(error: &reqwest::Error) -> impl Iterator<Item = &(dyn Error + 'static)> {
    std::iter::successors(error.source(), |&cause| cause.source())
}

fn refusal(error: &reqwest::Error) -> Option<&Refused> {
    sources(error).find_map(|cause| cause.downcast_ref())
}

fn root_cause(error: &reqwest::Error) -> String {
    sources(error).last().map_or_else(|| "no reason was given".to_owned(), ToString::to_string)
}
