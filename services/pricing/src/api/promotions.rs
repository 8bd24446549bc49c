//! Routes of promotions: a vendor's own, all of them for admins, and the hold for `orders`.

use axum::{Json, extract::State, http::StatusCode};
use contracts::promotions::{Held, HoldPromotions, PromotionInput, PromotionNotice, PromotionView};
use kernel::{Page, PageRequest, PromotionId, VendorId, VendorRole};
use souk_http::{
    Answer, Body, IfMatch, Path, Policy, Query, Routes, Scope, Versioned, created, delete, get, no_content, post, put,
};

use super::App;
use crate::{Pricing, ops, store};

const CREATED: &str = "With a `code` buyers have to type it, without one it applies by itself. Those that are not \
    `exclusive` are applied by `priority`, each to what is left; an exclusive one stands alone and is taken if that is \
    better for the buyer. Limits hold exactly: each order counts from its placement until it is called off.";

pub(super) fn routes() -> Routes<std::sync::Arc<Pricing>> {
    of_vendors().extend(of_admins()).add(
        get("/api/v1/promotions", advertised)
            .policy(Policy::Public)
            .doc("Promotions of the shop", "Those that are shown to everybody, at most 20, those that end first first.")
            .returns::<Vec<PromotionNotice>>(200),
    )
}

fn of_vendors() -> Routes<std::sync::Arc<Pricing>> {
    let staff = Policy::Vendor(VendorRole::Staff);
    Routes::new("pricing")
        .add(
            get("/api/v1/vendors/{vendor_id}/promotions", list_own)
                .policy(staff)
                .doc("List a vendor's promotions", "Newest first, with what was used of each.")
                .returns::<Page<PromotionView>>(200),
        )
        .add(
            post("/api/v1/vendors/{vendor_id}/promotions", create_own)
                .policy(staff)
                .doc("Create a promotion of a vendor", CREATED)
                .returns::<PromotionView>(201),
        )
        .add(
            get("/api/v1/vendors/{vendor_id}/promotions/{id}", get_own)
                .policy(staff)
                .doc("Read a promotion of a vendor", "With its version as `ETag`.")
                .returns::<PromotionView>(200),
        )
        .add(
            put("/api/v1/vendors/{vendor_id}/promotions/{id}", update_own)
                .policy(staff)
                .doc("Change a promotion of a vendor", "Counts for quotes made from now on.")
                .returns::<PromotionView>(200),
        )
        .add(
            delete("/api/v1/vendors/{vendor_id}/promotions/{id}", remove_own)
                .policy(staff)
                .doc("End a promotion of a vendor", "Orders that have it keep it. Its code is free again.")
                .returns_empty(204),
        )
}

fn of_admins() -> Routes<std::sync::Arc<Pricing>> {
    Routes::new("pricing")
        .add(
            get("/api/v1/admin/promotions", list_all)
                .policy(Policy::Admin)
                .doc("List all promotions", "The platform's and the vendors', newest first.")
                .returns::<Page<PromotionView>>(200),
        )
        .add(
            post("/api/v1/admin/promotions", create)
                .policy(Policy::Admin)
                .doc("Create a promotion of the platform", CREATED)
                .returns::<PromotionView>(201),
        )
        .add(
            get("/api/v1/admin/promotions/{id}", get_any)
                .policy(Policy::Admin)
                .doc("Read any promotion", "With its version as `ETag`.")
                .returns::<PromotionView>(200),
        )
        .add(
            put("/api/v1/admin/promotions/{id}", update_any)
                .policy(Policy::Admin)
                .doc("Change any promotion", "Counts for quotes made from now on. A vendor's stays that vendor's.")
                .returns::<PromotionView>(200),
        )
        .add(
            delete("/api/v1/admin/promotions/{id}", remove_any)
                .policy(Policy::Admin)
                .doc("End any promotion", "Orders that have it keep it. Its code is free again.")
                .returns_empty(204),
        )
        .add(
            post("/internal/promotions/hold", hold)
                .policy(Policy::Service)
                .doc("Hold an order's promotions", "All or none, once per order.")
                .returns::<Held>(200),
        )
}

async fn advertised(State(app): App) -> Answer<Json<Vec<PromotionNotice>>> {
    Ok(Json(ops::promotions::advertised(&app).await?))
}

async fn list_own(
    State(app): App,
    Scope(scope): Scope,
    Query(page): Query<PageRequest>,
) -> Answer<Json<Page<PromotionView>>> {
    Ok(Json(ops::promotions::list(&app, Some(scope), &page).await?))
}

async fn create_own(
    State(app): App,
    Scope(scope): Scope,
    Body(input): Body<PromotionInput>,
) -> Answer<(StatusCode, Json<PromotionView>)> {
    Ok(created(ops::promotions::create(&app, Some(scope), input).await?))
}

async fn get_own(
    State(app): App,
    Scope(scope): Scope,
    Path((_, id)): Path<(VendorId, PromotionId)>,
) -> Answer<Versioned<PromotionView>> {
    let view = store::promotions::get(&app.db, Some(scope), id).await?.view(app.clock.now());
    Ok(Versioned(view.version, view))
}

async fn update_own(
    State(app): App,
    Scope(scope): Scope,
    Path((_, id)): Path<(VendorId, PromotionId)>,
    seen: IfMatch,
    Body(input): Body<PromotionInput>,
) -> Answer<Versioned<PromotionView>> {
    let view = ops::promotions::update(&app, Some(scope), id, seen, input).await?;
    Ok(Versioned(view.version, view))
}

async fn remove_own(
    State(app): App,
    Scope(scope): Scope,
    Path((_, id)): Path<(VendorId, PromotionId)>,
    seen: IfMatch,
) -> Answer<StatusCode> {
    ops::promotions::remove(&app, Some(scope), id, seen).await?;
    Ok(no_content())
}

async fn list_all(State(app): App, Query(page): Query<PageRequest>) -> Answer<Json<Page<PromotionView>>> {
    Ok(Json(ops::promotions::list(&app, None, &page).await?))
}

async fn create(State(app): App, Body(input): Body<PromotionInput>) -> Answer<(StatusCode, Json<PromotionView>)> {
    Ok(created(ops::promotions::create(&app, None, input).await?))
}

async fn get_any(State(app): App, Path(id): Path<PromotionId>) -> Answer<Versioned<PromotionView>> {
    let view = store::promotions::get(&app.db, None, id).await?.view(app.clock.now());
    Ok(Versioned(view.version, view))
}

async fn update_any(
    State(app): App,
    Path(id): Path<PromotionId>,
    seen: IfMatch,
    Body(input): Body<PromotionInput>,
) -> Answer<Versioned<PromotionView>> {
    let view = ops::promotions::update(&app, None, id, seen, input).await?;
    Ok(Versioned(view.version, view))
}

async fn remove_any(State(app): App, Path(id): Path<PromotionId>, seen: IfMatch) -> Answer<StatusCode> {
    ops::promotions::remove(&app, None, id, seen).await?;
    Ok(no_content())
}

async fn hold(State(app): App, Body(wanted): Body<HoldPromotions>) -> Answer<Json<Held>> {
    Ok(Json(ops::hold_promotions::hold_promotions(&app, wanted).await?))
}
