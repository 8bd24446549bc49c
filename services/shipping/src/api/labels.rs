//! Routes around carriers: where parcels come from, labels, and what carriers tell.

use std::sync::Arc;

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::Response,
};
use contracts::{
    carriers::{BuyLabel, LabelView, PartLabels, SenderView},
    shared::Address,
    shipping::ShipmentView,
};
use kernel::{LabelId, OrderId, Page, PageRequest, ReturnId, VendorId, VendorOrderId, VendorRole};
use souk_http::{
    Answer, Body, IfMatch, PDF, Path, Policy, Query, RawBody, Routes, Scope, Versioned, get, no_content, post, put,
};

use crate::{Shipping, ops};

type App = State<Arc<Shipping>>;

/// Largest event of a carrier: it tells a parcel's whole way each time.
const WEBHOOK_BYTES: usize = 256 * 1024;

pub(super) fn routes() -> Routes<Arc<Shipping>> {
    vendors().extend(others())
}

fn vendors() -> Routes<Arc<Shipping>> {
    let staff = Policy::Vendor(VendorRole::Staff);
    Routes::new("shipping")
        .add(
            get("/api/v1/vendors/{vendor_id}/sender", sender)
                .policy(staff)
                .doc("Read where parcels come from", "Without an address no labels can be bought.")
                .returns::<SenderView>(200),
        )
        .add(
            put("/api/v1/vendors/{vendor_id}/sender", set_sender)
                .policy(staff)
                .doc("Say where parcels come from", "Carriers print it on labels, and bring back there what cannot be delivered.")
                .returns::<SenderView>(200),
        )
        .add(
            get("/api/v1/vendors/{vendor_id}/orders/{vendor_order_id}/labels", part_labels)
                .policy(staff)
                .doc("List the labels of an order", "Newest first; and whether labels can be bought at all.")
                .returns::<PartLabels>(200),
        )
        .add(
            post("/api/v1/vendors/{vendor_id}/orders/{vendor_order_id}/labels", buy_label)
                .policy(staff)
                .doc(
                    "Buy a label",
                    "For the parcel that is to be packed. The carrier is asked at once, but not waited for: read the labels of \
                     the order again. The same call again gives the same label, until it was given back.",
                )
                .returns::<LabelView>(202),
        )
        .add(
            get("/api/v1/vendors/{vendor_id}/returns/{return_id}/labels", return_labels)
                .policy(staff)
                .doc("List the labels of a return", "Newest first; and whether labels can be bought at all.")
                .returns::<PartLabels>(200),
        )
        .add(
            post("/api/v1/vendors/{vendor_id}/returns/{return_id}/labels", buy_return_label)
                .policy(staff)
                .doc(
                    "Buy a label for a return",
                    "From its buyer to where the vendor's parcels come from. Once it can be printed, the buyer is told and finds it \
                     with the return. Given back by itself if nothing comes back. The same call again gives the same label.",
                )
                .returns::<LabelView>(202),
        )
        .add(
            get("/api/v1/vendors/{vendor_id}/labels", list_labels)
                .policy(staff)
                .doc("List labels", "Newest first, with what the buyer has paid for the delivery.")
                .returns::<Page<LabelView>>(200),
        )
        .add(
            post("/api/v1/vendors/{vendor_id}/labels/{id}/cancel", cancel_label)
                .policy(staff)
                .doc("Give a label back", "One that was not used. The same call again changes nothing.")
                .returns::<LabelView>(202),
        )
        .add(
            get("/api/v1/vendors/{vendor_id}/labels/{id}/paper", paper)
                .policy(staff)
                .doc("Print a label", "PDF, or PNG where the carrier has no other.")
                .returns_media(200, PDF),
        )
}

fn others() -> Routes<Arc<Shipping>> {
    Routes::new("shipping")
        .add(
            get("/api/v1/admin/orders/{order_id}/shipments", parcels_of_order)
                .policy(Policy::Admin)
                .doc("List the parcels of an order", "Of all its vendors, with what carriers say of them.")
                .returns::<Vec<ShipmentView>>(200),
        )
        .add(
            post("/webhooks/carriers/{carrier}", webhook)
                .policy(Policy::Public)
                .doc("Events of a carrier", "Signed by the carrier.")
                .consumes(&["application/json"], WEBHOOK_BYTES)
                .returns_empty(204)
                .hidden(),
        )
}

async fn sender(State(app): App, Scope(scope): Scope) -> Answer<Versioned<SenderView>> {
    let view = ops::senders::sender(&app, &scope).await?;
    Ok(Versioned(view.version, view))
}

async fn set_sender(
    State(app): App,
    Scope(scope): Scope,
    seen: IfMatch,
    Body(input): Body<Address>,
) -> Answer<Versioned<SenderView>> {
    let view = ops::senders::set_sender(&app, scope, seen, input).await?;
    Ok(Versioned(view.version, view))
}

async fn part_labels(
    State(app): App,
    Scope(scope): Scope,
    Path((_, part)): Path<(VendorId, VendorOrderId)>,
) -> Answer<Json<PartLabels>> {
    Ok(Json(ops::labels::part_labels(&app, &scope, part).await?))
}

async fn buy_label(
    State(app): App,
    Scope(scope): Scope,
    Path((_, part)): Path<(VendorId, VendorOrderId)>,
    Body(input): Body<BuyLabel>,
) -> Answer<(StatusCode, Json<LabelView>)> {
    let view = ops::labels::order_label(&app, scope, part, input).await?;
    Ok((StatusCode::ACCEPTED, Json(view)))
}

async fn return_labels(
    State(app): App,
    Scope(scope): Scope,
    Path((_, of)): Path<(VendorId, ReturnId)>,
) -> Answer<Json<PartLabels>> {
    Ok(Json(ops::return_labels::labels(&app, &scope, of).await?))
}

async fn buy_return_label(
    State(app): App,
    Scope(scope): Scope,
    Path((_, of)): Path<(VendorId, ReturnId)>,
    Body(input): Body<BuyLabel>,
) -> Answer<(StatusCode, Json<LabelView>)> {
    let view = ops::return_labels::order_label(&app, scope, of, input).await?;
    Ok((StatusCode::ACCEPTED, Json(view)))
}

async fn list_labels(
    State(app): App,
    Scope(scope): Scope,
    Query(page): Query<PageRequest>,
) -> Answer<Json<Page<LabelView>>> {
    Ok(Json(ops::labels::list_labels(&app, &scope, &page).await?))
}

async fn cancel_label(
    State(app): App,
    Scope(scope): Scope,
    Path((_, id)): Path<(VendorId, LabelId)>,
) -> Answer<(StatusCode, Json<LabelView>)> {
    let view = ops::labels::cancel_label(&app, scope, id).await?;
    Ok((StatusCode::ACCEPTED, Json(view)))
}

async fn paper(State(app): App, Scope(scope): Scope, Path((_, id)): Path<(VendorId, LabelId)>) -> Answer<Response> {
    let (name, content) = ops::labels::paper(&app, &scope, id).await?;
    let ending = name.rsplit('.').next().unwrap_or_default();
    Ok(souk_http::paper(&format!("label-{id}.{ending}"), content)?)
}

async fn parcels_of_order(State(app): App, Path(order): Path<OrderId>) -> Answer<Json<Vec<ShipmentView>>> {
    Ok(Json(ops::follow::parcels_of_order(&app, order).await?))
}

async fn webhook(
    State(app): App,
    Path(carrier): Path<String>,
    headers: HeaderMap,
    RawBody(body): RawBody,
) -> Answer<StatusCode> {
    ops::follow::receive(&app, &carrier, &headers, &body).await?;
    Ok(no_content())
}
