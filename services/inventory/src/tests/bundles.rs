//! Bundles: their stock is that of their parts, and orders keep what they were made of.

use contracts::{
    catalog::{ProductChanged, ProductStatus, ProductWithdrawn},
    inventory::{
        ExchangeHeld, ExchangeShort, FrozenBundle, LevelView, Shortage, StockClaimed, StockLevel, StockLow,
        StockRejected, StockReserved, StockView,
    },
    orders::{Restock, ReturnEnded, ReturnExchangeWanted, ReturnExchanged, ReturnReceived, ReturnStatus},
};
use db::Dialect;
use events::Received;
use futures::{future::join_all, join};
use kernel::{Page, ReturnId, VendorId};
use serde_json::json;
use testkit::{TestApp, on_both_databases, vendor_owner, vendor_staff};

use super::support::*;

/// Cups, jugs, and a set of two cups and a jug.
async fn tea(app: &TestApp, cups: i64, jugs: i64) -> VendorId {
    let kiln = vendor("kiln");
    stocked(app, kiln, "cup", &[("CUP", Some(cups))]).await;
    stocked(app, kiln, "jug", &[("JUG", Some(jugs))]).await;
    bundled(app, kiln, "tea-set", "SET", &[("CUP", 2), ("JUG", 1)]).await;
    kiln
}

/// How many there are, and how many can be ordered.
async fn available(app: &TestApp, vendor_id: VendorId, sku: &str) -> (i64, i64) {
    let asked = json!({"variant_ids": [variant(sku)]});
    let levels: Vec<LevelView> = app.guest().post("/api/v1/stock-levels", &asked).await.expect(200).json();
    (stock_of(app, vendor_id, sku).await.available, levels[0].available)
}

fn path_of(vendor_id: VendorId, sku: &str, what: &str) -> String {
    format!("/api/v1/vendors/{vendor_id}/stock/{}/{what}", variant(sku))
}

async fn rejected(app: &TestApp) -> Vec<Shortage> {
    app.published::<StockRejected>("inventory").await.pop().expect("a refusal").shortages
}

fn short(sku: &str, wanted: i64, available: i64) -> Shortage {
    Shortage { variant_id: variant(sku), wanted, available }
}

#[tokio::test]
async fn there_are_as_many_as_the_scarcest_part_suffices_for() {
    on_both_databases(under_test, |app| async move {
        let kiln = tea(&app, 7, 9).await;
        assert_eq!(available(&app, kiln, "SET").await, (3, 3));
        let set = stock_of(&app, kiln, "SET").await;
        assert_eq!((set.bundle, set.on_hand, set.level), (true, 0, StockLevel::Low(3)));
        let parts: Vec<_> = set.parts.iter().map(|p| (p.sku.as_str(), p.quantity, p.available, p.on_sale)).collect();
        assert_eq!(parts, [("CUP", 2, 7, true), ("JUG", 1, 9, true)]);
        assert!(!stock_of(&app, kiln, "CUP").await.bundle);
        check_invariants(&app).await;

        receive(&app, kiln, "CUP", main_location(kiln), 20).await;
        assert_eq!(available(&app, kiln, "SET").await, (9, 9));
        assert_eq!(stock_of(&app, kiln, "SET").await.level, StockLevel::InStock);
        allow(&app, kiln, "JUG", 3).await;
        assert_eq!(available(&app, kiln, "SET").await, (9, 12));
        let sheet = json!({"counts": [{"variant_id": variant("JUG"), "counted": 0}, {"variant_id": variant("CUP"), "counted": 5}]});
        app.as_user(&vendor_owner(kiln))
            .post(&format!("/api/v1/vendors/{kiln}/stock-counts"), &sheet)
            .await
            .expect(200);
        assert_eq!(available(&app, kiln, "SET").await, (0, 2));
        assert_eq!(stock_of(&app, kiln, "SET").await.level, StockLevel::BackOrder);
        check_invariants(&app).await;
        // Its vendor was warned when it fell to its threshold, and finds it among what runs out.
        let low = app.published::<StockLow>("inventory").await;
        let of_set: Vec<_> = low.iter().filter(|low| low.sku == "SET").map(|low| low.available).collect();
        assert_eq!(of_set, [0]);
        let list = format!("/api/v1/vendors/{kiln}/stock?low=true");
        let page: Page<StockView> = app.as_user(&vendor_staff(kiln)).get(&list).await.expect(200).json();
        assert!(page.items.iter().any(|stock| stock.sku == "SET" && stock.bundle && stock.available == 0));
    })
    .await;
}

#[tokio::test]
async fn nothing_of_a_bundle_is_received_counted_or_moved() {
    on_both_databases(under_test, |app| async move {
        let kiln = tea(&app, 4, 4).await;
        let cellar = location(&app, kiln, "Cellar").await;
        let owner = app.as_user(&vendor_owner(kiln));
        let change = json!({"change": {"add": 1}, "reason": "delivery"});
        owner.post(&path_of(kiln, "SET", "adjustments"), &change).await.expect_problem(409, "bundle");
        let over = json!({"from": main_location(kiln), "to": cellar, "quantity": 1});
        owner.post(&path_of(kiln, "SET", "transfers"), &over).await.expect_problem(409, "bundle");
        owner.put(&path_of(kiln, "SET", "backorder"), &json!({"backorder_cap": 1})).await.expect_problem(409, "bundle");
        let sheet = json!({"counts": [{"variant_id": variant("CUP"), "counted": 9}, {"variant_id": variant("SET"), "counted": 1}]});
        let counts = format!("/api/v1/vendors/{kiln}/stock-counts");
        owner.post(&counts, &sheet).await.expect_invalid("counts[1].counted");
        assert_eq!((numbers(&app, kiln, "CUP").await, numbers(&app, kiln, "SET").await), ((4, 0), (0, 0)));
        // When it is warned is its own.
        owner.put(&path_of(kiln, "SET", "threshold"), &json!({"low_threshold": 1})).await.expect(200);
        assert_eq!(stock_of(&app, kiln, "SET").await.level, StockLevel::InStock);
        check_invariants(&app).await;
    })
    .await;
}

#[tokio::test]
async fn an_order_holds_ships_and_gives_back_the_parts() {
    on_both_databases(under_test, |app| async move {
        let kiln = tea(&app, 10, 5).await;
        // The bundle and one of its parts: four cups and three, two jugs.
        let lines = [(kiln, "SET", 2), (kiln, "CUP", 3)];
        app.deliver("inventory", &placed("o1", &lines)).await;
        assert_eq!((numbers(&app, kiln, "CUP").await, numbers(&app, kiln, "JUG").await), ((10, 7), (5, 2)));
        assert_eq!(available(&app, kiln, "SET").await, (1, 1));
        let reserved = app.published::<StockReserved>("inventory").await.pop().unwrap();
        let told = |bundle: &FrozenBundle| {
            let parts = bundle.parts.iter().map(|p| (p.title.clone(), p.sku.clone(), p.quantity));
            (bundle.variant_id, parts.collect::<Vec<_>>())
        };
        let parts = [("The cup", "CUP", 2), ("The jug", "JUG", 1)].map(|(t, s, n)| (t.to_owned(), s.to_owned(), n));
        assert_eq!(reserved.bundles.iter().map(told).collect::<Vec<_>>(), [(variant("SET"), parts.to_vec())]);
        check_invariants(&app).await;

        // Made of something else meanwhile: the order keeps what it was placed with.
        rebundled(&app, kiln, "tea-set", "SET", &[("CUP", 1)]).await;
        assert_eq!(available(&app, kiln, "SET").await, (3, 3));
        app.deliver("inventory", &paid("o1", &lines)).await;
        app.deliver("inventory", &parcel("o1", kiln, 1, &[("SET", 1)])).await;
        assert_eq!((numbers(&app, kiln, "CUP").await, numbers(&app, kiln, "JUG").await), ((8, 5), (4, 1)));
        app.deliver("inventory", &parcel("o1", kiln, 2, &[("CUP", 3), ("SET", 1)])).await;
        assert_eq!((numbers(&app, kiln, "CUP").await, numbers(&app, kiln, "JUG").await), ((3, 0), (3, 0)));
        assert_eq!(state_of(&app, "o1").await.as_deref(), Some("shipped"));
        check_invariants(&app).await;

        // What comes back is what left.
        let back = ReturnReceived {
            return_id: ReturnId::derived("test", &["r1"]),
            number: "o1-A-R1".to_owned(),
            order_id: order("o1"),
            vendor_id: kiln,
            restock: vec![Restock { variant_id: variant("SET"), quantity: 1 }],
        };
        app.deliver("inventory", &back).await;
        assert_eq!((numbers(&app, kiln, "CUP").await, numbers(&app, kiln, "JUG").await), ((5, 0), (4, 0)));
        assert_eq!(available(&app, kiln, "SET").await, (5, 5));
        check_invariants(&app).await;

        app.deliver("inventory", &placed("o2", &[(kiln, "SET", 4)])).await;
        assert_eq!(numbers(&app, kiln, "CUP").await, (5, 4));
        app.deliver("inventory", &cancelled("o2")).await;
        assert_eq!((numbers(&app, kiln, "CUP").await, available(&app, kiln, "SET").await), ((5, 0), (5, 5)));
        check_invariants(&app).await;
    })
    .await;
}

#[tokio::test]
async fn needs_are_summed_before_they_are_compared() {
    on_both_databases(under_test, |app| async move {
        let kiln = tea(&app, 4, 5).await;
        bundled(&app, kiln, "pair", "PAIR", &[("CUP", 2)]).await;
        // Each line alone could be had; together they need six cups of four.
        for (name, lines, missing) in [
            ("o1", vec![(kiln, "SET", 1), (kiln, "PAIR", 2)], 2),
            ("o2", vec![(kiln, "CUP", 4), (kiln, "SET", 1)], 1),
            ("o3", vec![(kiln, "PAIR", 1), (kiln, "SET", 1), (kiln, "CUP", 1)], 1),
        ] {
            app.deliver("inventory", &placed(name, &lines)).await;
            let shortages = rejected(&app).await;
            assert!(shortages.iter().all(|s| lines.iter().any(|(_, sku, _)| variant(sku) == s.variant_id)));
            let short: i64 = shortages.iter().map(|s| s.wanted - s.available).sum();
            assert!((1..=missing).contains(&short), "{name}: {shortages:?}");
            assert_eq!(state_of(&app, name).await, None);
            assert_eq!((numbers(&app, kiln, "CUP").await, numbers(&app, kiln, "JUG").await), ((4, 0), (5, 0)));
        }
        // As many as there are can be had, as bundles and alone.
        app.deliver("inventory", &placed("o4", &[(kiln, "PAIR", 1), (kiln, "SET", 1)])).await;
        assert_eq!(numbers(&app, kiln, "CUP").await, (4, 4));
        app.deliver("inventory", &placed("o5", &[(kiln, "SET", 1)])).await;
        assert_eq!(rejected(&app).await, [short("SET", 1, 0)]);
        check_invariants(&app).await;
    })
    .await;
}

#[tokio::test]
async fn a_cart_is_told_what_of_it_can_be_had_together() {
    on_both_databases(under_test, |app| async move {
        let kiln = tea(&app, 7, 9).await;
        let told = |lines: &[(&str, i64)]| {
            let ids: Vec<_> = lines.iter().map(|(sku, _)| variant(sku)).collect();
            let quantities: Vec<_> = lines.iter().map(|(_, quantity)| *quantity).collect();
            json!({"variant_ids": ids, "quantities": quantities})
        };
        // Two cups lie in each set, and there are seven.
        for (lines, together) in [
            (vec![("SET", 2), ("CUP", 3)], [None, None]),
            (vec![("SET", 3), ("CUP", 2)], [Some(2), None]),
            (vec![("CUP", 6), ("SET", 1)], [None, Some(0)]),
            (vec![("CUP", 8), ("SET", 1)], [Some(7), Some(0)]),
            (vec![("SET", 4), ("JUG", 9)], [Some(0), None]),
            // What cannot be had at all takes nothing from the rest.
            (vec![("NONE", 5), ("SET", 3)], [None, None]),
        ] {
            let levels: Vec<LevelView> =
                app.guest().post("/api/v1/stock-levels", &told(&lines)).await.expect(200).json();
            let said: Vec<_> = levels.iter().map(|level| (level.variant_id, level.together)).collect();
            let wanted: Vec<_> = lines.iter().zip(together).map(|((sku, _), left)| (variant(sku), left)).collect();
            assert_eq!(said, wanted, "{lines:?}");
        }
        // Nothing was promised by asking.
        assert_eq!((numbers(&app, kiln, "CUP").await, numbers(&app, kiln, "JUG").await), ((7, 0), (9, 0)));
        assert_eq!(available(&app, kiln, "SET").await, (3, 3));
        let wrong = json!({"variant_ids": [variant("SET"), variant("CUP")], "quantities": [1]});
        app.guest().post("/api/v1/stock-levels", &wrong).await.expect_invalid("quantities");
    })
    .await;
}

#[tokio::test]
async fn a_part_that_is_not_on_sale_takes_its_bundles_with_it() {
    on_both_databases(under_test, |app| async move {
        let kiln = tea(&app, 8, 8).await;
        assert_eq!(available(&app, kiln, "SET").await, (4, 4));
        let (product_id, mut product) = product(kiln, "jug", &[("JUG", None)]);
        product.status = ProductStatus::Archived;
        app.deliver("inventory", &ProductWithdrawn { product_id, product: product.clone() }).await;
        assert_eq!(available(&app, kiln, "SET").await, (0, 0));
        let set = stock_of(&app, kiln, "SET").await;
        assert_eq!(set.parts.iter().map(|part| part.on_sale).collect::<Vec<_>>(), [true, false]);
        check_invariants(&app).await;
        // The jug itself may be under way in orders, the bundle may not.
        app.deliver("inventory", &placed("o1", &[(kiln, "SET", 1), (kiln, "CUP", 1)])).await;
        assert_eq!(rejected(&app).await, [short("SET", 1, 0)]);
        assert_eq!(numbers(&app, kiln, "CUP").await, (8, 0));

        product.status = ProductStatus::Published;
        app.deliver("inventory", &ProductChanged { product_id, product: product.clone() }).await;
        assert_eq!(available(&app, kiln, "SET").await, (4, 4));
        // A variant that is left out of its product is gone like one of a product that is off sale.
        product.variants.clear();
        app.deliver("inventory", &ProductChanged { product_id, product }).await;
        assert_eq!(available(&app, kiln, "SET").await, (0, 0));
        check_invariants(&app).await;
    })
    .await;
}

#[tokio::test]
async fn a_bundle_may_be_heard_of_before_its_parts() {
    on_both_databases(under_test, |app| async move {
        let kiln = vendor("kiln");
        bundled(&app, kiln, "tea-set", "SET", &[("CUP", 2), ("JUG", 1)]).await;
        assert_eq!(available(&app, kiln, "SET").await, (0, 0));
        app.deliver("inventory", &placed("o1", &[(kiln, "SET", 1)])).await;
        assert_eq!(rejected(&app).await, [short("SET", 1, 0)]);
        stocked(&app, kiln, "jug", &[("JUG", Some(9))]).await;
        assert_eq!(available(&app, kiln, "SET").await, (0, 0));
        stocked(&app, kiln, "cup", &[("CUP", Some(9))]).await;
        assert_eq!(available(&app, kiln, "SET").await, (4, 4));
        check_invariants(&app).await;

        // An ordinary variant again: what it has of its own counts, which was kept all the time.
        rebundled(&app, kiln, "tea-set", "SET", &[]).await;
        assert_eq!(available(&app, kiln, "SET").await, (0, 0));
        receive(&app, kiln, "SET", main_location(kiln), 3).await;
        assert_eq!(available(&app, kiln, "SET").await, (3, 3));
        rebundled(&app, kiln, "tea-set", "SET", &[("JUG", 3)]).await;
        assert_eq!((available(&app, kiln, "SET").await, numbers(&app, kiln, "SET").await), ((3, 3), (3, 0)));
        app.deliver("inventory", &placed("o2", &[(kiln, "SET", 2)])).await;
        assert_eq!((numbers(&app, kiln, "JUG").await, numbers(&app, kiln, "SET").await), ((9, 6), (3, 0)));
        check_invariants(&app).await;
    })
    .await;
}

#[tokio::test]
async fn what_was_ordered_before_it_was_a_bundle_leaves_as_what_it_was() {
    on_both_databases(under_test, |app| async move {
        let kiln = vendor("kiln");
        stocked(&app, kiln, "cup", &[("CUP", Some(6))]).await;
        stocked(&app, kiln, "tea-set", &[("SET", Some(2))]).await;
        let lines = [(kiln, "SET", 2)];
        app.deliver("inventory", &placed("o1", &lines)).await;
        rebundled(&app, kiln, "tea-set", "SET", &[("CUP", 3)]).await;
        assert_eq!(available(&app, kiln, "SET").await, (2, 2));
        app.deliver("inventory", &paid("o1", &lines)).await;
        app.deliver("inventory", &parcel("o1", kiln, 1, &[("SET", 2)])).await;
        assert_eq!((numbers(&app, kiln, "SET").await, numbers(&app, kiln, "CUP").await), ((0, 0), (6, 0)));
        assert_eq!(state_of(&app, "o1").await.as_deref(), Some("shipped"));
        check_invariants(&app).await;
    })
    .await;
}

#[tokio::test]
async fn parts_come_from_where_they_are_and_wait_for_what_is_to_come() {
    on_both_databases(under_test, |app| async move {
        let kiln = tea(&app, 3, 4).await;
        let cellar = location(&app, kiln, "Cellar").await;
        receive(&app, kiln, "CUP", cellar, 2).await;
        allow(&app, kiln, "CUP", 4).await;
        assert_eq!(available(&app, kiln, "SET").await, (2, 4));
        // Six cups: five are there, one has to come in.
        let lines = [(kiln, "SET", 3)];
        app.deliver("inventory", &placed("o1", &lines)).await;
        app.deliver("inventory", &paid("o1", &lines)).await;
        let claimed = app.published::<StockClaimed>("inventory").await.pop().unwrap();
        assert_eq!(claimed.waiting, [kiln]);
        let held = [("Main location".to_owned(), 3, 3), ("Cellar".to_owned(), 2, 2)];
        assert_eq!(places(&app, kiln, "CUP").await, held);
        assert_eq!(stock_of(&app, kiln, "CUP").await.backordered, 1);
        check_invariants(&app).await;
        let early = app.envelope(&parcel("o1", kiln, 1, &[("SET", 3)]));
        assert_eq!(app.hand_over("inventory", &early).await, Received::Early);
        receive(&app, kiln, "CUP", cellar, 2).await;
        app.settle().await;
        app.advance(std::time::Duration::from_secs(60)).await;
        assert_eq!((numbers(&app, kiln, "CUP").await, numbers(&app, kiln, "JUG").await), ((1, 0), (1, 0)));
        assert_eq!(available(&app, kiln, "SET").await, (0, 1));
        check_invariants(&app).await;
    })
    .await;
}

#[tokio::test]
async fn a_hold_that_has_run_out_is_taken_again_as_it_was() {
    on_both_databases(under_test, |app| async move {
        let kiln = tea(&app, 6, 6).await;
        let lines = [(kiln, "SET", 2)];
        app.deliver("inventory", &placed("o1", &lines)).await;
        app.advance(std::time::Duration::from_secs(31 * 60)).await;
        assert_eq!(
            (state_of(&app, "o1").await.as_deref(), numbers(&app, kiln, "CUP").await),
            (Some("expired"), (6, 0))
        );
        assert_eq!(available(&app, kiln, "SET").await, (3, 3));
        rebundled(&app, kiln, "tea-set", "SET", &[("JUG", 6)]).await;
        app.deliver("inventory", &paid("o1", &lines)).await;
        assert_eq!(state_of(&app, "o1").await.as_deref(), Some("claimed"));
        assert_eq!((numbers(&app, kiln, "CUP").await, numbers(&app, kiln, "JUG").await), ((6, 4), (6, 2)));
        check_invariants(&app).await;
    })
    .await;
}

#[tokio::test]
async fn something_is_exchanged_for_a_bundle() {
    on_both_databases(under_test, |app| async move {
        let kiln = tea(&app, 5, 5).await;
        let of = |name: &str| ReturnId::derived("test", &[name]);
        let wanted = |name: &str, quantity| ReturnExchangeWanted {
            return_id: of(name),
            order_id: order("o1"),
            vendor_id: kiln,
            wanted: vec![Restock { variant_id: variant("SET"), quantity }],
        };
        app.deliver("inventory", &wanted("r1", 3)).await;
        let short_of = app.published::<ExchangeShort>("inventory").await.pop().unwrap();
        assert_eq!(short_of.shortages, [short("SET", 3, 2)]);
        // What would have to come in first is missing, too.
        allow(&app, kiln, "CUP", 5).await;
        app.deliver("inventory", &wanted("r2", 3)).await;
        let short_of = app.published::<ExchangeShort>("inventory").await.pop().unwrap();
        assert_eq!((short_of.return_id, short_of.shortages), (of("r2"), vec![short("SET", 3, 2)]));
        assert_eq!((numbers(&app, kiln, "CUP").await, numbers(&app, kiln, "JUG").await), ((5, 0), (5, 0)));

        app.deliver("inventory", &wanted("r3", 2)).await;
        assert_eq!(app.published::<ExchangeHeld>("inventory").await.pop().unwrap().return_id, of("r3"));
        assert_eq!((numbers(&app, kiln, "CUP").await, numbers(&app, kiln, "JUG").await), ((5, 4), (5, 2)));
        rebundled(&app, kiln, "tea-set", "SET", &[("JUG", 1)]).await;
        // One of the two has come back, so one leaves, as it was; the other is free again.
        let sent = ReturnExchanged {
            return_id: of("r3"),
            number: "o1-A-R3".to_owned(),
            order_id: order("o1"),
            vendor_id: kiln,
            sent: vec![Restock { variant_id: variant("SET"), quantity: 1 }],
        };
        app.deliver("inventory", &sent).await;
        assert_eq!((numbers(&app, kiln, "CUP").await, numbers(&app, kiln, "JUG").await), ((3, 0), (4, 0)));
        assert_eq!(available(&app, kiln, "SET").await, (4, 4));
        check_invariants(&app).await;

        app.deliver("inventory", &wanted("r4", 1)).await;
        let ended = ReturnEnded {
            return_id: of("r4"),
            order_id: order("o1"),
            vendor_id: kiln,
            status: ReturnStatus::Cancelled,
        };
        app.deliver("inventory", &ended).await;
        assert_eq!((numbers(&app, kiln, "JUG").await, available(&app, kiln, "SET").await), ((4, 0), (4, 4)));
        check_invariants(&app).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_want_the_bundle_and_many_a_part() {
    on_both_databases(under_test, |app| async move {
        let kiln = tea(&app, 30, 40).await;
        bundled(&app, kiln, "pair", "PAIR", &[("CUP", 2)]).await;
        let wishes: [&[(VendorId, &str, i64)]; 4] = [
            &[(kiln, "SET", 1)],
            &[(kiln, "CUP", 1)],
            &[(kiln, "PAIR", 1), (kiln, "JUG", 1)],
            &[(kiln, "SET", 1), (kiln, "CUP", 1)],
        ];
        let orders: Vec<_> = (0..160).map(|n| app.envelope(&placed(&format!("o{n}"), wishes[n % 4]))).collect();
        let received = join_all(orders.iter().map(|envelope| app.hand_over("inventory", envelope))).await;
        assert!(received.iter().all(|r| *r == Received::Handled), "{received:?}");
        let reserved = app.published::<StockReserved>("inventory").await;
        assert_eq!(reserved.len() + app.published::<StockRejected>("inventory").await.len(), 160);
        // Forty alone want more cups than there are, so none is left, and none was sold twice.
        assert_eq!(numbers(&app, kiln, "CUP").await, (30, 30));
        assert_eq!(available(&app, kiln, "SET").await, (0, 0));
        check_invariants(&app).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_parts_of_a_bundle_change_at_the_same_moment() {
    on_both_databases(under_test, |app| async move {
        let kiln = tea(&app, 100, 100).await;
        let owner = app.as_user(&vendor_owner(kiln));
        let (cups, jugs) = (path_of(kiln, "CUP", "adjustments"), path_of(kiln, "JUG", "adjustments"));
        let fewer = |by: i64| json!({"change": {"add": -by}, "reason": "broken"});
        let (two, one) = (fewer(2), fewer(1));
        let of_cups = join_all((0..40).map(|_| owner.post(&cups, &two)));
        let of_jugs = join_all((0..40).map(|_| owner.post(&jugs, &one)));
        let orders: Vec<_> = (0..20).map(|n| app.envelope(&placed(&format!("o{n}"), &[(kiln, "JUG", 1)]))).collect();
        let orders = join_all(orders.iter().map(|envelope| app.hand_over("inventory", envelope)));
        let (of_cups, of_jugs, orders) = join!(of_cups, of_jugs, orders);
        assert!(of_cups.iter().chain(&of_jugs).all(|answer| answer.status.as_u16() == 200));
        assert!(orders.iter().all(|r| *r == Received::Handled));
        assert_eq!(available(&app, kiln, "SET").await, (10, 10));
        check_invariants(&app).await;
    })
    .await;
}

#[tokio::test]
async fn another_vendors_bundle_is_like_none() {
    let app = TestApp::start(Dialect::Sqlite, under_test()).await;
    let kiln = tea(&app, 4, 4).await;
    let thief = app.as_user(&vendor_owner(vendor("loom")));
    let path = format!("/api/v1/vendors/{}/stock/{}", vendor("loom"), variant("SET"));
    let foreign = thief.get(&path).await.expect_problem(404, "not_found");
    let missing = path.replace(&variant("SET").to_string(), &variant("NONE").to_string());
    assert_eq!(foreign, thief.get(&missing).await.expect_problem(404, "not_found"));
    assert_eq!(available(&app, kiln, "SET").await, (2, 2));
    app.finish().await;
}
