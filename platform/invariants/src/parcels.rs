//! S7: parcels against what was ordered.

use std::collections::BTreeMap;

use kernel::Result;

use crate::{
    Finding, Look, Mode,
    page::{Pages, column, rows_in},
};

const LINES: &str =
    "SELECT l.order_id AS key, l.id AS key2, l.vendor_order_id, l.quantity, l.shipped, l.withdrawn, v.status
    FROM order_lines l JOIN vendor_orders v ON v.id = l.vendor_order_id
    WHERE (l.order_id, l.id) > ($1, $2) AND v.paid_at IS NOT NULL ORDER BY l.order_id, l.id LIMIT $3";

// One statement, so that what moves from a parcel to what was taken out is seen in one of them.
const HELD: &str =
    "SELECT x.line_id, CAST(sum(x.held) AS BIGINT) AS held, CAST(sum(x.left_here) AS BIGINT) AS left_here,
        CAST(sum(x.taken) AS BIGINT) AS taken
    FROM (SELECT s.vendor_order_id, l.line_id, l.quantity AS held,
              CASE WHEN s.shipped_at IS NULL THEN 0 ELSE l.quantity END AS left_here, 0 AS taken
          FROM shipment_lines l JOIN shipments s ON s.shipment_id = l.shipment_id
          UNION ALL
          SELECT w.vendor_order_id, w.line_id, 0, 0, w.quantity FROM withdrawn_lines w) x
    WHERE x.vendor_order_id IN ({}) GROUP BY x.line_id";

/// S7: all parcels of a part together hold what was ordered, less what was taken out of it before it left, and the order knows of no more than has left; at rest of
/// all of it, unless it was called off. Parcels from before they had lines are not looked at.
pub async fn hold_what_was_ordered(look: &Look<'_>, found: &mut Finding) -> Result<()> {
    let (Some(orders), Some(shipping)) = (look.db("orders"), look.db("shipping")) else { return Ok(()) };
    let mut pages = Pages::by(2, orders, LINES, Vec::new());
    while let Some(rows) = pages.next().await? {
        let mut held: BTreeMap<String, (i64, i64, i64)> = BTreeMap::new();
        for row in rows_in(shipping, HELD, &column(&rows, "vendor_order_id")?).await? {
            held.insert(row.get("line_id")?, (row.get("held")?, row.get("left_here")?, row.get("taken")?));
        }
        for row in &rows {
            let (line, quantity, shipped): (String, i64, i64) =
                (row.get("key2")?, row.get("quantity")?, row.get("shipped")?);
            let Some((all, left, out)) = held.get(&line).copied() else { continue };
            found.see();
            found.demand(all + out == quantity, || {
                format!("line {line}: {quantity} were ordered, parcels hold {all}, {out} were taken out")
            });
            let withdrawn: i64 = row.get("withdrawn")?;
            found.demand(withdrawn <= out, || format!("line {line}: {out} were taken out, its order has {withdrawn}"));
            found.demand(shipped <= left, || format!("line {line}: {left} have left, its order knows of {shipped}"));
            let stands = row.get::<String>("status")? != "cancelled";
            let heard = look.mode == Mode::Live || !stands;
            found.demand(withdrawn == out || heard, || {
                format!("line {line}: {out} were taken out, its order has only {withdrawn}")
            });
            let known = shipped == left || heard;
            found.demand(known, || format!("line {line}: {left} have left, its order knows only of {shipped}"));
        }
    }
    Ok(())
}
