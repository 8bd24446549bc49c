//! The customer's orders.

use askama::Template;
use contracts::orders::OrderSummary;
use kernel::PageRequest;

use crate::{
    fmt::Fmt,
    pages::shop::{
        order::order_badge,
        paging::{Listed, Place},
    },
    render::{self, Shown},
    ui::{Cell, Column, Empty, Link, Notice, Pager, Row, Shell, Table, Tabs, Tone},
    visit::{Query, Visit},
};

/// Orders on one page.
const PAGE: u32 = 20;

/// The page.
#[derive(Debug, Clone, Template)]
#[template(path = "account/orders.html")]
pub struct Orders {
    /// Head and foot.
    pub shell: Shell,
    /// The other pages.
    pub tabs: Tabs,
    /// The address is not confirmed yet.
    pub notice: Option<Notice>,
    /// Places this person may go to work.
    pub places: Vec<Link>,
    /// The orders.
    pub orders: Table,
    /// More of them.
    pub pager: Pager,
}

/// `GET /account`
pub async fn show(mut visit: Visit, Query(asked): Query) -> Shown {
    let me = visit.account()?;
    let (app, who, fmt) = (visit.app.clone(), visit.who(), visit.fmt);
    let place = Place::of(&asked);
    let page = PageRequest { limit: Some(PAGE), after: place.after.clone() };
    let (shell, found) = futures::join!(visit.shell("Your orders"), app.orders.mine(&who, &page));
    let found = found?;
    let list =
        Listed { shown: found.items.len(), page: PAGE as usize, next: found.next.as_deref(), ..Listed::default() };
    let notice = (!me.email_verified).then(|| {
        let text = "Follow the link in the mail we sent you.";
        Notice::new(Tone::Warning, "Confirm your e-mail address.", text)
            .action("Send it again", "/account/verification")
    });
    let stores = me.vendors.iter().map(|m| Link::new("Vendor portal", format!("/vendor/{}", m.vendor_id)));
    let admin = me.is_admin().then(|| Link::new("Admin", "/admin"));
    let page = Orders {
        shell: Shell { private: true, ..shell },
        tabs: super::tabs("/account"),
        notice,
        places: admin.into_iter().chain(stores.take(1)).collect(),
        pager: place.pager(&fmt, "/account", &[], &list),
        orders: table(&fmt, &found.items),
    };
    render::page(&page)
}

fn table(fmt: &Fmt, orders: &[OrderSummary]) -> Table {
    let row = |order: &OrderSummary| {
        let more = order.items - i64::try_from(order.titles.len()).unwrap_or(0);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        Row {
            id: order.id.to_string(),
            cells: vec![
                Cell::Link(
                    Link::new(&order.number, format!("/orders/{}", order.id)),
                    format!("{}{more}", order.titles.join(", ")),
                ),
                Cell::When(fmt.when(order.placed_at)),
                Cell::Badge(order_badge(order.status)),
                Cell::Number(fmt.money(order.total)),
            ],
        }
    };
    let columns = vec![Column::new("Order"), Column::new("Placed"), Column::new("State"), Column::number("Total")];
    let empty = Empty::new("basket", "No orders yet", "What you buy is listed here, with where each parcel is.");
    Table::new("Your orders", columns, orders.iter().map(row).collect(), empty.action("Look around", "/search"))
}
