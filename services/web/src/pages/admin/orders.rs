//! All orders.

use contracts::{
    orders::{OrderQuery, OrderSummary},
    vendors::VendorQuery,
};
use kernel::{Error, Page, Result};

use super::{Desk, Room, vendors::search};
use crate::{
    forms::{self, Fields},
    pages::portal::{
        List, Paging, PortalPage, Tools, download,
        fields::{day, end_of_day},
        words,
    },
    render::{self, Shown},
    ui::{Cell, Column, Empty, Field, Link, Row, Table},
    visit::{Query, Visit},
};

/// What narrows the list beside its state, and everything that does.
const FURTHER: [&str; 6] = ["q", "from", "to", "vendor", "least", "most"];
const FILTERS: [&str; 7] = ["q", "status", "from", "to", "vendor", "least", "most"];

/// `GET /admin/orders`
pub async fn list(visit: Visit, Query(asked): Query) -> Shown {
    let mut desk = Desk::open(visit).await?;
    let paging = Paging::of("/admin/orders", &asked, &FILTERS);
    let page = match wanted(&desk, &asked).await? {
        Some(query) => {
            let query = OrderQuery { limit: Some(25), after: paging.after(), ..query };
            desk.app.orders.all(&desk.who, &query).await?
        }
        None => Page { items: Vec::new(), next: None },
    };
    let empty = if paging.narrowed() {
        Empty::new("box", "No order fits", "Search by the whole number or the buyer's e-mail address.")
            .action("Show all orders", "/admin/orders")
    } else {
        Empty::new("box", "No orders yet", "The first one appears here the moment it is placed.")
    };
    let pager = paging.pager(&desk.fmt, page.items.len(), page.next.as_deref(), "order", "orders");
    let list = List::new(table(&desk, &page.items, empty).target("#list"), pager);
    if desk.visit.hx.wants_part() {
        return render::parts(&[&list]);
    }
    let states = [
        ("", "All"),
        ("awaiting_payment", "Awaiting payment"),
        ("promised", "Cash on delivery"),
        ("paid", "Paid"),
        ("completed", "Completed"),
        ("cancelled", "Cancelled"),
        ("rejected", "Out of stock"),
    ];
    let tools = tools(&desk, &paging);
    let place = desk.place("Orders", Room::Orders).await;
    render::page(
        &PortalPage::new(place)
            .action("Make an order", "/admin/orders/new")
            .action("Export", paging.file("/admin/orders.csv"))
            .block(&paging.tabs("Orders by state", "status", &states))
            .block(&tools)
            .block(&list),
    )
}

fn tools(desk: &Desk, paging: &Paging) -> Tools {
    let small = |field: Field, name: &str| field.optional().class("small").value(paging.filter(name));
    let symbol = desk.visit.purse.main().symbol();
    let fields = vec![
        search(paging.filter("q"), "Search orders", "Number or e-mail"),
        small(Field::date("from", "From"), "from"),
        small(Field::date("to", "To"), "to"),
        small(Field::text("vendor", "Store"), "vendor"),
        small(Field::amount("least", "Total from", symbol), "least"),
        small(Field::amount("most", "Total to", symbol), "most"),
    ];
    let links = if paging.narrowed() { vec![Link::new("Show all", "/admin/orders")] } else { Vec::new() };
    Tools { action: "/admin/orders".to_owned(), kept: paging.others(&FURTHER), fields, links }
}

/// The question behind an address; none if no store is called like that. What cannot be read narrows nothing. Totals are
/// asked about in the main currency.
async fn wanted(desk: &Desk, asked: &Fields) -> Result<Option<OrderQuery>> {
    let main = desk.visit.purse.main();
    let amount = |name: &str| forms::amount(asked.get(name), main).map(|money| money.amount_minor);
    let (total_min, total_max) = (amount("least"), amount("most"));
    let vendor_id = match asked.some("vendor") {
        Some(name) => {
            let called = VendorQuery { q: Some(name), limit: Some(1), ..VendorQuery::default() };
            match desk.app.vendors.all(&desk.who, &called).await?.items.first() {
                Some(vendor) => Some(vendor.store.id),
                None => return Ok(None),
            }
        }
        None => None,
    };
    Ok(Some(OrderQuery {
        status: words::named(asked.get("status")),
        q: asked.some("q"),
        from: day(asked.get("from")),
        before: end_of_day(asked.get("to")),
        vendor_id,
        currency: (total_min.is_some() || total_max.is_some()).then_some(main),
        total_min,
        total_max,
        ..OrderQuery::default()
    }))
}

/// `GET /admin/orders.csv`
pub async fn export(visit: Visit, Query(asked): Query) -> Shown {
    let desk = Desk::open(visit).await?;
    let wanted = wanted(&desk, &asked).await?.ok_or_else(|| Error::not_found("store"))?;
    let pairs = [
        ("status", wanted.status.map(|status| words::word(&status))),
        ("q", wanted.q),
        ("from", wanted.from.map(|at| at.to_string())),
        ("before", wanted.before.map(|at| at.to_string())),
        ("vendor_id", wanted.vendor_id.map(|id| id.to_string())),
        ("currency", wanted.currency.map(|currency| currency.to_string())),
        ("total_min", wanted.total_min.map(|minor| minor.to_string())),
        ("total_max", wanted.total_max.map(|minor| minor.to_string())),
    ];
    let path = download::with_query("/api/v1/admin/orders.csv".to_owned(), pairs);
    download::csv(&desk.app.orders.0, &desk.who, path, "orders.csv").await
}

/// Orders as rows.
pub(super) fn table(desk: &Desk, orders: &[OrderSummary], empty: Empty) -> Table {
    let columns = [Column::new("Order"), Column::new("Items"), Column::new("State"), Column::new("Placed")];
    let columns = columns.into_iter().chain([Column::number("Total")]).collect();
    let row = |order: &OrderSummary| Row {
        id: order.id.to_string(),
        cells: vec![
            Cell::Code(
                Link::new(&order.number, format!("/admin/orders/{}", order.id)),
                order.email.as_ref().map(ToString::to_string).unwrap_or_default(),
            ),
            Cell::Text(
                desk.fmt.counted(order.items, "item", "items"),
                desk.fmt.counted(order.vendors, "vendor", "vendors"),
            ),
            Cell::Badge(words::order(order.status)),
            Cell::When(desk.fmt.when(order.placed_at)),
            Cell::Number(desk.fmt.money(order.total)),
        ],
    };
    Table::new("Orders", columns, orders.iter().map(row).collect(), empty)
}
