//! What everybody sees.

use std::sync::Arc;

use axum::{Json, extract::State, http::HeaderMap, response::Response};
use contracts::reviews::{RatingSummary, ReviewQuery, ReviewView};
use kernel::{Page, ProductId, ReviewId, VendorId};
use souk_http::{Answer, MaybeAuth, Path, Policy, Query, Routes, get};

use super::App;
use crate::{
    Reviews,
    error::Refused,
    model,
    store::{ratings, reviews},
};

/// How long a photo may be kept. Its content never changes, but it goes with its review.
const A_DAY: &str = "public, max-age=86400";

pub(super) fn routes() -> Routes<Arc<Reviews>> {
    Routes::new("reviews")
        .add(
            get("/api/v1/products/{product_id}/reviews", of_product)
                .policy(Policy::Public)
                .doc("Reviews of a product", "Newest or most helpful first; hidden ones are left out.")
                .returns::<Page<ReviewView>>(200),
        )
        .add(
            get("/api/v1/products/{product_id}/rating", of_product_rating)
                .policy(Policy::Public)
                .doc("Average and histogram of a product", "Zeros if nobody has reviewed it.")
                .returns::<RatingSummary>(200),
        )
        .add(
            get("/api/v1/stores/{vendor_id}/rating", of_store_rating)
                .policy(Policy::Public)
                .doc("Average and histogram of a store", "Of the reviews of all its products.")
                .returns::<RatingSummary>(200),
        )
        .add(
            get("/api/v1/reviews/{id}", review)
                .policy(Policy::Public)
                .doc("One review", "A hidden one is there for its author and for admins alone.")
                .returns::<ReviewView>(200),
        )
        .add(
            get("/media/reviews/{name}", photo)
                .policy(Policy::Public)
                .doc("A photo of a review", "In one of its sizes. It is gone once its review is.")
                .returns_media(200, "image/jpeg"),
        )
}

async fn of_product(
    State(app): App,
    MaybeAuth(who): MaybeAuth,
    Path(product_id): Path<ProductId>,
    Query(query): Query<ReviewQuery>,
) -> Answer<Json<Page<ReviewView>>> {
    let who = who.map(|who| who.account_id);
    Ok(Json(reviews::of_product(&app.db, product_id, &query, who).await?))
}

async fn of_product_rating(State(app): App, Path(product_id): Path<ProductId>) -> Answer<Json<RatingSummary>> {
    Ok(Json(model::summary(ratings::of_product(&app.db, product_id).await?)))
}

async fn of_store_rating(State(app): App, Path(vendor_id): Path<VendorId>) -> Answer<Json<RatingSummary>> {
    Ok(Json(model::summary(ratings::of_vendor(&app.db, vendor_id).await?)))
}

async fn review(State(app): App, MaybeAuth(who): MaybeAuth, Path(id): Path<ReviewId>) -> Answer<Json<ReviewView>> {
    let found = reviews::view(&app.db, id, who.as_ref().map(|who| who.account_id)).await?;
    let admin = who.is_some_and(|who| who.is_admin());
    let seen = found.filter(|review| review.hidden.is_none() || review.own || admin);
    Ok(Json(seen.ok_or(Refused::NoSuchReview)?))
}

async fn photo(State(app): App, Path(name): Path<String>, headers: HeaderMap) -> Answer<Response> {
    let content = app.photos.read(&name).await?;
    Ok(souk_http::jpeg(&headers, &name, content, A_DAY)?)
}
