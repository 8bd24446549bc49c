use contracts::{
    analytics::Report,
    catalog::{ProductEdit, ProductView},
    inventory::{StockLevel, StockView},
    orders::{AskedReturn, OrderStatus, OrderView, PlacedOrder, VendorOrderDetail, VendorOrderStatus},
    payments::{EarningsView, PaymentView, TrialBalance},
    pricing::Quote,
    search::SearchPage,
};
use db::Dialect;
use kernel::Page;
use serde_json::{Value, json};
use testkit::As;

use crate::town::{Shop, Town};

fn variant(shop: &Shop) -> Value {
    json!(shop.product.input.variants[0].id)
}

pub(crate) async fn quote(buyer: &As, lines: &Value) -> Quote {
    let request = json!({"currency": "EUR", "country": "DE", "lines": lines});
    buyer.post("/api/v1/quotes", &request).await.expect(200).json()
}

pub(crate) fn order_for(quote: &Quote, lines: &Value, token: Option<&str>) -> Value {
    let shipping: Vec<Value> = quote
        .vendors
        .iter()
        .map(|v| json!({"vendor_id": v.vendor_id, "method_id": v.method.as_ref().unwrap().method_id}))
        .collect();
    json!({
        "quote_hash": quote.hash, "currency": "EUR", "lines": lines, "shipping": shipping, "email": "bob@example.com",
        "address": {"name": "Bob Buyer", "line1": "Marktplatz 1", "postcode": "10115", "city": "Berlin", "country": "DE"},
        "payment": {"method": "card", "token": token},
    })
}

async fn order(town: &Town, id: impl std::fmt::Display) -> OrderView {
    town.app.as_user(&town.admin).get(&format!("/api/v1/orders/{id}")).await.expect(200).json()
}

async fn stock(shop: &Shop) -> (i64, i64) {
    let path = format!("/api/v1/vendors/{}/stock/{}", shop.vendor_id, shop.product.input.variants[0].id.unwrap());
    let stock: StockView = shop.owner.get(&path).await.expect(200).json();
    (stock.on_hand, stock.reserved)
}

async fn ledger_balances(town: &Town) {
    let balance: TrialBalance =
        town.app.as_user(&town.admin).get("/api/v1/admin/ledger/trial-balance").await.expect(200).json();
    assert!(balance.sums.iter().all(kernel::Money::is_zero), "{balance:?}");
}

/// The shop finds its one order, ships it, and it arrives.
pub(crate) async fn ships_and_delivers(town: &Town, shop: &Shop) {
    let base = format!("/api/v1/vendors/{}/orders", shop.vendor_id);
    let orders: Page<VendorOrderDetail> = shop.owner.get(&base).await.expect(200).json();
    assert_eq!((orders.items.len(), orders.items[0].order.status), (1, VendorOrderStatus::ToShip));
    let id = orders.items[0].order.id;
    let parcel = json!({"carrier": "DHL", "tracking_number": "00340"});
    shop.owner.post(&format!("{base}/{id}/shipment/ship"), &parcel).await.expect(200);
    town.settle().await;
    shop.owner.post(&format!("{base}/{id}/shipment/deliver"), &json!(null)).await.expect(200);
    town.settle().await;
}

#[tokio::test]
async fn money_and_parcels_go_all_the_way() {
    for dialect in [Dialect::Sqlite, Dialect::Postgres] {
        let town = Town::new(dialect).await;
        let category = town.category().await;
        let potter = town.shop("Potter", "Blue mug", 1_800, 5, category).await;
        let weaver = town.shop("Weaver", "Wool blanket", 9_000, 3, category).await;
        town.later(1).await;
        let buyer = town.person("Bob").await;

        let found: SearchPage = buyer.get("/api/v1/search?q=blankt").await.expect(200).json();
        assert_eq!((found.total, found.corrected.as_deref()), (1, Some("blanket")));
        let page: ProductView = buyer.get("/api/v1/products/blue-mug").await.expect(200).json();
        assert!(page.variants[0].stock.available() && !page.description_html.contains("script"), "{page:?}");

        let lines =
            json!([{"variant_id": variant(&potter), "quantity": 2}, {"variant_id": variant(&weaver), "quantity": 1}]);
        let quote = quote(&buyer, &lines).await;
        assert_eq!(quote.total.amount_minor, 2 * 1_800 + 9_000 + quote.shipping.amount_minor);
        let place = order_for(&quote, &lines, Some("tok_visa"));
        let first = buyer.key("k1").post("/api/v1/orders", &place).await.expect(202);
        let again = buyer.key("k1").post("/api/v1/orders", &place).await.expect(202);
        assert_eq!(first.body, again.body, "the same key has one answer");
        let placed: PlacedOrder = first.json();
        town.settle().await;

        let paid = order(&town, placed.order.id).await;
        assert_eq!((paid.status, paid.vendor_orders.len()), (OrderStatus::Paid, 2), "{:?}", paid.timeline);
        assert_eq!((stock(&potter).await, stock(&weaver).await), ((5, 2), (3, 1)));
        assert_eq!(town.taken_and_returned().await, (quote.total.amount_minor, 0));
        ledger_balances(&town).await;
        town.mail("order_confirmed", "bob@example.com").await;
        town.mail("vendor_new_order", "potter@example.com").await;

        for shop in [&potter, &weaver] {
            ships_and_delivers(&town, shop).await;
        }
        assert_eq!((stock(&potter).await, stock(&weaver).await), ((3, 0), (2, 0)));
        let done = order(&town, placed.order.id).await;
        assert_eq!(done.status, OrderStatus::Completed, "{:?}", done.timeline);
        let token = &done.vendor_orders[0].parcels[0].tracking.token;
        town.app.guest().get(&format!("/api/v1/tracking/{token}")).await.expect(200);

        let review = json!({"rating": 5, "title": "Lovely", "text": "A good mug."});
        let mine = format!("/api/v1/products/{}/reviews/mine", potter.product.id);
        buyer.put(&mine, &review).await.expect(200);
        potter.owner.put(&mine, &review).await.expect_problem(403, "not_bought");
        town.settle().await;
        town.later(1).await;
        let rated: SearchPage = buyer.get("/api/v1/search?q=mug&rating=5").await.expect(200).json();
        assert_eq!(rated.items[0].rating.count, 1);

        let report: Report =
            town.app.as_user(&town.admin).get("/api/v1/admin/reports/overview?days=1").await.expect(200).json();
        assert_eq!((report.sales.total, report.orders.total), (quote.total.amount_minor, 1));
        let earned: EarningsView =
            potter.owner.get(&format!("/api/v1/vendors/{}/earnings", potter.vendor_id)).await.expect(200).json();
        let part = quote.vendors.iter().find(|v| v.vendor_id == potter.vendor_id).unwrap().total.amount_minor;
        assert!(
            earned.balances[0].amount_minor > 0 && earned.balances[0].amount_minor < part,
            "commission was taken: {earned:?} of {part}"
        );
        weaver
            .owner
            .get(&format!("/api/v1/vendors/{}/earnings", potter.vendor_id))
            .await
            .expect_problem(404, "not_found");
    }
}

#[tokio::test]
async fn what_cannot_be_had_or_paid_costs_nothing() {
    for dialect in [Dialect::Sqlite, Dialect::Postgres] {
        let town = Town::new(dialect).await;
        let shop = town.shop("Potter", "Blue mug", 1_800, 2, town.category().await).await;
        let guest = town.app.guest();

        let many = json!([{"variant_id": variant(&shop), "quantity": 3}]);
        let too_many = order_for(&quote(&guest, &many).await, &many, Some("tok_visa"));
        let placed: PlacedOrder = guest.key("a").post("/api/v1/orders", &too_many).await.expect(202).json();
        town.settle().await;
        let rejected = order(&town, placed.order.id).await;
        assert_eq!((rejected.status, rejected.shortages[0].available), (OrderStatus::Rejected, 2));

        let one = json!([{"variant_id": variant(&shop), "quantity": 1}]);
        let declined = order_for(&quote(&guest, &one).await, &one, Some("tok_declined"));
        let placed: PlacedOrder = guest.key("b").post("/api/v1/orders", &declined).await.expect(202).json();
        town.settle().await;
        let failed = order(&town, placed.order.id).await;
        assert_eq!((failed.status, failed.status_reason.as_deref()), (OrderStatus::Cancelled, Some("payment_failed")));

        let mut stale = order_for(&quote(&guest, &one).await, &one, Some("tok_visa"));
        stale["quote_hash"] = json!("0".repeat(64));
        let problem = guest.key("c").post("/api/v1/orders", &stale).await.expect_problem(409, "quote_changed");
        assert_eq!(problem["extra"]["quote"]["total"]["currency"], "EUR");

        assert_eq!(stock(&shop).await, (2, 0), "nothing is held");
        assert_eq!(town.taken_and_returned().await, (0, 0));
        ledger_balances(&town).await;
    }
}

#[tokio::test]
async fn a_cancelled_order_gives_back_stock_and_money_once() {
    for dialect in [Dialect::Sqlite, Dialect::Postgres] {
        let town = Town::new(dialect).await;
        let shop = town.shop("Potter", "Blue mug", 1_800, 2, town.category().await).await;
        let buyer = town.person("Bob").await;
        let one = json!([{"variant_id": variant(&shop), "quantity": 1}]);
        let quote = quote(&buyer, &one).await;
        let place = order_for(&quote, &one, Some("tok_visa"));
        let placed: PlacedOrder = buyer.key("a").post("/api/v1/orders", &place).await.expect(202).json();
        town.settle().await;
        let cancel = format!("/api/v1/orders/{}/cancel", placed.order.id);
        buyer.post(&cancel, &json!({"reason": "Changed my mind"})).await.expect(200);
        town.later(5).await;
        let done = order(&town, placed.order.id).await;
        assert_eq!((done.status, done.refunded), (OrderStatus::Cancelled, quote.total));
        assert_eq!(stock(&shop).await, (2, 0));
        let payments: Page<PaymentView> = town
            .app
            .as_user(&town.admin)
            .get(&format!("/api/v1/admin/payments?order_id={}", placed.order.id))
            .await
            .expect(200)
            .json();
        assert_eq!((payments.items.len(), payments.items[0].refunded), (1, quote.total));
        assert_eq!(town.taken_and_returned().await, (quote.total.amount_minor, quote.total.amount_minor));
        ledger_balances(&town).await;
    }
}

/// A product made of so many of the shop's first one.
async fn bundle(town: &Town, shop: &Shop, title: &str, of: i64) -> ProductEdit {
    let products = format!("/api/v1/vendors/{}/products", shop.vendor_id);
    let mut input = serde_json::to_value(&shop.product.input).unwrap();
    input["title"] = json!(title);
    input["slug"] = Value::Null;
    input["variants"] = json!([{"sku": title, "price_minor": 3_000}]);
    let made: ProductEdit = shop.owner.post(&products, &input).await.expect(201).json();
    let path = format!("{products}/{}/variants/{}/parts", made.id, made.input.variants[0].id.unwrap());
    let parts = json!({"parts": [{"variant_id": variant(shop), "quantity": of}]});
    shop.owner.put(&path, &parts).await.expect(200);
    town.settle().await;
    made
}

#[tokio::test]
async fn a_bundle_leaves_and_comes_back_as_its_parts() {
    for dialect in [Dialect::Sqlite, Dialect::Postgres] {
        let town = Town::new(dialect).await;
        let shop = town.shop("Potter", "Blue mug", 1_800, 5, town.category().await).await;
        let pair = bundle(&town, &shop, "Two mugs", 2).await;
        town.later(1).await;
        let buyer = town.person("Bob").await;
        let page: ProductView = buyer.get("/api/v1/products/two-mugs").await.expect(200).json();
        let shown = &page.variants[0];
        assert_eq!((shown.parts[0].title.as_str(), shown.parts[0].quantity), ("Blue mug", 2));
        assert_eq!(shown.stock, StockLevel::Low(2));
        let found: SearchPage = buyer.get("/api/v1/search?q=two").await.expect(200).json();
        assert_eq!(found.items[0].stock, StockLevel::Low(2));

        // Two pairs and two single ones are six mugs of five; two pairs and one are all of them.
        let lines = |singles: i64| json!([{"variant_id": pair.input.variants[0].id, "quantity": 2}, {"variant_id": variant(&shop), "quantity": singles}]);
        let too_many = order_for(&quote(&buyer, &lines(2)).await, &lines(2), Some("tok_visa"));
        let placed: PlacedOrder = buyer.key("a").post("/api/v1/orders", &too_many).await.expect(202).json();
        town.settle().await;
        let rejected = order(&town, placed.order.id).await;
        assert_eq!((rejected.status, rejected.shortages.len()), (OrderStatus::Rejected, 1));
        assert_eq!((rejected.shortages[0].wanted, rejected.shortages[0].available), (2, 1));
        assert_eq!(town.taken_and_returned().await, (0, 0));

        let all = order_for(&quote(&buyer, &lines(1)).await, &lines(1), Some("tok_visa"));
        let placed: PlacedOrder = buyer.key("b").post("/api/v1/orders", &all).await.expect(202).json();
        town.settle().await;
        let paid = order(&town, placed.order.id).await;
        assert_eq!((paid.status, stock(&shop).await), (OrderStatus::Paid, (5, 5)));
        let of_pair = paid.vendor_orders[0].lines.iter().find(|line| line.title == "Two mugs").unwrap();
        let parts: Vec<_> = of_pair.parts.iter().map(|part| (part.title.as_str(), part.quantity)).collect();
        assert_eq!(parts, [("Blue mug", 2)]);
        ships_and_delivers(&town, &shop).await;
        assert_eq!(stock(&shop).await, (0, 0));

        let form = json!({"lines": [{"line_id": of_pair.id, "quantity": 1}], "reason": "does_not_fit"});
        let asked = buyer.key("r").post(&format!("/api/v1/orders/{}/returns", placed.order.id), &form).await;
        let asked: Vec<AskedReturn> = asked.expect(201).json();
        let path = format!("/api/v1/vendors/{}/returns/{}", shop.vendor_id, asked[0].id);
        let line = json!([{"line_id": of_pair.id, "quantity": 1}]);
        shop.owner.post(&format!("{path}/approve"), &json!({"lines": line})).await.expect(200);
        let line = json!([{"line_id": of_pair.id, "received": 1, "restocked": 1}]);
        shop.owner.post(&format!("{path}/receive"), &json!({"lines": line})).await.expect(200);
        town.settle().await;
        assert_eq!(stock(&shop).await, (2, 0));
        let page: ProductView = buyer.get("/api/v1/products/two-mugs").await.expect(200).json();
        assert_eq!(page.variants[0].stock, StockLevel::Low(1));
        ledger_balances(&town).await;
    }
}
