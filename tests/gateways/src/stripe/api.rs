//! The merchant's side over HTTP: who asks, under which key, and on what kind of day.

use axum::{
    Router,
    body::to_bytes,
    extract::{Request, State},
    response::{IntoResponse, Response},
};
use http::{HeaderMap, Method, StatusCode, header};

use super::{
    FakeStripe, Kept,
    calls::{Answer, Call, Form},
    connect, page,
};
use crate::Fault;

/// Largest body of a call.
const BODY_MAX: usize = 64 * 1024;

impl FakeStripe {
    /// The API under `/v1`, and the hosted pages.
    pub fn router(&self) -> Router {
        page::routes().merge(connect::routes()).fallback(call).with_state(self.clone())
    }

    /// What strikes this call.
    fn fate(&self, changes_something: bool) -> Option<Fault> {
        let planned = self.state().next_faults.pop_front();
        let by_chance = || self.inner.config.faults.strike(|rate| self.strikes(rate));
        planned.or_else(|| changes_something.then(by_chance).flatten())
    }

    /// Does it, unless the same was done under the same key before.
    fn once(&self, call: &Call, key: Option<&str>, body: &[u8]) -> (Answer, bool) {
        let mut state = self.state();
        let what = format!("{} {}", call.method, call.path);
        if let Some(kept) = key.and_then(|key| state.keys.get(key)) {
            if kept.call == what && kept.body == body {
                return (kept.answer.clone(), true);
            }
            let message =
                "Keys for idempotent requests can only be used with the same parameters they were first used with.";
            return (Answer::refused(400, "idempotency_error", "", message), false);
        }
        let answer = state.answer(call, self.now(), &self.inner.config.base_url);
        // What is wrong with the parameters is not kept.
        if let Some(key) = key.filter(|_| answer.begun) {
            state.keys.insert(key.to_owned(), Kept { call: what, body: body.to_vec(), answer: answer.clone() });
        }
        (answer, false)
    }
}

async fn call(State(fake): State<FakeStripe>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, BODY_MAX).await else { return StatusCode::BAD_REQUEST.into_response() };
    let path = parts.uri.path().trim_end_matches('/').to_owned();
    fake.state().calls.push(format!("{} {path}", parts.method));
    if !is_merchant(&fake, &parts.headers) {
        return respond(&Answer::refused(401, "invalid_request_error", "", "Invalid API Key provided."), false);
    }
    let changes = parts.method == Method::POST;
    let fate = fake.fate(changes);
    match fate {
        Some(Fault::Broken) => {
            return respond(&Answer::refused(500, "api_error", "", "Something is wrong on our side."), false);
        }
        Some(Fault::Busy) => {
            return respond(&Answer::refused(429, "invalid_request_error", "rate_limit", "Too many."), false);
        }
        Some(Fault::Hang) => {
            tokio::time::sleep(fake.inner.config.hold).await;
            return StatusCode::GATEWAY_TIMEOUT.into_response();
        }
        Some(Fault::Silent) | None => {}
    }
    let query = parts.uri.query().unwrap_or_default().as_bytes().to_vec();
    let form: Form = serde_urlencoded::from_bytes(if changes { &body } else { &query }).unwrap_or_default();
    let call = Call { method: parts.method, path, form };
    let key = parts.headers.get("idempotency-key").and_then(|key| key.to_str().ok());
    let (answer, replayed) = fake.once(&call, key, &body);
    fake.tell();
    if fate == Some(Fault::Silent) || (answer.held && !replayed) {
        tokio::time::sleep(fake.inner.config.hold).await;
    }
    respond(&answer, replayed)
}

fn is_merchant(fake: &FakeStripe, headers: &HeaderMap) -> bool {
    let wanted = format!("Bearer {}", fake.inner.config.secret_key.expose());
    headers.get(header::AUTHORIZATION).is_some_and(|value| value.as_bytes() == wanted.as_bytes())
}

fn respond(answer: &Answer, replayed: bool) -> Response {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = (status, axum::Json(&answer.body)).into_response();
    if replayed {
        response.headers_mut().insert("idempotent-replayed", http::HeaderValue::from_static("true"));
    }
    response
}
