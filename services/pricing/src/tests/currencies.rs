//! Currencies of the shop: set, chosen from, and what quotes in them come to.

use contracts::{
    currencies::{CurrencyInput, ShopCurrencies, ShopCurrency},
    price_lists::PriceListInput,
    pricing::{Quote, QuoteLine, Reason},
    promotions::{Held, HoldPromotions, PromotionView},
    shipping::ValuePrice,
};
use kernel::{OrderId, Rounding, RoundingMode};
use proptest::prelude::*;
use serde_json::json;
use testkit::{TestApp, admin, customer, on_both_databases, vendor_staff};

use super::{
    price_lists::{assigned, groups, list, path},
    quote_model::{any_prices, before_tax, request},
    *,
};
use crate::model::{currency::convert, quote::quote};

const ALL: &str = "/api/v1/admin/currencies";
const PUBLIC: &str = "/api/v1/currencies";

/// 1.0850, prices end in .99.
fn dollars() -> CurrencyInput {
    let rounding = Rounding { mode: RoundingMode::Nearest, step_minor: 100, ending_minor: Some(99) };
    CurrencyInput { rate_micro: 1_085_000, rounding, enabled: true }
}

async fn set(app: &TestApp, code: &str, input: &CurrencyInput) -> ShopCurrency {
    app.as_user(&admin()).put(&format!("{ALL}/{code}"), input).await.expect(200).json()
}

#[tokio::test]
async fn an_admin_says_what_the_shop_sells_in() {
    on_both_databases(defs, |app| async move {
        let none: ShopCurrencies = app.guest().get(PUBLIC).await.expect(200).json();
        assert_eq!(none, ShopCurrencies::of_one(Currency::EUR));
        let usd = set(&app, "USD", &dollars()).await;
        assert_eq!((usd.code, usd.rate_micro, usd.updated_at), (Currency::USD, 1_085_000, at("2026-01-15T12:00:00Z")));
        let yen = CurrencyInput { rate_micro: 162_500_000, rounding: Rounding::default(), enabled: false };
        set(&app, "JPY", &yen).await;
        let chosen_from = app.guest().get(PUBLIC).await.expect(200);
        assert_eq!(chosen_from.header("cache-control"), Some("public, max-age=60"));
        assert_eq!(chosen_from.json::<ShopCurrencies>().currencies, std::slice::from_ref(&usd));
        let all: ShopCurrencies = app.as_user(&admin()).get(ALL).await.expect(200).json();
        let codes: Vec<&str> = all.currencies.iter().map(|currency| currency.code.code()).collect();
        assert_eq!((codes, all.main), (vec!["JPY", "USD"], Currency::EUR));

        app.as_user(&admin()).delete(&format!("{ALL}/USD")).await.expect(204);
        let left: ShopCurrencies = app.guest().get(PUBLIC).await.expect(200).json();
        assert!(left.currencies.is_empty());
        let again = set(&app, "USD", &CurrencyInput { rate_micro: 1_100_000, ..dollars() }).await;
        assert_eq!((again.rate_micro, again.enabled), (1_100_000, true));
        assert_eq!(app.count("pricing", "SELECT count(*) FROM currencies").await, 2);
    })
    .await;
}

#[tokio::test]
async fn what_makes_no_currency_is_refused_and_nobody_else_may() {
    on_both_databases(defs, |app| async move {
        let boss = app.as_user(&admin());
        let put = |code: &str, input: serde_json::Value| {
            let (boss, path) = (boss.clone(), format!("{ALL}/{code}"));
            async move { boss.put(&path, &input).await }
        };
        let with = |rate: i64, step: i64, ending: Option<i64>| {
            json!({"rate_micro": rate, "rounding": {"step_minor": step, "ending_minor": ending}})
        };
        put("USD", with(0, 1, None)).await.expect_invalid("rate_micro");
        put("USD", with(100_000_000_001, 1, None)).await.expect_invalid("rate_micro");
        put("USD", with(1_000_000, 0, None)).await.expect_invalid("rounding.step_minor");
        put("USD", with(1_000_000, 100, Some(100))).await.expect_invalid("rounding.ending_minor");
        put("USD", with(1_000_000, 100, Some(-1))).await.expect_invalid("rounding.ending_minor");
        put("EUR", with(1_000_000, 1, None)).await.expect_invalid("code");
        put("XXX", with(1_000_000, 1, None)).await.expect_invalid("currency");
        boss.delete(&format!("{ALL}/USD")).await.expect_problem(404, "not_found");
        for person in [app.as_user(&customer("tom")), app.as_user(&vendor_staff(vendor("ada")))] {
            person.put(&format!("{ALL}/USD"), &dollars()).await.expect(403);
            person.delete(&format!("{ALL}/USD")).await.expect(403);
            person.get(ALL).await.expect(403);
        }
        app.guest().get(ALL).await.expect(401);
        assert_eq!(app.count("pricing", "SELECT count(*) FROM currencies").await, 0);
    })
    .await;
}

fn usd(minor: i64) -> Money {
    Money::new(minor, Currency::USD)
}

/// The same, to be paid in dollars.
fn in_dollars(request: QuoteRequest) -> QuoteRequest {
    QuoteRequest { currency: Currency::USD, ..request }
}

async fn ask(app: &TestApp, request: &QuoteRequest) -> Quote {
    app.guest().post("/api/v1/quotes", request).await.expect(200).json()
}

fn told<'a>(reasons: &'a [Reason], rule: &str) -> Vec<&'a str> {
    reasons.iter().filter(|reason| reason.rule == rule).map(|reason| reason.text.as_str()).collect()
}

fn line<'a>(quote: &'a Quote, id: &str) -> &'a QuoteLine {
    quote.lines.iter().find(|line| line.variant_id == variant(id)).unwrap()
}

#[tokio::test]
async fn a_quote_in_another_currency_is_exact_and_says_how_it_came_about() {
    on_both_databases(defs, |app| async move {
        stock_the_shelves(&app).await;
        let mugs = wants("DE", &[("mug", 2)]);
        let euros = ask(&app, &mugs).await;
        let refused = app.guest().post("/api/v1/quotes", &in_dollars(mugs.clone())).await;
        let problem = refused.expect_invalid("lines[0].variant_id");
        assert_eq!(problem["errors"][0]["reason"], "This is sold in EUR.");

        set(&app, "USD", &dollars()).await;
        let quote = ask(&app, &in_dollars(mugs.clone())).await;
        let mug = line(&quote, "mug");
        // 24.90 × 1.085 = 27.0165, 4.90 × 1.085 = 5.3165, 9.90 × 1.085 = 10.7415
        assert_eq!((mug.list_price, mug.unit_price, mug.total), (usd(2_699), usd(2_699), usd(5_398)));
        assert_eq!(told(&mug.explanation, "exchange"), ["24.90 EUR at 1.0850 = 27.02 USD, rounded to 26.99 USD"]);
        let ada = &quote.vendors[0];
        assert_eq!(ada.methods.iter().map(|method| method.price).collect::<Vec<_>>(), [usd(499), usd(1_099)]);
        assert_eq!((quote.shipping, quote.total, quote.currency), (usd(499), usd(5_897), Currency::USD));
        assert_eq!(quote.tax, usd(862 + 80)); // 53.98 × 19 / 119 = 8.618…, 4.99 × 19 / 119 = 0.796…
        assert_eq!(
            told(&quote.explanation, "exchange_rate"),
            ["1 EUR = 1.0850 USD, prices rounded to the nearest 1.00 USD, ending in 0.99"]
        );
        let rate = &quote.rates[0];
        assert_eq!((rate.from, rate.to, rate.rate.as_str()), (Currency::EUR, Currency::USD, "1.0850"));
        assert_eq!((rate.rounding, quote.rates.len()), (dollars().rounding, 1));
        // Free from 50.00, which is 53.99: three are, as they are in euros.
        assert_eq!(ask(&app, &in_dollars(wants("DE", &[("mug", 3)]))).await.shipping, usd(0));
        assert_eq!(ask(&app, &mugs).await, euros, "who pays in euros notices nothing");
        assert!(euros.rates.is_empty());

        // Rows by value are prices: from 40.00 on, which is 43.40 and asked as 42.99, 2.90, which is 3.1465.
        let (id, mut parcel) = ships("parcel", 490, None, &[]);
        parcel.value_prices = vec![ValuePrice { from_minor: 4_000, price_minor: 290 }];
        let methods = vec![(id, parcel)];
        app.deliver("pricing", &MethodsChanged { vendor_id: vendor("ada"), methods, rates: vec![] }).await;
        let quote = ask(&app, &in_dollars(mugs)).await;
        assert_eq!(quote.shipping, usd(299));
        assert_eq!(told(&quote.explanation, "shipping"), ["ADA, parcel: goods of 53.98 $, from 42.99 $ on"]);
    })
    .await;
}

#[tokio::test]
async fn another_rate_is_another_agreement_and_no_currency_none() {
    on_both_databases(defs, |app| async move {
        stock_the_shelves(&app).await;
        set(&app, "USD", &dollars()).await;
        let mugs = in_dollars(wants("DE", &[("mug", 2)]));
        let before = ask(&app, &mugs).await;
        assert_eq!(ask(&app, &mugs).await, before);
        // So little that no price changes.
        set(&app, "USD", &CurrencyInput { rate_micro: 1_085_100, ..dollars() }).await;
        let after = ask(&app, &mugs).await;
        assert_eq!((after.total, after.rates[0].rate.as_str()), (before.total, "1.0851"));
        assert_ne!(after.hash, before.hash);

        app.as_user(&admin()).delete(&format!("{ALL}/USD")).await.expect(204);
        let problem = app.guest().post("/api/v1/quotes", &mugs).await.expect_invalid("currency");
        let reason = "The shop does not sell in USD now. Choose another currency.";
        assert_eq!(problem["errors"][0]["reason"], reason);
    })
    .await;
}

#[tokio::test]
async fn discounts_come_before_the_conversion() {
    on_both_databases(defs, |app| async move {
        stock_the_shelves(&app).await;
        set(&app, "USD", &dollars()).await;
        let ada = app.as_user(&vendor_staff(vendor("ada")));
        ada.post(&format!("/api/v1/vendors/{}/discounts", vendor("ada")), &sale(&["mug"])).await.expect(201);
        let quote = ask(&app, &in_dollars(wants("DE", &[("mug", 2)]))).await;
        let mug = line(&quote, "mug");
        // 19.92 × 1.085 = 21.6132
        assert_eq!((mug.list_price, mug.unit_price, mug.discount), (usd(2_699), usd(2_199), usd(1_000)));
        assert_eq!(told(&mug.explanation, "discount"), ["Winter sale −20 %, 5.00 $ off each, paid by the vendor"]);
        assert_eq!(
            told(&mug.explanation, "exchange"),
            [
                "24.90 EUR at 1.0850 = 27.02 USD, rounded to 26.99 USD",
                "19.92 EUR at 1.0850 = 21.61 USD, rounded to 21.99 USD"
            ]
        );
    })
    .await;
}

#[tokio::test]
async fn what_a_promotion_takes_off_is_converted_and_counted_in_its_own_currency() {
    on_both_databases(defs, |app| async move {
        stock_the_shelves(&app).await;
        set(&app, "USD", &dollars()).await;
        let input = PromotionInput {
            minimum_minor: 2_400,
            budget_minor: Some(900),
            ..coded("FIVE", Effect::AmountOff { amount_minor: 500 })
        };
        let made: PromotionView =
            app.as_user(&admin()).post("/api/v1/admin/promotions", &input).await.expect(201).json();
        let mut wanted = in_dollars(wants("DE", &[("mug", 1)]));
        wanted.codes = vec!["FIVE".parse().unwrap()];
        let quote = ask(&app, &wanted).await;
        // 5.00 × 1.085 = 5.425, to steps of 1.00 without an ending; 5.00 / 1.085 = 4.608…, counted up.
        let taken = &quote.promotions[0];
        assert_eq!((taken.amount, taken.platform, taken.counted), (usd(500), usd(500), Some(eur(461))));
        assert_eq!((line(&quote, "mug").total, quote.total), (usd(2_199), usd(2_698)));

        let hold = |name: &str| HoldPromotions {
            order_id: OrderId::derived("test", &[name]),
            customer: Customer::default(),
            promotions: quote.promotions.clone(),
        };
        let orders = app.as_service("orders");
        let held: Held = orders.post("/internal/promotions/hold", &hold("one")).await.expect(200).json();
        assert!(held.refused.is_none());
        let now: PromotionView =
            app.as_user(&admin()).get(&format!("/api/v1/admin/promotions/{}", made.id)).await.expect(200).json();
        assert_eq!((now.uses, now.spent), (1, eur(461)));
        // 4.39 is left of the budget: too little for another one.
        let second: Held = orders.post("/internal/promotions/hold", &hold("two")).await.expect(200).json();
        assert!(second.refused.is_some());
        let late = ask(&app, &wanted).await;
        assert!(late.promotions.is_empty() && !late.codes[0].applied);
    })
    .await;
}

#[tokio::test]
async fn a_price_list_in_the_currency_takes_the_place_of_converted_ones() {
    on_both_databases(defs, |app| async move {
        stock_the_shelves(&app).await;
        groups(&app, &["trade"]).await;
        assigned(&app, "tom", &["trade"]).await;
        let ada = app.as_user(&vendor_staff(vendor("ada")));
        ada.post(&path("ada"), &list(&[("mug", 2_000)])).await.expect(201);
        let of_dollars = PriceListInput { currency: Currency::USD, ..list(&[("mug", 2_500)]) };
        ada.post(&path("ada"), &of_dollars).await.expect_invalid("prices[0].sku");
        set(&app, "USD", &dollars()).await;

        let ask = |request: QuoteRequest| {
            let tom = app.as_user(&customer("tom"));
            async move { tom.post("/api/v1/quotes", &request).await.expect(200).json::<Quote>() }
        };
        let converted = ask(in_dollars(wants("DE", &[("mug", 1)]))).await;
        assert_eq!(line(&converted, "mug").unit_price, usd(2_199)); // 20.00 × 1.085 = 21.70
        assert_eq!(
            told(&line(&converted, "mug").explanation, "exchange")[1],
            "20.00 EUR at 1.0850 = 21.70 USD, rounded to 21.99 USD"
        );
        ada.post(&path("ada"), &of_dollars).await.expect(201);
        let own = ask(in_dollars(wants("DE", &[("mug", 1)]))).await;
        assert_eq!(line(&own, "mug").unit_price, usd(2_500));
        assert_eq!(
            told(&line(&own, "mug").explanation, "price_list"),
            ["Trade prices, 25.00 $ each, paid by the vendor"]
        );
        let euros = ask(wants("DE", &[("mug", 1)])).await;
        assert_eq!((line(&euros, "mug").unit_price, euros.rates.len()), (eur(2_000), 0), "nothing was converted");
    })
    .await;
}

#[tokio::test]
async fn what_is_priced_in_a_further_currency_is_sold_in_the_main_one() {
    on_both_databases(defs, |app| async move {
        stock_the_shelves(&app).await;
        app.deliver("pricing", &published("ben", "import", &[("import", usd(1_000))])).await;
        set(&app, "USD", &dollars()).await;
        let quote = ask(&app, &wants("DE", &[("import", 1), ("lamp", 1)])).await;
        // 10.00 / 1.085 = 9.2165…, to the cent
        assert_eq!((line(&quote, "import").unit_price, quote.subtotal), (eur(922), eur(10_822)));
        assert_eq!((quote.rates.len(), quote.rates[0].rate.as_str()), (1, "0.921659"));
        assert_eq!(told(&line(&quote, "import").explanation, "exchange"), ["10.00 USD at 0.921659 = 9.22 EUR"]);
        let yen = QuoteRequest { currency: Currency::parse("JPY").unwrap(), ..wants("DE", &[("import", 1)]) };
        app.guest().post("/api/v1/quotes", &yen).await.expect_invalid("lines[0].variant_id");
    })
    .await;
}

proptest! {
    #[test]
    fn what_a_quote_asks_is_what_pages_show(prices in any_prices(), quantities in prop::collection::vec(1..5_000_i64, 12)) {
        let CurrencyInput { rate_micro, rounding, enabled } = dollars();
        let usd = ShopCurrency { code: Currency::USD, rate_micro, rounding, enabled, updated_at: Timestamp(0) };
        let shop = ShopCurrencies { main: Currency::EUR, currencies: vec![usd] };
        let exchange = shop.exchange(Currency::EUR, Currency::USD).unwrap();
        let request = request(&prices, &quantities);
        let in_euros = quote(&request, &prices).unwrap();
        let mut converted = prices;
        convert(&mut converted, &shop, Currency::USD).unwrap();
        let quote = quote(&in_dollars(request), &converted).unwrap();
        let sum = |all: Vec<Money>| Money::sum(Currency::USD, all).unwrap();
        for (euros, dollars) in in_euros.lines.iter().zip(&quote.lines) {
            prop_assert_eq!(dollars.list_price, exchange.price(euros.list_price).unwrap());
            prop_assert_eq!(dollars.unit_price, exchange.price(euros.unit_price).unwrap());
            let total = before_tax(&quote, dollars.total, dollars.tax);
            prop_assert_eq!(dollars.unit_price.times(dollars.quantity).unwrap(), total);
            prop_assert_eq!(dollars.list_price.times(dollars.quantity).unwrap().minus(dollars.discount).unwrap(), total);
            let steps = dollars.explanation.iter().filter(|reason| reason.rule != "tax").map(|reason| reason.amount);
            prop_assert_eq!(sum(steps.collect()), dollars.total);
        }
        let steps = quote.explanation.iter().filter(|r| r.rule != "tax" && r.rule != "total").map(|r| r.amount);
        prop_assert_eq!(sum(steps.collect()), quote.total);
        prop_assert_eq!(sum(quote.vendors.iter().map(|vendor| vendor.total).collect()), quote.total);
    }
}
