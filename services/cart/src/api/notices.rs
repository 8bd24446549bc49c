//! Letters: to people without an account when something is back, and what ends those about carts left behind.

use std::sync::Arc;

use axum::{Json, extract::State, http::StatusCode};
use contracts::cart::{AskNotice, NoticeToken, NoticeView};
use souk_http::{Answer, Body, InLanguage, Policy, Routes, no_content, post};

use super::App;
use crate::{
    Carts,
    ops::{letters, notices},
};

pub(super) fn routes() -> Routes<Arc<Carts>> {
    Routes::new("cart")
        .add(
            post("/api/v1/stock-notices", ask)
                .policy(Policy::Public)
                .doc(
                    "Ask for a letter when something is back",
                    "For an address without an account. A mail with a link confirms it. The answer is the same whatever is \
                     known of the address. Mails are in the language of the request, if it is one of en, de, fr and es.",
                )
                .returns_empty(202),
        )
        .add(
            post("/api/v1/stock-notices/confirmations", confirm)
                .policy(Policy::Public)
                .doc("Confirm it", "By the token of the link, for two days. There is one letter, then the address is forgotten.")
                .returns::<NoticeView>(200),
        )
        .add(
            post("/api/v1/stock-notices/stops", stop)
                .policy(Policy::Public)
                .doc("End all of them", "All that is asked for the address of the link is forgotten.")
                .returns_empty(204),
        )
        .add(
            post("/api/v1/cart-letters/stops", stop_letters)
                .policy(Policy::Public)
                .doc("End letters about carts left behind", "By the token of the link in one, for the account that it was for.")
                .returns_empty(204),
        )
}

async fn stop_letters(State(app): App, Body(link): Body<NoticeToken>) -> Answer<StatusCode> {
    letters::stop(&app, link.token).await?;
    Ok(no_content())
}

async fn ask(State(app): App, language: InLanguage, Body(wanted): Body<AskNotice>) -> Answer<StatusCode> {
    notices::ask(&app, wanted, language.other()).await?;
    Ok(StatusCode::ACCEPTED)
}

async fn confirm(State(app): App, Body(link): Body<NoticeToken>) -> Answer<Json<NoticeView>> {
    Ok(Json(notices::confirm(&app, link.token).await?))
}

async fn stop(State(app): App, Body(link): Body<NoticeToken>) -> Answer<StatusCode> {
    notices::stop(&app, link.token).await?;
    Ok(no_content())
}
