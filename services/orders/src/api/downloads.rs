//! Downloads of what was bought.

use std::sync::Arc;

use axum::{
    Json,
    body::Body as HttpBody,
    extract::State,
    http::{HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use contracts::{client::segment, orders::OrderDownloads};
use kernel::{Error, Kind, OrderId};
use souk_http::{Answer, AskedPart, Failure, MaybeAuth, Part, Path, Policy, Routes, get};

use super::App;
use crate::{
    Orders,
    access::OrderToken,
    ops::{self, downloads::Asked},
};

/// Handed out as bytes, whatever it is.
const BYTES: &str = "application/octet-stream";

pub fn routes() -> Routes<Arc<Orders>> {
    Routes::new("orders")
        .add(
            get("/api/v1/orders/{id}/downloads", list)
                .policy(Policy::Public)
                .doc(
                    "What of an order can be downloaded",
                    "For its account, whoever holds its `Order-Token`, and admins. Nothing before it is paid, and of each vendor \
                     nothing once all of its part was paid back. Each file has a link that expires; asking again gives a new one.",
                )
                .returns::<OrderDownloads>(200),
        )
        .add(
            get("/api/v1/downloads/{token}", file)
                .policy(Policy::Public)
                .doc(
                    "Download what was bought",
                    "By a link of an order's downloads, which works without anything else until it expires: 410 \
                     `download_expired` after that, 410 `downloads_used_up` once the line was downloaded as often as it may be. \
                     What broke off is gone on with by `Range`, which is not counted again behind the first byte.",
                )
                .may_be_gone()
                .in_parts(BYTES)
                .returns_media(200, BYTES),
        )
}

async fn list(
    State(app): App,
    MaybeAuth(who): MaybeAuth,
    token: OrderToken,
    Path(id): Path<OrderId>,
) -> Answer<Json<OrderDownloads>> {
    app.admit(id, who.as_deref(), &token).await?;
    Ok(Json(ops::downloads::list(&app, id).await?))
}

async fn file(State(app): App, method: Method, part: AskedPart, Path(token): Path<String>) -> Answer<Response> {
    let asked = Asked { part, head_only: method == Method::HEAD };
    let opened = match ops::downloads::open(&app, &token, asked).await {
        Ok(opened) => opened,
        Err(error) => return refused(error),
    };
    // For readers of long ago a name of letters, for all others the real one.
    let plain: String =
        opened.name.chars().map(|c| if c.is_ascii_alphanumeric() || ".-_".contains(c) { c } else { '_' }).collect();
    let name = format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{}", segment(&opened.name));
    let headers = [
        // Never shown as a page of ours, whatever is in it.
        (header::CONTENT_TYPE, HeaderValue::from_static(BYTES)),
        (header::CONTENT_DISPOSITION, HeaderValue::try_from(name).map_err(Error::internal)?),
        (header::CONTENT_LENGTH, HeaderValue::from(opened.part.map_or(opened.bytes, Part::bytes))),
        (header::ACCEPT_RANGES, HeaderValue::from_static("bytes")),
        (header::ETAG, opened.etag),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
    ];
    let mut response = (headers, HttpBody::from_stream(opened.content)).into_response();
    if let Some(part) = opened.part {
        *response.status_mut() = StatusCode::PARTIAL_CONTENT;
        response.headers_mut().insert(header::CONTENT_RANGE, part.content_range(opened.bytes)?);
    }
    Ok(response)
}

/// Whoever asks for what lies behind the end is told where that is.
fn refused(error: Error) -> Answer<Response> {
    let bytes = error.extra().filter(|_| error.is(Kind::OutOfRange)).and_then(|extra| extra["bytes"].as_u64());
    let Some(bytes) = bytes else { return Err(error.into()) };
    let mut response = Failure(error).into_response();
    let size = HeaderValue::try_from(format!("bytes */{bytes}")).map_err(Error::internal)?;
    response.headers_mut().insert(header::CONTENT_RANGE, size);
    Ok(response)
}
