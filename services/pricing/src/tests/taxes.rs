use contracts::pricing::{Quote, TaxRate};
use serde_json::json;
use testkit::{admin, customer, on_both_databases};

use super::*;

#[tokio::test]
async fn admins_set_rates_and_quotes_follow() {
    on_both_databases(defs, |app| async move {
        stock_the_shelves(&app).await;
        let rates: Vec<TaxRate> = app.guest().get("/api/v1/tax-rates").await.expect(200).json();
        assert_eq!(rates.len(), 30);
        assert!(rates.iter().any(|r| r.country.as_str() == "CH" && r.rate_bp == 810));
        let request = wants("DE", &[("lamp", 1)]);
        let before: Quote = app.guest().post("/api/v1/quotes", &request).await.expect(200).json();

        let body = json!({"country": "DE", "name": "Mehrwertsteuer", "rate_bp": 1600});
        app.as_user(&admin()).put("/api/v1/admin/tax-rates/DE", &body).await.expect(200);
        let after: Quote = app.guest().post("/api/v1/quotes", &request).await.expect(200).json();
        assert_eq!(after.total, before.total, "the tax is contained");
        assert_eq!((after.lines[0].tax_rate_bp, after.lines[0].tax), (1600, eur(1366))); // 99.00 × 16 / 116
        assert_ne!(after.hash, before.hash, "another rate is another agreement");
        assert!(after.explanation.iter().any(|r| r.text == "16 % Mehrwertsteuer contained"));

        let new = json!({"country": "JP", "name": "Consumption tax", "rate_bp": 1000});
        app.as_user(&admin()).put("/api/v1/admin/tax-rates/JP", &new).await.expect(200);
        let rates: Vec<TaxRate> = app.guest().get("/api/v1/tax-rates").await.expect(200).json();
        assert_eq!(rates.len(), 31);
    })
    .await;
}

#[tokio::test]
async fn nobody_else_sets_rates_and_bad_ones_are_refused() {
    on_both_databases(defs, |app| async move {
        let path = "/api/v1/admin/tax-rates/DE";
        let body = json!({"country": "DE", "name": "VAT", "rate_bp": 0});
        app.guest().put(path, &body).await.expect_problem(401, "unauthenticated");
        app.as_user(&customer("eve")).put(path, &body).await.expect_problem(403, "forbidden");
        let admin = app.as_user(&admin());
        admin.put(path, &json!({"country": "FR", "name": "VAT", "rate_bp": 0})).await.expect_invalid("country");
        admin.put(path, &json!({"country": "DE", "name": "VAT", "rate_bp": 5001})).await.expect_invalid("rate_bp");
        admin.put(path, &json!({"country": "DE", "name": "VAT", "rate_bp": -1})).await.expect_invalid("rate_bp");
        admin.put(path, &json!({"country": "DE", "name": " ", "rate_bp": 0})).await.expect_invalid("name");
        admin.put("/api/v1/admin/tax-rates/Germany", &body).await.expect_invalid("country");
        assert_eq!(
            app.count("pricing", "SELECT count(*) FROM tax_rates WHERE country = 'DE' AND rate_bp = 1900").await,
            1
        );
    })
    .await;
}
