//! Routes of the currencies that the shop sells in.

use axum::{
    Json,
    extract::State,
    http::{HeaderName, StatusCode, header},
};
use contracts::currencies::{CurrencyInput, ShopCurrencies, ShopCurrency};
use souk_http::{Answer, Body, Path, Policy, Routes, delete, get, no_content, put};

use super::App;
use crate::{Pricing, ops::currencies};

/// How long clients may go on with the rates they know. What a quote says counts.
const A_MINUTE: &str = "public, max-age=60";

pub(super) fn routes() -> Routes<std::sync::Arc<Pricing>> {
    Routes::new("pricing")
        .add(
            get("/api/v1/currencies", list)
                .policy(Policy::Public)
                .doc(
                    "Currencies of the shop",
                    "The main one, and those beside it that a buyer may choose, with their rates and how prices are rounded. \
                     A converted price is `rate_micro` millionths of the price, rounded; the quote says what counts.",
                )
                .returns::<ShopCurrencies>(200),
        )
        .add(
            get("/api/v1/admin/currencies", list_all)
                .policy(Policy::Admin)
                .doc("All currencies", "Also those that buyers may not choose now.")
                .returns::<ShopCurrencies>(200),
        )
        .add(
            put("/api/v1/admin/currencies/{code}", set)
                .policy(Policy::Admin)
                .doc(
                    "Add or change a currency",
                    "Rate and rounding count for quotes made from now on; placed orders keep theirs. The main currency has none.",
                )
                .returns::<ShopCurrency>(200),
        )
        .add(
            delete("/api/v1/admin/currencies/{code}", disable)
                .policy(Policy::Admin)
                .doc("Have a currency be chosen no longer", "Its rate stays. Orders that are in it stay as they are.")
                .returns_empty(204),
        )
}

async fn list(State(app): App) -> Answer<([(HeaderName, &'static str); 1], Json<ShopCurrencies>)> {
    Ok(([(header::CACHE_CONTROL, A_MINUTE)], Json(currencies::list(&app, false).await?)))
}

async fn list_all(State(app): App) -> Answer<Json<ShopCurrencies>> {
    Ok(Json(currencies::list(&app, true).await?))
}

async fn set(
    State(app): App,
    Path(code): Path<String>,
    Body(input): Body<CurrencyInput>,
) -> Answer<Json<ShopCurrency>> {
    Ok(Json(currencies::set(&app, &code, input).await?))
}

async fn disable(State(app): App, Path(code): Path<String>) -> Answer<StatusCode> {
    currencies::disable(&app, &code).await?;
    Ok(no_content())
}
