//! Routes of what the platform takes of sales: the admins' rules, and what came of them.

use std::sync::Arc;

use axum::{Json, extract::State, http::StatusCode};
use contracts::commission::{
    CommissionCharge, CommissionQuestion, CommissionRuleInput, CommissionRuleView, PartCommission,
};
use kernel::{CommissionRuleId, OrderId, Page, PageRequest, PaymentId, VendorId, VendorRole};
use souk_http::{
    Answer, Body, IfMatch, Path, Policy, Query, Routes, Scope, Versioned, created, delete, get, no_content, post, put,
};

use crate::{
    Payments,
    error::{CommissionError, PaymentError},
    model::commission::Rule,
    ops, store,
};

type App = State<Arc<Payments>>;

/// What owners of vendors use.
pub fn vendors() -> Routes<Arc<Payments>> {
    Routes::new("payments").add(
        get("/api/v1/vendors/{vendor_id}/earnings/orders/{order_id}", of_order)
            .policy(Policy::Vendor(VendorRole::Owner))
            .doc(
                "The commission on a vendor's part of an order",
                "Frozen when the order was placed, line by line with the reason. Goes back in proportion with refunds.",
            )
            .returns::<PartCommission>(200),
    )
}

/// What admins use.
pub fn admins() -> Routes<Arc<Payments>> {
    Routes::new("payments")
        .add(
            get("/api/v1/admin/commission-rules", list)
                .policy(Policy::Admin)
                .doc("Rules of commission", "Those that count, newest first.")
                .returns::<Page<CommissionRuleView>>(200),
        )
        .add(
            post("/api/v1/admin/commission-rules", create)
                .policy(Policy::Admin)
                .doc(
                    "Make a rule of commission",
                    "Counts for orders from now on. A vendor's rule comes before one for all, then the nearest category, then one \
                     for the currency; goods that no rule is for pay the vendor's own rate.",
                )
                .returns::<CommissionRuleView>(201),
        )
        .add(
            post("/api/v1/admin/commission-rules/preview", preview)
                .policy(Policy::Admin)
                .doc("What a line would pay", "If it were sold now, and why.")
                .returns::<CommissionCharge>(200),
        )
        .add(
            get("/api/v1/admin/commission-rules/{id}", one)
                .policy(Policy::Admin)
                .doc("A rule of commission", "With its version as `ETag`.")
                .returns::<CommissionRuleView>(200),
        )
        .add(
            put("/api/v1/admin/commission-rules/{id}", update)
                .policy(Policy::Admin)
                .doc(
                    "Change a rule of commission",
                    "Counts for orders from now on. Its vendor, category and currency stay: end it and make another for others.",
                )
                .returns::<CommissionRuleView>(200),
        )
        .add(
            delete("/api/v1/admin/commission-rules/{id}", end)
                .policy(Policy::Admin)
                .doc("End a rule of commission", "What was ordered under it keeps what it has.")
                .returns_empty(204),
        )
        .add(
            get("/api/v1/admin/payments/{id}/commission", of_payment)
                .policy(Policy::Admin)
                .doc("The commission on a payment", "By vendor, frozen when the order was placed, with the reasons.")
                .returns::<Vec<PartCommission>>(200),
        )
}

async fn list(State(app): App, Query(page): Query<PageRequest>) -> Answer<Json<Page<CommissionRuleView>>> {
    let limit = page.limit()?;
    let rules = store::commission_rules(&app.db, page.cursor()?.as_ref(), limit + 1).await?;
    let page = Page::cut(rules, limit, |rule: &Rule| vec![rule.created_at.micros().to_string(), rule.id.to_string()]);
    Ok(Json(page.map(Rule::view)))
}

async fn create(
    State(app): App,
    Body(input): Body<CommissionRuleInput>,
) -> Answer<(StatusCode, Json<CommissionRuleView>)> {
    Ok(created(ops::create_commission_rule(&app, input).await?))
}

async fn preview(State(app): App, Body(asked): Body<CommissionQuestion>) -> Answer<Json<CommissionCharge>> {
    Ok(Json(ops::preview_commission(&app, &asked).await?))
}

async fn one(State(app): App, Path(id): Path<CommissionRuleId>) -> Answer<Versioned<CommissionRuleView>> {
    let rule = store::read_commission_rule(&app.db, id).await?.ok_or(CommissionError::NotFound)?;
    Ok(Versioned(rule.version, rule.view()))
}

async fn update(
    State(app): App,
    Path(id): Path<CommissionRuleId>,
    seen: IfMatch,
    Body(input): Body<CommissionRuleInput>,
) -> Answer<Versioned<CommissionRuleView>> {
    let view = ops::update_commission_rule(&app, id, seen, input).await?;
    Ok(Versioned(view.version, view))
}

async fn end(State(app): App, Path(id): Path<CommissionRuleId>, seen: IfMatch) -> Answer<StatusCode> {
    ops::end_commission_rule(&app, id, seen).await?;
    Ok(no_content())
}

async fn of_payment(State(app): App, Path(id): Path<PaymentId>) -> Answer<Json<Vec<PartCommission>>> {
    let parts = store::commission_of_payment(&app.db, id).await?;
    if parts.is_empty() { Err(PaymentError::NotFound.into()) } else { Ok(Json(parts)) }
}

async fn of_order(
    State(app): App,
    Scope(scope): Scope,
    Path((_, order)): Path<(VendorId, OrderId)>,
) -> Answer<Json<PartCommission>> {
    Ok(Json(store::commission_of_order(&app.db, &scope, order).await?.ok_or(PaymentError::NotFound)?))
}
