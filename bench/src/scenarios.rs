//! What buyers do.

use std::{
    fmt::Write,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use crate::{
    Result,
    catalogue::{CATEGORIES, Catalogue, Dice, STORES, category, material, slug, word},
    client::{Client, text_member},
};

/// Keeps the keys of orders of one run apart.
static ORDERS: AtomicUsize = AtomicUsize::new(0);

/// A thing that is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scenario {
    /// A page of a category.
    List,
    /// A product with price and stock.
    Detail,
    /// A search by one of 50 words.
    Search,
    /// A search by words nobody has asked for before.
    FreshSearch,
    /// A new cart and one item.
    Cart,
    /// A whole checkout, paid.
    Checkout,
    /// Suggestions for something that is being typed.
    Suggest,
    /// A search by words and three facets that nobody has asked for before.
    Faceted,
}

impl Scenario {
    /// Short name.
    pub fn key(self) -> &'static str {
        match self {
            Self::List => "S1",
            Self::Detail => "S2",
            Self::Search => "S3",
            Self::FreshSearch => "S3b",
            Self::Cart => "S4",
            Self::Checkout => "S5",
            Self::Suggest => "S6",
            Self::Faceted => "S7",
        }
    }

    /// For people.
    pub fn about(self) -> &'static str {
        match self {
            Self::List => "product list, 24 of one category",
            Self::Detail => "product detail with price and stock",
            Self::Search => "keyword search, 24 hits, 50 words in turn",
            Self::FreshSearch => "search of two words and a price, never the same twice",
            Self::Cart => "new cart and one item (2 requests)",
            Self::Checkout => "whole guest checkout, paid (5 requests)",
            Self::Suggest => "suggestions while typing, one of four with a typing error",
            Self::Faceted => "search of two words, store, material and price, never the same twice",
        }
    }

    /// Buyers at once.
    pub fn concurrency(self) -> usize {
        if self == Self::Checkout { 64 } else { 16 }
    }

    /// An address whose answer stands for all of them, where it is one request that only reads.
    pub fn sample(self) -> Option<String> {
        match self {
            Self::List => Some(list_path(0)),
            Self::Detail => Some(detail_path(0)),
            Self::Search => Some(search_path(0)),
            _ => None,
        }
    }
}

fn list_path(n: usize) -> String {
    format!("/api/v1/products?category={}&limit=24", category(n))
}

fn detail_path(n: usize) -> String {
    format!("/api/v1/products/{}", slug(n))
}

fn search_path(n: usize) -> String {
    format!("/api/v1/search?q={}&limit=24", word(n))
}

/// One buyer with a connection.
pub struct Shopper {
    address: SocketAddr,
    client: Client,
    catalogue: Arc<Catalogue>,
    dice: Dice,
    turn: usize,
}

impl Shopper {
    /// A buyer comes.
    pub async fn enter(address: SocketAddr, catalogue: Arc<Catalogue>, number: usize) -> Result<Self> {
        let client = Client::connect(address).await?;
        Ok(Self { address, client, catalogue, dice: Dice::new(number), turn: number * 7 })
    }

    /// Comes back after a failure.
    pub async fn come_back(&mut self) -> Result<()> {
        self.client = Client::connect(self.address).await?;
        Ok(())
    }

    /// Does it once.
    pub async fn run(&mut self, scenario: Scenario) -> Result<()> {
        self.turn += 1;
        match scenario {
            Scenario::List => self.look(&list_path(self.turn % CATEGORIES)).await,
            Scenario::Detail => {
                let n = self.dice.below(self.catalogue.products);
                self.look_at(n).await
            }
            Scenario::Search => self.look(&search_path(self.turn)).await,
            Scenario::FreshSearch => {
                let (one, two) = (word(self.dice.below(50)), word(self.dice.below(50)));
                let most = 100_000 + self.dice.below(1_000_000_000);
                self.look(&format!("/api/v1/search?q={one}%20{two}&price_max={most}&limit=24")).await
            }
            Scenario::Suggest => {
                let typed = self.type_something();
                self.look(&format!("/api/v1/search/suggestions?q={typed}")).await
            }
            Scenario::Faceted => {
                let (one, two) = (word(self.dice.below(50)), word(self.dice.below(50)));
                let (store, matter) = (self.dice.below(STORES), material(self.dice.below(50)));
                let most = 100_000 + self.dice.below(1_000_000_000);
                let facets = format!("vendor=store-{store}&attr.material={matter}&price_max={most}");
                self.look(&format!("/api/v1/search?q={one}%20{two}&{facets}&limit=24")).await
            }
            Scenario::Cart => {
                let variant = self.pick();
                let token = self.open_cart().await?;
                self.add(&token, &variant).await
            }
            Scenario::Checkout => self.check_out().await,
        }
    }

    /// A word and the beginning of a product's number, or a word with two letters swapped.
    fn type_something(&mut self) -> String {
        let whole = word(self.dice.below(50));
        let number = self.dice.below(self.catalogue.products).to_string();
        if self.dice.below(4) > 0 || !whole.is_ascii() || whole.len() < 5 {
            return format!("{whole}%20{}", &number[..number.len().min(3)]);
        }
        let at = 1 + self.dice.below(whole.len() - 2);
        format!("{}{}{}{}", &whole[..at], &whole[at + 1..at + 2], &whole[at..at + 1], &whole[at + 2..])
    }

    /// The page of one product.
    pub async fn look_at(&mut self, product: usize) -> Result<()> {
        self.look(&detail_path(product)).await
    }

    async fn look(&mut self, path: &str) -> Result<()> {
        self.client.get(path).await?.expect(200).map(drop)
    }

    fn pick(&mut self) -> String {
        let n = self.dice.below(self.catalogue.variants.len());
        self.catalogue.variants.get(n).cloned().unwrap_or_default()
    }

    async fn open_cart(&mut self) -> Result<String> {
        let answer = self.client.post("/api/v1/carts", &[], b"null").await?;
        Ok(text_member(answer.expect(201)?, "token")?.to_owned())
    }

    async fn add(&mut self, token: &str, variant: &str) -> Result<()> {
        let body = format!(r#"{{"variant_id":"{variant}","quantity":1}}"#);
        let headers = [("cart-token", token)];
        self.client.post("/api/v1/carts/current/lines", &headers, body.as_bytes()).await?.expect(200).map(drop)
    }

    async fn check_out(&mut self) -> Result<()> {
        let (first, mut second) = (self.pick(), self.pick());
        while second == first {
            second = self.pick();
        }
        let token = self.open_cart().await?;
        self.add(&token, &first).await?;
        self.add(&token, &second).await?;

        let lines = format!(r#"[{{"variant_id":"{first}","quantity":1}},{{"variant_id":"{second}","quantity":1}}]"#);
        let wish = format!(r#"{{"currency":"EUR","country":"PT","lines":{lines}}}"#);
        let quote = self.client.post("/api/v1/quotes", &[], wish.as_bytes()).await?;
        let hash = text_member(quote.expect(200)?, "hash")?.to_owned();

        let number = ORDERS.fetch_add(1, Ordering::Relaxed);
        let mut order = String::with_capacity(1024);
        write!(
            order,
            r#"{{"quote_hash":"{hash}","currency":"EUR","lines":{lines},"email":"guest{number}@example.com",
                "address":{{"name":"Ana Lopes","line1":"Rua das Flores 12","postcode":"4050-262","city":"Porto","country":"PT"}},
                "payment":{{"method":"card","token":"tok_visa"}}}}"#
        )?;
        let key = format!("bench-{}-{number}", std::process::id());
        let headers = [("idempotency-key", key.as_str()), ("prefer", "wait=10")];
        let placed = self.client.post("/api/v1/orders", &headers, order.as_bytes()).await?;
        match text_member(placed.expect(200)?, "status")? {
            "paid" => Ok(()),
            other => Err(format!("an order is {other}").into()),
        }
    }
}
