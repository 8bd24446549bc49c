//! Takes pieces from one location to another.

use std::sync::Arc;

use contracts::inventory::{MovementKind, PlaceView, TransferStock};
use kernel::{AccountId, Error, Result, VariantId, VendorScope};

use super::{
    change_on_hand::{lock_at, open_location},
    place::split,
};
use crate::{
    Inventory,
    error::Refused,
    model::Place,
    store::{self, movements, places},
};

/// Moves what is not promised to orders; nothing changes for buyers.
pub(crate) async fn transfer_stock(
    app: &Arc<Inventory>,
    scope: VendorScope,
    by: AccountId,
    variant_id: VariantId,
    input: TransferStock,
) -> Result<Vec<PlaceView>> {
    if input.from == input.to {
        return Err(Error::invalid("to", "Choose another location than the one they are taken from."));
    }
    let this = app.clone();
    let stock = app
        .db
        .as_vendor(&scope)
        .write(async move |tx| {
            let now = this.clock.now();
            open_location(tx, &scope, Some(input.from), now).await?;
            let location_id = open_location(tx, &scope, Some(input.to), now).await?;
            let mut stock = lock_at(tx, &scope, variant_id, location_id).await?;
            split(tx, &mut stock).await?;
            let all = places::of(tx, &stock).await?;
            let (from, to) = (all.at(input.from), all.at(input.to));
            if from.free() < input.quantity {
                return Err(Refused::NotThere { free: from.free() }.into());
            }
            for (place, delta) in [(from, -input.quantity), (to, input.quantity)] {
                let place = Place { on_hand: place.on_hand + delta, ..place };
                places::put(tx, &stock, &place).await?;
                let moved = movements::Movement {
                    location_id: place.location_id,
                    kind: MovementKind::Transfer,
                    delta,
                    on_hand: stock.on_hand,
                    there: place.on_hand,
                    reason: input.reason.trim(),
                    order_id: None,
                    by: Some(by),
                    at: now,
                };
                movements::insert(tx, &stock, &moved).await?;
            }
            store::touch(tx, variant_id, now).await?;
            Ok(stock)
        })
        .await?;
    places::list(&app.db, &scope, &stock).await
}
