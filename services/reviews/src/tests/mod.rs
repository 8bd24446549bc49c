//! Through the router, on both databases.

use std::{sync::Arc, time::Duration};

use axum::{Json, Router, extract::Path, routing::get};
use contracts::{
    orders::{LineSnapshot, OrderCancelled, OrderPaid, OrderSnapshot, PaymentChoice, VendorPart},
    reviews::{RatingChanged, RatingSummary, ReviewView, Reviewable},
};
use futures::future::join_all;
use kernel::{Clock, Currency, Identity, LineId, Money, OrderId, Page, ProductId, VariantId, VendorId, VendorOrderId};
use runtime::ServiceDef;
use serde_json::{Value, json};
use testkit::{TestApp, admin, customer, on_both_databases, principals::account_of};

mod answers;
mod claims;
mod erasure;
mod invitations;
mod moderation;
mod photos;
mod telling;

fn under_test() -> Vec<ServiceDef> {
    vec![crate::service(crate::Settings::default())]
}

fn vendor(name: &str) -> VendorId {
    VendorId::derived("test", &[name])
}

fn product(name: &str) -> ProductId {
    ProductId::derived("test", &[name])
}

fn stand_in_identity(app: &TestApp) {
    let contact = |Path(id): Path<String>| async move {
        Json(json!({"account_id": id, "email": "ada@example.com", "name": "Ada Lovelace", "locale": "en"}))
    };
    app.stand_in("identity", Router::new().route("/internal/identity/accounts/{id}/contact", get(contact)));
}

/// `buyer` has bought `products` of the vendor `v`.
async fn buys(app: &TestApp, buyer: Option<&Identity>, products: &[&str]) -> OrderId {
    buys_from(app, buyer, &[("v", products)]).await
}

/// `buyer` has bought products of several vendors in one order.
async fn buys_from(app: &TestApp, buyer: Option<&Identity>, bought: &[(&str, &[&str])]) -> OrderId {
    let paid = paid(app, buyer, bought);
    app.deliver("reviews", &paid).await;
    paid.order_id
}

/// What `orders` tells when `buyer` has paid for products of several vendors.
fn paid(app: &TestApp, buyer: Option<&Identity>, bought: &[(&str, &[&str])]) -> OrderPaid {
    let zero = Money::zero(Currency::EUR);
    let what = format!("{bought:?} {buyer:?}");
    let order_id = OrderId::derived("test", &[&what, &app.clock.now().to_string()]);
    let line = |name: &&str| LineSnapshot {
        line_id: LineId::derived("test", &[name]),
        variant_id: VariantId::derived("test", &[name]),
        product_id: product(name),
        quantity: 1,
        total: zero,
        tax: zero,
        digital: false,
        categories: vec![],
        subsidy_minor: 0,
    };
    let part = |(of, products): &(&str, &[&str])| VendorPart {
        subsidy_minor: 0,
        vendor_order_id: VendorOrderId::derived("test", &[of]),
        number: String::new(),
        vendor_id: vendor(of),
        lines: products.iter().map(line).collect(),
        items: zero,
        shipping: zero,
        method_id: None,
        method_name: String::new(),
        pickup: false,
        tax: zero,
        total: zero,
    };
    let order = OrderSnapshot {
        number: String::new(),
        account_id: buyer.map(account_of),
        cart_id: None,
        country: "DE".parse().unwrap(),
        parts: bought.iter().map(part).collect(),
        total: zero,
        tax: zero,
        payment: PaymentChoice { method: "card".to_owned(), token: None, return_path: None },
        placed_at: app.clock.now(),
    };
    OrderPaid { order_id, order, paid_at: app.clock.now(), was_promised: false }
}

fn path(name: &str) -> String {
    format!("/api/v1/products/{}/reviews/mine", product(name))
}

fn stars(rating: u32) -> Value {
    json!({"rating": rating, "title": "Well made", "text": "It does what it should."})
}

/// `who` buys a product of the vendor `v` and gives it stars.
async fn reviews(app: &TestApp, who: &Identity, name: &str, rating: u32) -> ReviewView {
    buys(app, Some(who), &[name]).await;
    app.as_user(who).put(&path(name), &stars(rating)).await.expect(200).json()
}

/// Reviews of a product as a guest sees them.
async fn shown(app: &TestApp, name: &str) -> Vec<ReviewView> {
    let page: Page<ReviewView> =
        app.guest().get(&format!("/api/v1/products/{}/reviews", product(name))).await.expect(200).json();
    page.items
}

async fn store_summary(app: &TestApp, name: &str) -> RatingSummary {
    app.guest().get(&format!("/api/v1/stores/{}/rating", vendor(name))).await.expect(200).json()
}

async fn summary(app: &TestApp, name: &str) -> RatingSummary {
    app.guest().get(&format!("/api/v1/products/{}/rating", product(name))).await.expect(200).json()
}

#[tokio::test]
async fn only_those_who_bought_review_and_once_each() {
    on_both_databases(under_test, |app| async move {
        stand_in_identity(&app);
        let (ada, bob) = (customer("ada"), customer("bob"));
        app.guest().put(&path("mug"), &stars(5)).await.expect_problem(401, "unauthenticated");
        app.as_user(&ada).put(&path("mug"), &stars(5)).await.expect_problem(403, "not_bought");
        buys(&app, None, &["mug"]).await;
        app.as_user(&ada).put(&path("mug"), &stars(5)).await.expect_problem(403, "not_bought");
        assert!(app.published::<RatingChanged>("reviews").await.is_empty());

        buys(&app, Some(&ada), &["mug"]).await;
        buys(&app, Some(&bob), &["mug"]).await;
        let written: ReviewView = app.as_user(&ada).put(&path("mug"), &stars(5)).await.expect(200).json();
        assert_eq!((written.author.as_str(), written.rating), ("Ada L.", 5));
        app.as_user(&bob).put(&path("mug"), &stars(2)).await.expect(200);
        assert_eq!(
            summary(&app, "mug").await,
            RatingSummary { average_x100: 350, count: 2, histogram: [0, 1, 0, 0, 1] }
        );

        let again: ReviewView = app.as_user(&ada).put(&path("mug"), &stars(3)).await.expect(200).json();
        assert_eq!(again.id, written.id);
        assert_eq!(
            summary(&app, "mug").await,
            RatingSummary { average_x100: 250, count: 2, histogram: [0, 1, 1, 0, 0] }
        );
        let told = app.published::<RatingChanged>("reviews").await;
        assert_eq!(told.iter().map(|e| e.summary.average_x100).collect::<Vec<_>>(), [500, 350, 250]);
    })
    .await;
}

#[tokio::test]
async fn many_writes_at_once_count_each_star_once() {
    on_both_databases(under_test, |app| async move {
        stand_in_identity(&app);
        let buyers: Vec<_> = (0..20).map(|n| customer(&format!("buyer {n}"))).collect();
        for buyer in &buyers {
            buys(&app, Some(buyer), &["mug"]).await;
        }
        let app = &app;
        let writes = buyers.iter().flat_map(|buyer| {
            [4_u32, 5]
                .map(|rating| async move { app.as_user(buyer).put(&path("mug"), &stars(rating)).await.expect(200) })
        });
        join_all(writes).await;
        let now = summary(app, "mug").await;
        assert_eq!((now.count, now.histogram[3] + now.histogram[4]), (20, 20));
        assert_eq!(app.count("reviews", "SELECT count(*) FROM reviews").await, 20);
    })
    .await;
}

#[tokio::test]
async fn reviews_can_be_removed_by_their_writers_and_by_admins() {
    on_both_databases(under_test, |app| async move {
        stand_in_identity(&app);
        let (ada, bob) = (customer("ada"), customer("bob"));
        for buyer in [&ada, &bob] {
            buys(&app, Some(buyer), &["mug"]).await;
            app.as_user(buyer).put(&path("mug"), &stars(4)).await.expect(200);
        }
        app.as_user(&ada).delete(&path("mug")).await.expect(204);
        app.as_user(&ada).delete(&path("mug")).await.expect_problem(404, "not_found");
        let all: Page<ReviewView> = app.as_user(&admin()).get("/api/v1/admin/reviews").await.expect(200).json();
        let moderate = format!("/api/v1/admin/reviews/{}", all.items[0].id);
        app.as_user(&ada).delete(&moderate).await.expect_problem(403, "forbidden");
        app.as_user(&admin()).delete(&moderate).await.expect(204);
        app.as_user(&admin()).delete(&moderate).await.expect_problem(404, "not_found");
        assert_eq!(summary(&app, "mug").await, RatingSummary::default());
    })
    .await;
}

#[tokio::test]
async fn a_cancelled_order_takes_the_right_back() {
    on_both_databases(under_test, |app| async move {
        stand_in_identity(&app);
        let ada = customer("ada");
        let order_id = buys(&app, Some(&ada), &["mug"]).await;
        let reason = "by_buyer".to_owned();
        let envelope =
            app.envelope(&OrderCancelled { order_id, account_id: Some(account_of(&ada)), reason, was_paid: true });
        app.hand_over("reviews", &envelope).await;
        app.as_user(&ada).put(&path("mug"), &stars(5)).await.expect_problem(403, "not_bought");
    })
    .await;
}

#[tokio::test]
async fn lists_come_in_pages_and_say_what_is_still_to_be_reviewed() {
    on_both_databases(under_test, |app| async move {
        stand_in_identity(&app);
        let ada = customer("ada");
        for name in ["mug", "lamp", "chair"] {
            app.clock.advance(Duration::from_secs(1));
            buys(&app, Some(&ada), &[name]).await;
        }
        app.as_user(&ada).put(&path("lamp"), &stars(4)).await.expect(200);
        let first: Page<Reviewable> = app.as_user(&ada).get("/api/v1/me/reviewable?limit=2").await.expect(200).json();
        let names: Vec<_> = first.items.iter().map(|r| (r.product_id, r.review.is_some())).collect();
        assert_eq!(names, [(product("chair"), false), (product("lamp"), true)]);
        let rest: Page<Reviewable> = app
            .as_user(&ada)
            .get(&format!("/api/v1/me/reviewable?limit=2&after={}", first.next.unwrap()))
            .await
            .expect(200)
            .json();
        assert_eq!((rest.items.len(), rest.items[0].product_id, rest.next), (1, product("mug"), None));
        let reviews: Page<ReviewView> =
            app.guest().get(&format!("/api/v1/products/{}/reviews", product("lamp"))).await.expect(200).json();
        assert_eq!(reviews.items.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_a_review_is_refused_with_its_field() {
    on_both_databases(under_test, |app| async move {
        stand_in_identity(&app);
        let ada: Arc<Identity> = customer("ada").into();
        buys(&app, Some(&ada), &["mug"]).await;
        let put = |body: Value| {
            let (app, ada) = (app.clone(), ada.clone());
            async move { app.as_user(&ada).put(&path("mug"), &body).await }
        };
        put(stars(0)).await.expect_invalid("rating");
        put(stars(6)).await.expect_invalid("rating");
        put(json!({"rating": 5, "title": "x".repeat(121), "text": ""})).await.expect_invalid("title");
        put(json!({"rating": 5, "title": "", "text": "", "author": "me"})).await.expect_invalid("author");
        assert_eq!(app.count("reviews", "SELECT count(*) FROM reviews").await, 0);
    })
    .await;
}
