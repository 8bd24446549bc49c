//! Through the inbox and the router, on both databases; with the embedded engine in memory, and with the one outside
//! played by [`fake::Fake`].

mod brands;
mod bringing_in;
mod elasticsearch;
pub mod engines;
mod fake;
mod leftovers;
mod nothing_found;
mod numbers;
mod outage;
mod ranking;
mod sales;
mod synonyms;
mod tags;
mod translations;

use std::{sync::Arc, time::Duration};

use contracts::{
    catalog::{
        AttributeValue, CategoryRef, ProductPublished, ProductSnapshot, ProductStatus, ProductWithdrawn, ValueKind,
        VariantSnapshot,
    },
    inventory::{StockLevel, StockLevelChanged},
    pricing::{Offer, OfferChanged},
    reviews::{RatingChanged, RatingSummary},
    search::{SearchPage, SearchQuery, Suggestion},
    vendors::{VendorDecided, VendorSnapshot, VendorStatus},
};
use kernel::{CategoryId, Clock, Currency, Money, ProductId, VariantId, VendorId};
use runtime::ServiceDef;
use testkit::{TestApp, on_both_databases};

use self::fake::Fake;
use crate::{Backend, Settings};

fn services() -> Vec<ServiceDef> {
    vec![crate::service(Settings::default())]
}

/// With a server of its own outside.
fn services_outside() -> Vec<ServiceDef> {
    vec![crate::service(outside(&Fake::start().url))]
}

fn outside(url: &str) -> Settings {
    Settings { backend: Backend::Elasticsearch, urls: vec![url.to_owned()], ..Settings::default() }
}

/// What both engines show, on both databases.
async fn with_both_engines<F, Fut>(test: F)
where
    F: Fn(Arc<TestApp>) -> Fut,
    Fut: Future<Output = ()>,
{
    on_both_databases(services, &test).await;
    on_both_databases(services_outside, &test).await;
}

fn eur(minor: i64) -> Money {
    Money::new(minor, Currency::EUR)
}

fn vendor(name: &str) -> VendorId {
    VendorId::derived("vendor", &[name])
}

pub fn product_id(title: &str) -> ProductId {
    ProductId::derived("product", &[title])
}

fn variant_id(title: &str) -> VariantId {
    VariantId::derived("variant", &[title])
}

async fn vendor_is(app: &TestApp, name: &str, status: VendorStatus) {
    let snapshot = VendorSnapshot {
        slug: name.to_lowercase().parse().unwrap(),
        name: name.to_owned(),
        status,
        commission_bp: 1000,
        country: "DE".parse().unwrap(),
        logo_url: None,
        owners: vec![],
        refused_methods: vec![],
    };
    app.deliver("search", &VendorDecided { vendor_id: vendor(name), vendor: snapshot, reason: None }).await;
}

/// A product on sale in the category `home/<own>`.
fn snapshot(
    app: &TestApp,
    title: &str,
    shop: &str,
    own: &str,
    minor: i64,
    attributes: &[(&str, &str)],
) -> ProductSnapshot {
    let category = |slug: &str| CategoryRef {
        id: CategoryId::derived("category", &[slug]),
        slug: slug.parse().unwrap(),
        name: slug[..1].to_uppercase() + &slug[1..],
    };
    let attribute = |(key, value): &(&str, &str)| {
        // `9.5 cm` is a number with its unit.
        let (value, unit) = value.split_once(' ').map_or((*value, None), |(n, unit)| (n, Some(unit.to_owned())));
        AttributeValue {
            key: (*key).to_owned(),
            label: key.to_uppercase(),
            value: value.to_owned(),
            unit,
            kind: ValueKind::Text,
        }
    };
    ProductSnapshot {
        vendor_id: vendor(shop),
        slug: kernel::Slug::from_title(title, "x"),
        title: title.to_owned(),
        summary: String::new(),
        description_text: "Made by hand.".to_owned(),
        categories: vec![category("home"), category(own)],
        attributes: attributes.iter().map(attribute).collect(),
        option_names: vec![],
        variants: vec![VariantSnapshot {
            id: variant_id(title),
            sku: title.to_owned(),
            options: vec![],
            price: eur(minor),
            compare_at: None,
            weight_g: 100,
            initial_stock: None,
            parts: vec![],
            digital: false,
        }],
        tags: vec![],
        picture: None,
        status: ProductStatus::Published,
        published_at: Some(app.clock.now()),
        brand: String::new(),
        unfiltered: vec![],
        translations: contracts::catalog::Translations::new(),
    }
}

async fn publish(app: &TestApp, title: &str, shop: &str, own: &str, minor: i64, attributes: &[(&str, &str)]) {
    let product = snapshot(app, title, shop, own, minor, attributes);
    app.clock.advance(Duration::from_secs(1));
    app.deliver("search", &ProductPublished { product_id: product_id(title), product }).await;
    let level =
        StockLevelChanged { variant_id: variant_id(title), product_id: product_id(title), level: StockLevel::InStock };
    app.deliver("search", &level).await;
}

/// Two shops with five things.
async fn a_market(app: &TestApp) {
    vendor_is(app, "Potter", VendorStatus::Approved).await;
    vendor_is(app, "Weaver", VendorStatus::Approved).await;
    publish(app, "Blue ceramic mug", "Potter", "kitchen", 1_800, &[("colour", "Blue"), ("material", "Ceramic")]).await;
    publish(app, "White ceramic bowl", "Potter", "kitchen", 2_600, &[("colour", "White"), ("material", "Ceramic")])
        .await;
    publish(app, "Wool blanket", "Weaver", "textiles", 9_900, &[("colour", "Blue"), ("material", "Wool")]).await;
    publish(app, "Linen towels", "Weaver", "textiles", 2_400, &[("colour", "White"), ("material", "Linen")]).await;
    publish(app, "Wireless headphones", "Weaver", "audio", 14_900, &[("colour", "Black")]).await;
    app.advance(Duration::from_secs(1)).await;
}

async fn search(app: &TestApp, query: &str) -> SearchPage {
    app.guest().get(&format!("/api/v1/search?{query}")).await.expect(200).json()
}

async fn titles(app: &TestApp, query: &str) -> Vec<String> {
    search(app, query).await.items.into_iter().map(|card| card.title).collect()
}

fn counts(page: &SearchPage, key: &str) -> Vec<(String, u64)> {
    let facet = page.facets.iter().find(|f| f.key == key);
    facet.map_or_else(Vec::new, |f| f.values.iter().map(|v| (v.value.clone(), v.count)).collect())
}

#[tokio::test]
async fn words_find_products_and_typing_errors_are_forgiven() {
    with_both_engines(|app| async move {
        a_market(&app).await;
        assert_eq!(titles(&app, "q=ceramic+mug").await, ["Blue ceramic mug"]);
        assert_eq!(titles(&app, "q=MUGS").await, ["Blue ceramic mug"], "forms of a word are one word");
        let forgiven = search(&app, "q=hedphones").await;
        assert_eq!((forgiven.total, forgiven.corrected.as_deref()), (1, Some("headphones")));
        assert_eq!(search(&app, "q=cermic").await.corrected.as_deref(), Some("ceramic"));
        let nothing = search(&app, "q=xylophone").await;
        assert_eq!((nothing.total, nothing.items.len()), (0, 0));
        assert_eq!(titles(&app, "q=blue+headphones").await.len(), 3, "what has all but one of the words");
        assert_eq!(search(&app, "").await.total, 5);
        let half_known = search(&app, "q=xylophone+cermic").await;
        assert_eq!((half_known.total, half_known.corrected.as_deref()), (2, Some("ceramic")));
        assert_eq!(search(&app, "q=wol+blankt").await.corrected.as_deref(), Some("blanket"), "short words are exact");
        assert_eq!(titles(&app, "q=white&sort=price_asc").await, ["Linen towels", "White ceramic bowl"]);
        assert_eq!(titles(&app, "q=CÉRAMIC+mug").await, ["Blue ceramic mug"], "accents are folded");
        assert_eq!(search(&app, "q=headphones&category=kitchen").await.total, 0);
    })
    .await;
}

#[tokio::test]
async fn facets_count_under_the_choices_of_the_others() {
    with_both_engines(|app| async move {
        a_market(&app).await;
        let all = search(&app, "q=").await;
        assert_eq!(counts(&all, "vendor"), [("weaver".to_owned(), 3), ("potter".to_owned(), 2)]);
        assert_eq!(counts(&all, "category")[0], ("home".to_owned(), 5));
        assert_eq!(all.facets.iter().find(|f| f.key == "attr.colour").unwrap().label, "COLOUR");

        let blue = search(&app, "q=&attr.colour=Blue").await;
        assert_eq!(blue.total, 2);
        assert_eq!(
            counts(&blue, "attr.colour"),
            [("Blue".to_owned(), 2), ("White".to_owned(), 2), ("Black".to_owned(), 1)]
        );
        assert_eq!(counts(&blue, "vendor"), [("potter".to_owned(), 1), ("weaver".to_owned(), 1)]);
        let wider = search(&app, "q=&attr.colour=Blue&attr.colour=White&vendor=potter").await;
        assert_eq!(
            (wider.total, counts(&wider, "vendor")),
            (2, vec![("potter".to_owned(), 2), ("weaver".to_owned(), 2)])
        );

        assert_eq!(titles(&app, "category=textiles&sort=price_asc").await, ["Linen towels", "Wool blanket"]);
        assert_eq!(titles(&app, "price_min=2000&price_max=2500").await, ["Linen towels"]);
        assert_eq!(search(&app, "category=nowhere").await.total, 0);
        let stranger = search(&app, "vendor=nobody&attr.colour=Blue").await;
        assert_eq!((stranger.total, counts(&stranger, "vendor").len()), (0, 2));
        let two_keys = search(&app, "attr.colour=Blue&attr.material=Wool").await;
        assert_eq!(two_keys.total, 1);
        assert_eq!(counts(&two_keys, "attr.colour"), [("Blue".to_owned(), 1)]);
        assert_eq!(counts(&two_keys, "attr.material"), [("Wool".to_owned(), 1), ("Ceramic".to_owned(), 1)]);
        let dear = search(&app, "price_min=5000").await;
        let bands = [("1000-1999", 1), ("2000-4999", 2), ("5000-9999", 1), ("10000-19999", 1)];
        assert_eq!(counts(&dear, "price"), bands.map(|(band, count)| (band.to_owned(), count)));
        assert_eq!((dear.total, counts(&dear, "category")[0].clone()), (2, ("home".to_owned(), 2)));
        assert_eq!(counts(&search(&app, "category=home").await, "price").len(), 4);
    })
    .await;
}

#[tokio::test]
async fn results_are_sorted_and_come_in_pages() {
    with_both_engines(|app| async move {
        a_market(&app).await;
        let cheapest =
            ["Blue ceramic mug", "Linen towels", "White ceramic bowl", "Wool blanket", "Wireless headphones"];
        assert_eq!(titles(&app, "sort=price_asc").await, cheapest);
        assert_eq!(titles(&app, "sort=newest").await[0], "Wireless headphones");
        let first = search(&app, "sort=price_asc&limit=2").await;
        let second = search(&app, &format!("sort=price_asc&limit=2&after={}", first.next.clone().unwrap())).await;
        let third = search(&app, &format!("sort=price_asc&limit=2&after={}", second.next.clone().unwrap())).await;
        let paged: Vec<_> = [first, second, third]
            .iter()
            .flat_map(|p| p.items.iter().map(|c| c.title.clone()).collect::<Vec<_>>())
            .collect();
        assert_eq!(paged, cheapest);
    })
    .await;
}

#[tokio::test]
async fn the_index_follows_prices_stock_ratings_and_shops() {
    with_both_engines(|app| async move {
        a_market(&app).await;
        let id = product_id("Wool blanket");
        let offer = Offer {
            variant_id: variant_id("Wool blanket"),
            price: eur(4_900),
            list_price: eur(9_900),
            discount: Some("Sale".to_owned()),
            quantity_prices: vec![],
            lowest_price: Some(eur(8_900)),
        };
        app.deliver("search", &OfferChanged { product_id: id, offers: vec![offer] }).await;
        let summary = RatingSummary { average_x100: 450, count: 2, histogram: [0, 0, 0, 1, 1] };
        app.deliver("search", &RatingChanged { product_id: id, vendor_id: vendor("Weaver"), summary, by: None }).await;
        let gone =
            StockLevelChanged { variant_id: variant_id("Wool blanket"), product_id: id, level: StockLevel::SoldOut };
        app.deliver("search", &gone).await;
        app.advance(Duration::from_secs(1)).await;
        let card = search(&app, "q=blanket&rating=4").await.items.remove(0);
        assert_eq!(
            (card.price, card.compare_at, card.rating.count, card.stock),
            (eur(4_900), Some(eur(9_900)), 2, StockLevel::SoldOut)
        );
        assert_eq!(card.lowest_price, Some(eur(8_900)), "whoever strikes a price says the lowest before it");
        assert_eq!(search(&app, "q=blanket&in_stock=true").await.total, 0);
        assert_eq!(titles(&app, "sort=rating").await[0], "Wool blanket");
        let rated = search(&app, "rating=2").await;
        assert_eq!((rated.total, counts(&rated, "rating").len(), counts(&rated, "vendor").len()), (1, 4, 1));
        let there = search(&app, "in_stock=true").await;
        assert_eq!((there.total, counts(&there, "rating").len()), (4, 0));

        vendor_is(&app, "Weaver", VendorStatus::Suspended).await;
        app.advance(Duration::from_secs(1)).await;
        assert_eq!(search(&app, "").await.total, 2, "a closed shop's products are not found");
        vendor_is(&app, "Weaver", VendorStatus::Approved).await;
        let product = ProductSnapshot {
            status: ProductStatus::Archived,
            ..snapshot(&app, "Blue ceramic mug", "Potter", "kitchen", 1_800, &[])
        };
        app.deliver("search", &ProductWithdrawn { product_id: product_id("Blue ceramic mug"), product }).await;
        app.advance(Duration::from_secs(1)).await;
        assert_eq!((search(&app, "").await.total, search(&app, "q=mug").await.total), (4, 0));
    })
    .await;
}

#[tokio::test]
async fn beginnings_suggest_categories_shops_and_products() {
    with_both_engines(|app| async move {
        a_market(&app).await;
        let suggest = async |q: &str| -> Vec<(String, String)> {
            let all: Vec<Suggestion> =
                app.guest().get(&format!("/api/v1/search/suggestions?q={q}")).await.expect(200).json();
            all.into_iter().map(|s| (s.kind, s.text)).collect()
        };
        assert_eq!(suggest("wire").await, [("product".to_owned(), "Wireless headphones".to_owned())]);
        assert_eq!(suggest("pot").await[0], ("vendor".to_owned(), "Potter".to_owned()));
        assert_eq!(suggest("kit").await[0], ("category".to_owned(), "Kitchen".to_owned()));
        assert_eq!(suggest("ceramic+bow").await.last().unwrap().1, "White ceramic bowl");
        assert_eq!(suggest("wierle").await.last().unwrap().1, "Wireless headphones", "an edit is forgiven");
        assert!(suggest("wirx").await.is_empty(), "not in a short beginning");
        assert_eq!(suggest("hedphoens").await.len(), 1, "two in a long one");
        assert!(suggest("hedpoens").await.is_empty(), "but not three");
        assert_eq!(suggest("wierless+hea").await.len(), 1, "and in a word that is ended");
        assert_eq!(suggest("kicth").await[0], ("category".to_owned(), "Kitchen".to_owned()));
        assert_eq!(suggest("poter").await[0], ("vendor".to_owned(), "Potter".to_owned()));
        publish(&app, "Linden honey", "Weaver", "food", 900, &[]).await;
        app.advance(Duration::from_secs(1)).await;
        assert_eq!(suggest("lindn").await.len(), 2, "near are both linen and linden");
        assert_eq!(suggest("linde").await.len(), 1, "but not where something begins as typed");
        assert_eq!(suggest("W").await, [("vendor".to_owned(), "Weaver".to_owned())], "one letter names no products");
        assert!(suggest("").await.is_empty());
        assert!(suggest("-+%22").await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn what_is_not_a_query_is_refused_by_name() {
    with_both_engines(|app| async move {
        app.settle().await;
        for (query, field) in [
            ("colour=Blue", "colour"),
            ("price_min=-1", "price_min"),
            ("rating=6", "rating"),
            ("sort=best", "sort"),
            ("num.height_min=tall", "num.height_min"),
            ("num.height=3", "num.height"),
            ("limit=101", "limit"),
            ("after=zzz", "after"),
            ("in_stock=perhaps", "in_stock"),
            ("q=%00", "q"),
        ] {
            app.guest().get(&format!("/api/v1/search?{query}")).await.expect_invalid(field);
        }
        app.guest().get(&format!("/api/v1/search?q={}", "a".repeat(201))).await.expect_invalid("q");
        for hostile in ["%22%27%3B--", "%28%2B%2A%29", "AND+OR+NOT", "a%3Ab", "%F0%9F%98%80"] {
            assert_eq!(search(&app, &format!("q={hostile}")).await.total, 0, "{hostile}");
        }
    })
    .await;
}

#[test]
fn a_query_survives_the_way_through_the_client() {
    let mut query = SearchQuery {
        q: "mug & bowl".to_owned(),
        vendor: vec!["a".to_owned(), "b".to_owned()],
        rating: Some(4),
        ..SearchQuery::default()
    };
    query.attributes.insert("attr.colour".to_owned(), vec!["Sand".to_owned(), "Moss".to_owned()]);
    let call = contracts::Call::new(contracts::Method::get, "/x".to_owned(), kernel::Identity::Anonymous)
        .with_query(&query)
        .unwrap();
    let parsed = crate::query::parse(call.path.strip_prefix("/x?").unwrap()).unwrap();
    assert_eq!(format!("{parsed:?}"), format!("{query:?}"));
}
