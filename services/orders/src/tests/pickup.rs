//! Orders of which a vendor's part is fetched by its buyer.

use contracts::{
    orders::{OrderPaid, VendorOrderDetail, VendorOrderStatus},
    pickup::PickupPlace,
    shipping::ShipmentShipped,
};
use testkit::{on_both_databases, vendor_staff};

use super::{
    Others, body, captured, defs,
    lifecycle::{delivered, shipped},
    reserve, two_vendors, view,
};

pub fn place() -> PickupPlace {
    PickupPlace {
        line1: "Yard 3".to_owned(),
        postcode: "10115".to_owned(),
        city: "Berlin".to_owned(),
        country: "DE".parse().unwrap(),
        hours: "Ring twice.".to_owned(),
    }
}

#[tokio::test]
async fn the_place_is_frozen_into_the_order_and_told() {
    on_both_databases(defs, |app| async move {
        let others = Others::on(&app);
        let mut quote = two_vendors();
        quote.vendors[0].method.as_mut().unwrap().pickup = Some(place());
        others.set(quote.clone());
        let (buyer, first) = (app.guest().key("k"), quote.vendors[0].vendor_id);
        let placed: contracts::orders::PlacedOrder =
            buyer.post("/api/v1/orders", &body(&quote)).await.expect(202).json();
        let id = placed.order.id;
        let fetched = placed.order.vendor_orders.iter().position(|part| part.vendor_id == first).unwrap();
        let places: Vec<_> = placed.order.vendor_orders.iter().map(|part| part.pickup.clone()).collect();
        assert_eq!((places[fetched].clone(), places[1 - fetched].clone()), (Some(place()), None));
        reserve(&app, id).await;
        app.deliver("orders", &captured(&app, id, quote.total)).await;
        let told = app.published::<OrderPaid>("orders").await.pop().unwrap().order;
        let is_fetched = |of| told.parts.iter().find(|part| part.vendor_id == of).unwrap().pickup;
        assert_eq!((is_fetched(first), told.parts.iter().filter(|part| part.pickup).count()), (true, 1));

        let staff = app.as_user(&vendor_staff(first));
        let path = format!("/api/v1/vendors/{first}/orders/{}", placed.order.vendor_orders[fetched].id);
        let seen: VendorOrderDetail = staff.get(&path).await.expect(200).json();
        assert_eq!(seen.order.pickup, Some(place()));
        let slip = testkit::pdf::text(&staff.get(&format!("{path}/packing-slip.pdf")).await.expect(200).body);
        assert!(slip.contains("Fetched at") && slip.contains("Yard 3, 10115 Berlin, DE"), "{slip}");

        let ready = shipped(&app, &placed, fetched);
        let mut tracking = ready.tracking.clone();
        (tracking.pickup, tracking.number) = (true, "123456".to_owned());
        app.deliver("orders", &ShipmentShipped { tracking, ..ready }).await;
        app.deliver("orders", &delivered(&app, &placed, fetched)).await;
        let now = view(&app, &placed).await;
        let part = &now.vendor_orders[fetched];
        assert_eq!((part.status, part.parcels[0].tracking.number.as_str()), (VendorOrderStatus::Delivered, "123456"));
        let words: Vec<_> = now.timeline.iter().map(|entry| entry.text.as_str()).collect();
        let says = |text: &str| words.iter().any(|entry| *entry == format!("{} {text}", part.number));
        assert!(says("is ready to be fetched.") && says("was fetched."), "{words:?}");
    })
    .await;
}
