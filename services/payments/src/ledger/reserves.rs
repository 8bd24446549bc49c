//! What reserves post. Pure.
//!
//! | | debit | credit |
//! |---|---|---|
//! | held back of a sale | `vendor_payable:<id>`, `reserve_hold` | `vendor_reserve:<id>` |
//! | released after its days | `vendor_reserve:<id>` | `vendor_payable:<id>`, `reserve_release` |
//! | used, for a refund or a lost dispute of the sale | `vendor_reserve:<id>` | `vendor_payable:<id>`, `reserve_release` |
//!
//! It is money of the vendor that payouts cannot take. What is used goes to the vendor's balance just when the refund or the
//! dispute takes from that: the vendor's net of what goes back, as long as there is any left in the sale's own reserve.

use kernel::{EntryId, Money, Result, VendorId};

use super::{Account, Entry, Posting, Sale, balanced, capture_id};

fn held_id(sale: &Sale<'_>) -> EntryId {
    EntryId::derived("ledger.reserve_held", &[&sale.payment_id.to_string()])
}

/// So much is held back of each vendor's part. There has to be some.
pub fn held(sale: &Sale<'_>, amounts: &[(VendorId, Money)]) -> Result<Entry> {
    let kind = "reserve_hold";
    let mut postings = Vec::with_capacity(amounts.len() * 2);
    for (vendor, amount) in amounts {
        postings.push(Posting { account: Account::VendorPayable(*vendor), kind, amount: *amount });
        postings.push(Posting { account: Account::VendorReserve(*vendor), kind, amount: amount.negated()? });
    }
    balanced(Entry {
        id: held_id(sale),
        kind: "reserve_held",
        text: format!("Held in reserve of order {}", sale.order_number),
        corrects: Some(capture_id(sale.payment_id)),
        about: sale.about(None),
        postings,
    })
}

/// The days of a vendor's part are over: once, for there is one reserve per part.
pub fn released(sale: &Sale<'_>, vendor: VendorId, amount: Money) -> Result<Entry> {
    let id = EntryId::derived("ledger.reserve_released", &[&sale.payment_id.to_string(), &vendor.to_string()]);
    let text = format!("Reserve released of order {}", sale.order_number);
    back(sale, id, "reserve_released", text, &[(vendor, amount)])
}

/// A refund or a dispute, named by its id, has used so much of each vendor's. There has to be some.
pub fn used(sale: &Sale<'_>, cause: &str, amounts: &[(VendorId, Money)]) -> Result<Entry> {
    let id = EntryId::derived("ledger.reserve_used", &[cause]);
    back(sale, id, "reserve_used", format!("Reserve used of order {}", sale.order_number), amounts)
}

fn back(
    sale: &Sale<'_>,
    id: EntryId,
    kind: &'static str,
    text: String,
    amounts: &[(VendorId, Money)],
) -> Result<Entry> {
    let of_posting = "reserve_release";
    let mut postings = Vec::with_capacity(amounts.len() * 2);
    for (vendor, amount) in amounts {
        postings.push(Posting { account: Account::VendorReserve(*vendor), kind: of_posting, amount: *amount });
        let amount = amount.negated()?;
        postings.push(Posting { account: Account::VendorPayable(*vendor), kind: of_posting, amount });
    }
    balanced(Entry { id, kind, text, corrects: Some(held_id(sale)), about: sale.about(None), postings })
}
