//! Puts back on sale what a buyer has returned.

use std::collections::BTreeMap;

use contracts::orders::ReturnReceived;
use db::Tx;
use kernel::{Result, VariantId};

use super::announce::announce_change;
use crate::{Inventory, error::Refused, model::MovementKind, store};

/// Adds what goes back on sale, in the order of ids, in which rows are locked everywhere. The event is taken in once,
/// so are the goods.
pub(crate) async fn restock(app: &Inventory, tx: &mut Tx, back: &ReturnReceived) -> Result<()> {
    let now = app.clock.now();
    let mut pieces: BTreeMap<VariantId, i64> = BTreeMap::new();
    for line in &back.restock {
        *pieces.entry(line.variant_id).or_insert(0) += line.quantity;
    }
    for (variant_id, quantity) in pieces {
        let after = store::put_back(tx, variant_id, quantity, now).await?.ok_or(Refused::NoSuchStock)?;
        let reason = format!("Return {}", back.number);
        store::insert_movement(tx, &after, MovementKind::Return, quantity, &reason, Some(back.order_id), now).await?;
        announce_change(app, tx, &after, after.available() - quantity).await?;
    }
    Ok(())
}
