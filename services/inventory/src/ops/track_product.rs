//! Keeps a stock row per variant of the catalogue.

use std::collections::BTreeMap;

use contracts::{
    catalog::{ProductSnapshot, VariantSnapshot},
    inventory::{MovementKind, StockLevel},
};
use db::Tx;
use kernel::{ProductId, Result, VariantId};

use super::announce::announce_level;
use crate::{
    Inventory,
    model::{LOW_THRESHOLD_DEFAULT, Stock, variant_title},
    store::{self, locations, movements},
};

/// Takes over a product: new variants get a row and their initial receipt, known ones their new
/// names; variants that are gone leave the vendor's list but keep their numbers.
pub(crate) async fn track_product(
    app: &Inventory,
    tx: &mut Tx,
    product_id: ProductId,
    product: &ProductSnapshot,
) -> Result<()> {
    locations::ensure_default(tx, product.vendor_id, app.clock.now()).await?;
    // In the order of ids, as everywhere rows of stock are locked.
    let offered: BTreeMap<VariantId, &VariantSnapshot> = product.variants.iter().map(|v| (v.id, v)).collect();
    for variant_id in store::active_variants(tx, product_id).await? {
        if !offered.contains_key(&variant_id) {
            store::retire(tx, variant_id).await?;
        }
    }
    for variant in offered.into_values() {
        track_variant(app, tx, product_id, product, variant).await?;
    }
    Ok(())
}

async fn track_variant(
    app: &Inventory,
    tx: &mut Tx,
    product_id: ProductId,
    product: &ProductSnapshot,
    variant: &VariantSnapshot,
) -> Result<()> {
    let now = app.clock.now();
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
        updated_at: now,
    };
    let Some(stock) = store::insert_stock(tx, &new, &search_text).await? else {
        return store::rename(tx, variant.id, &variant.sku, &new.title, &search_text).await;
    };
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
