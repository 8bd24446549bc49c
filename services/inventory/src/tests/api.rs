//! What vendors and everybody ask for.

use contracts::inventory::{LevelView, MovementView, StockLevel, StockLevelChanged, StockLow, StockView};
use kernel::Page;
use serde_json::{Value, json};
use testkit::{TestApp, on_both_databases, vendor_owner, vendor_staff};

use super::support::*;

async fn movement_kinds(app: &TestApp, sku: &str) -> Vec<(String, i64)> {
    let loom = vendor("loom");
    let path = format!("/api/v1/vendors/{loom}/stock/{}/movements", variant(sku));
    let page: Page<MovementView> = app.as_user(&vendor_owner(loom)).get(&path).await.expect(200).json();
    page.items.into_iter().map(|m| (m.kind.as_str().to_owned(), m.delta)).collect()
}

#[tokio::test]
async fn adjusting() {
    on_both_databases(under_test, |app| async move {
        let loom = vendor("loom");
        stocked(&app, loom, "rug", &[("RUG", Some(10))]).await;
        app.deliver("inventory", &placed("o1", &[(loom, "RUG", 4)])).await;
        let staff = app.as_user(&vendor_staff(loom));
        let path = format!("/api/v1/vendors/{loom}/stock/{}/adjustments", variant("RUG"));

        let body = json!({"change": {"add": 5}, "reason": " delivery "});
        let stock: StockView = staff.post(&path, &body).await.expect(200).json();
        assert_eq!((stock.on_hand, stock.reserved, stock.available), (15, 4, 11));
        let stock: StockView = staff.post(&path, &json!({"change": {"add": -2}})).await.expect(200).json();
        assert_eq!(stock.on_hand, 13);
        let stock: StockView = staff.post(&path, &json!({"change": {"set": 4}})).await.expect(200).json();
        assert_eq!((stock.on_hand, stock.level), (4, StockLevel::SoldOut));
        let expected = [("count", -9), ("adjustment", -2), ("receipt", 5), ("initial", 10)];
        assert_eq!(movement_kinds(&app, "RUG").await, expected.map(|(kind, delta)| (kind.to_owned(), delta)));
        assert_eq!(app.published::<StockLow>("inventory").await.len(), 1);

        // What is promised stays.
        for change in [json!({"set": 3}), json!({"add": -1}), json!({"add": -1_000_000}), json!({"correct": -1})] {
            staff.post(&path, &json!({"change": change, "reason": "x"})).await.expect_problem(409, "stock_reserved");
        }
        let told = app.published::<StockLevelChanged>("inventory").await.len();
        staff.post(&path, &json!({"change": {"add": 0}})).await.expect_invalid("change.add");
        staff.post(&path, &json!({"change": {"correct": 0}, "reason": "x"})).await.expect_invalid("change.correct");
        staff.post(&path, &json!({"change": {"correct": 2}, "reason": " "})).await.expect_invalid("reason");
        staff.post(&path, &json!({"change": {"add": 1_000_001}})).await.expect(422);
        staff.post(&path, &json!({"change": {"set": -1}})).await.expect(422);
        staff.post(&path, &json!({"change": {"add": "3"}})).await.expect(422);
        staff.post(&path, &json!({"change": {"add": 1}, "reason": "x".repeat(201)})).await.expect_invalid("reason");
        staff.post(&path, &json!({"change": {"add": 1}, "who": "me"})).await.expect(422);
        staff.post(&path, &json!({})).await.expect(422);
        staff.post(&path, &json!({"change": {"add": 1}, "reason": "a\u{0}b"})).await.expect(422);
        assert_eq!(numbers(&app, loom, "RUG").await, (4, 4));
        assert_eq!(movement_kinds(&app, "RUG").await.len(), 4);
        assert_eq!(app.published::<StockLevelChanged>("inventory").await.len(), told);
        check_invariants(&app).await;
    })
    .await;
}

#[tokio::test]
async fn nothing_is_on_hand_without_end() {
    on_both_databases(under_test, |app| async move {
        let loom = vendor("loom");
        stocked(&app, loom, "rug", &[("RUG", Some(10))]).await;
        let sql = "UPDATE stock SET on_hand = 1000000000 WHERE on_hand = 10";
        app.db("inventory").write(async move |tx| tx.exec(sql, vec![]).await).await.unwrap();
        let path = format!("/api/v1/vendors/{loom}/stock/{}/adjustments", variant("RUG"));
        app.as_user(&vendor_owner(loom)).post(&path, &json!({"change": {"add": 1}})).await.expect_invalid("change");
    })
    .await;
}

#[tokio::test]
async fn thresholds() {
    on_both_databases(under_test, |app| async move {
        let loom = vendor("loom");
        stocked(&app, loom, "rug", &[("RUG", Some(8))]).await;
        let owner = app.as_user(&vendor_owner(loom));
        let path = format!("/api/v1/vendors/{loom}/stock/{}/threshold", variant("RUG"));
        let stock: StockView = owner.put(&path, &json!({"low_threshold": 8})).await.expect(200).json();
        assert_eq!((stock.low_threshold, stock.level), (8, StockLevel::Low(8)));
        assert!(app.published::<StockLow>("inventory").await.is_empty(), "nothing was sold");
        let stock: StockView = owner.put(&path, &json!({"low_threshold": 0})).await.expect(200).json();
        assert_eq!(stock.level, StockLevel::InStock);
        owner.put(&path, &json!({"low_threshold": -1})).await.expect_invalid("low_threshold");
        owner.put(&path, &json!({"low_threshold": 1_000_001})).await.expect_invalid("low_threshold");
        let low = format!("/api/v1/vendors/{loom}/stock?low=true");
        let page: Page<StockView> = owner.get(&low).await.expect(200).json();
        assert!(page.items.is_empty());
        check_invariants(&app).await;
    })
    .await;
}

#[tokio::test]
async fn lists() {
    on_both_databases(under_test, |app| async move {
        let (loom, kiln) = (vendor("loom"), vendor("kiln"));
        for n in 1..=5 {
            stocked(&app, loom, &format!("rug-{n}"), &[(&format!("RUG-{n}"), Some(n * 2))]).await;
        }
        stocked(&app, kiln, "pot", &[("100%_POT", Some(1))]).await;
        let staff = app.as_user(&vendor_staff(loom));
        let list = format!("/api/v1/vendors/{loom}/stock");
        let skus = |page: &Page<StockView>| page.items.iter().map(|s| s.sku.clone()).collect::<Vec<_>>();

        let first: Page<StockView> = staff.get(&format!("{list}?limit=2")).await.expect(200).json();
        assert_eq!(skus(&first), ["RUG-1", "RUG-2"]);
        let next = first.next.unwrap();
        let second: Page<StockView> = staff.get(&format!("{list}?limit=3&after={next}")).await.expect(200).json();
        assert_eq!(skus(&second), ["RUG-3", "RUG-4", "RUG-5"]);
        assert!(second.next.is_none());

        let low: Page<StockView> = staff.get(&format!("{list}?low=true")).await.expect(200).json();
        assert_eq!(skus(&low), ["RUG-1", "RUG-2"]);
        let found: Page<StockView> = staff.get(&format!("{list}?q=the%20RUG-3")).await.expect(200).json();
        assert_eq!(skus(&found), ["RUG-3"]);
        let potter = app.as_user(&vendor_staff(kiln));
        let pots = format!("/api/v1/vendors/{kiln}/stock?q=");
        assert_eq!(skus(&potter.get(&format!("{pots}100%25_")).await.expect(200).json()), ["100%_POT"]);
        assert!(skus(&potter.get(&format!("{pots}0_p")).await.expect(200).json()).is_empty());
        assert!(skus(&potter.get(&format!("{pots}%5C")).await.expect(200).json()).is_empty());

        staff.get(&format!("{list}?limit=0")).await.expect_invalid("limit");
        staff.get(&format!("{list}?limit=101")).await.expect_invalid("limit");
        staff.get(&format!("{list}?after=nonsense!")).await.expect_invalid("after");
        staff.get(&format!("{list}?q={}", "x".repeat(201))).await.expect_invalid("q");
        staff.get(&format!("{list}?q=a%00b")).await.expect(422);

        let one = format!("{list}/{}", variant("RUG-1"));
        for _ in 0..3 {
            staff.post(&format!("{one}/adjustments"), &json!({"change": {"add": 1}})).await.expect(200);
        }
        let page: Page<MovementView> = staff.get(&format!("{one}/movements?limit=3")).await.expect(200).json();
        assert_eq!(page.items.iter().map(|m| m.on_hand).collect::<Vec<_>>(), [5, 4, 3]);
        let rest: Page<MovementView> =
            staff.get(&format!("{one}/movements?after={}", page.next.unwrap())).await.expect(200).json();
        assert_eq!(rest.items.iter().map(|m| m.kind.as_str()).collect::<Vec<_>>(), ["initial"]);
    })
    .await;
}

#[tokio::test]
async fn anothers_stock_is_like_none() {
    on_both_databases(under_test, |app| async move {
        let (loom, kiln) = (vendor("loom"), vendor("kiln"));
        stocked(&app, loom, "rug", &[("RUG", Some(10))]).await;
        stocked(&app, kiln, "pot", &[("POT", Some(10))]).await;
        let owner = app.as_user(&vendor_owner(kiln));
        let add = json!({"change": {"add": 1}});
        let threshold = json!({"low_threshold": 1});
        let mut seen: Vec<Value> = Vec::new();
        for id in [variant("RUG"), variant("GHOST")] {
            // In one's own store, and straight in the other's.
            for vendor_id in [kiln, loom] {
                let path = format!("/api/v1/vendors/{vendor_id}/stock/{id}");
                let answers = [
                    owner.get(&path).await,
                    owner.get(&format!("{path}/movements")).await,
                    owner.post(&format!("{path}/adjustments"), &add).await,
                    owner.put(&format!("{path}/threshold"), &threshold).await,
                ];
                seen.extend(answers.map(|answer| answer.expect_problem(404, "not_found")));
            }
        }
        assert_eq!(seen[..8], seen[8..], "what is another's looks like what does not exist");
        owner.get(&format!("/api/v1/vendors/{loom}/stock")).await.expect_problem(404, "not_found");
        owner.get(&format!("/api/v1/vendors/{kiln}/stock/nonsense")).await.expect_problem(404, "not_found");

        let path = format!("/api/v1/vendors/{loom}/stock/{}", variant("RUG"));
        app.guest().get(&path).await.expect_problem(401, "unauthenticated");
        app.guest().post(&format!("{path}/adjustments"), &add).await.expect_problem(401, "unauthenticated");
        app.as_user(&testkit::customer("ada")).get(&path).await.expect_problem(404, "not_found");
        app.as_user(&testkit::admin())
            .put(&format!("{path}/threshold"), &threshold)
            .await
            .expect_problem(404, "not_found");
        assert_eq!(numbers(&app, loom, "RUG").await, (10, 0));
        assert_eq!(stock_of(&app, loom, "RUG").await.low_threshold, 5);
        assert_eq!(app.count("inventory", "SELECT count(*) FROM movements").await, 2);
    })
    .await;
}

#[tokio::test]
async fn levels_for_everybody() {
    on_both_databases(under_test, |app| async move {
        let loom = vendor("loom");
        stocked(&app, loom, "rug", &[("RUG", Some(10)), ("MAT", Some(2)), ("NONE", None)]).await;
        let ids = [variant("NONE"), variant("RUG"), variant("GHOST"), variant("MAT"), variant("RUG")];
        let levels: Vec<LevelView> =
            app.guest().post("/api/v1/stock-levels", &json!({"variant_ids": ids})).await.expect(200).json();
        let seen: Vec<_> = levels.iter().map(|l| (l.variant_id, l.level, l.available)).collect();
        let expected = [
            (ids[0], StockLevel::SoldOut, 0),
            (ids[1], StockLevel::InStock, 10),
            (ids[2], StockLevel::SoldOut, 0),
            (ids[3], StockLevel::Low(2), 2),
            (ids[4], StockLevel::InStock, 10),
        ];
        assert_eq!(seen, expected);
        let none: Vec<LevelView> =
            app.guest().post("/api/v1/stock-levels", &json!({"variant_ids": []})).await.expect(200).json();
        assert!(none.is_empty());
        let many = vec![variant("RUG"); 101];
        app.guest().post("/api/v1/stock-levels", &json!({"variant_ids": many})).await.expect_invalid("variant_ids");
        app.guest().post("/api/v1/stock-levels", &json!({"variant_ids": ["x"]})).await.expect(422);
    })
    .await;
}
