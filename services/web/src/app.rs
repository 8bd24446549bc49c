//! What the pages share: clients of the services, sessions, the categories in the head.

use std::{
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use contracts::{
    Caller, analytics::AnalyticsClient, cart::CartClient, catalog::CatalogClient, catalog::CategoryView,
    commission::CommissionsClient, credits::CreditsClient, currencies::ShopCurrencies, identity::IdentityClient,
    inventory::InventoryClient, notifications::NotificationsClient, operations::OperationsClient, orders::OrdersClient,
    payments::PaymentsClient, pricing::PricingClient, promotions::PromotionNotice, reviews::ReviewsClient,
    search::SearchClient, shipping::ShippingClient, taxes::TaxArea, vendors::VendorsClient,
};
use kernel::{Clock, Currency, Identity, Languages, Random, Result, Timestamp};
use runtime::Env;
use tokio::sync::Semaphore;

use crate::{Settings, cookies, session::Sessions};

/// What every page is given.
pub type App = Arc<Web>;

/// Name of the marketplace.
pub const MARKET: &str = "Souk";
/// Live pages that may be open at once.
const LIVE: usize = 2_000;
/// How long categories, promotions and taxes are kept before they are asked for again.
const FRESH: Duration = Duration::from_secs(5);
/// How long rates are kept; what a quote says counts.
const RATES_FRESH: Duration = Duration::from_secs(60);

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
    pub credits: CreditsClient,
    pub commissions: CommissionsClient,
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
    /// The languages of what is sold.
    pub languages: Languages,
    /// The main currency, for as long as nobody has said which the shop has.
    pub currency: Currency,
    /// Address under which people reach the site, without a slash at the end.
    pub public_url: String,
    /// Live pages that may be open at once.
    pub(crate) live: Arc<Semaphore>,
    pub(crate) cookies: cookies::Names,
    /// The map of the site, and when it was made.
    pub(crate) sitemap: RwLock<Option<(Timestamp, Arc<[String]>)>>,
    categories: Kept<Vec<CategoryView>>,
    /// The same in each further language.
    translated: Vec<(&'static str, Kept<Vec<CategoryView>>)>,
    promotions: Kept<Vec<PromotionNotice>>,
    tax_areas: Kept<Vec<TaxArea>>,
    currencies: Kept<ShopCurrencies>,
}

/// What was asked for lately.
struct Kept<T>(RwLock<Option<(Timestamp, Arc<T>)>>);

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self(RwLock::new(None))
    }
}

impl<T> Kept<T> {
    /// What is kept, if it is not too old.
    fn fresh(&self, now: Timestamp) -> Option<Arc<T>> {
        self.younger_than(FRESH, now)
    }
    /// What is kept, if it is not that old.
    fn younger_than(&self, life: Duration, now: Timestamp) -> Option<Arc<T>> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner).clone();
        known.filter(|(at, _)| now.since(*at) < life).map(|(_, known)| known)
    }
    /// What is kept, however old.
    fn last(&self) -> Option<Arc<T>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).as_ref().map(|(_, known)| known.clone())
    }
    /// Keeps it.
    fn keep(&self, now: Timestamp, fresh: T) -> Arc<T> {
        let fresh = Arc::new(fresh);
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Some((now, fresh.clone()));
        fresh
    }
}

impl Web {
    /// With what the runtime gives.
    pub fn new(env: &Env, settings: Settings) -> Self {
        let Settings { https, languages, currency, .. } = settings;
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
            credits: env.client(),
            commissions: env.client(),
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
            currency,
            public_url: env.public_url.clone(),
            live: Arc::new(Semaphore::new(LIVE)),
            cookies: cookies::Names::of(https),
            sitemap: RwLock::default(),
            categories: Kept::default(),
            translated: languages.further().iter().map(|code| (*code, Kept::default())).collect(),
            languages,
            promotions: Kept::default(),
            tax_areas: Kept::default(),
            currencies: Kept::default(),
        }
    }

    /// The category tree, at most a few seconds old.
    pub async fn categories(&self) -> Result<Arc<Vec<CategoryView>>> {
        let now = self.clock.now();
        match self.categories.fresh(now) {
            Some(known) => Ok(known),
            None => Ok(self.categories.keep(now, self.catalog.categories(&Identity::Anonymous).await?)),
        }
    }

    /// The same in another language if one is asked for.
    pub async fn categories_in(&self, language: Option<&'static str>) -> Result<Arc<Vec<CategoryView>>> {
        let translated = language.and_then(|code| self.translated.iter().find(|(known, _)| *known == code));
        let Some((code, kept)) = translated else { return self.categories().await };
        let now = self.clock.now();
        match kept.fresh(now) {
            Some(known) => Ok(known),
            None => {
                let catalog = self.catalog.with_header("accept-language", *code);
                Ok(kept.keep(now, catalog.categories(&Identity::Anonymous).await?))
            }
        }
    }

    /// What is advertised, at most a few seconds old.
    pub async fn promotions(&self) -> Result<Arc<Vec<PromotionNotice>>> {
        let now = self.clock.now();
        match self.promotions.fresh(now) {
            Some(known) => Ok(known),
            None => Ok(self.promotions.keep(now, self.pricing.advertised_promotions(&Identity::Anonymous).await?)),
        }
    }

    /// How countries tax, at most a few seconds old.
    pub async fn tax_areas(&self) -> Result<Arc<Vec<TaxArea>>> {
        let now = self.clock.now();
        match self.tax_areas.fresh(now) {
            Some(known) => Ok(known),
            None => Ok(self.tax_areas.keep(now, self.pricing.tax_areas(&Identity::Anonymous).await?)),
        }
    }

    /// The currencies of the shop, at most a minute old. Without an answer pages go on with what is known.
    pub async fn currencies(&self) -> Arc<ShopCurrencies> {
        let now = self.clock.now();
        if let Some(known) = self.currencies.younger_than(RATES_FRESH, now) {
            return known;
        }
        let asked = self.pricing.currencies(&Identity::Anonymous).await.unwrap_or_else(|error| {
            tracing::warn!(%error, "pages go on with the currencies they know");
            let last = self.currencies.last().as_deref().cloned();
            last.unwrap_or_else(|| ShopCurrencies::of_one(self.currency))
        });
        self.currencies.keep(now, asked)
    }
}
