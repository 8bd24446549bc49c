use std::time::Duration;

use contracts::pricing::{DiscountView, Quote};
use kernel::Page;
use serde_json::json;
use testkit::{admin, customer, on_both_databases, vendor_owner, vendor_staff};

use super::*;

fn path(of: &str) -> String {
    format!("/api/v1/vendors/{}/discounts", vendor(of))
}

#[tokio::test]
async fn the_best_discount_counts_within_its_period() {
    on_both_databases(defs, |app| async move {
        stock_the_shelves(&app).await;
        let ada = app.as_user(&vendor_staff(vendor("ada")));
        ada.post(&path("ada"), &sale(&["mug"])).await.expect(201);
        let small = DiscountInput {
            name: "Everything".to_owned(),
            percent_bp: 1250,
            product_ids: vec![],
            ends_at: None,
            ..sale(&[])
        };
        ada.post(&path("ada"), &small).await.expect(201);

        let request = wants("DE", &[("mug", 3), ("bowl-s", 1), ("lamp", 1)]);
        let quote: Quote = app.guest().post("/api/v1/quotes", &request).await.expect(200).json();
        let line = |id: &str| quote.lines.iter().find(|l| l.variant_id == variant(id)).unwrap();
        assert_eq!(
            (line("mug").unit_price, line("mug").discount, line("mug").total),
            (eur(1992), eur(1494), eur(5976))
        );
        assert_eq!(line("mug").explanation[1].text, "Winter sale −20 %, 4.98 € off each, paid by the vendor");
        assert_eq!(line("mug").explanation[1].amount, eur(-1494));
        assert_eq!((line("bowl-s").unit_price, line("bowl-s").discount), (eur(1050), eur(150)));
        assert_eq!((line("lamp").unit_price, line("lamp").discount), (eur(9900), eur(0)), "another vendor's discount");
        assert_eq!((quote.subtotal, quote.discount), (eur(18_570), eur(1644)));
        assert_eq!(quote.total, eur(18_570 - 1644 + 750), "what ada ships is still above 50.00");
        let mut discounts: Vec<_> =
            quote.explanation.iter().filter(|r| r.rule == "discount").map(|r| (r.text.as_str(), r.amount)).collect();
        // They stand by their ids, which chance has made in the same moment.
        discounts.sort_by_key(|(_, amount)| amount.amount_minor);
        let expected = [
            ("Winter sale −20 %, paid by the vendor", eur(-1494)),
            ("Everything −12.5 %, paid by the vendor", eur(-150)),
        ];
        assert_eq!(discounts, expected);

        // The end is exclusive: from that moment on, the smaller one counts.
        app.clock.set(at("2026-01-22T11:59:59.999999Z"));
        let last: Quote = app.guest().post("/api/v1/quotes", &request).await.expect(200).json();
        assert_eq!((&last.hash, last.discount), (&quote.hash, quote.discount), "only the parcels arrive later");
        app.clock.advance(Duration::from_micros(1));
        let after: Quote = app.guest().post("/api/v1/quotes", &request).await.expect(200).json();
        assert_eq!(after.discount, eur(311 * 3 + 150)); // 24.90 × 12.5 % = 3.1125
    })
    .await;
}

#[tokio::test]
async fn discounts_are_listed_changed_and_removed() {
    on_both_databases(defs, |app| async move {
        stock_the_shelves(&app).await;
        let ada = app.as_user(&vendor_owner(vendor("ada")));
        let first: DiscountView = ada.post(&path("ada"), &sale(&["mug", "bowl"])).await.expect(201).json();
        assert_eq!((first.version, first.active), (1, true));
        app.clock.advance(Duration::from_secs(1));
        let later = DiscountInput { starts_at: at("2026-02-01T00:00:00Z"), ends_at: None, ..sale(&[]) };
        let second: DiscountView = ada.post(&path("ada"), &later).await.expect(201).json();
        assert!(!second.active);

        let page: Page<DiscountView> = ada.get(&format!("{}?limit=1", path("ada"))).await.expect(200).json();
        assert_eq!(page.items, std::slice::from_ref(&second));
        let rest: Page<DiscountView> =
            ada.get(&format!("{}?limit=1&after={}", path("ada"), page.next.unwrap())).await.expect(200).json();
        assert_eq!((&rest.items[..], rest.next), (std::slice::from_ref(&first), None));

        let one = format!("{}/{}", path("ada"), first.id);
        assert_eq!(ada.get(&one).await.expect(200).header("etag"), Some("\"1\""));
        let changed = DiscountInput { percent_bp: 5000, ..sale(&["bowl"]) };
        let answer = ada.header("if-match", "\"1\"").put(&one, &changed).await.expect(200);
        assert_eq!(answer.header("etag"), Some("\"2\""));
        assert_eq!(answer.json::<DiscountView>().input, changed);
        ada.header("if-match", "\"1\"").put(&one, &sale(&[])).await.expect_problem(412, "stale_version");
        ada.header("if-match", "\"1\"").delete(&one).await.expect_problem(412, "stale_version");
        assert_eq!(ada.get(&one).await.expect(200).json::<DiscountView>().input, changed);
        ada.header("if-match", "\"2\"").delete(&one).await.expect(204);
        ada.get(&one).await.expect_problem(404, "not_found");
        ada.delete(&one).await.expect_problem(404, "not_found");
        assert_eq!(app.count("pricing", "SELECT count(*) FROM discount_products").await, 0);
    })
    .await;
}

#[tokio::test]
async fn bad_discounts_are_refused_and_change_nothing() {
    on_both_databases(defs, |app| async move {
        stock_the_shelves(&app).await;
        let ada = app.as_user(&vendor_staff(vendor("ada")));
        let good = serde_json::to_value(sale(&["mug"])).unwrap();
        let with = |key: &str, value: serde_json::Value| {
            let mut body = good.clone();
            body[key] = value;
            body
        };
        for (key, value) in [
            ("name", json!("")),
            ("name", json!("   ")),
            ("name", json!("x".repeat(81))),
            ("percent_bp", json!(0)),
            ("percent_bp", json!(9_501)),
            ("percent_bp", json!("20")),
            ("ends_at", json!("2026-01-15T12:00:00Z")),
            ("starts_at", json!("tomorrow")),
            ("product_ids", json!(vec![product("mug"); 1001])),
        ] {
            ada.post(&path("ada"), &with(key, value)).await.expect_invalid(key);
        }
        let over = DiscountInput {
            starts_at: at("2025-01-01T00:00:00Z"),
            ends_at: Some(at("2026-01-15T12:00:00Z")),
            ..sale(&[])
        };
        ada.post(&path("ada"), &over).await.expect_invalid("ends_at");
        let foreign = ada.post(&path("ada"), &sale(&["mug", "lamp"])).await.expect_invalid("product_ids[1]");
        let missing = ada.post(&path("ada"), &sale(&["mug", "nothing"])).await.expect_invalid("product_ids[1]");
        assert_eq!(foreign, missing, "another vendor's product looks like a missing one");
        assert_eq!(app.count("pricing", "SELECT count(*) FROM discounts").await, 0);
        assert_eq!(app.count("pricing", "SELECT count(*) FROM jobs WHERE kind = 'reprice'").await, 0);
    })
    .await;
}

#[tokio::test]
async fn discounts_are_their_vendors_own() {
    on_both_databases(defs, |app| async move {
        stock_the_shelves(&app).await;
        let (ada, ben) = (app.as_user(&vendor_staff(vendor("ada"))), app.as_user(&vendor_owner(vendor("ben"))));
        let mine: DiscountView = ada.post(&path("ada"), &sale(&["mug"])).await.expect(201).json();
        app.settle().await;

        app.guest().post(&path("ada"), &sale(&[])).await.expect_problem(401, "unauthenticated");
        app.as_user(&customer("eve")).post(&path("ada"), &sale(&[])).await.expect_problem(404, "not_found");
        app.as_user(&admin()).get(&path("ada")).await.expect_problem(404, "not_found");
        ben.get(&path("ada")).await.expect_problem(404, "not_found");

        // Under ben's own address, ada's discount looks exactly like one that does not exist.
        let theirs = format!("{}/{}", path("ben"), mine.id);
        let nothing = format!("{}/{}", path("ben"), kernel::DiscountId::derived("test", &["none"]));
        for (foreign, missing) in [
            (ben.get(&theirs).await, ben.get(&nothing).await),
            (ben.put(&theirs, &sale(&[])).await, ben.put(&nothing, &sale(&[])).await),
            (ben.delete(&theirs).await, ben.delete(&nothing).await),
        ] {
            assert_eq!((foreign.status.as_u16(), foreign.text()), (404, missing.text()));
        }
        assert_eq!(ada.get(&format!("{}/{}", path("ada"), mine.id)).await.expect(200).json::<DiscountView>(), mine);
        assert_eq!(app.count("pricing", "SELECT count(*) FROM discounts").await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_vendor_has_a_limited_number_of_discounts() {
    on_both_databases(defs, |app| async move {
        stock_the_shelves(&app).await;
        let ada = app.as_user(&vendor_staff(vendor("ada")));
        let later = DiscountInput { starts_at: at("2026-02-01T00:00:00Z"), ends_at: None, ..sale(&["mug"]) };
        let short = DiscountInput { ends_at: Some(at("2026-01-15T13:00:00Z")), ..sale(&["mug"]) };
        let over: DiscountView = ada.post(&path("ada"), &short).await.expect(201).json();
        app.clock.advance(Duration::from_secs(3600));
        for _ in 0..195 {
            ada.post(&path("ada"), &later).await.expect(201);
        }
        // 20 at once for the last 5 places.
        let attempts = (0..20).map(|_| async { ada.post(&path("ada"), &later).await.status.as_u16() });
        let created = futures::future::join_all(attempts).await;
        assert_eq!(created.iter().filter(|status| **status == 201).count(), 5, "{created:?}");
        ada.post(&path("ada"), &later).await.expect_problem(409, "too_many_discounts");
        assert_eq!(app.count("pricing", "SELECT count(*) FROM discounts").await, 201);
        // One that is over does not come back beside them either.
        let one = format!("{}/{}", path("ada"), over.id);
        ada.put(&one, &later).await.expect_problem(409, "too_many_discounts");
    })
    .await;
}
