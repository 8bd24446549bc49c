//! What is Xendit's alone: keys and tokens, invoices that are found by our name for them, its own journal.

use std::time::Duration;

use contracts::payments::PaymentStatus;
use db::Dialect;
use gateways::{
    Fault, Faults, Way,
    xendit::{BUSINESS, FakeXendit, Invoice},
};
use http::Method;
use kernel::{Clock, Currency, Money, OrderId, Secret};
use serde_json::{Value, json};
use testkit::{Answer, admin};

use super::{
    journal,
    outside::{Card, World, xendit},
    payment, placed, reserve, review, status,
};
use crate::{
    Settings, XenditSettings,
    provider::xendit::{amount_in, amount_out},
};

/// An invoice as it should not be.
type Distortion = fn(&mut Invoice);

async fn world_on(dialect: Dialect) -> (World, FakeXendit) {
    xendit::start_with(dialect, xendit::settings(), Faults::default()).await
}

async fn world() -> (World, FakeXendit) {
    world_on(Dialect::Sqlite).await
}

async fn hook(world: &World, event: &Value, token: Option<&str>) -> Answer {
    let sender =
        token.map_or(world.app.guest(), |token| world.app.guest().header("x-callback-token", token.to_owned()));
    sender.send(Method::POST, "/webhooks/xendit", Some("application/json"), event.to_string().into()).await
}

fn calls(fake: &FakeXendit, call: &str) -> usize {
    fake.calls().iter().filter(|known| *known == call).count()
}

async fn noted(world: &World) -> i64 {
    world.app.count("payments", "SELECT count(*) FROM webhook_inbox").await
}

fn event(world: &World, id: &str, order: OrderId, status: &str) -> Value {
    json!({"id": id, "external_id": order, "status": status, "updated": world.app.clock.now().to_string()})
}

#[tokio::test]
async fn one_order_is_one_invoice_and_is_paid_once() {
    let (world, fake) = world().await;
    let id = world.order("a", None).await;
    let invoice = world.payment_ref(id).await;
    assert!(fake.pay(&invoice, Way::Good));
    assert!(!fake.pay(&invoice, Way::Good), "the page has closed");
    world.settle().await;
    assert_eq!((status(&world.app, id).await, world.told().await), (PaymentStatus::Captured, (1, 0, 0)));
    assert_eq!((calls(&fake, "POST /v2/invoices"), fake.books().captured), (1, 6040));
    world.agree().await;
}

#[tokio::test]
async fn what_does_not_fit_is_not_believed() {
    let peso = |minor| Money::new(minor, Currency::parse("PHP").unwrap());
    let zero = world().await.0.money(0);
    assert_eq!(zero, peso(0));
    let distortions: [(Distortion, &str); 4] = [
        (|invoice| invoice.amount.amount_minor -= 1, "wrong_amount"),
        (|invoice| invoice.paid = Some(Money::new(6039, invoice.amount.currency)), "wrong_amount"),
        (|invoice| invoice.amount.currency = Currency::parse("MYR").unwrap(), "wrong_currency"),
        (|invoice| invoice.external_id = OrderId::derived("test", &["other"]).to_string(), "wrong_reference"),
    ];
    for (distort, problem) in distortions {
        let (world, fake) = world().await;
        let id = world.order("a", None).await;
        fake.distort(&world.payment_ref(id).await, distort);
        fake.pay(&world.payment_ref(id).await, Way::Good);
        world.settle().await;
        assert_eq!(payment(&world.app, id).await.captured, zero, "{problem}");
        world.pass(600).await;
        let found: Vec<String> = review(&world.app).await.into_iter().map(|(problem, _)| problem).collect();
        assert!(found.iter().any(|p| p == problem || p == "unknown_order"), "{problem}: {found:?}");
        assert_eq!(world.told().await, (0, 0, 0));
    }
}

#[tokio::test]
async fn only_what_comes_with_the_token_and_in_time_is_noted() {
    let previous = "token-of-the-past";
    let settings = XenditSettings { webhook_token_previous: Some(Secret::new(previous)), ..xendit::settings() };
    let (world, _) = xendit::start_with(Dialect::Sqlite, settings, Faults::default()).await;
    let id = world.order("a", None).await;
    let invoice = world.payment_ref(id).await;
    let claim = event(&world, &invoice, id, "PAID");
    for token in [None, Some(""), Some("token-of-the-webhook"), Some("token-of-the-webhooks2")] {
        hook(&world, &claim, token).await.expect_problem(400, "bad_signature");
    }
    let now = world.app.clock.now().seconds();
    for at in [now - 8 * 24 * 3600, now + 301] {
        let mut stale = claim.clone();
        stale["updated"] = json!(kernel::Timestamp::from_seconds(at).to_string());
        hook(&world, &stale, Some(xendit::TOKEN)).await.expect_problem(400, "bad_signature");
    }
    let broken = json!({"id": 1, "external_id": id, "status": "PAID", "updated": claim["updated"]});
    hook(&world, &broken, Some(xendit::TOKEN)).await.expect_problem(400, "malformed_request");
    let long = event(&world, &"x".repeat(100), id, "PAID");
    hook(&world, &long, Some(xendit::TOKEN)).await.expect_problem(400, "malformed_request");
    assert_eq!(noted(&world).await, 0);
    // What is about nothing of ours is taken and forgotten.
    let foreign = json!({"id": "65c9", "external_id": "INV-7", "status": "PAID", "updated": "2026-01-01T00:00:00Z"});
    let account = json!({"id": "va-1", "external_id": "x", "owner_id": "y"});
    let mut recent = foreign.clone();
    recent["updated"] = claim["updated"].clone();
    for other in
        [recent, account, json!({"event": "payout.succeeded", "data": {"id": "p"}, "created": claim["updated"]})]
    {
        hook(&world, &other, Some(xendit::TOKEN)).await.expect(204);
    }
    assert_eq!(noted(&world).await, 0);
    // With the token it is noted, once, however often it comes; what it claims is not so.
    for token in [xendit::TOKEN, previous, xendit::TOKEN] {
        hook(&world, &claim, Some(token)).await.expect(204);
    }
    assert_eq!(noted(&world).await, 1);
    world.settle().await;
    assert_eq!(status(&world.app, id).await, PaymentStatus::RequiresAction);
}

#[tokio::test]
async fn whatever_a_call_meets_there_is_one_page_and_one_payment() {
    for dialect in [Dialect::Sqlite, Dialect::Postgres] {
        for fault in [Fault::Silent, Fault::Hang, Fault::Broken, Fault::Busy] {
            let (world, fake) = world_on(dialect).await;
            fake.fault(fault);
            let id = world.order("a", None).await;
            world.pay(id, Card::Good).await;
            world.pass(90).await;
            assert_eq!(status(&world.app, id).await, PaymentStatus::Captured, "{fault:?}");
            assert_eq!((fake.books().payments, world.told().await), (1, (1, 0, 0)), "{fault:?}");
            // Silent: found by our name for it. Busy: the same call again. The rest: made once nobody knew of any.
            let opened = calls(&fake, "POST /v2/invoices");
            assert_eq!(opened, if fault == Fault::Silent { 1 } else { 2 }, "{fault:?}");
            world.agree().await;
        }
    }
}

async fn give_back(world: &World, id: OrderId, minor: i64) {
    let path = format!("/api/v1/admin/payments/{}/refunds", payment(&world.app, id).await.id);
    let body = json!({"amount_minor": minor, "reason": "Scratched"});
    world.app.as_user(&admin()).key(&format!("{id}{minor}")).post(&path, &body).await.expect(202);
}

#[tokio::test]
async fn whatever_a_refund_meets_it_goes_once() {
    for dialect in [Dialect::Sqlite, Dialect::Postgres] {
        for fault in [Fault::Silent, Fault::Hang, Fault::Broken, Fault::Busy] {
            let (world, fake) = world_on(dialect).await;
            let id = world.order("a", None).await;
            world.pay(id, Card::Good).await;
            fake.fault(fault);
            give_back(&world, id, 1000).await;
            world.pass(300).await;
            assert_eq!((fake.books().refunded, world.told().await), (1000, (1, 0, 1)), "{fault:?}");
            assert_eq!(payment(&world.app, id).await.refunds[0].status, "succeeded", "{fault:?}");
            world.agree().await;
        }
    }
}

#[tokio::test]
async fn a_refund_made_at_xendits_desk_is_noticed() {
    let (world, fake) = world().await;
    let id = world.order("a", None).await;
    world.pay(id, Card::Good).await;
    fake.refund_at_the_desk(&world.payment_ref(id).await, 500);
    world.settle().await;
    assert_eq!(review(&world.app).await, [("unknown_refund".to_owned(), Some(id))]);
    assert_eq!((payment(&world.app, id).await.refunded, world.told().await), (world.money(0), (1, 0, 0)));
}

#[tokio::test]
async fn without_any_webhook_the_money_is_found() {
    let (world, fake) = world().await;
    let id = world.order("a", None).await;
    fake.pay(&world.payment_ref(id).await, Way::Good);
    super::pass(&world.app, 300).await;
    assert_eq!((status(&world.app, id).await, world.told().await), (PaymentStatus::Captured, (1, 0, 0)));
    assert!(review(&world.app).await.is_empty());
    world.agree().await;
}

#[tokio::test]
async fn money_that_is_another_order_s_or_nobody_s_is_looked_at() {
    for dialect in [Dialect::Sqlite, Dialect::Postgres] {
        let (world, fake) = world_on(dialect).await;
        let id = world.order("a", None).await;
        let stray = OrderId::derived("test", &["stray"]);
        let invoice = world.payment_ref(id).await;
        fake.distort(&invoice, |invoice| invoice.external_id = stray.to_string());
        fake.pay(&invoice, Way::Good);
        fake.paid_elsewhere(&stray.to_string(), world.money(100), world.app.clock.now());
        // No webhook comes: the one is found by asking about its order, the other in the journal.
        for _ in 0..20 {
            world.app.advance(Duration::from_secs(30)).await;
        }
        let found = review(&world.app).await;
        let has = |problem: &str, order| found.contains(&(problem.to_owned(), Some(order)));
        assert!(has("wrong_reference", id) && has("unknown_order", stray), "{found:?}");
        assert!(journal(&world.app).await.is_empty());
    }
}

#[tokio::test]
async fn the_journal_is_read_whole_however_much_was_paid() {
    let (world, fake) = world().await;
    let now = world.app.clock.now();
    // Most of it within a minute; what others have made with the account is theirs.
    for n in 0..250_u64 {
        let before = Duration::from_secs(if n < 220 { 7200 } else { 3600 * (n - 215) / 2 });
        let order = OrderId::derived("test", &["elsewhere", &n.to_string()]);
        fake.paid_elsewhere(
            &order.to_string(),
            world.money(100),
            now.minus(before).plus(Duration::from_millis(n * 200)),
        );
    }
    fake.paid_elsewhere("INV-7", world.money(100), now.minus(Duration::from_secs(600)));
    super::pass(&world.app, 120).await;
    let found =
        "SELECT count(DISTINCT order_id) FROM review_items WHERE problem = 'unknown_order' AND order_id IS NOT NULL";
    assert_eq!(world.app.count("payments", found).await, 250);
    assert_eq!(world.app.count("payments", "SELECT count(*) FROM review_items").await, 250);
    let asked = calls(&fake, "GET /v2/invoices");
    super::pass(&world.app, 60).await;
    assert!(calls(&fake, "GET /v2/invoices") <= asked + 3, "what was compared is not asked for again");
}

#[tokio::test]
async fn a_page_that_nobody_paid_in_time_ends_the_payment() {
    let (world, fake) = world().await;
    let id = world.order("a", None).await;
    world.app.advance(Duration::from_secs(24 * 3600)).await;
    world.settle().await;
    assert!(!fake.pay(&world.payment_ref(id).await, Way::Good), "the page has closed");
    assert_eq!((status(&world.app, id).await, world.told().await), (PaymentStatus::Failed, (0, 1, 0)));
    assert_eq!(payment(&world.app, id).await.failure.as_deref(), Some("expired"));
}

#[tokio::test]
async fn an_order_in_rupiah_is_paid_to_the_rupiah() {
    let (world, fake) = world().await;
    let rupiah = |minor| Money::new(minor, Currency::parse("IDR").unwrap());
    for (name, minor, fits) in [("whole", 15_000_000, true), ("sen", 15_000_050, false)] {
        let id = super::order(name);
        let mut event = placed(&world.app, id, None, &[("ada", minor)]);
        event.order.payment.method = "xendit".to_owned();
        event.order.total = rupiah(minor);
        event.order.tax = rupiah(0);
        for part in &mut event.order.parts {
            (part.total, part.items, part.shipping, part.tax) = (rupiah(minor), rupiah(minor), rupiah(0), rupiah(0));
        }
        world.app.deliver("payments", &event).await;
        reserve(&world.app, id).await;
        world.settle().await;
        if fits {
            world.pay(id, Card::Good).await;
            assert_eq!(payment(&world.app, id).await.captured, rupiah(minor));
        } else {
            assert_eq!(status(&world.app, id).await, PaymentStatus::Failed);
            assert_eq!(payment(&world.app, id).await.failure.as_deref(), Some("amount_not_representable"));
        }
    }
    assert_eq!((fake.books().captured, calls(&fake, "POST /v2/invoices")), (15_000_000, 1));
    world.agree().await;
}

#[test]
fn test_and_live_are_kept_apart() {
    let field = |settings: XenditSettings| settings.check().err().map(|error| error.fields()[0].field.clone());
    let good = xendit::settings;
    assert_eq!(field(good()), None);
    let wrong = |settings, name: &str| {
        assert_eq!(field(settings).as_deref(), Some(format!("payments.xendit.{name}").as_str()));
    };
    let of_live = || Secret::new("xnd_production_0123456789");
    wrong(XenditSettings { secret_key: of_live(), ..good() }, "secret_key");
    wrong(XenditSettings { secret_key: Secret::new("xnd_public_development_01234"), ..good() }, "secret_key");
    wrong(XenditSettings { live: true, ..good() }, "secret_key");
    let live = XenditSettings { live: true, secret_key: of_live(), ..good() };
    wrong(live.clone(), "base_url");
    assert_eq!(field(XenditSettings { base_url: XenditSettings::default().base_url, ..live }), None);
    wrong(XenditSettings { webhook_token: Secret::new("short"), ..good() }, "webhook_token");
    wrong(XenditSettings { webhook_token_previous: Some(Secret::new("")), ..good() }, "webhook_token");
    wrong(XenditSettings { channels: vec!["Cards".into()], ..good() }, "channels");
    for wait_hours in [0, 169] {
        wrong(XenditSettings { wait_hours, ..good() }, "wait_hours");
    }
    assert!(Settings { xendit: good(), ..Settings::default() }.has_provider());
}

#[test]
fn amounts_are_whole_units_and_exact() {
    let money = |minor, code| Money::new(minor, Currency::parse(code).unwrap());
    let written = |minor, code| amount_out(money(minor, code)).ok().map(|number| number.to_string());
    assert_eq!(written(6040, "PHP").as_deref(), Some("60.4"));
    assert_eq!(written(6001, "THB").as_deref(), Some("60.01"));
    assert_eq!(written(15_000_000, "IDR").as_deref(), Some("150000"));
    assert_eq!(written(15_000_050, "IDR"), None);
    assert_eq!(written(250_000, "VND").as_deref(), Some("250000"));
    // More digits than a number in JSON carries for sure.
    assert_eq!(written(i64::MAX, "PHP"), None);
    let read = |text: &str, code: &str| amount_in(&text.parse().unwrap(), Currency::parse(code).unwrap()).ok();
    assert_eq!(read("150000", "IDR"), Some(money(15_000_000, "IDR")));
    assert_eq!(read("150000.0", "IDR"), Some(money(15_000_000, "IDR")));
    assert_eq!(read("250000.0", "VND"), Some(money(250_000, "VND")));
    assert_eq!(read("60.4", "PHP"), Some(money(6040, "PHP")));
    assert_eq!((read("60.405", "PHP"), read("0.5", "VND"), read("1e30", "IDR")), (None, None, None));
    for minor in [1, 10, 99, 100, 6040, 999_999_999_999_999] {
        assert_eq!(
            amount_in(&amount_out(money(minor, "MYR")).unwrap(), Currency::parse("MYR").unwrap()).unwrap(),
            money(minor, "MYR")
        );
    }
}

#[tokio::test]
async fn what_was_paid_to_another_business_is_not_noted() {
    for (business_id, is_ours) in [(BUSINESS, true), ("6094fa76c2fd53701b8e079c", false)] {
        let settings = XenditSettings { business_id: business_id.to_owned(), ..xendit::settings() };
        let (world, _) = xendit::start_with(Dialect::Sqlite, settings, Faults::default()).await;
        // The page of another business is never shown.
        let id = world.order("a", is_ours.then_some(Card::Good)).await;
        world.pass(300).await;
        let found: Vec<String> = review(&world.app).await.into_iter().map(|(problem, _)| problem).collect();
        if is_ours {
            assert_eq!((payment(&world.app, id).await.captured, found.len()), (world.money(6040), 0));
        } else {
            assert_eq!((payment(&world.app, id).await.captured, world.told().await), (world.money(0), (0, 0, 0)));
            assert_eq!(
                (found, status(&world.app, id).await),
                (vec!["wrong_account".to_owned()], PaymentStatus::Opening)
            );
        }
    }
}
