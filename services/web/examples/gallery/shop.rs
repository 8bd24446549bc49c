//! Sample pages of the storefront.

use std::time::Duration;

use web::{
    fmt::Fmt,
    pages::shop::{
        home::{Deal, Home},
        listing::{Listing, Results},
        product::{Buy, Product, Promise, Stock},
    },
    ui::*,
};

use crate::stock::{cards, eur, picture};

const CATEGORIES: [&str; 7] = ["Tableware", "Kitchen", "Textiles", "Light", "Pantry", "Bath", "Baskets"];

/// Head and foot.
pub fn shell(title: &str, path: &str) -> Shell {
    let item = |name: &str| NavItem::new("", name, "category.html").current(title == name);
    Shell {
        market: "Souk".to_owned(),
        title: title.to_owned(),
        description: "A market hall of independent makers.".to_owned(),
        lang: "en".to_owned(),
        csrf: "sample".to_owned(),
        path: path.to_owned(),
        categories: CATEGORIES.iter().map(|name| item(name)).chain([item("New"), item("Reduced")]).collect(),
        cart_count: 3,
        ..Shell::default()
    }
}

/// Owned.
pub fn text(s: &str) -> String {
    s.to_owned()
}

/// The entrance.
pub fn home(fmt: &Fmt) -> Home {
    let tile = |(name, pic): (&str, &str)| CategoryTile {
        href: text("category.html"),
        title: text(name),
        picture: picture(pic, ""),
        lang: None,
    };
    let vendor = |(name, line, rating, pics): (&str, &str, i64, [&str; 3])| VendorCard {
        href: text("#"),
        name: text(name),
        line: text(line),
        avatar: Avatar::of(name, None),
        rating: Some(Rating::of(fmt, rating, 340)),
        pictures: pics.map(|p| picture(p, "")).to_vec(),
    };
    Home {
        shell: shell("", "/index.html"),
        headline: text("A market hall of small makers"),
        lead: text(
            "Pots from Porto, oil from the Palatinate, blankets from Covilhã. Sixty-two stalls, one basket, and the whole price before you pay.",
        ),
        deals: vec![Deal {
            name: text("Welcome"),
            text: text("10 % off, on a first order"),
            code: Some(text("WELCOME10")),
        }],
        arches: ["teapot", "indigo-blanket", "lamp"].map(|p| picture(p, "").eager()).to_vec(),
        categories: CATEGORIES
            .into_iter()
            .zip(["white-mug", "board", "blanket", "paper-lamp", "oil", "soap", "basket"])
            .map(tile)
            .collect(),
        popular: cards(fmt, 0..5),
        fresh: cards(fmt, 5..15),
        vendors: [
            ("Kiln & Daughters", "Stoneware from Porto", 481, ["blue-mug", "teapot", "bowl"]),
            ("Weavers of Covilhã", "Wool, since 1884", 474, ["indigo-blanket", "blanket", "basket"]),
            ("Lumen Atelier", "Lamps from old brass", 439, ["lamp", "paper-lamp", "candle"]),
        ]
        .map(vendor)
        .to_vec(),
        recent: cards(fmt, [9, 3, 1, 6, 12, 0]),
    }
}

fn facets() -> Facets {
    let value = |(name, count, chosen): (&str, i64, bool)| FacetValue {
        value: name.to_lowercase(),
        text: text(name),
        count: count.to_string(),
        chosen,
        barren: count == 0,
    };
    let facet = |name: &str, title: &str, values: &[(&str, i64, bool)]| {
        Facet::values(name, title, values.iter().copied().map(value).collect())
    };
    Facets {
        action: text("category.html"),
        kept: Vec::new(),
        facets: vec![
            facet(
                "material",
                "Material",
                &[("Stoneware", 84, true), ("Porcelain", 31, false), ("Glass", 22, false), ("Wood", 0, false)],
            ),
            Facet {
                name: text("price"),
                title: text("Price"),
                open: true,
                kind: FacetKind::Range {
                    min: String::new(),
                    max: text("80"),
                    low: text("12"),
                    high: text("240"),
                    unit: text("€"),
                },
            },
            facet(
                "vendor",
                "Maker",
                &[("Kiln & Daughters", 41, false), ("Atelier Marin", 26, false), ("Holz & Sohn", 17, false)],
            ),
            facet("rating", "Rating", &[("4 stars and more", 96, false), ("3 stars and more", 118, false)]),
        ],
        button: text("Show 118 products"),
        clear: Some(text("category.html")),
        oob: false,
    }
}

fn sort() -> Sort {
    let options =
        [("relevance", "What fits best"), ("newest", "Newest"), ("price", "Price, lowest first"), ("rating", "Rating")];
    Sort {
        action: text("category.html"),
        kept: Vec::new(),
        options: options.map(|(a, b)| (text(a), text(b))).to_vec(),
        chosen: text("newest"),
    }
}

/// A category.
pub fn category(fmt: &Fmt) -> Listing {
    Listing {
        shell: shell("Tableware", "/category.html"),
        crumbs: Crumbs::new(&[("Home", "index.html")], "Tableware"),
        title: text("Tableware"),
        intro: text("What one eats and drinks from: thrown, cast and blown by eleven makers."),
        instead_of: None,
        notice: None,
        partial: false,
        called_so: Vec::new(),
        below: ["Mugs", "Bowls", "Plates", "Teapots", "Glasses"].map(|name| Link::new(name, "#")).to_vec(),
        facets: facets(),
        results: Results {
            count: text("118 products"),
            chips: Chips {
                chips: vec![Link::new("Stoneware", "#"), Link::new("Up to 80 €", "#")],
                clear: text("#"),
                target: Some("#results"),
            },
            sort: sort(),
            products: cards(fmt, [0, 8, 10, 13, 5, 15, 6, 9, 7, 1, 4, 2]),
            pager: Pager {
                text: text("1–24 of 118 products"),
                previous: None,
                next: Some(text("#")),
                target: Some("#results"),
            },
            empty: Empty::new("search", "", ""),
            instead: Vec::new(),
        },
        title_lang: None,
        intro_lang: None,
    }
}

/// A search that finds nothing.
pub fn nothing(fmt: &Fmt) -> Listing {
    let mut page = category(fmt);
    page.title = text("Results for “zeppelin”");
    page.shell.query = text("zeppelin");
    page.intro.clear();
    page.below.clear();
    page.results.products.clear();
    page.results.count = text("Nothing found");
    page.results.empty = Empty::new(
        "search",
        "Nothing is called that here",
        "Check the spelling, use fewer words, or take away a filter. Makers come and go, so it may be here next month.",
    )
    .action("Walk the aisles", "index.html");
    page
}

fn buy(fmt: &Fmt) -> Buy {
    let pill = |(name, sold_out): (&str, bool)| Pill { value: name.to_lowercase(), text: text(name), sold_out };
    let pills = |name: &str, values: &[(&str, bool)], chosen: &str| Pills {
        name: name.to_lowercase(),
        legend: text(name),
        pills: values.iter().copied().map(pill).collect(),
        chosen: text(chosen),
    };
    let promise = |icon, title: &str, note: &str| Promise { icon, title: text(title), note: text(note) };
    Buy {
        action: text("product.html"),
        variant: text("v1"),
        csrf: text("sample"),
        price: Price::of(fmt, eur(4_290)).was(fmt, eur(4_900), eur(4_290)).big(),
        lowest: Some(text("44.10 €")),
        quantity_prices: Some(Specs {
            caption: text("Prices for quantities"),
            rows: vec![(text("From 6 pieces"), text("38.90 € each"))],
        }),
        included: text("Including VAT, plus delivery from 4.90 €"),
        parts: vec![],
        options: vec![
            pills("Size", &[("250 ml", false), ("350 ml", false), ("500 ml", true)], "350 ml"),
            pills("Glaze", &[("Cobalt", false), ("Moss", false), ("Chalk", false)], "cobalt"),
        ],
        stock: Stock::Low,
        stock_text: text("Only 3 left"),
        quantity: Stepper {
            name: text("quantity"),
            id: text("quantity"),
            label: text("Quantity"),
            value: 1,
            min: 1,
            max: 3,
        },
        promises: vec![
            promise(
                "truck",
                "At your door Tue 24 – Thu 26 Nov",
                "Sent from Porto by Kiln & Daughters, 4.90 €; free from 80 €",
            ),
            promise("return", "30 days to send it back", "Unused, in its box. The maker pays the way."),
        ],
        notice: None,
    }
}

/// A product.
pub fn product(fmt: &Fmt) -> Product {
    let names = ["blue-mug", "white-mug", "green-mug", "teapot"];
    let review = |(stars, title, body, author, days, verified): (i64, &str, &str, &str, u64, bool)| Review {
        rating: Rating::stars(stars),
        title: text(title),
        body: text(body),
        author: text(author),
        when: fmt.when(fmt.now().minus(Duration::from_secs(days * 86_400))),
        verified,
        photos: Vec::new(),
        reply: None,
        voice: Voice { helpful: text("3 people find this helpful"), vote: None, report: Some(text("#")) },
    };
    let mut reviews = [
        (5, "Holds the tea and the heat", "Heavier than it looks, and the glaze is deeper than in the picture. Mine has survived two moves and a toddler.", "Grace H.", 3, true),
        (4, "A little smaller than I thought", "Beautiful, but measure your usual cup first. 350 ml to the very rim.", "Alan T.", 12, true),
    ]
    .map(review)
    .to_vec();
    let reply = "Fair point. We now give the volume to the rim and to where one would stop pouring.";
    reviews[1].reply = Some((text("Kiln & Daughters"), text(reply)));
    Product {
        shell: shell("Cobalt mug, 350 ml", "/product.html"),
        crumbs: Crumbs::new(
            &[("Home", "index.html"), ("Tableware", "category.html"), ("Mugs", "category.html")],
            "Cobalt mug",
        ),
        title: text("Cobalt mug, 350 ml"),
        gallery: Gallery {
            title: text("Cobalt mug"),
            pictures: names.map(|n| picture(n, "Cobalt mug").eager()).to_vec(),
            thumbs: names.map(|n| picture(n, "")).to_vec(),
            oob: false,
        },
        rating: Some(Rating::of(fmt, 463, 128).linked("#reviews")),
        buy: buy(fmt),
        vendor: Link::new("Kiln & Daughters", "#"),
        vendor_avatar: Avatar::of("Kiln Daughters", None),
        vendor_line: text("Porto, Portugal"),
        vendor_rating: Some(Rating::of(fmt, 481, 640)),
        description: Html::sanitised(
            "<p>Thrown on the wheel in Porto by Inês and her two daughters, from clay that is dug forty kilometres away. Two coats of cobalt glaze run differently on every piece, so yours will not be exactly the one in the picture.</p><p>The foot is left bare: it grips the table, and it is where one can see the clay.</p>",
        ),
        tags: vec![Link::new("stoneware", "#")],
        specs: Specs {
            caption: text("Particulars"),
            rows: [
                ("Material", "Stoneware, cobalt glaze"),
                ("Volume", "350 ml to the rim"),
                ("Height", "96 mm"),
                ("Weight", "410 g"),
                ("Dishwasher", "Yes"),
                ("Made in", "Porto, Portugal"),
            ]
            .map(|(a, b)| (text(a), text(b)))
            .to_vec(),
        },
        histogram: Some(Histogram::of(fmt, [2, 1, 6, 30, 89], "product.html")),
        review_orders: None,
        reviews,
        review_pages: Pager { text: text("1–2 of 128 reviews"), previous: None, next: Some(text("#")), target: None },
        related: cards(fmt, [1, 2, 3, 4]),
        related_title: "Goes well with it",
        others: cards(fmt, [5, 8, 10, 13]),
        machine: Html::default(),
        title_lang: None,
        description_lang: None,
    }
}
