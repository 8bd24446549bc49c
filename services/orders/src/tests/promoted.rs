//! Orders with promotions: what is held before they are placed, and what they tell of who pays.

use contracts::{
    orders::{OrderCount, OrderPlaced, OrderStanding, OrderStatus, PlacedOrder},
    pricing::{Quote, Reason},
    promotions::{AppliedPromotion, Obstacle, QuotePromotion, RefusedPromotion},
};
use kernel::{CategoryId, Money, PromotionId};
use serde_json::{Value, json};
use testkit::{customer, on_both_databases, principals::account_of};

use super::{Others, body, defs, eur, quote, rows, vendor, view};

fn promotion() -> PromotionId {
    PromotionId::derived("test", &["ten"])
}

fn off(minor: i64, platform: i64) -> AppliedPromotion {
    AppliedPromotion { promotion_id: promotion(), name: "Ten".into(), amount: eur(minor), platform: eur(platform) }
}

/// 2 × 10.00 less 2.00, of which the platform pays 1.50, and 4.90 of shipping less 4.90, of which it pays 3.00.
fn promoted() -> Quote {
    let mut quote = quote(&[("ada", &[("mug", 2, 1000)], 490), ("bob", &[("lamp", 1, 3000)], 0)]);
    let tax = |money: Money| money.tax_contained(1900).unwrap();
    let line = &mut quote.lines[0];
    line.categories = vec![CategoryId::derived("test", &["cups"])];
    (line.promotions, line.discount, line.total, line.tax) = (vec![off(200, 150)], eur(200), eur(1800), tax(eur(1800)));
    let part = &mut quote.vendors[0];
    (part.promotions, part.items, part.shipping, part.shipping_tax) = (vec![off(490, 300)], eur(1800), eur(0), eur(0));
    (part.total, part.tax) = (eur(1800), tax(eur(1800)));
    quote.promotions = vec![QuotePromotion {
        promotion_id: promotion(),
        name: "Ten".into(),
        code: Some("TEN".parse().unwrap()),
        amount: eur(690),
        platform: eur(450),
        counted: None,
    }];
    (quote.discount, quote.shipping, quote.total) = (eur(200), eur(0), eur(4800));
    quote.tax = quote.vendors[0].tax.plus(quote.vendors[1].tax).unwrap();
    quote.hash = "a".repeat(64);
    quote
}

fn with_code(quote: &Quote) -> Value {
    let mut body = body(quote);
    body["codes"] = json!(["ten"]);
    body
}

#[tokio::test]
async fn promotions_are_held_for_the_order_that_is_placed_and_told() {
    on_both_databases(defs, |app| async move {
        let others = Others::on(&app);
        others.set(promoted());
        let eve = app.as_user(&customer("eve"));
        let answer = eve.key("k").post("/api/v1/orders", &with_code(&promoted())).await.expect(202);
        let placed: PlacedOrder = answer.json();
        {
            let (asked, held) = (others.asked.lock().unwrap(), others.held.lock().unwrap());
            assert_eq!(asked[0].codes.iter().map(|code| code.as_str()).collect::<Vec<_>>(), ["TEN"]);
            assert_eq!(asked[0].customer.account_id, Some(account_of(&customer("eve"))));
            assert_eq!(asked[0].customer.email.as_ref().unwrap().as_str(), "eve@example.com");
            assert_eq!(held.len(), 1);
            assert_eq!((held[0].order_id, &held[0].customer), (placed.order.id, &asked[0].customer));
            assert_eq!(held[0].promotions, promoted().promotions);
        }
        let ada = &placed.order.vendor_orders[0];
        assert_eq!((ada.items, ada.shipping, ada.total), (eur(1800), eur(0), eur(1800)));
        assert_eq!((&ada.lines[0].promotions, ada.lines[0].total), (&vec![off(200, 150)], eur(1800)));
        assert_eq!(ada.shipping_promotions, [off(490, 300)]);
        let reader = eve.get(&format!("/api/v1/orders/{}", placed.order.id)).await.expect(200);
        assert_eq!(
            reader.json::<contracts::orders::OrderView>(),
            placed.order,
            "what is read back is what was answered"
        );
        let told: Vec<OrderPlaced> = app.published("orders").await;
        let parts: Vec<_> = told[0].order.parts.iter().map(|p| (p.vendor_id, p.total, p.subsidy_minor)).collect();
        assert_eq!(parts, [(vendor("ada"), eur(1800), 450), (vendor("bob"), eur(3000), 0)]);
        let line = &told[0].order.parts[0].lines[0];
        assert_eq!((line.total, line.subsidy_minor), (eur(1800), 150));
        assert_eq!(line.categories, [CategoryId::derived("test", &["cups"])]);
        assert!(told[0].order.parts[1].lines[0].categories.is_empty());

        // Again: the answer that was given, and nothing is held a second time.
        let again = eve.key("k").post("/api/v1/orders", &with_code(&promoted())).await.expect(202);
        assert_eq!((again.body, others.held.lock().unwrap().len()), (answer.body, 1));
        // Another key is another order.
        let other: PlacedOrder = eve.key("l").post("/api/v1/orders", &with_code(&promoted())).await.expect(202).json();
        assert_ne!(other.order.id, placed.order.id);
    })
    .await;
}

fn reason(rule: &str, text: &str, minor: i64) -> Reason {
    Reason { rule: rule.to_owned().into(), text: text.to_owned(), amount: eur(minor) }
}

/// The promoted quote with the words that `pricing` has for it.
fn explained() -> Quote {
    let mut quote = promoted();
    quote.lines[0].explanation = vec![
        reason("list_price", "2 × 10.00\u{a0}€", 2_000),
        reason("promotion", "Ten, 75 % paid by the marketplace, the rest by the vendor", -200),
        reason("tax", "19 % VAT contained", quote.lines[0].tax.amount_minor),
        reason("rounding", "Tax rounded down by 0.0039\u{a0}€", 0),
    ];
    quote.explanation = vec![
        reason("list_price", "Goods at list prices", 5_000),
        reason("promotion", "Ten, 65 % paid by the marketplace, the rest by the vendor", -690),
        reason("free_shipping", "Shop ada, Parcel: free", 0),
        reason("tax", "19 % VAT contained", quote.tax.amount_minor),
        reason("total", "To pay", 4_800),
    ];
    quote
}

#[tokio::test]
async fn the_explanation_of_an_order_stays_word_for_word() {
    on_both_databases(defs, |app| async move {
        let others = Others::on(&app);
        others.set(explained());
        let answer = app.guest().key("k").post("/api/v1/orders", &with_code(&explained())).await.expect(202);
        let placed: PlacedOrder = answer.json();
        assert_eq!(view(&app, &placed).await.quote, explained());

        // Another price, another tax, another promotion by another name.
        let mut later = quote(&[("ada", &[("mug", 2, 1_200)], 490), ("bob", &[("lamp", 1, 3_000)], 0)]);
        later.lines[0].explanation = vec![reason("list_price", "2 × 12.00\u{a0}€", 2_400)];
        later.explanation = vec![reason("tax", "7 % Levy contained", 383), reason("total", "To pay", 5_890)];
        later.hash = "b".repeat(64);
        others.set(later.clone());
        let refused = app.guest().key("l").post("/api/v1/orders", &with_code(&explained())).await;
        let problem = refused.expect_problem(409, "quote_changed");
        assert_eq!(problem["extra"]["quote"]["explanation"], serde_json::to_value(&later.explanation).unwrap());

        // All that goes on with the order leaves its words alone.
        super::reserve(&app, placed.order.id).await;
        app.deliver("orders", &super::captured(&app, placed.order.id, explained().total)).await;
        let paid = view(&app, &placed).await;
        assert_eq!((paid.status, &paid.quote), (OrderStatus::Paid, &explained()));
        let by_admin = app.as_user(&testkit::admin()).get(&format!("/api/v1/orders/{}", placed.order.id)).await;
        assert_eq!(by_admin.expect(200).json::<contracts::orders::OrderView>().quote, explained());
        let again = app.guest().key("k").post("/api/v1/orders", &with_code(&explained())).await.expect(202);
        assert_eq!(again.body, answer.body, "the same answer, although it would cost something else now");
    })
    .await;
}

#[tokio::test]
async fn without_promotions_nobody_is_asked_to_hold_anything() {
    on_both_databases(defs, |app| async move {
        let others = Others::on(&app);
        app.guest().key("k").post("/api/v1/orders", &body(&super::two_vendors())).await.expect(202);
        assert_eq!((others.held.lock().unwrap().len(), others.asked.lock().unwrap().len()), (0, 1));
    })
    .await;
}

#[tokio::test]
async fn a_promotion_that_others_had_first_is_told_with_the_new_quote() {
    on_both_databases(defs, |app| async move {
        let others = Others::on(&app);
        others.set(promoted());
        let (name, code) = ("Ten".to_owned(), Some("TEN".parse().unwrap()));
        let refused = RefusedPromotion { promotion_id: promotion(), name, code, reason: Obstacle::UsedUp };
        *others.refuse.lock().unwrap() = Some(refused.clone());
        let before = rows(&app).await;
        let answer = app.guest().key("k").post("/api/v1/orders", &with_code(&promoted())).await;
        let problem = answer.expect_problem(409, "quote_changed");
        assert_eq!(problem["extra"]["refused"], serde_json::to_value(&refused).unwrap());
        assert_eq!(problem["extra"]["quote"], serde_json::to_value(promoted()).unwrap());
        assert_eq!(rows(&app).await, before);
        // The same key may try again: the same order is meant.
        *others.refuse.lock().unwrap() = None;
        let placed: PlacedOrder =
            app.guest().key("k").post("/api/v1/orders", &with_code(&promoted())).await.expect(202).json();
        let held = others.held.lock().unwrap();
        assert_eq!((held[0].order_id, held[1].order_id), (placed.order.id, placed.order.id));
    })
    .await;
}

#[tokio::test]
async fn a_quote_whose_promotions_do_not_add_up_is_not_ordered() {
    on_both_databases(defs, |app| async move {
        let others = Others::on(&app);
        let spoils: [fn(&mut Quote); 3] = [
            |quote| quote.lines[0].promotions[0].amount = eur(199),
            |quote| quote.promotions[0].platform = eur(451),
            |quote| quote.vendors[0].promotions.clear(),
        ];
        for spoil in spoils {
            let mut quote = promoted();
            spoil(&mut quote);
            others.set(quote);
            app.guest().key("k").post("/api/v1/orders", &with_code(&promoted())).await.expect(500);
        }
        assert_eq!(others.held.lock().unwrap().len(), 0, "nothing was held for it");
    })
    .await;
}

#[tokio::test]
async fn services_may_ask_whether_an_order_came_to_be_and_how_many_there_are() {
    on_both_databases(defs, |app| async move {
        Others::on(&app);
        let service = app.as_service("pricing");
        let placed = super::place(&app.as_user(&customer("eve")), "k").await;
        let path = |id: &str| format!("/internal/orders/{id}/standing");
        let standing: OrderStanding = service.get(&path(&placed.order.id.to_string())).await.expect(200).json();
        assert_eq!(standing.status, Some(OrderStatus::Placed));
        let none: OrderStanding = service.get(&path("01890a5d-ac96-774b-bcce-b302099a8057")).await.expect(200).json();
        assert_eq!(none.status, None);
        app.guest().get(&path(&placed.order.id.to_string())).await.expect_problem(404, "not_found");
        let account = account_of(&customer("eve"));
        for (customer, orders) in [
            (json!({"account_id": account}), 1),
            (json!({"email": "eve@example.com"}), 1),
            (json!({"email": "bob@example.com"}), 0),
            (json!({}), 0),
        ] {
            let count: OrderCount = service.post("/internal/orders/count", &customer).await.expect(200).json();
            assert_eq!(count.orders, orders, "{customer}");
        }
        app.as_user(&customer("eve"))
            .post(&format!("/api/v1/orders/{}/cancel", placed.order.id), &json!({}))
            .await
            .expect(200);
        let count: OrderCount =
            service.post("/internal/orders/count", &json!({"account_id": account})).await.expect(200).json();
        assert_eq!((count.orders, view_status(&app, &placed).await), (0, OrderStatus::Cancelled));
    })
    .await;
}

async fn view_status(app: &testkit::TestApp, placed: &PlacedOrder) -> OrderStatus {
    view(app, placed).await.status
}
