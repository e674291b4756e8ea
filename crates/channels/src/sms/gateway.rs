//! Any gateway that takes a text in one HTTP request, as the operator describes it.

use decurion_core::notify::{Message, Outcome};
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Method, Url};
use tokio::time::Instant;

use super::template::{Shape, Values, fill};
use crate::answer::permanent;
use crate::http::Http;
use crate::settings::{GatewaySettings, SettingsError};

/// One gateway.
pub(super) struct Gateway {
    url: String,
    host: String,
    method: Method,
    headers: HeaderMap,
    body: Option<String>,
    shape: Shape,
    accepted: Option<String>,
}

impl Gateway {
    pub(super) fn new(settings: &GatewaySettings) -> Result<Self, SettingsError> {
        let unusable = |reason: String| SettingsError::SmsGateway(reason);
        let sample = fill(&settings.url, &Values { to: "+0", text: "", id: "" }, Shape::Form);
        let url = Url::parse(&sample).map_err(|error| unusable(format!("url is not a URL: {error}")))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(unusable("url must start with https:// or http://".to_owned()));
        }
        let method = method(&settings.method).map_err(unusable)?;
        let headers = headers(settings).map_err(unusable)?;
        let whole = format!("{}{}", settings.url, settings.body.as_deref().unwrap_or_default());
        if !whole.contains("{text}") || !(whole.contains("{to}") || whole.contains("{number}")) {
            return Err(unusable("neither url nor body says where {to} and {text} stand".to_owned()));
        }
        let content_type =
            headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        Ok(Self {
            url: settings.url.clone(),
            host: url.host_str().unwrap_or_default().to_owned(),
            method,
            shape: Shape::of(content_type),
            headers,
            body: settings.body.clone(),
            accepted: settings.accepted.clone(),
        })
    }

    /// By its server, which the ledger shows.
    pub(super) fn name(&self) -> String {
        self.host.clone()
    }

    pub(super) async fn send(
        &self,
        http: &Http,
        message: &Message,
        text: &str,
        deadline: Instant,
    ) -> Outcome {
        let values = Values { to: &message.address, text, id: message.notification.as_str() };
        let url = match http.check(&fill(&self.url, &values, Shape::Form)) {
            Ok(url) => url,
            Err(reason) => return permanent(reason),
        };
        let body = self.body.as_deref().map(|body| fill(body, &values, self.shape)).unwrap_or_default();
        let reply =
            http.request(self.method.clone(), url, self.headers.clone(), body.into_bytes(), deadline).await;
        let reply = match reply {
            Ok(reply) => reply,
            Err(outcome) => return outcome,
        };
        let said = reply.text();
        let refused = self.accepted.as_ref().is_some_and(|accepted| !said.contains(accepted));
        if reply.status.is_success() && refused {
            return permanent(format!("{}: refused: {said}", reply.status));
        }
        reply.judge(&said)
    }
}

fn method(name: &str) -> Result<Method, String> {
    match name {
        "GET" => Ok(Method::GET),
        "POST" => Ok(Method::POST),
        "PUT" => Ok(Method::PUT),
        _ => Err(format!("method is GET, POST or PUT, not `{name}`")),
    }
}

/// The headers of the settings. A body without a type is a form.
fn headers(settings: &GatewaySettings) -> Result<HeaderMap, String> {
    let mut headers = HeaderMap::new();
    if settings.body.is_some() {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"));
    }
    for (name, value) in &settings.headers {
        let wrong = || format!("headers: `{name}` is not a header, or its value is not one for it");
        let value = HeaderValue::from_str(value).map_err(|_| wrong())?;
        headers.insert(HeaderName::try_from(name.as_str()).map_err(|_| wrong())?, value);
    }
    Ok(headers)
}
