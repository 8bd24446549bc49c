//! Extractors that leave nothing unchecked: types, ranges, unknown fields, sizes.

use std::{fmt::Write as _, time::Duration};

use axum::{
    RequestExt,
    body::Bytes,
    extract::{FromRequest, FromRequestParts, MatchedPath, Request},
    http::{HeaderMap, header, request::Parts},
};
use garde::Validate;
use kernel::{Error, FieldError, Identity, Kind, Locale, Result};
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use crate::{answer::Failure, cards, idempotency::IdempotencyKey};

/// A JSON body, read and validated.
pub struct Body<T>(pub T);

/// A JSON body with its mandatory `Idempotency-Key`.
pub struct Idempotent<T> {
    /// Who asked for what under which key.
    pub key: IdempotencyKey,
    /// The body.
    pub value: T,
}

/// The body as it came, up to the limit of the server.
pub struct RawBody(pub Bytes);

/// The body as it comes in. Whoever takes it sees to how long it may be.
pub struct StreamBody(pub axum::body::Body);

/// Path parameters.
pub struct Path<T>(pub T);

/// Query parameters.
pub struct Query<T>(pub T);

/// `If-Match` with the version it names; `None` if it was not sent or is `*`.
pub struct IfMatch(pub Option<i64>);

impl IfMatch {
    /// Fails with 412 if the caller has seen another version than the current one.
    pub fn check(&self, current: i64) -> Result<()> {
        match self.0 {
            Some(seen) if seen != current => Err(Error::new(
                Kind::Stale,
                "stale_version",
                "This was changed in the meantime. Load it again, then repeat your change.",
            )),
            _ => Ok(()),
        }
    }
}

/// `Prefer: wait=N`: how long the caller would like to wait for the settled state (at most 30 s).
pub struct Prefer {
    /// Zero if it was not asked for.
    pub wait: Duration,
}

/// By which conventions the reader wants numbers, from `Accept-Language`.
#[derive(Debug, Clone, Copy)]
pub struct Language(pub Locale);

impl<S: Send + Sync> FromRequestParts<S> for Language {
    type Rejection = std::convert::Infallible;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> std::result::Result<Self, Self::Rejection> {
        let wanted = parts.headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        Ok(Self(Locale::of(wanted.unwrap_or_default())))
    }
}

/// How the client presents itself; for session lists and rate limits, never for authorisation.
pub struct ClientInfo {
    /// `User-Agent`, shortened.
    pub user_agent: String,
}

async fn bytes_of<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes> {
    Bytes::from_request(request.with_limited_body(), state).await.map_err(|rejection| {
        if rejection.status() == axum::http::StatusCode::PAYLOAD_TOO_LARGE {
            Error::new(Kind::TooLarge, "body_too_large", "The body is too large.")
        } else {
            Error::malformed("The body could not be read.").caused_by(rejection)
        }
    })
}

fn require_json(headers: &HeaderMap) -> Result<()> {
    let ok = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).is_some_and(|v| {
        let essence = v.split(';').next().unwrap_or_default().trim();
        essence.eq_ignore_ascii_case("application/json") || essence.to_ascii_lowercase().ends_with("+json")
    });
    if ok {
        Ok(())
    } else {
        Err(Error::new(Kind::UnsupportedMedia, "not_json", "Send “Content-Type: application/json”."))
    }
}

/// Reads and validates JSON; every complaint names its field.
pub fn parse_json<T: DeserializeOwned + Validate<Context = ()>>(bytes: &[u8]) -> Result<T> {
    let bytes = if bytes.is_empty() { b"null" } else { bytes };
    if escapes_nul(bytes) {
        return Err(nul_refused());
    }
    // A list would be read as the fields of a document in the order of their declaration.
    if bytes.trim_ascii_start().starts_with(b"[") {
        return Err(Error::invalid("", "Send a JSON object."));
    }
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value: T = serde_path_to_error::deserialize(&mut reader).map_err(|e| {
        let path = e.path().to_string();
        let inner = e.into_inner();
        if inner.is_syntax() || inner.is_eof() {
            return Error::malformed(format!("The body is not valid JSON: {inner}."));
        }
        let reason = inner.to_string();
        let reason = reason.split(" at line ").next().unwrap_or(&reason).to_owned();
        Error::invalid(if path == "." { String::new() } else { path }, reason)
    })?;
    reader.end().map_err(|_| Error::malformed("There is something behind the JSON document."))?;
    validate(&value)?;
    Ok(value)
}

/// True if a JSON text holds the escape of the NUL character, which PostgreSQL cannot store.
fn escapes_nul(json: &[u8]) -> bool {
    let escape = b"\\u0000";
    json.windows(escape.len()).enumerate().any(|(at, window)| {
        // An even number of backslashes before it makes it an escape; otherwise the first is escaped itself.
        window == escape && json[..at].iter().rev().take_while(|b| **b == b'\\').count() % 2 == 0
    })
}

fn nul_refused() -> Error {
    Error::invalid("", "The NUL character is not allowed in texts.")
}

/// Runs the validation rules of a document.
pub fn validate<T: Validate<Context = ()>>(value: &T) -> Result<()> {
    value.validate().map_err(|report| {
        let fields = report
            .iter()
            .map(|(path, error)| FieldError { field: path.to_string(), reason: sentence(&error.to_string()) });
        Error::invalid_fields(fields.collect())
    })
}

fn sentence(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 1);
    let mut chars = text.chars();
    if let Some(first) = chars.next() {
        out.extend(first.to_uppercase());
    }
    let _ = write!(out, "{}", chars.as_str());
    if !out.ends_with('.') {
        out.push('.');
    }
    out
}

impl<T, S> FromRequest<S> for Body<T>
where
    T: DeserializeOwned + Validate<Context = ()>,
    S: Send + Sync,
{
    type Rejection = Failure;
    async fn from_request(request: Request, state: &S) -> std::result::Result<Self, Failure> {
        let has_type = request.headers().contains_key(header::CONTENT_TYPE);
        let typed = require_json(request.headers());
        let from_outside = cards::from_outside(request.extensions());
        let bytes = bytes_of(request, state).await?;
        // An empty body needs no type: it stands for `null`, which only optional bodies accept.
        if has_type || !bytes.is_empty() {
            typed?;
        }
        if from_outside {
            cards::refuse_in_json(&bytes)?;
        }
        Ok(Self(parse_json(&bytes)?))
    }
}

impl<T, S> FromRequest<S> for Idempotent<T>
where
    T: DeserializeOwned + Validate<Context = ()>,
    S: Send + Sync,
{
    type Rejection = Failure;
    async fn from_request(request: Request, state: &S) -> std::result::Result<Self, Failure> {
        require_json(request.headers())?;
        let key = request.headers().get("idempotency-key").ok_or_else(|| {
            Error::new(Kind::Malformed, "idempotency_key_missing", "Send an “Idempotency-Key” header, e.g. a UUID.")
        })?;
        let key = key.to_str().ok().map(|k| k.trim().trim_matches('"')).filter(|k| (1..=128).contains(&k.len()));
        let key =
            key.ok_or_else(|| Error::malformed("An “Idempotency-Key” has 1 to 128 ASCII characters."))?.to_owned();
        let from_outside = cards::from_outside(request.extensions());
        if from_outside && kernel::cards::card_like(&key) {
            return Err(Failure(Error::malformed("An “Idempotency-Key” must not hold the number of a payment card.")));
        }
        let who = match request.extensions().get::<Identity>() {
            Some(Identity::User(user)) => format!("account:{}", user.account_id),
            Some(Identity::Service(name)) => format!("service:{name}"),
            Some(Identity::Anonymous) | None => "guest".to_owned(),
        };
        let template = request.extensions().get::<MatchedPath>().map_or("", MatchedPath::as_str);
        let route = format!("{} {template}", request.method());
        let path = request.uri().path().to_owned();
        let bytes = bytes_of(request, state).await?;
        if from_outside {
            cards::refuse_in_json(&bytes)?;
        }
        let mut hash = Sha256::new();
        hash.update(path.as_bytes());
        hash.update([0]);
        hash.update(&bytes);
        let fingerprint = base64::Engine::encode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, hash.finalize());
        Ok(Self { key: IdempotencyKey { who, route, key, fingerprint }, value: parse_json(&bytes)? })
    }
}

impl<S: Send + Sync> FromRequest<S> for RawBody {
    type Rejection = Failure;
    async fn from_request(request: Request, state: &S) -> std::result::Result<Self, Failure> {
        Ok(Self(bytes_of(request, state).await?))
    }
}

impl<S: Send + Sync> FromRequest<S> for StreamBody {
    type Rejection = Failure;
    async fn from_request(request: Request, _: &S) -> std::result::Result<Self, Failure> {
        Ok(Self(request.into_body()))
    }
}

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Failure;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> std::result::Result<Self, Failure> {
        match axum::extract::Path::<T>::from_request_parts(parts, state).await {
            // No name of ours holds a NUL character, and PostgreSQL cannot even compare with one.
            Ok(_) if parts.uri.path().contains("%00") => Err(Failure(Error::not_found("page"))),
            Ok(axum::extract::Path(value)) => Ok(Self(value)),
            // An id that cannot be one names nothing.
            Err(rejection) => Err(Failure(Error::not_found("page").caused_by(rejection))),
        }
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Failure;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> std::result::Result<Self, Failure> {
        let query = parts.uri.query().unwrap_or_default();
        if query.contains("%00") {
            return Err(Failure(nul_refused()));
        }
        if cards::from_outside(&parts.extensions) {
            cards::refuse_in_query(query)?;
        }
        let reader = serde_html_form::Deserializer::new(form_pairs(query));
        serde_path_to_error::deserialize(reader).map(Self).map_err(|e| {
            let path = e.path().to_string();
            Failure(Error::invalid(if path == "." { String::new() } else { path }, e.into_inner().to_string()))
        })
    }
}

fn form_pairs(query: &str) -> url::form_urlencoded::Parse<'_> {
    url::form_urlencoded::parse(query.as_bytes())
}

impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Failure;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> std::result::Result<Self, Failure> {
        let Some(value) = parts.headers.get(header::IF_MATCH) else { return Ok(Self(None)) };
        let text = value.to_str().unwrap_or_default().trim();
        if text == "*" {
            return Ok(Self(None));
        }
        let version = text.trim_matches('"').parse();
        version
            .map(|v| Self(Some(v)))
            .map_err(|_| Failure(Error::malformed("“If-Match” takes the value of an “ETag” of this resource.")))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Prefer {
    type Rejection = Failure;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> std::result::Result<Self, Failure> {
        let values = parts.headers.get_all("prefer").iter().filter_map(|v| v.to_str().ok());
        let wait =
            values.flat_map(|v| v.split(',')).find_map(|p| p.trim().strip_prefix("wait=")?.trim().parse::<u64>().ok());
        Ok(Self { wait: Duration::from_secs(wait.unwrap_or(0).min(30)) })
    }
}

impl<S: Send + Sync> FromRequestParts<S> for ClientInfo {
    type Rejection = Failure;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> std::result::Result<Self, Failure> {
        let agent = parts.headers.get(header::USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or("unknown");
        let agent: String = agent.chars().filter(|c| !c.is_control()).take(200).collect();
        Ok(Self { user_agent: kernel::cards::masked(&agent).into_owned() })
    }
}
