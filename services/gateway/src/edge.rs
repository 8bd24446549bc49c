//! What every request passes.

use std::{
    any::Any,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    pin::pin,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicU64, Ordering},
    },
    task::Poll,
};

use axum::{
    extract::{ConnectInfo, Request},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use kernel::{Error, Identity, Ids, Kind};
use souk_http::{Failure, Verifier};

use crate::{
    Given, Settings,
    bounds::Allowed,
    forward::{Client, too_large},
    headers::{client_of, harden, strip_identity},
    leftover,
    limits::{Allowance, Limits},
    within::Within,
};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The most headers an answer is given here: room for them is made once.
const HEADERS_ADDED: usize = 10;

/// How often clients that went away are forgotten: every so many requests.
const FORGET_EVERY: u64 = 65_536;

/// The edge's limits and settings.
pub struct Edge {
    limits: Limits,
    verifier: Arc<Verifier>,
    allowed: Allowed,
    trusted: Vec<IpAddr>,
    https: bool,
    ids: Ids,
    passed: AtomicU64,
}

impl Edge {
    pub(crate) fn new(settings: &Settings, given: Given) -> Self {
        Self {
            limits: Limits::new(settings, given.buckets),
            verifier: given.verifier,
            allowed: Allowed::new(settings),
            trusted: settings.trusted_proxies.clone(),
            https: settings.https,
            ids: given.ids,
            passed: AtomicU64::new(0),
        }
    }

    fn tidy(&self) {
        if self.passed.fetch_add(1, Ordering::Relaxed) % FORGET_EVERY == FORGET_EVERY - 1 {
            self.limits.forget_idle();
        }
    }

    fn too_large(&self, request: &Request) -> bool {
        let length = request.headers().get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse::<u64>().ok());
        length.is_some_and(|n| n > self.allowed.to(request).body)
    }
}

/// Guessing passwords and codes, and flooding mailboxes, is what these are limited for.
fn is_sensitive(request: &Request) -> bool {
    request.method() == Method::POST
        && matches!(
            request.uri().path(),
            "/api/v1/sessions"
                | "/api/v1/accounts"
                | "/api/v1/password-resets"
                | "/api/v1/setup"
                | "/api/v1/credits/check"
                | "/api/v1/credits/cover"
                | "/login"
                | "/register"
                | "/forgot"
        )
}

/// The way in and the way out.
pub(crate) async fn pass(edge: Arc<Edge>, within: impl Within, mut request: Request) -> Response {
    edge.tidy();
    // Taken out: further in it counts who the client is, and one entry less is one growth of the map less.
    let peer = request
        .extensions_mut()
        .remove::<ConnectInfo<SocketAddr>>()
        .map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |info| info.0.ip());
    let client = client_of(peer, request.headers(), &edge.trusted);
    strip_identity(request.headers_mut());
    request.extensions_mut().insert(Client(client));
    let mut text = [0; uuid::fmt::Simple::LENGTH];
    let id = edge.ids.uuid().simple().encode_lower(&mut text);
    let id = HeaderValue::from_str(id).unwrap_or_else(|_| HeaderValue::from_static("none"));
    request.headers_mut().insert(REQUEST_ID, id.clone());
    // A token that does not count is refused further in; one that does is not looked at again.
    let person = edge.verifier.bearer(request.headers()).and_then(Result::ok);
    if let Some(person) = &person {
        request.extensions_mut().insert(Identity::User(person.clone()));
    }
    let is_sensitive = is_sensitive(&request);
    let allowance = edge.limits.take(client, is_sensitive, person.as_deref()).await;

    let mut response = match allowance {
        Some(a) if a.exceeded => refuse_flood(a),
        _ if edge.too_large(&request) => Failure(too_large()).into_response(),
        _ => answer(&edge, request, within).await,
    };

    let headers = response.headers_mut();
    headers.reserve(HEADERS_ADDED);
    if let Some(a) = allowance {
        say_allowance(headers, a);
    }
    harden(headers, edge.https);
    headers.remove(runtime::calls::DRAINING);
    headers.insert(REQUEST_ID, id);
    response
}

async fn answer(edge: &Edge, request: Request, within: impl Within) -> Response {
    if is_live_stream(request.headers()) {
        return Box::pin(leftover::read(within, request)).await;
    }
    let (uri, timeout) = (request.uri().clone(), edge.allowed.to(&request).timeout);
    let mut answering = pin!(count(within, request));
    // What is ready at once needs no timer.
    if let Poll::Ready(response) = futures::poll!(answering.as_mut()) {
        return response;
    }
    match tokio::time::timeout(timeout, answering).await {
        Ok(response) => response,
        Err(_) => {
            tracing::warn!(path = shape_of(uri.path()), "request given up");
            Failure(Error::unavailable("This took too long and was given up.")).into_response()
        }
    }
}

/// A live stream outlasts any limit; it sees to its own end.
pub(crate) fn is_live_stream(headers: &HeaderMap) -> bool {
    headers.get(header::ACCEPT).is_some_and(|v| v.as_bytes().starts_with(b"text/event-stream"))
}

/// A path without what may be a secret in it: words stay.
fn shape_of(path: &str) -> String {
    let is_word =
        |part: &str| part.len() <= 20 && part.bytes().all(|b| b.is_ascii_lowercase() || b == b'-' || b == b'.');
    let shown = |part| if is_word(part) || part == "v1" { part } else { "…" };
    path.split('/').map(shown).collect::<Vec<_>>().join("/")
}

/// Passes a request on, and counts answers by the class of their status.
pub(crate) async fn count(within: impl Within, request: Request) -> Response {
    // Looked up at the first answer: by then metrics are set going, and a look-up by name for every
    // request would cost more than all else here.
    static ANSWERED: OnceLock<[metrics::Counter; 6]> = OnceLock::new();
    let response = leftover::read(within, request).await;
    let answered = ANSWERED.get_or_init(|| {
        ["0xx", "1xx", "2xx", "3xx", "4xx", "5xx"]
            .map(|class| metrics::counter!("souk_http_requests_total", "status" => class))
    });
    if let Some(counter) = answered.get(usize::from(response.status().as_u16() / 100)) {
        counter.increment(1);
    }
    response
}

fn refuse_flood(allowance: Allowance) -> Response {
    metrics::counter!("souk_http_rate_limited_total").increment(1);
    let error = Error::new(Kind::RateLimited, "rate_limited", "Too many requests. Wait a little, then go on.");
    Failure(error.retry_after_s(allowance.reset_s)).into_response()
}

/// `RateLimit-*` as most APIs spell it.
fn say_allowance(headers: &mut HeaderMap, allowance: Allowance) {
    const LIMIT: HeaderName = HeaderName::from_static("ratelimit-limit");
    const REMAINING: HeaderName = HeaderName::from_static("ratelimit-remaining");
    const RESET: HeaderName = HeaderName::from_static("ratelimit-reset");
    headers.insert(LIMIT, HeaderValue::from(allowance.limit));
    headers.insert(REMAINING, HeaderValue::from(allowance.remaining));
    headers.insert(RESET, HeaderValue::from(allowance.reset_s));
}

/// What no route answers.
pub(crate) async fn no_such_page() -> Response {
    Failure(Error::not_found("page")).into_response()
}

/// A path that exists, with a method it does not take.
pub(crate) async fn method_not_allowed() -> Response {
    let mut response =
        Failure(Error::new(Kind::Malformed, "method_not_allowed", "This address does not take that method."))
            .into_response();
    *response.status_mut() = StatusCode::METHOD_NOT_ALLOWED;
    response
}

/// A handler that panicked has failed one request, not the process.
pub(crate) fn panicked(cause: Box<dyn Any + Send + 'static>) -> Response {
    let cause = cause.downcast_ref::<String>().map(String::as_str).or_else(|| cause.downcast_ref::<&str>().copied());
    metrics::counter!("souk_http_panics_total").increment(1);
    Failure(Error::internal(format!("panic: {}", cause.unwrap_or("unknown")))).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_told_without_what_may_open_something() {
        for (path, shown) in [
            ("/", "/"),
            ("/api/v1/products/oak-table", "/api/v1/products/oak-table"),
            ("/api/v1/orders/0199aa70-1c2d-7000-8000-000000000001/events", "/api/v1/orders/…/events"),
            ("/track/Zm9vYmFyYmF6", "/track/…"),
            ("/reset/abcdefghijklmnopqrstuvwxyz", "/reset/…"),
        ] {
            assert_eq!(shape_of(path), shown);
        }
    }
}
