//! How a product sells: its sales and pieces by day, against the days before.

use contracts::analytics::{PeriodQuery, ProductReport};
use kernel::{Kind, ProductId, VendorId};

use super::{Desk, Room};
use crate::{
    chart::Unit,
    pages::portal::{Panel, PortalPage, Tiles, Words, or_none, report},
    render::{self, Shown},
    visit::{Path, Query, Visit},
};

/// `GET /vendor/{vendor_id}/products/{id}/sales`
pub async fn show(visit: Visit, Path((vendor_id, id)): Path<(VendorId, ProductId)>, Query(asked): Query) -> Shown {
    let mut desk = Desk::of(visit, vendor_id).await?;
    let days = report::period(&asked);
    let period = PeriodQuery { days: Some(days) };
    let (product, figures) = futures::join!(
        desk.app.catalog.own_product(&desk.who, vendor_id, id),
        desk.app.analytics.product(&desk.who, vendor_id, id, &period),
    );
    let (product, never) = (product?, figures.as_ref().is_err_and(|error| error.is(Kind::NotFound)));
    let figures = figures.map(Some).or_else(|error| if never { Ok(None) } else { Err(error) });
    let figures = or_none("a product's report", figures).flatten();
    let title = product.input.title;
    let above = desk.at(&format!("products/{id}"));
    let place = desk.place(format!("Sales of “{title}”"), Room::Products).await?;
    let page = PortalPage::new(place)
        .above(&[("Products", &desk.at("products")), (&title, &above)])
        .block(&report::periods(&format!("{above}/sales"), days));
    let page = match figures {
        Some(figures) => charts(&desk, page, &figures),
        None if never => page.block(&Panel::new("Sales").with(&Words::soft("Nothing of it was sold yet."))),
        None => page.block(&Panel::new("Sales").with(&Words::soft(report::AWAY))),
    };
    render::page(&page)
}

fn charts(desk: &Desk, page: PortalPage, figures: &ProductReport) -> PortalPage {
    let (fmt, money) = (&desk.fmt, Unit::Money(figures.currency));
    let tiles = vec![
        report::tile(fmt, "Sales", money, &figures.sales, true),
        report::tile(fmt, "Pieces", Unit::Count, &figures.items, true),
    ];
    let words = "Paid orders, delivery left out. What goes back is counted for the whole store, on its home.";
    page.block(&Tiles { tiles })
        .block(
            &Panel::new("Sales")
                .with(&report::against(fmt, "Sales by day", money, &figures.sales))
                .with(&Words::soft(words)),
        )
        .block(&Panel::new("Pieces a day").with(&report::bars(fmt, "Pieces a day", "Pieces", &figures.items)))
}
