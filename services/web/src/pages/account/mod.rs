//! The customer's account: registration, log-in, orders, wish list, reviews, profile, addresses, log-ins.

pub mod addresses;
pub mod credit;
pub mod enter;
pub mod erasure;
pub mod form;
pub mod links;
pub mod orders;
pub mod profile;
pub mod reviews;
pub mod sessions;
pub mod wishes;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    routing::{get, post},
};

use super::upload::PICTURE_MAX;
use crate::{
    app::App,
    ui::{Link, Tab, Tabs},
};

/// Pages of the account.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/login", get(enter::show_login).post(enter::log_in))
        .route("/logout", post(enter::log_out))
        .route("/register", get(enter::show_register).post(enter::register))
        .route("/verify", get(links::show_verify).post(links::verify))
        .route("/forgot", get(links::show_forgot).post(links::forgot))
        .route("/reset", get(links::show_reset).post(links::reset))
        .route("/setup", get(links::show_setup).post(links::setup))
        .route("/account", get(orders::show))
        .route("/account/verification", get(links::show_resend).post(links::resend))
        .route("/account/reviews", get(reviews::list))
        .route(
            "/account/reviews/{product_id}",
            get(reviews::show).post(reviews::write).layer(DefaultBodyLimit::max(PICTURE_MAX * reviews::PHOTOS_MAX)),
        )
        .route("/account/reviews/{product_id}/remove", post(reviews::remove))
        .route("/account/wishes", get(wishes::list).post(wishes::add))
        .route("/account/wishes/share", post(wishes::share))
        .route("/account/wishes/unshare", post(wishes::unshare))
        .route("/account/wishes/{variant}/remove", post(wishes::remove))
        .route("/account/credit", get(credit::show))
        .route("/account/profile", get(profile::show).post(profile::save))
        .route("/account/password", get(profile::show_password).post(profile::change_password))
        .route("/account/erase", get(erasure::show).post(erasure::erase))
        .route("/account/addresses", get(addresses::list))
        .route("/account/addresses/new", get(addresses::show_new).post(addresses::add))
        .route("/account/addresses/{id}", get(addresses::show).post(addresses::save))
        .route("/account/addresses/{id}/remove", post(addresses::remove))
        .route("/account/sessions", get(sessions::list))
        .route("/account/sessions/{id}/end", post(sessions::end))
}

/// The pages of the account beside each other; `here` is the one shown.
pub fn tabs(here: &str) -> Tabs {
    let all = [
        ("Orders", "/account"),
        ("Wish list", "/account/wishes"),
        ("Reviews", "/account/reviews"),
        ("Store credit", "/account/credit"),
        ("Profile", "/account/profile"),
        ("Addresses", "/account/addresses"),
        ("Log-ins", "/account/sessions"),
        ("Password", "/account/password"),
    ];
    let tab = |(text, href): (&str, &str)| Tab { link: Link::new(text, href), count: None, current: href == here };
    Tabs { label: "Your account".to_owned(), tabs: all.map(tab).to_vec() }
}
