//! A product.

use askama::Template;
use contracts::{
    catalog::{self, AttributeValue, CatalogClient, ProductQuery, ProductSort, ProductView, ValueKind},
    reviews::{RatingSummary, ReviewQuery, ReviewSort, ReviewView},
    vendors::StoreView,
};
use kernel::{Identity, Page};

use super::{
    cards, cart,
    choice::{self, Buyer, Tax, Terms},
    paging::{Listed, Place},
    reviews::{self, Reader},
    stores,
};
use crate::{
    fmt::Fmt,
    forms::Fields,
    pages::portal::fields,
    render::{self, Shown},
    ui::{
        Avatar, Crumbs, Gallery, Histogram, Html, Link, Notice, Pager, Pills, Price, ProductCard, Rating, Review,
        Shell, Specs, Stepper, Tab, Tabs, component,
    },
    visit::{Path, Query, Visit},
};

/// A line with an icon: delivery, returns.
#[derive(Debug, Clone)]
pub struct Promise {
    /// Icon in the sprite.
    pub icon: &'static str,
    /// In short.
    pub title: String,
    /// In full.
    pub note: String,
}

/// Whether a variant is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stock {
    /// Enough.
    In,
    /// Few left.
    Low,
    /// None left, and it can be ordered all the same.
    Later,
    /// None left: it cannot be added.
    Out,
}

impl Stock {
    fn class(self) -> &'static str {
        match self {
            Self::In => "in",
            Self::Low | Self::Later => "low",
            Self::Out => "out",
        }
    }
    fn icon(self) -> &'static str {
        match self {
            Self::In => "check",
            Self::Low | Self::Later => "clock",
            Self::Out => "x",
        }
    }
    fn is_out(self) -> bool {
        self == Self::Out
    }
}

/// Price, choice, stock and the button: the fragment `#buy`, swapped when a variant is chosen.
#[derive(Debug, Clone, Template)]
#[template(path = "shop/buy.html")]
pub struct Buy {
    /// The product's page; choosing a variant asks it again.
    pub action: String,
    /// Id of the variant that the button adds.
    pub variant: String,
    /// Hidden token.
    pub csrf: String,
    /// What it costs.
    pub price: Price,
    /// The lowest price of the 30 days before it was reduced.
    pub lowest: Option<String>,
    /// What each costs from a quantity on.
    pub quantity_prices: Option<Specs>,
    /// `Including VAT, plus delivery from 4.90 €`.
    pub included: String,
    /// What lies in it, if it is a bundle: each with its page, and the language of its name if that is to be marked.
    pub parts: Vec<(Link, Option<&'static str>)>,
    /// The options with their values.
    pub options: Vec<Pills>,
    /// Whether it is there.
    pub stock: Stock,
    /// `In stock`, `Only 3 left`, `Sold out`.
    pub stock_text: String,
    /// How many.
    pub quantity: Stepper,
    /// Delivery and returns.
    pub promises: Vec<Promise>,
    /// What went wrong on the last try to add.
    pub notice: Option<Notice>,
}

component!(Buy);

impl Buy {
    /// The product's page without what was chosen on it.
    fn product(&self) -> &str {
        self.action.strip_prefix("/p/").unwrap_or_default()
    }
}

/// The page of a product.
#[derive(Debug, Clone, Template)]
#[template(path = "shop/product.html")]
pub struct Product {
    /// Head and foot.
    pub shell: Shell,
    /// The way here.
    pub crumbs: Crumbs,
    /// Its name.
    pub title: String,
    /// Language of its name, if that is another than the page's.
    pub title_lang: Option<&'static str>,
    /// Its pictures.
    pub gallery: Gallery,
    /// Its stars, with a link to the reviews.
    pub rating: Option<Rating>,
    /// Price to button.
    pub buy: Buy,
    /// Who sells it.
    pub vendor: Link,
    /// The vendor's sign.
    pub vendor_avatar: Avatar,
    /// Where the vendor is.
    pub vendor_line: String,
    /// The vendor's stars.
    pub vendor_rating: Option<Rating>,
    /// What it is.
    pub description: Html,
    /// The language of that, likewise.
    pub description_lang: Option<&'static str>,
    /// Its particulars.
    pub specs: Specs,
    /// Its free words, each with what else is called so.
    pub tags: Vec<Link>,
    /// Stars by number, if it was reviewed.
    pub histogram: Option<Histogram>,
    /// The orders to read them in.
    pub review_orders: Option<Tabs>,
    /// What buyers say.
    pub reviews: Vec<Review>,
    /// More of that.
    pub review_pages: Pager,
    /// What goes with it.
    pub related: Vec<ProductCard>,
    /// What that is called.
    pub related_title: &'static str,
    /// Others from this vendor.
    pub others: Vec<ProductCard>,
    /// The same for machines: JSON-LD.
    pub machine: Html,
}

/// Reviews on one page.
const REVIEWS: u32 = 8;
/// Reviews that are looked through for those with a number of stars.
const REVIEWS_ALL: u32 = 100;
/// Others from the vendor.
const OTHERS: u32 = 5;
/// Others of the category.
const NEIGHBOURS: u32 = 4;

/// `GET /p/{slug}`
pub async fn show(mut visit: Visit, Path(slug): Path<String>, Query(asked): Query) -> Shown {
    let (app, who, catalog) = (visit.app.clone(), visit.who(), visit.catalog());
    let product = visit.purse.show(catalog.product(&who, &slug).await?);
    if product.slug.as_str() != slug {
        // It has a new name; the old one leads there for good.
        return Ok(render::moved(&format!("/p/{}", product.slug), &asked));
    }
    let rates = app.shipping.rates(&who, product.vendor.id);
    let country = cart::country(&visit);
    let buyer = Buyer { who: who.clone(), country: country.clone(), currency: visit.purse.currency };
    let (tax, terms) = (Tax::of(&app, country), Terms::of(&app, &buyer, &product, &asked));
    if visit.hx.wants_part() {
        let (rates, tax, terms) = futures::join!(rates, tax, terms);
        let rates = visit.purse.show(rates.unwrap_or_default());
        let buy = choice::buy(&visit, &product, &rates, &tax, &terms, &asked);
        if product.variants.iter().all(|variant| variant.picture_id.is_none()) {
            return render::parts(&[&buy]);
        }
        return render::parts(&[&buy, &Gallery { oob: true, ..gallery(&product, &asked) }]);
    }
    let stars = asked.parsed::<u32>("stars").filter(|stars| (1..=5).contains(stars));
    let wanted = match stars {
        Some(_) => ReviewQuery { limit: Some(REVIEWS_ALL), ..ReviewQuery::default() },
        None => ReviewQuery { sort: Some(sort_of(&asked)), limit: Some(REVIEWS), after: asked.some("after") },
    };
    let of_vendor = ProductQuery {
        vendor: Some(product.vendor.slug.to_string()),
        limit: Some(OTHERS + 1),
        ..ProductQuery::default()
    };
    if visit.has_session() && visit.data().seen.first() != Some(&product.slug) {
        visit.change(|data| data.see(&product.slug)).await?;
    }
    let (shell, rates, tax, terms, store, reviews, summary, vendor_rating, others, neighbours) = futures::join!(
        visit.shell(&product.title),
        rates,
        tax,
        terms,
        app.vendors.store(&who, product.vendor.slug.as_str()),
        app.reviews.of_product(&who, product.id, &wanted),
        app.reviews.summary(&who, product.id),
        app.reviews.vendor_rating(&who, product.vendor.id),
        catalog.products(&who, &of_vendor),
        neighbours(&catalog, &who, &product),
    );
    let rates = visit.purse.show(or_default(rates, "its delivery"));
    let summary = or_default(summary, "its histogram");
    let vendor_rating = or_default(vendor_rating, "its vendor's rating");
    let around = Around {
        store: store.ok(),
        reviews: reviews.unwrap_or_else(|error| {
            tracing::warn!(%error, "a product's page goes without its reviews");
            Page { items: Vec::new(), next: None }
        }),
        others: visit.purse.show(others.map(|page| page.items).unwrap_or_default()),
        neighbours: visit.purse.show(neighbours),
        summary,
        vendor_rating,
    };
    let buy = choice::buy(&visit, &product, &rates, &tax, &terms, &asked);
    let page = page(&visit, shell, &product, buy, around, &asked);
    render::public(&visit, &page)
}

fn or_default<T: Default>(answer: kernel::Result<T>, what: &str) -> T {
    answer.unwrap_or_else(|error| {
        tracing::warn!(%error, "a product's page goes without {what}");
        T::default()
    })
}

/// What stands around a product on its page.
struct Around {
    store: Option<StoreView>,
    reviews: Page<ReviewView>,
    summary: RatingSummary,
    vendor_rating: RatingSummary,
    others: Vec<catalog::ProductCard>,
    neighbours: Vec<catalog::ProductCard>,
}

/// The best of its category, where its vendor has chosen nothing to go with it.
async fn neighbours(catalog: &CatalogClient, who: &Identity, product: &ProductView) -> Vec<catalog::ProductCard> {
    let Some(category) = product.categories.last().filter(|_| product.related.is_empty()) else { return Vec::new() };
    let query = ProductQuery {
        category: Some(category.slug.to_string()),
        sort: Some(ProductSort::Rating),
        limit: Some(NEIGHBOURS + 1),
        ..ProductQuery::default()
    };
    let found = catalog.products(who, &query).await.map(|page| page.items);
    let found = or_default(found, "others of its category");
    found.into_iter().filter(|other| other.id != product.id).take(NEIGHBOURS as usize).collect()
}

fn page(visit: &Visit, shell: Shell, product: &ProductView, buy: Buy, around: Around, asked: &Fields) -> Product {
    let (fmt, public_url, reader) = (&visit.fmt, &visit.app.public_url, Reader::of(visit));
    let url = format!("{public_url}/p/{}", product.slug);
    let others = around.others.iter().filter(|other| other.id != product.id).take(OTHERS as usize);
    let (told_title, told_text) = super::machine::told(product);
    let (reviews, review_pages) = of_page(fmt, product, &around, &reader, asked);
    Product {
        shell: Shell {
            title: told_title.to_owned(),
            description: told_text.to_owned(),
            canonical: Some(url.clone()),
            ..shell
        },
        crumbs: crumbs(product),
        title: product.title.clone(),
        title_lang: cards::language(fmt, &product.translated, "title"),
        gallery: gallery(product, asked),
        rating: cards::rating(fmt, product.rating).map(|rating| rating.linked("#reviews")),
        machine: super::machine::product(product, &around.reviews.items, &url, public_url),
        vendor: Link::new(&product.vendor.name, format!("/v/{}", product.vendor.slug)),
        vendor_avatar: Avatar::of(&product.vendor.name, around.store.as_ref().and_then(|store| store.logo_url.clone())),
        vendor_line: around.store.as_ref().map(stores::place).unwrap_or_default(),
        vendor_rating: reviews::rating(fmt, &around.vendor_rating),
        description: Html::sanitised(&product.description_html),
        description_lang: cards::language(fmt, &product.translated, "description_html"),
        specs: specs(fmt, product),
        tags: product.tags.iter().map(|tag| Link::new(tag, searching(tag))).collect(),
        histogram: (around.summary.count > 0)
            .then(|| Histogram::of(fmt, around.summary.histogram.map(i64::from), &format!("/p/{}", product.slug))),
        review_orders: review_orders(product, &around.summary, asked),
        reviews,
        review_pages,
        related: product.related.iter().chain(&around.neighbours).map(|other| cards::card(fmt, other)).collect(),
        related_title: if product.related.is_empty() { "From the same aisle" } else { "Goes well with it" },
        others: others.map(|other| ProductCard { vendor: String::new(), ..cards::card(fmt, other) }).collect(),
        buy,
    }
}

/// Where a word is searched for.
fn searching(word: &str) -> String {
    format!("/search?{}", render::query(&[("q", word)]))
}

fn crumbs(product: &ProductView) -> Crumbs {
    let categories = product.categories.iter().map(|c| Link::new(&c.name, format!("/c/{}", c.slug)));
    Crumbs { above: std::iter::once(Link::new("Home", "/")).chain(categories).collect(), here: product.title.clone() }
}

/// The product's pictures, that of the chosen variant first.
fn gallery(product: &ProductView, asked: &Fields) -> Gallery {
    let shown = choice::chosen(product, asked).and_then(|variant| variant.picture_id);
    let mut all: Vec<&catalog::Picture> = product.pictures.iter().collect();
    // A sort that keeps the order of the others; without a choice all are equal.
    all.sort_by_key(|picture| shown.is_some_and(|shown| shown != picture.id));
    let mut pictures: Vec<_> = all.iter().map(|p| cards::picture(p, cards::ON_PAGE)).collect();
    match pictures.first_mut() {
        Some(first) => first.eager = true,
        None => pictures.push(cards::no_picture()),
    }
    let thumbs = all.iter().map(|p| cards::thumb(p).decorative()).collect();
    Gallery { title: product.title.clone(), pictures, thumbs, oob: false }
}

fn specs(fmt: &Fmt, product: &ProductView) -> Specs {
    let brand = (!product.brand.is_empty()).then(|| ("Brand".to_owned(), product.brand.clone()));
    let facts = product.attributes.iter().map(|attribute| {
        let unit = attribute.unit.as_ref().map(|unit| format!("\u{a0}{unit}")).unwrap_or_default();
        let label = if attribute.label.is_empty() { &attribute.key } else { &attribute.label };
        (label.clone(), format!("{}{unit}", said(fmt, attribute)))
    });
    Specs { caption: "Particulars".to_owned(), rows: brand.into_iter().chain(facts).collect() }
}

/// A fact's value as it is read.
fn said(fmt: &Fmt, attribute: &AttributeValue) -> String {
    match (attribute.kind, attribute.value.as_str()) {
        (ValueKind::YesNo, "yes") => "Yes".to_owned(),
        (ValueKind::YesNo, "no") => "No".to_owned(),
        (ValueKind::Date, day) => fields::day(day).map_or_else(|| day.to_owned(), |at| fmt.date(at)),
        (_, value) => value.to_owned(),
    }
}

/// The reviews of this page, or those with the chosen number of stars.
fn of_page(fmt: &Fmt, product: &ProductView, around: &Around, reader: &Reader, asked: &Fields) -> (Vec<Review>, Pager) {
    let review = |review: &ReviewView| reviews::shown(fmt, review, &product.title, &product.vendor.name, reader);
    let path = format!("/p/{}", product.slug);
    if let Some(stars) = asked.parsed::<u32>("stars") {
        let chosen = around.reviews.items.iter().filter(|review| review.rating == stars);
        let text = format!("Reviews with {stars} {}", if stars == 1 { "star" } else { "stars" });
        let all = Pager { text, previous: None, next: Some(format!("{path}#reviews")), target: None };
        return (chosen.map(review).collect(), all);
    }
    let list = Listed {
        shown: around.reviews.items.len(),
        page: REVIEWS as usize,
        next: around.reviews.next.as_deref(),
        total: Some(around.summary.count.into()),
        noun: "reviews",
        target: None,
    };
    let kept: &[(String, String)] = match sort_of(asked) {
        ReviewSort::Newest => &[],
        ReviewSort::Helpful => &[("sort".to_owned(), "helpful".to_owned())],
    };
    let mut pager = Place::of(asked).pager(fmt, &path, kept, &list);
    for href in [&mut pager.previous, &mut pager.next].into_iter().flatten() {
        href.push_str("#reviews");
    }
    (around.reviews.items.iter().map(review).collect(), pager)
}

fn sort_of(asked: &Fields) -> ReviewSort {
    if asked.get("sort") == "helpful" { ReviewSort::Helpful } else { ReviewSort::Newest }
}

/// The orders that reviews can be read in, once there is something to order.
fn review_orders(product: &ProductView, summary: &RatingSummary, asked: &Fields) -> Option<Tabs> {
    let chosen = sort_of(asked);
    let tab = |(sort, text, query): (ReviewSort, &str, &str)| Tab {
        link: Link::new(text, format!("/p/{}{query}#reviews", product.slug)),
        count: None,
        current: sort == chosen && asked.get("stars").is_empty(),
    };
    let tabs = [(ReviewSort::Newest, "Newest", ""), (ReviewSort::Helpful, "Most helpful", "?sort=helpful")];
    (summary.count > 1).then(|| Tabs { label: "Order of reviews".to_owned(), tabs: tabs.map(tab).to_vec() })
}
