//! What vendors and moderators do.

use std::sync::Arc;

use axum::{Json, extract::State, http::StatusCode};
use contracts::reviews::{
    ModerationInput, ModerationView, RemovalQuery, ReplyInput, ReportedReview, ReviewView, VendorReviewQuery,
};
use kernel::{Error, Page, PageRequest, ReviewId, VendorId, VendorRole};
use souk_http::{Answer, Auth, Body, Path, Policy, Query, Routes, Scope, delete, get, no_content, post, put};

use super::App;
use crate::{
    Reviews, ops,
    store::{moderation, reviews},
};

pub(super) fn routes() -> Routes<Arc<Reviews>> {
    let staff = Policy::Vendor(VendorRole::Staff);
    admin(Routes::new("reviews"))
        .add(
            get("/api/v1/vendors/{vendor_id}/reviews", of_vendor)
                .policy(staff)
                .doc("Reviews of a vendor's products", "Newest first; hidden ones are left out.")
                .returns::<Page<ReviewView>>(200),
        )
        .add(
            put("/api/v1/vendors/{vendor_id}/reviews/{id}/reply", reply)
                .policy(staff)
                .doc("Answer a review", "One answer, shown under the review. Sending again changes it.")
                .returns::<ReviewView>(200),
        )
        .add(
            delete("/api/v1/vendors/{vendor_id}/reviews/{id}/reply", remove_reply)
                .policy(staff)
                .doc("Take an answer back", "The review is unanswered again.")
                .returns_empty(204),
        )
}

fn admin(routes: Routes<Arc<Reviews>>) -> Routes<Arc<Reviews>> {
    routes
        .add(
            get("/api/v1/admin/reviews", all)
                .policy(Policy::Admin)
                .doc("All reviews", "Newest first, hidden ones too.")
                .returns::<Page<ReviewView>>(200),
        )
        .add(
            delete("/api/v1/admin/reviews/{id}", remove)
                .policy(Policy::Admin)
                .doc("Remove anybody's review", "With its photos; ratings follow. This is recorded.")
                .returns_empty(204),
        )
        .add(
            get("/api/v1/admin/reviews/reported", reported)
                .policy(Policy::Admin)
                .doc("Reviews that were reported", "With the reasons; those that have waited longest first.")
                .returns::<Page<ReportedReview>>(200),
        )
        .add(
            get("/api/v1/admin/reviews/moderation", history)
                .policy(Policy::Admin)
                .doc("What moderators did", "Who, when and why; latest first.")
                .returns::<Page<ModerationView>>(200),
        )
        .add(
            post("/api/v1/admin/reviews/{id}/keep", keep)
                .policy(Policy::Admin)
                .doc("Leave a reported review as it is", "Its reports are dealt with. This is recorded.")
                .returns::<ReviewView>(200),
        )
        .add(
            post("/api/v1/admin/reviews/{id}/hide", hide)
                .policy(Policy::Admin)
                .doc(
                    "Hide a review",
                    "It is not shown and does not count; its author reads the reason. Its reports are dealt with. This \
                     is recorded.",
                )
                .returns::<ReviewView>(200),
        )
        .add(
            post("/api/v1/admin/reviews/{id}/restore", restore)
                .policy(Policy::Admin)
                .doc("Show a hidden review again", "It counts again. This is recorded.")
                .returns::<ReviewView>(200),
        )
}

async fn of_vendor(
    State(app): App,
    Scope(scope): Scope,
    Query(query): Query<VendorReviewQuery>,
) -> Answer<Json<Page<ReviewView>>> {
    if query.stars.is_some_and(|stars| !(1..=5).contains(&stars)) {
        return Err(Error::invalid("stars", "Ask for 1 to 5 stars.").into());
    }
    Ok(Json(reviews::of_vendor(&app.db, &scope, &query).await?))
}

async fn reply(
    State(app): App,
    Scope(scope): Scope,
    Path((_, id)): Path<(VendorId, ReviewId)>,
    Body(input): Body<ReplyInput>,
) -> Answer<Json<ReviewView>> {
    Ok(Json(ops::reply(&app, scope, id, input).await?))
}

async fn remove_reply(
    State(app): App,
    Scope(scope): Scope,
    Path((_, id)): Path<(VendorId, ReviewId)>,
) -> Answer<StatusCode> {
    ops::remove_reply(&app, scope, id).await?;
    Ok(no_content())
}

async fn all(State(app): App, Query(page): Query<PageRequest>) -> Answer<Json<Page<ReviewView>>> {
    Ok(Json(reviews::all(&app.db, &page).await?))
}

async fn remove(
    State(app): App,
    Auth(who): Auth,
    Path(id): Path<ReviewId>,
    Query(query): Query<RemovalQuery>,
) -> Answer<StatusCode> {
    ops::remove_any(&app, who.account_id, id, query.reason.unwrap_or_default()).await?;
    Ok(no_content())
}

async fn reported(State(app): App, Query(page): Query<PageRequest>) -> Answer<Json<Page<ReportedReview>>> {
    Ok(Json(moderation::queue(&app.db, &page).await?))
}

async fn history(State(app): App, Query(page): Query<PageRequest>) -> Answer<Json<Page<ModerationView>>> {
    Ok(Json(moderation::history(&app.db, &page).await?))
}

async fn keep(
    State(app): App,
    Auth(who): Auth,
    Path(id): Path<ReviewId>,
    Body(input): Body<ModerationInput>,
) -> Answer<Json<ReviewView>> {
    Ok(Json(ops::keep(&app, who.account_id, id, input).await?))
}

async fn hide(
    State(app): App,
    Auth(who): Auth,
    Path(id): Path<ReviewId>,
    Body(input): Body<ModerationInput>,
) -> Answer<Json<ReviewView>> {
    Ok(Json(ops::hide(&app, who.account_id, id, input).await?))
}

async fn restore(
    State(app): App,
    Auth(who): Auth,
    Path(id): Path<ReviewId>,
    Body(input): Body<ModerationInput>,
) -> Answer<Json<ReviewView>> {
    Ok(Json(ops::restore(&app, who.account_id, id, input).await?))
}
