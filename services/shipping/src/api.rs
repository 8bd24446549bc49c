//! Routes and thin handlers.

mod labels;

use std::sync::Arc;

use axum::{Json, extract::State, http::StatusCode};
use contracts::shipping::{MarkShipped, MethodInput, MethodView, RateView, ShipmentView, TrackingView};
use kernel::{Page, PageRequest, ShipmentId, ShippingMethodId, VendorId, VendorOrderId, VendorRole};
use souk_http::{
    Answer, Body, IfMatch, Path, Policy, Query, Routes, Scope, Versioned, created, delete, get, no_content, post, put,
};

use crate::{Shipping, error::ShippingError, ops, store};

type App = State<Arc<Shipping>>;

pub(crate) fn routes() -> Routes<Arc<Shipping>> {
    method_routes().extend(shipment_routes()).extend(labels::routes())
}

fn method_routes() -> Routes<Arc<Shipping>> {
    let staff = Policy::Vendor(VendorRole::Staff);
    Routes::new("shipping")
        .add(
            get("/api/v1/stores/{vendor_id}/shipping-rates", rates)
                .policy(Policy::Public)
                .doc("List an open store's shipping rates", "Cheapest first.")
                .returns::<Vec<RateView>>(200),
        )
        .add(
            get("/api/v1/vendors/{vendor_id}/shipping-methods", list_methods)
                .policy(staff)
                .doc("List ways to ship", "Oldest first; at most 20.")
                .returns::<Vec<MethodView>>(200),
        )
        .add(
            post("/api/v1/vendors/{vendor_id}/shipping-methods", add_method)
                .policy(staff)
                .doc(
                    "Add a way to ship",
                    "Buyers can choose it for the countries it names, or everywhere if it names none.",
                )
                .returns::<MethodView>(201),
        )
        .add(
            put("/api/v1/vendors/{vendor_id}/shipping-methods/{id}", update_method)
                .policy(staff)
                .doc("Change a way to ship", "Orders already placed keep what was agreed.")
                .returns::<MethodView>(200),
        )
        .add(
            delete("/api/v1/vendors/{vendor_id}/shipping-methods/{id}", remove_method)
                .policy(staff)
                .doc("Remove a way to ship", "Without any, nothing of the store can be ordered.")
                .returns_empty(204),
        )
}

fn shipment_routes() -> Routes<Arc<Shipping>> {
    let staff = Policy::Vendor(VendorRole::Staff);
    Routes::new("shipping")
        .add(
            get("/api/v1/vendors/{vendor_id}/shipments", list_shipments)
                .policy(staff)
                .doc("List parcels", "Newest first.")
                .returns::<Page<ShipmentView>>(200),
        )
        .add(
            get("/api/v1/vendors/{vendor_id}/orders/{vendor_order_id}/shipments", parcels)
                .policy(staff)
                .doc("List the parcels of an order", "The first one first; the last may be still to be packed.")
                .returns::<Vec<ShipmentView>>(200),
        )
        .add(
            get("/api/v1/vendors/{vendor_id}/orders/{vendor_order_id}/shipment", shipment)
                .policy(staff)
                .doc(
                    "Read the parcel of an order",
                    "The one that is to be packed, with all that is left; the last one once all has left. It is there once \
                     the order is paid.",
                )
                .returns::<ShipmentView>(200),
        )
        .add(
            post("/api/v1/vendors/{vendor_id}/orders/{vendor_order_id}/shipment/ship", ship)
                .policy(staff)
                .doc(
                    "Hand a parcel over",
                    "With all that is left, or with the `lines` that are named: the rest goes with later parcels. The same \
                     call again gives the same answer; what has left already is refused. Of what its buyer fetches \
                     (`pickup`) it says that it is ready: without carrier and number, the answer has the code that \
                     the buyer shows.",
                )
                .returns::<ShipmentView>(200),
        )
        .add(
            post("/api/v1/vendors/{vendor_id}/orders/{vendor_order_id}/shipment/deliver", deliver)
                .policy(staff)
                .doc(
                    "Mark the parcel of an order as arrived",
                    "The same call again gives the same answer. Of several parcels each has to be named by its id.",
                )
                .returns::<ShipmentView>(200),
        )
        .add(
            post("/api/v1/vendors/{vendor_id}/shipments/{id}/deliver", deliver_parcel)
                .policy(staff)
                .doc(
                    "Mark a parcel as arrived",
                    "The same call again gives the same answer. An order has arrived when all its parcels have.",
                )
                .returns::<ShipmentView>(200),
        )
        .add(
            get("/api/v1/tracking/{token}", track)
                .policy(Policy::Public)
                .doc("Follow a parcel", "For everybody with the link; it names nobody.")
                .returns::<TrackingView>(200),
        )
}

async fn rates(State(app): App, Path(vendor_id): Path<VendorId>) -> Answer<Json<Vec<RateView>>> {
    let methods = store::methods::of_open_store(&app.db, vendor_id).await?.ok_or(ShippingError::StoreNotFound)?;
    Ok(Json(methods.iter().map(|method| method.rate()).collect()))
}

async fn list_methods(State(app): App, Scope(scope): Scope) -> Answer<Json<Vec<MethodView>>> {
    let methods = store::methods::list(&app.db, &scope).await?;
    Ok(Json(methods.iter().map(|method| method.view()).collect()))
}

async fn add_method(
    State(app): App,
    Scope(scope): Scope,
    Body(input): Body<MethodInput>,
) -> Answer<(StatusCode, Json<MethodView>)> {
    Ok(created(ops::change_methods::add_method(&app, scope, input).await?))
}

async fn update_method(
    State(app): App,
    Scope(scope): Scope,
    Path((_, id)): Path<(VendorId, ShippingMethodId)>,
    seen: IfMatch,
    Body(input): Body<MethodInput>,
) -> Answer<Versioned<MethodView>> {
    let view = ops::change_methods::update_method(&app, scope, id, seen, input).await?;
    Ok(Versioned(view.version, view))
}

async fn remove_method(
    State(app): App,
    Scope(scope): Scope,
    Path((_, id)): Path<(VendorId, ShippingMethodId)>,
    seen: IfMatch,
) -> Answer<StatusCode> {
    ops::change_methods::remove_method(&app, scope, id, seen).await?;
    Ok(no_content())
}

async fn list_shipments(
    State(app): App,
    Scope(scope): Scope,
    Query(page): Query<PageRequest>,
) -> Answer<Json<Page<ShipmentView>>> {
    Ok(Json(ops::list_shipments::list_shipments(&app, &scope, &page).await?))
}

async fn shipment(
    State(app): App,
    Scope(scope): Scope,
    Path((_, part)): Path<(VendorId, VendorOrderId)>,
) -> Answer<Versioned<ShipmentView>> {
    let parcels = store::shipments::all_of_part(&app.db, &scope, part).await?;
    // Only the last one can be still to be packed.
    let view = parcels.last().ok_or(ShippingError::ShipmentNotFound)?.view(&app.tokens);
    let view = ops::follow::with_scans(&app, vec![view]).await?.pop().ok_or(ShippingError::ShipmentNotFound)?;
    Ok(Versioned(view.version, view))
}

async fn parcels(
    State(app): App,
    Scope(scope): Scope,
    Path((_, part)): Path<(VendorId, VendorOrderId)>,
) -> Answer<Json<Vec<ShipmentView>>> {
    let parcels = store::shipments::all_of_part(&app.db, &scope, part).await?;
    if parcels.is_empty() {
        return Err(ShippingError::ShipmentNotFound.into());
    }
    let views = parcels.iter().map(|parcel| parcel.view(&app.tokens)).collect();
    Ok(Json(ops::follow::with_scans(&app, views).await?))
}

async fn deliver_parcel(
    State(app): App,
    Scope(scope): Scope,
    Path((_, id)): Path<(VendorId, ShipmentId)>,
    seen: IfMatch,
) -> Answer<Versioned<ShipmentView>> {
    let view = ops::advance_shipment::deliver_parcel(&app, scope, id, seen).await?;
    Ok(Versioned(view.version, view))
}

async fn ship(
    State(app): App,
    Scope(scope): Scope,
    Path((_, part)): Path<(VendorId, VendorOrderId)>,
    seen: IfMatch,
    Body(input): Body<MarkShipped>,
) -> Answer<Versioned<ShipmentView>> {
    let view = ops::advance_shipment::ship(&app, scope, part, seen, input).await?;
    Ok(Versioned(view.version, view))
}

async fn deliver(
    State(app): App,
    Scope(scope): Scope,
    Path((_, part)): Path<(VendorId, VendorOrderId)>,
    seen: IfMatch,
) -> Answer<Versioned<ShipmentView>> {
    let view = ops::advance_shipment::deliver(&app, scope, part, seen).await?;
    Ok(Versioned(view.version, view))
}

async fn track(State(app): App, Path(token): Path<String>) -> Answer<Json<TrackingView>> {
    Ok(Json(ops::track::track(&app, &token).await?))
}
