//! What is issued when, under which number.

use std::sync::Arc;

use contracts::{
    disputes::DisputeStatus,
    invoices::{InvoiceIssued, InvoiceKind},
};
use db::params;

use super::{
    super::{
        disputes::{decided, opened},
        payouts::{paid, refund},
        *,
    },
    all, lines, numbers, of, settings, until,
};
use crate::{Payments, ops, provider::Providers};

#[tokio::test]
async fn a_month_is_invoiced_once_it_is_over() {
    scripted(|app, _| async move {
        paid(&app, "a", PARTS).await;
        until(&app, "2026-02-01T00:30:00Z").await;
        assert!(all(&app).await.is_empty(), "it is over for half an hour only");
        until(&app, "2026-02-01T01:30:00Z").await;
        assert_eq!(numbers(&app).await, ["2026-000002", "2026-000001"]);

        let ada = of(&app, "ada").await.remove(0);
        assert_eq!((ada.kind, ada.total, ada.tax), (InvoiceKind::Invoice, eur(304), eur(49)));
        assert_eq!(lines(&ada), ["commission 1 304"]);
        assert_eq!((ada.period.as_str(), ada.from.as_str(), ada.to.as_str()), ("2026-01", "2026-01-01", "2026-01-31"));
        assert_eq!(
            (ada.vendor_id, ada.vendor_name.as_str(), ada.vendor_country.as_str()),
            (vendor("ada"), "ada", "DE")
        );
        assert_eq!((ada.issuer.name.as_str(), ada.issuer.lines.len(), ada.tax_rate_bp), ("Souk Ltd", 2, 1_900));
        assert_eq!((ada.note, ada.issued_at), (None, app.clock.now()));
        let bob = of(&app, "bob").await.remove(0);
        assert_eq!((bob.total, bob.tax, lines(&bob)), (eur(375), eur(60), vec!["commission 1 375".to_owned()]));

        // A month without commission has no invoice, and what was issued stays as it was.
        let rename = "UPDATE vendors SET name = 'other'";
        app.db("payments").write(async move |tx| tx.exec(rename, params![]).await).await.unwrap();
        until(&app, "2026-04-02T00:00:00Z").await;
        assert_eq!(of(&app, "bob").await, [bob]);
        assert_eq!(app.count("payments", "SELECT count(*) FROM invoices").await, 2);
        assert_eq!(app.count("payments", "SELECT count(*) FROM invoice_runs").await, 3);
        sound(&app).await;
    })
    .await;
}

#[tokio::test]
async fn what_goes_back_in_the_next_month_is_a_credit_note() {
    scripted(|app, script| async move {
        let id = paid(&app, "a", PARTS).await;
        until(&app, "2026-02-10T12:00:00Z").await;
        refund(&app, id, "ada", 3040, "k").await.expect(202);
        let dispute = opened(&app, &script, id, "dp_1", 1000).await;
        assert_eq!(dispute.status, DisputeStatus::Opened);
        decided(&app, &script, "dp_1", false).await;
        paid(&app, "b", &[("ada", 1000)]).await;
        paid(&app, "c", &[("ada", 2000)]).await;
        until(&app, "2026-03-01T01:30:00Z").await;
        assert_eq!(numbers(&app).await, ["2026-000004", "2026-000003", "2026-000002", "2026-000001"]);

        let ada = of(&app, "ada").await;
        assert_eq!(ada.iter().map(|i| i.total.amount_minor).collect::<Vec<_>>(), [300 - 304, 304]);
        assert_eq!(lines(&ada[0]), ["commission 2 300", "commission_refund 1 -304"]);
        assert_eq!((ada[0].kind, ada[0].tax, ada[0].period.as_str()), (InvoiceKind::CreditNote, eur(-1), "2026-02"));
        let bob = of(&app, "bob").await;
        assert_eq!(lines(&bob[0]), ["dispute_commission 1 -125"]);
        assert_eq!((bob[0].kind, bob[0].total, bob[0].tax), (InvoiceKind::CreditNote, eur(-125), eur(-20)));
        let told: Vec<InvoiceIssued> = app.published("payments").await;
        assert_eq!(told.len(), 4, "each is told of once");
        let last = told.iter().find(|event| event.number == ada[0].number).unwrap();
        assert_eq!((last.kind, last.total, last.vendor_id), (InvoiceKind::CreditNote, eur(-4), vendor("ada")));
        // All invoices together are all that the ledger has of commission.
        let earned = "SELECT CAST(-sum(amount_minor) AS BIGINT) FROM postings WHERE account = 'commission'";
        let invoiced = "SELECT CAST(sum(total_minor) AS BIGINT) FROM invoices";
        assert_eq!(app.count("payments", invoiced).await, app.count("payments", earned).await);
        sound(&app).await;
    })
    .await;
}

#[tokio::test]
async fn two_schedulers_at_once_issue_one_each_without_a_gap() {
    for dialect in [Dialect::Sqlite, Dialect::Postgres] {
        let (app, _) = scripted_on(dialect).await;
        let names = ["ada", "bob", "cy", "dot", "eve", "fay"];
        for name in &names[2..] {
            terms(&app, name, 1000).await;
        }
        let parts: Vec<(&str, i64)> = names.iter().map(|name| (*name, 1000)).collect();
        paid(&app, "a", &parts).await;
        // The clock goes on without its own scheduler noticing.
        app.clock.advance(Duration::from_secs(20 * 24 * 3600));
        let env = app.system.env("payments").expect("payments runs here");
        let schedulers: Vec<_> = (0..8)
            .map(|_| {
                let one = Arc::new(Payments::new(
                    env,
                    payouts::settings(),
                    settings(),
                    crate::ReconcileSettings::default(),
                    Providers::new([]),
                ));
                tokio::spawn(async move { ops::issue_invoices(&one).await })
            })
            .collect();
        for one in schedulers {
            one.await.unwrap().unwrap();
        }
        app.settle().await;
        let expected: Vec<String> = (1..=6).rev().map(|n| format!("2026-{n:06}")).collect();
        assert_eq!(numbers(&app).await, expected);
        for name in names {
            let own = of(&app, name).await;
            assert_eq!((own.len(), own[0].total), (1, eur(if name == "bob" { 125 } else { 100 })));
        }
        assert_eq!(app.count("payments", "SELECT last FROM invoice_numbers WHERE year = 2026").await, 6);
        assert_eq!(app.count("payments", "SELECT count(*) FROM invoice_runs").await, 1);
        sound(&app).await;
    }
}

#[tokio::test]
async fn one_that_cannot_be_issued_takes_no_number_and_comes_later() {
    scripted(|app, _| async move {
        paid(&app, "a", PARTS).await;
        let (ada, forget) = (vendor("ada"), "UPDATE vendors SET name = '' WHERE id = $1");
        app.db("payments").write(async move |tx| tx.exec(forget, params![ada]).await).await.unwrap();
        until(&app, "2026-02-01T01:30:00Z").await;
        assert_eq!(numbers(&app).await, ["2026-000001"]);
        assert_eq!(all(&app).await[0].vendor_id, vendor("bob"));
        assert_eq!(app.count("payments", "SELECT count(*) FROM invoice_runs").await, 0);
        terms(&app, "ada", 1000).await;
        pass(&app, 900).await;
        assert_eq!(numbers(&app).await, ["2026-000002", "2026-000001"]);
        assert_eq!(of(&app, "ada").await[0].total, eur(304));
        assert_eq!(app.count("payments", "SELECT count(*) FROM invoice_runs").await, 1);
    })
    .await;
}

#[tokio::test]
async fn each_year_counts_from_one() {
    scripted(|app, _| async move {
        paid(&app, "a", &[("ada", 1000)]).await;
        until(&app, "2026-12-20T12:00:00Z").await;
        paid(&app, "b", &[("ada", 2000)]).await;
        until(&app, "2027-02-03T00:00:00Z").await;
        let ada = of(&app, "ada").await;
        let seen: Vec<_> = ada.iter().map(|i| (i.number.as_str(), i.period.as_str(), i.total.amount_minor)).collect();
        assert_eq!(seen, [("2027-000001", "2026-12", 200), ("2026-000001", "2026-01", 100)]);
    })
    .await;
}
