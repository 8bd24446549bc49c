//! Requests as somebody, and answers that can be asserted on.

use axum::{Router, body::Body};
use bytes::Bytes;
use http::{HeaderMap, Method, Request, StatusCode, header};
use kernel::Identity;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use tower::ServiceExt;

/// Makes requests as somebody, with headers that go along.
#[derive(Clone)]
pub struct As {
    pub(crate) router: Router,
    pub(crate) identity: Option<Identity>,
    pub(crate) headers: Vec<(String, String)>,
}

impl As {
    /// The same person with one more header.
    #[must_use]
    pub fn header(&self, name: &str, value: impl Into<String>) -> Self {
        let mut with = self.clone();
        with.headers.push((name.to_owned(), value.into()));
        with
    }
    /// The same with an `Idempotency-Key`.
    #[must_use]
    pub fn key(&self, key: &str) -> Self {
        self.header("idempotency-key", key)
    }
    /// GET
    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None, Bytes::new()).await
    }
    /// POST with JSON
    pub async fn post(&self, path: &str, body: &impl Serialize) -> Answer {
        self.json(Method::POST, path, body).await
    }
    /// PUT with JSON
    pub async fn put(&self, path: &str, body: &impl Serialize) -> Answer {
        self.json(Method::PUT, path, body).await
    }
    /// DELETE
    pub async fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path, None, Bytes::new()).await
    }
    async fn json(&self, method: Method, path: &str, body: &impl Serialize) -> Answer {
        let body = serde_json::to_vec(body).expect("test bodies are JSON");
        self.send(method, path, Some("application/json"), body.into()).await
    }
    /// Anything.
    pub async fn send(&self, method: Method, path: &str, content_type: Option<&str>, body: Bytes) -> Answer {
        let mut request = Request::builder().method(method.clone()).uri(path);
        if let Some(content_type) = content_type {
            request = request.header(header::CONTENT_TYPE, content_type);
        }
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let mut request = request.body(Body::from(body)).expect("test requests are well-formed");
        if let Some(identity) = &self.identity {
            request.extensions_mut().insert(identity.clone());
        }
        let response = self.router.clone().oneshot(request).await.expect("routers do not fail");
        let (parts, body) = response.into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await.expect("bodies in memory can be read");
        Answer { what: format!("{method} {path}"), status: parts.status, headers: parts.headers, body }
    }
}

/// An answer.
#[derive(Debug, Clone)]
pub struct Answer {
    what: String,
    /// Status.
    pub status: StatusCode,
    /// Headers.
    pub headers: HeaderMap,
    /// Body.
    pub body: Bytes,
}

impl Answer {
    /// Fails the test unless the status is this one; shows the body if so.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}: {}", self.what, self.text());
        self
    }
    /// Fails the test unless it is a problem with this status and code.
    #[track_caller]
    pub fn expect_problem(self, status: u16, code: &str) -> Value {
        let answer = self.expect(status);
        assert_eq!(
            answer.headers.get(header::CONTENT_TYPE).map(|v| v.as_bytes()),
            Some(&b"application/problem+json"[..]),
            "{}",
            answer.what
        );
        let problem: Value = answer.json();
        assert_eq!(problem["code"], code, "{}: {problem}", answer.what);
        problem
    }
    /// Fails the test unless it is a 422 that names this field.
    #[track_caller]
    pub fn expect_invalid(self, field: &str) -> Value {
        let what = self.what.clone();
        let problem = self.expect_problem(422, "invalid_input");
        let named = problem["errors"].as_array().is_some_and(|all| all.iter().any(|e| e["field"] == field));
        assert!(named, "{what}: no error for {field:?} in {problem}");
        problem
    }
    /// The body as `T`.
    #[track_caller]
    pub fn json<T: DeserializeOwned>(&self) -> T {
        serde_json::from_slice(&self.body).unwrap_or_else(|e| panic!("{}: {e}: {}", self.what, self.text()))
    }
    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
    /// A header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|v| v.to_str().ok())
    }
}
