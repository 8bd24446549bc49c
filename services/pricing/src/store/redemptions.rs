//! Uses of promotions by orders. Each limit is decided by one conditional statement, with a `CHECK` behind it.

use contracts::promotions::{Obstacle, PromotionInput, QuotePromotion};
use db::{Db, Row, Tx, params};
use kernel::{OrderId, PromotionId, Result, Timestamp};

use crate::model::Promotion;

/// Holds a promotion for an order, or says why it cannot be had. Held already is held.
pub(crate) async fn hold(
    tx: &mut Tx,
    order: OrderId,
    customer: &str,
    wanted: &QuotePromotion,
    now: Timestamp,
) -> Result<Option<Obstacle>> {
    let (id, amount) = (wanted.promotion_id, wanted.counted_minor());
    let fresh = tx
        .exec(
            "INSERT INTO promotion_redemptions (order_id, promotion_id, customer, amount_minor, state, held_at)
             VALUES ($1, $2, $3, $4, 'held', $5)
             ON CONFLICT (order_id, promotion_id) DO UPDATE SET state = 'held', held_at = excluded.held_at,
                customer = excluded.customer, amount_minor = excluded.amount_minor
             WHERE promotion_redemptions.state = 'lapsed'",
            params![order, id, customer, amount, now],
        )
        .await?;
    if fresh == 0 && !kernel::planted!(18) {
        return Ok(None);
    }
    let row = tx
        .opt(
            "UPDATE promotions SET uses = uses + 1, spent_minor = spent_minor + $2
             WHERE promotion_id = $1 AND removed_at IS NULL AND (max_uses IS NULL OR uses < max_uses)
               AND (budget_minor IS NULL OR spent_minor + $2 <= budget_minor) RETURNING input",
            params![id, amount],
        )
        .await?;
    let Some(row) = row else { return Ok(Some(Obstacle::UsedUp)) };
    let most = Promotion::most_per_customer(&row.json::<PromotionInput>("input")?).unwrap_or(i64::MAX);
    let counted = tx
        .exec(
            "INSERT INTO promotion_customers (promotion_id, customer, uses, most) VALUES ($1, $2, 1, $3)
             ON CONFLICT (promotion_id, customer) DO UPDATE SET uses = promotion_customers.uses + 1, most = excluded.most
             WHERE promotion_customers.uses < excluded.most",
            params![id, customer, most],
        )
        .await?;
    Ok((counted == 0).then_some(Obstacle::AlreadyUsed))
}

/// The order was placed: what it holds is its own.
pub(crate) async fn confirm(tx: &mut Tx, order: OrderId) -> Result<()> {
    let sql = "UPDATE promotion_redemptions SET state = 'confirmed' WHERE order_id = $1 AND state = 'held'";
    tx.defer(sql, params![order]).await
}

/// The order ended without a sale: what it has is given back, once.
pub(crate) async fn give_back(tx: &mut Tx, order: OrderId) -> Result<()> {
    let rows = tx
        .all(
            "UPDATE promotion_redemptions SET state = 'returned' WHERE order_id = $1 AND state IN ('held', 'confirmed')
             RETURNING promotion_id, customer, amount_minor",
            params![order],
        )
        .await?;
    uncount(tx, &rows).await?;
    if kernel::planted!(17) { uncount(tx, &rows).await } else { Ok(()) }
}

/// The order never came to be: what was held for it before `before` is free again.
pub(crate) async fn lapse(tx: &mut Tx, order: OrderId, before: Timestamp) -> Result<()> {
    let rows = tx
        .all(
            "UPDATE promotion_redemptions SET state = 'lapsed' WHERE order_id = $1 AND state = 'held' AND held_at <= $2
             RETURNING promotion_id, customer, amount_minor",
            params![order, before],
        )
        .await?;
    uncount(tx, &rows).await
}

/// Takes redemptions that have ended out of what is counted.
async fn uncount(tx: &mut Tx, ended: &[Row]) -> Result<()> {
    let mut ended = ended
        .iter()
        .map(|row| Ok((row.get("promotion_id")?, row.get("customer")?, row.get("amount_minor")?)))
        .collect::<Result<Vec<(PromotionId, String, i64)>>>()?;
    // Everybody locks promotions in this order.
    ended.sort();
    for (promotion, customer, amount) in ended {
        let sql = "UPDATE promotions SET uses = uses - 1, spent_minor = spent_minor - $2 WHERE promotion_id = $1";
        tx.defer(sql, params![promotion, amount]).await?;
        let sql = "UPDATE promotion_customers SET uses = uses - 1 WHERE promotion_id = $1 AND customer = $2";
        tx.defer(sql, params![promotion, customer]).await?;
    }
    Ok(())
}

/// Orders for which something has been held since before `before`, oldest first.
pub(crate) async fn long_held(db: &Db, before: Timestamp, limit: i64) -> Result<Vec<OrderId>> {
    let sql = "SELECT order_id, min(held_at) AS since FROM promotion_redemptions WHERE state = 'held' AND held_at <= $1
               GROUP BY order_id ORDER BY since, order_id LIMIT $2";
    db.all(sql, params![before, limit]).await?.iter().map(|row| row.get("order_id")).collect()
}
