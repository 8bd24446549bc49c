//! Routes of stored value: for whoever has a code or an account, for admins, for our own services.

use std::sync::Arc;

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use contracts::credits::{
    CheckGiftCard, Cover, CoverRequest, CreditMovement, CreditQuery, CreditView, GiftCardBalance, GiftCardLetter,
    HeldCredits, HoldCredits, IssueCredit, IssuedCredit, WriteOffCredit,
};
use kernel::{AccountId, CreditId, OrderId, Page, PageRequest};
use souk_http::{Answer, Auth, Body, Idempotent, MaybeAuth, Path, Policy, Query, Routes, get, post};

use crate::{
    Payments,
    error::CreditError,
    model::credits::{Credit, hash_of, normalised},
    ops,
    store::{self, CreditFilter},
};

type App = State<Arc<Payments>>;

/// What buyers use.
pub fn buyers() -> Routes<Arc<Payments>> {
    Routes::new("payments")
        .add(
            post("/api/v1/credits/check", check)
                .policy(Policy::Public)
                .doc(
                    "What is left on a gift card",
                    "404 for a code that is none. The edge limits how often one client may ask.",
                )
                .returns::<GiftCardBalance>(200)
                .may_be_missing(),
        )
        .add(
            post("/api/v1/credits/cover", cover)
                .policy(Policy::Public)
                .doc(
                    "What stored value covers of a total",
                    "The cards in the order in which they are named, then the account's store credit for what they leave. Nothing \
                     is held: send `covered` with the order, and nothing is ordered should it be another amount by then.",
                )
                .returns::<Cover>(200),
        )
        .add(
            get("/api/v1/me/credits", mine)
                .policy(Policy::Account)
                .doc("My store credit", "One for each currency in which there is or was any.")
                .returns::<Vec<CreditView>>(200),
        )
        .add(
            get("/api/v1/me/credits/movements", my_movements)
                .policy(Policy::Account)
                .doc("What happened to my store credit", "Newest first.")
                .returns::<Page<CreditMovement>>(200),
        )
}

/// What admins use.
pub fn admins() -> Routes<Arc<Payments>> {
    Routes::new("payments")
        .add(
            get("/api/v1/admin/credits", all)
                .policy(Policy::Admin)
                .doc("Gift cards and store credit", "Newest first. Codes are not told: of each the last characters are known.")
                .returns::<Page<CreditView>>(200),
        )
        .add(
            post("/api/v1/admin/credits", issue)
                .policy(Policy::Admin)
                .doc(
                    "Give a gift card or store credit",
                    "The platform pays for it. The code of a gift card is in this answer (the same for the same key) and, if an \
                     address is named, in a mail; nowhere else.",
                )
                .returns::<IssuedCredit>(201),
        )
        .add(
            get("/api/v1/admin/credits/{id}", one)
                .policy(Policy::Admin)
                .doc("A gift card or store credit", "Without its code.")
                .returns::<CreditView>(200),
        )
        .add(
            get("/api/v1/admin/credits/{id}/movements", movements)
                .policy(Policy::Admin)
                .doc("What happened to it", "Newest first.")
                .returns::<Page<CreditMovement>>(200),
        )
        .add(
            post("/api/v1/admin/credits/{id}/block", block)
                .policy(Policy::Admin)
                .doc("Block it", "Nothing new is paid with it. What orders hold stays theirs. Repeated, nothing more happens.")
                .returns::<CreditView>(200),
        )
        .add(
            post("/api/v1/admin/credits/{id}/unblock", unblock)
                .policy(Policy::Admin)
                .doc("Unblock it", "It can be used again.")
                .returns::<CreditView>(200),
        )
        .add(
            post("/api/v1/admin/credits/{id}/write-off", write_off)
                .policy(Policy::Admin)
                .doc(
                    "Write off what is left of it",
                    "Once its time is over: what was left is owed to nobody any more. Refused while it can still be used, while \
                     orders that may still be paid hold some of it, and if nothing is left. A refund after it gives back to it as \
                     to any other.",
                )
                .returns::<CreditView>(200),
        )
}

/// What our own services use.
pub fn services() -> Routes<Arc<Payments>> {
    Routes::new("payments")
        .add(
            post("/internal/orders/{order_id}/credits", hold)
                .policy(Policy::Service)
                .doc(
                    "Hold stored value for an order",
                    "For `orders`, before an order is placed: all of it or nothing, once per order. It lapses if there never is \
                     such an order.",
                )
                .returns::<HeldCredits>(200),
        )
        .add(
            get("/internal/accounts/{account_id}/credits", of_account)
                .policy(Policy::Service)
                .doc("An account's store credit", "For `identity`, before an account is erased.")
                .returns::<Vec<CreditView>>(200),
        )
        .add(
            get("/internal/credits/{id}/letter", letter)
                .policy(Policy::Service)
                .doc("What the mail with a gift card says", "For `notifications`: whom it is for, and the code.")
                .returns::<GiftCardLetter>(200),
        )
}

async fn check(State(app): App, Body(input): Body<CheckGiftCard>) -> Answer<Json<GiftCardBalance>> {
    let code = normalised(input.code.expose()).ok_or(CreditError::NoCard)?;
    let card = store::gift_card(&app.db, &hash_of(&code)).await?.ok_or(CreditError::NoCard)?;
    let status = card.status(app.clock.now());
    let last4 = card.last4.unwrap_or_default();
    Ok(Json(GiftCardBalance { last4, balance: card.balance, status, expires_at: card.expires_at }))
}

async fn cover(State(app): App, MaybeAuth(who): MaybeAuth, Body(input): Body<CoverRequest>) -> Answer<Json<Cover>> {
    Ok(Json(ops::cover_total(&app, who.map(|who| who.account_id), &input).await?))
}

async fn mine(State(app): App, Auth(who): Auth) -> Answer<Json<Vec<CreditView>>> {
    own_credits(&app, who.account_id).await
}

async fn of_account(State(app): App, Path(account_id): Path<AccountId>) -> Answer<Json<Vec<CreditView>>> {
    own_credits(&app, account_id).await
}

async fn own_credits(app: &Payments, account_id: AccountId) -> Answer<Json<Vec<CreditView>>> {
    let now = app.clock.now();
    let credits = store::store_credits(&app.db, account_id).await?;
    Ok(Json(credits.into_iter().map(|credit| credit.own_view(now)).collect()))
}

async fn my_movements(
    State(app): App,
    Auth(who): Auth,
    Query(page): Query<PageRequest>,
) -> Answer<Json<Page<CreditMovement>>> {
    let limit = page.limit()?;
    let movements = store::own_movements(&app.db, who.account_id, page.cursor()?.as_ref(), limit + 1).await?;
    Ok(Json(Page::cut(movements, limit, |(place, _)| place.clone()).map(|(_, movement)| movement)))
}

async fn all(State(app): App, Query(query): Query<CreditQuery>) -> Answer<Json<Page<CreditView>>> {
    let page = PageRequest { limit: query.limit, after: query.after };
    let (limit, now) = (page.limit()?, app.clock.now());
    let left = query.left.unwrap_or(false);
    let filter =
        CreditFilter { kind: query.kind, status: query.status, account_id: query.account_id, q: query.q, left };
    let credits = store::credits(&app.db, &filter, now, page.cursor()?.as_ref(), limit + 1).await?;
    let page = Page::cut(credits, limit, |credit: &Credit| {
        vec![credit.created_at.micros().to_string(), credit.id.to_string()]
    });
    Ok(Json(page.map(|credit| credit.view(now))))
}

async fn issue(State(app): App, Idempotent { key, value }: Idempotent<IssueCredit>) -> Answer<Response> {
    Ok(ops::issue_credit(&app, key, value).await?.into_response())
}

async fn one(State(app): App, Path(id): Path<CreditId>) -> Answer<Json<CreditView>> {
    let credit = store::read_credit(&app.db, id).await?.ok_or(CreditError::NotFound)?;
    Ok(Json(credit.view(app.clock.now())))
}

async fn movements(
    State(app): App,
    Path(id): Path<CreditId>,
    Query(page): Query<PageRequest>,
) -> Answer<Json<Page<CreditMovement>>> {
    let limit = page.limit()?;
    store::read_credit(&app.db, id).await?.ok_or(CreditError::NotFound)?;
    let movements = store::credit_movements(&app.db, id, page.cursor()?.as_ref(), limit + 1).await?;
    Ok(Json(Page::cut(movements, limit, |(place, _)| place.clone()).map(|(_, movement)| movement)))
}

async fn block(State(app): App, Path(id): Path<CreditId>) -> Answer<Json<CreditView>> {
    Ok(Json(ops::block_credit(&app, id, true).await?))
}

async fn unblock(State(app): App, Path(id): Path<CreditId>) -> Answer<Json<CreditView>> {
    Ok(Json(ops::block_credit(&app, id, false).await?))
}

async fn write_off(
    State(app): App,
    Path(id): Path<CreditId>,
    Idempotent { key, value }: Idempotent<WriteOffCredit>,
) -> Answer<Response> {
    Ok(ops::write_off_credit(&app, id, key, value).await?.into_response())
}

async fn hold(
    State(app): App,
    Path(order_id): Path<OrderId>,
    Body(input): Body<HoldCredits>,
) -> Answer<Json<HeldCredits>> {
    Ok(Json(ops::hold_credits(&app, order_id, input).await?))
}

async fn letter(State(app): App, Path(id): Path<CreditId>) -> Answer<Json<GiftCardLetter>> {
    Ok(Json(ops::gift_card_letter(&app, id).await?))
}
