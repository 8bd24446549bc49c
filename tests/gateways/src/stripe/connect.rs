//! Connect: accounts of vendors, and transfers to them, with a journal of their own.

use std::collections::BTreeMap;

use axum::{
    Router,
    extract::{Path, State as Held},
    response::{Html, IntoResponse, Redirect, Response},
    routing::get,
};
use http::StatusCode;
use kernel::Timestamp;
use serde_json::{Value, json};

use super::{
    FakeStripe, State,
    calls::{Answer, Call, page},
};

/// What a new account still has to say.
const DUE: [&str; 3] = ["external_account", "individual.dob.day", "tos_acceptance.date"];
/// Seconds for which a link is good.
const LINK_LIFE_S: i64 = 300;

/// A connected account.
#[derive(Debug, Clone)]
pub struct Account {
    id: String,
    country: String,
    metadata: BTreeMap<String, String>,
    is_complete: bool,
    disabled: Option<&'static str>,
    created: Timestamp,
}

impl Account {
    fn is_ready(&self) -> bool {
        self.is_complete && self.disabled.is_none()
    }

    /// As Stripe writes it.
    pub(super) fn json(&self) -> Value {
        let capability = if self.is_ready() { "active" } else { "inactive" };
        let due: &[&str] = if self.is_complete { &[] } else { &DUE };
        let disabled = self.disabled.or((!self.is_complete).then_some("requirements.past_due"));
        json!({
            "id": self.id, "object": "account", "type": "express", "country": self.country, "metadata": self.metadata,
            "created": self.created.seconds(), "details_submitted": self.is_complete, "charges_enabled": self.is_ready(),
            "payouts_enabled": self.is_ready(), "capabilities": {"card_payments": capability, "transfers": capability},
            "requirements": {"currently_due": due, "eventually_due": due, "past_due": [], "disabled_reason": disabled},
        })
    }
}

/// A page on which an account says who it is; good for one visit.
#[derive(Debug, Clone)]
pub struct Link {
    account: String,
    return_url: String,
}

/// A transfer to an account.
#[derive(Debug, Clone)]
pub struct Transfer {
    id: String,
    amount: i64,
    currency: String,
    destination: String,
    group: Option<String>,
    metadata: BTreeMap<String, String>,
    created: Timestamp,
    /// Taken back of it, in order.
    reversals: Vec<Reversal>,
}

/// Something that was taken back of a transfer.
#[derive(Debug, Clone)]
struct Reversal {
    id: String,
    amount: i64,
    metadata: BTreeMap<String, String>,
    created: Timestamp,
}

impl Transfer {
    fn reversed(&self) -> i64 {
        self.reversals.iter().map(|reversal| reversal.amount).sum()
    }

    fn reversal_json(&self, reversal: &Reversal) -> Value {
        json!({
            "id": reversal.id, "object": "transfer_reversal", "amount": reversal.amount, "currency": self.currency,
            "transfer": self.id, "metadata": reversal.metadata, "created": reversal.created.seconds(),
        })
    }

    fn json(&self) -> Value {
        json!({
            "id": self.id, "object": "transfer", "amount": self.amount, "amount_reversed": self.reversed(),
            "currency": self.currency, "destination": self.destination, "transfer_group": self.group,
            "metadata": self.metadata, "livemode": false, "reversed": self.reversed() == self.amount,
            "created": self.created.seconds(),
        })
    }
}

impl State {
    pub(super) fn new_account(&mut self, call: &Call, now: Timestamp) -> Answer {
        let Some(country) =
            call.get("country").filter(|country| country.len() == 2 && call.get("type") == Some("express"))
        else {
            return Answer::refused(400, "invalid_request_error", "parameter_missing", "Missing required param.");
        };
        let requested = |name: &str| call.get(&format!("capabilities[{name}][requested]")) == Some("true");
        if !requested("card_payments") || !requested("transfers") {
            let message =
                "Your platform needs approval for accounts to have requested the `transfers` capability alone.";
            return Answer::wrong("", message);
        }
        if self.closed_countries.iter().any(|closed| closed == country) {
            return Answer::wrong("country_unsupported", "This country is not supported for your platform.");
        }
        let (country, metadata, id) = (country.to_owned(), call.metadata("metadata"), self.id("acct"));
        let account = Account { id: id.clone(), country, metadata, is_complete: false, disabled: None, created: now };
        self.accounts.insert(id.clone(), account);
        self.show_account(&id)
    }

    pub(super) fn show_account(&self, id: &str) -> Answer {
        self.accounts.get(id).map_or_else(|| Answer::missing("account"), |account| Answer::done(account.json()))
    }

    pub(super) fn new_link(&mut self, call: &Call, now: Timestamp, base_url: &str) -> Answer {
        let is_onboarding = call.get("type") == Some("account_onboarding");
        let (Some(return_url), Some(_), true) = (call.get("return_url"), call.get("refresh_url"), is_onboarding) else {
            return Answer::refused(400, "invalid_request_error", "parameter_missing", "Missing required param.");
        };
        let Some(account) = call.get("account").filter(|id| self.accounts.contains_key(*id)).map(str::to_owned) else {
            return Answer::refused(400, "invalid_request_error", "resource_missing", "No such account");
        };
        let (link, return_url) = (self.id("link"), return_url.to_owned());
        let url = format!("{base_url}/setup/e/{account}/{link}");
        self.links.insert(link, Link { account, return_url });
        let created = now.seconds();
        Answer::done(
            json!({"object": "account_link", "url": url, "created": created, "expires_at": created + LINK_LIFE_S}),
        )
    }

    pub(super) fn new_transfer(&mut self, call: &Call, now: Timestamp) -> Answer {
        let amount = call.number("amount").unwrap_or(0);
        let (Some(currency), Some(destination), true) = (call.get("currency"), call.get("destination"), amount > 0)
        else {
            return Answer::refused(400, "invalid_request_error", "parameter_missing", "Missing required param.");
        };
        let Some(account) = self.accounts.get(destination) else {
            return Answer::refused(400, "invalid_request_error", "resource_missing", "No such destination");
        };
        if !account.is_ready() {
            let message = "Your destination account needs to have the `transfers` capability enabled.";
            return Answer::wrong("insufficient_capabilities_for_transfer", message);
        }
        if self.is_penniless {
            return Answer::wrong("balance_insufficient", "You have insufficient available funds.");
        }
        let (currency, destination) = (currency.to_owned(), destination.to_owned());
        let (group, metadata) = (call.get("transfer_group").map(str::to_owned), call.metadata("metadata"));
        let id = self.id("tr");
        self.transferred.push((destination.clone(), amount));
        let reversals = Vec::new();
        let transfer =
            Transfer { id: id.clone(), amount, currency, destination, group, metadata, created: now, reversals };
        self.transfers.insert(id.clone(), transfer);
        self.show_transfer(&id)
    }

    pub(super) fn show_transfer(&self, id: &str) -> Answer {
        self.transfers.get(id).map_or_else(|| Answer::missing("transfer"), |transfer| Answer::done(transfer.json()))
    }

    /// Without an amount all that is left.
    pub(super) fn new_reversal(&mut self, transfer: &str, call: &Call, now: Timestamp) -> Answer {
        let Some(known) = self.transfers.get(transfer) else { return Answer::missing("transfer") };
        let left = known.amount - known.reversed();
        let amount = call.number("amount").unwrap_or(left);
        if !(1..=left).contains(&amount) {
            return Answer::wrong("", "Reversal amount is greater than the unreversed amount on the transfer.");
        }
        if self.spent.contains(&known.destination) {
            return Answer::wrong("balance_insufficient", "The connected account has insufficient available funds.");
        }
        let reversal = Reversal { id: self.id("trr"), amount, metadata: call.metadata("metadata"), created: now };
        let Some(known) = self.transfers.get_mut(transfer) else { return Answer::missing("transfer") };
        self.transferred.push((known.destination.clone(), -amount));
        let shown = known.reversal_json(&reversal);
        known.reversals.push(reversal);
        Answer::done(shown)
    }

    pub(super) fn list_reversals(&self, transfer: &str, call: &Call) -> Answer {
        let Some(known) = self.transfers.get(transfer) else { return Answer::missing("transfer") };
        let all = known.reversals.iter().map(|one| (one.created, one.id.clone(), known.reversal_json(one)));
        page(call, all.collect())
    }

    pub(super) fn list_transfers(&self, call: &Call) -> Answer {
        let fits = |wanted: Option<&str>, known: Option<&str>| wanted.is_none_or(|wanted| known == Some(wanted));
        let (group, destination) = (call.get("transfer_group"), call.get("destination"));
        let found = self.transfers.values().filter(|transfer| {
            fits(group, transfer.group.as_deref()) && fits(destination, Some(transfer.destination.as_str()))
        });
        page(call, found.map(|transfer| (transfer.created, transfer.id.clone(), transfer.json())).collect())
    }
}

/// The pages of accounts, as simple as can be.
pub(super) fn routes() -> Router<FakeStripe> {
    Router::new().route("/setup/e/{account}/{link}", get(show).post(complete))
}

async fn show(Held(fake): Held<FakeStripe>, Path((account, link)): Path<(String, String)>) -> Response {
    if fake.state().links.get(&link).is_none_or(|known| known.account != account) {
        return StatusCode::NOT_FOUND.into_response();
    }
    let here = format!("{}/setup/e/{account}/{link}", fake.inner.config.base_url);
    Html(format!(
        "<!doctype html><html lang=en><title>{account}</title><main><h1>{account}</h1><form method=post action=\"{here}\"><button>That is me</button></form></main></html>"
    ))
    .into_response()
}

async fn complete(Held(fake): Held<FakeStripe>, Path((account, link)): Path<(String, String)>) -> Response {
    let known = fake.state().links.remove(&link).filter(|known| known.account == account);
    let Some(known) = known else { return StatusCode::NOT_FOUND.into_response() };
    fake.onboard(&account);
    Redirect::to(&known.return_url).into_response()
}

impl FakeStripe {
    /// The vendor says on Stripe's pages who it is: the account can be paid to.
    pub fn onboard(&self, account: &str) {
        self.account_becomes(account, |account| account.is_complete = true);
    }

    /// Stripe stops an account for this reason.
    pub fn restrict(&self, account: &str, reason: &'static str) {
        self.account_becomes(account, |account| account.disabled = Some(reason));
    }

    fn account_becomes(&self, id: &str, change: impl FnOnce(&mut Account)) {
        let now = self.now();
        let mut state = self.state();
        if let Some(account) = state.accounts.get_mut(id) {
            change(account);
            state.happened("account.updated", id, now);
        }
        drop(state);
        self.tell();
    }

    /// From now on the platform's balance does not cover any transfer, or does again.
    pub fn run_dry(&self, yes: bool) {
        self.state().is_penniless = yes;
    }

    /// From now on this account has nothing that could be taken back, or has again.
    pub fn spend(&self, account: &str, yes: bool) {
        let mut state = self.state();
        state.spent.retain(|known| known != account);
        if yes {
            state.spent.push(account.to_owned());
        }
    }

    /// No accounts are made in this country.
    pub fn close_country(&self, country: &str) {
        self.state().closed_countries.push(country.to_owned());
    }

    /// The journal of transfers: to which account, and how much; what was taken back of it is below zero.
    pub fn transferred(&self) -> Vec<(String, i64)> {
        self.state().transferred.clone()
    }

    /// Changes what was taken back to what it should not be.
    pub fn distort_reversals(&self, amount: i64) {
        for reversal in self.state().transfers.values_mut().flat_map(|transfer| &mut transfer.reversals) {
            reversal.amount = amount;
        }
    }

    /// Changes a transfer to what it should not be.
    pub fn distort_transfers(&self, amount: i64) {
        for transfer in self.state().transfers.values_mut() {
            transfer.amount = amount;
        }
    }
}
