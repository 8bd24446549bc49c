//! A store's statement of a period: for its owners.

use contracts::payouts::StatementQuery;
use kernel::{Currency, VendorId};

use super::{Desk, Room};
use crate::{
    forms::Fields,
    pages::portal::{
        Panel, PortalPage, download, or_none,
        statement::{self, address},
    },
    render::{self, Shown},
    visit::{Path, Query, Visit},
};

fn wanted(desk: &Desk, asked: &Fields) -> StatementQuery {
    statement::wanted(&desk.fmt, desk.visit.purse.main(), asked)
}

/// `GET /vendor/{vendor_id}/statement`
pub async fn show(visit: Visit, Path(vendor_id): Path<VendorId>, Query(asked): Query) -> Shown {
    let mut desk = Desk::of_owner(visit, vendor_id).await?;
    let wanted = wanted(&desk, &asked);
    let (told, overview) = futures::join!(
        desk.app.payments.statement(&desk.who, vendor_id, &wanted),
        desk.app.payments.payouts_overview(&desk.who, vendor_id),
    );
    let told = told?;
    let balances = or_none("balances", overview).map(|overview| overview.balances).unwrap_or_default();
    let currencies: Vec<Currency> = balances.iter().map(|balance| balance.available.currency).collect();
    let tools = statement::tools(desk.at("statement"), &wanted, &currencies);
    let place = desk.place("Statement", Room::Statement).await?;
    let page = PortalPage::new(place)
        .above(&[("Payouts", &desk.at("payouts"))])
        .action("PDF", format!("{}?{}", desk.at("statement.pdf"), address(&wanted)))
        .action("Export", format!("{}?{}", desk.at("statement.csv"), address(&wanted)))
        .block(&tools);
    render::page(&page.block(&Panel::new("").flush().with(&statement::table(&desk.fmt, &told))))
}

/// `GET /vendor/{vendor_id}/statement.csv`
pub async fn export(visit: Visit, Path(vendor_id): Path<VendorId>, Query(asked): Query) -> Shown {
    let desk = Desk::of_owner(visit, vendor_id).await?;
    let wanted = wanted(&desk, &asked);
    let path = format!("/api/v1/vendors/{vendor_id}/statement.csv?{}", address(&wanted));
    let name = format!("statement-{}-{}.csv", wanted.from, wanted.to);
    download::csv(&desk.app.payments.0, &desk.who, path, &name).await
}

/// `GET /vendor/{vendor_id}/statement.pdf`
pub async fn paper(visit: Visit, Path(vendor_id): Path<VendorId>, Query(asked): Query) -> Shown {
    let desk = Desk::of_owner(visit, vendor_id).await?;
    let wanted = wanted(&desk, &asked);
    let path = format!("/api/v1/vendors/{vendor_id}/statement.pdf?{}", address(&wanted));
    download::paper(&desk.app.payments.0, &desk.visit, path).await
}
