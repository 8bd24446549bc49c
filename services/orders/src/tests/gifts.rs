//! Gifts: the message goes with the parcel, prices do not.

use contracts::orders::{Gift, PlacedOrder, VendorOrderDetail};
use serde_json::json;
use testkit::{on_both_databases, pdf, vendor_staff};

use super::{Others, body, captured, defs, reserve, two_vendors, vendor, view};

#[tokio::test]
async fn a_gift_has_its_message_and_no_prices_in_the_parcel() {
    on_both_databases(defs, |app| async move {
        Others::on(&app);
        let mut order = body(&two_vendors());
        order["gift"] = json!({"message": " All the best, Eve "});
        let placed: PlacedOrder = app.guest().key("k").post("/api/v1/orders", &order).await.expect(202).json();
        let gift = Some(Gift { message: Some("All the best, Eve".to_owned()) });
        assert_eq!((&placed.order.gift, &view(&app, &placed).await.gift), (&gift, &gift));
        reserve(&app, placed.order.id).await;
        app.deliver("orders", &captured(&app, placed.order.id, placed.order.quote.total)).await;

        let staff = app.as_user(&vendor_staff(vendor("ada")));
        let path = format!("/api/v1/vendors/{}/orders/{}", vendor("ada"), placed.order.vendor_orders[0].id);
        let detail: VendorOrderDetail = staff.get(&path).await.expect(200).json();
        assert_eq!(detail.gift, gift);
        let slip = pdf::text(&staff.get(&format!("{path}/packing-slip.pdf")).await.expect(200).body);
        assert!(slip.contains("A gift for you: All the best, Eve"), "{slip}");
        assert!(!slip.contains('€') && !slip.contains("Ring twice"), "{slip}");
    })
    .await;
}

#[tokio::test]
async fn what_is_no_gift_says_nothing_of_it() {
    on_both_databases(defs, |app| async move {
        Others::on(&app);
        let placed = super::place(&app.guest(), "k").await;
        assert_eq!(placed.order.gift, None);
        assert!(serde_json::to_value(&placed.order).unwrap().get("gift").is_none());
        let mut order = body(&two_vendors());
        order["gift"] = json!({"message": "x".repeat(301)});
        app.guest().key("long").post("/api/v1/orders", &order).await.expect(422);
        order["gift"] = json!({"message": "\u{7}"});
        app.guest().key("bell").post("/api/v1/orders", &order).await.expect_invalid("gift.message");
        assert_eq!(app.count("orders", "SELECT count(*) FROM orders").await, 1);
    })
    .await;
}
