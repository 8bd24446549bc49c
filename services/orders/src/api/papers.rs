//! Papers as PDF.

use std::sync::Arc;

use ::papers::Paper;
use axum::{extract::State, response::Response};
use kernel::{OrderId, Result, VendorId, VendorOrderId, VendorRole};
use schemars::JsonSchema;
use serde::Deserialize;
use souk_http::{Answer, Language, MaybeAuth, PDF, Path, Policy, Query, Routes, Scope, get};

use super::App;
use crate::{Orders, access::OrderToken, ops};

/// Which parcel.
#[derive(Debug, Default, Deserialize, JsonSchema)]
struct SlipQuery {
    /// Only what lies in this one: 1 for the first that was handed over. What is still to be handed over if left out,
    /// or all of it once all has left.
    #[serde(default)]
    parcel: Option<i64>,
}

pub fn routes() -> Routes<Arc<Orders>> {
    Routes::new("orders")
        .add(
            get("/api/v1/orders/{id}/confirmation.pdf", confirmation)
                .policy(Policy::Public)
                .doc("An order's confirmation as PDF", "For its account, whoever holds its `Order-Token`, and admins.")
                .returns_media(200, PDF),
        )
        .add(
            get("/api/v1/orders/{id}/receipt.pdf", receipt)
                .policy(Policy::Public)
                .doc(
                    "An order's receipt as PDF",
                    "Once it is paid; 409 `not_paid` before. Papers are in the language the order was placed in; in English numbers \
                     are written by the conventions of `Accept-Language`.",
                )
                .returns_media(200, PDF),
        )
        .add(
            get("/api/v1/orders/{id}/credit-notes/{number}", credit_note)
                .policy(Policy::Public)
                .doc("A credit note as PDF", "Its number is in the order's `refunds`: one for each time money went back.")
                .returns_media(200, PDF),
        )
        .add(
            get("/api/v1/vendors/{vendor_id}/orders/{id}/packing-slip.pdf", packing_slip)
                .policy(Policy::Vendor(VendorRole::Staff))
                .doc("A packing slip as PDF", "What lies in the parcel and where it goes, without prices.")
                .returns_media(200, PDF),
        )
        .add(
            get("/api/v1/admin/vendor-orders/{id}/packing-slip.pdf", any_packing_slip)
                .policy(Policy::Admin)
                .doc("Any vendor's packing slip as PDF", "As its vendor gets it.")
                .returns_media(200, PDF),
        )
}

fn file(paper: &Paper) -> Result<Response> {
    souk_http::paper(&paper.file_name(), paper.pdf())
}

async fn confirmation(
    State(app): App,
    MaybeAuth(who): MaybeAuth,
    token: OrderToken,
    Language(locale): Language,
    Path(id): Path<OrderId>,
) -> Answer<Response> {
    app.admit(id, who.as_deref(), &token).await?;
    Ok(file(&ops::papers::confirmation(&app, id, locale).await?)?)
}

async fn receipt(
    State(app): App,
    MaybeAuth(who): MaybeAuth,
    token: OrderToken,
    Language(locale): Language,
    Path(id): Path<OrderId>,
) -> Answer<Response> {
    app.admit(id, who.as_deref(), &token).await?;
    Ok(file(&ops::papers::receipt(&app, id, locale).await?)?)
}

async fn credit_note(
    State(app): App,
    MaybeAuth(who): MaybeAuth,
    token: OrderToken,
    Language(locale): Language,
    Path((id, number)): Path<(OrderId, String)>,
) -> Answer<Response> {
    app.admit(id, who.as_deref(), &token).await?;
    Ok(file(&ops::papers::credit_note(&app, id, &number, locale).await?)?)
}

async fn packing_slip(
    State(app): App,
    Scope(scope): Scope,
    Language(locale): Language,
    Path((_, id)): Path<(VendorId, VendorOrderId)>,
    Query(query): Query<SlipQuery>,
) -> Answer<Response> {
    Ok(file(&ops::papers::packing_slip(&app, &scope, id, query.parcel, locale).await?)?)
}

async fn any_packing_slip(
    State(app): App,
    Language(locale): Language,
    Path(id): Path<VendorOrderId>,
    Query(query): Query<SlipQuery>,
) -> Answer<Response> {
    Ok(file(&ops::papers::any_packing_slip(&app, id, query.parcel, locale).await?)?)
}
