//! Refunds of orders that were paid with stored value: first back to the provider, then to where the rest came from.

use std::time::Duration;

use contracts::{
    credits::IssuedCredit,
    payments::{PaymentRefunded, PaymentStatus, PaymentView},
};
use kernel::{Clock, OrderId};
use serde_json::json;
use testkit::{Answer, TestApp, admin};

use super::{
    super::{
        cancelled,
        disputes::{decided, opened},
        eur, journal, order, pass, payment, place, postings, reserve, scripted, sound, status,
    },
    card, happened, history, hold_cards, issue, standing, view,
};
use crate::provider::{ProviderError, RefundState};

/// An order of 60.40 that is paid, with a card as far as it goes.
async fn paid_with(app: &TestApp, code: &str) -> OrderId {
    hold_cards(app, order("a"), 6040, &[code]).await;
    let id = place(app, "a").await;
    reserve(app, id).await;
    id
}

async fn back(app: &TestApp, id: OrderId, key: &str, minor: i64) -> Answer {
    let path = format!("/api/v1/admin/payments/{}/refunds", payment(app, id).await.id);
    let answer = app.as_user(&admin()).key(key).post(&path, &json!({"amount_minor": minor, "reason": "Broken"})).await;
    app.settle().await;
    answer
}

#[tokio::test]
async fn a_refund_is_split_exactly_and_restored_once() {
    scripted(|app, script| async move {
        let (card_id, code) = card(&app, "a", 2000).await;
        let id = paid_with(&app, &code).await;
        back(&app, id, "k1", 3000).await.expect(202);
        assert_eq!((script.money(), standing(&app, card_id).await), ((4040, 3000), (0, 0)));
        let split = back(&app, id, "k2", 2000).await.expect(202);
        let shown: PaymentView = split.json();
        let to_credit: i64 = shown.refunds.iter().filter_map(|r| r.to_credit).map(|money| money.amount_minor).sum();
        assert_eq!((shown.refunds.len(), to_credit), (2, 960));
        assert_eq!((script.money(), standing(&app, card_id).await), ((4040, 4040), (960, 0)));
        let has = |entry: &&contracts::payments::EntryView| postings(entry).contains(&"gift_cards -960".to_owned());
        let entries = journal(&app).await;
        let entry = entries.iter().find(has).unwrap();
        assert_eq!((entry.kind.as_str(), postings(entry)[0].as_str()), ("refund", "provider:script -1040"));
        // The same key is the same refund.
        assert_eq!(back(&app, id, "k2", 2000).await.expect(202).body, split.body);
        assert_eq!(standing(&app, card_id).await, (960, 0));
        let calls = script.calls("refund");
        back(&app, id, "k3", 1041).await.expect_problem(409, "over_refund");
        back(&app, id, "k4", 1040).await.expect(202);
        assert_eq!(script.calls("refund"), calls, "the provider has no part in the last one");
        assert_eq!((status(&app, id).await, standing(&app, card_id).await), (PaymentStatus::Refunded, (2000, 0)));
        let told: Vec<PaymentRefunded> = app.published("payments").await;
        let amounts: Vec<_> = told.iter().map(|event| (event.amount, event.refunded_total)).collect();
        assert_eq!(amounts, [(eur(3000), eur(3000)), (eur(2000), eur(5000)), (eur(1040), eur(6040))]);
        let events = [
            ("issued", 2000, 0),
            ("held", -2000, 2000),
            ("spent", 0, -2000),
            ("restored", 960, 0),
            ("restored", 1040, 0),
        ];
        assert_eq!(history(&app, card_id).await, happened(&events));
        sound(&app).await;
    })
    .await;
}

#[tokio::test]
async fn what_was_paid_whole_with_credit_goes_back_there_and_no_provider_hears_of_it() {
    scripted(|app, script| async move {
        let (card_id, code) = card(&app, "a", 9000).await;
        let id = paid_with(&app, &code).await;
        assert_eq!(standing(&app, card_id).await, (2960, 0));
        let off = app.envelope(&cancelled(id));
        app.hand_over("payments", &off).await;
        app.hand_over("payments", &off).await;
        app.settle().await;
        assert_eq!((status(&app, id).await, standing(&app, card_id).await), (PaymentStatus::Refunded, (9000, 0)));
        pass(&app, 600).await;
        assert_eq!(script.state().calls.iter().filter(|call| *call != "journal").count(), 0);
        assert_eq!(app.count("payments", "SELECT count(*) FROM credit_movements WHERE kind = 'restored'").await, 1);
        sound(&app).await;
    })
    .await;
}

#[tokio::test]
async fn a_refund_restores_only_once_it_has_arrived() {
    scripted(|app, script| async move {
        let (card_id, code) = card(&app, "a", 2000).await;
        let id = paid_with(&app, &code).await;
        script.next_refund(Err(ProviderError::Refused { reason: "no".to_owned() }));
        back(&app, id, "k1", 5000).await.expect(202);
        let now = payment(&app, id).await;
        assert_eq!((now.refunded, now.refunds[0].status.as_str()), (eur(0), "failed"));
        assert_eq!(standing(&app, card_id).await, (0, 0));
        sound(&app).await;
        script.next_refund(Ok(RefundState::Pending));
        back(&app, id, "k2", 5000).await.expect(202);
        assert_eq!((payment(&app, id).await.refunded, standing(&app, card_id).await), (eur(5000), (0, 0)));
        sound(&app).await;
    })
    .await;
}

#[tokio::test]
async fn a_dispute_is_about_the_providers_part_alone() {
    scripted(|app, script| async move {
        let (card_id, code) = card(&app, "a", 2000).await;
        let id = paid_with(&app, &code).await;
        let dispute = opened(&app, &script, id, "dp_1", 4040).await;
        assert_eq!((dispute.amount, dispute.beyond), (eur(4040), eur(0)));
        back(&app, id, "k1", 2001).await.expect_problem(409, "disputed");
        // What is left was paid with the card, and goes back to it.
        back(&app, id, "k2", 2000).await.expect(202);
        assert_eq!((script.calls("refund"), standing(&app, card_id).await), (0, (2000, 0)));
        decided(&app, &script, "dp_1", false).await;
        assert_eq!(standing(&app, card_id).await, (2000, 0));
        sound(&app).await;
    })
    .await;
}

#[tokio::test]
async fn what_comes_back_can_be_used_for_a_while_even_on_an_old_card() {
    scripted(|app, _| async move {
        let until = app.clock.now().plus(Duration::from_secs(60));
        let input = json!({"kind": "gift_card", "amount_minor": 2000, "currency": "EUR", "expires_at": until});
        let issued: IssuedCredit = issue(&app, "a", &input).await.expect(201).json();
        let id = paid_with(&app, issued.code.unwrap().expose()).await;
        app.advance(Duration::from_secs(120)).await;
        back(&app, id, "k", 6040).await.expect(202);
        let card = view(&app, issued.credit.id).await;
        let wanted = app.clock.now().plus(Duration::from_secs(90 * 24 * 3600));
        assert_eq!((card.balance, card.expires_at), (eur(2000), Some(wanted)));
    })
    .await;
}
