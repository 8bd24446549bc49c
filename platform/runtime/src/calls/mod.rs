//! How services call each other: the callee's own router where it runs in this process, otherwise a
//! pooled connection to one of its instances.
//!
//! [`Directory`] knows the way to every service. [`Network`] is what lies between processes: for each
//! service an [`Upstream`], which chooses an instance, leaves out those that fail, and repeats what may
//! be repeated. [`tokens`] prove who calls; [`inbound`] is what the callee does with all that.

mod context;
mod directory;
pub mod inbound;
mod instance;
mod outgoing;
mod remote;
pub mod tokens;
mod upstream;

#[cfg(test)]
mod tests;

pub use directory::Directory;
pub(crate) use outgoing::{HttpClient, http_client};
pub use outgoing::{Outgoing, Payload, Reading, is_repeatable};
pub use remote::Network;
pub use tokens::ServiceTokens;
pub use upstream::Upstream;

use http::HeaderName;

/// Carries a [`ServiceTokens`] token.
pub const IDENTITY: HeaderName = HeaderName::from_static("x-souk-identity");
/// Milliseconds that the caller will still wait.
pub const DEADLINE: HeaderName = HeaderName::from_static("x-souk-deadline-ms");
/// On an answer: the instance is about to stop, ask another one next time.
pub const DRAINING: HeaderName = HeaderName::from_static("x-souk-draining");
/// The id under which a request is found in every log.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// W3C trace context.
pub const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");
