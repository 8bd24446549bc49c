//! Offers as the others know them, and the list prices they come from.

use contracts::pricing::Offer;
use db::{Row, Tx, params};
use kernel::{Currency, Money, ProductId, Result, Timestamp, VendorId};

use super::{
    discounts, in_list,
    quantity::{self, JOINED},
};
use crate::model::{Discount, offer::Listed};

/// List prices of some products, variants of a product in succession.
pub(crate) async fn list_prices(tx: &mut Tx, products: &[ProductId]) -> Result<Vec<Listed>> {
    let mut params = params![];
    let list = in_list(&mut params, products);
    let sql = format!(
        "SELECT v.product_id, v.variant_id, v.price_minor, v.compare_minor, v.currency, q.prices AS quantity_prices
         FROM variants v {JOINED} WHERE v.product_id IN ({list}) ORDER BY v.product_id, v.variant_id"
    );
    tx.all(&sql, params).await?.iter().map(list_price).collect()
}

fn list_price(row: &Row) -> Result<Listed> {
    let currency: Currency = row.get("currency")?;
    Ok(Listed {
        product_id: row.get("product_id")?,
        variant_id: row.get("variant_id")?,
        price: Money::new(row.get("price_minor")?, currency),
        compare_at: row.get::<Option<i64>>("compare_minor")?.map(|minor| Money::new(minor, currency)),
        quantity_prices: quantity::joined(row, currency)?,
    })
}

/// Discounts of a vendor that apply now to any of some products.
pub(crate) async fn active_discounts(
    tx: &mut Tx,
    vendor_id: VendorId,
    products: &[ProductId],
    now: Timestamp,
) -> Result<Vec<Discount>> {
    let (sql, params) = discounts::active_query(&[vendor_id], products, now);
    discounts::gather(&tx.all(&sql, params).await?)
}

/// What the others were told of the variants of some products.
pub(crate) async fn told(tx: &mut Tx, products: &[ProductId]) -> Result<Vec<Offer>> {
    let mut params = params![];
    let list = in_list(&mut params, products);
    let sql = format!(
        "SELECT variant_id, price_minor, list_minor, currency, discount, quantity_prices, lowest_minor FROM offers WHERE product_id IN ({list})"
    );
    tx.all(&sql, params).await?.iter().map(offer).collect()
}

fn offer(row: &Row) -> Result<Offer> {
    let currency: Currency = row.get("currency")?;
    Ok(Offer {
        variant_id: row.get("variant_id")?,
        price: Money::new(row.get("price_minor")?, currency),
        list_price: Money::new(row.get("list_minor")?, currency),
        discount: row.get("discount")?,
        quantity_prices: row.json("quantity_prices")?,
        lowest_price: row.get::<Option<i64>>("lowest_minor")?.map(|minor| Money::new(minor, currency)),
    })
}

/// Notes what the others are told of a product from now on.
pub(crate) async fn put(tx: &mut Tx, product_id: ProductId, offers: &[Offer]) -> Result<()> {
    tx.defer("DELETE FROM offers WHERE product_id = $1", params![product_id]).await?;
    for offer in offers {
        tx.defer(
            "INSERT INTO offers (variant_id, product_id, price_minor, list_minor, currency, discount, quantity_prices,
                lowest_minor)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            params![
                offer.variant_id,
                product_id,
                offer.price.amount_minor,
                offer.list_price.amount_minor,
                offer.price.currency,
                &offer.discount,
                serde_json::to_string(&offer.quantity_prices)?,
                offer.lowest_price.map(|lowest| lowest.amount_minor)
            ],
        )
        .await?;
    }
    Ok(())
}
