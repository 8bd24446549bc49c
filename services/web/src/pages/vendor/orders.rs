//! The vendor's orders.

use contracts::orders::{VendorOrderDetail, VendorOrderQuery, VendorOrderStatus};
use kernel::{Error, OrderId, VendorId};

use super::{Desk, Room};
use crate::{
    pages::portal::{List, Paging, PortalPage, download, words},
    render::{self, Shown, query},
    ui::{Cell, Column, Empty, Link, Row, Table},
    visit::{Path, Query, Visit},
};

/// `GET /vendor/{vendor_id}/orders`
pub async fn list(visit: Visit, Path(vendor_id): Path<VendorId>, Query(asked): Query) -> Shown {
    let mut desk = Desk::of(visit, vendor_id).await?;
    let paging = Paging::of(desk.at("orders"), &asked, &["status"]);
    let status = words::named::<VendorOrderStatus>(paging.filter("status"));
    let wanted = VendorOrderQuery { status, limit: Some(25), after: paging.after(), ..VendorOrderQuery::default() };
    let page = desk.app.orders.vendor_orders(&desk.who, vendor_id, &wanted).await?;
    let pager = paging.pager(&desk.fmt, page.items.len(), page.next.as_deref(), "order", "orders");
    let list = List::new(table(&desk, &page.items, nothing(status)).target("#list"), pager);
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
    let file = match paging.filter("status") {
        "" => desk.at("orders.csv"),
        status => format!("{}?{}", desk.at("orders.csv"), query(&[("status", status)])),
    };
    render::page(&PortalPage::new(place).action("Export", file).block(&tabs).block(&list))
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
    let status = asked.some("status").map(|status| format!("?{}", query(&[("status", &status)]))).unwrap_or_default();
    let path = format!("/api/v1/vendors/{vendor_id}/orders.csv{status}");
    download::csv(&desk.app.orders.0, &desk.who, path, "orders.csv").await
}
