//! One request on its way to an instance, and what can become of it.

use std::{fmt, sync::Arc, time::Duration};

use axum::body::Body;
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, Uri, header, uri::Authority};
use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::{TokioExecutor, TokioTimer},
};
use kernel::{Error, Result};
use tokio::time::Instant;

use super::{
    DEADLINE,
    instance::{Instance, Lease},
};

/// A client that keeps connections open, per instance.
pub(crate) type HttpClient = Client<HttpConnector, Body>;

/// How long a connection may take to come about.
const CONNECT: Duration = Duration::from_secs(1);
/// How long a connection is kept unused. Less than `server.drain_ms`, for which a process that is about to stop
/// still answers: whoever has not heard of it by then makes a new connection, and nobody writes to one that is
/// just being closed.
const IDLE: Duration = Duration::from_millis(1_500);
/// Unused connections kept per instance.
const IDLE_MAX: usize = 64;

/// The client of a process.
pub(crate) fn http_client() -> HttpClient {
    let mut connector = HttpConnector::new();
    connector.set_connect_timeout(Some(CONNECT));
    connector.set_nodelay(true);
    Client::builder(TokioExecutor::new())
        .pool_timer(TokioTimer::new())
        .pool_idle_timeout(IDLE)
        .pool_max_idle_per_host(IDLE_MAX)
        .build(connector)
}

/// True if `path` of the instance is answered with 200 within `wait`.
pub(crate) async fn probe(client: &HttpClient, authority: &Authority, path: &str, wait: Duration) -> bool {
    let Ok(uri) = uri(authority, path) else { return false };
    let Ok(request) = Request::get(uri).body(Body::empty()) else { return false };
    let answer = tokio::time::timeout(wait, client.request(request)).await;
    matches!(answer, Ok(Ok(response)) if response.status() == StatusCode::OK)
}

fn uri(authority: &Authority, path: &str) -> Result<Uri> {
    format!("http://{authority}{path}").parse().map_err(Error::internal)
}

/// What is sent along.
pub enum Payload {
    /// All of it at hand: can be sent again.
    Whole(Bytes),
    /// As it comes in: can be sent once. Taken out when it is.
    Stream(Option<Body>),
}

/// How an answer is read before it counts as one.
#[derive(Debug, Clone, Copy)]
pub enum Reading {
    /// All of it; longer than so many bytes is an error.
    Whole(usize),
    /// All of it if it says that it has at most so many bytes; otherwise as it comes in.
    Short(usize),
}

/// A request to a service; which instance answers is decided when it is sent.
pub struct Outgoing {
    /// Method.
    pub method: Method,
    /// Path with query.
    pub path: String,
    /// Headers.
    pub headers: HeaderMap,
    /// Body.
    pub payload: Payload,
    /// True if a second time does no harm.
    pub repeatable: bool,
    /// Until when an answer is of use; none for a stream that outlasts any limit.
    pub deadline: Option<Instant>,
    /// How the answer is read.
    pub reading: Reading,
}

/// True if the method, or the key that came along, says that a second time does no harm.
pub fn is_repeatable(method: &Method, headers: &HeaderMap) -> bool {
    method.is_idempotent() || headers.contains_key("idempotency-key")
}

impl Outgoing {
    /// True while there is a body to send.
    pub(super) fn can_be_sent(&self) -> bool {
        !matches!(self.payload, Payload::Stream(None))
    }

    /// Time left; `None` if there is no limit.
    pub(super) fn left(&self) -> Option<Duration> {
        self.deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()))
    }

    /// The request for one instance. Takes the body if it cannot be repeated.
    pub(super) fn request(&mut self, authority: &Authority) -> Result<Request<Body>> {
        let body = match &mut self.payload {
            Payload::Whole(bytes) => Body::from(bytes.clone()),
            Payload::Stream(body) => body.take().ok_or_else(|| Error::internal("the body was sent already"))?,
        };
        let mut request = Request::new(body);
        *request.method_mut() = self.method.clone();
        *request.uri_mut() = uri(authority, &self.path)?;
        request.headers_mut().clone_from(&self.headers);
        if let Some(left) = self.left() {
            let ms = u64::try_from(left.as_millis()).unwrap_or(u64::MAX);
            request.headers_mut().insert(DEADLINE, HeaderValue::from(ms));
        }
        Ok(request)
    }
}

/// Reads as much of the answer as it takes to call it one. While the rest comes in, the instance counts
/// as busy.
pub(super) async fn read(
    response: Response<Incoming>,
    reading: Reading,
    instance: &Arc<Instance>,
) -> Result<Response<Body>, Failed> {
    let (parts, body) = response.into_parts();
    let limit = match reading {
        Reading::Whole(limit) => limit,
        Reading::Short(limit) if length(&parts.headers).is_some_and(|n| n <= limit) => limit,
        Reading::Short(_) => {
            let lease = Lease::new(instance.clone());
            let busy = body.map_frame(move |frame| {
                let _until_dropped = &lease;
                frame
            });
            return Ok(Response::from_parts(parts, Body::new(busy)));
        }
    };
    let body = Limited::new(body, limit).collect().await.map_err(|e| {
        if e.is::<http_body_util::LengthLimitError>() {
            Failed::Ours(format!("the answer is longer than {limit} bytes"))
        } else {
            Failed::Broken(e.to_string())
        }
    })?;
    Ok(Response::from_parts(parts, Body::from(body.to_bytes())))
}

fn length(headers: &HeaderMap) -> Option<usize> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// Why an attempt brought no answer, or none that counts.
#[derive(Debug)]
pub(crate) enum Failed {
    /// No connection came about: nothing has happened there.
    NotSent(String),
    /// The connection broke: what has happened is unknown.
    Broken(String),
    /// It accepts connections and says nothing, not even that it lives.
    Silent,
    /// Not in time.
    Late,
    /// It answered that it cannot.
    Answer(Box<Response<Body>>),
    /// Not its fault.
    Ours(String),
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotSent(cause) => write!(f, "no connection: {cause}"),
            Self::Broken(cause) => write!(f, "the connection broke: {cause}"),
            Self::Silent => f.write_str("silent"),
            Self::Late => f.write_str("not in time"),
            Self::Answer(response) => write!(f, "answered {}", response.status()),
            Self::Ours(cause) => f.write_str(cause),
        }
    }
}
