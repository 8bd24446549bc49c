//! One of everything, made up.

use std::time::Duration;

use kernel::{Currency, Error, FieldError, Money};

use crate::{
    chart::{Bars, Chart, Series, Unit},
    fmt::Fmt,
    ui::*,
};

pub(super) fn eur(minor: i64) -> Money {
    Money::new(minor, Currency::EUR)
}

pub(super) fn picture(n: usize) -> Picture {
    // A coloured tile, so that this page needs no picture of its own.
    let hue = n * 47 % 360;
    let svg = format!(
        "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 10 10'%3E%3Crect width='10' height='10' fill='hsl({hue} 35%25 80%25)'/%3E%3Ccircle cx='5' cy='5' r='2.6' fill='hsl({hue} 40%25 45%25)'/%3E%3C/svg%3E"
    );
    Picture::new(svg, "A coloured circle", 640, 640)
}

pub(super) fn badges() -> Vec<Badge> {
    [
        ("Draft", Tone::Neutral),
        ("New", Tone::Accent),
        ("Paid", Tone::Success),
        ("2 left", Tone::Warning),
        ("Failed", Tone::Danger),
        ("\u{2212}20 %", Tone::Sale),
    ]
    .map(|(text, tone)| Badge::new(text, tone))
    .to_vec()
}

pub(super) fn notices() -> Vec<Notice> {
    vec![
        Notice::new(Tone::Neutral, "", "Orders placed before 14:00 leave today."),
        Notice::new(Tone::Accent, "Your stall is not open yet.", "Three steps are left.").action("Go on", "#"),
        Notice::new(Tone::Success, "Saved.", "The new price is in the shop."),
        Notice::new(Tone::Warning, "The price changed.", "Blue mug is now 42.90 €, it was 39.90 €."),
        Notice::new(Tone::Danger, "The card was declined.", "Nothing was charged. Try another card.")
            .action("Pay again", "#"),
    ]
}

pub(super) fn tabs() -> Tabs {
    let tab = |text: &str, count: Option<&str>, current| Tab {
        link: Link::new(text, "#"),
        count: count.map(str::to_owned),
        current,
    };
    Tabs {
        label: "Orders by state".to_owned(),
        tabs: vec![tab("All", None, false), tab("To ship", Some("4"), true), tab("Sent", Some("128"), false)],
    }
}

pub(super) fn cards(fmt: &Fmt) -> Vec<ProductCard> {
    let card = |n: usize, title: &str, badge: Option<Badge>, sold_out| ProductCard {
        href: "#".to_owned(),
        title: title.to_owned(),
        picture: picture(n),
        vendor: "Kiln & Daughters".to_owned(),
        price: Price::of(fmt, eur(4_290)),
        lowest: None,
        rating: (n != 1).then(|| Rating::of(fmt, 463, 128).short()),
        badge,
        sold_out,
        lang: None,
    };
    vec![
        card(0, "Blue mug", None, false),
        card(
            1,
            "A product whose name is so long that it does not fit on two lines and is cut",
            Some(Badge::new("New", Tone::Accent)),
            false,
        ),
        ProductCard {
            price: Price::of(fmt, eur(3_432)).was(fmt, eur(4_290), eur(3_432)),
            lowest: Some(fmt.money(eur(3_990))),
            ..card(2, "Reduced", Some(Badge::new("\u{2212}20 %", Tone::Sale)), false)
        },
        card(3, "Gone", None, true),
        ProductCard {
            price: Price::of(fmt, eur(1_900)).from(),
            vendor: String::new(),
            ..card(4, "On the vendor's own page", None, false)
        },
    ]
}

pub(super) fn vendor(fmt: &Fmt, n: usize) -> VendorCard {
    VendorCard {
        href: "#".to_owned(),
        name: ["Kiln & Daughters", "Ölmühle Süd"][n % 2].to_owned(),
        line: "Stoneware from Porto".to_owned(),
        avatar: Avatar::of(["Kiln Daughters", "Ölmühle Süd"][n % 2], None),
        rating: Some(Rating::of(fmt, 480, 640)),
        pictures: (n..n + 3).map(|n| picture(n).decorative()).collect(),
    }
}

pub(super) fn review(fmt: &Fmt) -> Review {
    Review {
        rating: Rating::stars(5),
        title: "Holds the tea and the heat".to_owned(),
        body: "Heavier than it looks, and the glaze is deeper than in the picture.".to_owned(),
        author: "Grace H.".to_owned(),
        when: fmt.when(fmt.now().minus(Duration::from_secs(3 * 86_400))),
        verified: true,
        photos: vec![("#".to_owned(), picture(0))],
        voice: Voice {
            helpful: "3\u{a0}people find this helpful".to_owned(),
            vote: Some(Vote { action: "#".to_owned(), csrf: String::new(), next: "#".to_owned(), given: false }),
            report: Some("#".to_owned()),
        },
        reply: Some(("Kiln & Daughters".to_owned(), "Thank you. The glaze is two coats of cobalt.".to_owned())),
    }
}

pub(super) fn refused() -> Filled {
    let error = |field: &str, reason: &str| FieldError { field: field.to_owned(), reason: reason.to_owned() };
    Filled::with([("email", "ada@"), ("price", "12,5o")]).refused(&Error::invalid_fields(vec![
        error("email", "Enter an e-mail address such as name@example.com."),
        error("price", "Enter an amount such as 19.99."),
    ]))
}

pub(super) fn fields() -> Vec<Field> {
    let refused = refused();
    vec![
        Field::text("name", "Name").autocomplete("name").value("Ada Lovelace"),
        Field::email("email", "E-mail").hint("For the receipt and for news about your parcel.").filled(&refused),
        Field::amount("price", "Price", "€").filled(&refused),
        Field::number("weight", "Weight").after("g").value("420").between(1, 30_000),
        Field::text("slug", "Address").before("souk.example/p/").value("blue-mug"),
        Field::text("company", "Company").optional().autocomplete("organization"),
        Field::select("country", "Country", [("DE", "Germany"), ("FR", "France"), ("PT", "Portugal")])
            .value("PT")
            .autocomplete("country"),
        Field::lines("story", "About it", 4).hint("What it is made of, how it is used, who made it.").optional(),
        Field::password("password", "Password", "new-password").hint("At least 12 characters."),
        Field::date("from", "From"),
    ]
}

pub(super) fn choices() -> Choices {
    let choice = |value: &str, text: &str, note: &str, aside: &str, disabled| Choice {
        value: value.to_owned(),
        text: text.to_owned(),
        note: note.to_owned(),
        aside: aside.to_owned(),
        disabled,
    };
    Choices {
        name: "delivery".to_owned(),
        legend: "How should it come?".to_owned(),
        hidden_legend: false,
        choices: vec![
            choice("standard", "Standard", "Tue 24 – Thu 26 Nov", "4.90 €", false),
            choice("express", "Express", "Mon 23 Nov", "9.90 €", false),
            choice("pickup", "Fetch it", "Not for this product", "Free", true),
        ],
        chosen: "standard".to_owned(),
        error: None,
        across: false,
    }
}

pub(super) fn pills() -> Pills {
    let pill = |text: &str, sold_out| Pill { value: text.to_lowercase(), text: text.to_owned(), sold_out };
    Pills {
        name: "size".to_owned(),
        legend: "Size".to_owned(),
        pills: vec![pill("Small", false), pill("Medium", false), pill("Large", true)],
        chosen: "medium".to_owned(),
    }
}

pub(super) fn uploads() -> Vec<Upload> {
    let upload = |name: &str, error: Option<&str>| Upload {
        name: name.to_owned(),
        label: "Add pictures".to_owned(),
        accept: "image/jpeg,image/png,image/webp",
        multiple: true,
        hint: "or drop them here. JPEG, PNG or WebP, up to 10 MB each.".to_owned(),
        error: error.map(str::to_owned),
    };
    vec![upload("pictures", None), upload("more-pictures", Some("“mug.tiff” is not a JPEG, PNG or WebP picture."))]
}

pub(super) fn suggestions() -> Suggestions {
    let item = |text: &str, note: &str, picture: Option<Picture>| Suggestion {
        text: text.to_owned(),
        href: "#".to_owned(),
        picture: picture.map(|p| p.src),
        note: note.to_owned(),
    };
    Suggestions {
        groups: vec![
            (
                "Products".to_owned(),
                vec![
                    item("Blue mug", "42.90 €", Some(picture(1))),
                    item("Blue mug, large", "48.90 €", Some(picture(2))),
                ],
            ),
            ("Makers".to_owned(), vec![item("Kiln & Daughters", "Porto", None)]),
        ],
    }
}

pub(super) fn table(fmt: &Fmt, filled: bool) -> Table {
    let columns = vec![
        Column::new("Product").sort("#", Some(Order::Ascending)),
        Column::new("State"),
        Column::number("Price").sort("#", None),
        Column::number("Stock").sort("#", None),
        Column::new("Changed"),
        Column::new(""),
    ];
    let row = |n: usize, name: &str, badge: Badge| Row {
        id: n.to_string(),
        cells: vec![
            Cell::Pictured(picture(n).decorative(), Link::new(name, "#"), format!("SKU MUG-{n:03}")),
            Cell::Badge(badge),
            Cell::Number(fmt.money(eur(4_290))),
            Cell::Number(fmt.count(i64::try_from(n * 41).unwrap_or(0))),
            Cell::When(fmt.when(fmt.now().minus(Duration::from_secs(7_200)))),
            Cell::Actions(vec![Link::new("Edit", "#")]),
        ],
    };
    let rows = vec![
        row(0, "Blue mug", Badge::new("Sold out", Tone::Danger)),
        row(1, "Bread board, olive wood", Badge::new("Published", Tone::Success)),
        row(2, "Candle", Badge::new("Draft", Tone::Neutral)),
    ];
    let empty = Empty::new(
        "box",
        "No products yet",
        "Your stall is empty. Add the first product, or bring them all in from a CSV file.",
    )
    .action("Add a product", "#");
    Table::new("Products", columns, if filled { rows } else { Vec::new() }, empty).ticked("id", "sample-bulk")
}

pub(super) fn days(n: i64) -> Vec<String> {
    (0..n).map(|day| kernel::Timestamp::of_day(20_750 + day).format("%-d %b")).collect()
}

/// A series that looks like a shop's: a trend, a week, some noise.
pub(super) fn series(n: i64, scale: i64) -> Vec<i64> {
    (0..n).map(|day| (scale * (60 + day * 2 + (day % 7) * 9 + (day * day * 31) % 37)) / 100).collect()
}

pub(super) fn line(fmt: &Fmt) -> Chart {
    let (now, before) = (series(30, 90_000), series(30, 70_000));
    Chart::line(
        fmt,
        "Sales",
        Unit::Money(Currency::EUR),
        &days(30),
        Series { name: "Last 30 days", values: &now },
        Some(Series { name: "30 days before", values: &before }),
    )
}

pub(super) fn bars(fmt: &Fmt) -> Chart {
    Chart::bars(fmt, "Orders a day", Unit::Count, &days(14), Series { name: "Orders", values: &series(14, 40) })
}

pub(super) fn stats(fmt: &Fmt) -> Vec<Tile> {
    vec![
        Tile::new("To ship", "4").href("#").urgent(true).note("Oldest waits since yesterday"),
        Tile::new("Sales, 30 days", fmt.money(eur(1_284_550)))
            .href("#")
            .change(Change::between(fmt, 1_284_550, 1_100_000, true, "30 days before"))
            .spark(&series(30, 100)),
        Tile::new("Refunds", fmt.money(eur(12_900))).change(Change::between(
            fmt,
            12_900,
            9_900,
            false,
            "30 days before",
        )),
        Tile::new("Visitors", fmt.count(0)).change(Change::between(fmt, 0, 0, true, "30 days before")),
    ]
}

pub(super) fn todo() -> Todo {
    let item = |text: &str, note: &str, done, action: Option<Link>| TodoItem {
        text: text.to_owned(),
        note: note.to_owned(),
        done,
        action,
    };
    Todo {
        items: vec![
            item("Tell who you are", "", true, None),
            item("Add a product", "One is enough to open.", false, Some(Link::new("Add", "#"))),
            item("Say where to pay you", "IBAN and holder.", false, Some(Link::new("Go on", "#"))),
        ],
    }
}

pub(super) fn timeline(fmt: &Fmt) -> Timeline {
    let at = |hours: u64| Some(fmt.when(fmt.now().minus(Duration::from_secs(hours * 3_600))));
    let item = |title: &str, note: &str, when, progress| TimelineItem {
        title: title.to_owned(),
        note: note.to_owned(),
        when,
        progress,
    };
    Timeline {
        items: vec![
            item("Placed", "", at(50), Progress::Done),
            item("Payment failed", "The card was declined. Nothing was charged.", at(49), Progress::Failed),
            item("Paid", "", at(48), Progress::Done),
            item("Being packed", "Kiln & Daughters packs within two days.", at(20), Progress::Now),
            item("On its way", "", None, Progress::Next),
        ],
    }
}

pub(super) fn summary() -> OrderSummary {
    OrderSummary {
        title: "Your order".to_owned(),
        lines: vec![SummaryLine {
            title: "Blue mug".to_owned(),
            lang: None,
            variant: "Large".to_owned(),
            picture: picture(1).decorative(),
            quantity: "2".to_owned(),
            amount: "85.80 €".to_owned(),
        }],
        rows: vec![
            SumRow::new("Items", "85.80 €"),
            SumRow::new("Delivery", "4.90 €").note("Kiln & Daughters"),
            SumRow::new("Autumn fair", "\u{2212}8.58 €").note("10 % off stoneware").off(),
        ],
        total: "82.12 €".to_owned(),
        tax: "Including 13.11 € VAT".to_owned(),
        why: vec![
            SumRow::new("Blue mug, large", "85.80 €").note("2 × 42.90 €"),
            SumRow::new("Autumn fair", "\u{2212}8.58 €").note("10 % of 85.80 €").off(),
            SumRow::new("VAT contained", "13.11 €").note("19 % of 82.12 € gross"),
        ],
    }
}

pub(super) fn prices(fmt: &Fmt) -> Vec<Price> {
    vec![
        Price::of(fmt, eur(4_290)),
        Price::of(fmt, eur(3_432)).was(fmt, eur(4_290), eur(3_432)),
        Price::of(fmt, eur(1_900)).from(),
        Price::of(fmt, eur(128_900)).was(fmt, eur(149_900), eur(128_900)).big(),
    ]
}

pub(super) fn ratings(fmt: &Fmt) -> Vec<Rating> {
    vec![
        Rating::of(fmt, 463, 128).linked("#reviews"),
        Rating::of(fmt, 250, 1),
        Rating::stars(4),
        Rating::of(fmt, 500, 12_345).large(),
    ]
}

pub(super) fn times(fmt: &Fmt) -> Vec<When> {
    let hour = Duration::from_secs(3_600);
    vec![fmt.when(fmt.now()), fmt.when(fmt.now().minus(hour * 5)), fmt.when(fmt.now().minus(hour * 500))]
}

pub(super) fn steps() -> Vec<Steps> {
    (0..4)
        .map(|current| Steps { steps: ["Address", "Delivery", "Payment"].map(str::to_owned).to_vec(), current })
        .collect()
}

pub(super) fn tiles() -> Vec<CategoryTile> {
    (0..5)
        .map(|n| CategoryTile {
            href: "#".to_owned(),
            title: format!("Category {n}"),
            picture: picture(n).decorative(),
            lang: None,
        })
        .collect()
}

pub(super) fn gallery() -> Gallery {
    Gallery {
        title: "Blue mug".to_owned(),
        pictures: (0..3).map(picture).collect(),
        thumbs: (0..3).map(|n| picture(n).decorative()).collect(),
        oob: false,
    }
}

pub(super) fn checks() -> Vec<Check> {
    vec![
        Check::new("terms", "I have read the terms").required(),
        Check::new("news", "Write to me about new makers")
            .note("At most once a month. One click ends it.")
            .checked(true),
    ]
}

pub(super) fn steppers() -> Vec<Stepper> {
    [1, 3, 5]
        .map(|value| Stepper {
            name: "quantity".to_owned(),
            id: format!("quantity-{value}"),
            label: "Quantity".to_owned(),
            value,
            min: 1,
            max: 5,
        })
        .to_vec()
}

pub(super) fn chips() -> Chips {
    Chips {
        chips: vec![Link::new("Stoneware", "#"), Link::new("Under 50 €", "#")],
        clear: "#".to_owned(),
        target: None,
    }
}

pub(super) fn pager() -> Pager {
    Pager {
        text: "25–48 of 213 products".to_owned(),
        previous: Some("#".to_owned()),
        next: Some("#".to_owned()),
        target: None,
    }
}

pub(super) fn flat(fmt: &Fmt) -> Chart {
    Chart::line(
        fmt,
        "A shop without sales",
        Unit::Money(Currency::EUR),
        &days(30),
        Series { name: "This period", values: &[] },
        None,
    )
}

pub(super) fn best(fmt: &Fmt) -> Bars {
    Bars::of(
        fmt,
        Unit::Count,
        &[
            ("Blue mug".to_owned(), Some("#".to_owned()), 128),
            ("Bread board, olive wood".to_owned(), None, 64),
            ("Candle".to_owned(), None, 3),
        ],
    )
}

pub(super) fn address() -> AddressBlock {
    AddressBlock {
        lines: ["Ada Lovelace", "12 St James's Square", "SW1Y 4JH London", "GB"].map(str::to_owned).to_vec(),
    }
}

pub(super) fn specs() -> Specs {
    Specs {
        caption: "Particulars".to_owned(),
        rows: [("Material", "Stoneware"), ("Volume", "350 ml"), ("Dishwasher", "Yes")]
            .map(|(a, b)| (a.to_owned(), b.to_owned()))
            .to_vec(),
    }
}

pub(super) fn confirm(csrf: &str) -> Confirm {
    Confirm {
        id: "confirm-delete".to_owned(),
        title: "Delete “Blue mug”?".to_owned(),
        effect: "It leaves the shop at once. Orders that contain it stay as they are. This cannot be undone."
            .to_owned(),
        action: "#".to_owned(),
        verb: "Delete product".to_owned(),
        type_this: Some("blue-mug".to_owned()),
        csrf: csrf.to_owned(),
    }
}

pub(super) fn toasts() -> Vec<Toast> {
    vec![
        Toast::new(Tone::Neutral, "Blue mug is in your cart.").action("See the cart", "/cart"),
        Toast::new(Tone::Danger, "That did not reach the shop. Try again."),
    ]
}
