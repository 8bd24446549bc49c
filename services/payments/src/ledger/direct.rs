//! What providers that pay vendors themselves post. Pure.
//!
//! A payment is booked as any other, as if the platform had got all of it; then what has gone to vendors directly leaves the
//! provider's account and their balances. What is left there are the platform's fees, which is what the provider has for us.
//!
//! | | debit | credit |
//! |---|---|---|
//! | with the capture | `vendor_payable:<id>`, `direct`: what the vendor got | `provider:<name>` |
//! | with a refund | `provider:<name>`: what the vendor's account gave | `vendor_payable:<id>`, `direct_refund` |
//! | with a lost dispute | `provider:<name>`: what is lost | `vendor_payable:<id>`, `direct_loss` |
//!
//! As long as a dispute is open what the provider has taken back stands in `disputed:<name>`, out of whose account it ever came.
//! A lost one is taken out of the vendor's account whole, and what the platform gives up of its commission it owes the vendor.

use kernel::{DisputeId, EntryId, Money, RefundId, Result, VendorId};

use super::{About, Account, Entry, Posting, Sale, balanced, capture_id};

/// What each vendor has got of a captured payment. There has to be some.
pub fn paid(sale: &Sale<'_>, amounts: &[(VendorId, Money)]) -> Result<Entry> {
    let id = EntryId::derived("ledger.direct", &[&sale.payment_id.to_string()]);
    let text = format!("Paid to vendors directly, of order {}", sale.order_number);
    entry(sale, (id, sale.about(None)), ("direct", text), capture_id(sale.payment_id), amounts)
}

/// A vendor's account has given so much of a refund.
pub fn refunded(sale: &Sale<'_>, refund: RefundId, vendor: VendorId, amount: Money) -> Result<Entry> {
    let id = EntryId::derived("ledger.direct_refund", &[&refund.to_string()]);
    let text = format!("Refunded by the vendor directly, of order {}", sale.order_number);
    entry(
        sale,
        (id, sale.about(Some(refund))),
        ("direct_refund", text),
        super::refund_id(refund),
        &[(vendor, amount.negated()?)],
    )
}

/// A lost dispute was taken out of the vendor's account.
pub fn lost(sale: &Sale<'_>, dispute: DisputeId, vendor: VendorId, amount: Money) -> Result<Entry> {
    let id = EntryId::derived("ledger.direct_loss", &[&dispute.to_string()]);
    let text = format!("Lost by the vendor directly, of order {}", sale.order_number);
    entry(
        sale,
        (id, sale.about(None)),
        ("direct_loss", text),
        capture_id(sale.payment_id),
        &[(vendor, amount.negated()?)],
    )
}

fn entry(
    sale: &Sale<'_>,
    (id, about): (EntryId, About),
    (kind, text): (&'static str, String),
    corrects: EntryId,
    amounts: &[(VendorId, Money)],
) -> Result<Entry> {
    let mut postings = Vec::with_capacity(amounts.len() + 1);
    for (vendor, amount) in amounts {
        postings.push(Posting { account: Account::VendorPayable(*vendor), kind, amount: *amount });
    }
    let sum = Money::sum(sale.amount.currency, amounts.iter().map(|(_, amount)| *amount))?;
    let account = Account::Provider(sale.provider.to_owned());
    postings.push(Posting { account, kind, amount: sum.negated()? });
    balanced(Entry { id, kind, text, corrects: Some(corrects), about, postings })
}
