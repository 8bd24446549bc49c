//! A server on a machine of its own: killing it closes its connections as SIGKILL does.

use std::{
    net::{SocketAddr, TcpListener},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::{
    Router,
    extract::{Request, State},
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::{any, get},
};
use contracts::{Call, Method, Transport};
use http::{StatusCode, uri::Authority};
use kernel::Identity;

use super::{PATIENCE, tokens};
use crate::{
    Readiness,
    calls::{
        DEADLINE,
        inbound::{Audience, accept, receive},
    },
};

/// What can be done to it, and what it has seen.
#[derive(Default)]
pub struct Mood {
    /// It accepts and says nothing.
    pub hangs: AtomicBool,
    /// It answers everything with 500.
    pub fails: AtomicBool,
    /// It answers 503: not now.
    pub busy: AtomicBool,
    /// Requests that reached `/work`.
    pub begun: AtomicUsize,
    /// Of which were finished.
    pub finished: AtomicUsize,
    /// Whom it asks itself when `/onward` is asked for.
    pub next: Mutex<Option<Arc<dyn Transport>>>,
    pub readiness: Arc<Readiness>,
}

pub struct Machine {
    runtime: Option<tokio::runtime::Runtime>,
    address: SocketAddr,
    pub mood: Arc<Mood>,
}

impl Machine {
    pub fn start() -> Self {
        Self::at("127.0.0.1:0".parse().unwrap())
    }

    /// Starts at an address where one stood before.
    pub fn at(address: SocketAddr) -> Self {
        let listener = TcpListener::bind(address).unwrap();
        listener.set_nonblocking(true).unwrap();
        let address = listener.local_addr().unwrap();
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let mood = Arc::new(Mood::default());
        let router = router(mood.clone());
        runtime.spawn(async move {
            crate::serve(tokio::net::TcpListener::from_std(listener).unwrap(), router, crate::Ending::default()).await;
        });
        Self { runtime: Some(runtime), address, mood }
    }

    pub fn address(&self) -> Authority {
        self.address.to_string().parse().unwrap()
    }

    /// Ends it without a word, as SIGKILL would.
    pub fn kill(mut self) -> SocketAddr {
        if let Some(runtime) = self.runtime.take() {
            // A runtime must not be waited for by a thread of another.
            let ended = std::thread::spawn(move || runtime.shutdown_timeout(Duration::from_millis(200))).join();
            ended.unwrap();
        }
        self.address
    }

    pub fn begun(&self) -> usize {
        self.mood.begun.load(Ordering::SeqCst)
    }

    pub fn finished(&self) -> usize {
        self.mood.finished.load(Ordering::SeqCst)
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

fn router(mood: Arc<Mood>) -> Router {
    let audience = Audience { tokens: tokens(), services: Arc::new(["orders"]) };
    let work = async |State(mood): State<Arc<Mood>>, request: Request| {
        mood.begun.fetch_add(1, Ordering::SeqCst);
        let ms = request.uri().query().and_then(|q| q.parse().ok()).unwrap_or(0);
        tokio::time::sleep(Duration::from_millis(ms)).await;
        mood.finished.fetch_add(1, Ordering::SeqCst);
        "done"
    };
    let who = async |request: Request| format!("{:?}", request.extensions().get::<kernel::Identity>());
    let left = async |request: Request| request.headers()[DEADLINE].as_bytes().to_vec();
    let onward = async |State(mood): State<Arc<Mood>>, request: Request| {
        let ms = request.uri().query().and_then(|q| q.parse().ok()).unwrap_or(0);
        tokio::time::sleep(Duration::from_millis(ms)).await;
        let next = mood.next.lock().unwrap().clone().unwrap();
        let mut call = Call::new(Method::get, "/left".to_owned(), Identity::Anonymous);
        call.timeout = PATIENCE;
        next.call(call).await.unwrap().body
    };
    let ready = async |State(mood): State<Arc<Mood>>| match mood.readiness.check() {
        Ok(()) => StatusCode::OK,
        Err(_) => StatusCode::SERVICE_UNAVAILABLE,
    };
    Router::new()
        .route("/work", any(work))
        .route("/who", get(who))
        .route("/left", get(left))
        .route("/onward", get(onward))
        .route("/health/live", get(async || "live"))
        .route("/health/ready", get(ready))
        .layer(from_fn_with_state(audience, accept))
        .layer(from_fn_with_state(mood.clone(), moody))
        .layer(from_fn_with_state(mood.readiness.clone(), receive))
        .with_state(mood)
}

async fn moody(State(mood): State<Arc<Mood>>, request: Request, next: Next) -> Response {
    if mood.hangs.load(Ordering::SeqCst) {
        std::future::pending::<()>().await;
    }
    let is_work = request.uri().path() == "/work";
    if is_work && mood.fails.load(Ordering::SeqCst) {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    }
    if is_work && mood.busy.load(Ordering::SeqCst) {
        mood.begun.fetch_add(1, Ordering::SeqCst);
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    next.run(request).await
}
