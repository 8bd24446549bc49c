//! Vendors who are paid through providers: to accounts at the sandbox, which they open and close, and to addresses at PayPal, which
//! they type; and PayPal, where payouts arrive, fail, or wait for somebody who takes them.

use std::{sync::Arc, time::Duration};

use axum::{Router, body::Body};
use bytes::Bytes;
use contracts::client::segment;
use futures::FutureExt;
use gateways::{
    Faults,
    paypal::{Config, FakePayPal, MERCHANT},
};
use http::{Method, Request, header};
use kernel::{Error, Identity, ManualClock, Result, Secret, SeededRandom};
use payments::PayPalSettings;
use sandbox::{Command, Memory, PayoutCommand, RouterDeliver, Store, Transfer};
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::{
    bus::short,
    shop,
    trace::Trace,
    world::{OUTSIDE, SECRET, World, now},
};

/// Where PayPal is, below the provider's address.
pub const BELOW: &str = "/paypal";
const APP: &str = "app-1";
const WEBHOOK: &str = "WH-ID-1";
/// Transfers at PayPal, below its address, and at the sandbox.
const TRANSFERS: [&str; 2] = ["/paypal/v1/payments/payouts", "/v1/transfers"];
/// Where orders are opened at PayPal.
const ORDERS: &str = "/paypal/v2/checkout/orders";
/// What the sandbox is asked for transfers with.
const FIND: &str = "/v1/transfers?reference=";
/// Where a request goes on that waits for a provider, behind the batches of jobs.
const BESIDE: (&str, u64) = ("payments", 1_000);

/// How PayPal is reached; `direct`: vendors connect their accounts there.
pub fn settings(direct: bool) -> PayPalSettings {
    PayPalSettings {
        multiparty: direct,
        merchant_id: MERCHANT.to_owned(),
        client_id: APP.to_owned(),
        client_secret: Secret::new(SECRET),
        webhook_id: WEBHOOK.to_owned(),
        payouts: true,
        base_url: format!("{OUTSIDE}{BELOW}"),
        timeout_ms: 5_000,
        ..PayPalSettings::default()
    }
}

/// PayPal, which does nothing by itself.
pub fn paypal(clock: Arc<ManualClock>, random: Arc<SeededRandom>) -> FakePayPal {
    let config = Config {
        client_id: APP.to_owned(),
        client_secret: SECRET.to_owned(),
        webhook_id: WEBHOOK.to_owned(),
        webhook_url: String::new(),
        base_url: format!("{OUTSIDE}{BELOW}"),
        hold: Duration::ZERO,
        faults: Faults::default(),
    };
    FakePayPal::new(config, clock, random, Arc::new(RouterDeliver(Router::new())))
}

/// True where vendors are paid.
pub fn is_transfer(path: &str) -> bool {
    TRANSFERS.contains(&path)
}

/// What a transfer is called that a call asks for.
pub fn name_of(call: &Request<Bytes>) -> String {
    let body: Value = serde_json::from_slice(call.body()).unwrap_or_default();
    let name = if call.uri().path().starts_with(BELOW) {
        &body["sender_batch_header"]["sender_batch_id"]
    } else {
        &body["reference"]
    };
    name.as_str().unwrap_or_default().to_owned()
}

/// True if the sandbox is asked for the transfers called so.
pub fn asks_for(path: &str, name: &str) -> bool {
    path.strip_prefix(FIND).is_some_and(|reference| reference == segment(&name))
}

/// Marks what has become of a call that changes something.
pub fn mark(trace: &Trace, path: &str, status: u16, is_held_back: bool) {
    let of_paypal = path.starts_with(BELOW);
    if is_transfer(path) && status < 300 && is_held_back {
        trace.mark("transfer sent and not answered");
    }
    if of_paypal && is_transfer(path) && status == 400 {
        trace.mark("PayPal named the batch that there was under the key");
    }
    if path == ORDERS && status == 422 {
        trace.mark("PayPal refused the parts of a payment");
    }
    if of_paypal && path.ends_with("/cancel") && status == 200 {
        trace.mark("payout that nobody took called back");
    }
}

/// What the sandbox is to do about payees, if a call is about them.
pub fn command(path: &str, body: &Value) -> Result<Option<Command>> {
    let command = match path {
        "/v1/payees" => PayoutCommand::Open(serde_json::from_value(body.clone())?),
        "/v1/transfers" => PayoutCommand::Transfer(serde_json::from_value(body.clone())?),
        _ => match path.strip_prefix("/v1/payees/").and_then(|rest| rest.strip_suffix("/onboarding")) {
            Some(payee) => {
                let return_url = body["return_url"].as_str().unwrap_or_default().to_owned();
                PayoutCommand::Invite { payee: payee.to_owned(), return_url }
            }
            None => return Ok(None),
        },
    };
    Ok(Some(Command::Payout(command)))
}

/// What the sandbox says of payees and transfers, if that is what it is asked.
pub fn tell(store: &Memory, path: &str, trace: &Trace) -> Result<Option<(u16, String)>> {
    let found = |thing: Option<String>| match thing {
        Some(thing) => (200, thing),
        None => (404, json!({"error": {"code": "not_found"}}).to_string()),
    };
    if let Some(id) = path.strip_prefix("/v1/payees/") {
        let payee = store.payee(id)?.map(|payee| serde_json::to_string(&payee)).transpose()?;
        return Ok(Some(found(payee)));
    }
    if path.starts_with(FIND) {
        let all = store.transfers(0, usize::MAX)?.into_iter().map(|(_, transfer)| transfer);
        let called: Vec<Transfer> = all.filter(|transfer| asks_for(path, &transfer.reference)).collect();
        if !called.is_empty() {
            trace.mark("transfer found by its key");
        }
        return Ok(Some((200, json!({"items": called}).to_string())));
    }
    let Some(id) = path.strip_prefix("/v1/transfers/") else { return Ok(None) };
    let transfer = store.transfer(id)?.map(|transfer| serde_json::to_string(&transfer)).transpose()?;
    Ok(Some(found(transfer)))
}

impl World {
    /// A vendor wants to be paid another way, or says who it is; or PayPal moves on.
    pub fn look_after_payees(&mut self) -> Result<()> {
        match self.below(10) {
            0 => self.choose_way(),
            1..6 => self.at_its_page(),
            _ => {
                self.move_payouts();
                Ok(())
            }
        }
    }

    fn choose_way(&mut self) -> Result<()> {
        let name = shop::VENDORS[self.below(shop::VENDORS.len() as u64) as usize];
        match self.below(5) {
            0 => self.name_account(name).map(drop),
            1 | 2 if self.swarm.direct => self.connect_at_paypal(name),
            1 | 2 => self.name_address(name),
            _ => self.choose_sandbox(name),
        }
    }

    /// A vendor types where it is paid at PayPal: there it can be paid to at once.
    pub fn name_address(&self, name: &str) -> Result<()> {
        let vendor = shop::vendor(name);
        let path = format!("/api/v1/vendors/{vendor}/payout-account/paypal");
        let address = json!({"address": format!("{name}@example.com")});
        let body = json!({"country": "DE", "password": "x", "recipient": address});
        let reply = self.send(Method::POST, &path, Some(&shop::owner(vendor)), &[], Some(&body))?;
        if reply.status == 200 {
            self.trace.mark("vendor typed its address at a provider");
        }
        Ok(())
    }

    /// A vendor wants to be paid at the sandbox, which makes an account for it.
    pub fn choose_sandbox(&mut self, name: &str) -> Result<()> {
        let vendor = shop::vendor(name);
        let path = format!("/api/v1/vendors/{vendor}/payout-account/sandbox");
        self.ask_beside(path, shop::owner(vendor), &json!({"country": "DE", "password": "x"}))
    }

    /// Makes a request that waits for a provider: it goes on beside all else until it is answered, or its process is dead. One at a
    /// time.
    pub fn ask_beside(&mut self, path: String, who: Identity, body: &Value) -> Result<()> {
        if self.fates.is_dead() || self.tasks.contains_key(&BESIDE) {
            return Ok(());
        }
        let request = Request::builder().method(Method::POST).uri(path.as_str());
        let request = request.header(header::CONTENT_TYPE, "application/json");
        let mut request = request.body(Body::from(body.to_string())).map_err(Error::internal)?;
        request.extensions_mut().insert(who);
        let (router, trace) = (self.system.router(), self.trace.clone());
        let asking = async move {
            let status = router.oneshot(request).await.map_err(Error::internal)?.status().as_u16();
            trace.note(format!("  POST {path} -> {status}"));
            if status == 200 {
                trace.mark("vendor chose its account at a provider");
            }
            Ok::<usize, Error>(0)
        };
        self.tasks.insert(BESIDE, asking.boxed_local());
        Ok(())
    }

    /// Accounts at the sandbox, as far as we know of them.
    fn known_payees(&self) -> Result<Vec<String>> {
        let Some(payments) = self.databases.get("payments") else { return Ok(Vec::new()) };
        let sql = "SELECT account_ref FROM payout_recipients WHERE provider = 'sandbox' AND account_ref IS NOT NULL
                   ORDER BY vendor_id";
        now(payments.all(sql, db::params![]))?.iter().map(|row| row.get("account_ref")).collect()
    }

    /// Vendors say on the sandbox's pages who they are, or begin with it where nothing came of it before.
    fn at_its_page(&mut self) -> Result<()> {
        let payees = self.known_payees()?;
        if payees.is_empty() {
            return self.choose_sandbox(shop::VENDORS[self.below(shop::VENDORS.len() as u64) as usize]);
        }
        for payee in payees {
            self.on_page(payee, true)?;
        }
        Ok(())
    }

    /// A vendor closes its account at the sandbox, and nobody here has heard of it yet.
    pub fn close_a_payee(&self) -> Result<()> {
        let payees = self.known_payees()?;
        if payees.is_empty() {
            return Ok(());
        }
        self.on_page(payees[self.below(payees.len() as u64) as usize].clone(), false)
    }

    fn on_page(&self, payee: String, accept: bool) -> Result<()> {
        let line = format!("payee {} {}", short(&payee), if accept { "says who it is" } else { "closes its account" });
        let outcome = self.psp.buyer(Command::Payout(PayoutCommand::Onboard { payee, accept }))?;
        self.note(format_args!("{line}: {}", outcome.status));
        Ok(())
    }

    /// What is under way at PayPal arrives, fails, or waits for somebody who takes it.
    fn move_payouts(&self) {
        for payout in self.psp.paypal().asked_payouts() {
            let (status, problem) = match (payout.status, self.below(6)) {
                ("PENDING", 0 | 1) => ("UNCLAIMED", Some("RECEIVER_UNREGISTERED")),
                ("PENDING", 2) => ("FAILED", Some("RECEIVER_ACCOUNT_LOCKED")),
                ("PENDING", 3 | 4) | ("UNCLAIMED", 0) => ("SUCCESS", None),
                _ => continue,
            };
            self.psp.paypal().end_payout(&payout.name, status, problem);
            self.note(format_args!("PayPal: {} is {status}", payout.name));
        }
    }
}
