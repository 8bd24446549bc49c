//! A small market, opened over the API as an operator would: an admin, shops, things on sale.

use http::Method;
use serde_json::{Value, json};

use crate::{
    http::{Call, Http},
    process::{POLL, Souk},
};

/// Password of everybody here.
pub const PASSWORD: &str = "correct-horse-7-battery";

/// Somebody with an account.
#[derive(Debug, Clone)]
pub struct Person {
    pub email: String,
    pub access: String,
    pub refresh: String,
}

/// A shop and its owner.
#[derive(Debug, Clone)]
pub struct Shop {
    pub id: String,
    pub slug: String,
    pub owner: Person,
}

/// Something on sale, with one variant.
#[derive(Debug, Clone)]
pub struct Article {
    pub product_id: String,
    pub variant_id: String,
    pub shop_id: String,
    pub stock: i64,
}

/// The market.
#[derive(Clone)]
pub struct Market {
    pub http: Http,
    pub admin: Person,
    pub shops: Vec<Shop>,
    pub category_id: String,
}

impl Person {
    /// Logs in.
    pub async fn log_in(http: &Http, email: &str) -> Self {
        let tokens = http.post("/api/v1/sessions", &json!({"email": email, "password": PASSWORD})).ok().await;
        let text = |key: &str| tokens[key].as_str().expect("a token").to_owned();
        Self { email: email.to_owned(), access: text("access_token"), refresh: text("refresh_token") }
    }
    /// Registers and logs in.
    pub async fn register(http: &Http, email: &str, name: &str) -> Self {
        let account = json!({"email": email, "password": PASSWORD, "name": name});
        http.post("/api/v1/accounts", &account).ok().await;
        Self::log_in(http, email).await
    }
}

impl Market {
    /// Opens a market with `shops` shops on a server that has just started for the first time.
    pub async fn open(souk: &Souk, shops: usize) -> Self {
        let http = souk.http.clone();
        let output = souk.output();
        let token = output.split("setup?token=").nth(1).and_then(|rest| rest.split_whitespace().next());
        let token = token.unwrap_or_else(|| panic!("no link for the first admin in: {output}"));
        let account = json!({"email": "admin@market.example", "password": PASSWORD, "name": "Ada Min"});
        http.post("/api/v1/setup", &json!({"token": token, "account": account})).ok().await;
        let admin = Person::log_in(&http, "admin@market.example").await;
        let mut market = Self { http, admin, shops: Vec::new(), category_id: String::new() };
        let category = market.as_admin(market.http.post("/api/v1/admin/categories", &json!({"name": "Things"})));
        market.category_id = id_of(&category.ok().await);
        for n in 0..shops {
            let shop = market.open_shop(n).await;
            market.shops.push(shop);
        }
        market
    }

    pub fn as_admin<'a>(&self, call: Call<'a>) -> Call<'a> {
        call.bearer(&self.admin.access)
    }

    async fn open_shop(&self, n: usize) -> Shop {
        let email = format!("owner{n}@market.example");
        let owner = Person::register(&self.http, &email, &format!("Owner {n}")).await;
        let apply = json!({"name": format!("Shop number {n}"), "country": "ES", "contact_email": email});
        let vendor = self.http.post("/api/v1/vendors", &apply).bearer(&owner.access).ok().await;
        let (id, slug) = (id_of(&vendor["store"]), text_of(&vendor["store"]["slug"]));
        self.as_admin(self.http.post(format!("/api/v1/admin/vendors/{id}/approve"), &json!({}))).ok().await;
        // The next token says that the shop is theirs, as soon as accounts have heard of it.
        loop {
            let owner = Person::log_in(&self.http, &email).await;
            let own = self.http.get(format!("/api/v1/vendors/{id}")).bearer(&owner.access).reply().await;
            if own.status == 200 {
                return Shop { id, slug, owner };
            }
            tokio::time::sleep(POLL).await;
        }
    }

    /// Puts a product with one variant on sale and waits until it can be bought.
    pub async fn sell(&self, shop: &Shop, title: &str, price_minor: i64, stock: i64) -> Article {
        let product = json!({
            "title": title,
            "category_id": self.category_id,
            "currency": "EUR",
            "variants": [{"sku": title.to_uppercase().replace(' ', "-"), "price_minor": price_minor, "initial_stock": stock}],
            "status": "published",
        });
        let path = format!("/api/v1/vendors/{}/products", shop.id);
        let made = self.http.post(path, &product).bearer(&shop.owner.access).ok().await;
        let article = Article {
            product_id: id_of(&made),
            variant_id: id_of(&made["input"]["variants"][0]),
            shop_id: shop.id.clone(),
            stock,
        };
        self.until_buyable(&article).await;
        article
    }

    /// Puts a product on sale that is made of others, and waits until it can be bought.
    pub async fn sell_bundle(&self, shop: &Shop, title: &str, price_minor: i64, parts: &[(&Article, i64)]) -> Article {
        let product = json!({
            "title": title,
            "category_id": self.category_id,
            "currency": "EUR",
            "variants": [{"sku": title.to_uppercase().replace(' ', "-"), "price_minor": price_minor}],
            "status": "published",
        });
        let path = format!("/api/v1/vendors/{}/products", shop.id);
        let made = self.http.post(&path, &product).bearer(&shop.owner.access).ok().await;
        let (product_id, variant_id) = (id_of(&made), id_of(&made["input"]["variants"][0]));
        let part = |(of, quantity): &(&Article, i64)| json!({"variant_id": of.variant_id, "quantity": quantity});
        let parts = json!({"parts": parts.iter().map(part).collect::<Vec<_>>()});
        let path = format!("{path}/{product_id}/variants/{variant_id}/parts");
        self.http.call(Method::PUT, path).json(&parts).bearer(&shop.owner.access).ok().await;
        let bundle = Article { product_id, variant_id, shop_id: shop.id.clone(), stock: 0 };
        self.until_buyable(&bundle).await;
        bundle
    }

    /// Waits until prices, ways to ship and stock have arrived everywhere.
    async fn until_buyable(&self, article: &Article) {
        let wanted = json!({"variant_ids": [article.variant_id]});
        for _ in 0..1_200 {
            let quote = self.http.post("/api/v1/quotes", &quote_request(&[(article, 1)])).reply().await;
            let has_method = quote.status == 200 && quote.json()["vendors"][0]["method"].is_object();
            let level = self.http.post("/api/v1/stock-levels", &wanted).reply().await.json();
            if has_method && level.pointer("/0/level/level").is_some_and(|l| l != "sold_out") {
                return;
            }
            tokio::time::sleep(POLL).await;
        }
        panic!("{article:?} cannot be bought");
    }
}

/// What a guest asks of the prices.
pub fn quote_request(lines: &[(&Article, i64)]) -> Value {
    let line = |(article, quantity): &(&Article, i64)| json!({"variant_id": article.variant_id, "quantity": quantity});
    json!({"currency": "EUR", "country": "DE", "lines": lines.iter().map(line).collect::<Vec<_>>()})
}

/// The id of a document.
pub fn id_of(document: &Value) -> String {
    text_of(&document["id"])
}

/// A text of a document.
pub fn text_of(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("not a text: {value}")).to_owned()
}
