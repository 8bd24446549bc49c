//! What admins do: categories, and taking products off sale.

use std::sync::Arc;

use axum::{Json, extract::State, http::StatusCode};
use contracts::catalog::{CategoryInput, CategoryView, OwnProductQuery, Picture, ProductEdit};
use kernel::{CategoryId, Page, ProductId};
use pictures::{UPLOAD_MAX, UPLOAD_TYPES};
use souk_http::{
    Alt, Answer, Body, Path, Policy, Query, RawBody, Routes, Versioned, created, delete, get, no_content, post, put,
};

use super::{App, edit_filter, vendor::edits};
use crate::{Catalog, ops, store};

pub(super) fn routes() -> Routes<Arc<Catalog>> {
    Routes::new("catalog")
        .add(
            post("/api/v1/admin/categories", add_category)
                .policy(Policy::Admin)
                .doc("Add a category", "At most five levels. Its attributes are asked of its products and of those of all categories below it; those that are \
                     `filterable` are facets of the search.")
                .returns::<CategoryView>(201),
        )
        .add(
            put("/api/v1/admin/categories/{id}", update_category)
                .policy(Policy::Admin)
                .doc(
                    "Change a category",
                    "Products move along with it. An attribute that products have values of keeps its kind and unit, and is \
                     archived if it is left out: they keep their values.",
                )
                .returns::<CategoryView>(200),
        )
        .add(
            delete("/api/v1/admin/categories/{id}", remove_category)
                .policy(Policy::Admin)
                .doc("Remove a category", "Only one without products and subcategories.")
                .returns_empty(204),
        )
        .add(
            post("/api/v1/admin/media", add_media)
                .policy(Policy::Admin)
                .doc("Keep a picture", "For a category; use its address there.")
                .consumes(UPLOAD_TYPES, UPLOAD_MAX)
                .returns::<Picture>(201),
        )
        .add(
            get("/api/v1/admin/products", products)
                .policy(Policy::Admin)
                .doc("All products", "Of all vendors, in whatever status, newest first.")
                .returns::<Page<ProductEdit>>(200),
        )
        .add(
            post("/api/v1/admin/products/{id}/withdraw", withdraw)
                .policy(Policy::Admin)
                .doc("Take a product off sale", "Its vendor cannot publish it until it is reinstated.")
                .returns::<ProductEdit>(200),
        )
        .add(
            post("/api/v1/admin/products/{id}/reinstate", reinstate)
                .policy(Policy::Admin)
                .doc("Reinstate a product", "Its vendor may publish it again; it does not go on sale by itself.")
                .returns::<ProductEdit>(200),
        )
}

async fn add_category(State(app): App, Body(input): Body<CategoryInput>) -> Answer<(StatusCode, Json<CategoryView>)> {
    Ok(created(ops::add_category(&app, input).await?))
}

async fn update_category(
    State(app): App,
    Path(id): Path<CategoryId>,
    Body(input): Body<CategoryInput>,
) -> Answer<Json<CategoryView>> {
    Ok(Json(ops::update_category(&app, id, input).await?))
}

async fn remove_category(State(app): App, Path(id): Path<CategoryId>) -> Answer<StatusCode> {
    ops::remove_category(&app, id).await?;
    Ok(no_content())
}

async fn add_media(State(app): App, Alt(alt): Alt, RawBody(upload): RawBody) -> Answer<(StatusCode, Json<Picture>)> {
    Ok(created(ops::add_media(&app, None, upload, alt).await?))
}

async fn products(State(app): App, Query(query): Query<OwnProductQuery>) -> Answer<Json<Page<ProductEdit>>> {
    let (filter, limit) = edit_filter(&query)?;
    let rows = store::products::all_page(&app.db, &filter).await?;
    edits(&app.db, rows, limit).await
}

async fn withdraw(State(app): App, Path(id): Path<ProductId>) -> Answer<Versioned<ProductEdit>> {
    let edit = ops::withdraw_product(&app, id).await?;
    Ok(Versioned(edit.version, edit))
}

async fn reinstate(State(app): App, Path(id): Path<ProductId>) -> Answer<Versioned<ProductEdit>> {
    let edit = ops::reinstate_product(&app, id).await?;
    Ok(Versioned(edit.version, edit))
}
