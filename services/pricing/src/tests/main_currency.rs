//! Shops whose main currency is another than EUR, and shops that go over to another.

use std::sync::Arc;

use contracts::{
    currencies::{CurrencyInput, ShopCurrencies},
    pricing::Quote,
};
use db::params;
use kernel::{Identity, Result, Rounding};
use runtime::Env;
use serde_json::json;
use testkit::{TestApp, admin, on_both_databases};

use super::*;
use crate::{
    Pricing, build,
    ops::{currencies, make_quote::make_quote},
};

const ALL: &str = "/api/v1/admin/currencies";
const PUBLIC: &str = "/api/v1/currencies";

fn code(code: &str) -> Currency {
    Currency::parse(code).unwrap()
}

fn in_dollars() -> Vec<ServiceDef> {
    vec![crate::service(Currency::USD)]
}

fn in_yen() -> Vec<ServiceDef> {
    vec![crate::service(code("JPY"))]
}

fn rate(rate_micro: i64) -> CurrencyInput {
    CurrencyInput { rate_micro, rounding: Rounding::default(), enabled: true }
}

async fn set(app: &TestApp, code: &str, input: &CurrencyInput) {
    app.as_user(&admin()).put(&format!("{ALL}/{code}"), input).await.expect(200);
}

/// The store of Ada, open, with a mug of 2490 minor units that is sent for 490.
async fn a_mug(app: &TestApp, currency: Currency) {
    app.deliver("pricing", &vendor_decided("ada", VendorStatus::Approved)).await;
    app.deliver("pricing", &published("ada", "mug", &[("mug", Money::new(2_490, currency))])).await;
    let (id, input) = ships("parcel", 490, None, &["DE"]);
    let methods = vec![(id, MethodInput { currency, ..input })];
    app.deliver("pricing", &MethodsChanged { vendor_id: vendor("ada"), methods, rates: vec![] }).await;
}

fn wanted_in(currency: Currency) -> QuoteRequest {
    QuoteRequest { currency, ..wants("DE", &[("mug", 1)]) }
}

async fn ask(app: &TestApp, currency: Currency) -> Quote {
    app.guest().post("/api/v1/quotes", &wanted_in(currency)).await.expect(200).json()
}

/// Price, shipping, tax and total in minor units.
fn sums(quote: &Quote) -> [i64; 4] {
    [quote.lines[0].unit_price, quote.shipping, quote.tax, quote.total].map(|money| money.amount_minor)
}

fn told(quote: &Quote) -> Vec<&str> {
    let line = quote.lines[0].explanation.iter().filter(|reason| reason.rule == "exchange");
    line.map(|reason| reason.text.as_str()).collect()
}

#[tokio::test]
async fn in_a_shop_of_dollars_rates_are_counted_from_them() {
    on_both_databases(in_dollars, |app| async move {
        let none: ShopCurrencies = app.guest().get(PUBLIC).await.expect(200).json();
        assert_eq!(none, ShopCurrencies::of_one(Currency::USD));
        let refused = app.as_user(&admin()).put(&format!("{ALL}/USD"), &rate(1_000_000)).await.expect_invalid("code");
        assert_eq!(refused["errors"][0]["reason"], "USD is the main currency: rates are counted from it.");
        a_mug(&app, Currency::USD).await;
        let dollars = ask(&app, Currency::USD).await;
        // 24.90 × 19 / 119 = 3.975…, 4.90 × 19 / 119 = 0.782…
        assert_eq!((sums(&dollars), dollars.currency), ([2_490, 490, 398 + 78, 2_980], Currency::USD));
        assert!(dollars.rates.is_empty() && told(&dollars).is_empty());
        let refused = app.guest().post("/api/v1/quotes", &wanted_in(Currency::EUR)).await;
        let problem = refused.expect_invalid("lines[0].variant_id");
        assert_eq!(problem["errors"][0]["reason"], "This is sold in USD.");

        set(&app, "EUR", &rate(920_000)).await;
        let euros = ask(&app, Currency::EUR).await;
        // 24.90 × 0.92 = 22.908, 4.90 × 0.92 = 4.508
        assert_eq!((sums(&euros), euros.currency), ([2_291, 451, 366 + 72, 2_742], Currency::EUR));
        assert_eq!(told(&euros), ["24.90 USD at 0.9200 = 22.91 EUR"]);
        assert_eq!((euros.rates[0].from, euros.rates[0].to), (Currency::USD, Currency::EUR));
        assert_eq!(ask(&app, Currency::USD).await, dollars, "who pays in dollars notices nothing");
        assert_eq!(app.count("pricing", "SELECT count(*) FROM currencies WHERE main = 'USD'").await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_main_currency_may_have_no_decimals_and_a_further_one_three() {
    on_both_databases(in_yen, |app| async move {
        a_mug(&app, code("JPY")).await;
        let yen = ask(&app, code("JPY")).await;
        assert_eq!((sums(&yen), yen.total.to_string().as_str()), ([2_490, 490, 398 + 78, 2_980], "2980 JPY"));
        set(&app, "USD", &rate(6_700)).await;
        set(&app, "KWD", &rate(2_040)).await;
        let dollars = ask(&app, Currency::USD).await;
        // 2490 × 0.0067 = 16.683, 490 × 0.0067 = 3.283
        assert_eq!([sums(&dollars)[0], sums(&dollars)[1], sums(&dollars)[3]], [1_668, 328, 1_996]);
        assert_eq!(told(&dollars), ["2490 JPY at 0.0067 = 16.68 USD"]);
        let dinars = ask(&app, code("KWD")).await;
        // 2490 × 0.00204 = 5.0796, 490 × 0.00204 = 0.9996
        assert_eq!([sums(&dinars)[0], sums(&dinars)[1], sums(&dinars)[3]], [5_080, 1_000, 6_080]);
        assert_eq!(dinars.total.to_string(), "6.080 KWD");
        assert_eq!(told(&dinars), ["2490 JPY at 0.00204 = 5.080 KWD"]);
    })
    .await;
}

#[tokio::test]
async fn a_start_with_another_main_currency_reinterprets_no_rate() {
    on_both_databases(defs, |app| async move {
        let env = || -> Env { app.system.env("pricing").unwrap().clone() };
        a_mug(&app, Currency::EUR).await;
        assert!(build(env(), Currency::USD, vec![]).await.is_ok(), "there is no rate yet");
        set(&app, "USD", &rate(1_085_000)).await;
        set(&app, "GBP", &rate(850_000)).await;
        let refused = build(env(), Currency::USD, vec![]).await.err().unwrap();
        assert_eq!(refused.fields()[0].field, "shop.currency");
        assert_eq!(
            refused.fields()[0].reason,
            "This says USD, but the shop has rates that are counted from EUR: GBP, USD. Set it to EUR as it was. To go over to \
             USD, first start with EUR and switch these currencies off at /admin/currencies; afterwards enter their rates anew, \
             and one for EUR if anything is still priced in it."
        );
        assert!(build(env(), Currency::EUR, vec![]).await.is_ok());
        let counted_from_euros = "SELECT count(*) FROM currencies WHERE main = 'EUR' AND enabled = 1";
        assert_eq!(app.count("pricing", counted_from_euros).await, 2, "nothing was changed");

        for code in ["USD", "GBP"] {
            app.as_user(&admin()).delete(&format!("{ALL}/{code}")).await.expect(204);
        }
        assert!(build(env(), Currency::USD, vec![]).await.is_ok());
        let shop = Arc::new(Pricing::new(env(), Currency::USD, vec![]));
        let listed = currencies::list(&shop, true).await.unwrap();
        assert_eq!(listed, ShopCurrencies::of_one(Currency::USD), "what was switched off is not counted from dollars");
        assert!(currencies::disable(&shop, "GBP").await.is_err());
        let priced_in_euros = |quoted: Result<Quote>| quoted.unwrap_err().fields()[0].reason.clone();
        let quoted = make_quote(&shop, &Identity::Anonymous, &wanted_in(Currency::USD)).await;
        assert_eq!(priced_in_euros(quoted), "This is sold in EUR.");

        currencies::set(&shop, "EUR", rate(920_000)).await.unwrap();
        let dollars = make_quote(&shop, &Identity::Anonymous, &wanted_in(Currency::USD)).await.unwrap();
        // 24.90 / 0.92 = 27.065…, 4.90 / 0.92 = 5.326…
        assert_eq!([sums(&dollars)[0], sums(&dollars)[1], sums(&dollars)[3]], [2_707, 533, 3_240]);
        assert_eq!(told(&dollars), ["24.90 EUR at 1.086957 = 27.07 USD"]);
        currencies::set(&shop, "GBP", rate(790_000)).await.unwrap();
        let refused = build(env(), Currency::EUR, vec![]).await.err().unwrap();
        let reason = &refused.fields()[0].reason;
        assert!(reason.starts_with("This says EUR, but the shop has rates that are counted from USD: EUR, GBP."), "{reason}");
        assert_eq!(app.count("pricing", "SELECT count(*) FROM currencies WHERE main = 'USD'").await, 2);
    })
    .await;
}

#[tokio::test]
async fn rates_of_before_are_counted_from_euros() {
    on_both_databases(defs, |app| async move {
        let before = "INSERT INTO currencies (code, rate_micro, mode, step_minor, enabled, updated_at)
                      VALUES ('USD', 1085000, 'nearest', 1, 1, 0)";
        app.db("pricing").write(async move |tx| tx.exec(before, params![]).await).await.unwrap();
        let shop = app.guest().get(PUBLIC).await.expect(200).json::<serde_json::Value>();
        assert_eq!((&shop["main"], &shop["currencies"][0]["code"]), (&json!("EUR"), &json!("USD")));
        assert_eq!(shop["currencies"][0]["rate_micro"], 1_085_000);
        let env = app.system.env("pricing").unwrap().clone();
        assert!(build(env, code("GBP"), vec![]).await.is_err());
    })
    .await;
}
