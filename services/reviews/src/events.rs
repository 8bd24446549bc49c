//! Who may review what.

use std::sync::Arc;

use contracts::{
    Envelope,
    orders::{OrderCancelled, OrderPaid},
};
use db::Tx;
use kernel::Result;

use crate::{Reviews, store};

pub(crate) async fn order_paid(_: &Arc<Reviews>, tx: &mut Tx, event: OrderPaid, _: &Envelope) -> Result<()> {
    let Some(account_id) = event.order.account_id else { return Ok(()) };
    for part in &event.order.parts {
        for line in &part.lines {
            store::add_purchase(tx, account_id, line.product_id, event.order_id, part.vendor_id, event.paid_at).await?;
        }
    }
    Ok(())
}

pub(crate) async fn order_cancelled(_: &Arc<Reviews>, tx: &mut Tx, event: OrderCancelled, _: &Envelope) -> Result<()> {
    store::remove_purchases(tx, event.order_id).await
}
