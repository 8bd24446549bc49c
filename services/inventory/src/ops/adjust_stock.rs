//! Receives, corrects or counts.

use std::sync::Arc;

use contracts::inventory::{AdjustStock, MovementKind, StockChange, StockView};
use kernel::{AccountId, Error, Result, VariantId, VendorScope};

use super::{
    bundles::{Touched, recount},
    change_on_hand::{Cause, change_on_hand, open_location},
};
use crate::{Inventory, model::Place};

/// Changes what is on hand, and notes why.
pub(crate) async fn adjust_stock(
    app: &Arc<Inventory>,
    scope: VendorScope,
    by: AccountId,
    variant_id: VariantId,
    input: AdjustStock,
) -> Result<StockView> {
    check(input.change, &input.reason)?;
    let this = app.clone();
    app.db
        .as_vendor(&scope)
        .write(async move |tx| {
            let now = this.clock.now();
            let location_id = open_location(tx, &scope, input.location_id, now).await?;
            let cause = Cause { location_id, reason: input.reason.trim(), by, now };
            let decide = |place: &Place| Ok(target(place, input.change));
            let mut touched = Touched::default();
            let (after, _) = change_on_hand(&this, tx, &scope, variant_id, cause, &mut touched, decide).await?;
            recount(&this, tx, touched).await?;
            Ok(after.view())
        })
        .await
}

/// Refuses what changes nothing, and a correction without a reason.
pub(super) fn check(change: StockChange, reason: &str) -> Result<()> {
    match change {
        StockChange::Add(0) => Err(Error::invalid("change.add", "Say how many more or fewer there are.")),
        StockChange::Correct(0) => Err(Error::invalid("change.correct", "Say how many more or fewer there are.")),
        StockChange::Correct(_) if reason.trim().is_empty() => {
            Err(Error::invalid("reason", "Say why it is corrected."))
        }
        _ => Ok(()),
    }
}

/// Kind of movement and what is on hand after it.
pub(super) fn target(place: &Place, change: StockChange) -> (MovementKind, i64) {
    match change {
        StockChange::Add(more @ 1..) => (MovementKind::Receipt, place.on_hand + more),
        StockChange::Add(fewer) => (MovementKind::Adjustment, place.on_hand + fewer),
        StockChange::Correct(by) => (MovementKind::Adjustment, place.on_hand + by),
        StockChange::Set(counted) => (MovementKind::Count, counted),
    }
}
