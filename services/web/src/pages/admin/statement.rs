//! Any store's statement of a period.

use contracts::payouts::StatementQuery;
use kernel::{Currency, VendorId};

use super::{Desk, Room};
use crate::{
    forms::Fields,
    pages::portal::{
        Panel, PortalPage, download,
        statement::{self, address},
    },
    render::{self, Shown},
    visit::{Path, Query, Visit},
};

fn wanted(desk: &Desk, asked: &Fields) -> StatementQuery {
    statement::wanted(&desk.fmt, desk.visit.purse.main(), asked)
}

/// What can be chosen: all that the shop sells in, and what is shown.
pub(super) fn currencies(desk: &Desk, shown: Currency) -> Vec<Currency> {
    let mut all = desk.visit.purse.all();
    if !all.contains(&shown) {
        all.push(shown);
    }
    all
}

/// `GET /admin/vendors/{id}/statement`
pub async fn show(visit: Visit, Path(id): Path<VendorId>, Query(asked): Query) -> Shown {
    let mut desk = Desk::open(visit).await?;
    let wanted = wanted(&desk, &asked);
    let (vendor, told) =
        futures::join!(desk.app.vendors.one(&desk.who, id), desk.app.payments.statement_of(&desk.who, id, &wanted),);
    let (vendor, told) = (vendor?, told?);
    let here = format!("/admin/vendors/{id}");
    let tools = statement::tools(format!("{here}/statement"), &wanted, &currencies(&desk, wanted.currency));
    let place = desk.place(format!("Statement of {}", vendor.store.name), Room::Vendors).await;
    let page = PortalPage::new(place)
        .above(&[("Vendors", "/admin/vendors"), (&vendor.store.name, &here)])
        .action("PDF", format!("{here}/statement.pdf?{}", address(&wanted)))
        .action("Export", format!("{here}/statement.csv?{}", address(&wanted)))
        .action("In the ledger", format!("/admin/ledger?account=vendor_payable:{id}"))
        .block(&tools);
    render::page(&page.block(&Panel::new("").flush().with(&statement::table(&desk.fmt, &told))))
}

/// `GET /admin/vendors/{id}/statement.csv`
pub async fn export(visit: Visit, Path(id): Path<VendorId>, Query(asked): Query) -> Shown {
    let desk = Desk::open(visit).await?;
    let wanted = wanted(&desk, &asked);
    let path = format!("/api/v1/admin/vendors/{id}/statement.csv?{}", address(&wanted));
    let name = format!("statement-{}-{}.csv", wanted.from, wanted.to);
    download::csv(&desk.app.payments.0, &desk.who, path, &name).await
}

/// `GET /admin/vendors/{id}/statement.pdf`
pub async fn paper(visit: Visit, Path(id): Path<VendorId>, Query(asked): Query) -> Shown {
    let desk = Desk::open(visit).await?;
    let wanted = wanted(&desk, &asked);
    let path = format!("/api/v1/admin/vendors/{id}/statement.pdf?{}", address(&wanted));
    download::paper(&desk.app.payments.0, &desk.visit, path).await
}
