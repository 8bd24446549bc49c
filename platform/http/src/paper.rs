//! The answer that serves a paper to be read or printed.

use axum::{
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use kernel::{Error, Result};

/// What papers are, but for labels of carriers that have no other than a picture.
pub const PDF: &str = "application/pdf";

/// The paper called `name` (plain ASCII, ending in `.pdf` or `.png`), which opens in the browser and is kept by nobody on the
/// way.
pub fn paper(name: &str, content: impl Into<Bytes>) -> Result<Response> {
    let media = if name.ends_with(".png") { "image/png" } else { PDF };
    let named = HeaderValue::try_from(format!("inline; filename=\"{name}\"")).map_err(Error::internal)?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(media)),
        (header::CONTENT_DISPOSITION, named),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
    ];
    Ok((headers, content.into()).into_response())
}
