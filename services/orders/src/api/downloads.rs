//! Downloads of what was bought.

use std::sync::Arc;

use axum::{
    Json,
    body::Body as HttpBody,
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use contracts::{client::segment, orders::OrderDownloads};
use kernel::{Error, OrderId};
use souk_http::{Answer, MaybeAuth, Path, Policy, Routes, get};

use super::App;
use crate::{Orders, access::OrderToken, ops};

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
                    "By a link of an order's downloads, which works without anything else until it expires: 404 `link_expired` \
                     after that, 409 `downloads_used_up` once the line was downloaded as often as it may be.",
                )
                .may_conflict()
                .returns_media(200, "application/octet-stream"),
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

async fn file(State(app): App, Path(token): Path<String>) -> Answer<Response> {
    let opened = ops::downloads::open(&app, &token).await?;
    // For readers of long ago a name of letters, for all others the real one.
    let plain: String =
        opened.name.chars().map(|c| if c.is_ascii_alphanumeric() || ".-_".contains(c) { c } else { '_' }).collect();
    let name = format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{}", segment(&opened.name));
    let headers = [
        // Never shown as a page of ours, whatever is in it.
        (header::CONTENT_TYPE, HeaderValue::from_static("application/octet-stream")),
        (header::CONTENT_DISPOSITION, HeaderValue::try_from(name).map_err(Error::internal)?),
        (header::CONTENT_LENGTH, HeaderValue::from(opened.bytes)),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
    ];
    Ok((headers, HttpBody::from_stream(opened.content)).into_response())
}
