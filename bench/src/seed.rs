//! Fills the shop through its own API: an admin, stores, categories, files of products to import.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::{
    Result,
    catalogue::{self, CATEGORIES, Catalogue, STORES},
    client::Client,
    server::Server,
};

const EMAIL: &str = "keeper@example.com";
const PASSWORD: &str = "plain-sailing-on-a-quiet-sea";
/// Most variants that are bought.
const VARIANTS: usize = 10_000;

/// The one who fills it.
pub struct Keeper {
    client: Client,
    bearer: String,
    stores: Vec<String>,
}

impl Keeper {
    /// Becomes the admin of an empty shop, opens stores and categories.
    pub async fn set_up(server: &Server) -> Result<Self> {
        let token =
            server.printed_after("/setup?token=").await.ok_or("the server printed no link for the first admin")?;
        let client = Client::connect(server.address).await?;
        let mut keeper = Self { client, bearer: String::new(), stores: Vec::new() };
        let account = json!({"email": EMAIL, "password": PASSWORD, "name": "Keeper"});
        keeper.post("/api/v1/setup", &json!({"token": token, "account": account}), 201).await?;
        keeper.log_in().await?;
        for n in 0..STORES {
            let store = json!({"name": format!("Store {n}"), "country": "PT", "contact_email": EMAIL});
            let store = keeper.post("/api/v1/vendors", &store, 201).await?;
            let id = store["store"]["id"].as_str().ok_or("a store without an id")?.to_owned();
            keeper.post(&format!("/api/v1/admin/vendors/{id}/approve"), &json!({}), 200).await?;
            keeper.stores.push(id);
        }
        for n in 0..CATEGORIES {
            let shelf = json!({"name": format!("Shelf {n}"), "slug": catalogue::category(n), "position": n});
            keeper.post("/api/v1/admin/categories", &shelf, 201).await?;
        }
        server.settle(Duration::from_secs(30)).await?;
        Ok(keeper)
    }

    /// Begins a new connection and a new session: what the stores' membership allows is in the token, which does not live
    /// long.
    pub async fn come_back(&mut self, server: &Server) -> Result<()> {
        self.client = Client::connect(server.address).await?;
        self.log_in().await
    }

    async fn log_in(&mut self) -> Result<()> {
        self.bearer.clear();
        let session = self.post("/api/v1/sessions", &json!({"email": EMAIL, "password": PASSWORD}), 201).await?;
        self.bearer = format!("Bearer {}", session["access_token"].as_str().ok_or("no access token")?);
        Ok(())
    }

    /// The first of its stores.
    pub fn store(&self) -> String {
        self.stores.first().cloned().unwrap_or_default()
    }

    /// Posts JSON and reads JSON.
    pub async fn post(&mut self, path: &str, body: &Value, status: u16) -> Result<Value> {
        let headers: &[_] = if self.bearer.is_empty() { &[] } else { &[("authorization", self.bearer.as_str())] };
        let answer = self.client.post(path, headers, body.to_string().as_bytes()).await?;
        Ok(serde_json::from_slice(answer.expect(status).map_err(|e| format!("{path}: {e}"))?)?)
    }

    /// Puts bytes.
    pub async fn put(&mut self, path: &str, bytes: &[u8]) -> Result<()> {
        let headers = [("authorization", self.bearer.as_str()), ("content-type", "application/octet-stream")];
        let answer = self.client.send("PUT", path, &headers, bytes).await?;
        answer.expect(200).map(drop).map_err(|e| format!("{path}: {e}").into())
    }

    async fn get(&mut self, path: &str) -> Result<Value> {
        let headers = [("authorization", self.bearer.as_str())];
        let answer = self.client.send("GET", path, &headers, b"").await?;
        Ok(serde_json::from_slice(answer.expect(200).map_err(|e| format!("{path}: {e}"))?)?)
    }

    /// Puts products `from..to` on sale and waits until every service knows them.
    pub async fn import(&mut self, server: &Server, from: usize, to: usize) -> Result<Seeded> {
        let begun = Instant::now();
        self.come_back(server).await?;
        let mut imports = Vec::new();
        for (number, store) in self.stores.clone().iter().enumerate() {
            let file = catalogue::csv(number, from, to)?;
            let headers = [("authorization", self.bearer.as_str()), ("content-type", "text/csv")];
            let path = format!("/api/v1/vendors/{store}/imports");
            let answer = self.client.send("POST", &path, &headers, file.as_bytes()).await?;
            let import: Value = serde_json::from_slice(answer.expect(202)?)?;
            imports.push(format!("{path}/{}", import["id"].as_str().ok_or("an import without an id")?));
        }
        for import in imports {
            self.follow(&import).await?;
        }
        let imported = begun.elapsed();
        while self.found().await? < to as u64 {
            if begun.elapsed() > Duration::from_secs(900) {
                return Err("the search does not find all products".into());
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        server.settle(Duration::from_secs(300)).await?;
        // Settling may take longer than the server waits for a connection that says nothing.
        self.client = Client::connect(server.address).await?;
        let variants = self.variants(to).await?;
        Ok(Seeded { imported, settled: begun.elapsed(), catalogue: Catalogue { products: to, variants } })
    }

    /// Waits until an import is done, without a complaint.
    pub async fn follow(&mut self, import: &str) -> Result<()> {
        let mut logged_in = Instant::now();
        loop {
            let state = self.get(import).await?;
            match state["status"].as_str() {
                Some("done") if state["errors"].as_array().is_some_and(Vec::is_empty) => return Ok(()),
                Some("queued" | "running") => tokio::time::sleep(Duration::from_millis(100)).await,
                _ => return Err(format!("the import went wrong: {state}").into()),
            }
            if logged_in.elapsed() > Duration::from_secs(120) {
                self.log_in().await?;
                logged_in = Instant::now();
            }
        }
    }

    /// Has everything indexed anew, and waits until it is; how long that took.
    pub async fn index_anew(&mut self, server: &Server) -> Result<Duration> {
        const INDEX: &str = "/api/v1/admin/search/index";
        self.come_back(server).await?;
        let begun = Instant::now();
        self.post(INDEX, &json!(null), 202).await?;
        while self.get(INDEX).await?["behind"] != json!(0) {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Ok(begun.elapsed())
    }

    /// How many products the search knows.
    async fn found(&mut self) -> Result<u64> {
        let answer = self.client.get("/api/v1/search?limit=1").await?;
        let page: Value = serde_json::from_slice(answer.expect(200)?)?;
        page["total"].as_u64().ok_or_else(|| "a search without a total".into())
    }

    async fn variants(&mut self, products: usize) -> Result<Vec<String>> {
        let mut variants = Vec::with_capacity(products.min(VARIANTS));
        for n in 0..products.min(VARIANTS) {
            let answer = self.client.get(&format!("/api/v1/products/{}", catalogue::slug(n))).await?;
            let product: Value = serde_json::from_slice(answer.expect(200)?)?;
            variants.push(product["variants"][0]["id"].as_str().ok_or("a product without a variant")?.to_owned());
        }
        Ok(variants)
    }
}

/// What an import came to.
pub struct Seeded {
    /// Until the catalogue had them all.
    pub imported: Duration,
    /// Until every service had taken them in.
    pub settled: Duration,
    /// What can be asked for now.
    pub catalogue: Catalogue,
}
