//! The merchant's side over HTTP, and the page.

use axum::{
    Router,
    body::to_bytes,
    extract::{Path, Request, State as Shared},
    response::{Html, IntoResponse, Redirect, Response},
    routing::get,
};
use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use http::{HeaderMap, Method, StatusCode, header};
use serde_json::{Value, json};

use super::{
    FakeMidtrans,
    objects::{Page, Refund},
};
use crate::{Fault, Way};

/// Largest body of a call.
const BODY_MAX: usize = 256 * 1024;

/// Status, body, and whether it is not to arrive in time.
type Answer = (u16, Value, bool);

/// The core API says no within an answer.
fn no(code: &str, message: &str) -> Answer {
    let status = if code == "404" || code == "401" { code.parse().unwrap_or(400) } else { 200 };
    (status, json!({"status_code": code, "status_message": message, "id": "0"}), false)
}

/// Snap says no.
fn snap_no(status: u16, message: &str) -> Answer {
    (status, json!({"error_messages": [message]}), false)
}

fn missing() -> Answer {
    no("404", "Transaction doesn't exist.")
}

impl FakeMidtrans {
    /// The API of transactions and of pages, and the pages.
    pub fn router(&self) -> Router {
        Router::new()
            .route("/snap/v4/redirection/{token}", get(page))
            .route("/snap/v4/redirection/{token}/{way}", get(pay).post(pay))
            .fallback(call)
            .with_state(self.clone())
    }

    fn is_merchant(&self, headers: &HeaderMap) -> bool {
        let wanted = format!("Basic {}", BASE64.encode(format!("{}:", self.inner.config.server_key.expose())));
        headers.get(header::AUTHORIZATION).is_some_and(|value| value.as_bytes() == wanted.as_bytes())
    }

    fn answer(&self, method: &Method, path: &str, body: &Value) -> Answer {
        let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
        match (method.as_str(), parts.as_slice()) {
            ("POST", ["snap", "v1", "transactions"]) => self.open(body),
            ("POST", ["snap", "v1", "transactions", token, "cancel"]) => self.close(token),
            (_, ["v2", id, what]) => {
                let Some(order_id) = self.state().order_of(id) else { return missing() };
                match (method.as_str(), *what) {
                    ("GET", "status") => self.show(&order_id),
                    ("POST", "cancel") => self.cancel(&order_id),
                    ("POST", "refund") => self.refund(&order_id, body),
                    _ => missing(),
                }
            }
            _ => missing(),
        }
    }

    fn show(&self, order_id: &str) -> Answer {
        let mut state = self.state();
        let is_silent = state.transactions.get_mut(order_id).is_some_and(|t| std::mem::take(&mut t.is_silent));
        (200, state.seen(order_id), is_silent)
    }

    /// A page for an order of which nothing has come yet; the one before is good no more.
    fn open(&self, body: &Value) -> Answer {
        let details = &body["transaction_details"];
        let (Some(order_id), Some(amount)) = (details["order_id"].as_str(), details["gross_amount"].as_i64()) else {
            return snap_no(400, "transaction_details.gross_amount is not a number");
        };
        if order_id.len() > 50 || amount < 1 {
            return snap_no(400, "transaction_details.order_id or gross_amount is not valid");
        }
        let mut state = self.state();
        if state.transactions.get(order_id).is_some_and(|known| known.status != "deny") {
            return snap_no(400, "transaction_details.order_id has already been taken");
        }
        let token = state.id("5b1d5f3a-0000-4000-8000-");
        let finish = body["callbacks"]["finish"].as_str().unwrap_or_default().to_owned();
        let redirect_url = format!("{}/snap/v4/redirection/{token}", self.inner.config.base_url);
        let answer = json!({"token": token, "redirect_url": redirect_url});
        state.pages.insert(order_id.to_owned(), Page { token, is_open: true, amount, finish });
        (201, answer, false)
    }

    fn close(&self, token: &str) -> Answer {
        let now = self.now();
        let mut state = self.state();
        let Some(order_id) = state.page_of(token) else { return snap_no(404, "token not found") };
        let begun = state.transactions.get(&order_id);
        let is_on = begun.is_some_and(|t| matches!(t.status, "pending" | "capture" | "settlement"));
        let Some(page) = state.pages.get_mut(&order_id) else { return snap_no(404, "token not found") };
        if is_on {
            return snap_no(400, "Transaction is on progress");
        }
        if !std::mem::take(&mut page.is_open) {
            return snap_no(400, "token already canceled");
        }
        (200, json!({"canceled_at": now.to_string()}), false)
    }

    fn cancel(&self, order_id: &str) -> Answer {
        let mut state = self.state();
        let Some(transaction) = state.transactions.get_mut(order_id) else { return missing() };
        let amount = transaction.amount;
        match (transaction.status, transaction.fraud, transaction.due) {
            ("pending", _, None) | ("capture", "challenge", _) => transaction.status = "cancel",
            ("capture", ..) => {
                (transaction.status, transaction.due) = ("cancel", None);
                state.journal.push((order_id.to_owned(), -amount * 100));
            }
            _ => return no("412", "Merchant cannot modify the status of the transaction"),
        }
        let seen = state.seen(order_id);
        drop(state);
        self.tell(order_id, &seen);
        (200, seen, false)
    }

    fn refund(&self, order_id: &str, body: &Value) -> Answer {
        let now = self.now();
        let mut state = self.state();
        let Some(transaction) = state.transactions.get(order_id) else { return missing() };
        let key = body["refund_key"].as_str().map_or_else(|| format!("made-{}", now.micros()), str::to_owned);
        let amount = body["amount"].as_i64().unwrap_or(transaction.left());
        if transaction.refunds.iter().any(|refund| refund.key == key) {
            return no("406", "refund_key has already been utilized previously");
        }
        let is_settled = matches!(transaction.status, "settlement" | "partial_refund");
        if !is_settled || !(1..=transaction.left()).contains(&amount) {
            return no("412", "Merchant cannot modify the status of the transaction");
        }
        if transaction.way == Way::FailingRefund {
            return no("202", "Refund denied by the bank");
        }
        let reason = body["reason"].as_str().unwrap_or_default().to_owned();
        let mut seen = state.give_back(order_id, Refund { key: key.clone(), amount, reason, at: now });
        drop(state);
        self.tell(order_id, &seen);
        seen["refund_key"] = json!(key);
        seen["refund_amount"] = json!(format!("{amount}.00"));
        seen["status_message"] = json!("Success, refund request is approved");
        (200, seen, false)
    }
}

async fn call(Shared(fake): Shared<FakeMidtrans>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, BODY_MAX).await else { return StatusCode::BAD_REQUEST.into_response() };
    let path = parts.uri.path().to_owned();
    fake.state().calls.push(format!("{} {path}", parts.method));
    if !fake.is_merchant(&parts.headers) {
        return respond(no("401", "Access denied due to unauthorized transaction"));
    }
    let fate = fake.fate(parts.method == Method::POST);
    match fate {
        Some(Fault::Broken) => return respond((500, json!({"status_code": "500"}), false)),
        Some(Fault::Busy) => return respond((429, json!({}), false)),
        Some(Fault::Hang) => {
            tokio::time::sleep(fake.inner.config.hold).await;
            return StatusCode::GATEWAY_TIMEOUT.into_response();
        }
        Some(Fault::Silent) | None => {}
    }
    let body: Value = serde_json::from_slice(&body).unwrap_or_default();
    let answer = fake.answer(&parts.method, &path, &body);
    if fate == Some(Fault::Silent) || answer.2 {
        tokio::time::sleep(fake.inner.config.hold).await;
    }
    respond(answer)
}

fn respond((status, body, _): Answer) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, axum::Json(body)).into_response()
}

async fn page(Shared(fake): Shared<FakeMidtrans>, Path(token): Path<String>) -> Response {
    let state = fake.state();
    let found = state.page_of(&token).and_then(|order_id| state.pages.get(&order_id).cloned());
    let Some(page) = found else { return StatusCode::NOT_FOUND.into_response() };
    let base = format!("{}/snap/v4/redirection/{token}", fake.inner.config.base_url);
    let (title, back) = (format!("Rp {}", page.amount), page.finish);
    let buttons = if page.is_open {
        ["pay", "decline"]
            .map(|way| format!("<form method=post action=\"{base}/{way}\"><button>{way}</button></form>"))
            .concat()
    } else {
        "<p>This page has closed.</p>".to_owned()
    };
    Html(format!(
        "<!doctype html><html lang=en><title>{title}</title><main><h1>{title}</h1>{buttons}<a href=\"{back}\">Back</a></main></html>"
    ))
    .into_response()
}

async fn pay(Shared(fake): Shared<FakeMidtrans>, Path((token, way)): Path<(String, String)>) -> Response {
    let found = {
        let state = fake.state();
        state.page_of(&token).and_then(|order_id| Some((state.pages.get(&order_id)?.finish.clone(), order_id)))
    };
    let Some((finish, order_id)) = found else { return StatusCode::NOT_FOUND.into_response() };
    fake.pay(&order_id, if way == "pay" { Way::Good } else { Way::Declined });
    Redirect::to(&finish).into_response()
}
