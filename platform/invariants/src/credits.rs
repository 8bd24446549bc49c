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

/// What an order has or had of stored value, but for what lapsed before it came to be.
const OF_ORDER: &str =
    "SELECT order_id, CAST(sum(CASE WHEN state = 'lapsed' THEN 0 ELSE amount_minor END) AS BIGINT) AS had
    FROM credit_holds WHERE order_id IN ({}) GROUP BY order_id";

const GONE: &str = "SELECT order_id FROM payments WHERE failure = 'credit_gone' AND order_id IN ({})";

/// M16: what an order holds is what its payment is covered by; it is spent if and only if that is captured, and free again once
/// the order has ended otherwise. And the other way round: what orders and payments are covered by was held for them.
pub async fn of_orders(look: &Look<'_>, found: &mut Finding) -> Result<()> {
    let (Some(payments), Some(orders)) = (look.db("payments"), look.db("orders")) else { return Ok(()) };
    what_is_held_is_wanted(look, payments, orders, found).await?;
    payments_were_held(payments, found).await?;
    orders_were_held(look, payments, orders, found).await
}

async fn what_is_held_is_wanted(look: &Look<'_>, payments: &Db, orders: &Db, found: &mut Finding) -> Result<()> {
    let sum = |states: &str, alias: &str| {
        format!("CAST(sum(CASE WHEN h.state IN ({states}) THEN h.amount_minor ELSE 0 END) AS BIGINT) AS {alias}")
    };
    let sql = format!(
        "SELECT h.order_id AS key, max(h.held_at) AS held_at, max(p.covered_minor) AS covered, max(p.captured_minor) AS captured,
            max(p.order_cancelled) AS called_off, max(p.failure) AS failure, {}, {}, {}
         FROM credit_holds h LEFT JOIN payments p ON p.order_id = h.order_id
         WHERE h.order_id > $1 GROUP BY h.order_id ORDER BY h.order_id LIMIT $2",
        sum("'held', 'confirmed'", "held"),
        sum("'spent'", "spent"),
        sum("'released'", "released"),
    );
    let known = "SELECT o.id, o.status, o.covered_minor,
            (SELECT max(t.at) FROM order_timeline t WHERE t.order_id = o.id) AS moved_at
         FROM orders o WHERE o.id IN ({})";
    let mut pages = Pages::of(payments, &sql);
    while let Some(rows) = pages.next().await? {
        let known = rows_in(orders, known, &column(&rows, "key")?).await?;
        let known: BTreeMap<String, &Row> = known.iter().map(|row| Ok((row.get("id")?, row))).collect::<Result<_>>()?;
        for row in &rows {
            found.see();
            let key: String = row.get("key")?;
            is_spent_with_its_payment(row, &key, found)?;
            if row.get::<Timestamp>("held_at")? < look.settled_before() {
                has_its_order(look, row, &key, known.get(&key).copied(), found)?;
            }
        }
    }
    Ok(())
}

/// Within `payments`, at any time.
fn is_spent_with_its_payment(row: &Row, key: &str, found: &mut Finding) -> Result<()> {
    let (held, spent, released): (i64, i64, i64) = (row.get("held")?, row.get("spent")?, row.get("released")?);
    let (Some(covered), Some(captured)): (Option<i64>, Option<i64>) = (row.get("covered")?, row.get("captured")?)
    else {
        found.demand(spent == 0, || format!("order {key} has spent {spent} of credit without a payment"));
        found.demand(released == 0, || format!("{released} of credit were released for {key}, which has no payment"));
        return Ok(());
    };
    if captured == 0 {
        found.demand(spent == 0, || format!("order {key} has spent {spent} of credit and is not captured"));
        return Ok(());
    }
    found.demand(held == 0, || format!("order {key} is captured and still holds {held}"));
    // Money that came after the order was called off finds it released: then the platform has stood in.
    let stood_in = spent == 0 && released == covered && row.get::<Option<i64>>("called_off")? == Some(1);
    found.demand(spent == covered || stood_in, || {
        format!("order {key} is captured and covered by {covered}; {spent} of credit is spent, {released} released")
    });
    Ok(())
}

/// Against `orders`, once both have heard of each other.
fn has_its_order(look: &Look<'_>, row: &Row, key: &str, order: Option<&Row>, found: &mut Finding) -> Result<()> {
    let held: i64 = row.get("held")?;
    let Some(order) = order else {
        found.demand(held == 0, || format!("{held} of credit is held for {key}, which is no order"));
        return Ok(());
    };
    let (covered, said): (Option<i64>, i64) = (row.get("covered")?, order.get("covered_minor")?);
    // What lapsed before its order was heard of covers nothing, and nothing is paid.
    let is_gone = covered == Some(0) && row.get::<Option<String>>("failure")?.as_deref() == Some("credit_gone");
    found.demand(covered == Some(said) || is_gone, || {
        format!("order {key} is covered by {said}, its payment by {covered:?}")
    });
    let status: String = order.get("status")?;
    let may_want_it = matches!(status.as_str(), "placed" | "awaiting_payment")
        || order.get::<Option<Timestamp>>("moved_at")?.is_some_and(|at| at >= look.settled_before());
    found.demand(held == 0 || may_want_it, || format!("order {key} is {status} and holds {held} of credit"));
    Ok(())
}

/// What a payment is covered by is held, spent or released: it was confirmed when the payment was made, and lapses no more.
async fn payments_were_held(payments: &Db, found: &mut Finding) -> Result<()> {
    let sql = "SELECT p.order_id AS key, p.covered_minor,
            (SELECT CAST(COALESCE(sum(h.amount_minor), 0) AS BIGINT) FROM credit_holds h
             WHERE h.order_id = p.order_id AND h.state IN ('confirmed', 'spent', 'released')) AS had
         FROM payments p WHERE p.covered_minor > 0 AND p.order_id > $1 ORDER BY p.order_id LIMIT $2";
    let mut pages = Pages::of(payments, sql);
    while let Some(rows) = pages.next().await? {
        for row in &rows {
            found.see();
            let (key, covered, had): (String, i64, i64) = (row.get("key")?, row.get("covered_minor")?, row.get("had")?);
            found.demand(covered == had, || {
                format!("the payment of order {key} is covered by {covered}, {had} was held for it")
            });
        }
    }
    Ok(())
}

/// What an order says that it is covered by was held before it was placed.
async fn orders_were_held(look: &Look<'_>, payments: &Db, orders: &Db, found: &mut Finding) -> Result<()> {
    let sql = "SELECT id AS key, covered_minor, placed_at FROM orders WHERE covered_minor > 0 AND id > $1
         ORDER BY id LIMIT $2";
    let mut pages = Pages::of(orders, sql);
    while let Some(rows) = pages.next().await? {
        let ids = column(&rows, "key")?;
        let had = rows_in(payments, OF_ORDER, &ids).await?;
        let had: BTreeMap<String, i64> =
            had.iter().map(|row| Ok((row.get("order_id")?, row.get("had")?))).collect::<Result<_>>()?;
        let gone = column(&rows_in(payments, GONE, &ids).await?, "order_id")?;
        for row in &rows {
            let (key, covered): (String, i64) = (row.get("key")?, row.get("covered_minor")?);
            if row.get::<Timestamp>("placed_at")? >= look.settled_before() {
                continue;
            }
            found.see();
            let had = had.get(&key).copied().unwrap_or(0);
            found.demand(covered == had || gone.contains(&key), || {
                format!("order {key} is covered by {covered}, {had} was held for it")
            });
        }
    }
    Ok(())
}
