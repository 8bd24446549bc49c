//! An admin who gives gift cards and store credit, says so twice, and blocks some; and buyers who pay with the same ones at the
//! same time.

use std::time::Duration;

use contracts::credits::{Cover, CreditKind, IssuedCredit};
use http::Method;
use kernel::{Clock, Identity, Money, Result, Secret};
use serde_json::{Value, json};

use crate::{
    shop,
    trace::Trace,
    world::{Reply, World},
};

/// Gifts of a run: few, so that buyers want the same ones.
const GIFTS: usize = 4;
/// What they are about, in minor units: less than anything costs, some of it, most of it, several orders.
const AMOUNTS: [u64; 4] = [300, 1_500, 5_000, 30_000];
/// A code that nobody was given.
const WRONG: &str = "AAAA-BBBB-CCCC-DDDD";

/// A gift card, or something for the one account that has store credit.
#[derive(Debug, Clone)]
pub struct Gift {
    /// Idempotency key.
    key: String,
    /// What is sent.
    body: Value,
    /// What came back, if anything did.
    pub given: Option<IssuedCredit>,
    /// The same, byte for byte.
    answer: Vec<u8>,
}

impl Gift {
    fn code(&self) -> Option<&Secret> {
        self.given.as_ref().and_then(|given| given.code.as_ref())
    }
    /// How much was asked for.
    pub fn amount(&self) -> i64 {
        self.body["amount_minor"].as_i64().unwrap_or_default()
    }
}

/// With which stored value somebody wants to pay.
#[derive(Debug, Clone, Default)]
pub struct Purse {
    /// Who it is, unless a guest.
    pub who: Option<Identity>,
    /// Whether store credit is used.
    store_credit: bool,
    /// Codes of gift cards.
    codes: Vec<String>,
}

impl Purse {
    /// What cards and accounts hold is in the main currency.
    pub fn leave_credits_at_home(&mut self) {
        self.codes.clear();
        self.store_credit = false;
    }

    /// One of its cards was refused: without them, then.
    pub fn refused(&mut self, code: &str, trace: &Trace) {
        trace.mark("gift card refused");
        match code {
            "gift_card_expired" => trace.mark("gift card too old"),
            "gift_card_blocked" => trace.mark("gift card blocked"),
            "gift_card_empty" => trace.mark("gift card used up"),
            _ => {}
        }
        self.codes.clear();
    }
}

impl World {
    /// Something is given, or given again, or blocked, or free again.
    pub fn look_after_credits(&mut self) -> Result<()> {
        if !self.swarm.credits {
            return Ok(());
        }
        match self.below(4) {
            0 => self.give(),
            1 if !self.gifts.is_empty() => {
                let any = self.below(self.gifts.len() as u64) as usize;
                self.ask_for_gift(any)
            }
            _ => self.block(),
        }
    }

    /// What a buyer has at hand: some of the cards that there are, at times a wrong code; or an account, with store credit or
    /// prices of its own.
    pub fn fill_purse(&mut self) -> Result<Purse> {
        let mut purse = Purse::default();
        if self.swarm.lists && self.below(3) == 0 {
            purse.who = Some(shop::customer());
        }
        if !self.swarm.credits {
            return Ok(purse);
        }
        if self.below(2) == 0 {
            self.give()?;
        }
        if self.below(3) == 0 {
            return Ok(purse);
        }
        for gift in &self.gifts {
            let Some(given) = &gift.given else { continue };
            match given.credit.kind {
                CreditKind::GiftCard if self.below(2) == 0 => {
                    purse.codes.extend(gift.code().map(|code| code.expose().to_owned()));
                }
                CreditKind::StoreCredit if self.below(2) == 0 => {
                    (purse.who, purse.store_credit) = (Some(shop::customer()), true);
                }
                _ => {}
            }
        }
        if self.below(16) == 0 {
            purse.codes.push(WRONG.to_owned());
        }
        Ok(purse)
    }

    /// What an order over `total` says of it. Half of the buyers ask first what it covers, and agree to just that.
    pub fn pay_with(&self, purse: &Purse, total: Money) -> Result<Option<Value>> {
        if purse.codes.is_empty() && !purse.store_credit {
            return Ok(None);
        }
        let mut credits = json!({"codes": purse.codes, "use_store_credit": purse.store_credit});
        if self.below(2) == 0 {
            let asked = json!({"total": total, "credits": credits});
            let reply = self.send(Method::POST, "/api/v1/credits/cover", purse.who.as_ref(), &[], Some(&asked))?;
            if reply.status == 200 {
                let cover: Cover = serde_json::from_slice(&reply.body)?;
                credits["covered_minor"] = cover.covered.amount_minor.into();
            }
        }
        Ok(Some(credits))
    }

    /// A card, some of which can be used for minutes only, or store credit; asked for with one click or two.
    fn give(&mut self) -> Result<()> {
        let number = self.gifts.len();
        if number >= GIFTS {
            return Ok(());
        }
        let amount = AMOUNTS[self.below(AMOUNTS.len() as u64) as usize] + self.below(100);
        let mut body = json!({"kind": "gift_card", "amount_minor": amount, "currency": "EUR"});
        match self.below(8) {
            0 | 1 => body["expires_at"] = json!(self.clock.now().plus(Duration::from_secs(20 + self.below(300)))),
            2..4 => {
                body["kind"] = "store_credit".into();
                body["account_id"] = json!(shop::customer_id());
            }
            _ => {}
        }
        self.gifts.push(Gift { key: format!("gift-{number}"), body, given: None, answer: Vec::new() });
        for _ in 0..1 + self.below(2) {
            self.ask_for_gift(number)?;
        }
        Ok(())
    }

    fn ask_for_gift(&mut self, number: usize) -> Result<()> {
        let Some(Gift { key, body, .. }) = self.gifts.get(number).cloned() else { return Ok(()) };
        let headers = [("idempotency-key", key.as_str())];
        let path = "/api/v1/admin/credits";
        let Reply { status, body } = self.send(Method::POST, path, Some(&shop::admin()), &headers, Some(&body))?;
        let Some(gift) = self.gifts.get_mut(number).filter(|_| status == 201) else { return Ok(()) };
        if gift.given.is_none() {
            gift.given = Some(serde_json::from_slice(&body)?);
            gift.answer = body.to_vec();
        } else if gift.answer == body {
            self.trace.mark("credit asked for again, and given once");
        } else {
            self.broken.push(format!("I1: {key} got two different answers"));
        }
        Ok(())
    }

    /// An admin blocks one of them, or lets it be used again.
    fn block(&mut self) -> Result<()> {
        let given: Vec<_> = self.gifts.iter().filter_map(|gift| gift.given.as_ref()).collect();
        if given.is_empty() {
            return Ok(());
        }
        let id = given[self.below(given.len() as u64) as usize].credit.id;
        let verb = if self.below(2) == 0 { "block" } else { "unblock" };
        let path = format!("/api/v1/admin/credits/{id}/{verb}");
        self.send(Method::POST, &path, Some(&shop::admin()), &[], None).map(drop)
    }
}
