//! Keeps a stock row per variant of the catalogue.

use std::collections::{BTreeMap, BTreeSet};

use contracts::{
    catalog::{ProductSnapshot, ProductStatus, VariantSnapshot},
    inventory::{MovementKind, StockLevel},
};
use db::Tx;
use kernel::{ProductId, Result, VariantId, VendorScope};

use super::{
    announce::announce_level,
    bundles::{Touched, compose, recount},
};
use crate::{
    Inventory,
    model::{LOW_THRESHOLD_DEFAULT, Stock, variant_title},
    store::{self, Known, locations, movements},
};

/// Takes over a product: new variants get a row and their initial receipt, known ones their new
/// names; variants that are gone leave the vendor's list but keep their numbers.
pub(crate) async fn track_product(
    app: &Inventory,
    tx: &mut Tx,
    product_id: ProductId,
    product: &ProductSnapshot,
) -> Result<()> {
    let now = app.clock.now();
    // In the order of ids, as everywhere rows of stock are locked.
    let offered: BTreeMap<VariantId, &VariantSnapshot> = product.variants.iter().map(|v| (v.id, v)).collect();
    let known = store::known_variants(tx, product_id).await?;
    let made = |v: &&VariantSnapshot| !v.parts.is_empty() || known.get(&v.id).is_some_and(|known| known.bundle);
    let bundles: Vec<&VariantSnapshot> = offered.values().copied().filter(made).collect();
    if bundles.is_empty() && offered.keys().all(|id| known.contains_key(id)) {
        locations::ensure_default(tx, product.vendor_id, now).await?;
    } else {
        // What becomes a part, and what gets its row while it is one, must see each other.
        locations::lock(tx, &VendorScope::of_system(product.vendor_id), now).await?;
    }
    lock_rows(tx, &bundles, &known).await?;
    let mut touched = Touched::default();
    for (&variant_id, known) in &known {
        if known.active
            && !offered.contains_key(&variant_id)
            && let Some(gone) = store::retire(tx, variant_id).await?
        {
            touched.note(&gone);
        }
    }
    for &variant in offered.values() {
        track_variant(app, tx, (product_id, product), variant, known.get(&variant.id), &mut touched).await?;
    }
    for bundle in bundles {
        compose(tx, product.vendor_id, bundle.id, &bundle.parts, &mut touched).await?;
    }
    recount(app, tx, touched).await
}

/// Locks the rows of parts together with those of the product, in the order of their ids; those of bundles come last.
async fn lock_rows(tx: &mut Tx, bundles: &[&VariantSnapshot], known: &BTreeMap<VariantId, Known>) -> Result<()> {
    if bundles.is_empty() {
        return Ok(());
    }
    let parts = bundles.iter().flat_map(|bundle| &bundle.parts).map(|part| part.variant_id);
    let own = known.iter().filter(|(_, known)| !known.bundle).map(|(id, _)| *id);
    for variant_id in parts.chain(own).collect::<BTreeSet<_>>() {
        store::hold(tx, variant_id).await?;
    }
    Ok(())
}

async fn track_variant(
    app: &Inventory,
    tx: &mut Tx,
    (product_id, product): (ProductId, &ProductSnapshot),
    variant: &VariantSnapshot,
    known: Option<&Known>,
    touched: &mut Touched,
) -> Result<()> {
    let now = app.clock.now();
    let on_sale = product.status == ProductStatus::Published;
    let title = variant_title(&product.title, &variant.options);
    let search_text = format!("{title}\n{}", variant.sku).to_lowercase();
    let new = Stock {
        variant_id: variant.id,
        product_id,
        vendor_id: product.vendor_id,
        sku: variant.sku.clone(),
        title,
        on_hand: variant.initial_stock.unwrap_or(0).max(0),
        reserved: 0,
        backordered: 0,
        backorder_cap: 0,
        low_threshold: LOW_THRESHOLD_DEFAULT,
        split: false,
        on_sale,
        in_bundles: false,
        bundle: false,
        can_have: 0,
        can_order: 0,
        digital: variant.digital,
        updated_at: now,
    };
    let inserted = match known {
        Some(_) => None,
        None => store::insert_stock(tx, &new, &search_text).await?,
    };
    let Some(stock) = inserted else {
        store::rename(tx, &new, &search_text).await?;
        if known.is_none_or(|known| known.on_sale != on_sale)
            && let Some(stock) = store::set_on_sale(tx, variant.id, on_sale).await?
        {
            touched.note(&stock);
        }
        if known.is_none_or(|known| known.digital != variant.digital)
            && let Some(stock) = store::set_digital(tx, variant.id, variant.digital).await?
        {
            let before = Stock { digital: !variant.digital, ..stock.clone() };
            announce_level(app, tx, &stock, before.level()).await?;
        }
        return Ok(());
    };
    touched.note(&stock);
    if stock.on_hand > 0 {
        let moved = movements::Movement {
            location_id: stock.default_location(),
            kind: MovementKind::Initial,
            delta: stock.on_hand,
            on_hand: stock.on_hand,
            there: stock.on_hand,
            reason: "",
            order_id: None,
            by: None,
            at: now,
        };
        movements::insert(tx, &stock, &moved).await?;
    }
    // Whoever has heard nothing of a variant takes it for sold out.
    announce_level(app, tx, &stock, StockLevel::default()).await
}
