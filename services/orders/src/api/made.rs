//! Orders that admins make for buyers.

use std::sync::Arc;

use axum::{Json, extract::State, http::StatusCode};
use contracts::{
    orders::{MakeOrder, OrderView, QuoteForBuyer},
    pricing::Quote,
};
use souk_http::{Answer, Auth, Body, Idempotent, Policy, Routes, created, post};

use super::{App, view_of};
use crate::{Orders, ops};

pub(super) fn routes() -> Routes<Arc<Orders>> {
    Routes::new("orders")
        .add(
            post("/api/v1/admin/orders/quote", quote)
                .policy(Policy::Admin)
                .doc(
                    "What an order for a buyer costs",
                    "The prices, ways to ship and taxes that this buyer would be shown, and why.",
                )
                .returns::<Quote>(200),
        )
        .add(
            post("/api/v1/admin/orders", make)
                .policy(Policy::Admin)
                .doc(
                    "Make an order for a buyer",
                    "For an account, or for whoever an address belongs to. It is placed like any other: 409 `quote_changed` with \
                     the new quote if it costs something else now. The buyer gets a mail with the way to pay, and has \
                     `made_payment_hours` for that; as long everything is held.",
                )
                .returns::<OrderView>(201),
        )
}

async fn quote(State(app): App, Body(input): Body<QuoteForBuyer>) -> Answer<Json<Quote>> {
    Ok(Json(ops::quote_for_buyer(&app, input).await?))
}

async fn make(
    State(app): App,
    Auth(who): Auth,
    Idempotent { key, value }: Idempotent<MakeOrder>,
) -> Answer<(StatusCode, Json<OrderView>)> {
    let id = ops::make_order(&app, who.account_id, key, value).await?;
    Ok(created(view_of(&app, id).await?))
}
