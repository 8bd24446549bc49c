//! Pictures that come in and go out: what one shows, and the answer that serves its file.

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, HeaderValue, header, request::Parts},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use kernel::{Error, Result};
use percent_encoding::percent_decode_str;
use schemars::SchemaGenerator;
use serde_json::json;

use crate::{
    answer::{Failure, not_modified},
    describe::{Describe, Inputs},
};

/// `Alt`: what a picture shows, percent-encoded UTF-8, at most 200 characters.
pub struct Alt(pub String);

impl<S: Send + Sync> FromRequestParts<S> for Alt {
    type Rejection = Failure;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        let Some(value) = parts.headers.get("alt") else { return Ok(Self(String::new())) };
        let bad = || Error::invalid("Alt", "Describe the picture in at most 200 characters, percent-encoded.");
        let text = percent_decode_str(value.to_str().map_err(|_| bad())?).decode_utf8().map_err(|_| bad())?;
        let text = text.trim();
        if text.chars().count() > 200 || text.chars().any(char::is_control) {
            return Err(Failure(bad()));
        }
        if kernel::cards::card_like(text) {
            return Err(Failure(Error::invalid("Alt", crate::cards::REASON)));
        }
        Ok(Self(text.to_owned()))
    }
}

impl Describe for Alt {
    fn describe(inputs: &mut Inputs, _: &mut SchemaGenerator) {
        inputs.parameters.push(json!({
            "name": "Alt", "in": "header", "required": false,
            "description": "What the picture shows, percent-encoded UTF-8.",
            "schema": {"type": "string", "maxLength": 1800, "pattern": "^[ -~]*$"},
        }));
    }
}

/// The JPEG called `name`, whose content never changes: 304 if the caller has it. `cache` says how long it may
/// be kept.
pub fn jpeg(asked: &HeaderMap, name: &str, content: Bytes, cache: &'static str) -> Result<Response> {
    // Names of files are plain ASCII.
    let etag = HeaderValue::from_str(&format!("\"{name}\"")).map_err(Error::internal)?;
    if let Some(unchanged) = not_modified(asked, &etag) {
        return Ok(unchanged);
    }
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("image/jpeg")),
        (header::CACHE_CONTROL, HeaderValue::from_static(cache)),
        (header::ETAG, etag),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox")),
    ];
    Ok((headers, content).into_response())
}
