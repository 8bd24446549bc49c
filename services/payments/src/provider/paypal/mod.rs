//! PayPal (orders v2). The buyer agrees on PayPal's page; only then, and only by us, is the money taken. Until it is
//! taken there is nothing to call off: an order at PayPal that nobody takes the money of lapses by itself.
//!
//! With `multiparty` vendors who have connected their accounts get their parts themselves: an order has a part of each, of which
//! the platform keeps its fee.

mod disputes;
mod events;
mod objects;
mod partners;
mod payouts;
mod settings;
mod transactions;

use std::{sync::Arc, time::Duration};

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use bytes::Bytes;
use contracts::{client::segment, payments::MethodView};
use http::{HeaderMap, Method, Request, Response, StatusCode, header};
use kernel::{Clock, Money, OrderId, RefundId, Result, Secret, Timestamp};
use runtime::Env;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};

use super::{
    Aftermath, Answer, AnswerCommand, JournalItem, JournalOrder, OpenPayment, PaymentProvider, ProviderDispute,
    ProviderError, ProviderPayment, ProviderRefund, ProviderStatus, RefundCommand, Verified, outgoing::Outgoing,
    payouts::PayoutProvider,
};
use objects::{Capture, Order, Refund, Unit};

pub use objects::Amount;

pub use settings::PayPalSettings;

/// How long before its end a token is not used any more.
const TOKEN_MARGIN: Duration = Duration::from_secs(60);
/// Begins what stands for a payment in events that name its capture alone.
const CAPTURE: &str = "capture:";
/// Parts that PayPal takes in one order; one is kept for what the platform collects.
const UNITS_MAX: usize = 9;
/// What the part is called that the platform collects.
const OURS: &str = "market";

/// PayPal as a provider.
pub struct PayPal {
    settings: PayPalSettings,
    outgoing: Outgoing,
    clock: Arc<dyn Clock>,
    token: tokio::sync::Mutex<Option<Token>>,
}

/// A call.
struct Call<'a> {
    method: Method,
    path: &'a str,
    /// The same for the same step, so that it is done once.
    key: Option<&'a str>,
    /// In the name of this vendor's account.
    of: Option<&'a str>,
    media: &'a str,
    body: Bytes,
}

impl<'a> Call<'a> {
    fn get(path: &'a str) -> Self {
        Self { method: Method::GET, path, key: None, of: None, media: "application/json", body: Bytes::new() }
    }
    fn post(path: &'a str) -> Self {
        Self { method: Method::POST, ..Self::get(path) }
    }
}

/// What proves who we are, for some hours.
struct Token {
    secret: Secret,
    until: Timestamp,
}

/// What PayPal says when it says no.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Refusal {
    name: String,
    details: Vec<Detail>,
    links: Vec<Reference>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Detail {
    field: String,
    issue: String,
    link: Vec<Reference>,
}

/// Where to read more of it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Reference {
    href: String,
}

impl Refusal {
    fn of(response: &Response<Bytes>) -> Self {
        serde_json::from_slice(response.body()).unwrap_or_default()
    }
    fn is(&self, issue: &str) -> bool {
        self.details.iter().any(|detail| detail.issue == issue)
    }
    /// The most exact word there is.
    fn reason(&self) -> String {
        let issue = self.details.first().map_or(self.name.as_str(), |detail| detail.issue.as_str());
        if issue.is_empty() { "refused".to_owned() } else { issue.to_ascii_lowercase() }
    }
}

impl PayPal {
    /// With these settings.
    ///
    /// # Errors
    /// Names the setting that is wrong.
    pub fn new(settings: PayPalSettings, env: &Env) -> Result<Self> {
        settings.check()?;
        let outgoing = Outgoing::new("paypal", settings.address(), settings.timeout_ms, env);
        Ok(Self { settings, outgoing, clock: env.clock.clone(), token: tokio::sync::Mutex::default() })
    }

    /// A token that is still good; those who need a new one wait for the one who fetches it.
    async fn bearer(&self) -> Result<String, ProviderError> {
        #[derive(Deserialize)]
        struct Granted {
            access_token: Secret,
            expires_in: u64,
        }
        let mut token = self.token.lock().await;
        let now = self.clock.now();
        if let Some(token) = token.as_ref().filter(|token| now < token.until) {
            return Ok(format!("Bearer {}", token.secret.expose()));
        }
        let who = format!("{}:{}", self.settings.client_id, self.settings.client_secret.expose());
        let request = Request::builder()
            .method(Method::POST)
            .header(header::AUTHORIZATION, format!("Basic {}", BASE64.encode(who)))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let body = Bytes::from_static(b"grant_type=client_credentials");
        let granted: Granted = read(&self.outgoing.send("/v1/oauth2/token", request, body).await?)?;
        let lasts = Duration::from_secs(granted.expires_in).saturating_sub(TOKEN_MARGIN);
        let bearer = format!("Bearer {}", granted.access_token.expose());
        *token = Some(Token { secret: granted.access_token, until: now.plus(lasts) });
        Ok(bearer)
    }

    async fn call(&self, call: Call<'_>) -> Result<Response<Bytes>, ProviderError> {
        let mut request = Request::builder()
            .method(call.method)
            .header(header::AUTHORIZATION, self.bearer().await?)
            .header(header::CONTENT_TYPE, call.media)
            .header("prefer", "return=representation");
        if let Some(key) = call.key {
            request = request.header("paypal-request-id", key);
        }
        if let Some(account) = call.of {
            request = request.header("paypal-auth-assertion", partners::assertion(&self.settings.client_id, account));
        }
        if !self.settings.attribution_id.is_empty() {
            request = request.header("paypal-partner-attribution-id", &self.settings.attribution_id);
        }
        let response = self.outgoing.send(call.path, request, call.body).await?;
        if response.status() == StatusCode::UNAUTHORIZED {
            // It was taken back before its time; the next call fetches another.
            *self.token.lock().await = None;
        }
        Ok(response)
    }

    async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, ProviderError> {
        read(&self.call(Call::get(path)).await?)
    }

    async fn post<T: DeserializeOwned>(&self, path: &str, key: &str, body: Value) -> Result<T, ProviderError> {
        read(&self.call(Call { key: Some(key), body: Bytes::from(body.to_string()), ..Call::post(path) }).await?)
    }

    /// An order, by its id or by its capture's.
    async fn order(&self, payment_ref: &str) -> Result<Order, ProviderError> {
        let id = match payment_ref.strip_prefix(CAPTURE) {
            Some(capture) => {
                let capture: Capture = self.get(&format!("/v2/payments/captures/{}", segment(&capture))).await?;
                capture.order_id().ok_or(ProviderError::NotFound)?.to_owned()
            }
            None => payment_ref.to_owned(),
        };
        self.get(&format!("/v2/checkout/orders/{}", segment(&id))).await
    }

    /// Whether PayPal owns to an event. It is handed back word for word.
    async fn owns(&self, headers: &HeaderMap, body: &[u8]) -> Result<bool> {
        #[derive(Deserialize)]
        struct Verification {
            verification_status: String,
        }
        let Some(question) = events::question(headers, body, &self.settings.webhook_id) else { return Ok(false) };
        let path = "/v1/notifications/verify-webhook-signature";
        let answer = self.call(Call { body: Bytes::from(question), ..Call::post(path) }).await?;
        let verified: Verification = match read(&answer) {
            Err(ProviderError::Refused { .. } | ProviderError::NotFound) => return Ok(false),
            other => other?,
        };
        Ok(verified.verification_status == "SUCCESS")
    }
}

/// The parts of an order: one of all, or one of each vendor that gets its money itself and one of the rest.
fn units(payment: &OpenPayment) -> Result<Vec<Value>, ProviderError> {
    let unit = |amount: Money| {
        let amount = Amount::of(amount)?;
        Ok(json!({"custom_id": payment.order_id, "description": payment.description, "amount": amount}))
    };
    let mut rest = payment.amount.amount_minor;
    let mut units = Vec::with_capacity(payment.direct.len() + 1);
    for part in &payment.direct {
        rest -= part.amount.amount_minor;
        let mut instruction = json!({"disbursement_mode": "INSTANT"});
        if !part.fee.is_zero() {
            instruction["platform_fees"] = json!([{"amount": Amount::of(part.fee)?}]);
        }
        let mut unit = unit(part.amount)?;
        unit["reference_id"] = json!(part.vendor_id);
        unit["payee"] = json!({"merchant_id": part.account_ref});
        unit["payment_instruction"] = instruction;
        units.push(unit);
    }
    if rest > 0 {
        let mut unit = unit(Money::new(rest, payment.amount.currency))?;
        if !units.is_empty() {
            unit["reference_id"] = json!(OURS);
        }
        units.push(unit);
    }
    Ok(units)
}

/// What an answer means.
fn read<T: DeserializeOwned>(response: &Response<Bytes>) -> Result<T, ProviderError> {
    let status = response.status();
    if status.is_success() {
        return serde_json::from_slice(response.body())
            .map_err(|e| ProviderError::NoAnswer(format!("unreadable answer: {e}")));
    }
    let refusal = Refusal::of(response);
    match status {
        StatusCode::NOT_FOUND => Err(ProviderError::NotFound),
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
            // Ours to mend, not the buyer's: nothing is called off for it.
            tracing::error!(%status, name = refusal.name, "PayPal does not accept us: check payments.paypal");
            Err(ProviderError::NoAnswer(format!("status {status}")))
        }
        StatusCode::CONFLICT | StatusCode::TOO_MANY_REQUESTS => {
            Err(ProviderError::NoAnswer(format!("status {status}")))
        }
        status if status.is_client_error() => {
            tracing::warn!(%status, name = refusal.name, reason = refusal.reason(), "PayPal refused a request");
            Err(ProviderError::Refused { reason: refusal.reason() })
        }
        status => Err(ProviderError::NoAnswer(format!("status {status}"))),
    }
}

fn cancelled() -> ProviderStatus {
    ProviderStatus::Failed { reason: "cancelled".to_owned() }
}

impl PaymentProvider for PayPal {
    fn name(&self) -> &'static str {
        "paypal"
    }

    fn methods(&self) -> Vec<MethodView> {
        self.settings.views()
    }

    fn livemode(&self) -> bool {
        self.settings.live
    }

    fn open(&self, payment: OpenPayment) -> Answer<'_, ProviderPayment> {
        Box::pin(async move {
            let experience = json!({
                "user_action": "PAY_NOW", "shipping_preference": "NO_SHIPPING",
                "payment_method_preference": "IMMEDIATE_PAYMENT_REQUIRED",
                "return_url": payment.return_url, "cancel_url": payment.return_url,
            });
            let body = json!({
                "intent": "CAPTURE", "purchase_units": units(&payment)?,
                "payment_source": {"paypal": {"experience_context": experience}},
            });
            let order: Order = self.post("/v2/checkout/orders", &payment.key, body).await?;
            order.payment(&self.settings)
        })
    }

    fn fetch<'a>(&'a self, payment_ref: &'a str) -> Answer<'a, ProviderPayment> {
        Box::pin(async move { self.order(payment_ref).await?.payment(&self.settings) })
    }

    /// PayPal has no list to look into. What was opened without our knowing moves no money without us, and is given to
    /// us again under the same key.
    fn find_by_reference(&self, _: OrderId, _: Timestamp) -> Answer<'_, Vec<ProviderPayment>> {
        Box::pin(async { Ok(Vec::new()) })
    }

    /// An order can be taken once whatever the key, so none is sent: a buyer whose source of money was refused may
    /// choose another, and then the answer is not to be the old one.
    fn capture<'a>(&'a self, payment_ref: &'a str, _: Money, _: String) -> Answer<'a, ProviderPayment> {
        Box::pin(async move {
            let path = format!("/v2/checkout/orders/{}/capture", segment(&payment_ref));
            let response = self.call(Call { body: Bytes::from_static(b"{}"), ..Call::post(&path) }).await?;
            if Refusal::of(&response).is("INSTRUMENT_DECLINED") {
                let order = self.order(payment_ref).await?;
                let again = order.asks_again().unwrap_or_else(cancelled);
                return order.payment_with(&self.settings, again);
            }
            read::<Order>(&response)?;
            self.order(payment_ref).await?.payment(&self.settings)
        })
    }

    fn cancel<'a>(&'a self, payment_ref: &'a str, _: String) -> Answer<'a, ProviderPayment> {
        Box::pin(async move {
            let order = self.order(payment_ref).await?;
            match order.status.as_str() {
                "COMPLETED" => Err(ProviderError::Refused { reason: "order_already_captured".to_owned() }),
                // Nobody but us can take the money, and we do not.
                _ => order.payment_with(&self.settings, cancelled()),
            }
        })
    }

    fn refund(&self, command: RefundCommand) -> Answer<'_, ProviderRefund> {
        Box::pin(async move {
            let order = self.order(&command.payment_ref).await?;
            let not_paid = || ProviderError::Refused { reason: "not_paid".to_owned() };
            let direct = command.direct.as_ref();
            let unit = order.unit_of(direct.map(|direct| direct.vendor_id));
            let capture = unit.and_then(Unit::capture).ok_or_else(not_paid)?;
            let path = format!("/v2/payments/captures/{}/refund", segment(&capture.id));
            let mut body = json!({"amount": Amount::of(command.amount)?, "custom_id": command.refund_id});
            if let Some(fee) = direct.map(|direct| direct.fee).filter(|fee| !fee.is_zero()) {
                body["payment_instruction"] = json!({"platform_fees": [{"amount": Amount::of(fee)?}]});
            }
            let (key, of) = (Some(command.key.as_str()), direct.map(|direct| direct.account_ref.as_str()));
            let call = Call { key, of, body: Bytes::from(body.to_string()), ..Call::post(&path) };
            let response = self.call(call).await?;
            if of.is_some() && response.status() == StatusCode::FORBIDDEN {
                // The vendor has taken back what it had allowed: that mends nobody here.
                return Err(ProviderError::Refused { reason: "not_allowed_by_vendor".to_owned() });
            }
            read::<Refund>(&response)?.refund()
        })
    }

    fn fetch_refund<'a>(&'a self, refund_ref: &'a str) -> Answer<'a, ProviderRefund> {
        Box::pin(async move {
            self.get::<Refund>(&format!("/v2/payments/refunds/{}", segment(&refund_ref))).await?.refund()
        })
    }

    fn find_refund<'a>(&'a self, payment_ref: &'a str, refund_id: RefundId) -> Answer<'a, Option<ProviderRefund>> {
        Box::pin(async move {
            let order = self.order(payment_ref).await?;
            order.refund(refund_id).map(|refund| refund.refund()).transpose()
        })
    }

    fn fetch_dispute<'a>(&'a self, dispute_ref: &'a str) -> Answer<'a, ProviderDispute> {
        Box::pin(async move { self.dispute(dispute_ref).await })
    }

    fn answer_dispute(&self, command: AnswerCommand) -> Answer<'_, ProviderDispute> {
        Box::pin(async move { self.answer(&command).await })
    }

    fn looks_back(&self) -> bool {
        true
    }

    fn look_back<'a>(&'a self, payment_ref: &'a str) -> Answer<'a, Aftermath> {
        Box::pin(async move {
            let order = self.order(payment_ref).await?;
            let payment = order.payment(&self.settings)?;
            if payment.captured.amount_minor == 0 {
                return Ok(Aftermath::none(payment));
            }
            let disputes = self.disputes_of(&order).await?;
            Ok(Aftermath { refunds: order.all_refunds()?, disputes, payment, undisputed: None })
        })
    }

    /// PayPal is asked whether an event is its own: it signs with a key of a certificate that changes.
    fn verify_webhook<'a>(&'a self, headers: &'a HeaderMap, body: &'a [u8], now: Timestamp) -> Verified<'a> {
        Box::pin(async move {
            events::is_recent(headers, now)?;
            if !self.owns(headers, body).await? {
                return Err(super::signature::bad("PayPal does not own to it"));
            }
            events::read(body, &self.settings.merchant_id)
        })
    }

    fn journal<'a>(&'a self, after: Option<&'a str>) -> Answer<'a, Vec<JournalItem>> {
        Box::pin(async move { if self.settings.transactions { self.paid_after(after).await } else { Ok(Vec::new()) } })
    }

    /// Transactions come to be listed hours later.
    fn journal_order(&self) -> JournalOrder {
        JournalOrder::Opened
    }

    fn pays_directly(&self) -> Option<usize> {
        self.settings.multiparty.then_some(UNITS_MAX)
    }

    fn payouts(&self) -> Option<&dyn PayoutProvider> {
        self.settings.payouts.then_some(self as &dyn PayoutProvider)
    }
}
