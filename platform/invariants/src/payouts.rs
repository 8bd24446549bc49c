//! M10 to M12: what vendors are paid, within `payments`.

use db::{Row, Value};
use kernel::Result;

use crate::{Finding, Look, page::Pages};

/// Clocks of several machines may differ by this much.
const SKEW_MICROS: i64 = 60_000_000;

/// M10: each payout is booked with its amount in its currency, once per attempt: out of the vendor's account as long as it
/// has not failed, in transit as long as it is under way, paid out once it is paid, less what was taken back of it; and that is
/// the sum of its reversals that are done, each with its entry.
pub async fn booked(look: &Look<'_>, found: &mut Finding) -> Result<()> {
    let Some(db) = look.db("payments") else { return Ok(()) };
    let posted = |account: &str, alias: &str| {
        format!(
            "(SELECT CAST(COALESCE(sum(o.amount_minor), 0) AS BIGINT) FROM journal_entries e JOIN postings o ON o.entry_id = e.id
              WHERE e.payout_id = p.id AND o.currency = p.currency AND o.account = {account}) AS {alias}"
        )
    };
    let sql = format!(
        "SELECT p.id AS key, p.status, p.amount_minor, p.attempt, p.reversed_minor, {}, {}, {},
            (SELECT CAST(COALESCE(sum(r.amount_minor), 0) AS BIGINT) FROM transfer_reversals r
             WHERE r.payout_id = p.id AND r.status = 'done') AS came_back,
            (SELECT count(*) FROM transfer_reversals r WHERE r.payout_id = p.id AND r.status = 'done') AS reversals_done,
            (SELECT count(*) FROM journal_entries e WHERE e.payout_id = p.id AND e.kind = 'payout_reversed') AS reversals_booked,
            (SELECT count(*) FROM journal_entries e WHERE e.payout_id = p.id AND e.kind = 'payout') AS made,
            (SELECT count(*) FROM journal_entries e JOIN postings o ON o.entry_id = e.id
             WHERE e.payout_id = p.id AND o.currency <> p.currency) AS foreign_postings
         FROM payouts p WHERE p.id > $1 ORDER BY p.id LIMIT $2",
        posted("'vendor_payable:' || p.vendor_id", "taken"),
        posted("'payouts_in_transit'", "in_transit"),
        posted("'paid_out'", "paid"),
    );
    let mut pages = Pages::of(db, &sql);
    while let Some(rows) = pages.next().await? {
        for row in &rows {
            found.see();
            is_booked(row, found)?;
        }
    }
    Ok(())
}

fn is_booked(row: &Row, found: &mut Finding) -> Result<()> {
    let (key, status): (String, String) = (row.get("key")?, row.get("status")?);
    let (amount, attempt): (i64, i64) = (row.get("amount_minor")?, row.get("attempt")?);
    let (taken, in_transit, paid): (i64, i64, i64) = (row.get("taken")?, row.get("in_transit")?, row.get("paid")?);
    let reversed: i64 = row.get("reversed_minor")?;
    let wanted = match status.as_str() {
        "created" | "sent" => (amount, -amount, 0),
        "paid" => (amount - reversed, 0, reversed - amount),
        _ => (0, 0, 0),
    };
    found.demand((taken, in_transit, paid) == wanted, || {
        format!(
            "payout {key} of {amount} is {status}, {reversed} came back; booked are {taken}, {in_transit} in transit, \
             {paid} paid out"
        )
    });
    let came_back: i64 = row.get("came_back")?;
    let (done, booked): (i64, i64) = (row.get("reversals_done")?, row.get("reversals_booked")?);
    found.demand(came_back == reversed && done == booked, || {
        format!("of payout {key} {reversed} came back, by {done} reversals of {came_back}, and {booked} are booked")
    });
    let made: i64 = row.get("made")?;
    found.demand(made == attempt, || format!("payout {key} was tried {attempt} times and booked {made} times"));
    let others: i64 = row.get("foreign_postings")?;
    found.demand(others == 0, || format!("payout {key} has postings in another currency"));
    Ok(())
}

/// M11: one payout per vendor, currency and period, never of more than was available, and never more of it taken back, or asked
/// for, than it was; and nobody has less than nothing available, except by refunds, disputes and labels that came after the last
/// payout. What clocks leave open speaks for the vendor: what was taken may have come after the payout, what was given back
/// before it.
pub async fn once_and_covered(look: &Look<'_>, found: &mut Finding) -> Result<()> {
    let Some(db) = look.db("payments") else { return Ok(()) };
    let sql = "SELECT p.id AS key, p.amount_minor, p.available_minor,
            (SELECT count(*) FROM payouts o WHERE o.vendor_id = p.vendor_id AND o.currency = p.currency AND o.period = p.period)
                AS of_period,
            (SELECT CAST(COALESCE(sum(r.amount_minor), 0) AS BIGINT) FROM transfer_reversals r
             WHERE r.payout_id = p.id AND r.status IN ('created', 'sent', 'done')) AS taken_back
         FROM payouts p WHERE p.id > $1 ORDER BY p.id LIMIT $2";
    let mut pages = Pages::of(db, sql);
    while let Some(rows) = pages.next().await? {
        for row in &rows {
            found.see();
            let (key, amount): (String, i64) = (row.get("key")?, row.get("amount_minor")?);
            let (available, of_period): (i64, i64) = (row.get("available_minor")?, row.get("of_period")?);
            found.demand(of_period == 1, || format!("payout {key} is one of {of_period} of its vendor and period"));
            let taken_back: i64 = row.get("taken_back")?;
            found.demand(taken_back <= amount, || format!("of payout {key} of {amount} {taken_back} is taken back"));
            found.demand(amount <= available, || format!("payout {key} of {amount}, and {available} was available"));
        }
    }
    let sql = "SELECT v.vendor_id AS key, v.currency AS key2,
            (SELECT CAST(COALESCE(-sum(o.amount_minor), 0) AS BIGINT) FROM postings o JOIN journal_entries e ON e.id = o.entry_id
                LEFT JOIN payment_parts t ON t.payment_id = e.payment_id AND t.vendor_id = v.vendor_id
             WHERE o.account = 'vendor_payable:' || v.vendor_id AND o.currency = v.currency
               AND (e.payout_id IS NOT NULL OR e.label_id IS NOT NULL OR t.matures_at <= $4)) AS available,
            (SELECT CAST(COALESCE(sum(o.amount_minor), 0) AS BIGINT) FROM postings o JOIN journal_entries e ON e.id = o.entry_id
                LEFT JOIN payment_parts t ON t.payment_id = e.payment_id AND t.vendor_id = v.vendor_id
             WHERE o.account = 'vendor_payable:' || v.vendor_id AND o.currency = v.currency
               AND (e.label_id IS NOT NULL
                    OR e.kind IN ('refund', 'dispute_held', 'dispute_won', 'dispute_lost') AND t.matures_at <= $4)
               AND o.at >= CASE WHEN e.kind IN ('dispute_won', 'label_refund') THEN v.last_at + $5 ELSE v.last_at - $5 END)
                AS returned_since
         FROM (SELECT vendor_id, currency, max(tried_at) AS last_at FROM payouts WHERE (vendor_id, currency) > ($1, $2)
               GROUP BY vendor_id, currency ORDER BY vendor_id, currency LIMIT $3) v ORDER BY v.vendor_id, v.currency";
    let more = vec![Value::Int(look.now.micros()), Value::Int(SKEW_MICROS)];
    let mut pages = Pages::by(2, db, sql, more);
    while let Some(rows) = pages.next().await? {
        for row in &rows {
            found.see();
            let (vendor, currency): (String, String) = (row.get("key")?, row.get("key2")?);
            let (available, since): (i64, i64) = (row.get("available")?, row.get("returned_since")?);
            found.demand(available >= 0 || -available <= since, || {
                format!("vendor {vendor} has {available} {currency} available; what came since its last payout explains {since}")
            });
        }
    }
    Ok(())
}

/// M12: what a vendor is owed, but for its labels (M17), is what its orders have left, less what is held for disputes or in
/// reserve, what was paid out and not taken back, and what it got from providers itself: the ledger, which statements are made
/// of, against the parts of payments and the payouts, reckoned anew.
pub async fn owed_is_what_is_left(look: &Look<'_>, found: &mut Finding) -> Result<()> {
    let Some(db) = look.db("payments") else { return Ok(()) };
    // Commission and subsidy go back in proportion, rounded on what has gone back (or was lost) so far; a part for which the
    // buyer paid nothing goes back with the last of the payment; of a payment of nothing, once it is undone.
    let left = |column: &str| {
        format!(
            "({column}) - CASE WHEN t.total_minor > 0
                THEN (2 * ({column}) * (t.settled_minor + t.lost_minor) + t.total_minor) / (2 * t.total_minor)
                WHEN t.undone = 1 OR (y.captured_minor > 0 AND y.settled_minor + y.lost_minor = y.captured_minor)
                THEN ({column}) ELSE 0 END"
        )
    };
    let sql = format!(
        "SELECT a.account AS key, a.currency AS key2, a.owed,
            (SELECT CAST(COALESCE(sum(t.total_minor - t.settled_minor - t.lost_minor + {} - ({})), 0) AS BIGINT)
             FROM payment_parts t JOIN payments y ON y.id = t.payment_id
             WHERE t.vendor_id = substr(a.account, 16) AND y.currency = a.currency AND y.status IN ('captured', 'refunded')) AS sold,
            (SELECT CAST(COALESCE(sum(h.held_minor), 0) AS BIGINT) FROM dispute_parts h JOIN disputes d ON d.id = h.dispute_id
             WHERE h.vendor_id = substr(a.account, 16) AND d.currency = a.currency AND d.ended_at IS NULL) AS held,
            (SELECT CAST(COALESCE(sum(r.left_minor), 0) AS BIGINT) FROM reserves r
             WHERE r.vendor_id = substr(a.account, 16) AND r.currency = a.currency) AS reserved,
            (SELECT CAST(COALESCE(-sum(o.amount_minor), 0) AS BIGINT) FROM postings o
             WHERE o.account = 'vendor_reserve:' || substr(a.account, 16) AND o.currency = a.currency) AS in_reserve,
            (SELECT CAST(COALESCE(sum(p.amount_minor - p.reversed_minor), 0) AS BIGINT) FROM payouts p
             WHERE p.vendor_id = substr(a.account, 16) AND p.currency = a.currency AND p.status <> 'failed') AS paid,
            (SELECT CAST(COALESCE(sum(t.direct_minor), 0) AS BIGINT) FROM payment_parts t JOIN payments y ON y.id = t.payment_id
             WHERE t.vendor_id = substr(a.account, 16) AND y.currency = a.currency) AS direct
         FROM (SELECT account, currency,
                   CAST(-sum(CASE WHEN kind IN ('label', 'label_refund') THEN 0 ELSE amount_minor END) AS BIGINT) AS owed
               FROM postings WHERE account LIKE 'vendor_payable:%' AND (account, currency) > ($1, $2)
               GROUP BY account, currency ORDER BY account, currency LIMIT $3) a ORDER BY a.account, a.currency",
        left("t.subsidy_minor"),
        left("t.commission_minor + t.subsidy_commission_minor"),
    );
    let mut pages = Pages::by(2, db, &sql, Vec::new());
    while let Some(rows) = pages.next().await? {
        for row in &rows {
            found.see();
            let (account, currency): (String, String) = (row.get("key")?, row.get("key2")?);
            let (owed, sold, paid): (i64, i64, i64) = (row.get("owed")?, row.get("sold")?, row.get("paid")?);
            let (held, reserved, booked): (i64, i64, i64) =
                (row.get("held")?, row.get("reserved")?, row.get("in_reserve")?);
            let direct: i64 = row.get("direct")?;
            found.demand(owed == sold - held - reserved - paid - direct, || {
                format!(
                    "{account} holds {owed} {currency}; its orders have left {sold}, disputes hold {held}, \
                     reserves {reserved}, payouts took {paid}, it got {direct} itself"
                )
            });
            found.demand(reserved == booked, || {
                format!("{account}: reserves hold {reserved} {currency}, and {booked} is booked on theirs")
            });
        }
    }
    Ok(())
}
