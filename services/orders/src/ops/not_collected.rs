//! A vendor says that its parcel comes back because the buyer did not pay at the door.

use std::sync::Arc;

use contracts::orders::OrderStatus;
use kernel::{OrderId, Result};

use super::advance;
use crate::{Orders, error::OrderError, model::saga::Input, store};

/// Calls the order off, although it has left. Once more is harmless. Where several vendors have a part in it nobody of them
/// knows what became of the money: then it is for an admin to say.
///
/// # Errors
/// Conflict if no courier is to be paid for it (any more), or if it is not the vendor's alone.
pub async fn not_collected(app: &Arc<Orders>, id: OrderId, why: String) -> Result<()> {
    let this = app.clone();
    app.db
        .write(async move |tx| {
            let order = store::lock_order(tx, id).await?.ok_or(OrderError::NotFound)?;
            match (order.status, order.parts.as_slice()) {
                (OrderStatus::Cancelled, _) => Ok(()),
                (OrderStatus::Promised, [_]) => {
                    let input = Input::PaymentFailed { reason: why.clone() };
                    advance(&this, tx, &order, input).await.map(drop)
                }
                (OrderStatus::Promised, _) => Err(OrderError::SeveralVendors.into()),
                _ => Err(OrderError::NotToCollect.into()),
            }
        })
        .await
}
