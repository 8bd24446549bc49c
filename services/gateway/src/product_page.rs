//! The page of a product in one call: product, stock, rating and store.

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use contracts::{
    catalog::CatalogClient,
    gateway::ProductPage,
    inventory::{InventoryClient, LevelsRequest},
    reviews::ReviewsClient,
    vendors::VendorsClient,
};
use kernel::{Identity, Languages, Result};
use runtime::{Clients, Service, ServiceDef};
use souk_http::{Answer, InLanguage, Multilingual, Path, Policy, Routes, Who, get};

/// Variants that are asked for at once.
const VARIANTS_MAX: usize = 100;

/// What the edge answers by itself, in a shop of these languages.
pub fn service(languages: Languages) -> ServiceDef {
    ServiceDef::front("gateway", "Answers put together from several services.", move |clients| {
        Service::new().api(&Sources::new(&clients, languages), routes())
    })
}

#[derive(Clone)]
struct Sources {
    catalog: CatalogClient,
    inventory: InventoryClient,
    reviews: ReviewsClient,
    vendors: VendorsClient,
    languages: Languages,
}

impl Multilingual for Sources {
    fn languages(&self) -> &Languages {
        &self.languages
    }
}

impl Sources {
    fn new(clients: &Clients, languages: Languages) -> Self {
        Self {
            catalog: clients.client(),
            inventory: clients.client(),
            reviews: clients.client(),
            vendors: clients.client(),
            languages,
        }
    }

    /// Without the product there is no page; without the rest there is less of it.
    async fn page(&self, who: &Identity, slug: &str, language: Option<&'static str>) -> Result<ProductPage> {
        let product = match language {
            Some(code) => self.catalog.with_header("accept-language", code).product(who, slug).await?,
            None => self.catalog.product(who, slug).await?,
        };
        let variant_ids = product.variants.iter().map(|variant| variant.id).take(VARIANTS_MAX).collect();
        let variants = LevelsRequest { variant_ids, quantities: Vec::new() };
        let (stock, rating, store) = futures::join!(
            self.inventory.levels(who, &variants),
            self.reviews.summary(who, product.id),
            self.vendors.store(who, product.vendor.slug.as_str()),
        );
        Ok(ProductPage {
            stock: there("stock", stock),
            rating: there("rating", rating),
            store: there("store", store),
            product,
        })
    }
}

fn there<T>(what: &str, answer: Result<T>) -> Option<T> {
    answer.inspect_err(|error| tracing::warn!(what, %error, "a product page goes without")).ok()
}

fn routes() -> Routes<Sources> {
    Routes::new("gateway").add(
        get("/api/v1/product-pages/{slug}", show)
            .policy(Policy::Public)
            .doc("All that a product's page shows", "Product, stock, rating and store in one answer.")
            .returns::<ProductPage>(200),
    )
}

async fn show(
    State(sources): State<Sources>,
    Who(who): Who,
    Path(slug): Path<String>,
    lang: InLanguage,
) -> Answer<Response> {
    Ok(lang.mark(Json(sources.page(&who, &slug, lang.other()).await?).into_response()))
}
