use std::{sync::Arc, time::Duration};

use ::events::Received;
use contracts::{
    catalog::{ProductChanged, ProductStatus},
    pricing::{DiscountView, Offer, OfferChanged},
};
use db::{Dialect, params};
use testkit::{TestApp, on_both_databases, vendor_staff};
use tokio::sync::Notify;

use super::*;
use crate::{Pricing, events::product_published};

fn path(of: &str) -> String {
    format!("/api/v1/vendors/{}/discounts", vendor(of))
}

/// Takes what was published since the last look, as `(product, variant, price, list price, discount)`.
async fn told(app: &TestApp, seen: &mut usize) -> Vec<(ProductId, Vec<Offer>)> {
    let all = app.published::<OfferChanged>("pricing").await;
    let fresh = all[*seen..].iter().map(|e| (e.product_id, e.offers.clone())).collect();
    *seen = all.len();
    fresh
}

/// An offer of something that cost its list price before.
fn offer(id: &str, price: i64, list: i64, discount: Option<&str>) -> Offer {
    Offer {
        variant_id: variant(id),
        price: eur(price),
        list_price: eur(list),
        discount: discount.map(str::to_owned),
        quantity_prices: vec![],
        lowest_price: (price < list).then_some(eur(list)),
    }
}

fn changed(name: &str, variants: &[(&str, Money)]) -> ProductChanged {
    ProductChanged { product_id: product(name), product: snapshot("ada", name, ProductStatus::Published, variants) }
}

#[tokio::test]
async fn a_list_price_that_changes_is_told_once() {
    on_both_databases(defs, |app| async move {
        stock_the_shelves(&app).await;
        let mut seen = 0;
        assert_eq!(told(&app, &mut seen).await, [], "everybody takes the list price for granted");
        let envelope = app.envelope(&changed("mug", &[("mug", eur(2790))]));
        assert_eq!(app.hand_over("pricing", &envelope).await, Received::Handled);
        assert_eq!(app.hand_over("pricing", &envelope).await, Received::Duplicate);
        assert_eq!(told(&app, &mut seen).await, [(product("mug"), vec![offer("mug", 2790, 2790, None)])]);
        // Another title changes no price.
        let mut same = changed("mug", &[("mug", eur(2790))]);
        same.product.title = "The big mug".to_owned();
        app.deliver("pricing", &same).await;
        // Nor does another variant at its list price.
        app.deliver("pricing", &changed("mug", &[("mug", eur(2790)), ("mug-xl", eur(3990))])).await;
        assert_eq!(told(&app, &mut seen).await, []);
    })
    .await;
}

#[tokio::test]
async fn a_period_begins_and_ends_by_timer() {
    on_both_databases(defs, |app| async move {
        stock_the_shelves(&app).await;
        let mut seen = 0;
        let ada = app.as_user(&vendor_staff(vendor("ada")));
        let later = DiscountInput { starts_at: at("2026-01-16T12:00:00Z"), ..sale(&["bowl"]) };
        ada.post(&path("ada"), &later).await.expect(201);
        app.settle().await;
        assert_eq!(told(&app, &mut seen).await, [], "it has not begun");
        app.advance(Duration::from_secs(24 * 3600 - 1)).await;
        assert_eq!(told(&app, &mut seen).await, []);
        app.advance(Duration::from_secs(1)).await;
        let mut on_sale = told(&app, &mut seen).await;
        on_sale[0].1.sort_by_key(|o| o.list_price.amount_minor);
        let reduced =
            vec![offer("bowl-s", 960, 1200, Some("Winter sale")), offer("bowl-l", 1440, 1800, Some("Winter sale"))];
        assert_eq!(on_sale, [(product("bowl"), reduced)]);
        app.advance(Duration::from_secs(6 * 24 * 3600)).await;
        let mut over = told(&app, &mut seen).await;
        over[0].1.sort_by_key(|o| o.list_price.amount_minor);
        assert_eq!(
            over,
            [(product("bowl"), vec![offer("bowl-s", 1200, 1200, None), offer("bowl-l", 1800, 1800, None)])]
        );
        assert_eq!(app.count("pricing", "SELECT count(*) FROM jobs WHERE kind = 'reprice'").await, 0);
    })
    .await;
}

#[tokio::test]
async fn changing_and_removing_a_discount_is_told() {
    on_both_databases(defs, |app| async move {
        stock_the_shelves(&app).await;
        let mut seen = 0;
        let ada = app.as_user(&vendor_staff(vendor("ada")));
        let created: DiscountView = ada.post(&path("ada"), &sale(&["mug"])).await.expect(201).json();
        app.settle().await;
        assert_eq!(
            told(&app, &mut seen).await,
            [(product("mug"), vec![offer("mug", 1992, 2490, Some("Winter sale"))])]
        );

        let one = format!("{}/{}", path("ada"), created.id);
        ada.put(&one, &sale(&["bowl"])).await.expect(200);
        app.settle().await;
        let mut moved: Vec<_> = told(&app, &mut seen).await.into_iter().map(|(id, _)| id).collect();
        moved.sort();
        let mut both = vec![product("mug"), product("bowl")];
        both.sort();
        assert_eq!(moved, both, "the mug is dear again, the bowls are cheap");

        // Renaming it tells of the new name; the timer of its end is still there, once.
        ada.put(&one, &DiscountInput { name: "Last chance".to_owned(), ..sale(&["bowl"]) }).await.expect(200);
        app.settle().await;
        let renamed = told(&app, &mut seen).await;
        assert!(renamed[0].1.iter().all(|o| o.discount.as_deref() == Some("Last chance")));
        assert_eq!(app.count("pricing", "SELECT count(*) FROM jobs WHERE kind = 'reprice'").await, 1);

        ada.delete(&one).await.expect(204);
        app.settle().await;
        assert_eq!(told(&app, &mut seen).await.len(), 1);
        assert_eq!(app.count("pricing", "SELECT count(*) FROM jobs WHERE kind = 'reprice'").await, 0);
        app.advance(Duration::from_secs(30 * 24 * 3600)).await;
        assert_eq!(told(&app, &mut seen).await, []);
    })
    .await;
}

#[tokio::test]
async fn a_whole_store_is_recalculated_in_chunks() {
    on_both_databases(defs, |app| async move {
        stock_the_shelves(&app).await;
        for i in 0..203 {
            let name = format!("plate-{i}");
            app.hand_over("pricing", &app.envelope(&published("ada", &name, &[(&name, eur(1000 + i))]))).await;
        }
        let ada = app.as_user(&vendor_staff(vendor("ada")));
        let created: DiscountView = ada.post(&path("ada"), &sale(&[])).await.expect(201).json();
        app.settle().await;
        let told = app.published::<OfferChanged>("pricing").await;
        assert_eq!(told.len(), 205, "203 plates, the mug and the bowl; not ben's lamp");
        assert!(
            told.iter()
                .all(|e| e.offers.iter().all(|o| o.price.amount_minor * 10 <= o.list_price.amount_minor * 8 + 5))
        );

        // A product that comes while the sale is on is cheap at once.
        app.deliver("pricing", &published("ada", "late", &[("late", eur(500))])).await;
        let last = app.published::<OfferChanged>("pricing").await.pop().unwrap();
        assert_eq!(
            (last.product_id, last.offers),
            (
                product("late"),
                vec![Offer { lowest_price: Some(eur(400)), ..offer("late", 400, 500, Some("Winter sale")) }]
            )
        );

        ada.delete(&format!("{}/{}", path("ada"), created.id)).await.expect(204);
        app.settle().await;
        assert_eq!(app.published::<OfferChanged>("pricing").await.len(), 206 + 206);
    })
    .await;
}

#[tokio::test]
async fn a_product_and_a_discount_made_at_once_do_not_miss_each_other() {
    on_both_databases(defs, |app| async move {
        stock_the_shelves(&app).await;
        let pricing = Arc::new(Pricing::new(app.system.env("pricing").unwrap().clone(), Currency::EUR, vec![]));
        let (looked, event) = (Arc::new(Notify::new()), published("ada", "cup", &[("cup", eur(1000))]));
        let (has_looked, envelope) = (looked.clone(), app.envelope(&event));
        // The product has seen that there is no discount, and takes its time to commit.
        let product = app.db("pricing");
        let product = product.write(async move |tx| {
            product_published(&pricing, tx, event.clone(), &envelope).await?;
            has_looked.notify_one();
            match tx.dialect() {
                Dialect::Postgres => tx.exec("SELECT 1 FROM pg_sleep(0.3)", params![]).await.map(|_| ()),
                Dialect::Sqlite => Ok(()),
            }
        });
        let discount = async {
            looked.notified().await;
            app.as_user(&vendor_staff(vendor("ada"))).post(&path("ada"), &sale(&[])).await.expect(201);
            app.settle().await;
        };
        futures::join!(product, discount).0.unwrap();
        let cheap = "SELECT count(*) FROM offers WHERE price_minor = 800 AND list_minor = 1000";
        assert_eq!(app.count("pricing", cheap).await, 1);
    })
    .await;
}
