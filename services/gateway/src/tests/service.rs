//! A service behind the proxy, on a machine of its own, and the proxy before it.

use std::{
    net::{SocketAddr, TcpListener},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::{
    Json, Router,
    body::Body,
    extract::{Path, Request, State},
    response::{
        IntoResponse, Response,
        sse::{Event, Sse},
    },
    routing::{any, get, post},
};
use contracts::services::{Route, Served};
use futures::{Stream, StreamExt, stream};
use http::HeaderMap;
use http_body_util::BodyExt;
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use kernel::{Error, Ids, SystemClock, SystemRandom};
use runtime::{
    Document, Ending, MemoryFiles, Network, Platform, RouterOut, ServiceTokens, System,
    discovery::{Settings as Discovery, open},
};
use serde_json::json;

use crate::{Given, Parts, Proxy, Settings, in_front};

/// What a service has seen, and what it says of itself.
pub struct Seen {
    pub served: Mutex<Served>,
    pub headers: Mutex<HeaderMap>,
    pub asked: AtomicUsize,
    /// True while somebody listens to its live stream.
    pub is_heard: Arc<AtomicBool>,
}

/// The service “orders” (and the pages, under the name of “web”), at one address.
pub struct Service {
    runtime: Option<tokio::runtime::Runtime>,
    pub address: SocketAddr,
    pub seen: Arc<Seen>,
}

fn route(method: &str, path: &str) -> Route {
    Route { method: method.to_owned(), path: path.to_owned() }
}

fn served() -> Served {
    let routes = vec![
        route("GET", "/api/v1/orders/{id}"),
        route("POST", "/api/v1/orders"),
        route("POST", "/api/v1/uploads"),
        route("GET", "/api/v1/orders/{id}/events"),
        route("GET", "/api/v1/slow/{ms}"),
    ];
    let schema = json!({"type": "object", "required": ["quote"]});
    let document = json!({
        "openapi": "3.1.0",
        "tags": [{"name": "orders"}],
        "paths": {"/api/v1/orders": {"post": {"x-policy": "public", "requestBody": {"content": {"application/json": {"schema": schema}}}}}},
        "components": {"schemas": {}},
    });
    Served { routes, document, below: vec!["/sandbox".to_owned()], pages: false }
}

impl Service {
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let address = listener.local_addr().unwrap();
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let seen = Arc::new(Seen {
            served: Mutex::new(served()),
            headers: Mutex::default(),
            asked: AtomicUsize::new(0),
            is_heard: Arc::default(),
        });
        let router = router(seen.clone());
        runtime.spawn(async move {
            runtime::serve(tokio::net::TcpListener::from_std(listener).unwrap(), router, Ending::default()).await;
        });
        Self { runtime: Some(runtime), address, seen }
    }

    /// As SIGKILL would.
    pub fn kill(mut self) {
        if let Some(runtime) = self.runtime.take() {
            // A runtime must not be waited for by a thread of another.
            let ended = std::thread::spawn(move || runtime.shutdown_timeout(Duration::from_millis(200))).join();
            ended.unwrap();
        }
    }

    pub fn asked(&self) -> usize {
        self.seen.asked.load(Ordering::SeqCst)
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

fn router(seen: Arc<Seen>) -> Router {
    Router::new()
        .route("/internal/services/{service}", get(says))
        .route("/health/live", get(async || "live"))
        .route("/health/ready", get(async || "ready"))
        .route("/api/v1/uploads", post(upload))
        .route("/api/v1/orders/{id}/events", get(events))
        .route("/api/v1/slow/{ms}", get(slow))
        .fallback(any(echo))
        .with_state(seen)
}

/// Only the service itself and the pages are here; others say nothing.
async fn says(State(seen): State<Arc<Seen>>, Path(service): Path<String>) -> Response {
    let document = json!({"openapi": "3.1.0", "tags": [], "paths": {}, "components": {"schemas": {}}});
    match service.as_str() {
        "orders" => {
            let served = seen.served.lock().unwrap().clone();
            let tag = format!("\"{}\"", served.routes.len());
            ([("etag", tag)], Json(served)).into_response()
        }
        "web" => Json(Served { pages: true, document, ..Served::default() }).into_response(),
        _ => Json(Served { document, ..Served::default() }).into_response(),
    }
}

async fn echo(State(seen): State<Arc<Seen>>, request: Request) -> Response {
    seen.asked.fetch_add(1, Ordering::SeqCst);
    *seen.headers.lock().unwrap() = request.headers().clone();
    let said = format!("{} {}", request.method(), request.uri());
    let body = axum::body::to_bytes(request.into_body(), 1 << 20).await.unwrap();
    let said = format!("{said} {}", String::from_utf8_lossy(&body));
    ([("x-souk-secret", "inside"), ("x-own", "kept")], said).into_response()
}

async fn slow(State(seen): State<Arc<Seen>>, Path(ms): Path<u64>) -> String {
    seen.asked.fetch_add(1, Ordering::SeqCst);
    tokio::time::sleep(Duration::from_millis(ms)).await;
    format!("after {ms} ms")
}

async fn upload(request: Request) -> String {
    let mut stream = request.into_body().into_data_stream();
    let (mut length, mut sum) = (0_usize, 0_u64);
    while let Some(piece) = stream.next().await {
        let piece = piece.unwrap();
        length += piece.len();
        sum += piece.iter().map(|b| u64::from(*b)).sum::<u64>();
    }
    format!("{length} {sum}")
}

/// Notices when nobody listens any more.
struct Listener(Arc<AtomicBool>);

impl Drop for Listener {
    fn drop(&mut self) {
        self.0.store(false, Ordering::SeqCst);
    }
}

async fn events(State(seen): State<Arc<Seen>>) -> Sse<impl Stream<Item = Result<Event, std::convert::Infallible>>> {
    seen.is_heard.store(true, Ordering::SeqCst);
    let listener = Listener(seen.is_heard.clone());
    Sse::new(stream::unfold((0, listener), |(n, listener)| async move {
        if n > 0 {
            tokio::time::sleep(Duration::from_millis(300)).await;
        }
        Some((Ok(Event::default().data(n.to_string())), (n + 1, listener)))
    }))
}

/// What the edge answers by itself, with this between it and the services.
pub async fn system(network: Option<Arc<Network>>) -> System {
    let platform = Platform {
        database: Arc::new(|name| Box::pin(std::future::ready(Err(Error::not_found(name))))),
        clock: Arc::new(SystemClock),
        random: Arc::new(SystemRandom),
        http_out: Arc::new(RouterOut::new("http://outside.test").unwrap()),
        files: Arc::new(MemoryFiles::default()),
        caches: runtime::Caches::local(),
        master_secret: [7; 32],
        public_url: "http://souk.test".to_owned(),
        event_attempts: 1,
        events_kept: None,
        migrate: true,
        relay: Default::default(),
        network,
    };
    System::build(&platform, vec![crate::service(kernel::Languages::default())]).await.unwrap()
}

/// The proxy, listening.
pub struct Edge {
    pub address: SocketAddr,
    pub proxy: Arc<Proxy>,
    pub client: Client<HttpConnector, Body>,
    _system: System,
}

impl Edge {
    /// Before these instances of every service.
    pub async fn before(services: &[&Service], settings: Settings) -> Self {
        let addresses: Vec<String> = services.iter().map(|s| s.address.to_string()).collect();
        let services = contracts::SERVICES.iter().map(|name| ((*name).to_owned(), addresses.clone())).collect();
        let discovery = open(&Discovery { services, ..Discovery::default() }).unwrap();
        let (clock, random) = (Arc::new(SystemClock), Arc::new(SystemRandom));
        let tokens = Arc::new(ServiceTokens::new(&[7; 32], clock.clone()));
        let system = system(Some(Network::new(discovery, tokens, random.clone()))).await;
        let proxy = Proxy::new(Parts {
            network: system.network().unwrap().clone(),
            clients: system.clients(),
            verifier: system.verifier(),
            own: system.openapi(),
            documentation: Box::new(|document: Document| {
                Router::new().route("/api/openapi.json", get(async move || Json((**document).clone())))
            }),
            settings: settings.clone(),
        });
        let given = Given { ids: Ids::new(clock, random), verifier: system.verifier(), buckets: None };
        let router = in_front(system.router(), proxy.clone(), &settings, given);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(runtime::serve(listener, router, Ending::default()));
        let client = Client::builder(TokioExecutor::new()).build_http();
        Self { address, proxy, client, _system: system }
    }

    /// The same, with the services asked once.
    pub async fn ready(services: &[&Service]) -> Self {
        let quick = Settings { limits: false, ..Settings::default() };
        let edge = Self::before(services, quick).await;
        edge.proxy.refresh().await;
        edge
    }

    pub fn uri(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub async fn send(&self, request: Request) -> Answer {
        let response = self.client.request(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        Answer {
            status: parts.status.as_u16(),
            headers: parts.headers,
            text: String::from_utf8(body.to_vec()).unwrap(),
        }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(self.uri(path)).body(Body::empty()).unwrap()).await
    }
}

pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub text: String,
}
