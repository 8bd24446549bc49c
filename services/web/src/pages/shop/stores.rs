//! The stores: all of them, and each one's own page.

use askama::Template;
use contracts::{
    arrival::Handling,
    catalog::{Picture as StoredPicture, ProductQuery, ProductSort},
    reviews::RatingSummary,
    shipping::RateView,
    vendors::StoreView,
};
use kernel::{Identity, PageRequest, Result};

use super::{cards, countries, reviews, sums::price_or_free};
use crate::{
    app::App,
    fmt::Fmt,
    pages::portal::or_none,
    render::{self, Shown, query},
    ui::{Avatar, Crumbs, Empty, Pager, ProductCard, Rating, Shell, Specs, VendorCard},
    visit::{Path, Query, Visit},
};

/// Stores on one page of the list.
const STORES: u32 = 24;
/// Products on one page of a store.
const PRODUCTS: u32 = 24;

/// The list of stores.
#[derive(Debug, Clone, Template)]
#[template(path = "shop/stores.html")]
pub struct Stores {
    /// Head and foot.
    pub shell: Shell,
    /// The stores.
    pub vendors: Vec<VendorCard>,
    /// More of them.
    pub pager: Pager,
    /// Instead of stores, while there are none.
    pub empty: Empty,
}

/// A store's page.
#[derive(Debug, Clone, Template)]
#[template(path = "shop/store.html")]
pub struct Store {
    /// Head and foot.
    pub shell: Shell,
    /// The way here.
    pub crumbs: Crumbs,
    /// Its name.
    pub name: String,
    /// One line.
    pub tagline: String,
    /// Its sign.
    pub avatar: Avatar,
    /// Address of its wide picture.
    pub banner: Option<String>,
    /// `Porto, Portugal · here since March 2026`.
    pub place: String,
    /// Its stars.
    pub rating: Option<Rating>,
    /// What it sells.
    pub products: Vec<ProductCard>,
    /// More of it.
    pub pager: Pager,
    /// Instead of products, while there are none.
    pub empty: Empty,
    /// About it, by paragraphs.
    pub story: Vec<String>,
    /// What a buyer should know, by paragraphs.
    pub policies: Vec<String>,
    /// What delivery costs.
    pub delivery: Specs,
}

/// `GET /stores`
pub async fn list(mut visit: Visit, Query(asked): Query) -> Shown {
    let (app, who, fmt) = (visit.app.clone(), visit.who(), visit.fmt);
    let page = PageRequest { limit: Some(STORES), after: asked.some("after") };
    let (shell, stores) = futures::join!(visit.shell("The makers"), app.vendors.stores(&who, &page));
    let stores = stores?;
    let next = stores.next.as_ref().map(|next| format!("/stores?{}", query(&[("after", next)])));
    let first = page.after.as_ref().map(|_| "/stores".to_owned());
    let page = Stores {
        shell: Shell {
            description: "Everybody who sells here, with a taste of what they make.".to_owned(),
            canonical: Some(format!("{}/stores", app.public_url)),
            ..shell
        },
        pager: Pager { text: String::new(), previous: first, next, target: None },
        vendors: cards(&app, &fmt, stores.items).await,
        empty: Empty::new("store", "No stalls yet", "The first makers are just being asked in.")
            .action("Sell here", "/sell"),
    };
    render::public(&visit, &page)
}

/// `GET /v/{slug}`
pub async fn show(mut visit: Visit, Path(slug): Path<String>, Query(asked): Query) -> Shown {
    let (app, who, fmt, catalog) = (visit.app.clone(), visit.who(), visit.fmt, visit.catalog());
    let after = asked.some("after");
    let wanted = ProductQuery {
        vendor: Some(slug.clone()),
        limit: Some(PRODUCTS),
        after: after.clone(),
        ..ProductQuery::default()
    };
    let (shell, store, products) =
        futures::join!(visit.shell(""), app.vendors.store(&who, &slug), catalog.products(&who, &wanted));
    let (store, products) = (store?, visit.purse.show(products?));
    let (rates, rating) = futures::join!(app.shipping.rates(&who, store.id), app.reviews.vendor_rating(&who, store.id));
    let rates = rates.unwrap_or_else(|error| {
        tracing::warn!(%error, "a store's page goes without its delivery");
        Vec::new()
    });
    let rating = or_none("its rating", rating).and_then(|rating| reviews::rating(&fmt, &rating));
    let next = products.next.as_ref().map(|next| format!("/v/{slug}?{}", query(&[("after", next)])));
    let pager = Pager { text: String::new(), previous: after.map(|_| format!("/v/{slug}")), next, target: None };
    let cards =
        products.items.iter().map(|product| ProductCard { vendor: String::new(), ..cards::card(&fmt, product) });
    let page = Store {
        shell: Shell {
            title: store.name.clone(),
            description: store.tagline.clone(),
            canonical: Some(format!("{}/v/{slug}", app.public_url)),
            ..shell
        },
        crumbs: Crumbs::new(&[("Home", "/"), ("The makers", "/stores")], &store.name),
        avatar: Avatar::of(&store.name, store.logo_url.clone()),
        banner: store.banner_url.clone(),
        place: format!("{} · here since {}", place(&store), store.since.format("%B %Y")),
        rating,
        products: cards.collect(),
        pager,
        empty: Empty::new("box", "Nothing on the table", "This maker has nothing for sale just now."),
        story: paragraphs(&store.story),
        policies: paragraphs(&store.policies),
        delivery: delivery(&fmt, &visit.purse.show(rates)),
        tagline: store.tagline,
        name: store.name,
    };
    render::public(&visit, &page)
}

/// `Porto, Portugal`.
pub fn place(store: &StoreView) -> String {
    let country = countries::name(store.country.as_str());
    if store.city.is_empty() { country.to_owned() } else { format!("{}, {country}", store.city) }
}

/// Text by its paragraphs: an empty line stands between two.
pub fn paragraphs(text: &str) -> Vec<String> {
    text.split("\n\n").map(str::trim).filter(|p| !p.is_empty()).map(str::to_owned).collect()
}

fn delivery(fmt: &Fmt, rates: &[RateView]) -> Specs {
    let row = |rate: &RateView| {
        let takes = days(rate.days_min, rate.days_max);
        let place = rate.pickup.as_ref().map_or(String::new(), |place| format!("; fetched at {}", place.line()));
        (rate.name.clone(), format!("{}; {takes}{}{place}", prices(fmt, rate), leaves(&rate.handling)))
    };
    Specs { caption: "Delivery".to_owned(), rows: rates.iter().map(row).collect() }
}

/// `4.90 €, 2.90 € from 20.00 € on, free from 80.00 €`.
pub fn prices(fmt: &Fmt, rate: &RateView) -> String {
    let mut text = price_or_free(fmt, rate.price);
    for step in &rate.value_prices {
        text.push_str(&format!(", {} from {} on", price_or_free(fmt, step.price), fmt.money(step.from)));
    }
    if let Some(over) = rate.free_over {
        text.push_str(&format!(", free from {}", fmt.money(over)));
    }
    text
}

/// `2 to 4 days`.
pub fn days(min: i64, max: i64) -> String {
    match (min, max) {
        (1, 1) => "1 day".to_owned(),
        (min, max) if min == max => format!("{max} days"),
        (min, max) => format!("{min} to {max} days"),
    }
}

/// `, sent after 2 working days if ordered before 14:00 (UTC+01:00)`; nothing if it is sent on the day of the order.
pub fn leaves(handling: &Handling) -> String {
    let mut text = match handling.days {
        0 => String::new(),
        1 => ", sent after 1 working day".to_owned(),
        days => format!(", sent after {days} working days"),
    };
    if let Some(hour) = handling.cutoff_hour {
        let sent = if handling.days == 0 { ", sent on the same working day" } else { "" };
        text.push_str(&format!("{sent} if ordered before {hour}:00 (UTC{})", offset(handling.utc_offset_min)));
    }
    text
}

/// `+01:00`, of a clock that is an hour ahead of UTC.
pub fn offset(minutes: i64) -> String {
    let (sign, minutes) = (if minutes < 0 { '-' } else { '+' }, minutes.abs());
    format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60)
}

/// Stores as cards, each with its stars and a taste of what it sells.
pub async fn cards(app: &App, fmt: &Fmt, stores: Vec<StoreView>) -> Vec<VendorCard> {
    let about = stores.iter().map(|store| async move {
        futures::join!(taste(app, store), app.reviews.vendor_rating(&Identity::Anonymous, store.id))
    });
    let about = futures::future::join_all(about).await;
    let card = |(store, (pictures, rating)): (StoreView, (Vec<StoredPicture>, Result<RatingSummary>))| VendorCard {
        href: format!("/v/{}", store.slug),
        line: if store.tagline.is_empty() { place(&store) } else { store.tagline.clone() },
        avatar: Avatar::of(&store.name, store.logo_url.clone()),
        rating: rating.ok().and_then(|rating| reviews::rating(fmt, &rating)),
        pictures: pictures.iter().map(|p| cards::picture(p, "6rem").decorative()).collect(),
        name: store.name,
    };
    stores.into_iter().zip(about).map(card).collect()
}

async fn taste(app: &App, store: &StoreView) -> Vec<StoredPicture> {
    let wanted = ProductQuery {
        vendor: Some(store.slug.to_string()),
        sort: Some(ProductSort::Rating),
        limit: Some(3),
        ..ProductQuery::default()
    };
    match app.catalog.products(&Identity::Anonymous, &wanted).await {
        Ok(products) => products.items.into_iter().filter_map(|product| product.picture).collect(),
        Err(error) => {
            tracing::debug!(%error, "a store's card goes without pictures");
            Vec::new()
        }
    }
}
