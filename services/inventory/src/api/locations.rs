//! Routes of locations.

use std::sync::Arc;

use axum::{Json, extract::State, http::StatusCode};
use contracts::inventory::{LocationInput, LocationOrder, LocationQuery, LocationView, NewLocation};
use kernel::{LocationId, VendorId};
use souk_http::{Answer, Body, Path, Query, Routes, Scope, created, get, post, put};

use super::{App, STAFF};
use crate::{Inventory, ops, store};

pub(super) fn routes() -> Routes<Arc<Inventory>> {
    Routes::new("inventory")
        .add(
            get("/api/v1/vendors/{vendor_id}/stock-locations", list)
                .policy(STAFF)
                .doc(
                    "A vendor's locations",
                    "Open ones first, in the order in which orders take goods from them. There is always a default one. `pieces` counts what is at each.",
                )
                .returns::<Vec<LocationView>>(200),
        )
        .add(
            post("/api/v1/vendors/{vendor_id}/stock-locations", add)
                .policy(STAFF)
                .doc("Add a location", "Orders take goods from it after all others.")
                .returns::<LocationView>(201),
        )
        .add(
            put("/api/v1/vendors/{vendor_id}/stock-locations/{location_id}", update)
                .policy(STAFF)
                .doc(
                    "Rename, close or open a location",
                    "It can be closed only while nothing is there, and the default one never. Its movements stay.",
                )
                .returns::<LocationView>(200),
        )
        .add(
            put("/api/v1/vendors/{vendor_id}/stock-location-order", order)
                .policy(STAFF)
                .doc(
                    "Set from where goods are taken first",
                    "Names each open location once. What is promised already is taken from where it was to be taken.",
                )
                .returns::<Vec<LocationView>>(200),
        )
}

async fn list(
    State(app): App,
    Scope(scope): Scope,
    Query(query): Query<LocationQuery>,
) -> Answer<Json<Vec<LocationView>>> {
    Ok(Json(store::locations::list(&app.db, &scope, query.pieces, app.clock.now()).await?))
}

async fn add(
    State(app): App,
    Scope(scope): Scope,
    Body(input): Body<NewLocation>,
) -> Answer<(StatusCode, Json<LocationView>)> {
    Ok(created(ops::add_location(&app, scope, input).await?))
}

async fn update(
    State(app): App,
    Scope(scope): Scope,
    Path((_, id)): Path<(VendorId, LocationId)>,
    Body(input): Body<LocationInput>,
) -> Answer<Json<LocationView>> {
    Ok(Json(ops::update_location(&app, scope, id, input).await?))
}

async fn order(
    State(app): App,
    Scope(scope): Scope,
    Body(input): Body<LocationOrder>,
) -> Answer<Json<Vec<LocationView>>> {
    Ok(Json(ops::order_locations(&app, scope, input).await?))
}
