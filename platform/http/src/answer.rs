//! Answers: errors become RFC 9457 problem documents, here and nowhere else.

use axum::{
    Json,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use contracts::client::Problem;
use kernel::{Error, Kind};
use serde::Serialize;

/// What a handler returns: an answer, or an error that any service error converts into.
pub type Answer<T> = Result<T, Failure>;

/// An error on its way out.
#[derive(Debug)]
pub struct Failure(pub Error);

impl<E: Into<Error>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

/// Status of an error kind.
pub fn status_of(kind: Kind) -> StatusCode {
    match kind {
        Kind::Malformed => StatusCode::BAD_REQUEST,
        Kind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        Kind::Unauthenticated => StatusCode::UNAUTHORIZED,
        Kind::Forbidden => StatusCode::FORBIDDEN,
        Kind::NotFound => StatusCode::NOT_FOUND,
        Kind::Conflict | Kind::Early => StatusCode::CONFLICT,
        Kind::Gone => StatusCode::GONE,
        Kind::Stale => StatusCode::PRECONDITION_FAILED,
        Kind::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Kind::UnsupportedMedia => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        Kind::OutOfRange => StatusCode::RANGE_NOT_SATISFIABLE,
        Kind::RateLimited => StatusCode::TOO_MANY_REQUESTS,
        Kind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        Kind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// The problem document of an error.
pub fn problem_of(error: &Error) -> Problem {
    let status = status_of(error.kind());
    Problem {
        kind: format!("/problems/{}", error.code()),
        title: status.canonical_reason().unwrap_or("Error").to_owned(),
        status: status.as_u16(),
        code: error.code().to_owned(),
        detail: error.detail().to_owned(),
        errors: error.fields().to_vec(),
        request_id: None,
        extra: error.extra().cloned(),
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let Self(error) = self;
        let status = status_of(error.kind());
        // Causes may repeat what was sent.
        let cause = error.source_text().map(kernel::cards::masked);
        let cause = cause.as_deref();
        match error.kind() {
            Kind::Internal => tracing::error!(code = error.code(), cause, "request failed"),
            Kind::Unavailable => tracing::warn!(code = error.code(), cause, "dependency unavailable"),
            _ => tracing::debug!(code = error.code(), cause, "request refused"),
        }
        let body = serde_json::to_vec(&problem_of(&error)).unwrap_or_default();
        let mut response = (status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(seconds) = error.retry_after() {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

/// A body with its version as `ETag`.
pub struct Versioned<T>(pub i64, pub T);

impl<T: Serialize> IntoResponse for Versioned<T> {
    fn into_response(self) -> Response {
        let mut response = Json(self.1).into_response();
        if let Ok(tag) = HeaderValue::from_str(&format!("\"{}\"", self.0)) {
            response.headers_mut().insert(header::ETAG, tag);
        }
        response
    }
}

/// 201 with a body.
pub fn created<T: Serialize>(body: T) -> (StatusCode, Json<T>) {
    (StatusCode::CREATED, Json(body))
}

/// 204.
pub fn no_content() -> StatusCode {
    StatusCode::NO_CONTENT
}

/// 200 with JSON that is ready as bytes (a cache hit), and its `ETag` if it has one.
pub fn json_bytes(bytes: bytes::Bytes, etag: Option<&HeaderValue>) -> Response {
    let mut response = Response::new(axum::body::Body::from(bytes));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    if let Some(etag) = etag {
        response.headers_mut().insert(header::ETAG, etag.clone());
    }
    response
}

/// 304 if the caller already has what `etag` names.
pub fn not_modified(headers: &HeaderMap, etag: &HeaderValue) -> Option<Response> {
    let known = headers.get(header::IF_NONE_MATCH)?.to_str().ok()?;
    let etag_text = etag.to_str().ok()?;
    let hit = known.split(',').map(str::trim).any(|tag| tag == "*" || tag.trim_start_matches("W/") == etag_text);
    hit.then(|| (StatusCode::NOT_MODIFIED, [(header::ETAG, etag.clone())]).into_response())
}
