//! What providers keep of payments posts. Pure.
//!
//! | | debit | credit |
//! |---|---|---|
//! | kept of a capture | `provider_fees` | `provider:<name>` |
//!
//! It is an expense of the platform: vendors are paid as if nothing were kept, and a refund brings none of it back. What a
//! provider keeps in another currency than the payment's, or charges by a bill of its own, is not in these books.

use kernel::{EntryId, Money, Result};

use super::{Account, Entry, Posting, Sale, balanced, capture_id};

/// The provider has kept so much of a capture. Once per payment.
pub fn kept(sale: &Sale<'_>, fee: Money) -> Result<Entry> {
    let kind = "provider_fee";
    balanced(Entry {
        id: EntryId::derived("ledger.provider_fee", &[&sale.payment_id.to_string()]),
        kind,
        text: format!("Kept by {} of order {}", sale.provider, sale.order_number),
        corrects: Some(capture_id(sale.payment_id)),
        about: sale.about(None),
        postings: vec![
            Posting { account: Account::ProviderFees, kind, amount: fee },
            Posting { account: Account::Provider(sale.provider.to_owned()), kind, amount: fee.negated()? },
        ],
    })
}
