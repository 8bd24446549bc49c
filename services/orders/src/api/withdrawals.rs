//! Taking pieces out of an order before they are handed over.

use std::sync::Arc;

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use contracts::orders::{ItemsWithdrawn, WithdrawItems};
use kernel::{OrderId, VendorId, VendorOrderId, VendorRole};
use souk_http::{Answer, Idempotent, MaybeAuth, Path, Policy, Routes, Scope, post};

use super::App;
use crate::{
    Orders,
    access::{OrderToken, Seen},
    error::OrderError,
    ops::returns::{Asker, withdraw},
    store,
};

pub(super) fn routes() -> Routes<Arc<Orders>> {
    Routes::new("orders")
        .add(
            post("/api/v1/orders/{id}/withdrawals", of_order)
                .policy(Policy::Public)
                .doc(
                    "Take items out of an order",
                    "Of a paid order, what was not handed over yet, of as many vendors as one likes, all of it or none: it becomes \
                     one return of the kind `withdrawal` per vendor, settled a moment later. What was paid for these pieces goes back, \
                     with the shipping of a part of which nothing is sent; promotions are not counted anew. If nothing would be left \
                     of an order of which nothing has left, it is called off. For the order's account, whoever holds its \
                     `Order-Token`, and admins.",
                )
                .returns::<ItemsWithdrawn>(201),
        )
        .add(
            post("/api/v1/vendors/{vendor_id}/orders/{id}/withdrawals", of_vendor)
                .policy(Policy::Vendor(VendorRole::Staff))
                .doc(
                    "Take items out of a vendor's order",
                    "What the vendor cannot send; the buyer is told, and gets the money back. Otherwise as for buyers.",
                )
                .returns::<ItemsWithdrawn>(201),
        )
}

async fn of_order(
    State(app): App,
    MaybeAuth(who): MaybeAuth,
    token: OrderToken,
    Path(id): Path<OrderId>,
    Idempotent { key, value }: Idempotent<WithdrawItems>,
) -> Answer<Response> {
    let asker = match app.admit(id, who.as_deref(), &token).await? {
        Seen::AsBuyer => Asker::Buyer,
        Seen::AsAdmin => Asker::Admin,
    };
    Ok(withdraw(&app, asker, id, key, value).await?.into_response())
}

async fn of_vendor(
    State(app): App,
    Scope(scope): Scope,
    Path((_, id)): Path<(VendorId, VendorOrderId)>,
    Idempotent { key, value }: Idempotent<WithdrawItems>,
) -> Answer<Response> {
    let order_id = store::withdrawals::order_of(&app.db, &scope, id).await?.ok_or(OrderError::NotFound)?;
    Ok(withdraw(&app, Asker::Vendor(scope, id), order_id, key, value).await?.into_response())
}
