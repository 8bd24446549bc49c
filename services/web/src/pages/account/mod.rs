//! The customer's account: registration, log-in, orders, reviews, profile, addresses, log-ins.

use axum::Router;

use crate::app::App;

/// Pages of the account.
pub(crate) fn routes() -> Router<App> {
    Router::new()
}
