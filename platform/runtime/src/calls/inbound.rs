//! What a service does with calls from other processes: it checks who calls, bounds its work by the
//! caller's deadline, and says when it is about to stop.

use std::{sync::Arc, time::Duration};

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, header};
use kernel::Error;
use souk_http::Failure;
use tokio::time::Instant;

use super::{DEADLINE, DRAINING, IDENTITY, ServiceTokens, context::Context};
use crate::readiness::Readiness;

/// Which services' tokens count on a router.
#[derive(Clone)]
pub struct Audience {
    /// Checks them.
    pub tokens: Arc<ServiceTokens>,
    /// The services that answer there.
    pub services: Arc<[&'static str]>,
}

/// Middleware: a token of another service becomes the identity it stands for; one that does not count
/// is refused. Without one the request is what its other headers make it.
pub async fn accept(State(audience): State<Audience>, mut request: Request, next: Next) -> Response {
    if let Some(token) = request.headers().get(IDENTITY) {
        let token = token.to_str().unwrap_or_default();
        match audience.tokens.identity(&audience.services, token) {
            Ok(identity) => request.extensions_mut().insert(identity),
            Err(error) => {
                metrics::counter!("souk_service_tokens_refused_total").increment(1);
                return Failure(error).into_response();
            }
        };
    }
    next.run(request).await
}

/// Middleware around all of a process that is called by others.
pub async fn receive(State(readiness): State<Arc<Readiness>>, request: Request, next: Next) -> Response {
    let allowed =
        request.headers().get(DEADLINE).and_then(|v| v.to_str().ok()?.parse().ok()).map(Duration::from_millis);
    let context = Context::of(request.headers(), allowed.map(|allowed| Instant::now() + allowed));
    let mut response = match allowed {
        Some(allowed) if allowed.is_zero() => too_late("The request came too late to be answered."),
        Some(allowed) => match tokio::time::timeout(allowed, context.around(next.run(request))).await {
            Ok(response) => response,
            Err(_) => too_late("The caller does not wait any longer."),
        },
        None => context.around(next.run(request)).await,
    };
    if readiness.is_draining() {
        response.headers_mut().insert(DRAINING, HeaderValue::from_static("1"));
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

fn too_late(detail: &str) -> Response {
    metrics::counter!("souk_requests_too_late_total").increment(1);
    Failure(Error::unavailable(detail)).into_response()
}
