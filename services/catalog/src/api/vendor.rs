//! A vendor's own products.

use std::sync::Arc;

use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use contracts::catalog::{
    ArrangePictures, BulkDone, BulkEdit, BundleView, OwnProductQuery, ProductBundles, ProductEdit, ProductInput,
    SetParts,
};
use db::Db;
use kernel::{Page, ProductId, VariantId, VendorId, VendorRole, VendorScope};
use souk_http::{
    Answer, Body, Idempotent, IfMatch, Path, Policy, Query, Routes, Scope, Versioned, delete, get, no_content, post,
    put,
};

use super::{App, edit_filter};
use crate::{Catalog, error::Refused, model::Product, ops, store, views};

pub(super) fn routes() -> Routes<Arc<Catalog>> {
    let staff = Policy::Vendor(VendorRole::Staff);
    Routes::new("catalog")
        .add(
            get("/api/v1/vendors/{vendor_id}/products", list)
                .policy(staff)
                .doc("A vendor's products", "In whatever status, newest first.")
                .returns::<Page<ProductEdit>>(200),
        )
        .add(
            post("/api/v1/vendors/{vendor_id}/products", create)
                .policy(staff)
                .doc(
                    "Create a product",
                    "Texts are sanitised. A name in addresses that is taken gets a number. With the status `scheduled` it goes on \
                     sale at `publish_at`. What its category requires is refused as `attributes.<key>` if it is missing.",
                )
                .returns::<ProductEdit>(201),
        )
        .add(
            get("/api/v1/vendors/{vendor_id}/products/{id}", show)
                .policy(staff)
                .doc("One of a vendor's products", "As it can be sent back to change it.")
                .returns::<ProductEdit>(200),
        )
        .add(
            put("/api/v1/vendors/{vendor_id}/products/{id}", update)
                .policy(staff)
                .doc(
                    "Change a product",
                    "Variants that are left out are no longer offered; they are kept for old orders.",
                )
                .returns::<ProductEdit>(200),
        )
        .add(
            delete("/api/v1/vendors/{vendor_id}/products/{id}", remove)
                .policy(staff)
                .doc("Delete a product", "A draft is deleted; what was ever on sale is archived.")
                .returns_empty(204),
        )
        .add(
            put("/api/v1/vendors/{vendor_id}/products/{id}/pictures", arrange)
                .policy(staff)
                .doc("Order, describe and remove pictures", "Those that are not named are removed.")
                .returns::<ProductEdit>(200),
        )
        .add(
            post("/api/v1/vendors/{vendor_id}/products/bulk", edit_many)
                .policy(staff)
                .doc(
                    "Change many products",
                    "Prices, the status or both of up to 100 products, in one transaction: prices are set, or changed by a part \
                     or an amount, and rounded. Each is changed as it would be alone; what is refused of one is told, and the \
                     others go on. With `dry_run` it says what would change. Stock is changed by \
                     `POST /api/v1/vendors/{vendor_id}/stock-adjustments`.",
                )
                .returns::<BulkDone>(200),
        )
        .extend(bundles())
}

fn bundles() -> Routes<Arc<Catalog>> {
    let staff = Policy::Vendor(VendorRole::Staff);
    Routes::new("catalog")
        .add(
            get("/api/v1/vendors/{vendor_id}/products/{id}/bundles", show_bundles)
                .policy(staff)
                .doc(
                    "Bundles of a product",
                    "Which of its variants are bundles, with their parts, and in which bundles its variants lie.",
                )
                .returns::<ProductBundles>(200),
        )
        .add(
            put("/api/v1/vendors/{vendor_id}/products/{id}/variants/{variant_id}/parts", set_parts)
                .policy(staff)
                .doc(
                    "Say what a bundle is made of",
                    "Up to 20 variants of the same store that are on sale and are no bundles, each with how many of it lie \
                     in one bundle. It then has no stock of its own: as many can be had as its parts suffice for. Without \
                     parts it is an ordinary variant again. Orders keep what they were placed with. Counts as a change of \
                     the product.",
                )
                .returns::<BundleView>(200),
        )
}

/// 201 with the version as `ETag`.
fn created(edit: ProductEdit) -> Response {
    (StatusCode::CREATED, Versioned(edit.version, edit)).into_response()
}

/// A page of products for editing, with their variants in one more query.
pub(super) async fn edits(db: &Db, rows: Vec<Product>, limit: u32) -> Answer<Json<Page<ProductEdit>>> {
    let page = Page::cut(rows, limit, |product| vec![product.created_at.micros().to_string(), product.num.to_string()]);
    let ids: Vec<ProductId> = page.items.iter().map(|product| product.id).collect();
    let mut variants = store::variants::offered(db, &ids).await?;
    Ok(Json(page.map(|product| {
        let offered = variants.remove(&product.id).unwrap_or_default();
        views::product_edit(product, &offered)
    })))
}

async fn list(
    State(app): App,
    Scope(scope): Scope,
    Query(query): Query<OwnProductQuery>,
) -> Answer<Json<Page<ProductEdit>>> {
    let (filter, limit) = edit_filter(&query)?;
    let rows = store::products::own_page(&app.db, &scope, &filter).await?;
    edits(&app.db.as_vendor(&scope), rows, limit).await
}

async fn create(State(app): App, Scope(scope): Scope, Body(input): Body<ProductInput>) -> Answer<Response> {
    Ok(created(ops::create_product(&app, scope, input).await?))
}

async fn find(app: &Catalog, scope: &VendorScope, id: ProductId) -> kernel::Result<ProductEdit> {
    let product = store::products::own(&app.db, scope, id).await?.ok_or(Refused::NoSuchProduct)?;
    let offered = store::variants::offered(&app.db.as_vendor(scope), &[id]).await?.remove(&id).unwrap_or_default();
    Ok(views::product_edit(product, &offered))
}

async fn show(
    State(app): App,
    Scope(scope): Scope,
    Path((_, id)): Path<(VendorId, ProductId)>,
) -> Answer<Versioned<ProductEdit>> {
    let edit = find(&app, &scope, id).await?;
    Ok(Versioned(edit.version, edit))
}

async fn update(
    State(app): App,
    Scope(scope): Scope,
    Path((_, id)): Path<(VendorId, ProductId)>,
    seen: IfMatch,
    Body(input): Body<ProductInput>,
) -> Answer<Versioned<ProductEdit>> {
    let edit = ops::update_product(&app, scope, id, seen, input).await?;
    Ok(Versioned(edit.version, edit))
}

async fn remove(
    State(app): App,
    Scope(scope): Scope,
    Path((_, id)): Path<(VendorId, ProductId)>,
    seen: IfMatch,
) -> Answer<StatusCode> {
    ops::delete_product(&app, scope, id, seen).await?;
    Ok(no_content())
}

async fn arrange(
    State(app): App,
    Scope(scope): Scope,
    Path((_, id)): Path<(VendorId, ProductId)>,
    seen: IfMatch,
    Body(input): Body<ArrangePictures>,
) -> Answer<Versioned<ProductEdit>> {
    let edit = ops::arrange_pictures(&app, scope, id, seen, input).await?;
    Ok(Versioned(edit.version, edit))
}

async fn edit_many(
    State(app): App,
    Scope(scope): Scope,
    Idempotent { key, value }: Idempotent<BulkEdit>,
) -> Answer<Response> {
    Ok(ops::edit_many(&app, scope, key, value).await?.into_response())
}

async fn show_bundles(
    State(app): App,
    Scope(scope): Scope,
    Path((_, id)): Path<(VendorId, ProductId)>,
) -> Answer<Json<ProductBundles>> {
    Ok(Json(ops::show_bundles(&app, &scope, id).await?))
}

async fn set_parts(
    State(app): App,
    Scope(scope): Scope,
    Path((_, id, variant_id)): Path<(VendorId, ProductId, VariantId)>,
    seen: IfMatch,
    Body(input): Body<SetParts>,
) -> Answer<Versioned<BundleView>> {
    let (version, bundle) = ops::set_parts(&app, scope, id, variant_id, seen, input).await?;
    Ok(Versioned(version, bundle))
}
