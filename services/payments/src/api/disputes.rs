//! Routes of disputes: for vendors' owners, and for admins.

use std::sync::Arc;

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use contracts::disputes::{DisputeQuery, DisputeView, Evidence, VendorDisputeQuery, VendorDisputeView};
use kernel::{DisputeId, Page, PageRequest, VendorRole};
use souk_http::{Answer, Idempotent, Path, Policy, Query, Routes, Scope, get, post};

use crate::{
    Payments,
    error::PaymentError,
    ops,
    store::{self, DisputeFilter},
};

type App = State<Arc<Payments>>;

/// What owners of vendors use.
pub fn vendors() -> Routes<Arc<Payments>> {
    Routes::new("payments").add(
        get("/api/v1/vendors/{vendor_id}/disputes", own)
            .policy(Policy::Vendor(VendorRole::Owner))
            .doc(
                "A vendor's parts of disputes",
                "What buyers dispute of the vendor's sales, and what is held of its balance for it; those that are open first.",
            )
            .returns::<Page<VendorDisputeView>>(200),
    )
}

/// What admins use.
pub fn admins() -> Routes<Arc<Payments>> {
    Routes::new("payments")
        .add(
            get("/api/v1/admin/disputes", all)
                .policy(Policy::Admin)
                .doc("Disputes", "Those first that have to be answered soonest, then those that are over, newest first.")
                .returns::<Page<DisputeView>>(200),
        )
        .add(
            get("/api/v1/admin/disputes/{id}", one)
                .policy(Policy::Admin)
                .doc("A dispute", "With the vendors' parts of it.")
                .returns::<DisputeView>(200),
        )
        .add(
            post("/api/v1/admin/disputes/{id}/evidence", evidence)
                .policy(Policy::Admin)
                .doc(
                    "Answer a dispute with evidence",
                    "Kept, and sent to the provider at once; once. If the provider refuses it (`failure`), better evidence may \
                     be sent.",
                )
                .returns::<DisputeView>(202),
        )
        .add(
            post("/api/v1/admin/disputes/{id}/accept", accept)
                .policy(Policy::Admin)
                .doc(
                    "Accept a dispute",
                    "The buyer keeps the money. The provider is told at once; the dispute is lost once it says so. Repeated, \
                     nothing more happens.",
                )
                .returns::<DisputeView>(202),
        )
}

async fn own(
    State(app): App,
    Scope(scope): Scope,
    Query(query): Query<VendorDisputeQuery>,
) -> Answer<Json<Page<VendorDisputeView>>> {
    let page = PageRequest { limit: query.limit, after: query.after };
    let limit = page.limit()?;
    let after = page.cursor()?;
    let disputes = store::vendor_disputes(&app.db, &scope, query.order_id, after.as_ref(), limit + 1).await?;
    let page = Page::cut(disputes, limit, |(place, one)| vec![place.to_string(), one.id.to_string()]);
    Ok(Json(page.map(|(_, one)| one)))
}

async fn all(State(app): App, Query(query): Query<DisputeQuery>) -> Answer<Json<Page<DisputeView>>> {
    let filter = DisputeFilter { id: None, status: query.status, order_id: query.order_id };
    let page = PageRequest { limit: query.limit, after: query.after };
    let limit = page.limit()?;
    let disputes = store::dispute_views(&app.db, &filter, page.cursor()?.as_ref(), limit + 1).await?;
    let page = Page::cut(disputes, limit, |(place, one)| vec![place.to_string(), one.id.to_string()]);
    Ok(Json(page.map(|(_, one)| one)))
}

async fn one(State(app): App, Path(id): Path<DisputeId>) -> Answer<Json<DisputeView>> {
    let filter = DisputeFilter { id: Some(id), ..DisputeFilter::default() };
    let found = store::dispute_views(&app.db, &filter, None, 1).await?.pop();
    Ok(Json(found.map(|(_, view)| view).ok_or(PaymentError::NoDispute)?))
}

async fn evidence(
    State(app): App,
    Path(id): Path<DisputeId>,
    Idempotent { key, value }: Idempotent<Evidence>,
) -> Answer<Response> {
    Ok(ops::submit_evidence(&app, id, key, value).await?.into_response())
}

async fn accept(State(app): App, Path(id): Path<DisputeId>) -> Answer<Response> {
    let view = ops::accept_dispute(&app, id).await?;
    Ok((axum::http::StatusCode::ACCEPTED, Json(view)).into_response())
}
