//! Routes of reviews.

use std::sync::Arc;

use axum::{Json, extract::State, http::StatusCode};
use contracts::reviews::{RatingSummary, ReviewInput, ReviewView, Reviewable};
use kernel::{Page, PageRequest, ProductId, ReviewId};
use souk_http::{Answer, Auth, Body, Path, Policy, Query, Routes, delete, get, no_content, put};

use crate::{Reviews, model, ops, store};

type App = State<Arc<Reviews>>;

pub(crate) fn routes() -> Routes<Arc<Reviews>> {
    Routes::new("reviews")
        .add(
            get("/api/v1/products/{product_id}/reviews", of_product)
                .policy(Policy::Public)
                .doc("Reviews of a product", "Newest first.")
                .returns::<Page<ReviewView>>(200),
        )
        .add(
            get("/api/v1/products/{product_id}/rating", summary)
                .policy(Policy::Public)
                .doc("Average and histogram of a product", "Zeros if nobody has reviewed it.")
                .returns::<RatingSummary>(200),
        )
        .add(
            put("/api/v1/products/{product_id}/reviews/mine", write)
                .policy(Policy::Account)
                .doc("Write or change one's review", "Only for what one has bought.")
                .returns::<ReviewView>(200),
        )
        .add(
            delete("/api/v1/products/{product_id}/reviews/mine", remove)
                .policy(Policy::Account)
                .doc("Remove one's review", "The product's rating follows.")
                .returns_empty(204),
        )
        .add(
            get("/api/v1/me/reviewable", reviewable)
                .policy(Policy::Account)
                .doc("What one may review", "Latest purchase first, with the reviews written already.")
                .returns::<Page<Reviewable>>(200),
        )
        .add(
            get("/api/v1/admin/reviews", all)
                .policy(Policy::Admin)
                .doc("All reviews", "Newest first.")
                .returns::<Page<ReviewView>>(200),
        )
        .add(
            delete("/api/v1/admin/reviews/{id}", moderate)
                .policy(Policy::Admin)
                .doc("Remove anybody's review", "The product's rating follows.")
                .returns_empty(204),
        )
}

async fn of_product(
    State(app): App,
    Path(product_id): Path<ProductId>,
    Query(page): Query<PageRequest>,
) -> Answer<Json<Page<ReviewView>>> {
    Ok(Json(store::of_product(&app.db, product_id, &page).await?))
}

async fn summary(State(app): App, Path(product_id): Path<ProductId>) -> Answer<Json<RatingSummary>> {
    Ok(Json(model::summary(store::stars_of(&app.db, product_id).await?)))
}

async fn write(
    State(app): App,
    Auth(who): Auth,
    Path(product_id): Path<ProductId>,
    Body(input): Body<ReviewInput>,
) -> Answer<Json<ReviewView>> {
    Ok(Json(ops::write_review(&app, who.account_id, product_id, input).await?))
}

async fn remove(State(app): App, Auth(who): Auth, Path(product_id): Path<ProductId>) -> Answer<StatusCode> {
    ops::remove_own(&app, who.account_id, product_id).await?;
    Ok(no_content())
}

async fn reviewable(
    State(app): App,
    Auth(who): Auth,
    Query(page): Query<PageRequest>,
) -> Answer<Json<Page<Reviewable>>> {
    Ok(Json(store::reviewable(&app.db, who.account_id, &page).await?))
}

async fn all(State(app): App, Query(page): Query<PageRequest>) -> Answer<Json<Page<ReviewView>>> {
    Ok(Json(store::all(&app.db, &page).await?))
}

async fn moderate(State(app): App, Path(id): Path<ReviewId>) -> Answer<StatusCode> {
    ops::remove_any(&app, id).await?;
    Ok(no_content())
}
