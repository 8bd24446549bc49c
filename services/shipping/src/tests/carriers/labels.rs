use contracts::carriers::{LabelBought, LabelRefunded, LabelStatus};
use futures::future::join_all;
use sandbox::carrier::CarrierFault;

use super::*;

/// What vendors were told to bear, and what not any more, in cents.
async fn told(world: &World) -> (Vec<i64>, Vec<i64>) {
    let (bought, back) =
        (world.app.published::<LabelBought>("shipping"), world.app.published::<LabelRefunded>("shipping"));
    let (bought, back) = (bought.await, back.await);
    let cents = |money: Money| money.amount_minor;
    (bought.iter().map(|e| cents(e.cost)).collect(), back.iter().map(|e| cents(e.cost)).collect())
}

#[tokio::test]
async fn what_a_label_costs_is_told_with_what_it_is_for() {
    each(|world| async move {
        let label = world.buy().await;
        let bought = world.app.published::<LabelBought>("shipping").await.remove(0);
        assert_eq!((bought.label_id, bought.shipment_id), (label.id, label.shipment_id));
        let of = (vendor("ada"), label.order_id, label.vendor_order_id);
        assert_eq!((bought.vendor_id, bought.order_id, bought.vendor_order_id), of);
        assert_eq!(
            (bought.number.as_str(), bought.carrier.as_str(), bought.cost),
            ("S-2601-1-A", "SandboxPost", eur(420))
        );
        staff(&world.app, "ada").post(&format!("{}/cancel", label_path("ada", &label)), &()).await.expect(202);
        assert_eq!(told(&world).await, (vec![420], vec![]), "the carrier has not taken it back yet");
        world.settle().await;
        assert_eq!(told(&world).await, (vec![420], vec![420]));
        let back = world.app.published::<LabelRefunded>("shipping").await.remove(0);
        assert_eq!((back.label_id, back.vendor_id, back.number.as_str()), (label.id, vendor("ada"), "S-2601-1-A"));
    })
    .await;
}

#[tokio::test]
async fn a_label_from_before_costs_were_told_gives_nothing_back() {
    each(|world| async move {
        let label = world.buy().await;
        let old = "UPDATE labels SET booked = 0";
        world.app.db("shipping").write(async move |tx| tx.exec(old, db::params![]).await).await.unwrap();
        staff(&world.app, "ada").post(&format!("{}/cancel", label_path("ada", &label)), &()).await.expect(202);
        world.settle().await;
        assert_eq!(world.labels().await.remove(0).status, LabelStatus::Voided);
        assert_eq!(told(&world).await, (vec![420], vec![]));
    })
    .await;
}

#[tokio::test]
async fn a_label_is_bought_printed_and_used() {
    each(|world| async move {
        let ada = staff(&world.app, "ada");
        let ordered = world.order_label().await;
        assert_eq!((ordered.status, ordered.price, ordered.has_file), (LabelStatus::Ordered, None, false));
        assert!(world.fake.calls().is_empty(), "nobody waits for the carrier");
        world.settle().await;

        let label = world.labels().await.remove(0);
        assert_eq!((label.status, label.used, label.has_file), (LabelStatus::Bought, false, true));
        assert_eq!((label.carrier.as_deref(), label.service.as_deref()), (Some("SandboxPost"), Some("Parcel")));
        assert_eq!((label.price, label.charged, label.part_cost), (Some(eur(420)), Some(eur(490)), Some(eur(420))));
        assert_eq!((label.number.as_str(), label.failure.as_deref()), ("S-2601-1-A", None));
        assert_eq!(world.sold(), [420]);
        let paper = ada.get(&format!("{}/paper", label_path("ada", &label))).await.expect(200);
        assert_eq!(paper.header("content-type"), Some("application/pdf"));
        assert!(paper.body.starts_with(b"%PDF-1.4\n"));

        // The parcel leaves with it, and only then it is used.
        assert_eq!(shipment(&world.app, "1", "ada").await.status, ShipmentStatus::Preparing);
        let number = label.tracking_number.clone().unwrap();
        world.ship(&number).await.expect(200);
        let used = world.labels().await.remove(0);
        assert_eq!((used.id, used.status, used.used), (label.id, LabelStatus::Bought, true));
        ada.post(&format!("{}/cancel", label_path("ada", &label)), &()).await.expect_problem(409, "label_used");
        ada.post(&labels_path("1", "ada"), &json!({"weight_g": 1})).await.expect_problem(409, "already_shipped");
        world.settle().await;
        assert_eq!((world.sold(), world.calls("/refund")), (vec![420], 0));
    })
    .await;
}

#[tokio::test]
async fn ten_clicks_are_one_label() {
    each(|world| async move {
        let ada = staff(&world.app, "ada");
        let clicks = (0..10).map(|_| {
            let (ada, path) = (ada.clone(), labels_path("1", "ada"));
            async move { ada.post(&path, &json!({"weight_g": 1200})).await.expect(202).json::<LabelView>().id }
        });
        let ids = join_all(clicks).await;
        assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
        world.settle().await;
        assert_eq!(world.order_label().await.status, LabelStatus::Bought, "the eleventh, after it was bought");
        world.settle().await;
        assert_eq!((world.sold(), world.calls("/buy"), world.labels().await.len()), (vec![420], 1, 1));
        assert_eq!(told(&world).await, (vec![420], vec![]));
    })
    .await;
}

#[tokio::test]
async fn whatever_a_call_meets_one_label_is_bought() {
    use CarrierFault::{Broken, Busy, Hang, Silent};
    // How often the call is made: what was done is found by asking, what was not is done again.
    for (fault, end, calls) in [
        (Silent, "/buy", 1),
        (Hang, "/buy", 2),
        (Broken, "/buy", 2),
        (Busy, "/buy", 2),
        (Silent, "/shipments", 1),
        (Hang, "/shipments", 2),
        (Broken, "/shipments", 2),
    ] {
        each(|world| async move {
            world.fake.fault(end, fault);
            world.order_label().await;
            world.settle().await;
            if fault != Busy {
                let waiting = world.labels().await.remove(0);
                assert_eq!((waiting.status, waiting.tracking_number), (LabelStatus::Ordered, None), "{fault:?} {end}");
            }
            world.pass(120).await;
            let label = world.labels().await.remove(0);
            assert_eq!((label.status, label.has_file), (LabelStatus::Bought, true), "{fault:?} {end}");
            assert_eq!((world.sold(), world.calls(end)), (vec![420], calls), "{fault:?} {end}");
            assert_eq!(told(&world).await, (vec![420], vec![]), "{fault:?} {end}");
        })
        .await;
    }
}

#[tokio::test]
async fn while_the_carrier_is_silent_parcels_leave_without_it() {
    each(|world| async move {
        world.fake.fault("/shipments", CarrierFault::Hang);
        let label = world.order_label().await;
        world.settle().await;
        world.ship("BY-HAND-1").await.expect(200);
        assert_eq!(shipment(&world.app, "1", "ada").await.status, ShipmentStatus::Shipped);
        let cancel = format!("{}/cancel", label_path("ada", &label));
        let back: LabelView = staff(&world.app, "ada").post(&cancel, &()).await.expect(202).json();
        assert_eq!(back.status, LabelStatus::Voiding);
        world.settle().await;
        assert_eq!(world.labels().await.remove(0).status, LabelStatus::Voided);
        assert!(world.sold().is_empty(), "nothing was bought");
    })
    .await;
}

#[tokio::test]
async fn a_label_that_is_not_used_goes_back_once() {
    each(|world| async move {
        let ada = staff(&world.app, "ada");
        let label = world.buy().await;
        let number = label.tracking_number.clone().unwrap();
        let cancel = format!("{}/cancel", label_path("ada", &label));
        let back: LabelView = ada.post(&cancel, &()).await.expect(202).json();
        assert_eq!(back.status, LabelStatus::Voiding);
        ada.post(&labels_path("1", "ada"), &json!({"weight_g": 1200})).await.expect_problem(409, "label_goes_back");
        world.settle().await;
        for _ in 0..3 {
            let again: LabelView = ada.post(&cancel, &()).await.expect(202).json();
            assert_eq!((again.status, again.part_cost), (LabelStatus::Voided, None));
            world.settle().await;
        }
        assert_eq!((world.sold(), world.calls("/refund")), (vec![420, -420], 1));
        // It must not be used any more; another one can be bought.
        world.ship(&number).await.expect_problem(409, "label_given_back");
        assert_eq!(shipment(&world.app, "1", "ada").await.status, ShipmentStatus::Preparing);
        let other = world.buy().await;
        assert_ne!((other.id, other.tracking_number.as_ref()), (label.id, Some(&number)));
        assert_eq!(world.sold(), [420, -420, 420]);
        assert_eq!(told(&world).await, (vec![420, 420], vec![420]));
    })
    .await;
}

#[tokio::test]
async fn what_was_called_off_too_early_or_too_late_costs_nothing() {
    each(|world| async move {
        let ada = staff(&world.app, "ada");
        // Before the carrier was asked.
        let early = world.order_label().await;
        ada.post(&format!("{}/cancel", label_path("ada", &early)), &()).await.expect(202);
        world.settle().await;
        assert_eq!(world.labels().await.remove(0).status, LabelStatus::Voided);
        assert!(world.fake.calls().is_empty());

        // After it was bought, but nobody knows: it is found, and given back.
        world.fake.fault("/buy", CarrierFault::Silent);
        let unknown = world.order_label().await;
        world.settle().await;
        ada.post(&format!("{}/cancel", label_path("ada", &unknown)), &()).await.expect(202);
        world.settle().await;
        assert_eq!(world.labels().await.remove(0).status, LabelStatus::Voided);
        assert_eq!(world.sold(), [420, -420]);

        // A purchase that got no answer may still arrive: only after a while it is believed that it did not.
        world.fake.fault("/buy", CarrierFault::Hang);
        let lost = world.order_label().await;
        world.settle().await;
        ada.post(&format!("{}/cancel", label_path("ada", &lost)), &()).await.expect(202);
        world.pass(300).await;
        assert_eq!(world.labels().await.remove(0).status, LabelStatus::Voiding);
        world.pass(2400).await;
        assert_eq!(world.labels().await.remove(0).status, LabelStatus::Voided);
        assert_eq!(world.sold(), [420, -420]);
        assert_eq!(told(&world).await, (vec![], vec![]), "what was known only when it was given back is not told");
    })
    .await;
}

#[tokio::test]
async fn what_the_carrier_does_not_take_back_can_still_be_used() {
    each(|world| async move {
        let label = world.buy().await;
        world.fake.refuse_refunds();
        let cancel = format!("{}/cancel", label_path("ada", &label));
        staff(&world.app, "ada").post(&cancel, &()).await.expect(202);
        world.settle().await;
        let kept = world.labels().await.remove(0);
        let failure = Some("The carrier does not take it back.");
        assert_eq!((kept.status, kept.failure.as_deref()), (LabelStatus::Bought, failure));
        world.ship(&kept.tracking_number.unwrap()).await.expect(200);
        assert_eq!(world.sold(), [420]);
        assert_eq!(told(&world).await, (vec![420], vec![]));
    })
    .await;
}

#[tokio::test]
async fn the_label_of_an_order_that_is_called_off_goes_back() {
    each(|world| async move {
        world.buy().await;
        world.app.deliver("shipping", &cancelled("1")).await;
        world.settle().await;
        assert_eq!(world.labels().await.remove(0).status, LabelStatus::Voided);
        assert_eq!(world.sold(), [420, -420]);
        let refused = staff(&world.app, "ada").post(&labels_path("1", "ada"), &json!({"weight_g": 1})).await;
        refused.expect_problem(409, "shipment_cancelled");
    })
    .await;
}

#[tokio::test]
async fn a_service_can_be_chosen_and_what_nobody_carries_is_not_sold() {
    let services = vec!["SandboxPost Express".to_owned(), "Nobody Fast".to_owned()];
    let world = World::start(Dialect::Sqlite, EasyPostSettings { services, ..settings() }).await;
    let ada = staff(&world.app, "ada");
    let wish = |service: &str| json!({"weight_g": 5000, "service": service});
    ada.post(&labels_path("1", "ada"), &wish("SandboxPost Parcel")).await.expect_invalid("service");
    ada.post(&labels_path("1", "ada"), &wish("Nobody Fast")).await.expect(202);
    world.settle().await;
    let failed = world.labels().await.remove(0);
    let failure = Some("No service carries this parcel there.");
    assert_eq!((failed.status, failed.failure.as_deref(), failed.price), (LabelStatus::Failed, failure, None));
    world.app.clock.advance(Duration::from_secs(1));
    ada.post(&labels_path("1", "ada"), &wish("SandboxPost Express")).await.expect(202);
    world.settle().await;
    let bought = world.labels().await.remove(0);
    // Five kilograms are three more than the price is for.
    assert_eq!((bought.service.as_deref(), bought.price), (Some("Express"), Some(eur(990 + 3 * 80))));
    assert_eq!(world.labels().await.len(), 2);
    for bad in [json!({"weight_g": 0}), json!({"weight_g": 1_000_001}), json!({}), json!({"weight_g": 1, "size": {}})] {
        let status = ada.post(&labels_path("1", "ada"), &bad).await.status.as_u16();
        assert!([400, 422].contains(&status), "{bad}: {status}");
    }
}

#[tokio::test]
async fn labels_are_for_what_may_leave_and_for_its_vendor() {
    each(|world| async move {
        let (ada, ben) = (staff(&world.app, "ada"), staff(&world.app, "ben"));
        world.app.deliver("shipping", &paid("2", &["ada"])).await;
        ada.post(&labels_path("2", "ada"), &json!({"weight_g": 1})).await.expect_problem(409, "stock_not_confirmed");
        let mut fetched = paid("3", &["ada"]);
        fetched.order.parts[0].pickup = true;
        world.app.deliver("shipping", &fetched).await;
        world.app.deliver("shipping", &claimed("3")).await;
        ada.post(&labels_path("3", "ada"), &json!({"weight_g": 1})).await.expect_problem(409, "fetched");
        ada.post(&labels_path("9", "ada"), &json!({"weight_g": 1})).await.expect_problem(404, "not_found");
        ada.get(&labels_path("9", "ada")).await.expect_problem(404, "not_found");
        let label = world.buy().await;
        ben.get(&labels_path("1", "ben").replace(&part("1", "ben").to_string(), &part("1", "ada").to_string()))
            .await
            .expect_problem(404, "not_found");
        let theirs = label_path("ben", &label);
        ben.get(&format!("{theirs}/paper")).await.expect_problem(404, "not_found");
        ben.post(&format!("{theirs}/cancel"), &()).await.expect_problem(404, "not_found");
        ben.get(&format!("{}/paper", label_path("ada", &label))).await.expect_problem(404, "not_found");
        let all = format!("/api/v1/vendors/{}/labels", vendor("ben"));
        assert!(ben.get(&all).await.expect(200).json::<kernel::Page<LabelView>>().items.is_empty());
        let all = format!("/api/v1/vendors/{}/labels", vendor("ada"));
        assert_eq!(ada.get(&all).await.expect(200).json::<kernel::Page<LabelView>>().items, [label]);
    })
    .await;
}

#[tokio::test]
async fn without_a_carrier_all_is_as_ever() {
    testkit::on_both_databases(defs, |app| async move {
        to_pack(&app, "1", &["ada"]).await;
        let ada = staff(&app, "ada");
        let labels: PartLabels = ada.get(&labels_path("1", "ada")).await.expect(200).json();
        assert_eq!((labels.available, labels.has_sender, labels.labels), (false, false, vec![]));
        ada.post(&labels_path("1", "ada"), &json!({"weight_g": 1})).await.expect_problem(409, "no_carrier");
        let answer = app.guest().post(WEBHOOKS, &json!({})).await;
        answer.expect_problem(404, "not_found");
        let body = json!({"carrier": "DHL", "tracking_number": "JD01"});
        ada.post(&format!("{}/ship", path("1", "ada")), &body).await.expect(200);
        app.settle().await;
        assert_eq!(app.count("shipping", "SELECT count(*) FROM labels").await, 0);
    })
    .await;
}

#[tokio::test]
async fn where_parcels_come_from_is_said_before_labels_are_bought() {
    each(|world| async move {
        to_pack(&world.app, "2", &["cleo"]).await;
        let cleo = staff(&world.app, "cleo");
        cleo.post(&labels_path("2", "cleo"), &json!({"weight_g": 1})).await.expect_problem(409, "no_sender");
        let nothing = cleo.get(&sender_path("cleo")).await.expect(200);
        assert_eq!(nothing.json::<Value>(), json!({"address": null, "labels": true, "version": 0}));
        cleo.put(&sender_path("cleo"), &address(" ", "DE")).await.expect_invalid("line1");
        let first = cleo.header("if-match", "\"0\"").put(&sender_path("cleo"), &address("Am Hafen 1", "DE")).await;
        assert_eq!(first.expect(200).json::<Value>()["version"], 1);
        let stale = cleo.header("if-match", "\"0\"").put(&sender_path("cleo"), &address("Am Hafen 2", "DE")).await;
        stale.expect_problem(412, "stale_version");
        let known: Value = cleo.get(&sender_path("cleo")).await.expect(200).json();
        assert_eq!((&known["address"]["line1"], &known["version"]), (&json!("Am Hafen 1"), &json!(1)));
        cleo.post(&labels_path("2", "cleo"), &json!({"weight_g": 1})).await.expect(202);
    })
    .await;
}

#[tokio::test]
async fn whoever_says_at_once_where_parcels_come_from_is_heard_one_after_the_other() {
    each(|world| async move {
        let cleo = staff(&world.app, "cleo");
        let path = sender_path("cleo");
        let said = (0..20).map(|n| {
            let (cleo, path) = (&cleo, &path);
            async move { cleo.put(path, &address(&format!("Am Hafen {n}"), "DE")).await.expect(200).json::<Value>() }
        });
        let said = futures::future::join_all(said).await;
        let mut versions: Vec<i64> = said.iter().filter_map(|said| said["version"].as_i64()).collect();
        versions.sort_unstable();
        assert_eq!(versions, Vec::from_iter(1..=20));
        let known: Value = cleo.get(&path).await.expect(200).json();
        assert_eq!(known["version"], 20);
        assert!(said.contains(&known));
    })
    .await;
}
