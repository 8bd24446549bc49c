//! What everybody sees.

use std::sync::Arc;

use axum::{extract::State, http::HeaderMap, response::Response};
use contracts::catalog::{CategoryView, ProductCard, ProductView};
use kernel::Page;
use souk_http::{Answer, Path, Policy, Routes, get};

use super::{
    App,
    extract::{AskedFor, Has},
};
use crate::{Catalog, ops};

/// How long a picture may be kept: its address names its content.
const FOREVER: &str = "public, max-age=31536000, immutable";

pub(super) fn routes() -> Routes<Arc<Catalog>> {
    Routes::new("catalog")
        .add(
            get("/api/v1/categories", categories)
                .policy(Policy::Public)
                .doc("Category tree", "Parents before children, siblings in their order.")
                .returns::<Vec<CategoryView>>(200),
        )
        .add(
            get("/api/v1/products", products)
                .policy(Policy::Public)
                .doc(
                    "Products on sale",
                    "Of all stores, of one, of a category with those below it. For words use the search.",
                )
                .returns::<Page<ProductCard>>(200),
        )
        .add(
            get("/api/v1/products/{slug}", product)
                .policy(Policy::Public)
                .doc(
                    "A product on sale",
                    "By its name in addresses; older names lead to it too, `slug` is the present one.",
                )
                .returns::<ProductView>(200),
        )
        .add(
            get("/media/{name}", media)
                .policy(Policy::Public)
                .doc("A picture", "In one of its sizes. The content of an address never changes.")
                .returns_media(200, "image/jpeg"),
        )
}

async fn categories(State(app): App, has: Has) -> Answer<Response> {
    Ok(has.answer(ops::categories(&app).await?))
}

async fn products(State(app): App, asked: AskedFor, has: Has) -> Answer<Response> {
    if let Some(ready) = app.answers.lists.get(&asked.0) {
        return Ok(has.answer(ready));
    }
    let query = asked.read().await?;
    Ok(has.answer(Box::pin(ops::browse(&app, &asked.0, &query)).await?))
}

async fn product(State(app): App, Path(slug): Path<String>, has: Has) -> Answer<Response> {
    if let Some(ready) = app.answers.products.get(&slug) {
        return Ok(has.answer(ready));
    }
    // Apart from the way above, on which every request would carry the room that this one needs.
    Ok(has.answer(Box::pin(ops::show_product(&app, &slug)).await?))
}

async fn media(State(app): App, Path(name): Path<String>, headers: HeaderMap) -> Answer<Response> {
    let content = app.pictures.read(&name).await?;
    Ok(souk_http::jpeg(&headers, &name, content, FOREVER)?)
}
