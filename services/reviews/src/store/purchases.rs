//! Who bought what, when it arrived, and who was invited to review it.

use db::{Db, Tx, params};
use kernel::{AccountId, OrderId, ProductId, Result, Timestamp, VendorId};

/// Whose purchase, of which order and vendor, and when.
#[derive(Debug, Clone, Copy)]
pub struct Bought {
    pub account_id: AccountId,
    pub order_id: OrderId,
    pub vendor_id: VendorId,
    pub at: Timestamp,
}

/// Notes what of an order a vendor sends, `there` since when if it needs no parcel; when it arrived, if that is known.
pub async fn add(
    tx: &mut Tx,
    bought: Bought,
    products: &[ProductId],
    there: Option<Timestamp>,
) -> Result<Option<Timestamp>> {
    let arrived_at = hold_part(tx, bought.order_id, bought.vendor_id, there).await?;
    for product_id in products {
        tx.defer(
            "INSERT INTO purchases (account_id, product_id, order_id, vendor_id, bought_at, delivered_at)
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (account_id, product_id, order_id) DO NOTHING",
            params![bought.account_id, product_id, bought.order_id, bought.vendor_id, bought.at, arrived_at],
        )
        .await?;
    }
    Ok(arrived_at)
}

/// Keeps others from telling more of a vendor's part of an order until the transaction ends; when it arrived.
async fn hold_part(
    tx: &mut Tx,
    order_id: OrderId,
    vendor_id: VendorId,
    arrived_at: Option<Timestamp>,
) -> Result<Option<Timestamp>> {
    tx.one(
        "INSERT INTO parts (order_id, vendor_id, arrived_at) VALUES ($1, $2, $3)
         ON CONFLICT (order_id, vendor_id) DO UPDATE SET arrived_at = COALESCE(parts.arrived_at, excluded.arrived_at)
         RETURNING arrived_at",
        params![order_id, vendor_id, arrived_at],
    )
    .await?
    .get("arrived_at")
}

/// Takes an order's purchases back.
pub async fn remove(tx: &mut Tx, order_id: OrderId) -> Result<()> {
    tx.defer("DELETE FROM purchases WHERE order_id = $1", params![order_id]).await
}

/// Takes back what an account has bought.
pub async fn forget(tx: &mut Tx, account_id: AccountId) -> Result<()> {
    tx.defer("DELETE FROM purchases WHERE account_id = $1", params![account_id]).await
}

/// The vendor of a product that the account has bought.
pub async fn bought_from(tx: &mut Tx, account_id: AccountId, product_id: ProductId) -> Result<Option<VendorId>> {
    let sql = "SELECT vendor_id FROM purchases WHERE account_id = $1 AND product_id = $2 LIMIT 1";
    tx.opt(sql, params![account_id, product_id]).await?.map(|row| row.get("vendor_id")).transpose()
}

/// What an order holds of a vendor has arrived; false if that was known, or nobody may review it yet.
pub async fn deliver(tx: &mut Tx, order_id: OrderId, vendor_id: VendorId, at: Timestamp) -> Result<bool> {
    hold_part(tx, order_id, vendor_id, Some(at)).await?;
    let sql = "UPDATE purchases SET delivered_at = $3 WHERE order_id = $1 AND vendor_id = $2 AND delivered_at IS NULL";
    Ok(tx.exec(sql, params![order_id, vendor_id, at]).await? > 0)
}

/// True if the buyer of this order was invited before.
pub async fn was_invited(tx: &mut Tx, order_id: OrderId) -> Result<bool> {
    Ok(tx.opt("SELECT 1 FROM invitations WHERE order_id = $1", params![order_id]).await?.is_some())
}

/// Notes that the buyer is invited; false if that was done before.
pub async fn invite(tx: &mut Tx, order_id: OrderId, now: Timestamp) -> Result<bool> {
    let sql = "INSERT INTO invitations (order_id, sent_at) VALUES ($1, $2) ON CONFLICT (order_id) DO NOTHING";
    Ok(tx.exec(sql, params![order_id, now]).await? == 1)
}

/// What has arrived of an order and is not reviewed yet, with its vendor, and whose it is.
pub async fn to_review(db: &Db, order_id: OrderId) -> Result<Option<(AccountId, Vec<(ProductId, VendorId)>)>> {
    let rows = db
        .all(
            "SELECT p.account_id, p.product_id, p.vendor_id FROM purchases p
             WHERE p.order_id = $1 AND p.delivered_at IS NOT NULL AND NOT EXISTS (
                 SELECT 1 FROM reviews r WHERE r.product_id = p.product_id AND r.account_id = p.account_id)
             ORDER BY p.product_id",
            params![order_id],
        )
        .await?;
    let Some(first) = rows.first() else { return Ok(None) };
    let products = rows.iter().map(|row| Ok((row.get("product_id")?, row.get("vendor_id")?)));
    Ok(Some((first.get("account_id")?, products.collect::<Result<_>>()?)))
}
