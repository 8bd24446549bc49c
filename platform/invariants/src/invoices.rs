//! M14: what vendors are invoiced, within `payments`.

use db::Row;
use kernel::Result;

use crate::{Finding, Look, page::Pages};

/// Kinds of postings of commission on a vendor's account, and the columns in which invoices have their sums.
const KINDS: [(&str, &str); 3] =
    [("commission", "earned"), ("commission_refund", "refunded"), ("dispute_commission", "disputed")];

/// M14: each invoice is what the ledger has posted of commission for its vendor, currency and month, and its tax is in the ledger
/// if it was booked; what was posted in months that are over is invoiced whole; and the numbers of each year count from 1 without gaps.
pub async fn as_posted(look: &Look<'_>, found: &mut Finding) -> Result<()> {
    each_is_posted(look, found).await?;
    all_is_invoiced(look, found).await?;
    numbers_have_no_gaps(look, found).await
}

async fn each_is_posted(look: &Look<'_>, found: &mut Finding) -> Result<()> {
    let Some(db) = look.db("payments") else { return Ok(()) };
    let posted = KINDS.map(|(kind, name)| {
        format!(
            "(SELECT CAST(COALESCE(sum(o.amount_minor), 0) AS BIGINT) FROM postings o
              WHERE o.account = 'vendor_payable:' || i.vendor_id AND o.currency = i.currency AND o.kind = '{kind}'
                AND o.at >= i.from_at AND o.at < i.until_at) AS {name}"
        )
    });
    let sql = format!(
        "SELECT i.vendor_id AS key, i.currency AS key2, i.period AS key3, i.year, i.number, i.total_minor,
            i.earned_minor, i.refunded_minor, i.disputed_minor, i.tax_booked_minor, {},
            (SELECT CAST(COALESCE(sum(o.amount_minor), 0) AS BIGINT) FROM journal_entries e JOIN postings o ON o.entry_id = e.id
             WHERE e.invoice_year = i.year AND e.invoice_number = i.number AND o.account = 'tax_payable'
               AND o.currency = i.currency) AS owed,
            (SELECT CAST(COALESCE(sum(o.amount_minor), 0) AS BIGINT) FROM journal_entries e JOIN postings o ON o.entry_id = e.id
             WHERE e.invoice_year = i.year AND e.invoice_number = i.number AND o.account = 'commission'
               AND o.currency = i.currency) AS taken,
            (SELECT count(*) FROM invoice_numbers n WHERE n.year = i.year AND n.last >= i.number) AS counted
         FROM invoices i WHERE (i.vendor_id, i.currency, i.period) > ($1, $2, $3)
         ORDER BY i.vendor_id, i.currency, i.period LIMIT $4",
        posted.join(", ")
    );
    let mut pages = Pages::by(3, db, &sql, Vec::new());
    while let Some(rows) = pages.next().await? {
        for row in &rows {
            found.see();
            is_posted(row, found)?;
        }
    }
    Ok(())
}

fn is_posted(row: &Row, found: &mut Finding) -> Result<()> {
    let (year, number, total): (i64, i64, i64) = (row.get("year")?, row.get("number")?, row.get("total_minor")?);
    let mut sum = 0_i64;
    for (kind, name) in KINDS {
        let (posted, invoiced): (i64, i64) = (row.get(name)?, row.get(&format!("{name}_minor"))?);
        sum = sum.saturating_add(posted);
        found.demand(posted == invoiced, || {
            format!("invoice {year}-{number} has {invoiced} of {kind}, the ledger has {posted}")
        });
    }
    found.demand(sum == total, || format!("invoice {year}-{number} is over {total}, the ledger has {sum}"));
    let (booked, owed, taken): (i64, i64, i64) = (row.get("tax_booked_minor")?, row.get("owed")?, row.get("taken")?);
    found.demand((-owed, taken) == (booked, booked), || {
        format!(
            "invoice {year}-{number} has booked {booked} of tax; the ledger owes {}, commission bears {taken}",
            -owed
        )
    });
    let counted: i64 = row.get("counted")?;
    found.demand(counted == 1, || format!("invoice {year}-{number} has a number that was not drawn"));
    Ok(())
}

async fn all_is_invoiced(look: &Look<'_>, found: &mut Finding) -> Result<()> {
    let Some(db) = look.db("payments") else { return Ok(()) };
    let sql = "SELECT a.account AS key, a.currency AS key2,
            (SELECT CAST(COALESCE(sum(o.amount_minor), 0) AS BIGINT) FROM postings o
                JOIN invoice_runs r ON o.at >= r.from_at AND o.at < r.until_at
             WHERE o.account = a.account AND o.currency = a.currency
               AND o.kind IN ('commission', 'commission_refund', 'dispute_commission')) AS posted,
            (SELECT CAST(COALESCE(sum(i.total_minor), 0) AS BIGINT) FROM invoices i JOIN invoice_runs r ON r.period = i.period
             WHERE i.vendor_id = substr(a.account, 16) AND i.currency = a.currency) AS invoiced
         FROM (SELECT account, currency FROM postings
               WHERE account LIKE 'vendor_payable:%' AND (account, currency) > ($1, $2)
               GROUP BY account, currency ORDER BY account, currency LIMIT $3) a ORDER BY a.account, a.currency";
    let mut pages = Pages::by(2, db, sql, Vec::new());
    while let Some(rows) = pages.next().await? {
        for row in &rows {
            found.see();
            let (account, currency): (String, String) = (row.get("key")?, row.get("key2")?);
            let (posted, invoiced): (i64, i64) = (row.get("posted")?, row.get("invoiced")?);
            found.demand(posted == invoiced, || {
                format!("{account} has {posted} {currency} of commission in months that are over, and invoices of {invoiced}")
            });
        }
    }
    Ok(())
}

async fn numbers_have_no_gaps(look: &Look<'_>, found: &mut Finding) -> Result<()> {
    let Some(db) = look.db("payments") else { return Ok(()) };
    let sql = "SELECT n.name AS key, n.last AS drawn,
            (SELECT count(*) FROM invoices i WHERE i.year = n.year) AS issued,
            (SELECT CAST(COALESCE(min(i.number), 0) AS BIGINT) FROM invoices i WHERE i.year = n.year) AS lowest,
            (SELECT CAST(COALESCE(max(i.number), 0) AS BIGINT) FROM invoices i WHERE i.year = n.year) AS highest
         FROM (SELECT CAST(year AS TEXT) AS name, year, last FROM invoice_numbers) n WHERE n.name > $1 ORDER BY n.name LIMIT $2";
    let mut pages = Pages::of(db, sql);
    while let Some(rows) = pages.next().await? {
        for row in &rows {
            found.see();
            let (year, drawn): (String, i64) = (row.get("key")?, row.get("drawn")?);
            let (issued, lowest, highest): (i64, i64, i64) =
                (row.get("issued")?, row.get("lowest")?, row.get("highest")?);
            // Each number is there once, by the table's key: as many as the highest says are all from 1 on.
            found.demand((issued, lowest, highest) == (drawn, 1, drawn), || {
                format!("{drawn} numbers of {year} were drawn; {issued} invoices have those from {lowest} to {highest}")
            });
        }
    }
    Ok(())
}
