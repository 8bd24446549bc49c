//! A code from the cart to the ledger and back.

use contracts::{
    cart::{CART_TOKEN_HEADER, NewCart},
    orders::{OrderStatus, OrderView, PlacedOrder},
    payments::{EarningsView, TrialBalance},
    pricing::Quote,
    promotions::{Obstacle, PromotionView},
};
use db::Dialect;
use serde_json::{Value, json};

use crate::{
    story::order_for,
    town::{Shop, Town},
};

#[tokio::test]
async fn a_code_goes_from_the_cart_to_the_ledger_and_comes_back_with_the_order() {
    for dialect in [Dialect::Sqlite, Dialect::Postgres] {
        let town = Town::new(dialect).await;
        let potter = town.shop("Potter", "Blue mug", 2_000, 5, town.category().await).await;
        let variant = json!(potter.product.input.variants[0].id);
        let admin = town.app.as_user(&town.admin);
        let input = json!({
            "name": "Welcome", "code": "welcome", "currency": "EUR", "starts_at": "2026-01-01T00:00:00Z",
            "effect": {"type": "percent", "percent_bp": 5_000}, "max_uses": 1, "platform_share_bp": 10_000,
        });
        let made: PromotionView = admin.post("/api/v1/admin/promotions", &input).await.expect(201).json();

        let line = json!({"variant_id": variant, "quantity": 1});
        let opened: NewCart = town.app.guest().post("/api/v1/carts", &line).await.expect(201).json();
        let guest = town.app.guest().header(CART_TOKEN_HEADER, opened.token.expose());
        guest.post("/api/v1/carts/current/codes", &json!({"code": "Welcome"})).await.expect(200);
        let lines = json!([line]);
        let request = json!({"currency": "EUR", "country": "DE", "lines": lines, "codes": ["WELCOME"]});
        let quote: Quote = guest.post("/api/v1/quotes", &request).await.expect(200).json();
        assert_eq!((quote.discount.amount_minor, quote.promotions[0].platform.amount_minor), (1_000, 1_000));

        let mut place = order_for(&quote, &lines, Some("tok_visa"));
        place["codes"] = json!(["welcome"]);
        place["cart_id"] = json!(opened.cart.id);
        let placed: PlacedOrder = guest.key("a").post("/api/v1/orders", &place).await.expect(202).json();
        town.settle().await;
        let order = format!("/api/v1/orders/{}", placed.order.id);
        let paid: OrderView = admin.get(&order).await.expect(200).json();
        assert_eq!((paid.status, paid.quote.total), (OrderStatus::Paid, quote.total));
        assert_eq!(paid.vendor_orders[0].lines[0].promotions[0].amount.amount_minor, 1_000);
        assert_eq!(town.taken_and_returned().await, (quote.total.amount_minor, 0));
        let mail = town.mail("order_confirmed", "bob@example.com").await;
        assert!(
            mail.text.contains("Welcome −10.00") && mail.text.contains("Saved with Welcome (WELCOME)"),
            "{}",
            mail.text
        );
        let cart: contracts::cart::CartView = guest.get("/api/v1/carts/current").await.expect(200).json();
        assert_eq!((cart.codes.len(), cart.lines.len()), (0, 0), "the cart is empty, and its code was for this order");

        // The potter is paid as if the buyer had paid the whole price: 10 % commission on it.
        let earned = format!("/api/v1/vendors/{}/earnings", potter.vendor_id);
        let earnings: EarningsView = potter.owner.get(&earned).await.expect(200).json();
        let whole = quote.total.amount_minor + 1_000;
        assert_eq!(earnings.sales_30d[0].amount_minor, whole);
        assert_eq!(earnings.balances[0].amount_minor + earnings.commission_30d[0].amount_minor, whole);
        assert_eq!(balance(&town, "promotions").await, 1_000);

        // It was the last use; called off, it is free again.
        let again: Quote = guest.post("/api/v1/quotes", &request).await.expect(200).json();
        assert_eq!(again.codes[0].reason, Some(Obstacle::UsedUp));
        let buyer = town.app.guest().header("order-token", placed.token.expose());
        buyer.post(&format!("{order}/cancel"), &json!({})).await.expect(200);
        town.later(5).await;
        assert_eq!(town.taken_and_returned().await, (quote.total.amount_minor, quote.total.amount_minor));
        assert_eq!((balance(&town, "promotions").await, balance(&town, "commission").await), (0, 0));
        let earnings: EarningsView = potter.owner.get(&earned).await.expect(200).json();
        assert_eq!(earnings.balances[0].amount_minor, 0);
        let free = format!("/api/v1/admin/promotions/{}", made.id);
        let free: PromotionView = admin.get(&free).await.expect(200).json();
        assert_eq!((free.uses, free.spent.amount_minor), (0, 0));
        let again: Quote = guest.post("/api/v1/quotes", &request).await.expect(200).json();
        assert_eq!(again, quote);
        the_order_keeps_its_words(&town, &potter, &made, (&request, &order), &quote).await;
    }
}

/// Promotion, tax and price change; what the order says of them does not.
async fn the_order_keeps_its_words(
    town: &Town,
    shop: &Shop,
    made: &PromotionView,
    (request, order): (&Value, &str),
    quote: &Quote,
) {
    let admin = town.app.as_user(&town.admin);
    let mut promotion = serde_json::to_value(&made.input).unwrap();
    promotion["name"] = json!("Farewell");
    promotion["effect"]["percent_bp"] = json!(2_500);
    admin.put(&format!("/api/v1/admin/promotions/{}", made.id), &promotion).await.expect(200);
    let levy = json!({"name": "Levy", "prices_include_tax": true, "tax_shipping": true,
        "rates": [{"category": "standard", "rate_bp": 700}]});
    admin.put("/api/v1/admin/tax-areas/DE", &levy).await.expect(200);
    let mut product = shop.product.input.clone();
    product.variants[0].price_minor = 3_000;
    let path = format!("/api/v1/vendors/{}/products/{}", shop.vendor_id, shop.product.id);
    let known = format!("\"{}\"", shop.product.version);
    shop.owner.header("if-match", known).put(&path, &product).await.expect(200);
    town.settle().await;

    let words = |quote: &Quote| {
        let steps = quote.lines.iter().flat_map(|line| &line.explanation).chain(&quote.explanation);
        steps.map(|step| step.text.clone()).collect::<Vec<_>>()
    };
    let now: Quote = town.app.guest().post("/api/v1/quotes", request).await.expect(200).json();
    let stored: OrderView = admin.get(order).await.expect(200).json();
    assert_eq!(&stored.quote, quote, "word for word");
    for (before, after) in [("Welcome", "Farewell"), ("VAT contained", "Levy contained"), ("20.00", "30.00")] {
        let said = |quote: &Quote, word: &str| words(quote).iter().any(|text| text.contains(word));
        let seen = [said(&stored.quote, before), said(&stored.quote, after), said(&now, before), said(&now, after)];
        assert_eq!(
            seen,
            [true, false, false, true],
            "{before}, {after}: {:?}, {:?}",
            words(&stored.quote),
            words(&now)
        );
    }
}

async fn balance(town: &Town, account: &str) -> i64 {
    let books = town.app.as_user(&town.admin).get("/api/v1/admin/ledger/trial-balance").await.expect(200);
    let books: TrialBalance = books.json();
    assert!(books.sums.iter().all(kernel::Money::is_zero), "{books:?}");
    books.accounts.iter().find(|known| known.account == account).map_or(0, |known| known.balance.amount_minor)
}
