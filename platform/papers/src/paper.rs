//! What stands on a paper.

use kernel::{Locale, Money, Timestamp};
use words::Words;

/// What a paper is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// What was ordered.
    Confirmation,
    /// What was paid.
    Receipt,
    /// What went back.
    CreditNote,
    /// What lies in a parcel.
    PackingSlip,
    /// What a service costs.
    Invoice,
    /// What has changed an account, with the balance after each line.
    Statement,
}

impl Kind {
    /// Its heading. What only vendors get is in English.
    pub fn title(self, words: &Words) -> &'static str {
        match self {
            Self::Confirmation => words.order_confirmation,
            Self::Receipt => words.receipt,
            Self::CreditNote => words.credit_note,
            Self::PackingSlip => "Packing slip",
            Self::Invoice => "Invoice",
            Self::Statement => "Statement",
        }
    }
}

/// A paper, to be printed or kept.
#[derive(Debug, Clone)]
pub struct Paper {
    /// What it is.
    pub kind: Kind,
    /// Its number.
    pub number: String,
    /// Its date.
    pub date: Timestamp,
    /// The language of what is printed around all that.
    pub words: &'static Words,
    /// How numbers are written.
    pub locale: Locale,
    /// Who gives it out.
    pub issuer: String,
    /// What there is to know of the issuer: address, registers, numbers.
    pub imprint: Vec<String>,
    /// Who gets it, line by line.
    pub to: Vec<String>,
    /// What there is to know of it: name and value.
    pub facts: Vec<(String, String)>,
    /// What it lists, one section per seller.
    pub sections: Vec<Section>,
    /// What leads to the total.
    pub sums: Vec<Sum>,
    /// The total.
    pub total: Option<Sum>,
    /// What is contained in the total.
    pub contained: Vec<Sum>,
    /// What else there is to say.
    pub notes: Vec<String>,
}

impl Paper {
    /// What its file is called, in English in every language: `packing-slip-S-2611-000123-A.pdf`.
    pub fn file_name(&self) -> String {
        let (kind, number) = (self.kind.title(words::english()).to_lowercase(), &self.number);
        format!("{kind} {number}.pdf").replace(' ', "-")
    }
}

/// What one seller sells.
#[derive(Debug, Clone)]
pub struct Section {
    /// Its heading: the seller, and the number of its part.
    pub title: String,
    /// Its lines.
    pub lines: Vec<Line>,
}

/// A line of a section.
#[derive(Debug, Clone)]
pub struct Line {
    /// What it is.
    pub title: String,
    /// Options, SKU.
    pub note: String,
    /// How many.
    pub quantity: Option<i64>,
    /// What it costs; nothing on a packing slip.
    pub amounts: Option<Amounts>,
}

/// What a line costs; on a statement, how it changes the account.
#[derive(Debug, Clone, Copy)]
pub struct Amounts {
    /// One of it; on a statement the change.
    pub each: Option<Money>,
    /// All of it; on a statement the balance after it.
    pub total: Money,
}

/// An amount with its name.
#[derive(Debug, Clone)]
pub struct Sum {
    /// What it is.
    pub name: String,
    /// How much.
    pub amount: Money,
}

impl Sum {
    /// An amount with its name.
    pub fn new(name: impl Into<String>, amount: Money) -> Self {
        Self { name: name.into(), amount }
    }
}
