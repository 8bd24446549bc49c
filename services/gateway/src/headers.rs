//! Header hygiene: what comes in is not believed, what goes out is hardened.

use std::net::IpAddr;

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};

/// Headers that name somebody or some place; only we may set them.
pub fn strip_identity(headers: &mut HeaderMap) {
    // Nearly every request has none of them: look before collecting.
    let forbidden = |name: &HeaderName| {
        let name = name.as_str();
        name.starts_with("x-user")
            || name.starts_with("x-tenant")
            || name.starts_with("x-vendor")
            || name.starts_with("x-forwarded")
            || name.starts_with("x-souk-")
            || matches!(name, "forwarded" | "x-real-ip" | "x-original-url" | "x-rewrite-url")
    };
    if headers.keys().any(forbidden) {
        let names: Vec<_> = headers.keys().filter(|name| forbidden(name)).cloned().collect();
        for name in names {
            headers.remove(name);
        }
    }
}

/// The client's address: the connection's, or what a trusted proxy says.
pub fn client_of(peer: IpAddr, headers: &HeaderMap, trusted: &[IpAddr]) -> IpAddr {
    if trusted.is_empty() || !trusted.contains(&peer) {
        return peer;
    }
    let forwarded = headers.get_all("x-forwarded-for").iter().filter_map(|v| v.to_str().ok());
    let chain: Vec<IpAddr> = forwarded.flat_map(|v| v.split(',')).filter_map(|a| a.trim().parse().ok()).collect();
    // From the right: the last address that is not one of our own proxies.
    chain.into_iter().rev().find(|a| !trusted.contains(a)).unwrap_or(peer)
}

/// What an answer has that sets nothing else: an API answer needs no content at all. Read once, not at each answer.
static DEFAULTS: [(HeaderName, HeaderValue); 5] = [
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"),
    ),
    (header::REFERRER_POLICY, HeaderValue::from_static("strict-origin-when-cross-origin")),
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
];

static ONLY_HTTPS: HeaderValue = HeaderValue::from_static("max-age=31536000; includeSubDomains");

/// Hardens an answer; what a route has set stays.
pub fn harden(headers: &mut HeaderMap, https: bool) {
    for (name, value) in &DEFAULTS {
        headers.entry(name).or_insert_with(|| value.clone());
    }
    if https {
        headers.entry(header::STRICT_TRANSPORT_SECURITY).or_insert_with(|| ONLY_HTTPS.clone());
    }
}
