//! The storefront.

pub mod cards;
pub mod cart;
pub mod checkout;
pub mod countries;
pub mod home;
pub mod listing;
pub mod order;
pub mod product;
pub mod stores;

use axum::{Router, routing::get};

use crate::app::App;

/// Pages of the storefront.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/", get(home::show))
        .route("/stores", get(stores::list))
        .route("/v/{slug}", get(stores::show))
}
