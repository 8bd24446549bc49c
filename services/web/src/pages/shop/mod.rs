//! The storefront.

pub mod address;
pub mod again;
pub mod attempt;
pub mod billing;
pub mod cards;
pub mod cart;
pub mod checkout;
pub mod choice;
pub mod codes;
pub mod countries;
pub mod downloads;
pub mod exchanges;
pub mod home;
pub mod info;
pub mod listing;
pub mod live;
pub mod machine;
pub mod mailbox;
pub mod names;
pub mod narrowing;
pub mod notices;
pub mod order;
pub mod own_prices;
pub mod packages;
pub mod paging;
pub mod papers;
pub mod paying;
pub mod product;
mod return_notices;
pub mod returns;
pub mod reviews;
pub mod sell;
pub mod shortfalls;
pub mod site;
pub mod stored_value;
pub mod stores;
pub mod sums;
pub mod track;
pub mod wishes;
pub mod withdrawals;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    response::Redirect,
    routing::{get, post},
};

use contracts::orders::RETURN_PHOTOS_MAX;

use super::upload::PICTURE_MAX;
use crate::app::App;

/// Pages of the storefront.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/", get(home::show))
        .route("/c/{slug}", get(listing::category))
        .route("/search", get(listing::search))
        .route("/search/suggest", get(listing::suggest))
        .route("/p/{slug}", get(product::show))
        .route("/reviews/{id}/helpful", post(reviews::vote))
        .route("/reviews/{id}/report", get(reviews::show_report).post(reviews::report))
        .route("/stores", get(stores::list))
        .route("/vendors", get(async || Redirect::permanent("/stores")))
        .route("/v/{slug}", get(stores::show))
        .route("/cart", get(cart::show).post(cart::add))
        .route("/cart/country", post(cart::set_country))
        .route("/cart/codes", post(cart::add_code))
        .route("/cart/codes/remove", post(cart::remove_code))
        .route("/cart/{variant}", post(cart::set_quantity))
        .route("/cart/{variant}/remove", post(cart::remove))
        .route("/cart/{variant}/later", post(cart::keep_for_later))
        .route("/cart/{variant}/now", post(cart::want_now))
        .route("/w/{token}", get(wishes::show))
        .route("/notices", post(notices::ask))
        .route("/notices/confirm", get(notices::show_confirm).post(notices::confirm))
        .route("/notices/stop", get(notices::show_stop).post(notices::stop))
        .route("/notices/stop/one-click", get(notices::show_stop).post(notices::stop_at_once))
        .route("/cart/letters/stop", get(notices::show_stop_letters).post(notices::stop_letters))
        .route("/cart/letters/stop/one-click", get(notices::show_stop_letters).post(notices::stop_letters_at_once))
        .route("/checkout", get(checkout::show).post(checkout::place))
        .route("/checkout/quote", post(checkout::requote))
        .route("/orders/return/{attempt}", get(order::back))
        .route("/orders/{id}", get(order::show))
        .route("/orders/{id}/live", get(live::follow))
        .route("/orders/{id}/confirmation.pdf", get(papers::confirmation))
        .route("/orders/{id}/receipt.pdf", get(papers::receipt))
        .route("/orders/{id}/credit-notes/{number}", get(papers::credit_note))
        .route("/orders/{id}/downloads/{line_id}/{file_id}", get(downloads::fetch))
        .route("/orders/{id}/pay", get(order::pay).post(paying::another_way))
        .route("/orders/{id}/transfer", get(paying::transfer))
        .route("/orders/{id}/return", get(order::returned))
        .route("/orders/{id}/cancel", get(order::ask_cancel).post(order::cancel))
        .route("/orders/{id}/address", get(address::show).post(address::correct))
        .route("/orders/{id}/withdraw", get(withdrawals::new).post(withdrawals::withdraw))
        .route("/orders/{id}/again", post(again::order_again))
        .route(
            "/orders/{id}/returns/new",
            get(returns::new).post(returns::request).layer(DefaultBodyLimit::max(PICTURE_MAX * RETURN_PHOTOS_MAX)),
        )
        .route("/orders/{id}/returns/{return_id}", get(returns::show))
        .route("/orders/{id}/returns/{return_id}/label", get(returns::label))
        .route("/orders/{id}/returns/{return_id}/send", post(returns::send))
        .route("/orders/{id}/returns/{return_id}/cancel", post(returns::cancel))
        .route("/track", get(track::form))
        .route("/track/{token}", get(track::show))
        .route("/sell", get(sell::show).post(sell::apply))
        .route("/mailbox", get(mailbox::list))
        .route("/mailbox/{id}", get(mailbox::show))
        .route("/mailbox/{id}/html", get(mailbox::content))
        .route("/about", get(info::about))
        .route("/help/{topic}", get(info::help))
        .route("/preferences/theme", post(site::set_theme))
        .route("/preferences/currency", post(site::set_currency))
        .route("/favicon.svg", get(site::icon))
        .route("/favicon.ico", get(site::icon))
        .route("/robots.txt", get(site::robots))
        .route("/sitemap.xml", get(site::sitemap))
        .route("/sitemaps/{name}", get(site::part))
}
