//! The merchant's side: JSON over HTTP under `/v1`, with a bearer key.

use std::time::Duration;

use axum::{
    Router,
    extract::{DefaultBodyLimit, FromRequest, FromRequestParts, Path, Query, Request, State},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts};
use kernel::FieldError;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::json;
use subtle::ConstantTimeEq;

use crate::{
    Sandbox,
    command::{Call, Command, NewPayment, Outcome},
    model::{Evidence, payment_of_dispute, payment_of_refund},
    payees::{NewPayee, NewTransfer, PayoutCommand},
    refusal::Refusal,
    rules::strikes,
    store::Store,
};

/// The largest request body.
const BODY_BYTES: usize = 64 * 1024;
/// The longest page of a list.
const PAGE_MAX: usize = 1_000;
/// A page when the caller does not say.
const PAGE_DEFAULT: usize = 100;

pub(crate) fn router(sandbox: Sandbox) -> Router {
    Router::new()
        .route("/v1/payments", post(create).get(payments_of))
        .route("/v1/payments/{id}", get(payment))
        .route("/v1/payments/{id}/cancel", post(cancel))
        .route("/v1/payments/{id}/capture", post(capture))
        .route("/v1/payments/{id}/refunds", post(refund))
        .route("/v1/refunds/{id}", get(get_refund))
        .route("/v1/disputes/{id}", get(get_dispute))
        .route("/v1/disputes/{id}/evidence", post(send_evidence))
        .route("/v1/disputes/{id}/accept", post(accept_dispute))
        .route("/v1/test_helpers/payments/{id}/dispute", post(open_dispute))
        .route("/v1/test_helpers/disputes/{id}/decide", post(decide_dispute))
        .route("/v1/payees", post(open_payee))
        .route("/v1/payees/{id}", get(get_payee))
        .route("/v1/payees/{id}/onboarding", post(invite_payee))
        .route("/v1/transfers", post(send_transfer).get(list_transfers))
        .route("/v1/transfers/{id}", get(get_transfer))
        .route("/v1/events", get(events))
        .route("/v1/journal", get(journal))
        .route("/v1/journal/summary", get(summary))
        .layer(DefaultBodyLimit::max(BODY_BYTES))
        .with_state(sandbox)
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        json_text(self.status(), self.body())
    }
}

impl From<kernel::Error> for Refusal {
    fn from(error: kernel::Error) -> Self {
        tracing::error!(%error, "sandbox");
        Self::new(503, "unavailable", "The gateway cannot answer now. Try again with the same idempotency key.")
    }
}

type Answer = Result<Response, Refusal>;

fn json_text(status: u16, body: String) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    let mut response = (status, headers, body).into_response();
    if status == StatusCode::SERVICE_UNAVAILABLE {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
    }
    response
}

fn ok(value: &impl Serialize) -> Answer {
    let body = serde_json::to_string(value).map_err(kernel::Error::from)?;
    Ok(json_text(200, body))
}

/// Proof that the caller has the secret key.
struct Merchant;

impl FromRequestParts<Sandbox> for Merchant {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, sandbox: &Sandbox) -> Result<Self, Response> {
        let given = parts.headers.get(header::AUTHORIZATION).map(HeaderValue::as_bytes).unwrap_or_default();
        let given = given.strip_prefix(b"Bearer ").unwrap_or_default();
        if bool::from(given.ct_eq(sandbox.inner.config.secret_key.expose().as_bytes())) {
            return Ok(Self);
        }
        let refusal =
            Refusal::new(401, "unauthenticated", "Send your secret key as “Authorization: Bearer sk_test_…”.");
        Err(([(header::WWW_AUTHENTICATE, "Bearer")], refusal).into_response())
    }
}

/// A merchant's POST.
struct Order {
    key: Option<String>,
    bytes: Bytes,
}

impl FromRequest<Sandbox> for Order {
    type Rejection = Response;

    async fn from_request(request: Request, sandbox: &Sandbox) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let Merchant = Merchant::from_request_parts(&mut parts, sandbox).await?;
        let key = key(&parts.headers).map_err(IntoResponse::into_response)?;
        let bytes = Bytes::from_request(Request::from_parts(parts, body), sandbox).await.map_err(|rejection| {
            Refusal::new(rejection.status().as_u16(), "malformed_request", rejection.body_text()).into_response()
        })?;
        Ok(Self { key, bytes })
    }
}

fn key(headers: &HeaderMap) -> Result<Option<String>, Refusal> {
    let Some(value) = headers.get("idempotency-key") else { return Ok(None) };
    match value.to_str() {
        Ok(key) if (1..=255).contains(&key.len()) => Ok(Some(key.to_owned())),
        Ok(_) | Err(_) => {
            Err(Refusal::new(400, "malformed_request", "An Idempotency-Key has 1 to 255 printable ASCII letters."))
        }
    }
}

impl Order {
    /// The body as `T`; an empty body is an empty object.
    fn read<T: DeserializeOwned>(&self) -> Result<T, Refusal> {
        let text: &[u8] = if self.bytes.is_empty() { b"{}" } else { &self.bytes };
        let not_json = |cause| Refusal::new(400, "malformed_request", format!("The body is not JSON: {cause}."));
        let mut json = serde_json::Deserializer::from_slice(text);
        let value = serde_path_to_error::deserialize(&mut json).map_err(|error| {
            let field = error.path().to_string();
            match error.into_inner() {
                cause if cause.is_data() => Refusal::invalid(&[FieldError { field, reason: cause.to_string() }]),
                cause => not_json(cause),
            }
        })?;
        json.end().map_err(not_json)?;
        Ok(value)
    }
}

/// Obeys a merchant's command, with the faults that may strike.
async fn obey(sandbox: &Sandbox, key: Option<String>, command: Command) -> Answer {
    let (faults, random) = (&sandbox.inner.config.faults, &*sandbox.inner.random);
    if strikes(faults.unavailable_per_mille, random) {
        return Err(Refusal::new(503, "unavailable", "The gateway is having a bad day. Nothing was done; try again."));
    }
    let mut outcome = sandbox.apply(Call { key, command }).await?;
    outcome.hold |= !outcome.replayed && strikes(faults.timeout_per_mille, random);
    Ok(answer(sandbox, outcome).await)
}

async fn answer(sandbox: &Sandbox, outcome: Outcome) -> Response {
    if outcome.hold {
        hold(sandbox).await;
    }
    let mut response = json_text(outcome.status, outcome.body);
    if outcome.replayed {
        response.headers_mut().insert("idempotent-replayed", HeaderValue::from_static("true"));
    }
    response
}

/// Waits until the caller has given up.
pub(crate) async fn hold(sandbox: &Sandbox) {
    tokio::time::sleep(Duration::from_millis(sandbox.inner.config.timeout_answer_ms)).await;
}

async fn create(State(sandbox): State<Sandbox>, order: Order) -> Answer {
    let new: NewPayment = order.read()?;
    obey(&sandbox, order.key, Command::Create(new)).await
}

/// A command without particulars.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

async fn cancel(State(sandbox): State<Sandbox>, Path(payment): Path<String>, order: Order) -> Answer {
    let Nothing {} = order.read()?;
    obey(&sandbox, order.key, Command::Cancel { payment, by_buyer: false }).await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CaptureBody {
    #[serde(default)]
    amount_minor: Option<i64>,
}

async fn capture(State(sandbox): State<Sandbox>, Path(payment): Path<String>, order: Order) -> Answer {
    let CaptureBody { amount_minor } = order.read()?;
    obey(&sandbox, order.key, Command::Capture { payment, amount_minor }).await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RefundBody {
    amount_minor: i64,
    #[serde(default)]
    reason: String,
}

async fn refund(State(sandbox): State<Sandbox>, Path(payment): Path<String>, order: Order) -> Answer {
    let RefundBody { amount_minor, reason } = order.read()?;
    obey(&sandbox, order.key, Command::Refund { payment, amount_minor, reason }).await
}

async fn payment(_: Merchant, State(sandbox): State<Sandbox>, Path(id): Path<String>) -> Answer {
    let found = sandbox.read(move |store| store.payment(&id)).await?;
    ok(&found.ok_or_else(|| Refusal::not_found("payment"))?)
}

async fn get_refund(_: Merchant, State(sandbox): State<Sandbox>, Path(id): Path<String>) -> Answer {
    let unknown = || Refusal::not_found("refund");
    let payment = payment_of_refund(&id).ok_or_else(unknown)?;
    let payment = sandbox.read(move |store| store.payment(&payment)).await?.ok_or_else(unknown)?;
    ok(payment.refunds.iter().find(|refund| refund.id == id).ok_or_else(unknown)?)
}

async fn get_dispute(_: Merchant, State(sandbox): State<Sandbox>, Path(id): Path<String>) -> Answer {
    let unknown = || Refusal::not_found("dispute");
    let payment = payment_of_dispute(&id).ok_or_else(unknown)?;
    let payment = sandbox.read(move |store| store.payment(&payment)).await?.ok_or_else(unknown)?;
    ok(payment.disputes.iter().find(|dispute| dispute.id == id).ok_or_else(unknown)?)
}

async fn send_evidence(State(sandbox): State<Sandbox>, Path(dispute): Path<String>, order: Order) -> Answer {
    let evidence: Evidence = order.read()?;
    obey(&sandbox, order.key, Command::Answer { dispute, evidence: Some(evidence) }).await
}

async fn accept_dispute(State(sandbox): State<Sandbox>, Path(dispute): Path<String>, order: Order) -> Answer {
    let Nothing {} = order.read()?;
    obey(&sandbox, order.key, Command::Answer { dispute, evidence: None }).await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DisputeBody {
    #[serde(default)]
    amount_minor: Option<i64>,
    #[serde(default)]
    reason: Option<String>,
}

/// What a buyer's bank does, for trying it out.
async fn open_dispute(State(sandbox): State<Sandbox>, Path(payment): Path<String>, order: Order) -> Answer {
    let DisputeBody { amount_minor, reason } = order.read()?;
    let reason = reason.unwrap_or_else(|| "product_not_received".to_owned());
    obey(&sandbox, order.key, Command::Dispute { payment, amount_minor, reason }).await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DecisionBody {
    won: bool,
}

async fn decide_dispute(State(sandbox): State<Sandbox>, Path(dispute): Path<String>, order: Order) -> Answer {
    let DecisionBody { won } = order.read()?;
    obey(&sandbox, order.key, Command::Decide { dispute, won }).await
}

async fn open_payee(State(sandbox): State<Sandbox>, order: Order) -> Answer {
    let new: NewPayee = order.read()?;
    obey(&sandbox, order.key, Command::Payout(PayoutCommand::Open(new))).await
}

async fn get_payee(_: Merchant, State(sandbox): State<Sandbox>, Path(id): Path<String>) -> Answer {
    let found = sandbox.read(move |store| store.payee(&id)).await?;
    ok(&found.ok_or_else(|| Refusal::not_found("payee"))?)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct InvitationBody {
    return_url: String,
}

async fn invite_payee(State(sandbox): State<Sandbox>, Path(payee): Path<String>, order: Order) -> Answer {
    let InvitationBody { return_url } = order.read()?;
    obey(&sandbox, order.key, Command::Payout(PayoutCommand::Invite { payee, return_url })).await
}

async fn send_transfer(State(sandbox): State<Sandbox>, order: Order) -> Answer {
    let new: NewTransfer = order.read()?;
    obey(&sandbox, order.key, Command::Payout(PayoutCommand::Transfer(new))).await
}

async fn get_transfer(_: Merchant, State(sandbox): State<Sandbox>, Path(id): Path<String>) -> Answer {
    let found = sandbox.read(move |store| store.transfer(&id)).await?;
    ok(&found.ok_or_else(|| Refusal::not_found("transfer"))?)
}

#[derive(Deserialize)]
struct TransferQuery {
    reference: Option<String>,
    #[serde(flatten)]
    page: PageQuery,
}

/// Those of a reference, or all of them, page by page: the journal of what was paid.
async fn list_transfers(_: Merchant, State(sandbox): State<Sandbox>, Query(query): Query<TransferQuery>) -> Answer {
    if let Some(reference) = query.reference {
        return ok(&json!({ "items": sandbox.read(move |store| store.transfers_called(&reference)).await? }));
    }
    let (after, limit) = query.page.read()?;
    let rows = sandbox.read(move |store| store.transfers(after, limit)).await?;
    let next = next(rows.last().map(|(seq, _)| *seq), rows.len(), limit);
    let items: Vec<_> = rows.into_iter().map(|(_, transfer)| transfer).collect();
    ok(&json!({ "items": items, "next": next }))
}

#[derive(Deserialize)]
struct ByReference {
    reference: Option<String>,
}

async fn payments_of(_: Merchant, State(sandbox): State<Sandbox>, Query(query): Query<ByReference>) -> Answer {
    let Some(reference) = query.reference else {
        let reason = "Say which: ?reference=…. All payments are in /v1/journal.".to_owned();
        return Err(Refusal::invalid(&[FieldError { field: "reference".to_owned(), reason }]));
    };
    ok(&json!({ "items": sandbox.read(move |store| store.payments_of(&reference)).await? }))
}

#[derive(Deserialize)]
struct PageQuery {
    #[serde(default)]
    after: Option<String>,
    #[serde(default)]
    limit: Option<String>,
}

impl PageQuery {
    fn read(&self) -> Result<(i64, usize), Refusal> {
        let wrong = |field: &str, reason: String| Refusal::invalid(&[FieldError { field: field.to_owned(), reason }]);
        let after = match &self.after {
            None => 0,
            Some(text) => text.parse().map_err(|_| wrong("after", "Use the “next” of the page before.".to_owned()))?,
        };
        let limit = self.limit.as_ref().map_or(Some(PAGE_DEFAULT), |text| text.parse().ok());
        match limit {
            Some(limit) if (1..=PAGE_MAX).contains(&limit) => Ok((after, limit)),
            Some(_) | None => Err(wrong("limit", format!("Ask for 1 to {PAGE_MAX} items."))),
        }
    }
}

/// Where the next page begins, if this one is full.
fn next(last: Option<i64>, length: usize, limit: usize) -> Option<String> {
    last.filter(|_| length == limit).map(|seq| seq.to_string())
}

async fn events(_: Merchant, State(sandbox): State<Sandbox>, Query(query): Query<PageQuery>) -> Answer {
    let (after, limit) = query.read()?;
    let rows = sandbox.read(move |store| store.events(after, limit)).await?;
    let next = next(rows.last().map(|row| row.seq), rows.len(), limit);
    let items: Vec<_> = rows
        .iter()
        .map(|row| {
            let mut event: serde_json::Value = serde_json::from_str(&row.event.body).unwrap_or_default();
            event["deliveries"] = json!(row.deliveries);
            event
        })
        .collect();
    ok(&json!({ "items": items, "next": next }))
}

async fn journal(_: Merchant, State(sandbox): State<Sandbox>, Query(query): Query<PageQuery>) -> Answer {
    let (after, limit) = query.read()?;
    let rows = sandbox.read(move |store| store.journal(after, limit)).await?;
    let next = next(rows.last().map(|row| row.seq), rows.len(), limit);
    ok(&json!({ "items": rows, "next": next }))
}

async fn summary(_: Merchant, State(sandbox): State<Sandbox>) -> Answer {
    ok(&sandbox.summary().await?)
}
