//! Vendors who connect their PayPal accounts and get their parts themselves: what goes where, what comes back from where, and what
//! is left between the marketplace and them.

use contracts::{payments::PaymentStatus, vendors::VendorStatus};
use gateways::paypal::{FakePayPal, MERCHANT};
use kernel::OrderId;
use testkit::admin;

use super::{
    super::{labels::bought, refund, statements::statement},
    *,
};
use crate::{
    PayPalSettings,
    tests::{cancelled, eur, journal, outside::paypal, payment, postings, review, sound, stands, status},
};

/// Ada's account at PayPal.
const ADAS: &str = "ADALOVELACE01";
const BOBS: &str = "BOBTHEPOTTER1";
const BAD_DAY: Faults = Faults {
    silent_per_mille: 150,
    broken_per_mille: 150,
    busy_per_mille: 100,
    doubled_per_mille: 200,
    late_per_mille: 300,
};

fn multiparty() -> PayPalSettings {
    PayPalSettings { multiparty: true, merchant_id: MERCHANT.to_owned(), ..paypal::settings() }
}

async fn multiparty_world(dialect: Dialect) -> (World, FakePayPal) {
    let (world, fake) = paypal::start_as(dialect, multiparty(), Faults::default()).await;
    stand_in_identity(&world.app);
    (world, fake)
}

/// The vendor chooses PayPal; our name for it, as the page's address has it.
async fn referred(world: &World, name: &str) -> String {
    let answer: ConnectedPayoutAccount = connect(&world.app, name, "paypal", "DE", "right").await.expect(200).json();
    let url = answer.url.expect("there is something to say");
    url.strip_prefix(&format!("{OUTSIDE}/bizsignup/partner/entry?referralToken=")).expect(&url).to_owned()
}

async fn connects(world: &World, fake: &FakePayPal, name: &str, account: &str) {
    let tracking = referred(world, name).await;
    fake.connect(&tracking, account);
    world.settle().await;
}

/// The same, and ada has connected her account.
async fn ready(dialect: Dialect) -> (World, FakePayPal) {
    let (world, fake) = multiparty_world(dialect).await;
    connects(&world, &fake, "ada", ADAS).await;
    assert!(route(&world.app, "ada").await.is_ready);
    (world, fake)
}

/// What PayPal has for ada, for bob and for the marketplace.
fn held(fake: &FakePayPal) -> [i64; 3] {
    [fake.balance(ADAS), fake.balance(BOBS), fake.balance(MERCHANT)]
}

/// What the ledger owes a vendor, or has at PayPal.
async fn owed(world: &World, account: &str) -> i64 {
    let sql =
        format!("SELECT CAST(COALESCE(-sum(amount_minor), 0) AS BIGINT) FROM postings WHERE account = '{account}'");
    world.app.count("payments", &sql).await
}

async fn owed_to(world: &World, name: &str) -> i64 {
    owed(world, &format!("vendor_payable:{}", vendor(name))).await
}

/// Our books have at PayPal what PayPal has for us.
async fn agree(world: &World, fake: &FakePayPal) {
    world.agree().await;
    assert_eq!(-owed(world, "provider:paypal").await, fake.balance(MERCHANT));
}

async fn give_back(world: &World, id: OrderId, vendor: Option<&str>, minor: i64, key: &str) {
    match vendor {
        Some(name) => drop(refund(&world.app, id, name, minor, key).await.expect(202)),
        None => {
            let path = format!("/api/v1/admin/payments/{}/refunds", payment(&world.app, id).await.id);
            let body = json!({"amount_minor": minor, "reason": "x"});
            world.app.as_user(&admin()).key(key).post(&path, &body).await.expect(202);
        }
    }
    world.settle().await;
}

#[tokio::test]
async fn an_owner_connects_an_account_on_paypals_pages() {
    for dialect in BOTH {
        let (world, fake) = multiparty_world(dialect).await;
        let app = &world.app;
        let before = route(app, "ada").await;
        assert_eq!((before.is_chosen, before.asks.len()), (false, 0), "nothing is typed");
        let tracking = referred(&world, "ada").await;
        let chosen = route(app, "ada").await;
        assert_eq!((chosen.is_chosen, chosen.is_ready, chosen.account), (true, false, None));
        assert_eq!(chosen.due, ["paypal_account"]);
        // As long as she has not come through the marketplace collects her part, too.
        world.order("a", Some(Card::Good)).await;
        assert_eq!((held(&fake), owed_to(&world, "ada").await), ([0, 0, 6_040], HERS));
        fake.connect(&tracking, ADAS);
        world.settle().await;
        let done = route(app, "ada").await;
        assert_eq!((done.is_ready, done.due.len(), done.account.as_deref()), (true, 0, Some("•••• CE01")));
        // Another store cannot be paid there.
        fake.connect(&referred(&world, "bob").await, ADAS);
        world.settle().await;
        let refused = route(app, "bob").await;
        assert_eq!((refused.is_ready, refused.problem.as_deref()), (false, Some("account_of_another_store")));
        assert!(route(app, "ada").await.is_ready);
        // What she has allowed she may take back.
        fake.change_seller(ADAS, false, true, true);
        world.settle().await;
        let revoked = route(app, "ada").await;
        assert_eq!((revoked.is_ready, revoked.due), (false, vec!["oauth_integration".to_owned()]));
    }
}

#[tokio::test]
async fn a_vendor_gets_its_part_and_the_marketplace_its_fee() {
    for dialect in BOTH {
        let (world, fake) = ready(dialect).await;
        let id = world.order("a", Some(Card::Good)).await;
        assert_eq!((status(&world.app, id).await, held(&fake)), (PaymentStatus::Captured, [HERS, 0, 304 + 3_000]));
        let entries = journal(&world.app).await;
        let direct = entries.iter().find(|entry| entry.kind == "direct").unwrap();
        assert_eq!(postings(direct), [format!("vendor_payable:ada {HERS}"), format!("provider:paypal -{HERS}")]);
        assert_eq!((owed_to(&world, "ada").await, owed_to(&world, "bob").await), (0, 2_625));
        agree(&world, &fake).await;
        // Out of her account, and out of the fee in proportion.
        give_back(&world, id, Some("ada"), 1_000, "k1").await;
        assert_eq!(held(&fake), [HERS - 900, 0, 3_304 - 100]);
        assert_eq!(owed_to(&world, "ada").await, 0);
        agree(&world, &fake).await;
        // Of both: of each out of its own part, by a refund of its own.
        give_back(&world, id, None, 2_000, "k2").await;
        assert_eq!(payment(&world.app, id).await.refunds.len(), 3);
        agree(&world, &fake).await;
        world.app.deliver("payments", &cancelled(id)).await;
        world.settle().await;
        let shown = payment(&world.app, id).await;
        assert_eq!((shown.status, shown.refunded, held(&fake)), (PaymentStatus::Refunded, eur(6_040), [0, 0, 0]));
        assert_eq!((owed_to(&world, "ada").await, owed_to(&world, "bob").await), (0, 0));
        agree(&world, &fake).await;
        let lines = statement(&world.app, "ada", "2020-01-01", "2040-01-01").await;
        assert_eq!((lines.sales, lines.refunds, lines.commission), (eur(3_040), eur(-3_040), eur(0)));
        assert_eq!((lines.paid_directly, lines.closing), (eur(0), eur(0)));
    }
}

#[tokio::test]
async fn refunds_that_fail_take_nothing_and_may_be_tried_again() {
    for dialect in BOTH {
        let (world, fake) = ready(dialect).await;
        let id = world.order("a", Some(Card::FailingRefund)).await;
        give_back(&world, id, Some("ada"), 333, "k1").await;
        world.pass(60).await;
        assert_eq!((payment(&world.app, id).await.refunds[0].status.as_str(), held(&fake)[0]), ("failed", HERS));
        agree(&world, &fake).await;
    }
    let (world, fake) = ready(Dialect::Sqlite).await;
    let id = world.order("b", Some(Card::SlowRefund)).await;
    for (n, minor) in [7, 333, 1, 1_000, 1_699].into_iter().enumerate() {
        give_back(&world, id, Some("ada"), minor, &format!("k{n}")).await;
    }
    world.pass(60).await;
    assert_eq!((held(&fake), owed_to(&world, "ada").await), ([0, 0, 3_000], 0));
    agree(&world, &fake).await;
}

#[tokio::test]
async fn what_a_vendor_does_not_allow_any_more_is_for_somebody_to_look_at() {
    for dialect in BOTH {
        let (world, fake) = ready(dialect).await;
        let id = world.order("a", Some(Card::Good)).await;
        fake.forbid_refunds(ADAS);
        give_back(&world, id, Some("ada"), 1_000, "k1").await;
        let shown = payment(&world.app, id).await;
        assert_eq!((shown.refunds[0].status.as_str(), shown.refunded, held(&fake)[0]), ("failed", eur(0), HERS));
        assert!(review(&world.app).await.is_empty(), "whoever has asked is told");
        // Of an order that is called off everything has to go back: bob's goes, ada's is looked at.
        world.app.deliver("payments", &cancelled(id)).await;
        world.settle().await;
        let found: Vec<String> = review(&world.app).await.into_iter().map(|(problem, _)| problem).collect();
        assert_eq!((found, held(&fake)), (vec!["refund_failed".to_owned()], [HERS, 0, 304]));
        agree(&world, &fake).await;
    }
}

#[tokio::test]
async fn a_dispute_is_of_the_part_that_was_paid_and_is_taken_out_of_it() {
    for dialect in BOTH {
        for (unit, won) in [(0, true), (0, false), (1, false)] {
            let (world, fake) = ready(dialect).await;
            let id = world.order("a", Some(Card::Good)).await;
            let dispute = fake.dispute_part(&world.payment_ref(id).await, unit, "10.00");
            world.settle().await;
            let shown = crate::tests::disputes::all(&world.app, "").await.pop().unwrap();
            let hers = shown.provider_ref == format!("{ADAS}:{dispute}");
            assert_eq!((hers, shown.amount), (unit == 0, eur(1_000)));
            let bears = "SELECT count(*) FROM dispute_parts WHERE amount_minor = 1000";
            assert_eq!(world.app.count("payments", bears).await, 1, "the one whose part it is");
            let evidence = json!({"product": "A mug", "carrier": "Post", "tracking_number": "RR1"});
            let path = format!("/api/v1/admin/disputes/{}/evidence", shown.id);
            world.app.as_user(&admin()).key("k").post(&path, &evidence).await.expect(202);
            world.settle().await;
            assert_eq!(fake.evidence(&dispute)["evidences"][0]["notes"], "A mug");
            fake.decide(&dispute, won);
            world.settle().await;
            // What is lost of hers PayPal takes from her; the marketplace owes her the commission on it.
            let (ada, bob, ours) = match (unit, won) {
                (_, true) => (0, 2_625, [HERS, 0, 3_304]),
                (0, false) => (100, 2_625, [HERS - 1_000, 0, 3_304]),
                (_, false) => (0, 2_625 - 875, [HERS, 0, 3_304 - 1_000]),
            };
            assert_eq!((owed_to(&world, "ada").await, owed_to(&world, "bob").await, held(&fake)), (ada, bob, ours));
            agree_but_for_disputes(&world, &fake).await;
        }
    }
}

async fn agree_but_for_disputes(world: &World, fake: &FakePayPal) {
    sound(&world.app).await;
    assert_eq!(-owed(world, "provider:paypal").await, fake.balance(MERCHANT));
}

#[tokio::test]
async fn a_sale_is_not_lost_for_an_account_that_is_not_what_it_was() {
    for dialect in BOTH {
        let (world, fake) = ready(dialect).await;
        fake.change_seller(ADAS, false, true, false);
        let id = world.order("a", Some(Card::Good)).await;
        assert_eq!((status(&world.app, id).await, held(&fake)), (PaymentStatus::Captured, [0, 0, 6_040]));
        assert_eq!(owed_to(&world, "ada").await, HERS);
        let told = route(&world.app, "ada").await;
        assert_eq!((told.is_ready, told.due), (false, vec!["oauth_integration".to_owned()]));
        agree(&world, &fake).await;
        // The next one is collected whole without asking.
        let opened = calls_of(&fake, "POST /v2/checkout/orders");
        world.order("b", Some(Card::Good)).await;
        assert_eq!((opened, calls_of(&fake, "POST /v2/checkout/orders")), (2, 3));
    }
}

fn calls_of(fake: &FakePayPal, call: &str) -> usize {
    fake.calls().iter().filter(|made| *made == call).count()
}

#[tokio::test]
async fn of_whom_something_is_held_back_the_marketplace_collects() {
    for dialect in BOTH {
        let (world, fake) = ready(dialect).await;
        let app = &world.app;
        let reserve = format!("/api/v1/admin/vendors/{}/reserve", vendor("ada"));
        app.as_user(&admin()).put(&reserve, &json!({"rate_bp": 1000, "days": 30})).await.expect(200);
        world.order("a", Some(Card::Good)).await;
        assert_eq!(held(&fake), [0, 0, 6_040]);
        app.as_user(&admin()).put(&reserve, &json!({"rate_bp": 0, "days": 30})).await.expect(200);
        stands(app, "ada", 1000, VendorStatus::Suspended).await;
        world.order("b", Some(Card::Good)).await;
        assert_eq!(held(&fake), [0, 0, 12_080]);
        stands(app, "ada", 1000, VendorStatus::Approved).await;
        world.order("c", Some(Card::Good)).await;
        assert_eq!(held(&fake), [HERS, 0, 12_080 + 3_304]);
        agree(&world, &fake).await;
    }
}

#[tokio::test]
async fn what_a_vendor_owes_is_kept_of_its_next_parts() {
    for dialect in BOTH {
        let (world, fake) = ready(dialect).await;
        let first = world.order("a", Some(Card::Good)).await;
        world.app.deliver("payments", &bought(&world.app, first, "ada", 2_000)).await;
        assert_eq!(owed_to(&world, "ada").await, -2_000);
        // At most half of what she is due at a time.
        world.order("b", Some(Card::Good)).await;
        assert_eq!((held(&fake)[0], owed_to(&world, "ada").await), (HERS + HERS / 2, -2_000 + HERS / 2));
        world.order("c", Some(Card::Good)).await;
        let rest = 2_000 - HERS / 2;
        assert_eq!((held(&fake)[0], owed_to(&world, "ada").await), (2 * HERS + HERS / 2 - rest, 0));
        agree(&world, &fake).await;
    }
}

#[tokio::test]
async fn money_that_goes_to_others_than_was_agreed_is_never_taken() {
    for dialect in BOTH {
        let (world, fake) = ready(dialect).await;
        connects(&world, &fake, "bob", BOBS).await;
        let id = world.order("a", None).await;
        fake.redirect(&world.payment_ref(id).await, ADAS, BOBS);
        world.gateway.pay(&world.payment_ref(id).await, Card::Good).await;
        world.pass(300).await;
        let found: Vec<String> = review(&world.app).await.into_iter().map(|(problem, _)| problem).collect();
        assert_eq!((found, held(&fake)), (vec!["wrong_payee".to_owned()], [0, 0, 0]));
        assert_ne!(status(&world.app, id).await, PaymentStatus::Captured);
    }
}

#[tokio::test]
async fn whatever_the_day_is_like_each_has_what_is_its_own() {
    for dialect in BOTH {
        let (world, fake) = paypal::start_as(dialect, multiparty(), BAD_DAY).await;
        stand_in_identity(&world.app);
        for (name, account) in [("ada", ADAS), ("bob", BOBS)] {
            let tracking = loop {
                let answer = connect(&world.app, name, "paypal", "DE", "right").await;
                if answer.status == 200 {
                    let url = answer.json::<ConnectedPayoutAccount>().url.unwrap();
                    break url.rsplit('=').next().unwrap().to_owned();
                }
            };
            fake.connect(&tracking, account);
            world.pass(1_800).await;
        }
        let mut all = Vec::new();
        for n in 0..6 {
            let id = world.order(&format!("o{n}"), None).await;
            world.pay(id, Card::Good).await;
            world.pass(600).await;
            all.push(id);
        }
        for (n, id) in all.iter().enumerate() {
            give_back(&world, *id, None, 1_000 + 7 * n as i64, &format!("k{n}")).await;
        }
        world.pass(1_800).await;
        for id in &all {
            let shown = payment(&world.app, *id).await;
            assert_eq!(shown.status, PaymentStatus::Captured);
            assert!(shown.refunds.len() == 2 && shown.refunds.iter().all(|one| one.status == "succeeded"), "{shown:?}");
        }
        agree(&world, &fake).await;
        assert_eq!((owed_to(&world, "ada").await, owed_to(&world, "bob").await), (0, 0));
        for id in all {
            world.app.deliver("payments", &cancelled(id)).await;
        }
        world.pass(1_800).await;
        assert_eq!(held(&fake), [0, 0, 0]);
        agree(&world, &fake).await;
    }
}

#[tokio::test]
async fn what_paypal_lists_of_such_a_payment_is_the_part_that_is_ours() {
    for dialect in BOTH {
        let settings = PayPalSettings { transactions: true, ..multiparty() };
        let (world, fake) = paypal::start_as(dialect, settings, Faults::default()).await;
        stand_in_identity(&world.app);
        connects(&world, &fake, "ada", ADAS).await;
        world.order("a", Some(Card::Good)).await;
        fake.list_later(std::time::Duration::from_secs(600));
        for _ in 0..3 {
            world.app.advance(std::time::Duration::from_secs(1_800)).await;
        }
        assert!(fake.calls().iter().any(|call| call.ends_with("/v1/reporting/transactions")));
        assert!(review(&world.app).await.is_empty());
    }
}
