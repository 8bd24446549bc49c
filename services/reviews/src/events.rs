//! Who may review what.

use std::sync::Arc;

use contracts::{
    Envelope,
    orders::{OrderCancelled, OrderClaimed, OrderPaid, OrderSnapshot},
};
use db::Tx;
use kernel::{AccountId, OrderId, Result, Timestamp};

use crate::{Reviews, store};

pub(crate) async fn order_paid(_: &Arc<Reviews>, tx: &mut Tx, event: OrderPaid, _: &Envelope) -> Result<()> {
    let Some(account_id) = event.order.account_id else { return Ok(()) };
    bought(tx, account_id, event.order_id, &event.order, event.paid_at).await
}

pub(crate) async fn order_claimed(_: &Arc<Reviews>, tx: &mut Tx, event: OrderClaimed, _: &Envelope) -> Result<()> {
    let Some(paid_at) = event.paid_at else { return Ok(()) };
    bought(tx, event.account_id, event.order_id, &event.order, paid_at).await
}

async fn bought(
    tx: &mut Tx,
    account_id: AccountId,
    order_id: OrderId,
    order: &OrderSnapshot,
    paid_at: Timestamp,
) -> Result<()> {
    for part in &order.parts {
        for line in &part.lines {
            store::add_purchase(tx, account_id, line.product_id, order_id, part.vendor_id, paid_at).await?;
        }
    }
    Ok(())
}

pub(crate) async fn order_cancelled(_: &Arc<Reviews>, tx: &mut Tx, event: OrderCancelled, _: &Envelope) -> Result<()> {
    store::remove_purchases(tx, event.order_id).await
}
