//! The merchant's side over HTTP, and the page.

use std::time::Duration;

use axum::{
    Router,
    body::to_bytes,
    extract::{Request, State},
    response::{IntoResponse, Response},
};
use http::{HeaderMap, Method, StatusCode, header};
use serde_json::{Value, json};

use super::{
    FakePayPal, disputes,
    orders::{Given, Order, Source, Unit, minor},
    page, partners,
};
use crate::Fault;

/// Largest body of a call.
const BODY_MAX: usize = 256 * 1024;
/// How long a token is good.
const TOKEN_S: u64 = 3 * 3600;

/// Status, body, and whether it is not to arrive in time.
pub(super) type Answer = (u16, Value, bool);

pub(super) fn refused(status: u16, name: &str, issue: &str) -> Answer {
    let message = "The request was refused.";
    (status, json!({"name": name, "message": message, "debug_id": "0", "details": [{"issue": issue}]}), false)
}

pub(super) fn missing() -> Answer {
    refused(404, "RESOURCE_NOT_FOUND", "INVALID_RESOURCE_ID")
}

impl FakePayPal {
    /// The API under `/v1` and `/v2`, and the page.
    pub fn router(&self) -> Router {
        page::routes().fallback(call).with_state(self.clone())
    }

    fn fate(&self, changes_something: bool) -> Option<Fault> {
        let planned = self.state().next_faults.pop_front();
        let by_chance = || self.inner.config.faults.strike(|rate| self.strikes(rate));
        planned.or_else(|| changes_something.then(by_chance).flatten())
    }

    fn is_merchant(&self, headers: &HeaderMap) -> bool {
        let (state, now) = (self.state(), self.now());
        let good = |(token, until): &(String, _)| {
            *until > now
                && headers
                    .get(header::AUTHORIZATION)
                    .is_some_and(|value| value.as_bytes() == format!("Bearer {token}").as_bytes())
        };
        state.tokens.iter().any(good)
    }

    fn grant(&self, headers: &HeaderMap) -> Answer {
        use base64::{Engine, engine::general_purpose::STANDARD};
        let config = &self.inner.config;
        let wanted = format!("Basic {}", STANDARD.encode(format!("{}:{}", config.client_id, config.client_secret)));
        if headers.get(header::AUTHORIZATION).is_none_or(|value| value.as_bytes() != wanted.as_bytes()) {
            return (401, json!({"error": "invalid_client"}), false);
        }
        let until = self.now().plus(Duration::from_secs(TOKEN_S));
        let mut state = self.state();
        let token = state.id("A21AA");
        state.tokens.push((token.clone(), until));
        (200, json!({"access_token": token, "token_type": "Bearer", "expires_in": TOKEN_S}), false)
    }

    fn answer(&self, method: &Method, path: &str, key: Option<&str>, of: Option<&str>, body: &Value) -> Answer {
        let parts: Vec<&str> = path.trim_start_matches('/').split('/').collect();
        match (method.as_str(), parts.as_slice()) {
            ("POST", ["v2", "checkout", "orders"]) => self.open(path, key, body),
            ("GET", ["v2", "checkout", "orders", id]) => self.show(id),
            ("POST", ["v2", "checkout", "orders", id, "capture"]) => self.capture(id),
            ("GET", ["v2", "payments", "captures", id]) => {
                let state = self.state();
                let known = state.order_with(id);
                known
                    .and_then(|(order, unit)| order.capture_json(unit, &self.inner.config.base_url))
                    .map_or_else(missing, |json| (200, json, false))
            }
            ("POST", ["v2", "payments", "captures", id, "refund"]) => self.refund(id, path, key, of, body),
            ("GET", ["v2", "payments", "refunds", id]) => self.show_refund(id),
            ("GET", ["v1", "customer", "disputes", id]) => self.show_dispute(id, of),
            ("POST", ["v1", "customer", "disputes", id, "provide-evidence"]) => {
                self.answer_dispute(id, of, Some(body.clone()))
            }
            ("POST", ["v1", "customer", "disputes", id, "accept-claim"]) => self.answer_dispute(id, of, None),
            ("POST", ["v2", "customer", "partner-referrals"]) => self.refer(body),
            ("GET", ["v1", "customer", "partners", _, "merchant-integrations", account]) => self.show_seller(account),
            ("POST", ["v1", "payments", "payouts"]) => self.pay_out(body),
            ("GET", ["v1", "payments", "payouts", id]) => self.show_batch(id),
            ("POST", ["v1", "payments", "payouts-item", id, "cancel"]) => self.call_back(id),
            _ => missing(),
        }
    }

    fn show(&self, id: &str) -> Answer {
        let state = self.state();
        state.orders.get(id).map_or_else(missing, |order| (200, order.json(&self.inner.config.base_url), false))
    }

    fn open(&self, path: &str, key: Option<&str>, body: &Value) -> Answer {
        let Some(key) = key else { return refused(400, "INVALID_REQUEST", "PAYPAL_REQUEST_ID_REQUIRED") };
        let known = self.state().keys.get(key).cloned();
        if let Some((_, id)) = known.filter(|(of, _)| of == path) {
            return self.show(&id);
        }
        let Some((currency, units)) = units(body) else {
            return refused(400, "INVALID_REQUEST", "MISSING_REQUIRED_PARAMETER");
        };
        if let Some(objection) = self.objection(&units) {
            return refused(422, "UNPROCESSABLE_ENTITY", objection);
        }
        let back = body["payment_source"]["paypal"]["experience_context"]["return_url"].as_str();
        let Some(return_url) = back.filter(|_| body["intent"] == "CAPTURE") else {
            return refused(400, "INVALID_REQUEST", "MISSING_REQUIRED_PARAMETER");
        };
        let mut state = self.state();
        let id = state.id("ORD");
        let order = Order {
            id: id.clone(),
            status: "PAYER_ACTION_REQUIRED",
            currency,
            units,
            return_url: return_url.to_owned(),
            source: None,
        };
        state.keys.insert(key.to_owned(), (path.to_owned(), id.clone()));
        state.orders.insert(id.clone(), order);
        drop(state);
        self.show(&id)
    }

    fn capture(&self, id: &str) -> Answer {
        let order = self.state().orders.get(id).cloned();
        let Some(order) = order else { return missing() };
        match (order.status, order.source) {
            ("COMPLETED", _) => return refused(422, "UNPROCESSABLE_ENTITY", "ORDER_ALREADY_CAPTURED"),
            ("APPROVED", Some(Source::Declined)) => return refused(422, "UNPROCESSABLE_ENTITY", "INSTRUMENT_DECLINED"),
            ("APPROVED", _) => {}
            _ => return refused(422, "UNPROCESSABLE_ENTITY", "ORDER_NOT_APPROVED"),
        }
        let now = self.now();
        self.state().take(id, now);
        let units = self.state().orders.get(id).map(|order| order.units.clone()).unwrap_or_default();
        for capture in units.into_iter().filter_map(|unit| unit.capture) {
            let kind = if capture.due.is_some() { "PAYMENT.CAPTURE.PENDING" } else { "PAYMENT.CAPTURE.COMPLETED" };
            self.tell(kind, "capture", json!({"id": capture.id}), id);
        }
        let (status, body, _) = self.show(id);
        (if status == 200 { 201 } else { status }, body, order.source == Some(Source::Silent))
    }

    fn refund(&self, capture: &str, path: &str, key: Option<&str>, of: Option<&str>, body: &Value) -> Answer {
        let known = key.and_then(|key| self.state().keys.get(key).cloned());
        if let Some((_, id)) = known.filter(|(of, _)| of == path) {
            return self.show_refund(&id);
        }
        let mut state = self.state();
        let Some((order, unit)) = state.order_with(capture) else { return missing() };
        if unit.payee != of.unwrap_or(super::MERCHANT) || state.forbidden.contains(&unit.payee) {
            return refused(403, "NOT_AUTHORIZED", "PERMISSION_DENIED");
        }
        let value = body["amount"]["value"].as_str().unwrap_or(&unit.value).to_owned();
        let fee =
            body["payment_instruction"]["platform_fees"][0]["amount"]["value"].as_str().unwrap_or("0.00").to_owned();
        let (left, fee_left) = unit.refundable();
        if !(1..=left).contains(&minor(&value)) {
            return refused(422, "UNPROCESSABLE_ENTITY", "REFUND_AMOUNT_EXCEEDED");
        }
        if minor(&fee) > fee_left.min(minor(&value)) {
            return refused(422, "UNPROCESSABLE_ENTITY", "PLATFORM_FEE_EXCEEDED");
        }
        let custom_id = body["custom_id"].as_str().unwrap_or_default().to_owned();
        let (order, now) = (order.id.clone(), self.now());
        let Some(refund) = state.give_back(capture, Given { value, fee, custom_id }, now) else { return missing() };
        if let Some(key) = key {
            state.keys.insert(key.to_owned(), (path.to_owned(), refund.id.clone()));
        }
        drop(state);
        let (_, resource, _) = self.show_refund(&refund.id);
        if refund.due.is_none() {
            self.tell("PAYMENT.CAPTURE.REFUNDED", "refund", resource.clone(), &order);
        }
        (201, resource, false)
    }

    fn show_refund(&self, id: &str) -> Answer {
        self.refund_resource(id).map_or_else(missing, |json| (200, json, false))
    }

    /// A refund as it is shown and told of.
    pub(super) fn refund_resource(&self, id: &str) -> Option<Value> {
        let state = self.state();
        let of = |order: &Order, unit: &Unit| {
            let refund = unit.refunds.iter().find(|refund| refund.id == id)?;
            Some(order.refund_json(unit, refund, &self.inner.config.base_url))
        };
        state.orders.values().find_map(|order| order.units.iter().find_map(|unit| of(order, unit)))
    }

    /// It owns to what it has sent, byte for byte (`raw` is the question as it came), and to its own signature.
    fn verify(&self, raw: &[u8], body: &Value) -> Answer {
        let id = body["transmission_id"].as_str().unwrap_or_default();
        let sent = self.state().signed.get(id).cloned();
        let question = String::from_utf8_lossy(raw);
        let good = sent.is_some_and(|sent| question.contains(&format!("\"webhook_event\":{sent}")))
            && body["transmission_sig"] == format!("signature of {id}")
            && body["webhook_id"] == self.inner.config.webhook_id.as_str();
        (200, json!({"verification_status": if good { "SUCCESS" } else { "FAILURE" }}), false)
    }
}

/// The parts that are asked for, all in one currency.
fn units(body: &Value) -> Option<(String, Vec<Unit>)> {
    let asked = body["purchase_units"].as_array().filter(|asked| (1..=10).contains(&asked.len()))?;
    let currency = asked[0]["amount"]["currency_code"].as_str()?.to_owned();
    let text = |value: &Value, otherwise: &str| value.as_str().unwrap_or(otherwise).to_owned();
    let unit = |unit: &Value| {
        let fees = &unit["payment_instruction"]["platform_fees"][0]["amount"]["value"];
        Some(Unit {
            reference: text(&unit["reference_id"], "default"),
            custom_id: text(&unit["custom_id"], ""),
            value: unit["amount"]["value"].as_str()?.to_owned(),
            payee: text(&unit["payee"]["merchant_id"], super::MERCHANT),
            fee: text(fees, "0.00"),
            capture: None,
            refunds: Vec::new(),
        })
    };
    let units: Vec<Unit> = asked.iter().map(unit).collect::<Option<_>>()?;
    let is_named = |n: usize| units[..n].iter().all(|other| other.reference != units[n].reference);
    (0..units.len()).all(is_named).then_some((currency, units))
}

async fn call(State(fake): State<FakePayPal>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(raw) = to_bytes(body, BODY_MAX).await else { return StatusCode::BAD_REQUEST.into_response() };
    let path = parts.uri.path().to_owned();
    fake.state().calls.push(format!("{} {path}", parts.method));
    if path == "/v1/oauth2/token" {
        return respond(fake.grant(&parts.headers));
    }
    if !fake.is_merchant(&parts.headers) {
        return respond(refused(401, "AUTHENTICATION_FAILURE", "INVALID_TOKEN"));
    }
    let fate = fake.fate(parts.method == Method::POST && path.starts_with("/v2"));
    match fate {
        Some(Fault::Broken) => return respond(refused(500, "INTERNAL_SERVER_ERROR", "")),
        Some(Fault::Busy) => return respond(refused(429, "RATE_LIMIT_REACHED", "")),
        Some(Fault::Hang) => {
            tokio::time::sleep(fake.inner.config.hold).await;
            return StatusCode::GATEWAY_TIMEOUT.into_response();
        }
        Some(Fault::Silent) | None => {}
    }
    let key = parts.headers.get("paypal-request-id").and_then(|key| key.to_str().ok());
    let acts_for = partners::acts_for(&parts.headers);
    let of = acts_for.as_deref();
    let body: Value = match parts.headers.get(header::CONTENT_TYPE).and_then(|media| media.to_str().ok()) {
        Some(media) if media.starts_with("multipart/form-data") => disputes::input(&raw),
        _ => serde_json::from_slice(&raw).unwrap_or_default(),
    };
    let answer = match (path.as_str(), parts.uri.query()) {
        ("/v1/notifications/verify-webhook-signature", _) => fake.verify(&raw, &body),
        ("/v1/customer/disputes", Some(query)) => fake.list_disputes(query, of),
        ("/v1/reporting/transactions", Some(query)) => fake.list_transactions(query),
        (path, Some(query)) if path.ends_with("/merchant-integrations") => fake.find_seller(query),
        _ => fake.answer(&parts.method, &path, key, of, &body),
    };
    if fate == Some(Fault::Silent) || answer.2 {
        tokio::time::sleep(fake.inner.config.hold).await;
    }
    respond(answer)
}

fn respond((status, body, _): Answer) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, axum::Json(body)).into_response()
}
