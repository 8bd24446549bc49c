//! What is booked, to the cent.

use contracts::{
    disputes::{DisputeStatus, PaymentDisputeClosed, PaymentDisputeOpened},
    payments::{EntryView, PaymentStatus},
};
use kernel::OrderId;
use serde_json::json;
use testkit::{TestApp, admin, vendor_owner};

use super::{super::*, *};

/// 27.00 of ada, to which the platform adds 3.00 (commission of 10 % on both), and 30.00 of bob (12.5 %).
async fn with_coupon(app: &TestApp, name: &str) -> OrderId {
    let id = order(name);
    let mut event = placed(app, id, Some("tok_visa"), &[("ada", 2700), ("bob", 3000)]);
    event.order.parts[0].subsidy_minor = 300;
    app.deliver("payments", &event).await;
    reserve(app, id).await;
    assert_eq!(status(app, id).await, PaymentStatus::Captured);
    id
}

async fn entry(app: &TestApp, kind: &str) -> EntryView {
    let mut all: Vec<EntryView> = journal(app).await.into_iter().filter(|entry| entry.kind == kind).collect();
    assert_eq!(all.len(), 1, "entries of {kind}");
    all.pop().unwrap()
}

async fn balances(app: &TestApp, name: &str) -> [i64; 3] {
    let path = format!("/api/v1/vendors/{}/payouts/overview", vendor(name));
    let view: contracts::payouts::PayoutsOverview =
        app.as_user(&vendor_owner(vendor(name))).get(&path).await.expect(200).json();
    let one = view.balances.first().expect("a balance").clone();
    [one.pending, one.available, one.held].map(|money| money.amount_minor)
}

async fn back(app: &TestApp, id: OrderId, minor: i64) {
    let path = format!("/api/v1/admin/payments/{}/refunds", payment(app, id).await.id);
    let body = json!({"amount_minor": minor, "reason": "Scratched"});
    app.as_user(&admin()).key("back").post(&path, &body).await.expect(202);
    app.settle().await;
}

#[tokio::test]
async fn a_dispute_after_a_coupon_and_a_partial_refund_is_held_and_lost_to_the_cent() {
    scripted(|app, script| async move {
        let id = with_coupon(&app, "a").await;
        assert_eq!((balances(&app, "ada").await, balances(&app, "bob").await), ([2700, 0, 0], [2625, 0, 0]));
        // 7.00 go back: 3.32 of ada (with 0.37 of the coupon, less 0.37 commission), 3.68 of bob (less 0.46).
        back(&app, id, 700).await;
        assert_eq!((balances(&app, "ada").await, balances(&app, "bob").await), ([2368, 0, 0], [2303, 0, 0]));
        // 20.00 of the 50.00 that are left: ada's 23.68 are 9.47 of it, bob's 26.32 are 10.53; his commission
        // on that is 1.32.
        let dispute = opened(&app, &script, id, "dp_1", 2000).await;
        assert_eq!((dispute.status, dispute.amount, dispute.beyond), (DisputeStatus::Opened, eur(2000), eur(0)));
        assert_eq!((dispute.fee, dispute.is_withdrawn), (eur(1500), true));
        assert_eq!(
            postings(&entry(&app, "dispute_held").await),
            ["vendor_payable:ada 947", "vendor_held:ada -947", "vendor_payable:bob 921", "vendor_held:bob -921"]
        );
        assert_eq!(
            postings(&entry(&app, "dispute_withdrawn").await),
            ["provider:script -2000", "disputed:script 2000"]
        );
        assert_eq!(postings(&entry(&app, "dispute_fee").await), ["fees 1500", "provider:script -1500"]);
        assert_eq!((balances(&app, "ada").await, balances(&app, "bob").await), ([1421, 0, 947], [1382, 0, 921]));
        sound(&app).await;
        decided(&app, &script, "dp_1", false).await;
        let lost = entry(&app, "dispute_lost").await;
        // Released, then taken as a refund takes; in the order of the vendors' ids.
        let mut booked = postings(&lost);
        booked.sort();
        assert_eq!(
            booked,
            [
                "commission 237",
                "disputed:script -2000",
                "promotions -105",
                "vendor_held:ada 947",
                "vendor_held:bob 921",
                "vendor_payable:ada -105",
                "vendor_payable:ada -947",
                "vendor_payable:ada 105",
                "vendor_payable:ada 947",
                "vendor_payable:bob -132",
                "vendor_payable:bob -921",
                "vendor_payable:bob 1053",
            ]
        );
        assert_eq!(lost.corrects, Some(entry(&app, "dispute_withdrawn").await.id));
        assert_eq!((balances(&app, "ada").await, balances(&app, "bob").await), ([1421, 0, 0], [1382, 0, 0]));
        let paid = payment(&app, id).await;
        assert_eq!((paid.status, paid.refunded, paid.disputed), (PaymentStatus::Captured, eur(700), eur(2000)));
        sound(&app).await;
    })
    .await;
}

#[tokio::test]
async fn after_a_lost_dispute_and_the_rest_returned_nobody_keeps_anything() {
    scripted(|app, script| async move {
        let id = with_coupon(&app, "a").await;
        opened(&app, &script, id, "dp_1", 2001).await;
        decided(&app, &script, "dp_1", false).await;
        let path = format!("/api/v1/admin/payments/{}/refunds", payment(&app, id).await.id);
        for (key, minor) in [("x", 1234), ("y", 5700 - 2001 - 1234)] {
            let body = json!({"amount_minor": minor, "reason": "Scratched"});
            app.as_user(&admin()).key(key).post(&path, &body).await.expect(202);
            app.settle().await;
        }
        let balance: TrialBalance =
            app.as_user(&admin()).get("/api/v1/admin/ledger/trial-balance").await.expect(200).json();
        let left: Vec<_> = balance.accounts.iter().filter(|account| !account.balance.is_zero()).collect();
        let left: Vec<_> = left.iter().map(|a| (a.account.as_str(), a.balance.amount_minor)).collect();
        assert_eq!(left, [("fees", 1500), ("provider:script", -1500)]);
        sound(&app).await;
    })
    .await;
}

#[tokio::test]
async fn what_is_won_is_released_whole_and_the_fee_comes_back() {
    scripted(|app, script| async move {
        let id = with_coupon(&app, "a").await;
        let before = (balances(&app, "ada").await, balances(&app, "bob").await);
        opened(&app, &script, id, "dp_1", 5700).await;
        assert_eq!((balances(&app, "ada").await, balances(&app, "bob").await), ([0, 0, 2700], [0, 0, 2625]));
        script.change("dp_1", |dispute| dispute.fee = eur(0));
        decided(&app, &script, "dp_1", true).await;
        assert_eq!((balances(&app, "ada").await, balances(&app, "bob").await), before);
        let won = entry(&app, "dispute_won").await;
        assert_eq!(postings(&won)[4..], ["provider:script 5700".to_owned(), "disputed:script -5700".to_owned()]);
        let balance: TrialBalance =
            app.as_user(&admin()).get("/api/v1/admin/ledger/trial-balance").await.expect(200).json();
        for account in ["fees", "disputed:script", &format!("vendor_held:{}", vendor("ada"))] {
            let sum = balance.accounts.iter().find(|a| a.account == account).expect(account).balance;
            assert!(sum.is_zero(), "{account}: {sum}");
        }
        assert_eq!((payment(&app, id).await.disputed, told(&app).await), (eur(0), (1, 1)));
        let closed: Vec<PaymentDisputeClosed> = app.published("payments").await;
        assert!(closed[0].is_won);
        let opened: Vec<PaymentDisputeOpened> = app.published("payments").await;
        let shares = vec![(vendor("ada"), eur(2700)), (vendor("bob"), eur(3000))];
        assert_eq!((opened[0].by_vendor.clone(), opened[0].amount), (shares, eur(5700)));
        sound(&app).await;
    })
    .await;
}

#[tokio::test]
async fn a_part_that_a_coupon_has_paid_whole_goes_with_the_last_of_the_payment() {
    scripted(|app, script| async move {
        let id = order("a");
        let mut event = placed(&app, id, Some("tok_visa"), &[("ada", 0), ("bob", 3000)]);
        event.order.parts[0].subsidy_minor = 2000;
        app.deliver("payments", &event).await;
        reserve(&app, id).await;
        assert_eq!(balances(&app, "ada").await, [1800, 0, 0]);
        opened(&app, &script, id, "dp_1", 1000).await;
        assert_eq!(balances(&app, "ada").await, [1800, 0, 0], "not with a part of the payment");
        decided(&app, &script, "dp_1", true).await;
        opened(&app, &script, id, "dp_2", 3000).await;
        assert_eq!(balances(&app, "ada").await, [0, 0, 1800]);
        decided(&app, &script, "dp_2", false).await;
        assert_eq!((balances(&app, "ada").await, balances(&app, "bob").await), ([0, 0, 0], [0, 0, 0]));
        sound(&app).await;
    })
    .await;
}

#[tokio::test]
async fn a_question_of_the_bank_takes_nothing_until_it_becomes_a_dispute() {
    scripted(|app, script| async move {
        let id = with_coupon(&app, "a").await;
        script.dispute(id, "dp_1", eur(2000));
        script.change("dp_1", |dispute| (dispute.is_withdrawn, dispute.fee) = (false, eur(0)));
        news(&app, &script, "evt_1", "dp_1").await;
        assert!(journal(&app).await.iter().all(|e| e.kind != "dispute_withdrawn" && e.kind != "dispute_fee"));
        script.change("dp_1", |dispute| (dispute.is_withdrawn, dispute.fee) = (true, eur(1500)));
        news(&app, &script, "evt_2", "dp_1").await;
        assert_eq!(
            postings(&entry(&app, "dispute_withdrawn").await),
            ["provider:script -2000", "disputed:script 2000"]
        );
        assert!(of_provider(&app, "dp_1").await.is_withdrawn);
        sound(&app).await;
    })
    .await;
}
