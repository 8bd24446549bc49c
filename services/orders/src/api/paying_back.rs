//! Paying back what the buyer keeps, or never got, or the delivery.

use std::sync::Arc;

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use contracts::orders::{AskedBy, AskedReturn, PayBack};
use kernel::{VendorId, VendorOrderId, VendorRole, VendorScope};
use souk_http::{Answer, Idempotent, Path, Policy, Routes, Scope, post};

use super::App;
use crate::{Orders, error::OrderError, ops::returns::pay_back, store};

pub(super) fn routes() -> Routes<Arc<Orders>> {
    Routes::new("orders")
        .add(
            post("/api/v1/vendors/{vendor_id}/orders/{id}/refunds", of_vendor)
                .policy(Policy::Vendor(VendorRole::Staff))
                .doc(
                    "Pay something back",
                    "Of a vendor's part of a paid order, for what the buyer keeps or never got: pieces that were sent or can be \
                     downloaded, with their share of promotions and tax, the delivery, or both. It becomes a return of the kind \
                     `kept`, whose money goes back like that of any other; the vendor bears it. Never more than was paid.",
                )
                .returns::<AskedReturn>(201),
        )
        .add(
            post("/api/v1/admin/vendor-orders/{id}/refunds", of_any)
                .policy(Policy::Admin)
                .doc("Pay something back for a vendor", "Of any vendor's part, which bears it. Otherwise as for vendors.")
                .returns::<AskedReturn>(201),
        )
}

async fn of_vendor(
    State(app): App,
    Scope(scope): Scope,
    Path((_, id)): Path<(VendorId, VendorOrderId)>,
    Idempotent { key, value }: Idempotent<PayBack>,
) -> Answer<Response> {
    Ok(pay_back(&app, (AskedBy::Vendor, scope), id, key, value).await?.into_response())
}

async fn of_any(
    State(app): App,
    Path(id): Path<VendorOrderId>,
    Idempotent { key, value }: Idempotent<PayBack>,
) -> Answer<Response> {
    let vendor_id = store::vendor_of(&app.db, id).await?.ok_or(OrderError::NotFound)?;
    let by = (AskedBy::Admin, VendorScope::of_system(vendor_id));
    Ok(pay_back(&app, by, id, key, value).await?.into_response())
}
