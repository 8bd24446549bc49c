//! Midtrans (Snap). The buyer pays on Midtrans' own page, by card, to a virtual account, by QRIS or from an e-wallet, so
//! no card ever comes near Souk. What the buyer does there becomes a transaction; before that Midtrans knows of none, and
//! a page cannot be asked for: what we were told of it when it was opened stands in the payment.

mod events;
mod objects;
mod settings;

use std::{sync::Arc, time::Duration};

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use bytes::Bytes;
use contracts::{client::segment, payments::MethodView};
use db::Db;
use http::{HeaderMap, Method, Request, Response, StatusCode, header};
use kernel::{Clock, Money, OrderId, RefundId, Result, Secret, Timestamp};
use runtime::Env;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};

use super::{
    Aftermath, Answer, JournalItem, OpenPayment, PaymentProvider, ProviderDispute, ProviderError, ProviderPayment,
    ProviderRefund, ProviderStatus, RefundCommand, RefundState, Verified, outgoing::Outgoing,
};
use crate::{model::Payment, store};
use objects::{Name, RefundName, State};

pub use objects::{Transaction, rupiah};

pub use events::signature;

pub use settings::MidtransSettings;

/// Says that a page was called off before, or has lapsed.
const IS_CLOSED: [&str; 3] = ["token already canceled", "token not found", "token is expired"];

/// Midtrans as a provider.
pub struct Midtrans {
    settings: MidtransSettings,
    api: Outgoing,
    snap: Outgoing,
    db: Db,
    clock: Arc<dyn Clock>,
}

/// What Midtrans says beside its objects. The code within an answer counts, whatever the answer's own status.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Said {
    status_code: String,
    status_message: String,
    error_messages: Vec<String>,
}

impl Said {
    fn of(response: &Response<Bytes>) -> Self {
        serde_json::from_slice(response.body()).unwrap_or_default()
    }
    fn code(&self, response: &Response<Bytes>) -> u16 {
        let status = response.status();
        let own = self.status_code.parse().ok().filter(|_| !status.is_server_error());
        own.unwrap_or(status.as_u16())
    }
    fn words(&self) -> &str {
        self.error_messages.first().unwrap_or(&self.status_message)
    }
}

/// A page that was opened.
#[derive(Deserialize)]
struct Opened {
    redirect_url: String,
}

impl Midtrans {
    /// With these settings.
    ///
    /// # Errors
    /// Names the setting that is wrong.
    pub fn new(settings: MidtransSettings, env: &Env) -> Result<Self> {
        settings.check()?;
        let api = Outgoing::new("midtrans", settings.api(), settings.timeout_ms, env);
        let snap = Outgoing::new("midtrans_snap", settings.snap(), settings.timeout_ms, env);
        Ok(Self { settings, api, snap, db: env.db.clone(), clock: env.clock.clone() })
    }

    async fn send(
        &self,
        to: &Outgoing,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Response<Bytes>, ProviderError> {
        let who = format!("{}:", self.settings.server_key.expose());
        let request = Request::builder()
            .method(method)
            .header(header::AUTHORIZATION, format!("Basic {}", BASE64.encode(who)))
            .header(header::ACCEPT, "application/json")
            .header(header::CONTENT_TYPE, "application/json");
        let body = body.map(|body| Bytes::from(body.to_string())).unwrap_or_default();
        to.send(path, request, body).await
    }

    async fn ask(&self, name: &str) -> Result<Transaction, ProviderError> {
        let path = format!("/v2/{}/status", segment(&name));
        read(&self.send(&self.api, Method::GET, &path, None).await?)
    }

    async fn tell(&self, name: &str, what: &str, body: &Value) -> Result<Response<Bytes>, ProviderError> {
        let path = format!("/v2/{}/{what}", segment(&name));
        self.send(&self.api, Method::POST, &path, Some(body)).await
    }

    /// The payment that a name is of.
    async fn known(&self, name: Name) -> Result<Payment, ProviderError> {
        let silent = |error: kernel::Error| ProviderError::NoAnswer(error.to_string());
        let found = store::read_payment_of(&self.db, name.order_id).await.map_err(silent)?;
        found
            .filter(|payment| payment.provider == "midtrans" || name.attempt < payment.attempt)
            .ok_or(ProviderError::NotFound)
    }

    /// The page of an attempt, as long as it is open.
    fn page<'a>(&self, payment: &'a Payment, name: Name) -> Option<&'a str> {
        let open_for = Duration::from_secs(u64::from(self.settings.wait_hours) * 3600);
        let lapses_at = payment.opened_at.unwrap_or(payment.created_at).plus(open_for);
        let is_this = payment.attempt == name.attempt && self.clock.now() < lapses_at;
        payment.action_url.as_deref().filter(|_| is_this)
    }

    /// How a payment stands while the buyer has done nothing on its page.
    fn untouched(&self, payment: &Payment, name: Name) -> ProviderPayment {
        let status = match self.page(payment, name) {
            Some(url) => ProviderStatus::RequiresAction { url: url.to_owned() },
            None => ProviderStatus::Failed { reason: "expired".to_owned() },
        };
        self.payment(payment, name, status)
    }

    fn payment(&self, payment: &Payment, name: Name, status: ProviderStatus) -> ProviderPayment {
        ProviderPayment {
            id: name.to_string(),
            reference: payment.order_id.to_string(),
            amount: payment.amount,
            captured: Money::zero(payment.amount.currency),
            fee: None,
            livemode: self.settings.live,
            is_elsewhere: false,
            direct: Vec::new(),
            status,
        }
    }

    async fn look(&self, payment_ref: &str) -> Result<ProviderPayment, ProviderError> {
        let name = Name::parse(payment_ref).ok_or(ProviderError::NotFound)?;
        match self.ask(payment_ref).await {
            Ok(transaction) => {
                let payment = self.known(name).await.ok();
                let page = payment.as_ref().and_then(|payment| self.page(payment, name));
                transaction.payment(self.settings.live, page)
            }
            Err(ProviderError::NotFound) => Ok(self.untouched(&self.known(name).await?, name)),
            Err(error) => Err(error),
        }
    }

    /// Closes a page: whoever still has it open cannot pay there any more.
    async fn close(&self, page: &str) -> Result<(), ProviderError> {
        let token = page.split(['?', '#']).next().and_then(|page| page.trim_end_matches('/').rsplit('/').next());
        let path = format!("/snap/v1/transactions/{}/cancel", segment(&token.unwrap_or_default()));
        let response = self.send(&self.snap, Method::POST, &path, Some(&json!({}))).await?;
        let words = Said::of(&response).words().to_ascii_lowercase();
        if response.status() == StatusCode::NOT_FOUND || IS_CLOSED.contains(&words.as_str()) {
            return Ok(());
        }
        read::<serde::de::IgnoredAny>(&response).map(drop)
    }

    /// Calls off what the buyer has begun on the page. Refused if it is paid.
    async fn stop(&self, transaction: &Transaction) -> Result<(), ProviderError> {
        if transaction.has_money() {
            return Err(ProviderError::Refused { reason: "paid".to_owned() });
        }
        match transaction.state {
            State::Pending | State::Authorize | State::Capture => {
                read::<serde::de::IgnoredAny>(&self.tell(&transaction.order_id, "cancel", &json!({})).await?).map(drop)
            }
            // Over, by itself.
            State::Deny
            | State::Cancel
            | State::Expire
            | State::Failure
            | State::Settlement
            | State::Refund
            | State::PartialRefund
            | State::Chargeback
            | State::PartialChargeback => Ok(()),
        }
    }

    /// Gives money of a settled payment back. The key is the refund's, so it is done once.
    async fn give_back(&self, refund: RefundName<'_>, reason: &str) -> Result<ProviderRefund, ProviderError> {
        let amount = refund.amount.ok_or(ProviderError::NotFound)?;
        let reason: String = reason.chars().take(100).collect();
        let body = json!({"refund_key": refund.key, "amount": rupiah(amount)?, "reason": reason});
        let response = self.tell(refund.payment, "refund", &body).await?;
        let said = Said::of(&response);
        match said.code(&response) {
            201 => refund.refund(RefundState::Pending),
            202 => Err(ProviderError::Refused { reason: "refund_denied".to_owned() }),
            _ => match read::<serde::de::IgnoredAny>(&response) {
                Ok(_) => refund.refund(RefundState::Succeeded),
                // It may say no because it has done it before.
                Err(refusal @ ProviderError::Refused { .. }) => {
                    self.ask(refund.payment).await?.refund(refund.key)?.ok_or(refusal)
                }
                Err(error) => Err(error),
            },
        }
    }

    /// A refund of ours, wherever it stands: done, to be done now, or once the payment is settled.
    async fn carry_on(&self, refund: RefundName<'_>, reason: &str) -> Result<ProviderRefund, ProviderError> {
        let transaction = self.ask(refund.payment).await?;
        if let Some(done) = transaction.refund(refund.key)? {
            return Ok(done);
        }
        let is_whole = refund.amount == Some(transaction.amount()?);
        match transaction.state {
            // A card that is not settled: called off it costs nothing, and is never given back in part.
            State::Capture if is_whole => {
                read::<serde::de::IgnoredAny>(&self.tell(refund.payment, "cancel", &json!({})).await?)?;
                refund.refund(RefundState::Succeeded)
            }
            State::Capture => refund.refund(RefundState::Pending),
            // Called off by us, and the answer was lost.
            State::Cancel if is_whole => refund.refund(RefundState::Succeeded),
            _ if transaction.has_money() => self.give_back(refund, reason).await,
            _ => Err(ProviderError::Refused { reason: "not_paid".to_owned() }),
        }
    }

    fn keys(&self) -> impl Iterator<Item = &Secret> {
        [Some(&self.settings.server_key), self.settings.server_key_previous.as_ref()].into_iter().flatten()
    }
}

/// What an answer means.
fn read<T: DeserializeOwned>(response: &Response<Bytes>) -> Result<T, ProviderError> {
    let said = Said::of(response);
    let no_answer = |code| Err(ProviderError::NoAnswer(format!("status {code}")));
    match said.code(response) {
        // An expired transaction is shown with a code of its own.
        200..=299 | 407 => serde_json::from_slice(response.body())
            .map_err(|e| ProviderError::NoAnswer(format!("unreadable answer: {e}"))),
        404 => Err(ProviderError::NotFound),
        code @ 401..=403 => {
            // Ours to mend, not the buyer's: nothing is called off for it.
            tracing::error!(code, words = said.words(), "Midtrans does not accept us: check payments.midtrans");
            no_answer(code)
        }
        code @ (409 | 429) => no_answer(code),
        code @ 400..=499 => {
            tracing::warn!(code, words = said.words(), "Midtrans refused a request");
            Err(ProviderError::Refused { reason: format!("midtrans_{code}") })
        }
        code => no_answer(code),
    }
}

fn cancelled() -> ProviderStatus {
    ProviderStatus::Failed { reason: "cancelled".to_owned() }
}

impl PaymentProvider for Midtrans {
    fn name(&self) -> &'static str {
        "midtrans"
    }

    fn methods(&self) -> Vec<MethodView> {
        self.settings.views()
    }

    fn livemode(&self) -> bool {
        self.settings.live
    }

    /// The same name again gives another page, and closes the one before, so one page at most takes money.
    fn open(&self, payment: OpenPayment) -> Answer<'_, ProviderPayment> {
        Box::pin(async move {
            let name = payment.key.replace(":open:", "-");
            let ends = json!({"duration": self.settings.wait_hours, "unit": "hours"});
            let mut body = json!({
                "transaction_details": {"order_id": name, "gross_amount": rupiah(payment.amount)?},
                "credit_card": {"secure": true}, "callbacks": {"finish": payment.return_url},
                "expiry": ends, "page_expiry": ends,
            });
            if !self.settings.channels.is_empty() {
                body["enabled_payments"] = json!(self.settings.channels);
            }
            let response = self.send(&self.snap, Method::POST, "/snap/v1/transactions", Some(&body)).await?;
            match read::<Opened>(&response) {
                Ok(Opened { redirect_url }) => Ok(ProviderPayment {
                    id: name,
                    reference: payment.order_id.to_string(),
                    amount: payment.amount,
                    captured: Money::zero(payment.amount.currency),
                    fee: None,
                    livemode: self.settings.live,
                    is_elsewhere: false,
                    direct: Vec::new(),
                    status: ProviderStatus::RequiresAction { url: redirect_url },
                }),
                // The name has been used: somebody has paid, or begun to.
                Err(refusal @ ProviderError::Refused { .. }) if Said::of(&response).words().contains("taken") => {
                    match self.ask(&name).await {
                        Ok(transaction) => transaction.payment(self.settings.live, None),
                        Err(ProviderError::NotFound) => Err(refusal),
                        Err(error) => Err(error),
                    }
                }
                Err(error) => Err(error),
            }
        })
    }

    fn fetch<'a>(&'a self, payment_ref: &'a str) -> Answer<'a, ProviderPayment> {
        Box::pin(self.look(payment_ref))
    }

    /// A page of which nobody was told takes no money; only what has become of one can be found.
    fn find_by_reference(&self, order_id: OrderId, _: Timestamp) -> Answer<'_, Vec<ProviderPayment>> {
        Box::pin(async move {
            let attempts = self.known(Name { order_id, attempt: 1 }).await?.attempt;
            let mut found = Vec::new();
            for attempt in 1..=attempts {
                match self.ask(&Name { order_id, attempt }.to_string()).await {
                    Ok(transaction) => found.push(transaction.payment(self.settings.live, None)?),
                    Err(ProviderError::NotFound) => {}
                    Err(error) => return Err(error),
                }
            }
            Ok(found)
        })
    }

    fn capture<'a>(&'a self, _: &'a str, _: Money, _: String) -> Answer<'a, ProviderPayment> {
        Box::pin(async { Err(ProviderError::Refused { reason: "nothing_to_take".to_owned() }) })
    }

    /// First what was begun on the page, then the page itself, so that nothing can be begun in between and be missed: a
    /// page on which something was begun since refuses to be closed.
    fn cancel<'a>(&'a self, payment_ref: &'a str, _: String) -> Answer<'a, ProviderPayment> {
        Box::pin(async move {
            let name = Name::parse(payment_ref).ok_or(ProviderError::NotFound)?;
            match self.ask(payment_ref).await {
                Ok(transaction) => self.stop(&transaction).await?,
                Err(ProviderError::NotFound) => {}
                Err(error) => return Err(error),
            }
            let payment = self.known(name).await?;
            if let Some(page) = self.page(&payment, name) {
                self.close(page).await?;
            }
            Ok(self.payment(&payment, name, cancelled()))
        })
    }

    fn refund(&self, command: RefundCommand) -> Answer<'_, ProviderRefund> {
        Box::pin(async move {
            let key = command.refund_id.to_string();
            rupiah(command.amount)?;
            let name = RefundName { payment: &command.payment_ref, key: &key, amount: Some(command.amount) };
            self.carry_on(name, &command.reason).await
        })
    }

    /// One that waits for its payment to be settled is sent as soon as that is so.
    fn fetch_refund<'a>(&'a self, refund_ref: &'a str) -> Answer<'a, ProviderRefund> {
        Box::pin(async move {
            let name = RefundName::parse(refund_ref).ok_or(ProviderError::NotFound)?;
            if name.ours().is_some() && name.amount.is_some() {
                return self.carry_on(name, "Refund").await;
            }
            self.ask(name.payment).await?.refund(name.key)?.ok_or(ProviderError::NotFound)
        })
    }

    fn find_refund<'a>(&'a self, payment_ref: &'a str, refund_id: RefundId) -> Answer<'a, Option<ProviderRefund>> {
        Box::pin(async move { self.ask(payment_ref).await?.refund(&refund_id.to_string()) })
    }

    /// It has no name of its own: it is the state of its transaction.
    fn fetch_dispute<'a>(&'a self, dispute_ref: &'a str) -> Answer<'a, ProviderDispute> {
        Box::pin(async move {
            let transaction = self.ask(dispute_ref).await?;
            transaction.dispute(self.settings.live)?.ok_or(ProviderError::NotFound)
        })
    }

    fn looks_back(&self) -> bool {
        true
    }

    /// Refunds and disputes stand in the transaction. A page on which nobody has done anything is not found.
    fn look_back<'a>(&'a self, payment_ref: &'a str) -> Answer<'a, Aftermath> {
        Box::pin(async move {
            let transaction = self.ask(payment_ref).await?;
            let payment = transaction.payment(self.settings.live, None)?;
            let dispute = transaction.dispute(self.settings.live)?;
            let undisputed = dispute.is_none().then(|| payment_ref.to_owned());
            let disputes = dispute.into_iter().collect();
            Ok(Aftermath { payment, refunds: transaction.all_refunds()?, disputes, undisputed })
        })
    }

    fn verify_webhook<'a>(&'a self, _: &'a HeaderMap, body: &'a [u8], _: Timestamp) -> Verified<'a> {
        Box::pin(async move { events::read(body, self.keys()) })
    }

    /// Midtrans has no list to look into.
    fn journal<'a>(&'a self, _: Option<&'a str>) -> Answer<'a, Vec<JournalItem>> {
        Box::pin(async { Ok(Vec::new()) })
    }
}
