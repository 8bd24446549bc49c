//! Calls an order off, until the first parcel is on its way.

use std::sync::Arc;

use kernel::{OrderId, Result};

use super::advance;
use crate::{Orders, access::Seen, error::OrderError, model::saga::Input, store};

/// Calls it off. Once more is harmless.
///
/// # Errors
/// Conflict once something was shipped, or if the order was turned down or completed.
pub async fn cancel_order(app: &Arc<Orders>, id: OrderId, seen: Seen, why: Option<String>) -> Result<()> {
    let this = app.clone();
    app.db
        .write(async move |tx| {
            let order = store::lock_order(tx, id).await?.ok_or(OrderError::NotFound)?;
            let why = why.clone();
            let input = match seen {
                Seen::AsBuyer => Input::CancelByBuyer { why },
                Seen::AsAdmin => Input::CancelByAdmin { why },
            };
            advance(&this, tx, &order, input).await.map(drop)
        })
        .await
}
