//! Routes that change what is on hand, and those that read the ledger of it.

use std::sync::Arc;

use axum::{
    Json,
    body::Body as HttpBody,
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use contracts::inventory::{
    AdjustMany, AdjustStock, AdjustedView, CountStock, CountedView, MovementQuery, MovementView, MovementsFileQuery,
    PlaceView, StockView, TransferStock,
};
use kernel::{Page, PageRequest, Result, VariantId, VendorId, VendorScope};
use souk_http::{Answer, Auth, Body, Idempotent, Path, Query, Routes, Scope, get, post};

use super::{App, STAFF};
use crate::{Inventory, error::Refused, ops, store};

pub(super) fn routes() -> Routes<Arc<Inventory>> {
    changes().extend(ledger())
}

fn changes() -> Routes<Arc<Inventory>> {
    Routes::new("inventory")
        .add(
            post("/api/v1/vendors/{vendor_id}/stock/{variant_id}/adjustments", adjust)
                .policy(STAFF)
                .doc(
                    "Receive, correct or count",
                    "At one location: adds what came in, corrects by a difference, or sets a counted number. Never below what \
                     is promised to orders.",
                )
                .returns::<StockView>(200),
        )
        .add(
            post("/api/v1/vendors/{vendor_id}/stock-adjustments", adjust_many)
                .policy(STAFF)
                .doc(
                    "Receive, correct or count many",
                    "Up to 1,000 variants, named themselves or by their products, at one location, each by the same difference or to the same number, in one \
                     transaction. What is refused of one (bundles, below what is promised) is told, and the others go on. \
                     With `dry_run` it says what would change.",
                )
                .returns::<Vec<AdjustedView>>(200),
        )
        .add(
            get("/api/v1/vendors/{vendor_id}/stock/{variant_id}/places", places)
                .policy(STAFF)
                .doc("What of a variant lies where", "Each open location, in the order in which goods are taken.")
                .returns::<Vec<PlaceView>>(200),
        )
        .add(
            post("/api/v1/vendors/{vendor_id}/stock/{variant_id}/transfers", transfer)
                .policy(STAFF)
                .doc(
                    "Move to another location",
                    "Only what is not promised to orders can be moved. Answers what lies where afterwards.",
                )
                .returns::<Vec<PlaceView>>(200),
        )
        .add(
            post("/api/v1/vendors/{vendor_id}/stock-counts", count)
                .policy(STAFF)
                .doc(
                    "Take stock of a location",
                    "Each difference becomes a movement; all lines are taken or none. A line that names what was `seen` is \
                     refused if that has changed since.",
                )
                .returns::<Vec<CountedView>>(200),
        )
}

fn ledger() -> Routes<Arc<Inventory>> {
    Routes::new("inventory")
        .add(
            get("/api/v1/vendors/{vendor_id}/stock/{variant_id}/movements", of_variant)
                .policy(STAFF)
                .doc("Movements of a variant", "Newest first. Their sum is what is on hand.")
                .returns::<Page<MovementView>>(200),
        )
        .add(
            get("/api/v1/vendors/{vendor_id}/stock-movements", list)
                .policy(STAFF)
                .doc(
                    "The ledger of movements",
                    "Newest first; narrowed to a variant, a location, a kind or a period. Entries are never changed.",
                )
                .returns::<Page<MovementView>>(200),
        )
        .add(
            get("/api/v1/vendors/{vendor_id}/stock-movements.csv", file)
                .policy(STAFF)
                .doc("The ledger as a file", "All movements that the filters let through, newest first.")
                .returns_media(200, "text/csv"),
        )
}

async fn adjust(
    State(app): App,
    Scope(scope): Scope,
    Auth(who): Auth,
    Path((_, id)): Path<(VendorId, VariantId)>,
    Body(input): Body<AdjustStock>,
) -> Answer<Json<StockView>> {
    Ok(Json(ops::adjust_stock(&app, scope, who.account_id, id, input).await?))
}

async fn adjust_many(
    State(app): App,
    Scope(scope): Scope,
    Auth(who): Auth,
    Idempotent { key, value }: Idempotent<AdjustMany>,
) -> Answer<Response> {
    Ok(ops::adjust_many(&app, scope, who.account_id, key, value).await?.into_response())
}

async fn places(
    State(app): App,
    Scope(scope): Scope,
    Path((_, id)): Path<(VendorId, VariantId)>,
) -> Answer<Json<Vec<PlaceView>>> {
    let stock = store::find(&app.db, &scope, id).await?.ok_or(Refused::NoSuchStock)?;
    Ok(Json(store::places::list(&app.db, &scope, &stock).await?))
}

async fn transfer(
    State(app): App,
    Scope(scope): Scope,
    Auth(who): Auth,
    Path((_, id)): Path<(VendorId, VariantId)>,
    Body(input): Body<TransferStock>,
) -> Answer<Json<Vec<PlaceView>>> {
    Ok(Json(ops::transfer_stock(&app, scope, who.account_id, id, input).await?))
}

async fn count(
    State(app): App,
    Scope(scope): Scope,
    Auth(who): Auth,
    Body(input): Body<CountStock>,
) -> Answer<Json<Vec<CountedView>>> {
    Ok(Json(ops::count_stock(&app, scope, who.account_id, input).await?))
}

async fn of_variant(
    State(app): App,
    Scope(scope): Scope,
    Path((_, id)): Path<(VendorId, VariantId)>,
    Query(page): Query<PageRequest>,
) -> Answer<Json<Page<MovementView>>> {
    let stock = store::find(&app.db, &scope, id).await?.ok_or(Refused::NoSuchStock)?;
    let query = MovementQuery { variant_id: Some(stock.variant_id), ..MovementQuery::default() };
    Ok(Json(page_of(&app, &scope, &query, &page).await?))
}

async fn list(
    State(app): App,
    Scope(scope): Scope,
    Query(query): Query<MovementQuery>,
) -> Answer<Json<Page<MovementView>>> {
    Ok(Json(page_of(&app, &scope, &query, &query.page()).await?))
}

async fn page_of(
    app: &Inventory,
    scope: &VendorScope,
    query: &MovementQuery,
    page: &PageRequest,
) -> Result<Page<MovementView>> {
    let limit = page.limit()?;
    let before = page.cursor()?.map_or(Ok(i64::MAX), |cursor| cursor.number(0))?;
    let rows = store::movements::list(&app.db, scope, query, before, i64::from(limit) + 1).await?;
    Ok(Page::cut(rows, limit, |(seq, _)| vec![seq.to_string()]).map(|(_, movement)| movement))
}

async fn file(State(app): App, Scope(scope): Scope, Query(query): Query<MovementsFileQuery>) -> Answer<Response> {
    let file = HttpBody::from_stream(ops::export_movements(&app, scope, query.into()).await?);
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8")),
        (header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"stock-movements.csv\"")),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    ];
    Ok((headers, file).into_response())
}
