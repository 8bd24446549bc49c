//! The pages on which the buyer agrees and a seller connects its account, as simple as can be.

use std::collections::BTreeMap;

use axum::{
    Router,
    extract::{Query, State},
    response::{Html, IntoResponse, Redirect, Response},
    routing::get,
};
use http::StatusCode;

use super::{FakePayPal, Source};

pub(super) fn routes() -> Router<FakePayPal> {
    Router::new()
        .route("/checkoutnow", get(show).post(agree))
        .route("/bizsignup/partner/entry", get(welcome).post(connect))
}

/// `token` is the order, `source` where its money comes from.
type Asked = Query<BTreeMap<String, String>>;

async fn show(State(fake): State<FakePayPal>, Query(asked): Asked) -> Response {
    let token = asked.get("token").map_or("", String::as_str);
    let Some(order) = fake.state().orders.get(token).cloned() else { return StatusCode::NOT_FOUND.into_response() };
    let base = format!("{}/checkoutnow?token={}", fake.inner.config.base_url, order.id);
    let button = |source: &str, text: &str| {
        format!("<form method=post action=\"{base}{source}\"><button>{text}</button></form>")
    };
    let buttons = button("", "Agree") + &button("&source=declined", "Agree with a card that is refused");
    let title = format!("{}.{:02} {}", order.total() / 100, order.total() % 100, order.currency);
    Html(format!(
        "<!doctype html><html lang=en><title>{title}</title><main><h1>{title}</h1>{buttons}<a href=\"{}\">Back</a></main></html>",
        order.return_url
    ))
    .into_response()
}

async fn agree(State(fake): State<FakePayPal>, Query(asked): Asked) -> Response {
    let token = asked.get("token").map_or("", String::as_str);
    let source = match asked.get("source").map(String::as_str) {
        None => Source::Good,
        Some("declined") => Source::Declined,
        Some(_) => return StatusCode::NOT_FOUND.into_response(),
    };
    if !fake.approve(token, source) {
        return StatusCode::NOT_FOUND.into_response();
    }
    let order = fake.state().orders.get(token).cloned();
    order.map_or_else(|| StatusCode::NOT_FOUND.into_response(), |order| Redirect::to(&order.return_url).into_response())
}

async fn welcome() -> Html<&'static str> {
    Html(
        "<!doctype html><html lang=en><title>Connect</title><main><h1>Connect</h1><form method=post><button>Allow</button></form></main></html>",
    )
}

/// `referralToken` is the platform's name for the seller, who comes back with an account.
async fn connect(State(fake): State<FakePayPal>, Query(asked): Asked) -> Response {
    let tracking = asked.get("referralToken").map_or("", String::as_str);
    let known = fake.state().referrals.get(tracking).cloned();
    let Some(back) = known else { return StatusCode::NOT_FOUND.into_response() };
    let account = fake.state().seller_id();
    fake.connect(tracking, &account);
    Redirect::to(&back).into_response()
}
