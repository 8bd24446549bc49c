//! Puts back on sale what a buyer has returned.

use std::collections::BTreeMap;

use contracts::{inventory::MovementKind, orders::ReturnReceived};
use db::Tx;
use kernel::{Result, VariantId};

use super::{
    announce::announce_change,
    bundles::{Touched, recount, wanted_then},
    cover::cover,
};
use crate::{
    Inventory,
    error::Refused,
    model::Place,
    store::{self, movements, places},
};

/// Adds what goes back on sale, in the order of ids, in which rows are locked everywhere. The event is taken in once,
/// so are the goods.
pub(crate) async fn restock(app: &Inventory, tx: &mut Tx, back: &ReturnReceived) -> Result<()> {
    let mut pieces: BTreeMap<VariantId, i64> = BTreeMap::new();
    for line in &back.restock {
        *pieces.entry(line.variant_id).or_insert(0) += line.quantity;
    }
    // A bundle comes back as what it was made of when it was ordered.
    let mut touched = Touched::default();
    for (variant_id, quantity) in wanted_then(tx, back.order_id, pieces).await?.need {
        add(app, tx, back, variant_id, quantity, &mut touched).await?;
    }
    recount(app, tx, touched).await
}

/// At the default location: that is where parcels come back to.
async fn add(
    app: &Inventory,
    tx: &mut Tx,
    back: &ReturnReceived,
    variant_id: VariantId,
    quantity: i64,
    touched: &mut Touched,
) -> Result<()> {
    let at = app.clock.now();
    let mut stock = store::put_back(tx, variant_id, quantity, at).await?.ok_or(Refused::NoSuchStock)?;
    let (before, on_hand, location_id) = (stock.available() - quantity, stock.on_hand, stock.default_location());
    let mut there = on_hand;
    if stock.split {
        let place = places::of(tx, &stock).await?.at(location_id);
        there = place.on_hand + quantity;
        places::put(tx, &stock, &Place { on_hand: there, ..place }).await?;
    }
    let (kind, reason) = (MovementKind::Return, format!("Return {}", back.number));
    let order_id = Some(back.order_id);
    let moved = movements::Movement {
        location_id,
        kind,
        delta: quantity,
        on_hand,
        there,
        reason: &reason,
        order_id,
        by: None,
        at,
    };
    movements::insert(tx, &stock, &moved).await?;
    cover(app, tx, &mut stock).await?;
    announce_change(app, tx, &stock, before, touched).await
}
