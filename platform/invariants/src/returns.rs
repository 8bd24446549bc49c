//! T1 to T3: returns within `orders`, and against those who pay them back and put them on sale again.

use std::collections::BTreeMap;

use db::Row;
use kernel::{Result, Timestamp};

use crate::{
    Finding, Look,
    bundles::{Made, Pieces},
    page::{Pages, column, rows_in},
};

/// T1: of each line as much counts as returned as its returns take up, as much as paid back as has arrived, was taken out
/// before it left or is kept, and of what was delivered never more than that; nothing is kept that was never sent.
pub async fn within_what_was_delivered(look: &Look<'_>, found: &mut Finding) -> Result<()> {
    let Some(db) = look.db("orders") else { return Ok(()) };
    let sql = "SELECT l.order_id AS key, l.id AS key2, l.delivered, l.returned, l.taken_back, l.withdrawn,
            CASE WHEN l.digital = 1 THEN l.quantity ELSE l.shipped END AS sent,
            (SELECT CAST(COALESCE(sum(n.received), 0) AS BIGINT) FROM return_lines n JOIN returns r ON r.id = n.return_id
             WHERE n.order_id = l.order_id AND n.line_id = l.id AND r.kind = 'kept') AS kept,
            (SELECT CAST(COALESCE(sum(n.received), 0) AS BIGINT) FROM return_lines n JOIN returns r ON r.id = n.return_id
             WHERE n.order_id = l.order_id AND n.line_id = l.id AND r.kind = 'withdrawal') AS taken_out,
            (SELECT CAST(COALESCE(sum(CASE r.status WHEN 'requested' THEN CASE r.kind WHEN 'withdrawal' THEN 0 ELSE n.wanted END
                WHEN 'approved' THEN n.approved WHEN 'sent' THEN n.approved
                WHEN 'refused' THEN 0 WHEN 'cancelled' THEN 0 ELSE n.received END), 0) AS BIGINT)
             FROM return_lines n JOIN returns r ON r.id = n.return_id WHERE n.order_id = l.order_id AND n.line_id = l.id) AS claimed,
            (SELECT CAST(COALESCE(sum(n.received), 0) AS BIGINT) FROM return_lines n
             WHERE n.order_id = l.order_id AND n.line_id = l.id) AS received
         FROM order_lines l
         WHERE (l.order_id, l.id) > ($1, $2)
           AND (l.returned > 0 OR EXISTS (SELECT 1 FROM return_lines n WHERE n.order_id = l.order_id AND n.line_id = l.id))
         ORDER BY l.order_id, l.id LIMIT $3";
    let mut pages = Pages::by(2, db, sql, Vec::new());
    while let Some(rows) = pages.next().await? {
        for row in &rows {
            found.see();
            let key: String = row.get("key2")?;
            let of = |name: &str| row.get::<i64>(name);
            let (returned, claimed, delivered) = (of("returned")?, of("claimed")?, of("delivered")?);
            found.demand(returned == claimed, || {
                format!("line {key}: {returned} are counted, returns take up {claimed}")
            });
            let (withdrawn, taken_out) = (of("withdrawn")?, of("taken_out")?);
            found.demand(withdrawn == taken_out, || {
                format!("line {key}: {withdrawn} count as taken out, its withdrawals have {taken_out}")
            });
            let (kept, sent) = (of("kept")?, of("sent")?);
            let back = returned - withdrawn - kept;
            found.demand(back <= delivered, || format!("line {key}: {back} are returned, {delivered} have arrived"));
            found.demand(returned - withdrawn <= sent, || {
                format!("line {key}: {} are paid back, {sent} were sent", returned - withdrawn)
            });
            let (paid, received) = (of("taken_back")?, of("received")?);
            found.demand(paid == received, || format!("line {key}: {paid} are paid back, {received} have arrived"));
        }
    }
    Ok(())
}

const RETURNS: &str =
    "SELECT r.id AS key, r.number, r.order_id, r.status, r.refund_id, r.refund_minor, r.refund_failure, r.received_at,
        r.remedy, CASE r.remedy WHEN 'exchange' THEN 0 ELSE (SELECT CAST(COALESCE(sum(n.refund_minor), 0) AS BIGINT) FROM return_lines n WHERE n.return_id = r.id) + r.shipping_minor
            END AS owed,
        CASE WHEN o.promised_at IS NOT NULL THEN 1 ELSE 0 END AS was_promised,
        CASE WHEN o.promised_at IS NOT NULL AND o.status = 'awaiting_payment' THEN 1 ELSE 0 END AS is_promised
     FROM returns r JOIN orders o ON o.id = r.order_id WHERE r.id > $1 ORDER BY r.id LIMIT $2";

/// T2: what a return pays back is the sum of its lines, has gone back once where it says so, and is never on its way
/// twice.
pub async fn paid_back_once(look: &Look<'_>, found: &mut Finding) -> Result<()> {
    let Some(orders) = look.db("orders") else { return Ok(()) };
    let refunds = "SELECT f.id, f.amount_minor, f.status, f.reason, p.order_id FROM refunds f JOIN payments p ON p.id = f.payment_id
                   WHERE p.order_id IN ({})";
    let mut pages = Pages::of(orders, RETURNS);
    while let Some(rows) = pages.next().await? {
        let made = match look.db("payments") {
            Some(payments) => Some(Refunds::of(&rows_in(payments, refunds, &column(&rows, "order_id")?).await?)?),
            None => None,
        };
        for row in &rows {
            found.see();
            let (number, owed, refund): (String, i64, i64) =
                (row.get("number")?, row.get("owed")?, row.get("refund_minor")?);
            found.demand(owed == refund, || {
                format!("return {number}: its lines are worth {owed}, it pays back {refund}")
            });
            if let Some(made) = &made {
                against_payments(look, row, made, found)?;
            }
        }
    }
    Ok(())
}

/// Refunds of the orders of a page.
struct Refunds {
    by_id: BTreeMap<String, (i64, String)>,
    /// Those not failed, by what they are for.
    alive: BTreeMap<String, i64>,
}

impl Refunds {
    fn of(rows: &[Row]) -> Result<Self> {
        let mut all = Self { by_id: BTreeMap::new(), alive: BTreeMap::new() };
        for row in rows {
            let status: String = row.get("status")?;
            if status != "failed" {
                *all.alive.entry(row.get("reason")?).or_insert(0) += 1;
            }
            all.by_id.insert(row.get("id")?, (row.get("amount_minor")?, status));
        }
        Ok(all)
    }
}

fn against_payments(look: &Look<'_>, row: &Row, made: &Refunds, found: &mut Finding) -> Result<()> {
    let (number, status): (String, String) = (row.get("number")?, row.get("status")?);
    let amount: i64 = row.get("refund_minor")?;
    let alive = made.alive.get(&format!("Return {number}")).copied().unwrap_or(0);
    found.demand(alive <= 1, || format!("return {number} is paid back {alive} times"));
    let Some(id) = row.get::<Option<String>>("refund_id")? else {
        found.demand(alive == 0, || format!("return {number} is paid back without having asked for it"));
        return Ok(());
    };
    let refund = made.by_id.get(&id);
    if let Some((paid, _)) = refund {
        found.demand(*paid == amount, || format!("return {number} asked for {amount}, {paid} go back"));
    }
    let state = refund.map(|(_, state)| state.as_str());
    let stuck = row.get::<Option<String>>("refund_failure")?.is_some();
    match status.as_str() {
        "refunded" => {
            found.demand(state == Some("succeeded"), || format!("return {number} is refunded, its money is {state:?}"))
        }
        // Waits for what it is exchanged for, as long as the vendor takes.
        "received" if row.get::<String>("remedy")? == "exchange" => {}
        // Taken out before anybody had paid: it is paid back with the capture, or not at all.
        "received" if row.get("was_promised")? && !look.is_quiescent() => {}
        "received" if row.get("is_promised")? => {
            found.demand(state.is_none(), || format!("return {number} is not paid, its money is {state:?}"));
        }
        "received" if stuck => {
            found.demand(matches!(state, None | Some("failed")), || {
                format!("return {number} is stuck, its money is {state:?}")
            });
        }
        "received" => {
            let fresh = row.get::<Option<Timestamp>>("received_at")?.is_some_and(|at| at >= look.settled_before());
            // A bank takes as long as it takes.
            let under_way = fresh || (!look.is_quiescent() && state == Some("pending"));
            found.demand(under_way, || format!("return {number} has arrived, its money is {state:?}"));
        }
        _ => {}
    }
    Ok(())
}

/// T3: never more goes back on sale than has arrived, and it is on sale again once; of a bundle what it was made of.
pub async fn restocked_once(look: &Look<'_>, found: &mut Finding) -> Result<()> {
    let Some(orders) = look.db("orders") else { return Ok(()) };
    let sql = "SELECT o.order_id AS key, l.variant_id, CAST(sum(n.received) AS BIGINT) AS received,
            CAST(sum(n.restocked) AS BIGINT) AS restocked, max(r.received_at) AS since
         FROM (SELECT DISTINCT order_id FROM return_lines WHERE order_id > $1 ORDER BY order_id LIMIT $2) o
         JOIN return_lines n ON n.order_id = o.order_id JOIN returns r ON r.id = n.return_id
         JOIN order_lines l ON l.order_id = n.order_id AND l.id = n.line_id
         GROUP BY o.order_id, l.variant_id ORDER BY o.order_id, l.variant_id";
    let moved = "SELECT order_id, variant_id, CAST(sum(delta) AS BIGINT) AS back FROM movements
                 WHERE kind = 'return' AND order_id IN ({}) GROUP BY order_id, variant_id";
    let mut pages = Pages::of(orders, sql);
    while let Some(rows) = pages.next().await? {
        let mut restocked: BTreeMap<String, Restocked> = BTreeMap::new();
        for row in &rows {
            found.see();
            let (order, variant): (String, String) = (row.get("key")?, row.get("variant_id")?);
            let (received, again): (i64, i64) = (row.get("received")?, row.get("restocked")?);
            found.demand(again <= received, || {
                format!("variant {variant} of order {order}: {again} of {received} are restocked")
            });
            let of = restocked.entry(order).or_default();
            // Of what has not arrived nothing is on sale again.
            of.settled &= row.get::<Option<Timestamp>>("since")?.is_none_or(|at| at < look.settled_before());
            of.pieces.insert(variant, again);
        }
        let Some(inventory) = look.db("inventory") else { continue };
        let ids = column(&rows, "key")?;
        let made = Made::of(inventory, &ids).await?;
        let mut back: BTreeMap<(String, String), i64> = BTreeMap::new();
        for row in rows_in(inventory, moved, &ids).await? {
            back.insert((row.get("order_id")?, row.get("variant_id")?), row.get("back")?);
        }
        for (order, of) in restocked {
            for (variant, again) in made.expand(&order, &of.pieces) {
                let key = (order.clone(), variant);
                let back = back.get(&key).copied().unwrap_or(0);
                let fits = if of.settled { back == again } else { back <= again };
                found.demand(fits, || {
                    format!("variant {} of order {order}: {again} are restocked, {back} are on sale again", key.1)
                });
            }
        }
    }
    Ok(())
}

/// What of an order is to be on sale again.
struct Restocked {
    /// All of it has had the time to be.
    settled: bool,
    pieces: Pieces,
}

impl Default for Restocked {
    fn default() -> Self {
        Self { settled: true, pieces: Pieces::new() }
    }
}
