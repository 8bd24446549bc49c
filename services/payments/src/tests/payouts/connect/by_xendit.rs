//! Payouts to banks and wallets by Xendit: what owners fill in, and one payout at Xendit for each.

use contracts::payouts::{PayoutFailed, PayoutPaid, PayoutStatus};
use gateways::{Fault, xendit::FakeXendit};
use kernel::{Currency, Money};

use super::{
    super::{balance, mark},
    *,
};
use crate::{
    XenditSettings,
    provider::{
        PaymentProvider, ProviderError,
        payouts::{PayoutProvider, TransferCommand},
        xendit::Xendit,
    },
    tests::{outside::xendit, review, sound},
};

const SEND: &str = "POST /v2/payouts";

fn payout_settings() -> XenditSettings {
    XenditSettings { payout_channels: vec!["PH_BDO".to_owned(), "PH_GCASH".to_owned()], ..xendit::settings() }
}

async fn xendit_world(dialect: Dialect) -> (World, FakeXendit) {
    let (world, fake) = xendit::start_with(dialect, payout_settings(), Faults::default()).await;
    with_balance(&world).await;
    (world, fake)
}

/// The same, and ada has said where she is to be paid.
async fn ready(dialect: Dialect) -> (World, FakeXendit) {
    let (world, fake) = xendit_world(dialect).await;
    fill_in(&world.app, ["PH_GCASH", "+63 917-123 4567", "Ada  Lovelace"]).await.expect(200);
    (world, fake)
}

async fn fill_in(app: &TestApp, [channel, number, holder]: [&str; 3]) -> Answer {
    let recipient = json!({"channel": channel, "account_number": number, "account_holder": holder});
    let body = json!({"country": "PH", "recipient": recipient, "password": "right"});
    app.as_user(&vendor_owner(vendor("ada"))).post(&of_vendor("ada", "payout-account/xendit"), &body).await
}

fn asked(fake: &FakeXendit, call: &str) -> usize {
    fake.calls().iter().filter(|made| *made == call).count()
}

fn paid_out(status: &'static str) -> [(String, i64, &'static str); 1] {
    [("PH_GCASH".to_owned(), HERS, status)]
}

#[tokio::test]
async fn an_owner_fills_in_bank_number_and_holder() {
    for dialect in BOTH {
        let (world, fake) = xendit_world(dialect).await;
        let app = &world.app;
        let asks = route(app, "ada").await.asks;
        let names: Vec<_> = asks.iter().map(|ask| ask.name.as_str()).collect();
        assert_eq!(names, ["channel", "account_number", "account_holder"]);
        assert_eq!(asks[0].choices, ["PH_BDO", "PH_GCASH"]);
        connect(app, "ada", "xendit", "PH", "right").await.expect_invalid("recipient.channel");
        fill_in(app, ["ID_BCA", "12345", "Ada"]).await.expect_invalid("recipient.channel");
        let wrong = fill_in(app, ["PH_BDO", "12a45", "Ada"]).await.expect_invalid("recipient.account_number");
        assert!(!wrong.to_string().contains("12a45"), "{wrong}");
        fill_in(app, ["PH_BDO", "12345", ""]).await.expect_invalid("recipient.account_holder");
        assert!(!route(app, "ada").await.is_chosen);
        fill_in(app, ["PH_BDO", "0012 3456 7890", "Ada Lovelace"]).await.expect(200);
        let now = route(app, "ada").await;
        assert_eq!((now.is_chosen, now.is_ready, now.account.as_deref()), (true, true, Some("PH_BDO •••• 890")));
        assert_eq!(asked(&fake, SEND), 0);
    }
}

#[tokio::test]
async fn a_payout_is_under_way_until_xendit_says_that_it_has_arrived() {
    for dialect in BOTH {
        let (world, fake) = ready(dialect).await;
        made(&world).await;
        world.pass(600).await;
        let under_way = one(&world).await;
        assert_eq!((under_way.status, under_way.account.as_str()), (PayoutStatus::Sent, "Xendit PH_GCASH •••• 567"));
        assert_eq!(balance(&world.app, "ada").await, [0, 0, HERS, 0]);
        assert_eq!(fake.paid_out(), paid_out("ACCEPTED"));
        fake.end_payouts("SUCCEEDED", None);
        world.pass(600).await;
        assert_eq!(one(&world).await.status, PayoutStatus::Paid);
        assert_eq!(balance(&world.app, "ada").await, [0, 0, 0, HERS]);
        assert_eq!(world.app.published::<PayoutPaid>("payments").await.len(), 1);
        assert_eq!(asked(&fake, SEND), 1);
        sound(&world.app).await;
    }
}

#[tokio::test]
async fn what_is_refused_or_comes_back_is_in_the_balance_again() {
    for dialect in BOTH {
        let (world, fake) = ready(dialect).await;
        fake.stop_payouts(Some("INSUFFICIENT_BALANCE"));
        made(&world).await;
        world.settle().await;
        let refused = one(&world).await;
        let why = Some("Xendit: insufficient balance");
        assert_eq!((refused.status, refused.failure.as_deref()), (PayoutStatus::Failed, why));
        assert_eq!(balance(&world.app, "ada").await, [0, HERS, 0, 0]);
        assert!(fake.paid_out().is_empty());
        fake.stop_payouts(None);
        mark(&world.app, &refused, "retry", &json!(null)).await.expect(200);
        world.settle().await;
        fake.end_payouts("FAILED", Some("INVALID_DESTINATION"));
        world.pass(600).await;
        let failed = one(&world).await;
        let why = Some("Xendit: invalid destination");
        assert_eq!((failed.status, failed.failure.as_deref(), failed.attempt), (PayoutStatus::Failed, why, 2));
        assert_eq!(balance(&world.app, "ada").await, [0, HERS, 0, 0]);
        assert_eq!(world.app.published::<PayoutFailed>("payments").await.len(), 2);
        assert!(world.app.published::<PayoutPaid>("payments").await.is_empty());
        sound(&world.app).await;
    }
}

#[tokio::test]
async fn a_payout_whose_answer_is_lost_is_found_before_it_is_sent_again() {
    for dialect in BOTH {
        let (world, fake) = ready(dialect).await;
        made(&world).await;
        fake.fault(Fault::Silent);
        world.app.settle().await;
        assert_eq!(balance(&world.app, "ada").await, [0, 0, HERS, 0], "nobody knows");
        fake.end_payouts("SUCCEEDED", None);
        world.pass(600).await;
        assert_eq!(one(&world).await.status, PayoutStatus::Paid);
        assert_eq!((asked(&fake, SEND), asked(&fake, "GET /v2/payouts")), (1, 1), "it was looked up, not sent");
        assert_eq!(fake.paid_out(), paid_out("SUCCEEDED"));
        sound(&world.app).await;
    }
}

#[tokio::test]
async fn a_payout_of_another_amount_is_not_believed() {
    let (world, fake) = ready(Dialect::Sqlite).await;
    made(&world).await;
    world.settle().await;
    fake.distort_payouts(1);
    fake.end_payouts("SUCCEEDED", None);
    world.pass(600).await;
    assert_eq!(one(&world).await.status, PayoutStatus::Sent, "neither paid nor given back");
    let problems: Vec<String> = review(&world.app).await.into_iter().map(|(problem, _)| problem).collect();
    assert_eq!(problems, ["strange_transfer"]);
    assert!(world.app.published::<PayoutPaid>("payments").await.is_empty());
}

#[tokio::test]
async fn what_xendit_does_not_take_is_not_sent() {
    let (world, fake) = xendit_world(Dialect::Sqlite).await;
    let env = world.app.system.env("payments").expect("payments runs here");
    assert!(Xendit::new(xendit::settings(), env).unwrap().payouts().is_none(), "channels have to be named");
    let unknown = XenditSettings { payout_channels: vec!["BCA".to_owned()], ..xendit::settings() };
    assert_eq!(unknown.check().unwrap_err().fields()[0].field, "payments.xendit.payout_channels");
    let provider = Xendit::new(payout_settings(), env).unwrap();
    let command = |account: &str, currency: &str, minor: i64| TransferCommand {
        key: "payout:x:1".to_owned(),
        payout_id: PayoutId::derived("test", &["x"]),
        account_ref: format!("{account}/12345/Ada"),
        amount: Money::new(minor, Currency::parse(currency).unwrap()),
        description: "x".to_owned(),
    };
    let refused = |reason: &str| Err(ProviderError::Refused { reason: reason.to_owned() });
    assert_eq!(provider.transfer(command("PH_BDO", "EUR", 500)).await, refused("currency_not_supported"));
    // Rupiah have no decimals there.
    assert_eq!(provider.transfer(command("ID_BCA", "IDR", 150)).await, refused("amount_not_representable"));
    assert_eq!(asked(&fake, SEND), 0);
    let sent = provider.transfer(command("ID_BCA", "IDR", 1_000_000)).await.unwrap();
    assert_eq!((sent.amount.amount_minor, sent.account_ref.as_str()), (1_000_000, "ID_BCA/12345/Ada"));
    assert_eq!(provider.find_transfer("payout:x:1").await.unwrap(), Some(sent));
    assert_eq!(provider.find_transfer("payout:x:2").await.unwrap(), None);
}
