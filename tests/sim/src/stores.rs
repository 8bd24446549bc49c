//! What stores have besides a shelf: a second place, goods that are sold before they are there, prices for some of their
//! customers, and other currencies.

use http::Method;
use kernel::{Error, Result};
use serde_json::{Value, json};

use crate::{
    shop::{self, CHOICE, LIST_PRICE, OTHER_CURRENCIES, PRODUCTS},
    world::{Reply, World},
};

/// Most pieces that are sold before they are there.
const BACKORDERS: u64 = 4;

impl World {
    /// Stores get what they have besides a shelf.
    pub fn furnish_stores(&mut self) -> Result<()> {
        if self.swarm.places {
            for name in shop::VENDORS {
                let path = format!("/api/v1/vendors/{}/stock-locations", shop::vendor(name));
                let made = self.as_owner(Method::POST, name, &path, &json!({"name": "Cellar"}))?;
                let id = made.json()["id"].as_str().map(str::to_owned);
                self.cellars.insert(name, id.ok_or_else(|| Error::internal("a place has no id"))?);
            }
            for (of, name) in goods() {
                self.carry_over(of, name)?;
            }
        }
        if self.swarm.backorders {
            for (of, name) in goods() {
                self.set_backorders(of, name)?;
            }
        }
        if self.swarm.currencies {
            self.set_rates()?;
        }
        if self.swarm.lists { self.write_price_list() } else { Ok(()) }
    }

    /// What the shop sells in besides has another rate, or a first one.
    pub fn set_rates(&mut self) -> Result<()> {
        for (code, rate) in OTHER_CURRENCIES {
            let rate_micro = rate + self.below(rate / 50);
            let body = json!({"rate_micro": rate_micro, "rounding": {"mode": "up", "step_minor": 5}});
            let path = format!("/api/v1/admin/currencies/{code}");
            self.send(Method::PUT, &path, Some(&shop::admin()), &[], Some(&body))?;
        }
        Ok(())
    }

    /// In which currency somebody buys.
    pub fn any_currency(&self) -> &'static str {
        if self.swarm.currencies && self.below(2) == 0 {
            OTHER_CURRENCIES[self.below(OTHER_CURRENCIES.len() as u64) as usize].0
        } else {
            shop::MAIN_CURRENCY
        }
    }

    fn as_owner(&self, method: Method, of: &str, path: &str, body: &Value) -> Result<Reply> {
        self.send(method, path, Some(&shop::owner(shop::vendor(of))), &[], Some(body))
    }

    /// The one customer pays less for a mug than everybody else.
    fn write_price_list(&self) -> Result<()> {
        let admin = shop::admin();
        let put = |path: &str, body: Value| self.send(Method::PUT, path, Some(&admin), &[], Some(&body));
        let group = put("/api/v1/admin/customer-groups/trade", json!({"key": "trade", "name": "Trade"}))?;
        let of_customer = format!("/api/v1/admin/customers/{}/groups", shop::customer_id());
        let member = put(&of_customer, json!({"groups": ["trade"]}))?;
        let list = json!({
            "name": "Trade", "group": "trade", "currency": "EUR", "starts_at": "2026-01-01T00:00:00Z",
            "prices": [{"sku": "mug", "price_minor": LIST_PRICE}],
        });
        let path = format!("/api/v1/vendors/{}/price-lists", shop::vendor("ada"));
        let list = self.as_owner(Method::POST, "ada", &path, &list)?;
        match (group.status, member.status, list.status) {
            (200, 200, 201) => Ok(()),
            other => Err(Error::internal(format!("the price list was not written: {other:?}"))),
        }
    }

    /// Goods come in, are counted wrong, are carried from one place to another, or may be sold before they are there.
    pub fn keep_stock(&mut self) -> Result<()> {
        let all = goods();
        let (of, name) = all[self.below(all.len() as u64) as usize];
        match self.below(6) {
            0..3 if self.swarm.places => self.carry_over(of, name),
            3 if self.swarm.backorders => self.set_backorders(of, name),
            _ => self.receive_goods(of, name),
        }
    }

    fn receive_goods(&mut self, of: &str, name: &str) -> Result<()> {
        let path = format!("/api/v1/vendors/{}/stock/{}/adjustments", shop::vendor(of), shop::variant(name));
        let change = if self.below(3) == 0 { json!({"add": -1}) } else { json!({"add": 1 + self.below(2)}) };
        let mut body = json!({"change": change, "reason": "counted"});
        if let Some(cellar) = self.cellars.get(of).filter(|_| self.below(2) == 0) {
            body["location_id"] = json!(cellar);
        }
        self.as_owner(Method::POST, of, &path, &body).map(drop)
    }

    fn carry_over(&mut self, of: &str, name: &str) -> Result<()> {
        let Some(cellar) = self.cellars.get(of) else { return Ok(()) };
        // The shelf has its store's id.
        let (mut from, mut to) = (shop::vendor(of).to_string(), cellar.clone());
        if self.below(3) == 0 {
            std::mem::swap(&mut from, &mut to);
        }
        let path = format!("/api/v1/vendors/{}/stock/{}/transfers", shop::vendor(of), shop::variant(name));
        let body = json!({"from": from, "to": to, "quantity": 1 + self.below(3)});
        self.as_owner(Method::POST, of, &path, &body).map(drop)
    }

    fn set_backorders(&mut self, of: &str, name: &str) -> Result<()> {
        let path = format!("/api/v1/vendors/{}/stock/{}/backorder", shop::vendor(of), shop::variant(name));
        let body = json!({"backorder_cap": self.below(BACKORDERS + 1)});
        self.as_owner(Method::PUT, of, &path, &body).map(drop)
    }
}

/// All that lies on shelves, and whose it is.
fn goods() -> Vec<(&'static str, &'static str)> {
    let (of, _, variants, _) = CHOICE;
    let chosen = variants.into_iter().map(|name| (of, name));
    PRODUCTS.into_iter().map(|(of, name, _)| (of, name)).chain(chosen).collect()
}
