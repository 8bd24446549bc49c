//! Routes and thin handlers.

mod keys;
mod notices;
mod wishes;

use std::sync::Arc;

use axum::{Json, extract::State, http::StatusCode};
use contracts::cart::{
    AddCode, AddLine, CartView, MergeCart, NewCart, Reorder, Reordered, SetCurrency, SetLater, SetQuantity,
};
use kernel::{PromoCode, VariantId};
use souk_http::{Answer, Auth, Body, Path, Policy, Routes, Who, created, delete, get, post, put};

use crate::{Carts, model::key::Keys, ops};

type App = State<Arc<Carts>>;

pub(crate) fn routes() -> Routes<Arc<Carts>> {
    Routes::new("cart")
        .add(
            post("/api/v1/carts", open)
                .policy(Policy::Public)
                .doc(
                    "Open a guest's cart",
                    "With a first line if one is given. The token is shown this once; send it as `Cart-Token`.",
                )
                .returns::<NewCart>(201),
        )
        .add(
            get("/api/v1/carts/current", current)
                .policy(Policy::Public)
                .doc("Read the cart", "Of the token if it opens one, otherwise of the account logged in.")
                .returns::<CartView>(200)
                .may_be_missing(),
        )
        .add(
            post("/api/v1/carts/current/lines", add)
                .policy(Policy::Public)
                .doc(
                    "Add to the cart",
                    "To the line of the variant, or as a new line at the end. All lines have one currency.",
                )
                .returns::<CartView>(200),
        )
        .add(
            put("/api/v1/carts/current/lines/{variant_id}", set_quantity)
                .policy(Policy::Public)
                .doc("Set a quantity", "0 removes the line.")
                .returns::<CartView>(200),
        )
        .add(
            put("/api/v1/carts/current/lines/{variant_id}/later", set_later)
                .policy(Policy::Public)
                .doc("Keep a line for later", "Or want it now. What is kept for later is not ordered and not counted.")
                .returns::<CartView>(200),
        )
        .add(
            delete("/api/v1/carts/current/lines/{variant_id}", remove)
                .policy(Policy::Public)
                .doc("Remove a line", "Removing what is not there changes nothing.")
                .returns::<CartView>(200),
        )
        .add(
            delete("/api/v1/carts/current/lines", clear)
                .policy(Policy::Public)
                .doc("Empty the cart", "The cart stays, and what is kept for later.")
                .returns::<CartView>(200),
        )
        .add(
            post("/api/v1/carts/current/codes", add_code)
                .policy(Policy::Public)
                .doc("Add a code", "Of a promotion, at most 5. Whether it applies, and if not why, the quote says.")
                .returns::<CartView>(200),
        )
        .add(
            delete("/api/v1/carts/current/codes/{code}", remove_code)
                .policy(Policy::Public)
                .doc("Take a code out", "It is no mistake if it is not there.")
                .returns::<CartView>(200),
        )
        .extend(of_the_whole())
        .extend(wishes::routes())
        .extend(notices::routes())
}

/// What changes all of a cart.
fn of_the_whole() -> Routes<Arc<Carts>> {
    Routes::new("cart")
        .add(
            put("/api/v1/carts/current/currency", set_currency)
                .policy(Policy::Public)
                .doc(
                    "Choose in what the cart is paid",
                    "One of the shop's currencies, in which quotes are asked. Lines are told in what they are sold in.",
                )
                .returns::<CartView>(200),
        )
        .add(
            post("/api/v1/carts/current/reorders", reorder)
                .policy(Policy::Public)
                .doc(
                    "Order something once more",
                    "Puts what was ordered into the cart, with what is in it, as far as it can be had; of the rest is told why \
                     not. An order that was placed without an account is opened by its token.",
                )
                .returns::<Reordered>(200)
                .may_be_missing(),
        )
        .add(
            post("/api/v1/carts/current/merge", merge)
                .policy(Policy::Account)
                .doc(
                    "Merge a guest's cart",
                    "Into the cart of the account logged in. Quantities add up; the guest's token opens nothing afterwards.",
                )
                .returns::<CartView>(200),
        )
}

async fn open(State(app): App, Body(first): Body<Option<AddLine>>) -> Answer<(StatusCode, Json<NewCart>)> {
    Ok(created(ops::open_cart::open_cart(&app, first).await?))
}

async fn current(State(app): App, keys: Keys) -> Answer<Json<CartView>> {
    Ok(Json(ops::show_cart::show_cart(&app, keys).await?))
}

async fn add(State(app): App, keys: Keys, Body(wanted): Body<AddLine>) -> Answer<Json<CartView>> {
    Ok(Json(ops::add_line::add_line(&app, keys, wanted).await?))
}

async fn set_quantity(
    State(app): App,
    keys: Keys,
    Path(variant): Path<VariantId>,
    Body(wanted): Body<SetQuantity>,
) -> Answer<Json<CartView>> {
    Ok(Json(ops::change_lines::set_quantity(&app, keys, variant, wanted.quantity).await?))
}

async fn remove(State(app): App, keys: Keys, Path(variant): Path<VariantId>) -> Answer<Json<CartView>> {
    Ok(Json(ops::change_lines::remove_line(&app, keys, variant).await?))
}

async fn set_later(
    State(app): App,
    keys: Keys,
    Path(variant): Path<VariantId>,
    Body(wanted): Body<SetLater>,
) -> Answer<Json<CartView>> {
    Ok(Json(ops::change_lines::set_later(&app, keys, variant, wanted.later).await?))
}

async fn clear(State(app): App, keys: Keys) -> Answer<Json<CartView>> {
    Ok(Json(ops::change_lines::clear_cart(&app, keys).await?))
}

async fn add_code(State(app): App, keys: Keys, Body(wanted): Body<AddCode>) -> Answer<Json<CartView>> {
    Ok(Json(ops::change_codes::add_code(&app, keys, wanted.code).await?))
}

async fn remove_code(State(app): App, keys: Keys, Path(code): Path<PromoCode>) -> Answer<Json<CartView>> {
    Ok(Json(ops::change_codes::remove_code(&app, keys, code).await?))
}

async fn set_currency(State(app): App, keys: Keys, Body(wanted): Body<SetCurrency>) -> Answer<Json<CartView>> {
    Ok(Json(ops::set_currency::set_currency(&app, keys, wanted.currency).await?))
}

async fn reorder(State(app): App, keys: Keys, Who(who): Who, Body(of): Body<Reorder>) -> Answer<Json<Reordered>> {
    Ok(Json(ops::reorder::reorder(&app, keys, &who, of).await?))
}

async fn merge(State(app): App, Auth(who): Auth, Body(guest): Body<MergeCart>) -> Answer<Json<CartView>> {
    Ok(Json(ops::merge_carts::merge_carts(&app, who.account_id, guest).await?))
}
