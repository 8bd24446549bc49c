//! Routes of the reports.

use std::sync::Arc;

use axum::{Json, extract::State};
use contracts::analytics::{PeriodQuery, ProductReport, ProductSold, Report, SoldQuery};
use kernel::{ProductId, VendorId, VendorRole};
use souk_http::{Answer, Path, Policy, Query, Routes, Scope, get};

use crate::{Analytics, model::days_wanted, ops};

pub(crate) fn routes() -> Routes<Arc<Analytics>> {
    Routes::new("analytics")
        .add(
            get("/api/v1/admin/reports/overview", platform)
                .policy(Policy::Admin)
                .doc("The platform by day", "Sales, orders, items, refunds, people; the period before beside it.")
                .returns::<Report>(200),
        )
        .add(
            get("/api/v1/vendors/{vendor_id}/reports/overview", vendor)
                .policy(Policy::Vendor(VendorRole::Staff))
                .doc("One vendor by day", "Sales, orders, items, refunds; the period before beside it.")
                .returns::<Report>(200),
        )
        .add(
            get("/api/v1/admin/reports/vendors/{vendor_id}", vendor_of)
                .policy(Policy::Admin)
                .doc(
                    "Any vendor by day",
                    "What the vendor sees of itself: sales, orders, items, refunds; the period before beside it.",
                )
                .returns::<Report>(200),
        )
        .add(
            get("/api/v1/vendors/{vendor_id}/reports/products/{product_id}", product)
                .policy(Policy::Vendor(VendorRole::Staff))
                .doc(
                    "One product by day",
                    "Sales and items; the period before beside it. 404 for what the vendor has never sold. Refunds are counted by \
                     vendor alone.",
                )
                .returns::<ProductReport>(200),
        )
        .add(
            get("/api/v1/best-sellers", best_sellers)
                .policy(Policy::Public)
                .doc(
                    "Best sellers",
                    "Ids of the products that sold most in the last 30 days, at most 24; counted once a minute.",
                )
                .returns::<Vec<ProductId>>(200),
        )
        .add(
            get("/internal/products/sold", sold)
                .policy(Policy::Service)
                .doc(
                    "What was sold of each product",
                    "In the order of their ids, 1,000 at a time; products of which nothing was sold are left out.",
                )
                .returns::<Vec<ProductSold>>(200),
        )
}

async fn platform(State(app): State<Arc<Analytics>>, Query(query): Query<PeriodQuery>) -> Answer<Json<Report>> {
    Ok(Json(ops::platform(&app, days_wanted(query.days)?).await?))
}

async fn vendor(
    State(app): State<Arc<Analytics>>,
    Scope(scope): Scope,
    Query(query): Query<PeriodQuery>,
) -> Answer<Json<Report>> {
    Ok(Json(ops::own(&app, &scope, days_wanted(query.days)?).await?))
}

async fn vendor_of(
    State(app): State<Arc<Analytics>>,
    Path(vendor_id): Path<VendorId>,
    Query(query): Query<PeriodQuery>,
) -> Answer<Json<Report>> {
    Ok(Json(ops::of_vendor(&app, vendor_id, days_wanted(query.days)?).await?))
}

async fn product(
    State(app): State<Arc<Analytics>>,
    Scope(scope): Scope,
    Path((_, product_id)): Path<(VendorId, ProductId)>,
    Query(query): Query<PeriodQuery>,
) -> Answer<Json<ProductReport>> {
    Ok(Json(ops::product(&app, &scope, product_id, days_wanted(query.days)?).await?))
}

async fn best_sellers(State(app): State<Arc<Analytics>>) -> Answer<Json<Arc<[ProductId]>>> {
    Ok(Json(ops::best_sellers(&app).await?))
}

async fn sold(State(app): State<Arc<Analytics>>, Query(query): Query<SoldQuery>) -> Answer<Json<Vec<ProductSold>>> {
    Ok(Json(ops::sold(&app, days_wanted(query.days)?, query.after).await?))
}
