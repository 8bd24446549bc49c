//! Who sees which, as what.

use contracts::invoices::{InvoiceMonth, InvoiceView};
use kernel::Page;
use testkit::{customer, pdf, vendor_owner, vendor_staff};

use super::{
    super::{
        payouts::{paid, refund},
        *,
    },
    all, asked, of, until,
};

/// January and February: an invoice of each vendor, then a credit note of ada.
async fn two_months(app: &TestApp) {
    let id = paid(app, "a", PARTS).await;
    until(app, "2026-02-10T12:00:00Z").await;
    refund(app, id, "ada", 3040, "k").await.expect(202);
    until(app, "2026-03-01T01:30:00Z").await;
    assert_eq!(all(app).await.len(), 3);
}

#[tokio::test]
async fn a_vendor_sees_its_own_and_no_other() {
    scripted(|app, _| async move {
        two_months(&app).await;
        let (adas, bobs) = (of(&app, "ada").await, of(&app, "bob").await);
        assert_eq!((adas.len(), bobs.len()), (2, 1));
        let other = &bobs[0].number;
        let own: InvoiceView = asked(&app, "bob", &format!("/{other}")).await.expect(200).json();
        assert_eq!(own, bobs[0]);
        for path in [format!("/{other}"), format!("/{other}/invoice.pdf"), "/2026-1".to_owned(), "/none".to_owned()] {
            asked(&app, "ada", &path).await.expect_problem(404, "not_found");
        }
        let path = format!("/api/v1/vendors/{}/invoices", vendor("ada"));
        for who in [vendor_staff(vendor("ada")), vendor_owner(vendor("bob")), admin()] {
            for path in [path.clone(), format!("{path}/{}", adas[0].number)] {
                app.as_user(&who).get(&path).await.expect_problem(404, "not_found");
            }
        }
        app.guest().get(&path).await.expect_problem(401, "unauthenticated");
        for path in ["/api/v1/admin/invoices", "/api/v1/admin/invoices/months"] {
            app.guest().get(path).await.expect_problem(401, "unauthenticated");
            for who in [customer("eve"), vendor_owner(vendor("ada"))] {
                app.as_user(&who).get(path).await.expect_problem(403, "forbidden");
            }
        }
        // A vendor that names another in the query still sees its own.
        let page: Page<InvoiceView> =
            asked(&app, "ada", &format!("?vendor_id={}", vendor("bob"))).await.expect(200).json();
        assert_eq!(page.items, adas);
    })
    .await;
}

#[tokio::test]
async fn lists_come_in_pages_and_months_are_summed_up() {
    scripted(|app, _| async move {
        two_months(&app).await;
        let list = async |query: &str| -> Page<InvoiceView> {
            app.as_user(&admin()).get(&format!("/api/v1/admin/invoices?{query}")).await.expect(200).json()
        };
        let (mut seen, mut query) = (Vec::new(), "limit=1".to_owned());
        loop {
            let page = list(&query).await;
            seen.extend(page.items.into_iter().map(|invoice| invoice.number));
            let Some(next) = page.next else { break };
            query = format!("limit=1&after={next}");
        }
        assert_eq!(seen, ["2026-000003", "2026-000002", "2026-000001"]);
        assert_eq!(list("period=2026-01").await.items.len(), 2);
        assert_eq!(list(&format!("period=2026-01&vendor_id={}", vendor("ada"))).await.items.len(), 1);
        assert!(list("period=2025-12").await.items.is_empty());
        assert!(list("currency=USD").await.items.is_empty());
        let months = async |query: String| -> Vec<(String, i64, i64, i64, i64)> {
            let path = format!("/api/v1/admin/invoices/months{query}");
            let all: Vec<InvoiceMonth> = app.as_user(&admin()).get(&path).await.expect(200).json();
            let row =
                |m: InvoiceMonth| (m.period, m.documents, m.credit_notes, m.total.amount_minor, m.tax.amount_minor);
            all.into_iter().map(row).collect()
        };
        let february = ("2026-02".to_owned(), 1, 1, -304, -49);
        assert_eq!(months(String::new()).await, [february, ("2026-01".to_owned(), 2, 0, 679, 109)]);
        let bobs = months(format!("?vendor_id={}", vendor("bob"))).await;
        assert_eq!(bobs, [("2026-01".to_owned(), 1, 0, 375, 60)]);
    })
    .await;
}

#[tokio::test]
async fn papers_say_their_number_and_what_was_charged() {
    scripted(|app, _| async move {
        two_months(&app).await;
        let adas = of(&app, "ada").await;
        let number = &adas[1].number;
        let answer = asked(&app, "ada", &format!("/{number}/invoice.pdf")).await.expect(200);
        assert_eq!(answer.header("content-type"), Some("application/pdf"));
        let name = format!("inline; filename=\"invoice-{number}.pdf\"");
        assert_eq!(answer.header("content-disposition"), Some(name.as_str()));
        let text = pdf::text(&answer.body);
        let heading = format!("Invoice {number}");
        for line in [
            "Souk Ltd",
            "1 Market Square, Berlin · VAT DE123456789",
            heading.as_str(),
            "ada",
            "Period: 2026-01-01 to 2026-01-31",
            "Commission on sales",
            "3.04\u{a0}€",
            "VAT 19\u{a0}% contained",
            "0.49\u{a0}€",
        ] {
            assert!(text.lines().any(|found| found == line), "{line:?} in {text}");
        }
        let path = "/api/v1/admin/invoices/2026-000003/invoice.pdf";
        let note = app.as_user(&admin()).get(path).await.expect(200);
        let name = "inline; filename=\"credit-note-2026-000003.pdf\"";
        assert_eq!(note.header("content-disposition"), Some(name));
        let text = pdf::text(&note.body);
        for line in ["Credit note 2026-000003", "Commission given back with refunds", "\u{2212}3.04\u{a0}€"] {
            assert!(text.lines().any(|found| found == line), "{line:?} in {text}");
        }
        app.as_user(&admin()).get("/api/v1/admin/invoices/2026-000004/invoice.pdf").await.expect(404);
        let one: InvoiceView = app.as_user(&admin()).get("/api/v1/admin/invoices/2026-000003").await.expect(200).json();
        assert_eq!(one, adas[0]);
    })
    .await;
}

#[tokio::test]
async fn a_statement_is_a_paper_too() {
    scripted(|app, _| async move {
        paid(&app, "a", PARTS).await;
        let path =
            format!("/api/v1/vendors/{}/statement.pdf?currency=EUR&from=2026-01-01&to=2026-01-31", vendor("ada"));
        let answer = app.as_user(&vendor_owner(vendor("ada"))).get(&path).await.expect(200);
        let name = "inline; filename=\"statement-2026-01-01-to-2026-01-31.pdf\"";
        assert_eq!(answer.header("content-disposition"), Some(name));
        let text = pdf::text(&answer.body);
        for line in [
            "Statement 2026-01-01 to 2026-01-31",
            "ada",
            "Opening balance",
            "Sales",
            "30.40\u{a0}€",
            "\u{2212}3.04\u{a0}€",
            "15 January 2026 · Payment of order S-2601-000001",
            "Closing balance",
            "27.36\u{a0}€",
        ] {
            assert!(text.lines().any(|found| found == line), "{line:?} in {text}");
        }
        app.as_user(&vendor_owner(vendor("bob"))).get(&path).await.expect(404);
        let bad = path.replace("2026-01-31", "soon");
        app.as_user(&vendor_owner(vendor("ada"))).get(&bad).await.expect_invalid("to");
    })
    .await;
}
