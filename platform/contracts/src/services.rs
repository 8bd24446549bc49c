//! Which services there are, and what one says of itself to the edge.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Every service with tables of its own, in the order in which they start and are documented.
pub const SERVICES: &[&str] = &[
    "identity",
    "vendors",
    "catalog",
    "inventory",
    "pricing",
    "search",
    "cart",
    "orders",
    "payments",
    "shipping",
    "reviews",
    "notifications",
    "analytics",
    "web",
];

/// Who calls without being a service with tables: the edge, and what runs every process.
const OTHERS: &[&str] = &["gateway", "runtime", "operations"];

/// The name as the program knows it; `None` for what is no part of Souk.
pub fn known(name: &str) -> Option<&'static str> {
    SERVICES.iter().chain(OTHERS).copied().find(|known| *known == name)
}

/// What a service answers, so that the edge can send requests its way.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Served {
    /// Operations that may be reached through the edge.
    pub routes: Vec<Route>,
    /// Paths below which everything is its (`/sandbox`), without a look at tokens.
    pub below: Vec<String>,
    /// True if it answers whatever nobody else does: the pages.
    pub pages: bool,
    /// Its OpenAPI document.
    pub document: Value,
}

/// One operation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Route {
    /// Method, in capitals.
    pub method: String,
    /// Path with its parameters in braces.
    pub path: String,
}
