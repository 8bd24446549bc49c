//! What couriers do not collect, as vendors say.

use std::sync::Arc;

use axum::{extract::State, http::StatusCode};
use contracts::payments::NotCollected;
use kernel::{VendorId, VendorOrderId, VendorRole};
use souk_http::{Answer, Body, Path, Policy, Routes, Scope, no_content, post};

use super::App;
use crate::{Orders, error::OrderError, ops, store};

pub(super) fn routes() -> Routes<Arc<Orders>> {
    Routes::new("orders").add(
        post("/api/v1/vendors/{vendor_id}/orders/{id}/not-collected", not_collected)
            .policy(Policy::Vendor(VendorRole::Staff))
            .doc(
                "The buyer did not pay the courier",
                "Of an order that is paid on delivery and has no other vendor: it is called off although it has left, and nothing is \
                 booked. Once more is harmless. Where it has several vendors an admin says it, on the payment.",
            )
            .returns_empty(204),
    )
}

async fn not_collected(
    State(app): App,
    Scope(scope): Scope,
    Path((_, id)): Path<(VendorId, VendorOrderId)>,
    Body(input): Body<NotCollected>,
) -> Answer<StatusCode> {
    let order_id = store::withdrawals::order_of(&app.db, &scope, id).await?.ok_or(OrderError::NotFound)?;
    ops::not_collected(&app, order_id, input.reason).await?;
    Ok(no_content())
}
