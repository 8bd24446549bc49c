//! Administration.

pub mod home;

use axum::Router;

use crate::app::App;

/// Pages of the administration.
pub(crate) fn routes() -> Router<App> {
    Router::new()
}
