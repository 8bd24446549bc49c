//! The vendor portal.

pub mod home;
pub mod products;

use axum::Router;

use crate::app::App;

/// Pages of the portal.
pub(crate) fn routes() -> Router<App> {
    Router::new()
}
