//! Letters to people without an account when something is back.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{Json, Router, routing};
use contracts::{
    cart::NoticeView,
    inventory::StockLevel,
    notifications::{MessageStatus, MessageView, SendMessage, Template},
};
use kernel::{MessageId, Timestamp};
use serde_json::{Value, json};
use testkit::{Answer, TestApp, on_both_databases};

use super::*;

const NOTICES: &str = "/api/v1/stock-notices";
const CONFIRM: &str = "/api/v1/stock-notices/confirmations";
const STOP: &str = "/api/v1/stock-notices/stops";

type Mails = Arc<Mutex<Vec<SendMessage>>>;

/// Stands in for notifications; what it was given.
fn mails_of(app: &TestApp) -> Mails {
    let mails = Mails::default();
    let kept = mails.clone();
    let send = move |Json(message): Json<SendMessage>| async move {
        let view = MessageView {
            id: MessageId::derived("test", &[&message.key]),
            to: message.email.clone(),
            template: "mail".to_owned(),
            subject: String::new(),
            status: MessageStatus::Queued,
            attempts: 0,
            error: None,
            created_at: Timestamp(0),
            sent_at: None,
        };
        kept.lock().unwrap().push(message);
        Json(view)
    };
    app.stand_in("notifications", Router::new().route("/internal/messages", routing::post(send)));
    mails
}

async fn ask(app: &TestApp, name: &str, email: &str) -> Answer {
    let answer = app.guest().post(NOTICES, &json!({"variant_id": variant(name), "email": email})).await;
    app.settle().await;
    answer
}

fn take(mails: &Mails) -> Vec<SendMessage> {
    std::mem::take(&mut *mails.lock().unwrap())
}

fn token_in(path: &str) -> Value {
    json!({"token": path.split_once("?token=").unwrap().1})
}

/// The tokens of a mail that asks for a confirmation: of the confirmation, of the end.
fn links(mail: &SendMessage) -> (Value, Value) {
    match &mail.template {
        Template::ConfirmNotice { path, stop, .. } => {
            assert!(path.starts_with("/notices/confirm?") && stop.starts_with("/notices/stop?"));
            (token_in(path), token_in(stop))
        }
        other => panic!("{other:?}"),
    }
}

async fn kept(app: &TestApp) -> i64 {
    app.count("cart", "SELECT count(*) FROM notices").await
}

async fn sold_out(app: &TestApp, names: &[(&str, &str)]) {
    for (of, name) in names {
        app.deliver("cart", &level(of, name, StockLevel::SoldOut)).await;
    }
}

#[tokio::test]
async fn one_letter_once_it_is_back_and_then_the_address_is_forgotten() {
    on_both_databases(defs, |app| async move {
        let mails = mails_of(&app);
        stock_the_shelves(&app).await;
        sold_out(&app, &[("bowl", "bowl-s")]).await;
        ask(&app, "mug", "eve@example.com").await.expect_problem(409, "can_be_had");
        ask(&app, "ghost", "eve@example.com").await.expect_invalid("variant_id");
        ask(&app, "bowl-s", "nobody").await.expect(422);
        assert_eq!((kept(&app).await, take(&mails).len()), (0, 0));

        ask(&app, "bowl-s", "Eve@example.com").await.expect(202);
        let asked = take(&mails);
        assert_eq!((asked.len(), asked[0].email.as_str(), asked[0].account_id), (1, "eve@example.com", None));
        let (confirm, _) = links(&asked[0]);
        // Not confirmed: nothing is sent when it comes back.
        app.deliver("cart", &level("bowl", "bowl-s", StockLevel::InStock)).await;
        sold_out(&app, &[("bowl", "bowl-s")]).await;
        app.settle().await;
        assert_eq!(take(&mails).len(), 0);

        app.guest().post(CONFIRM, &json!({"token": "x"})).await.expect_invalid("token");
        let view: NoticeView = app.guest().post(CONFIRM, &confirm).await.expect(200).json();
        assert_eq!((view.variant_id, view.product_slug.as_str()), (variant("bowl-s"), "bowl"));
        app.guest().post(CONFIRM, &confirm).await.expect(200);
        app.settle().await;
        assert_eq!(take(&mails).len(), 0, "it is still sold out");
        // Asked for again, it is known: no further mail, and the same answer.
        ask(&app, "bowl-s", "eve@example.com").await.expect(202);
        assert_eq!((kept(&app).await, take(&mails).len()), (1, 0));

        app.deliver("cart", &level("bowl", "bowl-s", StockLevel::Low(2))).await;
        app.settle().await;
        let told = take(&mails);
        assert_eq!((told.len(), told[0].email.as_str()), (1, "eve@example.com"));
        let Template::BackInStock { what, path, .. } = &told[0].template else { panic!("{told:?}") };
        assert_eq!(path, &format!("/p/bowl?variant={}", variant("bowl-s")));
        assert!(what.starts_with("The bowl"), "{what}");
        assert_eq!(kept(&app).await, 0);
        let jobs = "SELECT count(*) FROM jobs WHERE payload LIKE '%eve@%'";
        assert_eq!(app.count("cart", jobs).await, 0, "nor is it in a job that is done");
        for stock in [StockLevel::SoldOut, StockLevel::InStock] {
            app.deliver("cart", &level("bowl", "bowl-s", stock)).await;
        }
        app.settle().await;
        assert_eq!(take(&mails).len(), 0, "once");
        app.guest().post(CONFIRM, &confirm).await.expect_invalid("token");
    })
    .await;
}

#[tokio::test]
async fn who_confirms_what_has_come_back_meanwhile_is_told_at_once() {
    on_both_databases(defs, |app| async move {
        let mails = mails_of(&app);
        stock_the_shelves(&app).await;
        sold_out(&app, &[("mug", "mug")]).await;
        ask(&app, "mug", "eve@example.com").await.expect(202);
        let (confirm, _) = links(&take(&mails)[0]);
        app.deliver("cart", &level("mug", "mug", StockLevel::InStock)).await;
        app.guest().post(CONFIRM, &confirm).await.expect(200);
        app.settle().await;
        assert!(matches!(take(&mails)[..], [SendMessage { template: Template::BackInStock { .. }, .. }]));
        assert_eq!(kept(&app).await, 0);
    })
    .await;
}

#[tokio::test]
async fn an_address_is_written_to_in_the_language_in_which_it_was_asked_for() {
    on_both_databases(defs, |app| async move {
        let mails = mails_of(&app);
        stock_the_shelves(&app).await;
        sold_out(&app, &[("mug", "mug")]).await;
        // What there are no words for is in English, as is what says nothing of a language.
        for (asked, who) in [("?lang=it", "ada"), ("", "bob"), ("?lang=fr", "eve"), ("?lang=de-AT", "eve")] {
            let wanted = json!({"variant_id": variant("mug"), "email": format!("{who}@example.com")});
            app.guest().post(&format!("{NOTICES}{asked}"), &wanted).await.expect(202);
            app.settle().await;
        }
        let asked = take(&mails);
        let locales = |mails: &[SendMessage]| {
            let mut all: Vec<_> = mails.iter().map(|mail| (mail.email.to_string(), mail.locale.clone())).collect();
            all.sort();
            all
        };
        let of = |who: &str, locale: &str| (format!("{who}@example.com"), locale.to_owned());
        assert_eq!(locales(&asked), [of("ada", "en"), of("bob", "en"), of("eve", "de"), of("eve", "fr")]);
        for mail in asked.iter().filter(|mail| mail.locale != "fr") {
            app.guest().post(CONFIRM, &links(mail).0).await.expect(200);
        }
        app.deliver("cart", &level("mug", "mug", StockLevel::InStock)).await;
        app.settle().await;
        let told = take(&mails);
        assert!(told.iter().all(|mail| matches!(mail.template, Template::BackInStock { .. })), "{told:?}");
        assert_eq!(locales(&told), [of("ada", "en"), of("bob", "en"), of("eve", "de")]);
        assert_eq!(kept(&app).await, 0);
    })
    .await;
}

#[tokio::test]
async fn an_address_gets_few_mails_and_can_end_all_of_them() {
    on_both_databases(defs, |app| async move {
        let mails = mails_of(&app);
        stock_the_shelves(&app).await;
        let all = [("mug", "mug"), ("bowl", "bowl-s"), ("bowl", "bowl-l"), ("lamp", "lamp")];
        sold_out(&app, &all).await;
        for (_, name) in all {
            ask(&app, name, "eve@example.com").await.expect(202);
        }
        ask(&app, "mug", "ada@example.com").await.expect(202);
        let sent = take(&mails);
        let to = |who: &str| sent.iter().filter(|mail| mail.email.as_str() == who).count();
        assert_eq!((to("eve@example.com"), to("ada@example.com"), kept(&app).await), (3, 1, 4));
        app.advance(Duration::from_secs(16 * 60)).await;
        ask(&app, "lamp", "eve@example.com").await.expect(202);
        assert_eq!((take(&mails).len(), kept(&app).await), (1, 5));

        let (_, stop) = links(&sent[0]);
        app.guest().post(STOP, &json!({"token": "x"})).await.expect(204);
        assert_eq!(kept(&app).await, 5);
        app.guest().post(STOP, &stop).await.expect(204);
        app.guest().post(STOP, &stop).await.expect(204);
        assert_eq!(kept(&app).await, 1, "another's stay");
        let (confirm, _) = links(&sent[0]);
        app.guest().post(CONFIRM, &confirm).await.expect_invalid("token");
    })
    .await;
}

#[tokio::test]
async fn what_is_not_confirmed_in_two_days_is_forgotten() {
    on_both_databases(defs, |app| async move {
        let mails = mails_of(&app);
        stock_the_shelves(&app).await;
        sold_out(&app, &[("mug", "mug"), ("lamp", "lamp")]).await;
        ask(&app, "mug", "eve@example.com").await.expect(202);
        ask(&app, "lamp", "eve@example.com").await.expect(202);
        let sent = take(&mails);
        let ((first, _), (second, _)) = (links(&sent[0]), links(&sent[1]));
        app.guest().post(CONFIRM, &first).await.expect(200);
        app.advance(Duration::from_secs(49 * 3600)).await;
        assert_eq!(kept(&app).await, 1);
        assert_eq!(app.count("cart", "SELECT count(*) FROM notice_mails").await, 0);
        app.guest().post(CONFIRM, &second).await.expect_invalid("token");
        app.advance(Duration::from_secs(365 * 24 * 3600)).await;
        assert_eq!(kept(&app).await, 0);
    })
    .await;
}
