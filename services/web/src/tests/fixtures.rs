//! What the stand-ins say.

use contracts::{
    cart::{CartLine, CartView},
    catalog::{
        AttributeValue, CategoryRef, CategoryView, Picture, PictureSize, ProductCard, ProductOption, ProductView,
        Rating, ValueKind, VariantView, VendorRef,
    },
    inventory::StockLevel,
    orders::{OrderLine, OrderStatus, OrderView, VendorOrderStatus, VendorOrderView},
    prices::QuantityPrice,
    pricing::{Quote, QuoteLine, QuoteVendor, Reason, ShippingOption},
    reviews::{RatingSummary, ReviewView},
    search::{Facet, FacetValue, SearchPage},
    shared::{Address, TimelineEntry},
    shipping::{RateView, ValueRate},
    vendors::StoreView,
};
use kernel::{
    CartId, CategoryId, Currency, LineId, MediaId, Money, OrderId, ProductId, ReviewId, ShippingMethodId, Timestamp,
    VariantId, VendorId, VendorOrderId,
};
use serde_json::{Value, json};

pub fn eur(minor: i64) -> Money {
    Money::new(minor, Currency::EUR)
}
pub fn variant(name: &str) -> VariantId {
    VariantId::derived("test", &[name])
}
pub fn product_id(name: &str) -> ProductId {
    ProductId::derived("test", &[name])
}
pub fn vendor(name: &str) -> VendorId {
    VendorId::derived("test", &[name])
}
pub fn method(name: &str) -> ShippingMethodId {
    ShippingMethodId::derived("test", &[name])
}
pub fn order_id() -> OrderId {
    OrderId::derived("test", &["order"])
}
pub fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub fn categories() -> Vec<CategoryView> {
    let category = |slug: &str, name: &str, parent: Option<&str>| CategoryView {
        id: CategoryId::derived("test", &[slug]),
        slug: slug.parse().unwrap(),
        name: name.to_owned(),
        description: format!("All about {slug}."),
        parent_id: parent.map(|parent| CategoryId::derived("test", &[parent])),
        position: 0,
        picture_url: Some(format!("/media/{slug}.jpg")),
        attributes: Vec::new(),
        inherited: Vec::new(),
        seo_title: String::new(),
        seo_description: String::new(),
        translations: contracts::catalog::Translations::new(),
        translated: Vec::new(),
    };
    vec![
        category("kitchen", "Kitchen", None),
        category("mugs", "Mugs & cups", Some("kitchen")),
        category("bath", "Bath", None),
    ]
}

pub fn picture(name: &str) -> Picture {
    let size = |width| PictureSize { width, height: width, url: format!("/media/{name}-{width}.jpg") };
    Picture {
        id: MediaId::derived("test", &[name]),
        alt: format!("A {name}"),
        width: 1200,
        height: 1200,
        sizes: [320, 640, 1200].map(size).to_vec(),
    }
}

fn kiln() -> VendorRef {
    VendorRef { id: vendor("kiln"), slug: "kiln".parse().unwrap(), name: "Kiln & Daughters".to_owned() }
}

pub fn card(name: &str) -> ProductCard {
    ProductCard {
        id: product_id(name),
        slug: name.parse().unwrap(),
        title: format!("The {name}"),
        vendor: kiln(),
        price: eur(3_200),
        price_varies: false,
        compare_at: Some(eur(4_000)),
        lowest_price: Some(eur(3_300)),
        picture: Some(picture(name)),
        rating: Rating { average_x100: 463, count: 128 },
        stock: StockLevel::InStock,
        single_variant_id: None,
        translated: false,
    }
}

pub fn cards(names: &[&str]) -> Value {
    json!({"items": names.iter().map(|name| card(name)).collect::<Vec<_>>()})
}

/// A mug in two sizes; the large one is sold out.
pub fn mug() -> ProductView {
    let size = |name: &str, price: i64, stock| VariantView {
        id: variant(name),
        sku: format!("MUG-{name}"),
        options: vec![name.to_owned()],
        price: eur(price),
        compare_at: Some(eur(price + 800)),
        lowest_price: Some(eur(price + 100)),
        offer: Some("Autumn fair".to_owned()),
        quantity_prices: vec![QuantityPrice { from: 6, price: eur(price - 300) }],
        stock,
        weight_g: 400,
        barcode: None,
        picture_id: None,
        parts: vec![],
        digital: false,
    };
    let category = |slug: &str, name: &str| CategoryRef {
        id: CategoryId::derived("test", &[slug]),
        slug: slug.parse().unwrap(),
        name: name.to_owned(),
    };
    ProductView {
        id: product_id("blue-mug"),
        slug: "blue-mug".parse().unwrap(),
        title: "Blue <mug>".to_owned(),
        summary: "A mug, blue.".to_owned(),
        description_html: "<p>Thrown in <strong>Porto</strong>.</p>".to_owned(),
        vendor: kiln(),
        categories: vec![category("kitchen", "Kitchen"), category("mugs", "Mugs & cups")],
        attributes: vec![AttributeValue {
            key: "height".to_owned(),
            label: "Height".to_owned(),
            value: "96".to_owned(),
            unit: Some("mm".to_owned()),
            kind: ValueKind::Number,
        }],
        options: vec![ProductOption { name: "Size".to_owned(), values: vec!["Small".to_owned(), "Large".to_owned()] }],
        variants: vec![size("Small", 3_490, StockLevel::Low(3)), size("Large", 4_290, StockLevel::SoldOut)],
        pictures: vec![picture("front"), picture("side")],
        tags: Vec::new(),
        rating: Rating { average_x100: 463, count: 128 },
        published_at: Some(at("2026-01-01T00:00:00Z")),
        brand: String::new(),
        seo_title: String::new(),
        seo_description: String::new(),
        related: Vec::new(),
        translated: Vec::new(),
    }
}

pub fn store() -> StoreView {
    StoreView {
        id: vendor("kiln"),
        slug: "kiln".parse().unwrap(),
        name: "Kiln & Daughters".to_owned(),
        tagline: "Stoneware from Porto".to_owned(),
        story: "First we dug.\n\nThen we threw.".to_owned(),
        policies: "Send it back within 30 days.".to_owned(),
        country: "PT".parse().unwrap(),
        city: "Porto".to_owned(),
        logo_url: None,
        banner_url: Some("/media/banner.jpg".to_owned()),
        since: at("2025-03-01T00:00:00Z"),
    }
}

pub fn rates() -> Vec<RateView> {
    let rate = |name: &str, price, free: Option<i64>| RateView {
        method_id: method(name),
        name: name.to_owned(),
        price: eur(price),
        value_prices: Vec::new(),
        free_over: free.map(eur),
        days_min: 2,
        days_max: 4,
        handling: contracts::arrival::Handling::default(),
        pickup: None,
    };
    let value_prices = vec![ValueRate { from: eur(5_000), price: eur(590) }];
    vec![RateView { value_prices, ..rate("Express", 990, None) }, rate("Standard", 490, Some(8_000))]
}

pub fn reviews() -> Value {
    let review = |stars: u32, title: &str| ReviewView {
        id: ReviewId::derived("test", &[title]),
        product_id: product_id("blue-mug"),
        author: "Grace H.".to_owned(),
        rating: stars,
        title: title.to_owned(),
        text: "Holds the tea.".to_owned(),
        photos: Vec::new(),
        helpful: 0,
        voted: false,
        own: false,
        reply: None,
        hidden: None,
        created_at: at("2026-01-10T00:00:00Z"),
    };
    json!({"items": [review(5, "Lovely"), review(2, "Too <small>")], "next": "cursor2"})
}

pub fn rating_summary() -> RatingSummary {
    RatingSummary { average_x100: 463, count: 128, histogram: [2, 1, 6, 30, 89] }
}

pub fn found(names: &[&str]) -> SearchPage {
    let value = |value: &str, label: &str, count, selected| FacetValue {
        value: value.to_owned(),
        label: label.to_owned(),
        count,
        selected,
    };
    let facet = |key: &str, label: &str, values: Vec<FacetValue>| Facet {
        key: key.to_owned(),
        label: label.to_owned(),
        values,
        range: None,
    };
    SearchPage {
        items: names.iter().map(|name| card(name)).collect(),
        total: names.len() as u64,
        corrected: None,
        partial: false,
        instead: None,
        facets: vec![
            facet("category", "Category", vec![value("mugs", "Mugs & cups", 2, false)]),
            facet(
                "vendor",
                "Vendor",
                vec![value("kiln", "Kiln & Daughters", 2, true), value("oil", "Ölmühle", 0, false)],
            ),
            facet("attr.material", "Material", vec![value("Stoneware", "Stoneware", 2, false)]),
        ],
        next: None,
    }
}

pub fn cart(quantity: i64) -> CartView {
    let line = |name: &str, of: &str, quantity: i64, price: i64| CartLine {
        variant_id: variant(name),
        product_id: product_id(name),
        product_slug: name.to_lowercase().parse().unwrap(),
        vendor_id: vendor(of),
        vendor_name: if of == "kiln" { "Kiln & Daughters".to_owned() } else { "Ölmühle".to_owned() },
        vendor_slug: of.to_owned(),
        title: format!("The {name}"),
        options: vec![],
        parts: vec![],
        picture_url: Some(format!("/media/{name}.jpg")),
        quantity,
        unit_price: eur(price),
        compare_at: None,
        total: eur(price * quantity),
        price_when_added: None,
        stock: StockLevel::InStock,
        available: true,
    };
    let lines = if quantity == 0 {
        Vec::new()
    } else {
        vec![line("Small", "kiln", quantity, 3_490), line("Oil", "oil", 1, 1_890)]
    };
    CartView {
        codes: vec![],
        currency: None,
        id: CartId::derived("test", &["cart"]),
        items: lines.iter().map(|line| line.quantity).sum(),
        subtotal: (!lines.is_empty()).then(|| eur(3_490 * quantity + 1_890)),
        lines,
        later: Vec::new(),
        updated_at: at("2026-01-15T12:00:00Z"),
        version: 1,
    }
}

fn quote_vendor(of: &str, name: &str, items: i64, chosen: Option<&str>) -> QuoteVendor {
    let option = |name: &str, price| ShippingOption {
        method_id: method(name),
        name: name.to_owned(),
        price: eur(price),
        days_min: 2,
        days_max: 4,
        estimated: false,
        arrives: None,
        pickup: None,
    };
    let methods = match chosen {
        Some(_) => vec![option("Standard", 490), option("Express", 990)],
        None => Vec::new(),
    };
    let method = methods.iter().find(|method| Some(method.name.as_str()) == chosen).cloned();
    let shipping = method.as_ref().map_or(eur(0), |method| method.price);
    QuoteVendor {
        promotions: vec![],
        vendor_id: vendor(of),
        name: name.to_owned(),
        items: eur(items),
        total: eur(items + shipping.amount_minor),
        shipping,
        shipping_tax: eur(0),
        tax: eur(0),
        taxes: vec![],
        refused_methods: vec![],
        method,
        methods,
        digital: false,
    }
}

/// What [`cart`] costs; `hash` is a letter that tells one quote from another.
pub fn quote(hash: char, quantity: i64, mug_price: i64) -> Quote {
    let line = |name: &str, of: &str, quantity: i64, price: i64| QuoteLine {
        promotions: vec![],
        variant_id: variant(name),
        product_id: product_id(name),
        vendor_id: vendor(of),
        title: format!("The {name}"),
        options: Vec::new(),
        sku: name.to_owned(),
        quantity,
        list_price: eur(price),
        unit_price: eur(price),
        discount: eur(0),
        total: eur(price * quantity),
        tax_rate_bp: 1_900,
        tax: eur(0),
        explanation: vec![Reason {
            rule: "list_price".into(),
            text: format!("{quantity} × 34.90 €"),
            amount: eur(price * quantity),
        }],
        digital: false,
        categories: Vec::new(),
    };
    let goods = mug_price * quantity + 1_890;
    Quote {
        promotions: vec![],
        codes: vec![],
        hash: hash.to_string().repeat(64),
        currency: Currency::EUR,
        country: "DE".parse().unwrap(),
        region: None,
        lines: vec![line("Small", "kiln", quantity, mug_price), line("Oil", "oil", 1, 1_890)],
        vendors: vec![
            quote_vendor("kiln", "Kiln & Daughters", mug_price * quantity, Some("Standard")),
            quote_vendor("oil", "Ölmühle", 1_890, Some("Standard")),
        ],
        subtotal: eur(goods),
        discount: eur(0),
        shipping: eur(980),
        payment_fee: None,
        tax: eur(1_600),
        tax_added: false,
        taxes: vec![],
        total: eur(goods + 980),
        rates: vec![],
        explanation: vec![Reason { rule: "total".into(), text: "To pay".to_owned(), amount: eur(goods + 980) }],
    }
}

/// The quote for a country to which one of the makers does not deliver.
pub fn stuck_quote() -> Quote {
    let mut quote = quote('s', 2, 3_490);
    quote.vendors[1] = quote_vendor("oil", "Ölmühle", 1_890, None);
    quote
}

pub fn address() -> Address {
    Address {
        name: "Ada Lovelace".to_owned(),
        company: None,
        line1: "Rua das Flores 12".to_owned(),
        line2: None,
        postcode: "4050-262".to_owned(),
        city: "Porto".to_owned(),
        region: None,
        country: "PT".parse().unwrap(),
        phone: None,
    }
}

pub fn order(status: OrderStatus, part: VendorOrderStatus) -> OrderView {
    let quote = quote('a', 2, 3_490);
    let line = OrderLine {
        promotions: vec![],
        id: LineId::derived("test", &["line"]),
        variant_id: variant("Small"),
        product_id: product_id("Small"),
        title: "The Small".to_owned(),
        options: vec!["Blue".to_owned()],
        sku: "Small".to_owned(),
        quantity: 2,
        withdrawn: 0,
        parts: vec![],
        unit_price: eur(3_490),
        total: eur(6_980),
        tax: eur(0),
        tax_added: false,
        digital: false,
    };
    OrderView {
        id: order_id(),
        number: "S-2601-000001".to_owned(),
        status,
        status_reason: None,
        shortages: Vec::new(),
        next_action: None,
        account_id: None,
        email: "ada@example.com".parse().unwrap(),
        address: address(),
        covered: None,
        to_collect: None,
        note: None,
        gift: None,
        language: None,
        vendor_orders: vec![VendorOrderView {
            shipping_promotions: vec![],
            id: VendorOrderId::derived("test", &["part"]),
            number: "S-2601-000001-A".to_owned(),
            order_id: order_id(),
            vendor_id: vendor("kiln"),
            vendor_name: "Kiln & Daughters".to_owned(),
            status: part,
            lines: vec![line],
            items: eur(6_980),
            shipping: eur(490),
            shipping_method: "Standard".to_owned(),
            pickup: None,
            tax: eur(0),
            total: eur(7_470),
            parcels: vec![],
        }],
        quote,
        refunded: eur(0),
        refunds: vec![],
        billing_address: None,
        payment_method: "card".to_owned(),
        paid_at: None,
        timeline: vec![TimelineEntry {
            at: at("2026-01-15T11:59:00Z"),
            kind: "placed".to_owned(),
            text: "The order was placed.".to_owned(),
        }],
        can_cancel: true,
        placed_at: at("2026-01-15T11:59:00Z"),
        version: 4,
    }
}
