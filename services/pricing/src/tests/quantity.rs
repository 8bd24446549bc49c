//! Prices for quantities.

use contracts::{
    prices::{ProductPrices, ProductPricesInput, QuantityPrice, QuantityPriceInput, VariantPricesInput},
    pricing::{OfferChanged, Quote},
};
use serde_json::json;
use testkit::{admin, customer, on_both_databases, vendor_staff};

use super::*;

fn path(of: &str, name: &str) -> String {
    format!("/api/v1/vendors/{}/products/{}/prices", vendor(of), product(name))
}

fn steps(id: &str, steps: &[(i64, i64)]) -> VariantPricesInput {
    let steps = steps.iter().map(|(from, price_minor)| QuantityPriceInput { from: *from, price_minor: *price_minor });
    VariantPricesInput { variant_id: variant(id), quantity_prices: steps.collect() }
}

fn prices(variants: &[VariantPricesInput]) -> ProductPricesInput {
    ProductPricesInput { tax_category: None, variants: variants.to_vec() }
}

#[tokio::test]
async fn more_pieces_cost_less_each() {
    on_both_databases(defs, |app| async move {
        stock_the_shelves(&app).await;
        let ada = app.as_user(&vendor_staff(vendor("ada")));
        let set = prices(&[steps("mug", &[(5, 2200), (10, 1990)])]);
        ada.put(&path("ada", "mug"), &set).await.expect(200);
        let quote = |quantity| {
            let app = app.clone();
            async move {
                let request = wants("DE", &[("mug", quantity)]);
                app.guest().post("/api/v1/quotes", &request).await.expect(200).json::<Quote>()
            }
        };
        for (quantity, each) in [(1, 2490), (4, 2490), (5, 2200), (9, 2200), (10, 1990), (500, 1990)] {
            let quote = quote(quantity).await;
            let line = &quote.lines[0];
            assert_eq!((line.list_price, line.unit_price), (eur(2490), eur(each)));
            assert_eq!((line.total, line.discount), (eur(each * quantity), eur((2490 - each) * quantity)));
            assert_eq!((quote.subtotal, quote.discount), (eur(2490 * quantity), line.discount));
            assert_eq!(quote.total, line.total.plus(quote.shipping).unwrap());
        }
        let five = quote(5).await;
        let why = &five.lines[0].explanation[1];
        assert_eq!((&*why.rule, why.text.as_str()), ("quantity_price", "From 5 on 22.00 € each, paid by the vendor"));
        assert_eq!(why.amount, eur(-1450));
        assert!(five.explanation.iter().any(|r| r.rule == "quantity_price" && r.amount == eur(-1450)));
        assert!(quote(4).await.explanation.iter().all(|r| r.rule != "quantity_price"));

        // Two lines of one variant are one quantity.
        let split = wants("DE", &[("mug", 2), ("mug", 3)]);
        assert_eq!(app.guest().post("/api/v1/quotes", &split).await.json::<Quote>(), five);

        // A discount takes its part off the price of the quantity.
        ada.post(&format!("/api/v1/vendors/{}/discounts", vendor("ada")), &sale(&["mug"])).await.expect(201);
        let line = quote(5).await.lines.remove(0);
        assert_eq!((line.unit_price, line.discount), (eur(1760), eur((2490 - 1760) * 5)));
        assert_eq!(line.explanation[2].text, "Winter sale −20 %, 4.40 € off each, paid by the vendor");
        assert_ne!(quote(5).await.hash, five.hash);
    })
    .await;
}

#[tokio::test]
async fn prices_are_told_with_the_offer() {
    on_both_databases(defs, |app| async move {
        stock_the_shelves(&app).await;
        let ada = app.as_user(&vendor_staff(vendor("ada")));
        let set = prices(&[steps("bowl-s", &[(3, 1000), (6, 999)]), steps("bowl-l", &[])]);
        ada.put(&path("ada", "bowl"), &set).await.expect(200);
        let told = app.published::<OfferChanged>("pricing").await;
        assert_eq!(told.len(), 1);
        let small = told[0].offers.iter().find(|o| o.variant_id == variant("bowl-s")).unwrap();
        let step = |from, minor| QuantityPrice { from, price: eur(minor) };
        assert_eq!(small.quantity_prices, [step(3, 1000), step(6, 999)]);
        assert_eq!((small.price, small.discount.as_deref()), (eur(1200), None));
        // The same again tells nobody.
        ada.put(&path("ada", "bowl"), &set).await.expect(200);
        assert_eq!(app.published::<OfferChanged>("pricing").await.len(), 1);

        // With a sale the steps are cheaper too; steps that rounding makes level are one.
        let half = DiscountInput { percent_bp: 5000, ..sale(&["bowl"]) };
        ada.post(&format!("/api/v1/vendors/{}/discounts", vendor("ada")), &half).await.expect(201);
        app.settle().await;
        let told = app.published::<OfferChanged>("pricing").await.pop().unwrap();
        let small = told.offers.iter().find(|o| o.variant_id == variant("bowl-s")).unwrap();
        assert_eq!((small.price, &small.quantity_prices[..]), (eur(600), &[step(3, 500), step(6, 499)][..]));

        // A list price below a step takes the step away, in offer and quote.
        let cheap = snapshot("ada", "bowl", ProductStatus::Published, &[("bowl-s", eur(1000)), ("bowl-l", eur(1800))]);
        app.deliver("pricing", &contracts::catalog::ProductChanged { product_id: product("bowl"), product: cheap })
            .await;
        let told = app.published::<OfferChanged>("pricing").await.pop().unwrap();
        let small = told.offers.iter().find(|o| o.variant_id == variant("bowl-s")).unwrap();
        assert_eq!(small.quantity_prices, [step(6, 499)]);
        let request = wants("DE", &[("bowl-s", 3)]);
        let quote: Quote = app.guest().post("/api/v1/quotes", &request).await.expect(200).json();
        assert_eq!(quote.lines[0].unit_price, eur(500));
    })
    .await;
}

#[tokio::test]
async fn what_makes_no_sense_is_refused_and_changes_nothing() {
    on_both_databases(defs, |app| async move {
        stock_the_shelves(&app).await;
        let ada = app.as_user(&vendor_staff(vendor("ada")));
        let put = |input: ProductPricesInput| {
            let (ada, path) = (ada.clone(), path("ada", "mug"));
            async move { ada.put(&path, &input).await }
        };
        let one = |steps_of: &[(i64, i64)]| prices(&[steps("mug", steps_of)]);
        put(one(&[(1, 2000)])).await.expect_invalid("variants[0].quantity_prices[0].from");
        put(one(&[(5, 0)])).await.expect_invalid("variants[0].quantity_prices[0].price_minor");
        put(one(&[(5, 2490)])).await.expect_invalid("variants[0].quantity_prices[0].price_minor");
        put(one(&[(5, 2000), (5, 1900)])).await.expect_invalid("variants[0].quantity_prices[1].from");
        put(one(&[(5, 2000), (6, 2000)])).await.expect_invalid("variants[0].quantity_prices[1].price_minor");
        put(prices(&[steps("lamp", &[(5, 100)])])).await.expect_invalid("variants[0].variant_id");
        put(prices(&[steps("mug", &[]), steps("mug", &[])])).await.expect_invalid("variants[1].variant_id");
        put(one(&(2..13).map(|i| (i, 2000 - i)).collect::<Vec<_>>()))
            .await
            .expect_invalid("variants[0].quantity_prices");
        assert_eq!(app.count("pricing", "SELECT count(*) FROM quantity_prices").await, 0);
        assert!(app.published::<OfferChanged>("pricing").await.is_empty());

        // Versions: what somebody else has changed is not overwritten.
        let path = path("ada", "mug");
        assert_eq!(ada.get(&path).await.expect(200).header("etag"), Some("\"0\""));
        let saved = ada.header("if-match", "\"0\"").put(&path, &one(&[(5, 2000)])).await.expect(200);
        let saved: ProductPrices = saved.json();
        assert_eq!((saved.version, saved.title.as_str(), saved.variants.len()), (1, "The mug", 1));
        ada.header("if-match", "\"0\"").put(&path, &one(&[])).await.expect(412);
        assert_eq!(ada.get(&path).await.expect(200).json::<ProductPrices>(), saved);
        ada.put(&path, &json!({"variants": []})).await.expect(200);
        assert_eq!(app.count("pricing", "SELECT count(*) FROM quantity_prices").await, 0);
    })
    .await;
}

#[tokio::test]
async fn nobody_reaches_the_prices_of_another() {
    on_both_databases(defs, |app| async move {
        stock_the_shelves(&app).await;
        let (mug, empty) = (path("ada", "mug"), prices(&[]));
        app.guest().get(&mug).await.expect(401);
        app.as_user(&customer("eve")).put(&mug, &empty).await.expect(404);
        app.as_user(&vendor_staff(vendor("ben"))).put(&mug, &empty).await.expect(404);
        app.as_user(&admin()).put(&mug, &empty).await.expect(404);
        // Ben's own path with ada's product: there is no such product of his.
        let foreign = format!("/api/v1/vendors/{}/products/{}/prices", vendor("ben"), product("mug"));
        let ben = app.as_user(&vendor_staff(vendor("ben")));
        ben.get(&foreign).await.expect(404);
        ben.put(&foreign, &prices(&[steps("mug", &[(2, 1)])])).await.expect(404);
        assert_eq!(app.count("pricing", "SELECT count(*) FROM quantity_prices").await, 0);
        assert_eq!(app.count("pricing", "SELECT count(*) FROM products WHERE prices_version > 0").await, 0);
    })
    .await;
}
