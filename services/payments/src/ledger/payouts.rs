//! What payouts post. Pure.

use kernel::{EntryId, Money, PayoutId, Result, VendorId};

use super::{About, Account, Entry, Posting, balanced};

/// A payout as the ledger is told of it.
#[derive(Debug, Clone)]
pub struct Payout<'a> {
    /// Id.
    pub id: PayoutId,
    /// Whose.
    pub vendor_id: VendorId,
    /// Which period.
    pub period: &'a str,
    /// How much.
    pub amount: Money,
    /// Which attempt it is.
    pub attempt: i64,
}

impl Payout<'_> {
    fn entry_id(&self, kind: &str) -> EntryId {
        EntryId::derived("ledger.payout", &[&self.id.to_string(), &self.attempt.to_string(), kind])
    }

    fn entry(&self, kind: &'static str, text: &str, debit: Account, credit: Account) -> Result<Entry> {
        balanced(Entry {
            id: self.entry_id(kind),
            kind,
            text: format!("{text} {}", self.period),
            corrects: (kind == "payout_failed").then(|| self.entry_id("payout")),
            about: About::Payout(self.id),
            postings: vec![
                Posting { account: debit, kind, amount: self.amount },
                Posting { account: credit, kind, amount: self.amount.negated()? },
            ],
        })
    }

    /// The amount is set aside.
    pub fn made(&self) -> Result<Entry> {
        self.entry("payout", "Payout", Account::VendorPayable(self.vendor_id), Account::PayoutsInTransit)
    }

    /// It has left the platform's account.
    pub fn paid(&self) -> Result<Entry> {
        self.entry("payout_paid", "Paid: payout", Account::PayoutsInTransit, Account::PaidOut)
    }

    /// It did not arrive: the vendor is owed it again.
    pub fn failed(&self) -> Result<Entry> {
        let vendor = Account::VendorPayable(self.vendor_id);
        self.entry("payout_failed", "Came back: payout", Account::PayoutsInTransit, vendor)
    }

    /// It had arrived, or nearly so, and the vendor's bank has sent it back: the vendor is owed it again.
    pub fn returned(&self) -> Result<Entry> {
        self.entry("payout_failed", "Came back: payout", Account::PaidOut, Account::VendorPayable(self.vendor_id))
    }

    /// So much of it was taken back from the vendor's account at the provider, for the `number`th time. It goes the way it came:
    /// transfers are no postings on a provider's account.
    pub fn reversed(&self, number: i64, amount: Money) -> Result<Entry> {
        let kind = "payout_reversed";
        let vendor = Account::VendorPayable(self.vendor_id);
        balanced(Entry {
            id: EntryId::derived("ledger.payout_reversed", &[&self.id.to_string(), &number.to_string()]),
            kind,
            text: format!("Taken back: payout {}", self.period),
            corrects: Some(self.entry_id("payout_paid")),
            about: About::Payout(self.id),
            postings: vec![
                Posting { account: Account::PaidOut, kind, amount },
                Posting { account: vendor, kind, amount: amount.negated()? },
            ],
        })
    }
}
