//! A market in which everything exists once per shop, so that every operation has something to act on.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{
    guest::{self, Placed},
    http::Call,
    market::{Article, Market, Person, Shop, id_of, text_of},
    process::{POLL, Souk},
    schema::{For, Operation},
};

/// Names nothing.
pub const NOBODY: &str = "01900000-0000-7000-8000-00000000dead";

/// The market and the ids of what is in it.
pub struct Stage {
    _dir: TempDir,
    pub souk: Souk,
    pub market: Market,
    pub buyer: Person,
    pub document: Value,
    /// By the path segment before the id, for each shop.
    pub ids: Vec<BTreeMap<&'static str, String>>,
    /// The same for what belongs to no shop.
    pub common: BTreeMap<&'static str, String>,
    pub articles: Vec<Article>,
}

/// True once nothing is under way any more.
fn is_at_rest(backlogs: &Value) -> bool {
    let keys = ["outbox", "retrying", "jobs_due"];
    backlogs.as_array().is_some_and(|all| all.iter().all(|backlog| keys.iter().all(|key| backlog[*key] == 0)))
}

impl Stage {
    pub async fn set() -> Self {
        Self::logging("error").await
    }

    /// The same with this filter of the log.
    pub async fn logging(filter: &str) -> Self {
        let dir = tempfile::tempdir().expect("a folder");
        let mut souk = Souk::new(dir.path());
        souk.set("LOG__FILTER", filter);
        souk.start().await;
        let market = Market::open(&souk, 2).await;
        let buyer = Person::register(&market.http, "buyer@market.example", "Bo Yer").await;
        let document = market.http.get("/api/openapi.json").ok().await;
        let common = BTreeMap::from([
            ("categories", market.category_id.clone()),
            ("tax-areas", "DE".to_owned()),
            ("regions", "BY".to_owned()),
            ("tax-categories", "books".to_owned()),
            ("customer-groups", "trade".to_owned()),
            ("currencies", "USD".to_owned()),
            ("dead-letters", "orders".to_owned()),
        ]);
        let mut stage =
            Self { _dir: dir, souk, market, buyer, document, ids: Vec::new(), common, articles: Vec::new() };
        let group = stage.market.http.call(http::Method::PUT, "/api/v1/admin/customer-groups/trade");
        stage.market.as_admin(group.json(&json!({"key": "trade", "name": "Trade"}))).ok().await;
        let dollars = stage.market.http.call(http::Method::PUT, "/api/v1/admin/currencies/USD");
        let rate = json!({"rate_micro": 1_085_000, "rounding": {"step_minor": 5}});
        stage.market.as_admin(dollars.json(&rate)).ok().await;
        for n in 0..2 {
            stage.furnish(n).await;
        }
        stage.common().await;
        stage.rest().await;
        stage
    }

    /// Waits until every letter is written and every event has arrived.
    pub async fn rest(&self) {
        let (begin, mut admin) = (Instant::now(), self.market.admin.clone());
        loop {
            let backlogs = self.market.http.get("/api/v1/admin/backlogs").bearer(&admin.access).reply().await;
            if backlogs.status == 401 {
                // Whoever waits may have been at work for longer than a token is good.
                admin = Person::log_in(&self.market.http, &admin.email).await;
            } else if is_at_rest(&backlogs.json()) {
                return;
            }
            assert!(begin.elapsed() < Duration::from_secs(60), "it does not come to rest");
            tokio::time::sleep(POLL).await;
        }
    }

    /// Fills a shop: a product, a discount, a promotion, a price list, a way to ship, an import, an order.
    async fn furnish(&mut self, n: usize) {
        let shop = self.market.shops[n].clone();
        let article = self.market.sell(&shop, &format!("Table {n}"), 12_000, 50).await;
        let base = format!("/api/v1/vendors/{}", shop.id);
        let mine = async |call: Call<'_>| call.bearer(&shop.owner.access).ok().await;
        let http = &self.market.http;
        let discount = json!({"name": "Sale", "percent_bp": 100, "starts_at": "2030-01-01T00:00:00Z"});
        let discount = mine(http.post(format!("{base}/discounts"), &discount)).await;
        let promotion = json!({
            "name": "Fair", "code": format!("FAIR{n}"), "currency": "EUR", "starts_at": "2030-01-01T00:00:00Z",
            "effect": {"type": "amount_off", "amount_minor": 100},
        });
        let promotion = mine(http.post(format!("{base}/promotions"), &promotion)).await;
        let list = json!({
            "name": "Trade prices", "group": "trade", "currency": "EUR", "starts_at": "2030-01-01T00:00:00Z",
            "prices": [{"sku": format!("TABLE-{n}"), "price_minor": 11_000}],
        });
        let list = mine(http.post(format!("{base}/price-lists"), &list)).await;
        let methods = mine(http.get(format!("{base}/shipping-methods"))).await;
        let csv =
            mine(http.call(http::Method::POST, format!("{base}/imports?dry_run=true")).raw("text/csv", "sku\n")).await;
        let file = mine(http.call(http::Method::POST, format!("{base}/import-files"))).await;
        let order = self.order(&article, n).await;
        let ids = BTreeMap::from([
            ("vendors", shop.id.clone()),
            ("stores", shop.slug.clone()),
            ("products", article.product_id.clone()),
            ("stock", article.variant_id.clone()),
            ("lines", article.variant_id.clone()),
            ("discounts", id_of(&discount)),
            ("promotions", id_of(&promotion)),
            ("price-lists", id_of(&list)),
            // A shop's first location has its id.
            ("stock-locations", shop.id.clone()),
            ("shipping-methods", id_of(&methods[0])),
            ("imports", id_of(&csv)),
            ("import-files", id_of(&file)),
            ("orders", id_of(&order["vendor_orders"][0])),
            ("members", text_of(&self.account_of(&shop).await["id"])),
        ]);
        if n == 0 {
            self.common.insert("orders", id_of(&order));
        }
        self.ids.push(ids);
        self.articles.push(article);
    }

    async fn account_of(&self, shop: &Shop) -> Value {
        self.market.http.get("/api/v1/me").bearer(&shop.owner.access).ok().await
    }

    /// The buyer's paid order of one article.
    async fn order(&self, article: &Article, n: usize) -> Value {
        let http = &self.market.http;
        let lines = [(article, 1)];
        let order = guest::order(&guest::quote(http, &lines).await, &lines, n, "tok_visa");
        let answer = guest::place(http, &format!("stage-{n}"), &order).bearer(&self.buyer.access).reply().await;
        let placed = Placed::of(&answer);
        loop {
            let order = placed.view(http).ok().await;
            if order["status"] == "paid" {
                return order;
            }
            tokio::time::sleep(POLL).await;
        }
    }

    async fn common(&mut self) {
        let http = self.market.http.clone();
        let payments = self.market.as_admin(http.get("/api/v1/admin/payments")).ok().await;
        let address = json!({"address": {"name": "Bo", "line1": "Kai 1", "city": "Kiel", "country": "DE"}});
        let address = http.post("/api/v1/me/addresses", &address).bearer(&self.buyer.access).ok().await;
        let me = http.get("/api/v1/me").bearer(&self.buyer.access).ok().await;
        let product =
            http.get(format!("/api/v1/vendors/{}/products/{}", self.ids[0]["vendors"], self.ids[0]["products"]));
        let product = product.bearer(&self.market.shops[0].owner.access).ok().await;
        self.common.insert("payments", id_of(&payments["items"][0]));
        self.common.insert("addresses", id_of(&address));
        self.common.insert("accounts", id_of(&me));
        self.common.insert("customers", id_of(&me));
        self.common.insert("slug", text_of(&product["slug"]));
        let messages = self.market.as_admin(http.get("/api/v1/admin/messages")).ok().await;
        self.common.insert("messages", id_of(&messages["items"][0]));
        self.common.insert("mailbox", id_of(&messages["items"][0]));
    }

    /// The path of an operation with ids of shop `n`; `other` may replace the value after a segment.
    pub fn path(&self, template: &str, n: usize, other: impl Fn(&str) -> Option<String>) -> String {
        let mut before = "";
        let mut parts = Vec::new();
        let in_shop = template.starts_with("/api/v1/vendors/");
        for part in template.split('/') {
            if part.starts_with('{') {
                let own = || self.ids[n].get(before).filter(|_| in_shop || !self.common.contains_key(before)).cloned();
                let common =
                    || self.common.get(if part == "{slug}" && before == "products" { "slug" } else { before }).cloned();
                let vendor = || (part == "{vendor_id}").then(|| self.ids[n]["vendors"].clone());
                let slug = || (part == "{slug}" && before == "products").then(common).flatten();
                let value = other(before).or_else(vendor).or_else(slug).or_else(own).or_else(common);
                parts.push(value.unwrap_or_else(|| NOBODY.to_owned()));
            } else {
                parts.push(part.to_owned());
                before = part;
            }
        }
        parts.join("/")
    }

    /// A call as somebody who may make it.
    pub fn dress<'a>(&self, operation: &Operation, call: Call<'a>) -> Call<'a> {
        let call = call.key("stage");
        match operation.who {
            For::Everybody => call,
            For::Account => call.bearer(&self.buyer.access),
            For::Vendor => call.bearer(&self.market.shops[0].owner.access),
            For::Admin => call.bearer(&self.market.admin.access),
        }
    }

    /// Values for fields whose schema does not tell enough, from shop `n`.
    pub fn known(&self, n: usize) -> impl Fn(&str) -> Option<Value> + '_ {
        move |name| {
            Some(match name {
                "variant_id" | "variant_ids_item" => self.articles[n].variant_id.clone().into(),
                "variant_ids" => json!([self.articles[n].variant_id]),
                "product_ids" => json!([self.articles[n].product_id]),
                "category_id" => self.market.category_id.clone().into(),
                "vendor_id" => self.ids[n]["vendors"].clone().into(),
                "method_id" => self.ids[n]["shipping-methods"].clone().into(),
                "currency" => "EUR".into(),
                "country" => "DE".into(),
                "countries" => json!(["DE"]),
                "email" | "contact_email" => "somebody@example.com".into(),
                "password" | "current" | "new" => "correct-horse-7-battery".into(),
                "slug" => "a-slug".into(),
                "quote_hash" => "0".repeat(64).into(),
                "parent_id" | "cart_id" | "id" | "picture_url" | "logo_url" | "banner_url" | "compare_at_minor" => {
                    Value::Null
                }
                "starts_at" => "2030-01-01T00:00:00Z".into(),
                "ends_at" => "2031-01-01T00:00:00Z".into(),
                "locale" => "en".into(),
                _ => return None,
            })
        }
    }
}
