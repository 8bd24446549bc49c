//! Through the inbox and the router, on both databases.

use std::time::Duration;

use contracts::{
    analytics::{AnalyticsClient, Metric, ProductReport, Report, SoldQuery},
    identity::{AccountRegistered, LoggedIn},
    orders::{LineSnapshot, OrderPaid, OrderSnapshot, PaymentChoice, VendorPart},
    payments::PaymentRefunded,
};
use kernel::{
    AccountId, Clock, Currency, LineId, Money, OrderId, PaymentId, ProductId, RefundId, VariantId, VendorId,
    VendorOrderId,
};
use testkit::{TestApp, admin, customer, on_both_databases, vendor_owner};

fn eur(minor: i64) -> Money {
    Money::new(minor, Currency::EUR)
}

fn vendor(name: &str) -> VendorId {
    VendorId::derived("test", &[name])
}

fn product(name: &str) -> ProductId {
    ProductId::derived("test", &[name])
}

/// An order of `(vendor, product, quantity, total)` lines, each vendor's with 500 of shipping.
fn order(app: &TestApp, id: &str, lines: &[(&str, &str, i64, i64)]) -> OrderPaid {
    let order_id = OrderId::derived("test", &[id]);
    let parts = lines.iter().map(|(v, p, quantity, total)| VendorPart {
        subsidy_minor: 0,
        vendor_order_id: VendorOrderId::derived("test", &[id, v]),
        number: format!("S-{id}-{v}"),
        vendor_id: vendor(v),
        lines: vec![LineSnapshot {
            line_id: LineId::derived("test", &[id, p]),
            variant_id: VariantId::derived("test", &[p]),
            product_id: product(p),
            quantity: *quantity,
            total: eur(*total),
            tax: eur(0),
            digital: false,
            categories: vec![],
            subsidy_minor: 0,
        }],
        items: eur(*total),
        shipping: eur(500),
        method_id: None,
        method_name: "Parcel".to_owned(),
        pickup: false,
        tax: eur(0),
        total: eur(total + 500),
    });
    let parts: Vec<_> = parts.collect();
    let order = OrderSnapshot {
        number: format!("S-{id}"),
        account_id: Some(AccountId::derived("test", &["buyer"])),
        cart_id: None,
        country: "DE".parse().unwrap(),
        total: eur(parts.iter().map(|p| p.total.amount_minor).sum()),
        tax: eur(0),
        parts,
        payment: PaymentChoice { method: "card".to_owned(), token: None, return_path: None },
        placed_at: app.clock.now(),
    };
    OrderPaid { order_id, order, paid_at: app.clock.now(), was_promised: false }
}

async fn report(app: &TestApp, days: u32) -> Report {
    app.as_user(&admin()).get(&format!("/api/v1/admin/reports/overview?days={days}")).await.expect(200).json()
}

#[tokio::test]
async fn orders_are_counted_once_on_their_day() {
    on_both_databases(
        || vec![crate::service(Currency::EUR)],
        |app| async move {
            let first = app.envelope(&order(&app, "1", &[("a", "mug", 2, 3000), ("b", "lamp", 1, 9000)]));
            app.clock.advance(Duration::from_secs(86_400));
            app.hand_over("analytics", &first).await;
            app.hand_over("analytics", &first).await;
            app.deliver("analytics", &order(&app, "2", &[("a", "mug", 1, 1500)])).await;

            let got = report(&app, 2).await;
            assert_eq!(
                got.sales.days.iter().map(|d| (d.date.as_str(), d.value)).collect::<Vec<_>>(),
                [("2026-01-15", 13_000), ("2026-01-16", 2_000)]
            );
            assert_eq!((got.sales.total, got.orders.total, got.items.total), (15_000, 2, 4));
            assert_eq!((got.active_users.total, got.refunds.total), (2, 0));

            let a = app.as_user(&vendor_owner(vendor("a")));
            let of_a: Report =
                a.get(&format!("/api/v1/vendors/{}/reports/overview", vendor("a"))).await.expect(200).json();
            assert_eq!(
                (of_a.sales.total, of_a.orders.total, of_a.items.total, of_a.active_users.total),
                (5_500, 2, 3, 0)
            );
            a.get(&format!("/api/v1/vendors/{}/reports/overview", vendor("b"))).await.expect_problem(404, "not_found");

            let best: Vec<ProductId> = app.guest().get("/api/v1/best-sellers").await.expect(200).json();
            assert_eq!(best, [product("mug"), product("lamp")]);
            // Counted once a minute.
            app.deliver("analytics", &order(&app, "9", &[("b", "lamp", 50, 5000)])).await;
            let best: Vec<ProductId> = app.guest().get("/api/v1/best-sellers").await.expect(200).json();
            assert_eq!(best, [product("mug"), product("lamp")]);
            app.clock.advance(Duration::from_secs(60));
            let best: Vec<ProductId> = app.guest().get("/api/v1/best-sellers").await.expect(200).json();
            assert_eq!(best, [product("lamp"), product("mug")]);
        },
    )
    .await;
}

#[tokio::test]
async fn services_are_told_what_was_sold_of_each_product() {
    on_both_databases(
        || vec![crate::service(Currency::EUR)],
        |app| async move {
            app.deliver("analytics", &order(&app, "1", &[("a", "mug", 2, 1000), ("b", "lamp", 1, 5000)])).await;
            app.clock.advance(Duration::from_secs(2 * 86_400));
            app.deliver("analytics", &order(&app, "2", &[("a", "mug", 3, 1000)])).await;
            let sold = async |query: SoldQuery| -> Vec<(ProductId, i64)> {
                let client: AnalyticsClient = app.client();
                let sold = client.sold(&kernel::Identity::Service("search"), &query).await.unwrap();
                sold.into_iter().map(|of| (of.product_id, of.items)).collect()
            };
            let mut both = vec![(product("mug"), 5), (product("lamp"), 1)];
            both.sort();
            let within = |days| SoldQuery { days: Some(days), after: None };
            assert_eq!(sold(within(90)).await, both);
            assert_eq!(sold(within(2)).await, [(product("mug"), 3)], "what is older does not count");
            let rest = SoldQuery { days: Some(90), after: Some(both[0].0) };
            assert_eq!(sold(rest).await, both[1..]);
            app.as_user(&admin()).get("/internal/products/sold").await.expect_problem(404, "not_found");
        },
    )
    .await;
}

#[tokio::test]
async fn the_period_before_stands_beside_the_period() {
    on_both_databases(
        || vec![crate::service(Currency::EUR)],
        |app| async move {
            app.deliver("analytics", &order(&app, "1", &[("a", "mug", 1, 1000)])).await;
            app.clock.advance(Duration::from_secs(3 * 86_400));
            app.deliver("analytics", &order(&app, "2", &[("a", "mug", 1, 2000)])).await;
            let got = report(&app, 3).await;
            assert_eq!((got.sales.total, got.sales.previous), (2_500, 1_500));
            assert_eq!((got.sales.days.len(), got.sales.previous_days.len()), (3, 3));
        },
    )
    .await;
}

#[tokio::test]
async fn a_product_and_a_vendor_have_their_own_days() {
    on_both_databases(
        || vec![crate::service(Currency::EUR)],
        |app| async move {
            app.deliver("analytics", &order(&app, "1", &[("a", "mug", 1, 1000)])).await;
            app.clock.advance(Duration::from_secs(2 * 86_400));
            let both = [("a", "mug", 2, 2100), ("a", "bowl", 1, 700), ("b", "lamp", 3, 9000)];
            app.deliver("analytics", &order(&app, "2", &both)).await;
            app.clock.advance(Duration::from_secs(86_400));
            let dollars = serde_json::to_string(&order(&app, "3", &[("a", "mug", 1, 5000)])).unwrap();
            let dollars: OrderPaid = serde_json::from_str(&dollars.replace("\"EUR\"", "\"USD\"")).unwrap();
            app.deliver("analytics", &dollars).await;

            let a = app.as_user(&vendor_owner(vendor("a")));
            let path = |of: &str| format!("/api/v1/vendors/{}/reports/products/{}", vendor("a"), product(of));
            let mug: ProductReport = a.get(&format!("{}?days=2", path("mug"))).await.expect(200).json();
            let days = |metric: &Metric| metric.days.iter().map(|d| d.value).collect::<Vec<_>>();
            assert_eq!((mug.product_id, mug.currency), (product("mug"), Currency::EUR));
            assert_eq!((days(&mug.sales), days(&mug.items)), (vec![2100, 0], vec![2, 0]));
            assert_eq!((mug.sales.total, mug.sales.previous, mug.items.previous), (2100, 1000, 1));
            assert_eq!(mug.sales.days[0].date, "2026-01-17");
            // Another's product, and one of which nothing was sold.
            for of in ["lamp", "rug"] {
                a.get(&path(of)).await.expect_problem(404, "not_found");
            }
            a.get(&format!("{}?days=367", path("mug"))).await.expect_invalid("days");
            let b = app.as_user(&vendor_owner(vendor("b")));
            b.get(&path("mug")).await.expect_problem(404, "not_found");

            // Admins see of any vendor what it sees of itself.
            let days = |path: &str| format!("{path}?days=3");
            let asked = days(&format!("/api/v1/admin/reports/vendors/{}", vendor("a")));
            let of_a: Report = app.as_user(&admin()).get(&asked).await.expect(200).json();
            let sales: Vec<i64> = of_a.sales.days.iter().map(|d| d.value).collect();
            assert_eq!((of_a.currency, sales), (Currency::EUR, vec![0, 3_800, 0]));
            assert_eq!((of_a.sales.previous, of_a.orders.total, of_a.items.total), (1_500, 1, 3));
            assert_eq!(of_a.active_users.total, 0);
            let own = days(&format!("/api/v1/vendors/{}/reports/overview", vendor("a")));
            assert_eq!(a.get(&own).await.expect(200).json::<Report>(), of_a);
            let nobody = format!("/api/v1/admin/reports/vendors/{}", vendor("nobody"));
            app.as_user(&admin()).get(&nobody).await.expect_problem(404, "not_found");
            a.get(&asked).await.expect_problem(403, "forbidden");
        },
    )
    .await;
}

#[tokio::test]
async fn refunds_and_people_are_counted() {
    on_both_databases(
        || vec![crate::service(Currency::EUR)],
        |app| async move {
            let paid = order(&app, "1", &[("a", "mug", 1, 1000)]);
            app.deliver("analytics", &paid).await;
            app.deliver(
                "analytics",
                &PaymentRefunded {
                    payment_id: PaymentId::derived("test", &["1"]),
                    order_id: paid.order_id,
                    refund_id: RefundId::derived("test", &["1"]),
                    amount: eur(400),
                    refunded_total: eur(400),
                    by_vendor: vec![(vendor("a"), eur(400))],
                    at: app.clock.now(),
                },
            )
            .await;
            let account_id = AccountId::derived("test", &["new"]);
            app.deliver("analytics", &AccountRegistered { account_id, at: app.clock.now() }).await;
            app.deliver("analytics", &LoggedIn { account_id, at: app.clock.now() }).await;
            app.deliver("analytics", &LoggedIn { account_id, at: app.clock.now() }).await;
            let got = report(&app, 1).await;
            assert_eq!(
                (got.refunds.total, got.sales.total, got.new_users.total, got.active_users.total),
                (400, 1_500, 1, 2)
            );
        },
    )
    .await;
}

#[tokio::test]
async fn reports_are_for_those_they_concern_and_bounded() {
    on_both_databases(
        || vec![crate::service(Currency::EUR)],
        |app| async move {
            let path = "/api/v1/admin/reports/overview";
            app.guest().get(path).await.expect_problem(401, "unauthenticated");
            app.as_user(&customer("c")).get(path).await.expect_problem(403, "forbidden");
            for days in ["0", "367", "x"] {
                app.as_user(&admin()).get(&format!("{path}?days={days}")).await.expect_invalid("days");
            }
            let empty = report(&app, 30).await;
            assert_eq!((empty.sales.total, empty.sales.days.len()), (0, 30));
        },
    )
    .await;
}

#[tokio::test]
async fn amounts_of_different_currencies_are_never_added() {
    on_both_databases(
        || vec![crate::service(Currency::EUR)],
        |app| async move {
            for (id, total) in [("1", 1000), ("2", 2000)] {
                app.deliver("analytics", &order(&app, id, &[("a", "mug", 1, total)])).await;
            }
            // Many minor units and one order: what is sold most often is shown.
            let yen = serde_json::to_string(&order(&app, "3", &[("a", "lamp", 4, 1_000_000)])).unwrap();
            let yen: OrderPaid = serde_json::from_str(&yen.replace("\"EUR\"", "\"JPY\"")).unwrap();
            app.deliver("analytics", &yen).await;
            let got = report(&app, 1).await;
            assert_eq!((got.currency, got.sales.total), (Currency::EUR, 4_000));
            assert_eq!((got.orders.total, got.items.total), (2, 2));
        },
    )
    .await;
}

#[tokio::test]
async fn a_report_of_nothing_is_in_the_main_currency() {
    on_both_databases(
        || vec![crate::service(Currency::USD)],
        |app| async move {
            assert_eq!(report(&app, 7).await.currency, Currency::USD);
            // What was sold counts, whatever the main currency is.
            app.deliver("analytics", &order(&app, "1", &[("a", "mug", 2, 3000)])).await;
            let sold = report(&app, 7).await;
            assert_eq!((sold.currency, sold.sales.total), (Currency::EUR, 3_500));
        },
    )
    .await;
}
