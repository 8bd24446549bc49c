//! Routes and thin handlers.

mod currencies;
mod price_lists;
mod prices;
mod promotions;
mod taxes;

use std::sync::Arc;

use axum::{Json, extract::State, http::StatusCode};
use contracts::pricing::{DiscountInput, DiscountView, Quote, QuoteRequest};
use kernel::{DiscountId, Page, PageRequest, VendorId, VendorRole};
use souk_http::{
    Answer, Body, IfMatch, Path, Policy, Query, Routes, Scope, Versioned, Who, created, delete, get, no_content, post,
    put,
};

use crate::{Pricing, ops, store};

type App = State<Arc<Pricing>>;

pub(crate) fn routes() -> Routes<Arc<Pricing>> {
    let staff = Policy::Vendor(VendorRole::Staff);
    Routes::new("pricing")
        .add(
            post("/api/v1/quotes", quote)
                .policy(Policy::Public)
                .doc(
                    "Ask what a cart costs",
                    "Lines, discounts, promotions, shipping per vendor, tax and the total, each with its explanation. \
                     Whether the tax is contained in prices or added to them, the destination decides. A code that does not apply is told in `codes` with its reason. \
                     The hash names every amount: place the order with it and nothing else is charged.",
                )
                .returns::<Quote>(200),
        )
        .add(
            get("/api/v1/vendors/{vendor_id}/discounts", list_discounts)
                .policy(staff)
                .doc("List discounts", "Newest first.")
                .returns::<Page<DiscountView>>(200),
        )
        .add(
            post("/api/v1/vendors/{vendor_id}/discounts", create_discount)
                .policy(staff)
                .doc("Create a discount", "Of several that apply to a product the best one counts; they do not add up.")
                .returns::<DiscountView>(201),
        )
        .add(
            get("/api/v1/vendors/{vendor_id}/discounts/{id}", get_discount)
                .policy(staff)
                .doc("Read a discount", "With its version as `ETag`.")
                .returns::<DiscountView>(200),
        )
        .add(
            put("/api/v1/vendors/{vendor_id}/discounts/{id}", update_discount)
                .policy(staff)
                .doc("Change a discount", "Prices follow at once, or when its period begins.")
                .returns::<DiscountView>(200),
        )
        .add(
            delete("/api/v1/vendors/{vendor_id}/discounts/{id}", delete_discount)
                .policy(staff)
                .doc("Remove a discount", "Prices follow at once.")
                .returns_empty(204),
        )
        .extend(currencies::routes())
        .extend(price_lists::routes())
        .extend(prices::routes())
        .extend(promotions::routes())
        .extend(taxes::routes())
}

async fn quote(State(app): App, Who(who): Who, Body(request): Body<QuoteRequest>) -> Answer<Json<Quote>> {
    Ok(Json(ops::make_quote::make_quote(&app, &who, &request).await?))
}

async fn list_discounts(
    State(app): App,
    Scope(scope): Scope,
    Query(page): Query<PageRequest>,
) -> Answer<Json<Page<DiscountView>>> {
    Ok(Json(ops::list_discounts::list_discounts(&app, &scope, &page).await?))
}

async fn create_discount(
    State(app): App,
    Scope(scope): Scope,
    Body(input): Body<DiscountInput>,
) -> Answer<(StatusCode, Json<DiscountView>)> {
    Ok(created(ops::create_discount::create_discount(&app, scope, input).await?))
}

async fn get_discount(
    State(app): App,
    Scope(scope): Scope,
    Path((_, id)): Path<(VendorId, DiscountId)>,
) -> Answer<Versioned<DiscountView>> {
    let view = store::discounts::get(&app.db, &scope, id).await?.view(app.clock.now());
    Ok(Versioned(view.version, view))
}

async fn update_discount(
    State(app): App,
    Scope(scope): Scope,
    Path((_, id)): Path<(VendorId, DiscountId)>,
    seen: IfMatch,
    Body(input): Body<DiscountInput>,
) -> Answer<Versioned<DiscountView>> {
    let view = ops::update_discount::update_discount(&app, scope, id, seen, input).await?;
    Ok(Versioned(view.version, view))
}

async fn delete_discount(
    State(app): App,
    Scope(scope): Scope,
    Path((_, id)): Path<(VendorId, DiscountId)>,
    seen: IfMatch,
) -> Answer<StatusCode> {
    ops::delete_discount::delete_discount(&app, scope, id, seen).await?;
    Ok(no_content())
}
