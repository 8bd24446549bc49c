//! The edge: limits, header hygiene, request ids, security headers, compression.

mod edge;
mod headers;
mod limits;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use axum::{Router, middleware};
use serde::Deserialize;
use tower_http::{
    CompressionLevel,
    catch_panic::CatchPanicLayer,
    compression::{
        CompressionLayer, Predicate,
        predicate::{NotForContentType, SizeAbove},
    },
};

/// Settings of the edge.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Requests per second that one client may make in the long run; 0 turns the limit off.
    pub requests_per_second: u32,
    /// Requests one client may make at once.
    pub burst: u32,
    /// Log-ins, registrations and password resets per minute and client; 0 turns the limit off.
    pub sensitive_per_minute: u32,
    /// Seconds after which a request is given up (live streams excepted).
    pub request_timeout_s: u64,
    /// Largest body of any request in bytes; routes have smaller limits of their own.
    pub body_limit: u64,
    /// Addresses of proxies in front whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<std::net::IpAddr>,
    /// True if people reach the site by https: adds `Strict-Transport-Security`.
    pub https: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            requests_per_second: 50,
            burst: 300,
            sensitive_per_minute: 20,
            request_timeout_s: 30,
            body_limit: 64 * 1024 * 1024,
            trusted_proxies: Vec::new(),
            https: false,
        }
    }
}

/// Puts the edge around the services' router.
pub fn around(router: Router, settings: &Settings, ids: kernel::Ids) -> Router {
    let edge = Arc::new(edge::Edge::new(settings, ids));
    // Pictures are compressed already, and a stream must not wait for a full block.
    let worth_it = SizeAbove::new(1024).and(NotForContentType::IMAGES).and(NotForContentType::SSE);
    router
        .fallback(edge::no_such_page)
        .method_not_allowed_fallback(edge::method_not_allowed)
        .layer(CatchPanicLayer::custom(edge::panicked))
        .layer(CompressionLayer::new().quality(CompressionLevel::Fastest).compress_when(worth_it))
        .layer(middleware::from_fn_with_state(edge, edge::pass))
}
