//! Corrects where an order goes, until the first parcel is on its way. Nobody keeps a copy of the address: packing slips and
//! labels are made of what stands here.

use std::sync::Arc;

use contracts::shared::Address;
use kernel::{OrderId, Result};

use super::advance;
use crate::{
    Orders,
    access::Seen,
    error::OrderError,
    model::saga::{Input, Note},
    store,
};

/// Corrects it. The same once more changes nothing.
///
/// # Errors
/// Conflict once something was shipped or the order is over; 422 for another country or region: taxes and delivery were
/// counted for the one that was chosen.
pub async fn correct_address(app: &Arc<Orders>, id: OrderId, seen: Seen, address: Address) -> Result<()> {
    let this = app.clone();
    app.db
        .write(async move |tx| {
            let order = store::lock_order(tx, id).await?.ok_or(OrderError::NotFound)?;
            if !order.is_unsent() {
                return Err(OrderError::AddressStands.into());
            }
            let before = store::address_of(tx, id).await?;
            if before == address {
                return Ok(());
            }
            if before.country != address.country {
                return Err(OrderError::AnotherPlace { field: "country" }.into());
            }
            if before.region != address.region {
                return Err(OrderError::AnotherPlace { field: "region" }.into());
            }
            store::set_address(tx, id, &address).await?;
            let who = match seen {
                Seen::AsBuyer => "The buyer",
                Seen::AsAdmin => "The marketplace",
            };
            let note = Note { kind: "address_corrected", text: format!("{who} corrected the address."), part: None };
            advance(&this, tx, &order, Input::Noted(note)).await.map(drop)
        })
        .await
}
