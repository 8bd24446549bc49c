//! Tax in the commission, booked with the invoices.

use contracts::payments::MoneyReport;

use super::{
    super::{
        disputes::{decided, opened},
        payouts::{paid, refund},
        *,
    },
    all, settings, until,
};
use crate::{InvoiceSettings, provider::PaymentProvider};

async fn booking(dialect: Dialect) -> (TestApp, Arc<Script>) {
    let script = Arc::new(Script::default());
    let provider = script.clone();
    let invoices = InvoiceSettings { book_tax: true, ..settings() };
    let def = service_with(payouts::settings(), invoices, ReconcileSettings::default(), move |_| {
        Ok(Providers::new([provider as Arc<dyn PaymentProvider>]))
    });
    let app = TestApp::start(dialect, vec![def]).await;
    script.clock.set(app.clock.clone()).ok();
    terms(&app, "ada", 1000).await;
    terms(&app, "bob", 1250).await;
    (app, script)
}

async fn on(app: &TestApp, account: &str) -> i64 {
    let sql =
        format!("SELECT CAST(COALESCE(-sum(amount_minor), 0) AS BIGINT) FROM postings WHERE account = '{account}'");
    app.count("payments", &sql).await
}

/// The postings of taxes, in order.
async fn taxes(app: &TestApp) -> Vec<String> {
    let entries = journal(app).await.into_iter().filter(|entry| entry.kind == "commission_tax");
    let mut all: Vec<String> = entries.map(|entry| postings(&entry).join(", ")).collect();
    all.sort();
    all
}

#[tokio::test]
async fn the_ledger_owes_the_tax_that_stands_on_the_invoices() {
    for dialect in [Dialect::Sqlite, Dialect::Postgres] {
        let (app, script) = booking(dialect).await;
        let id = paid(&app, "a", PARTS).await;
        assert_eq!((on(&app, "commission").await, on(&app, "tax_payable").await), (304 + 375, 0));
        until(&app, "2026-02-01T01:30:00Z").await;
        assert_eq!(taxes(&app).await, ["commission 49, tax_payable -49", "commission 60, tax_payable -60"]);
        assert_eq!((on(&app, "commission").await, on(&app, "tax_payable").await), (304 + 375 - 109, 109));

        // What goes back of commission takes its tax with it, on the invoice of the month in which it goes back.
        until(&app, "2026-02-10T12:00:00Z").await;
        refund(&app, id, "ada", 3040, "k").await.expect(202);
        opened(&app, &script, id, "dp_1", 1000).await;
        decided(&app, &script, "dp_1", false).await;
        paid(&app, "b", &[("ada", 1000)]).await;
        paid(&app, "c", &[("ada", 2000)]).await;
        until(&app, "2026-03-01T01:30:00Z").await;
        let invoiced = all(&app).await;
        assert_eq!(invoiced.len(), 4);
        let (total, tax) = invoiced
            .iter()
            .fold((0, 0), |(total, tax), invoice| (total + invoice.total.amount_minor, tax + invoice.tax.amount_minor));
        assert_eq!(tax, 49 + 60 - 1 - 20);
        assert_eq!((on(&app, "commission").await, on(&app, "tax_payable").await), (total - tax, tax));
        assert_eq!(taxes(&app).await.len(), 4);
        sound(&app).await;

        // The report keeps both apart: commission as vendors were charged it, and the tax in it.
        let path = "/api/v1/admin/reports/money?currency=EUR&from=2026-01-01&to=2026-03-31";
        let report: MoneyReport = app.as_user(&admin()).get(path).await.expect(200).json();
        assert_eq!((report.total.commission_minor, report.total.commission_tax_minor), (total, tax));

        // A month is gone through once: nothing is booked again.
        until(&app, "2026-04-02T00:00:00Z").await;
        assert_eq!((taxes(&app).await.len(), on(&app, "tax_payable").await), (4, tax));
    }
}

#[tokio::test]
async fn nothing_of_it_is_booked_unless_that_is_wanted() {
    scripted(|app, _| async move {
        paid(&app, "a", PARTS).await;
        until(&app, "2026-02-01T01:30:00Z").await;
        assert_eq!(all(&app).await.iter().map(|invoice| invoice.tax.amount_minor).sum::<i64>(), 109);
        assert_eq!((on(&app, "commission").await, taxes(&app).await.len()), (304 + 375, 0));
        assert_eq!(app.count("payments", "SELECT count(*) FROM invoices WHERE tax_booked_minor <> 0").await, 0);
    })
    .await;
}
