//! The search of the portal: jumps to a page, a product, an item of stock, an order.

use contracts::{catalog::OwnProductQuery, inventory::StockQuery, orders::VendorOrderQuery};
use kernel::VendorId;

use super::{Desk, Room, orders, products};
use crate::{
    pages::{
        portal::{Panel, PortalPage, or_none},
        shop::cards,
    },
    render::{self, Shown},
    ui::{Cell, Column, Empty, Link, Row, Table, Todo, TodoItem},
    visit::{Path, Query, Visit},
};

/// Found things of each kind.
const FOUND: u32 = 8;
/// Newest orders among which a number is looked for.
const ORDERS: u32 = 100;

/// Pages by the words people look for them with.
const PAGES: [(&str, &str, &str); 20] = [
    ("Home", "", "home start overview sales chart"),
    ("Orders", "orders", "orders ship parcels packing"),
    ("Returns", "returns", "returns exchanges refunds time limit policy"),
    ("Products", "products", "products articles prices catalogue"),
    ("Add a product", "products/new", "add new product create"),
    ("Stock", "stock", "stock inventory count warnings"),
    ("Take stock", "stock/count", "take stock count sheet inventory"),
    ("Locations", "stock/locations", "locations warehouses stores stock"),
    ("Movements", "stock/movements", "movements ledger stock history"),
    ("Discounts", "discounts", "discounts sale offers reduce"),
    ("Promotions", "promotions", "promotions codes coupons vouchers"),
    ("Price lists", "price-lists", "price lists groups customers trade"),
    ("Delivery", "delivery", "delivery shipping carriers methods"),
    ("Reviews", "reviews", "reviews stars answer reply buyers"),
    ("Payouts", "payouts", "payouts paid money bank account iban balance"),
    ("Statement", "statement", "statement sales commission refunds month export"),
    ("Invoices", "invoices", "invoices commission credit notes tax vat month pdf"),
    ("Import and export", "imports", "import export csv file upload download"),
    ("Store page", "settings", "store page settings logo banner story policies"),
    ("Members", "members", "members people staff owners"),
];

/// `GET /vendor/{vendor_id}/search?q=`
pub async fn show(visit: Visit, Path(vendor_id): Path<VendorId>, Query(asked): Query) -> Shown {
    let mut desk = Desk::of(visit, vendor_id).await?;
    let q = asked.get("q").trim().to_lowercase();
    let own = OwnProductQuery { q: Some(q.clone()), limit: Some(FOUND), ..OwnProductQuery::default() };
    let stock = StockQuery { q: Some(q.clone()), limit: Some(FOUND), ..StockQuery::default() };
    let sought = Some(q.clone()).filter(|q| !q.is_empty());
    let newest = VendorOrderQuery { q: sought, limit: Some(ORDERS), ..VendorOrderQuery::default() };
    let (found, stock, all_orders) = futures::join!(
        desk.app.catalog.own_products(&desk.who, vendor_id, &own),
        desk.app.inventory.stock(&desk.who, vendor_id, &stock),
        desk.app.orders.vendor_orders(&desk.who, vendor_id, &newest),
    );
    let place =
        desk.place(if q.is_empty() { "Search".to_owned() } else { format!("Found for “{q}”") }, Room::Nowhere).await?;
    let mut page = PortalPage::new(crate::pages::portal::Place {
        shell: crate::ui::Shell { query: asked.get("q").trim().to_owned(), ..place.shell },
        ..place
    });
    let pages = pages(&desk, &q);
    let nothing_there = pages.items.is_empty();
    if !nothing_there {
        page = page.block(&Panel::new("Pages").with(&pages));
    }
    let mut nothing = nothing_there;
    if !q.is_empty() {
        let fits = |o: &contracts::orders::VendorOrderDetail| {
            o.order.number.to_lowercase().contains(&q) || o.address.name.to_lowercase().contains(&q)
        };
        let fitting: Vec<_> =
            or_none("orders", all_orders).map(|p| p.items).unwrap_or_default().into_iter().filter(fits).collect();
        let products = or_none("products", found).map(|p| p.items).unwrap_or_default();
        let stock = or_none("stock", stock).map(|p| p.items).unwrap_or_default();
        nothing &= fitting.is_empty() && products.is_empty() && stock.is_empty();
        if !fitting.is_empty() {
            page =
                page.block(&Panel::new("Orders").flush().with(&orders::table(&desk, &fitting, orders::nothing(None))));
        }
        if !products.is_empty() {
            let table = products_table(&desk, &products);
            page = page.block(&Panel::new("Products").flush().with(&table));
        }
        if !stock.is_empty() {
            let items = stock.iter().map(|s| TodoItem {
                text: s.title.clone(),
                note: format!("SKU {}, {} available", s.sku, s.available),
                done: false,
                action: Some(Link::new("Stock", desk.at(&format!("stock/{}", s.variant_id)))),
            });
            page = page.block(&Panel::new("Stock").with(&Todo { items: items.collect() }));
        }
    }
    if nothing {
        page = page.block(
            &Empty::new(
                "search",
                "Nothing found",
                "Try a part of a title, a SKU, an order's number or a buyer's name.",
            )
            .action("Back to the home page", &desk.base),
        );
    }
    render::page(&page)
}

fn products_table(desk: &Desk, products: &[contracts::catalog::ProductEdit]) -> Table {
    let rows = products.iter().map(|p| Row {
        id: p.id.to_string(),
        cells: vec![
            Cell::Pictured(
                p.pictures.first().map_or_else(cards::no_picture, cards::thumb),
                Link::new(&p.input.title, desk.at(&format!("products/{}", p.id))),
                p.input.variants.first().map_or_else(String::new, |v| format!("SKU {}", v.sku)),
            ),
            Cell::Badge(products::badge(p)),
        ],
    });
    let columns = vec![Column::new("Product"), Column::new("State")];
    Table::new("Products", columns, rows.collect(), Empty::new("tag", "None", ""))
}

fn pages(desk: &Desk, q: &str) -> Todo {
    let owners = |path: &str| !["settings", "payouts", "statement", "invoices"].contains(&path) || desk.owner;
    let fits = |(text, path, hints): &(&str, &str, &str)| {
        owners(path) && (q.is_empty() || hints.contains(q) || text.to_lowercase().contains(q))
    };
    let item = |(text, path, _): (&str, &str, &str)| TodoItem {
        text: text.to_owned(),
        note: String::new(),
        done: false,
        action: Some(Link::new("Open", if path.is_empty() { desk.base.clone() } else { desk.at(path) })),
    };
    Todo { items: PAGES.into_iter().filter(fits).map(item).collect() }
}
