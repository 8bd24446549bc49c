//! An admin who pays vendors by bank, and says what the bank says; twice when nobody answers.

use contracts::payouts::PayoutRunView;
use http::Method;
use kernel::{Error, Result};
use serde_json::json;

use crate::{
    shop,
    world::{World, now},
};

impl World {
    /// Vendors say where they are paid to.
    pub fn name_accounts(&self) -> Result<()> {
        for name in shop::VENDORS {
            let vendor = shop::vendor(name);
            let path = format!("/api/v1/vendors/{vendor}/payout-account");
            let account = json!({"holder": name, "country": "DE", "iban": "DE89370400440532013000", "password": "x"});
            let reply = self.send(Method::PUT, &path, Some(&shop::owner(vendor)), &[], Some(&account))?;
            if reply.status != 200 {
                return Err(Error::internal(format!("the account was not named: {}", reply.status)));
            }
        }
        Ok(())
    }

    /// What vendors have is paid out, or a payout moves on.
    pub fn pay_vendors(&mut self) -> Result<()> {
        if !self.swarm.payouts {
            return Ok(());
        }
        let Some(payments) = self.databases.get("payments") else { return Ok(()) };
        let known = now(payments.all("SELECT id, status FROM payouts ORDER BY id", db::params![]))?;
        if known.is_empty() || self.below(4) == 0 {
            return self.run_payouts();
        }
        let payout = &known[self.below(known.len() as u64) as usize];
        let (id, status): (String, String) = (payout.get("id")?, payout.get("status")?);
        let (verb, body) = match (status.as_str(), self.below(3)) {
            ("failed", _) => ("retry", None),
            (_, 0) => ("failed", Some(json!({"reason": "Wrong name"}))),
            (_, 1) => ("sent", None),
            _ => ("paid", None),
        };
        let path = format!("/api/v1/admin/payouts/{id}/{verb}");
        for _ in 0..1 + self.below(2) {
            let reply = self.send(Method::POST, &path, Some(&shop::admin()), &[], body.as_ref())?;
            if reply.status == 200 && verb == "paid" {
                self.acknowledged_payouts.push(id.clone());
            }
        }
        Ok(())
    }

    fn run_payouts(&mut self) -> Result<()> {
        for _ in 0..1 + self.below(2) {
            let path = "/api/v1/admin/payouts/runs";
            let reply = self.send(Method::POST, path, Some(&shop::admin()), &[], Some(&json!({})))?;
            if reply.status == 200 {
                let run: PayoutRunView = serde_json::from_slice(&reply.body)?;
                let paid = run.lines.iter().filter(|line| line.payout_id.is_some()).count();
                self.note(format_args!("{paid} vendors are paid"));
            }
        }
        Ok(())
    }
}
