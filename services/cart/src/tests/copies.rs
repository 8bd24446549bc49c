use contracts::{
    cart::CartLine,
    catalog::{BundlePart, ProductChanged},
    orders::{LineSnapshot, OrderPlaced, OrderSnapshot, PaymentChoice, VendorPart},
    prices::QuantityPrice,
    pricing::{Offer, OfferChanged},
};
use events::Received;
use kernel::{AccountId, CartId, LineId, OrderId, VendorOrderId};
use testkit::{customer, on_both_databases, principals::account_of};

use super::*;

fn offers(name: &str, price: i64, list: i64) -> OfferChanged {
    let offer = Offer {
        variant_id: variant(name),
        price: eur(price),
        list_price: eur(list),
        discount: Some("Sale".to_owned()),
        quantity_prices: vec![],
        lowest_price: None,
    };
    OfferChanged { product_id: product(name), offers: vec![offer] }
}

fn changed(of: &str, name: &str, status: ProductStatus, variants: &[(&str, Money)]) -> ProductChanged {
    ProductChanged { product_id: product(name), product: snapshot(of, name, status, variants) }
}

#[tokio::test]
async fn a_price_that_changed_is_shown_with_the_one_before() {
    on_both_databases(defs, |app| async move {
        stock_the_shelves(&app).await;
        let (guest, _) = guest(&app, &[("mug", 2)]).await;
        app.deliver("cart", &offers("mug", 1992, 2490)).await;
        let cart = current(&guest).await;
        let line = &cart.lines[0];
        assert_eq!((line.unit_price, line.total, line.compare_at), (eur(1992), eur(3984), Some(eur(2490))));
        assert_eq!((line.price_when_added, cart.subtotal), (Some(eur(2490)), Some(eur(3984))));
        assert_eq!(cart.version, 2, "what others do is no edit");
        app.deliver("cart", &offers("mug", 2490, 2490)).await;
        let line = &current(&guest).await.lines[0];
        assert_eq!((line.unit_price, line.compare_at, line.price_when_added), (eur(2490), None, None));
    })
    .await;
}

#[tokio::test]
async fn more_of_a_thing_costs_what_its_quantity_costs() {
    on_both_databases(defs, |app| async move {
        stock_the_shelves(&app).await;
        let mut sale = offers("mug", 2490, 2490);
        let step = |from, minor| QuantityPrice { from, price: eur(minor) };
        sale.offers[0].quantity_prices = vec![step(3, 2200), step(10, 1900)];
        app.deliver("cart", &sale).await;
        let (guest, _) = guest(&app, &[("mug", 2)]).await;
        for (quantity, each, struck) in [(2, 2490, None), (3, 2200, Some(eur(2490))), (12, 1900, Some(eur(2490)))] {
            let path = format!("/api/v1/carts/current/lines/{}", variant("mug"));
            guest.put(&path, &serde_json::json!({"quantity": quantity})).await.expect(200);
            let cart = current(&guest).await;
            let line = &cart.lines[0];
            assert_eq!((line.unit_price, line.total, line.compare_at), (eur(each), eur(each * quantity), struck));
            assert_eq!((line.price_when_added, cart.subtotal), (None, Some(eur(each * quantity))));
        }
        // Made from another list price, it does not count any more.
        app.deliver("cart", &changed("ada", "mug", ProductStatus::Published, &[("mug", eur(2600))])).await;
        assert_eq!(current(&guest).await.lines[0].unit_price, eur(2600));
    })
    .await;
}

#[tokio::test]
async fn list_prices_and_offers_may_come_in_any_order() {
    on_both_databases(defs, |app| async move {
        stock_the_shelves(&app).await;
        let (guest, _) = guest(&app, &[("mug", 1)]).await;
        // The offer for the new list price is here before the list price.
        app.deliver("cart", &offers("mug", 2400, 3000)).await;
        assert_eq!(
            current(&guest).await.lines[0].unit_price,
            eur(2490),
            "an offer of another list price does not count yet"
        );
        app.deliver("cart", &changed("ada", "mug", ProductStatus::Published, &[("mug", eur(3000))])).await;
        let line = &current(&guest).await.lines[0];
        assert_eq!((line.unit_price, line.compare_at), (eur(2400), Some(eur(3000))));
        // And the other way round: until the new offer is here, the list price counts.
        app.deliver("cart", &changed("ada", "mug", ProductStatus::Published, &[("mug", eur(5000))])).await;
        assert_eq!(current(&guest).await.lines[0].unit_price, eur(5000));
        app.deliver("cart", &offers("mug", 4000, 5000)).await;
        assert_eq!(current(&guest).await.lines[0].unit_price, eur(4000));
        // The vendor's own struck price is shown where no discount applies.
        let mut struck = changed("ada", "mug", ProductStatus::Published, &[("mug", eur(2000))]);
        struck.product.variants[0].compare_at = Some(eur(2500));
        app.deliver("cart", &struck).await;
        let line = &current(&guest).await.lines[0];
        assert_eq!((line.unit_price, line.compare_at), (eur(2000), Some(eur(2500))));
    })
    .await;
}

#[tokio::test]
async fn what_can_no_longer_be_had_stays_and_does_not_count() {
    on_both_databases(defs, |app| async move {
        stock_the_shelves(&app).await;
        let (guest, _) = guest(&app, &[("mug", 1), ("bowl-s", 1), ("bowl-l", 1), ("lamp", 1)]).await;
        let shown = async || {
            let cart = current(&guest).await;
            let lines: Vec<_> = cart.lines.iter().map(|l| (l.available, l.stock)).collect();
            (cart.subtotal.unwrap(), lines)
        };
        app.deliver("cart", &level("mug", "mug", StockLevel::Low(3))).await;
        app.deliver("cart", &level("lamp", "lamp", StockLevel::SoldOut)).await;
        let (subtotal, lines) = shown().await;
        assert_eq!(subtotal, eur(2490 + 1200 + 1800));
        assert_eq!((lines[0], lines[3]), ((true, StockLevel::Low(3)), (true, StockLevel::SoldOut)));

        // The small bowl is not made any more.
        app.deliver("cart", &changed("ada", "bowl", ProductStatus::Published, &[("bowl-l", eur(1800))])).await;
        let (subtotal, lines) = shown().await;
        assert_eq!((subtotal, lines[1].0, lines[2].0), (eur(2490 + 1800), false, true));
        guest.post(LINES, &wants("bowl-s", 1)).await.expect_invalid("variant_id");

        app.deliver("cart", &changed("ada", "bowl", ProductStatus::Archived, &[("bowl-l", eur(1800))])).await;
        assert_eq!(shown().await.0, eur(2490));
        app.deliver("cart", &vendor_decided("ada", VendorStatus::Suspended)).await;
        let (subtotal, lines) = shown().await;
        assert_eq!((subtotal, lines.len()), (eur(0), 4));
        guest.post(LINES, &wants("mug", 1)).await.expect_invalid("variant_id");
        app.deliver("cart", &vendor_decided("ada", VendorStatus::Approved)).await;
        assert_eq!(shown().await.0, eur(2490));

        // A product that changed its currency cannot be ordered with the rest.
        let dollars = Money::new(9900, Currency::USD);
        app.deliver("cart", &changed("ben", "lamp", ProductStatus::Published, &[("lamp", dollars)])).await;
        let cart = current(&guest).await;
        assert_eq!(
            (cart.lines[3].available, cart.lines[3].unit_price, cart.lines[3].price_when_added),
            (false, dollars, None)
        );
        assert_eq!(cart.subtotal, Some(eur(2490)));
    })
    .await;
}

#[tokio::test]
async fn stock_and_offers_may_be_known_before_the_product() {
    on_both_databases(defs, |app| async move {
        app.deliver("cart", &level("mug", "mug", StockLevel::Low(2))).await;
        app.deliver("cart", &offers("mug", 1992, 2490)).await;
        app.guest().post(CARTS, &wants("mug", 1)).await.expect_invalid("variant_id");
        app.deliver("cart", &published("ada", "mug", &[("mug", eur(2490))])).await;
        app.guest().post(CARTS, &wants("mug", 1)).await.expect_invalid("variant_id");
        app.deliver("cart", &vendor_decided("ada", VendorStatus::Approved)).await;
        let opened: NewCart = app.guest().post(CARTS, &wants("mug", 1)).await.expect(201).json();
        assert_eq!((opened.cart.lines[0].unit_price, opened.cart.lines[0].stock), (eur(1992), StockLevel::Low(2)));
        app.deliver("cart", &published("ada", "new", &[("new", eur(100))])).await;
        let opened: NewCart = app.guest().post(CARTS, &wants("new", 1)).await.expect(201).json();
        assert_eq!(opened.cart.lines[0].stock, StockLevel::SoldOut, "nothing is known to be there");
    })
    .await;
}

/// An order of two vendors' parts with these lines.
fn placed(name: &str, cart: CartId, account: Option<AccountId>, lines: &[(&str, i64)]) -> OrderPlaced {
    let line = |(i, (name, quantity)): (usize, &(&str, i64))| LineSnapshot {
        line_id: LineId::derived("test", &[&i.to_string()]),
        variant_id: variant(name),
        product_id: product(name),
        quantity: *quantity,
        total: eur(100),
        tax: eur(0),
        digital: false,
        categories: vec![],
        subsidy_minor: 0,
    };
    let part = |i: usize, lines: Vec<LineSnapshot>| VendorPart {
        subsidy_minor: 0,
        vendor_order_id: VendorOrderId::derived("test", &[name, &i.to_string()]),
        number: "S-2601-000001-A".to_owned(),
        vendor_id: vendor(&i.to_string()),
        lines,
        items: eur(100),
        shipping: eur(0),
        method_id: None,
        method_name: "Parcel".to_owned(),
        pickup: false,
        tax: eur(0),
        total: eur(100),
    };
    let parts = lines.chunks(1).enumerate().map(|(i, chunk)| part(i, chunk.iter().enumerate().map(line).collect()));
    let order = OrderSnapshot {
        number: "S-2601-000001".to_owned(),
        account_id: account,
        cart_id: Some(cart),
        country: "DE".parse().unwrap(),
        parts: parts.collect(),
        total: eur(200),
        tax: eur(0),
        payment: PaymentChoice { method: "card".to_owned(), token: None, return_path: None },
        placed_at: "2026-01-15T12:00:00Z".parse().unwrap(),
    };
    OrderPlaced { order_id: OrderId::derived("test", &[name]), pay_by: None, order }
}

#[tokio::test]
async fn an_order_takes_what_was_ordered_out_of_its_cart() {
    on_both_databases(defs, |app| async move {
        stock_the_shelves(&app).await;
        let (guest, opened) = guest(&app, &[("mug", 3), ("lamp", 1), ("bowl-s", 1)]).await;
        // Another mug and the bowl were added in another tab, after the quote.
        let order = app.envelope(&placed("one", opened.cart.id, None, &[("mug", 2), ("lamp", 1)]));
        assert_eq!(app.hand_over("cart", &order).await, Received::Handled);
        assert_eq!(contents(&current(&guest).await), of(&[("mug", 1), ("bowl-s", 1)]));
        fill(&guest, &[("lamp", 1)]).await;
        assert_eq!(app.hand_over("cart", &order).await, Received::Duplicate);
        assert_eq!(contents(&current(&guest).await), of(&[("mug", 1), ("bowl-s", 1), ("lamp", 1)]), "once");
        app.deliver("cart", &placed("none", CartId::derived("test", &["none"]), None, &[("mug", 1)])).await;
        assert_eq!(current(&guest).await.items, 3);
    })
    .await;
}

#[tokio::test]
async fn an_accounts_cart_is_emptied_by_its_own_orders_only() {
    on_both_databases(defs, |app| async move {
        stock_the_shelves(&app).await;
        let (ada, eve) = (customer("ada"), customer("eve"));
        let cart = app.as_user(&ada);
        fill(&cart, &[("mug", 1)]).await;
        let id = current(&cart).await.id;
        app.deliver("cart", &placed("guest", id, None, &[("mug", 1)])).await;
        app.deliver("cart", &placed("eve", id, Some(account_of(&eve)), &[("mug", 1)])).await;
        assert_eq!(contents(&current(&cart).await), of(&[("mug", 1)]));
        app.deliver("cart", &placed("ada", id, Some(account_of(&ada)), &[("mug", 1)])).await;
        assert!(current(&cart).await.lines.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_bundle_says_what_lies_in_it() {
    on_both_databases(defs, |app| async move {
        stock_the_shelves(&app).await;
        let mut set = published("ada", "set", &[("set", eur(5900))]);
        let part = |name: &str, quantity| BundlePart { variant_id: variant(name), quantity };
        set.product.variants[0].parts = vec![part("mug", 2), part("bowl-s", 1), part("unheard", 1)];
        app.deliver("cart", &set).await;
        app.deliver("cart", &level("set", "set", StockLevel::Low(2))).await;
        let (guest, _) = guest(&app, &[("set", 1), ("mug", 1)]).await;
        let told = |line: &CartLine| {
            let parts = line.parts.iter().map(|p| (p.title.clone(), p.options.join(", "), p.quantity));
            parts.collect::<Vec<_>>()
        };
        let parts = [("The mug", "mug", 2), ("The bowl", "bowl-s", 1)].map(|(t, o, n)| (t.to_owned(), o.to_owned(), n));
        let cart = current(&guest).await;
        assert_eq!((told(&cart.lines[0]), told(&cart.lines[1])), (parts.to_vec(), vec![]));
        // Made of something else, with a part that is called differently now.
        set.product.variants[0].parts = vec![part("mug", 3)];
        app.deliver("cart", &ProductChanged { product_id: product("set"), product: set.product }).await;
        let mut mug = changed("ada", "mug", ProductStatus::Published, &[("mug", eur(2490))]);
        mug.product.title = "The cup".to_owned();
        app.deliver("cart", &mug).await;
        let cart = current(&guest).await;
        assert_eq!(told(&cart.lines[0]), [("The cup".to_owned(), "mug".to_owned(), 3)]);
    })
    .await;
}
