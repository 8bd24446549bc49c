//! How a store sells: what its owner sees on its home, by day, against the days before.

use contracts::analytics::{PeriodQuery, Report};
use kernel::VendorId;

use super::{Desk, Room, home};
use crate::{
    chart::Unit,
    pages::portal::{Panel, PortalPage, Tiles, Words, or_none, report},
    render::{self, Shown},
    visit::{Path, Query, Visit},
};

/// `GET /admin/vendors/{id}/sales`
pub async fn show(visit: Visit, Path(id): Path<VendorId>, Query(asked): Query) -> Shown {
    let mut desk = Desk::open(visit).await?;
    let days = report::period(&asked);
    let period = PeriodQuery { days: Some(days) };
    let (vendor, figures) =
        futures::join!(desk.app.vendors.one(&desk.who, id), desk.app.analytics.vendor_of(&desk.who, id, &period),);
    let (vendor, figures) = (vendor?, or_none("a vendor's report", figures));
    let (name, above) = (vendor.store.name, format!("/admin/vendors/{id}"));
    let place = desk.place(format!("Sales of {name}"), Room::Vendors).await;
    let page = PortalPage::new(place)
        .above(&[("Vendors", "/admin/vendors"), (&name, &above)])
        .block(&report::periods(&format!("{above}/sales"), days));
    let page = match figures {
        Some(figures) => charts(&desk, page, &figures),
        None => page.block(&Panel::new("Sales").with(&Words::soft(report::AWAY))),
    };
    render::page(&page)
}

fn charts(desk: &Desk, page: PortalPage, figures: &Report) -> PortalPage {
    let (fmt, money) = (&desk.fmt, Unit::Money(figures.currency));
    let tiles = vec![
        report::tile(fmt, "Sales", money, &figures.sales, true),
        report::tile(fmt, "Paid orders", Unit::Count, &figures.orders, true),
        report::tile(fmt, "Pieces", Unit::Count, &figures.items, true),
        report::tile(fmt, "Returned", money, &figures.refunds, false),
    ];
    let best = Panel::new("Products by sales");
    let best = match home::products(desk, figures) {
        Some(bars) => best.with(&bars),
        None => best.with(&Words::soft("No sales in this period yet.")),
    };
    page.block(&Tiles { tiles })
        .block(&Panel::new("Sales").with(&report::sales(fmt, figures)))
        .block(&Panel::new("Returned").with(&report::against(fmt, "Returned by day", money, &figures.refunds)))
        .block(&Panel::new("Orders a day").with(&report::bars(fmt, "Orders a day", "Orders", &figures.orders)))
        .block(&best)
}
