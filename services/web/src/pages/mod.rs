//! The pages: what each one shows, as plain structs over templates, and the handlers that fill them;
//! one file per page.

pub mod account;
pub mod admin;
pub mod components;
pub mod portal;
pub mod shop;
pub mod upload;
pub mod vendor;

use axum::{
    Router,
    http::Uri,
    response::{IntoResponse, Response},
    routing::{any, get},
};
use kernel::{Error, Kind};
use souk_http::Failure;

use crate::{
    app::App,
    assets,
    render::{Refusal, WRONG_METHOD},
};

/// All pages.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .merge(shop::routes())
        .merge(account::routes())
        .merge(vendor::routes())
        .merge(admin::routes())
        .route("/assets/{*name}", get(assets::serve))
        .route("/{*path}", any(nothing_here))
        .method_not_allowed_fallback(wrong_method)
}

/// A page that exists, asked for in a way it does not know.
async fn wrong_method() -> Refusal {
    Refusal(Error::new(Kind::Malformed, WRONG_METHOD, "This address cannot be used that way."))
}

/// What no page answers. Programs are told in their own language.
async fn nothing_here(uri: Uri) -> Response {
    let error = Error::not_found("page");
    let for_programs = ["/api/", "/internal/", "/webhooks/", "/health/", "/.well-known/", "/media/"];
    if for_programs.iter().any(|prefix| uri.path().starts_with(prefix)) {
        Failure(error).into_response()
    } else {
        Refusal(error).into_response()
    }
}
