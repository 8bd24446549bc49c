//! What has come in goes first to the orders that have waited for it.

use db::Tx;
use kernel::Result;

use super::place::pick;
use crate::{
    Inventory, jobs,
    model::Stock,
    store::{self, reservations},
};

/// Orders looked at in one go.
const BATCH: i64 = 200;

/// Promises what is free to waiting orders, the oldest first. Call with the row locked, after anything that adds to
/// what is free; how many can be had by new orders is the same before and after.
pub(super) async fn cover(app: &Inventory, tx: &mut Tx, stock: &mut Stock) -> Result<()> {
    while stock.backordered > 0 && stock.on_hand > stock.reserved {
        let mut covered = 0;
        for line in reservations::waiting_lines(tx, stock.variant_id, BATCH).await? {
            let share = line.backordered.min(stock.on_hand - stock.reserved - covered);
            if share == 0 {
                break;
            }
            pick(tx, line.order_id, stock, share).await?;
            reservations::set_backordered(tx, &line, line.backordered - share).await?;
            covered += share;
            if share == line.backordered {
                let key = format!("{}:{}", line.order_id, line.variant_id);
                app.jobs.enqueue(tx, jobs::ARRIVE, &key, &(line.order_id, line.vendor_id)).await?;
            }
        }
        if covered == 0 {
            break;
        }
        store::cover(tx, stock.variant_id, covered).await?;
        stock.reserved += covered;
        stock.backordered -= covered;
    }
    Ok(())
}
