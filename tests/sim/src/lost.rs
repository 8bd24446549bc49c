//! Webhooks that get lost for good: whoever sent them has an answer and sends them no more, and nobody here has seen them.
//! What they would have told of is found out by asking.

use std::collections::BTreeSet;

use db::params;
use kernel::Result;
use sandbox::Due;
use serde_json::Value;

use crate::{bus::short, world::World};

/// What was lost.
#[derive(Default)]
pub struct Lost {
    /// Events: every copy of them.
    events: BTreeSet<String>,
    /// Payments, by the provider's ids, of which nobody told that they had succeeded.
    payments: BTreeSet<String>,
}

impl World {
    /// Whether this one gets lost, with all copies that there will be of it.
    pub fn gets_lost(&mut self, due: &Due) -> Result<bool> {
        if self.lost.events.contains(&due.event) {
            return Ok(true);
        }
        let strikes = self.swarm.webhook_lost > 0 && self.below(1_000) < self.swarm.webhook_lost;
        if !strikes || self.acknowledged_webhooks.contains(&due.event) {
            return Ok(false);
        }
        let event: Value = serde_json::from_str(&due.body)?;
        let kind = event["type"].as_str().unwrap_or_default().to_owned();
        if !kind.starts_with("payment.") {
            return Ok(false);
        }
        let payment = event["data"]["object"]["id"].as_str().unwrap_or_default().to_owned();
        self.trace.mark("webhook lost for good");
        self.note(format_args!("lost for good: {kind} of {}", short(&payment)));
        self.lost.events.insert(due.event.clone());
        if kind == "payment.succeeded" {
            self.lost.payments.insert(payment);
        }
        Ok(true)
    }

    /// Marks money that was found although nobody told of it.
    pub fn mark_found(&self) -> Result<()> {
        for payment in &self.lost.payments {
            let sql = "SELECT count(*) FROM payments WHERE provider_ref = $1 AND captured_minor > 0";
            if self.count("payments", sql, params![payment])? > 0 {
                self.trace.mark("money found that no webhook told of");
            }
        }
        Ok(())
    }
}
