//! The hosted page, as simple as can be: a card that pays, one that does not, and the way back.

use axum::{
    Router,
    extract::{Path, State},
    response::{Html, IntoResponse, Redirect, Response},
    routing::get,
};
use http::StatusCode;

use super::{FakeStripe, objects::Card};

pub(super) fn routes() -> Router<FakeStripe> {
    Router::new().route("/c/pay/{id}", get(show)).route("/c/pay/{id}/{card}", get(pay).post(pay))
}

async fn show(State(fake): State<FakeStripe>, Path(id): Path<String>) -> Response {
    let Some(session) = fake.state().sessions.get(&id).cloned() else { return StatusCode::NOT_FOUND.into_response() };
    let base = format!("{}/c/pay/{id}", fake.inner.config.base_url);
    let (amount, currency, back) = (session.amount, session.currency.to_uppercase(), session.success_url);
    let button =
        |card: &str, text: &str| format!("<form method=post action=\"{base}/{card}\"><button>{text}</button></form>");
    let buttons = match session.status {
        "open" => {
            button("pm_card_visa", "Pay") + &button("pm_card_visa_chargeDeclined", "Pay with a card that is refused")
        }
        other => format!("<p>This page is {other}.</p>"),
    };
    let title = format!("{amount} {currency}");
    Html(format!(
        "<!doctype html><html lang=en><title>{title}</title><main><h1>{title} (hundredths)</h1>{buttons}<a href=\"{back}\">Back</a></main></html>"
    ))
    .into_response()
}

async fn pay(State(fake): State<FakeStripe>, Path((id, card)): Path<(String, String)>) -> Response {
    let Some(card) = Card::named(&card) else { return StatusCode::NOT_FOUND.into_response() };
    fake.pay(&id, card);
    let session = fake.state().sessions.get(&id).cloned();
    match session {
        Some(session) if session.status == "complete" => Redirect::to(&session.success_url).into_response(),
        Some(_) => Redirect::to(&format!("{}/c/pay/{id}", fake.inner.config.base_url)).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
