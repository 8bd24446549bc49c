//! M15 within `payments`, M16 against `orders`.

use std::collections::BTreeMap;

use db::{Db, Row, params};
use kernel::{Result, Timestamp};

use crate::{
    Finding, Look,
    page::{Pages, column, rows_in},
};

/// M15: what can be used of a credit and what is held are the sums of its movements, never below zero, and what is held is what
/// orders hold; all of them together are what the ledger owes their holders.
pub async fn owed_is_what_is_left(look: &Look<'_>, found: &mut Finding) -> Result<()> {
    let Some(db) = look.db("payments") else { return Ok(()) };
    let sum = |alias: &str, column: &str| {
        format!(
            "(SELECT CAST(COALESCE(sum(m.{column}), 0) AS BIGINT) FROM credit_movements m WHERE m.credit_id = c.id) AS {alias}"
        )
    };
    let sql = format!(
        "SELECT c.id AS key, c.balance_minor, c.held_minor, {}, {},
            (SELECT CAST(COALESCE(sum(h.amount_minor), 0) AS BIGINT) FROM credit_holds h
             WHERE h.credit_id = c.id AND h.state IN ('held', 'confirmed')) AS of_orders,
            (SELECT CAST(COALESCE(sum(h.restored_minor), 0) AS BIGINT) FROM credit_holds h WHERE h.credit_id = c.id) AS restored,
            (SELECT CAST(COALESCE(sum(m.balance_change_minor), 0) AS BIGINT) FROM credit_movements m
             WHERE m.credit_id = c.id AND m.kind = 'restored') AS given_back
         FROM credits c WHERE c.id > $1 ORDER BY c.id LIMIT $2",
        sum("balance_moved", "balance_change_minor"),
        sum("held_moved", "held_change_minor"),
    );
    let mut pages = Pages::of(db, &sql);
    while let Some(rows) = pages.next().await? {
        for row in &rows {
            found.see();
            let key: String = row.get("key")?;
            let of = |name: &str| row.get::<i64>(name);
            let (balance, held) = (of("balance_minor")?, of("held_minor")?);
            found.demand(balance >= 0 && held >= 0, || format!("credit {key} has {balance}, and {held} held"));
            let pairs = [
                ("what can be used and its movements", balance, of("balance_moved")?),
                ("what is held and its movements", held, of("held_moved")?),
                ("what is held and what orders hold", held, of("of_orders")?),
                ("what refunds gave back and its movements", of("restored")?, of("given_back")?),
            ];
            for (what, one, other) in pairs {
                found.demand(one == other, || format!("credit {key}: {what} differ: {one}, {other}"));
            }
        }
    }
    owed(db, found).await
}

async fn owed(db: &Db, found: &mut Finding) -> Result<()> {
    // One statement, so that both sides are of one moment.
    let sql = "SELECT s.account, s.currency, CAST(sum(s.left_minor) AS BIGINT) AS off FROM (
            SELECT CASE WHEN kind = 'gift_card' THEN 'gift_cards' ELSE 'store_credit' END AS account, currency,
                balance_minor + held_minor AS left_minor FROM credits
            UNION ALL
            SELECT account, currency, amount_minor AS left_minor FROM postings WHERE account IN ('gift_cards', 'store_credit')
         ) s GROUP BY s.account, s.currency ORDER BY s.account, s.currency";
    for row in &db.all(sql, params![]).await? {
        found.see();
        let (account, currency, off): (String, String, i64) =
            (row.get("account")?, row.get("currency")?, row.get("off")?);
        found.demand(off == 0, || format!("{account} in {currency} is off by {off}"));
    }
    Ok(())
}

/// M16: what an order holds is what its payment is covered by; it is spent if and only if that is captured, and free again once
/// the order has ended otherwise.
pub async fn of_orders(look: &Look<'_>, found: &mut Finding) -> Result<()> {
    let (Some(payments), Some(orders)) = (look.db("payments"), look.db("orders")) else { return Ok(()) };
    let sql = "SELECT h.order_id AS key, max(h.held_at) AS held_at, max(p.covered_minor) AS covered, max(p.captured_minor) AS captured,
            max(p.failure) AS failure,
            CAST(sum(CASE WHEN h.state IN ('held', 'confirmed') THEN h.amount_minor ELSE 0 END) AS BIGINT) AS held,
            CAST(sum(CASE WHEN h.state = 'spent' THEN h.amount_minor ELSE 0 END) AS BIGINT) AS spent
         FROM credit_holds h LEFT JOIN payments p ON p.order_id = h.order_id
         WHERE h.order_id > $1 GROUP BY h.order_id ORDER BY h.order_id LIMIT $2";
    let known = "SELECT id, status, covered_minor FROM orders WHERE id IN ({})";
    let mut pages = Pages::of(payments, sql);
    while let Some(rows) = pages.next().await? {
        let known = rows_in(orders, known, &column(&rows, "key")?).await?;
        let known: BTreeMap<String, &Row> = known.iter().map(|row| Ok((row.get("id")?, row))).collect::<Result<_>>()?;
        for row in &rows {
            found.see();
            let key: String = row.get("key")?;
            ended_once(look, row, known.get(&key).copied(), found)?;
        }
    }
    Ok(())
}

fn ended_once(look: &Look<'_>, row: &Row, order: Option<&Row>, found: &mut Finding) -> Result<()> {
    let (key, held_at): (String, Timestamp) = (row.get("key")?, row.get("held_at")?);
    let (held, spent): (i64, i64) = (row.get("held")?, row.get("spent")?);
    let (covered, captured): (Option<i64>, Option<i64>) = (row.get("covered")?, row.get("captured")?);
    if let (Some(covered), Some(captured)) = (covered, captured) {
        found.demand(spent == 0 || (captured > 0 && spent == covered), || {
            format!("order {key} has spent {spent} of credit; {covered} of its payment is covered, {captured} captured")
        });
        found.demand(held == 0 || captured == 0, || format!("order {key} is captured and still holds {held}"));
    } else {
        found.demand(spent == 0, || format!("order {key} has spent {spent} of credit without a payment"));
    }
    if held_at >= look.settled_before() {
        return Ok(());
    }
    let Some(order) = order else {
        found.demand(held == 0, || format!("{held} of credit is held for {key}, which is no order"));
        return Ok(());
    };
    let (status, said): (String, i64) = (order.get("status")?, order.get("covered_minor")?);
    // What lapsed before its order was heard of covers nothing, and nothing is paid.
    let is_gone = covered == Some(0) && row.get::<Option<String>>("failure")?.as_deref() == Some("credit_gone");
    found.demand(covered == Some(said) || is_gone, || {
        format!("order {key} is covered by {said}, its payment by {covered:?}")
    });
    let is_open = matches!(status.as_str(), "placed" | "awaiting_payment");
    found.demand(held == 0 || is_open || !look.is_quiescent(), || {
        format!("order {key} is {status} and holds {held} of credit")
    });
    Ok(())
}
