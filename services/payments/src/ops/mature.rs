//! A part of an order was delivered: the day on which its vendor can have the money is set.

use std::sync::Arc;

use db::Tx;
use kernel::{OrderId, Result, Timestamp, VendorId};

use crate::{Payments, error::PaymentError, model::maturity::matures_at, store};

/// Sets the day, once all that is sent of the part has arrived; heard again, nothing changes.
pub async fn mature(
    app: &Arc<Payments>,
    tx: &mut Tx,
    order_id: OrderId,
    vendor_id: VendorId,
    at: Timestamp,
) -> Result<()> {
    let day = matures_at(at, app.payouts.hold_days);
    if store::mark_delivered(tx, order_id, vendor_id, at, day).await? {
        Ok(())
    } else {
        Err(PaymentError::NotYet("order").into())
    }
}
