//! Papers of an order, as PDF.

use contracts::{
    client::segment,
    orders::{OrderRefund, OrderStatus, OrderView},
};
use kernel::OrderId;

use super::order::find;
use crate::{
    pages::portal::download,
    render::Shown,
    ui::Link,
    visit::{Path, Visit},
};

/// `GET /orders/{id}/confirmation.pdf`
pub async fn confirmation(visit: Visit, Path(id): Path<OrderId>) -> Shown {
    paper(visit, id, "confirmation.pdf").await
}

/// `GET /orders/{id}/receipt.pdf`
pub async fn receipt(visit: Visit, Path(id): Path<OrderId>) -> Shown {
    paper(visit, id, "receipt.pdf").await
}

/// `GET /orders/{id}/credit-notes/{number}`
pub async fn credit_note(visit: Visit, Path((id, number)): Path<(OrderId, String)>) -> Shown {
    paper(visit, id, &format!("credit-notes/{}", segment(&number))).await
}

async fn paper(visit: Visit, id: OrderId, name: &str) -> Shown {
    // Strangers are sent to the log-in, as they are by the order's page.
    if visit.principal().is_none() {
        find(&visit, id).await?;
    }
    download::paper(&visit.orders(id).0, &visit, format!("/api/v1/orders/{id}/{name}")).await
}

/// Papers that there are of an order, as PDF.
pub fn papers(order: &OrderView) -> Vec<Link> {
    let at = |name: &str| format!("/orders/{}/{name}", order.id);
    let stands = !matches!(order.status, OrderStatus::Rejected);
    let confirmation = stands.then(|| Link::new("Order confirmation (PDF)", at("confirmation.pdf")));
    let receipt = order.paid_at.is_some().then(|| Link::new("Receipt (PDF)", at("receipt.pdf")));
    let note = |refund: &OrderRefund| {
        Link::new(format!("Credit note {} (PDF)", refund.number), at(&format!("credit-notes/{}", refund.number)))
    };
    confirmation.into_iter().chain(receipt).chain(order.refunds.iter().map(note)).collect()
}
