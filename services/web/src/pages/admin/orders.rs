//! All orders.

use contracts::orders::{OrderQuery, OrderSummary};

use super::{Desk, Room, vendors::search};
use crate::{
    pages::portal::{List, Paging, PortalPage, Tools, words},
    render::{self, Shown},
    ui::{Cell, Column, Empty, Link, Row, Table},
    visit::{Query, Visit},
};

/// `GET /admin/orders`
pub async fn list(visit: Visit, Query(asked): Query) -> Shown {
    let mut desk = Desk::open(visit).await?;
    let paging = Paging::of("/admin/orders", &asked, &["q", "status"]);
    let query = OrderQuery {
        status: words::named(paging.filter("status")),
        q: asked.some("q"),
        limit: Some(25),
        after: paging.after(),
    };
    let page = desk.app.orders.all(&desk.who, &query).await?;
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
    let tools = Tools {
        action: "/admin/orders".to_owned(),
        kept: paging.others(&["q"]),
        fields: vec![search(paging.filter("q"), "Search orders", "Number or e-mail")],
        links: Vec::new(),
    };
    let place = desk.place("Orders", Room::Orders).await;
    render::page(
        &PortalPage::new(place)
            .action("Make an order", "/admin/orders/new")
            .block(&paging.tabs("Orders by state", "status", &states))
            .block(&tools)
            .block(&list),
    )
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
