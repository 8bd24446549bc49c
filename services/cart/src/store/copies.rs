//! Copies of what catalog, vendors, pricing and inventory own.

use contracts::{
    catalog::{ProductSnapshot, ProductStatus},
    inventory::{StockLevel, StockLevelChanged},
    pricing::OfferChanged,
    vendors::{VendorSnapshot, VendorStatus},
};
use db::{Tx, json, params};
use kernel::{ProductId, Result, VariantId, VendorId};

use crate::model::picture_url;

/// Takes over a store.
pub(crate) async fn put_vendor(tx: &mut Tx, vendor_id: VendorId, vendor: &VendorSnapshot) -> Result<()> {
    tx.defer(
        "INSERT INTO vendors (vendor_id, slug, name, open) VALUES ($1, $2, $3, $4)
         ON CONFLICT (vendor_id) DO UPDATE SET slug = excluded.slug, name = excluded.name, open = excluded.open",
        params![vendor_id, &vendor.slug, &vendor.name, vendor.status == VendorStatus::Approved],
    )
    .await
}

/// Takes over a product. Variants it no longer has stay, off sale: they may be in carts.
pub(crate) async fn put_product(tx: &mut Tx, product_id: ProductId, product: &ProductSnapshot) -> Result<()> {
    let on_sale = product.status == ProductStatus::Published;
    let picture = product.picture.as_ref().and_then(picture_url);
    tx.defer("UPDATE variants SET on_sale = 0 WHERE product_id = $1", params![product_id]).await?;
    for variant in &product.variants {
        tx.defer(
            "INSERT INTO variants
                (variant_id, product_id, vendor_id, slug, title, picture_url, options, list_minor, compare_minor, currency, on_sale,
                 parts)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
             ON CONFLICT (variant_id) DO UPDATE SET
                slug = excluded.slug, title = excluded.title, picture_url = excluded.picture_url, options = excluded.options,
                list_minor = excluded.list_minor, compare_minor = excluded.compare_minor, currency = excluded.currency,
                on_sale = excluded.on_sale, parts = excluded.parts",
            params![
                variant.id, product_id, product.vendor_id, &product.slug, &product.title, picture, json(&variant.options)?,
                variant.price.amount_minor, variant.compare_at.map(|m| m.amount_minor), variant.price.currency, on_sale,
                serde_json::to_string(&variant.parts)?
            ],
        ).await?;
    }
    Ok(())
}

/// Takes over the offers of a product.
pub(crate) async fn put_offers(tx: &mut Tx, changed: &OfferChanged) -> Result<()> {
    let sql = "INSERT INTO offers (variant_id, price_minor, list_minor, currency, quantity_prices) VALUES ($1, $2, $3, $4, $5)
               ON CONFLICT (variant_id) DO UPDATE SET
                  price_minor = excluded.price_minor, list_minor = excluded.list_minor, currency = excluded.currency,
                  quantity_prices = excluded.quantity_prices";
    for offer in &changed.offers {
        let (price, list) = (offer.price, offer.list_price);
        let steps = serde_json::to_string(&offer.quantity_prices)?;
        tx.defer(sql, params![offer.variant_id, price.amount_minor, list.amount_minor, price.currency, steps]).await?;
    }
    Ok(())
}

/// Takes over what buyers are told of a variant's stock.
pub(crate) async fn put_level(tx: &mut Tx, changed: &StockLevelChanged) -> Result<()> {
    let (level, remaining) = match changed.level {
        StockLevel::InStock | StockLevel::BackOrder => ("in_stock", 0),
        StockLevel::Low(remaining) => ("low", remaining),
        StockLevel::SoldOut => ("sold_out", 0),
    };
    let back_order = changed.level == StockLevel::BackOrder;
    tx.defer(
        "INSERT INTO levels (variant_id, level, remaining, back_order) VALUES ($1, $2, $3, $4)
         ON CONFLICT (variant_id) DO UPDATE SET level = excluded.level, remaining = excluded.remaining, back_order = excluded.back_order",
        params![changed.variant_id, level, remaining, back_order],
    )
    .await
}

/// Holds what buyers are told of a variant's stock until the transaction ends: who waits for a variant and who hears
/// that it is back see each other. What nobody has told of yet is sold out.
pub(crate) async fn hold_level(tx: &mut Tx, variant: VariantId) -> Result<()> {
    tx.exec(
        "INSERT INTO levels (variant_id, level, remaining) VALUES ($1, 'sold_out', 0)
         ON CONFLICT (variant_id) DO UPDATE SET level = levels.level",
        params![variant],
    )
    .await
    .map(|_| ())
}
