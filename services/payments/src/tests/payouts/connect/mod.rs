//! Payouts through providers: accounts, transfers, bad days; with the stand-ins for Stripe, PayPal and Xendit and with the sandbox, on
//! both databases.

mod accounts;
mod by_paypal;
mod by_xendit;
mod directly;
mod in_sandbox;
mod reversals;
mod transfers;

use contracts::payouts::{ConnectedPayoutAccount, PayoutRouteView, PayoutView};
use db::Dialect;
use gateways::{Faults, stripe::FakeStripe};
use kernel::{PayoutId, Secret};
use serde_json::json;
use testkit::{Answer, TestApp, app::OUTSIDE, vendor_owner};

use super::{deliver, of_vendor, overview, stand_in_identity};
use crate::{
    StripeSettings,
    tests::{
        outside::{Card, World, stripe},
        vendor,
    },
};

const BOTH: [Dialect; 2] = [Dialect::Sqlite, Dialect::Postgres];
/// What ada has of the order.
const HERS: i64 = 2_736;
/// Secret of Stripe's endpoint for connected accounts.
const CONNECT_SECRET: &str = "whsec_of_connected_accounts";

/// Stripe, with which vendors may be paid.
fn connect_settings() -> StripeSettings {
    StripeSettings { connect: true, connect_webhook_secret: Some(Secret::new(CONNECT_SECRET)), ..stripe::settings() }
}

/// Ada has something available; she has not said where to.
async fn with_balance(world: &World) {
    stand_in_identity(&world.app);
    let id = world.order("a", Some(Card::Good)).await;
    if world.gateway.name() == "sandbox" {
        world.pass(300).await;
    }
    deliver(&world.app, id, "ada").await;
    super::days(&world.app, 7).await;
}

async fn stripe_world(dialect: Dialect) -> (World, FakeStripe) {
    let (world, fake) = stripe::start_with(dialect, connect_settings(), Faults::default()).await;
    with_balance(&world).await;
    (world, fake)
}

/// The same, and ada's account can be paid to; its id.
async fn onboarded(dialect: Dialect) -> (World, FakeStripe, String) {
    let (world, fake) = stripe_world(dialect).await;
    let account = connected(&world.app, "ada").await;
    fake.onboard(&account);
    world.settle().await;
    assert!(route(&world.app, "ada").await.is_ready);
    (world, fake, account)
}

/// A payout is made; nobody has sent it.
async fn made(world: &World) -> PayoutId {
    let made = super::run(&world.app, &json!({})).await;
    made.lines.iter().find_map(|line| line.payout_id).expect("a payout")
}

async fn one(world: &World) -> PayoutView {
    super::payouts(&world.app, "").await.remove(0)
}

async fn connect(app: &TestApp, name: &str, provider: &str, country: &str, password: &str) -> Answer {
    let path = of_vendor(name, &format!("payout-account/{provider}"));
    let body = json!({"country": country, "password": password});
    app.as_user(&vendor_owner(vendor(name))).post(&path, &body).await
}

/// The vendor chooses Stripe; the id of the account, as the page's address has it.
async fn connected(app: &TestApp, name: &str) -> String {
    let answer: ConnectedPayoutAccount = connect(app, name, "stripe", "DE", "right").await.expect(200).json();
    let url = answer.url.expect("there is something to say");
    url.strip_prefix(&format!("{OUTSIDE}/setup/e/")).expect(&url).split('/').next().unwrap().to_owned()
}

/// How far a vendor has come with the only provider.
async fn route(app: &TestApp, name: &str) -> PayoutRouteView {
    overview(app, name).await.routes.remove(0)
}

/// How often Stripe was asked for this.
fn calls(fake: &FakeStripe, call: &str) -> usize {
    fake.calls().iter().filter(|made| *made == call).count()
}
