//! Several locations: from where orders take, and what becomes of the list.

use contracts::inventory::{LocationView, MovementView, StockView};
use kernel::{LocationId, Page, VendorId};
use serde_json::json;
use testkit::{TestApp, on_both_databases, vendor_owner, vendor_staff};

use super::support::*;

async fn list(app: &TestApp, vendor_id: VendorId) -> Vec<LocationView> {
    let path = format!("/api/v1/vendors/{vendor_id}/stock-locations?pieces=true");
    app.as_user(&vendor_staff(vendor_id)).get(&path).await.expect(200).json()
}

fn named(places: &[(String, i64, i64)]) -> Vec<(&str, i64, i64)> {
    places.iter().map(|(name, on_hand, reserved)| (name.as_str(), *on_hand, *reserved)).collect()
}

#[tokio::test]
async fn orders_take_from_the_first_location_that_has_something() {
    on_both_databases(under_test, |app| async move {
        let loom = vendor("loom");
        stocked(&app, loom, "rug", &[("RUG", Some(4)), ("MAT", Some(9))]).await;
        app.deliver("inventory", &placed("before", &[(loom, "RUG", 1)])).await;
        let cellar = location(&app, loom, "Cellar").await;
        let attic = location(&app, loom, "Attic").await;
        receive(&app, loom, "RUG", cellar, 3).await;
        receive(&app, loom, "RUG", attic, 5).await;
        assert_eq!(
            named(&places(&app, loom, "RUG").await),
            [("Main location", 4, 1), ("Cellar", 3, 0), ("Attic", 5, 0)],
            "what was promised before stays where it was"
        );
        // The mat was never anywhere else: it costs no place.
        assert_eq!(
            named(&places(&app, loom, "MAT").await),
            [("Main location", 9, 0), ("Cellar", 0, 0), ("Attic", 0, 0)]
        );
        assert_eq!(app.count("inventory", "SELECT count(*) FROM places").await, 3);

        let order_path = format!("/api/v1/vendors/{loom}/stock-location-order");
        let owner = app.as_user(&vendor_owner(loom));
        let wanted = json!({"locations": [attic, main_location(loom), cellar]});
        owner.put(&order_path, &wanted).await.expect(200);
        let lines = [(loom, "RUG", 7), (loom, "MAT", 2)];
        app.deliver("inventory", &placed("o1", &lines)).await;
        assert_eq!(
            named(&places(&app, loom, "RUG").await),
            [("Attic", 5, 5), ("Main location", 4, 3), ("Cellar", 3, 0)]
        );
        check_invariants(&app).await;

        // Eleven are free at no single place and three at all of them: all lines or none.
        app.deliver("inventory", &placed("too-many", &[(loom, "MAT", 1), (loom, "RUG", 5)])).await;
        assert_eq!(state_of(&app, "too-many").await, None);
        assert_eq!(numbers(&app, loom, "RUG").await, (12, 8));
        check_invariants(&app).await;

        // Given back where it came from; shipped from where it was to be taken.
        app.deliver("inventory", &cancelled("before")).await;
        assert_eq!(
            named(&places(&app, loom, "RUG").await),
            [("Attic", 5, 5), ("Main location", 4, 2), ("Cellar", 3, 0)]
        );
        app.deliver("inventory", &paid("o1", &lines)).await;
        app.deliver("inventory", &shipped("o1", loom)).await;
        assert_eq!(
            named(&places(&app, loom, "RUG").await),
            [("Attic", 0, 0), ("Main location", 2, 0), ("Cellar", 3, 0)]
        );
        assert_eq!((numbers(&app, loom, "RUG").await, numbers(&app, loom, "MAT").await), ((5, 0), (7, 0)));
        let path = format!("/api/v1/vendors/{loom}/stock-movements?kind=shipped&variant_id={}", variant("RUG"));
        let left: Page<MovementView> = owner.get(&path).await.expect(200).json();
        let mut left: Vec<_> = left.items.iter().map(|m| (m.location.as_str(), m.delta, m.on_hand_there)).collect();
        left.sort_unstable();
        assert_eq!(left, [("Attic", -5, 0), ("Main location", -2, 2)]);
        check_invariants(&app).await;
    })
    .await;
}

#[tokio::test]
async fn a_parcel_that_left_although_it_was_called_off_comes_from_what_is_free() {
    on_both_databases(under_test, |app| async move {
        let loom = vendor("loom");
        stocked(&app, loom, "rug", &[("RUG", Some(2))]).await;
        let cellar = location(&app, loom, "Cellar").await;
        receive(&app, loom, "RUG", cellar, 2).await;
        let lines = [(loom, "RUG", 3)];
        app.deliver("inventory", &placed("o1", &lines)).await;
        app.deliver("inventory", &paid("o1", &lines)).await;
        app.deliver("inventory", &cancelled("o1")).await;
        app.deliver("inventory", &shipped("o1", loom)).await;
        assert_eq!(named(&places(&app, loom, "RUG").await), [("Main location", 0, 0), ("Cellar", 1, 0)]);
        check_invariants(&app).await;
    })
    .await;
}

#[tokio::test]
async fn the_list_of_locations() {
    on_both_databases(under_test, |app| async move {
        let loom = vendor("loom");
        // Before there is anything, there is the default one, and reading writes nothing.
        let first = list(&app, loom).await;
        assert_eq!((first.len(), first[0].id, first[0].is_default), (1, main_location(loom), true));
        assert_eq!(app.count("inventory", "SELECT count(*) FROM locations").await, 0);

        stocked(&app, loom, "rug", &[("RUG", Some(4))]).await;
        let cellar = location(&app, loom, " Cellar ").await;
        let attic = location(&app, loom, "Attic").await;
        let seen = |all: &[LocationView]| {
            all.iter().map(|l| (l.name.clone(), l.active, l.on_hand.unwrap(), l.is_default)).collect::<Vec<_>>()
        };
        let expected = |names: [(&str, bool, i64, bool); 3]| names.map(|(n, a, o, d)| (n.to_owned(), a, o, d)).to_vec();
        let three = [("Main location", true, 4, true), ("Cellar", true, 0, false), ("Attic", true, 0, false)];
        assert_eq!(seen(&list(&app, loom).await), expected(three));

        let owner = app.as_user(&vendor_owner(loom));
        let path = format!("/api/v1/vendors/{loom}/stock-locations");
        let order = format!("/api/v1/vendors/{loom}/stock-location-order");
        for bad in ["", "  ", "a\nb"] {
            owner.post(&path, &json!({"name": bad})).await.expect_invalid("name");
        }
        owner.post(&path, &json!({"name": "x".repeat(81)})).await.expect_invalid("name");
        owner.post(&path, &json!({"name": "CELLAR"})).await.expect_invalid("name");
        let one = |id: LocationId| format!("{path}/{id}");
        owner.put(&one(attic), &json!({"name": "cellar", "active": true})).await.expect_invalid("name");
        let renamed = owner.put(&one(main_location(loom)), &json!({"name": "Shop", "active": true})).await;
        assert_eq!(renamed.expect(200).json::<LocationView>().name, "Shop");

        let bare: Vec<LocationView> = owner.get(&path).await.expect(200).json();
        assert!(bare.len() == 3 && bare.iter().all(|location| location.on_hand.is_none()), "counted only if asked for");

        // Each open one once.
        for bad in [vec![cellar], vec![cellar, attic, cellar], vec![cellar, attic, main_location(vendor("kiln"))]] {
            owner.put(&order, &json!({"locations": bad})).await.expect_invalid("locations");
        }
        owner.put(&order, &json!({"locations": [attic, cellar, main_location(loom)]})).await.expect(200);
        let turned = [("Attic", true, 0, false), ("Cellar", true, 0, false), ("Shop", true, 4, true)];
        assert_eq!(seen(&list(&app, loom).await), expected(turned));

        // Closed only if empty, and the default one never.
        receive(&app, loom, "RUG", cellar, 2).await;
        let close = |name: &str| json!({"name": name, "active": false});
        owner.put(&one(main_location(loom)), &close("Shop")).await.expect_problem(409, "default_location");
        owner.put(&one(cellar), &close("Cellar")).await.expect_problem(409, "location_not_empty");
        owner.put(&one(attic), &close("Attic")).await.expect(200);
        let one_closed = [("Cellar", true, 2, false), ("Shop", true, 4, true), ("Attic", false, 0, false)];
        assert_eq!(seen(&list(&app, loom).await), expected(one_closed));
        let adjust = format!("/api/v1/vendors/{loom}/stock/{}/adjustments", variant("RUG"));
        let there = json!({"change": {"add": 1}, "location_id": attic});
        owner.post(&adjust, &there).await.expect_problem(404, "not_found");
        // Its name is free now, so it cannot come back under it.
        location(&app, loom, "Attic").await;
        owner.put(&one(attic), &json!({"name": "Attic", "active": true})).await.expect_invalid("name");
        owner.put(&one(attic), &json!({"name": "Loft", "active": true})).await.expect(200);
        receive(&app, loom, "RUG", attic, 1).await;
        assert_eq!(numbers(&app, loom, "RUG").await, (7, 0));
        check_invariants(&app).await;
    })
    .await;
}

#[tokio::test]
async fn there_are_not_more_locations_than_allowed() {
    on_both_databases(under_test, |app| async move {
        let loom = vendor("loom");
        for n in 1..contracts::inventory::LOCATIONS_MAX {
            location(&app, loom, &format!("Shelf {n}")).await;
        }
        let path = format!("/api/v1/vendors/{loom}/stock-locations");
        let one_more = app.as_user(&vendor_owner(loom)).post(&path, &json!({"name": "One more"})).await;
        one_more.expect_problem(409, "too_many_locations");
        assert_eq!(list(&app, loom).await.len(), contracts::inventory::LOCATIONS_MAX);
    })
    .await;
}

#[tokio::test]
async fn the_stock_of_one_location() {
    on_both_databases(under_test, |app| async move {
        let loom = vendor("loom");
        stocked(&app, loom, "rug", &[("RUG", Some(4)), ("MAT", Some(9)), ("NONE", None)]).await;
        let cellar = location(&app, loom, "Cellar").await;
        receive(&app, loom, "RUG", cellar, 3).await;
        let staff = app.as_user(&vendor_staff(loom));
        let path = format!("/api/v1/vendors/{loom}/stock");
        let seen = |page: Page<StockView>| {
            page.items.into_iter().map(|s| (s.sku, s.on_hand, s.on_hand_there)).collect::<Vec<_>>()
        };
        let of = |sku: &str, on_hand, there| (sku.to_owned(), on_hand, there);
        let all = staff.get(&format!("{path}?location_id={cellar}")).await.expect(200).json();
        assert_eq!(seen(all), [of("MAT", 9, Some(0)), of("NONE", 0, Some(0)), of("RUG", 7, Some(3))]);
        let there = staff.get(&format!("{path}?location_id={cellar}&there=true")).await.expect(200).json();
        assert_eq!(seen(there), [of("RUG", 7, Some(3))]);
        let main = main_location(loom);
        let there = staff.get(&format!("{path}?location_id={main}&there=true")).await.expect(200).json();
        assert_eq!(seen(there), [of("MAT", 9, Some(9)), of("RUG", 7, Some(4))]);
        let without = staff.get(&path).await.expect(200).json();
        assert_eq!(seen(without), [of("MAT", 9, None), of("NONE", 0, None), of("RUG", 7, None)]);
        staff.get(&format!("{path}?location_id=nowhere")).await.expect(422);
    })
    .await;
}

#[tokio::test]
async fn anothers_location_is_like_none() {
    on_both_databases(under_test, |app| async move {
        let (loom, kiln) = (vendor("loom"), vendor("kiln"));
        stocked(&app, loom, "rug", &[("RUG", Some(10))]).await;
        stocked(&app, kiln, "pot", &[("POT", Some(10))]).await;
        let theirs = location(&app, loom, "Cellar").await;
        let owner = app.as_user(&vendor_owner(kiln));
        let mut seen = Vec::new();
        for id in [theirs, LocationId::derived("test", &["ghost"])] {
            let pot = format!("/api/v1/vendors/{kiln}/stock/{}", variant("POT"));
            let closed = json!({"name": "Mine", "active": false});
            let add = json!({"change": {"add": 1}, "location_id": id});
            let to = json!({"from": main_location(kiln), "to": id, "quantity": 1});
            let counts = json!({"location_id": id, "counts": [{"variant_id": variant("POT"), "counted": 3}]});
            seen.push(
                [
                    owner.put(&format!("/api/v1/vendors/{kiln}/stock-locations/{id}"), &closed).await,
                    owner.put(&format!("/api/v1/vendors/{loom}/stock-locations/{id}"), &closed).await,
                    owner.post(&format!("{pot}/adjustments"), &add).await,
                    owner.post(&format!("{pot}/transfers"), &to).await,
                    owner.post(&format!("/api/v1/vendors/{kiln}/stock-counts"), &counts).await,
                ]
                .map(|answer| answer.expect_problem(404, "not_found")),
            );
            let there: Page<StockView> = owner
                .get(&format!("/api/v1/vendors/{kiln}/stock?location_id={id}&there=true"))
                .await
                .expect(200)
                .json();
            assert!(there.items.is_empty());
        }
        assert_eq!(seen[0], seen[1]);
        for path in ["stock-locations", "stock-movements", "stock-movements.csv"] {
            owner.get(&format!("/api/v1/vendors/{loom}/{path}")).await.expect_problem(404, "not_found");
            app.guest().get(&format!("/api/v1/vendors/{loom}/{path}")).await.expect_problem(401, "unauthenticated");
        }
        assert_eq!(numbers(&app, kiln, "POT").await, (10, 0));
        assert_eq!(app.count("inventory", "SELECT count(*) FROM movements").await, 2);
        assert_eq!(app.count("inventory", "SELECT count(*) FROM locations WHERE active = 0").await, 0);
    })
    .await;
}
