use contracts::shipping::TrackingView;
use kernel::ShipmentId;
use serde_json::{Value, json};
use testkit::on_both_databases;

use super::*;
use crate::model::token::TrackingTokens;

#[tokio::test]
async fn the_link_shows_where_the_parcel_is_and_names_nobody() {
    on_both_databases(defs, |app| async move {
        to_pack(&app, "1", &["ada"]).await;
        let ada = staff(&app, "ada");
        let body = json!({"carrier": "DHL", "tracking_number": "JD01"});
        let shipped: ShipmentView = ada.post(&format!("{}/ship", path("1", "ada")), &body).await.expect(200).json();
        let link = format!("/api/v1/tracking/{}", shipped.tracking.unwrap().token);
        let answer = app.guest().get(&link).await.expect(200);
        let view: TrackingView = answer.json();
        assert_eq!(
            (view.number.as_str(), view.vendor_id, view.status),
            ("S-2601-1-A", vendor("ada"), ShipmentStatus::Shipped)
        );
        assert_eq!((view.carrier.as_deref(), view.tracking_number.as_deref()), (Some("DHL"), Some("JD01")));
        assert_eq!(view.timeline.len(), 2);
        let fields: Value = answer.json();
        let mut names: Vec<&String> = fields.as_object().unwrap().keys().collect();
        names.sort();
        assert_eq!(
            names,
            ["carrier", "lines", "number", "parcel", "parcels", "status", "timeline", "tracking_number", "vendor_id"]
        );
        assert!(view.lines.is_empty(), "orders does not answer here");
        ada.post(&format!("{}/deliver", path("1", "ada")), &()).await.expect(200);
        assert_eq!(app.guest().get(&link).await.expect(200).json::<TrackingView>().status, ShipmentStatus::Delivered);
    })
    .await;
}

#[tokio::test]
async fn a_token_cannot_be_guessed_or_made_from_an_id() {
    on_both_databases(defs, |app| async move {
        to_pack(&app, "1", &["ada"]).await;
        let id = shipment(&app, "1", "ada").await.id;
        let forged = TrackingTokens::new([0; 32]).of(id);
        let mut wrong = vec![id.to_string(), "x".to_owned(), "A".repeat(64), "ü".to_owned(), forged];
        wrong.push("A".repeat(5000));
        let missing = app.guest().get("/api/v1/tracking/nothing").await.expect_problem(404, "not_found");
        for token in wrong {
            let token = token.replace('ü', "%C3%BC");
            assert_eq!(
                app.guest().get(&format!("/api/v1/tracking/{token}")).await.expect_problem(404, "not_found"),
                missing
            );
        }
    })
    .await;
}

#[test]
fn a_token_opens_its_own_parcel_only() {
    let (ours, theirs) = (TrackingTokens::new([1; 32]), TrackingTokens::new([2; 32]));
    let (one, other) = (ShipmentId::derived("test", &["one"]), ShipmentId::derived("test", &["other"]));
    let token = ours.of(one);
    assert_eq!((token.len(), &token), (64, &ours.of(one)));
    assert_eq!(ours.open(&token), Some(one));
    assert_eq!(theirs.open(&token), None);
    // Any changed character spoils it, be it in the id or in the proof.
    for i in 0..token.len() {
        let mut bytes = token.clone().into_bytes();
        bytes[i] = if bytes[i] == b'A' { b'B' } else { b'A' };
        assert_eq!(ours.open(&String::from_utf8(bytes).unwrap()), None, "at {i}");
    }
    assert_eq!(ours.open(&token[..63]), None);
    assert_ne!(ours.of(other), token);
}
