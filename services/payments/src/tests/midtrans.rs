//! What is Midtrans' alone: pages that cannot be asked for, every word for where a transaction stands, notifications
//! with a hash, refunds that wait for the settlement.

use contracts::{
    disputes::{DisputeStatus, PaymentDisputeClosed},
    payments::PaymentStatus,
};
use db::Dialect;
use gateways::{
    Fault, Faults, Way,
    midtrans::{FakeMidtrans, Transaction as Theirs},
};
use http::Method;
use kernel::{Currency, Money, OrderId, Secret};
use serde_json::{Value, json};
use testkit::{Answer, admin};

use super::{
    cancelled, disputes, journal,
    outside::{Card, World, midtrans},
    payment, placed, reserve, review, status,
};
use crate::{
    MidtransSettings, Settings,
    provider::{
        ProviderStatus,
        midtrans::{Transaction, rupiah, signature},
    },
};

/// A transaction as it should not be.
type Distortion = fn(&mut Theirs);

async fn world_on(dialect: Dialect) -> (World, FakeMidtrans) {
    midtrans::start_with(dialect, midtrans::settings(), Faults::default()).await
}

async fn world() -> (World, FakeMidtrans) {
    world_on(Dialect::Sqlite).await
}

async fn hook(world: &World, event: &Value) -> Answer {
    let body = event.to_string().into();
    world.app.guest().send(Method::POST, "/webhooks/midtrans", Some("application/json"), body).await
}

fn calls(fake: &FakeMidtrans, call: &str) -> usize {
    fake.calls().iter().filter(|known| *known == call).count()
}

async fn noted(world: &World) -> i64 {
    world.app.count("payments", "SELECT count(*) FROM webhook_inbox").await
}

async fn give_back(world: &World, id: OrderId, minor: i64) {
    let path = format!("/api/v1/admin/payments/{}/refunds", payment(&world.app, id).await.id);
    let body = json!({"amount_minor": minor, "reason": "Scratched"});
    world.app.as_user(&admin()).key(&format!("{id}{minor}")).post(&path, &body).await.expect(202);
    world.settle().await;
}

#[test]
fn every_state_is_one_of_ours() {
    let url = || "https://page.example/1".to_owned();
    let action = || ProviderStatus::RequiresAction { url: url() };
    let failed = |reason: &str| ProviderStatus::Failed { reason: reason.to_owned() };
    // State, what is thought of it, with an open page, without one, whether the money is there.
    let table = [
        ("authorize", "accept", ProviderStatus::Processing, ProviderStatus::Processing, false),
        ("capture", "accept", ProviderStatus::Succeeded, ProviderStatus::Succeeded, true),
        ("capture", "challenge", ProviderStatus::Processing, ProviderStatus::Processing, false),
        ("capture", "deny", action(), failed("denied_as_fraud"), false),
        ("settlement", "accept", ProviderStatus::Succeeded, ProviderStatus::Succeeded, true),
        ("pending", "accept", action(), ProviderStatus::Processing, false),
        ("deny", "deny", action(), failed("denied"), false),
        ("cancel", "accept", failed("cancelled"), failed("cancelled"), false),
        ("expire", "accept", failed("expired"), failed("expired"), false),
        ("failure", "accept", failed("failed_at_midtrans"), failed("failed_at_midtrans"), false),
        ("refund", "accept", ProviderStatus::Succeeded, ProviderStatus::Succeeded, true),
        ("partial_refund", "accept", ProviderStatus::Succeeded, ProviderStatus::Succeeded, true),
        ("chargeback", "accept", ProviderStatus::Succeeded, ProviderStatus::Succeeded, true),
        ("partial_chargeback", "accept", ProviderStatus::Succeeded, ProviderStatus::Succeeded, true),
    ];
    let order = OrderId::derived("test", &["a"]);
    for (state, fraud, with_page, without, has_money) in table {
        let all = json!({
            "order_id": format!("{order}-1"), "transaction_status": state, "fraud_status": fraud, "gross_amount": "60400.00",
        });
        let transaction: Transaction = serde_json::from_value(all).unwrap();
        let open = transaction.payment(false, Some(&url())).unwrap();
        let closed = transaction.payment(false, None).unwrap();
        assert_eq!((open.status, closed.status), (with_page, without), "{state} {fraud}");
        assert_eq!(open.captured.amount_minor, if has_money { 6_040_000 } else { 0 }, "{state} {fraud}");
        assert_eq!((open.reference, open.amount.amount_minor), (order.to_string(), 6_040_000));
    }
    let unknown = json!({"order_id": "x-1", "transaction_status": "pondering", "gross_amount": "1.00"});
    assert!(serde_json::from_value::<Transaction>(unknown).is_err());
}

#[test]
fn the_signature_is_as_documented() {
    let key = Secret::new("askvnoibnosifnboseofinbofinfgbiufglnbfg");
    let wanted = "edc076b21793ebe3e17926350f5b8ae67d902fe657b3d0aa31b932d5c127e237\
        5d308a2bc94f3265ac2d80a1f181a79b997ac178a236fcff35af263fc4d4c231";
    assert_eq!(signature("1111", "200", "100000.00", &key), wanted);
}

#[tokio::test]
async fn only_what_is_signed_as_it_stands_is_noted() {
    let previous = Secret::new("SB-Mid-server-of-the-past");
    let settings = MidtransSettings { server_key_previous: Some(previous.clone()), ..midtrans::settings() };
    let (world, fake) = midtrans::start_with(Dialect::Sqlite, settings, Faults::default()).await;
    let id = world.order("a", None).await;
    let name = world.payment_ref(id).await;
    fake.pay(&name, Way::Declined);
    let mut good = fake.notification(&name);
    assert_eq!(good["gross_amount"], "6040.00");
    good["transaction_status"] = json!("settlement");
    let altered = |field: &str, value: &str| {
        let mut event = good.clone();
        event[field] = json!(value);
        event
    };
    for event in [
        altered("gross_amount", "6040"),
        altered("gross_amount", "6040.0"),
        altered("status_code", "200"),
        altered("order_id", &format!("{id}-2")),
        altered("signature_key", ""),
        altered("signature_key", &signature(&name, "202", "6040.00", &Secret::new("SB-Mid-server-of-others"))),
    ] {
        hook(&world, &event).await.expect_problem(400, "bad_signature");
    }
    hook(&world, &json!({"order_id": name})).await.expect_problem(400, "malformed_request");
    let foreign = json!({
        "order_id": "INV-7", "status_code": "200", "gross_amount": "1.00", "transaction_status": "settlement",
        "signature_key": signature("INV-7", "200", "1.00", &Secret::new(midtrans::KEY)),
    });
    hook(&world, &foreign).await.expect(204);
    assert_eq!(noted(&world).await, 0);
    // Signed rightly it is noted once, however often it comes; what it claims is not so.
    let of_old = altered("signature_key", &signature(&name, "202", "6040.00", &previous));
    for event in [&good, &of_old, &good] {
        hook(&world, event).await.expect(204);
    }
    assert_eq!(noted(&world).await, 1);
    world.settle().await;
    assert_eq!(status(&world.app, id).await, PaymentStatus::RequiresAction);
    assert_eq!(world.told().await, (0, 0, 0));
}

#[tokio::test]
async fn a_challenged_card_pays_once_somebody_has_accepted_it() {
    for dialect in [Dialect::Sqlite, Dialect::Postgres] {
        let (world, fake) = world_on(dialect).await;
        let id = world.order("a", None).await;
        let name = world.payment_ref(id).await;
        assert!(fake.pay_challenged(&name));
        world.pass(600).await;
        assert_eq!((status(&world.app, id).await, world.told().await), (PaymentStatus::Processing, (0, 0, 0)));
        fake.accept(&name);
        world.settle().await;
        assert_eq!((status(&world.app, id).await, world.told().await), (PaymentStatus::Captured, (1, 0, 0)));
        world.agree().await;
    }
}

#[tokio::test]
async fn what_was_called_off_cannot_be_paid_any_more() {
    for dialect in [Dialect::Sqlite, Dialect::Postgres] {
        let (world, fake) = world_on(dialect).await;
        let untouched = world.order("untouched", None).await;
        let challenged = world.order("challenged", None).await;
        let name = world.payment_ref(untouched).await;
        fake.pay_challenged(&world.payment_ref(challenged).await);
        world.settle().await;
        for id in [untouched, challenged] {
            world.app.deliver("payments", &cancelled(id)).await;
            world.settle().await;
            assert_eq!(status(&world.app, id).await, PaymentStatus::Cancelled);
        }
        assert!(!fake.pay(&name, Way::Good), "the page has closed");
        world.pass(600).await;
        assert_eq!((fake.books().captured, world.told().await), (0, (0, 0, 0)));
        assert!(review(&world.app).await.is_empty());
        world.agree().await;
    }
}

#[tokio::test]
async fn what_does_not_fit_is_not_believed() {
    let distortions: [(Distortion, &str); 3] = [
        (|transaction| transaction.amount -= 1, "wrong_amount"),
        (|transaction| transaction.currency = "USD".to_owned(), "wrong_currency"),
        (|transaction| transaction.amount *= 2, "wrong_amount"),
    ];
    for (distort, problem) in distortions {
        let (world, fake) = world().await;
        let id = world.order("a", None).await;
        let name = world.payment_ref(id).await;
        fake.pay(&name, Way::Good);
        fake.change(&name, distort);
        world.pass(300).await;
        assert_eq!(payment(&world.app, id).await.captured, world.money(0), "{problem}");
        let found: Vec<String> = review(&world.app).await.into_iter().map(|(problem, _)| problem).collect();
        assert!(found.iter().any(|p| p == problem), "{problem}: {found:?}");
        assert_eq!(world.told().await, (0, 0, 0));
    }
}

#[tokio::test]
async fn a_card_that_is_not_settled_is_voided_or_its_refund_waits() {
    for dialect in [Dialect::Sqlite, Dialect::Postgres] {
        let (world, fake) = world_on(dialect).await;
        let (whole, part) = (world.order("whole", None).await, world.order("part", None).await);
        for id in [whole, part] {
            world.pay(id, Card::SlowRefund).await;
        }
        let name = world.payment_ref(part).await;
        give_back(&world, whole, 604_000).await;
        give_back(&world, part, 100_000).await;
        let refunds = |name: &str| calls(&fake, &format!("POST /v2/{name}/refund"));
        assert_eq!(calls(&fake, &format!("POST /v2/{}/cancel", world.payment_ref(whole).await)), 1);
        assert_eq!((status(&world.app, whole).await, refunds(&name)), (PaymentStatus::Refunded, 0));
        let waits = payment(&world.app, part).await;
        assert_eq!((waits.refunds[0].status.as_str(), world.told().await), ("pending", (2, 0, 1)));
        world.pass(300).await;
        assert_eq!(payment(&world.app, part).await.refunds[0].status, "succeeded");
        assert_eq!((refunds(&name), fake.books().refunded, world.told().await), (1, 704_000, (2, 0, 2)));
        assert!(review(&world.app).await.is_empty());
        assert_eq!(world.app.count("payments", "SELECT count(*) FROM jobs WHERE state = 'dead'").await, 0);
        world.agree().await;
    }
}

#[tokio::test]
async fn whatever_a_refund_meets_it_goes_once() {
    for dialect in [Dialect::Sqlite, Dialect::Postgres] {
        for (card, minor) in [(Card::Good, 100_000), (Card::SlowRefund, 604_000)] {
            for fault in [Fault::Silent, Fault::Hang, Fault::Broken, Fault::Busy] {
                let (world, fake) = world_on(dialect).await;
                let id = world.order("a", None).await;
                world.pay(id, card).await;
                // The second call is the one that gives back.
                fake.fault_after_next(fault);
                give_back(&world, id, minor).await;
                world.pass(300).await;
                assert_eq!((fake.books().refunded, world.told().await), (minor, (1, 0, 1)), "{fault:?}");
                assert_eq!(payment(&world.app, id).await.refunds[0].status, "succeeded", "{fault:?}");
                world.agree().await;
            }
        }
    }
}

#[tokio::test]
async fn a_refund_made_at_midtrans_desk_is_noticed() {
    let (world, fake) = world().await;
    let id = world.order("a", None).await;
    world.pay(id, Card::Good).await;
    fake.refund_at_the_desk(&world.payment_ref(id).await, 500);
    world.settle().await;
    assert_eq!(review(&world.app).await, [("unknown_refund".to_owned(), Some(id))]);
    assert_eq!((payment(&world.app, id).await.refunded, world.told().await), (world.money(0), (1, 0, 0)));
}

#[test]
fn a_chargeback_is_of_what_had_not_gone_back() {
    let order = OrderId::derived("test", &["a"]);
    for (state, disputed) in [("settlement", None), ("chargeback", Some(5_040_000)), ("partial_chargeback", Some(0))] {
        let all = json!({
            "order_id": format!("{order}-1"), "transaction_status": state, "gross_amount": "60400.00",
            "refunds": [{"refund_key": "a", "refund_amount": "10000.00"}],
        });
        let transaction: Transaction = serde_json::from_value(all).unwrap();
        let dispute = transaction.dispute(false).unwrap();
        assert_eq!(dispute.map(|dispute| dispute.amount.amount_minor), disputed, "{state}");
    }
}

#[tokio::test]
async fn what_the_bank_takes_back_is_a_lost_dispute() {
    for dialect in [Dialect::Sqlite, Dialect::Postgres] {
        let (world, fake) = world_on(dialect).await;
        let (heard, looked_at) = (world.order("heard", None).await, world.order("looked_at", None).await);
        for id in [heard, looked_at] {
            world.pay(id, Card::Good).await;
            fake.becomes(&world.payment_ref(id).await, "chargeback");
            if id == heard {
                world.settle().await;
            }
        }
        let lost = async || {
            let all = disputes::all(&world.app, "").await;
            assert!(all.iter().all(|dispute| dispute.status == DisputeStatus::Lost));
            all.iter().map(|dispute| dispute.amount).collect::<Vec<_>>()
        };
        let whole = world.money(6_040);
        assert_eq!((lost().await, payment(&world.app, heard).await.disputed), (vec![whole], whole));
        // Of the other one nobody tells.
        world.app.advance(std::time::Duration::from_secs(7 * 3600)).await;
        super::pass(&world.app, 120).await;
        assert_eq!((lost().await, payment(&world.app, looked_at).await.disputed), (vec![whole, whole], whole));
        let closed = async || world.app.published::<PaymentDisputeClosed>("payments").await.len();
        let entries = journal(&world.app).await.len();
        assert_eq!((closed().await, world.told().await), (2, (2, 0, 0)));
        // Told of at last, it changes nothing.
        world.settle().await;
        assert_eq!((closed().await, journal(&world.app).await.len()), (2, entries));
        assert!(review(&world.app).await.is_empty());
        world.agree().await;
    }
}

#[tokio::test]
async fn a_chargeback_that_is_none_any_more_comes_to_be_looked_at() {
    for dialect in [Dialect::Sqlite, Dialect::Postgres] {
        let (world, fake) = world_on(dialect).await;
        let (lost, other) = (world.order("lost", None).await, world.order("other", None).await);
        for id in [lost, other] {
            world.pay(id, Card::Good).await;
        }
        let payment_ref = world.payment_ref(lost).await;
        fake.becomes(&payment_ref, "chargeback");
        world.settle().await;
        fake.becomes(&payment_ref, "settlement");
        for _ in 0..2 {
            world.app.advance(std::time::Duration::from_secs(7 * 3600)).await;
            super::pass(&world.app, 120).await;
        }
        assert_eq!(review(&world.app).await, [("contradicted_dispute".to_owned(), Some(lost))]);
        // Nothing is moved by itself.
        assert_eq!(payment(&world.app, lost).await.disputed, world.money(6_040));
        world.agree().await;
    }
}

#[tokio::test]
async fn how_much_of_a_part_the_bank_has_taken_somebody_has_to_find_out() {
    let (world, fake) = world().await;
    let id = world.order("a", None).await;
    world.pay(id, Card::Good).await;
    fake.becomes(&world.payment_ref(id).await, "partial_chargeback");
    world.settle().await;
    world.app.advance(std::time::Duration::from_secs(7 * 3600)).await;
    super::pass(&world.app, 120).await;
    assert_eq!(review(&world.app).await, [("strange_dispute".to_owned(), Some(id))]);
    assert!(disputes::all(&world.app, "").await.is_empty());
    assert_eq!((payment(&world.app, id).await.disputed, journal(&world.app).await.len()), (world.money(0), 1));
    world.agree().await;
}

#[tokio::test]
async fn whatever_a_call_meets_one_page_at_most_takes_money() {
    for dialect in [Dialect::Sqlite, Dialect::Postgres] {
        for fault in [Fault::Silent, Fault::Hang, Fault::Broken, Fault::Busy] {
            let (world, fake) = world_on(dialect).await;
            fake.fault(fault);
            let id = world.order("a", None).await;
            world.pay(id, Card::Good).await;
            world.pass(90).await;
            assert_eq!(status(&world.app, id).await, PaymentStatus::Captured, "{fault:?}");
            assert_eq!((fake.books().payments, world.told().await), (1, (1, 0, 0)), "{fault:?}");
            assert_eq!(calls(&fake, "POST /snap/v1/transactions"), 2, "{fault:?}");
            world.agree().await;
        }
    }
}

#[tokio::test]
async fn without_any_notification_the_money_is_found() {
    let (world, fake) = world().await;
    let id = world.order("a", None).await;
    fake.pay(&world.payment_ref(id).await, Way::Good);
    super::pass(&world.app, 300).await;
    assert_eq!((status(&world.app, id).await, world.told().await), (PaymentStatus::Captured, (1, 0, 0)));
    world.agree().await;
}

#[tokio::test]
async fn what_nobody_paid_in_time_ends_the_payment() {
    let (world, fake) = world().await;
    let (begun, untouched) = (world.order("begun", None).await, world.order("untouched", None).await);
    let name = world.payment_ref(begun).await;
    fake.pay(&name, Way::Slow);
    fake.becomes(&name, "expire");
    world.settle().await;
    assert_eq!(payment(&world.app, begun).await.failure.as_deref(), Some("expired"));
    assert_eq!(status(&world.app, untouched).await, PaymentStatus::RequiresAction);
    world.app.advance(std::time::Duration::from_secs(24 * 3600)).await;
    assert_eq!(payment(&world.app, untouched).await.failure.as_deref(), Some("expired"));
    assert_eq!(world.told().await, (0, 2, 0));
}

#[tokio::test]
async fn an_order_that_is_not_of_whole_rupiah_is_not_opened() {
    let (world, fake) = world().await;
    let money = |minor| Money::new(minor, Currency::parse("IDR").unwrap());
    let id = super::order("sen");
    let mut event = placed(&world.app, id, None, &[("ada", 15_000_050)]);
    event.order.payment.method = "midtrans".to_owned();
    (event.order.total, event.order.tax) = (money(15_000_050), money(0));
    for part in &mut event.order.parts {
        (part.total, part.items, part.shipping, part.tax) = (money(15_000_050), money(15_000_050), money(0), money(0));
    }
    world.app.deliver("payments", &event).await;
    reserve(&world.app, id).await;
    world.settle().await;
    assert_eq!(payment(&world.app, id).await.failure.as_deref(), Some("amount_not_representable"));
    assert!(fake.calls().is_empty());
    assert_eq!(rupiah(money(15_000_000)), Ok(150_000));
    assert!(rupiah(super::eur(100)).is_err());
}

#[test]
fn settings_are_checked() {
    let field = |settings: MidtransSettings| settings.check().err().map(|error| error.fields()[0].field.clone());
    let good = midtrans::settings;
    assert_eq!(field(good()), None);
    let wrong = |settings, name: &str| {
        assert_eq!(field(settings).as_deref(), Some(format!("payments.midtrans.{name}").as_str()));
    };
    let of_live = || Secret::new("Mid-server-0123456789");
    wrong(MidtransSettings { live: true, ..good() }, "server_key");
    wrong(MidtransSettings { server_key: Secret::new("SB-Mid-client-0123456789"), ..good() }, "server_key");
    let live = MidtransSettings { live: true, server_key: of_live(), ..good() };
    wrong(live.clone(), "api_url");
    let live = MidtransSettings { api_url: String::new(), snap_url: String::new(), ..live };
    assert_eq!((live.api(), live.snap()), ("https://api.midtrans.com", "https://app.midtrans.com"));
    assert_eq!(field(live.clone()), None);
    wrong(MidtransSettings { snap_url: "https://app.sandbox.midtrans.com/".to_owned(), ..live }, "snap_url");
    wrong(MidtransSettings { api_url: "https://api.midtrans.com".to_owned(), ..good() }, "api_url");
    wrong(MidtransSettings { channels: vec!["BCA".into()], ..good() }, "channels");
    for wait_hours in [0, 169] {
        wrong(MidtransSettings { wait_hours, ..good() }, "wait_hours");
    }
    let test = MidtransSettings { api_url: String::new(), snap_url: String::new(), ..good() };
    assert_eq!((test.api(), test.snap()), ("https://api.sandbox.midtrans.com", "https://app.sandbox.midtrans.com"));
    assert!(Settings { midtrans: good(), ..Settings::default() }.has_provider());
}
