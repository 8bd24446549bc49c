//! What accounts say: reviews with photos, votes, reports.

use std::sync::Arc;

use ::pictures::{UPLOAD_MAX, UPLOAD_TYPES};
use axum::{Json, extract::State, http::StatusCode};
use contracts::{
    catalog::Picture,
    reviews::{HelpfulView, ReportInput, ReviewInput, ReviewView, Reviewable},
};
use kernel::{MediaId, Page, PageRequest, ProductId, ReviewId};
use souk_http::{
    Alt, Answer, Auth, Body, Path, Policy, Query, RawBody, Routes, created, delete, get, no_content, post, put,
};

use super::App;
use crate::{Reviews, ops, store::reviews};

pub(super) fn routes() -> Routes<Arc<Reviews>> {
    own(Routes::new("reviews"))
        .add(
            put("/api/v1/reviews/{id}/helpful", vote)
                .policy(Policy::Account)
                .doc("Find a review helpful", "Once per account, and not one's own. A second time changes nothing.")
                .returns::<HelpfulView>(200),
        )
        .add(
            delete("/api/v1/reviews/{id}/helpful", unvote)
                .policy(Policy::Account)
                .doc("No longer find a review helpful", "Nothing changes if one did not.")
                .returns::<HelpfulView>(200),
        )
        .add(
            post("/api/v1/reviews/{id}/reports", report)
                .policy(Policy::Account)
                .doc("Report a review", "Once per account, and not one's own. A moderator looks at it.")
                .returns_empty(204),
        )
}

fn own(routes: Routes<Arc<Reviews>>) -> Routes<Arc<Reviews>> {
    routes
        .add(
            put("/api/v1/products/{product_id}/reviews/mine", write)
                .policy(Policy::Account)
                .doc("Write or change one's review", "Only for what one has bought.")
                .returns::<ReviewView>(200),
        )
        .add(
            delete("/api/v1/products/{product_id}/reviews/mine", remove)
                .policy(Policy::Account)
                .doc("Remove one's review", "With its photos; ratings follow. A hidden review stays.")
                .returns_empty(204),
        )
        .add(
            post("/api/v1/products/{product_id}/reviews/mine/photos", add_photo)
                .policy(Policy::Account)
                .doc(
                    "Add a photo to one's review",
                    "At most four. JPEG, PNG, WebP or GIF up to 10 MB and 50 megapixels; it is written anew in up to \
                     three sizes, without what else was in the file.",
                )
                .consumes(UPLOAD_TYPES, UPLOAD_MAX)
                .returns::<Picture>(201),
        )
        .add(
            delete("/api/v1/products/{product_id}/reviews/mine/photos/{photo_id}", remove_photo)
                .policy(Policy::Account)
                .doc("Remove a photo of one's review", "Its files go with it.")
                .returns_empty(204),
        )
        .add(
            get("/api/v1/me/reviewable", reviewable)
                .policy(Policy::Account)
                .doc(
                    "What one may review",
                    "Latest purchase first, with the reviews written already, and why one of them is hidden.",
                )
                .returns::<Page<Reviewable>>(200),
        )
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

async fn add_photo(
    State(app): App,
    Auth(who): Auth,
    Path(product_id): Path<ProductId>,
    Alt(alt): Alt,
    RawBody(upload): RawBody,
) -> Answer<(StatusCode, Json<Picture>)> {
    Ok(created(ops::add_photo(&app, who.account_id, product_id, upload, alt).await?))
}

async fn remove_photo(
    State(app): App,
    Auth(who): Auth,
    Path((product_id, photo_id)): Path<(ProductId, MediaId)>,
) -> Answer<StatusCode> {
    ops::remove_photo(&app, who.account_id, product_id, photo_id).await?;
    Ok(no_content())
}

async fn reviewable(
    State(app): App,
    Auth(who): Auth,
    Query(page): Query<PageRequest>,
) -> Answer<Json<Page<Reviewable>>> {
    Ok(Json(reviews::reviewable(&app.db, who.account_id, &page).await?))
}

async fn vote(State(app): App, Auth(who): Auth, Path(id): Path<ReviewId>) -> Answer<Json<HelpfulView>> {
    Ok(Json(ops::vote(&app, who.account_id, id, true).await?))
}

async fn unvote(State(app): App, Auth(who): Auth, Path(id): Path<ReviewId>) -> Answer<Json<HelpfulView>> {
    Ok(Json(ops::vote(&app, who.account_id, id, false).await?))
}

async fn report(
    State(app): App,
    Auth(who): Auth,
    Path(id): Path<ReviewId>,
    Body(input): Body<ReportInput>,
) -> Answer<StatusCode> {
    ops::report(&app, who.account_id, id, input).await?;
    Ok(no_content())
}
