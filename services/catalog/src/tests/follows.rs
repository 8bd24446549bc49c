//! What other services tell is shown.

use contracts::{
    catalog::Rating,
    inventory::{StockLevel, StockLevelChanged},
    prices::QuantityPrice,
    pricing::{Offer, OfferChanged},
    reviews::{RatingChanged, RatingSummary},
};
use events::Received;
use kernel::{Currency, Money, ProductId, VariantId};
use serde_json::json;
use testkit::on_both_databases;

use super::support::*;

fn eur(minor: i64) -> Money {
    Money::new(minor, Currency::EUR)
}

fn offer(variant_id: VariantId, price: i64, list: i64, name: Option<&str>) -> Offer {
    let discount = name.map(str::to_owned);
    Offer {
        variant_id,
        price: eur(price),
        list_price: eur(list),
        discount,
        quantity_prices: vec![],
        lowest_price: None,
    }
}

#[tokio::test]
async fn offers_change_prices_and_order() {
    on_both_databases(under_test, |app| async move {
        let (kiln, mugs) = (open_store(&app, "kiln").await, mugs(&app).await);
        let mug = created(&app, kiln, &simple(&mugs, "Mug", "M", 1000)).await;
        created(&app, kiln, &simple(&mugs, "Bowl", "B", 900)).await;
        assert_eq!(titles(&cards(&app, "sort=price_asc").await), ["Bowl", "Mug"]);
        let id = mug.input.variants[0].id.unwrap();
        let sale = OfferChanged { product_id: mug.id, offers: vec![offer(id, 800, 1000, Some("Summer"))] };
        app.deliver("catalog", &sale).await;
        let view = seen(&app, "mug").await;
        let variant = &view.variants[0];
        assert_eq!(
            (variant.price, variant.compare_at, variant.offer.as_deref()),
            (eur(800), Some(eur(1000)), Some("Summer"))
        );
        let page = cards(&app, "sort=price_asc").await;
        assert_eq!(titles(&page), ["Mug", "Bowl"]);
        assert_eq!((page.items[0].price, page.items[0].compare_at), (eur(800), Some(eur(1000))));

        // A new list price: the old offer no longer counts, the next one does.
        let mut input = serde_json::to_value(&mug.input).unwrap();
        input["variants"][0]["price_minor"] = json!(2000);
        put(&app, &mug, &input).await.expect(200);
        assert_eq!(seen(&app, "mug").await.variants[0].price, eur(2000));
        assert_eq!(titles(&cards(&app, "sort=price_asc").await), ["Bowl", "Mug"]);
        let second = OfferChanged { product_id: mug.id, offers: vec![offer(id, 1600, 2000, Some("Summer"))] };
        app.deliver("catalog", &second).await;
        assert_eq!(seen(&app, "mug").await.variants[0].price, eur(1600));
        // Prices for quantities are told with an offer, and go with it.
        let step = QuantityPrice { from: 5, price: eur(1500) };
        let lowest_price = Some(eur(1700));
        let stepped =
            Offer { quantity_prices: vec![step.clone()], lowest_price, ..offer(id, 1600, 2000, Some("Summer")) };
        app.deliver("catalog", &OfferChanged { product_id: mug.id, offers: vec![stepped] }).await;
        let variant = seen(&app, "mug").await.variants.remove(0);
        assert_eq!((variant.quantity_prices, variant.lowest_price), (vec![step], lowest_price));
        // A card beside whose price another one is struck says it too.
        let card = cards(&app, "sort=price_asc").await.items.into_iter().find(|card| card.id == mug.id).unwrap();
        assert_eq!((card.price, card.compare_at, card.lowest_price), (eur(1600), Some(eur(2000)), lowest_price));
        // The sale is over, by a plain offer or by none.
        app.deliver("catalog", &OfferChanged { product_id: mug.id, offers: vec![offer(id, 2000, 2000, None)] }).await;
        let variant = seen(&app, "mug").await.variants.remove(0);
        assert_eq!((variant.price, variant.compare_at, variant.offer), (eur(2000), None, None));
        assert_eq!((variant.quantity_prices, variant.lowest_price), (vec![], None));
        app.deliver("catalog", &sale).await;
        app.deliver("catalog", &OfferChanged { product_id: mug.id, offers: vec![] }).await;
        assert_eq!(seen(&app, "mug").await.variants[0].price, eur(2000));
        // The vendor sees its own price all the time.
        assert_eq!(edit(&app, &mug).await.input.variants[0].price_minor, 2000);

        // Another currency: what was offered in the old one no longer counts, even for the same number.
        app.deliver("catalog", &second).await;
        input["currency"] = json!("USD");
        put(&app, &mug, &input).await.expect(200);
        let variant = seen(&app, "mug").await.variants.remove(0);
        assert_eq!((variant.price, variant.offer), (Money::new(2000, Currency::USD), None));
        app.deliver("catalog", &second).await;
        assert_eq!(seen(&app, "mug").await.variants[0].price, Money::new(2000, Currency::USD));
    })
    .await;
}

#[tokio::test]
async fn stock_levels_are_shown() {
    on_both_databases(under_test, |app| async move {
        let (kiln, mugs) = (open_store(&app, "kiln").await, mugs(&app).await);
        let mug = created(&app, kiln, &optioned(&mugs, "Mug")).await;
        let ids: Vec<_> = mug.input.variants.iter().map(|v| v.id.unwrap()).collect();
        assert_eq!(cards(&app, "").await.items[0].stock, StockLevel::SoldOut);
        let level = |n: usize, level| StockLevelChanged { variant_id: ids[n], product_id: mug.id, level };
        app.deliver("catalog", &level(0, StockLevel::Low(2))).await;
        app.deliver("catalog", &level(1, StockLevel::Low(1))).await;
        let stock: Vec<_> = seen(&app, "mug").await.variants.iter().map(|v| v.stock).collect();
        assert_eq!(stock, [StockLevel::Low(2), StockLevel::Low(1), StockLevel::SoldOut]);
        assert_eq!(cards(&app, "").await.items[0].stock, StockLevel::Low(3));
        app.deliver("catalog", &level(2, StockLevel::InStock)).await;
        assert_eq!(cards(&app, "").await.items[0].stock, StockLevel::InStock);
        assert_eq!(edit(&app, &mug).await.stock, [StockLevel::Low(2), StockLevel::Low(1), StockLevel::InStock]);
        // A change by the vendor leaves it.
        let mut input = serde_json::to_value(&mug.input).unwrap();
        input["title"] = json!("Cup");
        put(&app, &mug, &input).await.expect(200);
        assert_eq!(cards(&app, "").await.items[0].stock, StockLevel::InStock);
        // Taken in twice, it counts once; what nobody knows is passed over.
        let event = app.envelope(&level(2, StockLevel::SoldOut));
        assert_eq!(app.hand_over("catalog", &event).await, Received::Handled);
        assert_eq!(app.hand_over("catalog", &event).await, Received::Duplicate);
        assert_eq!(cards(&app, "").await.items[0].stock, StockLevel::Low(3));
        let (variant_id, product_id) = (VariantId::derived("no", &["v"]), ProductId::derived("no", &["p"]));
        let ghost = StockLevelChanged { variant_id, product_id, level: StockLevel::InStock };
        assert_eq!(app.deliver("catalog", &ghost).await, Received::Handled);
    })
    .await;
}

#[tokio::test]
async fn ratings_are_shown_and_sorted_by() {
    on_both_databases(under_test, |app| async move {
        let (kiln, mugs) = (open_store(&app, "kiln").await, mugs(&app).await);
        for (title, rating) in [("A", Some((480, 100))), ("B", Some((500, 1))), ("C", None), ("D", Some((200, 9)))] {
            let product = created(&app, kiln, &simple(&mugs, &format!("{title} mug"), title, 1000)).await;
            if let Some((average_x100, count)) = rating {
                let summary = RatingSummary { average_x100, count, histogram: [0; 5] };
                app.deliver("catalog", &RatingChanged { product_id: product.id, vendor_id: kiln, summary, by: None })
                    .await;
            }
        }
        assert_eq!(titles(&cards(&app, "category=mugs&sort=rating").await), ["A mug", "B mug", "D mug", "C mug"]);
        assert_eq!(seen(&app, "a-mug").await.rating, Rating { average_x100: 480, count: 100 });
        assert_eq!(cards(&app, "sort=rating").await.items[1].rating, Rating { average_x100: 500, count: 1 });
    })
    .await;
}
