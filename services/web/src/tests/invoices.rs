//! Commission invoices in the vendor portal and in the administration.

use contracts::invoices::{InvoiceIssuer, InvoiceKind, InvoiceLine, InvoiceMonth, InvoiceView};
use kernel::VendorRole;

use super::{fixtures::*, portal::*, stage::Stage};

fn here(path: &str) -> String {
    format!("/vendor/{}/invoices{path}", kiln())
}
fn api(path: &str) -> String {
    format!("GET /api/v1/vendors/{}/invoices{path}", kiln())
}

fn invoice(number: &str, kind: InvoiceKind, minor: i64) -> InvoiceView {
    InvoiceView {
        number: number.to_owned(),
        kind,
        vendor_id: kiln(),
        vendor_name: "Kiln <old>".to_owned(),
        vendor_country: "PT".parse().unwrap(),
        period: "2025-12".to_owned(),
        from: "2025-12-01".to_owned(),
        to: "2025-12-31".to_owned(),
        lines: vec![InvoiceLine {
            kind: "commission".to_owned(),
            text: "Commission on sales".to_owned(),
            postings: 3,
            amount: eur(minor),
        }],
        total: eur(minor),
        tax: eur(0),
        tax_name: "VAT".to_owned(),
        tax_rate_bp: 0,
        issuer: InvoiceIssuer { name: "Souk".to_owned(), lines: vec![] },
        note: None,
        issued_at: at("2026-01-01T01:15:00Z"),
    }
}

#[tokio::test]
async fn an_owner_finds_every_invoice_and_its_paper() {
    let stage = Stage::new().await;
    let mut ines = at_work(&stage, VendorRole::Owner).await;
    stage.says(&api(""), page::<InvoiceView>(&[]));
    ines.get(&here("")).await.expect(200).says(&["No invoices yet", "Look at the statement", "nothing is to be paid"]);
    let all =
        [invoice("2026-000002", InvoiceKind::CreditNote, -304), invoice("2026-000001", InvoiceKind::Invoice, 1_234)];
    stage.says(&api(""), page(&all));
    ines.get(&here("")).await.expect(200).says(&[
        "2026-000002",
        "Credit note",
        "\u{2212}3.04\u{a0}€",
        "12.34\u{a0}€",
        "December 2025",
        &format!("href=\"{}\"", here("/2026-000001/invoice.pdf")),
    ]);
    let asked = api("/2026-000001/invoice.pdf");
    stage.says(&asked, "the paper");
    ines.get(&here("/2026-000001/invoice.pdf")).await.expect(200).says(&["the paper"]);
    assert_eq!(stage.asked_once(&asked).headers["accept-language"], "en");
    ines.get(&here("/2026-000009/invoice.pdf")).await.expect(404);
}

#[tokio::test]
async fn admins_see_months_with_their_totals() {
    let stage = Stage::new().await;
    let mut mary = in_charge(&stage).await;
    let (list, months) = ("GET /api/v1/admin/invoices", "GET /api/v1/admin/invoices/months");
    stage.says(list, page::<InvoiceView>(&[]));
    stage.says(months, Vec::<InvoiceMonth>::new());
    mary.get("/admin/invoices").await.expect(200).says(&["No invoices yet", "issued by themselves"]);
    let month = InvoiceMonth {
        period: "2025-12".to_owned(),
        documents: 2,
        credit_notes: 1,
        total: eur(93_000),
        tax: eur(14_849),
    };
    stage.says(months, [month]);
    stage.says(list, page(&[invoice("2026-000001", InvoiceKind::Invoice, 1_234)]));
    mary.get("/admin/invoices").await.expect(200).says(&[
        "By month",
        "/admin/invoices?period=2025-12",
        "930.00\u{a0}€",
        "148.49\u{a0}€",
        "Kiln &#60;old&#62;",
        "Now Kiln &#38; Daughters",
        "/admin/invoices/2026-000001/invoice.pdf",
    ]);
    stage.forget();
    let narrowed = format!("/admin/invoices?period=2025-12&vendor_id={}", kiln());
    mary.get(&narrowed).await.expect(200).says(&["Invoices of December 2025", "Show all"]);
    let query = stage.asked_once(list).query;
    assert_eq!(query, format!("period=2025-12&vendor_id={}&limit=25", kiln()));
    assert_eq!(stage.asked_once(months).query, format!("vendor_id={}", kiln()));
    stage.says(list, page::<InvoiceView>(&[]));
    mary.get(&narrowed).await.expect(200).says(&["No invoice fits", "Show all invoices"]);
    let asked = "GET /api/v1/admin/invoices/2026-000001/invoice.pdf";
    stage.says(asked, "the paper");
    mary.get("/admin/invoices/2026-000001/invoice.pdf").await.expect(200).says(&["the paper"]);
}
