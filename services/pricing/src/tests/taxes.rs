//! Taxes: what an admin sets, and what quotes make of it.

use std::time::Duration;

use contracts::{
    prices::{ProductPrices, ProductPricesInput},
    pricing::Quote,
    taxes::{TaxArea, TaxAreaInput, TaxCategory, TaxLine, TaxRate},
};
use serde_json::json;
use testkit::{TestApp, admin, customer, on_both_databases, vendor_staff};

use super::*;

const AREAS: &str = "/api/v1/admin/tax-areas";

fn rate(category: &str, rate_bp: i64, from: Option<&str>) -> TaxRate {
    TaxRate { category: category.parse().unwrap(), rate_bp, valid_from: from.map(at) }
}

/// A tax that prices contain.
fn vat(rates: &[TaxRate]) -> TaxAreaInput {
    TaxAreaInput {
        name: "VAT".to_owned(),
        region_name: String::new(),
        prices_include_tax: true,
        tax_shipping: true,
        rates: rates.to_vec(),
    }
}

/// A tax that is added to prices, and not to shipping.
fn sales_tax(region_name: &str, rates: &[TaxRate]) -> TaxAreaInput {
    TaxAreaInput {
        name: "Sales tax".to_owned(),
        region_name: region_name.to_owned(),
        prices_include_tax: false,
        tax_shipping: false,
        rates: rates.to_vec(),
    }
}

async fn ask(app: &TestApp, request: &QuoteRequest) -> Quote {
    app.guest().post("/api/v1/quotes", request).await.expect(200).json()
}

/// Puts a product into a category, as its vendor.
async fn taxed_as(app: &TestApp, of: &str, name: &str, category: &str) {
    let path = format!("/api/v1/vendors/{}/products/{}/prices", vendor(of), product(name));
    let input = ProductPricesInput { tax_category: Some(category.parse().unwrap()), variants: vec![] };
    let saved: ProductPrices = app.as_user(&vendor_staff(vendor(of))).put(&path, &input).await.expect(200).json();
    assert_eq!(saved.tax_category.as_str(), category);
}

fn tax_lines(lines: &[TaxLine]) -> Vec<(i64, i64, i64)> {
    lines.iter().map(|line| (line.rate_bp, line.net.amount_minor, line.tax.amount_minor)).collect()
}

#[tokio::test]
async fn what_was_kept_by_country_is_kept_by_area() {
    on_both_databases(defs, |app| async move {
        stock_the_shelves(&app).await;
        let areas: Vec<TaxArea> = app.guest().get("/api/v1/tax-areas").await.expect(200).json();
        assert_eq!(areas.len(), 30, "the countries that are seeded");
        let germany = areas.iter().find(|area| area.country.as_str() == "DE").unwrap();
        assert_eq!((germany.region.as_deref(), germany.version), (None, 1));
        assert_eq!(germany.input, vat(&[rate("standard", 1900, None)]));
        let categories: Vec<TaxCategory> = app.guest().get("/api/v1/tax-categories").await.expect(200).json();
        let keys: Vec<_> = categories.iter().map(|category| category.key.as_str()).collect();
        assert_eq!(keys, ["reduced", "standard", "zero"]);
    })
    .await;
}

#[tokio::test]
async fn admins_set_rates_and_quotes_follow() {
    on_both_databases(defs, |app| async move {
        stock_the_shelves(&app).await;
        let request = wants("DE", &[("lamp", 1)]);
        let before = ask(&app, &request).await;
        assert_eq!(tax_lines(&before.taxes), [(1900, 10_650 - 1701, 1701)]);

        // A new rate from next week on.
        let rates = [rate("standard", 1900, None), rate("standard", 1600, Some("2026-01-22T12:00:00Z"))];
        let input = TaxAreaInput { name: " Mehrwertsteuer ".to_owned(), ..vat(&rates) };
        let saved: TaxArea = app.as_user(&admin()).put(&format!("{AREAS}/DE"), &input).await.expect(200).json();
        assert_eq!((saved.input.name.as_str(), saved.version), ("Mehrwertsteuer", 2));
        assert_eq!(ask(&app, &request).await.hash, before.hash, "another name is no other agreement");
        app.clock.advance(Duration::from_secs(7 * 24 * 3600));
        let after = ask(&app, &request).await;
        assert_eq!(after.total, before.total, "the tax is contained");
        assert_eq!((after.lines[0].tax_rate_bp, after.lines[0].tax), (1600, eur(1366))); // 99.00 × 16 / 116
        assert_ne!(after.hash, before.hash, "another rate is another agreement");
        assert!(after.explanation.iter().any(|r| r.text == "16 % Mehrwertsteuer contained"));

        // A country that had none.
        app.as_user(&admin()).put(&format!("{AREAS}/JP"), &vat(&[rate("standard", 1000, None)])).await.expect(200);
        assert_eq!(ask(&app, &wants("JP", &[("lamp", 1)])).await.tax, eur(900 + 68));
        app.as_user(&admin()).delete(&format!("{AREAS}/JP")).await.expect(204);
        assert_eq!(ask(&app, &wants("JP", &[("lamp", 1)])).await.tax, eur(0));
    })
    .await;
}

#[tokio::test]
async fn goods_are_taxed_by_their_category_and_shipping_like_the_goods() {
    on_both_databases(defs, |app| async move {
        stock_the_shelves(&app).await;
        let rates = [rate("standard", 1900, None), rate("reduced", 700, None)];
        app.as_user(&admin()).put(&format!("{AREAS}/DE"), &vat(&rates)).await.expect(200);
        taxed_as(&app, "ada", "bowl", "reduced").await;
        // 24.90 at 19 % and 12.00 at 7 %; 4.90 for the parcel are split 331 : 159 by what the goods are worth.
        let quote = ask(&app, &wants("DE", &[("mug", 1), ("bowl-s", 1)])).await;
        let line = |id: &str| quote.lines.iter().find(|l| l.variant_id == variant(id)).unwrap();
        assert_eq!((line("mug").tax_rate_bp, line("mug").tax), (1900, eur(398)));
        assert_eq!((line("bowl-s").tax_rate_bp, line("bowl-s").tax), (700, eur(79)));
        assert_eq!((quote.shipping, quote.vendors[0].shipping_tax), (eur(490), eur(53 + 10)));
        assert_eq!(tax_lines(&quote.taxes), [(700, 1200 + 159 - 89, 89), (1900, 2490 + 331 - 451, 451)]);
        assert_eq!((quote.tax, quote.total, quote.tax_added), (eur(540), eur(4180), false));
        let texts: Vec<_> = quote.explanation.iter().filter(|r| r.rule == "tax").map(|r| r.text.as_str()).collect();
        assert_eq!(texts, ["7 % VAT contained", "19 % VAT contained"]);

        // What has no rate of its own is taxed like the standard; what is not taxed is not.
        app.as_user(&admin())
            .put("/api/v1/admin/tax-categories/books", &json!({"key": "books", "name": "Books"}))
            .await
            .expect(200);
        taxed_as(&app, "ada", "bowl", "books").await;
        assert_eq!(ask(&app, &wants("DE", &[("bowl-s", 1)])).await.lines[0].tax_rate_bp, 1900);
        taxed_as(&app, "ada", "bowl", "zero").await;
        let quote = ask(&app, &wants("DE", &[("bowl-s", 1)])).await;
        assert_eq!((quote.lines[0].tax_rate_bp, quote.tax), (0, eur(0)));
        // The catalogue's next event leaves the category as it is.
        app.deliver("pricing", &published("ada", "bowl", &[("bowl-s", eur(1200))])).await;
        assert_eq!(ask(&app, &wants("DE", &[("bowl-s", 1)])).await.tax, eur(0));
    })
    .await;
}

#[tokio::test]
async fn a_region_taxes_otherwise_than_its_country() {
    on_both_databases(defs, |app| async move {
        stock_the_shelves(&app).await;
        let admin = app.as_user(&admin());
        admin.put(&format!("{AREAS}/US"), &sales_tax("", &[rate("standard", 0, None)])).await.expect(200);
        let rates = [rate("standard", 725, None)];
        admin.put(&format!("{AREAS}/US/regions/ca"), &sales_tax("California", &rates)).await.expect(200);

        let to = |region: &str| QuoteRequest { region: Some(region.to_owned()), ..wants("US", &[("lamp", 3)]) };
        let nowhere = ask(&app, &to("Oregon")).await;
        assert_eq!((nowhere.region.as_deref(), nowhere.tax, nowhere.total), (None, eur(0), eur(29_700 + 750)));
        let by_code = ask(&app, &to(" ca ")).await;
        let line = &by_code.lines[0];
        // 297.00 × 7.25 % = 21.5325; prices stay without it, what is to be paid has it.
        assert_eq!(
            (line.list_price, line.unit_price, line.tax, line.total),
            (eur(9900), eur(9900), eur(2153), eur(31_853))
        );
        assert_eq!((by_code.subtotal, by_code.discount, by_code.shipping), (eur(29_700), eur(0), eur(750)));
        assert_eq!((by_code.tax, by_code.total, by_code.tax_added), (eur(2153), eur(31_853 + 750), true));
        assert_eq!(tax_lines(&by_code.taxes), [(0, 750, 0), (725, 29_700, 2153)]);
        assert_eq!(by_code.region.as_deref(), Some("CA"));
        let added = by_code.explanation.iter().find(|r| r.text == "7.25 % Sales tax added").unwrap();
        assert_eq!((&*added.rule, added.amount), ("tax_added", eur(2153)));
        assert_eq!(ask(&app, &to("california")).await, by_code, "by its name or by its code");

        // Two regions of one name could not be told apart.
        let twin = admin.put(&format!("{AREAS}/US/regions/CX"), &sales_tax("CALIFORNIA", &rates)).await;
        twin.expect_invalid("region_name");
        admin.put(&format!("{AREAS}/US/regions/CX"), &sales_tax("Ca", &rates)).await.expect_invalid("region_name");
        assert_eq!(app.count("pricing", "SELECT count(*) FROM tax_areas WHERE country = 'US'").await, 2);

        admin.delete(&format!("{AREAS}/US/regions/CA")).await.expect(204);
        assert_eq!(ask(&app, &to("CA")).await.tax, eur(0));
        admin.put(&format!("{AREAS}/US/regions/CA"), &sales_tax("California", &rates)).await.expect(200);
        admin.delete(&format!("{AREAS}/US")).await.expect(204);
        assert_eq!(app.count("pricing", "SELECT count(*) FROM tax_areas WHERE country = 'US'").await, 0);
        assert!(!ask(&app, &to("CA")).await.tax_added);
    })
    .await;
}

#[tokio::test]
async fn an_area_is_not_overwritten_unseen() {
    on_both_databases(defs, |app| async move {
        let (admin, path) = (app.as_user(&admin()), format!("{AREAS}/DE"));
        let input = vat(&[rate("standard", 1600, None)]);
        admin.header("if-match", "\"0\"").put(&path, &input).await.expect(412);
        let saved = admin.header("if-match", "\"1\"").put(&path, &input).await.expect(200);
        assert_eq!(saved.header("etag"), Some("\"2\""));
        admin.header("if-match", "\"1\"").delete(&path).await.expect(412);
        let new = format!("{AREAS}/JP");
        admin.header("if-match", "\"0\"").put(&new, &input).await.expect(200);
        admin.delete(&format!("{AREAS}/NZ")).await.expect(404);
        assert_eq!(app.count("pricing", "SELECT count(*) FROM tax_areas").await, 31);
    })
    .await;
}

#[tokio::test]
async fn nobody_else_sets_taxes_and_bad_ones_are_refused() {
    on_both_databases(defs, |app| async move {
        let path = format!("{AREAS}/DE");
        let good = vat(&[rate("standard", 0, None)]);
        app.guest().put(&path, &good).await.expect_problem(401, "unauthenticated");
        app.as_user(&customer("eve")).put(&path, &good).await.expect_problem(403, "forbidden");
        app.as_user(&customer("eve")).delete(&path).await.expect_problem(403, "forbidden");
        let books = json!({"key": "books", "name": "Books"});
        app.as_user(&customer("eve")).put("/api/v1/admin/tax-categories/books", &books).await.expect(403);
        let admin = app.as_user(&admin());
        admin.put(&path, &vat(&[rate("standard", 5001, None)])).await.expect_invalid("rates[0].rate_bp");
        admin.put(&path, &vat(&[rate("standard", -1, None)])).await.expect_invalid("rates[0].rate_bp");
        admin.put(&path, &vat(&[rate("books", 1, None)])).await.expect_invalid("rates[0].category");
        let twice = [rate("standard", 1, None), rate("standard", 2, None)];
        admin.put(&path, &vat(&twice)).await.expect_invalid("rates[1].valid_from");
        admin.put(&path, &TaxAreaInput { name: " ".to_owned(), ..good.clone() }).await.expect_invalid("name");
        let named = TaxAreaInput { region_name: "X".to_owned(), ..good.clone() };
        admin.put(&path, &named).await.expect_invalid("region_name");
        admin.put(&format!("{AREAS}/Germany"), &good).await.expect_invalid("country");
        admin.put(&format!("{AREAS}/DE/regions/no%20code"), &good).await.expect_invalid("region");
        let untouched = "SELECT count(*) FROM tax_areas WHERE version = 1";
        assert_eq!(app.count("pricing", untouched).await, 30);
    })
    .await;
}

#[tokio::test]
async fn a_category_in_use_stays() {
    on_both_databases(defs, |app| async move {
        stock_the_shelves(&app).await;
        let (admin, path) = (app.as_user(&admin()), "/api/v1/admin/tax-categories/books");
        admin.put(path, &json!({"key": "books", "name": " "})).await.expect_invalid("name");
        admin.put(path, &json!({"key": "other", "name": "Other"})).await.expect_invalid("key");
        admin.delete(path).await.expect(404);
        admin.put(path, &json!({"key": "books", "name": "Books"})).await.expect(200);
        admin.put(path, &json!({"key": "books", "name": "Books and maps"})).await.expect(200);
        taxed_as(&app, "ada", "mug", "books").await;
        admin.delete(path).await.expect_problem(409, "tax_category_in_use");
        for needed in ["standard", "zero"] {
            let path = format!("/api/v1/admin/tax-categories/{needed}");
            admin.delete(&path).await.expect_problem(409, "tax_category_needed");
        }
        // Prices that say nothing of the category leave it as it is.
        let prices = format!("/api/v1/vendors/{}/products/{}/prices", vendor("ada"), product("mug"));
        let ada = app.as_user(&vendor_staff(vendor("ada")));
        let kept: ProductPrices = ada.put(&prices, &json!({"variants": []})).await.expect(200).json();
        assert_eq!(kept.tax_category.as_str(), "books");
        let unknown = json!({"tax_category": "nonsense", "variants": []});
        ada.put(&prices, &unknown).await.expect_invalid("tax_category");
        taxed_as(&app, "ada", "mug", "standard").await;
        admin.delete(path).await.expect(204);
        let left: Vec<TaxCategory> = app.guest().get("/api/v1/tax-categories").await.json();
        assert_eq!(left.len(), 3);
    })
    .await;
}
