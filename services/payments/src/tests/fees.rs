//! What providers keep of payments: booked once, whoever tells of it first; the vendors are paid as if nothing were kept.

use contracts::{
    payments::{EntryView, MoneyReport, PaymentStatus},
    queue::ReviewItem,
};
use db::Dialect;
use kernel::{Clock, Currency, Money, Page};
use serde_json::json;
use testkit::{TestApp, admin};

use super::{
    eur, journal, order_and_reserve,
    outside::{Card, sandbox},
    pass, payment, postings, review,
    script::Next,
    scripted, sound, status,
};
use crate::provider::ProviderPayment;

async fn fees(app: &TestApp) -> Vec<EntryView> {
    journal(app).await.into_iter().filter(|entry| entry.kind == "provider_fee").collect()
}

async fn reported(app: &TestApp) -> i64 {
    let today = app.clock.now().date();
    let path = format!("/api/v1/admin/reports/money?currency=EUR&from={today}&to={today}");
    let report: MoneyReport = app.as_user(&admin()).get(&path).await.expect(200).json();
    assert_eq!(
        report.days.iter().map(|day| day.sums.provider_fees_minor).sum::<i64>(),
        report.total.provider_fees_minor
    );
    report.total.provider_fees_minor
}

#[tokio::test]
async fn what_is_kept_of_a_capture_is_the_platform_s_expense_and_stays_it() {
    scripted(|app, script| async move {
        script.next(Next::Distort(|payment| payment.fee = Some(eur(190))));
        let id = order_and_reserve(&app, "a").await;
        let all = journal(&app).await;
        let capture = all.iter().find(|entry| entry.kind == "capture").unwrap();
        assert_eq!((all.len(), capture.postings[0].amount), (2, eur(6040)));
        let kept = &fees(&app).await[0];
        assert_eq!(postings(kept), ["provider_fees 190", "provider:script -190"]);
        assert_eq!((kept.corrects, kept.order_id, kept.payment_id), (Some(capture.id), Some(id), capture.payment_id));
        // Its journal says the same: nobody is asked, nothing is booked again.
        script.write_down(&script.payment_of(id), script.now());
        let fetched = script.calls("fetch ");
        pass(&app, 600).await;
        assert_eq!((script.calls("fetch "), fees(&app).await.len(), reported(&app).await), (fetched, 1, 190));
        sound(&app).await;

        // What goes back brings none of it back.
        let path = format!("/api/v1/admin/payments/{}/refunds", payment(&app, id).await.id);
        let whole = json!({"amount_minor": 6040, "reason": "Scratched"});
        app.as_user(&admin()).key("x").post(&path, &whole).await.expect(202);
        pass(&app, 60).await;
        assert_eq!((status(&app, id).await, reported(&app).await), (PaymentStatus::Refunded, 190));
        let left =
            "SELECT count(*) FROM (SELECT account FROM postings GROUP BY account HAVING sum(amount_minor) <> 0) a
            WHERE account NOT IN ('provider_fees', 'provider:script')";
        assert_eq!(app.count("payments", left).await, 0);
        sound(&app).await;
    })
    .await;
}

#[tokio::test]
async fn what_is_told_later_is_booked_then_and_another_amount_is_looked_at() {
    scripted(|app, script| async move {
        let id = order_and_reserve(&app, "a").await;
        assert!(fees(&app).await.is_empty());
        let paid = script.payment_of(id);
        script.write_down(&ProviderPayment { fee: Some(eur(205)), ..paid.clone() }, script.now());
        pass(&app, 240).await;
        assert_eq!(postings(&fees(&app).await[0]), ["provider_fees 205", "provider:script -205"]);
        assert!(review(&app).await.is_empty());
        sound(&app).await;
        script.write_down(&ProviderPayment { fee: Some(eur(300)), ..paid }, script.now());
        pass(&app, 240).await;
        assert_eq!((fees(&app).await.len(), reported(&app).await), (1, 205));
        let found: Page<ReviewItem> =
            app.as_user(&admin()).get("/api/v1/admin/payments/review").await.expect(200).json();
        assert_eq!(
            found.items.iter().map(|item| (item.problem.as_str(), item.order_id)).collect::<Vec<_>>(),
            [("changed_fee", Some(id))]
        );
    })
    .await;
}

#[tokio::test]
async fn nothing_is_booked_of_nothing_or_in_another_currency() {
    scripted(|app, script| async move {
        script.next(Next::Distort(|payment| payment.fee = Some(eur(0))));
        order_and_reserve(&app, "a").await;
        script.next(Next::Distort(|payment| payment.fee = Some(Money::new(190, Currency::USD))));
        order_and_reserve(&app, "b").await;
        // Nor of money that does not fit.
        script.next(Next::Distort(|payment| (payment.captured, payment.fee) = (eur(1), Some(eur(1)))));
        let strange = order_and_reserve(&app, "c").await;
        assert_eq!(review(&app).await, [("wrong_amount".to_owned(), Some(strange))]);
        let kinds: Vec<String> = journal(&app).await.into_iter().map(|entry| entry.kind).collect();
        assert_eq!((kinds, reported(&app).await), (vec!["capture".to_owned(), "capture".to_owned()], 0));
        sound(&app).await;
    })
    .await;
}

#[tokio::test]
async fn the_sandbox_keeps_what_it_is_set_to() {
    for dialect in [Dialect::Sqlite, Dialect::Postgres] {
        let world = sandbox::start_keeping(dialect, 150).await;
        let id = world.order("a", None).await;
        world.pay(id, Card::Good).await;
        world.settle().await;
        // 1.5 % of 60.40, the rest of a cent is not kept.
        assert_eq!(status(&world.app, id).await, PaymentStatus::Captured);
        assert_eq!(postings(&fees(&world.app).await[0]), ["provider_fees 90", "provider:sandbox -90"]);
        world.agree().await;
    }
}
