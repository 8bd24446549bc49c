//! The entrance: what this market is, where things are, what is new, who sells here.

use askama::Template;
use contracts::{
    catalog::{self, CatalogClient, CategoryView, ProductQuery, ProductSort},
    promotions::PromotionNotice,
};
use kernel::{Identity, Page, PageRequest, Result, Slug};

use super::{cards, stores};
use crate::{
    app::App,
    currency::Purse,
    fmt::Fmt,
    pages::portal::{or_none, promotions},
    render::{self, Shown},
    ui::{CategoryTile, Picture, ProductCard, Shell, VendorCard},
    visit::Visit,
};

/// The home page.
#[derive(Debug, Clone, Template)]
#[template(path = "shop/home.html")]
pub struct Home {
    /// Head and foot.
    pub shell: Shell,
    /// This market in one line.
    pub headline: String,
    /// A sentence under it.
    pub lead: String,
    /// Three pictures of things for sale.
    pub arches: Vec<Picture>,
    /// What is advertised, a line each.
    pub deals: Vec<Deal>,
    /// The categories.
    pub categories: Vec<CategoryTile>,
    /// Best-selling products.
    pub popular: Vec<ProductCard>,
    /// Newest products.
    pub fresh: Vec<ProductCard>,
    /// Vendors to look at.
    pub vendors: Vec<VendorCard>,
    /// What this visitor looked at last.
    pub recent: Vec<ProductCard>,
}

/// A promotion that everybody is told of.
#[derive(Debug, Clone)]
pub struct Deal {
    /// Its name.
    pub name: String,
    /// `10 % off from 50.00 € on, until 30 Nov`
    pub text: String,
    /// What to type at the cart.
    pub code: Option<String>,
}

/// Products and vendors in a row of the entrance.
const ROW: u32 = 10;
/// Promotions that are shown.
const DEALS: usize = 3;
/// Vendors that are shown.
const VENDORS: u32 = 3;
/// Products looked at that are shown again.
const SEEN: usize = 8;

/// `GET /`
pub async fn show(mut visit: Visit) -> Shown {
    let (app, fmt, who) = (visit.app.clone(), visit.fmt, visit.who());
    let data = visit.data();
    let row = |sort| ProductQuery { sort: Some(sort), limit: Some(ROW), ..ProductQuery::default() };
    let (loved, newest) = (row(ProductSort::Rating), row(ProductSort::Newest));
    let (catalog, language, purse) = (visit.catalog(), visit.language, visit.purse.clone());
    let (shell, categories, deals, popular, fresh, vendors, recent) = futures::join!(
        visit.shell(""),
        app.categories_in(language),
        deals(&app, &fmt, &purse),
        popular(&app, &catalog, &loved),
        catalog.products(&who, &newest),
        vendors(&app, &fmt, VENDORS),
        seen(&catalog, &fmt, &purse, &data.seen),
    );
    let cards =
        |page: Page<catalog::ProductCard>| purse.show(page).items.iter().map(|p| cards::card(&fmt, p)).collect();
    let popular = popular?;
    let arches = popular.items.iter().filter_map(|p| p.picture.as_ref());
    let arches = arches.map(|p| cards::picture(p, "(min-width: 56rem) 14rem, 30vw").decorative().eager());
    let page = Home {
        shell: Shell {
            description: "A market hall of small makers: many stalls, one basket, the whole price before you pay."
                .to_owned(),
            canonical: Some(format!("{}/", app.public_url)),
            ..shell
        },
        headline: "A market hall of small makers".to_owned(),
        lead: "Things made by people who know their craft, each sold and sent by its maker. One basket, one payment, \
               and the whole price before you pay."
            .to_owned(),
        arches: arches.take(3).collect(),
        deals,
        categories: categories?.iter().filter(|c| c.parent_id.is_none()).map(|c| tile(&fmt, c)).collect(),
        popular: cards(popular),
        fresh: cards(fresh?),
        vendors,
        recent,
    };
    render::public(&visit, &page)
}

/// What sold best lately; what is rated best as long as too little was sold to tell.
async fn popular(app: &App, catalog: &CatalogClient, loved: &ProductQuery) -> Result<Page<catalog::ProductCard>> {
    let who = Identity::Anonymous;
    let ids = app.analytics.best_sellers(&who).await.unwrap_or_else(|error| {
        tracing::warn!(%error, "the entrance goes without best sellers");
        Vec::new()
    });
    if ids.len() >= ROW as usize / 2 {
        let ids = ids.into_iter().take(ROW as usize).collect();
        let sold = catalog.products(&who, &ProductQuery { ids, ..ProductQuery::default() }).await?;
        if sold.items.len() >= ROW as usize / 2 {
            return Ok(sold);
        }
    }
    catalog.products(&who, loved).await
}

/// What is advertised; the page goes without if it cannot be had.
async fn deals(app: &App, fmt: &Fmt, purse: &Purse) -> Vec<Deal> {
    let deal = |notice: &PromotionNotice| {
        let notice = purse.show(notice.clone());
        let mut text = promotions::effect(fmt, &notice.effect, notice.minimum.currency);
        if !notice.minimum.is_zero() {
            text = format!("{text} from {} on", fmt.money(notice.minimum));
        }
        if notice.first_order {
            text.push_str(", on a first order");
        }
        if let Some(end) = notice.ends_at {
            text = format!("{text}, until {}", fmt.day(end));
        }
        Deal { name: notice.name.clone(), text, code: notice.code.as_ref().map(ToString::to_string) }
    };
    let notices = or_none("promotions", app.promotions().await).unwrap_or_default();
    notices.iter().take(DEALS).map(deal).collect()
}

fn tile(fmt: &Fmt, category: &CategoryView) -> CategoryTile {
    CategoryTile {
        href: format!("/c/{}", category.slug),
        title: category.name.clone(),
        picture: cards::picture_at(category.picture_url.as_deref(), 480, 600),
        lang: cards::language(fmt, &category.translated, "name"),
    }
}

/// The newest stores with a taste of what each sells; the page goes without them if they cannot be had.
async fn vendors(app: &App, fmt: &Fmt, how_many: u32) -> Vec<VendorCard> {
    let who = Identity::Anonymous;
    let page = PageRequest { limit: Some(how_many), after: None };
    match app.vendors.stores(&who, &page).await {
        Ok(stores) => stores::cards(app, fmt, stores.items).await,
        Err(error) => {
            tracing::warn!(%error, "the entrance goes without vendors");
            Vec::new()
        }
    }
}

/// Products that were looked at. Those that are gone are left out.
async fn seen(catalog: &CatalogClient, fmt: &Fmt, purse: &Purse, slugs: &[Slug]) -> Vec<ProductCard> {
    let who = Identity::Anonymous;
    let products = slugs.iter().take(SEEN).map(|slug| catalog.product(&who, slug.as_str()));
    let products = futures::future::join_all(products).await;
    products.into_iter().filter_map(|product| cards::card_of(fmt, &purse.show(product.ok()?))).collect()
}
