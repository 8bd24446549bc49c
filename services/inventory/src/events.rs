//! What inventory does when others tell something.

use std::sync::Arc;

use contracts::{
    Envelope,
    catalog::{ProductChanged, ProductPublished, ProductWithdrawn},
    orders::{
        OrderCancelled, OrderPaid, OrderPlaced, OrderPromised, OrderRejected, ReturnEnded, ReturnExchangeWanted,
        ReturnExchanged, ReturnReceived, ReturnRefundDue, ReturnWithdrawn,
    },
    shipping::ShipmentShipped,
};
use db::Tx;
use kernel::Result;

use crate::{Inventory, ops};

pub(crate) async fn product_published(
    app: &Arc<Inventory>,
    tx: &mut Tx,
    event: ProductPublished,
    _: &Envelope,
) -> Result<()> {
    ops::track_product(app, tx, event.product_id, &event.product).await
}

pub(crate) async fn product_changed(
    app: &Arc<Inventory>,
    tx: &mut Tx,
    event: ProductChanged,
    _: &Envelope,
) -> Result<()> {
    ops::track_product(app, tx, event.product_id, &event.product).await
}

pub(crate) async fn product_withdrawn(
    app: &Arc<Inventory>,
    tx: &mut Tx,
    event: ProductWithdrawn,
    _: &Envelope,
) -> Result<()> {
    ops::track_product(app, tx, event.product_id, &event.product).await
}

pub(crate) async fn order_placed(app: &Arc<Inventory>, tx: &mut Tx, event: OrderPlaced, _: &Envelope) -> Result<()> {
    ops::reserve(app, tx, &event).await
}

pub(crate) async fn order_promised(
    app: &Arc<Inventory>,
    tx: &mut Tx,
    event: OrderPromised,
    _: &Envelope,
) -> Result<()> {
    ops::claim(app, tx, event.order_id, &event.order).await
}

/// What was promised before is claimed already.
pub(crate) async fn order_paid(app: &Arc<Inventory>, tx: &mut Tx, event: OrderPaid, _: &Envelope) -> Result<()> {
    ops::claim(app, tx, event.order_id, &event.order).await
}

pub(crate) async fn order_rejected(
    app: &Arc<Inventory>,
    tx: &mut Tx,
    event: OrderRejected,
    _: &Envelope,
) -> Result<()> {
    ops::release(app, tx, event.order_id).await
}

pub(crate) async fn order_cancelled(
    app: &Arc<Inventory>,
    tx: &mut Tx,
    event: OrderCancelled,
    _: &Envelope,
) -> Result<()> {
    ops::release(app, tx, event.order_id).await
}

pub(crate) async fn shipment_shipped(
    app: &Arc<Inventory>,
    tx: &mut Tx,
    event: ShipmentShipped,
    _: &Envelope,
) -> Result<()> {
    ops::ship(app, tx, &event).await
}

pub(crate) async fn return_received(
    app: &Arc<Inventory>,
    tx: &mut Tx,
    event: ReturnReceived,
    _: &Envelope,
) -> Result<()> {
    ops::restock(app, tx, &event).await
}

pub(crate) async fn return_withdrawn(
    app: &Arc<Inventory>,
    tx: &mut Tx,
    event: ReturnWithdrawn,
    _: &Envelope,
) -> Result<()> {
    ops::withdraw(app, tx, &event).await
}

pub(crate) async fn return_exchange_wanted(
    app: &Arc<Inventory>,
    tx: &mut Tx,
    event: ReturnExchangeWanted,
    _: &Envelope,
) -> Result<()> {
    ops::hold_exchange(app, tx, &event).await
}

pub(crate) async fn return_exchanged(
    app: &Arc<Inventory>,
    tx: &mut Tx,
    event: ReturnExchanged,
    _: &Envelope,
) -> Result<()> {
    ops::ship_exchange(app, tx, &event).await
}

/// What is paid back is not exchanged (any more), however long the money takes.
pub(crate) async fn return_refund_due(
    app: &Arc<Inventory>,
    tx: &mut Tx,
    event: ReturnRefundDue,
    _: &Envelope,
) -> Result<()> {
    ops::end_exchange(app, tx, event.return_id).await
}

pub(crate) async fn return_ended(app: &Arc<Inventory>, tx: &mut Tx, event: ReturnEnded, _: &Envelope) -> Result<()> {
    ops::end_exchange(app, tx, event.return_id).await
}
