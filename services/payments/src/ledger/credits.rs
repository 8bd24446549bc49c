//! The posting rules of stored value. Pure.
//!
//! | account | holds |
//! |---|---|
//! | `gift_cards`, `store_credit` | what the platform owes holders (credit) |
//! | `credits_given` | what stored value that was given has cost the platform (debit) |
//! | `credit_breakage` | what the platform has earned because stored value was not used in its time (credit) |
//!
//! | | debit | credit |
//! |---|---|---|
//! | given | `credits_given` | `gift_cards` or `store_credit` |
//! | a sale | `gift_cards` or `store_credit`: what is covered; `provider:<name>`: the rest | as for any other sale |
//! | a refund | as for any other refund | `provider:<name>`, then `gift_cards` or `store_credit` |
//! | written off | `gift_cards` or `store_credit`: what was left | `credit_breakage` |
//!
//! What is held for an order is owed to its holder until the order is paid, so holding and releasing post nothing. A payment
//! that arrives after its order was called off finds its credits released: the platform stands in for them, with
//! `credits_given`, until all of it has gone back. A refund after a write-off is owed anew: it takes nothing of the write-off back.

use contracts::credits::CreditKind;
use kernel::{CreditId, EntryId, Error, Money, Result};

use super::{About, Account, Entry, Posting, balanced};

fn name(kind: CreditKind) -> &'static str {
    match kind {
        CreditKind::GiftCard => "Gift card",
        CreditKind::StoreCredit => "Store credit",
    }
}

/// Stored value was given.
pub fn issued(id: EntryId, credit: CreditId, kind: CreditKind, amount: Money) -> Result<Entry> {
    let postings = vec![
        Posting { account: Account::CreditsGiven, kind: "credit_issued", amount },
        Posting { account: Account::Credits(kind), kind: "credit_issued", amount: amount.negated()? },
    ];
    let about = About::Credit(credit);
    balanced(Entry { id, kind: "credit_issued", text: name(kind).to_owned(), corrects: None, about, postings })
}

/// What was left of it after its time was over is written off.
pub fn written_off(id: EntryId, credit: CreditId, kind: CreditKind, amount: Money) -> Result<Entry> {
    let of_entry = "credit_breakage";
    let postings = vec![
        Posting { account: Account::Credits(kind), kind: of_entry, amount },
        Posting { account: Account::CreditBreakage, kind: of_entry, amount: amount.negated()? },
    ];
    let (text, about) = (format!("{} written off", name(kind)), About::Credit(credit));
    balanced(Entry { id, kind: of_entry, text, corrects: None, about, postings })
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
