//! Money that was nobody's becomes an order's.

use contracts::{
    payments::{PaymentCaptured, PaymentStatus},
    queue::{ReviewAction, ReviewDetail, ReviewState},
};
use serde_json::json;

use super::{
    super::{PARTS, cancelled, journal, order, placed, review, script::Distortion, scripted, sound, status},
    *,
};

#[tokio::test]
async fn what_fits_a_waiting_order_pays_it_once() {
    scripted(|app, script| async move {
        let (id, found) = paid_on_the_first_page(&app, &script, "a").await;
        assert_eq!((found.problem.as_str(), found.order_id), ("second_payment", Some(id)));
        let shown = detail(&app, &found).await;
        assert_eq!(shown.actions, [ReviewAction::Refund, ReviewAction::Attach, ReviewAction::TickOff]);
        let second = shown.ours.unwrap().provider_ref.unwrap();
        let done: ReviewDetail = act(&app, &found, "attach").await.expect(200).json();
        assert_eq!(stands(&done), (ReviewState::Resolved, Some(ReviewAction::Attach)));
        assert_eq!(history(&done), [(me(), ReviewAction::Attach, "It pays S-2601-000001.")]);
        app.settle().await;
        let now = payment(&app, id).await;
        assert_eq!((now.status, now.captured), (PaymentStatus::Captured, eur(6040)));
        assert_eq!(now.provider_ref.as_ref(), Some(&found.provider_ref));
        // The page that was open is called off, so that nobody pays there, too.
        assert!(matches!(script.state().payments[&second].status, ProviderStatus::Failed { .. }));

        // Once more, and another thing, and news of both pages: nothing more.
        let again: ReviewDetail = act(&app, &found, "attach").await.expect(200).json();
        assert_eq!(history(&again), history(&done));
        act(&app, &found, "refund").await.expect_problem(409, "resolved_before");
        hook(&app, format!("evt_1 {}", found.provider_ref)).await;
        hook(&app, format!("evt_2 {second}")).await;
        pass(&app, 600).await;
        assert_eq!((script.calls("refund"), script.money()), (0, (6040, 0)));
        assert_eq!(app.published::<PaymentCaptured>("payments").await.len(), 1);
        assert_eq!(journal(&app).await.len(), 1);
        assert!(review(&app).await.is_empty());
        sound(&app).await;
    })
    .await;
}

#[tokio::test]
async fn another_amount_changes_nothing() {
    scripted(|app, script| async move {
        script.next(Next::Distort(|p| p.captured = eur(6039)));
        let id = order_and_reserve(&app, "a").await;
        let found = item(&app, &script.payment_of(id).id).await;
        assert_eq!((found.problem.as_str(), found.amount), ("wrong_amount", Some(eur(6039))));
        assert_eq!(detail(&app, &found).await.actions, [ReviewAction::Refund, ReviewAction::TickOff]);
        let before = payment(&app, id).await;
        for action in ["attach", "take_up"] {
            let refused = act(&app, &found, action).await.expect_problem(409, "does_not_fit");
            assert_eq!(refused["extra"]["wanted"]["amount_minor"], 6040);
            assert_eq!(refused["extra"]["paid"]["amount_minor"], 6039);
        }
        app.settle().await;
        assert_eq!(payment(&app, id).await, before);
        let open = detail(&app, &found).await;
        assert_eq!((stands(&open), open.history.len()), ((ReviewState::Open, None), 0));
        assert!(journal(&app).await.is_empty());
        assert!(app.published::<PaymentCaptured>("payments").await.is_empty());
        // It goes back, all that was paid.
        act(&app, &found, "refund").await.expect(200);
        app.settle().await;
        assert_eq!(script.money(), (6039, 6039));
        sound(&app).await;
    })
    .await;
}

#[tokio::test]
async fn test_money_and_another_currency_pay_nothing() {
    scripted(|app, script| async move {
        let cases: [(&str, Distortion, &str); 2] = [
            ("mode", |p| p.livemode = true, "wrong_mode"),
            ("name", |p| p.reference = "INV-7".to_owned(), "wrong_reference"),
        ];
        for (name, distort, problem) in cases {
            script.next(Next::Distort(distort));
            let id = order_and_reserve(&app, name).await;
            let found = list(&app, "").await.into_iter().find(|item| item.order_id == Some(id)).unwrap();
            assert_eq!(found.problem, problem);
            let code = if problem == "wrong_mode" { "does_not_fit" } else { "no_such_order" };
            act(&app, &found, "attach").await.expect_problem(409, code);
            assert_eq!(payment(&app, id).await.captured, eur(0));
        }
        assert!(journal(&app).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_paid_order_takes_no_second_payment() {
    scripted(|app, script| async move {
        let id = order_and_reserve(&app, "a").await;
        let found = stray(&app, &script, "pay_second", &id.to_string(), 6040).await;
        assert_eq!(detail(&app, &found).await.actions, [ReviewAction::Refund, ReviewAction::TickOff]);
        for action in ["attach", "take_up"] {
            act(&app, &found, action).await.expect_problem(409, "order_is_paid");
        }
        assert_eq!(journal(&app).await.len(), 1);
        assert_eq!(item(&app, "pay_second").await.state, ReviewState::Open);
        sound(&app).await;
    })
    .await;
}

#[tokio::test]
async fn without_an_order_there_is_nothing_to_pay() {
    scripted(|app, script| async move {
        let nobody = stray(&app, &script, "pay_lost", "who knows", 700).await;
        let nowhere = stray(&app, &script, "pay_order", &order("nowhere").to_string(), 6040).await;
        for found in [&nobody, &nowhere] {
            for action in ["attach", "take_up"] {
                let refused = act(&app, found, action).await.expect_problem(409, "no_such_order");
                assert!(refused["detail"].as_str().unwrap().contains("Name the order that it is for"), "{refused}");
            }
        }
        // The order turns up: now it can be paid.
        app.deliver("payments", &placed(&app, order("nowhere"), None, PARTS)).await;
        let shown = detail(&app, &nowhere).await;
        assert_eq!(shown.actions, [ReviewAction::Refund, ReviewAction::Attach, ReviewAction::TickOff]);
        act(&app, &nowhere, "attach").await.expect(200);
        assert_eq!(status(&app, order("nowhere")).await, PaymentStatus::Captured);
        assert_eq!(app.published::<PaymentCaptured>("payments").await.len(), 1);
        assert_eq!((script.calls("open"), script.calls("refund")), (0, 0));
        sound(&app).await;
    })
    .await;
}

#[tokio::test]
async fn money_for_an_order_that_was_called_off_is_noted_and_goes_back() {
    scripted(|app, script| async move {
        script.next(Next::Act);
        script.next(Next::Act);
        let id = order_and_reserve(&app, "a").await;
        let first = payment(&app, id).await.provider_ref.unwrap();
        let wish = json!({"method": "card", "country": "DE"});
        app.as_service("orders").post(&format!("/internal/orders/{id}/payment/method"), &wish).await.expect(204);
        app.settle().await;
        app.deliver("payments", &cancelled(id)).await;
        app.settle().await;
        assert_eq!(status(&app, id).await, PaymentStatus::Cancelled);
        pays(&app, &script, &first).await;
        let found = item(&app, &first).await;
        assert_eq!(
            detail(&app, &found).await.actions,
            [ReviewAction::Refund, ReviewAction::TakeUp, ReviewAction::TickOff]
        );
        act(&app, &found, "attach").await.expect_problem(409, "order_not_waiting");
        assert_eq!((status(&app, id).await, journal(&app).await.len()), (PaymentStatus::Cancelled, 0));
        for _ in 0..2 {
            let done: ReviewDetail = act(&app, &found, "take_up").await.expect(200).json();
            let result = "Noted for S-2601-000001, which had been called off: the money goes back by itself.";
            assert_eq!(history(&done), [(me(), ReviewAction::TakeUp, result)]);
            app.settle().await;
        }
        let now = payment(&app, id).await;
        assert_eq!((now.status, now.captured, now.refunded), (PaymentStatus::Refunded, eur(6040), eur(6040)));
        assert_eq!((script.calls("refund "), script.money(), journal(&app).await.len()), (1, (6040, 6040), 2));
        assert!(review(&app).await.is_empty());
        sound(&app).await;
    })
    .await;
}

#[tokio::test]
async fn while_the_provider_is_silent_nothing_is_decided() {
    scripted(|app, script| async move {
        let (id, found) = paid_on_the_first_page(&app, &script, "a").await;
        script.state().silent = true;
        let shown = detail(&app, &found).await;
        assert!(shown.theirs.is_none() && shown.silence.is_some());
        act(&app, &found, "attach").await.expect_problem(503, "provider_no_answer");
        assert_eq!((payment(&app, id).await.captured, detail(&app, &found).await.history.len()), (eur(0), 0));
        script.state().silent = false;
        act(&app, &found, "attach").await.expect(200);
        assert_eq!(payment(&app, id).await.captured, eur(6040));
    })
    .await;
}

#[tokio::test]
async fn of_two_different_clicks_one_has_an_effect() {
    const ACTIONS: [&str; 4] = ["refund", "attach", "take_up", "tick_off"];
    scripted(|app, script| async move {
        for (n, first) in ACTIONS.into_iter().enumerate() {
            for (m, second) in ACTIONS.into_iter().enumerate() {
                let (id, found) = paid_on_the_first_page(&app, &script, &format!("{first}-{second}")).await;
                act(&app, &found, first).await.expect(200);
                if (n + m) % 2 == 0 {
                    app.settle().await;
                }
                let answer = act(&app, &found, second).await.status.as_u16();
                assert_eq!(answer, if first == second { 200 } else { 409 }, "{first}, then {second}");
                app.settle().await;
                let done = detail(&app, &found).await;
                assert_eq!(done.item.state, ReviewState::Resolved, "{first}, then {second}");
                assert_eq!(done.history.iter().filter(|entry| entry.by.is_some()).count(), 1);
                let captured = payment(&app, id).await.captured;
                let pays = matches!(first, "attach" | "take_up");
                assert_eq!(captured, eur(if pays { 6040 } else { 0 }), "{first}, then {second}");
            }
        }
        // Four of sixteen went back.
        assert_eq!(script.money(), (16 * 6040, 4 * 6040));
        sound(&app).await;
    })
    .await;
}

#[tokio::test]
async fn money_that_names_no_order_pays_the_one_that_an_admin_names() {
    scripted(|app, script| async move {
        script.next(Next::Act);
        let id = order_and_reserve(&app, "a").await;
        let opened = script.payment_of(id).id;
        let found = stray(&app, &script, "pay_desk", "thanks for the mug", 6_040).await;
        assert_eq!((found.problem.as_str(), found.order_id), ("unknown_order", None));
        let shown = detail(&app, &found).await;
        assert_eq!((shown.ours, shown.actions.contains(&ReviewAction::Attach)), (None, true));
        let attach =
            |number: &str, note: Option<&str>| json!({"action": "attach", "order_number": number, "note": note});
        act(&app, &found, "attach").await.expect_problem(409, "no_such_order");
        send(&app, &found, &attach("S-2601-000001", None)).await.expect_invalid("note");
        send(&app, &found, &attach("S-2601-999999", Some("x"))).await.expect_invalid("order_number");
        send(&app, &found, &attach(&opened, Some("x"))).await.expect_invalid("order_number");
        assert_eq!(status(&app, id).await, PaymentStatus::RequiresAction);
        let done: ReviewDetail =
            send(&app, &found, &attach(" s-2601-000001 ", Some("She wrote to us"))).await.expect(200).json();
        assert_eq!(history(&done), [(me(), ReviewAction::Attach, "It pays S-2601-000001.")]);
        app.settle().await;
        let paid = payment(&app, id).await;
        assert_eq!((paid.status, paid.provider_ref.as_deref()), (PaymentStatus::Captured, Some("pay_desk")));
        assert!(matches!(script.state().payments[&opened].status, ProviderStatus::Failed { .. }));
        // News of it are news of the order, and what is returned goes back to where it came from.
        hook(&app, "evt_1 pay_desk".to_owned()).await;
        app.deliver("payments", &cancelled(id)).await;
        pass(&app, 600).await;
        assert_eq!((status(&app, id).await, script.money()), (PaymentStatus::Refunded, (6_040, 6_040)));
        assert!(review(&app).await.is_empty());
        sound(&app).await;
    })
    .await;
}

#[tokio::test]
async fn what_names_an_order_is_not_attached_to_another() {
    scripted(|app, script| async move {
        let (id, found) = paid_on_the_first_page(&app, &script, "a").await;
        let mut other = placed(&app, order("b"), None, PARTS);
        other.order.number = "S-2601-000002".to_owned();
        app.deliver("payments", &other).await;
        let body = json!({"action": "attach", "order_number": "S-2601-000002", "note": "x"});
        let done: ReviewDetail = send(&app, &found, &body).await.expect(200).json();
        assert_eq!(history(&done)[0].2, "It pays S-2601-000001.");
        app.settle().await;
        assert_eq!(
            (status(&app, id).await, status(&app, order("b")).await),
            (PaymentStatus::Captured, PaymentStatus::Pending)
        );
        // Another amount than the order costs pays nothing, whoever names it.
        let less = stray(&app, &script, "pay_less", "nobody", 6_039).await;
        let refused = json!({"action": "attach", "order_number": "S-2601-000002", "note": "x"});
        send(&app, &less, &refused).await.expect_problem(409, "does_not_fit");
        assert_eq!(status(&app, order("b")).await, PaymentStatus::Pending);
    })
    .await;
}
