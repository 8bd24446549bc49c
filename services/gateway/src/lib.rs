//! The edge: limits, header hygiene, request ids, security headers, compression; in a process of its
//! own also the way to the services.

mod bounds;
mod edge;
mod forward;
mod front;
mod headers;
mod leftover;
mod limits;
mod product_page;
mod proxy;
#[cfg(test)]
mod tests;
mod validate;
mod within;

pub use front::Front;
pub use product_page::service;
pub use proxy::{Documentation, Parts, Proxy};

use std::{net::IpAddr, sync::Arc};

use axum::Router;
use kernel::Ids;
use runtime::limits::SharedBuckets;
use serde::Deserialize;
use souk_http::Verifier;

use crate::{edge::Edge, within::Packed};

/// Settings of the edge.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// False turns all limits on requests off.
    pub limits: bool,
    /// Requests per second that one client may make in the long run; 0 turns the limit off.
    pub requests_per_second: u32,
    /// Requests one client may make at once.
    pub burst: u32,
    /// Requests per second that one account may make in the long run, from wherever; 0 turns the limit off.
    pub account_requests_per_second: u32,
    /// Requests one account may make at once.
    pub account_burst: u32,
    /// Requests per second that the staff of one store may make together in the long run; 0 turns the limit off.
    pub store_requests_per_second: u32,
    /// Requests the staff of one store may make at once.
    pub store_burst: u32,
    /// Log-ins, registrations and password resets per minute and client; 0 turns the limit off.
    pub sensitive_per_minute: u32,
    /// Seconds after which a request is given up (live streams excepted).
    pub request_timeout_s: u64,
    /// Largest body of any request in bytes; routes have smaller limits of their own.
    pub body_limit: u64,
    /// The same for a file to import that is sent whole.
    pub upload_timeout_s: u64,
    /// The same for a file to import that is sent whole, with the form around it.
    pub upload_limit: u64,
    /// Addresses of proxies in front whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpAddr>,
    /// True if people reach the site by https: adds `Strict-Transport-Security`.
    pub https: bool,
    /// True if the edge in a process of its own holds JSON bodies against the OpenAPI document.
    pub validate: bool,
    /// Services without which the edge in a process of its own is not ready; all if empty.
    pub needs: Vec<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            limits: true,
            requests_per_second: 50,
            burst: 300,
            account_requests_per_second: 50,
            account_burst: 300,
            store_requests_per_second: 100,
            store_burst: 600,
            sensitive_per_minute: 20,
            request_timeout_s: 30,
            body_limit: 64 * 1024 * 1024,
            upload_timeout_s: 3600,
            upload_limit: 1025 * 1024 * 1024,
            trusted_proxies: Vec::new(),
            https: false,
            validate: true,
            needs: Vec::new(),
        }
    }
}

/// What the edge is given beside its settings.
pub struct Given {
    /// Numbers requests.
    pub ids: Ids,
    /// Tells whose tokens count, for the limits of accounts and stores.
    pub verifier: Arc<Verifier>,
    /// Buckets that several edges share, if there are any.
    pub buckets: Option<Arc<dyn SharedBuckets>>,
}

/// Puts the edge around the router of all services.
pub fn around(router: Router, settings: &Settings, given: Given) -> Front {
    let router = router.fallback(edge::no_such_page).method_not_allowed_fallback(edge::method_not_allowed);
    Front::edge(Edge::new(settings, given), Packed::new(router))
}

/// Puts the edge around what this process answers itself, and `proxy` behind it for all the rest.
pub fn in_front(own: Router, proxy: Arc<Proxy>, settings: &Settings, given: Given) -> Front {
    let rest = Router::new().fallback(proxy::pass_on).with_state(proxy);
    let own = own.fallback_service(rest).method_not_allowed_fallback(edge::method_not_allowed);
    Front::edge(Edge::new(settings, given), Packed::new(own))
}

/// For services that the edge in another process calls: what no request may go without.
pub fn behind(router: Router) -> Front {
    Front::inside(router.fallback(edge::no_such_page).method_not_allowed_fallback(edge::method_not_allowed))
}
