//! What everybody sees.

use std::{borrow::Cow, sync::Arc};

use axum::{
    Json,
    extract::State,
    http::HeaderMap,
    response::{IntoResponse, Response},
};
use contracts::catalog::{CategoryView, ProductCard, ProductView};
use kernel::Page;
use souk_http::{Answer, InLanguage, Path, Policy, Routes, get};

use super::{
    App,
    extract::{AskedFor, Has},
};
use crate::{Catalog, error::Refused, ops};

/// How long a picture may be kept: its address names its content.
const FOREVER: &str = "public, max-age=31536000, immutable";

pub(super) fn routes() -> Routes<Arc<Catalog>> {
    Routes::new("catalog")
        .add(
            get("/api/v1/categories", categories)
                .policy(Policy::Public)
                .doc(
                    "Category tree",
                    "Parents before children, siblings in their order. In the main language with all translations.",
                )
                .returns::<Vec<CategoryView>>(200),
        )
        .add(
            get("/api/v1/categories/{slug}", category)
                .policy(Policy::Public)
                .doc("A category", "By its name in addresses; older names lead to it too, `slug` is the present one.")
                .returns::<CategoryView>(200),
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

/// How the caches know an answer: by what was asked for, behind another language if one is.
fn key(asked: &str, lang: InLanguage) -> Cow<'_, str> {
    lang.other().map_or(Cow::Borrowed(asked), |language| Cow::Owned(format!("{language} {asked}")))
}

async fn categories(State(app): App, lang: InLanguage, has: Has) -> Answer<Response> {
    Ok(lang.mark(has.answer(ops::categories(&app, lang.other()).await?)))
}

async fn category(State(app): App, Path(slug): Path<String>, lang: InLanguage) -> Answer<Response> {
    let view = ops::show_category(&app, &slug, lang.other()).await?;
    Ok(lang.mark(Json(view).into_response()))
}

async fn products(State(app): App, asked: AskedFor, lang: InLanguage, has: Has) -> Answer<Response> {
    let key = key(&asked.0, lang);
    if let Some(ready) = app.answers.lists.get(&key) {
        return Ok(lang.mark(has.answer(ready)));
    }
    let query = asked.read().await?;
    Ok(lang.mark(has.answer(Box::pin(ops::browse(&app, &key, &query, lang.other())).await?)))
}

async fn product(State(app): App, Path(slug): Path<String>, lang: InLanguage, has: Has) -> Answer<Response> {
    // No name in addresses has a space: behind one are the answers in other languages.
    if slug.contains(' ') {
        return Err(Refused::NoSuchProduct.into());
    }
    let key = key(&slug, lang);
    if let Some(ready) = app.answers.products.get(&key) {
        return Ok(lang.mark(has.answer(ready)));
    }
    // Apart from the way above, on which every request would carry the room that this one needs.
    Ok(lang.mark(has.answer(Box::pin(ops::show_product(&app, &key, &slug, lang.other())).await?)))
}

async fn media(State(app): App, Path(name): Path<String>, headers: HeaderMap) -> Answer<Response> {
    let content = app.pictures.read(&name).await?;
    Ok(souk_http::jpeg(&headers, &name, content, FOREVER)?)
}
