//! Pieces are taken out of what is to be packed, or have left: never both.

use contracts::{
    orders::{ParcelLine, ReturnWithdrawalWanted},
    shipping::{ShipmentDelivered, ShipmentPartArrived, ShipmentShipped, WithdrawalGranted, WithdrawalRefused},
};
use futures::future::join;
use kernel::ReturnId;
use serde_json::json;
use testkit::on_both_databases;

use super::{
    parcels::{cups, held, line, of, parcels, some},
    *,
};

fn wanted(order_name: &str, name: &str, lines: &[(&str, i64)]) -> ReturnWithdrawalWanted {
    ReturnWithdrawalWanted {
        return_id: ReturnId::derived("test", &[name]),
        order_id: order(order_name),
        vendor_order_id: part(order_name, "ada"),
        vendor_id: vendor("ada"),
        lines: lines.iter().map(|(name, quantity)| ParcelLine { line_id: line(name), quantity: *quantity }).collect(),
        has_downloads: false,
    }
}

async fn answers(app: &TestApp) -> (usize, usize) {
    let granted = app.published::<WithdrawalGranted>("shipping").await.len();
    (granted, app.published::<WithdrawalRefused>("shipping").await.len())
}

async fn taken(app: &TestApp) -> i64 {
    app.count("shipping", "SELECT CAST(COALESCE(sum(quantity), 0) AS BIGINT) FROM withdrawn_lines").await
}

#[tokio::test]
async fn what_is_taken_out_is_not_packed_and_what_has_left_is_not_taken_out() {
    on_both_databases(defs, |app| async move {
        cups(&app, "1").await;
        let (ada, ship) = (staff(&app, "ada"), format!("{}/ship", path("1", "ada")));
        app.deliver("shipping", &wanted("1", "a", &[("cup", 2)])).await;
        assert_eq!((answers(&app).await, taken(&app).await), ((1, 0), 2));
        assert_eq!(held(&shipment(&app, "1", "ada").await), of(&[("cup", 3), ("pot", 1)]));
        ada.post(&ship, &some("N1", &[("cup", 4)])).await.expect_problem(409, "not_that_many_left");
        let first: ShipmentView = ada.post(&ship, &some("N1", &[("cup", 2)])).await.expect(200).json();

        // All of it or nothing.
        app.deliver("shipping", &wanted("1", "b", &[("cup", 2), ("pot", 1)])).await;
        assert_eq!((answers(&app).await, taken(&app).await), ((1, 1), 2));
        let parcel = format!("/api/v1/vendors/{}/shipments/{}/deliver", vendor("ada"), first.id);
        ada.post(&parcel, &json!(null)).await.expect(200);
        assert!(app.published::<ShipmentPartArrived>("shipping").await.is_empty());

        // The rest: with nothing left to pack the part has arrived.
        app.deliver("shipping", &wanted("1", "c", &[("cup", 1), ("pot", 1)])).await;
        assert_eq!((answers(&app).await, taken(&app).await), ((2, 1), 4));
        let now = parcels(&app, "1").await;
        let states: Vec<_> = now.iter().map(|parcel| (parcel.status, parcel.lines.len())).collect();
        assert_eq!(states, [(ShipmentStatus::Delivered, 1), (ShipmentStatus::Cancelled, 0)]);
        let told = app.published::<ShipmentPartArrived>("shipping").await;
        assert_eq!((told.len(), told[0].shipment_id, told[0].vendor_id), (1, first.id, vendor("ada")));
        assert_eq!(app.published::<ShipmentDelivered>("shipping").await.len(), 1);
        app.deliver("shipping", &wanted("1", "d", &[("cup", 1)])).await;
        assert_eq!((answers(&app).await, taken(&app).await), ((2, 2), 4));
    })
    .await;
}

#[tokio::test]
async fn nothing_is_taken_out_before_the_stock_is_the_orders() {
    on_both_databases(defs, |app| async move {
        app.deliver("shipping", &paid("1", &["ada"])).await;
        let one = ReturnWithdrawalWanted {
            lines: vec![ParcelLine { line_id: LineId::derived("test", &["1", "ada"]), quantity: 1 }],
            ..wanted("1", "a", &[])
        };
        app.deliver("shipping", &one).await;
        assert_eq!((answers(&app).await, taken(&app).await), ((0, 1), 0));
        app.deliver("shipping", &claimed("1")).await;
        app.deliver("shipping", &ReturnWithdrawalWanted { return_id: ReturnId::derived("test", &["b"]), ..one }).await;
        assert_eq!((answers(&app).await, taken(&app).await), ((1, 1), 1));
        assert!(app.published::<ShipmentPartArrived>("shipping").await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn who_packs_and_who_takes_out_at_once_do_not_both_have_a_piece() {
    on_both_databases(defs, |app| async move {
        for round in 0..6 {
            let name = format!("r{round}");
            cups(&app, &name).await;
            let (ada, ship) = (staff(&app, "ada"), format!("{}/ship", path(&name, "ada")));
            let event = app.envelope(&wanted(&name, &name, &[("cup", 3)]));
            let body = some(&format!("N{round}"), &[("cup", 3)]);
            let (packed, _) = join(ada.post(&ship, &body), app.hand_over("shipping", &event)).await;
            app.settle().await;
            let sql = format!(
                "SELECT count(*) FROM withdrawn_lines WHERE return_id = '{}'",
                ReturnId::derived("test", &[name.as_str()])
            );
            let out = app.count("shipping", &sql).await;
            // There are five: three of them leave or are taken out, the others find too few.
            assert_eq!(i64::from(packed.status.as_u16() == 200) + out, 1, "{}", packed.text());
        }
        let left = app.published::<ShipmentShipped>("shipping").await.len();
        let (granted, refused) = answers(&app).await;
        assert_eq!((left + granted, granted + refused), (6, 6));
    })
    .await;
}
