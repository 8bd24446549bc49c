//! The way to every service.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError, RwLock},
};

use axum::{Router, body::Body};
use contracts::{Call, Reply, Transport};
use futures::future::BoxFuture;
use http::{Request, header};
use kernel::{Error, Result};
use tower::ServiceExt;

use super::{Network, remote::Remote};

/// Largest answer of a service that is read.
pub(super) const ANSWER_LIMIT: usize = 16 * 1024 * 1024;

/// Knows how each service is reached.
#[derive(Default)]
pub struct Directory {
    network: Option<Arc<Network>>,
    known: Mutex<BTreeMap<&'static str, Arc<Way>>>,
}

impl Directory {
    /// Services that do not run in this process are sought on the network, if there is one.
    pub fn new(network: Option<Arc<Network>>) -> Self {
        Self { network, known: Mutex::default() }
    }
    /// The way to a service. It may be asked for before the service runs.
    pub fn transport(&self, service: &'static str) -> Arc<dyn Transport> {
        self.way(service)
    }
    /// From now on the service answers in this process.
    pub fn announce(&self, service: &'static str, router: Router) {
        let way = self.way(service);
        // A second announcement changes nothing: a service runs once per process.
        way.router.write().unwrap_or_else(PoisonError::into_inner).get_or_insert(router);
    }
    /// From now on no service answers in this process. Its routers lead to its clients and these here: without this none
    /// of them would ever go.
    pub(crate) fn forget(&self) {
        for way in self.known.lock().unwrap_or_else(PoisonError::into_inner).values() {
            *way.router.write().unwrap_or_else(PoisonError::into_inner) = None;
        }
    }
    /// What lies between processes, if anything does.
    pub(crate) fn network(&self) -> Option<&Arc<Network>> {
        self.network.as_ref()
    }
    fn way(&self, service: &'static str) -> Arc<Way> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let way = || {
            let remote = self.network.as_ref().map(|network| network.remote(service));
            Arc::new(Way { service, router: RwLock::default(), remote })
        };
        known.entry(service).or_insert_with(way).clone()
    }
}

/// To the router in this process if there is one, otherwise over the network.
struct Way {
    service: &'static str,
    router: RwLock<Option<Router>>,
    remote: Option<Remote>,
}

impl Transport for Way {
    fn call(&self, call: Call) -> BoxFuture<'_, Result<Reply>> {
        Box::pin(async move {
            if db::in_transaction() {
                return Err(Error::internal(format!("call to {} while a transaction is open", self.service)));
            }
            let here = self.router.read().unwrap_or_else(PoisonError::into_inner).clone();
            match (here, &self.remote) {
                (Some(router), _) => pass(router, call).await,
                (None, Some(remote)) => remote.call(call).await,
                (None, None) => Err(Error::unavailable(format!("The service “{}” does not run here.", self.service))),
            }
        })
    }
}

/// Passes a call to a router in this process.
async fn pass(router: Router, call: Call) -> Result<Reply> {
    let mut request = Request::builder().method(call.method.http()).uri(&call.path);
    if !call.body.is_empty() && !has_content_type(&call) {
        request = request.header(header::CONTENT_TYPE, "application/json");
    }
    for (name, value) in &call.headers {
        request = request.header(*name, value);
    }
    let mut request = request.body(Body::from(call.body)).map_err(Error::internal)?;
    request.extensions_mut().insert(call.identity);
    let response = router.oneshot(request).await.map_err(Error::internal)?;
    let (parts, body) = response.into_parts();
    let body = axum::body::to_bytes(body, ANSWER_LIMIT).await.map_err(Error::internal)?;
    Ok(Reply { status: parts.status.as_u16(), headers: parts.headers, body })
}

/// True if the caller says what its body is.
pub(super) fn has_content_type(call: &Call) -> bool {
    call.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-type"))
}
