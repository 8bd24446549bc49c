//! The stories.

use contracts::{
    disputes::{DisputeStatus, DisputeView, PaymentDisputeClosed, PaymentDisputeOpened},
    payments::{PaymentActionRequired, PaymentStatus},
};
use http::Method;
use kernel::{Clock, OrderId, Page};
use sandbox::signature;
use serde_json::json;
use testkit::admin;

use super::{Card, Day, WEBHOOK_SECRET, World, each, each_with_tokens};
use crate::tests::{cancelled, eur, journal, order, payment, review, status};

#[tokio::test]
async fn a_token_pays_and_a_bad_one_does_not() {
    each_with_tokens(|world| async move {
        let app = &world.app;
        let paid = world.order("a", Some(Card::Good)).await;
        assert_eq!(status(app, paid).await, PaymentStatus::Captured);
        let declined = world.order("b", Some(Card::Declined)).await;
        assert_eq!(payment(app, declined).await.failure.as_deref(), Some("card_declined"));
        let poor = world.order("c", Some(Card::Poor)).await;
        assert_eq!(payment(app, poor).await.failure.as_deref(), Some("insufficient_funds"));
        let unknown = order("d");
        app.deliver("payments", &super::placed(app, unknown, Some("tok_nonsense"), super::PARTS)).await;
        super::reserve(app, unknown).await;
        assert_eq!(status(app, unknown).await, PaymentStatus::Failed);
        assert_eq!(world.told().await, (1, 3, 0));
        world.pass(300).await;
        assert_eq!(world.told().await, (1, 3, 0));
        world.agree().await;
    })
    .await;
}

#[tokio::test]
async fn on_the_page_one_card_is_declined_and_another_pays() {
    each(Day::Good, |world| async move {
        let app = &world.app;
        let id = world.order("a", None).await;
        assert_eq!(status(app, id).await, PaymentStatus::RequiresAction);
        let told: Vec<PaymentActionRequired> = app.published("payments").await;
        assert_eq!(told[0].url, world.gateway.page(&world.payment_ref(id).await));
        world.pay(id, Card::Declined).await;
        assert_eq!(status(app, id).await, PaymentStatus::RequiresAction);
        world.pay(id, Card::Good).await;
        assert_eq!(status(app, id).await, PaymentStatus::Captured);
        assert_eq!(world.told().await, (1, 0, 0));
        // Hours later nobody has found anything strange in it.
        world.pass(900).await;
        assert!(review(app).await.is_empty());
        world.agree().await;
    })
    .await;
}

#[tokio::test]
async fn three_d_secure_is_approved_or_not() {
    each_with_tokens(|world| async move {
        let app = &world.app;
        let (yes, no) =
            (world.order("yes", Some(Card::Challenge)).await, world.order("no", Some(Card::Challenge)).await);
        assert_eq!(status(app, yes).await, PaymentStatus::RequiresAction);
        world.challenge(yes, true).await;
        world.challenge(no, false).await;
        assert_eq!(status(app, yes).await, PaymentStatus::Captured);
        assert_eq!(payment(app, no).await.failure.as_deref(), Some("authentication_failed"));
        world.agree().await;
    })
    .await;
}

#[tokio::test]
async fn a_success_whose_answer_never_comes_is_one_payment() {
    each(Day::Good, |world| async move {
        let id = world.order("a", Some(Card::Silent)).await;
        world.pass(10).await;
        assert_eq!(status(&world.app, id).await, PaymentStatus::Captured);
        assert_eq!(world.told().await, (1, 0, 0));
        assert_eq!(world.gateway.books().await.paid, 1);
        world.agree().await;
    })
    .await;
}

#[tokio::test]
async fn late_and_doubled_and_disordered_events() {
    each(Day::Good, |world| async move {
        let app = &world.app;
        let cards = [Card::Slow, Card::Late, Card::Doubled, Card::Disordered];
        for (n, card) in cards.into_iter().enumerate() {
            world.order(&format!("token {n}"), Some(card)).await;
            let on_page = world.order(&format!("page {n}"), None).await;
            world.pay(on_page, card).await;
        }
        world.pass(240).await;
        for (n, card) in cards.into_iter().enumerate() {
            for kind in ["token", "page"] {
                let id = order(&format!("{kind} {n}"));
                assert_eq!(status(app, id).await, PaymentStatus::Captured, "{kind} {card:?}");
            }
        }
        assert_eq!(world.told().await, (8, 0, 0));
        assert_eq!(journal(app).await.len(), 8);
        assert_eq!(app.count("payments", "SELECT count(*) FROM webhook_inbox WHERE state <> 'handled'").await, 0);
        assert!(review(app).await.is_empty());
        world.agree().await;
    })
    .await;
}

#[tokio::test]
async fn orders_that_are_called_off_keep_no_money() {
    each(Day::Good, |world| async move {
        let app = &world.app;
        let all =
            [("paid", Some(Card::Good)), ("page", None), ("slow", Some(Card::Slow)), ("silent", Some(Card::Silent))];
        for (name, card) in all {
            let id = world.order(name, card).await;
            app.deliver("payments", &cancelled(id)).await;
        }
        world.pass(300).await;
        assert_eq!(status(app, order("paid")).await, PaymentStatus::Refunded);
        assert_eq!(status(app, order("page")).await, PaymentStatus::Cancelled);
        assert_eq!(status(app, order("slow")).await, PaymentStatus::Refunded);
        assert_eq!(status(app, order("silent")).await, PaymentStatus::Refunded);
        let books = world.gateway.books().await;
        let all = world.money(3 * 6040).amount_minor;
        assert_eq!((books.captured, books.refunded), (all, all));
        world.agree().await;
    })
    .await;
}

async fn give_back(world: &World, name: &str, minor: i64) {
    let id = payment(&world.app, order(name)).await.id;
    let body = json!({"amount_minor": world.money(minor).amount_minor, "reason": "Scratched"});
    let path = format!("/api/v1/admin/payments/{id}/refunds");
    world.app.as_user(&admin()).key(&format!("{name}{minor}")).post(&path, &body).await.expect(202);
}

#[tokio::test]
async fn refunds_take_their_time_or_come_back() {
    each(Day::Good, |world| async move {
        let app = &world.app;
        world.order("slow", Some(Card::SlowRefund)).await;
        let page = world.order("page", None).await;
        world.pay(page, Card::SlowRefund).await;
        world.order("fails", Some(Card::FailingRefund)).await;
        give_back(&world, "slow", 1000).await;
        give_back(&world, "page", 6040).await;
        give_back(&world, "fails", 2000).await;
        app.settle().await;
        assert_eq!(payment(app, order("slow")).await.refunds[0].status, "pending");
        world.pass(120).await;
        let (slow, fails) = (payment(app, order("slow")).await, payment(app, order("fails")).await);
        assert_eq!((slow.refunds[0].status.as_str(), slow.refunded), ("succeeded", world.money(1000)));
        assert_eq!((fails.refunds[0].status.as_str(), fails.refunded), ("failed", world.money(0)));
        assert_eq!(status(app, page).await, PaymentStatus::Refunded);
        assert!(review(app).await.is_empty());
        world.agree().await;
    })
    .await;
}

async fn disputed(world: &World, order: OrderId) -> DisputeView {
    let path = format!("/api/v1/admin/disputes?order_id={order}");
    let mut page: Page<DisputeView> = world.app.as_user(&admin()).get(&path).await.expect(200).json();
    page.items.pop().expect("a dispute")
}

#[tokio::test]
async fn disputes_are_heard_of_answered_and_decided() {
    each(Day::Good, |world| async move {
        if !world.gateway.has_disputes() {
            return;
        }
        let app = &world.app;
        let mut refs = Vec::new();
        for name in ["won", "lost", "accepted"] {
            let id = world.order(name, Some(Card::Good)).await;
            refs.push(world.gateway.dispute(&world.payment_ref(id).await, 1000).await);
            world.settle().await;
            let dispute = disputed(&world, id).await;
            assert_eq!((dispute.status, dispute.amount), (DisputeStatus::Opened, eur(1000)), "{}", world.gateway.name());
            assert!(dispute.is_withdrawn && dispute.evidence_due.is_some());
            let path = format!("/api/v1/admin/disputes/{}", dispute.id);
            if name == "accepted" {
                app.as_user(&admin()).post(&format!("{path}/accept"), &json!(null)).await.expect(202);
            } else {
                let evidence = json!({"product": "Two mugs", "carrier": "Post", "tracking_number": "RR1", "communication": "Hello\nyou"});
                app.as_user(&admin()).key(name).post(&format!("{path}/evidence"), &evidence).await.expect(202);
            }
            world.settle().await;
            let wanted = if name == "accepted" { DisputeStatus::Lost } else { DisputeStatus::UnderReview };
            assert_eq!(disputed(&world, id).await.status, wanted, "{} {name}", world.gateway.name());
        }
        world.gateway.decide(&refs[0], true).await;
        world.gateway.decide(&refs[1], false).await;
        world.settle().await;
        assert_eq!(disputed(&world, order("won")).await.status, DisputeStatus::Won);
        assert_eq!(disputed(&world, order("lost")).await.status, DisputeStatus::Lost);
        assert_eq!(app.published::<PaymentDisputeOpened>("payments").await.len(), 3);
        assert_eq!(app.published::<PaymentDisputeClosed>("payments").await.len(), 3);
        assert!(review(app).await.is_empty());
        world.agree().await;
    })
    .await;
}

#[tokio::test]
async fn disputes_on_a_bad_day_end_the_same() {
    each(Day::Bad, |world| async move {
        if !world.gateway.has_disputes() {
            return;
        }
        for n in 0..6 {
            let id = world.order(&format!("o{n}"), Some(Card::Good)).await;
            world.pass(300).await;
            let dispute = world.gateway.dispute(&world.payment_ref(id).await, 1000 + n).await;
            world.pass(60).await;
            world.gateway.decide(&dispute, n % 2 == 0).await;
        }
        world.pass(300).await;
        for n in 0..6 {
            let dispute = disputed(&world, order(&format!("o{n}"))).await;
            let wanted = if n % 2 == 0 { DisputeStatus::Won } else { DisputeStatus::Lost };
            assert_eq!(dispute.status, wanted, "{} {n}", world.gateway.name());
        }
        assert_eq!(world.app.published::<PaymentDisputeClosed>("payments").await.len(), 6);
        assert!(review(&world.app).await.is_empty());
        world.agree().await;
    })
    .await;
}

#[tokio::test]
async fn everything_at_once_with_a_gateway_that_has_a_bad_day() {
    each(Day::Bad, |world| async move {
        let cards = [Some(Card::Good), Some(Card::Declined), Some(Card::Slow), Some(Card::Doubled), None];
        for n in 0..30 {
            let id = world.order(&format!("o{n}"), cards[n % cards.len()]).await;
            if n % 3 == 0 {
                world.app.deliver("payments", &cancelled(id)).await;
            } else if cards[n % cards.len()].is_none() {
                world.pass(60).await;
                world.pay(id, Card::Disordered).await;
            }
        }
        world.pass(1300).await;
        for n in 0..30 {
            let (declined, off) = (n % cards.len() == 1, n % 3 == 0);
            let on_page = world.gateway.token(Card::Declined).is_none();
            let status = status(&world.app, order(&format!("o{n}"))).await;
            let fits = match (declined, off) {
                (true, true) => status == PaymentStatus::Cancelled || status == PaymentStatus::Failed,
                // Where there is a page it stays, for another card; or the money is just being asked for once more.
                (true, false) if on_page => {
                    matches!(status, PaymentStatus::RequiresAction | PaymentStatus::Processing)
                }
                (true, false) => status == PaymentStatus::Failed,
                (false, true) => matches!(status, PaymentStatus::Refunded | PaymentStatus::Cancelled),
                (false, false) => status == PaymentStatus::Captured,
            };
            assert!(fits, "{} order {n}: {status:?}", world.gateway.name());
        }
        assert!(review(&world.app).await.is_empty());
        assert_eq!(world.app.count("payments", "SELECT count(*) FROM jobs WHERE state = 'dead'").await, 0);
        world.agree().await;
    })
    .await;
}

/// The same event with its members in the opposite order.
fn turned(body: &str) -> String {
    let event: serde_json::Map<String, serde_json::Value> = serde_json::from_str(body).unwrap();
    let members: Vec<String> = event.iter().rev().map(|(name, value)| format!("{}:{value}", json!(name))).collect();
    format!("{{{}}}", members.join(","))
}

#[tokio::test]
async fn forged_stale_and_tampered_events_are_refused() {
    each_with_tokens(|world| async move {
        let app = &world.app;
        let id = world.order("a", None).await;
        let payment_ref = world.payment_ref(id).await;
        let (header, body) = world.gateway.event("evt_x1", &payment_ref, false);
        let path = format!("/webhooks/{}", world.gateway.name());
        let now = app.clock.now().seconds();
        let send = async |signed: Option<String>, body: &str| {
            let sender = signed.map_or(app.guest(), |signed| app.guest().header(header, signed));
            sender.send(Method::POST, &path, Some("application/json"), body.to_owned().into()).await
        };
        let sign = |secret: &str, at: i64| Some(signature(secret, at, body.as_bytes()));
        let good = sign(WEBHOOK_SECRET, now).unwrap();
        // The same to whoever reads it, and not what was signed: some framework on the way has written it anew.
        let same: serde_json::Value = serde_json::from_str(&body).unwrap();
        let (spaced, turned) = (serde_json::to_string_pretty(&same).unwrap(), turned(&body));
        assert_eq!(serde_json::from_str::<serde_json::Value>(&turned).unwrap(), same);
        for (name, signed, body) in [
            ("none", None, body.as_str()),
            ("other secret", sign("whsec_fedcba9876543210", now), &body),
            ("too old", sign(WEBHOOK_SECRET, now - 301), &body),
            ("from the future", sign(WEBHOOK_SECRET, now + 301), &body),
            ("other body", Some(good.clone()), &body.replace("evt_x1", "evt_x2")),
            ("written anew with spaces", Some(good.clone()), &spaced),
            ("written anew in another order", Some(good.clone()), &turned),
            ("other time", Some(good.replacen(&now.to_string(), &(now + 1).to_string(), 1)), &body),
            ("no time", good.split_once(',').map(|(_, rest)| rest.to_owned()), &body),
            ("nonsense", Some("t=,v1=".to_owned()), &body),
        ] {
            let answer = send(signed, body).await;
            assert_eq!(answer.status, 400, "{name}");
            answer.expect_problem(400, "bad_signature");
        }
        let noted = "SELECT count(*) FROM webhook_inbox WHERE event_id = 'evt_x1'";
        assert_eq!(app.count("payments", noted).await, 0);
        // Signed rightly it is noted, once, however often it is repeated; and what it claims is not so.
        for _ in 0..3 {
            send(Some(good.clone()), &body).await.expect(204);
        }
        assert_eq!(app.count("payments", noted).await, 1);
        app.settle().await;
        assert_eq!(status(app, id).await, PaymentStatus::RequiresAction);
        let live = world.gateway.event("evt_x9", &payment_ref, true).1;
        send(Some(signature(WEBHOOK_SECRET, now, live.as_bytes())), &live)
            .await
            .expect_problem(400, "malformed_request");
        let broken = "{\"id\": 1}";
        send(Some(signature(WEBHOOK_SECRET, now, broken.as_bytes())), broken)
            .await
            .expect_problem(400, "malformed_request");
    })
    .await;
}
