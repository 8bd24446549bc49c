//! What stands on invoices and statements. Pure.

use ::papers::{Amounts, Kind, Line, Paper, Section, Sum};
use contracts::{
    invoices::{InvoiceIssuer, InvoiceKind, InvoiceLine, InvoiceView},
    payments::VendorMovement,
    payouts::StatementView,
};
use kernel::{Locale, Money, Result, Timestamp};

/// A commission invoice, or a credit note of the same sequence.
pub fn invoice(view: &InvoiceView, locale: Locale) -> Paper {
    let line = |line: &InvoiceLine| Line {
        title: line.text.clone(),
        note: String::new(),
        quantity: Some(line.postings),
        amounts: Some(Amounts { each: None, total: line.amount }),
    };
    let (kind, settled) = match view.kind {
        InvoiceKind::Invoice => {
            (Kind::Invoice, "This is settled: the commission was kept when the sales were paid. Nothing is to be paid.")
        }
        InvoiceKind::CreditNote => {
            (Kind::CreditNote, "This is settled: the commission was given back to the store's balance.")
        }
    };
    let mut contained = Vec::new();
    if view.tax_rate_bp > 0 {
        contained.push(Sum::new(format!("{} {} contained", view.tax_name, locale.rate(view.tax_rate_bp)), view.tax));
    }
    let mut notes = vec![settled.to_owned()];
    notes.extend(view.note.clone());
    Paper {
        kind,
        number: view.number.clone(),
        date: view.issued_at,
        words: words::english(),
        locale,
        issuer: view.issuer.name.clone(),
        imprint: view.issuer.lines.clone(),
        to: vec![view.vendor_name.clone(), view.vendor_country.to_string()],
        facts: vec![("Period".to_owned(), format!("{} to {}", view.from, view.to))],
        sections: vec![Section {
            title: format!("Commission, {}", view.period),
            lines: view.lines.iter().map(line).collect(),
        }],
        sums: Vec::new(),
        total: Some(Sum::new("Total", view.total)),
        contained,
        notes,
    }
}

/// A statement as it is put on paper.
#[derive(Debug)]
pub struct StatementPaper<'a> {
    /// The platform.
    pub issuer: InvoiceIssuer,
    /// Whose account it is.
    pub vendor_name: String,
    /// Its sums.
    pub view: &'a StatementView,
    /// Its movements, oldest first; not all of them if there are very many.
    pub movements: &'a [VendorMovement],
    /// True if these are all.
    pub is_whole: bool,
    /// When it is made.
    pub at: Timestamp,
}

/// A vendor's statement: its sums, each with the balance after it, then its movements likewise.
pub fn statement(paper: StatementPaper<'_>, locale: Locale) -> Result<Paper> {
    let view = paper.view;
    let mut sections = vec![summary(view)?];
    if !paper.movements.is_empty() {
        sections.push(movements(view.opening, paper.movements, locale)?);
    }
    let left_out = "There are more movements than fit here: the CSV file of the statement has all of them.";
    Ok(Paper {
        kind: Kind::Statement,
        number: format!("{} to {}", view.from, view.to),
        date: paper.at,
        words: words::english(),
        locale,
        issuer: paper.issuer.name,
        imprint: paper.issuer.lines,
        to: vec![paper.vendor_name].into_iter().filter(|name| !name.is_empty()).collect(),
        facts: vec![("Currency".to_owned(), view.closing.currency.code().to_owned())],
        sections,
        sums: Vec::new(),
        total: Some(Sum::new("Closing balance", view.closing)),
        contained: Vec::new(),
        notes: if paper.is_whole { Vec::new() } else { vec![left_out.to_owned()] },
    })
}

fn summary(view: &StatementView) -> Result<Section> {
    let changes = [
        ("Sales", view.sales),
        ("Delivery", view.shipping),
        ("Promotions", view.promotions),
        ("Commission", view.commission),
        ("Refunds", view.refunds),
        ("Held for disputes", view.disputes_held),
        ("Lost disputes", view.disputes_lost),
        ("Held in reserve", view.reserve),
        ("Labels", view.labels),
        ("Payouts", view.payouts),
        ("Payouts that came back", view.payouts_returned),
        ("Taken back of payouts", view.payouts_reversed),
        ("Paid by the provider itself", view.paid_directly),
    ];
    let mut balance = view.opening;
    let mut lines = vec![changed("Opening balance".to_owned(), String::new(), None, balance)];
    for (title, change) in changes {
        balance = balance.plus(change)?;
        lines.push(changed(title.to_owned(), String::new(), Some(change), balance));
    }
    Ok(Section { title: "Summary".to_owned(), lines })
}

fn movements(opening: Money, all: &[VendorMovement], locale: Locale) -> Result<Section> {
    let mut balance = opening;
    let mut lines = Vec::with_capacity(all.len());
    for movement in all {
        balance = balance.plus(movement.amount)?;
        let note = format!("{} · {}", locale.date(movement.at), movement.text);
        lines.push(changed(plain(&movement.kind), note, Some(movement.amount), balance));
    }
    Ok(Section { title: "Movements".to_owned(), lines })
}

fn changed(title: String, note: String, change: Option<Money>, balance: Money) -> Line {
    Line { title, note, quantity: None, amounts: Some(Amounts { each: change, total: balance }) }
}

/// `dispute_hold` as `Dispute hold`.
fn plain(kind: &str) -> String {
    let text = kind.replace('_', " ");
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
