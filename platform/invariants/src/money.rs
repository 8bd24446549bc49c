//! M1 to M4, M7, M8: within `payments`, and against `orders`.

use std::collections::BTreeMap;

use db::Row;
use kernel::Result;

use crate::{
    Finding, Look,
    page::{Pages, column, rows_in},
};

/// M1: the postings of each entry add up to zero in each currency, and there are some.
pub async fn balanced_ledger(look: &Look<'_>, found: &mut Finding) -> Result<()> {
    let Some(db) = look.db("payments") else { return Ok(()) };
    let sql = "SELECT e.id AS key, p.currency, CAST(COALESCE(sum(p.amount_minor), 0) AS BIGINT) AS off, count(p.entry_id) AS postings
               FROM (SELECT id FROM journal_entries WHERE id > $1 ORDER BY id LIMIT $2) e
               LEFT JOIN postings p ON p.entry_id = e.id GROUP BY e.id, p.currency ORDER BY e.id, p.currency";
    let mut pages = Pages::of(db, sql);
    while let Some(rows) = pages.next().await? {
        for row in &rows {
            found.see();
            let (key, off): (String, i64) = (row.get("key")?, row.get("off")?);
            let currency: String = row.get::<Option<String>>("currency")?.unwrap_or_default();
            found.demand(row.get::<i64>("postings")? > 0, || format!("entry {key} has no postings"));
            found.demand(off == 0, || format!("entry {key} is off by {off} {currency}"));
        }
    }
    Ok(())
}

/// M2: what is captured is booked exactly once, what has gone back and what the provider has kept too, and all are of the
/// order's total.
pub async fn one_charge(look: &Look<'_>, found: &mut Finding) -> Result<()> {
    let Some(db) = look.db("payments") else { return Ok(()) };
    let sql = "SELECT p.id AS key, p.order_id, p.currency, p.status, p.amount_minor, p.captured_minor, p.settled_minor, p.covered_minor,
            (SELECT CAST(COALESCE(sum(x.total_minor + x.subsidy_minor), 0) AS BIGINT) FROM payment_parts x
             WHERE x.payment_id = p.id) AS sold,
            COALESCE(p.provider_fee_minor, 0) AS fee,
            (SELECT CAST(COALESCE(sum(o.amount_minor), 0) AS BIGINT) FROM journal_entries e JOIN postings o ON o.entry_id = e.id
             WHERE e.order_id = p.order_id AND e.kind = 'provider_fee' AND o.account = 'provider_fees') AS kept,
            (SELECT CAST(COALESCE(sum(r.credit_minor), 0) AS BIGINT) FROM refunds r
             WHERE r.payment_id = p.id AND r.status = 'succeeded') AS restored,
            (SELECT count(*) FROM journal_entries e WHERE e.order_id = p.order_id AND e.kind = 'capture') AS captures,
            (SELECT CAST(COALESCE(sum(o.amount_minor), 0) AS BIGINT) FROM journal_entries e JOIN postings o ON o.entry_id = e.id
             WHERE e.order_id = p.order_id AND e.kind = 'capture' AND o.account LIKE 'provider:%') AS booked,
            (SELECT CAST(COALESCE(sum(o.amount_minor), 0) AS BIGINT) FROM journal_entries e JOIN postings o ON o.entry_id = e.id
             WHERE e.order_id = p.order_id AND e.kind = 'refund' AND o.account LIKE 'provider:%') AS returned
         FROM payments p WHERE p.id > $1 ORDER BY p.id LIMIT $2";
    let mut pages = Pages::of(db, sql);
    while let Some(rows) = pages.next().await? {
        for row in &rows {
            found.see();
            charged_once(row, found)?;
        }
        if let Some(orders) = look.db("orders") {
            let ids = column(&rows, "order_id")?;
            let totals = rows_in(orders, "SELECT id, total_minor, currency FROM orders WHERE id IN ({})", &ids).await?;
            let totals: BTreeMap<String, (i64, String)> = totals
                .iter()
                .map(|row| Ok((row.get("id")?, (row.get("total_minor")?, row.get("currency")?))))
                .collect::<Result<_>>()?;
            for row in &rows {
                let order: String = row.get("order_id")?;
                let ours = (row.get("amount_minor")?, row.get("currency")?);
                found.demand(totals.get(&order) == Some(&ours), || {
                    format!("the payment of order {order} is over {ours:?}, the order over {:?}", totals.get(&order))
                });
            }
        }
    }
    Ok(())
}

fn charged_once(row: &Row, found: &mut Finding) -> Result<()> {
    let key: String = row.get("key")?;
    let (captured, settled): (i64, i64) = (row.get("captured_minor")?, row.get("settled_minor")?);
    let (captures, booked, returned): (i64, i64, i64) =
        (row.get("captures")?, row.get("booked")?, row.get("returned")?);
    // What costs nothing, and brings its vendors nothing, is captured without being booked.
    let is_captured = matches!(row.get::<String>("status")?.as_str(), "captured" | "refunded");
    let is_booked = is_captured && row.get::<i64>("sold")? > 0;
    found.demand(captures == i64::from(is_booked), || format!("payment {key} is booked {captures} times"));
    // What stored value has paid is no provider's.
    let charged = if captured > 0 { captured - row.get::<i64>("covered_minor")? } else { 0 };
    let sent_back = settled - row.get::<i64>("restored")?;
    found.demand(booked == charged, || format!("payment {key}: charged {charged}, booked {booked}"));
    found.demand(-returned == sent_back, || format!("payment {key}: returned {sent_back}, booked {}", -returned));
    let (fee, kept): (i64, i64) = (row.get("fee")?, row.get("kept")?);
    found.demand(fee == kept, || format!("payment {key}: the provider has kept {fee}, booked {kept}"));
    let amount: i64 = row.get("amount_minor")?;
    found.demand(captured - settled <= amount, || format!("payment {key}: {captured} captured of {amount}"));
    Ok(())
}

/// M3: refunds, those on their way included, never exceed what was captured; the counters are their sums.
pub async fn refunds_within_captures(look: &Look<'_>, found: &mut Finding) -> Result<()> {
    let Some(db) = look.db("payments") else { return Ok(()) };
    let sql = "SELECT p.id AS key, p.amount_minor, p.captured_minor, p.refunded_minor, p.settled_minor,
            (SELECT CAST(COALESCE(sum(r.amount_minor), 0) AS BIGINT) FROM refunds r
             WHERE r.payment_id = p.id AND r.status IN ('pending', 'succeeded')) AS promised,
            (SELECT CAST(COALESCE(sum(r.amount_minor), 0) AS BIGINT) FROM refunds r
             WHERE r.payment_id = p.id AND r.status = 'succeeded') AS arrived
         FROM payments p WHERE p.id > $1 ORDER BY p.id LIMIT $2";
    let mut pages = Pages::of(db, sql);
    while let Some(rows) = pages.next().await? {
        for row in &rows {
            found.see();
            let key: String = row.get("key")?;
            let (amount, captured): (i64, i64) = (row.get("amount_minor")?, row.get("captured_minor")?);
            let (refunded, settled): (i64, i64) = (row.get("refunded_minor")?, row.get("settled_minor")?);
            let (promised, arrived): (i64, i64) = (row.get("promised")?, row.get("arrived")?);
            found.demand(captured <= amount, || format!("payment {key}: {captured} captured of {amount}"));
            found.demand(promised <= captured, || format!("payment {key}: {promised} refunded of {captured}"));
            found.demand(promised == refunded, || format!("payment {key}: refunds {promised}, counted {refunded}"));
            found.demand(arrived == settled, || format!("payment {key}: arrived {arrived}, counted {settled}"));
        }
    }
    Ok(())
}

/// M4 within Souk: an order that is (or was) paid has a captured payment of its amount and currency.
pub async fn paid_is_captured(look: &Look<'_>, found: &mut Finding) -> Result<()> {
    let (Some(orders), Some(payments)) = (look.db("orders"), look.db("payments")) else { return Ok(()) };
    let sql = "SELECT id AS key, total_minor, currency FROM orders
               WHERE id > $1 AND (paid_at IS NOT NULL OR status IN ('paid', 'completed')) ORDER BY id LIMIT $2";
    let captured = "SELECT order_id, captured_minor, currency, provider_ref FROM payments
                    WHERE status IN ('captured', 'refunded') AND order_id IN ({})";
    let mut pages = Pages::of(orders, sql);
    while let Some(rows) = pages.next().await? {
        let known = rows_in(payments, captured, &column(&rows, "key")?).await?;
        let known: BTreeMap<String, &Row> =
            known.iter().map(|row| Ok((row.get("order_id")?, row))).collect::<Result<_>>()?;
        for row in &rows {
            found.see();
            let (key, total, currency): (String, i64, String) =
                (row.get("key")?, row.get("total_minor")?, row.get("currency")?);
            let Some(payment) = known.get(&key) else {
                found.demand(false, || format!("order {key} is paid, and nothing was captured"));
                continue;
            };
            let seen: (i64, String) = (payment.get("captured_minor")?, payment.get("currency")?);
            found.demand(seen == (total, currency), || format!("order {key} of {total} is paid with {seen:?}"));
            let has_ref = payment.get::<Option<String>>("provider_ref")?.is_some();
            found.demand(has_ref, || format!("order {key} is paid by a payment no provider knows"));
        }
    }
    Ok(())
}

/// M7: what was captured is shared out completely, and what has gone back is taken back the same way.
pub async fn vendor_split(look: &Look<'_>, found: &mut Finding) -> Result<()> {
    let Some(db) = look.db("payments") else { return Ok(()) };
    let posted = |alias: &str, condition: &str| {
        format!(
            "(SELECT CAST(COALESCE(sum(o.amount_minor), 0) AS BIGINT) FROM journal_entries e JOIN postings o ON o.entry_id = e.id
              WHERE e.order_id = p.order_id AND e.label_id IS NULL AND {condition}) AS {alias}"
        )
    };
    let parts = |alias: &str, column: &str| {
        format!(
            "(SELECT CAST(COALESCE(sum(x.{column}), 0) AS BIGINT) FROM payment_parts x WHERE x.payment_id = p.id) AS {alias}"
        )
    };
    let columns = [
        parts("part_total", "total_minor"),
        parts("part_commission", "commission_minor + x.subsidy_commission_minor"),
        parts("part_subsidy", "subsidy_minor"),
        parts("part_refunded", "refunded_minor"),
        parts("part_settled", "settled_minor"),
        posted("sale", "e.kind = 'capture' AND o.account LIKE 'vendor_payable:%' AND o.kind IN ('sale', 'shipping')"),
        posted("earned", "e.kind = 'capture' AND o.account = 'commission'"),
        posted("added", "e.kind = 'capture' AND o.account LIKE 'vendor_payable:%' AND o.kind = 'promotion'"),
        posted("spent", "e.kind = 'capture' AND o.account = 'promotions'"),
        posted("taken_back", "e.kind = 'refund' AND o.account LIKE 'vendor_payable:%' AND o.kind = 'refund'"),
        posted(
            "vendors_left",
            "o.account LIKE 'vendor_payable:%' AND o.kind NOT IN ('direct', 'direct_refund', 'direct_loss')",
        ),
        posted("direct", "o.account LIKE 'vendor_payable:%' AND o.kind IN ('direct', 'direct_refund', 'direct_loss')"),
        parts("part_direct", "direct_minor"),
        posted("commission_left", "o.account = 'commission'"),
        posted("promotions_left", "o.account = 'promotions'"),
    ];
    let sql = format!(
        "SELECT p.id AS key, p.status, p.captured_minor, p.refunded_minor, p.settled_minor, p.lost_minor, {}
         FROM payments p WHERE p.id > $1 AND p.status IN ('captured', 'refunded') ORDER BY p.id LIMIT $2",
        columns.join(", ")
    );
    let mut pages = Pages::of(db, &sql);
    while let Some(rows) = pages.next().await? {
        for row in &rows {
            found.see();
            let (key, of): (String, _) = (row.get("key")?, |name: &str| row.get::<i64>(name));
            let pairs = [
                ("parts and payment", of("part_total")?, of("captured_minor")?),
                ("sales and parts", -of("sale")?, of("part_total")?),
                ("commission and parts", -of("earned")?, of("part_commission")?),
                ("promotions and parts", -of("added")?, of("part_subsidy")?),
                ("promotions and their cost", of("spent")?, of("part_subsidy")?),
                ("refunded parts and payment", of("part_refunded")?, of("refunded_minor")?),
                ("settled parts and payment", of("part_settled")?, of("settled_minor")?),
                ("vendors' refunds and payment", of("taken_back")?, of("settled_minor")?),
                ("what vendors got themselves and its parts", of("direct")?, of("part_direct")?),
            ];
            for (what, one, other) in pairs {
                found.demand(one == other, || format!("payment {key}: {what} differ: {one}, {other}"));
            }
            let (vendors, commission) = (of("vendors_left")?, of("commission_left")?);
            let promotions = of("promotions_left")?;
            // Of what cost nothing, no money says so.
            let all_back = of("settled_minor")? + of("lost_minor")? == of("captured_minor")?
                && (of("captured_minor")? > 0 || row.get::<String>("status")? == "refunded");
            found.demand(!all_back || (vendors, commission, promotions) == (0, 0, 0), || {
                let (vendors, commission) = (-vendors, -commission);
                format!("payment {key} is returned; vendors keep {vendors}, the platform {commission}, promotions {promotions}")
            });
        }
    }
    Ok(())
}

/// M8: postings are in the currency of their payment, payout or credit; M17 looks at those of labels, M14 at those of invoices.
pub async fn one_currency(look: &Look<'_>, found: &mut Finding) -> Result<()> {
    let Some(db) = look.db("payments") else { return Ok(()) };
    let sql = "SELECT e.id AS key, COALESCE(p.currency, t.currency, c.currency) AS agreed, o.currency AS posted
               FROM (SELECT id, payment_id, payout_id, credit_id FROM journal_entries
                     WHERE id > $1 AND label_id IS NULL AND invoice_year IS NULL ORDER BY id LIMIT $2) e
               LEFT JOIN payments p ON p.id = e.payment_id LEFT JOIN payouts t ON t.id = e.payout_id
               LEFT JOIN credits c ON c.id = e.credit_id
               LEFT JOIN postings o ON o.entry_id = e.id
               GROUP BY e.id, p.currency, t.currency, c.currency, o.currency ORDER BY e.id, o.currency";
    let mut pages = Pages::of(db, sql);
    while let Some(rows) = pages.next().await? {
        for row in &rows {
            found.see();
            let (key, agreed, posted): (String, Option<String>, Option<String>) =
                (row.get("key")?, row.get("agreed")?, row.get("posted")?);
            let known = agreed.as_deref().is_some_and(|code| kernel::Currency::parse(code).is_ok());
            found.demand(known && (posted.is_none() || agreed == posted), || {
                format!("entry {key} is in {posted:?}, its payment in {agreed:?}")
            });
        }
    }
    Ok(())
}
