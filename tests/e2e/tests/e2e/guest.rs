//! Guests, who buy without an account.

use serde_json::{Value, json};

use crate::{
    http::{Call, Http, Reply},
    market::{Article, id_of, quote_request, text_of},
};

/// An order that the server has acknowledged.
#[derive(Debug, Clone)]
pub struct Placed {
    pub id: String,
    pub token: String,
    pub total_minor: i64,
}

impl Placed {
    pub fn of(reply: &Reply) -> Self {
        let document = reply.json();
        let order = &document["order"];
        let total_minor = order["quote"]["total"]["amount_minor"].as_i64().expect("a total");
        Self { id: id_of(order), token: text_of(&document["token"]), total_minor }
    }
    /// The order as its guest sees it.
    pub fn view<'a>(&self, http: &'a Http) -> Call<'a> {
        http.get(format!("/api/v1/orders/{}", self.id)).header("order-token", &self.token)
    }
}

/// True if nothing more will happen to a checkout in this state.
pub fn is_settled(status: &Value) -> bool {
    matches!(status.as_str(), Some("paid" | "completed" | "rejected" | "cancelled"))
}

/// The current quote.
pub async fn quote(http: &Http, lines: &[(&Article, i64)]) -> Value {
    http.post("/api/v1/quotes", &quote_request(lines)).ok().await
}

/// The order that accepts `quote` and pays with `card`.
pub fn order(quote: &Value, lines: &[(&Article, i64)], guest: usize, card: &str) -> Value {
    let shipping = |part: &Value| json!({"vendor_id": part["vendor_id"], "method_id": part["method"]["method_id"]});
    let parts = quote["vendors"].as_array().expect("parts of a quote");
    json!({
        "quote_hash": quote["hash"],
        "currency": "EUR",
        "lines": quote_request(lines)["lines"],
        "shipping": parts.iter().map(shipping).collect::<Vec<_>>(),
        "email": format!("guest{guest}@example.com"),
        "address": {"name": format!("Guest {guest}"), "line1": "Am Hafen 7", "postcode": "20457", "city": "Hamburg", "country": "DE"},
        "payment": {"method": "card", "token": card},
    })
}

/// Places an order under `key`, without waiting for more than its acceptance.
pub fn place<'a>(http: &'a Http, key: &str, order: &Value) -> Call<'a> {
    http.post("/api/v1/orders", order).key(key)
}
