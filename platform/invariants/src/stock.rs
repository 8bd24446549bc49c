//! S1 to S6: within `inventory`, and against `orders`.

use std::{collections::BTreeMap, time::Duration};

use kernel::{Result, Timestamp};

use crate::{
    Finding, Look, Mode,
    bundles::Made,
    page::{Pages, column, rows_in},
};

/// How much later than its time a hold may end.
const LATE: Duration = Duration::from_secs(60);

/// S1: on hand and reserved are what they may be, no more is sold beyond what is there than is allowed and none while
/// something is free, and on hand is the sum of its movements.
pub async fn conservation(look: &Look<'_>, found: &mut Finding) -> Result<()> {
    let Some(db) = look.db("inventory") else { return Ok(()) };
    let sql = "SELECT s.variant_id AS key, s.on_hand, s.reserved, s.backordered, s.backorder_cap,
            (SELECT CAST(COALESCE(sum(m.delta), 0) AS BIGINT) FROM movements m WHERE m.variant_id = s.variant_id) AS moved,
            (SELECT count(m.order_id) - count(DISTINCT m.order_id || m.location_id || m.reason) FROM movements m
             WHERE m.variant_id = s.variant_id AND m.kind = 'shipped') AS again
         FROM stock s WHERE s.variant_id > $1 ORDER BY s.variant_id LIMIT $2";
    let mut pages = Pages::of(db, sql);
    while let Some(rows) = pages.next().await? {
        for row in &rows {
            found.see();
            let (key, on_hand, reserved): (String, i64, i64) =
                (row.get("key")?, row.get("on_hand")?, row.get("reserved")?);
            let (moved, again): (i64, i64) = (row.get("moved")?, row.get("again")?);
            found.demand((0..=on_hand).contains(&reserved), || {
                format!("variant {key}: {on_hand} on hand, {reserved} reserved")
            });
            let (backordered, cap): (i64, i64) = (row.get("backordered")?, row.get("backorder_cap")?);
            found.demand((0..=cap).contains(&backordered) && (backordered == 0 || reserved == on_hand), || {
                format!(
                    "variant {key}: {backordered} of at most {cap} sold beyond {on_hand} on hand, {reserved} reserved"
                )
            });
            found.demand(moved == on_hand, || format!("variant {key}: {on_hand} on hand, {moved} by its movements"));
            found.demand(again == 0, || format!("variant {key} left {again} times again for the same order"));
        }
    }
    Ok(())
}

const PROMISED: &str = "SELECT s.variant_id AS key, s.on_hand, s.reserved, s.backordered,
        (SELECT CAST(COALESCE(sum(l.quantity - l.gone - l.withdrawn - l.backordered), 0) AS BIGINT) FROM reservation_lines l JOIN reservations r ON r.order_id = l.order_id
         WHERE l.variant_id = s.variant_id AND l.shipped = 0 AND r.state IN ('held', 'claimed')) AS promised,
        (SELECT CAST(COALESCE(sum(l.backordered), 0) AS BIGINT) FROM reservation_lines l JOIN reservations r ON r.order_id = l.order_id
         WHERE l.variant_id = s.variant_id AND l.shipped = 0 AND r.state IN ('held', 'claimed')) AS waiting,
        (SELECT CAST(COALESCE(sum(l.quantity - l.gone - l.withdrawn - l.backordered), 0) AS BIGINT) FROM reservation_lines l JOIN reservations r ON r.order_id = l.order_id
         WHERE l.variant_id = s.variant_id AND l.shipped = 0 AND r.state = 'claimed') AS confirmed
     FROM stock s WHERE s.variant_id > $1 ORDER BY s.variant_id LIMIT $2";

/// S2: reserved is the sum of what live reservations hold, backordered of what they wait for.
pub async fn counters(look: &Look<'_>, found: &mut Finding) -> Result<()> {
    let Some(db) = look.db("inventory") else { return Ok(()) };
    let mut pages = Pages::of(db, PROMISED);
    while let Some(rows) = pages.next().await? {
        for row in &rows {
            found.see();
            let (key, reserved, promised): (String, i64, i64) =
                (row.get("key")?, row.get("reserved")?, row.get("promised")?);
            found.demand(reserved == promised, || format!("variant {key}: reserved {reserved}, promised {promised}"));
            let (backordered, waiting): (i64, i64) = (row.get("backordered")?, row.get("waiting")?);
            found.demand(backordered == waiting, || {
                format!("variant {key}: {backordered} sold beyond stock, orders wait for {waiting}")
            });
        }
    }
    Ok(())
}

/// S3: what is confirmed and has not left is on hand, but for what it is said to wait for; and every paid order is
/// confirmed.
pub async fn no_oversell(look: &Look<'_>, found: &mut Finding) -> Result<()> {
    let Some(inventory) = look.db("inventory") else { return Ok(()) };
    let mut pages = Pages::of(inventory, PROMISED);
    while let Some(rows) = pages.next().await? {
        for row in &rows {
            found.see();
            let (key, on_hand, confirmed): (String, i64, i64) =
                (row.get("key")?, row.get("on_hand")?, row.get("confirmed")?);
            found.demand(confirmed <= on_hand, || format!("variant {key}: {on_hand} on hand, {confirmed} sold"));
        }
    }
    let Some(orders) = look.db("orders") else { return Ok(()) };
    let sql = "SELECT o.id AS key, o.status, COALESCE(o.paid_at, o.promised_at) AS since,
            (SELECT count(*) FROM order_lines l WHERE l.order_id = o.id AND l.withdrawn > 0) AS withdrawn
         FROM orders o WHERE o.id > $1 AND (o.status IN ('paid', 'completed') OR (o.status = 'awaiting_payment' AND o.promised_at IS NOT NULL))
             AND EXISTS (SELECT 1 FROM order_lines l WHERE l.order_id = o.id AND l.digital = 0) ORDER BY o.id LIMIT $2";
    let mut pages = Pages::of(orders, sql);
    while let Some(rows) = pages.next().await? {
        let ids = column(&rows, "key")?;
        let states =
            rows_in(inventory, "SELECT order_id, state FROM reservations WHERE order_id IN ({})", &ids).await?;
        let states: BTreeMap<String, String> =
            states.iter().map(|row| Ok((row.get("order_id")?, row.get("state")?))).collect::<Result<_>>()?;
        for row in &rows {
            let since = row.get::<Option<Timestamp>>("since")?;
            if since.is_some_and(|at| at >= look.settled_before()) {
                continue;
            }
            found.see();
            let (key, status): (String, String) = (row.get("key")?, row.get("status")?);
            let state = states.get(&key).map_or("no", String::as_str);
            // The last step of an order may be that its rest is taken out, of which inventory hears a moment later.
            let hears = row.get::<i64>("withdrawn")? > 0 && look.mode == Mode::Live;
            let confirmed = state == "shipped" || (state == "claimed" && (status != "completed" || hears));
            found.demand(confirmed, || format!("order {key} is {status} and has a reservation that is {state}"));
        }
    }
    Ok(())
}

/// S4: no hold outlives its time; what is shipped has left whole; what has left whole is shipped.
pub async fn reservations_end(look: &Look<'_>, found: &mut Finding) -> Result<()> {
    let Some(db) = look.db("inventory") else { return Ok(()) };
    let sql = "SELECT r.order_id AS key, r.state, r.expires_at,
            (SELECT count(*) FROM reservation_lines l WHERE l.order_id = r.order_id) AS lines,
            (SELECT count(*) FROM reservation_lines l WHERE l.order_id = r.order_id AND l.shipped = 0) AS waiting
         FROM reservations r WHERE r.order_id > $1 ORDER BY r.order_id LIMIT $2";
    let mut pages = Pages::of(db, sql);
    while let Some(rows) = pages.next().await? {
        for row in &rows {
            found.see();
            let (key, state): (String, String) = (row.get("key")?, row.get("state")?);
            let (lines, waiting): (i64, i64) = (row.get("lines")?, row.get("waiting")?);
            let expires_at: Timestamp = row.get("expires_at")?;
            let overdue = state == "held" && expires_at.plus(LATE) < look.now;
            found.demand(!overdue, || format!("the reservation of order {key} should have ended at {expires_at}"));
            found.demand(lines > 0, || format!("the reservation of order {key} holds nothing"));
            let fits = match state.as_str() {
                "shipped" => waiting == 0,
                "held" => waiting == lines,
                "claimed" => waiting > 0,
                _ => true,
            };
            found
                .demand(fits, || format!("the reservation of order {key} is {state}, {waiting} of {lines} lines wait"));
        }
    }
    Ok(())
}

/// S5: a reservation holds exactly what its order needs, summed over all its lines but what is downloaded, bundles as what they were made of then;
/// or what a return is exchanged for.
pub async fn reserved_what_is_needed(look: &Look<'_>, found: &mut Finding) -> Result<()> {
    let (Some(inventory), Some(orders)) = (look.db("inventory"), look.db("orders")) else { return Ok(()) };
    let sql = "SELECT r.order_id AS key, l.variant_id, l.quantity
               FROM (SELECT order_id FROM reservations WHERE order_id > $1 ORDER BY order_id LIMIT $2) r
               LEFT JOIN reservation_lines l ON l.order_id = r.order_id ORDER BY r.order_id, l.variant_id";
    let needs = "SELECT order_id, variant_id, CAST(sum(quantity) AS BIGINT) AS quantity FROM order_lines
                 WHERE digital = 0 AND order_id IN ({}) GROUP BY order_id, variant_id";
    let exchanges =
        "SELECT return_id AS order_id, exchange_for AS variant_id, CAST(sum(approved) AS BIGINT) AS quantity
                     FROM return_lines WHERE approved > 0 AND return_id IN ({}) GROUP BY return_id, exchange_for";
    let mut pages = Pages::of(inventory, sql);
    while let Some(rows) = pages.next().await? {
        let ids = column(&rows, "key")?;
        let mut held: BTreeMap<String, BTreeMap<String, i64>> = BTreeMap::new();
        for row in &rows {
            let of = held.entry(row.get("key")?).or_default();
            if let Some(variant) = row.get::<Option<String>>("variant_id")? {
                of.insert(variant, row.get("quantity")?);
            }
        }
        let mut needed: BTreeMap<String, BTreeMap<String, i64>> = BTreeMap::new();
        let mut all = rows_in(orders, needs, &ids).await?;
        all.extend(rows_in(orders, exchanges, &ids).await?);
        for row in all {
            needed.entry(row.get("order_id")?).or_default().insert(row.get("variant_id")?, row.get("quantity")?);
        }
        let made = Made::of(inventory, &ids).await?;
        for (order, held) in &held {
            found.see();
            let needed = needed.get(order).map(|needed| made.expand(order, needed));
            found
                .demand(needed.as_ref() == Some(held), || format!("order {order} needs {needed:?} and holds {held:?}"));
        }
    }
    Ok(())
}

const PLACES: &str = "SELECT s.variant_id AS key, s.split, s.on_hand, s.reserved,
        (SELECT CAST(COALESCE(sum(p.on_hand), 0) AS BIGINT) FROM places p WHERE p.variant_id = s.variant_id) AS there,
        (SELECT CAST(COALESCE(sum(p.reserved), 0) AS BIGINT) FROM places p WHERE p.variant_id = s.variant_id) AS reserved_there,
        (SELECT count(*) FROM places p WHERE p.variant_id = s.variant_id AND (
            p.reserved > p.on_hand
            OR p.reserved <> (SELECT COALESCE(sum(k.quantity), 0) FROM picks k
                              WHERE k.variant_id = p.variant_id AND k.location_id = p.location_id)
            OR p.on_hand <> (SELECT COALESCE(sum(m.delta), 0) FROM movements m
                             WHERE m.variant_id = p.variant_id AND m.location_id = p.location_id))) AS wrong,
        (SELECT count(*) FROM reservation_lines l JOIN reservations r ON r.order_id = l.order_id
         WHERE l.variant_id = s.variant_id AND l.shipped = 0 AND r.state IN ('held', 'claimed')
           AND l.quantity - l.gone - l.withdrawn - l.backordered <> (SELECT COALESCE(sum(k.quantity), 0) FROM picks k
                                              WHERE k.order_id = l.order_id AND k.variant_id = l.variant_id)) AS unpicked
     FROM stock s WHERE s.variant_id > $1 ORDER BY s.variant_id LIMIT $2";

/// S6: what lies at the locations adds up to what is on hand and reserved, each place to its movements and to what is
/// to be taken from it, and each promised line is taken from somewhere. What was never split has no places.
pub async fn places(look: &Look<'_>, found: &mut Finding) -> Result<()> {
    let Some(db) = look.db("inventory") else { return Ok(()) };
    let mut pages = Pages::of(db, PLACES);
    while let Some(rows) = pages.next().await? {
        for row in &rows {
            found.see();
            let (key, split): (String, bool) = (row.get("key")?, row.get("split")?);
            let (on_hand, reserved): (i64, i64) = (row.get("on_hand")?, row.get("reserved")?);
            let (there, reserved_there): (i64, i64) = (row.get("there")?, row.get("reserved_there")?);
            if !split {
                found
                    .demand(there == 0 && reserved_there == 0, || format!("variant {key} has places and is not split"));
                continue;
            }
            found.demand((there, reserved_there) == (on_hand, reserved), || {
                format!(
                    "variant {key}: {on_hand} on hand, {reserved} reserved; at its places {there} and {reserved_there}"
                )
            });
            let (wrong, unpicked): (i64, i64) = (row.get("wrong")?, row.get("unpicked")?);
            found.demand(wrong == 0, || format!("variant {key}: {wrong} places do not add up"));
            found.demand(unpicked == 0, || format!("variant {key}: {unpicked} lines are not taken from anywhere"));
        }
    }
    Ok(())
}
