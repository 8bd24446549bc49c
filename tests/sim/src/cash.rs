//! Buyers who pay the courier, the office that hears of it, and doors that stay shut.

use std::collections::BTreeMap;

use contracts::orders::{OrderStatus, OrderView};
use db::{Row, params};
use http::Method;
use kernel::Result;
use serde_json::{Value, json};

use crate::{
    paypal::PAYPAL,
    shop,
    world::{World, now},
};

/// Stands for a card where the courier is paid.
pub const CASH: &str = "cash";

/// The dearest order that a courier is paid for.
pub fn limits() -> BTreeMap<String, i64> {
    BTreeMap::from([("EUR".to_owned(), 25_000)])
}

/// How an order is to be paid.
pub fn payment(card: Option<&str>) -> Value {
    match card {
        Some(CASH) => json!({"method": "cash_on_delivery"}),
        Some(PAYPAL) => json!({"method": "paypal"}),
        card => json!({"method": "card", "token": card}),
    }
}

/// True for orders whose vendors send them.
pub fn is_sent(view: &OrderView) -> bool {
    matches!(view.status, OrderStatus::Promised | OrderStatus::Paid)
}

impl World {
    /// A card, or cash now and then.
    pub fn or_cash(&self, card: Option<String>) -> Option<String> {
        if self.swarm.cash && self.below(3) == 0 { Some(CASH.to_owned()) } else { card }
    }

    fn cash_rows(&self, sql: &str) -> Result<Vec<Row>> {
        match self.databases.get("payments") {
            Some(db) => now(db.all(sql, params![])),
            None => Ok(Vec::new()),
        }
    }

    /// The courier has been somewhere: it hands the money over, or tells that the door stayed shut; at times both, and much
    /// too late.
    pub fn hear_of_courier(&mut self) -> Result<()> {
        let sql = "SELECT id, amount_minor - covered_minor - reduced_minor AS collect FROM payments
                   WHERE provider = 'cash_on_delivery' AND provider_ref IS NOT NULL ORDER BY id";
        let payments = self.cash_rows(sql)?;
        if payments.is_empty() {
            return Ok(());
        }
        let row = &payments[self.below(payments.len() as u64) as usize];
        let (id, collect): (String, i64) = (row.get("id")?, row.get("collect")?);
        match self.below(8) {
            0..3 => self.not_collected(&id),
            3 => self.collected(&id, collect + 1),
            _ => self.collected(&id, collect),
        }
    }

    fn collected(&mut self, id: &str, minor: i64) -> Result<()> {
        let key = format!("cash-{id}-{minor}-{}", self.below(2));
        let path = format!("/api/v1/admin/payments/{id}/receipt");
        let body = json!({"amount_minor": minor, "note": "Statement"});
        for _ in 0..1 + self.below(2) {
            let headers = [("idempotency-key", key.as_str())];
            let reply = self.send(Method::POST, &path, Some(&shop::admin()), &headers, Some(&body))?;
            match reply.status {
                200 => {
                    self.trace.mark("cash collected");
                    self.acknowledged_collections.push(id.to_owned());
                }
                422 => self.trace.mark("another amount than was to be collected"),
                _ => {}
            }
        }
        Ok(())
    }

    fn not_collected(&mut self, id: &str) -> Result<()> {
        let path = format!("/api/v1/admin/payments/{id}/not-collected");
        for _ in 0..1 + self.below(2) {
            let body = json!({"reason": "Nobody at home."});
            let reply = self.send(Method::POST, &path, Some(&shop::admin()), &[], Some(&body))?;
            if reply.status == 200 {
                self.note(format_args!("the courier could not collect {id}"));
            }
        }
        Ok(())
    }

    /// What was collected and has to go back somebody sends.
    pub fn send_cash_back(&mut self) -> Result<()> {
        let sql = "SELECT r.id, r.payment_id FROM refunds r JOIN payments p ON p.id = r.payment_id
                   WHERE p.provider = 'cash_on_delivery' AND r.status = 'pending' ORDER BY r.id";
        for row in self.cash_rows(sql)? {
            let (id, payment): (String, String) = (row.get("id")?, row.get("payment_id")?);
            let path = format!("/api/v1/admin/payments/{payment}/refunds/{id}/sent");
            let reply = self.send(Method::POST, &path, Some(&shop::admin()), &[], Some(&json!({})))?;
            if reply.status == 200 {
                self.trace.mark("collected cash sent back");
            }
        }
        Ok(())
    }

    /// O2: what was entered as collected is captured, once; and what was not is not.
    pub fn cash_is_kept(&self, violations: &mut Vec<String>) -> Result<()> {
        let rows = self.cash_rows("SELECT id, captured_minor, amount_minor FROM payments WHERE captured_minor > 0")?;
        let captured = rows.iter().map(|row| row.get::<String>("id")).collect::<Result<Vec<_>>>()?;
        for id in self.acknowledged_collections.iter().filter(|id| !captured.contains(id)) {
            violations.push(format!("O2: payment {id} was acknowledged as collected and is not captured"));
        }
        Ok(())
    }
}
