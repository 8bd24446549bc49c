//! What labels cost is taken from what vendors are paid.

use contracts::{
    carriers::{LabelBought, LabelRefunded},
    payments::{EntryView, VendorMovement},
};
use kernel::LabelId;
use serde_json::json;
use testkit::vendor_owner;

use super::{super::*, statements::statement, *};

pub fn bought(app: &TestApp, order: OrderId, name: &str, cost: i64) -> LabelBought {
    LabelBought {
        label_id: LabelId::derived("test", &[name]),
        vendor_id: vendor(name),
        order_id: order,
        vendor_order_id: VendorOrderId::derived("test", &[&order.to_string(), name]),
        shipment_id: ShipmentId::derived("test", &[&order.to_string(), name]),
        number: "S-1-A".to_owned(),
        carrier: "SandboxPost".to_owned(),
        cost: eur(cost),
        at: app.clock.now(),
    }
}

fn refunded(app: &TestApp, label: &LabelBought) -> LabelRefunded {
    LabelRefunded {
        label_id: label.label_id,
        vendor_id: label.vendor_id,
        order_id: label.order_id,
        vendor_order_id: label.vendor_order_id,
        number: label.number.clone(),
        cost: label.cost,
        at: app.clock.now(),
    }
}

/// Entries on the carriers' account, oldest first.
async fn of_carriers(app: &TestApp) -> Vec<EntryView> {
    let path = "/api/v1/admin/ledger?account=carrier_costs";
    let page: Page<EntryView> = app.as_user(&admin()).get(path).await.expect(200).json();
    page.items.into_iter().rev().collect()
}

fn posted(entry: &EntryView) -> Vec<(String, i64)> {
    entry.postings.iter().map(|posting| (posting.account.clone(), posting.amount.amount_minor)).collect()
}

#[tokio::test]
async fn a_label_counts_at_once_and_once_and_is_given_back() {
    scripted(|app, _| async move {
        let id = paid(&app, "a", PARTS).await;
        deliver(&app, id, "ada").await;
        days(&app, 7).await;
        let label = bought(&app, id, "ada", 420);
        let news = app.envelope(&label);
        for _ in 0..2 {
            app.hand_over("payments", &news).await;
            app.settle().await;
        }
        assert_eq!(balance(&app, "ada").await, [0, 2736 - 420, 0, 0]);
        assert_eq!(balance(&app, "bob").await, [2625, 0, 0, 0], "it was not his");
        // What he has is still pending: the label is not.
        app.deliver("payments", &bought(&app, id, "bob", 300)).await;
        assert_eq!(balance(&app, "bob").await, [2625, -300, 0, 0]);

        days(&app, 1).await;
        app.deliver("payments", &refunded(&app, &label)).await;
        assert_eq!(balance(&app, "ada").await, [0, 2736, 0, 0]);
        let entries = of_carriers(&app).await;
        let kinds: Vec<&str> = entries.iter().map(|entry| entry.kind.as_str()).collect();
        assert_eq!(kinds, ["label", "label", "label_refund"]);
        let payable = format!("vendor_payable:{}", vendor("ada"));
        let first = entries.iter().find(|entry| posted(entry)[0].0 == payable).unwrap();
        assert_eq!(posted(first), [(payable.clone(), 420), ("carrier_costs".to_owned(), -420)]);
        assert_eq!(posted(&entries[2]), [(payable, -420), ("carrier_costs".to_owned(), 420)]);
        assert_eq!((entries[2].corrects, first.corrects), (Some(first.id), None));
        assert_eq!((entries[2].order_id, first.order_id), (Some(id), Some(id)));
        assert_eq!(first.text, "Label of SandboxPost for S-1-A");

        // Bought once more, it is taken once more.
        app.deliver("payments", &label).await;
        assert_eq!((balance(&app, "ada").await, of_carriers(&app).await.len()), ([0, 2736 - 420, 0, 0], 4));
        let path = of_vendor("ada", "earnings/movements?limit=2");
        let page: Page<VendorMovement> = app.as_user(&vendor_owner(vendor("ada"))).get(&path).await.expect(200).json();
        let mut moved: Vec<_> = page.items.iter().map(|m| (m.kind.as_str(), m.amount.amount_minor)).collect();
        moved.sort_unstable();
        assert_eq!(moved, [("label", -420), ("label_refund", 420)]);
        sound(&app).await;
    })
    .await;
}

#[tokio::test]
async fn a_payout_is_less_by_labels_and_a_statement_has_a_line_for_them() {
    scripted(|app, _| async move {
        with_account(&app, "ada").await;
        let id = paid(&app, "a", PARTS).await;
        deliver(&app, id, "ada").await;
        days(&app, 7).await;
        app.deliver("payments", &bought(&app, id, "ada", 420)).await;
        let line = run(&app, &json!({})).await.lines.remove(0);
        assert_eq!((line.available, line.payout_id.is_some()), (eur(2316), true));
        assert_eq!(balance(&app, "ada").await, [0, 0, 2316, 0]);
        let view = statement(&app, "ada", "2026-01-01", "2026-02-28").await;
        assert_eq!((view.labels, view.payouts, view.closing), (eur(-420), eur(-2316), eur(0)));
        let path = of_vendor("ada", "statement.csv?currency=EUR&from=2026-01-01&to=2026-02-28");
        let csv = app.as_user(&vendor_owner(vendor("ada"))).get(&path).await.expect(200).text();
        let line = csv.lines().find(|line| line.split(',').nth(1) == Some("label")).unwrap();
        assert_eq!(line.split(',').nth(5), Some("-4.20"));
        // One more after it was paid leaves less than nothing; nothing is paid until that is made up for.
        days(&app, 1).await;
        let late = LabelBought { label_id: LabelId::derived("test", &["late"]), ..bought(&app, id, "ada", 500) };
        app.deliver("payments", &late).await;
        assert_eq!(balance(&app, "ada").await, [0, -500, 2316, 0]);
        days(&app, 8).await;
        run(&app, &json!({})).await;
        assert_eq!(payouts(&app, "").await.len(), 1);
        sound(&app).await;
    })
    .await;
}
