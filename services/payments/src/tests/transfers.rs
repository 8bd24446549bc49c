//! Transfers to the platform's own account, confirmed by an admin.

use contracts::payments::{
    BankAccount, PaymentActionRequired, PaymentCaptured, PaymentRefunded, PaymentStatus, PaymentView,
};
use db::Dialect;
use kernel::OrderId;
use serde_json::json;
use testkit::{Answer, TestApp, admin};

use super::{PARTS, cancelled, eur, journal, order, pass, payment, placed, reserve, review, sound, status, terms};
use crate::{BankTransferSettings, Settings, provider::bank_transfer::is_iban, service};

async fn each<Fut: Future<Output = ()>>(test: impl Fn(TestApp) -> Fut) {
    for dialect in [Dialect::Sqlite, Dialect::Postgres] {
        let account =
            BankAccount { holder: "Souk".into(), iban: "DE89370400440532013000".into(), ..BankAccount::default() };
        let bank_transfer = BankTransferSettings { account, wait_days: 7 };
        let app = TestApp::start(dialect, vec![service(Settings { bank_transfer, ..Settings::default() })]).await;
        terms(&app, "ada", 1000).await;
        terms(&app, "bob", 1250).await;
        test(app).await;
    }
}

async fn ordered(app: &TestApp, name: &str) -> OrderId {
    let mut event = placed(app, order(name), None, PARTS);
    event.order.payment.method = "bank_transfer".to_owned();
    app.deliver("payments", &event).await;
    reserve(app, event.order_id).await;
    event.order_id
}

async fn confirm(app: &TestApp, id: OrderId, key: &str, minor: i64) -> Answer {
    let path = format!("/api/v1/admin/payments/{}/receipt", payment(app, id).await.id);
    app.as_user(&admin()).key(key).post(&path, &json!({"amount_minor": minor, "note": "Statement 12"})).await
}

#[tokio::test]
async fn money_that_has_arrived_pays_the_order_once() {
    each(|app| async move {
        let id = ordered(&app, "a").await;
        let told: Vec<PaymentActionRequired> = app.published("payments").await;
        assert_eq!(told[0].url, format!("http://souk.test/orders/{id}/transfer"));
        // Days later it still waits.
        app.advance(std::time::Duration::from_secs(3 * 24 * 3600)).await;
        assert_eq!(status(&app, id).await, PaymentStatus::RequiresAction);
        assert_eq!(app.count("payments", "SELECT count(*) FROM payments WHERE check_at IS NOT NULL").await, 0);
        confirm(&app, id, "k0", 6039).await.expect_problem(422, "invalid_input");
        assert_eq!(payment(&app, id).await.captured, eur(0));
        let paid: PaymentView = confirm(&app, id, "k1", 6040).await.expect(200).json();
        assert_eq!((paid.status, paid.captured), (PaymentStatus::Captured, eur(6040)));
        // The same form again, and another admin.
        confirm(&app, id, "k1", 6040).await.expect(200);
        confirm(&app, id, "k2", 6040).await.expect_problem(409, "received_before");
        app.settle().await;
        assert_eq!(app.published::<PaymentCaptured>("payments").await.len(), 1);
        assert_eq!(journal(&app).await.len(), 1);
        sound(&app).await;
    })
    .await;
}

#[tokio::test]
async fn fifty_confirmations_at_once_are_one() {
    each(|app| async move {
        let id = ordered(&app, "a").await;
        let path = format!("/api/v1/admin/payments/{}/receipt", payment(&app, id).await.id);
        let all: Vec<_> = (0..50)
            .map(|n| {
                let (who, path) = (app.as_user(&admin()).key(&format!("k{n}")), path.clone());
                tokio::spawn(async move { who.post(&path, &json!({"amount_minor": 6040})).await.status.as_u16() })
            })
            .collect();
        let mut good = 0;
        for one in all {
            match one.await.unwrap() {
                200 => good += 1,
                status => assert_eq!(status, 409),
            }
        }
        assert_eq!(good, 1);
        app.settle().await;
        assert_eq!(app.published::<PaymentCaptured>("payments").await.len(), 1);
        sound(&app).await;
    })
    .await;
}

#[tokio::test]
async fn what_arrives_too_late_goes_back_by_hand() {
    each(|app| async move {
        let id = ordered(&app, "a").await;
        app.deliver("payments", &cancelled(id)).await;
        assert_eq!(status(&app, id).await, PaymentStatus::Cancelled);
        confirm(&app, id, "k1", 6040).await.expect(200);
        app.settle().await;
        let back = payment(&app, id).await;
        assert_eq!((back.refunds[0].status.as_str(), back.refunded), ("pending", eur(6040)));
        // It is not sent by waiting.
        pass(&app, 3600).await;
        assert!(app.published::<PaymentRefunded>("payments").await.is_empty());
        let path = format!("/api/v1/admin/payments/{}/refunds/{}/sent", back.id, back.refunds[0].id);
        for _ in 0..2 {
            let sent: PaymentView = app.as_user(&admin()).post(&path, &json!({})).await.expect(200).json();
            assert_eq!((sent.status, sent.refunds[0].status.as_str()), (PaymentStatus::Refunded, "succeeded"));
        }
        assert_eq!(app.published::<PaymentRefunded>("payments").await.len(), 1);
        assert!(review(&app).await.is_empty());
        sound(&app).await;
    })
    .await;
}

#[tokio::test]
async fn only_admins_confirm_and_only_what_is_by_hand() {
    each(|app| async move {
        let id = ordered(&app, "a").await;
        let path = format!("/api/v1/admin/payments/{}/receipt", payment(&app, id).await.id);
        for who in [app.guest(), app.as_service("orders")] {
            let status = who.key("k").post(&path, &json!({"amount_minor": 6040})).await.status.as_u16();
            assert!(matches!(status, 401 | 403 | 404), "{status}");
        }
        app.guest().post("/webhooks/bank_transfer", &json!({"id": "evt"})).await.expect_problem(404, "not_found");
        assert_eq!(payment(&app, id).await.captured, eur(0));
    })
    .await;
    super::scripted(|app, script| async move {
        script.next(super::script::Next::Act);
        let id = super::order_and_reserve(&app, "a").await;
        confirm(&app, id, "k", 6040).await.expect_problem(409, "not_by_hand");
        assert_eq!(status(&app, id).await, PaymentStatus::RequiresAction);
    })
    .await;
}

#[test]
fn ibans_are_checked() {
    for good in ["DE89370400440532013000", "GB82 WEST 1234 5698 7654 32", "NO9386011117947"] {
        assert!(is_iban(good), "{good}");
    }
    for bad in ["", "DE89370400440532013001", "DE8937040044053201300O", "de89370400440532013000", "89"] {
        assert!(!is_iban(bad), "{bad}");
    }
}
