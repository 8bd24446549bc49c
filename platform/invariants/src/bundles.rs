//! S8: bundles against what they are made of, now and when they were ordered.

use std::collections::{BTreeMap, BTreeSet};

use db::Db;
use kernel::Result;

use crate::{
    Finding, Look, Mode,
    page::{Pages, column, rows_in},
};

/// Pieces by variant.
pub(crate) type Pieces = BTreeMap<String, i64>;

/// What the bundles of some orders were made of when their stock was set aside: part and quantity, by order and bundle.
pub(crate) struct Made(BTreeMap<(String, String), Vec<(String, i64)>>);

impl Made {
    pub async fn of(inventory: &Db, orders: &[String]) -> Result<Self> {
        let sql = "SELECT order_id, bundle_id, part_id, quantity FROM order_parts WHERE order_id IN ({})";
        let mut made: BTreeMap<(String, String), Vec<(String, i64)>> = BTreeMap::new();
        for row in rows_in(inventory, sql, orders).await? {
            let key = (row.get("order_id")?, row.get("bundle_id")?);
            made.entry(key).or_default().push((row.get("part_id")?, row.get("quantity")?));
        }
        Ok(Self(made))
    }

    /// Pieces of what an order's lines are made of.
    pub fn expand(&self, order: &str, lines: &Pieces) -> Pieces {
        let mut pieces = Pieces::new();
        for (variant, quantity) in lines {
            match self.0.get(&(order.to_owned(), variant.clone())) {
                Some(parts) => {
                    for (part, each) in parts {
                        *pieces.entry(part.clone()).or_insert(0) += each * quantity;
                    }
                }
                None => *pieces.entry(variant.clone()).or_insert(0) += quantity,
            }
        }
        pieces
    }
}

const COUNTED: &str = "SELECT s.variant_id AS key, s.can_have, s.can_order,
        (SELECT CAST(COALESCE(min(CASE WHEN p.on_sale = 1 AND p.on_hand - p.reserved - p.backordered > 0
            THEN (p.on_hand - p.reserved - p.backordered) / b.quantity ELSE 0 END), 0) AS BIGINT)
         FROM bundle_parts b LEFT JOIN stock p ON p.variant_id = b.part_id WHERE b.bundle_id = s.variant_id) AS have,
        (SELECT CAST(COALESCE(min(CASE WHEN p.on_sale = 1 AND p.on_hand - p.reserved - p.backordered + p.backorder_cap > 0
            THEN (p.on_hand - p.reserved - p.backordered + p.backorder_cap) / b.quantity ELSE 0 END), 0) AS BIGINT)
         FROM bundle_parts b LEFT JOIN stock p ON p.variant_id = b.part_id WHERE b.bundle_id = s.variant_id) AS may_order
     FROM stock s WHERE s.variant_id > $1 AND s.bundle = 1 ORDER BY s.variant_id LIMIT $2";

/// S8, of now: as many of a bundle can be had as its scarcest part suffices for, and none while a part is not on sale.
pub async fn count_their_parts(look: &Look<'_>, found: &mut Finding) -> Result<()> {
    let Some(db) = look.db("inventory") else { return Ok(()) };
    let mut pages = Pages::of(db, COUNTED);
    while let Some(rows) = pages.next().await? {
        for row in &rows {
            found.see();
            let key: String = row.get("key")?;
            let of = |name: &str| row.get::<i64>(name);
            let (told, true_) = ((of("can_have")?, of("can_order")?), (of("have")?, of("may_order")?));
            found.demand(told == true_, || {
                format!("bundle {key}: (there, with back-orders) is told as {told:?}, its parts suffice for {true_:?}")
            });
        }
    }
    Ok(())
}

const LEFT: &str = "SELECT o.order_id AS key, r.state, l.variant_id, l.gone,
        (SELECT CAST(COALESCE(-sum(m.delta), 0) AS BIGINT) FROM movements m WHERE m.order_id = o.order_id
         AND m.variant_id = l.variant_id AND m.kind = 'shipped' AND m.reason NOT LIKE 'Return %') AS moved
     FROM (SELECT DISTINCT order_id FROM order_parts WHERE order_id > $1 ORDER BY order_id LIMIT $2) o
     JOIN reservations r ON r.order_id = o.order_id JOIN reservation_lines l ON l.order_id = o.order_id
     ORDER BY o.order_id, l.variant_id";

/// S8, of then: of an order with bundles as much has left the stock as is counted as gone, and at rest that is what left
/// in its parcels, bundles as what they were made of.
pub async fn leave_as_their_parts(look: &Look<'_>, found: &mut Finding) -> Result<()> {
    let (Some(inventory), Some(orders)) = (look.db("inventory"), look.db("orders")) else { return Ok(()) };
    let shipped = "SELECT l.order_id, l.variant_id, CAST(sum(l.shipped) AS BIGINT) AS shipped,
                       max(CASE v.status WHEN 'cancelled' THEN 1 ELSE 0 END) AS called_off
                   FROM order_lines l JOIN vendor_orders v ON v.id = l.vendor_order_id
                   WHERE l.order_id IN ({}) GROUP BY l.order_id, l.variant_id";
    let mut pages = Pages::of(inventory, LEFT);
    while let Some(rows) = pages.next().await? {
        let ids = column(&rows, "key")?;
        let made = Made::of(inventory, &ids).await?;
        let (mut lines, mut called_off): (BTreeMap<String, Pieces>, BTreeSet<String>) = Default::default();
        for row in rows_in(orders, shipped, &ids).await? {
            let order: String = row.get("order_id")?;
            if row.get::<bool>("called_off")? {
                called_off.insert(order.clone());
            }
            lines.entry(order).or_default().insert(row.get("variant_id")?, row.get("shipped")?);
        }
        let parcels: BTreeMap<&String, Pieces> =
            lines.iter().map(|(order, lines)| (order, made.expand(order, lines))).collect();
        for row in &rows {
            let (key, state): (String, String) = (row.get("key")?, row.get("state")?);
            // What is set aside for a return leaves under its order; what was given back may leave without a promise.
            let Some(parcels) = parcels.get(&key).filter(|_| state == "claimed" || state == "shipped") else {
                continue;
            };
            found.see();
            let (part, gone, moved): (String, i64, i64) = (row.get("variant_id")?, row.get("gone")?, row.get("moved")?);
            found.demand(gone == moved, || format!("order {key}: {gone} of {part} are gone, {moved} by its movements"));
            let left = parcels.get(&part).copied().unwrap_or(0);
            // Of what was called off a parcel may have left in the same moment, which the order does not count.
            let fits = gone == left || gone > left && called_off.contains(&key);
            found.demand(fits || look.mode == Mode::Live, || {
                format!("order {key}: {gone} of {part} are gone, its parcels held {left}")
            });
        }
    }
    Ok(())
}
