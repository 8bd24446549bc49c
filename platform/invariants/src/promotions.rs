//! P1 within `pricing`, P2 against `orders`.

use std::collections::BTreeMap;

use contracts::{pricing::Quote, promotions::QuotePromotion};
use db::Row;
use kernel::{Result, Timestamp};

use crate::{
    Finding, Look,
    page::{Pages, column, rows_in},
};

/// P1: what is counted of a promotion, in all and per customer, is the sum of its redemptions that have not
/// ended, and within its limits.
pub async fn limits(look: &Look<'_>, found: &mut Finding) -> Result<()> {
    let Some(db) = look.db("pricing") else { return Ok(()) };
    let sql = "SELECT p.promotion_id AS key, p.uses, p.spent_minor,
            COALESCE(p.max_uses, p.uses) AS max_uses, COALESCE(p.budget_minor, p.spent_minor) AS budget_minor,
            (SELECT count(*) FROM promotion_redemptions r WHERE r.promotion_id = p.promotion_id
                AND r.state IN ('held', 'confirmed')) AS redeemed,
            (SELECT CAST(COALESCE(sum(r.amount_minor), 0) AS BIGINT) FROM promotion_redemptions r
                WHERE r.promotion_id = p.promotion_id AND r.state IN ('held', 'confirmed')) AS taken
         FROM promotions p WHERE p.promotion_id > $1 ORDER BY p.promotion_id LIMIT $2";
    let mut pages = Pages::of(db, sql);
    while let Some(rows) = pages.next().await? {
        for row in &rows {
            found.see();
            let key: String = row.get("key")?;
            let of = |name: &str| row.get::<i64>(name);
            let (uses, redeemed, most) = (of("uses")?, of("redeemed")?, of("max_uses")?);
            found.demand(uses == redeemed && uses <= most, || {
                format!("promotion {key}: {uses} uses are counted, {redeemed} orders have it, {most} may")
            });
            let (spent, taken, budget) = (of("spent_minor")?, of("taken")?, of("budget_minor")?);
            found.demand(spent == taken && spent <= budget, || {
                format!("promotion {key}: {spent} is counted as spent, orders have {taken}, {budget} may be spent")
            });
        }
    }
    let sql = "SELECT c.promotion_id AS key, c.customer AS key2, c.uses, c.most,
            (SELECT count(*) FROM promotion_redemptions r WHERE r.promotion_id = c.promotion_id AND r.customer = c.customer
                AND r.state IN ('held', 'confirmed')) AS redeemed
         FROM promotion_customers c WHERE (c.promotion_id, c.customer) > ($1, $2) ORDER BY c.promotion_id, c.customer LIMIT $3";
    let mut pages = Pages::by(2, db, sql, Vec::new());
    while let Some(rows) = pages.next().await? {
        for row in &rows {
            found.see();
            let key: String = row.get("key")?;
            let (uses, most, redeemed): (i64, i64, i64) = (row.get("uses")?, row.get("most")?, row.get("redeemed")?);
            found.demand(uses == redeemed && uses <= most, || {
                format!(
                    "promotion {key}: {uses} uses of a customer are counted, its orders have {redeemed}, {most} may"
                )
            });
        }
    }
    Ok(())
}

/// P2: an order has what its quote takes off, until it ends without a sale; what is held is an order's.
pub async fn of_orders(look: &Look<'_>, found: &mut Finding) -> Result<()> {
    let (Some(pricing), Some(orders)) = (look.db("pricing"), look.db("orders")) else { return Ok(()) };
    let sql = "SELECT r.order_id AS key, CAST(sum(r.amount_minor) AS BIGINT) AS taken, max(r.held_at) AS held_at
               FROM promotion_redemptions r WHERE r.order_id > $1 AND r.state IN ('held', 'confirmed')
               GROUP BY r.order_id ORDER BY r.order_id LIMIT $2";
    let mut pages = Pages::of(pricing, sql);
    while let Some(rows) = pages.next().await? {
        let known = known_orders(&rows_in(orders, ORDERS, &column(&rows, "key")?).await?)?;
        for row in &rows {
            found.see();
            let (key, taken, held_at): (String, i64, Timestamp) =
                (row.get("key")?, row.get("taken")?, row.get("held_at")?);
            let settled = |at: Timestamp| at < look.settled_before();
            match known.get(&key) {
                None => found.demand(!settled(held_at), || format!("promotions are held for {key}, which is no order")),
                Some(Known { ended: Some(at), .. }) => {
                    found
                        .demand(!settled(*at), || format!("order {key} ended without a sale and keeps its promotions"));
                }
                Some(Known { agreed, .. }) => found.demand(*agreed == taken, || {
                    format!("order {key} was agreed with {agreed} off, its promotions count {taken}")
                }),
            }
        }
    }
    all_counted(look, found).await
}

/// At rest, no order takes off what is counted nowhere.
async fn all_counted(look: &Look<'_>, found: &mut Finding) -> Result<()> {
    let (Some(pricing), Some(orders), true) = (look.db("pricing"), look.db("orders"), look.is_quiescent()) else {
        return Ok(());
    };
    let sql = "SELECT o.id AS key FROM orders o WHERE o.id > $1 AND o.status NOT IN ('rejected', 'cancelled') AND (
             EXISTS (SELECT 1 FROM order_lines l WHERE l.order_id = o.id AND l.promoted_minor > 0)
             OR EXISTS (SELECT 1 FROM vendor_orders v WHERE v.order_id = o.id AND v.shipping_promotions <> '[]'))
         ORDER BY o.id LIMIT $2";
    let counted = "SELECT DISTINCT order_id FROM promotion_redemptions WHERE state = 'confirmed' AND order_id IN ({})";
    let mut pages = Pages::of(orders, sql);
    while let Some(rows) = pages.next().await? {
        let keys = column(&rows, "key")?;
        let counted = column(&rows_in(pricing, counted, &keys).await?, "order_id")?;
        for key in keys {
            found.see();
            found.demand(counted.binary_search(&key).is_ok(), || {
                format!("the promotions of order {key} are not counted")
            });
        }
    }
    Ok(())
}

const ORDERS: &str = "SELECT o.id, o.status, d.quote,
        (SELECT max(t.at) FROM order_timeline t WHERE t.order_id = o.id AND t.kind IN ('cancelled', 'rejected')) AS since
     FROM orders o JOIN order_documents d ON d.order_id = o.id WHERE o.id IN ({})";

/// What `orders` knows of an order that has promotions.
struct Known {
    /// What its quote takes off by promotions.
    agreed: i64,
    /// When it ended without a sale.
    ended: Option<Timestamp>,
}

fn known_orders(rows: &[Row]) -> Result<BTreeMap<String, Known>> {
    let known = |row: &Row| {
        let (id, status): (String, String) = (row.get("id")?, row.get("status")?);
        let quote: Quote = row.json("quote")?;
        let agreed = quote.promotions.iter().map(QuotePromotion::counted_minor).sum();
        let since: Option<Timestamp> = row.get("since")?;
        let ended = since.filter(|_| matches!(status.as_str(), "cancelled" | "rejected"));
        Ok((id, Known { agreed, ended }))
    };
    rows.iter().map(known).collect()
}
