//! The posting rules of stored value. Pure.
//!
//! | account | holds |
//! |---|---|
//! | `gift_cards`, `store_credit` | what the platform owes holders (credit) |
//! | `credits_given` | what stored value that was given has cost the platform (debit) |
//!
//! | | debit | credit |
//! |---|---|---|
//! | given | `credits_given` | `gift_cards` or `store_credit` |
//! | a sale | `gift_cards` or `store_credit`: what is covered; `provider:<name>`: the rest | as for any other sale |
//! | a refund | as for any other refund | `provider:<name>`, then `gift_cards` or `store_credit` |
//!
//! What is held for an order is owed to its holder until the order is paid, so holding and releasing post nothing. A payment
//! that arrives after its order was called off finds its credits released: the platform stands in for them, with
//! `credits_given`, until all of it has gone back.

use contracts::credits::CreditKind;
use kernel::{CreditId, EntryId, Error, Money, Result};

use super::{About, Account, Entry, Posting, balanced};

/// Stored value was given.
pub fn issued(id: EntryId, credit: CreditId, kind: CreditKind, amount: Money) -> Result<Entry> {
    let text = match kind {
        CreditKind::GiftCard => "Gift card",
        CreditKind::StoreCredit => "Store credit",
    };
    let postings = vec![
        Posting { account: Account::CreditsGiven, kind: "credit_issued", amount },
        Posting { account: Account::Credits(kind), kind: "credit_issued", amount: amount.negated()? },
    ];
    let about = About::Credit(credit);
    balanced(Entry { id, kind: "credit_issued", text: text.to_owned(), corrects: None, about, postings })
}

/// The entry of a sale, or of a refund, of which these accounts bear so much in place of the provider: debits of a sale,
/// credits of a refund.
pub fn with_credits(mut entry: Entry, legs: &[(Account, Money)]) -> Result<Entry> {
    let kind = entry.kind;
    for (account, amount) in legs {
        let is_provider = |posting: &&mut Posting| matches!(posting.account, Account::Provider(_));
        let provider = entry.postings.iter_mut().find(is_provider);
        let provider = provider.ok_or_else(|| Error::internal(format!("entry {} has no provider", entry.id)))?;
        provider.amount = provider.amount.minus(*amount)?;
        entry.postings.push(Posting { account: account.clone(), kind, amount: *amount });
    }
    balanced(entry)
}
