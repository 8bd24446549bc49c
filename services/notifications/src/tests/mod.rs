//! Through inbox, jobs and router, on both databases.

mod downloads;
mod erasure;
mod languages;
mod orders;
mod promised;
mod reviews;
mod smtp;
mod underway;

use axum::{Json, Router, extract::Path, routing::get};
use contracts::{
    invoices::{InvoiceIssued, InvoiceKind},
    notifications::{MessageDetail, MessageStatus, MessageView},
    payouts::{PayoutAccountChanged, PayoutFailed, PayoutPaid},
    vendors::{VendorDecided, VendorSnapshot, VendorStatus},
};
use kernel::{AccountId, Clock, Currency, Money, Page, PayoutId, VendorId};
use runtime::ServiceDef;
use serde_json::json;
use testkit::{TestApp, admin, customer, on_both_databases};

use crate::Settings;

fn services() -> Vec<ServiceDef> {
    vec![crate::service(Settings { mailbox_public: true, ..Settings::default() })]
}

/// Every account is `<id>@example.com` and called Ada.
fn stand_in_identity(app: &TestApp) {
    stand_in_identity_of(app, "en");
}

/// The same, with a language.
fn stand_in_identity_of(app: &TestApp, locale: &'static str) {
    let contact = move |Path(id): Path<String>| async move {
        Json(json!({"account_id": id, "email": format!("{}@example.com", &id[..8]), "name": "Ada", "locale": locale}))
    };
    app.stand_in("identity", Router::new().route("/internal/identity/accounts/{id}/contact", get(contact)));
}

fn owner() -> AccountId {
    AccountId::derived("test", &["owner"])
}

fn vendor() -> VendorId {
    VendorId::derived("test", &["vendor"])
}

fn decided(status: VendorStatus, reason: Option<&str>) -> VendorDecided {
    let vendor_snapshot = VendorSnapshot {
        slug: "potter".parse().unwrap(),
        name: "Potter".to_owned(),
        status,
        commission_bp: 1000,
        country: "DE".parse().unwrap(),
        logo_url: None,
        owners: vec![owner()],
        refused_methods: vec![],
    };
    VendorDecided { vendor_id: vendor(), vendor: vendor_snapshot, reason: reason.map(str::to_owned) }
}

async fn mailbox(app: &TestApp) -> Vec<MessageView> {
    let page: Page<MessageView> = app.guest().get("/api/v1/mailbox?limit=100").await.expect(200).json();
    page.items
}

async fn mail(app: &TestApp, template: &str) -> MessageDetail {
    let all = mailbox(app).await;
    let found: Vec<_> = all.iter().filter(|m| m.template == template).collect();
    assert_eq!(found.len(), 1, "{template} among {:?}", all.iter().map(|m| &m.template).collect::<Vec<_>>());
    app.guest().get(&format!("/api/v1/mailbox/{}", found[0].id)).await.expect(200).json()
}

#[tokio::test]
async fn a_service_has_a_letter_written_once_per_key() {
    on_both_databases(services, |app| async move {
        let wanted = json!({
            "key": "verify:1", "email": "ada@example.com", "account_id": null, "locale": "en",
            "template": {"template": "verify_email", "name": "<b>Ada</b>", "path": "/verify?token=abc&x=1"},
        });
        app.guest().post("/internal/messages", &wanted).await.expect_problem(404, "not_found");
        for _ in 0..2 {
            app.as_service("identity").post("/internal/messages", &wanted).await.expect(200);
        }
        assert_eq!(mailbox(&app).await.len(), 1);
        let mail = mail(&app, "verify_email").await;
        assert_eq!((mail.message.to.as_str(), mail.message.status), ("ada@example.com", MessageStatus::Sent));
        assert!(
            mail.text.contains("http://souk.test/verify?token=abc&x=1") && mail.text.contains("Hello <b>Ada</b>,"),
            "{}",
            mail.text
        );
        assert!(
            mail.html.contains("&#60;b&#62;Ada") && !mail.html.contains("<b>Ada"),
            "names are text in HTML: {}",
            mail.html
        );
        assert_eq!(mail.history.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn owners_hear_what_was_decided_and_only_once() {
    on_both_databases(services, |app| async move {
        stand_in_identity(&app);
        let envelope = app.envelope(&decided(VendorStatus::Suspended, Some("Too many complaints")));
        for _ in 0..3 {
            app.hand_over("notifications", &envelope).await;
            app.settle().await;
        }
        let mail = mail(&app, "vendor_suspended").await;
        assert!(
            mail.text.contains("Too many complaints")
                && mail.text.contains(&format!("http://souk.test/vendor/{}", vendor())),
            "{}",
            mail.text
        );
        assert!(!mail.text.contains('!'), "letters do not shout");
    })
    .await;
}

#[tokio::test]
async fn owners_hear_of_their_money_and_of_another_account() {
    on_both_databases(services, |app| async move {
        stand_in_identity(&app);
        app.deliver("notifications", &decided(VendorStatus::Approved, None)).await;
        let (payout_id, at) = (PayoutId::derived("test", &["p"]), app.clock.now());
        let (amount, period) = (Money::new(2_736, Currency::EUR), "2026-W05".to_owned());
        let paid = PayoutPaid { payout_id, vendor_id: vendor(), amount, period: period.clone(), at };
        app.deliver("notifications", &paid).await;
        let reason = "The account is closed.".to_owned();
        let failed = PayoutFailed { payout_id, vendor_id: vendor(), amount, period, reason, at };
        app.deliver("notifications", &failed).await;
        let changed = PayoutAccountChanged { vendor_id: vendor(), account_id: owner(), at };
        app.deliver("notifications", &changed).await;
        let invoice = |number: &str, kind, minor| InvoiceIssued {
            number: number.to_owned(),
            kind,
            vendor_id: vendor(),
            period: "2026-01".to_owned(),
            total: Money::new(minor, Currency::EUR),
            at,
        };
        app.deliver("notifications", &invoice("2026-000007", InvoiceKind::Invoice, 1_250)).await;
        let bill = mail(&app, "invoice_issued").await;
        assert_eq!(bill.message.subject, "Your commission invoice 2026-000007");
        assert!(
            bill.text.contains("2026-01 is 12.50\u{a0}€")
                && bill.text.contains(&format!("/vendor/{}/invoices", vendor()))
        );
        let page = format!("http://souk.test/vendor/{}/payouts", vendor());
        for (template, words) in [
            ("payout_paid", "2026-W05"),
            ("payout_failed", "The account is closed."),
            ("payout_account_changed", "change your password"),
        ] {
            let mail = mail(&app, template).await;
            assert!(mail.text.contains(words) && mail.text.contains(&page), "{template}: {}", mail.text);
        }
    })
    .await;
}

#[tokio::test]
async fn the_mailbox_is_closed_unless_it_was_opened() {
    on_both_databases(
        || vec![crate::service(Settings::default())],
        |app| async move {
            app.guest().get("/api/v1/mailbox").await.expect_problem(404, "not_found");
            app.as_user(&customer("c")).get("/api/v1/mailbox").await.expect_problem(404, "not_found");
            app.as_user(&admin()).get("/api/v1/mailbox").await.expect(200);
            app.guest().get("/api/v1/admin/messages").await.expect_problem(401, "unauthenticated");
            app.as_user(&customer("c")).get("/api/v1/admin/messages").await.expect_problem(403, "forbidden");
            app.as_user(&admin())
                .get(&format!("/api/v1/admin/messages/{}", vendor()))
                .await
                .expect_problem(404, "not_found");
        },
    )
    .await;
}

#[tokio::test]
async fn a_gift_card_is_written_about_once_with_its_code() {
    on_both_databases(services, |app| async move {
        let letter = json!({"email": "eve@example.com", "code": "ABCD-EFGH-JKLM-NPQR",
            "amount": {"amount_minor": 2500, "currency": "EUR"}, "expires_at": null});
        let letter = move || async move { Json(letter) };
        app.stand_in("payments", Router::new().route("/internal/credits/{id}/letter", get(letter)));
        let credit_id = kernel::CreditId::derived("test", &["card"]);
        let envelope = app.envelope(&contracts::credits::GiftCardIssued { credit_id, language: None });
        for _ in 0..2 {
            app.hand_over("notifications", &envelope).await;
            app.settle().await;
        }
        assert_eq!(mailbox(&app).await.len(), 1);
        let mail = mail(&app, "gift_card").await;
        assert_eq!(mail.message.to.as_str(), "eve@example.com");
        assert_eq!(mail.message.subject, "A gift card over 25.00\u{a0}€ for you");
        assert!(mail.text.contains("ABCD-EFGH-JKLM-NPQR") && mail.text.contains("25.00"), "{}", mail.text);
        assert!(!mail.text.contains("can be used until"), "{}", mail.text);
        assert!(!mail.message.subject.contains("ABCD"), "{}", mail.message.subject);
    })
    .await;
}
