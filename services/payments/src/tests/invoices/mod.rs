//! Commission invoices: months, sums, numbers; through the router, on both databases.

mod issuing;
mod rules;
mod seeing;
mod taxed;

use std::time::Duration;

use contracts::invoices::{InvoiceLine, InvoiceView};
use kernel::{Clock, Page, Timestamp};
use testkit::{Answer, TestApp, admin, vendor_owner};

use super::vendor;
use crate::InvoiceSettings;

/// A platform in Germany, whose commission contains 19 % for vendors there.
pub fn settings() -> InvoiceSettings {
    InvoiceSettings {
        name: "Souk Ltd".to_owned(),
        lines: vec!["1 Market Square, Berlin".to_owned(), "VAT DE123456789".to_owned()],
        country: "DE".to_owned(),
        tax_rate_bp: 1_900,
        note_abroad: "Reverse charge.".to_owned(),
        ..InvoiceSettings::default()
    }
}

/// Lets time pass until then, all at once.
async fn until(app: &TestApp, at: &str) {
    let at: Timestamp = at.parse().unwrap();
    let wait: Duration = at.since(app.clock.now());
    app.advance(wait).await;
}

/// All invoices as admins see them, newest first.
async fn all(app: &TestApp) -> Vec<InvoiceView> {
    let page: Page<InvoiceView> =
        app.as_user(&admin()).get("/api/v1/admin/invoices?limit=100").await.expect(200).json();
    page.items
}

async fn numbers(app: &TestApp) -> Vec<String> {
    all(app).await.into_iter().map(|invoice| invoice.number).collect()
}

async fn asked(app: &TestApp, name: &str, path: &str) -> Answer {
    let path = format!("/api/v1/vendors/{}/invoices{path}", vendor(name));
    app.as_user(&vendor_owner(vendor(name))).get(&path).await
}

/// A vendor's invoices, newest first.
async fn of(app: &TestApp, name: &str) -> Vec<InvoiceView> {
    let page: Page<InvoiceView> = asked(app, name, "").await.expect(200).json();
    page.items
}

/// Lines as text: kind, postings, amount.
fn lines(invoice: &InvoiceView) -> Vec<String> {
    let line = |line: &InvoiceLine| format!("{} {} {}", line.kind, line.postings, line.amount.amount_minor);
    invoice.lines.iter().map(line).collect()
}
