//! Letters along an order's way: it could not be taken, was called off, a parcel has left or has arrived; and to shops
//! whose stock runs low.

use contracts::{
    inventory::{Shortage, StockLow},
    orders::{OrderCancelled, OrderRejected, Tracking},
    pricing::QuoteLine,
    shipping::{ShipmentDelivered, ShipmentShipped, ShippedLine},
    vendors::VendorStatus,
};
use kernel::{Clock, ShipmentId};
use testkit::on_both_databases;

use super::{
    decided, mail, mailbox,
    orders::{eur, id, part, stand_in_orders, stand_in_view, view},
    owner, services, stand_in_identity, vendor,
};

#[tokio::test]
async fn buyers_hear_of_parcels_and_of_orders_called_off() {
    on_both_databases(services, |app| async move {
        stand_in_orders(&app);
        let shipped = ShipmentShipped {
            shipment_id: ShipmentId::derived("test", &["s"]),
            order_id: id(),
            vendor_order_id: part().id,
            vendor_id: vendor(),
            tracking: Tracking {
                carrier: "DHL".to_owned(),
                number: "00340".to_owned(),
                token: "tok".to_owned(),
                pickup: false,
            },
            parcel: 1,
            lines: vec![],
            at: app.clock.now(),
        };
        app.deliver("notifications", &shipped).await;
        let parcel = mail(&app, "shipment_shipped").await;
        assert!(parcel.text.contains("DHL") && parcel.text.contains("http://souk.test/track/tok"), "{}", parcel.text);

        // Of several parcels each mail says what is in which.
        let line = &part().lines[0];
        let lines = vec![ShippedLine { line_id: line.id, variant_id: line.variant_id, quantity: 1 }];
        let some = ShipmentShipped { shipment_id: ShipmentId::derived("test", &["s2"]), parcel: 2, lines, ..shipped };
        assert!(line.quantity > 1);
        app.deliver("notifications", &some).await;
        let written =
            app.count("notifications", "SELECT count(*) FROM messages WHERE template = 'shipment_shipped'").await;
        assert_eq!(written, 2);

        let cancelled =
            OrderCancelled { order_id: id(), account_id: None, reason: "expired".to_owned(), was_paid: false };
        app.deliver("notifications", &cancelled).await;
        let called_off = mail(&app, "order_cancelled").await;
        assert!(
            called_off.text.contains("not paid in time") && called_off.text.contains("Nothing was charged"),
            "{}",
            called_off.text
        );
    })
    .await;
}

#[tokio::test]
async fn a_buyer_hears_once_that_an_order_could_not_be_taken_and_what_is_missing() {
    on_both_databases(services, |app| async move {
        let line = part().lines.remove(0);
        let shortages = vec![Shortage { variant_id: line.variant_id, wanted: 2, available: 1 }];
        let mut order = view(&app, vec![part()], None);
        order.shortages.clone_from(&shortages);
        order.quote.lines = vec![QuoteLine {
            variant_id: line.variant_id,
            product_id: line.product_id,
            vendor_id: vendor(),
            title: line.title,
            options: line.options,
            sku: line.sku,
            quantity: 2,
            list_price: eur(1_800),
            unit_price: eur(1_800),
            discount: eur(0),
            promotions: vec![],
            total: eur(3_600),
            tax_rate_bp: 1_900,
            tax: eur(575),
            explanation: vec![],
            digital: false,
            categories: vec![],
        }];
        stand_in_view(&app, order);
        let envelope = app.envelope(&OrderRejected { order_id: id(), account_id: None, shortages });
        for _ in 0..2 {
            app.hand_over("notifications", &envelope).await;
            app.settle().await;
        }
        assert_eq!(mailbox(&app).await.len(), 1, "nobody else is written to");
        let letter = mail(&app, "order_rejected").await;
        assert_eq!(letter.message.to.as_str(), "bob@example.com");
        assert_eq!(letter.message.subject, "Your order S-2601-000001 could not be taken");
        let expected = "Your order S-2601-000001 could not be taken\n\nHello Bob Buyer,\n\n\
             somebody was faster: not everything in your order is there any more. Nothing was charged.\n\n\
             What is missing\n  Blue mug (Large)  1 left\n\n\n\
             Back to the cart:\nhttp://souk.test/cart\n\n-- \nSouk · http://souk.test";
        assert_eq!(letter.text.trim_end(), expected);
    })
    .await;
}

#[tokio::test]
async fn a_buyer_hears_once_that_a_parcel_has_arrived() {
    on_both_databases(services, |app| async move {
        stand_in_orders(&app);
        let delivered = ShipmentDelivered {
            shipment_id: ShipmentId::derived("test", &["s"]),
            order_id: id(),
            vendor_order_id: part().id,
            vendor_id: vendor(),
            complete: true,
            at: app.clock.now(),
        };
        let envelope = app.envelope(&delivered);
        for _ in 0..2 {
            app.hand_over("notifications", &envelope).await;
            app.settle().await;
        }
        assert_eq!(mailbox(&app).await.len(), 1, "nobody else is written to");
        let letter = mail(&app, "shipment_delivered").await;
        assert_eq!(letter.message.to.as_str(), "bob@example.com");
        assert_eq!(letter.message.subject, "Your parcel from Potter has arrived");
        let expected = format!(
            "Your parcel from Potter has arrived\n\nHello Bob Buyer,\n\n\
             your parcel from Potter was delivered. Enjoy it.\n\n\n\
             See the order:\nhttp://souk.test/orders/{}?token=tok-42\n\n-- \nSouk · http://souk.test",
            id()
        );
        assert_eq!(letter.text.trim_end(), expected);
    })
    .await;
}

fn low(available: i64) -> StockLow {
    let line = part().lines.remove(0);
    StockLow {
        variant_id: line.variant_id,
        product_id: line.product_id,
        vendor_id: vendor(),
        sku: line.sku,
        title: line.title,
        available,
        low_threshold: 3,
    }
}

#[tokio::test]
async fn owners_hear_once_that_stock_runs_low() {
    on_both_databases(services, |app| async move {
        stand_in_identity(&app);
        app.deliver("notifications", &decided(VendorStatus::Approved, None)).await;
        let envelope = app.envelope(&low(2));
        for _ in 0..2 {
            app.hand_over("notifications", &envelope).await;
            app.settle().await;
        }
        assert_eq!(mailbox(&app).await.len(), 2, "approval, stock");
        let letter = mail(&app, "low_stock").await;
        assert_eq!(letter.message.to.as_str(), format!("{}@example.com", &owner().to_string()[..8]));
        assert_eq!(letter.message.subject, "Blue mug is down to 2");
        let expected = format!(
            "Blue mug is down to 2\n\nBlue mug (SKU MUG-L) is down to 2; you wanted to know at 3.\n\n\n\
             Look at the stock:\nhttp://souk.test/vendor/{}/stock?state=low\n\n-- \nSouk · http://souk.test",
            vendor()
        );
        assert_eq!(letter.text.trim_end(), expected);
    })
    .await;
}

#[tokio::test]
async fn owners_hear_that_something_is_sold_out() {
    on_both_databases(services, |app| async move {
        stand_in_identity(&app);
        app.deliver("notifications", &decided(VendorStatus::Approved, None)).await;
        app.deliver("notifications", &low(0)).await;
        let letter = mail(&app, "low_stock").await;
        assert_eq!(letter.message.subject, "Blue mug is sold out");
        let says = "Blue mug (SKU MUG-L) is sold out; you wanted to know at 3.";
        assert!(letter.text.contains(says), "{}", letter.text);
    })
    .await;
}
