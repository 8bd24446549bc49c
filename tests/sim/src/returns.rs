//! Buyers who send things back, and vendors who answer, receive, and say so twice when nobody answers them.

use contracts::orders::{ExchangeState, OrderReturns, OrderView, Remedy, ReturnStatus, ReturnView, ReturnableLine};
use http::Method;
use kernel::Result;
use serde_json::{Value, json};

use crate::{bus::short, shop, world::World};

/// Orders looked at for one with something to do: most have not arrived.
const LOOKS: usize = 4;

impl World {
    /// A return of some order is asked for, or moved on.
    pub fn send_back(&mut self) -> Result<()> {
        for _ in 0..LOOKS {
            if self.send_back_of_one()? {
                break;
            }
        }
        Ok(())
    }

    /// A vendor pays something back that its buyer keeps, or more than there is, now and then with two clicks.
    pub fn pay_back(&mut self) -> Result<()> {
        let Some((_, placed)) = self.any_placed() else { return Ok(()) };
        let headers = [("order-token", placed.token.expose())];
        let reply = self.send(Method::GET, &format!("/api/v1/orders/{}", placed.order.id), None, &headers, None)?;
        if reply.status != 200 {
            return Ok(());
        }
        let view: OrderView = serde_json::from_slice(&reply.body)?;
        let part = &view.vendor_orders[self.below(view.vendor_orders.len() as u64) as usize];
        let line = &part.lines[self.below(part.lines.len() as u64) as usize];
        let lines = match self.below(4) {
            0 => json!([]),
            _ => json!([{"line_id": line.id, "quantity": 1 + self.below(line.quantity.unsigned_abs())}]),
        };
        let body = json!({"lines": lines, "shipping": self.below(2) == 0, "reason": "A scratch."});
        let path = format!("/api/v1/vendors/{}/orders/{}/refunds", part.vendor_id, part.id);
        let key = format!("kept-{}-{}", part.id, view.version);
        for _ in 0..1 + self.below(2) {
            let headers = [("idempotency-key", key.as_str())];
            let reply = self.send(Method::POST, &path, Some(&shop::owner(part.vendor_id)), &headers, Some(&body))?;
            if reply.status == 422 {
                self.trace.mark("paying back more than was sent is refused");
            }
        }
        Ok(())
    }

    /// False if there was nothing to do.
    fn send_back_of_one(&mut self) -> Result<bool> {
        let Some((_, placed)) = self.any_placed() else { return Ok(false) };
        let headers = [("order-token", placed.token.expose())];
        let path = format!("/api/v1/orders/{}/returns", placed.order.id);
        let reply = self.send(Method::GET, &path, None, &headers, None)?;
        if reply.status != 200 {
            return Ok(false);
        }
        let found: OrderReturns = serde_json::from_slice(&reply.body)?;
        for of in &found.returns {
            self.move_on(of, &path, &headers)?;
        }
        if found.returnable.is_empty() || self.below(2) == 0 {
            return Ok(!found.returns.is_empty());
        }
        let lines: Vec<Value> =
            found.returnable.iter().flat_map(|part| &part.lines).map(|line| self.wish(line)).collect();
        let body = json!({"lines": lines, "reason": "damaged"});
        let key = format!("return-{}-{}", placed.order.id, found.returns.len());
        // A double click, with the same key or in two tabs.
        for again in 0..1 + self.below(2) {
            let key = if self.below(2) == 0 { key.clone() } else { format!("{key}-{again}") };
            let headers = [("order-token", placed.token.expose()), ("idempotency-key", key.as_str())];
            let reply = self.send(Method::POST, &path, None, &headers, Some(&body))?;
            match reply.status {
                201 => self.trace.mark("return asked for"),
                422 => self.trace.mark("return of more than there is refused"),
                _ => {}
            }
        }
        Ok(true)
    }

    /// Some of a line goes back, at times for the other colour.
    fn wish(&self, line: &ReturnableLine) -> Value {
        let mut wish = json!({"line_id": line.line_id, "quantity": 1 + self.below(line.quantity.unsigned_abs())});
        if let Some(other) = shop::other_colour(line.variant_id).filter(|_| self.below(4) > 0) {
            wish["exchange_for"] = json!(other);
        }
        wish
    }

    fn move_on(&mut self, of: &ReturnView, path: &str, headers: &[(&str, &str)]) -> Result<()> {
        let vendor = format!("/api/v1/vendors/{}/returns/{}", of.vendor_id, of.id);
        let owner = shop::owner(of.vendor_id);
        let (verb, body) = match of.status {
            ReturnStatus::Requested if self.below(6) == 0 => ("refuse", json!({"reason": "Worn."})),
            ReturnStatus::Requested | ReturnStatus::Approved if self.below(6) == 0 => {
                return self.send(Method::POST, &format!("{path}/{}/cancel", of.id), None, headers, None).map(drop);
            }
            ReturnStatus::Approved if of.label.is_some() && self.below(3) == 0 => {
                ("close", json!({"reason": "Not needed."}))
            }
            ReturnStatus::Requested => {
                let all = of.lines.iter().map(|line| json!({"line_id": line.line_id, "quantity": line.quantity}));
                ("approve", json!({"lines": all.collect::<Vec<_>>()}))
            }
            ReturnStatus::Approved | ReturnStatus::Sent if self.below(8) == 0 => {
                ("close", json!({"reason": "Never came."}))
            }
            ReturnStatus::Approved if self.swarm.labels && self.below(2) == 0 => {
                let labels = format!("{vendor}/labels");
                return self.send(Method::POST, &labels, Some(&owner), &[], Some(&json!({"weight_g": 200}))).map(drop);
            }
            ReturnStatus::Received if of.refund_failure.is_some() => ("retry", Value::Null),
            ReturnStatus::Received if of.remedy == Remedy::Exchange && self.below(3) == 0 => ("refund", Value::Null),
            ReturnStatus::Received if of.exchange == Some(ExchangeState::Held) => {
                ("exchange", json!({"carrier": "Post", "tracking_number": of.number}))
            }
            // Whoever got no answer says it again.
            ReturnStatus::Approved | ReturnStatus::Sent | ReturnStatus::Received => ("receive", self.arrival(of)),
            _ => return Ok(()),
        };
        let reply = self.send(Method::POST, &format!("{vendor}/{verb}"), Some(&owner), &[], Some(&body))?;
        if reply.status == 200 && verb == "receive" {
            self.trace.mark("return received");
            self.note(format_args!("return {} received", short(&of.id.to_string())));
        }
        Ok(())
    }

    /// Everything has arrived; some of it goes back on sale, and sometimes the shipping too.
    fn arrival(&mut self, of: &ReturnView) -> Value {
        let lines: Vec<Value> = of
            .lines
            .iter()
            .map(|line| {
                let received = line.approved.unwrap_or(0);
                let restocked = self.below(received.unsigned_abs() + 1);
                json!({"line_id": line.line_id, "received": received, "restocked": restocked})
            })
            .collect();
        json!({"lines": lines, "refund_shipping": self.below(3) == 0})
    }
}
