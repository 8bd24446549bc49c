//! Commission invoices: what the platform charges vendors for selling on it.

use kernel::{Country, Currency, Money, Timestamp, VendorId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a document of the sequence is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum InvoiceKind {
    /// The vendor was charged.
    Invoice,
    /// More was given back in the month than charged.
    CreditNote,
}

/// The platform as it stands on an invoice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct InvoiceIssuer {
    /// Its name.
    pub name: String,
    /// Address, registers, numbers: line by line.
    pub lines: Vec<String>,
}

/// A line of an invoice: all postings of one kind in the month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct InvoiceLine {
    /// As in the ledger: `commission`, `commission_refund`, `dispute_commission`.
    pub kind: String,
    /// For a person.
    pub text: String,
    /// How many postings it sums up.
    pub postings: i64,
    /// Their sum; below zero if it is given back.
    pub amount: Money,
}

/// A commission invoice, as it was issued.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct InvoiceView {
    /// `2026-000123`: the year it was issued in, and a number that counts from 1 without gaps.
    pub number: String,
    /// What it is.
    pub kind: InvoiceKind,
    /// Who is charged.
    pub vendor_id: VendorId,
    /// Its name then.
    pub vendor_name: String,
    /// Where it is from.
    pub vendor_country: Country,
    /// The month (UTC): `2026-11`. One invoice per vendor, currency and month.
    pub period: String,
    /// Its first day.
    pub from: String,
    /// Its last day.
    pub to: String,
    /// What adds up to the total; no line where nothing was posted.
    pub lines: Vec<InvoiceLine>,
    /// The total, with tax. It is settled: the ledger has taken it from the sales.
    pub total: Money,
    /// The tax contained in it.
    pub tax: Money,
    /// What the tax is called.
    pub tax_name: String,
    /// Its rate in basis points.
    pub tax_rate_bp: i64,
    /// The platform then.
    pub issuer: InvoiceIssuer,
    /// What else it says.
    pub note: Option<String>,
    /// When it was issued.
    pub issued_at: Timestamp,
}

/// Filters invoices.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct InvoiceQuery {
    /// Only of this month: `2026-11`.
    #[serde(default)]
    pub period: Option<String>,
    /// Only of this vendor (admins).
    #[serde(default)]
    pub vendor_id: Option<VendorId>,
    /// Only in this currency.
    #[serde(default)]
    pub currency: Option<Currency>,
    /// Items wanted, 1 to 100.
    #[serde(default)]
    #[schemars(range(min = 1, max = 100))]
    pub limit: Option<u32>,
    /// Cursor.
    #[serde(default)]
    pub after: Option<String>,
}

/// Whose months are summed up.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct InvoiceMonthQuery {
    /// Only this vendor's.
    #[serde(default)]
    pub vendor_id: Option<VendorId>,
}

/// The invoices of a month in a currency, summed up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct InvoiceMonth {
    /// `2026-11`
    pub period: String,
    /// Documents, credit notes among them.
    pub documents: i64,
    /// How many of them are credit notes.
    pub credit_notes: i64,
    /// Their sum.
    pub total: Money,
    /// The tax contained in it.
    pub tax: Money,
}

/// An invoice or a credit note was issued.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct InvoiceIssued {
    /// `2026-000123`
    pub number: String,
    /// What it is.
    pub kind: InvoiceKind,
    /// To whom.
    pub vendor_id: VendorId,
    /// The month: `2026-11`.
    pub period: String,
    /// The total, with tax; below zero if it is given back.
    pub total: Money,
    /// When.
    pub at: Timestamp,
}

events! { "invoice" by number {
    InvoiceIssued = "invoice.issued";
} }
