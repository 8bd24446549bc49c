//! Routes: decode, authorise, one operation, encode.

mod locations;
mod moving;

use std::sync::Arc;

use axum::{Json, extract::State};
use contracts::inventory::{LevelView, LevelsRequest, SetBackorder, SetThreshold, StockQuery, StockView};
use kernel::{Error, Page, VariantId, VendorId, VendorRole};
use souk_http::{Answer, Body, Path, Policy, Query, Routes, Scope, get, post, put};

use crate::{Inventory, error::Refused, ops, store};

type App = State<Arc<Inventory>>;

/// Every member of a store may do all of it.
const STAFF: Policy = Policy::Vendor(VendorRole::Staff);

pub(crate) fn routes() -> Routes<Arc<Inventory>> {
    stock().extend(moving::routes()).extend(locations::routes())
}

fn stock() -> Routes<Arc<Inventory>> {
    Routes::new("inventory")
        .add(
            get("/api/v1/vendors/{vendor_id}/stock", list)
                .policy(STAFF)
                .doc("A vendor's stock", "By SKU; narrowed to a part of title or SKU, to what is running low, is sold beyond what is there, or lies at a location.")
                .returns::<Page<StockView>>(200),
        )
        .add(
            get("/api/v1/vendors/{vendor_id}/stock/{variant_id}", show)
                .policy(STAFF)
                .doc("Stock of one variant", "What is on hand, promised to orders and free; of a bundle how many its parts suffice for, and their stock.")
                .returns::<StockView>(200),
        )
        .add(
            put("/api/v1/vendors/{vendor_id}/stock/{variant_id}/threshold", set_threshold)
                .policy(STAFF)
                .doc(
                    "Set the low-stock threshold",
                    "At or below it buyers see how many are left; falling to it warns the vendor.",
                )
                .returns::<StockView>(200),
        )
        .add(
            put("/api/v1/vendors/{vendor_id}/stock/{variant_id}/backorder", set_backorder)
                .policy(STAFF)
                .doc(
                    "Allow back-orders",
                    "So many may be sold beyond what is there; the parcels wait until more have come in. Not fewer than are \
                     sold so already.",
                )
                .returns::<StockView>(200),
        )
        .add(
            post("/api/v1/stock-levels", levels)
                .policy(Policy::Public)
                .doc(
                    "Stock of several variants",
                    "As buyers are told, in the order asked for. Unknown variants are sold out. With `quantities` it is said of \
                     what all of them together need too much of, how many can be had: a bundle and its parts share their pieces.",
                )
                .returns::<Vec<LevelView>>(200),
        )
}

async fn list(State(app): App, Scope(scope): Scope, Query(query): Query<StockQuery>) -> Answer<Json<Page<StockView>>> {
    let page = query.page();
    let limit = page.limit()?;
    let after = match page.cursor()? {
        Some(cursor) => (cursor.text(0)?.to_owned(), cursor.text(1)?.to_owned()),
        None => (String::new(), String::new()),
    };
    let like = like_pattern(query.q.as_deref())?;
    let StockQuery { low, waiting, location_id, there, .. } = query;
    let filter = store::StockFilter { like, low, waiting, location_id, there, after, limit: i64::from(limit) + 1 };
    let rows = store::list(&app.db, &scope, &filter).await?;
    let page = Page::cut(rows, limit, |(stock, _)| vec![stock.sku.clone(), stock.variant_id.to_string()]);
    Ok(Json(page.map(|(stock, there)| StockView { on_hand_there: location_id.map(|_| there), ..stock.view() })))
}

/// `LIKE` pattern for a part of a text; empty if nothing is looked for.
fn like_pattern(q: Option<&str>) -> Result<String, Error> {
    let q = q.unwrap_or_default().trim().to_lowercase();
    match q.chars().count() {
        0 => Ok(String::new()),
        1..=200 => Ok(format!("%{}%", q.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"))),
        _ => Err(Error::invalid("q", "Look for at most 200 characters.")),
    }
}

async fn show(
    State(app): App,
    Scope(scope): Scope,
    Path((_, id)): Path<(VendorId, VariantId)>,
) -> Answer<Json<StockView>> {
    let stock = store::find(&app.db, &scope, id).await?.ok_or(Refused::NoSuchStock)?;
    let parts = if stock.bundle { store::bundles::stocks(&app.db, &scope, id).await? } else { Vec::new() };
    Ok(Json(StockView { parts, ..stock.view() }))
}

async fn set_threshold(
    State(app): App,
    Scope(scope): Scope,
    Path((_, id)): Path<(VendorId, VariantId)>,
    Body(input): Body<SetThreshold>,
) -> Answer<Json<StockView>> {
    Ok(Json(ops::set_threshold(&app, scope, id, input).await?))
}

async fn set_backorder(
    State(app): App,
    Scope(scope): Scope,
    Path((_, id)): Path<(VendorId, VariantId)>,
    Body(input): Body<SetBackorder>,
) -> Answer<Json<StockView>> {
    Ok(Json(ops::set_backorder(&app, scope, id, input).await?))
}

async fn levels(State(app): App, Body(input): Body<LevelsRequest>) -> Answer<Json<Vec<LevelView>>> {
    Ok(Json(ops::levels(&app, &input).await?))
}
