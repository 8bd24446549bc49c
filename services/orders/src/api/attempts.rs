//! What was tried to pay an order, as `payments` has it.

use std::sync::Arc;

use axum::{Json, extract::State};
use contracts::payments::OrderAttempt;
use kernel::{OrderId, Page, PageRequest};
use souk_http::{Answer, MaybeAuth, Path, Policy, Query, Routes, get};

use super::App;
use crate::{Orders, access::OrderToken};

pub(super) fn routes() -> Routes<Arc<Orders>> {
    Routes::new("orders").add(
        get("/api/v1/orders/{id}/payment/attempts", attempts)
            .policy(Policy::Public)
            .doc(
                "What was tried to pay an order",
                "For its account, whoever holds its `Order-Token`, and admins: each way that was tried, what became of it and when, \
                 the present one first.",
            )
            .returns::<Page<OrderAttempt>>(200),
    )
}

async fn attempts(
    State(app): App,
    MaybeAuth(who): MaybeAuth,
    token: OrderToken,
    Path(id): Path<OrderId>,
    Query(page): Query<PageRequest>,
) -> Answer<Json<Page<OrderAttempt>>> {
    app.admit(id, who.as_deref(), &token).await?;
    // What is wrong with the question is this one's to say.
    page.limit()?;
    page.cursor()?;
    Ok(Json(app.payments.attempts_of(&app.myself, id, &page).await?))
}
