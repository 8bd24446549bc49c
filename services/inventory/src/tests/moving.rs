//! Receiving, correcting, moving, counting, and the ledger of it.

use contracts::inventory::{AdjustedView, CountedView, MovementView, PlaceView, StockLevelChanged, StockView};
use kernel::{Page, VendorId};
use serde_json::{Value, json};
use testkit::{TestApp, on_both_databases, vendor_owner, vendor_staff};

use super::support::*;

async fn ledger(app: &TestApp, vendor_id: VendorId, query: &str) -> Vec<MovementView> {
    let path = format!("/api/v1/vendors/{vendor_id}/stock-movements{query}");
    app.as_user(&vendor_staff(vendor_id)).get(&path).await.expect(200).json::<Page<MovementView>>().items
}

fn told(movements: &[MovementView]) -> Vec<(&str, &str, i64, i64, i64, &str)> {
    movements
        .iter()
        .map(|m| (m.kind.as_str(), m.location.as_str(), m.delta, m.on_hand_there, m.on_hand, m.reason.as_str()))
        .collect()
}

#[tokio::test]
async fn each_movement_says_where_who_and_why() {
    on_both_databases(under_test, |app| async move {
        let loom = vendor("loom");
        stocked(&app, loom, "rug", &[("RUG", Some(10))]).await;
        let cellar = location(&app, loom, "Cellar").await;
        let person = vendor_staff(loom);
        let kernel::Identity::User(who) = &person else { panic!("a person") };
        let staff = app.as_user(&person);
        let path = format!("/api/v1/vendors/{loom}/stock/{}", variant("RUG"));
        let add = json!({"change": {"add": 5}, "location_id": cellar, "reason": " delivery "});
        let stock: StockView = staff.post(&format!("{path}/adjustments"), &add).await.expect(200).json();
        assert_eq!((stock.on_hand, stock.available), (15, 15));
        let correct = json!({"change": {"correct": -2}, "location_id": cellar, "reason": "breakage"});
        staff.post(&format!("{path}/adjustments"), &correct).await.expect(200);
        let over = json!({"from": main_location(loom), "to": cellar, "quantity": 4, "reason": "tidying"});
        let levels = app.published::<StockLevelChanged>("inventory").await.len();
        let now: Vec<PlaceView> = staff.post(&format!("{path}/transfers"), &over).await.expect(200).json();
        let now: Vec<_> = now.iter().map(|p| (p.name.as_str(), p.on_hand, p.reserved)).collect();
        assert_eq!(now, [("Main location", 6, 0), ("Cellar", 7, 0)]);
        assert_eq!(app.published::<StockLevelChanged>("inventory").await.len(), levels, "nothing changes for buyers");
        let movements = ledger(&app, loom, "").await;
        assert_eq!(
            told(&movements),
            [
                ("transfer", "Cellar", 4, 7, 13, "tidying"),
                ("transfer", "Main location", -4, 6, 13, "tidying"),
                ("adjustment", "Cellar", -2, 3, 13, "breakage"),
                ("receipt", "Cellar", 5, 5, 15, "delivery"),
                ("initial", "Main location", 10, 10, 10, ""),
            ]
        );
        let by: Vec<_> = movements.iter().map(|m| m.by).collect();
        assert_eq!(by, [Some(who.account_id), Some(who.account_id), Some(who.account_id), Some(who.account_id), None]);
        assert!(movements.iter().all(|m| m.sku == "RUG" && m.title == "The rug"));
        check_invariants(&app).await;
    })
    .await;
}

#[tokio::test]
async fn what_is_promised_does_not_move() {
    on_both_databases(under_test, |app| async move {
        let loom = vendor("loom");
        stocked(&app, loom, "rug", &[("RUG", Some(10))]).await;
        app.deliver("inventory", &placed("o1", &[(loom, "RUG", 7)])).await;
        let cellar = location(&app, loom, "Cellar").await;
        let owner = app.as_user(&vendor_owner(loom));
        let path = format!("/api/v1/vendors/{loom}/stock/{}/transfers", variant("RUG"));
        let wants = |from, to, quantity: i64| json!({"from": from, "to": to, "quantity": quantity});
        let main = main_location(loom);
        owner.post(&path, &wants(main, cellar, 4)).await.expect_problem(409, "not_there");
        owner.post(&path, &wants(cellar, main, 1)).await.expect_problem(409, "not_there");
        owner.post(&path, &wants(main, main, 1)).await.expect_invalid("to");
        for bad in [0, -1, 1_000_001] {
            owner.post(&path, &wants(main, cellar, bad)).await.expect_invalid("quantity");
        }
        assert_eq!(ledger(&app, loom, "?kind=transfer").await.len(), 0);
        owner.post(&path, &wants(main, cellar, 3)).await.expect(200);
        // Nor can it be taken off at its place, though as many lie elsewhere.
        let adjust = format!("/api/v1/vendors/{loom}/stock/{}/adjustments", variant("RUG"));
        owner.post(&adjust, &json!({"change": {"add": -1}})).await.expect_problem(409, "stock_reserved");
        owner.post(&adjust, &json!({"change": {"set": 0}, "location_id": cellar})).await.expect(200);
        assert_eq!(numbers(&app, loom, "RUG").await, (7, 7));
        check_invariants(&app).await;
    })
    .await;
}

#[tokio::test]
async fn counting_a_sheet() {
    on_both_databases(under_test, |app| async move {
        let loom = vendor("loom");
        stocked(&app, loom, "rug", &[("A", Some(10)), ("B", Some(4)), ("C", None)]).await;
        app.deliver("inventory", &placed("o1", &[(loom, "B", 3)])).await;
        let owner = app.as_user(&vendor_owner(loom));
        let path = format!("/api/v1/vendors/{loom}/stock-counts");
        let count = |sku: &str, counted: i64| json!({"variant_id": variant(sku), "counted": counted});
        let sheet = |counts: &[Value]| json!({"counts": counts, "reason": " January "});

        // All or nothing, and what is wrong is told at its line.
        owner.post(&path, &sheet(&[count("A", 8), count("B", 2)])).await.expect_invalid("counts[1].counted");
        owner.post(&path, &sheet(&[count("A", 8), count("GHOST", 2)])).await.expect_invalid("counts[1].variant_id");
        owner.post(&path, &sheet(&[count("A", 8), count("A", 8)])).await.expect_invalid("counts[1].variant_id");
        owner.post(&path, &sheet(&[count("A", 8), count("B", -1)])).await.expect_invalid("counts[1].counted");
        owner.post(&path, &sheet(&[])).await.expect_invalid("counts");
        owner.post(&path, &sheet(&vec![count("A", 1); 101])).await.expect_invalid("counts");
        let seen = json!({"variant_id": variant("A"), "counted": 8, "seen": 9});
        owner.post(&path, &sheet(&[count("C", 1), seen])).await.expect_invalid("counts[1].counted");
        assert_eq!(numbers(&app, loom, "A").await, (10, 0));
        assert_eq!(ledger(&app, loom, "?kind=count").await.len(), 0);

        let seen = json!({"variant_id": variant("A"), "counted": 8, "seen": 10});
        let counted: Vec<CountedView> =
            owner.post(&path, &sheet(&[count("C", 2), seen, count("B", 4)])).await.expect(200).json();
        let counted: Vec<_> = counted.iter().map(|c| (c.variant_id, c.counted, c.delta)).collect();
        assert_eq!(counted, [(variant("C"), 2, 2), (variant("A"), 8, -2), (variant("B"), 4, 0)]);
        let movements = ledger(&app, loom, "?kind=count").await;
        let mut noted: Vec<_> = movements.iter().map(|m| (m.sku.as_str(), m.delta, m.reason.as_str())).collect();
        noted.sort_unstable();
        assert_eq!(noted, [("A", -2, "January"), ("C", 2, "January")], "only differences are movements");
        check_invariants(&app).await;
    })
    .await;
}

#[tokio::test]
async fn the_ledger_is_narrowed_paged_and_taken_away() {
    on_both_databases(under_test, |app| async move {
        let (loom, kiln) = (vendor("loom"), vendor("kiln"));
        stocked(&app, loom, "rug", &[("=RUG", Some(10)), ("MAT", Some(4))]).await;
        stocked(&app, kiln, "pot", &[("POT", Some(1))]).await;
        let cellar = location(&app, loom, "Cellar").await;
        let start = kernel::Clock::now(&*app.clock);
        app.advance(std::time::Duration::from_secs(60)).await;
        receive(&app, loom, "MAT", cellar, 3).await;
        receive(&app, loom, "MAT", main_location(loom), 2).await;
        let later = kernel::Clock::now(&*app.clock);

        assert_eq!(ledger(&app, loom, "").await.len(), 4);
        assert_eq!(ledger(&app, loom, &format!("?variant_id={}", variant("MAT"))).await.len(), 3);
        assert_eq!(ledger(&app, loom, &format!("?variant_id={}", variant("POT"))).await.len(), 0);
        assert_eq!(ledger(&app, loom, &format!("?location_id={cellar}")).await.len(), 1);
        assert_eq!(ledger(&app, loom, "?kind=initial").await.len(), 2);
        assert_eq!(ledger(&app, loom, &format!("?from={later}")).await.len(), 2);
        assert_eq!(ledger(&app, loom, &format!("?before={later}")).await.len(), 2);
        assert_eq!(ledger(&app, loom, &format!("?from={start}&before={later}")).await.len(), 2);
        let staff = app.as_user(&vendor_staff(loom));
        let path = format!("/api/v1/vendors/{loom}/stock-movements");
        let first: Page<MovementView> = staff.get(&format!("{path}?limit=3")).await.expect(200).json();
        let next = first.next.unwrap();
        let rest: Page<MovementView> = staff.get(&format!("{path}?limit=3&after={next}")).await.expect(200).json();
        assert_eq!((first.items.len(), rest.items.len(), rest.next), (3, 1, None));
        for bad in ["kind=burnt", "from=yesterday", "limit=0", "after=x", "variant_id=x"] {
            staff.get(&format!("{path}?{bad}")).await.expect(422);
        }

        let file = staff.get(&format!("{path}.csv?location_id={cellar}")).await.expect(200);
        let text = file.text();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 2, "{text}");
        assert!(lines[0].starts_with("number,at,sku,title,location,kind,change,on_hand_at_location,on_hand,reason"));
        assert!(lines[1].contains(",MAT,The rug · size MAT,Cellar,receipt,3,3,7,delivery,,"), "{}", lines[1]);
        let all = staff.get(&format!("{path}.csv")).await.expect(200).text();
        assert!(all.contains(",'=RUG,"), "no spreadsheet takes a SKU for a formula: {all}");
        assert!(!all.contains("POT"));
    })
    .await;
}

#[tokio::test]
async fn many_are_adjusted_at_once() {
    on_both_databases(under_test, |app| async move {
        let (loom, kiln) = (vendor("loom"), vendor("kiln"));
        stocked(&app, loom, "rug", &[("RUG-S", Some(10)), ("RUG-L", Some(2))]).await;
        stocked(&app, loom, "mat", &[("MAT", Some(4))]).await;
        bundled(&app, loom, "set", "SET", &[("MAT", 1)]).await;
        stocked(&app, kiln, "pot", &[("POT", Some(1))]).await;
        app.deliver("inventory", &placed("o1", &[(loom, "RUG-L", 2)])).await;
        let (rug, _) = product(loom, "rug", &[]);
        let (set, _) = product(loom, "set", &[]);
        let path = format!("/api/v1/vendors/{loom}/stock-adjustments");
        let staff = app.as_user(&vendor_staff(loom));
        let fewer = |dry_run: bool| {
            json!({"product_ids": [rug, set], "variant_ids": [variant("POT"), variant("MAT")],
                "change": {"correct": -1}, "reason": "moths", "dry_run": dry_run})
        };
        let told = |answer: testkit::Answer| {
            let mut all: Vec<(String, i64, i64, bool)> = answer
                .expect(200)
                .json::<Vec<AdjustedView>>()
                .into_iter()
                .map(|view| (view.sku, view.on_hand, view.delta, view.refused.is_some()))
                .collect();
            all.sort();
            all
        };
        let expected = [
            (String::new(), 0, 0, true),
            ("MAT".to_owned(), 3, -1, false),
            ("RUG-L".to_owned(), 2, 0, true),
            ("RUG-S".to_owned(), 9, -1, false),
            ("SET".to_owned(), 0, 0, true),
        ];
        let levels = app.published::<StockLevelChanged>("inventory").await.len();
        assert_eq!(told(staff.key("a").post(&path, &fewer(true)).await), expected);
        assert_eq!(ledger(&app, loom, "?kind=adjustment").await.len(), 0, "a dry run does nothing");
        assert_eq!(app.published::<StockLevelChanged>("inventory").await.len(), levels);
        assert_eq!((numbers(&app, loom, "MAT").await.0, numbers(&app, kiln, "POT").await.0), (4, 1));

        assert_eq!(told(staff.key("b").post(&path, &fewer(false)).await), expected);
        assert_eq!(told(staff.key("b").post(&path, &fewer(false)).await), expected, "sent twice, done once");
        staff.key("b").post(&path, &fewer(true)).await.expect_problem(422, "idempotency_key_reused");
        assert_eq!(ledger(&app, loom, "?kind=adjustment").await.len(), 2);
        assert_eq!((numbers(&app, loom, "MAT").await.0, numbers(&app, kiln, "POT").await.0), (3, 1));
        let set_to = json!({"product_ids": [rug], "change": {"set": 7}});
        let counted = told(staff.key("c").post(&path, &set_to).await);
        assert_eq!(counted, [("RUG-L".to_owned(), 7, 5, false), ("RUG-S".to_owned(), 7, -2, false)]);

        staff.key("d").post(&path, &json!({"change": {"add": 1}})).await.expect_invalid("variant_ids");
        let why = json!({"product_ids": [rug], "change": {"correct": -1}});
        staff.key("d").post(&path, &why).await.expect_invalid("reason");
        app.as_user(&vendor_staff(kiln)).key("d").post(&path, &set_to).await.expect(404);
        check_invariants(&app).await;
    })
    .await;
}
