//! How Souk speaks HTTP: routes that carry their policy and their documentation, extractors that
//! leave nothing unchecked, problem documents, tokens, idempotency.
//!
//! **To add a route**: write the handler with the extractors below, then one line in the service's
//! `api.rs`:
//!
//! ```ignore
//! Routes::new("orders").add(
//!     post("/api/v1/orders/{id}/cancel", cancel)
//!         .policy(Policy::Public)
//!         .doc("Call an order off", "Stock goes back on sale, what was paid is returned.")
//!         .returns::<OrderView>(200),
//! )
//! ```
//!
//! A route without `.policy(…)` makes [`Routes::build`] fail, and with it the start.

pub mod answer;
pub mod auth;
mod cards;
pub mod describe;
pub mod extract;
pub mod idempotency;
pub mod language;
pub mod merge;
pub mod openapi;
pub mod paper;
pub mod picture;
pub mod policy;
pub mod range;
pub mod routes;
#[cfg(test)]
mod tests;

pub use answer::{Answer, Failure, Versioned, created, json_bytes, no_content, not_modified};
pub use auth::{Auth, Authenticate, MaybeAuth, Scope, Verifier, Who};
pub use extract::{Body, ClientInfo, Idempotent, IfMatch, Language, Path, Prefer, Query, RawBody, StreamBody};
pub use idempotency::{Claim, IdempotencyKey, StoredAnswer};
pub use language::{InLanguage, Multilingual};
pub use paper::{PDF, paper};
pub use picture::{Alt, jpeg};
pub use policy::Policy;
pub use range::{AskedPart, Part};
pub use routes::{Described, Op, Routes, delete, get, patch, post, put};
