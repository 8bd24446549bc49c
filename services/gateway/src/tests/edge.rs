use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use axum::{
    Router,
    body::Body,
    extract::ConnectInfo,
    http::{HeaderMap, Request, Response, StatusCode},
    routing::{get, post},
};
use kernel::{Clock, Ids, SeededRandom, SystemClock};
use souk_http::Verifier;
use tokio::sync::Notify;
use tower::ServiceExt;

use crate::{Front, Given, Settings, around};

fn edge(settings: Settings) -> Front {
    let seen = |headers: HeaderMap| async move {
        let mut names: Vec<_> = headers.keys().map(|n| n.as_str().to_owned()).collect();
        names.sort();
        names.join(",")
    };
    let router = Router::new()
        .route("/seen", get(seen))
        .route("/api/v1/sessions", post(async || "in"))
        .route("/panics", get(async || -> &'static str { panic!("on purpose") }))
        .route("/long", get(async || "x".repeat(5000)))
        .route("/file", get(async || ([("content-type", "application/octet-stream")], "x".repeat(5000))));
    edge_around(router, settings)
}

fn edge_around(router: Router, settings: Settings) -> Front {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let ids = Ids::new(clock.clone(), Arc::new(SeededRandom::new(1)));
    around(router, &settings, Given { ids, verifier: Arc::new(Verifier::new(clock)), buckets: None })
}

async fn ask(router: &Front, request: axum::http::request::Builder, from: &str) -> Response<Body> {
    let mut request = request.body(Body::empty()).unwrap();
    let peer: SocketAddr = format!("{from}:4711").parse().unwrap();
    request.extensions_mut().insert(ConnectInfo(peer));
    router.clone().oneshot(request).await.unwrap()
}

async fn text(response: Response<Body>) -> String {
    String::from_utf8(axum::body::to_bytes(response.into_body(), 100_000).await.unwrap().to_vec()).unwrap()
}

fn header<'a>(response: &'a Response<Body>, name: &str) -> &'a str {
    response.headers().get(name).map_or("", |v| v.to_str().unwrap())
}

/// The standard headers of an allowance.
fn allowance(response: &Response<Body>) -> (&str, &str, &str) {
    let told = |name| header(response, name);
    (told("ratelimit-limit"), told("ratelimit-remaining"), told("ratelimit-reset"))
}

#[tokio::test]
async fn identity_headers_do_not_get_in() {
    let router = edge(Settings::default());
    let request = Request::get("/seen")
        .header("X-User-Id", "1")
        .header("X-Tenant", "a")
        .header("X-Forwarded-For", "9.9.9.9")
        .header("Forwarded", "for=9.9.9.9")
        .header("Accept", "text/plain");
    assert_eq!(text(ask(&router, request, "192.0.2.1").await).await, "accept,x-request-id");
}

#[tokio::test]
async fn answers_are_hardened_and_numbered() {
    let router = edge(Settings { https: true, ..Settings::default() });
    let first = ask(&router, Request::get("/seen"), "192.0.2.1").await;
    let second = ask(&router, Request::get("/seen").header("x-request-id", "mine"), "192.0.2.1").await;
    for name in ["content-security-policy", "strict-transport-security", "referrer-policy"] {
        assert!(!header(&first, name).is_empty(), "{name}");
    }
    assert_eq!(header(&first, "x-content-type-options"), "nosniff");
    assert_eq!(header(&first, "cache-control"), "no-store");
    assert_ne!(header(&first, "x-request-id"), header(&second, "x-request-id"));
    assert_ne!(header(&second, "x-request-id"), "mine");
}

#[tokio::test]
async fn a_flood_from_one_client_leaves_others_alone() {
    let router = edge(Settings { requests_per_second: 1, burst: 3, ..Settings::default() });
    // Limit, what is left of it, seconds until it is whole again.
    for told in [("3", "2", "1"), ("3", "1", "2"), ("3", "0", "3")] {
        let answer = ask(&router, Request::get("/seen"), "192.0.2.1").await;
        assert_eq!((answer.status(), allowance(&answer)), (StatusCode::OK, told));
        assert_eq!(header(&answer, "retry-after"), "");
    }
    let refused = ask(&router, Request::get("/seen"), "192.0.2.1").await;
    assert_eq!(refused.status(), StatusCode::TOO_MANY_REQUESTS);
    // The next one may be made within a second.
    assert_eq!((allowance(&refused), header(&refused, "retry-after")), (("3", "0", "1"), "1"));
    assert_eq!(header(&refused, "content-type"), "application/problem+json");
    assert_eq!(ask(&router, Request::get("/seen"), "192.0.2.2").await.status(), StatusCode::OK);
    // All of an IPv6 network of one client counts as one.
    for n in 1..=3 {
        assert_eq!(ask(&router, Request::get("/seen"), &format!("[2001:db8::{n}]")).await.status(), StatusCode::OK);
    }
    assert_eq!(ask(&router, Request::get("/seen"), "[2001:db8::4]").await.status(), StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn log_ins_have_a_limit_of_their_own() {
    let router = edge(Settings { sensitive_per_minute: 2, ..Settings::default() });
    for expected in [200, 200, 429] {
        assert_eq!(ask(&router, Request::post("/api/v1/sessions"), "192.0.2.1").await.status().as_u16(), expected);
    }
    assert_eq!(ask(&router, Request::get("/seen"), "192.0.2.1").await.status(), StatusCode::OK);
}

#[tokio::test]
async fn codes_of_gift_cards_are_not_guessed_at_speed() {
    for path in ["/api/v1/credits/check", "/api/v1/credits/cover"] {
        let router = edge(Settings { sensitive_per_minute: 1, ..Settings::default() });
        let first = ask(&router, Request::post(path), "192.0.2.1").await.status();
        assert_ne!(first, StatusCode::TOO_MANY_REQUESTS, "{path}");
        assert_eq!(ask(&router, Request::post(path), "192.0.2.1").await.status(), StatusCode::TOO_MANY_REQUESTS);
    }
}

#[tokio::test]
async fn only_trusted_proxies_name_the_client() {
    let router = edge(Settings {
        requests_per_second: 1,
        burst: 1,
        trusted_proxies: vec!["10.0.0.1".parse().unwrap()],
        ..Settings::default()
    });
    let from = |ip: &str| Request::get("/seen").header("X-Forwarded-For", ip.to_owned());
    assert_eq!(ask(&router, from("203.0.113.1"), "10.0.0.1").await.status(), StatusCode::OK);
    assert_eq!(ask(&router, from("203.0.113.2"), "10.0.0.1").await.status(), StatusCode::OK);
    assert_eq!(ask(&router, from("203.0.113.1"), "10.0.0.1").await.status(), StatusCode::TOO_MANY_REQUESTS);
    // Somebody who only pretends to be behind a proxy is counted by their own address.
    assert_eq!(ask(&router, from("203.0.113.3"), "192.0.2.9").await.status(), StatusCode::OK);
    assert_eq!(ask(&router, from("203.0.113.4"), "192.0.2.9").await.status(), StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn without_limits_no_allowance_is_told() {
    let router = edge(Settings { limits: false, burst: 1, ..Settings::default() });
    for _ in 0..2 {
        let answer = ask(&router, Request::get("/seen"), "192.0.2.1").await;
        assert_eq!((answer.status(), allowance(&answer)), (StatusCode::OK, ("", "", "")));
    }
}

/// Notes that it is dropped.
struct Noted(Arc<AtomicBool>);

impl Drop for Noted {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

#[tokio::test]
async fn what_takes_too_long_is_given_up_and_a_live_stream_is_not() {
    let (is_dropped, news) = (Arc::new(AtomicBool::new(false)), Arc::new(Notify::new()));
    let (noted, heard) = (is_dropped.clone(), news.clone());
    let never = move || async move {
        let _work = Noted(noted);
        std::future::pending::<&'static str>().await
    };
    let stream = move || async move {
        heard.notified().await;
        "news"
    };
    let router = Router::new().route("/never", get(never)).route("/stream", get(stream));
    let router = edge_around(router, Settings { request_timeout_s: 1, ..Settings::default() });
    // The stream has begun first and is told nothing before the other was given up.
    let live = ask(&router, Request::get("/stream").header("accept", "text/event-stream"), "192.0.2.1");
    let given_up = async {
        let answer = ask(&router, Request::get("/never"), "192.0.2.1").await;
        news.notify_one();
        answer
    };
    let (live, given_up) = tokio::join!(live, given_up);
    assert_eq!((live.status(), text(live).await.as_str()), (StatusCode::OK, "news"));
    assert_eq!(given_up.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(
        (header(&given_up, "content-type"), header(&given_up, "retry-after")),
        ("application/problem+json", "1")
    );
    assert_eq!(header(&given_up, "x-content-type-options"), "nosniff");
    assert!(is_dropped.load(Ordering::Relaxed), "nobody works on it any more");
    let said = text(given_up).await;
    assert!(said.contains("This took too long and was given up."), "{said}");
}

#[tokio::test]
async fn what_fails_is_a_problem_document() {
    let router = edge(Settings { body_limit: 10, upload_limit: 20, ..Settings::default() });
    let cases = [
        (Request::get("/nowhere"), 404),
        (Request::delete("/seen"), 405),
        (Request::get("/panics"), 500),
        (Request::post("/api/v1/sessions").header("content-length", "11"), 413),
        // A file to import may be longer; here nobody takes it.
        (Request::post("/api/v1/vendors/x/imports").header("content-length", "20"), 404),
        (Request::post("/api/v1/vendors/x/imports").header("content-length", "21"), 413),
    ];
    for (request, status) in cases {
        let answer = ask(&router, request, "192.0.2.1").await;
        assert_eq!((answer.status().as_u16(), header(&answer, "content-type")), (status, "application/problem+json"));
        assert!(!text(answer).await.contains("on purpose"));
    }
}

#[tokio::test]
async fn long_answers_are_compressed_for_those_who_ask() {
    let router = edge(Settings::default());
    assert_eq!(
        header(
            &ask(&router, Request::get("/long").header("accept-encoding", "gzip"), "192.0.2.1").await,
            "content-encoding"
        ),
        "gzip"
    );
    assert_eq!(header(&ask(&router, Request::get("/long"), "192.0.2.1").await, "content-encoding"), "");
    // Whoever goes on with a file that broke off counts its bytes as they are.
    let file = ask(&router, Request::get("/file").header("accept-encoding", "gzip"), "192.0.2.1").await;
    assert_eq!(header(&file, "content-encoding"), "");
}
