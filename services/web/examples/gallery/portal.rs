//! Sample pages of the vendor portal and of administration.

use std::time::Duration;

use kernel::{Currency, Timestamp};
use web::{
    chart::{Bars, Chart, Series, Unit},
    fmt::Fmt,
    pages::{
        admin::home::AdminHome,
        vendor::{
            home::VendorHome,
            products::{ProductList, VendorProducts},
        },
    },
    ui::*,
};

use crate::{
    shop::shell,
    stock::{ARTICLES, Article, eur, picture},
};

const EUROS: Unit = Unit::Money(Currency::EUR);

fn group(title: &str, items: Vec<NavItem>) -> RailGroup {
    RailGroup { title: title.to_owned(), items }
}

fn vendor_frame(here: &str) -> PortalFrame {
    let item = |icon, text: &str, href: &str| NavItem::new(icon, text, href).current(text == here);
    PortalFrame {
        area: "Vendor portal".to_owned(),
        home: "vendor.html".to_owned(),
        who: "Kiln & Daughters".to_owned(),
        avatar: Avatar::of("Kiln Daughters", None),
        search: "#".to_owned(),
        groups: vec![
            group(
                "",
                vec![
                    item("home", "Home", "vendor.html"),
                    item("box", "Orders", "#").count(4),
                    item("return", "Returns", "#").count(1),
                ],
            ),
            group(
                "Stall",
                vec![
                    item("tag", "Products", "products.html"),
                    item("layers", "Stock", "#"),
                    item("star", "Reviews", "#"),
                    item("truck", "Delivery", "#"),
                ],
            ),
            group("Money", vec![item("wallet", "Earnings", "#"), item("chart", "Figures", "#")]),
            group("Settings", vec![item("store", "Stall page", "#"), item("users", "People", "#")]),
        ],
        shop: Link::new("See your stall", "index.html"),
        log_out: "#".to_owned(),
    }
}

fn admin_frame() -> PortalFrame {
    let item = |icon, text: &str| NavItem::new(icon, text, "#");
    PortalFrame {
        area: "Administration".to_owned(),
        home: "admin.html".to_owned(),
        who: "Mary Somerville".to_owned(),
        avatar: Avatar::of("Mary Somerville", None),
        search: "#".to_owned(),
        groups: vec![
            group(
                "",
                vec![
                    item("home", "Home").current(true),
                    item("box", "Orders"),
                    item("store", "Vendors").count(3),
                    item("users", "Customers"),
                    item("tag", "Products"),
                ],
            ),
            group("Money", vec![item("wallet", "Ledger"), item("card", "Payments"), item("return", "Refunds")]),
            group(
                "Machine room",
                vec![
                    item("mail", "Messages"),
                    item("layers", "Dead letters").count(2),
                    item("key", "Access"),
                    item("gear", "Settings"),
                ],
            ),
        ],
        shop: Link::new("See the shop", "index.html"),
        log_out: "#".to_owned(),
    }
}

fn days(fmt: &Fmt, n: i64) -> Vec<String> {
    (0..n).map(|day| fmt.day(Timestamp::of_day(fmt.now().day() - n + 1 + day))).collect()
}

fn series(n: i64, scale: i64, phase: i64) -> Vec<i64> {
    (0..n)
        .map(|day| scale * (60 + day * 2 + ((day + phase) % 7) * 9 + (day * day * 31 + phase * 17) % 37) / 100)
        .collect()
}

fn periods() -> Tabs {
    let tab = |text: &str, current| Tab { link: Link::new(text, "#"), count: None, current };
    Tabs { label: "Period".to_owned(), tabs: vec![tab("30 days", true), tab("90 days", false)] }
}

fn sales(fmt: &Fmt, scale: i64) -> Chart {
    let (now, before) = (series(30, scale, 3), series(30, scale * 4 / 5, 0));
    Chart::line(
        fmt,
        "Sales",
        EUROS,
        &days(fmt, 30),
        Series { name: "Last 30 days", values: &now },
        Some(Series { name: "30 days before", values: &before }),
    )
}

fn orders_table(fmt: &Fmt, n: u64) -> Table {
    let names = ["Grace Hopper", "Alan Turing", "Katherine Johnson", "Edsger Dijkstra", "Radia Perlman"];
    let row = |i: u64| {
        let name = names[usize::try_from(i).unwrap_or(0) % names.len()];
        let badge =
            if i.is_multiple_of(3) { Badge::new("Paid", Tone::Success) } else { Badge::new("To ship", Tone::Warning) };
        Row {
            id: i.to_string(),
            cells: vec![
                Cell::Link(Link::new(format!("Order {}", 10_482 - i), "order.html"), name.to_owned()),
                Cell::Badge(badge),
                Cell::When(fmt.when(fmt.now().minus(Duration::from_secs(i * 9_000 + 400)))),
                Cell::Number(fmt.money(eur(4_290 + i64::try_from(i).unwrap_or(0) * 1_730))),
                Cell::Actions(vec![Link::new("Ship", "#")]),
            ],
        }
    };
    let columns = vec![
        Column::new("Order"),
        Column::new("State"),
        Column::new("Placed"),
        Column::number("Amount"),
        Column::new(""),
    ];
    Table::new(
        "Orders",
        columns,
        (0..n).map(row).collect(),
        Empty::new("box", "Nothing to ship", "New orders appear here the moment they are paid."),
    )
}

fn bars(fmt: &Fmt, unit: Unit, rows: &[(&str, i64)]) -> Bars {
    let rows: Vec<_> = rows.iter().map(|(name, n)| ((*name).to_owned(), Some("#".to_owned()), *n)).collect();
    Bars::of(fmt, unit, &rows)
}

fn todo(rows: &[(&str, &str, &str)]) -> Todo {
    let item = |(text, note, verb): &(&str, &str, &str)| TodoItem {
        text: (*text).to_owned(),
        note: (*note).to_owned(),
        done: false,
        action: Some(Link::new(*verb, "#")),
    };
    Todo { items: rows.iter().map(item).collect() }
}

/// The vendor's home.
pub fn home(fmt: &Fmt) -> VendorHome {
    VendorHome {
        shell: shell("Home", "/vendor.html"),
        portal: vendor_frame("Home"),
        base: "#".to_owned(),
        title: "Good morning, Inês".to_owned(),
        notice: None,
        checklist: None,
        tiles: vec![
            Tile::new("To ship", "4").href("#").urgent(true).note("The oldest waits since yesterday"),
            Tile::new("Sales, 30 days", fmt.money(eur(284_550)))
                .href("#")
                .change(Change::between(fmt, 284_550, 231_000, true, "the 30 before"))
                .spark(&series(30, 100, 3)),
            Tile::new("To be paid on Mon 23 Nov", fmt.money(eur(91_220))).href("#").note("After commission and fees"),
            Tile::new("Visitors of your stall", fmt.count(1_284))
                .href("#")
                .change(Change::between(fmt, 1_284, 1_402, true, "the 30 before"))
                .spark(&series(30, 60, 1)),
        ],
        periods: periods(),
        sales: Some(sales(fmt, 9_000)),
        to_ship: orders_table(fmt, 4),
        best: Some(bars(
            fmt,
            Unit::Count,
            &[
                ("Cobalt mug, 350 ml", 128),
                ("Moss mug, 250 ml", 73),
                ("Terracotta serving bowl", 45),
                ("Clay teapot for two", 12),
            ],
        )),
        low: todo(&[
            ("Cobalt mug, 350 ml", "3 left, 5 sold a week", "Restock"),
            ("Glazed teapot", "Sold out since Tuesday", "Restock"),
        ]),
    }
}

fn product_columns() -> Vec<Column> {
    vec![
        Column::new("Product").sort("#", Some(Order::Ascending)),
        Column::new("State"),
        Column::number("Price").sort("#", None),
        Column::number("Stock").sort("#", None),
        Column::new("Changed").sort("#", None),
    ]
}

/// The vendor's products.
pub fn products(fmt: &Fmt) -> VendorProducts {
    let tab =
        |text: &str, count: &str, current| Tab { link: Link::new(text, "#"), count: Some(count.to_owned()), current };
    let price = |n: usize, minor: i64| {
        Cell::Html(Html::of(
            &Field::amount(&format!("price-{n}"), "Price", "€").bare().class("num small").value(eur(minor).decimal()),
        ))
    };
    let row = |(n, article): (usize, &Article)| {
        let (pic, title, _, minor, ..) = *article;
        let badge = [
            Badge::new("Published", Tone::Success),
            Badge::new("Draft", Tone::Neutral),
            Badge::new("Sold out", Tone::Danger),
        ][[0, 0, 2, 0, 1][n % 5]]
            .clone();
        Row {
            id: n.to_string(),
            cells: vec![
                Cell::Pictured(picture(pic, ""), Link::new(title, "#"), format!("SKU KD-{n:03}")),
                Cell::Badge(badge),
                price(n, minor),
                Cell::Number([41, 3, 0, 18, 7][n % 5].to_string()),
                Cell::When(fmt.when(fmt.now().minus(Duration::from_secs(7_200 * (n as u64 + 1))))),
            ],
        }
    };
    let table = Table::new(
        "Products",
        product_columns(),
        ARTICLES.iter().take(8).enumerate().map(row).collect(),
        Empty::new("box", "No products yet", ""),
    )
    .ticked("id", "bulk")
    .target("#list");
    VendorProducts {
        shell: shell("Products", "/products.html"),
        portal: vendor_frame("Products"),
        base: "#".to_owned(),
        status: String::new(),
        states: Tabs {
            label: "Products by state".to_owned(),
            tabs: vec![
                tab("All", "41", true),
                tab("Published", "33", false),
                tab("Drafts", "5", false),
                tab("Sold out", "3", false),
            ],
        },
        search: Field::search("q", "Search your products")
            .bare()
            .optional()
            .class("small")
            .attribute("placeholder", "Name or SKU"),
        list: ProductList {
            table,
            pager: Pager {
                text: "1–8 of 41 products".to_owned(),
                previous: None,
                next: Some("#".to_owned()),
                target: Some("#list"),
            },
            bulk: "#".to_owned(),
            here: "#".to_owned(),
            csrf: "sample".to_owned(),
        },
    }
}

/// The administrator's home.
pub fn admin(fmt: &Fmt) -> AdminHome {
    let count = series(30, 60, 2);
    AdminHome {
        shell: shell("Home", "/admin.html"),
        portal: admin_frame(),
        first_steps: None,
        notice: Some(
            Notice::new(Tone::Danger, "2 messages could not be handled.", "Since 12:10, by notifications.")
                .action("Look at them", "#"),
        ),
        periods: periods(),
        tiles: vec![
            Tile::new("Sales", fmt.money(eur(12_845_500)))
                .href("#")
                .change(Change::between(fmt, 128, 110, true, "the 30 before"))
                .spark(&series(30, 100, 3)),
            Tile::new("Orders", fmt.count(1_912))
                .href("#")
                .change(Change::between(fmt, 1_912, 1_733, true, "the 30 before"))
                .spark(&series(30, 80, 2)),
            Tile::new("Active buyers", fmt.count(1_204))
                .href("#")
                .change(Change::between(fmt, 1_204, 1_250, true, "the 30 before"))
                .spark(&series(30, 60, 5)),
            Tile::new("Refunded", fmt.percent(140))
                .href("#")
                .change(Change::between(fmt, 140, 180, false, "the 30 before"))
                .spark(&series(30, 20, 4)),
        ],
        sales: Some(sales(fmt, 400_000)),
        orders: Some(Chart::bars(
            fmt,
            "Orders a day",
            Unit::Count,
            &days(fmt, 30),
            Series { name: "Orders", values: &count },
        )),
        waiting: todo(&[
            ("3 vendors apply", "The oldest since Wednesday", "Look"),
            ("1 dispute", "Order 10377", "Look"),
            ("2 dead letters", "Notifications", "Look"),
        ]),
        products: None,
        machine: None,
        vendors: Some(bars(
            fmt,
            EUROS,
            &[
                ("Weavers of Covilhã", 3_120_000),
                ("Kiln & Daughters", 2_845_500),
                ("Ölmühle Süd", 1_910_000),
                ("Lumen Atelier", 1_204_000),
                ("Savon du Levant", 640_000),
            ],
        )),
        newest: orders_table(fmt, 6),
    }
}
