//! Routes of a product's prices beyond its list prices.

use axum::extract::State;
use contracts::prices::{ProductPrices, ProductPricesInput};
use kernel::{ProductId, VendorId, VendorRole};
use souk_http::{Answer, Body, IfMatch, Path, Policy, Routes, Scope, Versioned, get, put};

use super::App;
use crate::{Pricing, ops, store};

pub(super) fn routes() -> Routes<std::sync::Arc<Pricing>> {
    let staff = Policy::Vendor(VendorRole::Staff);
    Routes::new("pricing")
        .add(
            get("/api/v1/vendors/{vendor_id}/products/{id}/prices", get_prices)
                .policy(staff)
                .doc("Read a product's prices", "Beyond its list prices, which the catalogue has. With their version as `ETag`.")
                .returns::<ProductPrices>(200),
        )
        .add(
            put("/api/v1/vendors/{vendor_id}/products/{id}/prices", set_prices)
                .policy(staff)
                .doc(
                    "Set a product's prices",
                    "All of them at once. A price for a quantity is that of every piece as soon as a line has so many; \
                     a discount takes its part off that price. One that is not less than the list price does not count. \
                     The tax category stays as it is if it is left out.",
                )
                .returns::<ProductPrices>(200),
        )
}

async fn get_prices(
    State(app): App,
    Scope(scope): Scope,
    Path((_, id)): Path<(VendorId, ProductId)>,
) -> Answer<Versioned<ProductPrices>> {
    let prices = store::quantity::get(&app.db, &scope, id).await?;
    Ok(Versioned(prices.version, prices))
}

async fn set_prices(
    State(app): App,
    Scope(scope): Scope,
    Path((_, id)): Path<(VendorId, ProductId)>,
    seen: IfMatch,
    Body(input): Body<ProductPricesInput>,
) -> Answer<Versioned<ProductPrices>> {
    let prices = ops::set_prices::set_prices(&app, scope, id, seen, input).await?;
    Ok(Versioned(prices.version, prices))
}
