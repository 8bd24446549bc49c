//! Money of nobody goes back, once.

use contracts::{
    payments::{PaymentCaptured, PaymentRefunded, PaymentStatus},
    queue::{ReviewAction, ReviewDetail, ReviewState},
};
use serde_json::json;
use testkit::admin;

use super::{
    super::{PARTS, cancelled, journal, order, placed, review, scripted, sound, status},
    *,
};
use crate::provider::{ProviderError, RefundState};

fn keys(script: &Script) -> Vec<String> {
    script.state().calls.iter().filter(|call| call.starts_with("refund ")).cloned().collect()
}

#[tokio::test]
async fn money_of_nobody_goes_back_once() {
    scripted(|app, script| async move {
        let found = stray(&app, &script, "pay_lost", "who knows", 700).await;
        assert_eq!(
            (found.problem.as_str(), found.amount, found.state, found.provider.as_str()),
            ("unknown_order", Some(eur(700)), ReviewState::Open, "script")
        );
        let shown = detail(&app, &found).await;
        assert_eq!(shown.actions, [ReviewAction::Refund, ReviewAction::Attach, ReviewAction::TickOff]);
        let theirs = shown.theirs.expect("an answer");
        assert_eq!(
            (theirs.reference.as_deref(), theirs.captured, theirs.status.as_str()),
            (Some("who knows"), Some(eur(700)), "succeeded")
        );
        assert!(shown.ours.is_none() && shown.history.is_empty() && shown.silence.is_none());

        let asked: ReviewDetail =
            send(&app, &found, &json!({"action": "refund", "note": "  Nobody's "})).await.expect(200).json();
        assert_eq!(stands(&asked), (ReviewState::Returning, Some(ReviewAction::Refund)));
        assert_eq!((script.calls("refund"), asked.history[0].note.as_deref()), (0, Some("Nobody's")));
        // Before it has gone, nothing else can be done about it.
        act(&app, &found, "tick_off").await.expect_problem(409, "being_returned");
        act(&app, &found, "attach").await.expect_problem(409, "being_returned");
        app.settle().await;
        let done = detail(&app, &found).await;
        assert_eq!(stands(&done), (ReviewState::Resolved, Some(ReviewAction::Refund)));
        assert_eq!(
            history(&done),
            [
                (me(), ReviewAction::Refund, "It is on its way back."),
                (None, ReviewAction::Refund, "7.00 EUR went back.")
            ]
        );
        assert_eq!((keys(&script), script.money()), (vec!["refund pay_lost:return:1".to_owned()], (700, 700)));

        // A second click gets the same answer and returns nothing; another action is refused.
        let again: ReviewDetail = act(&app, &found, "refund").await.expect(200).json();
        assert_eq!(again, done);
        for other in ["tick_off", "attach", "take_up"] {
            act(&app, &found, other).await.expect_problem(409, "resolved_before");
        }
        pass(&app, 300).await;
        assert_eq!((script.calls("refund"), script.money()), (1, (700, 700)));
        assert!(list(&app, "").await.is_empty(), "it is not found anew");
        // No order had it, so nothing of it is in the books.
        assert!(journal(&app).await.is_empty());
        assert_eq!(app.count("payments", "SELECT count(*) FROM refunds").await, 0);
        sound(&app).await;
    })
    .await;
}

#[tokio::test]
async fn twenty_clicks_at_once_are_one() {
    scripted(|app, script| async move {
        let found = stray(&app, &script, "pay_lost", "who knows", 700).await;
        let path = format!("{REVIEW}/{}/actions", found.id);
        let all: Vec<_> = (0..20)
            .map(|_| {
                let (who, path) = (app.as_user(&admin()), path.clone());
                tokio::spawn(async move { who.post(&path, &json!({"action": "refund"})).await.status.as_u16() })
            })
            .collect();
        for one in all {
            assert_eq!(one.await.unwrap(), 200);
        }
        app.settle().await;
        assert_eq!((script.calls("refund"), script.money()), (1, (700, 700)));
        let clicks = "SELECT count(*) FROM review_actions WHERE account_id IS NOT NULL";
        assert_eq!(app.count("payments", clicks).await, 1);
        assert_eq!(detail(&app, &found).await.history.len(), 2);
    })
    .await;
}

#[tokio::test]
async fn a_return_without_an_answer_is_repeated_under_the_same_key() {
    scripted(|app, script| async move {
        let found = stray(&app, &script, "pay_lost", "who knows", 700).await;
        script.next_refund(Err(ProviderError::NoAnswer("lost".into())));
        act(&app, &found, "refund").await.expect(200);
        app.settle().await;
        assert_eq!(detail(&app, &found).await.item.state, ReviewState::Returning);
        pass(&app, 60).await;
        assert_eq!(detail(&app, &found).await.item.state, ReviewState::Resolved);
        let keys = keys(&script);
        assert_eq!((keys.len(), &keys[0], script.money()), (2, &keys[1], (700, 700)));
    })
    .await;
}

#[tokio::test]
async fn a_return_on_its_way_is_followed_and_its_news_is_no_riddle() {
    scripted(|app, script| async move {
        let found = stray(&app, &script, "pay_lost", "who knows", 700).await;
        script.next_refund(Ok(RefundState::Pending));
        act(&app, &found, "refund").await.expect(200);
        app.settle().await;
        assert_eq!(detail(&app, &found).await.item.state, ReviewState::Returning);
        // Asked for by the reconciler.
        script.state().refunds.get_mut("re_1").unwrap().1.state = RefundState::Succeeded;
        pass(&app, 180).await;
        assert_eq!(detail(&app, &found).await.item.state, ReviewState::Resolved);

        // Told by an event, of a payment whose order is known and one whose order is not.
        let id = order_and_reserve(&app, "a").await;
        let second = stray(&app, &script, "pay_second", &id.to_string(), 6040).await;
        let other = stray(&app, &script, "pay_other", "nobody", 100).await;
        assert_eq!((second.problem.as_str(), second.order_id), ("second_payment", Some(id)));
        for (event, item, refund) in [("evt_1", &second, "re_2"), ("evt_2", &other, "re_3")] {
            script.next_refund(Ok(RefundState::Pending));
            act(&app, item, "refund").await.expect(200);
            app.settle().await;
            script.state().refunds.get_mut(refund).unwrap().1.state = RefundState::Succeeded;
            hook(&app, format!("{event} {} {refund}", item.provider_ref)).await;
            assert_eq!(detail(&app, item).await.item.state, ReviewState::Resolved);
        }
        assert!(list(&app, "").await.is_empty());
        assert_eq!(app.count("payments", "SELECT count(*) FROM webhook_inbox WHERE state <> 'handled'").await, 0);
        assert_eq!((script.calls("refund "), script.money()), (3, (700 + 6040 + 6040 + 100, 700 + 6040 + 100)));
        assert_eq!(status(&app, id).await, PaymentStatus::Captured);
        sound(&app).await;
    })
    .await;
}

#[tokio::test]
async fn what_did_not_go_back_can_be_tried_again() {
    scripted(|app, script| async move {
        let found = stray(&app, &script, "pay_lost", "who knows", 700).await;
        script.next_refund(Err(ProviderError::Refused { reason: "balance_too_low".into() }));
        act(&app, &found, "refund").await.expect(200);
        app.settle().await;
        let open = detail(&app, &found).await;
        assert_eq!(stands(&open), (ReviewState::Open, None));
        assert_eq!(open.history[1].result, "It did not go back: balance too low.");
        assert_eq!(script.money(), (700, 0));
        script.next_refund(Ok(RefundState::Failed));
        act(&app, &found, "refund").await.expect(200);
        app.settle().await;
        assert_eq!(detail(&app, &found).await.item.state, ReviewState::Open);
        act(&app, &found, "refund").await.expect(200);
        app.settle().await;
        let done = detail(&app, &found).await;
        assert_eq!((done.item.state, done.history.len()), (ReviewState::Resolved, 6));
        let wanted = ["refund pay_lost:return:1", "refund pay_lost:return:2", "refund pay_lost:return:3"];
        assert_eq!((keys(&script), script.money()), (wanted.map(str::to_owned).to_vec(), (700, 700)));
    })
    .await;
}

#[tokio::test]
async fn an_order_that_turns_up_afterwards_is_not_paid_with_it() {
    scripted(|app, script| async move {
        let id = order("late");
        let found = stray(&app, &script, "pay_late", &id.to_string(), 6040).await;
        assert_eq!(found.order_id, Some(id));
        act(&app, &found, "refund").await.expect(200);
        app.settle().await;
        app.deliver("payments", &placed(&app, id, None, PARTS)).await;
        hook(&app, "evt_1 pay_late".to_owned()).await;
        assert_eq!(status(&app, id).await, PaymentStatus::Pending);
        assert!(app.published::<PaymentCaptured>("payments").await.is_empty());
        assert_eq!(review(&app).await, [("returned_payment".to_owned(), Some(id))]);
        assert_eq!((script.calls("refund"), script.money()), (1, (6040, 6040)));
        sound(&app).await;
    })
    .await;
}

#[tokio::test]
async fn an_automatic_refund_that_failed_is_sent_once_more() {
    scripted(|app, script| async move {
        let id = order_and_reserve(&app, "a").await;
        let paid = payment(&app, id).await.provider_ref.unwrap();
        script.next_refund(Ok(RefundState::Failed));
        app.deliver("payments", &cancelled(id)).await;
        app.settle().await;
        let found = item(&app, &paid).await;
        assert_eq!((found.problem.as_str(), found.amount), ("refund_failed", Some(eur(6040))));
        assert_eq!(detail(&app, &found).await.actions, [ReviewAction::Refund, ReviewAction::TickOff]);
        act(&app, &found, "attach").await.expect_problem(409, "not_attachable");
        script.next_refund(Ok(RefundState::Failed));
        act(&app, &found, "refund").await.expect(200);
        app.settle().await;
        let open = detail(&app, &found).await;
        assert_eq!((open.item.state, script.money()), (ReviewState::Open, (6040, 0)));
        assert_eq!(open.history[1].result, "It did not go back: returned by bank.");
        for _ in 0..2 {
            act(&app, &found, "refund").await.expect(200);
            app.settle().await;
        }
        let done = detail(&app, &found).await;
        assert_eq!(
            (done.item.state, done.history.last().unwrap().result.as_str()),
            (ReviewState::Resolved, "The refund has arrived.")
        );
        assert_eq!((script.calls("refund "), script.money()), (3, (6040, 6040)));
        assert_eq!(status(&app, id).await, PaymentStatus::Refunded);
        assert_eq!(app.published::<PaymentRefunded>("payments").await.len(), 1);
        sound(&app).await;
    })
    .await;
}

#[tokio::test]
async fn what_an_admin_had_sent_before_the_order_was_called_off_is_looked_at_when_it_comes_back() {
    scripted(|app, script| async move {
        let id = order_and_reserve(&app, "a").await;
        let paid = payment(&app, id).await;
        script.next_refund(Ok(RefundState::Pending));
        let path = format!("/api/v1/admin/payments/{}/refunds", paid.id);
        let body = json!({"amount_minor": 1000, "reason": "Broken"});
        app.as_user(&admin()).key("k").post(&path, &body).await.expect(202);
        app.settle().await;
        app.deliver("payments", &cancelled(id)).await;
        app.settle().await;
        assert_eq!((payment(&app, id).await.refunded, script.money()), (eur(6040), (6040, 5040)));
        assert!(review(&app).await.is_empty());

        script.state().refunds.get_mut("re_1").unwrap().1.state = RefundState::Failed;
        pass(&app, 180).await;
        assert_eq!(review(&app).await, [("refund_failed".to_owned(), Some(id))]);
        let found = item(&app, &paid.provider_ref.unwrap()).await;
        assert_eq!(found.amount, Some(eur(1000)));
        act(&app, &found, "refund").await.expect(200);
        app.settle().await;
        assert_eq!(detail(&app, &found).await.item.state, ReviewState::Resolved);
        assert_eq!((script.calls("refund "), script.money()), (3, (6040, 6040)));
        assert_eq!(status(&app, id).await, PaymentStatus::Refunded);
        sound(&app).await;
    })
    .await;
}

#[tokio::test]
async fn where_no_money_of_nobody_is_nothing_is_sent_back() {
    scripted(|app, script| async move {
        let id = order_and_reserve(&app, "a").await;
        let paid = payment(&app, id).await.provider_ref.unwrap();
        let foreign = crate::provider::ProviderRefund {
            id: "re_x".into(),
            refund_id: None,
            amount: eur(1),
            state: RefundState::Succeeded,
        };
        script.state().refunds.insert("re_x".into(), (paid.clone(), foreign));
        hook(&app, format!("evt_1 {paid} re_x")).await;
        let found = item(&app, "re_x").await;
        let shown = detail(&app, &found).await;
        assert_eq!(
            (found.problem.as_str(), shown.actions.as_slice()),
            ("unknown_refund", &[ReviewAction::TickOff][..])
        );
        assert_eq!((shown.theirs.unwrap().kind.as_str(), shown.ours.unwrap().order_id), ("refund", id));
        act(&app, &found, "refund").await.expect_problem(409, "not_returnable");
        act(&app, &found, "take_up").await.expect_problem(409, "not_attachable");
        // Explained by hand, with a reason.
        for body in [json!({"action": "tick_off"}), json!({"action": "tick_off", "note": " \n "})] {
            send(&app, &found, &body).await.expect_invalid("note");
        }
        send(&app, &found, &json!({"action": "burn"})).await.expect_invalid("action");
        send(&app, &found, &json!({"action": "tick_off", "note": "x".repeat(1001)})).await.expect_invalid("note");
        assert!(detail(&app, &found).await.history.is_empty());
        let done: ReviewDetail = act(&app, &found, "tick_off").await.expect(200).json();
        assert_eq!(history(&done), [(me(), ReviewAction::TickOff, "Explained by hand.")]);
        let again: ReviewDetail =
            send(&app, &found, &json!({"action": "tick_off", "note": "Another reason"})).await.expect(200).json();
        assert_eq!(again, done);
        act(&app, &found, "refund").await.expect_problem(409, "resolved_before");
        app.settle().await;
        assert_eq!(script.calls("refund "), 0);
        sound(&app).await;
    })
    .await;
}
