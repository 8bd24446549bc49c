//! A small HTTP client: says what was answered, or that no answer came.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, header};
use http_body_util::{BodyExt, Full};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use serde_json::Value;

/// How long an answer may take: longer than the longest `Prefer: wait`.
const PATIENCE: Duration = Duration::from_secs(40);

/// A client of one server.
#[derive(Clone)]
pub struct Http {
    base: String,
    client: Client<HttpConnector, Full<Bytes>>,
}

/// An answer.
#[derive(Debug, Clone)]
pub struct Reply {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Bytes,
}

/// A call that is being put together.
#[must_use]
#[derive(Clone)]
pub struct Call<'a> {
    http: &'a Http,
    method: Method,
    path: String,
    headers: HeaderMap,
    body: Bytes,
}

impl Http {
    pub fn new(base: impl Into<String>) -> Self {
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        Self { base: base.into(), client: Client::builder(TokioExecutor::new()).build(connector) }
    }
    pub fn base(&self) -> &str {
        &self.base
    }
    pub fn call(&self, method: Method, path: impl Into<String>) -> Call<'_> {
        Call { http: self, method, path: path.into(), headers: HeaderMap::new(), body: Bytes::new() }
    }
    pub fn get(&self, path: impl Into<String>) -> Call<'_> {
        self.call(Method::GET, path)
    }
    pub fn post(&self, path: impl Into<String>, body: &Value) -> Call<'_> {
        self.call(Method::POST, path).json(body)
    }
}

impl Call<'_> {
    pub fn path(&self) -> &str {
        &self.path
    }
    pub fn header(mut self, name: &'static str, value: &str) -> Self {
        let value = HeaderValue::from_bytes(value.as_bytes()).expect("a header's value");
        self.headers.insert(HeaderName::from_static(name), value);
        self
    }
    pub fn bearer(self, token: &str) -> Self {
        self.header("authorization", &format!("Bearer {token}"))
    }
    pub fn key(self, key: &str) -> Self {
        self.header("idempotency-key", key)
    }
    pub fn json(self, body: &Value) -> Self {
        self.raw("application/json", body.to_string())
    }
    pub fn raw(mut self, media: &str, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        self.header("content-type", media)
    }
    pub fn without_type(mut self) -> Self {
        self.headers.remove(header::CONTENT_TYPE);
        self
    }

    /// The answer, or why none came.
    pub async fn send(self) -> Result<Reply, String> {
        let uri = format!("{}{}", self.http.base, self.path);
        let mut request = Request::builder().method(self.method).uri(uri).body(Full::new(self.body)).map_err(text)?;
        request.headers_mut().extend(self.headers);
        let answer = async {
            let response = self.http.client.request(request).await.map_err(text)?;
            let (parts, body) = response.into_parts();
            let body = body.collect().await.map_err(text)?.to_bytes();
            Ok(Reply { status: parts.status.as_u16(), headers: parts.headers, body })
        };
        tokio::time::timeout(PATIENCE, answer).await.map_err(text)?
    }

    /// The answer, which has to come.
    pub async fn reply(self) -> Reply {
        let (method, path) = (self.method.clone(), self.path.clone());
        self.send().await.unwrap_or_else(|cause| panic!("{method} {path}: no answer ({cause})"))
    }

    /// The document of an answer, which has to be a success.
    pub async fn ok(self) -> Value {
        let (method, path) = (self.method.clone(), self.path.clone());
        let reply = self.reply().await;
        assert!((200..300).contains(&reply.status), "{method} {path}: {reply}");
        reply.json()
    }
}

fn text(cause: impl std::fmt::Display) -> String {
    cause.to_string()
}

impl Reply {
    /// The body as a document; `null` if there is none.
    pub fn json(&self) -> Value {
        if self.body.is_empty() {
            return Value::Null;
        }
        serde_json::from_slice(&self.body).unwrap_or_else(|cause| panic!("not a document ({cause}): {self}"))
    }
    /// Machine-readable code of a refusal.
    pub fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or_default().to_owned()
    }
    pub fn is_problem(&self) -> bool {
        self.headers.get(header::CONTENT_TYPE).is_some_and(|v| v.as_bytes().starts_with(b"application/problem+json"))
    }
}

impl std::fmt::Display for Reply {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let body: String = String::from_utf8_lossy(&self.body).chars().take(600).collect();
        write!(f, "{} {body}", self.status)
    }
}
