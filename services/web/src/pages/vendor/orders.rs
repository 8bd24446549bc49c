//! The vendor's orders.

use contracts::orders::{VendorOrderDetail, VendorOrderQuery, VendorOrderStatus};
use kernel::{Error, OrderId, VendorId};

use super::{Desk, Room};
use crate::{
    forms::Fields,
    pages::portal::{
        List, Paging, PortalPage, Tools, download,
        fields::{day, end_of_day},
        words,
    },
    render::{self, Shown, query},
    ui::{Cell, Column, Empty, Field, Link, Row, Table},
    visit::{Path, Query, Visit},
};

/// What narrows the list beside its state, and everything that does.
const FURTHER: [&str; 4] = ["q", "from", "to", "sort"];
const FILTERS: [&str; 5] = ["status", "q", "from", "to", "sort"];

/// `GET /vendor/{vendor_id}/orders`
pub async fn list(visit: Visit, Path(vendor_id): Path<VendorId>, Query(asked): Query) -> Shown {
    let mut desk = Desk::of(visit, vendor_id).await?;
    let paging = Paging::of(desk.at("orders"), &asked, &FILTERS);
    let wanted = VendorOrderQuery { limit: Some(25), after: paging.after(), ..wanted(&asked) };
    let page = desk.app.orders.vendor_orders(&desk.who, vendor_id, &wanted).await?;
    let pager = paging.pager(&desk.fmt, page.items.len(), page.next.as_deref(), "order", "orders");
    let empty = if FURTHER.iter().any(|name| !paging.filter(name).is_empty()) {
        Empty::new("box", "No order fits", "Search by a part of the number or of the buyer's name.")
            .action("Show all orders", desk.at("orders"))
    } else {
        let (next, at) = match wanted.status {
            Some(_) => ("Show all orders", "orders"),
            None => ("Look at your products", "products"),
        };
        nothing(wanted.status).action(next, desk.at(at))
    };
    let list = List::new(table(&desk, &page.items, empty).target("#list"), pager);
    if desk.visit.hx.wants_part() {
        return render::parts(&[&list]);
    }
    let tabs = paging.tabs(
        "Orders by state",
        "status",
        &[
            ("", "All"),
            ("to_ship", "To ship"),
            ("partially_shipped", "Partly shipped"),
            ("shipped", "Shipped"),
            ("delivered", "Delivered"),
            ("pending", "Not paid yet"),
            ("cancelled", "Cancelled"),
        ],
    );
    let place = desk.place("Orders", Room::Orders).await?;
    let kept: Vec<(&str, &str)> = FILTERS
        .iter()
        .map(|name| (*name, paging.filter(name)))
        .filter(|(name, value)| *name != "sort" && !value.is_empty())
        .collect();
    let file = desk.at("orders.csv");
    let file = if kept.is_empty() { file } else { format!("{file}?{}", query(&kept)) };
    let shown = PortalPage::new(place).action("Export", file);
    render::page(&shown.block(&tabs).block(&tools(&desk, &paging)).block(&list))
}

fn tools(desk: &Desk, paging: &Paging) -> Tools {
    let small = |field: Field, name: &str| field.optional().class("small").value(paging.filter(name));
    let fields = vec![
        small(Field::search("q", "Search your orders"), "q").attribute("placeholder", "Number or buyer's name"),
        small(Field::date("from", "From"), "from"),
        small(Field::date("to", "To"), "to"),
        small(Field::select("sort", "Order", [("", "Newest first"), ("oldest", "Oldest first")]), "sort"),
    ];
    let links = if paging.narrowed() { vec![Link::new("Show all", desk.at("orders"))] } else { Vec::new() };
    Tools { action: desk.at("orders"), fields, kept: paging.others(&FURTHER), links }
}

/// The question behind an address. What cannot be read narrows nothing.
fn wanted(asked: &Fields) -> VendorOrderQuery {
    VendorOrderQuery {
        status: words::named(asked.get("status")),
        q: asked.some("q"),
        from: day(asked.get("from")),
        before: end_of_day(asked.get("to")),
        sort: words::named(asked.get("sort")),
        ..VendorOrderQuery::default()
    }
}

/// `GET /vendor/{vendor_id}/orders/of/{order_id}`: leads to the store's part of an order, where only the order is known.
pub async fn part_of(visit: Visit, Path((vendor_id, order_id)): Path<(VendorId, OrderId)>) -> Shown {
    let desk = Desk::of(visit, vendor_id).await?;
    let wanted = VendorOrderQuery { order_id: Some(order_id), limit: Some(1), ..VendorOrderQuery::default() };
    let found = desk.app.orders.vendor_orders(&desk.who, vendor_id, &wanted).await?;
    let part = found.items.first().ok_or_else(|| Error::not_found("order"))?;
    Ok(desk.visit.go(&desk.at(&format!("orders/{}", part.order.id))))
}

/// Orders as rows.
pub(super) fn table(desk: &Desk, orders: &[VendorOrderDetail], empty: Empty) -> Table {
    let columns = ["Order", "Items", "State", "Placed"].map(Column::new).into_iter();
    let columns = columns.chain([Column::number("Total"), Column::new("")]).collect();
    Table::new("Orders", columns, orders.iter().map(|order| row(desk, order)).collect(), empty)
}

fn row(desk: &Desk, detail: &VendorOrderDetail) -> Row {
    let (order, fmt) = (&detail.order, &desk.fmt);
    let href = desk.at(&format!("orders/{}", order.id));
    let items = order.lines.iter().map(|line| line.kept()).sum();
    let first = order.lines.first().map_or("", |line| line.title.as_str());
    let titles = if order.lines.len() > 1 { format!("{first} and more") } else { first.to_owned() };
    let ship = matches!(order.status, VendorOrderStatus::ToShip | VendorOrderStatus::PartiallyShipped);
    Row {
        id: order.id.to_string(),
        cells: vec![
            Cell::Code(Link::new(&order.number, &href), format!("{}, {}", detail.address.name, detail.address.city)),
            Cell::Text(fmt.counted(items, "item", "items"), titles),
            Cell::Badge(words::part(order.status)),
            Cell::When(fmt.when(detail.placed_at)),
            Cell::Number(fmt.money(order.total)),
            Cell::Actions(if ship { vec![Link::new("Ship", format!("{href}#ship"))] } else { Vec::new() }),
        ],
    }
}

/// Why there are no orders, and what next.
pub(super) fn nothing(status: Option<VendorOrderStatus>) -> Empty {
    match status {
        Some(VendorOrderStatus::ToShip) => {
            Empty::new("box", "Nothing to ship", "New orders appear here the moment they are paid.")
        }
        Some(_) => Empty::new("box", "No orders in this state", "Look at all orders instead."),
        None => Empty::new("box", "No orders yet", "They appear here as soon as somebody buys from you."),
    }
}

/// `GET /vendor/{vendor_id}/orders.csv`
pub async fn export(visit: Visit, Path(vendor_id): Path<VendorId>, Query(asked): Query) -> Shown {
    let desk = Desk::of(visit, vendor_id).await?;
    let wanted = wanted(&asked);
    let pairs = [
        ("status", wanted.status.map(|status| words::word(&status))),
        ("q", wanted.q),
        ("from", wanted.from.map(|at| at.to_string())),
        ("before", wanted.before.map(|at| at.to_string())),
    ];
    let path = download::with_query(format!("/api/v1/vendors/{vendor_id}/orders.csv"), pairs);
    download::csv(&desk.app.orders.0, &desk.who, path, "orders.csv").await
}
