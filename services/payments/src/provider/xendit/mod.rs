//! Xendit (invoices). The buyer pays on Xendit's own page, by card, to a virtual account, by QRIS or from an e-wallet,
//! so no card ever comes near Souk. The invoice is the payment; our order is its `external_id`.

mod events;
mod objects;
mod payouts;
mod settings;

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
    Aftermath, Answer, JournalItem, OpenPayment, PaymentProvider, ProviderError, ProviderPayment, ProviderRefund,
    RefundCommand, Verified, outgoing::Outgoing, payouts::PayoutProvider,
};
use objects::{Invoice, Refund, Refunds};

pub use objects::{amount_in, amount_out};

pub use settings::XenditSettings;

/// Invoices of a list read at once.
const PAGE: usize = 100;
/// Questions asked at once, before the journal is given up for now.
const QUESTIONS_MAX: usize = 50;
/// Where the journal begins on the first time.
const FIRST_LOOK_BACK: Duration = Duration::from_secs(24 * 3600);

/// Parameters of a question.
type Form = Vec<(&'static str, String)>;

/// Xendit as a provider.
pub struct Xendit {
    settings: XenditSettings,
    outgoing: Outgoing,
    clock: Arc<dyn Clock>,
}

/// What Xendit says when it says no.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Refusal {
    error_code: String,
    message: String,
}

impl Refusal {
    fn of(response: &Response<Bytes>) -> Self {
        serde_json::from_slice(response.body()).unwrap_or_default()
    }
    fn reason(&self) -> String {
        if self.error_code.is_empty() { "refused".to_owned() } else { self.error_code.to_ascii_lowercase() }
    }
}

impl Xendit {
    /// With these settings.
    ///
    /// # Errors
    /// Names the setting that is wrong.
    pub fn new(settings: XenditSettings, env: &Env) -> Result<Self> {
        settings.check()?;
        let outgoing = Outgoing::new("xendit", &settings.base_url, settings.timeout_ms, env);
        Ok(Self { settings, outgoing, clock: env.clock.clone() })
    }

    async fn send(
        &self,
        method: Method,
        path: &str,
        key: Option<&str>,
        body: Bytes,
    ) -> Result<Response<Bytes>, ProviderError> {
        let who = format!("{}:", self.settings.secret_key.expose());
        let mut request = Request::builder()
            .method(method)
            .header(header::AUTHORIZATION, format!("Basic {}", BASE64.encode(who)))
            .header(header::CONTENT_TYPE, "application/json");
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        self.outgoing.send(path, request, body).await
    }

    async fn get<T: DeserializeOwned>(&self, path: &str, form: Form) -> Result<T, ProviderError> {
        let form = serde_urlencoded::to_string(form).unwrap_or_default();
        let question = if form.is_empty() { path.to_owned() } else { format!("{path}?{form}") };
        read(&self.send(Method::GET, &question, None, Bytes::new()).await?)
    }

    async fn post(&self, path: &str, key: Option<&str>, body: &Value) -> Result<Response<Bytes>, ProviderError> {
        self.send(Method::POST, path, key, Bytes::from(body.to_string())).await
    }

    async fn refunds_of(&self, invoice: &str) -> Result<Vec<Refund>, ProviderError> {
        let form = vec![("invoice_id", invoice.to_owned()), ("limit", PAGE.to_string())];
        Ok(self.get::<Refunds>("/refunds", form).await?.data)
    }

    fn webhook_tokens(&self) -> impl Iterator<Item = &Secret> {
        [Some(&self.settings.webhook_token), self.settings.webhook_token_previous.as_ref()].into_iter().flatten()
    }

    /// What was paid after `since` and not after `until`. They come by when they were made; none if there are more than
    /// a page of them.
    async fn paid_within(&self, since: Timestamp, until: Timestamp) -> Result<Option<Vec<JournalItem>>, ProviderError> {
        let before = until.plus(Duration::from_secs(1));
        let form = vec![
            // Either has an effect only with the other.
            ("paid_after", since.to_string()),
            ("paid_before", before.to_string()),
            ("limit", PAGE.to_string()),
        ];
        let page: Vec<Invoice> = self.get("/v2/invoices", form).await?;
        if page.len() >= PAGE {
            return Ok(None);
        }
        let mut items = Vec::with_capacity(page.len());
        for invoice in page {
            if let Some(at) = invoice.paid_at().filter(|at| since < *at && *at <= until && invoice.is_ours()) {
                items.push(invoice.item(at)?);
            }
        }
        items.sort_by(|a, b| (a.created_at, &a.payment_ref).cmp(&(b.created_at, &b.payment_ref)));
        Ok(Some(items))
    }

    /// What was paid after `since`, oldest first: as much as a page holds, of a time that is halved until it does.
    async fn paid_after(&self, mut since: Timestamp) -> Result<Vec<JournalItem>, ProviderError> {
        let end = self.clock.now();
        let mut until = end;
        for _ in 0..QUESTIONS_MAX {
            match self.paid_within(since, until).await? {
                None => until = since.plus(until.since(since) / 2),
                Some(items) if items.is_empty() && until < end => (since, until) = (until, end),
                Some(items) => return Ok(items),
            }
        }
        Err(ProviderError::NoAnswer("more invoices than can be looked through".to_owned()))
    }
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
            tracing::error!(%status, code = refusal.error_code, "Xendit does not accept us: check payments.xendit");
            Err(ProviderError::NoAnswer(format!("status {status}")))
        }
        StatusCode::CONFLICT | StatusCode::TOO_MANY_REQUESTS => {
            Err(ProviderError::NoAnswer(format!("status {status} {}", refusal.error_code)))
        }
        // Another refund of the same invoice is under way: this one comes after it.
        _ if refusal.error_code == "REFUND_IN_PROGRESS" => Err(ProviderError::NoAnswer(refusal.reason())),
        status if status.is_client_error() => {
            tracing::warn!(%status, code = refusal.error_code, words = refusal.message, "Xendit refused a request");
            Err(ProviderError::Refused { reason: refusal.reason() })
        }
        status => Err(ProviderError::NoAnswer(format!("status {status}"))),
    }
}

impl PaymentProvider for Xendit {
    fn name(&self) -> &'static str {
        "xendit"
    }

    fn methods(&self) -> Vec<MethodView> {
        self.settings.views()
    }

    fn livemode(&self) -> bool {
        self.settings.live
    }

    /// Invoices have no keys: one whose answer was lost is found by its `external_id` before another is made. Should
    /// two exist all the same, only one of the pages has ever been shown.
    fn open(&self, payment: OpenPayment) -> Answer<'_, ProviderPayment> {
        Box::pin(async move {
            let mut body = json!({
                "external_id": payment.order_id, "amount": amount_out(payment.amount)?,
                "currency": payment.amount.currency, "description": payment.description,
                "invoice_duration": u64::from(self.settings.wait_hours) * 3600, "should_send_email": false,
                "success_redirect_url": payment.return_url, "failure_redirect_url": payment.return_url,
            });
            if !self.settings.channels.is_empty() {
                body["payment_methods"] = json!(self.settings.channels);
            }
            read::<Invoice>(&self.post("/v2/invoices", None, &body).await?)?.payment(&self.settings)
        })
    }

    fn fetch<'a>(&'a self, payment_ref: &'a str) -> Answer<'a, ProviderPayment> {
        Box::pin(async move {
            let path = format!("/v2/invoices/{}", segment(&payment_ref));
            self.get::<Invoice>(&path, Form::new()).await?.payment(&self.settings)
        })
    }

    fn find_by_reference(&self, order_id: OrderId, _: Timestamp) -> Answer<'_, Vec<ProviderPayment>> {
        Box::pin(async move {
            let form = vec![("external_id", order_id.to_string()), ("limit", PAGE.to_string())];
            let found: Vec<Invoice> = self.get("/v2/invoices", form).await?;
            // They come newest first.
            found.into_iter().rev().map(|invoice| invoice.payment(&self.settings)).collect()
        })
    }

    fn capture<'a>(&'a self, _: &'a str, _: Money, _: String) -> Answer<'a, ProviderPayment> {
        Box::pin(async { Err(ProviderError::Refused { reason: "nothing_to_take".to_owned() }) })
    }

    fn cancel<'a>(&'a self, payment_ref: &'a str, _: String) -> Answer<'a, ProviderPayment> {
        Box::pin(async move {
            let path = format!("/invoices/{}/expire!", segment(&payment_ref));
            read::<Invoice>(&self.post(&path, None, &json!({})).await?)?.payment(&self.settings)
        })
    }

    fn refund(&self, command: RefundCommand) -> Answer<'_, ProviderRefund> {
        Box::pin(async move {
            let body = json!({
                "invoice_id": command.payment_ref, "reference_id": command.refund_id, "reason": "REQUESTED_BY_CUSTOMER",
                "amount": amount_out(command.amount)?, "currency": command.amount.currency,
            });
            let response = self.post("/refunds", Some(&command.key), &body).await?;
            if Refusal::of(&response).error_code == "DUPLICATE_ERROR" {
                // Made before, under a key that Xendit has forgotten meanwhile.
                let known = self.find_refund(&command.payment_ref, command.refund_id).await?;
                return known.ok_or_else(|| ProviderError::NoAnswer("a duplicate of nothing".to_owned()));
            }
            read::<Refund>(&response)?.refund()
        })
    }

    fn fetch_refund<'a>(&'a self, refund_ref: &'a str) -> Answer<'a, ProviderRefund> {
        Box::pin(async move {
            self.get::<Refund>(&format!("/refunds/{}", segment(&refund_ref)), Form::new()).await?.refund()
        })
    }

    fn find_refund<'a>(&'a self, payment_ref: &'a str, refund_id: RefundId) -> Answer<'a, Option<ProviderRefund>> {
        Box::pin(async move {
            let refunds = self.refunds_of(payment_ref).await?;
            refunds.iter().find(|refund| refund.ours() == Some(refund_id)).map(Refund::refund).transpose()
        })
    }

    fn looks_back(&self) -> bool {
        true
    }

    fn look_back<'a>(&'a self, payment_ref: &'a str) -> Answer<'a, Aftermath> {
        Box::pin(async move {
            let payment = self.fetch(payment_ref).await?;
            if payment.captured.amount_minor == 0 {
                return Ok(Aftermath::none(payment));
            }
            let refunds = self.refunds_of(payment_ref).await?;
            let refunds = refunds.iter().map(Refund::refund).collect::<Result<Vec<_>, _>>()?;
            Ok(Aftermath { refunds, ..Aftermath::none(payment) })
        })
    }

    fn verify_webhook<'a>(&'a self, headers: &'a HeaderMap, body: &'a [u8], now: Timestamp) -> Verified<'a> {
        Box::pin(async move {
            events::check(self.webhook_tokens(), headers)?;
            events::read(body, now)
        })
    }

    /// Invoices that were paid, by when they were. On the first time it begins a day ago.
    fn journal<'a>(&'a self, after: Option<&'a str>) -> Answer<'a, Vec<JournalItem>> {
        Box::pin(async move {
            let since = match after {
                Some(position) => position.parse().map_err(|_| ProviderError::NotFound)?,
                None => self.clock.now().minus(FIRST_LOOK_BACK),
            };
            self.paid_after(since).await
        })
    }

    fn payouts(&self) -> Option<&dyn PayoutProvider> {
        (!self.settings.payout_channels.is_empty()).then_some(self as &dyn PayoutProvider)
    }
}
