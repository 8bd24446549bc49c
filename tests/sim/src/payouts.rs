//! An admin who pays vendors, and says what the bank says; twice when nobody answers.

use contracts::payouts::PayoutRunView;
use http::Method;
use kernel::{Error, Result};
use serde_json::json;

use crate::{
    shop,
    world::{World, now},
};

impl World {
    /// Vendors say where they are paid to: at their banks, and some of them at a provider instead.
    pub fn name_accounts(&mut self) -> Result<()> {
        for name in shop::VENDORS {
            let status = self.name_account(name)?;
            if status != 200 {
                return Err(Error::internal(format!("the account was not named: {status}")));
            }
            if !self.pays_through_providers() {
                continue;
            }
            match self.below(3) {
                0 => {}
                1 if self.swarm.direct => self.connect_at_paypal(name)?,
                1 => self.name_address(name)?,
                _ => self.choose_sandbox(name)?,
            }
        }
        Ok(())
    }

    /// A vendor is paid to its bank from now on.
    pub fn name_account(&self, name: &str) -> Result<u16> {
        let vendor = shop::vendor(name);
        let path = format!("/api/v1/vendors/{vendor}/payout-account");
        let account = json!({"holder": name, "country": "DE", "iban": "DE89370400440532013000", "password": "x"});
        Ok(self.send(Method::PUT, &path, Some(&shop::owner(vendor)), &[], Some(&account))?.status)
    }

    fn pays_through_providers(&self) -> bool {
        self.swarm.payouts && self.swarm.payees
    }

    /// What vendors have is paid out, or a payout moves on.
    pub fn pay_vendors(&mut self) -> Result<()> {
        if !self.swarm.payouts {
            return Ok(());
        }
        if self.pays_through_providers() && self.below(2) == 0 {
            return self.look_after_payees();
        }
        let Some(payments) = self.databases.get("payments") else { return Ok(()) };
        let known = now(payments.all("SELECT id, status FROM payouts ORDER BY id", db::params![]))?;
        if known.is_empty() || self.below(2) == 0 {
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
            if reply.status == 409 && reply.json()["code"] == "paid_by_provider" {
                self.trace.mark("what becomes of a payout was its provider's to say");
            }
        }
        Ok(())
    }

    fn run_payouts(&mut self) -> Result<()> {
        if self.pays_through_providers() && self.below(4) == 0 {
            self.close_a_payee()?;
        }
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
