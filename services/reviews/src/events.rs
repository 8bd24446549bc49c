//! Who may review what, and when somebody has it.

use std::sync::Arc;

use contracts::{
    Envelope,
    identity::AccountErased,
    orders::{OrderCancelled, OrderClaimed, OrderPaid},
    shipping::{ShipmentDelivered, ShipmentPartArrived},
};
use db::Tx;
use kernel::Result;

use crate::{
    Reviews,
    jobs::INVITE,
    model::NOBODY,
    ops,
    store::{moderation, purchases, reviews},
};

pub(crate) async fn order_paid(app: &Arc<Reviews>, tx: &mut Tx, event: OrderPaid, _: &Envelope) -> Result<()> {
    let Some(account_id) = event.order.account_id else { return Ok(()) };
    ops::bought(app, tx, account_id, event.order_id, &event.order, event.paid_at).await
}

pub(crate) async fn order_claimed(app: &Arc<Reviews>, tx: &mut Tx, event: OrderClaimed, _: &Envelope) -> Result<()> {
    let Some(paid_at) = event.paid_at else { return Ok(()) };
    ops::bought(app, tx, event.account_id, event.order_id, &event.order, paid_at).await
}

pub(crate) async fn order_cancelled(
    app: &Arc<Reviews>,
    tx: &mut Tx,
    event: OrderCancelled,
    _: &Envelope,
) -> Result<()> {
    purchases::remove(tx, event.order_id).await?;
    app.jobs.cancel(tx, INVITE, &event.order_id.to_string()).await
}

pub(crate) async fn shipment_delivered(
    app: &Arc<Reviews>,
    tx: &mut Tx,
    event: ShipmentDelivered,
    _: &Envelope,
) -> Result<()> {
    // Of several parcels the last one counts: then everything is there.
    if !event.complete {
        return Ok(());
    }
    ops::delivered(app, tx, event.order_id, event.vendor_id, event.at).await
}

/// What had not arrived was taken out of the order: so everything is there.
pub(crate) async fn shipment_part_arrived(
    app: &Arc<Reviews>,
    tx: &mut Tx,
    event: ShipmentPartArrived,
    _: &Envelope,
) -> Result<()> {
    ops::delivered(app, tx, event.order_id, event.vendor_id, event.at).await
}

/// What was written stays, for others rely on it; who wrote it is nobody's business any more. Nobody is left to review what
/// was bought.
pub(crate) async fn account_erased(_: &Arc<Reviews>, tx: &mut Tx, event: AccountErased, _: &Envelope) -> Result<()> {
    purchases::forget(tx, event.account_id).await?;
    reviews::forget_author(tx, event.account_id, NOBODY).await?;
    moderation::forget_author(tx, event.account_id, NOBODY).await
}
