//! Bundles have no stock of their own: what is promised of them is promised of their parts, and how many there are
//! follows from those. Their rows are locked after all other rows of stock, in the order of their ids; whoever changes
//! a part counts the bundles with it anew before it commits, with their rows locked.

use std::collections::BTreeSet;

use contracts::{catalog::BundlePart, inventory::Shortage};
use db::Tx;
use kernel::{OrderId, Result, VariantId, VendorId};

use super::announce::announce_moved;
use crate::{
    Inventory,
    model::{Need, Stock, Wanted, suffices},
    store,
};

/// What a transaction has changed of bundles: numbers of parts, and what some are made of.
#[derive(Debug, Default)]
pub(super) struct Touched {
    parts: BTreeSet<VariantId>,
    bundles: BTreeSet<VariantId>,
}

impl Touched {
    /// Notes a row that was changed.
    pub fn note(&mut self, stock: &Stock) {
        if stock.in_bundles {
            self.parts.insert(stock.variant_id);
        }
    }
}

/// Counts the bundles anew that were touched, or in which something lies that was. Call when no other row of stock has to
/// be locked.
pub(super) async fn recount(app: &Inventory, tx: &mut Tx, touched: Touched) -> Result<()> {
    let Touched { parts, mut bundles } = touched;
    bundles.extend(store::bundles::with_any(tx, &parts).await?);
    for id in bundles {
        let Some(before) = store::hold(tx, id).await? else { continue };
        let parts = store::bundles::counted(tx, id).await?;
        let (bundle, numbers) = (!parts.is_empty(), suffices(&parts));
        if (bundle, numbers) != (before.bundle, (before.can_have, before.can_order))
            && let Some(after) = store::bundles::set(tx, id, bundle, numbers).await?
        {
            announce_moved(app, tx, &before, &after).await?;
        }
    }
    Ok(())
}

/// Takes over what a variant is made of, with the rows of its parts locked.
pub(super) async fn compose(
    tx: &mut Tx,
    vendor_id: VendorId,
    id: VariantId,
    parts: &[BundlePart],
    touched: &mut Touched,
) -> Result<()> {
    if store::bundles::parts_of(tx, id).await? != parts {
        store::bundles::put(tx, vendor_id, id, parts).await?;
        touched.bundles.insert(id);
    }
    Ok(())
}

/// What lines need, with bundles as they are made now; or which bundles cannot be bought, because something that lies in
/// them is not on sale.
pub(super) async fn wanted(tx: &mut Tx, lines: Need) -> Result<Result<Wanted, Vec<Shortage>>> {
    let ids: Vec<VariantId> = lines.keys().copied().collect();
    let (bundles, off) = store::bundles::of(tx, &ids).await?;
    let short =
        |id: &VariantId| lines.get(id).map(|wanted| Shortage { variant_id: *id, wanted: *wanted, available: 0 });
    let shortages: Vec<Shortage> = off.iter().filter_map(short).collect();
    if shortages.is_empty() { Wanted::new(lines, bundles).map(Ok) } else { Ok(Err(shortages)) }
}

/// What lines need, with bundles as they were made when an order's or a return's reservation was.
pub(super) async fn wanted_then(tx: &mut Tx, holder: OrderId, lines: Need) -> Result<Wanted> {
    Wanted::new(lines, store::bundles::frozen(tx, holder).await?)
}
