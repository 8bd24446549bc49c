//! M13: what buyers dispute, within `payments`.

use db::Row;
use kernel::Result;

use crate::{Finding, Look, page::Pages};

/// M13: each dispute is booked as it stands. As long as it is open its vendors' shares are held and what was withdrawn is
/// with the provider; won, nothing is left of it; lost, the vendors and the platform bear exactly the whole. Payments count
/// what their disputes bind, and that with the refunds never exceeds what was captured.
pub async fn booked(look: &Look<'_>, found: &mut Finding) -> Result<()> {
    disputes(look, found).await?;
    counters(look, found).await
}

async fn disputes(look: &Look<'_>, found: &mut Finding) -> Result<()> {
    let Some(db) = look.db("payments") else { return Ok(()) };
    let posted = |alias: &str, condition: &str| {
        format!(
            "(SELECT CAST(COALESCE(sum(o.amount_minor), 0) AS BIGINT) FROM journal_entries e JOIN postings o ON o.entry_id = e.id
              WHERE e.dispute_id = d.id AND {condition}) AS {alias}"
        )
    };
    let parts = |alias: &str, column: &str| {
        format!(
            "(SELECT CAST(COALESCE(sum(x.{column}), 0) AS BIGINT) FROM dispute_parts x WHERE x.dispute_id = d.id) AS {alias}"
        )
    };
    let columns = [
        parts("shares", "amount_minor"),
        parts("to_hold", "held_minor"),
        posted("held", "o.account LIKE 'vendor_held:%'"),
        posted("taken", "o.account LIKE 'vendor_payable:%' AND o.kind IN ('dispute_hold', 'dispute_release')"),
        posted("disputed", "o.account LIKE 'disputed:%'"),
        posted("provider", "o.account LIKE 'provider:%' AND o.kind <> 'dispute_fee'"),
        posted("borne", "o.account LIKE 'vendor_payable:%' AND o.kind = 'dispute_loss'"),
        posted("losses", "o.account = 'dispute_losses'"),
        posted("fees", "o.account = 'fees'"),
    ];
    let sql = format!(
        "SELECT d.id AS key, d.status, d.amount_minor, d.bound_minor, d.withdrawn, d.fee_minor, {}
         FROM disputes d WHERE d.id > $1 ORDER BY d.id LIMIT $2",
        columns.join(", ")
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
    let of = |name: &str| row.get::<i64>(name);
    let (amount, bound, to_hold) = (of("amount_minor")?, of("bound_minor")?, of("to_hold")?);
    let withdrawn = if of("withdrawn")? == 1 { amount } else { 0 };
    // Held, disputed at the provider, taken by the provider, borne by vendors, lost by the platform.
    let wanted = match status.as_str() {
        "won" => [0, 0, 0, 0, 0],
        "lost" => [0, 0, -amount, bound, amount - bound],
        _ => [to_hold, withdrawn, -withdrawn, 0, 0],
    };
    let booked = [-of("held")?, of("disputed")?, of("provider")?, of("borne")?, of("losses")?];
    found.demand(booked == wanted, || {
        format!("dispute {key} of {amount} is {status}; booked are {booked:?} instead of {wanted:?}")
    });
    let pairs = [
        ("shares and what is bound", of("shares")?, bound),
        ("what is held and what was taken for it", of("taken")?, -of("held")?),
        ("fee and its postings", of("fees")?, of("fee_minor")?),
    ];
    for (what, one, other) in pairs {
        found.demand(one == other, || format!("dispute {key}: {what} differ: {one}, {other}"));
    }
    Ok(())
}

async fn counters(look: &Look<'_>, found: &mut Finding) -> Result<()> {
    let Some(db) = look.db("payments") else { return Ok(()) };
    let sum = |alias: &str, condition: &str| {
        format!(
            "(SELECT CAST(COALESCE(sum(d.bound_minor), 0) AS BIGINT) FROM disputes d
              WHERE d.payment_id = p.id AND {condition}) AS {alias}"
        )
    };
    let parts = |alias: &str, column: &str| {
        format!(
            "(SELECT CAST(COALESCE(sum(x.{column}), 0) AS BIGINT) FROM payment_parts x WHERE x.payment_id = p.id) AS {alias}"
        )
    };
    let sql = format!(
        "SELECT p.id AS key, p.captured_minor, p.refunded_minor, p.disputed_minor, p.lost_minor, {}, {}, {}, {}
         FROM payments p WHERE p.id > $1 AND (p.disputed_minor > 0 OR EXISTS (SELECT 1 FROM disputes d WHERE d.payment_id = p.id))
         ORDER BY p.id LIMIT $2",
        sum("binding", "d.status <> 'won'"),
        sum("lost", "d.status = 'lost'"),
        parts("parts_disputed", "disputed_minor"),
        parts("parts_lost", "lost_minor"),
    );
    let mut pages = Pages::of(db, &sql);
    while let Some(rows) = pages.next().await? {
        for row in &rows {
            found.see();
            let key: String = row.get("key")?;
            let of = |name: &str| row.get::<i64>(name);
            let (disputed, lost, captured) = (of("disputed_minor")?, of("lost_minor")?, of("captured_minor")?);
            let gone = of("refunded_minor")? + disputed;
            found.demand(gone <= captured, || format!("payment {key}: {gone} returned and disputed of {captured}"));
            let pairs = [
                ("disputes and payment", of("binding")?, disputed),
                ("disputed parts and payment", of("parts_disputed")?, disputed),
                ("lost disputes and payment", of("lost")?, lost),
                ("lost parts and payment", of("parts_lost")?, lost),
            ];
            for (what, one, other) in pairs {
                found.demand(one == other, || format!("payment {key}: {what} differ: {one}, {other}"));
            }
        }
    }
    Ok(())
}
