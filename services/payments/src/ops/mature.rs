//! A part of an order was delivered: the day on which its vendor can have the money is set.

use std::sync::Arc;

use contracts::shipping::ShipmentDelivered;
use db::Tx;
use kernel::Result;

use crate::{Payments, error::PaymentError, model::maturity::matures_at, store};

/// Sets the day, once all parcels of the part have arrived; heard again, nothing changes.
pub async fn mature(app: &Arc<Payments>, tx: &mut Tx, event: &ShipmentDelivered) -> Result<()> {
    if !event.complete {
        return Ok(());
    }
    let day = matures_at(event.at, app.payouts.hold_days);
    if store::mark_delivered(tx, event.order_id, event.vendor_id, event.at, day).await? {
        Ok(())
    } else {
        Err(PaymentError::NotYet("order").into())
    }
}
