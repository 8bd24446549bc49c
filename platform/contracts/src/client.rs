//! How one service calls another: a typed client over a [`Transport`] that is either the
//! callee's own router in this process or a connection found through discovery.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use futures::future::BoxFuture;
use kernel::{Error, FieldError, Identity, Kind, Result};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Serialize, de::DeserializeOwned};

/// HTTP method, spelled as the verbs of [`client!`](crate).
#[expect(non_camel_case_types, reason = "reads as the verb in the client tables")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// GET
    get,
    /// POST
    post,
    /// PUT
    put,
    /// PATCH
    patch,
    /// DELETE
    delete,
}

impl Method {
    /// As in HTTP.
    pub fn http(self) -> http::Method {
        match self {
            Self::get => http::Method::GET,
            Self::post => http::Method::POST,
            Self::put => http::Method::PUT,
            Self::patch => http::Method::PATCH,
            Self::delete => http::Method::DELETE,
        }
    }
}

/// A call to be made.
#[derive(Debug, Clone)]
pub struct Call {
    /// Method.
    pub method: Method,
    /// Path with query.
    pub path: String,
    /// On whose behalf.
    pub identity: Identity,
    /// More headers.
    pub headers: Vec<(&'static str, String)>,
    /// Body; JSON unless a `content-type` header says otherwise.
    pub body: Bytes,
    /// When to give up.
    pub timeout: Duration,
}

impl Call {
    /// A call without query and body.
    pub fn new(method: Method, path: String, identity: Identity) -> Self {
        Self { method, path, identity, headers: Vec::new(), body: Bytes::new(), timeout: Duration::from_secs(5) }
    }
    /// Adds a query string.
    pub fn with_query<Q: Serialize>(mut self, query: &Q) -> Result<Self> {
        let text = serde_html_form::to_string(query).map_err(Error::internal)?;
        if !text.is_empty() {
            self.path.push('?');
            self.path.push_str(&text);
        }
        Ok(self)
    }
    /// Adds a JSON body.
    pub fn with_body<B: Serialize>(mut self, body: &B) -> Result<Self> {
        self.body = Bytes::from(serde_json::to_vec(body)?);
        Ok(self)
    }
}

/// The answer to a [`Call`].
#[derive(Debug, Clone)]
pub struct Reply {
    /// Status code.
    pub status: u16,
    /// Headers.
    pub headers: http::HeaderMap,
    /// Body.
    pub body: Bytes,
}

/// Carries calls to one service.
pub trait Transport: Send + Sync {
    /// Makes the call. Errors only where no answer came; an error *answer* is a [`Reply`].
    fn call(&self, call: Call) -> BoxFuture<'_, Result<Reply>>;
}

/// A transport with headers that go along with every call.
#[derive(Clone)]
pub struct Caller {
    transport: Arc<dyn Transport>,
    headers: Vec<(&'static str, String)>,
}

impl Caller {
    /// Calls over `transport`.
    pub fn new(transport: Arc<dyn Transport>) -> Self {
        Self { transport, headers: Vec::new() }
    }
    /// The same with one more header.
    #[must_use]
    pub fn with_header(&self, name: &'static str, value: impl Into<String>) -> Self {
        let mut headers = self.headers.clone();
        headers.push((name, value.into()));
        Self { transport: self.transport.clone(), headers }
    }
    /// Makes a call and returns the answer as it came, error answers included.
    pub async fn raw(&self, mut call: Call) -> Result<Reply> {
        call.headers.extend(self.headers.iter().cloned());
        sendable(&call)?;
        self.transport.call(call).await
    }
    /// Makes a call; an error answer becomes the [`Error`] that the callee had.
    pub async fn send<T: DeserializeOwned>(&self, call: Call) -> Result<T> {
        let path = call.path.clone();
        let reply = self.raw(call).await?;
        if reply.status >= 400 {
            return Err(error_of(&reply));
        }
        let body: &[u8] = if reply.body.is_empty() { b"null" } else { &reply.body };
        serde_json::from_slice(body).map_err(|e| Error::internal(format!("answer of {path}: {e}")))
    }
}

/// A typed client of one service.
pub trait ServiceClient: From<Caller> {
    /// The service that answers.
    const SERVICE: &'static str;
}

/// RFC 9457 problem document, as `souk-http` writes it.
#[derive(Debug, Default, Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct Problem {
    /// Names the kind of problem: `/problems/{code}`.
    #[serde(rename = "type", default)]
    pub kind: String,
    /// Short title of the status.
    #[serde(default)]
    pub title: String,
    /// HTTP status.
    #[serde(default)]
    pub status: u16,
    /// Stable machine-readable code.
    #[serde(default)]
    pub code: String,
    /// Sentence for a person.
    #[serde(default)]
    pub detail: String,
    /// What is wrong per field.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
    /// Id of the request, to quote when asking for help.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// More, depending on the code (e.g. the new `quote`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extra: Option<serde_json::Value>,
}

/// The error behind an error answer.
pub fn error_of(reply: &Reply) -> Error {
    let kind = match reply.status {
        400 => Kind::Malformed,
        401 => Kind::Unauthenticated,
        403 => Kind::Forbidden,
        404 => Kind::NotFound,
        409 => Kind::Conflict,
        410 => Kind::Gone,
        412 | 428 => Kind::Stale,
        413 => Kind::TooLarge,
        415 => Kind::UnsupportedMedia,
        416 => Kind::OutOfRange,
        422 => Kind::Invalid,
        429 => Kind::RateLimited,
        502..=504 => Kind::Unavailable,
        _ => Kind::Internal,
    };
    match serde_json::from_slice::<Problem>(&reply.body) {
        Ok(problem) if !problem.code.is_empty() => {
            let error = Error::new(kind, problem.code, problem.detail).with_fields(problem.errors);
            match problem.extra {
                Some(extra) => error.with_extra(extra),
                None => error,
            }
        }
        _ => Error::new(kind, "upstream", format!("The service answered {}.", reply.status)),
    }
}

/// The longest path with its query: no more fits into an address.
const PATH_MAX: usize = 60_000;
/// The longest value of a header.
const HEADER_MAX: usize = 8_000;

/// Refuses what cannot be sent. Keys, versions and names come from forms: whoever made them up is told so, and it is
/// no failure of ours.
fn sendable(call: &Call) -> Result<()> {
    if call.path.len() > PATH_MAX {
        return Err(Error::malformed("That is longer than an address may be."));
    }
    let fits = |value: &str| {
        value.len() <= HEADER_MAX && value.bytes().all(|b| matches!(b, b' ' | b'\t') || b.is_ascii_graphic())
    };
    match call.headers.iter().find(|(_, value)| !fits(value)) {
        Some((name, _)) => Err(Error::malformed(format!("“{name}” is too long or has characters it may not have."))),
        None => Ok(()),
    }
}

/// What must be escaped in a path segment.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// A path segment, escaped.
pub fn segment(value: &impl std::fmt::Display) -> String {
    utf8_percent_encode(&value.to_string(), SEGMENT).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_sent_is_refused_before_it_is_tried() {
        let call = |path: &str, value: &str| {
            let mut call = Call::new(Method::get, path.to_owned(), Identity::Anonymous);
            call.headers.push(("idempotency-key", value.to_owned()));
            sendable(&call).map_err(|error| error.kind())
        };
        assert_eq!(call("/api/v1/x", "\"a key\""), Ok(()));
        for value in ["a\nb", "käse", "a\0b", &"x".repeat(HEADER_MAX + 1)] {
            assert_eq!(call("/api/v1/x", value), Err(Kind::Malformed), "{value}");
        }
        assert_eq!(call(&format!("/{}", "x".repeat(PATH_MAX)), "key"), Err(Kind::Malformed));
    }
}
