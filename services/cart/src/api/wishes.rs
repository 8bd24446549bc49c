//! Wish lists.

use std::sync::Arc;

use axum::{Json, extract::State, http::StatusCode};
use contracts::cart::{MakeWish, ShareWishes, SharedWishes, WishList, WishView};
use kernel::{Page, PageRequest, VariantId};
use souk_http::{Answer, Auth, Body, Path, Policy, Query, Routes, delete, get, no_content, put};

use super::App;
use crate::{Carts, ops::wishes};

pub(super) fn routes() -> Routes<Arc<Carts>> {
    Routes::new("cart")
        .add(
            get("/api/v1/me/wishes", list)
                .policy(Policy::Account)
                .doc("What one wishes for", "Newest first, at the prices of now.")
                .returns::<Page<WishView>>(200),
        )
        .add(
            put("/api/v1/me/wishes/{variant_id}", wish)
                .policy(Policy::Account)
                .doc("Wish for something", "What is on the list already stays where it is. `tell_when_back` writes once what is sold out can be had again.")
                .returns::<WishView>(200),
        )
        .add(
            delete("/api/v1/me/wishes/{variant_id}", unwish)
                .policy(Policy::Account)
                .doc("Wish for it no longer", "It leaves the list.")
                .returns_empty(204),
        )
        .add(
            get("/api/v1/me/wishes/share", shared)
                .policy(Policy::Account)
                .doc("How one's wishes are shared", "404 while they are not.")
                .returns::<SharedWishes>(200)
                .may_be_missing(),
        )
        .add(
            put("/api/v1/me/wishes/share", share)
                .policy(Policy::Account)
                .doc("Share one's wishes", "With whoever has the link. Sharing again changes the title, not the link.")
                .returns::<SharedWishes>(200),
        )
        .add(
            delete("/api/v1/me/wishes/share", unshare)
                .policy(Policy::Account)
                .doc("Share them no longer", "The link opens nothing any more; the next one is another.")
                .returns_empty(204),
        )
        .add(
            get("/api/v1/wishes/{token}", open)
                .policy(Policy::Public)
                .doc("Somebody's wishes", "The newest hundred, for who has the link. It does not say whose they are.")
                .returns::<WishList>(200),
        )
}

async fn list(State(app): App, Auth(who): Auth, Query(page): Query<PageRequest>) -> Answer<Json<Page<WishView>>> {
    Ok(Json(wishes::list(&app, who.account_id, &page).await?))
}

async fn wish(
    State(app): App,
    Auth(who): Auth,
    Path(variant): Path<VariantId>,
    Body(wanted): Body<MakeWish>,
) -> Answer<Json<WishView>> {
    Ok(Json(wishes::wish(&app, who.account_id, variant, wanted.tell_when_back).await?))
}

async fn unwish(State(app): App, Auth(who): Auth, Path(variant): Path<VariantId>) -> Answer<StatusCode> {
    wishes::unwish(&app, who.account_id, variant).await?;
    Ok(no_content())
}

async fn shared(State(app): App, Auth(who): Auth) -> Answer<Json<SharedWishes>> {
    Ok(Json(wishes::shared(&app, who.account_id).await?))
}

async fn share(State(app): App, Auth(who): Auth, Body(wanted): Body<ShareWishes>) -> Answer<Json<SharedWishes>> {
    Ok(Json(wishes::share(&app, who.account_id, wanted.title).await?))
}

async fn unshare(State(app): App, Auth(who): Auth) -> Answer<StatusCode> {
    wishes::unshare(&app, who.account_id).await?;
    Ok(no_content())
}

async fn open(State(app): App, Path(token): Path<String>) -> Answer<Json<WishList>> {
    Ok(Json(wishes::open(&app, &token).await?))
}
