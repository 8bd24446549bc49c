//! Statements add up.

use contracts::payouts::StatementView;
use serde_json::json;
use testkit::vendor_owner;

use super::{super::*, *};

async fn asked(app: &TestApp, name: &str, path: &str) -> Answer {
    app.as_user(&vendor_owner(vendor(name))).get(&of_vendor(name, path)).await
}

pub async fn statement(app: &TestApp, name: &str, from: &str, to: &str) -> StatementView {
    statement_in(app, name, Currency::EUR, from, to).await
}

pub async fn statement_in(app: &TestApp, name: &str, currency: Currency, from: &str, to: &str) -> StatementView {
    let path = format!("statement?currency={currency}&from={from}&to={to}");
    let view: StatementView = asked(app, name, &path).await.expect(200).json();
    let lines = [
        view.opening,
        view.sales,
        view.shipping,
        view.promotions,
        view.commission,
        view.refunds,
        view.disputes_held,
        view.disputes_lost,
        view.reserve,
        view.labels,
        view.payouts,
        view.payouts_returned,
        view.payouts_reversed,
        view.paid_directly,
    ];
    assert_eq!(Money::sum(currency, lines).unwrap(), view.closing, "{view:?}");
    view
}

#[tokio::test]
async fn a_statement_has_a_line_for_everything() {
    scripted(|app, _| async move {
        with_account(&app, "ada").await;
        let id = order("a");
        let mut event = placed(&app, id, Some("tok_visa"), PARTS);
        event.order.parts[0].subsidy_minor = 960;
        event.order.parts[0].items = eur(2550);
        event.order.parts[0].shipping = eur(490);
        app.deliver("payments", &event).await;
        reserve(&app, id).await;
        deliver(&app, id, "ada").await;
        days(&app, 8).await;
        run(&app, &json!({})).await;
        let payout = payouts(&app, "").await.remove(0);
        mark(&app, &payout, "failed", &json!({"reason": "x"})).await.expect(200);
        mark(&app, &payout, "retry", &json!(null)).await.expect(200);
        days(&app, 1).await;
        refund(&app, id, "ada", 1000, "k").await.expect(202);

        let view = statement(&app, "ada", "2026-01-15", "2026-01-24").await;
        let minor = |money: Money| money.amount_minor;
        assert_eq!([view.opening, view.sales, view.shipping].map(minor), [0, 2550, 490]);
        // A third went back of the 9.60 that the platform added, and of the 4.00 of commission.
        assert_eq!([view.promotions, view.commission, view.refunds].map(minor), [960 - 316, -400 + 132, -1000]);
        assert_eq!([view.payouts, view.payouts_returned, view.closing].map(minor), [-7200, 3600, -1184]);
        assert_eq!(balance(&app, "ada").await, [0, -1184, 3600, 0]);
        let first = statement(&app, "ada", "2026-01-01", "2026-01-15").await;
        assert_eq!(first.closing, eur(3600));
        let rest = statement(&app, "ada", "2026-01-16", "2026-01-31").await;
        assert_eq!((rest.opening, rest.closing, rest.sales), (first.closing, view.closing, eur(0)));

        let csv = asked(&app, "ada", "statement.csv?currency=EUR&from=2026-01-16&to=2026-01-31").await.expect(200);
        assert_eq!(csv.header("content-disposition"), Some("attachment; filename=\"statement.csv\""));
        let text = csv.text();
        let rows: Vec<Vec<&str>> = text.lines().map(|line| line.split(',').collect()).collect();
        assert_eq!(rows[0].join(","), "at,kind,text,order_id,entry_id,amount,balance,currency");
        assert_eq!((rows[1][1], rows[1][6]), ("opening_balance", "36.00"));
        let last = rows.last().unwrap();
        assert_eq!((last[1], last[6]), ("closing_balance", "-11.84"));
        let moved: i64 = rows[2..rows.len() - 1]
            .iter()
            .map(|row| Money::parse_decimal(row[5], Currency::EUR).unwrap().amount_minor)
            .sum();
        assert_eq!((rows.len(), moved), (3 + 6, -1184 - 3600));
    })
    .await;
}

#[tokio::test]
async fn days_that_are_none_are_refused() {
    scripted(|app, _| async move {
        let path = |from: &str, to: &str| format!("statement?currency=EUR&from={from}&to={to}");
        asked(&app, "ada", &path("2026-02-30", "2026-03-01")).await.expect_invalid("from");
        asked(&app, "ada", &path("2026-01-01", "soon")).await.expect_invalid("to");
        asked(&app, "ada", &path("2026-01-02", "2026-01-01")).await.expect_invalid("to");
        asked(&app, "ada", "statement.csv?currency=XXX&from=2026-01-01&to=2026-01-01").await.expect_invalid("currency");
        let empty = statement(&app, "bob", "2026-01-01", "2026-12-31").await;
        assert_eq!((empty.opening, empty.closing), (eur(0), eur(0)));
    })
    .await;
}
