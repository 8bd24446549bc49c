use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use crate::leftover;
use axum::{
    Router,
    body::{Body, Bytes},
    http::{Request, StatusCode},
    routing::post,
};

const PIECE: usize = 64 * 1024;

/// Sends `pieces` to `path`, saying how long they are; the status of the answer, and how many pieces were taken.
async fn send(path: &str, pieces: usize) -> (StatusCode, usize) {
    let router = Router::new()
        .route("/unread", post(async || StatusCode::PAYLOAD_TOO_LARGE))
        .route("/read", post(async |body: Bytes| body.len().to_string()));
    let taken = Arc::new(AtomicUsize::new(0));
    let counter = taken.clone();
    let piece = move |_| {
        counter.fetch_add(1, Ordering::Relaxed);
        Ok::<_, std::io::Error>(Bytes::from_static(&[b'x'; PIECE]))
    };
    let body = Body::from_stream(futures::stream::iter((0..pieces).map(piece)));
    let request = Request::post(path).header("content-length", pieces * PIECE).body(body).unwrap();
    let answer = leftover::read(router, request).await;
    (answer.status(), taken.load(Ordering::Relaxed))
}

#[tokio::test]
async fn what_a_handler_leaves_is_read_before_the_answer() {
    assert_eq!(send("/unread", 16).await, (StatusCode::PAYLOAD_TOO_LARGE, 16));
    assert_eq!(send("/read", 16).await, (StatusCode::OK, 16));
}

#[tokio::test]
async fn more_than_can_be_meant_well_is_not_read() {
    assert_eq!(send("/unread", 1_000).await, (StatusCode::PAYLOAD_TOO_LARGE, 8 * 1024 * 1024 / PIECE));
}

#[tokio::test]
async fn a_short_body_is_left_to_the_server() {
    assert_eq!(send("/unread", 0).await, (StatusCode::PAYLOAD_TOO_LARGE, 0));
}
