//! Receives, corrects or counts.

use std::sync::Arc;

use contracts::inventory::{AdjustStock, StockChange, StockView};
use kernel::{Error, Result, VariantId, VendorScope};

use super::announce::announce_change;
use crate::{
    Inventory,
    error::Refused,
    model::{MovementKind, ON_HAND_MAX, Stock},
    store,
};

/// Changes what is on hand, and notes why.
pub(crate) async fn adjust_stock(
    app: &Arc<Inventory>,
    scope: VendorScope,
    variant_id: VariantId,
    input: AdjustStock,
) -> Result<StockView> {
    if matches!(input.change, StockChange::Add(0)) {
        return Err(Error::invalid("change.add", "Say how many more or fewer there are."));
    }
    let this = app.clone();
    app.db
        .as_vendor(&scope)
        .write(async move |tx| {
            let now = this.clock.now();
            let before = store::lock(tx, &scope, variant_id).await?.ok_or(Refused::NoSuchStock)?;
            let (kind, on_hand) = target(&before, input.change)?;
            let refused = Refused::BelowReserved { reserved: before.reserved };
            let after = store::set_on_hand(tx, &scope, variant_id, on_hand, now).await?.ok_or(refused)?;
            store::insert_movement(tx, &after, kind, on_hand - before.on_hand, input.reason.trim(), None, now).await?;
            announce_change(&this, tx, &after, before.available()).await?;
            Ok(after.view())
        })
        .await
}

/// Kind of movement and what is on hand after it.
fn target(before: &Stock, change: StockChange) -> Result<(MovementKind, i64), Refused> {
    let (kind, on_hand) = match change {
        StockChange::Add(more @ 1..) => (MovementKind::Receipt, before.on_hand + more),
        StockChange::Add(fewer) => (MovementKind::Adjustment, before.on_hand + fewer),
        StockChange::Set(counted) => (MovementKind::Count, counted),
    };
    match on_hand {
        ..0 => Err(Refused::BelowReserved { reserved: before.reserved }),
        0..=ON_HAND_MAX => Ok((kind, on_hand)),
        _ => Err(Refused::TooMany),
    }
}
