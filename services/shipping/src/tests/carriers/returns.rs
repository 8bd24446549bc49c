use super::*;
use contracts::{
    carriers::{LabelBought, LabelRefunded, LabelStatus, ReturnLabelReady, ReturnLabelUsed, ReturnLabelVoided},
    orders::{ReturnEnded, ReturnStatus},
};
use kernel::ReturnId;

fn return_id() -> ReturnId {
    ReturnId::derived("test", &["return"])
}

fn labels_of_return(of: &str) -> String {
    format!("/api/v1/vendors/{}/returns/{}/labels", vendor(of), return_id())
}

/// What comes back of ada's part of the order `1`.
struct Returned<'a> {
    world: &'a World,
}

impl<'a> Returned<'a> {
    /// It has arrived at its buyer, and ada takes some of it back.
    async fn start(world: &'a World) -> Self {
        world.ship("A1").await.expect(200);
        staff(&world.app, "ada").post(&format!("{}/deliver", path("1", "ada")), &()).await.expect(200);
        Self { world }
    }

    fn is_now(&self, status: &'static str) {
        *self.world.returns_are.lock().unwrap() = status;
    }

    async fn order(&self, of: &str) -> testkit::Answer {
        self.world.app.clock.advance(Duration::from_secs(1));
        staff(&self.world.app, of).post(&labels_of_return(of), &json!({"weight_g": 400})).await
    }

    async fn labels(&self) -> Vec<LabelView> {
        staff(&self.world.app, "ada").get(&labels_of_return("ada")).await.expect(200).json::<PartLabels>().labels
    }

    /// Bought and printed; the label.
    async fn bought(&self) -> LabelView {
        self.order("ada").await.expect(202);
        self.world.settle().await;
        self.labels().await.remove(0)
    }

    async fn ended(&self, status: ReturnStatus) {
        let event = ReturnEnded { return_id: return_id(), order_id: order("1"), vendor_id: vendor("ada"), status };
        self.world.app.deliver("shipping", &event).await;
        self.world.settle().await;
    }

    /// What `orders` was told: labels that can be printed, that cannot any more, and that the carrier has.
    async fn told(&self) -> [usize; 3] {
        let app = &self.world.app;
        [
            app.published::<ReturnLabelReady>("shipping").await.len(),
            app.published::<ReturnLabelVoided>("shipping").await.len(),
            app.published::<ReturnLabelUsed>("shipping").await.len(),
        ]
    }

    /// Labels that ada bears.
    async fn borne(&self) -> usize {
        let app = &self.world.app;
        let back = app.published::<LabelRefunded>("shipping").await.len();
        app.published::<LabelBought>("shipping").await.len() - back
    }
}

/// A return of ada's as `orders` tells of it.
pub(super) fn view(id: ReturnId, status: &str) -> Value {
    let nothing = eur(0);
    json!({
        "id": id, "number": "S-2601-1-A-R1", "order_id": order("1"), "vendor_order_id": part("1", "ada"),
        "vendor_id": vendor("ada"), "vendor_name": "ADA", "status": status, "remedy": "refund", "exchange": null,
        "new_carrier": null, "new_tracking_number": null, "reason": "damaged", "text": null, "photos": [], "lines": [],
        "answer": null, "instructions": null, "carrier": null, "tracking_number": null, "condition": null,
        "refund": nothing, "refund_shipping": nothing, "shipping_left": nothing, "refund_failure": null, "timeline": [],
        "created_at": "2026-01-15T11:59:00Z", "version": 1,
    })
}

#[tokio::test]
async fn a_label_for_the_way_back_goes_from_the_buyer_to_the_store() {
    each(|world| async move {
        let back = Returned::start(&world).await;
        let ordered: LabelView = back.order("ada").await.expect(202).json();
        assert_eq!((ordered.status, ordered.return_id), (LabelStatus::Ordered, Some(return_id())));
        assert_eq!(back.order("ada").await.expect(202).json::<LabelView>().id, ordered.id, "a second click");
        world.settle().await;
        let label = back.labels().await.remove(0);
        // Parcels to Germany cost 4.20: this one goes to Portugal.
        assert_eq!((label.status, label.price, label.charged), (LabelStatus::Bought, Some(eur(870)), None));
        assert!(label.has_file && !label.used);
        assert_eq!((world.sold(), back.told().await, back.borne().await), (vec![870], [1, 0, 0], 1));
        let ready = world.app.published::<ReturnLabelReady>("shipping").await.remove(0);
        assert_eq!((ready.return_id, Some(ready.tracking_number)), (return_id(), label.tracking_number.clone()));
        assert_eq!((ready.carrier.as_str(), ready.file), ("SandboxPost", format!("labels/{}.pdf", label.id)));
        // It stands among all labels, and not among those of the parcels.
        assert!(world.labels().await.is_empty());
        let all: kernel::Page<LabelView> =
            staff(&world.app, "ada").get(&format!("/api/v1/vendors/{}/labels", vendor("ada"))).await.expect(200).json();
        assert_eq!(all.items.iter().map(|label| label.return_id).collect::<Vec<_>>(), [Some(return_id())]);

        // The carrier has it: told once, however often it says so.
        let number = label.tracking_number.unwrap();
        for seen in ["in_transit", "in_transit", "delivered"] {
            world.pass(60).await;
            world.fake.scan(&number, seen, "Seen");
            world.settle().await;
        }
        world.pass(13 * 3600).await;
        assert_eq!(back.told().await, [1, 0, 1]);
        assert!(back.labels().await.remove(0).used);
        let cancel = format!("{}/cancel", label_path("ada", &LabelView { tracking_number: None, ..ordered }));
        staff(&world.app, "ada").post(&cancel, &()).await.expect_problem(409, "label_used");
        // What comes back is no parcel of the order: nothing of that is shown as its way.
        assert_eq!(world.app.count("shipping", "SELECT count(*) FROM shipment_events").await, 0);
    })
    .await;
}

#[tokio::test]
async fn nothing_comes_back_so_its_label_goes_back() {
    each(|world| async move {
        let back = Returned::start(&world).await;
        back.bought().await;
        back.ended(ReturnStatus::Refunded).await;
        assert_eq!((back.borne().await, world.calls("/refund")), (1, 0), "it has come back with it");
        back.ended(ReturnStatus::Cancelled).await;
        assert_eq!(back.labels().await.remove(0).status, LabelStatus::Voided);
        assert_eq!((world.sold(), back.told().await, back.borne().await), (vec![870, -870], [1, 1, 0], 0));
        // The store may give one back itself, and buy another.
        let second = back.bought().await;
        staff(&world.app, "ada").post(&format!("{}/cancel", label_path("ada", &second)), &()).await.expect(202);
        world.settle().await;
        let third = back.bought().await;
        assert_eq!((back.told().await, back.borne().await, back.labels().await.len()), ([3, 2, 0], 1, 3));
        // A carrier that keeps it leaves it valid: the buyer hears so.
        world.fake.refuse_refunds();
        staff(&world.app, "ada").post(&format!("{}/cancel", label_path("ada", &third)), &()).await.expect(202);
        world.settle().await;
        let kept = back.labels().await.remove(0);
        assert_eq!((kept.id, kept.status, back.told().await), (third.id, LabelStatus::Bought, [4, 3, 0]));
        assert_eq!(back.borne().await, 1);
        // Once the carrier has it, it stays, whatever becomes of the return.
        world.fake.scan(&kept.tracking_number.unwrap(), "in_transit", "Seen");
        world.settle().await;
        back.ended(ReturnStatus::Closed).await;
        assert_eq!((back.labels().await.remove(0).status, back.told().await), (LabelStatus::Bought, [4, 3, 1]));
    })
    .await;
}

#[tokio::test]
async fn a_label_is_for_what_is_taken_back_and_not_yet_sent() {
    each(|world| async move {
        let back = Returned::start(&world).await;
        for status in ["requested", "sent", "received", "refused", "cancelled"] {
            back.is_now(status);
            back.order("ada").await.expect_problem(409, "not_to_be_sent_back");
        }
        back.is_now("approved");
        // Another store's, without a word about whose it is.
        back.order("ben").await.expect(404);
        staff(&world.app, "ben").get(&labels_of_return("ben")).await.expect(404);
        staff(&world.app, "ben").get(&labels_of_return("ada")).await.expect(404);
        let unknown = json!({"weight_g": 400, "service": "Pigeon"});
        staff(&world.app, "ada").post(&labels_of_return("ada"), &unknown).await.expect(422);
        world.settle().await;
        assert_eq!((world.sold(), back.told().await, back.labels().await.len()), (vec![], [0, 0, 0], 0));
    })
    .await;
}
