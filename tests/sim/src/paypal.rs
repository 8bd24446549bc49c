//! Buyers who pay at PayPal, and vendors who have connected their accounts there and get their parts themselves. PayPal tells of
//! nothing here: all that happens there has to be asked for.

use std::collections::BTreeMap;

use gateways::paypal::{AskedPayout, MERCHANT, Source};
use invariants::{PspPayment, PspTransfer};
use kernel::Result;
use serde_json::json;

use crate::{
    checks::Books,
    shop,
    world::{World, now},
};

/// Stands for a card where PayPal is paid.
pub const PAYPAL: &str = "paypal";

/// The account of a vendor: thirteen letters and digits.
fn account_of(name: &str) -> String {
    let letters: String = name.chars().filter(char::is_ascii_alphanumeric).take(8).collect();
    format!("{:X<13}", letters.to_uppercase())
}

impl World {
    /// A card, or PayPal now and then.
    pub fn or_paypal(&self, card: Option<String>) -> Option<String> {
        if self.swarm.paypal && self.below(2) == 0 { Some(PAYPAL.to_owned()) } else { card }
    }

    /// A vendor wants to be paid at PayPal: it connects its account, which PayPal's page asks for.
    pub fn connect_at_paypal(&mut self, name: &str) -> Result<()> {
        let vendor = shop::vendor(name);
        let path = format!("/api/v1/vendors/{vendor}/payout-account/paypal");
        self.ask_beside(path, shop::owner(vendor), &json!({"country": "DE", "password": "x"}))
    }

    /// Buyers agree on PayPal's page; vendors come through it, take back what they have allowed, or have us ask.
    pub fn at_paypal(&mut self) -> Result<()> {
        if !self.swarm.direct {
            return self.agree_at_paypal();
        }
        if let Some(name) = self.unconnected()? {
            return self.come_through(name);
        }
        let name = shop::VENDORS[self.below(shop::VENDORS.len() as u64) as usize];
        match self.below(8) {
            0 => {
                let allows = self.below(2) > 0;
                self.psp.paypal().change_seller(&account_of(name), allows, true, false);
                let does = if allows { "allows" } else { "takes back" };
                self.note(format_args!("{name} {does} what it is asked for at PayPal"));
                Ok(())
            }
            1 => self.ask_again(name),
            _ => self.agree_at_paypal(),
        }
    }

    /// Has PayPal asked how far the vendor has come.
    fn ask_again(&mut self, name: &str) -> Result<()> {
        let vendor = shop::vendor(name);
        let path = format!("/api/v1/vendors/{vendor}/payout-account/paypal/refresh");
        self.ask_beside(path, shop::owner(vendor), &json!({}))
    }

    /// What PayPal knows the vendor's account as, if the vendor has begun with it.
    fn known_as(&self, name: &str) -> Result<Option<String>> {
        let Some(payments) = self.databases.get("payments") else { return Ok(None) };
        let sql = "SELECT account_ref FROM payout_recipients WHERE provider = 'paypal' AND vendor_id = $1";
        let known = now(payments.opt(sql, db::params![shop::vendor(name)]))?;
        Ok(known.map(|row| row.get("account_ref")).transpose()?.flatten())
    }

    /// A vendor whose account we do not know yet.
    pub fn unconnected(&self) -> Result<Option<&'static str>> {
        for name in shop::VENDORS {
            if self.known_as(name)?.as_deref() != Some(account_of(name).as_str()) {
                return Ok(Some(name));
            }
        }
        Ok(None)
    }

    fn agree_at_paypal(&self) -> Result<()> {
        let Some(payments) = self.databases.get("payments") else { return Ok(()) };
        let sql = "SELECT provider_ref FROM payments WHERE provider = 'paypal' AND status = 'requires_action'
                     AND provider_ref IS NOT NULL ORDER BY id";
        for row in now(payments.all(sql, db::params![]))? {
            let order: String = row.get("provider_ref")?;
            let source = match self.below(8) {
                0 => Source::Declined,
                1 => Source::Slow,
                2 => Source::SlowRefund,
                _ => Source::Good,
            };
            if self.psp.paypal().approve(&order, source) {
                self.trace.mark("buyer agreed at PayPal");
                self.note(format_args!("buyer agrees to {order} with {source:?}"));
            }
        }
        Ok(())
    }

    /// The vendor comes through the page, if it has begun with it, and is asked about; otherwise it begins.
    fn come_through(&mut self, name: &str) -> Result<()> {
        let Some(tracking) = self.known_as(name)? else { return self.connect_at_paypal(name) };
        self.psp.paypal().connect(&tracking, &account_of(name));
        self.note(format_args!("{name} connects its account at PayPal"));
        self.ask_again(name)
    }

    /// What PayPal has taken and given back, and what it has paid and has not back.
    pub fn books_of_paypal(&self) -> Books {
        let asked = self.psp.paypal().asked_payouts();
        let paid = (1_i64..).zip(asked).filter(|(_, payout)| payout.status == "SUCCESS");
        let transfer = |(position, payout): (i64, AskedPayout)| PspTransfer {
            position,
            id: payout.id,
            reference: payout.name,
            currency: payout.currency,
            amount_minor: payout.minor,
        };
        let payments = (1_i64..).zip(self.psp.paypal().payments()).map(|(position, payment)| PspPayment {
            position,
            id: payment.id,
            reference: payment.reference,
            currency: payment.currency,
            captured_minor: payment.captured,
            refunded_minor: payment.refunded,
            returning_minor: payment.returning,
            created_at: payment.at,
        });
        Books { provider: "paypal", payments: payments.collect(), transfers: paid.map(transfer).collect() }
    }

    /// What the ledger has at PayPal is what PayPal has for the marketplace, and what vendors have got themselves is what it has
    /// for them.
    pub fn paypal_has_what_is_booked(&self, violations: &mut Vec<String>) -> Result<()> {
        let booked =
            "SELECT CAST(COALESCE(sum(amount_minor), 0) AS BIGINT) FROM postings WHERE account = 'provider:paypal'";
        let mut sides =
            BTreeMap::from([("the marketplace", (self.count("payments", booked, vec![])?, MERCHANT.to_owned()))]);
        let got = "SELECT CAST(COALESCE(sum(direct_minor), 0) AS BIGINT) FROM payment_parts WHERE vendor_id = $1";
        for name in shop::VENDORS {
            let got = self.count("payments", got, db::params![shop::vendor(name)])?;
            sides.insert(name, (got, account_of(name)));
        }
        for (whose, (booked, account)) in sides {
            let there = self.psp.paypal().balance(&account);
            if booked != there {
                violations.push(format!("M5: PayPal has {there} for {whose}, the books {booked}"));
            }
        }
        Ok(())
    }
}
