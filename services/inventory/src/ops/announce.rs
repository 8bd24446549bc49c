//! Tells what buyers are told, and warns the vendor.

use contracts::inventory::{StockLevel, StockLevelChanged, StockLow};
use db::Tx;
use kernel::Result;

use super::bundles::Touched;
use crate::{Inventory, model::Stock};

/// After a change of what can be had: `before` of them could be had, `stock` is the row now. Bundles in which it lies are
/// counted anew by whoever passed `touched`. Of what is a bundle itself nothing of its own is sold, so nothing is told.
pub(super) async fn announce_change(
    app: &Inventory,
    tx: &mut Tx,
    stock: &Stock,
    before: i64,
    touched: &mut Touched,
) -> Result<()> {
    touched.note(stock);
    if stock.bundle {
        return Ok(());
    }
    announce_level(app, tx, stock, stock.level_at(before)).await?;
    warn(app, tx, stock, before).await
}

/// After a change of what a bundle is made of, or of how many its parts suffice for.
pub(super) async fn announce_moved(app: &Inventory, tx: &mut Tx, before: &Stock, after: &Stock) -> Result<()> {
    announce_level(app, tx, after, before.level()).await?;
    warn(app, tx, after, before.available()).await
}

/// Warns the vendor if it has just fallen to its threshold.
async fn warn(app: &Inventory, tx: &mut Tx, stock: &Stock, before: i64) -> Result<()> {
    if before > stock.low_threshold && stock.available() <= stock.low_threshold {
        let low = StockLow {
            variant_id: stock.variant_id,
            product_id: stock.product_id,
            vendor_id: stock.vendor_id,
            sku: stock.sku.clone(),
            title: stock.title.clone(),
            available: stock.available(),
            low_threshold: stock.low_threshold,
        };
        app.outbox.publish(tx, &low).await?;
    }
    Ok(())
}

/// Publishes the level if it is no longer the one buyers were `told`.
pub(super) async fn announce_level(app: &Inventory, tx: &mut Tx, stock: &Stock, told: StockLevel) -> Result<()> {
    let level = stock.level();
    if level == told {
        return Ok(());
    }
    app.outbox
        .publish(tx, &StockLevelChanged { variant_id: stock.variant_id, product_id: stock.product_id, level })
        .await
}
