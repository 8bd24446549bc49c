//! What is left of a card whose time is over, written off; and until when a card can be used to which something comes back.

use std::time::Duration;

use contracts::credits::{CreditMovement, CreditStatus, CreditView, IssuedCredit};
use futures::future::join_all;
use kernel::{Clock, CreditId, Page};
use serde_json::json;
use testkit::{Answer, TestApp, admin, customer};

use super::{
    super::{cancelled, eur, journal, order, place, placed, postings, reserve, scripted, sound},
    ALL, card, happened, history, hold, hold_cards, issue, standing, view,
};

const USABLE_FOR: Duration = Duration::from_secs(90 * 24 * 3600);

/// A gift card over so much that can be used for a minute: its id and code.
async fn short_card(app: &TestApp, name: &str, minor: i64) -> (CreditId, String) {
    let until = app.clock.now().plus(Duration::from_secs(60));
    let input = json!({"kind": "gift_card", "amount_minor": minor, "currency": "EUR", "expires_at": until});
    let issued: IssuedCredit = issue(app, name, &input).await.expect(201).json();
    (issued.credit.id, issued.code.expect("a code").expose().to_owned())
}

async fn write_off(app: &TestApp, key: &str, id: CreditId) -> Answer {
    let path = format!("{ALL}/{id}/write-off");
    app.as_user(&admin()).key(key).post(&path, &json!({"reason": " Nobody came "})).await
}

async fn written_off(app: &TestApp) -> usize {
    journal(app).await.iter().filter(|entry| entry.kind == "credit_breakage").count()
}

#[tokio::test]
async fn what_is_left_after_its_time_is_written_off_once() {
    scripted(|app, _| async move {
        let (id, code) = short_card(&app, "a", 2500).await;
        card(&app, "stays", 700).await;
        app.advance(Duration::from_secs(60)).await;
        let over = async || -> Vec<CreditId> {
            let path = format!("{ALL}?status=expired&left=true");
            let page: Page<CreditView> = app.as_user(&admin()).get(&path).await.expect(200).json();
            page.items.iter().map(|credit| credit.id).collect()
        };
        assert_eq!(over().await, [id]);
        let answer = write_off(&app, "k", id).await.expect(200);
        let credit: CreditView = answer.json();
        assert_eq!((credit.balance, credit.issued, credit.status), (eur(0), eur(2500), CreditStatus::Expired));
        let entry = journal(&app).await.remove(0);
        assert_eq!((entry.kind.as_str(), entry.text.as_str()), ("credit_breakage", "Gift card written off"));
        assert_eq!(postings(&entry), ["gift_cards 2500", "credit_breakage -2500"]);
        let about = "SELECT count(*) FROM journal_entries e JOIN credits c ON c.id = e.credit_id
            WHERE e.kind = 'credit_breakage' AND c.issued_minor = 2500";
        assert_eq!(app.count("payments", about).await, 1);
        let path = format!("{ALL}/{id}/movements");
        let told: Page<CreditMovement> = app.as_user(&admin()).get(&path).await.expect(200).json();
        let why: Vec<_> = told.items.iter().map(|m| (m.kind.as_str(), m.reason.as_deref())).collect();
        assert_eq!(why, [("written_off", Some("Nobody came")), ("issued", None)]);
        // The same key is the same write-off; under another one nothing is left.
        assert_eq!(write_off(&app, "k", id).await.expect(200).body, answer.body);
        write_off(&app, "k2", id).await.expect_problem(409, "credit_empty");
        assert_eq!(history(&app, id).await, happened(&[("issued", 2500, 0), ("written_off", -2500, 0)]));
        assert_eq!((written_off(&app).await, over().await), (1, vec![]));
        hold(&app, order("a"), 100, json!({"codes": [code]}), None).await.expect_problem(422, "gift_card_expired");
        sound(&app).await;
    })
    .await;
}

#[tokio::test]
async fn admins_who_write_it_off_at_once_do_so_once() {
    scripted(|app, _| async move {
        let ((a, _), (b, _)) = (short_card(&app, "a", 2500).await, short_card(&app, "b", 300).await);
        app.advance(Duration::from_secs(60)).await;
        let keys: Vec<String> = (0..10).map(|n: i64| format!("k{n}")).collect();
        let mut done = 0;
        for answer in join_all(keys.iter().map(|key| write_off(&app, key, a))).await {
            if answer.status.as_u16() == 200 {
                done += 1;
            } else {
                answer.expect_problem(409, "credit_empty");
            }
        }
        assert_eq!((done, written_off(&app).await), (1, 1));
        for answer in join_all((0..5).map(|_| write_off(&app, "same", b))).await {
            assert_eq!(answer.expect(200).json::<CreditView>().balance, eur(0));
        }
        assert_eq!((standing(&app, a).await, standing(&app, b).await, written_off(&app).await), ((0, 0), (0, 0), 2));
        sound(&app).await;
    })
    .await;
}

#[tokio::test]
async fn what_can_still_be_used_is_not_written_off() {
    scripted(|app, _| async move {
        let ((always, _), (short, _)) = (card(&app, "a", 500).await, short_card(&app, "b", 600).await);
        app.advance(Duration::from_secs(59)).await;
        // Blocked, it may be unblocked again: its time counts.
        app.as_user(&admin()).post(&format!("{ALL}/{always}/block"), &json!(null)).await.expect(200);
        for (key, id) in [("k1", always), ("k2", short)] {
            write_off(&app, key, id).await.expect_problem(409, "credit_not_expired");
        }
        app.advance(Duration::from_secs(1)).await;
        let path = format!("{ALL}/{short}/write-off");
        for (key, reason) in [("k3", ""), ("k4", "  ")] {
            app.as_user(&admin()).key(key).post(&path, &json!({"reason": reason})).await.expect_invalid("reason");
        }
        app.guest().key("k").post(&path, &json!({"reason": "Mine"})).await.expect(401);
        app.as_user(&customer("eve")).key("k").post(&path, &json!({"reason": "Mine"})).await.expect(403);
        write_off(&app, "k5", CreditId::derived("test", &["none"])).await.expect(404);
        assert_eq!((standing(&app, always).await, standing(&app, short).await), ((500, 0), (600, 0)));
        assert_eq!((written_off(&app).await, journal(&app).await.len()), (0, 2));
        assert_eq!(app.count("payments", "SELECT count(*) FROM credit_movements WHERE kind <> 'issued'").await, 0);
        // What was refused under a key may be asked for under it once more; and blocked it is written off, too.
        app.as_user(&admin()).post(&format!("{ALL}/{short}/block"), &json!(null)).await.expect(200);
        write_off(&app, "k2", short).await.expect(200);
        assert_eq!((standing(&app, short).await, written_off(&app).await), ((0, 0), 1));
        sound(&app).await;
    })
    .await;
}

#[tokio::test]
async fn what_an_order_holds_stays_and_comes_back_for_a_while() {
    scripted(|app, _| async move {
        let (id, code) = short_card(&app, "a", 2000).await;
        assert_eq!(hold_cards(&app, order("a"), 500, &[&code]).await, 500);
        app.deliver("payments", &placed(&app, order("a"), None, &[("ada", 500)])).await;
        app.advance(Duration::from_secs(120)).await;
        let problem = write_off(&app, "k1", id).await.expect_problem(409, "credit_held");
        assert_eq!(problem["extra"]["held"], serde_json::to_value(eur(500)).unwrap());
        assert_eq!((standing(&app, id).await, written_off(&app).await), ((1500, 500), 0));
        // The order is called off: its buyer can use the card again, though its time was over meanwhile.
        app.deliver("payments", &cancelled(order("a"))).await;
        let (until, now) = (app.clock.now().plus(USABLE_FOR), view(&app, id).await);
        assert_eq!((now.balance, now.expires_at, now.status), (eur(2000), Some(until), CreditStatus::Active));
        write_off(&app, "k2", id).await.expect_problem(409, "credit_not_expired");
        assert_eq!(hold_cards(&app, order("b"), 300, &[&code]).await, 300);
        app.deliver("payments", &placed(&app, order("b"), None, &[("ada", 300)])).await;
        app.advance(Duration::from_secs(3600)).await;
        // One whose time is not over gains nothing by being held.
        app.deliver("payments", &cancelled(order("b"))).await;
        assert_eq!((standing(&app, id).await, view(&app, id).await.expires_at), ((2000, 0), Some(until)));
        sound(&app).await;
    })
    .await;
}

#[tokio::test]
async fn a_refund_after_the_write_off_can_be_used_as_any_other() {
    scripted(|app, _| async move {
        let (id, code) = short_card(&app, "a", 9000).await;
        assert_eq!(hold_cards(&app, order("a"), 6040, &[&code]).await, 6040);
        let paid = place(&app, "a").await;
        reserve(&app, paid).await;
        app.advance(Duration::from_secs(120)).await;
        write_off(&app, "k1", id).await.expect(200);
        assert_eq!(standing(&app, id).await, (0, 0));
        sound(&app).await;
        app.deliver("payments", &cancelled(paid)).await;
        app.settle().await;
        let (until, now) = (app.clock.now().plus(USABLE_FOR), view(&app, id).await);
        assert_eq!((now.balance, now.expires_at, now.status), (eur(6040), Some(until), CreditStatus::Active));
        write_off(&app, "k2", id).await.expect_problem(409, "credit_not_expired");
        let events = [
            ("issued", 9000, 0),
            ("held", -6040, 6040),
            ("spent", 0, -6040),
            ("written_off", -2960, 0),
            ("restored", 6040, 0),
        ];
        assert_eq!((history(&app, id).await, written_off(&app).await), (happened(&events), 1));
        assert_eq!(hold_cards(&app, order("b"), 6040, &[&code]).await, 6040);
        sound(&app).await;
    })
    .await;
}
