//! A vendor's statement out of the ledger: sums of a period, and every movement in it.

use contracts::payments::VendorMovement;
use db::{Db, params};
use kernel::{Currency, EntryId, Money, Result, Timestamp, VendorScope};

use crate::ledger::Account;

/// From when until when, in which currency.
#[derive(Debug, Clone, Copy)]
pub struct Span {
    /// Currency.
    pub currency: Currency,
    /// The first moment that is in it.
    pub from: Timestamp,
    /// The first that is not any more.
    pub until: Timestamp,
}

/// What the vendor was owed before the period, and what has changed that in it, by kind. One statement, so that it is of
/// one moment.
pub async fn statement_sums(db: &Db, scope: &VendorScope, span: &Span) -> Result<(Money, Vec<(String, Money)>)> {
    let rows = db
        .as_vendor(scope)
        .all(
            "SELECT CASE WHEN at < $3 THEN '' ELSE kind END AS what, CAST(-sum(amount_minor) AS BIGINT) AS amount_minor
             FROM postings WHERE account = $1 AND currency = $2 AND at < $4 GROUP BY 1 ORDER BY 1",
            params![Account::VendorPayable(scope.vendor_id()).to_string(), span.currency, span.from, span.until],
        )
        .await?;
    let (mut opening, mut sums) = (Money::zero(span.currency), Vec::new());
    for row in &rows {
        let (what, amount): (String, i64) = (row.get("what")?, row.get("amount_minor")?);
        let amount = Money::new(amount, span.currency);
        if what.is_empty() { opening = amount } else { sums.push((what, amount)) }
    }
    Ok((opening, sums))
}

/// Where a piece of a statement begins: behind this movement.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    /// Its time.
    pub at: Timestamp,
    /// Its entry.
    pub entry: EntryId,
    /// Its place in the entry.
    pub position: i64,
}

/// Movements of a period, oldest first, behind a place.
pub async fn statement_movements(
    db: &Db,
    scope: &VendorScope,
    span: &Span,
    behind: Option<Place>,
    limit: i64,
) -> Result<Vec<(Place, VendorMovement)>> {
    let (at, entry, position) = match behind {
        Some(place) => (place.at, place.entry.to_string(), place.position),
        None => (span.from, String::new(), -1),
    };
    let rows = db
        .as_vendor(scope)
        .all(
            "SELECT p.entry_id, p.position, p.at, p.kind, p.amount_minor, e.text, e.order_id, e.payout_id
             FROM postings p JOIN journal_entries e ON e.id = p.entry_id
             WHERE p.account = $1 AND p.currency = $2 AND p.at >= $3 AND p.at < $4 AND (p.at, p.entry_id, p.position) > ($5, $6, $7)
             ORDER BY p.at, p.entry_id, p.position LIMIT $8",
            params![
                Account::VendorPayable(scope.vendor_id()).to_string(),
                span.currency,
                span.from,
                span.until,
                at,
                entry,
                position,
                limit
            ],
        )
        .await?;
    rows.iter()
        .map(|row| {
            let place = Place { at: row.get("at")?, entry: row.get("entry_id")?, position: row.get("position")? };
            let movement = VendorMovement {
                entry_id: place.entry,
                at: place.at,
                kind: row.get("kind")?,
                text: row.get("text")?,
                order_id: row.get("order_id")?,
                payout_id: row.get("payout_id")?,
                amount: Money::new(row.get("amount_minor")?, span.currency).negated()?,
            };
            Ok((place, movement))
        })
        .collect()
}
