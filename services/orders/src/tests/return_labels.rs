//! Labels that vendors buy for returns: printed by buyers, on both databases.

use contracts::{
    carriers::{ReturnLabelReady, ReturnLabelUsed, ReturnLabelVoided},
    orders::{AskedReturn, PlacedOrder, ReturnLabelView, ReturnLabelled, ReturnSent, ReturnStatus, ReturnView},
};
use kernel::{LabelId, ReturnId};
use testkit::{TestApp, on_both_databases};

use super::{
    defs,
    returns::{approve, arrived, asked, buyer, returns},
};

fn label_id(number: &str) -> LabelId {
    LabelId::derived("test", &[number])
}

async fn ready(app: &TestApp, return_id: ReturnId, number: &str) {
    let file = format!("labels/{number}.pdf");
    app.files.put(&file, number.as_bytes().to_vec().into()).await.unwrap();
    let tracking_number = number.to_owned();
    let event =
        ReturnLabelReady { return_id, label_id: label_id(number), carrier: "DHL".to_owned(), tracking_number, file };
    app.deliver("orders", &event).await;
}

async fn one(app: &TestApp, placed: &PlacedOrder) -> ReturnView {
    returns(app, placed).await.returns.remove(0)
}

fn paper(placed: &PlacedOrder, of: &AskedReturn) -> String {
    format!("/api/v1/orders/{}/returns/{}/label", placed.order.id, of.id)
}

#[tokio::test]
async fn a_buyer_prints_the_label_and_the_carrier_says_that_it_left() {
    on_both_databases(defs, |app| async move {
        let placed = arrived(&app, "k1").await;
        let of = asked(&app, &placed, "r1", &[("mug", 1)]).await.remove(0);
        // Before the vendor has answered no label counts.
        ready(&app, of.id, "early").await;
        assert_eq!(one(&app, &placed).await.label, None);
        approve(&app, &placed, &of, &[("mug", 1)]).await;
        buyer(&app, &placed).get(&paper(&placed, &of)).await.expect(404);
        ready(&app, of.id, "7").await;
        ready(&app, of.id, "7").await;
        let labelled = one(&app, &placed).await;
        let shown = ReturnLabelView { carrier: "DHL".to_owned(), tracking_number: "7".to_owned() };
        assert_eq!((labelled.status, labelled.label), (ReturnStatus::Approved, Some(shown)));
        assert_eq!(app.published::<ReturnLabelled>("orders").await.len(), 1);
        let printed = buyer(&app, &placed).get(&paper(&placed, &of)).await.expect(200);
        assert_eq!(printed.header("content-type"), Some("application/pdf"));
        assert_eq!(printed.header("cache-control"), Some("private, no-store"));
        assert_eq!(printed.body.as_ref(), b"7");
        // It has the buyer's address on it: nobody else gets it.
        app.guest().get(&paper(&placed, &of)).await.expect(404);
        let other = arrived(&app, "k2").await;
        let through_another = format!("/api/v1/orders/{}/returns/{}/label", other.order.id, of.id);
        buyer(&app, &other).get(&through_another).await.expect(404);

        let used = ReturnLabelUsed { return_id: of.id, label_id: label_id("7") };
        app.deliver("orders", &used).await;
        app.deliver("orders", &used).await;
        let sent = one(&app, &placed).await;
        assert_eq!((sent.status, sent.carrier.as_deref()), (ReturnStatus::Sent, Some("DHL")));
        assert_eq!(sent.tracking_number.as_deref(), Some("7"));
        assert_eq!(app.published::<ReturnSent>("orders").await.len(), 1);
        let kinds: Vec<String> = sent.timeline.into_iter().map(|entry| entry.kind).collect();
        assert_eq!(kinds, ["return_requested", "return_approved", "return_labelled", "return_sent"]);
    })
    .await;
}

#[tokio::test]
async fn a_label_that_was_given_back_is_not_printed() {
    on_both_databases(defs, |app| async move {
        let placed = arrived(&app, "k1").await;
        let of = asked(&app, &placed, "r1", &[("mug", 1)]).await.remove(0);
        approve(&app, &placed, &of, &[("mug", 1)]).await;
        ready(&app, of.id, "7").await;
        app.deliver("orders", &ReturnLabelVoided { return_id: of.id, label_id: label_id("7") }).await;
        assert_eq!(one(&app, &placed).await.label, None);
        buyer(&app, &placed).get(&paper(&placed, &of)).await.expect(404);
        // Another one takes its place.
        ready(&app, of.id, "8").await;
        assert_eq!(buyer(&app, &placed).get(&paper(&placed, &of)).await.expect(200).body.as_ref(), b"8");
        let keep = format!("/api/v1/orders/{}/returns/{}/cancel", placed.order.id, of.id);
        buyer(&app, &placed).post(&keep, &()).await.expect(200);
        buyer(&app, &placed).get(&paper(&placed, &of)).await.expect(404);
        app.deliver("orders", &ReturnLabelVoided { return_id: of.id, label_id: label_id("8") }).await;
        assert_eq!(one(&app, &placed).await.status, ReturnStatus::Cancelled);
    })
    .await;
}
