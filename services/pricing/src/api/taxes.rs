//! Routes of taxes: how countries and regions tax, and the categories of goods.

use axum::{Json, extract::State, http::StatusCode};
use contracts::taxes::{TaxArea, TaxAreaInput, TaxCategory};
use kernel::Slug;
use souk_http::{Answer, Body, IfMatch, Path, Policy, Routes, Versioned, delete, get, no_content, put};

use super::App;
use crate::{
    Pricing,
    ops::set_taxes::{self, Place},
    store,
};

const SET: &str = "Counts for quotes made from now on; placed orders keep theirs. Rates of a category follow each other by \
    `valid_from`. Of an area that is new the version is 0.";

pub(super) fn routes() -> Routes<std::sync::Arc<Pricing>> {
    Routes::new("pricing").extend(areas()).extend(categories())
}

fn areas() -> Routes<std::sync::Arc<Pricing>> {
    Routes::new("pricing")
        .add(
            get("/api/v1/tax-areas", list_areas)
                .policy(Policy::Public)
                .doc(
                    "How countries and regions tax",
                    "Each country before its regions. A region's own rates come before its country's; goods of a category \
                     without a rate are taxed like `standard`, those of `zero` are not taxed. What goes where no area is kept \
                     bears no tax.",
                )
                .returns::<Vec<TaxArea>>(200),
        )
        .add(
            put("/api/v1/admin/tax-areas/{country}", set_country)
                .policy(Policy::Admin)
                .doc("Set how a country taxes", SET)
                .returns::<TaxArea>(200),
        )
        .add(
            delete("/api/v1/admin/tax-areas/{country}", delete_country)
                .policy(Policy::Admin)
                .doc("Forget how a country taxes", "With its regions. What goes there bears no tax from now on.")
                .returns_empty(204),
        )
        .add(
            put("/api/v1/admin/tax-areas/{country}/regions/{region}", set_region)
                .policy(Policy::Admin)
                .doc("Set how a region of a country taxes", SET)
                .returns::<TaxArea>(200),
        )
        .add(
            delete("/api/v1/admin/tax-areas/{country}/regions/{region}", delete_region)
                .policy(Policy::Admin)
                .doc("Forget how a region taxes", "What goes there is taxed like the rest of the country from now on.")
                .returns_empty(204),
        )
}

fn categories() -> Routes<std::sync::Arc<Pricing>> {
    Routes::new("pricing")
        .add(
            get("/api/v1/tax-categories", list_categories)
                .policy(Policy::Public)
                .doc(
                    "Kinds of goods that are taxed alike",
                    "A product is in `standard` unless its vendor says otherwise.",
                )
                .returns::<Vec<TaxCategory>>(200),
        )
        .add(
            put("/api/v1/admin/tax-categories/{key}", set_category)
                .policy(Policy::Admin)
                .doc("Add or rename a tax category", "Until it has rates, its goods are taxed like `standard`.")
                .returns::<TaxCategory>(200),
        )
        .add(
            delete("/api/v1/admin/tax-categories/{key}", delete_category)
                .policy(Policy::Admin)
                .doc("Remove a tax category", "Unless a product is in it; `standard` and `zero` stay.")
                .returns_empty(204),
        )
}

async fn list_areas(State(app): App) -> Answer<Json<Vec<TaxArea>>> {
    Ok(Json(store::taxes::areas(&app.db).await?))
}

async fn set_country(
    State(app): App,
    Path(country): Path<String>,
    seen: IfMatch,
    Body(input): Body<TaxAreaInput>,
) -> Answer<Versioned<TaxArea>> {
    let area = set_taxes::set_area(&app, Place::named(&country, None)?, seen, input).await?;
    Ok(Versioned(area.version, area))
}

async fn set_region(
    State(app): App,
    Path((country, region)): Path<(String, String)>,
    seen: IfMatch,
    Body(input): Body<TaxAreaInput>,
) -> Answer<Versioned<TaxArea>> {
    let area = set_taxes::set_area(&app, Place::named(&country, Some(&region))?, seen, input).await?;
    Ok(Versioned(area.version, area))
}

async fn delete_country(State(app): App, Path(country): Path<String>, seen: IfMatch) -> Answer<StatusCode> {
    set_taxes::delete_area(&app, Place::named(&country, None)?, seen).await?;
    Ok(no_content())
}

async fn delete_region(
    State(app): App,
    Path((country, region)): Path<(String, String)>,
    seen: IfMatch,
) -> Answer<StatusCode> {
    set_taxes::delete_area(&app, Place::named(&country, Some(&region))?, seen).await?;
    Ok(no_content())
}

async fn list_categories(State(app): App) -> Answer<Json<Vec<TaxCategory>>> {
    Ok(Json(store::taxes::categories(&app.db).await?))
}

async fn set_category(
    State(app): App,
    Path(key): Path<Slug>,
    Body(category): Body<TaxCategory>,
) -> Answer<Json<TaxCategory>> {
    Ok(Json(set_taxes::set_category(&app, key, category).await?))
}

async fn delete_category(State(app): App, Path(key): Path<Slug>) -> Answer<StatusCode> {
    set_taxes::delete_category(&app, key).await?;
    Ok(no_content())
}
