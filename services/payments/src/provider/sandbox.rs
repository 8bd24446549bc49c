//! The sandbox gateway, over its HTTP API.

mod transfers;

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use contracts::{disputes::DisputeStatus, payments::MethodView};
use http::{HeaderMap, Method, Request, StatusCode, header};
use kernel::{Currency, Error, Money, OrderId, RefundId, Result, Secret, Timestamp};
use runtime::HttpOut;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};

use super::{
    Answer, AnswerCommand, JournalItem, JournalOrder, OpenPayment, PaymentProvider, ProviderDispute, ProviderError,
    ProviderEvent, ProviderPayment, ProviderRefund, ProviderStatus, RefundCommand, RefundState, Verified,
    payouts::PayoutProvider, signature,
};

/// Header with the signature of an event.
const SIGNATURE: &str = "sandbox-signature";
/// Payments of the journal read at once.
const JOURNAL_PAGE: usize = 500;

/// How the sandbox is reached.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SandboxSettings {
    /// Address of the gateway; without one there is no sandbox.
    pub base_url: String,
    /// Key for our calls.
    pub secret_key: Secret,
    /// Key of the signatures of its events.
    pub webhook_secret: Secret,
    /// The one before, while keys are being changed.
    pub webhook_secret_previous: Option<Secret>,
    /// How long to wait for an answer.
    pub timeout_ms: u64,
    /// What the sandbox inside this process keeps of each capture, in basis points.
    pub fee_bp: u16,
}

impl Default for SandboxSettings {
    fn default() -> Self {
        Self {
            base_url: String::new(),
            secret_key: Secret::default(),
            webhook_secret: Secret::default(),
            webhook_secret_previous: None,
            timeout_ms: 5_000,
            fee_bp: 0,
        }
    }
}

impl SandboxSettings {
    /// True if the sandbox is to be offered.
    pub fn is_set(&self) -> bool {
        !self.base_url.is_empty()
    }

    /// # Errors
    /// Names the setting that is missing.
    pub fn check(&self) -> Result<()> {
        for (name, secret) in [("secret_key", &self.secret_key), ("webhook_secret", &self.webhook_secret)] {
            if secret.expose().len() < 16 {
                return Err(Error::invalid(format!("payments.sandbox.{name}"), "Set it, with at least 16 letters."));
            }
        }
        if self.fee_bp > 10_000 {
            return Err(Error::invalid("payments.sandbox.fee_bp", "Use 10000, which is all of it, at most."));
        }
        Ok(())
    }

    /// What buyers may choose.
    pub fn views(&self) -> Vec<MethodView> {
        let hint = "You pay on the page of our payment provider and come back here.";
        vec![MethodView::new("card", "Card", hint)]
    }
}

/// The sandbox as a provider.
pub struct Sandbox {
    settings: SandboxSettings,
    base_url: String,
    out: Arc<dyn HttpOut>,
}

impl Sandbox {
    /// Over `out`.
    ///
    /// # Errors
    /// Names the setting that is missing.
    pub fn new(settings: SandboxSettings, out: Arc<dyn HttpOut>) -> Result<Self> {
        settings.check()?;
        let base_url = settings.base_url.trim_end_matches('/').to_owned();
        Ok(Self { settings, base_url, out })
    }

    async fn call<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        key: Option<&str>,
        body: Option<Value>,
    ) -> Result<T, ProviderError> {
        let unsent = |e: http::Error| ProviderError::Refused { reason: format!("request: {e}") };
        let mut request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.base_url))
            .header(header::AUTHORIZATION, format!("Bearer {}", self.settings.secret_key.expose()));
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        let body = match body {
            Some(body) => {
                request = request.header(header::CONTENT_TYPE, "application/json");
                Bytes::from(body.to_string())
            }
            None => Bytes::new(),
        };
        let timeout = Duration::from_millis(self.settings.timeout_ms);
        let response = self.out.send(request.body(body).map_err(unsent)?, timeout).await;
        let response = response.map_err(|e| ProviderError::NoAnswer(e.to_string()))?;
        read(response.status(), response.body())
    }

    fn webhook_secrets(&self) -> impl Iterator<Item = &Secret> + Clone {
        [Some(&self.settings.webhook_secret), self.settings.webhook_secret_previous.as_ref()].into_iter().flatten()
    }
}

/// What an answer means.
fn read<T: DeserializeOwned>(status: StatusCode, body: &[u8]) -> Result<T, ProviderError> {
    #[derive(Deserialize)]
    struct Refusal {
        error: Code,
    }
    #[derive(Deserialize)]
    struct Code {
        code: String,
    }
    let reason = || serde_json::from_slice::<Refusal>(body).map_or_else(|_| "refused".to_owned(), |r| r.error.code);
    match status {
        status if status.is_success() => {
            serde_json::from_slice(body).map_err(|e| ProviderError::NoAnswer(format!("unreadable answer: {e}")))
        }
        StatusCode::NOT_FOUND => Err(ProviderError::NotFound),
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
            // Ours to mend, not the buyer's: nothing is called off for it.
            tracing::error!(%status, "the sandbox does not accept our key: check payments.sandbox.secret_key");
            Err(ProviderError::NoAnswer(format!("status {status}")))
        }
        StatusCode::TOO_MANY_REQUESTS => Err(ProviderError::NoAnswer(format!("status {status}"))),
        status if status.is_client_error() => Err(ProviderError::Refused { reason: reason() }),
        status => Err(ProviderError::NoAnswer(format!("status {status}"))),
    }
}

#[derive(Deserialize)]
struct PaymentBody {
    id: String,
    status: String,
    amount_minor: i64,
    currency: Currency,
    reference: String,
    captured_minor: i64,
    #[serde(default)]
    fee_minor: Option<i64>,
    livemode: bool,
    #[serde(default)]
    hosted_url: Option<String>,
    #[serde(default)]
    failure_code: Option<String>,
    #[serde(default)]
    refunds: Vec<RefundBody>,
}

impl PaymentBody {
    fn payment(self) -> Result<ProviderPayment, ProviderError> {
        let failure = |otherwise: &str| self.failure_code.clone().unwrap_or_else(|| otherwise.to_owned());
        let status = match self.status.as_str() {
            "requires_payment" | "requires_action" => match &self.hosted_url {
                Some(url) => ProviderStatus::RequiresAction { url: url.clone() },
                None => return Err(ProviderError::NoAnswer("a payment that waits, without a page".to_owned())),
            },
            "processing" => ProviderStatus::Processing,
            "requires_capture" => ProviderStatus::Authorised,
            "succeeded" => ProviderStatus::Succeeded,
            "failed" => ProviderStatus::Failed { reason: failure("declined") },
            "canceled" => ProviderStatus::Failed { reason: failure("cancelled") },
            other => return Err(ProviderError::NoAnswer(format!("unknown status {other:?}"))),
        };
        Ok(ProviderPayment {
            id: self.id,
            reference: self.reference,
            amount: Money::new(self.amount_minor, self.currency),
            captured: Money::new(self.captured_minor, self.currency),
            fee: self.fee_minor.map(|fee| Money::new(fee, self.currency)),
            livemode: self.livemode,
            is_elsewhere: false,
            direct: Vec::new(),
            status,
        })
    }
}

#[derive(Deserialize)]
struct RefundBody {
    id: String,
    amount_minor: i64,
    currency: Currency,
    status: String,
    reason: String,
}

impl RefundBody {
    fn refund(self) -> Result<ProviderRefund, ProviderError> {
        let state = match self.status.as_str() {
            "pending" => RefundState::Pending,
            "succeeded" => RefundState::Succeeded,
            "failed" => RefundState::Failed,
            other => return Err(ProviderError::NoAnswer(format!("unknown status {other:?}"))),
        };
        Ok(ProviderRefund {
            id: self.id,
            refund_id: named_refund(&self.reason),
            amount: Money::new(self.amount_minor, self.currency),
            state,
        })
    }
}

#[derive(Deserialize)]
struct DisputeBody {
    id: String,
    payment: String,
    amount_minor: i64,
    currency: Currency,
    reason: String,
    status: String,
    evidence_due: Timestamp,
    withdrawn_minor: i64,
    fee_minor: i64,
}

impl DisputeBody {
    fn dispute(self) -> Result<ProviderDispute, ProviderError> {
        let status = match self.status.as_str() {
            "needs_response" => DisputeStatus::Opened,
            "under_review" => DisputeStatus::UnderReview,
            "won" => DisputeStatus::Won,
            "lost" => DisputeStatus::Lost,
            other => return Err(ProviderError::NoAnswer(format!("unknown status {other:?}"))),
        };
        Ok(ProviderDispute {
            of_vendor: None,
            id: self.id,
            payment_ref: self.payment,
            amount: Money::new(self.amount_minor, self.currency),
            reason: self.reason,
            status,
            evidence_due: Some(self.evidence_due),
            is_withdrawn: self.withdrawn_minor > 0,
            fee: Money::new(self.fee_minor, self.currency),
            livemode: false,
        })
    }
}

/// Our refund's id goes in front of the reason, so that we find it again.
fn refund_reason(id: RefundId, reason: &str) -> String {
    let reason: String = reason.chars().filter(|c| !c.is_control()).take(150).collect();
    format!("{id} {reason}")
}

fn named_refund(reason: &str) -> Option<RefundId> {
    reason.split(' ').next()?.parse().ok()
}

#[derive(Deserialize)]
struct Items<T> {
    items: Vec<T>,
}

#[derive(Deserialize)]
struct JournalBody {
    seq: i64,
    id: String,
    reference: String,
    captured_minor: i64,
    currency: Currency,
    created_at: Timestamp,
}

impl PaymentProvider for Sandbox {
    fn name(&self) -> &'static str {
        "sandbox"
    }

    fn methods(&self) -> Vec<MethodView> {
        self.settings.views()
    }

    fn livemode(&self) -> bool {
        false
    }

    fn open(&self, payment: OpenPayment) -> Answer<'_, ProviderPayment> {
        Box::pin(async move {
            let mut body = json!({
                "amount_minor": payment.amount.amount_minor,
                "currency": payment.amount.currency,
                "reference": payment.order_id,
                "description": payment.description,
                "return_url": payment.return_url,
                "cancel_url": payment.return_url,
                "capture": true,
            });
            if let Some(token) = payment.token {
                body["payment_token"] = Value::String(token);
            }
            let opened: PaymentBody = self.call(Method::POST, "/v1/payments", Some(&payment.key), Some(body)).await?;
            opened.payment()
        })
    }

    fn fetch<'a>(&'a self, payment_ref: &'a str) -> Answer<'a, ProviderPayment> {
        Box::pin(async move {
            let path = format!("/v1/payments/{}", contracts::client::segment(&payment_ref));
            self.call::<PaymentBody>(Method::GET, &path, None, None).await?.payment()
        })
    }

    fn find_by_reference(&self, order_id: OrderId, _: Timestamp) -> Answer<'_, Vec<ProviderPayment>> {
        Box::pin(async move {
            let path = format!("/v1/payments?reference={order_id}");
            let found: Items<PaymentBody> = self.call(Method::GET, &path, None, None).await?;
            found.items.into_iter().map(PaymentBody::payment).collect()
        })
    }

    fn capture<'a>(&'a self, payment_ref: &'a str, amount: Money, key: String) -> Answer<'a, ProviderPayment> {
        Box::pin(async move {
            let path = format!("/v1/payments/{}/capture", contracts::client::segment(&payment_ref));
            let body = json!({"amount_minor": amount.amount_minor});
            self.call::<PaymentBody>(Method::POST, &path, Some(&key), Some(body)).await?.payment()
        })
    }

    fn cancel<'a>(&'a self, payment_ref: &'a str, key: String) -> Answer<'a, ProviderPayment> {
        Box::pin(async move {
            let path = format!("/v1/payments/{}/cancel", contracts::client::segment(&payment_ref));
            self.call::<PaymentBody>(Method::POST, &path, Some(&key), Some(json!({}))).await?.payment()
        })
    }

    fn refund(&self, command: RefundCommand) -> Answer<'_, ProviderRefund> {
        Box::pin(async move {
            let path = format!("/v1/payments/{}/refunds", contracts::client::segment(&command.payment_ref));
            let reason = refund_reason(command.refund_id, &command.reason);
            let body = json!({"amount_minor": command.amount.amount_minor, "reason": reason});
            self.call::<RefundBody>(Method::POST, &path, Some(&command.key), Some(body)).await?.refund()
        })
    }

    fn fetch_refund<'a>(&'a self, refund_ref: &'a str) -> Answer<'a, ProviderRefund> {
        Box::pin(async move {
            let path = format!("/v1/refunds/{}", contracts::client::segment(&refund_ref));
            self.call::<RefundBody>(Method::GET, &path, None, None).await?.refund()
        })
    }

    fn find_refund<'a>(&'a self, payment_ref: &'a str, refund_id: RefundId) -> Answer<'a, Option<ProviderRefund>> {
        Box::pin(async move {
            let path = format!("/v1/payments/{}", contracts::client::segment(&payment_ref));
            let payment: PaymentBody = self.call(Method::GET, &path, None, None).await?;
            let ours = payment.refunds.into_iter().find(|refund| named_refund(&refund.reason) == Some(refund_id));
            ours.map(RefundBody::refund).transpose()
        })
    }

    fn fetch_dispute<'a>(&'a self, dispute_ref: &'a str) -> Answer<'a, ProviderDispute> {
        Box::pin(async move {
            let path = format!("/v1/disputes/{}", contracts::client::segment(&dispute_ref));
            self.call::<DisputeBody>(Method::GET, &path, None, None).await?.dispute()
        })
    }

    fn answer_dispute(&self, command: AnswerCommand) -> Answer<'_, ProviderDispute> {
        Box::pin(async move {
            let dispute = contracts::client::segment(&command.dispute_ref);
            let (step, body) = match command.evidence {
                Some(evidence) => ("evidence", serde_json::to_value(evidence).unwrap_or_default()),
                None => ("accept", json!({})),
            };
            let path = format!("/v1/disputes/{dispute}/{step}");
            self.call::<DisputeBody>(Method::POST, &path, Some(&command.key), Some(body)).await?.dispute()
        })
    }

    fn verify_webhook<'a>(&'a self, headers: &'a HeaderMap, body: &'a [u8], now: Timestamp) -> Verified<'a> {
        Box::pin(async move {
            signature::check(SIGNATURE, self.webhook_secrets(), headers, body, now)?;
            event_of(body).map(Some)
        })
    }

    fn payouts(&self) -> Option<&dyn PayoutProvider> {
        Some(self)
    }

    fn journal_order(&self) -> JournalOrder {
        JournalOrder::Opened
    }

    fn journal<'a>(&'a self, after: Option<&'a str>) -> Answer<'a, Vec<JournalItem>> {
        Box::pin(async move {
            let path =
                format!("/v1/journal?after={}&limit={JOURNAL_PAGE}", contracts::client::segment(&after.unwrap_or("0")));
            let page: Items<JournalBody> = self.call(Method::GET, &path, None, None).await?;
            let item = |row: JournalBody| JournalItem {
                is_part: false,
                position: row.seq.to_string(),
                payment_ref: row.id,
                reference: row.reference,
                captured: Money::new(row.captured_minor, row.currency),
                // It lists what was taken whole; what it keeps stands in each payment.
                fee: None,
                created_at: row.created_at,
            };
            Ok(page.items.into_iter().map(item).collect())
        })
    }
}

/// Reads an event whose signature was found to be right.
fn event_of(body: &[u8]) -> Result<ProviderEvent> {
    #[derive(Deserialize)]
    struct Event {
        id: String,
        r#type: String,
        livemode: bool,
        data: Data,
    }
    #[derive(Deserialize)]
    struct Data {
        object: Object,
    }
    #[derive(Deserialize)]
    struct Object {
        id: String,
        #[serde(default)]
        payment: Option<String>,
    }
    let event: Event =
        serde_json::from_slice(body).map_err(|e| Error::malformed("The event cannot be read.").caused_by(e))?;
    if event.livemode {
        return Err(Error::malformed("The sandbox moves no real money."));
    }
    // Refunds and disputes name their payment, a payment is its own; a payee has none.
    let Object { id: object, payment } = event.data.object;
    if event.r#type.starts_with("payee.") {
        return Ok(ProviderEvent::of_account(event.id, event.r#type, object));
    }
    let Some(payment) = payment else { return Ok(ProviderEvent::new(event.id, event.r#type, object)) };
    let about = ProviderEvent::new(event.id, event.r#type, payment);
    Ok(if about.kind.starts_with("dispute.") {
        ProviderEvent { dispute_ref: Some(object), ..about }
    } else {
        ProviderEvent { refund_ref: Some(object), ..about }
    })
}
