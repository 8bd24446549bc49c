//! The merchant's side over HTTP, and the page.

use std::time::Duration;

use axum::{
    Router,
    body::to_bytes,
    extract::{Path, Request, State as Shared},
    response::{Html, IntoResponse, Redirect, Response},
    routing::get,
};
use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use http::{HeaderMap, Method, StatusCode, header};
use kernel::Timestamp;
use serde_json::{Value, json};

use super::{
    FakeXendit,
    objects::{Invoice, Refund, amount},
};
use crate::{Fault, Way};

/// Largest body of a call.
const BODY_MAX: usize = 256 * 1024;

/// Status, body, and whether it is not to arrive in time.
pub(super) type Answer = (u16, Value, bool);

pub(super) fn refused(status: u16, code: &str, message: &str) -> Answer {
    (status, json!({"error_code": code, "message": message}), false)
}

/// What is asked for behind the path.
struct Query(Vec<(String, String)>);

impl Query {
    fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
    fn limit(&self) -> usize {
        self.get("limit").and_then(|limit| limit.parse().ok()).unwrap_or(10)
    }
    fn time(&self, name: &str) -> Option<Timestamp> {
        self.get(name)?.parse().ok()
    }
}

impl FakeXendit {
    /// The API, and the page under `/web`.
    pub fn router(&self) -> Router {
        let pages = Router::new().route("/web/{id}", get(page)).route("/web/{id}/{way}", get(pay).post(pay));
        pages.fallback(call).with_state(self.clone())
    }

    fn is_merchant(&self, headers: &HeaderMap) -> bool {
        let wanted = format!("Basic {}", BASE64.encode(format!("{}:", self.inner.config.secret_key.expose())));
        headers.get(header::AUTHORIZATION).is_some_and(|value| value.as_bytes() == wanted.as_bytes())
    }

    fn answer(&self, method: &Method, path: &str, query: &Query, key: Option<&str>, body: &Value) -> Answer {
        let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
        match (method.as_str(), parts.as_slice()) {
            ("POST", ["v2", "invoices"]) => self.open(body),
            ("GET", ["v2", "invoices"]) => self.list(query),
            ("GET", ["v2", "invoices", id]) => self.show(id),
            ("POST", ["invoices", id, "expire!"]) => self.expire(id),
            ("POST", ["refunds"]) => self.refund(key, body),
            ("GET", ["refunds"]) => {
                let state = self.state();
                let of = state.refunds.values().filter(|r| query.get("invoice_id").is_none_or(|id| r.invoice == id));
                let data: Vec<Value> = of.map(Refund::json).collect();
                (200, json!({"data": data, "has_more": false}), false)
            }
            ("GET", ["refunds", id]) => match self.state().refunds.get(*id) {
                Some(refund) => (200, refund.json(), false),
                None => refused(404, "DATA_NOT_FOUND", "No such refund"),
            },
            ("POST", ["v2", "payouts"]) => self.pay_out(key, body),
            ("GET", ["v2", "payouts"]) => self.payouts_named(query.get("reference_id").unwrap_or_default()),
            ("GET", ["v2", "payouts", id]) => self.show_payout(id),
            _ => refused(404, "NOT_FOUND", "The requested resource was not found"),
        }
    }

    fn show(&self, id: &str) -> Answer {
        let mut state = self.state();
        let Some(invoice) = state.invoices.get_mut(id) else {
            return refused(404, "INVOICE_NOT_FOUND_ERROR", "Could not find the invoice");
        };
        let is_silent = std::mem::take(&mut invoice.is_silent);
        (200, invoice.json(&self.inner.config.base_url), is_silent)
    }

    /// Newest first. Of the times of payment either has an effect only with the other.
    fn list(&self, query: &Query) -> Answer {
        let state = self.state();
        let paid = query.time("paid_after").zip(query.time("paid_before"));
        let is_within = |at: Timestamp| paid.is_some_and(|(after, before)| after < at && at < before);
        let wanted = |invoice: &&Invoice| {
            query.get("external_id").is_none_or(|id| invoice.external_id == id)
                && (paid.is_none() || invoice.paid_at.is_some_and(is_within))
        };
        let mut found: Vec<&Invoice> = state.invoices.values().filter(wanted).collect();
        found.sort_by(|a, b| b.id.cmp(&a.id));
        let page = found.into_iter().take(query.limit()).map(|invoice| invoice.json(&self.inner.config.base_url));
        let page: Vec<Value> = page.collect();
        (200, json!(page), false)
    }

    /// There are no keys: the same again is another one.
    fn open(&self, body: &Value) -> Answer {
        let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
        let Some(amount) = amount(&body["amount"], &text("currency")) else {
            return refused(400, "UNSUPPORTED_CURRENCY", "The amount or its currency is not supported");
        };
        if text("external_id").is_empty() {
            return refused(400, "API_VALIDATION_ERROR", "external_id is required");
        }
        let now = self.now();
        let lasts = body["invoice_duration"].as_u64().unwrap_or(24 * 3600);
        let mut state = self.state();
        let id = state.id("65c");
        let invoice = Invoice {
            id: id.clone(),
            external_id: text("external_id"),
            amount,
            paid: None,
            status: "PENDING",
            description: text("description"),
            success_url: text("success_redirect_url"),
            created: now,
            updated: now,
            expires: now.plus(Duration::from_secs(lasts)),
            paid_at: None,
            due: None,
            way: None,
            is_silent: false,
        };
        let json = invoice.json(&self.inner.config.base_url);
        state.invoices.insert(id, invoice);
        (200, json, false)
    }

    fn expire(&self, id: &str) -> Answer {
        let now = self.now();
        let mut state = self.state();
        let Some(invoice) = state.invoices.get_mut(id) else {
            return refused(404, "INVOICE_NOT_FOUND_ERROR", "Could not find the invoice");
        };
        if invoice.is_paid() || invoice.due.is_some() {
            return refused(400, "INVOICE_ALREADY_PAID", "A paid invoice cannot be expired");
        }
        (invoice.status, invoice.updated) = ("EXPIRED", now);
        let answer = (200, invoice.json(&self.inner.config.base_url), false);
        drop(state);
        self.tell(&super::objects::News::Invoice(id.to_owned()));
        answer
    }

    fn refund(&self, key: Option<&str>, body: &Value) -> Answer {
        let text = |name: &str| body[name].as_str().map(str::to_owned);
        let mut state = self.state();
        if let Some((known, id)) = key.and_then(|key| state.keys.get(key)) {
            return match state.refunds.get(id) {
                Some(refund) if known == body => (200, refund.json(), false),
                _ => refused(409, "IDEMPOTENCY_ERROR", "The key was used with another body"),
            };
        }
        let reference = text("reference_id");
        if reference.is_some() && state.refunds.values().any(|refund| refund.reference == reference) {
            return refused(409, "DUPLICATE_ERROR", "There is a refund with this reference_id");
        }
        let invoice = text("invoice_id").and_then(|id| state.invoices.get(&id)).filter(|i| i.is_paid()).cloned();
        let Some(invoice) = invoice else {
            return refused(404, "DATA_NOT_FOUND", "There is nothing paid to refund");
        };
        let code = invoice.amount.currency.code();
        let Some(amount) = amount(&body["amount"], &text("currency").unwrap_or_else(|| code.to_owned())) else {
            return refused(400, "API_VALIDATION_ERROR", "amount");
        };
        let left = invoice.paid.unwrap_or(invoice.amount).amount_minor - state.gone(&invoice.id);
        if amount.currency != invoice.amount.currency || amount.amount_minor > left {
            return refused(400, "MAXIMUM_REFUND_AMOUNT_REACHED", "More than was paid");
        }
        let now = self.now();
        let id = state.id("rfd-");
        let reason = text("reason").unwrap_or_default();
        let (status, due, created, updated) = ("PENDING", None, now, now);
        let refund =
            Refund { id: id.clone(), invoice: invoice.id, amount, reference, reason, status, due, created, updated };
        let news = state.give_back(refund);
        if let Some(key) = key {
            state.keys.insert(key.to_owned(), (body.clone(), id.clone()));
        }
        let answer = state.refunds.get(&id).map(Refund::json).unwrap_or_default();
        drop(state);
        if let Some(news) = news {
            self.tell(&news);
        }
        (200, answer, false)
    }
}

async fn call(Shared(fake): Shared<FakeXendit>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, BODY_MAX).await else { return StatusCode::BAD_REQUEST.into_response() };
    let path = parts.uri.path().to_owned();
    fake.state().calls.push(format!("{} {path}", parts.method));
    if !fake.is_merchant(&parts.headers) {
        return respond(refused(401, "INVALID_API_KEY", "API key is not authorized for this API service"));
    }
    let fate = fake.fate(parts.method == Method::POST);
    match fate {
        Some(Fault::Broken) => return respond(refused(500, "SERVER_ERROR", "")),
        Some(Fault::Busy) => return respond(refused(429, "RATE_LIMIT_EXCEEDED", "")),
        Some(Fault::Hang) => {
            tokio::time::sleep(fake.inner.config.hold).await;
            return StatusCode::GATEWAY_TIMEOUT.into_response();
        }
        Some(Fault::Silent) | None => {}
    }
    let key = parts.headers.get("idempotency-key").and_then(|key| key.to_str().ok());
    let query = Query(serde_urlencoded::from_str(parts.uri.query().unwrap_or_default()).unwrap_or_default());
    let body: Value = serde_json::from_slice(&body).unwrap_or_default();
    let answer = fake.answer(&parts.method, &path, &query, key, &body);
    if fate == Some(Fault::Silent) || answer.2 {
        tokio::time::sleep(fake.inner.config.hold).await;
    }
    respond(answer)
}

fn respond((status, body, _): Answer) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, axum::Json(body)).into_response()
}

async fn page(Shared(fake): Shared<FakeXendit>, Path(id): Path<String>) -> Response {
    let Some(invoice) = fake.state().invoices.get(&id).cloned() else { return StatusCode::NOT_FOUND.into_response() };
    let base = format!("{}/web/{id}", fake.inner.config.base_url);
    let (title, back) = (invoice.amount.to_string(), invoice.success_url);
    let buttons = match invoice.status {
        "PENDING" => ["pay", "decline"]
            .map(|way| format!("<form method=post action=\"{base}/{way}\"><button>{way}</button></form>"))
            .concat(),
        other => format!("<p>This page is {other}.</p>"),
    };
    Html(format!(
        "<!doctype html><html lang=en><title>{title}</title><main><h1>{title}</h1>{buttons}<a href=\"{back}\">Back</a></main></html>"
    ))
    .into_response()
}

async fn pay(Shared(fake): Shared<FakeXendit>, Path((id, way)): Path<(String, String)>) -> Response {
    fake.pay(&id, if way == "pay" { Way::Good } else { Way::Declined });
    let invoice = fake.state().invoices.get(&id).cloned();
    match invoice {
        Some(invoice) if invoice.is_paid() => Redirect::to(&invoice.success_url).into_response(),
        Some(_) => Redirect::to(&format!("{}/web/{id}", fake.inner.config.base_url)).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
