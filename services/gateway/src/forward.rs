//! Passes a request on to the service that answers it, and the answer back, both as streams.

use std::{
    net::IpAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use axum::{
    body::Body,
    extract::{Request, State},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, header};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use kernel::{Error, Identity, Kind, Result};
use runtime::calls::{Outgoing, Payload, Reading, Upstream, is_repeatable};
use souk_http::Failure;
use tokio::time::Instant;

use crate::{bounds::Allowed, edge::is_live_stream, validate::Schema};

/// Bodies up to so many bytes are read before they are passed on, so that they can be sent again.
const WHOLE_BODY: u64 = 256 * 1024;
/// Answers that say they have at most so many bytes are read before they are passed on.
const WHOLE_ANSWER: usize = 64 * 1024;

/// Headers that mean one connection and not the message (RFC 9110, 7.6.1).
const HOP_BY_HOP: [HeaderName; 8] = [
    header::CONNECTION,
    HeaderName::from_static("keep-alive"),
    HeaderName::from_static("proxy-connection"),
    header::PROXY_AUTHORIZATION,
    header::TE,
    header::TRAILER,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
];

/// The client's address, as the edge has found it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Client(pub IpAddr);

/// Where requests are passed on to, and how.
pub(crate) struct Target {
    pub upstream: Arc<Upstream>,
    pub allowed: Allowed,
    pub https: bool,
    /// What the body has to be like, if it is looked at.
    pub schema: Option<Schema>,
}

/// Handler: the service's answer.
pub(crate) async fn forward(State(target): State<Arc<Target>>, request: Request) -> Response {
    match pass(&target, request).await {
        Ok(response) => response,
        Err(error) => Failure(error).into_response(),
    }
}

async fn pass(target: &Target, request: Request) -> Result<Response> {
    let bounds = target.allowed.to(&request);
    let deadline = (!is_live_stream(request.headers())).then(|| Instant::now() + bounds.timeout);
    let client = request.extensions().get::<Client>().copied();
    let (parts, body) = request.into_parts();
    let is_too_long = Arc::new(AtomicBool::new(false));
    let payload = payload(&parts.headers, body, bounds.body, &is_too_long).await?;
    if let (Some(schema), Payload::Whole(bytes)) = (&target.schema, &payload) {
        schema.check(parts.extensions.get::<Identity>(), parts.uri.path(), &parts.headers, bytes)?;
    }
    let mut headers = parts.headers;
    strip(&mut headers);
    headers.remove(header::EXPECT);
    say_where_from(&mut headers, client, target.https);
    let outgoing = Outgoing {
        repeatable: is_repeatable(&parts.method, &headers),
        method: parts.method,
        path: parts.uri.path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string),
        headers,
        payload,
        deadline,
        reading: Reading::Short(WHOLE_ANSWER),
    };
    let sent = target.upstream.send(outgoing).await;
    let mut response = if is_too_long.load(Ordering::Acquire) { return Err(too_large()) } else { sent? };
    strip(response.headers_mut());
    Ok(response)
}

/// The body: at hand if it is short, otherwise as it comes in, and never longer than the limit.
async fn payload(headers: &HeaderMap, body: Body, limit: u64, is_too_long: &Arc<AtomicBool>) -> Result<Payload> {
    let length = headers.get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse::<u64>().ok());
    match length {
        None if !headers.contains_key(header::TRANSFER_ENCODING) => Ok(Payload::Whole(Bytes::new())),
        Some(length) if length <= WHOLE_BODY.min(limit) => {
            let read =
                body.collect().await.map_err(|e| Error::malformed("The body could not be read.").caused_by(e))?;
            Ok(Payload::Whole(read.to_bytes()))
        }
        Some(length) if length > limit => Err(too_large()),
        _ => {
            let limited = Limited::new(body, usize::try_from(limit).unwrap_or(usize::MAX));
            let is_too_long = is_too_long.clone();
            let noted = limited.map_err(move |e| {
                is_too_long.store(e.is::<LengthLimitError>(), Ordering::Release);
                axum::Error::new(e)
            });
            Ok(Payload::Stream(Some(Body::new(noted))))
        }
    }
}

pub(crate) fn too_large() -> Error {
    Error::new(Kind::TooLarge, "body_too_large", "The body is too large.")
}

/// Removes what is not for the next one: what concerns the connection, and what services tell each other.
fn strip(headers: &mut HeaderMap) {
    let named: Vec<HeaderName> = headers
        .get_all(header::CONNECTION)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|name| name.trim().parse().ok())
        .collect();
    for name in named.iter().chain(&HOP_BY_HOP) {
        headers.remove(name);
    }
    let inner: Vec<HeaderName> = headers.keys().filter(|name| name.as_str().starts_with("x-souk-")).cloned().collect();
    for name in inner {
        headers.remove(name);
    }
}

/// Says for whom and over what the request came. What the client said of it was removed on its way in.
fn say_where_from(headers: &mut HeaderMap, client: Option<Client>, https: bool) {
    if let Some(Client(address)) = client
        && let Ok(value) = HeaderValue::from_str(&address.to_string())
    {
        headers.insert(HeaderName::from_static("x-forwarded-for"), value);
    }
    let proto = HeaderValue::from_static(if https { "https" } else { "http" });
    headers.insert(HeaderName::from_static("x-forwarded-proto"), proto);
}
