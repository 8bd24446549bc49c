//! Long bodies, live answers, clients that hang up.

use std::{sync::atomic::Ordering, time::Duration};

use axum::{body::Body, extract::Request};
use bytes::Bytes;
use futures::stream;
use http_body_util::BodyExt;

use super::service::{Edge, Service};
use crate::Settings;

const PIECE: usize = 64 * 1024;

/// A body in pieces, without saying how long it is.
fn in_pieces(pieces: usize) -> Body {
    let piece = Bytes::from(vec![1_u8; PIECE]);
    Body::from_stream(stream::iter((0..pieces).map(move |_| Ok::<_, std::io::Error>(piece.clone()))))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_upload_of_twenty_megabytes_passes() {
    let service = Service::start();
    let edge = Edge::ready(&[&service]).await;
    let request = Request::post(edge.uri("/api/v1/uploads")).body(in_pieces(320)).unwrap();
    assert_eq!(edge.send(request).await.text, "20971520 20971520");
    let whole = Bytes::from(vec![2_u8; 20 * 1024 * 1024]);
    let request = Request::post(edge.uri("/api/v1/uploads")).body(Body::from(whole)).unwrap();
    assert_eq!(edge.send(request).await.text, "20971520 41943040");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_body_beyond_the_limit_does_not() {
    let service = Service::start();
    let settings = Settings { body_limit: 1024 * 1024, ..Settings::default() };
    let edge = Edge::before(&[&service], settings).await;
    edge.proxy.refresh().await;
    let said = Request::post(edge.uri("/api/v1/uploads")).header("content-length", 2 * 1024 * 1024);
    let response = edge.client.request(said.body(in_pieces(32)).unwrap()).await;
    assert!(response.is_err() || response.is_ok_and(|r| r.status() == 413));
    let unsaid = Request::post(edge.uri("/api/v1/uploads")).body(in_pieces(32)).unwrap();
    let response = edge.client.request(unsaid).await;
    assert!(response.is_err() || response.is_ok_and(|r| r.status() == 413));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn live_answers_arrive_as_they_are_made_and_end_with_the_listener() {
    let service = Service::start();
    let settings = Settings { request_timeout_s: 1, ..Settings::default() };
    let edge = Edge::before(&[&service], settings).await;
    edge.proxy.refresh().await;
    let request = Request::get(edge.uri("/api/v1/orders/7/events"))
        .header("accept", "text/event-stream")
        .header("accept-encoding", "gzip");
    let mut response = edge.client.request(request.body(Body::empty()).unwrap()).await.unwrap();
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    let begin = tokio::time::Instant::now();
    for n in 0..6 {
        let frame = response.body_mut().frame().await.unwrap().unwrap();
        assert_eq!(&frame.into_data().unwrap()[..], format!("data: {n}\n\n").as_bytes());
    }
    let took = begin.elapsed();
    assert!(took > Duration::from_millis(1_400), "one by one, and past the limit of other requests: {took:?}");
    assert!(service.seen.is_heard.load(Ordering::SeqCst));
    drop(response);
    // The next event finds nobody there.
    for _ in 0..100 {
        if !service.seen.is_heard.load(Ordering::SeqCst) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the service still talks to nobody");
}
