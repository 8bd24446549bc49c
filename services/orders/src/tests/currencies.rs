//! Orders in another currency than the main one.

use contracts::{
    currencies::QuoteRate,
    orders::{OrderPlaced, PlacedOrder},
    pricing::Quote,
};
use kernel::{Currency, Money, Rounding};
use serde_json::json;
use testkit::on_both_databases;

use super::{Others, body, defs, rows, two_vendors, view};

fn usd(minor: i64) -> Money {
    Money::new(minor, Currency::USD)
}

/// The usual quote in dollars, at a rate.
fn in_dollars(rate: &str) -> Quote {
    let text = serde_json::to_string(&two_vendors()).unwrap().replace("\"EUR\"", "\"USD\"");
    let quote: Quote = serde_json::from_str(&text).unwrap();
    let rate = QuoteRate {
        from: Currency::EUR,
        to: Currency::USD,
        rate: rate.to_owned(),
        rounding: Rounding { step_minor: 5, ..Rounding::default() },
    };
    Quote { hash: format!("{:0>64}", rate.rate.replace('.', "")), rates: vec![rate], ..quote }
}

#[tokio::test]
async fn an_order_is_in_the_currency_of_its_quote_and_keeps_the_rate() {
    on_both_databases(defs, |app| async move {
        let others = Others::on(&app);
        others.set(in_dollars("1.0850"));
        let mut wanted = body(&in_dollars("1.0850"));
        wanted["currency"] = json!("USD");
        let placed: PlacedOrder = app.guest().key("one").post("/api/v1/orders", &wanted).await.expect(202).json();
        assert_eq!(others.asked.lock().unwrap()[0].currency, Currency::USD);
        assert_eq!(placed.order.quote, in_dollars("1.0850"));
        let events: Vec<OrderPlaced> = app.published("orders").await;
        let told = &events[0].order;
        assert_eq!((told.total, told.parts[0].lines[0].total), (usd(6_040), usd(2_000)));

        // What a dollar costs later is nothing to this order.
        others.set(in_dollars("1.2000"));
        let later = view(&app, &placed).await;
        assert_eq!((later.quote.rates[0].rate.as_str(), later.quote.total), ("1.0850", usd(6_040)));
        assert_eq!(later.vendor_orders[0].total.currency, Currency::USD);
        assert_eq!(app.count("orders", "SELECT count(*) FROM orders WHERE currency = 'USD'").await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_rate_that_changed_since_is_told_before_anything_is_ordered() {
    on_both_databases(defs, |app| async move {
        let others = Others::on(&app);
        others.set(in_dollars("1.0860"));
        let before = rows(&app).await;
        let mut wanted = body(&in_dollars("1.0850"));
        wanted["currency"] = json!("USD");
        let answer = app.guest().key("one").post("/api/v1/orders", &wanted).await;
        let problem = answer.expect_problem(409, "quote_changed");
        assert_eq!(problem["extra"]["quote"]["rates"][0]["rate"], "1.0860");
        assert_eq!(rows(&app).await, before);
    })
    .await;
}
