//! What the pages share: clients of the services, sessions, the categories in the head.

use std::{
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use contracts::{
    Caller, analytics::AnalyticsClient, cart::CartClient, catalog::CatalogClient, catalog::CategoryView,
    identity::IdentityClient, inventory::InventoryClient, notifications::NotificationsClient,
    operations::OperationsClient, orders::OrdersClient, payments::PaymentsClient, pricing::PricingClient,
    reviews::ReviewsClient, search::SearchClient, shipping::ShippingClient, vendors::VendorsClient,
};
use kernel::{Clock, Currency, Identity, Random, Result, Timestamp};
use runtime::Env;
use tokio::sync::Semaphore;

use crate::{cookies, session::Sessions};

/// What every page is given.
pub type App = Arc<Web>;

/// Name of the marketplace.
pub const MARKET: &str = "Souk";
/// Currency of the storefront.
pub const CURRENCY: Currency = Currency::EUR;
/// Live pages that may be open at once.
const LIVE: usize = 2_000;
/// How long the categories are kept before they are asked for again.
const CATEGORIES_FRESH: Duration = Duration::from_secs(5);

/// State of the pages.
#[expect(missing_docs, reason = "a client is named like its service")]
pub struct Web {
    pub identity: IdentityClient,
    pub vendors: VendorsClient,
    pub catalog: CatalogClient,
    pub inventory: InventoryClient,
    pub search: SearchClient,
    pub pricing: PricingClient,
    pub cart: CartClient,
    pub orders: OrdersClient,
    pub payments: PaymentsClient,
    pub shipping: ShippingClient,
    pub reviews: ReviewsClient,
    pub notifications: NotificationsClient,
    pub analytics: AnalyticsClient,
    pub operations: OperationsClient,
    /// Calls to the catalogue whose bodies are not JSON: pictures and CSV files.
    pub catalog_raw: Caller,
    /// Calls to reviews whose bodies are not JSON: photos.
    pub reviews_raw: Caller,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub random: Arc<dyn Random>,
    /// Sessions of browsers.
    pub sessions: Sessions,
    /// True if people reach the site by https.
    pub https: bool,
    /// Address under which people reach the site, without a slash at the end.
    pub public_url: String,
    /// Live pages that may be open at once.
    pub(crate) live: Arc<Semaphore>,
    pub(crate) cookies: cookies::Names,
    /// The map of the site, and when it was made.
    pub(crate) sitemap: RwLock<Option<(Timestamp, Arc<str>)>>,
    categories: RwLock<Option<(Timestamp, Arc<Vec<CategoryView>>)>>,
}

impl Web {
    /// With what the runtime gives.
    pub fn new(env: &Env, https: bool) -> Self {
        Self {
            identity: env.client(),
            vendors: env.client(),
            catalog: env.client(),
            inventory: env.client(),
            search: env.client(),
            pricing: env.client(),
            cart: env.client(),
            orders: env.client(),
            payments: env.client(),
            shipping: env.client(),
            reviews: env.client(),
            notifications: env.client(),
            analytics: env.client(),
            operations: env.client(),
            catalog_raw: env.caller("catalog"),
            reviews_raw: env.caller("reviews"),
            clock: env.clock.clone(),
            random: env.random.clone(),
            sessions: Sessions::new(env),
            https,
            public_url: env.public_url.clone(),
            live: Arc::new(Semaphore::new(LIVE)),
            cookies: cookies::Names::of(https),
            sitemap: RwLock::default(),
            categories: RwLock::default(),
        }
    }

    /// The category tree, at most a few seconds old.
    pub async fn categories(&self) -> Result<Arc<Vec<CategoryView>>> {
        let now = self.clock.now();
        let known = self.categories.read().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((at, known)) = known
            && now.since(at) < CATEGORIES_FRESH
        {
            return Ok(known);
        }
        let fresh = Arc::new(self.catalog.categories(&Identity::Anonymous).await?);
        *self.categories.write().unwrap_or_else(PoisonError::into_inner) = Some((now, fresh.clone()));
        Ok(fresh)
    }
}
