//! Several parcels of one part: divided as the vendor says, never more than was ordered, also at once.

use contracts::{
    orders::ParcelLine,
    shipping::{ShipmentCreated, ShipmentDelivered, ShipmentShipped, ShippedLine},
};
use futures::future::join_all;
use serde_json::{Value, json};
use testkit::on_both_databases;

use super::*;

pub(super) fn line(name: &str) -> LineId {
    LineId::derived("test", &[name])
}

/// An order of ada's: five cups and one pot.
pub(super) async fn cups(app: &TestApp, name: &str) {
    let mut event = paid(name, &["ada"]);
    let part = &mut event.order.parts[0];
    let one = part.lines[0].clone();
    let of = |name: &str, quantity| LineSnapshot {
        line_id: line(name),
        variant_id: VariantId::derived("test", &[name]),
        quantity,
        ..one.clone()
    };
    part.lines = vec![of("cup", 5), of("pot", 1)];
    app.deliver("shipping", &event).await;
    app.deliver("shipping", &claimed(name)).await;
}

pub(super) fn some(number: &str, lines: &[(&str, i64)]) -> Value {
    let lines: Vec<Value> =
        lines.iter().map(|(name, quantity)| json!({"line_id": line(name), "quantity": quantity})).collect();
    json!({"carrier": "DHL", "tracking_number": number, "lines": lines})
}

pub(super) fn held(parcel: &ShipmentView) -> Vec<(LineId, i64)> {
    let mut lines: Vec<_> = parcel.lines.iter().map(|ParcelLine { line_id, quantity }| (*line_id, *quantity)).collect();
    lines.sort();
    lines
}

pub(super) fn of(lines: &[(&str, i64)]) -> Vec<(LineId, i64)> {
    let mut lines: Vec<_> = lines.iter().map(|(name, quantity)| (line(name), *quantity)).collect();
    lines.sort();
    lines
}

pub(super) async fn parcels(app: &TestApp, name: &str) -> Vec<ShipmentView> {
    staff(app, "ada").get(&format!("{}s", path(name, "ada"))).await.expect(200).json()
}

#[tokio::test]
async fn a_part_leaves_in_several_parcels() {
    on_both_databases(defs, |app| async move {
        cups(&app, "1").await;
        let ada = staff(&app, "ada");
        let ship = format!("{}/ship", path("1", "ada"));
        assert_eq!(held(&shipment(&app, "1", "ada").await), of(&[("cup", 5), ("pot", 1)]));
        let first: ShipmentView = ada.post(&ship, &some("N1", &[("cup", 2)])).await.expect(200).json();
        assert_eq!((first.parcel, held(&first), first.status), (1, of(&[("cup", 2)]), ShipmentStatus::Shipped));
        let rest = shipment(&app, "1", "ada").await;
        assert_eq!(
            (rest.parcel, held(&rest), rest.status),
            (2, of(&[("cup", 3), ("pot", 1)]), ShipmentStatus::Preparing)
        );

        // The same again is the same; the number stands for that parcel.
        let again = ada.post(&ship, &some("N1", &[("cup", 2)])).await.expect(200);
        assert_eq!(again.json::<ShipmentView>(), first);
        ada.post(&ship, &some("N1", &[("cup", 3)])).await.expect_problem(409, "already_shipped");
        let refused = ada.post(&ship, &some("N2", &[("cup", 4)])).await.expect_problem(409, "not_that_many_left");
        assert_eq!(refused["extra"]["left"], 3);
        ada.post(&ship, &some("N2", &[("lid", 1)])).await.expect_problem(409, "not_that_many_left");
        ada.post(&ship, &some("N2", &[("cup", 1), ("cup", 1)])).await.expect_invalid("lines");
        ada.post(&ship, &some("N2", &[("cup", 0)])).await.expect(422);
        ada.post(&ship, &some("N2", &[])).await.expect_invalid("lines");
        ada.header("if-match", "\"2\"")
            .post(&ship, &some("N2", &[("cup", 1)]))
            .await
            .expect_problem(412, "stale_version");
        assert_eq!(parcels(&app, "1").await.len(), 2);

        // The rest goes without saying what it is.
        let last: ShipmentView =
            ada.post(&ship, &json!({"carrier": "DHL", "tracking_number": "N2"})).await.expect(200).json();
        assert_eq!((last.parcel, held(&last)), (2, of(&[("cup", 3), ("pot", 1)])));
        ada.post(&ship, &json!({"carrier": "DHL", "tracking_number": "N3"}))
            .await
            .expect_problem(409, "already_shipped");
        assert_eq!(parcels(&app, "1").await, [first.clone(), last.clone()]);
        let told = app.published::<ShipmentShipped>("shipping").await;
        let lines =
            |event: &ShipmentShipped| -> i64 { event.lines.iter().map(|line: &ShippedLine| line.quantity).sum() };
        assert_eq!(told.iter().map(|event| (event.parcel, lines(event))).collect::<Vec<_>>(), [(1, 2), (2, 4)]);
        assert_eq!(app.published::<ShipmentCreated>("shipping").await.len(), 2);

        // Each arrives by itself; the part has arrived with the last.
        ada.post(&format!("{}/deliver", path("1", "ada")), &()).await.expect_problem(409, "several_parcels");
        let arrive =
            |parcel: &ShipmentView| format!("/api/v1/vendors/{}/shipments/{}/deliver", vendor("ada"), parcel.id);
        let done: ShipmentView = ada.post(&arrive(&last), &()).await.expect(200).json();
        assert_eq!(done.status, ShipmentStatus::Delivered);
        assert_eq!(ada.post(&arrive(&last), &()).await.expect(200).json::<ShipmentView>(), done);
        ada.post(&arrive(&first), &()).await.expect(200);
        let told = app.published::<ShipmentDelivered>("shipping").await;
        assert_eq!(
            told.iter().map(|event| (event.shipment_id, event.complete)).collect::<Vec<_>>(),
            [(last.id, false), (first.id, true)]
        );

        // Nor does anybody else's parcel exist.
        let ben = staff(&app, "ben");
        let missing = ShipmentView { id: kernel::ShipmentId::derived("test", &["none"]), ..first.clone() };
        let under_ben =
            |parcel: &ShipmentView| arrive(parcel).replace(&vendor("ada").to_string(), &vendor("ben").to_string());
        let (theirs, nothing) = (ben.post(&under_ben(&first), &()).await, ben.post(&under_ben(&missing), &()).await);
        assert_eq!((theirs.status.as_u16(), theirs.text()), (404, nothing.text()));
        ben.get(&format!("{}s", path("1", "ada"))).await.expect_problem(404, "not_found");
    })
    .await;
}

#[tokio::test]
async fn two_who_pack_at_once_never_send_more_than_was_ordered() {
    on_both_databases(defs, |app| async move {
        cups(&app, "1").await;
        let ada = staff(&app, "ada");
        let ship = format!("{}/ship", path("1", "ada"));
        // Twelve times two of five cups, under a number each: two of them can be had.
        let answers = join_all((0..12).map(|n| {
            let (ada, ship, body) = (ada.clone(), ship.clone(), some(&format!("N{n}"), &[("cup", 2)]));
            async move { ada.post(&ship, &body).await }
        }))
        .await;
        let done = answers.iter().filter(|answer| answer.status.as_u16() == 200).count();
        assert_eq!(done, 2);
        for refused in answers.into_iter().filter(|answer| answer.status.as_u16() != 200) {
            let problem = refused.expect_problem(409, "not_that_many_left");
            assert_eq!(problem["extra"]["left"], 1);
        }
        let all = parcels(&app, "1").await;
        assert_eq!(
            all.iter().map(held).collect::<Vec<_>>(),
            [of(&[("cup", 2)]), of(&[("cup", 2)]), of(&[("cup", 1), ("pot", 1)])]
        );
        let handed = app.published::<ShipmentShipped>("shipping").await;
        assert_eq!(handed.iter().flat_map(|event| &event.lines).map(|line| line.quantity).sum::<i64>(), 4);

        // All that is left, twelve times at once under one number: one parcel.
        let answers = join_all((0..12).map(|_| {
            let (ada, ship) = (ada.clone(), ship.clone());
            async move { ada.post(&ship, &json!({"carrier": "DHL", "tracking_number": "LAST"})).await }
        }))
        .await;
        assert!(answers.iter().all(|answer| answer.status.as_u16() == 200 && answer.body == answers[0].body));
        assert_eq!(app.published::<ShipmentShipped>("shipping").await.len(), 3);
        assert_eq!(parcels(&app, "1").await.len(), 3);
    })
    .await;
}

#[tokio::test]
async fn parcels_that_arrive_at_once_complete_their_part_once() {
    on_both_databases(defs, |app| async move {
        cups(&app, "1").await;
        let ada = staff(&app, "ada");
        let ship = format!("{}/ship", path("1", "ada"));
        for n in 0..5 {
            ada.post(&ship, &some(&format!("N{n}"), &[("cup", 1)])).await.expect(200);
        }
        ada.post(&ship, &some("POT", &[("pot", 1)])).await.expect(200);
        let all = parcels(&app, "1").await;
        assert_eq!(all.len(), 6);
        let answers = join_all(all.iter().map(|parcel| {
            let (ada, path) =
                (ada.clone(), format!("/api/v1/vendors/{}/shipments/{}/deliver", vendor("ada"), parcel.id));
            async move { ada.post(&path, &()).await }
        }))
        .await;
        assert!(answers.iter().all(|answer| answer.status.as_u16() == 200));
        let told = app.published::<ShipmentDelivered>("shipping").await;
        assert_eq!((told.len(), told.iter().filter(|event| event.complete).count()), (6, 1));
    })
    .await;
}

#[tokio::test]
async fn what_is_left_of_an_order_that_is_called_off_stays_here() {
    on_both_databases(defs, |app| async move {
        cups(&app, "1").await;
        let ada = staff(&app, "ada");
        let ship = format!("{}/ship", path("1", "ada"));
        ada.post(&ship, &some("N1", &[("cup", 2)])).await.expect(200);
        app.deliver("shipping", &cancelled("1")).await;
        let states: Vec<_> = parcels(&app, "1").await.iter().map(|parcel| parcel.status).collect();
        assert_eq!(states, [ShipmentStatus::Shipped, ShipmentStatus::Cancelled]);
        ada.post(&ship, &some("N2", &[("cup", 1)])).await.expect_problem(409, "shipment_cancelled");
    })
    .await;
}

#[tokio::test]
async fn a_parcel_of_which_nobody_knows_what_is_in_it_leaves_whole() {
    on_both_databases(defs, |app| async move {
        cups(&app, "1").await;
        let forget = "DELETE FROM shipment_lines";
        app.db("shipping").write(async move |tx| tx.exec(forget, db::params![]).await).await.unwrap();
        let ada = staff(&app, "ada");
        let ship = format!("{}/ship", path("1", "ada"));
        ada.post(&ship, &some("N1", &[("cup", 2)])).await.expect_problem(409, "only_whole");
        let whole: ShipmentView =
            ada.post(&ship, &json!({"carrier": "DHL", "tracking_number": "N1"})).await.expect(200).json();
        assert!(whole.lines.is_empty());
        assert!(app.published::<ShipmentShipped>("shipping").await[0].lines.is_empty());
    })
    .await;
}

#[tokio::test]
async fn what_is_downloaded_lies_in_no_parcel() {
    on_both_databases(defs, |app| async move {
        let mut event = paid("1", &["ada", "bob"]);
        let cup = LineSnapshot { line_id: line("cup"), ..event.order.parts[0].lines[0].clone() };
        let pattern = LineSnapshot { line_id: line("pattern"), digital: true, ..cup.clone() };
        event.order.parts[0].lines = vec![cup, pattern];
        event.order.parts[1].lines[0].digital = true;
        app.deliver("shipping", &event).await;
        let parcels = parcels(&app, "1").await;
        assert_eq!((parcels.len(), held(&parcels[0])), (1, of(&[("cup", 1)])));
        assert_eq!(app.count("shipping", "SELECT count(*) FROM shipments").await, 1, "bob sends nothing");
    })
    .await;
}
