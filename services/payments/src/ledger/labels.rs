//! What labels post. Pure.
//!
//! A vendor's labels are bought with the platform's account at the carrier, so the vendor bears what they cost.
//!
//! | | debit | credit |
//! |---|---|---|
//! | bought | `vendor_payable:<id>`, `label`: cost | `carrier_costs` |
//! | given back | `carrier_costs` | `vendor_payable:<id>`, `label_refund`: cost |

use kernel::{EntryId, LabelId, Money, OrderId, Result, VendorId};

use super::{About, Account, Entry, Posting, balanced};

/// A label as the ledger is told of it.
#[derive(Debug, Clone)]
pub struct Label<'a> {
    /// Id.
    pub id: LabelId,
    /// Whose.
    pub vendor_id: VendorId,
    /// Of which order.
    pub order_id: OrderId,
    /// Number of the vendor's part.
    pub number: &'a str,
    /// What it costs.
    pub cost: Money,
    /// How often its cost has changed, this time included: labels are bought and given back by turns.
    pub turn: i64,
}

impl Label<'_> {
    fn entry_id(&self, turn: i64) -> EntryId {
        EntryId::derived("ledger.label", &[&self.id.to_string(), &turn.to_string()])
    }

    fn entry(&self, kind: &'static str, text: String, corrects: Option<EntryId>, cost: Money) -> Result<Entry> {
        balanced(Entry {
            id: self.entry_id(self.turn),
            kind,
            text,
            corrects,
            about: About::Label { label: self.id, order: self.order_id },
            postings: vec![
                Posting { account: Account::VendorPayable(self.vendor_id), kind, amount: cost },
                Posting { account: Account::CarrierCosts, kind, amount: cost.negated()? },
            ],
        })
    }

    /// It was bought from this carrier.
    pub fn bought(&self, carrier: &str) -> Result<Entry> {
        self.entry("label", format!("Label of {carrier} for {}", self.number), None, self.cost)
    }

    /// It was given back: corrects the entry of its purchase, which came just before.
    pub fn refunded(&self) -> Result<Entry> {
        let text = format!("Label given back for {}", self.number);
        self.entry("label_refund", text, Some(self.entry_id(self.turn - 1)), self.cost.negated()?)
    }
}
