//! Discounts that are made of what files of other shop systems say.

use std::time::Duration;

use contracts::{
    catalog::{ProductSale, ProductSaleTold},
    pricing::{DiscountView, OfferChanged, Quote},
};
use events::Received;
use kernel::Page;
use testkit::{on_both_databases, vendor_owner};

use super::*;

fn told(of: &str, name: &str, before: Option<ProductSale>, sale: Option<ProductSale>) -> ProductSaleTold {
    ProductSaleTold { product_id: product(name), vendor_id: vendor(of), before, sale }
}

async fn discounts(app: &TestApp, of: &str) -> Vec<DiscountView> {
    let path = format!("/api/v1/vendors/{}/discounts", vendor(of));
    app.as_user(&vendor_owner(vendor(of))).get(&path).await.expect(200).json::<Page<DiscountView>>().items
}

fn products_of(discount: &DiscountView) -> usize {
    discount.input.product_ids.len()
}

/// From the 20th for two weeks: 24.90 becomes 19.90.
fn reduced() -> ProductSale {
    let (starts_at, ends_at) = (at("2026-01-20T00:00:00Z"), Some(at("2026-02-03T00:00:00Z")));
    ProductSale { percent_bp: 2_010, starts_at, ends_at }
}

#[tokio::test]
async fn a_sale_of_a_file_is_a_discount_with_its_period() {
    on_both_databases(defs, |app| async move {
        stock_the_shelves(&app).await;
        for _ in 0..2 {
            app.deliver("pricing", &told("ada", "mug", None, Some(reduced()))).await;
        }
        let made = discounts(&app, "ada").await;
        assert_eq!(made.len(), 1);
        let expected = DiscountInput {
            name: "Sale".to_owned(),
            percent_bp: 2_010,
            product_ids: vec![product("mug")],
            starts_at: reduced().starts_at,
            ends_at: reduced().ends_at,
        };
        assert_eq!((&made[0].input, made[0].active, made[0].version), (&expected, false, 1));
        // What is alike is one discount, but of one store.
        app.deliver("pricing", &told("ada", "bowl", None, Some(reduced()))).await;
        app.deliver("pricing", &told("ben", "lamp", None, Some(reduced()))).await;
        let both = discounts(&app, "ada").await;
        assert_eq!((both.len(), products_of(&both[0]), both[0].version), (1, 2, 2));
        assert_eq!(discounts(&app, "ben").await.len(), 1);

        let request = wants("DE", &[("mug", 1)]);
        let before: Quote = app.guest().post("/api/v1/quotes", &request).await.expect(200).json();
        assert_eq!((before.lines[0].unit_price, before.discount), (eur(2490), eur(0)));
        assert!(app.published::<OfferChanged>("pricing").await.is_empty());
        app.advance(Duration::from_secs(5 * 86_400)).await;
        let during: Quote = app.guest().post("/api/v1/quotes", &request).await.expect(200).json();
        assert_eq!((during.lines[0].unit_price, during.discount), (eur(1990), eur(500)));
        assert_eq!(app.published::<OfferChanged>("pricing").await.len(), 3, "each product once");
        app.advance(Duration::from_secs(14 * 86_400)).await;
        let after: Quote = app.guest().post("/api/v1/quotes", &request).await.expect(200).json();
        assert_eq!((after.discount, app.published::<OfferChanged>("pricing").await.len()), (eur(0), 6));
    })
    .await;
}

#[tokio::test]
async fn what_files_no_longer_say_ends_unless_its_vendor_has_changed_it() {
    on_both_databases(defs, |app| async move {
        stock_the_shelves(&app).await;
        let now = ProductSale { starts_at: at("2026-01-15T00:00:00Z"), ends_at: None, ..reduced() };
        for name in ["mug", "bowl"] {
            app.deliver("pricing", &told("ada", name, None, Some(now))).await;
        }
        app.deliver("pricing", &told("ben", "lamp", None, Some(now))).await;
        assert_eq!(app.published::<OfferChanged>("pricing").await.len(), 3);
        app.deliver("pricing", &told("ada", "bowl", Some(now), None)).await;
        let left = discounts(&app, "ada").await;
        assert_eq!((left.len(), left[0].input.product_ids.as_slice()), (1, &[product("mug")][..]));
        let back = app.published::<OfferChanged>("pricing").await.pop().unwrap();
        assert!(back.product_id == product("bowl") && back.offers.iter().all(|offer| offer.price == offer.list_price));

        let ada = app.as_user(&vendor_owner(vendor("ada")));
        let path = format!("/api/v1/vendors/{}/discounts/{}", vendor("ada"), left[0].id);
        let own = DiscountInput { percent_bp: 3_000, ..left[0].input.clone() };
        ada.header("if-match", format!("\"{}\"", left[0].version)).put(&path, &own).await.expect(200);
        app.deliver("pricing", &told("ada", "mug", Some(now), None)).await;
        assert_eq!(discounts(&app, "ada").await[0].input, own);
        app.deliver("pricing", &told("ben", "lamp", Some(now), None)).await;
        assert!(discounts(&app, "ben").await.is_empty());

        // What is over before it is read is none, and what is not known yet is early.
        let over = ProductSale { ends_at: Some(at("2026-01-15T12:00:00Z")), ..now };
        app.deliver("pricing", &told("ben", "lamp", None, Some(over))).await;
        assert!(discounts(&app, "ben").await.is_empty());
        let ghost = app.deliver("pricing", &told("ada", "ghost", None, Some(now))).await;
        assert_eq!(ghost, Received::Early);
        assert_eq!(app.count("pricing", "SELECT count(*) FROM discounts").await, 1);
    })
    .await;
}
