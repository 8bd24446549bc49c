//! What the tax in the platform's commission posts. Pure.
//!
//! | | debit | credit |
//! |---|---|---|
//! | an invoice to a vendor | `commission`: the tax in it | `tax_payable` |
//! | a credit note | `tax_payable` | `commission`: the tax in it |
//!
//! Commission is posted with its tax in it. Which tax that is, is decided by who the vendor is when the month is invoiced, and
//! rounded there, once per invoice: so it is posted with the invoice and is what stands on it. What goes back of a commission
//! is in the invoice of the month in which it goes back, and its tax with it.

use kernel::{EntryId, Money, Result};

use super::{About, Account, Entry, Posting, balanced};

/// An invoice as the ledger is told of it.
#[derive(Debug, Clone, Copy)]
pub struct Invoiced<'a> {
    /// Its number as people say it.
    pub name: &'a str,
    /// Of which year, and its number in that.
    pub number: (i64, i64),
    /// The tax contained in it; below zero on a credit note.
    pub tax: Money,
}

impl Invoiced<'_> {
    /// Its tax is owed. None if there is none in it.
    pub fn tax_is_owed(&self) -> Result<Option<Entry>> {
        if self.tax.is_zero() {
            return Ok(None);
        }
        let kind = "commission_tax";
        let (year, number) = self.number;
        let postings = vec![
            Posting { account: Account::Commission, kind, amount: self.tax },
            Posting { account: Account::TaxPayable, kind, amount: self.tax.negated()? },
        ];
        let entry = Entry {
            id: EntryId::derived("ledger.commission_tax", &[self.name]),
            kind,
            text: format!("Tax in the commission of invoice {}", self.name),
            corrects: None,
            about: About::Invoice { year, number },
            postings,
        };
        balanced(entry).map(Some)
    }
}
