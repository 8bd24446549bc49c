//! What variants cost in the last weeks.

use std::collections::BTreeMap;

use contracts::pricing::Offer;
use db::{Tx, params};
use kernel::{ProductId, Result, VariantId};

use super::in_list;
use crate::model::history::{Day, WINDOW};

/// The lowest price of each variant of some products in the days up to `today`, in its present currency: those that
/// began in these days, and the one that they began with.
pub(crate) async fn lowest(tx: &mut Tx, products: &[ProductId], today: Day) -> Result<BTreeMap<VariantId, i64>> {
    let mut params = params![today - WINDOW];
    let list = in_list(&mut params, products);
    let sql = format!(
        "SELECT h.variant_id, min(CASE WHEN h.day >= $1 THEN h.lowest_minor ELSE h.last_minor END) AS lowest_minor
         FROM variants v JOIN price_history h ON h.variant_id = v.variant_id AND h.currency = v.currency
         WHERE v.product_id IN ({list})
           AND h.day >= COALESCE((SELECT max(b.day) FROM price_history b WHERE b.variant_id = v.variant_id AND b.day < $1), 0)
         GROUP BY h.variant_id"
    );
    tx.all(&sql, params).await?.iter().map(|row| Ok((row.get("variant_id")?, row.get("lowest_minor")?))).collect()
}

/// Notes a price that begins today, and forgets what no window reaches any more.
pub(crate) async fn note(tx: &mut Tx, offer: &Offer, today: Day) -> Result<()> {
    tx.defer(
        "INSERT INTO price_history (variant_id, day, currency, lowest_minor, last_minor) VALUES ($1, $2, $3, $4, $4)
         ON CONFLICT (variant_id, day) DO UPDATE SET last_minor = excluded.last_minor, currency = excluded.currency,
            lowest_minor = CASE WHEN price_history.currency = excluded.currency AND price_history.lowest_minor < excluded.lowest_minor
                THEN price_history.lowest_minor ELSE excluded.lowest_minor END",
        params![offer.variant_id, today, offer.price.currency, offer.price.amount_minor],
    )
    .await?;
    tx.defer(
        "DELETE FROM price_history WHERE variant_id = $1
            AND day < (SELECT max(b.day) FROM price_history b WHERE b.variant_id = $1 AND b.day < $2)",
        params![offer.variant_id, today - WINDOW],
    )
    .await
}
