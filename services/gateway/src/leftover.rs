//! What a handler leaves unread of a body is read and thrown away before the answer goes out. A
//! connection that ends with something unread in it is cut, and the sender may never see the answer.

use std::{
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    body::{Body, HttpBody},
    extract::Request,
    http::{HeaderMap, header},
    response::Response,
};
use bytes::Bytes;
use http_body_util::BodyExt;

use crate::within::Within;

/// Shorter bodies are in the server's hands with the request.
const SHORT: u64 = 16 * 1024;
/// More than this is not read for nothing.
const BYTES_MAX: usize = 8 * 1024 * 1024;
/// Longer than this nobody is listened to for nothing.
const PATIENCE: Duration = Duration::from_secs(5);

/// A body that its handler and this module hold.
struct Held(Arc<Mutex<Body>>);

impl HttpBody for Held {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<http_body::Frame<Bytes>, axum::Error>>> {
        let mut body = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Pin::new(&mut *body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).is_end_stream()
    }

    fn size_hint(&self) -> http_body::SizeHint {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).size_hint()
    }
}

/// Passes a request on, and reads what is left of it.
pub(crate) async fn read(within: impl Within, request: Request) -> Response {
    if !is_long(request.headers()) {
        return within.answer(request).await;
    }
    let (parts, body) = request.into_parts();
    let body = Arc::new(Mutex::new(body));
    let response = within.answer(Request::from_parts(parts, Body::new(Held(body.clone())))).await;
    let mut left = Held(body);
    let reading = async {
        let mut bytes = 0;
        while bytes < BYTES_MAX && !left.is_end_stream() {
            let Some(Ok(frame)) = left.frame().await else { break };
            bytes += frame.data_ref().map_or(0, Bytes::len);
        }
    };
    // Whoever is slower than that is cut off.
    let _ = tokio::time::timeout(PATIENCE, reading).await;
    response
}

fn is_long(headers: &HeaderMap) -> bool {
    match headers.get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse::<u64>().ok()) {
        Some(length) => length > SHORT,
        None => headers.contains_key(header::TRANSFER_ENCODING),
    }
}
