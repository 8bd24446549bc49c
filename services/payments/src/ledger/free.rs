//! What orders post that cost nothing. Pure.
//!
//! The sale is posted like any other: what the platform adds for promotions, and the commission on that. If there is none of
//! both, nothing is posted. What is called off or comes back is posted with the signs turned round, part by part.

use kernel::{EntryId, Money, RefundId, Result};

use super::{Entry, Part, Sale, refund};

/// False if the buyer pays nothing for any of it, and the platform adds nothing.
pub fn moves_money(parts: &[Part]) -> bool {
    parts.iter().any(|part| !part.total.is_zero() || !part.subsidy.is_zero())
}

/// What tells the entries of a part of an order that cost nothing from those of others.
pub fn cause(sale: &Sale<'_>, part: &Part) -> String {
    format!("{} {}", sale.payment_id, part.vendor_id)
}

/// The vendor of a part for which nothing was paid has no longer what the platform had added. There has to be some.
pub fn undone(sale: &Sale<'_>, part: &Part) -> Result<Entry> {
    let cause = cause(sale, part);
    let nothing = Money::zero(part.total.currency);
    let entry = refund(sale, RefundId::derived("ledger.undone", &[&cause]), nothing, &[(part.clone(), nothing)])?;
    let id = EntryId::derived("ledger.undone", &[&cause]);
    // There is no refund that it could be about: no money goes back.
    let (text, about) = (format!("Promotions of order {} taken back", sale.order_number), sale.about(None));
    Ok(Entry { id, text, about, ..entry })
}
