//! Buyers who have their banks take money back, an admin who answers, and banks that decide.

use http::Method;
use kernel::Result;
use sandbox::{Command, Dispute, Payment, Status};
use serde_json::{Value, json};

use crate::{
    bus::short,
    shop,
    world::{World, now},
};

/// Orders looked at for one with something to dispute: many are not paid.
const LOOKS: usize = 4;

impl World {
    /// A payment is disputed, or a dispute moves on.
    pub fn dispute(&mut self) -> Result<()> {
        if !self.swarm.disputes {
            return Ok(());
        }
        for _ in 0..LOOKS {
            let Some((_, placed)) = self.any_placed() else { return Ok(()) };
            for payment in self.psp.payments_of(&placed.order.id.to_string())? {
                let open = payment.disputes.iter().find(|dispute| dispute.status.is_open());
                let moved = match open {
                    Some(dispute) => self.move_dispute(dispute)?,
                    None => self.take_back(&payment)?,
                };
                if moved {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// The bank takes some of it back, or all, also of what was returned before. False if there is nothing to take.
    fn take_back(&mut self, payment: &Payment) -> Result<bool> {
        let left = payment.captured_minor - payment.disputed_minor();
        if payment.status != Status::Succeeded || left < 1 {
            return Ok(false);
        }
        let amount = if self.below(2) == 0 { left } else { 1 + self.below(left.unsigned_abs()) as i64 };
        let reason = "product_not_received".to_owned();
        let disputed = Command::Dispute { payment: payment.id.clone(), amount_minor: Some(amount), reason };
        let outcome = self.psp.buyer(disputed)?;
        self.note(format_args!("{amount} of {} are disputed: {}", short(&payment.id), outcome.status));
        Ok(outcome.is_success())
    }

    /// The bank decides, or an admin answers; and says so twice when nobody answers.
    fn move_dispute(&mut self, dispute: &Dispute) -> Result<bool> {
        if self.below(3) == 0 {
            let won = self.below(2) == 0;
            let outcome = self.psp.buyer(Command::Decide { dispute: dispute.id.clone(), won })?;
            let how = if won { "won" } else { "lost" };
            self.note(format_args!("dispute {} is {how}: {}", short(&dispute.id), outcome.status));
            return Ok(true);
        }
        let Some(payments) = self.databases.get("payments") else { return Ok(false) };
        let sql = "SELECT id FROM disputes WHERE provider_ref = $1";
        let Some(row) = now(payments.opt(sql, db::params![&dispute.id]))? else { return Ok(false) };
        let path = format!("/api/v1/admin/disputes/{}", row.get::<String>("id")?);
        let accepts = self.below(4) == 0;
        for _ in 0..1 + self.below(2) {
            if accepts {
                self.send(Method::POST, &format!("{path}/accept"), Some(&shop::admin()), &[], Some(&Value::Null))?;
                continue;
            }
            let evidence = json!({"product": "A mug", "carrier": "Post", "tracking_number": "RR 1"});
            let key = format!("evidence-{}", dispute.id);
            let headers = [("idempotency-key", key.as_str())];
            self.send(Method::POST, &format!("{path}/evidence"), Some(&shop::admin()), &headers, Some(&evidence))?;
        }
        Ok(true)
    }
}
