//! Lists: a buyer's orders, a vendor's parts, all.

use std::time::Duration;

use contracts::orders::{OrderSummary, PlacedOrder, VendorOrderDetail, VendorOrderStatus};
use kernel::Page;
use serde_json::json;
use testkit::{admin, customer, on_both_databases, vendor_staff};

use super::{Others, body, captured, defs, eur, paid, place, reserve, two_vendors, vendor};

#[tokio::test]
async fn a_buyer_sees_their_own_newest_first() {
    on_both_databases(defs, |app| async move {
        Others::on(&app);
        let eve = app.as_user(&customer("eve"));
        let mut numbers = Vec::new();
        for n in 0..5 {
            // Two of them at the same instant.
            if n != 3 {
                app.clock.advance(Duration::from_secs(1));
            }
            numbers.push(place(&eve, &format!("k{n}")).await.order.number);
        }
        place(&app.as_user(&customer("mallory")), "m").await;
        let mut seen = Vec::new();
        let mut path = "/api/v1/orders?limit=2".to_owned();
        loop {
            let page: Page<OrderSummary> = eve.get(&path).await.expect(200).json();
            assert!(page.items.len() <= 2);
            seen.extend(page.items);
            match page.next {
                Some(next) => path = format!("/api/v1/orders?limit=2&after={next}"),
                None => break,
            }
        }
        assert_eq!(seen.len(), 5);
        assert_eq!(seen[0].number, numbers[4]);
        let mut all: Vec<_> = seen.iter().map(|o| o.number.clone()).collect();
        assert!(seen.is_sorted_by(|a, b| a.placed_at >= b.placed_at));
        all.sort();
        assert_eq!(all, numbers);
        let first = &seen[0];
        assert_eq!(first.titles, ["mug", "bowl", "lamp"]);
        assert_eq!((first.items, first.total, first.vendors, &first.email), (4, eur(6040), 2, &None));
        eve.get("/api/v1/orders?limit=0").await.expect_invalid("limit");
        eve.get("/api/v1/orders?after=nonsense").await.expect_invalid("after");
    })
    .await;
}

#[tokio::test]
async fn a_vendor_sees_its_parts_once_they_are_paid() {
    on_both_databases(defs, |app| async move {
        Others::on(&app);
        let (ada, bob) = (vendor("ada"), vendor("bob"));
        let staff = app.as_user(&vendor_staff(ada));
        let path = format!("/api/v1/vendors/{ada}/orders");
        let unpaid = place(&app.guest(), "unpaid").await;
        let none: Page<VendorOrderDetail> = staff.get(&path).await.expect(200).json();
        assert!(none.items.is_empty());
        staff.get(&format!("{path}/{}", unpaid.order.vendor_orders[0].id)).await.expect_problem(404, "not_found");

        let mut sold = Vec::new();
        for n in 0..3 {
            app.clock.advance(Duration::from_secs(1));
            sold.push(paid(&app, &app.guest(), &format!("k{n}")).await);
        }
        let page: Page<VendorOrderDetail> = staff.get(&format!("{path}?limit=2")).await.expect(200).json();
        let numbers: Vec<_> = page.items.iter().map(|p| p.order.number.clone()).collect();
        assert_eq!(numbers, [2, 1].map(|n: usize| sold[n].order.vendor_orders[0].number.clone()));
        let detail = &page.items[0];
        assert_eq!(
            (detail.order.vendor_id, detail.order.total, detail.order.status),
            (ada, eur(3040), VendorOrderStatus::ToShip)
        );
        assert_eq!(
            detail.order.lines.iter().map(|l| (l.title.as_str(), l.quantity)).collect::<Vec<_>>(),
            [("mug", 2), ("bowl", 1)]
        );
        assert_eq!((detail.address.name.as_str(), detail.note.as_deref()), ("Eve Buyer", Some("Ring twice.")));
        assert_eq!(detail.timeline.iter().map(|e| e.kind.as_str()).collect::<Vec<_>>(), ["placed", "paid"]);
        let text = serde_json::to_string(&page.items).unwrap();
        assert!(!text.contains("lamp") && !text.contains(&bob.to_string()) && !text.contains("eve@example.com"));
        let rest: Page<VendorOrderDetail> =
            staff.get(&format!("{path}?limit=2&after={}", page.next.unwrap())).await.expect(200).json();
        assert_eq!((rest.items.len(), rest.next), (1, None));

        let one: VendorOrderDetail = staff.get(&format!("{path}/{}", detail.order.id)).await.expect(200).json();
        assert_eq!(&one, detail);
        // A part that was paid and called off stays visible.
        let guest = app.guest().header("order-token", sold[0].token.expose());
        guest.post(&format!("/api/v1/orders/{}/cancel", sold[0].order.id), &json!({})).await.expect(200);
        for (status, count) in [("to_ship", 2), ("cancelled", 1), ("pending", 0), ("shipped", 0)] {
            let page: Page<VendorOrderDetail> = staff.get(&format!("{path}?status={status}")).await.expect(200).json();
            assert_eq!(page.items.len(), count, "{status}");
        }
        staff.get(&format!("{path}?status=lost")).await.expect_invalid("status");
    })
    .await;
}

#[tokio::test]
async fn a_vendor_takes_its_orders_away_as_a_file() {
    on_both_databases(defs, |app| async move {
        Others::on(&app);
        let ada = vendor("ada");
        let mut odd = body(&two_vendors());
        odd["address"]["name"] = json!("=HYPERLINK(\"x\")");
        odd["note"] = json!("Ring, twice\nplease");
        let odd: PlacedOrder = app.guest().key("odd").post("/api/v1/orders", &odd).await.expect(202).json();
        reserve(&app, odd.order.id).await;
        app.deliver("orders", &captured(&app, odd.order.id, odd.order.quote.total)).await;
        for n in 0..100 {
            app.clock.advance(Duration::from_secs(1));
            paid(&app, &app.guest(), &format!("k{n}")).await;
        }
        let staff = app.as_user(&vendor_staff(ada));
        let path = format!("/api/v1/vendors/{ada}/orders.csv");
        let file = staff.get(&path).await.expect(200).text();
        let lines: Vec<&str> = file.trim_end().split("\r\n").collect();
        assert_eq!(lines.len(), 1 + 101 * 2, "a header and two lines of each order, none twice");
        assert!(lines[0].starts_with("order,placed_at,status,sku,title,options,quantity,unit_price,line_total,"));
        let oldest = lines[lines.len() - 2];
        assert!(oldest.starts_with(&odd.order.vendor_orders[0].number), "{oldest}");
        assert!(oldest.contains(",30.40,EUR,"), "{oldest}");
        assert!(oldest.contains("\"'=HYPERLINK(\"\"x\"\")\""), "no formula: {oldest}");
        assert!(!file.contains("lamp") && !file.contains("eve@example.com"), "nothing of others");
        let shipped = staff.get(&format!("{path}?status=shipped")).await.expect(200).text();
        assert_eq!(shipped.trim_end().split("\r\n").count(), 1);
        staff.get(&format!("{path}?status=lost")).await.expect_invalid("status");
        app.as_user(&vendor_staff(vendor("bob"))).get(&path).await.expect_problem(404, "not_found");
    })
    .await;
}

#[tokio::test]
async fn admins_find_orders() {
    on_both_databases(defs, |app| async move {
        Others::on(&app);
        let eve = place(&app.guest(), "a").await;
        app.clock.advance(Duration::from_secs(1));
        let mut other = body(&two_vendors());
        other["email"] = json!("bob_100%@example.com");
        app.guest().key("b").post("/api/v1/orders", &other).await.expect(202);
        app.clock.set("2026-02-03T00:00:00Z".parse().unwrap());
        let sold = paid(&app, &app.guest(), "c").await;
        let admin = app.as_user(&admin());
        let found = async |query: &str| {
            let page: Page<OrderSummary> = admin.get(&format!("/api/v1/admin/orders{query}")).await.expect(200).json();
            page.items.iter().map(|o| o.number.clone()).collect::<Vec<_>>()
        };
        assert_eq!(found("").await, ["S-2602-000001", "S-2601-000002", "S-2601-000001"]);
        assert_eq!(found("?status=paid").await, [sold.order.number.as_str()]);
        assert_eq!(found("?q=EVE@example.com").await, [sold.order.number.as_str(), eve.order.number.as_str()]);
        assert_eq!(found("?q=bob_100%25@example.com").await, ["S-2601-000002"]);
        assert_eq!(found("?q=s-2601-000002").await, ["S-2601-000002"]);
        assert_eq!(found("?q=S-2601&limit=1").await, ["S-2601-000002"]);
        // Their time to be paid was over weeks ago.
        assert_eq!(found("?q=S-2601&status=cancelled").await.len(), 2);
        for nothing in ["?q=S-260%25", "?q=_-2601", "?q=x%5C", "?q=nobody@example.com", "?status=rejected"] {
            assert_eq!(found(nothing).await, Vec::<String>::new(), "{nothing}");
        }
        let page: Page<OrderSummary> = admin.get("/api/v1/admin/orders?limit=1").await.expect(200).json();
        assert_eq!(page.items[0].email.as_ref().unwrap().as_str(), "eve@example.com");
        let next = page.next.unwrap();
        assert_eq!(found(&format!("?limit=1&after={next}")).await, ["S-2601-000002"]);
    })
    .await;
}

#[tokio::test]
async fn a_vendor_looks_for_orders() {
    on_both_databases(defs, |app| async move {
        Others::on(&app);
        let ada = vendor("ada");
        let mut sold = Vec::new();
        for (n, name) in ["Eve Buyer", "Zoe_100% Eve", "Ann"].into_iter().enumerate() {
            app.clock.advance(Duration::from_secs(60));
            let mut input = body(&two_vendors());
            input["address"]["name"] = json!(name);
            let order: PlacedOrder =
                app.guest().key(&format!("k{n}")).post("/api/v1/orders", &input).await.expect(202).json();
            reserve(&app, order.order.id).await;
            app.deliver("orders", &captured(&app, order.order.id, order.order.quote.total)).await;
            sold.push(order.order);
        }
        let staff = app.as_user(&vendor_staff(ada));
        let path = format!("/api/v1/vendors/{ada}/orders");
        let names = |query: String| {
            let (staff, path) = (staff.clone(), path.clone());
            async move {
                let page: Page<VendorOrderDetail> = staff.get(&format!("{path}?{query}")).await.expect(200).json();
                page.items.into_iter().map(|order| order.address.name).collect::<Vec<_>>()
            }
        };
        let (eve, zoe, ann) = ("Eve Buyer", "Zoe_100% Eve", "Ann");
        assert_eq!(names(String::new()).await, [ann, zoe, eve]);
        assert_eq!(names("sort=oldest".to_owned()).await, [eve, zoe, ann]);
        assert_eq!(names("q=eVe".to_owned()).await, [zoe, eve]);
        assert_eq!(names("q=e_100%25".to_owned()).await, [zoe]);
        assert!(names("q=%25".to_owned()).await == [zoe] && names("q=nobody".to_owned()).await.is_empty());
        // Nothing else of the address is looked at, nor what the document calls it.
        assert!(names("q=city".to_owned()).await.is_empty());
        assert_eq!(names(format!("q={}", sold[2].number.to_lowercase())).await, [ann]);
        let at = sold[1].placed_at;
        assert_eq!(names(format!("from={at}")).await, [ann, zoe]);
        assert_eq!(names(format!("before={at}")).await, [eve]);
        assert_eq!(names(format!("from={at}&sort=oldest&q=eve&status=to_ship")).await, [zoe]);
        let first: Page<VendorOrderDetail> = staff.get(&format!("{path}?sort=oldest&limit=2")).await.expect(200).json();
        let next = first.next.unwrap();
        assert_eq!(names(format!("sort=oldest&limit=2&after={next}")).await, [ann]);
        staff.get(&format!("{path}?sort=dearest")).await.expect_invalid("sort");

        let file = staff.get(&format!("{path}.csv?q=eve&before={at}")).await.expect(200).text();
        assert_eq!(file.lines().count(), 3, "{file}");
        assert!(file.contains(eve) && !file.contains("Zoe") && !file.contains(ann), "{file}");
    })
    .await;
}

#[tokio::test]
async fn an_admin_narrows_all_orders_and_takes_them_away() {
    on_both_databases(defs, |app| async move {
        Others::on(&app);
        let mut placed = Vec::new();
        for n in 0..3 {
            app.clock.advance(Duration::from_secs(60));
            placed.push(place(&app.guest(), &format!("k{n}")).await.order);
        }
        let boss = app.as_user(&admin());
        let numbers = |query: String| {
            let boss = boss.clone();
            async move {
                let page: Page<OrderSummary> =
                    boss.get(&format!("/api/v1/admin/orders?{query}")).await.expect(200).json();
                page.items.into_iter().map(|order| order.number).collect::<Vec<_>>()
            }
        };
        let [first, second, third] = [0, 1, 2].map(|n: usize| placed[n].number.clone());
        let (at, all) = (placed[1].placed_at, vec![third.clone(), second.clone(), first.clone()]);
        assert_eq!(numbers(format!("from={at}")).await, [third, second.clone()]);
        assert_eq!(numbers(format!("before={at}")).await, std::slice::from_ref(&first));
        assert_eq!(numbers(format!("vendor_id={}", vendor("ada"))).await, all);
        assert!(numbers(format!("vendor_id={}", vendor("nobody"))).await.is_empty());
        let total = placed[0].quote.total.amount_minor;
        assert_eq!(numbers(format!("total_min={total}&total_max={total}&currency=EUR")).await, all);
        assert!(numbers(format!("total_min={}", total + 1)).await.is_empty());
        assert!(numbers(format!("total_max={}", total - 1)).await.is_empty());
        assert!(numbers("currency=USD".to_owned()).await.is_empty());
        assert_eq!(numbers(format!("q={second}&from={at}&total_min=1")).await, std::slice::from_ref(&second));

        let file = boss.get(&format!("/api/v1/admin/orders.csv?from={at}")).await.expect(200);
        assert_eq!(file.header("content-type"), Some("text/csv; charset=utf-8"));
        let text = file.text();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 3, "{text}");
        assert_eq!(lines[0], "order,placed_at,status,email,titles,items,vendors,total,currency");
        assert!(lines[2].starts_with(&format!("{second},{at},placed,")), "{text}");
        assert!(lines[2].ends_with(",4,2,60.40,EUR") && !text.contains(&first), "{text}");
        app.as_user(&customer("eve")).get("/api/v1/admin/orders.csv").await.expect(403);
    })
    .await;
}
