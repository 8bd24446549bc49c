//! Orders that are paid with stored value, in part or whole.

use contracts::payments::{PaymentCaptured, PaymentFailed, PaymentStatus, TrialBalance};
use kernel::OrderId;
use serde_json::json;
use testkit::{TestApp, admin, customer, principals::account_of};

use super::{
    super::{
        cancelled, eur, journal, order, pass, payment, place, postings, reserve, review,
        script::{Next, Script},
        scripted, sound, status,
    },
    card, happened, history, hold, hold_cards, stand_in_identity, standing, store_credit,
};
use crate::provider::ProviderStatus;

/// An order of 60.40 that cards cover so much of, placed and its stock held.
async fn ordered(app: &TestApp, codes: &[&str], covered: i64) -> OrderId {
    assert_eq!(hold_cards(app, order("a"), 6040, codes).await, covered);
    let id = place(app, "a").await;
    reserve(app, id).await;
    id
}

fn asked_for(script: &Script) -> Vec<i64> {
    script.state().opened.iter().map(|open| open.amount.amount_minor).collect()
}

#[tokio::test]
async fn the_provider_is_asked_for_exactly_what_is_left() {
    scripted(|app, script| async move {
        let (card_id, code) = card(&app, "a", 2000).await;
        let id = ordered(&app, &[&code], 2000).await;
        assert_eq!((asked_for(&script), script.money()), (vec![4040], (4040, 0)));
        let paid = payment(&app, id).await;
        assert_eq!((paid.status, paid.amount, paid.captured), (PaymentStatus::Captured, eur(6040), eur(6040)));
        assert_eq!((paid.covered, paid.provider.as_str()), (Some(eur(2000)), "script"));
        // The vendors have what they would have had of a card alone.
        let capture = journal(&app).await.into_iter().find(|entry| entry.kind == "capture").unwrap();
        let wanted = [
            "provider:script 4040",
            "vendor_payable:ada -3040",
            "vendor_payable:ada 304",
            "vendor_payable:bob -3000",
            "vendor_payable:bob 375",
            "commission -679",
            "gift_cards 2000",
        ];
        assert_eq!(postings(&capture), wanted);
        let told: Vec<PaymentCaptured> = app.published("payments").await;
        assert_eq!((told.len(), told[0].amount), (1, eur(6040)));
        assert_eq!(standing(&app, card_id).await, (0, 0));
        let events = happened(&[("issued", 2000, 0), ("held", -2000, 2000), ("spent", 0, -2000)]);
        assert_eq!(history(&app, card_id).await, events);
        sound(&app).await;
    })
    .await;
}

#[tokio::test]
async fn what_is_covered_whole_asks_no_provider() {
    scripted(|app, script| async move {
        let (card_id, code) = card(&app, "a", 10_000).await;
        let id = ordered(&app, &[&code], 6040).await;
        let paid = payment(&app, id).await;
        assert_eq!((paid.status, paid.captured, paid.covered), (PaymentStatus::Captured, eur(6040), Some(eur(6040))));
        assert_eq!((paid.provider.as_str(), standing(&app, card_id).await), ("credits", (3960, 0)));
        let capture = journal(&app).await.into_iter().find(|entry| entry.kind == "capture").unwrap();
        let lines = postings(&capture);
        assert_eq!((lines.len(), lines[0].as_str()), (6, "vendor_payable:ada -3040"));
        assert_eq!(lines[5], "gift_cards 6040");
        // Its stock told once more, and the reconciler, change nothing.
        reserve(&app, id).await;
        pass(&app, 120).await;
        assert_eq!(app.published::<PaymentCaptured>("payments").await.len(), 1);
        assert_eq!(script.state().calls.iter().filter(|call| *call != "journal").count(), 0);
        sound(&app).await;
    })
    .await;
}

#[tokio::test]
async fn several_credits_pay_together() {
    scripted(|app, script| async move {
        let eve = account_of(&customer("eve"));
        stand_in_identity(&app);
        let own = store_credit(&app, "own", eve, 1500).await.id;
        let ((a, one), (b, two)) = (card(&app, "a", 1000).await, card(&app, "b", 500).await);
        let credits = json!({"codes": [one, two], "use_store_credit": true, "covered_minor": 3000});
        hold(&app, order("a"), 6040, credits, Some(eve)).await.expect(200);
        let id = place(&app, "a").await;
        reserve(&app, id).await;
        assert_eq!((asked_for(&script), status(&app, id).await), (vec![3040], PaymentStatus::Captured));
        for credit in [own, a, b] {
            assert_eq!(standing(&app, credit).await, (0, 0));
        }
        let capture = journal(&app).await.into_iter().find(|entry| entry.kind == "capture").unwrap();
        let sum = |account: &str| -> i64 {
            capture.postings.iter().filter(|p| p.account == account).map(|p| p.amount.amount_minor).sum()
        };
        assert_eq!((sum("gift_cards"), sum("store_credit"), sum("provider:script")), (1500, 1500, 3040));
        sound(&app).await;
    })
    .await;
}

#[tokio::test]
async fn an_order_that_is_called_off_before_it_is_paid_releases_once() {
    scripted(|app, script| async move {
        let (card_id, code) = card(&app, "a", 2000).await;
        script.next(Next::Act);
        let id = ordered(&app, &[&code], 2000).await;
        assert_eq!(standing(&app, card_id).await, (0, 2000));
        let off = app.envelope(&cancelled(id));
        app.hand_over("payments", &off).await;
        app.hand_over("payments", &off).await;
        app.deliver("payments", &cancelled(id)).await;
        assert_eq!((status(&app, id).await, script.money()), (PaymentStatus::Cancelled, (0, 0)));
        assert_eq!(standing(&app, card_id).await, (2000, 0));
        let events = happened(&[("issued", 2000, 0), ("held", -2000, 2000), ("released", 2000, -2000)]);
        assert_eq!(history(&app, card_id).await, events);
        assert!(journal(&app).await.iter().all(|entry| entry.kind == "credit_issued"));
        sound(&app).await;
    })
    .await;
}

#[tokio::test]
async fn a_payment_that_fails_keeps_the_credit_until_its_order_is_called_off() {
    scripted(|app, script| async move {
        let (card_id, code) = card(&app, "a", 2000).await;
        script.next(Next::Decline);
        let id = ordered(&app, &[&code], 2000).await;
        assert_eq!(app.published::<PaymentFailed>("payments").await.len(), 1);
        assert_eq!(standing(&app, card_id).await, (0, 2000));
        app.deliver("payments", &cancelled(id)).await;
        assert_eq!((standing(&app, card_id).await, status(&app, id).await), ((2000, 0), PaymentStatus::Failed));
        sound(&app).await;
    })
    .await;
}

#[tokio::test]
async fn another_amount_than_what_is_left_pays_nothing() {
    scripted(|app, script| async move {
        let (card_id, code) = card(&app, "a", 2000).await;
        // The provider has taken the whole, as if nothing were covered.
        script.next(Next::Distort(|payment| {
            payment.amount = eur(6040);
            payment.captured = eur(6040);
        }));
        let id = ordered(&app, &[&code], 2000).await;
        assert_eq!(review(&app).await, [("wrong_amount".to_owned(), Some(id))]);
        assert_eq!((payment(&app, id).await.captured, standing(&app, card_id).await), (eur(0), (0, 2000)));
        assert!(app.published::<PaymentCaptured>("payments").await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn late_money_goes_back_and_the_credit_that_was_released_is_not_touched_again() {
    scripted(|app, script| async move {
        let (card_id, code) = card(&app, "a", 2000).await;
        script.next(Next::Act);
        let id = ordered(&app, &[&code], 2000).await;
        script.becomes(id, ProviderStatus::Succeeded);
        app.deliver("payments", &cancelled(id)).await;
        app.settle().await;
        let now = payment(&app, id).await;
        assert_eq!((now.status, now.captured, now.refunded), (PaymentStatus::Refunded, eur(6040), eur(6040)));
        assert_eq!((script.money(), standing(&app, card_id).await), ((4040, 4040), (2000, 0)));
        let events = happened(&[("issued", 2000, 0), ("held", -2000, 2000), ("released", 2000, -2000)]);
        assert_eq!(history(&app, card_id).await, events);
        // The platform stood in for it, and has nothing to bear in the end but what it gave.
        let balance: TrialBalance =
            app.as_user(&admin()).get("/api/v1/admin/ledger/trial-balance").await.expect(200).json();
        let left = balance.accounts.iter().filter(|a| !a.balance.is_zero());
        let left: Vec<_> = left.map(|a| (a.account.as_str(), a.balance.amount_minor)).collect();
        assert_eq!(left, [("credits_given", 2000), ("gift_cards", -2000)]);
        sound(&app).await;
    })
    .await;
}
