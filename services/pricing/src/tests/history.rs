//! The lowest price before a reduction.

use std::time::Duration;

use contracts::{
    catalog::{ProductChanged, ProductStatus},
    pricing::{DiscountView, OfferChanged},
};
use kernel::Clock;
use testkit::{TestApp, on_both_databases, vendor_staff};

use super::*;

const DAY: Duration = Duration::from_secs(86_400);

fn discounts() -> String {
    format!("/api/v1/vendors/{}/discounts", vendor("ada"))
}

async fn costs(app: &TestApp, minor: i64) {
    let product_now = snapshot("ada", "mug", ProductStatus::Published, &[("mug", eur(minor))]);
    app.deliver("pricing", &ProductChanged { product_id: product("mug"), product: product_now }).await;
}

/// Price and lowest price before it, as told last.
async fn told(app: &TestApp) -> (Money, Option<Money>) {
    app.settle().await;
    let offer = app.published::<OfferChanged>("pricing").await.pop().unwrap().offers.remove(0);
    (offer.price, offer.lowest_price)
}

async fn reduced_by(app: &TestApp, percent_bp: i64) -> DiscountView {
    let input = DiscountInput { percent_bp, starts_at: app.clock.now(), ends_at: None, ..sale(&["mug"]) };
    app.as_user(&vendor_staff(vendor("ada"))).post(&discounts(), &input).await.expect(201).json()
}

async fn ended(app: &TestApp, discount: &DiscountView) {
    let path = format!("{}/{}", discounts(), discount.id);
    app.as_user(&vendor_staff(vendor("ada"))).delete(&path).await.expect(204);
    app.settle().await;
}

#[tokio::test]
async fn a_price_that_was_raised_before_its_reduction_is_found_out() {
    on_both_databases(defs, |app| async move {
        stock_the_shelves(&app).await;
        app.clock.advance(60 * DAY);
        costs(&app, 3000).await;
        assert_eq!(told(&app).await, (eur(3000), None), "nothing is reduced");
        app.clock.advance(10 * DAY);
        let first = reduced_by(&app, 1_000).await;
        assert_eq!(told(&app).await, (eur(2700), Some(eur(2490))), "it cost 24.90 until ten days ago");
        // It stays with the reduction, however long that is and whatever else is told of the product.
        app.clock.advance(50 * DAY);
        let mut renamed =
            snapshot("ada", "mug", ProductStatus::Published, &[("mug", eur(3000)), ("mug-xl", eur(4000))]);
        renamed.title = "The old mug".to_owned();
        app.deliver("pricing", &ProductChanged { product_id: product("mug"), product: renamed }).await;
        let kept = "SELECT count(*) FROM offers WHERE price_minor = 2700 AND lowest_minor = 2490";
        assert_eq!(app.count("pricing", kept).await, 1);

        // A deeper cut begins from what the mug cost while it was reduced.
        ended(&app, &first).await;
        assert_eq!(told(&app).await.1, None);
        app.clock.advance(29 * DAY);
        let second = reduced_by(&app, 2_000).await;
        let deep = "SELECT count(*) FROM offers WHERE price_minor = 2400 AND lowest_minor = 2700";
        app.settle().await;
        assert_eq!(app.count("pricing", deep).await, 1, "27.00 is 29 days ago");
        ended(&app, &second).await;
        app.clock.advance(40 * DAY);
        reduced_by(&app, 2_000).await;
        app.settle().await;
        let later = "SELECT count(*) FROM offers WHERE price_minor = 2400 AND lowest_minor = 3000";
        assert_eq!(app.count("pricing", later).await, 1, "all of that is too long ago");
    })
    .await;
}

#[tokio::test]
async fn a_price_that_the_vendor_strikes_is_held_against_what_was_asked() {
    on_both_databases(defs, |app| async move {
        stock_the_shelves(&app).await;
        app.clock.advance(90 * DAY);
        let mut struck = snapshot("ada", "mug", ProductStatus::Published, &[("mug", eur(2490))]);
        struck.variants[0].compare_at = Some(eur(3990));
        app.deliver("pricing", &ProductChanged { product_id: product("mug"), product: struck }).await;
        assert_eq!(told(&app).await, (eur(2490), Some(eur(2490))), "it has never cost 39.90");
        costs(&app, 2490).await;
        assert_eq!(told(&app).await, (eur(2490), None));
    })
    .await;
}

#[tokio::test]
async fn the_history_of_a_variant_is_a_row_a_day_and_a_month_long() {
    on_both_databases(defs, |app| async move {
        stock_the_shelves(&app).await;
        let rows = format!("SELECT count(*) FROM price_history WHERE variant_id = '{}'", variant("mug"));
        for minor in [2000, 1500, 2600] {
            costs(&app, minor).await;
        }
        assert_eq!(app.count("pricing", &rows).await, 1);
        let day = "SELECT count(*) FROM price_history WHERE lowest_minor = 1500 AND last_minor = 2600";
        assert_eq!(app.count("pricing", day).await, 1);
        for n in 0..80 {
            app.clock.advance(DAY);
            costs(&app, 2000 + n).await;
        }
        assert_eq!(app.count("pricing", &rows).await, 32, "31 days, and the price they began with");
        let before = app.count("pricing", "SELECT count(*) FROM price_history").await;
        // Another title is no other price.
        costs(&app, 2079).await;
        assert_eq!(app.count("pricing", "SELECT count(*) FROM price_history").await, before);
        // Another currency begins anew.
        let dollars = snapshot("ada", "mug", ProductStatus::Published, &[("mug", Money::new(900, Currency::USD))]);
        app.deliver("pricing", &ProductChanged { product_id: product("mug"), product: dollars }).await;
        reduced_by(&app, 5_000).await;
        assert_eq!(told(&app).await.1, Some(Money::new(900, Currency::USD)));
    })
    .await;
}
