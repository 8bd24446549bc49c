//! Vendors' accounts at Stripe: made once, for owners alone, as ready as Stripe says.

use contracts::payouts::{PayoutAccountChanged, PayoutRouteView, RunOutcome};
use http::Method;
use kernel::{Clock, VendorScope};
use sandbox::signature;
use serde_json::{Value, json};
use testkit::{admin, vendor_staff};

use super::{
    super::{payouts, run},
    *,
};
use crate::{provider::stripe::Stripe, tests::outside::WEBHOOK_SECRET};

#[tokio::test]
async fn an_owner_connects_and_is_paid_once_stripe_knows_enough() {
    for dialect in BOTH {
        let (world, fake) = stripe_world(dialect).await;
        let before = route(&world.app, "ada").await;
        assert_eq!((before.provider.as_str(), before.label.as_str()), ("stripe", "Stripe"));
        assert_eq!((before.is_chosen, before.account, before.is_ready), (false, None, false));

        let account = connected(&world.app, "ada").await;
        let begun = route(&world.app, "ada").await;
        assert_eq!((begun.is_chosen, begun.is_ready), (true, false));
        assert_eq!(begun.due, ["external_account", "individual.dob.day", "tos_acceptance.date"]);
        assert!(begun.account.is_some_and(|shown| shown.starts_with("•••• ") && !shown.contains(&account)));
        let made = run(&world.app, &json!({})).await;
        let hers = made.lines.iter().find(|line| line.vendor_id == vendor("ada")).unwrap();
        assert_eq!((hers.outcome, hers.payout_id), (RunOutcome::NotReady, None));
        assert!(payouts(&world.app, "").await.is_empty());

        fake.onboard(&account);
        world.settle().await;
        let done = route(&world.app, "ada").await;
        assert_eq!((done.is_ready, done.due.len(), done.problem), (true, 0, None));
        let dry = run(&world.app, &json!({"dry_run": true})).await;
        assert_eq!(dry.lines[0].outcome, RunOutcome::Payout);
        assert!(fake.transferred().is_empty(), "nobody has made a payout");
        assert_eq!(calls(&fake, "POST /v1/accounts"), 1);
    }
}

#[tokio::test]
async fn the_account_is_made_once_and_chosen_with_the_password_alone() {
    for dialect in BOTH {
        let (world, fake) = stripe_world(dialect).await;
        let app = &world.app;
        connect(app, "ada", "stripe", "DE", "guess").await.expect_invalid("password");
        connect(app, "ada", "paypal", "DE", "right").await.expect_problem(404, "not_found");
        connect(app, "ada", "stripe", "Germany", "right").await.expect_invalid("country");
        assert_eq!(calls(&fake, "POST /v1/accounts"), 0);
        let refresh = of_vendor("ada", "payout-account/stripe/refresh");
        let owner = app.as_user(&vendor_owner(vendor("ada")));
        owner.post(&refresh, &json!(null)).await.expect_problem(409, "no_payout_account");

        // What is refused is not chosen, and may be tried with another country.
        fake.close_country("FR");
        connect(app, "ada", "stripe", "FR", "right").await.expect_problem(409, "provider_refused");
        connect(app, "ada", "stripe", "FR", "right").await.expect_problem(409, "provider_refused");
        assert!(!route(app, "ada").await.is_chosen);
        // The answer is lost: the same account is found under the same key.
        fake.fault(gateways::Fault::Silent);
        connect(app, "ada", "stripe", "DE", "right").await.expect_problem(503, "provider_no_answer");
        assert!(!route(app, "ada").await.is_chosen);
        let account = connected(app, "ada").await;
        assert_eq!(connected(app, "ada").await, account, "another page of the same account");
        assert_eq!(calls(&fake, "POST /v1/accounts"), 4, "two refusals, one lost answer, the same once more");
        assert_eq!(calls(&fake, "POST /v1/account_links"), 2);
        assert_eq!(app.published::<PayoutAccountChanged>("payments").await.len(), 1, "by mail, to all owners");

        // Stripe is asked when she comes back, whether or not its event has come.
        fake.onboard(&account);
        let back: PayoutRouteView = owner.post(&refresh, &json!(null)).await.expect(200).json();
        assert!(back.is_ready);
        // A bank account takes its place, and she can come back without saying anything again.
        super::super::set_account(app, "ada", &super::super::german()).await.expect(200);
        assert!(!route(app, "ada").await.is_chosen);
        let again: ConnectedPayoutAccount = connect(app, "ada", "stripe", "DE", "right").await.expect(200).json();
        assert_eq!((again.url, again.route.is_chosen), (None, true));
        assert_eq!(app.published::<PayoutAccountChanged>("payments").await.len(), 3);
    }
}

#[tokio::test]
async fn only_the_owners_of_the_store_connect_it() {
    for dialect in BOTH {
        let (world, fake) = stripe_world(dialect).await;
        let path = of_vendor("ada", "payout-account/stripe");
        let body = json!({"country": "DE", "password": "right"});
        for path in [path.clone(), format!("{path}/refresh")] {
            world.app.guest().post(&path, &body).await.expect_problem(401, "unauthenticated");
            for who in [vendor_staff(vendor("ada")), vendor_owner(vendor("bob")), admin()] {
                world.app.as_user(&who).post(&path, &body).await.expect(404);
            }
        }
        assert_eq!(calls(&fake, "POST /v1/accounts"), 0);
        assert_eq!(world.app.count("payments", "SELECT count(*) FROM payout_recipients").await, 0);
    }
}

#[tokio::test]
async fn on_postgres_a_vendor_s_session_sees_its_own_accounts_alone() {
    let (world, _) = stripe_world(Dialect::Postgres).await;
    for name in ["ada", "bob"] {
        connected(&world.app, name).await;
    }
    let ada = world.app.db("payments").as_vendor(&VendorScope::of_system(vendor("ada")));
    let own: i64 = ada.one("SELECT count(*) FROM payout_recipients", db::params![]).await.unwrap().at(0).unwrap();
    assert_eq!((world.app.count("payments", "SELECT count(*) FROM payout_recipients").await, own), (2, 1));
    let bobs = ada.opt("SELECT 1 FROM payout_recipients WHERE vendor_id = $1", db::params![vendor("bob")]).await;
    assert!(bobs.unwrap().is_none());
}

async fn hook(world: &World, event: &Value, secret: &str) -> Answer {
    let body = event.to_string();
    let signed = signature(secret, world.app.clock.now().seconds(), body.as_bytes());
    let sender = world.app.guest().header("stripe-signature", signed);
    sender.send(Method::POST, "/webhooks/stripe", Some("application/json"), body.into()).await
}

#[tokio::test]
async fn an_event_of_an_account_is_a_hint_that_has_to_be_signed() {
    for dialect in BOTH {
        let (world, fake) = stripe_world(dialect).await;
        let account = connected(&world.app, "ada").await;
        let event = |id: &str, account: &str, live: bool| {
            let object = json!({"id": account, "object": "account", "payouts_enabled": true});
            json!({"id": id, "object": "event", "type": "account.updated", "livemode": live, "account": account, "data": {"object": object}})
        };
        // Whatever it says: Stripe is asked, and says that nothing has changed.
        hook(&world, &event("evt_1", &account, false), CONNECT_SECRET).await.expect(204);
        world.app.settle().await;
        assert!(!route(&world.app, "ada").await.is_ready);
        assert_eq!(calls(&fake, &format!("GET /v1/accounts/{account}")), 1);
        hook(&world, &event("evt_2", &account, false), "whsec_of_somebody_else").await.expect(400);
        // Of a real account while this is a trial: none of its business, and no error that Stripe would repeat.
        hook(&world, &event("evt_3", &account, true), CONNECT_SECRET).await.expect(204);
        world.app.settle().await;
        assert_eq!(calls(&fake, &format!("GET /v1/accounts/{account}")), 1);
        hook(&world, &event("evt_4", "acct_of_others", false), WEBHOOK_SECRET).await.expect(204);
        world.app.settle().await;
        let states = "SELECT count(*) FROM webhook_inbox WHERE event_id IN ('evt_1', 'evt_4') AND state = ";
        assert_eq!(world.app.count("payments", &format!("{states}'handled'")).await, 1);
        assert_eq!(world.app.count("payments", &format!("{states}'unmatched'")).await, 1);
        let kept = "SELECT count(*) FROM webhook_inbox WHERE event_id IN ('evt_2', 'evt_3')";
        assert_eq!(world.app.count("payments", kept).await, 0);
    }
}

#[tokio::test]
async fn a_lost_event_costs_no_run() {
    let (world, fake) = stripe_world(Dialect::Sqlite).await;
    let account = connected(&world.app, "ada").await;
    fake.onboard(&account);
    // Its event is not delivered; the account is asked about before vendors are paid.
    super::super::days(&world.app, 1).await;
    assert!(route(&world.app, "ada").await.is_ready);
}

#[test]
fn settings_that_cannot_be_stop_the_start() {
    let settings = StripeSettings { account: "acct_1".to_owned(), ..connect_settings() };
    assert_eq!(settings.check().unwrap_err().fields()[0].field, "payments.stripe.connect");
    let settings = StripeSettings { connect_webhook_secret: Some(Secret::new("secret")), ..connect_settings() };
    assert_eq!(settings.check().unwrap_err().fields()[0].field, "payments.stripe.connect_webhook_secret");
    assert!(connect_settings().check().is_ok());
}

#[tokio::test]
async fn without_connect_nobody_is_offered_stripe() {
    let (world, _) = stripe::start_with(Dialect::Sqlite, stripe::settings(), Faults::default()).await;
    stand_in_identity(&world.app);
    assert!(overview(&world.app, "ada").await.routes.is_empty());
    connect(&world.app, "ada", "stripe", "DE", "right").await.expect_problem(404, "not_found");
    let env = world.app.system.env("payments").expect("payments runs here");
    let payouts = |settings| crate::provider::PaymentProvider::payouts(&Stripe::new(settings, env).unwrap()).is_some();
    assert_eq!((payouts(stripe::settings()), payouts(connect_settings())), (false, true));
}
