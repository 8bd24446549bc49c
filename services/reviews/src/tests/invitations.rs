//! Buyers are invited to review what came, once and some days later.

use contracts::{
    orders::{OrderStatus, OrderView, PlacedOrder, VendorOrderStatus, VendorOrderView},
    pricing::Quote,
    reviews::ReviewInvited,
    shared::Address,
    shipping::ShipmentDelivered,
};
use db::{
    Dialect,
    testing::{meet_at, until_one_has_come},
};
use events::Received;
use futures::join;
use kernel::{Secret, ShipmentId};
use testkit::{customer, on_both_databases};

use super::*;

const DAY: Duration = Duration::from_secs(86_400);

fn eur(minor: i64) -> Money {
    Money::new(minor, Currency::EUR)
}

/// What `orders` says of any order: of 50 €, with a part of each vendor in this state.
/// A quote over 50.00.
fn agreed(country: kernel::Country) -> Quote {
    Quote {
        promotions: vec![],
        codes: vec![],
        hash: String::new(),
        currency: Currency::EUR,
        region: None,
        country,
        lines: vec![],
        vendors: vec![],
        subtotal: eur(5_000),
        discount: eur(0),
        shipping: eur(0),
        payment_fee: None,
        tax: eur(0),
        tax_added: false,
        taxes: vec![],
        total: eur(5_000),
        rates: vec![],
        explanation: vec![],
    }
}

fn stand_in_orders(app: &TestApp, status: OrderStatus, refunded: i64, parts: &[(&str, VendorOrderStatus)]) {
    let country: kernel::Country = "DE".parse().unwrap();
    let text = String::new;
    let address = Address {
        name: text(),
        company: None,
        line1: text(),
        line2: None,
        postcode: text(),
        city: text(),
        region: None,
        country: country.clone(),
        phone: None,
    };
    let quote = agreed(country);
    let id = OrderId::derived("test", &["order"]);
    let part = |(of, status): &(&str, VendorOrderStatus)| VendorOrderView {
        shipping_promotions: vec![],
        id: VendorOrderId::derived("test", &[of]),
        number: text(),
        order_id: id,
        vendor_id: vendor(of),
        vendor_name: text(),
        status: *status,
        lines: vec![],
        items: eur(0),
        shipping: eur(0),
        shipping_method: text(),
        pickup: None,
        tax: eur(0),
        total: eur(0),
        parcels: vec![],
    };
    let order = OrderView {
        id,
        number: text(),
        status,
        status_reason: None,
        covered: None,
        to_collect: None,
        shortages: vec![],
        next_action: None,
        account_id: None,
        email: "ada@example.com".parse().unwrap(),
        address,
        note: None,
        gift: None,
        language: None,
        quote,
        vendor_orders: parts.iter().map(part).collect(),
        refunded: eur(refunded),
        refunds: vec![],
        billing_address: None,
        payment_method: "card".to_owned(),
        paid_at: None,
        timeline: vec![],
        can_cancel: false,
        placed_at: app.clock.now(),
        version: 1,
    };
    let placed = PlacedOrder { token: Secret::new("t"), order };
    let answer = get(async move |_: Path<String>| Json(placed));
    app.stand_in("orders", Router::new().route("/internal/orders/{id}", answer));
}

fn all_delivered(app: &TestApp) {
    stand_in_orders(
        app,
        OrderStatus::Completed,
        0,
        &[("v", VendorOrderStatus::Delivered), ("w", VendorOrderStatus::Delivered)],
    );
}

fn delivered(app: &TestApp, order_id: OrderId, of: &str) -> ShipmentDelivered {
    ShipmentDelivered {
        shipment_id: ShipmentId::derived("test", &[of, &order_id.to_string()]),
        order_id,
        vendor_order_id: VendorOrderId::derived("test", &[of]),
        vendor_id: vendor(of),
        complete: true,
        at: app.clock.now(),
    }
}

async fn invited(app: &TestApp) -> Vec<(OrderId, Vec<ProductId>)> {
    let told = app.published::<ReviewInvited>("reviews").await;
    told.into_iter().map(|event| (event.order_id, event.product_ids)).collect()
}

fn products(names: &[&str]) -> Vec<ProductId> {
    let mut all: Vec<_> = names.iter().map(|name| product(name)).collect();
    all.sort();
    all
}

#[tokio::test]
async fn three_days_after_the_last_parcel_its_buyer_is_invited_once() {
    on_both_databases(under_test, |app| async move {
        stand_in_identity(&app);
        all_delivered(&app);
        let ada = customer("ada");
        let order = buys_from(&app, Some(&ada), &[("v", &["mug", "lamp"]), ("w", &["rug"])]).await;
        app.deliver("reviews", &delivered(&app, order, "v")).await;
        app.advance(DAY * 2).await;
        app.deliver("reviews", &delivered(&app, order, "w")).await;
        app.as_user(&ada).put(&path("lamp"), &stars(4)).await.expect(200);
        app.advance(DAY * 2).await;
        assert_eq!(invited(&app).await, [], "the second parcel has been there for two days");
        app.advance(DAY).await;
        assert_eq!(invited(&app).await, [(order, products(&["mug", "rug"]))]);
        let told = app.published::<ReviewInvited>("reviews").await;
        assert_eq!(told[0].account_id, account_of(&ada));

        // The event again, under another name: nobody is asked twice.
        app.deliver(
            "reviews",
            &ShipmentDelivered { shipment_id: ShipmentId::derived("test", &["again"]), ..delivered(&app, order, "v") },
        )
        .await;
        app.advance(DAY * 9).await;
        assert_eq!(invited(&app).await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn what_has_not_arrived_is_not_asked_about() {
    on_both_databases(under_test, |app| async move {
        stand_in_identity(&app);
        all_delivered(&app);
        let order = buys_from(&app, Some(&customer("ada")), &[("v", &["mug"]), ("w", &["rug"])]).await;
        app.deliver("reviews", &delivered(&app, order, "v")).await;
        app.advance(DAY * 3).await;
        assert_eq!(invited(&app).await, [(order, products(&["mug"]))]);
        app.deliver("reviews", &delivered(&app, order, "w")).await;
        app.advance(DAY * 9).await;
        assert_eq!(invited(&app).await.len(), 1, "one invitation per order");
    })
    .await;
}

#[tokio::test]
async fn guests_and_those_who_have_said_everything_are_left_alone() {
    on_both_databases(under_test, |app| async move {
        stand_in_identity(&app);
        all_delivered(&app);
        let guests = buys(&app, None, &["mug"]).await;
        app.deliver("reviews", &delivered(&app, guests, "v")).await;
        let ada = customer("ada");
        let hers = buys(&app, Some(&ada), &["lamp"]).await;
        app.deliver("reviews", &delivered(&app, hers, "v")).await;
        app.as_user(&ada).put(&path("lamp"), &stars(4)).await.expect(200);
        app.advance(DAY * 9).await;
        assert_eq!(invited(&app).await, []);
        assert_eq!(app.count("reviews", "SELECT count(*) FROM jobs WHERE kind = 'invite'").await, 0);
    })
    .await;
}

#[tokio::test]
async fn an_order_that_was_called_off_is_not_asked_about() {
    on_both_databases(under_test, |app| async move {
        all_delivered(&app);
        let ada = customer("ada");
        let order_id = buys(&app, Some(&ada), &["mug"]).await;
        app.deliver("reviews", &delivered(&app, order_id, "v")).await;
        let (account_id, reason) = (Some(account_of(&ada)), "by_admin".to_owned());
        let cancelled = app.envelope(&OrderCancelled { order_id, account_id, reason, was_paid: true });
        app.hand_over("reviews", &cancelled).await;
        assert_eq!(app.count("reviews", "SELECT count(*) FROM jobs WHERE kind = 'invite'").await, 0);
        app.advance(DAY * 4).await;
        assert_eq!(invited(&app).await, []);
    })
    .await;
}

#[tokio::test]
async fn an_order_whose_money_went_back_whole_is_not_asked_about() {
    on_both_databases(under_test, |app| async move {
        stand_in_orders(&app, OrderStatus::Completed, 5_000, &[("v", VendorOrderStatus::Delivered)]);
        let order = buys(&app, Some(&customer("ada")), &["lamp"]).await;
        app.deliver("reviews", &delivered(&app, order, "v")).await;
        app.advance(DAY * 4).await;
        assert_eq!(invited(&app).await, []);
        assert_eq!(app.count("reviews", "SELECT count(*) FROM jobs WHERE kind = 'invite'").await, 0);
    })
    .await;
}

#[tokio::test]
async fn what_one_vendor_called_off_is_left_out_of_the_invitation() {
    on_both_databases(under_test, |app| async move {
        let parts = [("v", VendorOrderStatus::Cancelled), ("w", VendorOrderStatus::Delivered)];
        stand_in_orders(&app, OrderStatus::Completed, 1_000, &parts);
        let order = buys_from(&app, Some(&customer("ada")), &[("v", &["chair"]), ("w", &["rug"])]).await;
        for of in ["v", "w"] {
            app.deliver("reviews", &delivered(&app, order, of)).await;
        }
        app.advance(DAY * 4).await;
        assert_eq!(invited(&app).await, [(order, products(&["rug"]))]);
    })
    .await;
}

fn nobody_is_invited() -> Vec<ServiceDef> {
    vec![crate::service(crate::Settings { invite_after_days: 0 })]
}

#[tokio::test]
async fn an_operator_may_leave_invitations_out() {
    on_both_databases(nobody_is_invited, |app| async move {
        let order = buys(&app, Some(&customer("ada")), &["mug"]).await;
        app.deliver("reviews", &delivered(&app, order, "v")).await;
        app.advance(DAY * 9).await;
        assert_eq!(invited(&app).await, []);
    })
    .await;
}

#[tokio::test]
async fn what_arrived_before_it_was_known_as_bought_is_asked_about_too() {
    on_both_databases(under_test, |app| async move {
        stand_in_identity(&app);
        all_delivered(&app);
        let paid = paid(&app, Some(&customer("ada")), &[("v", &["mug"]), ("w", &["rug"])]);
        app.deliver("reviews", &delivered(&app, paid.order_id, "v")).await;
        app.advance(DAY).await;
        app.deliver("reviews", &delivered(&app, paid.order_id, "w")).await;
        app.deliver("reviews", &paid).await;
        app.advance(DAY * 2).await;
        assert_eq!(invited(&app).await, [], "the second parcel has been there for two days");
        app.advance(DAY).await;
        assert_eq!(invited(&app).await, [(paid.order_id, products(&["mug", "rug"]))]);
    })
    .await;
}

#[tokio::test]
async fn what_arrives_while_it_becomes_known_as_bought_is_asked_about_too() {
    let app = TestApp::start(Dialect::Postgres, under_test()).await;
    stand_in_identity(&app);
    all_delivered(&app);
    let (db, paid) = (app.db("reviews"), paid(&app, Some(&customer("ada")), &[("v", &["mug"])]));
    let (order_id, paid) = (paid.order_id, app.envelope(&paid));
    let arrived = app.envelope(&delivered(&app, order_id, "v"));
    meet_at(&db, "purchases").await.unwrap();
    // The purchase is stored and not yet committed when the parcel's arrival is noted.
    let buying = app.hand_over("reviews", &paid);
    let arriving = async {
        until_one_has_come(&db).await.unwrap();
        app.hand_over("reviews", &arrived).await
    };
    assert_eq!(join!(buying, arriving), (Received::Handled, Received::Handled));
    app.advance(DAY * 3).await;
    assert_eq!(invited(&app).await, [(order_id, products(&["mug"]))]);
}
