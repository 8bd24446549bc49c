//! What was booked in a period, by what it was to the marketplace and by day.

use db::{Db, params};
use kernel::Result;

use super::Span;

/// What postings were to the marketplace.
const WHAT: &str = "CASE
    WHEN p.kind = 'capture' THEN 'sales'
    WHEN p.kind = 'refund' AND p.account NOT LIKE 'vendor_payable:%' THEN 'refunds'
    WHEN p.account = 'tax_payable' THEN 'commission_tax'
    WHEN p.account = 'commission' AND p.kind <> 'commission_tax' THEN 'commission'
    WHEN p.account = 'promotions' THEN 'promotions'
    WHEN p.kind IN ('dispute_withdrawn', 'dispute_reinstated') AND p.account LIKE 'provider:%' THEN 'disputes'
    WHEN p.account = 'fees' THEN 'fees'
    WHEN p.account = 'provider_fees' THEN 'provider_fees'
    WHEN p.kind IN ('payout', 'payout_failed', 'payout_reversed', 'direct', 'direct_refund', 'direct_loss')
        AND p.account LIKE 'vendor_payable:%' THEN 'payouts'
    WHEN p.account = 'carrier_costs' THEN 'labels'
    WHEN p.kind IN ('credit_issued', 'credit_breakage') AND p.account IN ('gift_cards', 'store_credit') THEN 'credit'
    ELSE '' END";

/// A sum of a day.
#[derive(Debug, Clone)]
pub struct Booked {
    /// What it was.
    pub what: String,
    /// Day, as [`kernel::Timestamp::day`] counts.
    pub day: i64,
    /// Debits less credits.
    pub amount_minor: i64,
}

/// Sums of a period, day by day. Entries are found by their time, for which there is an index.
pub async fn booked_by_day(db: &Db, span: &Span) -> Result<Vec<Booked>> {
    let sql = format!(
        "SELECT what, on_day, CAST(sum(amount_minor) AS BIGINT) AS amount_minor
         FROM (SELECT {WHAT} AS what, e.at / 86400000000 AS on_day, p.amount_minor AS amount_minor
               FROM journal_entries e JOIN postings p ON p.entry_id = e.id
               WHERE e.at >= $1 AND e.at < $2 AND p.currency = $3) booked
         WHERE what <> '' GROUP BY what, on_day ORDER BY on_day, what"
    );
    let rows = db.all(&sql, params![span.from, span.until, span.currency]).await?;
    rows.iter()
        .map(|row| {
            Ok(Booked { what: row.get("what")?, day: row.get("on_day")?, amount_minor: row.get("amount_minor")? })
        })
        .collect()
}
