//! What is passed on, and what is not.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use axum::{body::Body, extract::Request};
use contracts::services::Route;
use serde_json::Value;

use super::service::{Edge, Service};
use crate::Settings;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_arrives_as_it_was_without_what_nobody_outside_may_say() {
    let service = Service::start();
    let edge = Edge::ready(&[&service]).await;
    let request = Request::post(edge.uri("/api/v1/orders?a=b%20c"))
        .header("content-type", "application/json")
        .header("x-souk-identity", "forged")
        .header("x-forwarded-for", "9.9.9.9")
        .header("x-own", "mine")
        .header("connection", "close, x-hop")
        .header("x-hop", "1");
    let answer = edge.send(request.body(Body::from(r#"{"quote":1}"#)).unwrap()).await;
    assert_eq!((answer.status, &*answer.text), (200, r#"POST /api/v1/orders?a=b%20c {"quote":1}"#));
    assert_eq!(answer.headers.get("x-souk-secret"), None);
    assert_eq!(answer.headers["x-own"], "kept");
    assert_eq!(answer.headers["x-content-type-options"], "nosniff");
    let seen = service.seen.headers.lock().unwrap().clone();
    for gone in ["x-souk-identity", "x-hop", "connection"] {
        assert_eq!(seen.get(gone), None, "{gone}");
    }
    assert_eq!(seen["x-forwarded-for"], "127.0.0.1");
    assert_eq!(seen["x-forwarded-proto"], "http");
    assert_eq!(seen["host"], edge.address.to_string());
    assert_eq!(seen["x-own"], "mine");
    assert_eq!(seen["x-request-id"], answer.headers["x-request-id"]);
    assert!(seen["x-souk-deadline-ms"].to_str().unwrap().parse::<u64>().unwrap() <= 30_000);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn paths_go_to_their_service_and_the_rest_to_the_pages() {
    let service = Service::start();
    let edge = Edge::ready(&[&service]).await;
    assert_eq!(edge.get("/api/v1/orders/7").await.text, "GET /api/v1/orders/7 ");
    assert_eq!(edge.get("/p/lamp?x=1").await.text, "GET /p/lamp?x=1 ");
    assert_eq!(edge.get("/sandbox/pay/1").await.text, "GET /sandbox/pay/1 ");
    let asked = service.asked();
    let wrong = edge.send(Request::delete(edge.uri("/api/v1/orders/7")).body(Body::empty()).unwrap()).await;
    assert_eq!((wrong.status, service.asked()), (405, asked));
    let head = edge.send(Request::head(edge.uri("/api/v1/orders/7")).body(Body::empty()).unwrap()).await;
    assert_eq!((head.status, &*head.text), (200, ""));
    let document: Value = serde_json::from_str(&edge.get("/api/openapi.json").await.text).unwrap();
    assert!(document["paths"]["/api/v1/orders"]["post"].is_object());
    assert!(document["paths"]["/api/v1/product-pages/{slug}"]["get"].is_object());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_that_does_not_count_troubles_no_service() {
    let service = Service::start();
    let edge = Edge::ready(&[&service]).await;
    for path in ["/api/v1/orders/7", "/p/lamp"] {
        let request = Request::get(edge.uri(path)).header("authorization", "Bearer nonsense");
        let answer = edge.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!((answer.status, service.asked()), (401, 0), "{path}");
    }
    // The gateway behind `/sandbox` has tokens of its own.
    let request = Request::get(edge.uri("/sandbox/v1/x")).header("authorization", "Bearer sk_test_1");
    assert_eq!(edge.send(request.body(Body::empty()).unwrap()).await.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_body_that_does_not_fit_the_document_troubles_no_service() {
    let service = Service::start();
    let edge = Edge::ready(&[&service]).await;
    let request = Request::post(edge.uri("/api/v1/orders")).header("content-type", "application/json");
    let answer = edge.send(request.body(Body::from("{}")).unwrap()).await;
    assert_eq!((answer.status, service.asked()), (422, 0));
    let problem: Value = serde_json::from_str(&answer.text).unwrap();
    assert_eq!(problem["code"], "invalid_input");
    assert_eq!(problem["errors"][0]["reason"], "\"quote\" is a required property.");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn before_the_services_have_said_what_they_answer_nothing_is_missing() {
    let service = Service::start();
    let edge = Edge::before(&[&service], Settings::default()).await;
    let answer = edge.get("/api/v1/orders/7").await;
    assert_eq!((answer.status, &answer.headers["retry-after"]), (503, &"1".parse().unwrap()));
    let error = edge.proxy.check().unwrap_err();
    assert_eq!(error.detail(), "The service “identity” cannot be reached.");
    edge.proxy.refresh().await;
    assert_eq!(edge.get("/api/v1/orders/7").await.status, 200);
    edge.proxy.check().unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn new_routes_are_taken_over_without_dropping_a_request() {
    let service = Service::start();
    let edge = Arc::new(Edge::ready(&[&service]).await);
    let under_way = tokio::spawn({
        let edge = edge.clone();
        async move { edge.get("/api/v1/slow/600").await.text }
    });
    tokio::time::sleep(Duration::from_millis(200)).await;
    let wrong = Request::patch(edge.uri("/api/v1/orders/7")).body(Body::empty()).unwrap();
    assert_eq!(edge.send(wrong).await.status, 405);
    let fresh = Route { method: "PATCH".to_owned(), path: "/api/v1/orders/{order}".to_owned() };
    service.seen.served.lock().unwrap().routes.push(fresh);
    edge.proxy.refresh().await;
    let now = Request::patch(edge.uri("/api/v1/orders/7")).body(Body::empty()).unwrap();
    assert_eq!(edge.send(now).await.text, "PATCH /api/v1/orders/7 ");
    assert_eq!(under_way.await.unwrap(), "after 600 ms");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_instance_killed_under_load_costs_no_repeatable_request() {
    let (a, b) = (Service::start(), Service::start());
    let edge = Arc::new(Edge::ready(&[&a, &b]).await);
    let over = Arc::new(AtomicBool::new(false));
    let load: Vec<_> = (0..8)
        .map(|n| {
            let (edge, over) = (edge.clone(), over.clone());
            tokio::spawn(async move {
                let mut made = 0;
                while !over.load(Ordering::SeqCst) {
                    let request = match n % 2 {
                        0 => Request::get(edge.uri("/api/v1/slow/2")).body(Body::empty()),
                        _ => Request::post(edge.uri("/api/v1/orders"))
                            .header("content-type", "application/json")
                            .header("idempotency-key", "k")
                            .body(Body::from(r#"{"quote":1}"#)),
                    };
                    assert_eq!(edge.send(request.unwrap()).await.status, 200);
                    made += 1;
                }
                made
            })
        })
        .collect();
    tokio::time::sleep(Duration::from_millis(400)).await;
    assert!(a.asked() > 0 && b.asked() > 0, "both are asked");
    a.kill();
    tokio::time::sleep(Duration::from_secs(1)).await;
    over.store(true, Ordering::SeqCst);
    for task in load {
        assert!(task.await.unwrap() > 50);
    }
    edge.proxy.check().unwrap();
}
