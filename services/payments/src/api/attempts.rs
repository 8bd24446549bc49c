//! Attempts at paying an order.

use std::sync::Arc;

use axum::{Json, extract::State};
use contracts::payments::{AttemptView, OrderAttempt};
use kernel::{OrderId, Page, PageRequest, PaymentId};
use souk_http::{Answer, Path, Policy, Query, Routes, get};

use super::App;
use crate::{Payments, error::PaymentError, store};

pub fn routes() -> Routes<Arc<Payments>> {
    Routes::new("payments")
        .add(
            get("/api/v1/admin/payments/{id}/attempts", attempts)
                .policy(Policy::Admin)
                .doc(
                    "Attempts at a payment",
                    "The present one first: each way that the buyer has tried, what became of it and why. One that had failed and \
                     was paid after all is there twice, as it ended and as it stands.",
                )
                .returns::<Page<AttemptView>>(200),
        )
        .add(
            get("/internal/orders/{order_id}/payment/attempts", of_order)
                .policy(Policy::Service)
                .doc("Attempts at paying an order", "For `orders`, which knows whose order it is. The present one first.")
                .returns::<Page<OrderAttempt>>(200),
        )
}

async fn attempts(
    State(app): App,
    Path(id): Path<PaymentId>,
    Query(page): Query<PageRequest>,
) -> Answer<Json<Page<AttemptView>>> {
    store::read_payment(&app.db, id).await?.ok_or(PaymentError::NotFound)?;
    Ok(Json(read(&app, id, &page).await?))
}

async fn of_order(
    State(app): App,
    Path(order): Path<OrderId>,
    Query(page): Query<PageRequest>,
) -> Answer<Json<Page<OrderAttempt>>> {
    // Heard of a moment later than `orders` knows of it.
    let Some(id) = store::payment_id_of(&app.db, order).await? else {
        return Ok(Json(Page { items: Vec::new(), next: None }));
    };
    let short =
        |one: AttemptView| OrderAttempt { method: one.method, status: one.status, at: one.ended_at.or(one.began_at) };
    Ok(Json(read(&app, id, &page).await?.map(short)))
}

async fn read(app: &Payments, id: PaymentId, page: &PageRequest) -> kernel::Result<Page<AttemptView>> {
    let limit = page.limit()?;
    let attempts = store::attempts(&app.db, id, page.cursor()?.as_ref(), limit + 1).await?;
    Ok(Page::cut(attempts, limit, |attempt| vec![attempt.position.to_string()]))
}
