//! Commission invoices: which months are due, what stands on one, how it is numbered. Pure.

use std::time::Duration;

use contracts::invoices::{InvoiceIssuer, InvoiceKind, InvoiceLine, InvoiceView};
use kernel::{Country, Currency, Error, Money, Result, Timestamp, VendorId};
use serde::Deserialize;

use super::payouts::first_of_month;

/// How long after its end a month is invoiced: what was posted in it has been committed by then, on whatever machine.
const GRACE: Duration = Duration::from_secs(3_600);

/// A month (UTC).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Month {
    /// `2026-11`
    pub name: String,
    /// Its first moment.
    pub from: Timestamp,
    /// The first that is not in it any more.
    pub until: Timestamp,
}

impl Month {
    /// The month of a moment.
    pub fn of(at: Timestamp) -> Self {
        let first = first_of_month(at.day());
        let from = Timestamp::of_day(first);
        // Thirty-one days after a first are in the next month, on its fourth day at the latest.
        let until = Timestamp::of_day(first_of_month(first + 31));
        Self { name: from.format("%Y-%m"), from, until }
    }
}

/// The months from that of `first` on that can be invoiced, oldest first.
pub fn closed_months(first: Timestamp, now: Timestamp) -> Vec<Month> {
    let mut months = Vec::new();
    let mut month = Month::of(first);
    while month.until.plus(GRACE) <= now {
        let next = Month::of(month.until);
        months.push(month);
        month = next;
    }
    months
}

/// What can be set about invoices: the platform as it stands on them, and the tax that its commission contains.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct InvoiceSettings {
    /// The platform's name.
    pub name: String,
    /// Its address, registers, numbers: line by line.
    pub lines: Vec<String>,
    /// Its country. Commission contains tax for vendors from there; for all if it is left empty.
    pub country: String,
    /// What the tax is called.
    pub tax_name: String,
    /// Its rate in basis points; 0: commission contains none.
    pub tax_rate_bp: i64,
    /// Whether that tax is booked with the invoices, on an account of its own.
    pub book_tax: bool,
    /// What invoices say besides.
    pub note: String,
    /// What they say instead to vendors from other countries.
    pub note_abroad: String,
}

impl Default for InvoiceSettings {
    fn default() -> Self {
        Self {
            name: "Souk".to_owned(),
            lines: Vec::new(),
            country: String::new(),
            tax_name: "VAT".to_owned(),
            tax_rate_bp: 0,
            book_tax: false,
            note: String::new(),
            note_abroad: String::new(),
        }
    }
}

impl InvoiceSettings {
    /// The platform as it stands on papers.
    pub fn issuer(&self) -> InvoiceIssuer {
        InvoiceIssuer { name: self.name.clone(), lines: self.lines.clone() }
    }
}

/// Postings of one kind in a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Charge {
    /// How many.
    pub postings: i64,
    /// Their sum: what the vendor was charged.
    pub amount: Money,
}

/// A vendor's commission of a month in a currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Commission {
    /// Of sales.
    pub earned: Charge,
    /// Given back with refunds: below zero.
    pub refunded: Charge,
    /// Given back with lost disputes: below zero.
    pub disputed: Charge,
}

impl Commission {
    /// The commission that these postings make, by the ledger's kinds; none if there are none.
    pub fn of(currency: Currency, sums: &[(String, Charge)]) -> Result<Option<Self>> {
        let none = Charge { postings: 0, amount: Money::zero(currency) };
        let mut all = Self { earned: none, refunded: none, disputed: none };
        for (kind, charge) in sums {
            let part = match kind.as_str() {
                "commission" => &mut all.earned,
                "commission_refund" => &mut all.refunded,
                "dispute_commission" => &mut all.disputed,
                other => return Err(Error::internal(format!("an invoice has no line for {other:?}"))),
            };
            *part = *charge;
        }
        Ok((!sums.is_empty()).then_some(all))
    }

    /// What was charged in all.
    pub fn total(&self) -> Result<Money> {
        self.earned.amount.plus(self.refunded.amount)?.plus(self.disputed.amount)
    }

    /// As lines; none for what was not posted.
    pub fn lines(&self) -> Vec<InvoiceLine> {
        let line = |kind: &str, text: &str, charge: Charge| {
            let (kind, text) = (kind.to_owned(), text.to_owned());
            InvoiceLine { kind, text, postings: charge.postings, amount: charge.amount }
        };
        let all = [
            line("commission", "Commission on sales", self.earned),
            line("commission_refund", "Commission given back with refunds", self.refunded),
            line("dispute_commission", "Commission given back with lost disputes", self.disputed),
        ];
        all.into_iter().filter(|line| line.postings > 0).collect()
    }
}

/// Who is charged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Addressee {
    /// Which vendor.
    pub vendor_id: VendorId,
    /// Its name.
    pub name: String,
    /// Where it is from.
    pub country: Country,
}

/// An invoice without its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Who is charged.
    pub to: Addressee,
    /// For which month.
    pub month: Month,
    /// What was charged.
    pub commission: Commission,
    /// In all.
    pub total: Money,
    /// The tax contained in it.
    pub tax: Money,
    /// What that is called.
    pub tax_name: String,
    /// Its rate.
    pub tax_rate_bp: i64,
    /// The platform.
    pub issuer: InvoiceIssuer,
    /// What else it says.
    pub note: String,
}

/// What is issued to a vendor for its commission of a month. The ledger posts commission as one amount: the platform's tax
/// is contained in it, as the vendors' is in their prices, until the invoice says how much that is.
pub fn draw_up(settings: &InvoiceSettings, to: Addressee, month: Month, commission: Commission) -> Result<Draft> {
    let is_home = settings.country.is_empty() || settings.country.parse().is_ok_and(|home: Country| home == to.country);
    let tax_rate_bp = if is_home { settings.tax_rate_bp } else { 0 };
    let total = commission.total()?;
    Ok(Draft {
        to,
        month,
        commission,
        total,
        tax: total.tax_contained(tax_rate_bp)?,
        tax_name: settings.tax_name.clone(),
        tax_rate_bp,
        issuer: settings.issuer(),
        note: if is_home { settings.note.clone() } else { settings.note_abroad.clone() },
    })
}

/// A number as people say it: `2026-000123`.
pub fn number_text(year: i64, number: i64) -> String {
    format!("{year}-{number:06}")
}

/// The year and number behind [`number_text`], if it is written just so.
pub fn number_of(text: &str) -> Option<(i64, i64)> {
    let (year, number) = text.split_once('-')?;
    let (year, number) = (year.parse().ok()?, number.parse().ok()?);
    (number_text(year, number) == text).then_some((year, number))
}

/// What a sum makes of a document.
pub fn kind_of(total: Money) -> InvoiceKind {
    if total.is_negative() { InvoiceKind::CreditNote } else { InvoiceKind::Invoice }
}

/// A draft that was numbered, as it is shown.
pub fn view(draft: Draft, (year, number): (i64, i64), issued_at: Timestamp) -> InvoiceView {
    InvoiceView {
        number: number_text(year, number),
        kind: kind_of(draft.total),
        vendor_id: draft.to.vendor_id,
        vendor_name: draft.to.name,
        vendor_country: draft.to.country,
        from: draft.month.from.date(),
        to: Timestamp::of_day(draft.month.until.day() - 1).date(),
        period: draft.month.name,
        lines: draft.commission.lines(),
        total: draft.total,
        tax: draft.tax,
        tax_name: draft.tax_name,
        tax_rate_bp: draft.tax_rate_bp,
        issuer: draft.issuer,
        note: Some(draft.note).filter(|note| !note.is_empty()),
        issued_at,
    }
}
