//! The buyer pays another way, while the order's goods are held.

use std::sync::Arc;

use contracts::{
    orders::{OrderStatus, PayAnotherWay},
    payments::{ChooseMethod, MethodView},
};
use kernel::{OrderId, Result};

use super::place_order::{check_method, check_refusals};
use crate::{Orders, error::OrderError, store};

/// Has `payments` call off what is open and begin anew. The new page is heard of by event.
///
/// # Errors
/// Conflict unless the order waits for its buyer to pay; invalid if this way is not offered.
pub async fn pay_another_way(app: &Arc<Orders>, id: OrderId, input: PayAnotherWay) -> Result<()> {
    let order = store::read_view(&app.db, id).await?.ok_or(OrderError::NotFound)?;
    if order.status != OrderStatus::AwaitingPayment || order.next_action.is_none() {
        return Err(OrderError::NotToBePaid.into());
    }
    let country = order.address.country;
    let way = check_method(app, &input.method, &country, order.quote.currency).await?;
    // The goods are not held for longer than they were promised for, and what the order costs was agreed on.
    let has_undelivered = order.quote.has_undelivered();
    let is_free = |way: &MethodView| way.fee(order.quote.currency).is_none();
    let may = |way: &MethodView| {
        way.pay_within_hours.is_none() && is_free(way) && way.takes(order.quote.total, has_undelivered)
    };
    if way.is_some_and(|way| !may(&way)) {
        return Err(OrderError::UnknownMethod.into());
    }
    check_refusals(&order.quote, &input.method)?;
    app.payments.choose(&app.myself, id, &ChooseMethod { method: input.method, country }).await
}
