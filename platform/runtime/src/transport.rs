//! Calls between services of one process: the callee's own router, without a socket.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, OnceLock},
};

use axum::{Router, body::Body};
use contracts::{Call, Reply, Transport};
use futures::future::BoxFuture;
use http::{Request, header};
use kernel::{Error, Result};
use tower::ServiceExt;

/// Largest answer of a service that is read.
const ANSWER_LIMIT: usize = 16 * 1024 * 1024;

/// Knows how each service is reached.
#[derive(Default)]
pub struct Directory {
    known: Mutex<BTreeMap<&'static str, Arc<LocalTransport>>>,
}

impl Directory {
    /// The way to a service. It may be asked for before the service runs.
    pub fn transport(&self, service: &'static str) -> Arc<LocalTransport> {
        let mut known = self.known.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        known.entry(service).or_insert_with(|| Arc::new(LocalTransport { service, router: OnceLock::new() })).clone()
    }
    /// From now on the service answers.
    pub fn announce(&self, service: &'static str, router: Router) {
        // A second announcement changes nothing: a service runs once per process.
        let _ = self.transport(service).router.set(router);
    }
}

/// Passes calls to a router in this process.
pub struct LocalTransport {
    service: &'static str,
    router: OnceLock<Router>,
}

impl Transport for LocalTransport {
    fn call(&self, call: Call) -> BoxFuture<'_, Result<Reply>> {
        Box::pin(async move {
            if db::in_transaction() {
                return Err(Error::internal(format!("call to {} while a transaction is open", self.service)));
            }
            let router = self
                .router
                .get()
                .ok_or_else(|| Error::unavailable(format!("The service “{}” does not run here.", self.service)))?;
            let mut request = Request::builder().method(call.method.http()).uri(&call.path);
            if !call.body.is_empty() && !call.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-type"))
            {
                request = request.header(header::CONTENT_TYPE, "application/json");
            }
            for (name, value) in &call.headers {
                request = request.header(*name, value);
            }
            let mut request = request.body(Body::from(call.body)).map_err(Error::internal)?;
            request.extensions_mut().insert(call.identity);
            let response = router.clone().oneshot(request).await.map_err(Error::internal)?;
            let (parts, body) = response.into_parts();
            let body = axum::body::to_bytes(body, ANSWER_LIMIT).await.map_err(Error::internal)?;
            Ok(Reply { status: parts.status.as_u16(), headers: parts.headers, body })
        })
    }
}
