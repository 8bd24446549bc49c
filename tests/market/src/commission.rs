//! A category from the catalogue to what is taken of a sale.

use contracts::{
    commission::{CommissionRuleView, PartCommission},
    orders::PlacedOrder,
    payments::EarningsView,
};
use db::Dialect;
use serde_json::json;

use crate::{
    story::{order_for, quote},
    town::{Shop, Town},
};

/// What was taken of a shop's part, as its owner sees it; the ledger says the same.
async fn taken(shop: &Shop, placed: &PlacedOrder) -> PartCommission {
    let earnings = format!("/api/v1/vendors/{}/earnings", shop.vendor_id);
    let path = format!("{earnings}/orders/{}", placed.order.id);
    let part: PartCommission = shop.owner.get(&path).await.expect(200).json();
    let earned: EarningsView = shop.owner.get(&earnings).await.expect(200).json();
    assert_eq!(earned.commission_30d, [part.commission]);
    part
}

#[tokio::test]
async fn a_sale_pays_by_the_category_of_its_goods_and_by_vendor() {
    for dialect in [Dialect::Sqlite, Dialect::Postgres] {
        let town = Town::new(dialect).await;
        let category = town.category().await;
        let potter = town.shop("Potter", "Blue mug", 2_000, 5, category).await;
        let weaver = town.shop("Weaver", "Red towel", 3_000, 5, category).await;
        let admin = town.app.as_user(&town.admin);
        let rules = "/api/v1/admin/commission-rules";
        let kitchen = json!({"name": "Kitchen", "category_id": category, "rate_bp": 1_500});
        let _: CommissionRuleView = admin.post(rules, &kitchen).await.expect(201).json();
        let own = json!({
            "name": "Potter's kitchen", "vendor_id": potter.vendor_id, "category_id": category, "currency": "EUR",
            "rate_bp": 500, "fixed_minor": 25,
        });
        admin.post(rules, &own).await.expect(201);

        let wanted = |shop: &Shop| json!({"variant_id": shop.product.input.variants[0].id, "quantity": 1});
        let lines = json!([wanted(&potter), wanted(&weaver)]);
        let guest = town.app.guest();
        let quote = quote(&guest, &lines).await;
        assert!(quote.lines.iter().all(|line| line.categories == [category]), "{:?}", quote.lines);
        let order = order_for(&quote, &lines, Some("tok_visa"));
        let placed: PlacedOrder = guest.key("a").post("/api/v1/orders", &order).await.expect(202).json();
        town.settle().await;

        for (shop, minor, why) in [
            (&potter, 125, "“Potter's kitchen”: 5 % of 20.00 EUR, and 0.25 EUR for each of 1."),
            (&weaver, 450, "“Kitchen”: 15 % of 30.00 EUR."),
        ] {
            let part = taken(shop, &placed).await;
            assert_eq!((part.charges[0].commission.amount_minor, part.charges[0].reason.as_str()), (minor, why));
            // The delivery pays the own rate, 10 %.
            let shipping = quote.vendors.iter().find(|vendor| vendor.vendor_id == shop.vendor_id).unwrap().shipping;
            let rest = shipping.basis_points(1_000).unwrap();
            assert_eq!(part.commission.amount_minor, minor + rest.amount_minor);
        }
    }
}
